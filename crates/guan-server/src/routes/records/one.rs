//! One record: create, read, edit, delete, history, owner, lock.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use guan_engine::model::{
    Action, FieldId, Moment, NodeId, Owner, PoolId, RecordId, RelationId, RevealLimits, Value,
};
use guan_engine::visible::Shown;
use guan_store::{Gate, HistoryEntry, NewRecord, PageCursor, Placing, RecordPatch, RevealsSoFar};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::shape::{ChangeMade, Made, RecordShown};
use super::{ask, change, key};
use crate::caller::Caller;
use crate::etag::{IfMatch, Tagged};
use crate::extract::{Json, Path, Query};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::state::Server;

const CREATE_RECORD: Operation = Operation::oneself("create_record").changing();
const SHOW_RECORD: Operation = Operation::oneself("show_record").in_a_view();
const REVEAL_VALUE: Operation = Operation::oneself("reveal_value").changing().once();
const SHOW_MY_REVEALS: Operation = Operation::oneself("show_my_reveals");
const EDIT_RECORD: Operation = Operation::oneself("edit_record").changing();
const DELETE_RECORD: Operation = Operation::oneself("delete_record").changing();
const LIST_RECORD_ACTIONS: Operation = Operation::oneself("list_record_actions").in_a_view();
const SHOW_RECORD_HISTORY: Operation = Operation::oneself("show_record_history").in_a_view();
const PLACE_RECORD: Operation = Operation::oneself("place_record").changing();
const LOCK_RECORD: Operation = Operation::oneself("lock_record").changing();
const UNLOCK_RECORD: Operation = Operation::oneself("unlock_record").changing();

pub(super) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(CREATE_RECORD, create_record))
        .with(guarded!(SHOW_RECORD, show_record))
        .with(guarded!(REVEAL_VALUE, reveal_value))
        .with(guarded!(SHOW_MY_REVEALS, show_my_reveals))
        .with(guarded!(EDIT_RECORD, edit_record))
        .with(guarded!(DELETE_RECORD, delete_record))
        .with(guarded!(LIST_RECORD_ACTIONS, list_record_actions))
        .with(guarded!(SHOW_RECORD_HISTORY, show_record_history))
        .with(guarded!(PLACE_RECORD, place_record))
        .with(guarded!(LOCK_RECORD, lock_record))
        .with(guarded!(UNLOCK_RECORD, unlock_record))
}

/// A record to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecordWanted {
    /// Who is to own it; the caller when it is absent, nobody when it is empty.
    owners: Option<BTreeSet<Owner>>,
    /// The unit that it is to belong to.
    unit: Option<NodeId>,
    /// The dimension nodes that it is tagged with.
    #[serde(default)]
    tags: BTreeSet<NodeId>,
    /// The pool that it is to wait in.
    pool: Option<PoolId>,
    /// Its parents by relation.
    #[serde(default)]
    parents: BTreeMap<RelationId, RecordId>,
    /// Its values.
    #[serde(default)]
    fields: BTreeMap<FieldId, Value>,
}

/// Makes a record.
#[utoipa::path(post, path = "/api/v1/records/{object}", tag = "records",
    params(("object" = String, Path, description = "The object.")),
    request_body = RecordWanted, responses((status = 201, body = ChangeMade)))]
async fn create_record(
    caller: Caller,
    State(server): State<Server>,
    Path(object): Path<String>,
    Json(wanted): Json<RecordWanted>,
) -> Result<(StatusCode, [(HeaderName, String); 1], Made), Problem> {
    let RecordWanted { owners, unit, tags, pool, parents, fields } = wanted;
    let new = NewRecord { object: object.into(), owners, unit, tags, pool, parents, fields };
    let changed = ask(&caller, &server, |gate, asking| gate.create_record(asking, new)).await?;
    let place = format!("/api/v1/records/{}/{}", changed.key.object, changed.key.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], changed.into()))
}

/// One record, with the fields that the caller may see.
#[utoipa::path(get, path = "/api/v1/records/{object}/{id}", tag = "records",
    params(("object" = String, Path, description = "The object."), ("id" = String, Path, description = "The record.")),
    responses((status = 200, body = RecordShown)))]
async fn show_record(
    caller: Caller,
    State(server): State<Server>,
    Path(path): Path<(String, String)>,
) -> Result<Tagged<RecordShown>, Problem> {
    let key = key(path);
    let found = ask(&caller, &server, move |gate, asking| gate.read_record(asking, &key)).await?;
    Ok(RecordShown::tagged(found))
}

