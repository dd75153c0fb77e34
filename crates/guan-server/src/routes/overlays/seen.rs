//! What everybody in scope is shown while an overlay lasts.

use axum::extract::State;
use guan_engine::activity::is_acting;
use guan_engine::model::{Moment, OverlayId};
use guan_store::GateError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::concerning::kind;
use crate::extract::Json;
use crate::problem::Problem;
use crate::state::Server;

/// The overlays that act and concern the caller.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Active {
    /// In the order of their ids.
    overlays: Vec<ActiveOverlay>,
}

/// An overlay that acts now.
#[derive(Debug, Serialize, ToSchema)]
struct ActiveOverlay {
    /// Its id; answers that it relaxes name it in the header `Guan-Overlay`.
    id: OverlayId,
    /// `suspension`, `elevation` or `disablement`.
    kind: &'static str,
    /// Its end.
    ends: Moment,
    /// Seconds that are left.
    left_s: i64,
    /// Why it was opened.
    reason: String,
}

/// The overlays that act now and concern the caller, coming from where they come from.
#[utoipa::path(get, path = "/api/v1/overlays/active", tag = "overlays", responses((status = 200, body = Active)))]
pub(super) async fn list_active_overlays(
    caller: Caller,
    State(server): State<Server>,
) -> Result<Json<Active>, Problem> {
    let clock = server.now();
    let overlays = server
        .blocking(move |gate| {
            let view = gate.view(caller.organization())?;
            let facts = view.facts(&clock);
            let session = caller.session(clock.wall);
            let acting = view.overlays().iter().filter(|row| {
                is_acting(row, &facts).is_ok()
                    && view.engine().concerns(&row.overlay.audience, &session)
            });
            let shown = acting.map(|row| ActiveOverlay {
                id: row.id.clone(),
                kind: kind(&row.overlay.effect),
                ends: row.overlay.ends,
                left_s: row.overlay.ends.since(clock.wall).0.div_euclid(1_000),
                reason: row.overlay.reason.clone(),
            });
            Ok::<_, GateError>(shown.collect())
        })
        .await?;
    Ok(Json(Active { overlays }))
}
