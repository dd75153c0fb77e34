//! An edit of the policy as one act: judged, checked and written on one state, with one revision and one ledger row.

use std::collections::BTreeSet;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use guan_engine::Engine;
use guan_engine::administration::{Act, Domain};
use guan_engine::ask::Session;
use guan_engine::model::{Moment, OverlayId, Policy, Problem as Place};
use guan_ledger::Digest;
use guan_store::{
    Acting, Change, ClockReading, Difference, EditToKeep, Entity, EntityKey, Gate, GateError,
    ReadError, RecordsChange, WaitingChange, WriteError, differences, entities, may_unfit,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::resource;
use crate::caller::Caller;
use crate::etag::ETag;
use crate::extract::Json;
use crate::operation::Needs;
use crate::problem::{Code, Problem};

/// Places in records that are told when they do not fit a policy.
const UNFIT_MAX: usize = 20;

/// Entities to be put and to be taken out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::routes) struct Edit {
    pub(in crate::routes) put: Vec<Entity>,
    pub(in crate::routes) remove: Vec<EntityKey>,
    pub(in crate::routes) reason: String,
}

/// What a change of the policy came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(super) struct Made {
    /// The revision that came of it.
    pub(super) revision: u64,
    /// The row of the ledger.
    pub(super) row: u64,
}

/// What became of a change of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It was made.
    Made(Made),
    /// A window holds it.
    Waits(Waits),
}

impl Outcome {
    /// What was made, or that it waits.
    pub(super) fn now(self) -> Result<Made, NotMade> {
        match self {
            Self::Made(made) => Ok(made),
            Self::Waits(waits) => Err(NotMade::Waits(waits)),
        }
    }
}

/// A change of the policy that waits for the end of a window: it touches what the window relaxes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(in crate::routes) struct Waits {
    /// Its id; see `show_waiting_edit`.
    waiting: String,
    /// The window that ends last of those that hold it.
    overlay: OverlayId,
    /// When that one ends at the latest.
    ends: Moment,
    /// The row of the ledger.
    row: u64,
}

/// Why a handler has nothing that was made.
#[derive(Debug)]
pub(in crate::routes) enum NotMade {
    /// It is refused.
    Problem(Problem),
    /// It waits.
    Waits(Waits),
}

impl From<Problem> for NotMade {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl IntoResponse for NotMade {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Waits(waits) => {
                let location = format!("/api/v1/waiting-edits/{}", waits.waiting);
                let headers = [(header::LOCATION, location)];
                (StatusCode::ACCEPTED, headers, Json(waits)).into_response()
            }
        }
    }
}

/// Plans an edit on the current policy, judges whether the caller may make it, and makes it.
///
/// Nobody else changes the policy between the three. `plan` gets what the caller administers with the power of the
/// operation, and must not tell more.
pub(super) fn act<T>(
    gate: &Gate,
    (caller, clock): (&Caller, &ClockReading),
    plan: impl FnOnce(&Policy, &Domain) -> Result<(Edit, T), Problem>,
) -> Result<(Outcome, T), Problem> {
    gate.act(&caller.who(), clock, caller.organization(), |acting| {
        let (edit, after, planned) = {
            let session = caller.session(clock.wall).under(acting.standing());
            let engine = acting.engine();
            let domain = domain(engine, &session, caller)?;
            let (edit, planned) = plan(engine.policy(), &domain)?;
            let after = resource::applied(engine.policy(), &edit)?;
            engine.may_administer(&session, Act::Revise(&after))?;
            fits(acting, &after)?;
            (edit, after, planned)
        };
        let Edit { put, remove, reason } = edit;
        let change = Change::EditPolicy {
            organization: caller.organization().clone(),
            expected: acting.revision(),
            put: put.clone(),
            remove,
            reason: stated(reason, caller),
        };
        Ok((apply(acting, caller, (change, &after), &put)?, planned))
    })
}