/// A masked value that is wanted in clear.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RevealWanted {
    /// The field.
    field: FieldId,
    /// Why the value is needed; it stands in the ledger.
    reason: String,
}

/// A value in clear.
#[derive(Debug, Serialize, ToSchema)]
struct RevealedShown {
    /// The value.
    #[schema(value_type = Object)]
    value: Value,
}

/// Shows the value behind a mask once, after it was recorded with the reason. It takes the custom action `reveal` on the
/// record, which nobody has until the organization defines and grants it.
#[utoipa::path(post, path = "/api/v1/records/{object}/{id}/reveal", tag = "records",
    params(("object" = String, Path, description = "The object."), ("id" = String, Path, description = "The record.")),
    request_body = RevealWanted, responses((status = 200, body = RevealedShown)))]
async fn reveal_value(
    caller: Caller,
    State(server): State<Server>,
    Path(path): Path<(String, String)>,
    Json(RevealWanted { field, reason }): Json<RevealWanted>,
) -> Result<Json<RevealedShown>, Problem> {
    let key = key(path);
    let value =
        ask(&caller, &server, move |gate, asking| gate.reveal_value(asking, &key, &field, &reason))
            .await?;
    Ok(Json(RevealedShown { value }))
}

/// How many masked values the caller has had revealed, and how many they may.
#[derive(Debug, Serialize, ToSchema)]
struct RevealsShown {
    /// Within the last 60 minutes.
    in_hour: u64,
    /// Within the last 24 hours.
    in_day: u64,
    /// The limits, a setting of the organization.
    limits: RevealLimits,
}

/// How many masked values the caller has had revealed, and how many they may.
#[utoipa::path(get, path = "/api/v1/me/reveals", tag = "records", responses((status = 200, body = RevealsShown)))]
async fn show_my_reveals(
    caller: Caller,
    State(server): State<Server>,
) -> Result<Json<RevealsShown>, Problem> {
    let RevealsSoFar { in_hour, in_day, limits } =
        ask(&caller, &server, Gate::reveals_so_far).await?;
    Ok(Json(RevealsShown { in_hour, in_day, limits }))
}

/// What is to be another value; null takes a value out, what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PatchWanted {
    /// Values by field.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Object>)]
    fields: BTreeMap<FieldId, Option<Value>>,
    /// Parents by relation.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Object>)]
    parents: BTreeMap<RelationId, Option<RecordId>>,
}

impl From<PatchWanted> for RecordPatch {
    fn from(PatchWanted { fields, parents }: PatchWanted) -> Self {
        Self { fields, parents }
    }
}

/// Changes values and parents of a record.
#[utoipa::path(patch, path = "/api/v1/records/{object}/{id}", tag = "records",
    params(("object" = String, Path, description = "The object."), ("id" = String, Path, description = "The record."),
        ("If-Match" = String, Header, description = "The state that the change was made from.")),
    request_body = PatchWanted, responses((status = 200, body = ChangeMade)))]
async fn edit_record(
    caller: Caller,
    State(server): State<Server>,
    Path(path): Path<(String, String)>,
    if_match: IfMatch,
    Json(patch): Json<PatchWanted>,
) -> Result<Made, Problem> {
    change(&caller, &server, (path, if_match), move |gate, asking, key, version| {
        gate.edit_record(asking, key, version, patch.into())
    })
    .await
}

/// Puts a record into the recycle bin.
#[utoipa::path(delete, path = "/api/v1/records/{object}/{id}", tag = "records",
    params(("object" = String, Path, description = "The object."), ("id" = String, Path, description = "The record."),
        ("If-Match" = String, Header, description = "The state that the change was made from.")),
    responses((status = 200, body = ChangeMade)))]
async fn delete_record(
    caller: Caller,
    State(server): State<Server>,
    Path(path): Path<(String, String)>,
    if_match: IfMatch,
) -> Result<Made, Problem> {
    change(&caller, &server, (path, if_match), move |gate, asking, key, version| {
        gate.delete_record(asking, key, version)
    })
    .await
}

/// What the caller may do to a record.
#[utoipa::path(get, path = "/api/v1/records/{object}/{id}/actions", tag = "records",
    params(("object" = String, Path, description = "The object."), ("id" = String, Path, description = "The record.")),
    responses((status = 200, body = Vec<Action>)))]
async fn list_record_actions(
    caller: Caller,
    State(server): State<Server>,
    Path(path): Path<(String, String)>,
) -> Result<Json<BTreeSet<Action>>, Problem> {
    let key = key(path);
    ask(&caller, &server, move |gate, asking| gate.record_actions(asking, &key)).await.map(Json)
}

