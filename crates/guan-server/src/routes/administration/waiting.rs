//! Edits of the policy that waited for the end of a window: looked at, decided on where somebody changed the same, given up.

use axum::extract::State;
use axum::http::StatusCode;
use guan_engine::administration::{Act, Power};
use guan_engine::model::{Moment, OverlayId};
use guan_store::{
    Change, EditState, EntityKind, KeptEdit, MergeConflict, MergeDecision, Merged, WaitingChange,
    decided, entities, merge,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::edit::{self, Edit, Made};
use super::resource;
use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::page::{Page, PageQuery};
use crate::problem::{Code, Problem};
use crate::state::Server;

const LIST: Operation = Operation::oneself("list_waiting_edits");
const SHOW: Operation = Operation::oneself("show_waiting_edit");
const RESOLVE: Operation = Operation::oneself("resolve_waiting_edit").changing();
const WITHDRAW: Operation = Operation::oneself("withdraw_waiting_edit").changing();

/// The operations of this file.
pub(super) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(LIST, list_waiting_edits))
        .with(guarded!(SHOW, show_waiting_edit))
        .with(guarded!(RESOLVE, resolve_waiting_edit))
        .with(guarded!(WITHDRAW, withdraw_waiting_edit))
}

/// An edit that waits or waited.
#[derive(Debug, Serialize, ToSchema)]
struct WaitingEditShown {
    /// Its id.
    id: String,
    /// `waiting`, `conflicted`, `applied`, `refused` or `withdrawn`.
    #[schema(value_type = String)]
    state: EditState,
    /// Who made it.
    author: String,
    /// Why.
    reason: String,
    /// When.
    at: Moment,
    /// The revision that it was made from.
    revision: u64,
    /// The windows that held it when it was made.
    held_by: Vec<OverlayId>,
    /// New or changed entities.
    put: Vec<EntityShown>,
    /// Entities that are to go.
    remove: Vec<EntityNamed>,
    /// Places that somebody else changed differently: base, waiting and current value of each.
    #[schema(value_type = Vec<Object>)]
    conflicts: Vec<MergeConflict>,
    /// What else was in its way.
    problems: Vec<String>,
    /// When its state was last changed.
    changed: Moment,
    /// By whom.
    changed_by: String,
    /// The revision that came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    made: Option<u64>,
}

/// An entity with its content.
#[derive(Debug, Serialize, ToSchema)]
struct EntityShown {
    /// Its kind.
    #[schema(value_type = String)]
    kind: EntityKind,
    /// Its id.
    id: String,
    /// What it is to be.
    #[schema(value_type = Object)]
    content: Value,
    /// What it was when the edit was made; absent where it is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    before: Option<Value>,
}

/// An entity by its name.
#[derive(Debug, Serialize, ToSchema)]
struct EntityNamed {
    /// Its kind.
    #[schema(value_type = String)]
    kind: EntityKind,
    /// Its id.
    id: String,
}

impl From<KeptEdit> for WaitingEditShown {
    fn from(kept: KeptEdit) -> Self {
        let base = kept.edit.base;
        let put = kept.edit.put.into_iter().map(|entity| EntityShown {
            before: base
                .get(&(entity.kind, entity.id.clone()))
                .and_then(|body| serde_json::from_str(body).ok()),
            kind: entity.kind,
            id: entity.id,
            content: serde_json::from_str(&entity.body).unwrap_or(Value::Null),
        });
        let remove = kept.edit.remove.into_iter().map(|(kind, id)| EntityNamed { kind, id });
        Self {
            id: kept.id,
            state: kept.state,
            author: kept.author,
            reason: kept.reason,
            at: kept.at,
            revision: kept.revision,
            held_by: kept.held_by.into_iter().collect(),
            put: put.collect(),
            remove: remove.collect(),
            conflicts: kept.findings.conflicts,
            problems: kept.findings.problems,
            changed: kept.changed,
            changed_by: kept.changed_by,
            made: kept.made,
        }
    }
}

/// Whether the caller may know of all edits; others know of their own.
fn sees_all(
    gate: &guan_store::Gate,
    caller: &Caller,
    clock: &guan_store::ClockReading,
) -> Result<bool, Problem> {
    let view = gate.view(caller.organization())?;
    let facts = view.facts(clock);
    let session = caller.session(clock.wall).under(view.standing(&facts));
    Ok(view.engine().may_administer(&session, Act::Use(Power::ManageSets)).is_ok())
}

