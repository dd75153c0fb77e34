//! The permission model, its compilation and every question asked of it; pure.
//!
//! # Invariants
//!
//! * Same input, same answer: no I/O, no clock, no async, no randomness. The instant, the clock
//!   evidence and the caller's address arrive as values.
//! * Nothing in here knows a vendor's name. Every vendor rule is expressed in [`model`].
//! * A denial is a value, never an error. Every unknown denies.
#![warn(clippy::wildcard_enum_match_arm)]

pub mod activity;
pub mod administration;
pub mod answer;
pub mod ask;
pub mod bulk;
mod compile;
pub mod condition;
mod dense;
mod engine;
mod index;
mod lens;
pub mod lifecycle;
mod lineup;
pub mod model;
pub mod question;
mod reach;
#[cfg(feature = "schema")]
mod schema;
mod subject;
pub mod view;
pub mod visible;

pub use engine::{Engine, Prepared};
pub use lineup::Lineup;
