//! Requests for access: asked by who was refused, decided by who may give, ended by themselves.

use axum::extract::State;
use axum::http::StatusCode;
use guan_engine::Engine;
use guan_engine::administration::{Act, Domain, Power};
use guan_engine::answer::Decision;
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{
    Action, Assigned, Assignment, Moment, ObjectId, Principal, RecordId, RecordKey, Rights, Span,
};
use guan_store::{
    AccessChange, AccessGiven, AccessRequest, AccessState, AccessWanted, Change, ClockReading,
    Entity, EntityKind, Gate,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::administration::{Edit, applied, fits};
use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::page::{self, Page};
use crate::problem::{Code, Problem};
use crate::state::Server;

const ASK: Operation = Operation::oneself("ask_for_access").changing();
const LIST: Operation = Operation::oneself("list_access_requests");
const SHOW: Operation = Operation::oneself("show_access_request");
const GRANT: Operation = Operation::oneself("grant_access").changing();
const REFUSE: Operation = Operation::oneself("refuse_access").changing();
const WITHDRAW: Operation = Operation::oneself("withdraw_access_request").changing();

/// The operations of this file.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(ASK, ask_for_access))
        .with(guarded!(LIST, list_access_requests))
        .with(guarded!(SHOW, show_access_request))
        .with(guarded!(GRANT, grant_access))
        .with(guarded!(REFUSE, refuse_access))
        .with(guarded!(WITHDRAW, withdraw_access_request))
}

/// What somebody asks for: the question that was refused.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AccessBody {
    /// What is to be done.
    action: Action,
    /// Of which object. The answer is the same whether there is such a one or not.
    object: ObjectId,
    /// To which record; absent for the object as such. The answer is the same whether there is such a one or not.
    record: Option<RecordId>,
    /// How long in seconds, up to 90 days.
    #[schema(minimum = 1, maximum = 7_776_000)]
    length_s: u32,
    /// Why.
    #[schema(min_length = 1)]
    reason: String,
    /// The number of the refusal, as its problem named it.
    reference: Option<u64>,
}

/// What was given.
#[derive(Debug, Serialize, ToSchema)]
struct AccessGivenShown {
    /// The rights with which the record was shared, where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    rights: Option<Rights>,
    /// The assignment, where a permission set was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    assignment: Option<String>,
    /// What it assigns: `set:ID` or `set_group:ID`.
    #[serde(skip_serializing_if = "Option::is_none")]
    what: Option<String>,
    /// The name of the set or group that people see.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Until when, exclusive; it ends by itself.
    ends: Moment,
}

/// A request for access.
#[derive(Debug, Serialize, ToSchema)]
struct AccessShown {
    /// Its id.
    id: String,
    /// Who asks.
    asker: String,
    /// What is to be done.
    action: Action,
    /// Of which object.
    object: String,
    /// To which record.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<String>,
    /// How long, in seconds.
    length_s: i64,
    /// Why.
    reason: String,
    /// The number of the refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<u64>,
    /// When it was asked.
    asked: Moment,
    /// `open`, `granted`, `refused`, `withdrawn`, or `lapsed` when nobody decided in time.
    state: String,
    /// When its state was last changed.
    changed: Moment,
    /// By whom.
    changed_by: String,
    /// What the asker was told.
    words: String,
    /// What was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    given: Option<AccessGivenShown>,
    /// What the caller may do with it: `share`, `assign`, `refuse`, `withdraw`.
    may: Vec<&'static str>,
}

/// What the caller may do with requests, and may know of them.
struct Desk<'e> {
    engine: &'e Engine,
    session: Session<'e>,
    assigning: Domain,
    now: Moment,
}

impl<'e> Desk<'e> {
    fn of(engine: &'e Engine, session: Session<'e>, now: Moment) -> Self {
        let assigning = engine.domain(&session, Power::ManageAssignments);
        let assigning = assigning.unwrap_or_else(|_| Domain::Subtrees([].into()));
        Self { engine, session, assigning, now }
    }

    fn is_own(&self, request: &AccessRequest) -> bool {
        request.asker == self.session.subject
    }

    fn may_assign(&self, request: &AccessRequest) -> bool {
        let policy = self.engine.policy();
        policy.users.get(&request.asker).is_some_and(|user| self.assigning.has(policy, user))
    }

