//! Pools: take a record from one, put it back, give it to a colleague.

use axum::extract::State;
use guan_engine::model::{PoolId, UserId};
use guan_store::Gate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::act;
use super::shape::{ChangeMade, Made};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::problem::Problem;
use crate::state::Server;

const CLAIM_RECORD: Operation = Operation::oneself("claim_record").changing();
const RETURN_RECORD: Operation = Operation::oneself("return_record").changing();
const GIVE_OUT_RECORD: Operation = Operation::oneself("give_out_record").changing();

pub(super) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(CLAIM_RECORD, claim_record))
        .with(guarded!(RETURN_RECORD, return_record))
        .with(guarded!(GIVE_OUT_RECORD, give_out_record))
}

/// Takes a waiting record from its pool; the caller owns it from then on.
#[utoipa::path(post, path = "/api/v1/records/{object}/{id}/claim", tag = "records",
    params(("object" = String, Path, description = "The object."), ("id" = String, Path, description = "The record.")),
    responses((status = 200, body = ChangeMade)))]
async fn claim_record(
    caller: Caller,
    State(server): State<Server>,
    Path(path): Path<(String, String)>,
) -> Result<Made, Problem> {
    act(&caller, &server, path, Gate::claim_record).await
}

/// Where a record goes back to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReturnWanted {
    /// The pool; the one that it came from when it is absent.
    pool: Option<PoolId>,
}

/// Puts a record back into a pool; nobody owns it from then on.
#[utoipa::path(post, path = "/api/v1/records/{object}/{id}/return", tag = "records",
    params(("object" = String, Path, description = "The object."), ("id" = String, Path, description = "The record.")),
    request_body = ReturnWanted, responses((status = 200, body = ChangeMade)))]
async fn return_record(
    caller: Caller,
    State(server): State<Server>,
    Path(path): Path<(String, String)>,
    Json(wanted): Json<ReturnWanted>,
) -> Result<Made, Problem> {
    act(&caller, &server, path, move |gate, asking, key| {
        gate.return_record(asking, key, wanted.pool)
    })
    .await
}

/// Who gets a waiting record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GiveOutWanted {
    /// The user.
    to: UserId,
}

/// Gives a waiting record of a pool to a user.
#[utoipa::path(post, path = "/api/v1/records/{object}/{id}/give-out", tag = "records",
    params(("object" = String, Path, description = "The object."), ("id" = String, Path, description = "The record.")),
    request_body = GiveOutWanted, responses((status = 200, body = ChangeMade)))]
async fn give_out_record(
    caller: Caller,
    State(server): State<Server>,
    Path(path): Path<(String, String)>,
    Json(wanted): Json<GiveOutWanted>,
) -> Result<Made, Problem> {
    act(&caller, &server, path, move |gate, asking, key| {
        gate.give_out_record(asking, key, &wanted.to)
    })
    .await
}
