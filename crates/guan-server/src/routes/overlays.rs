//! Overlays: closed by whoever is entitled, and told to everybody whom they concern. They are opened by requests alone.

mod preview;
mod seen;

use axum::extract::State;
use guan_engine::administration::Power;
use guan_engine::model::{Closing, Overlay, OverlayId};
use guan_store::{Report, Status, StoredOverlay, Which};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::state::Server;

/// Who may look at overlays and close them: closing always wins.
const ENTITLED: &[Power] = &[Power::ManageOverlays, Power::ApproveOverlays, Power::ReviewOverlays];

const CLOSE_OVERLAY: Operation = Operation::needs_one_of("close_overlay", ENTITLED).changing();
const LIST_OVERLAYS: Operation = Operation::needs_one_of("list_overlays", ENTITLED);
const SHOW_OVERLAY: Operation = Operation::needs_one_of("show_overlay", ENTITLED);
const REPORT_OVERLAY: Operation = Operation::needs_one_of("report_overlay", ENTITLED);
const SHOW_OVERLAY_STATUS: Operation = Operation::needs_one_of("show_overlay_status", ENTITLED);
const LIST_ACTIVE_OVERLAYS: Operation = Operation::oneself("list_active_overlays");

/// The operations of these files.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(LIST_OVERLAYS, list_overlays))
        .with(guarded!(LIST_ACTIVE_OVERLAYS, seen::list_active_overlays))
        .with(guarded!(SHOW_OVERLAY_STATUS, show_overlay_status))
        .with(guarded!(SHOW_OVERLAY, show_overlay))
        .with(guarded!(CLOSE_OVERLAY, close_overlay))
        .with(guarded!(REPORT_OVERLAY, report_overlay))
        .with(guarded!(preview::PREVIEW_OVERLAY, preview::preview_overlay))
}

/// An overlay as it is kept.
#[derive(Debug, Serialize, ToSchema)]
struct OverlayShown {
    /// Its id.
    id: OverlayId,
    /// What was opened.
    overlay: Overlay,
    /// Who opened it.
    requested_by: String,
    /// Whether its seal holds.
    seal_holds: bool,
    /// The backup that was taken for it.
    backup: String,
    /// How it ended, once that is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    closing: Option<Closing>,
}

impl OverlayShown {
    fn of(stored: &StoredOverlay) -> Self {
        Self {
            id: stored.id.clone(),
            overlay: stored.sealed.overlay.clone(),
            requested_by: stored.sealed.requested_by.clone(),
            seal_holds: stored.row().seal == guan_engine::activity::Seal::Verified,
            backup: stored.sealed.backup.clone(),
            closing: stored.closing.as_ref().map(|stored| stored.closing.clone()),
        }
    }
}

/// Which overlays.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OverlaysQuery {
    /// Only those whose end is not written.
    #[serde(default)]
    open: bool,
    /// Items on the page, 1 to 200; absent 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The member `next` of the page before.
    cursor: Option<String>,
}

/// Why an overlay is closed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CloseBody {
    /// Why; may be empty.
    #[serde(default)]
    reason: String,
}

/// Closes an overlay by hand. One that had ended before gets its own end written instead.
#[utoipa::path(post, path = "/api/v1/overlays/{overlay}/closing", tag = "overlays", params(("overlay" = String, Path)), request_body = CloseBody, responses((status = 200, body = Closing)))]
async fn close_overlay(
    caller: Caller,
    State(server): State<Server>,
    Path(overlay): Path<OverlayId>,
    Json(body): Json<CloseBody>,
) -> Result<Json<Closing>, Problem> {
    let clock = server.now();
    let closing = server
        .blocking(move |gate| {
            let place = (caller.organization(), &overlay);
            gate.close_overlay(&caller.who(), &clock, place, &body.reason)
        })
        .await?;
    Ok(Json(closing))
}

/// The overlays of the organization, in the order of their ids.
#[utoipa::path(get, path = "/api/v1/overlays", tag = "overlays", params(OverlaysQuery), responses((status = 200, body = Page<OverlayShown>)))]
async fn list_overlays(
    caller: Caller,
    State(server): State<Server>,
    Query(query): Query<OverlaysQuery>,
) -> Result<Json<Page<OverlayShown>>, Problem> {
    let which = if query.open { Which::Unclosed } else { Which::All };
    let stored = server
        .blocking(move |gate| gate.read(|reader| reader.overlays(caller.organization(), which)))
        .await?;
    let query = PageQuery { limit: query.limit, cursor: query.cursor };
    Page::cut(&stored, &query, |one| one.id.as_str(), OverlayShown::of).map(Json)
}

/// One overlay.
#[utoipa::path(get, path = "/api/v1/overlays/{overlay}", tag = "overlays", params(("overlay" = String, Path)), responses((status = 200, body = OverlayShown)))]
async fn show_overlay(
    caller: Caller,
    State(server): State<Server>,
    Path(overlay): Path<OverlayId>,
) -> Result<Json<OverlayShown>, Problem> {
    let stored = server
        .blocking(move |gate| gate.read(|reader| reader.overlay(caller.organization(), &overlay)))
        .await?;
    Ok(Json(OverlayShown::of(&stored)))
}

/// Everything about one overlay: who, why, every would-deny, every write, and that the policy is what it was.
#[utoipa::path(get, path = "/api/v1/overlays/{overlay}/report", tag = "overlays", params(("overlay" = String, Path)), responses((status = 200, body = serde_json::Value)))]
async fn report_overlay(
    caller: Caller,
    State(server): State<Server>,
    Path(overlay): Path<OverlayId>,
) -> Result<Json<Report>, Problem> {
    let clock = server.now();
    server
        .blocking(move |gate| {
            let facts = gate.view(caller.organization())?.facts(&clock);
            let report = gate.read(|reader| reader.report_by(&overlay, &facts))?;
            Ok::<_, Problem>(Json(report))
        })
        .await
}

/// Where the off switch stands: what acts, until when, and why a window could not be opened.
#[utoipa::path(get, path = "/api/v1/overlays/status", tag = "overlays", responses((status = 200, body = serde_json::Value)))]
async fn show_overlay_status(
    caller: Caller,
    State(server): State<Server>,
) -> Result<Json<Status>, Problem> {
    let clock = server.now();
    server
        .blocking(move |gate| {
            let facts = gate.view(caller.organization())?.facts(&clock);
            let status = gate.read(|reader| reader.status_by(&facts))?;
            Ok::<_, Problem>(Json(status))
        })
        .await
}
