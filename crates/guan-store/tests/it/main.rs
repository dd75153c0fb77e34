//! The store from outside: every test has its own folder, time is a value, nothing waits.
#![expect(clippy::unwrap_used, reason = "tests")]

mod backup;
mod live;
mod off;
mod policy;
mod records;
mod world;
