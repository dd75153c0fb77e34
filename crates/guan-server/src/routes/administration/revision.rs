//! Revisions of the policy: listed, read, compared, made current; and many edits at once as one revision.

use axum::extract::State;
use axum::http::StatusCode;
use guan_engine::administration::Act;
use guan_engine::model::{Moment, Policy};
use guan_store::{Change, Entity, EntityKey, EntityKind, Revision, entities};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::edit::{self, Edit, Made, NotMade, Waits};
use super::handlers::good_id;
use super::resource;
use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::page::{self, Page, PageQuery};
use crate::problem::{Code, Problem};
use crate::state::Server;
use guan_engine::administration::Power;

const LIST_REVISIONS: Operation = Operation::needs("list_revisions", Power::ManageSets);
const SHOW_REVISION: Operation = Operation::needs("show_revision", Power::ManageSets);
const SHOW_POLICY: Operation = Operation::needs("show_policy", Power::ManageSets);
const LIST_DIFFERENCES: Operation = Operation::needs("list_differences", Power::ManageSets);
const MAKE_CURRENT: Operation = Operation::needs("make_current", Power::ManageSets).changing();
const CREATE_REVISION: Operation = Operation::oneself("create_revision").changing();

/// The operations of this file.
pub(super) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(LIST_REVISIONS, list_revisions))
        .with(guarded!(SHOW_REVISION, show_revision))
        .with(guarded!(SHOW_POLICY, show_policy))
        .with(guarded!(LIST_DIFFERENCES, list_differences))
        .with(guarded!(MAKE_CURRENT, make_current))
        .with(guarded!(CREATE_REVISION, create_revision))
}

/// What is known of a revision beside its content.
#[derive(Debug, Serialize, ToSchema)]
struct RevisionShown {
    /// Its number, from 1; may skip numbers.
    number: u64,
    /// Whether it decides now.
    current: bool,
    /// How it came to be.
    #[schema(value_type = String)]
    origin: guan_store::RevisionOrigin,
    /// Who made it.
    author: String,
    /// Why.
    reason: String,
    /// When.
    at: Moment,
    /// The digest of its content: equal digests decide alike.
    digest: String,
    /// How many entities differ from the revision before.
    changed: u64,
}

impl RevisionShown {
    fn new(revision: Revision, current: u64) -> Self {
        Self {
            number: revision.number,
            current: revision.number == current,
            origin: revision.origin,
            author: revision.author,
            reason: revision.reason,
            at: revision.at,
            digest: revision.after.to_string(),
            changed: revision.changed,
        }
    }
}

/// The revisions, the newest first.
#[utoipa::path(get, path = "/api/v1/revisions", tag = "revisions", params(PageQuery), responses((status = 200, body = Page<RevisionShown>)))]
async fn list_revisions(
    caller: Caller,
    State(server): State<Server>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<RevisionShown>>, Problem> {
    let limit = query.limit()?;
    let below = match query.after()? {
        Some(cursor) => cursor.parse().map_err(|_| Problem::new(Code::BadCursor))?,
        None => u64::MAX,
    };
    let page = server.blocking(move |gate| {
        gate.read(|reader| {
            let organization = caller.organization();
            let current = reader.current_revision(organization)?;
            let all = reader.revisions(organization)?.into_iter().rev();
            let mut items: Vec<_> = all
                .filter(|revision| revision.number < below)
                .take(limit.saturating_add(1))
                .map(|revision| RevisionShown::new(revision, current))
                .collect();
            let more = items.len() > limit;
            items.truncate(limit);
            let next = items.last().filter(|_| more);
            let next = next.map(|last| page::seal(&last.number.to_string()));
            Ok::<_, guan_store::ReadError>(Page::new(items, next))
        })
    });
    page.await.map(Json)
}

/// One revision, without its content.
#[utoipa::path(get, path = "/api/v1/revisions/{revision}", tag = "revisions", params(("revision" = u64, Path)), responses((status = 200, body = RevisionShown)))]
async fn show_revision(
    caller: Caller,
    State(server): State<Server>,
    Path(number): Path<u64>,
) -> Result<Json<RevisionShown>, Problem> {
    let shown = server.blocking(move |gate| {
        gate.read(|reader| {
            let current = reader.current_revision(caller.organization())?;
            let revision = reader.revision(caller.organization(), number)?;
            Ok::<_, guan_store::ReadError>(RevisionShown::new(revision, current))
        })
    });
    shown.await.map(Json)
}

/// The whole policy of a revision.
#[utoipa::path(get, path = "/api/v1/revisions/{revision}/policy", tag = "revisions", params(("revision" = u64, Path)), responses((status = 200, body = Policy)))]
async fn show_policy(
    caller: Caller,
    State(server): State<Server>,
    Path(number): Path<u64>,
) -> Result<Json<Policy>, Problem> {
    let policy = server
        .blocking(move |gate| gate.read(|reader| reader.policy_at(caller.organization(), number)));
    policy.await.map(Json)
}

/// One place that differs.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(super) struct PlaceChanged {
    /// `added`, `removed` or `changed`.
    #[schema(value_type = String)]
    change: guan_import::ChangeKind,
    /// The collection: `sets`, `rules`, `users` …
    entity: String,
    /// The id within the collection.
    id: String,
    /// The place inside, such as `objects.Account.actions.read`; empty for the whole.
    place: String,
    /// What was there; `null` when nothing was.
    before: Value,
    /// What is there then; `null` when nothing is.
    after: Value,
}

