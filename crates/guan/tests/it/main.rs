//! The program as a person uses it: whole command lines, their output and how they end.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod crash;
mod examples;
mod import;
mod killed;
mod language;
mod ledger;
mod nodes;
mod questions;
mod restore;
mod serve;
mod survival;
mod window;
mod world;
