//! A refusal of the past, by the reference that its problem named: what was refused and why, as far as the asker may know.

use axum::extract::State;
use guan_engine::administration::{Domain, Power};
use guan_engine::answer::Explanation;
use guan_engine::ask::Target;
use guan_engine::model::{Action, Moment, ObjectId, RecordKey};
use guan_ledger::{Digest, Entry, Kind};
use guan_store::{ClockReading, Gate};
use serde::Serialize;
use utoipa::ToSchema;

use crate::asking::{Asker, Posed, Situation, domain};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::state::Server;

/// Stages whose refusals say nothing of the record itself; by those of all others somebody would learn that it is there.
const OPEN_STAGES: &[&str] = &["session", "verb"];
/// Refusals of these stages by which somebody would learn what else is there.
const SECRET: &[&str] = &["unknown_object", "wrong_organization"];

/// A refusal, or a would-deny, of the past.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Past {
    /// The row of the ledger.
    reference: u64,
    /// When it was decided.
    at: Moment,
    /// About whom.
    subject: String,
    /// What was to be done.
    action: String,
    /// To which object.
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<String>,
    /// To which record.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<String>,
    /// Which fields it touched.
    fields: Vec<String>,
    /// Where it fell; absent where the asker may not know whether the record is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<String>,
    /// Why, by its stable code; absent where the asker may not know whether the record is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<String>,
    /// What refused, by id; for those who may know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rules: Vec<String>,
    /// The overlay that relaxed it, if one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    overlay: Option<String>,
    /// The digest of the policy that decided; for those who may know.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<Digest>,
    /// How the same question is answered now, without fields.
    now: Explanation,
}

/// Explains the reference of a problem: what was refused then, and how it would be answered now.
///
/// The subject gets what they may know, holders of `guan.ask_about_others` or `guan.read_ledger` get everything;
/// nobody else gets anything.
#[utoipa::path(get, path = "/api/v1/explanations/{reference}", tag = "questions", params(("reference" = u64, Path)), responses((status = 200, body = Past)))]
pub(super) async fn explain_reference(
    caller: Caller,
    State(server): State<Server>,
    Path(reference): Path<u64>,
) -> Result<Json<Past>, Problem> {
    let clock = server.now();
    server.blocking(move |gate| past(gate, &caller, &clock, reference).map(Json)).await
}

fn past(
    gate: &Gate,
    caller: &Caller,
    clock: &ClockReading,
    reference: u64,
) -> Result<Past, Problem> {
    let log = caller.organization().as_str();
    let rows = gate.read(|reader| {
        reader.ledger_rows(log, reference..reference.saturating_add(1)).map_err(Problem::from)
    })?;
    let row = rows.first().ok_or_else(Problem::not_found)?;
    let entry = Entry::from_bytes(&row.bytes).map_err(|error| Problem::fault(&error))?;
    if !matches!(entry.kind, Kind::DecisionDenied | Kind::WouldDeny) {
        return Err(Problem::not_found());
    }
    let subject = entry.who.on_behalf_of.clone().unwrap_or_else(|| entry.who.caller.clone());
    let mut asker = Asker::of(gate, caller, clock.clone())?;
    let may_know =
        asker.may_know || domain(gate, caller, clock, Power::ReadLedger)? == Domain::Everything;
    if !may_know && subject != caller.user().as_str() {
        return Err(Problem::not_found());
    }
    asker.may_know = may_know;
    let mut posed =
        asker.pose(may_know.then(|| Situation {
            subject: Some(subject.as_str().into()),
            ..Situation::default()
        }))?;
    posed.session.address = entry.who.source_address;
    let object = ObjectId::from(entry.what.object.clone().unwrap_or_default());
    let on = match &entry.what.record {
        Some(id) => Target::Record(RecordKey { object, id: id.as_str().into() }),
        None => Target::Object(object),
    };
    let Ok(action) = entry.what.operation.parse::<Action>();
    let request = posed.request(action, on);
    let now = explain_now(gate, &posed, &request)?;
    let mut refusal = entry.result.and_then(|result| result.error_class);
    if !may_know && refusal.as_deref() == Some("unknown_field") {
        // As one that is hidden.
        refusal = Some("field_hidden".to_owned());
    }
    let decision = entry.decision;
    let is_open = decision
        .as_ref()
        .and_then(|decision| decision.stage.as_deref())
        .is_some_and(|stage| OPEN_STAGES.contains(&stage))
        && !refusal.as_deref().is_some_and(|refusal| SECRET.contains(&refusal));
    let is_secret = !may_know && !is_open && !posed.may_read(gate, &request)?;
    let shown = |text: Option<String>| text.filter(|_| !is_secret);
    Ok(Past {
        reference,
        at: Moment(entry.time.wall_us.div_euclid(1_000)),
        subject,
        action: entry.what.operation,
        object: entry.what.object,
        record: entry.what.record,
        fields: entry.what.fields.into_iter().collect(),
        stage: shown(decision.as_ref().and_then(|decision| decision.stage.clone())),
        refusal: shown(refusal),
        rules: decision
            .as_ref()
            .filter(|_| may_know)
            .map(|decision| decision.rules.clone())
            .unwrap_or_default(),
        overlay: entry.suspension.map(|suspension| suspension.overlay),
        policy: decision.filter(|_| may_know).and_then(|decision| decision.policy),
        now,
    })
}

/// By the policy alone: whoever explains the past opens nothing now.
fn explain_now(
    gate: &Gate,
    posed: &Posed,
    request: &guan_engine::ask::Request<'_>,
) -> Result<Explanation, Problem> {
    let view = gate.view(&posed.session.organization)?;
    let explanation = view.engine().explain(request);
    drop(view);
    Ok(posed.tell_all(gate, request, explanation)?)
}
