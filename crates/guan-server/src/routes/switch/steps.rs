//! The steps of a request: previewed, backed up, approved, refused, armed, opened, closed, reviewed.

use axum::extract::State;
use guan_engine::administration::Power;
use guan_engine::lifecycle::{Event, RequestId, Rule, Verdict};
use guan_store::{Gate, PreviewMode, Progress, WindowCall, WindowFault};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::shown::RequestShown;
use super::{ENTITLED, call, id};
use crate::caller::{Caller, Proof};
use crate::etag::Tagged;
use crate::extract::{Json, Path};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::problem::{Code, Problem};
use crate::routes::session::{Proven, prove};
use crate::state::Server;

const PREVIEW_WINDOW: Operation =
    Operation::needs("preview_window", Power::ManageOverlays).changing().long();
const SHOW_WINDOW_PROGRESS: Operation = Operation::needs_one_of("show_window_progress", ENTITLED);
const BACK_UP_WINDOW: Operation =
    Operation::needs("back_up_window", Power::ManageOverlays).changing().long();
const APPROVE_WINDOW: Operation =
    Operation::needs("approve_window", Power::ApproveOverlays).changing();
const TAKE_BACK_APPROVAL: Operation =
    Operation::needs("take_back_approval", Power::ApproveOverlays).changing();
const REFUSE_WINDOW: Operation =
    Operation::needs("refuse_window", Power::ApproveOverlays).changing();
const WITHDRAW_WINDOW: Operation = Operation::needs_one_of("withdraw_window", ENTITLED).changing();
const ARM_WINDOW: Operation =
    Operation::needs("arm_window", Power::ManageOverlays).changing().long();
const OPEN_WINDOW: Operation =
    Operation::needs("open_window", Power::ManageOverlays).changing().long();
/// A window may have taken the powers of those who opened it: the engine says who closes.
const CLOSE_WINDOW: Operation = Operation::oneself("close_window").changing();
const REVIEW_WINDOW: Operation =
    Operation::needs("review_window", Power::ReviewOverlays).changing();

pub(super) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(PREVIEW_WINDOW, preview_window))
        .with(guarded!(SHOW_WINDOW_PROGRESS, show_window_progress))
        .with(guarded!(BACK_UP_WINDOW, back_up_window))
        .with(guarded!(APPROVE_WINDOW, approve_window))
        .with(guarded!(TAKE_BACK_APPROVAL, take_back_approval))
        .with(guarded!(REFUSE_WINDOW, refuse_window))
        .with(guarded!(WITHDRAW_WINDOW, withdraw_window))
        .with(guarded!(ARM_WINDOW, arm_window))
        .with(guarded!(OPEN_WINDOW, open_window))
        .with(guarded!(CLOSE_WINDOW, close_window))
        .with(guarded!(REVIEW_WINDOW, review_window))
}

/// The version of the request that was seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SeenBody {
    /// Its member `version`.
    version: u64,
}

/// What is previewed, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PreviewBody {
    /// The version that was seen.
    version: u64,
    /// `exact` or `estimate`; absent exact.
    mode: Option<PreviewMode>,
}

/// How far a preview is.
#[derive(Debug, Serialize, ToSchema)]
struct ProgressShown {
    /// People counted; absent while nothing is worked out.
    done: Option<u64>,
    /// People to be counted.
    total: Option<u64>,
}

/// A yes to what was seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApprovalBody {
    /// The version that was seen.
    version: u64,
    /// The edition that was seen.
    edition: u32,
    /// A text of one's own that is used once: the same approval sent again is refused.
    #[schema(min_length = 1)]
    key: String,
}

/// A no, or a withdrawal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RefusalBody {
    /// The version that was seen.
    version: u64,
    /// Why; may be empty.
    #[serde(default)]
    words: String,
}

/// An opening.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OpeningBody {
    /// The version that was seen.
    version: u64,
    /// The password of the caller, as fresh proof of who they are: an emergency needs it.
    password: Option<String>,
}

/// A closing: it always wins, so no version is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ClosingBody {
    /// Why; may be empty.
    #[serde(default)]
    words: String,
}

/// A sign-off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReviewBody {
    /// The version that was seen.
    version: u64,
    /// What the reviewer says.
    verdict: Verdict,
    /// In words; needed for findings.
    #[serde(default)]
    words: String,
}

