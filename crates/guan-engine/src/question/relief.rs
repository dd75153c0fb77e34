//! What an open suspension relaxes for one subject, as far as the subject may know of it.

use super::relax::{self, Touched};
use crate::answer::Decision;
use crate::ask::{Extent, Request, Session, Target};
use crate::engine::Engine;
use crate::model::{Action, ObjectId, OverlayEffect, OverlayId, STANDARD_ACTIONS, SuspensionScope};
use crate::subject::Subject;
use std::collections::BTreeSet;

/// What a suspension relaxes for a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relief {
    /// The objects, of which those alone that the subject may read now; `None` when its scope names none.
    pub objects: Option<BTreeSet<ObjectId>>,
    /// The actions; empty for all of them.
    pub actions: BTreeSet<Action>,
    /// Whether fields, layers or restrictions narrow it further.
    pub in_part: bool,
}

impl Engine {
    /// What a suspension relaxes for the subject of a session; `None` where it does not act, does not concern or name
    /// them, or is none.
    ///
    /// # Cost
    ///
    /// The session, and a few decisions for each object of the scope.
    pub fn relief(&self, session: &Session<'_>, overlay: &OverlayId) -> Option<Relief> {
        let subject = Subject::enter(self, session).ok()?;
        let row = subject.relaxing().find(|row| row.id == *overlay)?;
        let OverlayEffect::Suspension { scope, .. } = &row.overlay.effect else { return None };
        let custom = self.policy.actions.keys().cloned().map(Action::Custom);
        let actions: Vec<Action> = STANDARD_ACTIONS.into_iter().chain(custom).collect();
        let relaxes = |object: &ObjectId| {
            let number = self.compiled.directory.objects.find(object);
            number.is_some_and(|number| {
                actions.iter().any(|action| {
                    let touched = Touched { object, action, extent: Extent::Single };
                    relax::relaxation(row, &subject, touched, number).is_some()
                })
            })
        };
        if !self.policy.objects.keys().any(relaxes) {
            return None;
        }
        let reads = |object: &ObjectId| {
            let on = Target::Object(object.clone());
            let request = Request::new(session.clone(), Action::Read, on);
            !matches!(self.check_as(&subject, &request), Decision::Deny { .. })
        };
        let objects = named(scope).map(|named| {
            named.into_iter().filter(|id| relaxes(id) && reads(id)).cloned().collect()
        });
        Some(Relief {
            objects,
            actions: scope.actions.difference(&row.overlay.floor.actions).cloned().collect(),
            in_part: !(scope.fields.is_empty()
                && scope.layers.is_empty()
                && scope.restrictions.is_empty()),
        })
    }
}

/// The objects that a scope is narrowed to.
fn named(scope: &SuspensionScope) -> Option<BTreeSet<&ObjectId>> {
    let is_narrowed = !(scope.objects.is_empty() && scope.fields.is_empty());
    is_narrowed.then(|| scope.objects.iter().chain(scope.fields.keys()).collect())
}