/// Refuses a policy that records do not fit any more: nothing could be decided on them.
///
/// Cost: reads every record, where something went or changed that records name.
pub(in crate::routes) fn fits(acting: &Acting<'_>, after: &Policy) -> Result<(), Problem> {
    let before = acting.engine().policy();
    if !may_unfit(before, after) {
        return Ok(());
    }
    let found = acting.read().load_records(&before.organization.id, |records| {
        let mut found = Vec::new();
        for record in records {
            found.extend(after.validate_record(&record?));
            if found.len() >= UNFIT_MAX {
                break;
            }
        }
        Ok::<_, ReadError>(found)
    })??;
    if found.is_empty() { Ok(()) } else { Err(Problem::invalid(&found)) }
}

/// The reason, or what was done where none is given.
pub(super) fn stated(reason: String, caller: &Caller) -> String {
    if reason.trim().is_empty() { caller.operation().id.to_owned() } else { reason }
}

/// Whom and what the caller administers by the operation.
pub(super) fn domain(
    engine: &Engine,
    session: &Session<'_>,
    caller: &Caller,
) -> Result<Domain, Problem> {
    match caller.operation().needs {
        Needs::Power(power) => Ok(engine.domain(session, power)?),
        Needs::Oneself | Needs::Nothing | Needs::OneOf(_) => Ok(Domain::Subtrees(BTreeSet::new())),
    }
}

/// Makes a change of the policy inside an act, or keeps it where a window holds it; what cannot be kept is told with its
/// places in what was sent. `after` is the policy that the change makes.
pub(super) fn apply(
    acting: &mut Acting<'_>,
    caller: &Caller,
    (change, after): (Change, &Policy),
    put: &[Entity],
) -> Result<Outcome, Problem> {
    if let Some(waits) = keep_if_held(acting, caller, (&change, after))? {
        return Ok(Outcome::Waits(waits));
    }
    let written = acting.apply(change).map_err(|error| match error {
        GateError::Write(WriteError::Problems(places)) => invalid(&places, put),
        other => other.into(),
    })?;
    let revision = written.revision.unwrap_or_else(|| acting.revision());
    Ok(Outcome::Made(Made { revision, row: written.sequence }))
}

/// Keeps a change of the policy where a window holds it and it can wait.
pub(in crate::routes) fn keep_if_held(
    acting: &mut Acting<'_>,
    caller: &Caller,
    (change, after): (&Change, &Policy),
) -> Result<Option<Waits>, Problem> {
    let last = acting.holding(after).into_iter().max_by_key(|(_, ends)| *ends);
    let (Some(last), Some((expected, reason))) = (last, may_wait(change)) else { return Ok(None) };
    keep(acting, caller, (expected, reason.to_owned(), after), last).map(Some)
}

/// The revision that a change was made from and its reason; `None` for one that cannot wait, since records go with it.
fn may_wait(change: &Change) -> Option<(u64, &str)> {
    match change {
        Change::EditPolicy { expected, reason, .. }
        | Change::MakeCurrent { expected, reason, .. } => Some((*expected, reason)),
        Change::ApplyImport(import) if import.records == RecordsChange::Keep => {
            Some((import.expected, &import.reason))
        }
        _ => None,
    }
}

fn keep(
    acting: &mut Acting<'_>,
    caller: &Caller,
    (expected, reason, after): (u64, String, &Policy),
    (overlay, ends): (OverlayId, Moment),
) -> Result<Waits, Problem> {
    let entities = |policy| entities(policy).map_err(|error| Problem::fault(&error));
    let (before, after) = (entities(acting.engine().policy())?, entities(after)?);
    let (mut put, mut remove) = (Vec::new(), Vec::new());
    for Difference { kind, id, after, .. } in differences(&before, &after) {
        match after {
            Some(body) => put.push(Entity { kind, id, body }),
            None => remove.push((kind, id)),
        }
    }
    let id = EditToKeep::new_id().map_err(|error| Problem::fault(&error))?;
    let authority = Some(caller.user().clone());
    let edit = EditToKeep { id: id.clone(), expected, put, remove, reason, authority };
    let change = WaitingChange::Keep(Box::new(edit));
    let organization = caller.organization().clone();
    let row = acting.apply(Change::ChangeWaiting { organization, change })?.sequence;
    Ok(Waits { waiting: id, overlay, ends, row })
}

/// The state of an entity: a digest of its one spelling.
pub(super) fn state(entity: &Entity) -> ETag {
    let digest = Digest::of(entity.body.as_bytes()).to_string();
    ETag::of_text(&digest.chars().filter(char::is_ascii_alphanumeric).take(32).collect::<String>())
}