type Answer = Result<Tagged<RequestShown>, Problem>;

/// A program agrees with nobody: whoever approves or signs off has signed in.
fn a_person(caller: &Caller) -> Result<(), Problem> {
    match caller.identity().proof {
        Proof::Session { .. } => Ok(()),
        Proof::Token { .. } => {
            Err(Problem::new(Code::ScopeMissing).detail("a person approves and signs off: sign in"))
        }
    }
}

/// Takes a step and shows what became of the request.
async fn take(
    server: &Server,
    call: WindowCall,
    request: String,
    step: impl FnOnce(&Gate, &WindowCall, &RequestId) -> Result<(), WindowFault> + Send + 'static,
) -> Answer {
    let shown = server
        .blocking(move |gate| {
            let id = id(request);
            step(gate, &call, &id)?;
            gate.show_window(&call, &id)
        })
        .await?;
    Ok(RequestShown::of(shown).tagged())
}

async fn step(server: &Server, caller: &Caller, place: (String, u64), event: Event) -> Answer {
    let (request, version) = place;
    take(server, call(server, caller), request, move |gate, call, id| {
        gate.step_window(call, (id, version), event).map(drop)
    })
    .await
}

/// Works out what the window would change and keeps it with the request: exactly, unless an estimate is asked for, which
/// states its error.
#[utoipa::path(post, path = "/api/v1/switch/requests/{request}/preview", tag = "switch", params(("request" = String, Path)), request_body = PreviewBody, responses((status = 200, body = RequestShown)))]
async fn preview_window(
    caller: Caller,
    State(server): State<Server>,
    Path(request): Path<String>,
    Json(body): Json<PreviewBody>,
) -> Answer {
    let call = call(&server, &caller);
    let mode = body.mode.unwrap_or(PreviewMode::Exact);
    let told = server.clone();
    take(&server, call, request, move |gate, call, id| {
        let key = (call.organization.clone(), id.clone());
        let progress = |now: Progress| told.progress().tell(&key, (now.done, now.total));
        let kept = gate.preview_request(call, (id, body.version), mode, &progress);
        told.progress().end(&key);
        kept.map(drop)
    })
    .await
}

/// How far the preview is that is worked out for the request now, on this node.
#[utoipa::path(get, path = "/api/v1/switch/requests/{request}/progress", tag = "switch", params(("request" = String, Path)), responses((status = 200, body = ProgressShown)))]
async fn show_window_progress(
    caller: Caller,
    State(server): State<Server>,
    Path(request): Path<String>,
) -> Result<Json<ProgressShown>, Problem> {
    let key = (caller.organization().clone(), id(request));
    let now = server.progress().of(&key);
    Ok(Json(ProgressShown { done: now.map(|now| now.0), total: now.map(|now| now.1) }))
}

/// Takes a backup, reads it again and compares its digests.
#[utoipa::path(post, path = "/api/v1/switch/requests/{request}/backup", tag = "switch", params(("request" = String, Path)), request_body = SeenBody, responses((status = 200, body = RequestShown)))]
async fn back_up_window(
    caller: Caller,
    State(server): State<Server>,
    Path(request): Path<String>,
    Json(body): Json<SeenBody>,
) -> Answer {
    let call = call(&server, &caller);
    take(&server, call, request, move |gate, call, id| {
        gate.back_up_window(call, (id, body.version)).map(drop)
    })
    .await
}

/// Approves what was seen; takes a session, since a program is nobody's second person. Whether it counts is asked again at every step up to the opening.
#[utoipa::path(post, path = "/api/v1/switch/requests/{request}/approval", tag = "switch", params(("request" = String, Path)), request_body = ApprovalBody, responses((status = 200, body = RequestShown)))]
async fn approve_window(
    caller: Caller,
    State(server): State<Server>,
    Path(request): Path<String>,
    Json(body): Json<ApprovalBody>,
) -> Answer {
    a_person(&caller)?;
    let ApprovalBody { version, edition, key } = body;
    step(&server, &caller, (request, version), Event::Approve { edition, key }).await
}

/// Takes the caller's own approval back.
#[utoipa::path(post, path = "/api/v1/switch/requests/{request}/approval/withdrawal", tag = "switch", params(("request" = String, Path)), request_body = SeenBody, responses((status = 200, body = RequestShown)))]
async fn take_back_approval(
    caller: Caller,
    State(server): State<Server>,
    Path(request): Path<String>,
    Json(body): Json<SeenBody>,
) -> Answer {
    step(&server, &caller, (request, body.version), Event::TakeBack).await
}