    /// Whether the policy lets the caller share its record.
    fn may_share(&self, request: &AccessRequest) -> bool {
        let Some(id) = request.wanted.record.clone() else { return false };
        let key = RecordKey { object: request.wanted.object.clone(), id };
        let on = Target::Record(key);
        let asked = Request::new(self.session.clone(), Action::Share, on);
        matches!(self.engine.check(&asked), Decision::Allow { .. })
    }

    fn may(&self, request: &AccessRequest) -> Vec<&'static str> {
        if !request.is_open(self.now) {
            return Vec::new();
        }
        if self.is_own(request) {
            return vec!["withdraw"];
        }
        let ways = [("share", self.may_share(request)), ("assign", self.may_assign(request))];
        let mut may: Vec<_> =
            ways.into_iter().filter(|(_, may)| *may).map(|(way, _)| way).collect();
        if !may.is_empty() {
            may.push("refuse");
        }
        may
    }

    /// Who asked, who decided, and who may decide know of a request; nobody else does.
    fn sees(&self, request: &AccessRequest) -> bool {
        self.is_own(request)
            || request.changed_by == self.session.subject.as_str()
            || self.may_assign(request)
            || self.may_share(request)
    }

    fn shown(&self, request: AccessRequest) -> AccessShown {
        let may = self.may(&request);
        let state = match request.state {
            AccessState::Open if !request.is_open(self.now) => "lapsed",
            state => state.name(),
        };
        let AccessRequest { id, asker, wanted, asked, changed, changed_by, words, given, .. } =
            request;
        let AccessWanted { action, object, record, length, reason, reference } = wanted;
        AccessShown {
            id,
            asker: asker.to_string(),
            action,
            object: object.to_string(),
            record: record.map(|record| record.to_string()),
            length_s: length.0.div_euclid(1_000),
            reason,
            reference,
            asked,
            state: state.to_owned(),
            changed,
            changed_by,
            words,
            given: given.map(|given| self.given(given)),
            may,
        }
    }

    fn given(&self, given: AccessGiven) -> AccessGivenShown {
        match given {
            AccessGiven::Share { rights, ends } => AccessGivenShown {
                rights: Some(rights),
                assignment: None,
                what: None,
                name: None,
                ends,
            },
            AccessGiven::Assignment { id, what, ends } => {
                let policy = self.engine.policy();
                let name = match &what {
                    Assigned::Set(id) => policy.sets.get(id).map(|set| set.name.clone()),
                    Assigned::SetGroup(id) => {
                        policy.set_groups.get(id).map(|group| group.name.clone())
                    }
                };
                AccessGivenShown {
                    rights: None,
                    assignment: Some(id.to_string()),
                    what: Some(what.to_string()),
                    name: name.filter(|name| !name.is_empty()),
                    ends,
                }
            }
        }
    }
}