/// Every place that differs between two policies.
pub(super) fn places(old: &Policy, new: &Policy) -> Result<Vec<PlaceChanged>, Problem> {
    let changes = guan_import::diff(old, new).map_err(|error| Problem::fault(&error))?;
    let told = changes.into_iter().map(|change| PlaceChanged {
        change: change.kind,
        entity: change.entity,
        id: change.id,
        place: change.path,
        before: change.before,
        after: change.after,
    });
    Ok(told.collect())
}

/// Which differences are wanted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DifferencesQuery {
    /// The revision to compare with; the one before when it is absent.
    from: Option<u64>,
    /// Items on the page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// The member `next` of the page before.
    cursor: Option<String>,
}

/// What differs between two revisions, place by place.
#[utoipa::path(get, path = "/api/v1/revisions/{revision}/differences", tag = "revisions", params(("revision" = u64, Path), DifferencesQuery), responses((status = 200, body = Page<PlaceChanged>)))]
async fn list_differences(
    caller: Caller,
    State(server): State<Server>,
    Path(number): Path<u64>,
    Query(query): Query<DifferencesQuery>,
) -> Result<Json<Page<PlaceChanged>>, Problem> {
    let wanted = PageQuery { limit: query.limit, cursor: query.cursor };
    let limit = wanted.limit()?;
    let from = query.from;
    let start: usize = match wanted.after()? {
        Some(cursor) => cursor.parse().map_err(|_| Problem::new(Code::BadCursor))?,
        None => 0,
    };
    let policies = server.blocking(move |gate| {
        gate.read(|reader| {
            let organization = caller.organization();
            let new = reader.policy_at(organization, number)?;
            let before = if from.is_some() {
                from
            } else {
                let all = reader.revisions(organization)?;
                all.iter().map(|revision| revision.number).rfind(|other| *other < number)
            };
            let old = match before {
                Some(before) => reader.policy_at(organization, before)?,
                None => Policy::default(),
            };
            Ok::<_, guan_store::ReadError>((old, new))
        })
    });
    let (old, new) = policies.await?;
    let all = places(&old, &new)?;
    let end = start.saturating_add(limit);
    let next = (all.len() > end).then(|| page::seal(&end.to_string()));
    let items = all.into_iter().skip(start).take(limit).collect();
    Ok(Json(Page::new(items, next)))
}

/// From where, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MakeCurrentBody {
    /// The revision that is current, as the caller knows it.
    expected: u64,
    /// Why, for the new revision and the ledger.
    #[serde(default)]
    reason: String,
}

/// Makes the content of an earlier revision current again, as a new revision.
#[utoipa::path(post, path = "/api/v1/revisions/{revision}/make-current", tag = "revisions", params(("revision" = u64, Path)), request_body = MakeCurrentBody, responses((status = 200, body = Made), (status = 202, body = Waits)))]
async fn make_current(
    caller: Caller,
    State(server): State<Server>,
    Path(number): Path<u64>,
    Json(asked): Json<MakeCurrentBody>,
) -> Result<Json<Made>, NotMade> {
    let clock = server.now();
    let made = server.blocking(move |gate| {
        gate.act(&caller.who(), &clock, caller.organization(), |acting| {
            let organization = caller.organization();
            let after = acting.read().policy_at(organization, number)?;
            let session = caller.session(clock.wall).under(acting.standing());
            acting.engine().may_administer(&session, Act::Revise(&after))?;
            edit::fits(acting, &after)?;
            let change = Change::MakeCurrent {
                organization: organization.clone(),
                expected: asked.expected,
                revision: number,
                reason: edit::stated(asked.reason, &caller),
            };
            edit::apply(acting, &caller, (change, &after), &[])
        })
    });
    made.await?.now().map(Json)
}

