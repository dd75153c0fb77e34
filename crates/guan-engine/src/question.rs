//! The questions of `docs/spec/decision.md`, all answered from the one compiled policy.

#![expect(clippy::indexing_slicing, reason = "indexes are numbers that the compilation gave out")]

mod check;
mod compare;
mod count;
mod door;
mod explain;
mod fields;
mod filter;
mod list;
mod matrix;
mod merge;
mod outlook;
mod received;
mod relax;
mod relief;
mod remedy;
mod reveal;
mod source;
mod system;
mod who;

pub use compare::{Comparison, Extract, Gain, Impact, Side};
pub use filter::{FilterUse, Selection, Uses};
pub use list::{Cursor, ListFault, ListQuery, Page, RelaxedRecord, Sort};
pub use matrix::{Cell, CellKind};
pub use outlook::{
    ActionShift, ClosedField, Counter, Estimate, ObjectEstimate, ObjectShift, Outlook, Prospect,
    Shift, UserShift,
};
pub use relief::Relief;
pub use who::{Abilities, Accessor};
