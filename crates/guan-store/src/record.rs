//! What is kept of records beside their rows: versions and stamps, the bin, history, words, claims; and the changes that write them.

pub(crate) mod changes;
pub(crate) mod reads;
pub(crate) mod trace;

pub use changes::{RecordVerb, RecordWrite};
pub use reads::{BinEntry, Stamp};
