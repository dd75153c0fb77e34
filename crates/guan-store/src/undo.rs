//! Undo of what was written under a window: the plan as a pure value, what it is made from, and what is written of it.

mod apply;
mod evidence;
mod journal;
mod model;
mod part;
mod plan;
mod run;

pub use apply::UndoBatch;
pub(crate) use apply::UndoneGroup;
pub(crate) use evidence::Evidence;
pub(crate) use journal::{Kept, images, undone, what_of};
pub use model::{
    Changes, Choice, Choices, Conflict, ConflictKind, Journalled, Plan, PlanGroup, Present,
    Selection, Standing, UndoWrite, Undone, Untouched, UntouchedWhy,
};
pub use part::{Part, PartValue};
pub(crate) use part::{changed_parts, parts};
pub use plan::plan;
pub use run::UndoRun;
pub(crate) use run::{ID_BEGINS, broken, of_overlay, one};