/// The edits that wait or waited: all for who manages permission sets, one's own otherwise.
#[utoipa::path(get, path = "/api/v1/waiting-edits", tag = "revisions", params(PageQuery), responses((status = 200, body = Page<WaitingEditShown>)))]
async fn list_waiting_edits(
    caller: Caller,
    State(server): State<Server>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<WaitingEditShown>>, Problem> {
    let clock = server.now();
    let found = server.blocking(move |gate| {
        let all = sees_all(gate, &caller, &clock)?;
        let mut edits = gate.read(|reader| reader.waiting_edits(caller.organization()))?;
        edits.retain(|kept| all || kept.author == caller.user().as_str());
        Ok::<_, Problem>(edits)
    });
    let mut edits = found.await?;
    edits.sort_by(|one, other| one.id.cmp(&other.id));
    let shown = edits.into_iter().map(WaitingEditShown::from).collect();
    Page::of(shown, &query, |edit: &WaitingEditShown| &edit.id).map(Json)
}

/// One of them, with its conflicts.
#[utoipa::path(get, path = "/api/v1/waiting-edits/{edit}", tag = "revisions", params(("edit" = String, Path)), responses((status = 200, body = WaitingEditShown)))]
async fn show_waiting_edit(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
) -> Result<Json<WaitingEditShown>, Problem> {
    let clock = server.now();
    let found = server.blocking(move |gate| {
        let all = sees_all(gate, &caller, &clock)?;
        let kept = gate.read(|reader| reader.waiting_edit(caller.organization(), &id))?;
        let kept = kept.filter(|kept| all || kept.author == caller.user().as_str());
        kept.ok_or_else(Problem::not_found)
    });
    found.await.map(|kept| Json(kept.into()))
}

/// What becomes of every conflict.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ResolutionBody {
    /// One for each conflict.
    decisions: Vec<DecisionBody>,
}

/// What becomes of one conflict.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DecisionBody {
    /// The kind of entity.
    #[schema(value_type = String)]
    kind: EntityKind,
    /// Its id.
    #[serde(default)]
    id: String,
    /// The members that lead to the place, as in the conflict.
    #[serde(default)]
    member: Vec<String>,
    /// Which value it is to have.
    take: Taken,
}

/// Which of two values wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Taken {
    /// That of the edit.
    Waiting,
    /// The one that is there.
    Current,
}

impl From<DecisionBody> for MergeDecision {
    fn from(body: DecisionBody) -> Self {
        let DecisionBody { kind, id, member, take } = body;
        Self { kind, id, member, wins: take == Taken::Waiting }
    }
}

/// Decides the conflicts of an edit, by the authority of who decides; it becomes a revision of theirs.
#[utoipa::path(post, path = "/api/v1/waiting-edits/{edit}/resolution", tag = "revisions", params(("edit" = String, Path)), request_body = ResolutionBody, responses((status = 200, body = Made)))]
async fn resolve_waiting_edit(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
    Json(asked): Json<ResolutionBody>,
) -> Result<Json<Made>, Problem> {
    let clock = server.now();
    let all_decisions: Vec<MergeDecision> =
        asked.decisions.into_iter().map(MergeDecision::from).collect();
    let made = server.blocking(move |gate| {
        let all = sees_all(gate, &caller, &clock)?;
        gate.act(&caller.who(), &clock, caller.organization(), |acting| {
            let organization = caller.organization();
            let kept = acting.read().waiting_edit(organization, &id)?;
            let kept = kept.filter(|kept| all || kept.author == caller.user().as_str());
            let kept = kept.ok_or_else(Problem::not_found)?;
            let policy = acting.engine().policy();
            let current = entities(policy).map_err(|error| Problem::fault(&error))?;
            let edit = decided(&current, &kept.edit, &all_decisions)
                .map_err(|error| Problem::fault(&error))?;
            let merged = merge(&current, &edit).map_err(|error| Problem::fault(&error))?;
            let (put, remove) = match merged {
                Merged::Applies { put, remove } => (put, remove),
                Merged::Nothing => (Vec::new(), Vec::new()),
                Merged::Conflicts(open) => {
                    let detail = "some conflicts are not decided";
                    let problem = Problem::new(Code::Conflict).detail(detail);
                    let open = serde_json::to_value(open).unwrap_or_default();
                    return Err(problem.member("conflicts", open));
                }
            };
            let (session, reason) = (caller.session(clock.wall), kept.reason);
            let edit = Edit { put: put.clone(), remove: remove.clone(), reason };
            let after = resource::applied(policy, &edit)?;
            let session = session.under(acting.standing());
            acting.engine().may_administer(&session, Act::Revise(&after))?;
            edit::fits(acting, &after)?;
            let expected = acting.revision();
            let change = WaitingChange::Resolve { id, expected, put, remove };
            let change = Change::ChangeWaiting { organization: organization.clone(), change };
            let written = acting.apply(change)?;
            let revision = written.revision.unwrap_or_else(|| acting.revision());
            Ok::<_, Problem>(Made { revision, row: written.sequence })
        })
    });
    made.await.map(Json)
}

/// Gives an edit up: one's own, or any for who manages permission sets.
#[utoipa::path(delete, path = "/api/v1/waiting-edits/{edit}", tag = "revisions", params(("edit" = String, Path)), responses((status = 204)))]
async fn withdraw_waiting_edit(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let clock = server.now();
    let done = server.blocking(move |gate| {
        let all = sees_all(gate, &caller, &clock)?;
        let found = gate.read(|reader| reader.waiting_edit(caller.organization(), &id))?;
        let is_own = found.is_some_and(|kept| all || kept.author == caller.user().as_str());
        if !is_own {
            return Err(Problem::not_found());
        }
        let (organization, change) =
            (caller.organization().clone(), WaitingChange::Withdraw { id });
        let change = Change::ChangeWaiting { organization, change };
        gate.write(&caller.who(), &clock, change)?;
        Ok(())
    });
    done.await?;
    Ok(StatusCode::NO_CONTENT)
}
