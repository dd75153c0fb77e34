//! The policy by its parts: every kind of entity as a resource, whole revisions, and who may change what.

mod describe;
pub(super) mod edit;
mod field;
mod handlers;
mod narrow;
mod organization;
mod overview;
mod preview;
mod resource;
mod revision;
mod standing;
mod waiting;

use guan_engine::model::Policy;
use guan_store::{DraftEntity, DraftKey, Entity};

use crate::operation::Routes;
use crate::problem::{Code, Problem};

pub(super) use edit::{Edit, fits};
pub(super) use resource::applied;

/// The operations of this folder.
pub(crate) fn routes() -> Routes {
    resource::routes()
        .merge(field::routes())
        .merge(organization::routes())
        .merge(revision::routes())
        .merge(preview::routes())
        .merge(waiting::routes())
        .merge(overview::routes())
}

/// A policy with the edits of a draft.
///
/// Errors: content that is not what its kind says; something to be taken out that is not there.
pub(super) fn drafted(
    policy: &Policy,
    put: &[DraftEntity],
    remove: &[DraftKey],
) -> Result<Policy, Problem> {
    let put: Result<Vec<Entity>, _> =
        put.iter().map(|one| Entity::new(one.kind, one.id.as_str(), &one.content)).collect();
    let put = put.map_err(|error| Problem::new(Code::WrongShape).detail(error.to_string()))?;
    let remove = remove.iter().map(|one| (one.kind, one.id.clone())).collect();
    applied(policy, &Edit { put, remove, reason: String::new() })
}
