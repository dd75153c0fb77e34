//! Deciding and changing as one: inside one write transaction, on an engine that has seen what every node committed.

use std::sync::Arc;

use guan_engine::Engine;
use guan_engine::activity::{NodeFacts, OverlayRow, Standing, is_acting};
use guan_engine::answer::Decision;
use guan_engine::ask::Request;
use guan_engine::model::{Moment, OrganizationId, OverlayEffect, OverlayId, Policy};

use super::followed::Loaded;
use super::readers::Reader;
use super::shadow::Shadows;
use super::{Gate, GateError};
use crate::caller::{Caller, ClockReading};
use crate::change::{Change, Written};
use crate::error::StorageError;
use crate::waiting::touches;
use crate::within::Within;
use crate::write::WriteError;

/// An act under way; see [`Gate::act`].
pub struct Acting<'a> {
    within: &'a Within<'a>,
    loaded: Arc<Loaded>,
    pub(super) rows: Vec<OverlayRow>,
    pub(super) facts: NodeFacts,
    caller: &'a Caller,
    clock: &'a ClockReading,
    made: Option<(Written, Change)>,
    /// Whether the disk was full.
    full: bool,
    shadows: &'a Shadows,
}

impl std::fmt::Debug for Acting<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Acting").field("made", &self.made).finish_non_exhaustive()
    }
}

impl Acting<'_> {
    /// The engine, which has seen everything that was committed on any node.
    pub fn engine(&self) -> &Engine {
        &self.loaded.engine
    }

    /// The policy revision of the engine.
    pub fn revision(&self) -> u64 {
        self.loaded.revision
    }

    /// The overlays of this very moment, for [`Session::under`](guan_engine::ask::Session::under).
    pub fn standing(&self) -> Standing<'_> {
        Standing::of(&self.rows, &self.facts)
    }

    /// Decides a request of this act; its session is under [`Acting::standing`]. What a window that acts for the subject
    /// brought about gives no right: see `carried`.
    pub fn check(&self, request: &Request<'_>) -> Decision {
        self.shadows.observe(request, self.clock);
        self.without_carried(request, self.engine().check(request))
    }

    /// The windows that hold an edit which makes `after` of the policy, with their ends: it touches what they relax.
    pub fn holding(&self, after: &Policy) -> Vec<(OverlayId, Moment)> {
        let before = self.engine().policy();
        let held = self.rows.iter().filter(|row| match &row.overlay.effect {
            OverlayEffect::Suspension { scope, .. } => {
                is_acting(row, &self.facts).is_ok() && touches(scope, before, after)
            }
            OverlayEffect::Elevation { .. } | OverlayEffect::Disablement { .. } => false,
        });
        held.map(|row| (row.id.clone(), row.overlay.ends)).collect()
    }

    /// The database as this transaction sees it.
    pub const fn read(&self) -> Reader<'_> {
        Reader::of(self.within.store())
    }

    /// Makes the one change of the act, with its ledger row. It counts when the act ends without an error.
    ///
    /// Errors: the change is refused, and then the act must end with the error; a second change.
    pub fn apply(&mut self, change: Change) -> Result<Written, GateError> {
        if self.made.is_some() {
            return Err(GateError::SecondChange);
        }
        let written = self.within.apply(self.caller, self.clock, &change);
        self.full |= matches!(written, Err(WriteError::Storage(StorageError::Full)));
        let written = written?;
        self.made = Some((written.clone(), change));
        Ok(written)
    }
}

impl Gate {
    /// Decides and changes as one: `act` runs inside one write transaction, on an engine that has seen what every
    /// node committed; the change that it applies is committed with its ledger row when it ends without an error,
    /// and then the engine follows. With an error, or without a change, nothing happened.
    ///
    /// Cost: waits for the writer, which others wait for meanwhile; one synced commit.
    ///
    /// Errors: those of `act`; [`StorageError::Again`] when the database wants it once more, and nothing happened.
    pub fn act<T, E: From<GateError>>(
        &self,
        caller: &Caller,
        clock: &ClockReading,
        organization: &OrganizationId,
        act: impl FnOnce(&mut Acting<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let followed = self.enter(organization)?;
        let mut store = self.writer.lock();
        let (mut made, mut full, shadows) = (None, false, &self.shadows);
        let done = store.within(caller, clock, |within| {
            let loaded = Self::catch_up_within(within.store(), &followed)?;
            let (rows, facts) = within.standing(organization, clock).map_err(GateError::from)?;
            let mut acting =
                Acting { within, loaded, rows, facts, caller, clock, made: None, full, shadows };
            let value = act(&mut acting);
            full = acting.full;
            made = acting.made.take();
            value
        });
        if done.is_ok()
            && let Some((written, change)) = &made
        {
            self.follow(&store, written, change);
        }
        if full {
            self.meet_full_disk(&mut store, clock);
        }
        self.note_writer(&store, clock);
        done
    }
}
