//! Tests of the engine as its callers see it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod activity;
mod administration;
mod agreement;
mod cases;
mod comparison;
mod condition;
mod condition_text;
mod counts;
mod filter;
mod laws;
mod lifecycle;
mod lifecycle_ends;
mod lifecycle_model;
mod lifecycle_scene;
mod lineup;
mod model;
mod outlook;
mod overlay;
mod reveal;
mod run;
mod validation;
