//! The ids of the records on which an action may be done, and how many there are.

use axum::extract::State;
use guan_engine::ask::Target;
use guan_engine::model::{Action, FieldId, ObjectId, RecordId};
use guan_engine::question::{ListFault, ListQuery, RelaxedRecord, Sort};
use guan_store::PageCursor;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::asking::{Asker, Posed, Situation, Under};
use crate::caller::Caller;
use crate::extract::Json;
use crate::page;
use crate::problem::{Code, Problem};
use crate::state::Server;

/// Which list.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ListBody {
    /// Whom it is for.
    session: Option<Situation>,
    /// Records on which this may be done; absent `read`.
    action: Option<Action>,
    /// The object.
    object: ObjectId,
    /// An indexed field that orders the list; absent the order in which records came.
    sort: Option<FieldId>,
    /// From the greatest down.
    #[serde(default)]
    descending: bool,
    /// Ids on the page, 1 to 200; absent 50.
    #[schema(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The member `next` of the page before.
    cursor: Option<String>,
}

/// Which records are counted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CountBody {
    /// Whom it is for.
    session: Option<Situation>,
    /// Records on which this may be done; absent `read`.
    action: Option<Action>,
    /// The object.
    object: ObjectId,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ListPage {
    /// The records, in order.
    records: Vec<RecordId>,
    /// Where to go on; `null` on the last page.
    next: Option<String>,
    /// Those among them that the policy alone would not show.
    relaxed: Vec<RelaxedRecord>,
}

/// How many records.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CountShown {
    count: u64,
}

/// One page of the ids of the records on which they may do something. What a suspension adds is recorded first.
#[utoipa::path(post, path = "/api/v1/list", tag = "questions", request_body = ListBody, responses((status = 200, body = ListPage)))]
pub(super) async fn list_ids(
    caller: Caller,
    State(server): State<Server>,
    Json(body): Json<ListBody>,
) -> Result<Under<ListPage>, Problem> {
    let clock = server.now();
    let limit = page::limit(body.limit)?;
    server
        .blocking(move |gate| {
            let at = body.session.as_ref().and_then(|session| session.at);
            let posed = Asker::of(gate, &caller, clock)?.pose(body.session)?;
            let action = body.action.unwrap_or(Action::Read);
            let list = [
                caller.organization().as_str(),
                caller.user().as_str(),
                posed.session.subject.as_str(),
                &at.map(|at| at.to_string()).unwrap_or_default(),
                action.name(),
                body.object.as_str(),
                body.sort.as_ref().map_or("", FieldId::as_str),
                if body.descending { "down" } else { "up" },
            ];
            let after = match body.cursor {
                Some(text) => Some(
                    gate.open_cursor(&list, &PageCursor::new(text))?
                        .ok_or_else(|| Problem::new(Code::BadCursor))?,
                ),
                None => None,
            };
            let mut query = ListQuery::first(body.object.clone(), limit);
            query.sort = Sort { by: body.sort.clone(), descending: body.descending };
            query.after = after;
            let Posed { session, caller, clock, .. } = &posed;
            let page = if posed.is_at_another_time {
                gate.view(&session.organization)?.engine().list(session, &action, &query)
            } else {
                gate.list(&caller.who(), clock, session, &action, &query)?.page
            };
            let page = page.map_err(|fault| match fault {
                ListFault::Refused { refusal } => {
                    posed.refuse(gate, (&action, &Target::Object(query.object)), &refusal)
                }
                ListFault::NoOrder { .. } => Problem::new(Code::Invalid).detail(fault.to_string()),
                ListFault::UnknownCursor => Problem::new(Code::BadCursor),
            })?;
            let overlays = page.relaxed.iter().map(|record| record.overlay.clone()).collect();
            let next = page.next.map(|next| gate.seal_cursor(&list, next)).transpose()?;
            let next = next.map(|next| next.as_str().to_owned());
            let page = ListPage { records: page.records, next, relaxed: page.relaxed };
            Ok::<_, Problem>(Under(overlays, page))
        })
        .await
}

/// How many records there are on which they may do something.
#[utoipa::path(post, path = "/api/v1/count", tag = "questions", request_body = CountBody, responses((status = 200, body = CountShown)))]
pub(super) async fn count_ids(
    caller: Caller,
    State(server): State<Server>,
    Json(body): Json<CountBody>,
) -> Result<Under<CountShown>, Problem> {
    let clock = server.now();
    server
        .blocking(move |gate| {
            let posed = Asker::of(gate, &caller, clock)?.pose(body.session)?;
            let action = body.action.unwrap_or(Action::Read);
            let Posed { session, caller, clock, .. } = &posed;
            let (count, overlays) = if posed.is_at_another_time {
                let view = gate.view(&session.organization)?;
                (view.engine().count(session, &action, &body.object), Vec::new())
            } else {
                let counted = gate.count(&caller.who(), clock, session, &action, &body.object)?;
                (counted.count, counted.relaxed_by)
            };
            let count = count.map_err(|refusal| {
                posed.refuse(gate, (&action, &Target::Object(body.object)), &refusal)
            })?;
            Ok::<_, Problem>(Under(overlays, CountShown { count }))
        })
        .await
}
