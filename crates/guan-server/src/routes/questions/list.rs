//! The ids of the records on which an action may be done, and how many there are.

use axum::extract::State;
use guan_engine::ask::Target;
use guan_engine::model::{Action, FieldId, ObjectId};
use guan_engine::question::{Cursor, ListFault, ListQuery, Page, Sort};
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
    cursor: Option<Cursor>,
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

/// How many records.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CountShown {
    count: u64,
}

/// One page of the ids of the records on which they may do something. What a suspension adds is recorded first.
#[utoipa::path(post, path = "/api/v1/list", tag = "questions", request_body = ListBody, responses((status = 200, body = Page)))]
pub(super) async fn list_ids(
    caller: Caller,
    State(server): State<Server>,
    Json(body): Json<ListBody>,
) -> Result<Under<Page>, Problem> {
    let clock = server.now();
    let limit = page::limit(body.limit)?;
    server
        .blocking(move |gate| {
            let posed = Asker::of(gate, &caller, clock)?.pose(body.session)?;
            let action = body.action.unwrap_or(Action::Read);
            let mut query = ListQuery::first(body.object, limit);
            query.sort = Sort { by: body.sort, descending: body.descending };
            query.after = body.cursor;
            let Posed { session, caller, clock, .. } = &posed;
            let page = if posed.is_at_another_time {
                gate.view(&session.organization)?.engine().list(session, &action, &query)
            } else {
                gate.list(caller, clock, session, &action, &query)?.page
            };
            let page = page.map_err(|fault| match fault {
                ListFault::Refused { refusal } => {
                    posed.refuse(gate, (&action, &Target::Object(query.object)), &refusal)
                }
                ListFault::NoOrder { .. } => Problem::new(Code::Invalid).detail(fault.to_string()),
                ListFault::UnknownCursor => Problem::new(Code::BadCursor),
            })?;
            let overlays = page.relaxed.iter().map(|record| record.overlay.clone()).collect();
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
                let counted = gate.count(caller, clock, session, &action, &body.object)?;
                (counted.count, counted.relaxed_by)
            };
            let count = count.map_err(|refusal| {
                posed.refuse(gate, (&action, &Target::Object(body.object)), &refusal)
            })?;
            Ok::<_, Problem>(Under(overlays, CountShown { count }))
        })
        .await
}