/// Many edits at once.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RevisionBody {
    /// The revision that the edits were made from.
    pub(super) expected: u64,
    /// Entities that are new or get another content.
    #[serde(default)]
    put: Vec<PutBody>,
    /// Entities that go.
    #[serde(default)]
    remove: Vec<RemoveBody>,
    /// Why, for the revision and the ledger.
    #[serde(default)]
    reason: String,
}

/// An entity with its content.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PutBody {
    /// Its kind: `user`, `set`, `assignment` …
    #[schema(value_type = String)]
    kind: EntityKind,
    /// Its id; empty for the organization.
    #[serde(default)]
    id: String,
    /// What it is, as the resource of its kind has it.
    #[schema(value_type = Object)]
    content: Value,
}

/// An entity by its name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RemoveBody {
    /// Its kind.
    #[schema(value_type = String)]
    kind: EntityKind,
    /// Its id.
    id: String,
}

impl RevisionBody {
    /// As an edit.
    pub(super) fn edit(self) -> Result<Edit, Problem> {
        let mut put = Vec::with_capacity(self.put.len());
        for one in self.put {
            if one.kind != EntityKind::Organization {
                good_id(&one.id)?;
            }
            let entity = Entity::new(one.kind, one.id, &one.content);
            put.push(entity.map_err(|error| Problem::fault(&error))?);
        }
        let remove: Vec<EntityKey> =
            self.remove.into_iter().map(|one| (one.kind, one.id)).collect();
        Ok(Edit { put, remove, reason: self.reason })
    }
}

/// Makes many edits as one revision. Each entity needs the power of its kind; all of it counts or nothing.
#[utoipa::path(post, path = "/api/v1/revisions", tag = "revisions", request_body = RevisionBody, responses((status = 201, body = Made), (status = 202, body = Waits)))]
async fn create_revision(
    caller: Caller,
    State(server): State<Server>,
    Json(asked): Json<RevisionBody>,
) -> Result<(StatusCode, Json<Made>), NotMade> {
    let expected = asked.expected;
    let edit = asked.edit()?;
    let clock = server.now();
    let made = server.blocking(move |gate| {
        gate.act(&caller.who(), &clock, caller.organization(), |acting| {
            let session = caller.session(clock.wall).under(acting.standing());
            let engine = acting.engine();
            an_administrator(engine, &session)?;
            let after = resource::applied(engine.policy(), &edit)?;
            engine.may_administer(&session, Act::Revise(&after))?;
            edit::fits(acting, &after)?;
            let change = Change::EditPolicy {
                organization: caller.organization().clone(),
                expected,
                put: canonical(&after, &edit)?,
                remove: edit.remove.clone(),
                reason: edit::stated(edit.reason.clone(), &caller),
            };
            edit::apply(acting, &caller, (change, &after), &edit.put)
        })
    });
    Ok((StatusCode::CREATED, Json(made.await?.now()?)))
}

/// The entities that are put, in the one spelling of their kind.
fn canonical(after: &Policy, edit: &Edit) -> Result<Vec<Entity>, Problem> {
    let all = entities(after).map_err(|error| Problem::fault(&error))?;
    let spelled = edit.put.iter().map(|entity| {
        let body = all.get(&(entity.kind, entity.id.clone())).unwrap_or(&entity.body);
        Entity { kind: entity.kind, id: entity.id.clone(), body: body.clone() }
    });
    Ok(spelled.collect())
}

/// Somebody without any power is not even told which revision is current.
pub(super) fn an_administrator(
    engine: &guan_engine::Engine,
    session: &guan_engine::ask::Session<'_>,
) -> Result<(), Problem> {
    let holds = |power: &&Power| engine.may_administer(session, Act::Use(**power)).is_ok();
    if Power::ALL.iter().any(|power| holds(&power)) {
        return Ok(());
    }
    Err(Problem::new(Code::PowerMissing).detail("the change needs the power of each entity's kind"))
}
