//! Pools: take a record from one, put it back, give it to a colleague, and what comes back by itself.

use axum::extract::State;
use guan_engine::model::{Moment, PoolId, Span, UserId};
use guan_store::{DueReturn, Gate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::parameters::DueParameters;
use super::shape::{ChangeMade, Made, RecordShown};
use super::{act, ask};
use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::problem::{Code, Problem};
use crate::state::Server;

const LIST_DUE_RETURNS: Operation = Operation::oneself("list_due_returns");
const CLAIM_RECORD: Operation = Operation::oneself("claim_record").changing();
const RETURN_RECORD: Operation = Operation::oneself("return_record").changing();
const GIVE_OUT_RECORD: Operation = Operation::oneself("give_out_record").changing();

pub(super) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(LIST_DUE_RETURNS, list_due_returns))
        .with(guarded!(CLAIM_RECORD, claim_record))
        .with(guarded!(RETURN_RECORD, return_record))
        .with(guarded!(GIVE_OUT_RECORD, give_out_record))
}

/// The most hours ahead.
const AHEAD_MAX_H: u32 = 8_784;

/// A record that comes back into its pool by itself.
#[derive(Debug, Serialize, ToSchema)]
struct DueShown {
    /// The record.
    record: RecordShown,
    /// When, unless it is changed before.
    returns: Moment,
}

/// Records of a pool that come back by themselves soon, the soonest first.
#[derive(Debug, Serialize, ToSchema)]
struct DueReturns {
    /// Of those that the caller may read, at most 200.
    items: Vec<DueShown>,
}

/// What comes back into a pool by itself within the next hours, unless it is changed before: of what the caller may read.
#[utoipa::path(get, path = "/api/v1/record-returns/{pool}", tag = "records",
    params(("pool" = String, Path, description = "The pool."), DueParameters),
    responses((status = 200, body = DueReturns)))]
async fn list_due_returns(
    caller: Caller,
    State(server): State<Server>,
    Path(pool): Path<String>,
    Query(parameters): Query<DueParameters>,
) -> Result<Json<DueReturns>, Problem> {
    let within_h = parameters.within_h;
    if !(1..=AHEAD_MAX_H).contains(&within_h) {
        let detail = format!("within_h: 1 to {AHEAD_MAX_H} hours");
        return Err(Problem::new(Code::BadQuery).detail(detail));
    }
    let until = server.now().wall.plus(Span::minutes(i64::from(within_h) * 60));
    let due = ask(&caller, &server, move |gate, asking| {
        gate.due_returns(asking, &PoolId::from(pool), until)
    })
    .await?;
    let shown = |DueReturn { found, returns }| DueShown { record: found.into(), returns };
    Ok(Json(DueReturns { items: due.into_iter().map(shown).collect() }))
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
