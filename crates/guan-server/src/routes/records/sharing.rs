//! Who else gets at a record: shares and the record team.

use axum::extract::State;
use guan_engine::answer::Evidence;
use guan_engine::model::{
    Moment, ObjectId, OverlayId, Principal, Rights, Share, TeamMember, UserId,
};
use guan_store::RecordReader;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

use super::shape::{ChangeMade, Made};
use super::{ask, change, key};
use crate::caller::Caller;
use crate::etag::IfMatch;
use crate::extract::{Json, Path, Query};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::page::{Page, PageQuery};
use crate::problem::{Code, Problem};
use crate::state::Server;

const LIST_SHARES: Operation = Operation::oneself("list_shares");
const LIST_READERS: Operation = Operation::oneself("list_readers");
const SHARE_RECORD: Operation = Operation::oneself("share_record").changing();
const UNSHARE_RECORD: Operation = Operation::oneself("unshare_record").changing();
const ADD_TEAM_MEMBER: Operation = Operation::oneself("add_team_member").changing();
const REMOVE_TEAM_MEMBER: Operation = Operation::oneself("remove_team_member").changing();

pub(super) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(LIST_SHARES, list_shares))
        .with(guarded!(LIST_READERS, list_readers))
        .with(guarded!(SHARE_RECORD, share_record))
        .with(guarded!(UNSHARE_RECORD, unshare_record))
        .with(guarded!(ADD_TEAM_MEMBER, add_team_member))
        .with(guarded!(REMOVE_TEAM_MEMBER, remove_team_member))
}

/// A share.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ShareShown {
    /// With whom.
    to: Principal,
    /// What they may do.
    rights: Rights,
    /// Until when, exclusive; absent for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    ends: Option<Moment>,
    /// Why it exists: `manual`, or what made it.
    cause: String,
    /// Who shared it by hand; absent where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<UserId>,
    /// What it gives on child records.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    child_levels: BTreeMap<ObjectId, Rights>,
}

impl From<Share> for ShareShown {
    fn from(Share { to, rights, ends, cause, by, child_levels }: Share) -> Self {
        Self { to, rights, ends, cause, by, child_levels }
    }
}

/// With whom a record is shared; for those who may share it.
#[utoipa::path(get, path = "/api/v1/records/{object}/{id}/shares", tag = "records",
    params(("object" = String, Path, description = "The object."), ("id" = String, Path, description = "The record.")),
    responses((status = 200, body = Vec<ShareShown>)))]
async fn list_shares(
    caller: Caller,
    State(server): State<Server>,
    Path(path): Path<(String, String)>,
) -> Result<Json<Vec<ShareShown>>, Problem> {
    let key = key(path);
    let shares =
        ask(&caller, &server, move |gate, asking| gate.record_shares(asking, &key)).await?;
    Ok(Json(shares.into_iter().map(ShareShown::from).collect()))
}

/// Somebody who may read a record.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct ReaderShown {
    /// Who.
    user: UserId,
    /// How they reach it. Absent where an overlay opens the record to them, and where the path leads over another record
    /// that the caller does not see.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<Evidence>,
    /// The overlay without which they would be refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    overlay: Option<OverlayId>,
}

impl From<RecordReader> for ReaderShown {
    fn from(RecordReader { user, path, overlay }: RecordReader) -> Self {
        Self { user, path, overlay }
    }
}

/// Everybody who may read a record and how they reach it; for those who may share it.
#[utoipa::path(get, path = "/api/v1/records/{object}/{id}/readers", tag = "records",
    params(("object" = String, Path, description = "The object."), ("id" = String, Path, description = "The record."), PageQuery),
    responses((status = 200, body = Page<ReaderShown>)))]
async fn list_readers(
    caller: Caller,
    State(server): State<Server>,
    Path(path): Path<(String, String)>,
    Query(parameters): Query<PageQuery>,
) -> Result<Json<Page<ReaderShown>>, Problem> {
    let key = key(path);
    let found =
        ask(&caller, &server, move |gate, asking| gate.record_readers(asking, &key)).await?;
    let page = Page::cut(&found, &parameters, |one| one.user.as_str(), |one| one.clone().into())?;
    Ok(Json(page))
}

