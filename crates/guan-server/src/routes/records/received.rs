//! What is shared with somebody, for themself and who may ask about them: of records that the asker may read, no others.

use axum::extract::State;
use guan_engine::model::{Moment, ObjectId, RecordId, Rights, TeamMember, UserId};
use guan_store::{PageCursor, Received};
use serde::Serialize;
use utoipa::ToSchema;

use super::sharing::ShareShown;
use crate::asking::Asker;
use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::state::Server;

const LIST_RECEIVED: Operation = Operation::oneself("list_received_shares");

pub(super) fn routes() -> Routes {
    Routes::new().with(guarded!(LIST_RECEIVED, list_received_shares))
}

/// A record that is shared with a user.
#[derive(Debug, Serialize, ToSchema)]
struct ReceivedShown {
    /// The object.
    object: ObjectId,
    /// The record.
    record: RecordId,
    /// The shares that name them: by themself, by a group, or by where they stand.
    shares: Vec<ShareShown>,
    /// Their places in its team.
    team: Vec<MembershipShown>,
}

/// A place in the team of a record.
#[derive(Debug, Serialize, ToSchema)]
struct MembershipShown {
    /// As what.
    role: String,
    /// What they may do.
    rights: Rights,
    /// Until when, exclusive; absent for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    ends: Option<Moment>,
    /// Who put them there by hand; absent where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<UserId>,
}

impl From<Received> for ReceivedShown {
    fn from(Received { key, shares, team }: Received) -> Self {
        let member =
            |TeamMember { role, rights, ends, by, .. }| MembershipShown { role, rights, ends, by };
        Self {
            object: key.object,
            record: key.id,
            shares: shares.into_iter().map(ShareShown::from).collect(),
            team: team.into_iter().map(member).collect(),
        }
    }
}

/// The records that a share or the team opens to a user.
///
/// Those alone that the caller may read too, whatever a window lets them read. About others it takes the power
/// `guan.ask_about_others`.
#[utoipa::path(get, path = "/api/v1/users/{user}/shares", tag = "users",
    params(("user" = String, Path, description = "The user."), PageQuery),
    responses((status = 200, body = Page<ReceivedShown>)))]
async fn list_received_shares(
    caller: Caller,
    State(server): State<Server>,
    Path(user): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<ReceivedShown>>, Problem> {
    let (user, limit) = (UserId::new(user), query.limit()?);
    let after = query.cursor.map(PageCursor::new);
    let clock = server.now();
    let found = server.blocking(move |gate| {
        let is_oneself = user == *caller.user();
        if !is_oneself && !Asker::of(gate, &caller, clock.clone())?.may_ask_about(&user)? {
            return Err(Problem::not_found());
        }
        let asking = caller.asking(clock);
        Ok(gate.received(&asking, &user, (after.as_ref(), limit))?)
    });
    let page = found.await?;
    let items = page.items.into_iter().map(ReceivedShown::from).collect();
    Ok(Json(Page::new(items, page.next.map(|next| next.to_string()))))
}
