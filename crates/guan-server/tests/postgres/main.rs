//! The tests of the interface whose answers come from the database once more, with the database on a server; where none is
//! installed they say SKIPPED and run on a file.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod away;
#[path = "../it/callers.rs"]
mod callers;
#[path = "../it/corpus.rs"]
mod corpus;
#[path = "../it/credential.rs"]
mod credential;
#[path = "../it/effects.rs"]
mod effects;
#[path = "../it/files.rs"]
mod files;
#[path = "../it/ledger.rs"]
mod ledger;
#[path = "../it/once.rs"]
mod once;
#[path = "../it/overlays.rs"]
mod overlays;
#[path = "../it/records.rs"]
mod records;
#[path = "../it/revision.rs"]
mod revision;
#[path = "../it/rows.rs"]
mod rows;
#[path = "../it/undo.rs"]
mod undo;
#[path = "../it/waiting.rs"]
mod waiting;
#[path = "../it/world.rs"]
mod world;

/// Where the worlds of these tests have their databases: each a fresh one.
fn place() -> guan_store::DatabasePlace {
    guan_testkit::postgres::fresh_database().into()
}
