//! The recycle bin: what was deleted, back again or gone for good.

use axum::extract::State;
use guan_engine::model::{Moment, ObjectId, RecordId};
use guan_store::{BinEntry, Gate, PageCursor};
use serde::Serialize;
use utoipa::ToSchema;

use super::parameters::PurgeParameters;
use super::shape::{ChangeMade, Made};
use super::{act, ask};
use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::state::Server;

const LIST_BIN: Operation = Operation::oneself("list_bin");
const RESTORE_RECORD: Operation = Operation::oneself("restore_record").changing();
const PURGE_RECORD: Operation = Operation::oneself("purge_record").changing();

pub(super) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(LIST_BIN, list_bin))
        .with(guarded!(RESTORE_RECORD, restore_record))
        .with(guarded!(PURGE_RECORD, purge_record))
}

/// A deleted record.
#[derive(Debug, Serialize, ToSchema)]
struct BinShown {
    /// Its id.
    id: RecordId,
    /// When it was deleted.
    deleted: Moment,
    /// By whom.
    deleted_by: String,
    /// When it goes for good.
    purge: Moment,
}

impl From<BinEntry> for BinShown {
    fn from(BinEntry { id, deleted, deleted_by, purge }: BinEntry) -> Self {
        Self { id, deleted, deleted_by, purge }
    }
}

/// Deleted records: one's own deletions, or all of them for those who manage the bin.
#[utoipa::path(get, path = "/api/v1/bin/{object}", tag = "bin",
    params(("object" = String, Path, description = "The object."), PageQuery),
    responses((status = 200, body = Page<BinShown>)))]
async fn list_bin(
    caller: Caller,
    State(server): State<Server>,
    Path(object): Path<String>,
    Query(parameters): Query<PageQuery>,
) -> Result<Json<Page<BinShown>>, Problem> {
    let most = parameters.limit()?;
    let after = parameters.cursor.map(PageCursor::new);
    let found = ask(&caller, &server, move |gate, asking| {
        gate.bin(asking, &ObjectId::from(object), after.as_ref(), most)
    })
    .await?;
    let items = found.entries.into_iter().map(BinShown::from).collect();
    Ok(Json(Page::new(items, found.next.map(|next| next.to_string()))))
}

/// Takes a record out of the bin; it is as it was.
#[utoipa::path(post, path = "/api/v1/bin/{object}/{id}/restore", tag = "bin",
    params(("object" = String, Path, description = "The object."), ("id" = String, Path, description = "The record.")),
    responses((status = 200, body = ChangeMade)))]
async fn restore_record(
    caller: Caller,
    State(server): State<Server>,
    Path(path): Path<(String, String)>,
) -> Result<Made, Problem> {
    act(&caller, &server, path, Gate::restore_record).await
}

/// Takes a deleted record and its history out for good.
#[utoipa::path(delete, path = "/api/v1/bin/{object}/{id}", tag = "bin",
    params(("object" = String, Path, description = "The object."), ("id" = String, Path, description = "The record."), PurgeParameters),
    responses((status = 200, body = ChangeMade)))]
async fn purge_record(
    caller: Caller,
    State(server): State<Server>,
    Path(path): Path<(String, String)>,
    Query(parameters): Query<PurgeParameters>,
) -> Result<Made, Problem> {
    act(&caller, &server, path, move |gate, asking, key| {
        gate.purge_record(asking, key, &parameters.reason)
    })
    .await
}
