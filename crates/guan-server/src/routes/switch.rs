//! The off switch: its state for everybody, its settings, and the life of the windows that are asked for.

mod events;
mod request;
mod settings;
mod shown;
mod steps;

pub(crate) use events::Stamps;

use std::collections::BTreeSet;

use axum::extract::State;
use guan_engine::activity::{Dormant, is_acting};
use guan_engine::administration::Power;
use guan_engine::lifecycle::{Actor, RequestId};
use guan_engine::model::{Action, Moment, ObjectId, OverlayEffect, OverlayId, Policy};
use guan_engine::question::Relief;
use guan_store::{WindowCall, WindowFault};
use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::Json;
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::problem::{Code, Problem};
use crate::state::Server;

/// Who sees requests, and closes windows.
pub(super) const ENTITLED: &[Power] =
    &[Power::ManageOverlays, Power::ApproveOverlays, Power::ReviewOverlays];

const SHOW_SWITCH: Operation = Operation::oneself("show_switch");

/// The operations of these files.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(SHOW_SWITCH, show_switch))
        .merge(settings::routes())
        .merge(request::routes())
        .merge(steps::routes())
        .merge(events::routes())
}

/// The call of a step at this moment.
fn call(server: &Server, caller: &Caller) -> WindowCall {
    WindowCall {
        caller: caller.who(),
        clock: server.now(),
        organization: caller.organization().clone(),
        by: Actor::User(caller.user().clone()),
        stepped_up: None,
    }
}

/// Where the switch stands.
#[derive(Debug, Serialize, ToSchema)]
struct SwitchShown {
    /// Whether the policy is enforced for the caller as always.
    enforced: bool,
    /// The windows that are open and concern the caller; all that are open, for those who have a duty here.
    windows: Vec<WindowShown>,
    /// When the last of them ends.
    effective_end: Option<Moment>,
    /// Why no window can be opened, if so; for those who have a duty here.
    safe_mode: Option<String>,
    /// What the caller may do with windows: `request`, `approve`, `close`, `review`.
    duties: Vec<String>,
    /// How many requests wait for the caller's approval or review.
    waiting: u64,
}

/// A window that is open.
#[derive(Debug, Serialize, ToSchema)]
struct WindowShown {
    /// Its overlay; answers that it relaxes name it in the header `Guan-Overlay`.
    overlay: OverlayId,
    /// The request that it comes from; absent where it was opened without one.
    request: Option<String>,
    /// `suspension`, `elevation` or `disablement`.
    kind: &'static str,
    /// Whether the caller is in its audience.
    concerns_me: bool,
    /// What it relaxes for the caller, while it acts and is a suspension that concerns them.
    #[serde(skip_serializing_if = "Option::is_none")]
    relaxes: Option<Relaxes>,
    /// Whether it acts at this moment on this node.
    acting: bool,
    /// Why it does not: `stale_view`, `no_journal`, `not_started` …
    #[serde(skip_serializing_if = "Option::is_none")]
    why_not: Option<String>,
    /// First instant.
    starts: Moment,
    /// Its end.
    ends: Moment,
    /// Seconds that are left.
    left_s: i64,
    /// Why it was opened.
    reason: String,
}

/// What a window relaxes for the caller, as far as they may know of it.
#[derive(Debug, Serialize, ToSchema)]
struct Relaxes {
    /// The objects that the caller may read while it lasts; absent when it is all that there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    objects: Option<Vec<ObjectNamed>>,
    /// The actions; empty for all of them.
    actions: BTreeSet<Action>,
    /// Whether single fields, layers or restrictions narrow it further.
    in_part: bool,
}

/// An object with its name.
#[derive(Debug, Serialize, ToSchema)]
struct ObjectNamed {
    /// Its id.
    id: ObjectId,
    /// The name that people see.
    name: String,
}

