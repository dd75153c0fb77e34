//! All operations: one file for each resource, each with a function `routes`.

mod administration;
mod backup;
mod directory;
mod me;
mod session;

use crate::health;
use crate::operation::Routes;

/// Every operation of the interface.
pub fn all() -> Routes {
    Routes::new()
        .merge(health::routes())
        .merge(me::routes())
        .merge(session::routes())
        .merge(directory::routes())
        .merge(administration::routes())
        .merge(backup::routes())
}
