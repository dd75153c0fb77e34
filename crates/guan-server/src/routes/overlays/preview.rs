//! What a window would change, before anybody approves it.

use axum::extract::State;
use guan_engine::lifecycle::Wanted;
use guan_store::{DENIAL_DAYS, PreviewMode, WindowPreview};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::Json;
use crate::operation::Operation;
use crate::problem::Problem;
use crate::state::Server;

pub(super) const PREVIEW_OVERLAY: Operation =
    Operation::needs_one_of("preview_overlay", super::ENTITLED);

/// A window that is to be looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OverlayPreviewBody {
    /// What is wanted.
    wanted: Wanted,
    /// Whether everybody is counted, or pairs of a person and a record are drawn; absent for drawn.
    mode: Option<PreviewMode>,
    /// So many days back recorded denials are asked again, at most 365; absent for 30.
    #[schema(maximum = 365)]
    days: Option<u32>,
}

/// What a window would change: who gains and loses what, what stays closed, and which denials it would have allowed. Nothing is changed.
#[utoipa::path(post, path = "/api/v1/overlays/preview", tag = "overlays", request_body = OverlayPreviewBody, responses((status = 200, body = WindowPreview)))]
pub(super) async fn preview_overlay(
    caller: Caller,
    State(server): State<Server>,
    Json(body): Json<OverlayPreviewBody>,
) -> Result<Json<WindowPreview>, Problem> {
    let clock = server.now();
    let how = (
        body.mode.unwrap_or(PreviewMode::Estimate),
        body.days.unwrap_or(DENIAL_DAYS).min(DAYS_MAX),
    );
    let preview = server.blocking(move |gate| {
        let wanted = (caller.organization(), &body.wanted);
        gate.preview_window_over(&clock, wanted, how, &|_| {})
    });
    preview.await.map(Json)
}

/// Further back no denials are asked again.
const DAYS_MAX: u32 = 365;
