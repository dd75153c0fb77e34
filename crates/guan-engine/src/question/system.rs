//! `check` and `explain` of system permissions: what a session holds whatever the object.

use super::remedy;
use crate::answer::{Decision, Explanation, Refusal, Remedy};
use crate::ask::Session;
use crate::engine::Engine;
use crate::model::{Assigned, Moment, SetId, SetKind, UserId};
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

    /// Active users to whom the policy gives no set at a moment, in the order of their ids. Overlays do not count: what is
    /// given for a while is no place in the organization.
    ///
    /// Cost: in proportion to the users.
    pub fn users_without_sets(&self, at: Moment) -> Vec<UserId> {
        let mut found = Vec::new();
        for (id, user) in &self.policy.users {
            let session = Session::new(self.policy.organization.id.clone(), id.clone(), at);
            // Whom the door refuses for hours or networks holds the set that says so.
            let holds_none =
                Subject::enter(self, &session).is_ok_and(|subject| subject.sets().is_empty());
            if user.active && holds_none {
                found.push(id.clone());
            }
        }
        found
    }

    /// The sets that the policy gives a user at a moment, in the order of their ids; `None` for who cannot sign in then.
    /// Overlays do not count.
    ///
    /// Cost: as the session gate.
    pub fn sets_of_user(&self, user: &UserId, at: Moment) -> Option<Vec<SetId>> {
        let session = Session::new(self.policy.organization.id.clone(), user.clone(), at);
        let subject = Subject::enter(self, &session).ok()?;
        let names = &self.compiled.directory.sets;
        Some(subject.sets().iter().map(|set| names.name(*set).clone()).collect())
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
