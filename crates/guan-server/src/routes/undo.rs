//! Undo of what was written under a window: the dry run, the execution, and the undos there were.

use std::collections::BTreeSet;

use axum::extract::State;
use guan_engine::administration::Power;
use guan_engine::model::{FieldId, ObjectId, OverlayId, RecordId, RecordKey, UserId};
use guan_store::{
    Choice, Part, Selection, UndoChoice, UndoFault, UndoOrder, UndoOutcome, UndoPlace, UndoPlan,
    UndoRun, UndoViewer,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::problem::{Code, Problem};
use crate::state::Server;

/// Who undoes: those who review windows, and those who manage them.
const ENTITLED: &[Power] = &[Power::ReviewOverlays, Power::ManageOverlays];

const PLAN_UNDO: Operation = Operation::needs_one_of("plan_undo", ENTITLED);
const UNDO_WINDOW: Operation = Operation::needs_one_of("undo_window", ENTITLED).changing();
const LIST_UNDOS: Operation = Operation::needs_one_of("list_undos", ENTITLED);

/// Groups of one answer when nothing is said, and at most.
const GROUPS: (usize, usize) = (200, 1_000);

/// The operations of this file.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(PLAN_UNDO, plan_undo))
        .with(guarded!(UNDO_WINDOW, undo_window))
        .with(guarded!(LIST_UNDOS, list_undos))
}

/// What is to be undone: everything, unless something is named.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OrderBody {
    /// The undo that is to be undone in turn; absent: the writes of the window.
    run: Option<String>,
    /// Only what this user wrote.
    user: Option<UserId>,
    /// Only this record: its object.
    object: Option<ObjectId>,
    /// Only this record: its id.
    record: Option<RecordId>,
    /// Only this field of the record.
    field: Option<FieldId>,
    /// Only these writes, by their numbers.
    entries: Option<BTreeSet<u64>>,
    /// Decisions about conflicts.
    #[serde(default)]
    choices: Vec<ChoiceBody>,
}

/// A decision about a conflict.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChoiceBody {
    /// The write.
    entry: u64,
    /// The part of its record, as the plan names it.
    #[schema(value_type = serde_json::Value)]
    part: Part,
    /// What is to be: `keep` what is there, or `restore` what was.
    #[schema(value_type = String)]
    choice: Choice,
}

impl OrderBody {
    fn place(&self, caller: &Caller, overlay: OverlayId) -> UndoPlace {
        UndoPlace { organization: caller.organization().clone(), overlay, run: self.run.clone() }
    }

    fn order(self) -> Result<UndoOrder, Problem> {
        let record = match (self.object, self.record) {
            (Some(object), Some(id)) => Some(RecordKey { object, id }),
            (None, None) => None,
            _ => return Err(wrong("a record is named by `object` and `record` together")),
        };
        let selection = match (self.user, record, self.field, self.entries) {
            (None, None, None, None) => Selection::Window,
            (Some(user), None, None, None) => Selection::User(user),
            (None, Some(record), None, None) => Selection::Record(record),
            (None, Some(record), Some(field), None) => Selection::Field { record, field },
            (None, None, None, Some(entries)) => Selection::Entries(entries),
            _ => return Err(wrong("name a user, a record, a field of a record, or entries")),
        };
        let choices = self.choices.into_iter().map(|made| UndoChoice {
            entry: made.entry,
            part: made.part,
            choice: made.choice,
        });
        Ok(UndoOrder { selection, choices: choices.collect() })
    }
}

fn wrong(detail: &str) -> Problem {
    Problem::new(Code::WrongShape).detail(detail)
}

/// A dry run.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlanBody {
    /// What would be undone.
    #[serde(default)]
    order: OrderBody,
    /// Groups to leave out at the beginning: the member `next` of the answer before.
    #[serde(default)]
    after: usize,
    /// Groups of the answer, 1 to 1 000; absent 200.
    #[schema(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// An undo.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UndoBody {
    /// What is to be undone.
    #[serde(default)]
    order: OrderBody,
    /// Why.
    #[schema(min_length = 1)]
    reason: String,
}

