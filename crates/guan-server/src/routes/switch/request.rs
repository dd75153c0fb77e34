//! Requests for windows: written, listed, shown, edited, with their preview and their report.

use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use guan_engine::administration::Power;
use guan_engine::lifecycle::{Event, RequestId, Rule, State as Life, Wanted};
use guan_engine::model::{AddressRange, Moment, OverlayEffect};
use guan_store::{ShownRequest, WindowDocument, WindowFault, WindowReport};
use serde::{Deserialize, Serialize};

use super::shown::RequestShown;
use super::{ENTITLED, call, id};
use crate::caller::Caller;
use crate::etag::{IfMatch, Tagged};
use crate::extract::{Json, Path, Query, json_body, parse};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::page::{self, Page, PageQuery};
use crate::problem::{Code, Problem};
use crate::state::Server;

const DRAFT_WINDOW: Operation = Operation::needs("draft_window", Power::ManageOverlays).changing();
const EDIT_WINDOW: Operation = Operation::needs("edit_window", Power::ManageOverlays).changing();
const LIST_WINDOWS: Operation = Operation::needs_one_of("list_windows", ENTITLED);
const SHOW_WINDOW: Operation = Operation::needs_one_of("show_window", ENTITLED);
const SHOW_WINDOW_PREVIEW: Operation = Operation::needs_one_of("show_window_preview", ENTITLED);
const SHOW_WINDOW_REPORT: Operation = Operation::needs_one_of("show_window_report", ENTITLED);

pub(super) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(LIST_WINDOWS, list_windows))
        .with(guarded!(DRAFT_WINDOW, draft_window))
        .with(guarded!(SHOW_WINDOW, show_window))
        .with(guarded!(EDIT_WINDOW, edit_window))
        .with(guarded!(SHOW_WINDOW_PREVIEW, show_window_preview))
        .with(guarded!(SHOW_WINDOW_REPORT, show_window_report))
}

/// What is asked for, as a body: what of it cannot be read is told by its rule, where it has one.
struct Asked(Wanted);

impl FromRequest<Server> for Asked {
    type Rejection = Problem;

    async fn from_request(request: Request, server: &Server) -> Result<Self, Problem> {
        let body = json_body(request, server).await?;
        parse(&body).map(Self).map_err(|problem| match unreadable(&body) {
            Some(rule) => WindowFault::from(rule).into(),
            None => problem,
        })
    }
}

/// The rule that refuses networks or an effect that cannot be read; none where something else is wrong.
fn unreadable(body: &[u8]) -> Option<Rule> {
    let body: serde_json::Value = parse(body).ok()?;
    let networks = body.pointer("/audience/networks").and_then(serde_json::Value::as_array);
    let network =
        networks.into_iter().flatten().find_map(|one| AddressRange::deserialize(one).err());
    if let Some(error) = network {
        return Some(Rule::UnreadableNetwork { what: error.to_string() });
    }
    let effect = OverlayEffect::deserialize(body.get("effect")?).err()?;
    Some(Rule::UnknownScope { what: effect.to_string() })
}

/// Which requests.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WindowsQuery {
    /// Only those in one of these states, parted by commas: all of them at once, without pages.
    state: Option<String>,
    /// Only those that wait for the caller's approval or review.
    #[serde(default)]
    waiting: bool,
    /// Items on the page, 1 to 200; absent 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The member `next` of the page before.
    cursor: Option<String>,
}

impl WindowsQuery {
    fn states(&self) -> Result<Vec<Life>, Problem> {
        if self.waiting {
            return Ok(vec![Life::BackedUp, Life::Reported]);
        }
        let names = self.state.iter().flat_map(|list| list.split(','));
        names
            .map(|name| {
                let known = Life::ALL.into_iter().find(|state| state.name() == name);
                known.ok_or_else(|| {
                    Problem::new(Code::BadQuery).detail(format!("there is no state `{name}`"))
                })
            })
            .collect()
    }

    /// The last request of the page before, as the cursor says.
    fn after(&self) -> Result<Option<(Moment, RequestId)>, Problem> {
        let query = PageQuery { limit: self.limit, cursor: self.cursor.clone() };
        let Some(key) = query.after()? else { return Ok(None) };
        let read = key
            .split_once(' ')
            .and_then(|(at, id)| Some((Moment(at.parse().ok()?), RequestId::new(id))));
        read.map(Some).ok_or_else(|| Problem::new(Code::BadCursor))
    }
}

