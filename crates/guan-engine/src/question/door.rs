//! One action on the records of one object in one session: everything that does not depend on the record, worked out once.

use super::list::Relaxations;
use super::relax::Relaxation;
use crate::answer::Refusal;
use crate::index::RecordIndex;
use crate::lens::{Lens, Relax};
use crate::model::OverlayId;
use crate::subject::Subject;

/// Stages 2 to 4 of one object and action, by the policy and by every suspension that covers them.
pub(super) struct Door<'p> {
    pub(super) index: &'p RecordIndex,
    pub(super) policy: Result<Lens<'p>, Refusal>,
    pub(super) relaxed: Vec<(&'p OverlayId, &'p Relaxation<'p>, Lens<'p>)>,
}

impl<'p> Door<'p> {
    pub(super) fn open(
        subject: &'p Subject<'p>,
        object: u32,
        action: u8,
        relaxations: &'p Relaxations<'p>,
    ) -> Result<Self, Refusal> {
        if let Some(refusal) = subject.locked_out_of(object, action) {
            return Err(refusal);
        }
        let policy = Lens::new(subject, object, action, Relax::default());
        let relaxed = relaxations
            .each()
            .filter_map(|(overlay, relaxation)| {
                let lens = Lens::new(subject, object, action, relaxation.relax()).ok()?;
                Some((overlay, relaxation, lens))
            })
            .collect();
        Ok(Self { index: subject.engine.index(object), policy, relaxed })
    }

    /// What the policy says of a record.
    pub(super) fn refusal(&self, position: u32) -> Option<Refusal> {
        match &self.policy {
            Ok(lens) => lens.decide(position).err(),
            Err(refusal) => Some(refusal.clone()),
        }
    }
    /// The first suspension that lets the record through in spite of a refusal.
    pub(super) fn relaxing(&self, refusal: &Refusal, position: u32) -> Option<&'p OverlayId> {
        if !refusal.may_be_relaxed() {
            return None;
        }
        let passing = self.relaxed.iter().find(|(_, _, lens)| lens.passes(position));
        passing.map(|(overlay, _, _)| *overlay)
    }
}