/// A value that changed, as the caller may see it today.
#[derive(Debug, Serialize, ToSchema)]
struct HistoryShown {
    /// The field; `$owners`, `$unit`, `$tags`, `$pool` and `$locked` are of the record itself, `$parent.RELATION` is a parent.
    field: String,
    /// The value before; absent where there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Shown>,
    /// The value after; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Shown>,
    /// When.
    at: Moment,
    /// By whom.
    author: String,
    /// By which operation.
    cause: String,
    /// The row of the ledger.
    sequence: u64,
}

impl From<HistoryEntry> for HistoryShown {
    fn from(entry: HistoryEntry) -> Self {
        let HistoryEntry { number: _, field, before, after, at, author, cause, sequence } = entry;
        Self { field, before, after, at, author, cause, sequence }
    }
}

/// What changed on a record, the newest first, of the fields that the caller sees today.
#[utoipa::path(get, path = "/api/v1/records/{object}/{id}/history", tag = "records",
    params(("object" = String, Path, description = "The object."), ("id" = String, Path, description = "The record."), PageQuery),
    responses((status = 200, body = Page<HistoryShown>)))]
async fn show_record_history(
    caller: Caller,
    State(server): State<Server>,
    Path(path): Path<(String, String)>,
    Query(parameters): Query<PageQuery>,
) -> Result<Json<Page<HistoryShown>>, Problem> {
    let (key, most) = (key(path), parameters.limit()?);
    let before = parameters.cursor.map(PageCursor::new);
    let found = ask(&caller, &server, move |gate, asking| {
        gate.record_history(asking, &key, before.as_ref(), most)
    })
    .await?;
    let items = found.entries.into_iter().map(HistoryShown::from).collect();
    Ok(Json(Page::new(items, found.next.map(|next| next.to_string()))))
}

/// Where a record is to stand; what is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlacingWanted {
    /// Its owners.
    owners: Option<BTreeSet<Owner>>,
    /// Its unit.
    unit: Option<NodeId>,
    /// Whether the unit is taken away.
    #[serde(default)]
    no_unit: bool,
    /// Its dimension nodes.
    tags: Option<BTreeSet<NodeId>>,
}

/// Gives a record other owners, another unit or other dimension nodes.
#[utoipa::path(put, path = "/api/v1/records/{object}/{id}/place", tag = "records",
    params(("object" = String, Path, description = "The object."), ("id" = String, Path, description = "The record."),
        ("If-Match" = String, Header, description = "The state that the change was made from.")),
    request_body = PlacingWanted, responses((status = 200, body = ChangeMade)))]
async fn place_record(
    caller: Caller,
    State(server): State<Server>,
    Path(path): Path<(String, String)>,
    if_match: IfMatch,
    Json(wanted): Json<PlacingWanted>,
) -> Result<Made, Problem> {
    let unit = if wanted.no_unit { Some(None) } else { wanted.unit.map(Some) };
    let placing = Placing { owners: wanted.owners, unit, tags: wanted.tags };
    change(&caller, &server, (path, if_match), move |gate, asking, key, version| {
        gate.assign_record(asking, key, version, placing)
    })
    .await
}

/// Locks a record: nobody changes it but who is exempt.
#[utoipa::path(put, path = "/api/v1/records/{object}/{id}/lock", tag = "records",
    params(("object" = String, Path, description = "The object."), ("id" = String, Path, description = "The record."),
        ("If-Match" = String, Header, description = "The state that the change was made from.")),
    responses((status = 200, body = ChangeMade)))]
async fn lock_record(
    caller: Caller,
    State(server): State<Server>,
    Path(path): Path<(String, String)>,
    if_match: IfMatch,
) -> Result<Made, Problem> {
    change(&caller, &server, (path, if_match), move |gate, asking, key, version| {
        gate.lock_record(asking, key, version)
    })
    .await
}

/// Takes the lock off a record.
#[utoipa::path(delete, path = "/api/v1/records/{object}/{id}/lock", tag = "records",
    params(("object" = String, Path, description = "The object."), ("id" = String, Path, description = "The record."),
        ("If-Match" = String, Header, description = "The state that the change was made from.")),
    responses((status = 200, body = ChangeMade)))]
async fn unlock_record(
    caller: Caller,
    State(server): State<Server>,
    Path(path): Path<(String, String)>,
    if_match: IfMatch,
) -> Result<Made, Problem> {
    change(&caller, &server, (path, if_match), move |gate, asking, key, version| {
        gate.unlock_record(asking, key, version)
    })
    .await
}
