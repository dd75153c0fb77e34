//! Permission files of other CRMs into the model, with a list of losses; bytes in, values out.
//!
//! # Invariants
//!
//! * No store, no network, no clock. Only [`source`] touches the file system, and only to read.
//! * Unreadable bytes are the only hard error. Everything else is a rated entry of a
//!   [`LossReport`]; nothing is dropped silently.
//! * Same files, same policy, whatever their layout and order.

pub mod cell;
pub mod difference;
pub mod files;
pub mod report;
pub mod salesforce;
pub mod sheet;
pub mod source;
mod table;
mod text;
mod xml;

pub use difference::{Change, ChangeKind, diff};
pub use files::Files;
pub use report::{Loss, LossReport, Rating, Tally};
pub use sheet::{BadSheet, Sheet, SheetRow};
pub use source::{ImportError, Limits};

#[doc(hidden)]
pub use table::Table;
#[doc(hidden)]
pub use xml::Element;
