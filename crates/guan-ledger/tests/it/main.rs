//! The log as an auditor and an attacker see it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod canonical;
mod export;
mod log;
mod record;
mod sample;
mod tampering;
mod vectors;
