//! `explain`: every path that speaks for a decision, and what would turn a denial.

use crate::answer::{Decision, Evidence, Explanation, Source, Stage};
use crate::ask::{Request, Target};
use crate::engine::Engine;
use crate::lens::{Cause, Lens, Relax};
use crate::model::{Owner, RecordKey, Rights};
use crate::reach::{Origin, Path, Wide};
use crate::subject::Subject;

impl Engine {
    /// Explains one request: the decision of [`Engine::check`] with all its evidence and, for a
    /// denial, the smallest changes that would be enough.
    ///
    /// # Cost
    ///
    /// As a check for the evidence; the remedies of a denial look through sets, groups and nodes.
    pub fn explain(&self, request: &Request<'_>) -> Explanation {
        let subject = match Subject::enter(self, &request.session) {
            Ok(subject) => subject,
            Err(refusal) => {
                let remedies = super::remedy::of_session(&refusal);
                let decision = Decision::Deny { refusal };
                return Explanation { decision, evidence: Vec::new(), remedies };
            }
        };
        let decision = self.check_as(&subject, request);
        let asked = match decision.refusal() {
            Some(refusal) => refusal.stage() >= Stage::Reach,
            None => true,
        };
        let evidence = if asked { self.evidence(&subject, request) } else { Vec::new() };
        let remedies = match &decision {
            Decision::Deny { refusal } => super::remedy::of(&subject, request, refusal),
            Decision::Allow { .. } | Decision::Relaxed { .. } => Vec::new(),
        };
        Explanation { decision, evidence, remedies }
    }

    /// What covers a record (object, action and position) as evidence. Where one path may stand for several entries it
    /// is looked up among all of them, as [`Engine::explain`] tells them.
    pub(super) fn evidence_of(
        &self,
        subject: &Subject<'_>,
        (object, action, position): (u32, u8, u32),
        cause: Cause,
    ) -> Option<Evidence> {
        match cause {
            Cause::Path(path, rights) if path.is_whole() => Some(self.name(object, path, rights)),
            Cause::Wide(Wide::Scope(scope)) => Some(Evidence::Scope { scope }),
            Cause::Wide(Wide::Unassigned) => Some(Evidence::Unassigned),
            Cause::Path(..) | Cause::Relaxed => {
                self.evidence_at(subject, (object, action, position)).into_iter().next()
            }
        }
    }

    /// All evidence on the record of a request, by the policy alone, in order.
    fn evidence(&self, subject: &Subject<'_>, request: &Request<'_>) -> Vec<Evidence> {
        let Target::Record(key) = &request.on else { return Vec::new() };
        match (self.find(key), self.compiled.directory.action(&request.action)) {
            (Some((object, position)), Some(action)) => {
                self.evidence_at(subject, (object, action, position))
            }
            _ => Vec::new(),
        }
    }

    fn evidence_at(
        &self,
        subject: &Subject<'_>,
        (object, action, position): (u32, u8, u32),
    ) -> Vec<Evidence> {
        let Ok(lens) = Lens::new(subject, object, action, Relax::default()) else {
            return Vec::new();
        };
        let mut evidence: Vec<Evidence> =
            lens.wide_scope(position).map(|scope| Evidence::Scope { scope }).into_iter().collect();
        if lens.covers_unassigned(position) {
            evidence.push(Evidence::Unassigned);
        }
        evidence.extend(
            lens.paths(position).into_iter().map(|(path, rights)| self.name(object, path, rights)),
        );
        evidence.sort_unstable();
        evidence
    }

    fn owner(&self, owner: crate::index::OwnerCode) -> Owner {
        let directory = &self.compiled.directory;
        if owner.is_user() {
            Owner::User(directory.users.name(owner.number()).clone())
        } else {
            Owner::Group(directory.groups.name(owner.number()).clone())
        }
    }

    fn source(&self, origin: Origin) -> Source {
        let compiled = &self.compiled;
        match origin {
            Origin::Owner(owner) => Source::Owner(self.owner(owner)),
            Origin::Share(who) => {
                Source::Share(who.principal(&compiled.directory, &compiled.trees))
            }
            Origin::Team(user) => Source::Team(compiled.directory.users.name(user).clone()),
            Origin::Rule(rule) => Source::Rule(compiled.directory.rules.name(rule).clone()),
            Origin::Unit(node) => Source::Unit(compiled.trees.nodes.name(node).clone()),
            Origin::Dimension(node) => Source::Dimension(compiled.trees.nodes.name(node).clone()),
        }
    }

    /// A path in names.
    fn name(&self, object: u32, path: Path, rights: Rights) -> Evidence {
        let compiled = &self.compiled;
        let directory = &compiled.directory;
        let relation = |object: u32, relation: u32| {
            compiled.object(object).relations[relation as usize].clone()
        };
        match path {
            Path::Owner(owner) => Evidence::Owner { owner: self.owner(owner) },
            Path::Baseline => Evidence::Baseline { rights },
            Path::Parent(number, parent) => {
                let link = relation(object, number);
                let parent = self.index(link.parent).id(parent);
                Evidence::Parent { relation: link.id, parent, rights }
            }
            Path::RollUp(roll_up, cover, origin) => Evidence::RollUp {
                roll_up: directory.roll_ups.name(roll_up).clone(),
                cover,
                source: self.source(origin),
                rights,
            },
            Path::Rule(rule) => Evidence::Rule { rule: directory.rules.name(rule).clone(), rights },
            Path::Share(who) => {
                Evidence::Share { to: who.principal(directory, &compiled.trees), rights }
            }
            Path::Team => Evidence::Team { rights },
            Path::Dimension(node) => {
                Evidence::Dimension { node: compiled.trees.nodes.name(node).clone(), rights }
            }
            Path::ImplicitParent(child_object, number, child) => Evidence::ImplicitParent {
                relation: relation(child_object, number).id,
                child: RecordKey {
                    object: compiled.object(child_object).id.clone(),
                    id: self.index(child_object).id(child),
                },
            },
            Path::ImplicitChild(number, parent, origin) => {
                let link = relation(object, number);
                let parent = self.index(link.parent).id(parent);
                let source = self.source(origin);
                Evidence::ImplicitChild { relation: link.id, parent, source, rights }
            }
            Path::Pool(pool) => Evidence::Pool { pool: directory.pools.name(pool).clone(), rights },
        }
    }
}