/// Requests for windows, newest first.
#[utoipa::path(get, path = "/api/v1/switch/requests", tag = "switch", params(WindowsQuery), responses((status = 200, body = Page<RequestShown>)))]
async fn list_windows(
    caller: Caller,
    State(server): State<Server>,
    Query(query): Query<WindowsQuery>,
) -> Result<Json<Page<RequestShown>>, Problem> {
    let (limit, states, after) = (page::limit(query.limit)?, query.states()?, query.after()?);
    let call = call(&server, &caller);
    let waiting = query.waiting;
    let (shown, is_page) = server
        .blocking(move |gate| {
            if states.is_empty() {
                let after = after.as_ref().map(|(at, id)| (*at, id));
                // One more tells whether there is another page.
                let found = gate.list_windows(&call, after, limit as u64 + 1)?;
                return Ok::<_, WindowFault>((found, true));
            }
            let mut found = Vec::new();
            for state in states {
                found.extend(gate.list_windows_in(&call, state)?);
            }
            let waits =
                |one: &ShownRequest| one.may.contains(&"approve") || one.may.contains(&"review");
            found.retain(|one| !waiting || waits(one));
            found.sort_by_key(|one| std::cmp::Reverse(one.request.drafted));
            Ok((found, false))
        })
        .await?;
    let more = is_page && shown.len() > limit;
    let taken = if is_page { limit } else { shown.len() };
    let items: Vec<_> = shown.into_iter().take(taken).map(RequestShown::of).collect();
    let next = items.last().filter(|_| more).map(|last| {
        let request = last.request();
        page::seal(&format!("{} {}", request.drafted.0, request.id))
    });
    Ok(Json(Page::new(items, next)))
}

/// Writes a request down. Nothing is relaxed by it.
#[utoipa::path(post, path = "/api/v1/switch/requests", tag = "switch", request_body = Wanted, responses((status = 201, body = RequestShown)))]
async fn draft_window(
    caller: Caller,
    State(server): State<Server>,
    Asked(wanted): Asked,
) -> Result<Response, Problem> {
    let call = call(&server, &caller);
    let shown = server
        .blocking(move |gate| {
            let request = gate.draft_window(&call, wanted)?;
            gate.show_window(&call, &request.id)
        })
        .await?;
    Ok((StatusCode::CREATED, RequestShown::of(shown).tagged()).into_response())
}

/// One request.
#[utoipa::path(get, path = "/api/v1/switch/requests/{request}", tag = "switch", params(("request" = String, Path)), responses((status = 200, body = RequestShown)))]
async fn show_window(
    caller: Caller,
    State(server): State<Server>,
    Path(request): Path<String>,
) -> Result<Tagged<RequestShown>, Problem> {
    let call = call(&server, &caller);
    let shown = server.blocking(move |gate| gate.show_window(&call, &id(request))).await?;
    Ok(RequestShown::of(shown).tagged())
}

/// Asks for something else. Preview, backup and approvals count no more.
#[utoipa::path(put, path = "/api/v1/switch/requests/{request}", tag = "switch", params(("request" = String, Path)), request_body = Wanted, responses((status = 200, body = RequestShown)))]
async fn edit_window(
    caller: Caller,
    State(server): State<Server>,
    Path(request): Path<String>,
    seen: IfMatch,
    Asked(wanted): Asked,
) -> Result<Tagged<RequestShown>, Problem> {
    let call = call(&server, &caller);
    let version = seen.number()?;
    let shown = server
        .blocking(move |gate| {
            let id = id(request);
            let version = match version {
                Some(version) => version,
                None => gate.show_window(&call, &id)?.request.version,
            };
            gate.step_window(&call, (&id, version), Event::Edit(Box::new(wanted)))?;
            gate.show_window(&call, &id)
        })
        .await?;
    Ok(RequestShown::of(shown).tagged())
}

/// What the window would change, as it was worked out last.
#[utoipa::path(get, path = "/api/v1/switch/requests/{request}/preview", tag = "switch", params(("request" = String, Path)), responses((status = 200, body = serde_json::Value)))]
async fn show_window_preview(
    caller: Caller,
    State(server): State<Server>,
    Path(request): Path<String>,
) -> Result<Json<serde_json::Value>, Problem> {
    let text = server
        .blocking(move |gate| {
            let place = (caller.organization(), &id(request));
            gate.read(|reader| {
                reader.window_request(place.0, place.1)?;
                reader.window_document(place.0, place.1, WindowDocument::Preview)
            })
        })
        .await?;
    let value = text.and_then(|text| serde_json::from_str(&text).ok());
    value.map(Json).ok_or_else(|| Problem::not_found().detail("it was not previewed yet"))
}

/// A report, as it stands now.
#[derive(Debug, Serialize)]
#[serde(transparent)]
struct Shown(WindowReport);

/// Everything about a window from its request to its review, put together anew from rows that can be verified.
#[utoipa::path(get, path = "/api/v1/switch/requests/{request}/report", tag = "switch", params(("request" = String, Path)), responses((status = 200, body = serde_json::Value)))]
async fn show_window_report(
    caller: Caller,
    State(server): State<Server>,
    Path(request): Path<String>,
) -> Result<Json<Shown>, Problem> {
    let clock = server.now();
    let report = server
        .blocking(move |gate| gate.window_report(caller.organization(), &clock, &id(request)))
        .await?;
    Ok(Json(Shown(report)))
}
