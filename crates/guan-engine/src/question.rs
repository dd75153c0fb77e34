//! The questions of `docs/spec/decision.md`, all answered from the one compiled policy.

#![expect(clippy::indexing_slicing, reason = "indexes are numbers that the compilation gave out")]

mod check;
mod compare;
mod explain;
mod fields;
mod list;
mod matrix;
mod relax;
mod remedy;
mod who;
