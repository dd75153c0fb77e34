//! The door to the store for many threads: one at a time goes through.

use guan_engine::Engine;
use guan_engine::model::OrganizationId;
use guan_store::{Caller, Change, ClockReading, Live, LiveError, Store, WriteError, Written};
use parking_lot::Mutex;

/// An installation that decides, for many threads.
#[derive(Debug)]
pub struct Gate(Mutex<Live>);

impl Gate {
    /// Takes an opened installation.
    pub const fn new(live: Live) -> Self {
        Self(Mutex::new(live))
    }

    /// Makes one change.
    pub fn write(
        &self,
        caller: &Caller,
        clock: &ClockReading,
        change: &Change,
    ) -> Result<Written, WriteError> {
        self.0.lock().write(caller, clock, change)
    }

    /// Asks the engine of an organization.
    pub fn ask<T>(
        &self,
        organization: &OrganizationId,
        question: impl FnOnce(&Engine) -> T,
    ) -> Result<T, LiveError> {
        self.0.lock().engine(organization).map(question)
    }

    /// Reads from the store.
    pub fn read<T>(&self, read: impl FnOnce(&Store) -> T) -> T {
        read(self.0.lock().store())
    }
}
