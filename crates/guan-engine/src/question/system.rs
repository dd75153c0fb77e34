//! `check` and `explain` of system permissions: what a session holds whatever the object.

use super::remedy;
use crate::answer::{Decision, Explanation, Refusal, Remedy};
use crate::ask::Session;
use crate::engine::Engine;
use crate::model::{Assigned, SetKind};
use crate::subject::Subject;

impl Engine {
    /// Whether the subject holds a system permission: stage 1, then whether a bundle in force gives it.
    /// A name that no set gives is held by nobody. Suspensions never relax it.
    pub fn check_system(&self, session: &Session<'_>, name: &str) -> Decision {
        match Subject::enter(self, session) {
            Err(refusal) => Decision::Deny { refusal },
            Ok(subject) if subject.system().iter().any(|held| held == name) => {
                Decision::Allow { evidence: None }
            }
            Ok(_) => Decision::Deny { refusal: Refusal::NoGrant },
        }
    }

    /// [`Engine::check_system`] with the sets that would give it, at most three.
    pub fn explain_system(&self, session: &Session<'_>, name: &str) -> Explanation {
        let decision = self.check_system(session, name);
        let remedies = match decision.refusal() {
            Some(Refusal::NoGrant) => self.sets_giving(name),
            Some(refusal) => remedy::of_session(refusal),
            None => Vec::new(),
        };
        Explanation { decision, evidence: Vec::new(), remedies }
    }

    fn sets_giving(&self, name: &str) -> Vec<Remedy> {
        let giving = self.policy.sets.iter().filter(|(_, set)| {
            set.kind != SetKind::Muting && !set.needs_activation && set.system.contains(name)
        });
        giving
            .take(remedy::NAMED_MAX)
            .map(|(id, _)| Remedy::AssignSet { set: Assigned::Set(id.clone()) })
            .collect()
    }
}
