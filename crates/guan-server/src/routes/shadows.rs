//! Shadows: drafts that are evaluated beside what is in force. They change no answer.

use axum::extract::State;
use axum::http::StatusCode;
use guan_engine::administration::{Act, AdministrationRefusal, Domain, Power};
use guan_engine::ask::Session;
use guan_engine::lifecycle::Wanted;
use guan_engine::model::{Action, Moment, ObjectId, Policy, RecordId, Span, UserId};
use guan_store::{
    Acting, Change, DraftEntity, DraftKey, EntityKind, NameCount, Shadow, ShadowChange,
    ShadowDifference, ShadowDraft, ShadowReport, WriteError,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::administration::drafted;
use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::page::{Page, PageQuery};
use crate::problem::{Code, Problem};
use crate::state::Server;

/// Who may shadow something: whoever opens windows, and whoever edits the policy for everybody. What a shadow finds is of
/// everybody, so a power over a subtree is not enough.
const ENTITLED: &[Power] =
    &[Power::ManageOverlays, Power::ManageSets, Power::ManageSharing, Power::ManageDelegations];

const START_SHADOW: Operation = Operation::needs_one_of("start_shadow", ENTITLED).changing();
const STOP_SHADOW: Operation = Operation::needs_one_of("stop_shadow", ENTITLED).changing();
const LIST_SHADOWS: Operation = Operation::needs_one_of("list_shadows", ENTITLED);
const SHOW_SHADOW: Operation = Operation::needs_one_of("show_shadow", ENTITLED);

/// The operations of this file.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(START_SHADOW, start_shadow))
        .with(guarded!(LIST_SHADOWS, list_shadows))
        .with(guarded!(SHOW_SHADOW, show_shadow))
        .with(guarded!(STOP_SHADOW, stop_shadow))
}

/// An entity of a draft.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShadowEntity {
    /// Its kind: `set`, `assignment`, `rule` …
    #[schema(value_type = String)]
    pub(crate) kind: EntityKind,
    /// Its id.
    pub(crate) id: String,
    /// Its content, as in a revision.
    #[schema(value_type = Object)]
    pub(crate) content: serde_json::Value,
}

/// An entity that a draft takes out.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShadowKey {
    /// Its kind.
    #[schema(value_type = String)]
    pub(crate) kind: EntityKind,
    /// Its id.
    pub(crate) id: String,
}

/// Edits of a revision.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShadowEdits {
    /// The revision that they were made from.
    revision: u64,
    /// New or changed entities.
    #[serde(default)]
    put: Vec<ShadowEntity>,
    /// Entities to be taken out.
    #[serde(default)]
    remove: Vec<ShadowKey>,
}

/// A shadow that is to be started: edits of the policy, or a window; one of the two.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShadowBody {
    /// Edits of the policy.
    policy: Option<ShadowEdits>,
    /// A window as if it stood.
    window: Option<Wanted>,
    /// How long in seconds, up to 30 days.
    #[schema(minimum = 1, maximum = 2_592_000)]
    length_s: u32,
    /// Why.
    #[schema(min_length = 1)]
    reason: String,
}

/// A shadow as it is kept.
#[derive(Debug, Serialize, ToSchema)]
struct ShadowShown {
    /// Its id.
    id: String,
    /// Edits of the policy, where it shadows some.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<ShadowEdits>,
    /// A window, where it shadows one.
    #[serde(skip_serializing_if = "Option::is_none")]
    window: Option<Wanted>,
    /// Who started it.
    author: String,
    /// Why.
    reason: String,
    /// When.
    started: Moment,
    /// Its end.
    ends: Moment,
    /// When it was stopped, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped: Option<Moment>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped_by: Option<String>,
}

