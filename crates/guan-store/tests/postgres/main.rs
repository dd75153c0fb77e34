//! The tests of the store once more, with the database on a server; where none is installed they say SKIPPED and run on a file.
//! What concerns the file itself is left to the other run.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod apart;
#[path = "../it/backup.rs"]
mod backup;
#[path = "../it/born.rs"]
mod born;
#[path = "../it/carried.rs"]
mod carried;
#[path = "../it/closing.rs"]
mod closing;
#[path = "../it/credentials.rs"]
mod credentials;
#[path = "../it/demand.rs"]
mod demand;
#[path = "../it/door.rs"]
mod door;
#[path = "../it/gate.rs"]
mod gate;
#[path = "../it/gates.rs"]
mod gates;
#[path = "../it/interruption.rs"]
mod interruption;
#[path = "../it/killed.rs"]
mod killed;
#[path = "../it/known.rs"]
mod known;
#[path = "../it/leaks.rs"]
mod leaks;
#[path = "../it/ledger.rs"]
mod ledger;
#[path = "../it/life.rs"]
mod life;
#[path = "../it/listing.rs"]
mod listing;
mod nodes;
#[path = "../it/off.rs"]
mod off;
#[path = "../it/opening.rs"]
mod opening;
#[path = "../it/people.rs"]
mod people;
#[path = "../it/policy.rs"]
mod policy;
#[path = "../it/pool.rs"]
mod pool;
#[path = "../it/preview.rs"]
mod preview;
#[path = "../it/proof.rs"]
mod proof;
#[path = "../it/ratchet.rs"]
mod ratchet;
#[path = "../it/records.rs"]
mod records;
#[path = "../it/refusals.rs"]
mod refusals;
#[path = "../it/reveal.rs"]
mod reveal;
#[path = "../it/shadow.rs"]
mod shadow;
#[path = "../it/sharing.rs"]
mod sharing;
#[path = "../it/shop.rs"]
mod shop;
#[path = "../it/survival.rs"]
mod survival;
#[path = "../it/undo.rs"]
mod undo;
#[path = "../it/undo_worlds.rs"]
mod undo_worlds;
#[path = "../it/undoing.rs"]
mod undoing;
#[path = "../it/waiting.rs"]
mod waiting;
#[path = "../it/windows.rs"]
mod windows;
#[path = "../it/world.rs"]
mod world;

/// Where the worlds of these tests have their databases: each a fresh one.
fn place() -> guan_store::DatabasePlace {
    guan_testkit::postgres::fresh_database().into()
}
