//! The importer from outside: files in, policy and report out.
#![expect(
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod bad;
mod difference;
mod given;
mod grid;
mod layouts;
mod real;
mod rules;
mod sample;
mod traps;
