//! Undo of what was written under a window: the plan as a pure value; nothing here writes.

mod part;
mod plan;

pub use part::{Part, PartValue};
pub use plan::{
    Choice, Choices, Conflict, ConflictKind, Journalled, Plan, PlanGroup, Present, Selection,
    Standing, UndoWrite, Untouched, UntouchedWhy, plan,
};
