//! Work inside one write transaction: decide, then change, then commit, with everything of one moment.

use std::cell::RefCell;

use guan_engine::activity::{Journal, NodeFacts, OverlayRow};
use guan_engine::model::{OrganizationId, Span};

use crate::caller::{Caller, ClockReading};
use crate::change::{Change, Written};
use crate::database::{Mode, Transaction, values};
use crate::error::{ReadError, StorageError};
use crate::gate::GateError;
use crate::ground::Ground;
use crate::side::{self, Side, SideError};
use crate::sql;
use crate::sqlite::Access;
use crate::store::Store;
use crate::write::{ATTEMPTS_MAX, WriteError, Writing};

/// A write transaction that is open: nobody else changes anything meanwhile.
pub(crate) struct Within<'a> {
    store: &'a Store,
    tx: &'a Transaction<'a>,
    known: &'a Side,
    journal: Journal,
    /// What was changed so far and will be once it is committed.
    made: RefCell<Vec<(Written, Followed)>>,
}

/// What the side file has to take over from a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Followed {
    Plain,
    SafeModeEnded,
    ClockConfirmed,
}

impl Store {
    /// Runs `work` inside one write transaction. It is committed when `work` changed something and gives a value,
    /// and rolled back otherwise.
    ///
    /// When this returns a value, what was changed is durable, and the ends of the logs are remembered beside the database.
    /// A commit whose answer is lost is looked for.
    ///
    /// Errors: [`StorageError::Again`] when the database wants `work` once more after it began; the caller repeats.
    pub(crate) fn within<T, E: From<GateError>>(
        &mut self,
        caller: &Caller,
        clock: &ClockReading,
        work: impl FnOnce(&Within<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.access == Access::ReadOnly {
            return Err(gate(StorageError::ReadOnly).into());
        }
        caller.patience.goes_on().map_err(gate)?;
        let known = self.ready(caller, clock).map_err(gate)?;
        let journal = self.journal(&known);
        let faults = self.faults.clone();
        let (value, made) = {
            let tx = self.begin_writing().map_err(gate)?;
            self.is_same(&known).map_err(gate)?;
            faults.point("write.1").map_err(gate)?;
            let made = RefCell::new(Vec::new());
            let within = Within { store: self, tx: &tx, known: &known, journal, made };
            let value = work(&within)?;
            let made = within.made.into_inner();
            let Some((last, _)) = made.last() else { return Ok(value) };
            tx.run(sql::HIGH_WATER_RAISE, values![clock.wall.0]).map_err(gate)?;
            faults.point("write.3").map_err(gate)?;
            caller.patience.goes_on().map_err(gate)?;
            if let Err(error) = tx.commit() {
                // All of it is there, or nothing.
                self.look_for(&known, last, error).map_err(gate)?;
            }
            (value, made)
        };
        self.remember_all(&made, clock).map_err(gate)?;
        Ok(value)
    }

    /// What is known beside the database, once every other node was followed.
    fn ready(&mut self, caller: &Caller, clock: &ClockReading) -> Result<Side, WriteError> {
        self.follow_other_nodes(caller, clock)?;
        Ok(side::read(&self.folder)?)
    }

    /// Begins to write; nothing of the work was done yet, so it is tried again where another change came first.
    fn begin_writing(&self) -> Result<Transaction<'_>, StorageError> {
        let mut attempts = 1;
        loop {
            match self.database.begin(Mode::Write) {
                Err(StorageError::Again) if attempts < ATTEMPTS_MAX => attempts += 1,
                other => return other,
            }
        }
    }

    /// Takes what was committed into the side file. A side file that cannot follow makes nothing undone, it only stops relaxing.
    fn remember_all(
        &mut self,
        made: &[(Written, Followed)],
        clock: &ClockReading,
    ) -> Result<(), WriteError> {
        let faults = self.faults.clone();
        let updated = side::update(&self.folder, &faults, |side| {
            side.raise_high_water(clock.wall);
            for (written, followed) in made {
                side.remember(&written.organization, written.tip);
                match followed {
                    Followed::Plain => {}
                    Followed::SafeModeEnded => side.safe_mode = None,
                    Followed::ClockConfirmed => side.high_water = clock.wall,
                }
            }
        });
        self.side_is_behind = updated.is_err();
        match updated {
            Err(SideError::Interrupted(stopped)) => Err(stopped.into()),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

fn gate(error: impl Into<WriteError>) -> GateError {
    GateError::Write(error.into())
}

impl<'a> Within<'a> {
    /// The store, whose reads are of this transaction.
    pub(crate) const fn store(&self) -> &'a Store {
        self.store
    }

    /// Makes one change with its ledger rows; it counts with the commit.
    ///
    /// Errors: what was begun of it stands in the transaction still, so the caller rolls back.
    pub(crate) fn apply(
        &self,
        caller: &Caller,
        clock: &ClockReading,
        change: &Change,
    ) -> Result<Written, WriteError> {
        let ground = Ground::default();
        let written = self.writing(caller, clock, &ground).make(change, &self.store.faults)?;
        let followed = match change {
            Change::AcknowledgeSafeMode { .. } => Followed::SafeModeEnded,
            Change::ConfirmClock { .. } => Followed::ClockConfirmed,
            _ => Followed::Plain,
        };
        self.made.borrow_mut().push((written.clone(), followed));
        Ok(written)
    }

    /// Makes one recording of many; their rows are written by [`Ground::write`].
    ///
    /// Errors: it is refused, and the others are as they were; only after those of the database must the caller roll back.
    pub(crate) fn record(
        &self,
        (caller, clock): (&Caller, &ClockReading),
        recording: &Change,
        ground: &Ground,
    ) -> Result<Written, WriteError> {
        let writing = self.writing(caller, clock, ground);
        let effect = writing.apply(recording)?;
        self.store.faults.point("write.2")?;
        let written = writing.number(effect)?;
        self.made.borrow_mut().push((written.clone(), Followed::Plain));
        Ok(written)
    }

    /// Writes the rows of the recordings made on `ground`.
    pub(crate) fn write(&self, ground: &Ground) -> Result<(), GateError> {
        ground.write(self.tx).map_err(gate)
    }

    fn writing<'w>(
        &'w self,
        caller: &'w Caller,
        clock: &'w ClockReading,
        ground: &'w Ground,
    ) -> Writing<'w> {
        let (tx, side, journal) = (self.tx, self.known, self.journal);
        let policies = &self.store.policies;
        Writing { tx, side, caller, clock, journal, policies, ground }
    }

    /// The overlays whose end is not written, and what this node knows, both of this transaction.
    pub(crate) fn standing(
        &self,
        organization: &OrganizationId,
        clock: &ClockReading,
    ) -> Result<(Vec<OverlayRow>, NodeFacts), ReadError> {
        let rows = self.store.overlay_rows(organization)?;
        let mut node = self.store.node_facts(organization, clock, Span(0))?;
        node.journal = self.journal;
        Ok((rows, node))
    }
}
