//! The settings of the organization.

use axum::extract::State;
use guan_engine::model::Organization;
use guan_store::{Entity, EntityKind, GateError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::edit::{self, Edit, Made, NotMade, Waits};
use crate::caller::Caller;
use crate::etag::{IfMatch, Tagged};
use crate::extract::Json;
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::problem::Problem;
use crate::state::Server;
use guan_engine::administration::Power;

const SHOW_ORGANIZATION: Operation = Operation::needs("show_organization", Power::ManageSettings);
const REPLACE_ORGANIZATION: Operation =
    Operation::needs("replace_organization", Power::ManageSettings).changing();

/// The operations of this file.
pub(super) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(SHOW_ORGANIZATION, show_organization))
        .with(guarded!(REPLACE_ORGANIZATION, replace_organization))
}

/// Other settings.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OrganizationReplacement {
    /// The settings; the id stays.
    content: Organization,
    /// Why, for the revision and the ledger.
    #[serde(default)]
    reason: String,
}

/// The settings after a change.
#[derive(Debug, Serialize, ToSchema)]
struct OrganizationChanged {
    /// The settings.
    content: Organization,
    /// What the change came to.
    #[serde(flatten)]
    made: Made,
}

/// The settings of the organization.
#[utoipa::path(get, path = "/api/v1/organization", tag = "organization", responses((status = 200, body = Organization)))]
async fn show_organization(
    caller: Caller,
    State(server): State<Server>,
) -> Result<Tagged<Organization>, Problem> {
    let found = server.blocking(move |gate| {
        let view = gate.view(caller.organization())?;
        Ok::<_, GateError>(view.engine().policy().organization.clone())
    });
    let organization = found.await?;
    Ok(Tagged(edit::state(&entity(&organization)?), organization))
}

/// Puts other settings in the place of those there are.
#[utoipa::path(put, path = "/api/v1/organization", tag = "organization", params(("If-Match" = String, Header)), request_body = OrganizationReplacement, responses((status = 200, body = OrganizationChanged), (status = 202, body = Waits)))]
async fn replace_organization(
    caller: Caller,
    State(server): State<Server>,
    if_match: IfMatch,
    Json(asked): Json<OrganizationReplacement>,
) -> Result<Tagged<OrganizationChanged>, NotMade> {
    let clock = server.now();
    let OrganizationReplacement { content, reason } = asked;
    let new = entity(&content)?;
    let state = edit::state(&new);
    let made = server.blocking(move |gate| {
        edit::act(gate, (&caller, &clock), |policy, _| {
            if_match.check(&edit::state(&entity(&policy.organization)?))?;
            Ok((Edit { put: vec![new], remove: Vec::new(), reason }, ()))
        })
    });
    let (outcome, ()) = made.await?;
    Ok(Tagged(state, OrganizationChanged { content, made: outcome.now()? }))
}

fn entity(organization: &Organization) -> Result<Entity, Problem> {
    Entity::new(EntityKind::Organization, "", organization).map_err(|error| Problem::fault(&error))
}