/// A plan, of which some groups are shown.
#[derive(Debug, Serialize)]
struct PlanShown {
    /// What an undo would do.
    #[serde(flatten)]
    plan: UndoPlan,
    /// Where to go on; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<usize>,
}

/// The undos of a window.
#[derive(Debug, Serialize)]
struct Runs {
    /// The first first.
    items: Vec<UndoRun>,
}

/// What an undo would write, what is in its way and what it leaves. It changes nothing; values are shown as the policy shows them to the caller.
#[utoipa::path(post, path = "/api/v1/switch/windows/{overlay}/undo/plan", tag = "overlays", params(("overlay" = String, Path)), request_body = PlanBody, responses((status = 200, body = serde_json::Value)))]
async fn plan_undo(
    caller: Caller,
    State(server): State<Server>,
    Path(overlay): Path<OverlayId>,
    Json(body): Json<PlanBody>,
) -> Result<Json<PlanShown>, Problem> {
    let limit = body.limit.unwrap_or(GROUPS.0);
    if limit == 0 || limit > GROUPS.1 {
        return Err(wrong("`limit` is 1 to 1000"));
    }
    let place = body.order.place(&caller, overlay);
    let order = body.order.order()?;
    let asking = caller.asking(server.now());
    let mut plan = server
        .blocking(move |gate| {
            let who = (&asking.caller, &asking.clock);
            gate.undo_plan(who, &place, &order, UndoViewer::Subject(&asking))
        })
        .await?;
    let end = body.after.saturating_add(limit);
    let next = (plan.groups.len() > end).then_some(end);
    plan.groups = plan.groups.into_iter().skip(body.after).take(limit).collect();
    Ok(Json(PlanShown { plan, next }))
}

/// Takes back what was written under a closed window. What waits for a decision is left; the same order again goes on with an undo that was interrupted.
#[utoipa::path(post, path = "/api/v1/switch/windows/{overlay}/undo", tag = "overlays", params(("overlay" = String, Path)), request_body = UndoBody, responses((status = 200, body = serde_json::Value)))]
async fn undo_window(
    caller: Caller,
    State(server): State<Server>,
    Path(overlay): Path<OverlayId>,
    Json(body): Json<UndoBody>,
) -> Result<Json<UndoOutcome>, Problem> {
    let clock = server.now();
    let place = body.order.place(&caller, overlay);
    let order = body.order.order()?;
    let outcome = server
        .blocking(move |gate| gate.undo((&caller.who(), &clock), &place, &order, &body.reason))
        .await?;
    Ok(Json(outcome))
}

/// The undos of a window and of each other, the first first.
#[utoipa::path(get, path = "/api/v1/switch/windows/{overlay}/undo", tag = "overlays", params(("overlay" = String, Path)), responses((status = 200, body = serde_json::Value)))]
async fn list_undos(
    caller: Caller,
    State(server): State<Server>,
    Path(overlay): Path<OverlayId>,
) -> Result<Json<Runs>, Problem> {
    let items =
        server.blocking(move |gate| gate.undo_runs(caller.organization(), &overlay)).await?;
    Ok(Json(Runs { items }))
}

impl From<UndoFault> for Problem {
    fn from(fault: UndoFault) -> Self {
        match fault {
            UndoFault::StillOpen { .. } => Self::new(Code::WindowOpen).detail(fault.to_string()),
            UndoFault::UnknownRun { .. } => Self::not_found().detail(fault.to_string()),
            UndoFault::NoField => Self::new(Code::WrongShape).detail(fault.to_string()),
            UndoFault::Gate(error) => error.into(),
            UndoFault::Random(_) | UndoFault::Interrupted(_) => Self::fault(&fault),
        }
    }
}