/// A share to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShareWanted {
    /// With whom: `user:ID`, `group:ID` …
    to: Principal,
    /// What they may do; nobody shares more than they hold.
    rights: Rights,
    /// Until when, exclusive; absent for ever.
    ends: Option<Moment>,
}

/// Shares a record, or changes the share with the same target.
#[utoipa::path(post, path = "/api/v1/records/{object}/{id}/shares", tag = "records",
    params(("object" = String, Path, description = "The object."), ("id" = String, Path, description = "The record."),
        ("If-Match" = String, Header, description = "The state that the change was made from.")),
    request_body = ShareWanted, responses((status = 200, body = ChangeMade)))]
async fn share_record(
    caller: Caller,
    State(server): State<Server>,
    Path(path): Path<(String, String)>,
    if_match: IfMatch,
    Json(wanted): Json<ShareWanted>,
) -> Result<Made, Problem> {
    let share = Share { ends: wanted.ends, ..Share::manual(wanted.to, wanted.rights) };
    change(&caller, &server, (path, if_match), move |gate, asking, key, version| {
        gate.share_record(asking, key, version, share)
    })
    .await
}

/// Takes the shares with somebody off a record.
#[utoipa::path(delete, path = "/api/v1/records/{object}/{id}/shares/{principal}", tag = "records",
    params(("object" = String, Path, description = "The object."), ("id" = String, Path, description = "The record."),
        ("principal" = String, Path, description = "With whom it is shared."),
        ("If-Match" = String, Header, description = "The state that the change was made from.")),
    responses((status = 200, body = ChangeMade)))]
async fn unshare_record(
    caller: Caller,
    State(server): State<Server>,
    Path((object, id, principal)): Path<(String, String, String)>,
    if_match: IfMatch,
) -> Result<Made, Problem> {
    let principal: Principal =
        principal.parse().map_err(|what: String| Problem::new(Code::BadPath).detail(what))?;
    change(&caller, &server, ((object, id), if_match), move |gate, asking, key, version| {
        gate.unshare_record(asking, key, version, &principal)
    })
    .await
}

/// A member of a record team.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MemberWanted {
    /// Who.
    user: UserId,
    /// As what.
    #[serde(default)]
    role: String,
    /// What they may do; nobody gives more than they hold.
    rights: Rights,
    /// Until when, exclusive; absent for ever.
    ends: Option<Moment>,
}

/// Puts somebody into the team of a record, or changes their place in it.
#[utoipa::path(post, path = "/api/v1/records/{object}/{id}/team", tag = "records",
    params(("object" = String, Path, description = "The object."), ("id" = String, Path, description = "The record."),
        ("If-Match" = String, Header, description = "The state that the change was made from.")),
    request_body = MemberWanted, responses((status = 200, body = ChangeMade)))]
async fn add_team_member(
    caller: Caller,
    State(server): State<Server>,
    Path(path): Path<(String, String)>,
    if_match: IfMatch,
    Json(wanted): Json<MemberWanted>,
) -> Result<Made, Problem> {
    let MemberWanted { user, role, rights, ends } = wanted;
    let member = TeamMember { user, role, rights, ends, by: None, child_levels: BTreeMap::new() };
    change(&caller, &server, (path, if_match), move |gate, asking, key, version| {
        gate.add_team_member(asking, key, version, member)
    })
    .await
}

/// Takes somebody out of the team of a record.
#[utoipa::path(delete, path = "/api/v1/records/{object}/{id}/team/{user}", tag = "records",
    params(("object" = String, Path, description = "The object."), ("id" = String, Path, description = "The record."),
        ("user" = String, Path, description = "The member."),
        ("If-Match" = String, Header, description = "The state that the change was made from.")),
    responses((status = 200, body = ChangeMade)))]
async fn remove_team_member(
    caller: Caller,
    State(server): State<Server>,
    Path((object, id, user)): Path<(String, String, String)>,
    if_match: IfMatch,
) -> Result<Made, Problem> {
    let user = UserId::from(user);
    change(&caller, &server, ((object, id), if_match), move |gate, asking, key, version| {
        gate.remove_team_member(asking, key, version, &user)
    })
    .await
}
