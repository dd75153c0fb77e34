//! Many records at once: one act, one row of the ledger, and what was refused is told by id with a row of its own.

use std::collections::BTreeSet;

use axum::extract::State;
use guan_engine::model::{ObjectId, Owner, RecordId};
use guan_store::{BulkAssignment, BulkOutcome, BulkRefusal, Doing, PoolFault, refusal_code};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ask;
use super::one::PatchWanted;
use super::shape::ChangeMade;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::problem::Problem;
use crate::state::Server;

const EDIT_RECORDS: Operation = Operation::oneself("edit_records").changing();
const ASSIGN_RECORDS: Operation = Operation::oneself("assign_records").changing();
const DELETE_RECORDS: Operation = Operation::oneself("delete_records").changing();
const CLAIM_RECORDS: Operation = Operation::oneself("claim_records").changing();

pub(super) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(EDIT_RECORDS, edit_records))
        .with(guarded!(ASSIGN_RECORDS, assign_records))
        .with(guarded!(DELETE_RECORDS, delete_records))
        .with(guarded!(CLAIM_RECORDS, claim_records))
}

/// One patch for many records.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EditsWanted {
    /// The records, 2 000 at most.
    ids: Vec<RecordId>,
    /// What is to be another value on each.
    patch: PatchWanted,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
struct BulkShown {
    /// How many were changed; how many would be, where it is only tried.
    done: u64,
    /// Those that were not, with why.
    refused: Vec<RefusedShown>,
    /// The row of the ledger, if anything changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<ChangeMade>,
}

/// A record that was left as it is.
#[derive(Debug, Serialize, ToSchema)]
struct RefusedShown {
    /// The record.
    id: RecordId,
    /// Why.
    why: String,
    /// The code of the refusal, where it is one and the caller may know of the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<&'static str>,
    /// The limit of a pool that it met: `not_waiting`, `held`, `held_max`, `day_max`, `pause`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pool: Option<&'static str>,
    /// The number under which the refusal is explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<u64>,
}

impl From<BulkOutcome> for BulkShown {
    fn from(BulkOutcome { changed, done, refused }: BulkOutcome) -> Self {
        let shown = |BulkRefusal { id, why, refusal, pool, reference }| {
            let (refusal, pool) =
                (refusal.as_ref().map(refusal_code), pool.as_ref().map(PoolFault::code));
            RefusedShown { id, why, refusal, pool, reference }
        };
        let refused = refused.into_iter().map(shown);
        Self { done, refused: refused.collect(), changed: changed.map(ChangeMade::of_many) }
    }
}

/// Changes the same values of many records; those that may not be changed stay as they are.
#[utoipa::path(post, path = "/api/v1/record-edits/{object}", tag = "records",
    params(("object" = String, Path, description = "The object.")),
    request_body = EditsWanted, responses((status = 200, body = BulkShown)))]
async fn edit_records(
    caller: Caller,
    State(server): State<Server>,
    Path(object): Path<String>,
    Json(wanted): Json<EditsWanted>,
) -> Result<Json<BulkShown>, Problem> {
    let outcome = ask(&caller, &server, move |gate, asking| {
        gate.edit_records(asking, &ObjectId::from(object), &wanted.ids, &wanted.patch.into())
    })
    .await?;
    Ok(Json(outcome.into()))
}

/// Other owners for many records.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AssignmentsWanted {
    /// The records, 2 000 at most.
    ids: Vec<RecordId>,
    /// Whom they are to belong to.
    owners: BTreeSet<Owner>,
    /// Whose place they take: other owners of a record stay, and one that is not theirs any more is left. Absent, they
    /// take the place of all.
    instead_of: Option<Owner>,
    /// Whether it is only tried: then nothing is changed and nothing is recorded.
    #[serde(default)]
    dry_run: bool,
}

/// Gives many records other owners; those that may not be given away stay as they are.
#[utoipa::path(post, path = "/api/v1/record-assignments/{object}", tag = "records",
    params(("object" = String, Path, description = "The object.")),
    request_body = AssignmentsWanted, responses((status = 200, body = BulkShown)))]
async fn assign_records(
    caller: Caller,
    State(server): State<Server>,
    Path(object): Path<String>,
    Json(wanted): Json<AssignmentsWanted>,
) -> Result<Json<BulkShown>, Problem> {
    let AssignmentsWanted { ids, owners, instead_of, dry_run } = wanted;
    let doing = if dry_run { Doing::Trial } else { Doing::Act };
    let assignment =
        BulkAssignment { object: ObjectId::from(object), ids, owners, instead_of, doing };
    let outcome =
        ask(&caller, &server, move |gate, asking| gate.assign_records(asking, &assignment)).await?;
    Ok(Json(outcome.into()))
}

/// Records to be claimed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ClaimsWanted {
    /// The records, 2 000 at most, in the order in which they are wanted.
    ids: Vec<RecordId>,
}

/// Takes many waiting records from their pools, as far as the limits of the pools let; the caller owns them from then on.
#[utoipa::path(post, path = "/api/v1/record-claims/{object}", tag = "records",
    params(("object" = String, Path, description = "The object.")),
    request_body = ClaimsWanted, responses((status = 200, body = BulkShown)))]
async fn claim_records(
    caller: Caller,
    State(server): State<Server>,
    Path(object): Path<String>,
    Json(wanted): Json<ClaimsWanted>,
) -> Result<Json<BulkShown>, Problem> {
    let outcome = ask(&caller, &server, move |gate, asking| {
        gate.claim_records(asking, &ObjectId::from(object), &wanted.ids)
    })
    .await?;
    Ok(Json(outcome.into()))
}

/// Records to be deleted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DeletionsWanted {
    /// The records, 2 000 at most.
    ids: Vec<RecordId>,
}

/// Puts many records into the recycle bin; those that may not be deleted stay where they are.
#[utoipa::path(post, path = "/api/v1/record-deletions/{object}", tag = "records",
    params(("object" = String, Path, description = "The object.")),
    request_body = DeletionsWanted, responses((status = 200, body = BulkShown)))]
async fn delete_records(
    caller: Caller,
    State(server): State<Server>,
    Path(object): Path<String>,
    Json(wanted): Json<DeletionsWanted>,
) -> Result<Json<BulkShown>, Problem> {
    let outcome = ask(&caller, &server, move |gate, asking| {
        gate.delete_records(asking, &ObjectId::from(object), &wanted.ids)
    })
    .await?;
    Ok(Json(outcome.into()))
}
