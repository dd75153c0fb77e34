//! The policy by its parts: every kind of entity as a resource, whole revisions, and who may change what.

mod describe;
pub(super) mod edit;
mod field;
mod handlers;
mod organization;
mod preview;
mod resource;
mod revision;

use crate::operation::Routes;

/// The operations of this folder.
pub(crate) fn routes() -> Routes {
    resource::routes()
        .merge(field::routes())
        .merge(organization::routes())
        .merge(revision::routes())
        .merge(preview::routes())
}
