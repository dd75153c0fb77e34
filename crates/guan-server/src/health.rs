//! Whether the process lives and whether it can answer, for whoever watches it.

use axum::extract::State;
use guan_store::LEASE;
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::Json;
use crate::open;
use crate::operation::{Operation, Routes};
use crate::problem::{Code, Problem};
use crate::state::Server;

const SHOW_HEALTH: Operation = Operation::public("show_health");
const SHOW_READINESS: Operation = Operation::public("show_readiness");

/// Their paths.
pub(crate) const PATHS: &[&str] = &["/healthz", "/readyz"];

/// The two routes.
pub(crate) fn routes() -> Routes {
    Routes::new().with(open!(SHOW_HEALTH, show_health)).with(open!(SHOW_READINESS, show_readiness))
}

/// How it stands.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// Always `ok`; what is not ok is a problem.
    status: &'static str,
}

/// Whether the process lives.
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200, body = Health)))]
async fn show_health() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Whether the database answers and other nodes are followed, so that requests can be sent here.
#[utoipa::path(get, path = "/readyz", tag = "health", responses((status = 200, body = Health)))]
async fn show_readiness(State(server): State<Server>) -> Result<Json<Health>, Problem> {
    server.blocking(|gate| gate.read(|reader| reader.organizations())).await?;
    let age = server.gate().view_age(&server.now());
    if age > LEASE {
        let detail = "the view of this node is older than the lease";
        return Err(Problem::new(Code::Unavailable).detail(detail).retry_after_s(1));
    }
    Ok(Json(Health { status: "ok" }))
}
