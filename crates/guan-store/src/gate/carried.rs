//! What a window itself brought about is no right: whoever reaches a record only by it goes on under the window.
//!
//! A share, a place in a team or an owner that only a suspension let somebody give would make everything that follows look
//! lawful: not journalled, not undone, in bulk. So such paths do not count while the window acts.

use std::collections::BTreeSet;

use guan_engine::activity::is_acting;
use guan_engine::answer::{Decision, Evidence, Refusal};
use guan_engine::ask::{Request, Target};
use guan_engine::model::{
    OrganizationId, OverlayEffect, OverlayId, Owner, Principal, Record, RecordKey, Scope,
};

use super::Acting;
use crate::born;
use crate::error::StorageError;
use crate::undo;

/// What an acting window changed of a record, of what paths depend on.
#[derive(Debug, Default)]
struct Carried {
    /// With whom it was shared.
    shares: BTreeSet<Principal>,
    /// Whether the subject came into its team.
    member: bool,
    /// Whether it was made, or its owners, unit, pool, tags or parents are others.
    placed: bool,
    /// Who owned it before.
    owners: BTreeSet<Owner>,
    /// Whether values of fields are others.
    fields: bool,
}

impl Carried {
    fn is_nothing(&self) -> bool {
        self.shares.is_empty() && !self.member && !self.placed && !self.fields
    }
}

impl Acting<'_> {
    /// The decision on a request that the engine allows: relaxed where a window that acts for the subject brought about
    /// every path by which they reach the record, refused where the window does not go so far.
    pub(super) fn without_carried(&self, request: &Request<'_>, decision: Decision) -> Decision {
        let (Decision::Allow { .. }, Target::Record(key)) = (&decision, &request.on) else {
            return decision;
        };
        let acting = self.rows.iter().filter(|row| {
            matches!(row.overlay.effect, OverlayEffect::Suspension { .. })
                && is_acting(row, &self.facts).is_ok()
                && self.engine().concerns(&row.overlay.audience, &request.session)
        });
        for overlay in acting.map(|row| &row.id) {
            match self.is_carried(request, key, overlay) {
                Ok(false) => {}
                Ok(true) if self.engine().would_reach(request, overlay) => {
                    let overlay = overlay.clone();
                    return Decision::Relaxed { overlay, refusal: Refusal::OutOfReach };
                }
                // What cannot be read is not lawful.
                Ok(true) | Err(_) => return Decision::Deny { refusal: Refusal::OutOfReach },
            }
        }
        decision
    }

    /// Whether a window brought about every path by which the subject reaches a record.
    fn is_carried(
        &self,
        request: &Request<'_>,
        key: &RecordKey,
        overlay: &OverlayId,
    ) -> Result<bool, StorageError> {
        let window = (&request.session.organization, overlay);
        let of = |key: &RecordKey| self.carried(window, key, request.session.subject.as_str());
        let own = of(key)?;
        let paths = self.engine().explain(request).evidence;
        for path in &paths {
            let over = self.engine().led_over(&key.object, path).ok().flatten();
            let over = over.map(|key| of(&key)).transpose()?;
            if !own.carries(path) && over.is_none_or(|over| over.is_nothing()) {
                return Ok(false);
            }
        }
        Ok(!paths.is_empty())
    }

    fn carried(
        &self,
        (organization, overlay): (&OrganizationId, &OverlayId),
        key: &RecordKey,
        subject: &str,
    ) -> Result<Carried, StorageError> {
        let database = &self.read().database;
        let mut carried = Carried::default();
        for given in born::on(database, (organization, overlay), key)? {
            match given {
                born::Given::Share(to) => {
                    carried.shares.insert(to);
                }
                born::Given::Member(user) => carried.member |= user.as_str() == subject,
            }
        }
        for (at, (before, after)) in
            undo::images(database, (organization, overlay), key)?.into_iter().enumerate()
        {
            if at == 0 {
                carried.owners.extend(before.iter().flat_map(|before| before.owners.clone()));
            }
            let (Some(before), Some(after)) = (before, after) else {
                carried.placed = true;
                continue;
            };
            carried.placed |= places(&before) != places(&after);
            carried.fields |= before.fields != after.fields;
        }
        Ok(carried)
    }
}

/// What of a record says where it belongs.
fn places(record: &Record) -> impl PartialEq + '_ {
    (&record.owners, &record.unit, &record.pool, &record.tags, &record.parents)
}

impl Carried {
    /// Whether a path depends on what the window changed of the record itself.
    fn carries(&self, path: &Evidence) -> bool {
        match path {
            // The child of a path over it is asked about itself.
            Evidence::Scope { scope: Scope::All }
            | Evidence::Baseline { .. }
            | Evidence::ImplicitParent { .. } => false,
            Evidence::Share { to, .. } => self.shares.contains(to),
            Evidence::Owner { owner } => self.placed && !self.owners.contains(owner),
            Evidence::Team { .. } => self.member,
            Evidence::Rule { .. } => self.placed || self.fields,
            Evidence::RollUp { .. } => self.placed || !self.shares.is_empty(),
            Evidence::Scope { .. }
            | Evidence::Unassigned
            | Evidence::Parent { .. }
            | Evidence::Dimension { .. }
            | Evidence::ImplicitChild { .. }
            | Evidence::Pool { .. } => self.placed,
        }
    }
}