/// What cannot be kept, with its places.
pub(super) fn invalid(places: &[Place], put: &[Entity]) -> Problem {
    Problem::new(Code::Invalid).member("problems", told(places, put))
}

/// Places in the policy, each also as a pointer into the content that was sent, where it is one of its.
pub(super) fn told(places: &[Place], put: &[Entity]) -> Vec<Value> {
    let told = places.iter().map(|place| {
        let mut told = json!({ "place": place.place, "what": place.what });
        let pointer = put.iter().enumerate().find_map(|(at, entity)| {
            let inside = inside(&place.place, entity)?;
            let content: Value = serde_json::from_str(&entity.body).ok()?;
            let pointer = pointer(&content, inside);
            Some(if put.len() == 1 { pointer } else { format!("/put/{at}/content{pointer}") })
        });
        if let (Some(told), Some(pointer)) = (told.as_object_mut(), pointer) {
            told.insert("pointer".to_owned(), pointer.into());
        }
        told
    });
    told.collect()
}

/// What follows in a place after the name of an entity.
fn inside<'p>(place: &'p str, entity: &Entity) -> Option<&'p str> {
    let rest = if entity.id.is_empty() {
        place.strip_prefix("organization")?
    } else {
        let (_, rest) = place.split_once('.')?;
        rest.strip_prefix(entity.id.as_str())?
    };
    let part = place.split('.').next().unwrap_or_default();
    let is_of_kind = part.strip_suffix('s').unwrap_or(part) == entity.kind.name();
    (is_of_kind && (rest.is_empty() || rest.starts_with(['.', '[']))).then_some(rest)
}

/// A place as a JSON pointer, as far down as the content goes. Names may hold dots, so the longest that fits is taken.
fn pointer(content: &Value, place: &str) -> String {
    let (mut pointer, mut at, mut rest) = (String::new(), content, place);
    loop {
        let next = match at {
            Value::Object(members) => rest.strip_prefix('.').and_then(|rest| {
                let fits = |name: &&String| {
                    rest.strip_prefix(name.as_str())
                        .is_some_and(|after| after.is_empty() || after.starts_with(['.', '[']))
                };
                let name = members.keys().filter(fits).max_by_key(|name| name.len())?;
                let escaped = name.replace('~', "~0").replace('/', "~1");
                Some((escaped, members.get(name)?, rest.get(name.len()..)?))
            }),
            Value::Array(items) => rest.strip_prefix('[').and_then(|rest| {
                let (number, rest) = rest.split_once(']')?;
                Some((number.to_owned(), items.get(number.parse::<usize>().ok()?)?, rest))
            }),
            _ => None,
        };
        let Some((name, inner, after)) = next else { return pointer };
        pointer.push('/');
        pointer.push_str(&name);
        (at, rest) = (inner, after);
    }
}

#[cfg(test)]
mod tests {
    use guan_store::{Entity, EntityKind};
    use serde_json::json;

    use super::{inside, pointer};

    #[test]
    fn a_place_becomes_a_pointer_as_far_as_the_content_goes() {
        let content =
            json!({ "objects": { "a.b": { "actions": { "x/y": [1, 2] } } }, "to": ["u"] });
        assert_eq!(pointer(&content, ".to[0]"), "/to/0");
        assert_eq!(pointer(&content, ".objects.a.b.actions.x/y[1]"), "/objects/a.b/actions/x~1y/1");
        assert_eq!(pointer(&content, ".objects.missing"), "/objects");
        assert_eq!(pointer(&content, ""), "");
    }

    #[test]
    fn a_place_belongs_to_the_entity_that_it_names() {
        let entity = |kind, id: &str| Entity { kind, id: id.to_owned(), body: String::new() };
        let rule = entity(EntityKind::Rule, "north");
        assert_eq!(inside("rules.north.to[2]", &rule), Some(".to[2]"));
        assert_eq!(inside("rules.northern.to[2]", &rule), None);
        assert_eq!(inside("users.north.name", &rule), None);
        let organization = entity(EntityKind::Organization, "");
        assert_eq!(inside("organization.id", &organization), Some(".id"));
    }
}