/// Lets `work` see requests with what the caller may do with them.
fn at_desk<T>(
    gate: &Gate,
    (caller, clock): (&Caller, &ClockReading),
    work: impl FnOnce(&Desk<'_>) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let view = gate.view(caller.organization())?;
    let facts = view.facts(clock);
    let session = caller.session(clock.wall).under(view.standing(&facts));
    work(&Desk::of(view.engine(), session, clock.wall))
}

/// One request that the caller may know of.
fn one(
    gate: &Gate,
    (caller, clock): (&Caller, &ClockReading),
    id: &str,
) -> Result<AccessShown, Problem> {
    let kept = gate.read(|reader| reader.access_request(caller.organization(), id))?;
    at_desk(gate, (caller, clock), |desk| {
        let kept = kept.filter(|kept| desk.sees(kept)).ok_or_else(Problem::not_found)?;
        Ok(desk.shown(kept))
    })
}

/// Asks for access. Nothing is given by it; who may decide finds it among theirs.
#[utoipa::path(post, path = "/api/v1/access-requests", tag = "access", request_body = AccessBody, responses((status = 201, body = AccessShown)))]
async fn ask_for_access(
    caller: Caller,
    State(server): State<Server>,
    Json(body): Json<AccessBody>,
) -> Result<(StatusCode, Json<AccessShown>), Problem> {
    let clock = server.now();
    let asked = server.blocking(move |gate| {
        let id = AccessRequest::new_id().map_err(|error| Problem::fault(&error))?;
        let AccessBody { action, object, record, length_s, reason, reference } = body;
        let length = Span::seconds(length_s.into());
        let wanted = AccessWanted { action, object, record, length, reason, reference };
        let change = AccessChange::Ask { id: id.clone(), wanted };
        let organization = caller.organization().clone();
        gate.write(&caller.who(), &clock, Change::ChangeAccess { organization, change })?;
        one(gate, (&caller, &clock), &id)
    });
    Ok((StatusCode::CREATED, Json(asked.await?)))
}

/// Which requests are wanted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AccessQuery {
    /// `mine`: asked by the caller; `to_decide`: open ones that the caller may decide; absent: all that they may know of.
    #[param(inline)]
    show: Option<Show>,
    /// Items on the page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// The member `next` of the page before.
    cursor: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Show {
    Mine,
    ToDecide,
}

/// Requests for access that the caller may know of, the newest first; of the latest 1 000 of the organization.
#[utoipa::path(get, path = "/api/v1/access-requests", tag = "access", params(AccessQuery), responses((status = 200, body = Page<AccessShown>)))]
async fn list_access_requests(
    caller: Caller,
    State(server): State<Server>,
    Query(query): Query<AccessQuery>,
) -> Result<Json<Page<AccessShown>>, Problem> {
    let clock = server.now();
    let (limit, after) =
        (page::limit(query.limit)?, query.cursor.as_deref().map(page::open).transpose()?);
    let page = server.blocking(move |gate| {
        let all = gate.read(|reader| reader.access_requests(caller.organization()))?;
        at_desk(gate, (&caller, &clock), |desk| {
            let is_wanted = |request: &AccessRequest| match query.show {
                None => desk.sees(request),
                Some(Show::Mine) => desk.is_own(request),
                Some(Show::ToDecide) => {
                    request.is_open(desk.now)
                        && !desk.is_own(request)
                        && (desk.may_assign(request) || desk.may_share(request))
                }
            };
            let mut rest: Vec<AccessRequest> = all;
            if let Some(after) = &after {
                let at = rest.iter().position(|request| request.id == *after);
                rest = rest.split_off(at.map_or(rest.len(), |at| at.saturating_add(1)));
            }
            let mut rest = rest.into_iter().filter(is_wanted);
            let items: Vec<_> = rest.by_ref().take(limit).map(|one| desk.shown(one)).collect();
            let next = rest.next().and(items.last()).map(|last| page::seal(&last.id));
            Ok(Page::new(items, next))
        })
    });
    page.await.map(Json)
}

/// One request for access that the caller may know of.
#[utoipa::path(get, path = "/api/v1/access-requests/{request}", tag = "access", params(("request" = String, Path)), responses((status = 200, body = AccessShown)))]
async fn show_access_request(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
) -> Result<Json<AccessShown>, Problem> {
    let clock = server.now();
    server.blocking(move |gate| one(gate, (&caller, &clock), &id)).await.map(Json)
}

/// What is given: rights on the record, or a permission set; one of the two.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GrantBody {
    /// Share the record with these rights; nobody shares more than they hold.
    rights: Option<Rights>,
    /// Assign this: `set:ID` or `set_group:ID`; nobody gives what they may not hand out.
    #[schema(value_type = Option<String>)]
    what: Option<Assigned>,
    /// Until when, exclusive; within 90 days.
    ends: Moment,
    /// What the asker is told.
    #[serde(default)]
    words: String,
}

/// Gives what a request asks for, for a while: as a share of its record or as an assignment of a permission set.
#[utoipa::path(post, path = "/api/v1/access-requests/{request}/grant", tag = "access", params(("request" = String, Path)), request_body = GrantBody, responses((status = 200, body = AccessShown)))]
async fn grant_access(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
    Json(body): Json<GrantBody>,
) -> Result<Json<AccessShown>, Problem> {
    let clock = server.now();
    let granted = server.blocking(move |gate| {
        may_decide(gate, (&caller, &clock), &id)?;
        match (body.rights, body.what) {
            (Some(rights), None) => {
                let asking = caller.asking(clock.clone());
                gate.grant_access_by_share(&asking, &id, (rights, body.ends), &body.words)?;
            }
            (None, Some(what)) => {
                assign(gate, (&caller, &clock), &id, (what, body.ends, body.words))?;
            }
            _ => {
                let detail = "give `rights` on the record or assign `what`: one of the two";
                return Err(Problem::new(Code::WrongShape).detail(detail));
            }
        }
        one(gate, (&caller, &clock), &id)
    });
    granted.await.map(Json)
}