impl ShadowShown {
    fn of(shadow: &Shadow) -> Self {
        let (policy, window) = match shadow.draft.clone() {
            ShadowDraft::Policy { revision, put, remove } => {
                let put = put.into_iter().map(|DraftEntity { kind, id, content }| ShadowEntity {
                    kind,
                    id,
                    content,
                });
                let remove = remove.into_iter().map(|DraftKey { kind, id }| ShadowKey { kind, id });
                let edits = ShadowEdits { revision, put: put.collect(), remove: remove.collect() };
                (Some(edits), None)
            }
            ShadowDraft::Window { wanted } => (None, Some(*wanted)),
        };
        Self {
            id: shadow.id.clone(),
            policy,
            window,
            author: shadow.author.clone(),
            reason: shadow.reason.clone(),
            started: shadow.started,
            ends: shadow.ends,
            stopped: shadow.stopped,
            stopped_by: shadow.stopped_by.clone(),
        }
    }
}

/// A shadow that has been started.
#[derive(Debug, Serialize, ToSchema)]
struct ShadowStarted {
    /// Its id.
    id: String,
    /// Its end.
    ends: Moment,
    /// Its row in the ledger.
    reference: u64,
}

/// Decisions that the draft would have made otherwise.
#[derive(Debug, Serialize, ToSchema)]
struct ShadowDifferenceShown {
    /// Who asked.
    user: UserId,
    /// Of which object.
    object: ObjectId,
    /// For what.
    action: Action,
    /// What was in force: `allow`, `relaxed` or the code of a refusal.
    live: String,
    /// What the draft would have said.
    draft: String,
    /// What decided on the side that differs.
    rule: String,
    /// How often.
    times: u64,
    /// When first.
    first: Moment,
    /// When last.
    last: Moment,
    /// One of the records, by id.
    #[serde(skip_serializing_if = "Option::is_none")]
    sample: Option<RecordId>,
}

impl From<ShadowDifference> for ShadowDifferenceShown {
    fn from(difference: ShadowDifference) -> Self {
        let ShadowDifference { user, object, action, live, draft, rule, .. } = difference;
        let ShadowDifference { times, first, last, sample, .. } = difference;
        Self { user, object, action, live, draft, rule, times, first, last, sample }
    }
}

/// What a shadow found so far.
#[derive(Debug, Serialize, ToSchema)]
struct ShadowReportShown {
    /// The shadow.
    shadow: ShadowShown,
    /// Whether it runs.
    running: bool,
    /// Decisions evaluated.
    evaluated: u64,
    /// Of which the draft would have made others.
    differing: u64,
    /// Decisions that were not evaluated because too many waited.
    dropped: u64,
    /// Differing decisions that are counted and not told apart.
    left_off: u64,
    /// By user, most often first.
    by_user: Vec<NameCount>,
    /// By object, most often first.
    by_object: Vec<NameCount>,
    /// By what decided, most often first.
    by_rule: Vec<NameCount>,
    /// One by one, most often first; at most 1 000.
    differences: Vec<ShadowDifferenceShown>,
}

impl ShadowReportShown {
    fn of(report: ShadowReport) -> Self {
        let ShadowReport { shadow, running, tally, by_user, by_object, by_rule, differences } =
            report;
        Self {
            shadow: ShadowShown::of(&shadow),
            running,
            evaluated: tally.evaluated,
            differing: tally.differing,
            dropped: tally.dropped,
            left_off: tally.left_off,
            by_user,
            by_object,
            by_rule,
            differences: differences.into_iter().map(Into::into).collect(),
        }
    }
}

/// Starts a shadow: what it would decide is compared from now on with what is decided. No answer changes.
#[utoipa::path(post, path = "/api/v1/shadows", tag = "shadows", request_body = ShadowBody, responses((status = 201, body = ShadowStarted)))]
async fn start_shadow(
    caller: Caller,
    State(server): State<Server>,
    Json(body): Json<ShadowBody>,
) -> Result<(StatusCode, Json<ShadowStarted>), Problem> {
    let clock = server.now();
    let id = uuid::Uuid::now_v7().simple().to_string();
    let ends = clock.wall.plus(Span::seconds(body.length_s.into()));
    let draft = match (body.policy, body.window) {
        (Some(edits), None) => policy_draft(edits),
        (None, Some(wanted)) => ShadowDraft::Window { wanted: Box::new(wanted) },
        _ => {
            let detail = "a shadow is of `policy` or of `window`: give one of the two";
            return Err(Problem::new(Code::WrongShape).detail(detail));
        }
    };
    let started = server.blocking(move |gate| {
        let organization = caller.organization().clone();
        gate.act(&caller.who(), &clock, &organization, |acting| {
            may_draft(acting, &caller.session(clock.wall).under(acting.standing()), &draft)?;
            let change = ShadowChange::Start { id: id.clone(), draft, ends, reason: body.reason };
            let organization = organization.clone();
            let written = acting.apply(Change::ChangeShadow { organization, change })?;
            Ok::<_, Problem>(ShadowStarted { id, ends, reference: written.sequence })
        })
    });
    Ok((StatusCode::CREATED, Json(started.await?)))
}