/// Says no: the request is over.
#[utoipa::path(post, path = "/api/v1/switch/requests/{request}/refusal", tag = "switch", params(("request" = String, Path)), request_body = RefusalBody, responses((status = 200, body = RequestShown)))]
async fn refuse_window(
    caller: Caller,
    State(server): State<Server>,
    Path(request): Path<String>,
    Json(body): Json<RefusalBody>,
) -> Answer {
    let RefusalBody { version, words } = body;
    step(&server, &caller, (request, version), Event::Refuse { words }).await
}

/// Takes the request back: it is over.
#[utoipa::path(post, path = "/api/v1/switch/requests/{request}/withdrawal", tag = "switch", params(("request" = String, Path)), request_body = RefusalBody, responses((status = 200, body = RequestShown)))]
async fn withdraw_window(
    caller: Caller,
    State(server): State<Server>,
    Path(request): Path<String>,
    Json(body): Json<RefusalBody>,
) -> Answer {
    let RefusalBody { version, words } = body;
    step(&server, &caller, (request, version), Event::Withdraw { words }).await
}

/// Reads the backup again and asks everything that the opening will ask.
#[utoipa::path(post, path = "/api/v1/switch/requests/{request}/arming", tag = "switch", params(("request" = String, Path)), request_body = SeenBody, responses((status = 200, body = RequestShown)))]
async fn arm_window(
    caller: Caller,
    State(server): State<Server>,
    Path(request): Path<String>,
    Json(body): Json<SeenBody>,
) -> Answer {
    let call = call(&server, &caller);
    take(&server, call, request, move |gate, call, id| {
        gate.arm_window(call, (id, body.version)).map(drop)
    })
    .await
}

/// Opens the window: from the answer on it acts. An approved request is armed by the same step.
#[utoipa::path(post, path = "/api/v1/switch/requests/{request}/opening", tag = "switch", params(("request" = String, Path)), request_body = OpeningBody, responses((status = 200, body = RequestShown)))]
async fn open_window(
    caller: Caller,
    State(server): State<Server>,
    Path(request): Path<String>,
    Json(body): Json<OpeningBody>,
) -> Answer {
    let mut call = call(&server, &caller);
    if let Some(given) = body.password {
        if prove(&server, &caller, given).await? == Proven::Wrong {
            let wrong = "the password is not the one of the caller";
            return Err(Problem::new(Code::SignInRefused).detail(wrong));
        }
        call.stepped_up = Some(call.clock.wall);
    }
    take(&server, call, request, move |gate, call, id| {
        gate.open_window(call, (id, body.version)).map(drop)
    })
    .await
}

/// Closes the window by hand, with those that carry it on. It always wins. Its authors, those who approved it, who opened it
/// and whoever holds one of the powers over windows may; to others it is not there.
#[utoipa::path(post, path = "/api/v1/switch/requests/{request}/closing", tag = "switch", params(("request" = String, Path)), request_body = ClosingBody, responses((status = 200, body = RequestShown)))]
async fn close_window(
    caller: Caller,
    State(server): State<Server>,
    Path(request): Path<String>,
    Json(body): Json<ClosingBody>,
) -> Answer {
    let call = call(&server, &caller);
    server
        .blocking(move |gate| {
            let id = id(request);
            match gate.close_window(&call, &id, &body.words) {
                Err(WindowFault::Rule(Rule::MayNot { .. })) => Err(Problem::not_found()),
                Err(fault) => Err(fault.into()),
                Ok(_) => Ok(RequestShown::of(gate.show_window(&call, &id)?).tagged()),
            }
        })
        .await
}

/// Signs the report off; takes a session.
#[utoipa::path(post, path = "/api/v1/switch/requests/{request}/review", tag = "switch", params(("request" = String, Path)), request_body = ReviewBody, responses((status = 200, body = RequestShown)))]
async fn review_window(
    caller: Caller,
    State(server): State<Server>,
    Path(request): Path<String>,
    Json(body): Json<ReviewBody>,
) -> Answer {
    a_person(&caller)?;
    let ReviewBody { version, verdict, words } = body;
    step(&server, &caller, (request, version), Event::Review { verdict, words }).await
}
