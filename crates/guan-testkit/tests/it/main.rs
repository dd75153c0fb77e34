//! Everything about the test kit that is checked from outside.
#![expect(clippy::unwrap_used, reason = "tests")]

mod cases;
mod reference;
mod sample;
mod world;
