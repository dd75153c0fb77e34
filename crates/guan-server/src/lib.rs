//! The HTTP interface: who calls, what they may do, problems, `OpenAPI`.
//!
//! # Invariants
//!
//! - No handler of a guarded operation without a [`Caller`](caller::Caller), by type; the public ones are a list that a test compares.
//! - One value names an operation, guards its handler and describes it: [`Operation`](operation::Operation).
//! - Every refusal and every fault of every layer is one shape, made in [`problem`]; a fault tells the caller nothing but the request's id.
//! - A caller belongs to exactly one organization, and nothing of another one exists for them.
//! - The log holds no customer data and no secret.
//! - No environment, no files, no clock: settings and the clock arrive as values.

pub mod app;
mod asking;
mod attempts;
pub mod caller;
mod concerning;
mod console;
mod context;
pub mod etag;
pub mod extract;
mod guard;
mod health;
pub mod idempotency;
pub mod identity;
pub mod jobs;
mod limit;
pub mod log;
pub mod openapi;
pub mod operation;
pub mod page;
pub mod password;
mod places;
pub mod problem;
mod progress;
pub mod revision;
pub mod routes;
pub mod scope;
pub mod secret;
pub mod server;
pub mod settings;
mod sought;
pub mod state;
mod steady;
pub mod stored;
mod table;
mod waiting;
mod workbook;

pub use guard::CSRF_HEADER;
