//! The interface as its callers see it, in one process and without a network.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod access;
mod administration;
mod callers;
mod console;
mod corpus;
mod credential;
mod delegated;
mod described;
mod effects;
mod files;
mod import;
mod input;
mod ledger;
mod once;
mod overlays;
mod overview;
mod questions;
mod records;
mod revision;
mod rows;
mod shadows;
mod sign_in;
mod socket;
mod switch;
mod undo;
mod view;
mod waiting;
mod world;

/// Where the worlds of these tests have their databases.
fn place() -> guan_store::DatabasePlace {
    guan_store::DatabasePlace::File
}
