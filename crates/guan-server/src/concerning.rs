//! The state of the off switch on every answer: overlays that act and concern whoever asked.

use std::fmt::Write as _;

use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use guan_engine::activity::is_acting;
use guan_engine::model::OverlayEffect;

use crate::caller::Caller;
use crate::state::Server;

/// The header that names the overlays that act for the caller, each with its kind and its end.
const HEADER: HeaderName = HeaderName::from_static("guan-overlay-acting");

/// The name of an effect.
pub(crate) const fn kind(effect: &OverlayEffect) -> &'static str {
    match effect {
        OverlayEffect::Suspension { .. } => "suspension",
        OverlayEffect::Elevation { .. } => "elevation",
        OverlayEffect::Disablement { .. } => "disablement",
    }
}

/// Adds the header `Guan-Overlay-Acting: w-1; kind=suspension; ends=2026-01-31T08:30:00Z, w-2; …` to an answer.
///
/// Cost: a look at a list in memory, which is empty while no overlay is open.
pub(crate) async fn tell(server: &Server, caller: &Caller, response: &mut Response) {
    let Ok(view) = server.view(caller.organization()).await else { return };
    if view.overlays().is_empty() {
        return;
    }
    let clock = server.now();
    let (facts, session) = (view.facts(&clock), caller.session(clock.wall));
    let mut text = String::new();
    for row in view.overlays_for(&session.subject) {
        let concerns = is_acting(row, &facts).is_ok()
            && view.engine().concerns(&row.overlay.audience, &session);
        if concerns {
            let (id, ends) = (row.id.as_str(), row.overlay.ends);
            let separator = if text.is_empty() { "" } else { ", " };
            let kind = kind(&row.overlay.effect);
            // Writing to a text never fails.
            let _written = write!(text, "{separator}{id}; kind={kind}; ends={ends}");
        }
    }
    if !text.is_empty()
        && let Ok(value) = HeaderValue::from_str(&text)
    {
        response.headers_mut().insert(HEADER, value);
    }
}