/// Whether the caller may decide a request; who may not know of it is not told that it is there.
fn may_decide(
    gate: &Gate,
    (caller, clock): (&Caller, &ClockReading),
    id: &str,
) -> Result<(), Problem> {
    let kept = gate.read(|reader| reader.access_request(caller.organization(), id))?;
    at_desk(gate, (caller, clock), |desk| match kept {
        Some(kept) if desk.is_own(&kept) || desk.may_assign(&kept) || desk.may_share(&kept) => {
            Ok(())
        }
        _ => Err(Problem::not_found()),
    })
}

/// Assigns a set to who asked, by the authority of the caller.
fn assign(
    gate: &Gate,
    (caller, clock): (&Caller, &ClockReading),
    id: &str,
    (what, ends, words): (Assigned, Moment, String),
) -> Result<(), Problem> {
    gate.act(&caller.who(), clock, caller.organization(), |acting| {
        let organization = caller.organization().clone();
        let kept = acting.read().access_request(&organization, id)?;
        let kept = kept.ok_or_else(Problem::not_found)?;
        let assignment =
            Assignment { ends: Some(ends), ..Assignment::new(what, Principal::User(kept.asker)) };
        let at = format!("access/{id}");
        let entity = Entity::new(EntityKind::Assignment, at.as_str(), &assignment)
            .map_err(|error| Problem::fault(&error))?;
        let edit = Edit { put: vec![entity], remove: Vec::new(), reason: String::new() };
        let after = applied(acting.engine().policy(), &edit)?;
        let session = caller.session(clock.wall).under(acting.standing());
        acting.engine().may_administer(&session, Act::Revise(&after))?;
        fits(acting, &after)?;
        let change = AccessChange::Assign {
            id: id.to_owned(),
            expected: acting.revision(),
            assignment: Box::new((at.into(), assignment)),
            words,
        };
        acting.apply(Change::ChangeAccess { organization, change })?;
        Ok::<_, Problem>(())
    })
}

/// Why not.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RefusalBody {
    /// What the asker is told.
    #[schema(min_length = 1)]
    words: String,
}

/// Says no to a request, with a reason.
#[utoipa::path(post, path = "/api/v1/access-requests/{request}/refusal", tag = "access", params(("request" = String, Path)), request_body = RefusalBody, responses((status = 200, body = AccessShown)))]
async fn refuse_access(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
    Json(body): Json<RefusalBody>,
) -> Result<Json<AccessShown>, Problem> {
    let clock = server.now();
    let refused = server.blocking(move |gate| {
        may_decide(gate, (&caller, &clock), &id)?;
        let change = AccessChange::Refuse { id: id.clone(), words: body.words };
        let organization = caller.organization().clone();
        gate.write(&caller.who(), &clock, Change::ChangeAccess { organization, change })?;
        one(gate, (&caller, &clock), &id)
    });
    refused.await.map(Json)
}

/// Takes one's own request back.
#[utoipa::path(post, path = "/api/v1/access-requests/{request}/withdrawal", tag = "access", params(("request" = String, Path)), responses((status = 200, body = AccessShown)))]
async fn withdraw_access_request(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
) -> Result<Json<AccessShown>, Problem> {
    let clock = server.now();
    let withdrawn = server.blocking(move |gate| {
        // Those who may decide know of it, and are told why they may not take it back.
        may_decide(gate, (&caller, &clock), &id)?;
        let change = AccessChange::Withdraw { id: id.clone() };
        let organization = caller.organization().clone();
        gate.write(&caller.who(), &clock, Change::ChangeAccess { organization, change })?;
        one(gate, (&caller, &clock), &id)
    });
    withdrawn.await.map(Json)
}