impl Relaxes {
    fn of(relief: Relief, policy: &Policy) -> Self {
        let named = |id: ObjectId| {
            let name = policy.objects.get(&id).map(|object| object.name.clone());
            ObjectNamed { name: name.unwrap_or_default(), id }
        };
        Self {
            objects: relief.objects.map(|objects| objects.into_iter().map(named).collect()),
            actions: relief.actions,
            in_part: relief.in_part,
        }
    }
}

/// What acts now, and what the caller has to do with the switch.
#[utoipa::path(get, path = "/api/v1/switch", tag = "switch", responses((status = 200, body = SwitchShown)))]
async fn show_switch(
    caller: Caller,
    State(server): State<Server>,
) -> Result<Json<SwitchShown>, Problem> {
    let call = call(&server, &caller);
    let shown = server
        .blocking(move |gate| {
            let organization = caller.organization();
            let duties = gate.window_duties(&call)?;
            let entitled = !duties.duties.is_empty();
            let view = gate.view(organization)?;
            let facts = view.facts(&call.clock);
            let session = caller.session(call.clock.wall);
            let engine = view.engine();
            let now = session.clone().under(view.standing(&facts));
            let mut windows = Vec::new();
            for row in view.overlays() {
                let dormant = is_acting(row, &facts).err();
                // What has ended for good is none any more; what a clock or this node holds up is told with the reason.
                if dormant.is_some_and(Dormant::is_over) {
                    continue;
                }
                let concerns_me = engine.concerns(&row.overlay.audience, &session);
                if !concerns_me && !entitled {
                    continue;
                }
                windows.push(WindowShown {
                    overlay: row.id.clone(),
                    request: gate
                        .request_of(organization, &row.id)?
                        .filter(|_| entitled)
                        .map(|stored| stored.request.id.to_string()),
                    kind: kind_of(&row.overlay.effect),
                    concerns_me,
                    relaxes: engine
                        .relief(&now, &row.id)
                        .map(|relief| Relaxes::of(relief, engine.policy())),
                    acting: dormant.is_none(),
                    why_not: dormant.map(|why| shown::word(&why)),
                    starts: row.overlay.starts,
                    ends: row.overlay.ends,
                    left_s: row.overlay.ends.since(call.clock.wall).0.div_euclid(1_000),
                    reason: row.overlay.reason.clone(),
                });
            }
            let safe_mode = gate.read(|reader| reader.safe_mode())?;
            Ok::<_, WindowFault>(SwitchShown {
                enforced: !windows.iter().any(|window| window.concerns_me && window.acting),
                effective_end: windows
                    .iter()
                    .filter(|window| window.acting)
                    .map(|window| window.ends)
                    .max(),
                windows,
                safe_mode: safe_mode.filter(|_| entitled).map(|found| found.why),
                duties: duties.duties.iter().map(shown::word).collect(),
                waiting: duties.waiting,
            })
        })
        .await?;
    Ok(Json(shown))
}

const fn kind_of(effect: &OverlayEffect) -> &'static str {
    match effect {
        OverlayEffect::Suspension { .. } => "suspension",
        OverlayEffect::Elevation { .. } => "elevation",
        OverlayEffect::Disablement { .. } => "disablement",
    }
}

/// A request's id from a path.
fn id(text: String) -> RequestId {
    RequestId::new(text)
}

impl From<WindowFault> for Problem {
    fn from(fault: WindowFault) -> Self {
        if let Some(rule) = fault.rule() {
            let is_wrong = fault.is_about_content();
            let code = if is_wrong { Code::WindowInvalid } else { Code::WindowRefused };
            return Self::new(code).detail(fault.to_string()).member("rule", rule);
        }
        match fault {
            WindowFault::Administration(refusal) => refusal.into(),
            WindowFault::Backup(backup) => backup.into(),
            WindowFault::Off(off) => off.into(),
            WindowFault::Gate(gate) => gate.into(),
            // The first two have a rule.
            WindowFault::Rule(_)
            | WindowFault::NotWhole { .. }
            | WindowFault::Random(_)
            | WindowFault::Interrupted(_) => Self::fault(&fault),
        }
    }
}
