//! The store from outside: every test has its own folder, time is a value, nothing waits.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod backup;
mod born;
mod carried;
mod closing;
mod credentials;
mod demand;
mod door;
mod entries;
mod gate;
mod gates;
mod installation;
mod interruption;
mod keepers;
mod killed;
mod known;
mod leaks;
mod ledger;
mod life;
mod listing;
mod lives;
mod lives_acts;
mod lives_model;
mod lives_trouble;
mod merge;
mod notices;
mod off;
mod opening;
mod people;
mod policy;
mod pool;
mod preview;
mod proof;
mod ratchet;
mod records;
mod refusals;
mod reveal;
mod shadow;
mod sharing;
mod shop;
mod survival;
mod undo;
mod undo_worlds;
mod undoing;
mod waiting;
mod windows;
mod world;

/// Where the worlds of these tests have their databases.
fn place() -> guan_store::DatabasePlace {
    guan_store::DatabasePlace::File
}