fn policy_draft(ShadowEdits { revision, put, remove }: ShadowEdits) -> ShadowDraft {
    let put = put
        .into_iter()
        .map(|ShadowEntity { kind, id, content }| DraftEntity { kind, id, content })
        .collect();
    let remove = remove.into_iter().map(|ShadowKey { kind, id }| DraftKey { kind, id }).collect();
    ShadowDraft::Policy { revision, put, remove }
}

/// What somebody may not do for good they may not shadow either: it tells what others may.
fn may_draft(
    acting: &Acting<'_>,
    session: &Session<'_>,
    draft: &ShadowDraft,
) -> Result<(), Problem> {
    let engine = acting.engine();
    match draft {
        ShadowDraft::Window { .. } => {
            let power = Power::ManageOverlays;
            if engine.domain(session, power)? != Domain::Everything {
                return Err(AdministrationRefusal::NoPower { power }.into());
            }
        }
        ShadowDraft::Policy { revision, put, remove } => {
            let organization = &engine.policy().organization.id;
            let base: Policy = acting.read().policy_at(organization, *revision)?;
            let after = drafted(&base, put, remove)?;
            engine.may_administer(session, Act::Revise(&after))?;
        }
    }
    Ok(())
}

/// The shadows of the organization, in the order of their ids.
#[utoipa::path(get, path = "/api/v1/shadows", tag = "shadows", params(PageQuery), responses((status = 200, body = Page<ShadowShown>)))]
async fn list_shadows(
    caller: Caller,
    State(server): State<Server>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<ShadowShown>>, Problem> {
    let shadows = server
        .blocking(move |gate| gate.read(|reader| reader.shadows(caller.organization())))
        .await?;
    Page::cut(&shadows, &query, |one| one.id.as_str(), ShadowShown::of).map(Json)
}

/// What a shadow found so far: differing decisions by user, object and what decided.
#[utoipa::path(get, path = "/api/v1/shadows/{shadow}", tag = "shadows", params(("shadow" = String, Path)), responses((status = 200, body = ShadowReportShown)))]
async fn show_shadow(
    caller: Caller,
    State(server): State<Server>,
    Path(shadow): Path<String>,
) -> Result<Json<ShadowReportShown>, Problem> {
    let now = server.now().wall;
    let report = server
        .blocking(move |gate| {
            gate.read(|reader| reader.shadow_report(caller.organization(), &shadow, now))
        })
        .await?;
    report.map(ShadowReportShown::of).map(Json).ok_or_else(Problem::not_found)
}

/// Stops a shadow. What it found stays.
#[utoipa::path(post, path = "/api/v1/shadows/{shadow}/stop", tag = "shadows", params(("shadow" = String, Path)), responses((status = 200, body = ShadowShown)))]
async fn stop_shadow(
    caller: Caller,
    State(server): State<Server>,
    Path(shadow): Path<String>,
) -> Result<Json<ShadowShown>, Problem> {
    let clock = server.now();
    let stopped = server.blocking(move |gate| {
        let organization = caller.organization();
        let change = ShadowChange::Stop { id: shadow.clone() };
        let change = Change::ChangeShadow { organization: organization.clone(), change };
        gate.write(&caller.who(), &clock, change)?;
        let stored = gate.read(|reader| reader.shadow(organization, &shadow))?;
        let unknown = || WriteError::UnknownCredential { what: "shadow", id: shadow.clone() };
        Ok::<_, Problem>(ShadowShown::of(&stored.ok_or_else(unknown)?))
    });
    stopped.await.map(Json)
}
