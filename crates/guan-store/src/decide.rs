//! What a recorded decision comes to: answered after it was recorded, or refused.

use guan_engine::answer::Decision;

use crate::write::WriteError;

/// Which decisions are recorded. Would-denies always are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Recording {
    /// Would-denies alone.
    #[default]
    WouldDenies,
    /// Refusals too.
    Denials,
}

/// A decision that may leave the house.
#[derive(Debug)]
pub struct Answer {
    /// The decision. A would-deny that could not be recorded is here as the refusal that it was without the overlay.
    pub decision: Decision,
    /// Its ledger row, if it has one.
    pub sequence: Option<u64>,
    /// Why it was not recorded although it was to be.
    pub unrecorded: Option<WriteError>,
}
