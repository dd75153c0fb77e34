//! The tests of the interface once more, with the database on a server; where none is installed they say SKIPPED and run on a file.
//! What does not come near the database is left to the other run.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[path = "../it/access.rs"]
mod access;
#[path = "../it/administration.rs"]
mod administration;
mod away;
#[path = "../it/callers.rs"]
mod callers;
#[path = "../it/corpus.rs"]
mod corpus;
#[path = "../it/credential.rs"]
mod credential;
#[path = "../it/delegated.rs"]
mod delegated;
#[path = "../it/effects.rs"]
mod effects;
#[path = "../it/files.rs"]
mod files;
#[path = "../it/import.rs"]
mod import;
#[path = "../it/input.rs"]
mod input;
#[path = "../it/ledger.rs"]
mod ledger;
#[path = "../it/once.rs"]
mod once;
#[path = "../it/overlays.rs"]
mod overlays;
#[path = "../it/questions.rs"]
mod questions;
#[path = "../it/records.rs"]
mod records;
#[path = "../it/revision.rs"]
mod revision;
#[path = "../it/rows.rs"]
mod rows;
#[path = "../it/shadows.rs"]
mod shadows;
#[path = "../it/sign_in.rs"]
mod sign_in;
#[path = "../it/socket.rs"]
mod socket;
#[path = "../it/switch.rs"]
mod switch;
#[path = "../it/undo.rs"]
mod undo;
#[path = "../it/view.rs"]
mod view;
#[path = "../it/waiting.rs"]
mod waiting;
#[path = "../it/world.rs"]
mod world;

/// Where the worlds of these tests have their databases: each a fresh one.
fn place() -> guan_store::DatabasePlace {
    guan_testkit::postgres::fresh_database().into()
}
