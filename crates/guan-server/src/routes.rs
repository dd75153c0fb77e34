//! All operations: one file for each resource, each with a function `routes`.

mod access;
mod administration;
mod backup;
mod credential;
mod directory;
mod import;
mod job;
mod ledger;
mod me;
mod notices;
mod overlays;
mod questions;
mod records;
mod session;
mod shadows;
mod switch;
mod system;
mod undo;

pub(crate) use switch::Stamps;

use crate::health;
use crate::operation::Routes;

/// Every operation of the interface.
pub fn all() -> Routes {
    Routes::new()
        .merge(health::routes())
        .merge(me::routes())
        .merge(session::routes())
        .merge(credential::routes())
        .merge(directory::routes())
        .merge(administration::routes())
        .merge(access::routes())
        .merge(backup::routes())
        .merge(questions::routes())
        .merge(overlays::routes())
        .merge(switch::routes())
        .merge(shadows::routes())
        .merge(notices::routes())
        .merge(undo::routes())
        .merge(ledger::routes())
        .merge(system::routes())
        .merge(import::routes())
        .merge(job::routes())
        .merge(records::routes())
}
