//! What administrators were told of windows, and how far each receiver is behind.

use axum::extract::State;
use guan_engine::administration::Power;
use guan_engine::model::{Moment, OverlayId};
use guan_store::{OutboxNotice, ReadError, ReceiverLag};
use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::Json;
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::problem::Problem;
use crate::state::Server;

/// Who looks: those who manage windows, those who review them, and those who run the installation.
const ENTITLED: &[Power] = &[Power::ManageOverlays, Power::ReviewOverlays];

const SHOW_NOTICES: Operation = Operation::needs_one_of("show_notices", ENTITLED);

/// Notices of one answer.
const LATEST: usize = 50;

/// The operations of this file.
pub(crate) fn routes() -> Routes {
    Routes::new().with(guarded!(SHOW_NOTICES, show_notices))
}

/// How the notices are getting on.
#[derive(Debug, Serialize, ToSchema)]
struct NoticesShown {
    /// The receivers of the settings, in the order of their names.
    receivers: Vec<ReceiverShown>,
    /// The latest notices, the newest first.
    latest: Vec<NoticeShown>,
}

/// How far a receiver is.
#[derive(Debug, Serialize, ToSchema)]
struct ReceiverShown {
    /// `mail`, or `webhook` and its place in the settings.
    receiver: String,
    /// The number of the last notice that it took.
    taken: u64,
    /// Notices that it has not taken.
    waiting: u64,
    /// Seconds since the oldest of these happened; absent where none waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    lag_s: Option<i64>,
    /// Failures since the last success.
    failures: u64,
    /// When it is tried again, where it is paused.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Moment>,
    /// What went wrong last; empty after a success.
    error: String,
}

/// A notice.
#[derive(Debug, Serialize, ToSchema)]
struct NoticeShown {
    /// Its place in the order.
    number: u64,
    /// `approval_wanted`, `approved`, `refused`, `expired`, `opened`, `emergency_opened`, `half_time`, `five_minutes_left`,
    /// `closed`, `review_wanted`, `self_test_failed` or `conflict_waits`.
    kind: String,
    /// The overlay.
    overlay: OverlayId,
    /// `suspension`, `elevation` or `disablement`.
    effect: String,
    /// When it happened.
    at: Moment,
    /// Of a closing: `deadline`, `by_hand`, `safety` or `idle`. Of an emergency: `notices_behind` where it opened although a
    /// receiver was not reached for a day. Of a refusal: `withdrawn` where it was the author's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
}

impl ReceiverShown {
    fn new(lag: ReceiverLag, now: Moment) -> Self {
        Self {
            receiver: lag.receiver,
            taken: lag.taken,
            waiting: lag.waiting,
            lag_s: lag.oldest.map(|oldest| now.since(oldest).0.div_euclid(1_000).max(0)),
            failures: lag.failures,
            next: lag.next.filter(|next| *next > now),
            error: lag.error,
        }
    }
}

impl From<OutboxNotice> for NoticeShown {
    fn from(notice: OutboxNotice) -> Self {
        let OutboxNotice { number, kind, overlay, effect, at, cause, .. } = notice;
        Self { number, kind, overlay, effect, at, cause }
    }
}

/// The notices of windows, and how far every receiver of this installation is behind.
#[utoipa::path(get, path = "/api/v1/switch/notices", tag = "overlays", responses((status = 200, body = NoticesShown)))]
async fn show_notices(
    caller: Caller,
    State(server): State<Server>,
) -> Result<Json<NoticesShown>, Problem> {
    let now = server.now().wall;
    let found = server.blocking(move |gate| {
        gate.read(|reader| {
            let organization = caller.organization();
            Ok::<_, ReadError>((reader.notice_lag(organization)?, reader.notices(organization, 0)?))
        })
    });
    let (lag, notices) = found.await?;
    let receivers = lag.into_iter().map(|lag| ReceiverShown::new(lag, now)).collect();
    let latest = notices.into_iter().rev().take(LATEST).map(NoticeShown::from).collect();
    Ok(Json(NoticesShown { receivers, latest }))
}
