//! What edits would come to before they are made: problems, differences, and who would gain and lose what.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::convert::Infallible;

use axum::extract::State;
use guan_engine::Engine;
use guan_engine::administration::{Act, Domain, orphaned};
use guan_engine::model::{Action, Moment, ObjectId, Policy, Record, UserId};
use guan_engine::question::{Comparison, Extract, Side};
use guan_store::{ReadError, Reader};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::edit;
use super::resource;
use super::revision::{PlaceChanged, RevisionBody, an_administrator, places};
use crate::asking::Asker;
use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::problem::{Code, Problem};
use crate::state::Server;
use guan_engine::administration::Power;

const PREVIEW_REVISION: Operation = Operation::oneself("preview_revision");
const COMPARE_REVISIONS: Operation = Operation::needs("compare_revisions", Power::ManageSets);

/// Records up to which gains and losses are worked out while the caller waits.
const RECORDS_MAX: u64 = 100_000;
/// Differences that a preview tells.
const DIFFERENCES_MAX: usize = 1_000;
/// So many records are named for each gain and each loss.
const SAMPLES: usize = 3;

/// The operations of this file.
pub(super) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(PREVIEW_REVISION, preview_revision))
        .with(guarded!(COMPARE_REVISIONS, compare_revisions))
}

/// What edits would come to.
#[derive(Debug, Serialize, ToSchema)]
struct Preview {
    /// What could not be kept; none when the edits can be made.
    #[schema(value_type = Vec<Object>)]
    problems: Vec<Value>,
    /// Every place that would differ, at most 1 000.
    differences: Vec<PlaceChanged>,
    /// How many places would differ.
    differences_count: u64,
    /// Who would gain and lose which records; absent where there are problems or too many records, and for callers who may
    /// not ask about everybody (`guan.ask_about_others`).
    #[serde(skip_serializing_if = "Option::is_none")]
    impact: Option<Comparison>,
}

/// What many edits at once would come to. Nothing is changed.
#[utoipa::path(post, path = "/api/v1/revisions/preview", tag = "revisions", request_body = RevisionBody, responses((status = 200, body = Preview)))]
async fn preview_revision(
    caller: Caller,
    State(server): State<Server>,
    Json(asked): Json<RevisionBody>,
) -> Result<Json<Preview>, Problem> {
    let expected = asked.expected;
    let edits = asked.edit()?;
    let clock = server.now();
    let preview = server.blocking(move |gate| {
        let view = gate.view(caller.organization())?;
        let facts = view.facts(&clock);
        let session = caller.session(clock.wall).under(view.standing(&facts));
        let engine = view.engine();
        an_administrator(engine, &session)?;
        if view.revision() != expected {
            let detail = format!("the policy is at revision {}", view.revision());
            return Err(Problem::new(Code::Conflict).detail(detail));
        }
        let after = resource::applied(engine.policy(), &edits)?;
        engine.may_administer(&session, Act::Revise(&after))?;
        let mut differences = places(engine.policy(), &after)?;
        let differences_count = differences.len() as u64;
        differences.truncate(DIFFERENCES_MAX);
        let found = after.validate();
        let mut problems = edit::told(&found, &edits.put);
        let before = || Ok::<_, Infallible>(Cow::Borrowed(engine.policy()));
        if let Ok(Some(lost)) = orphaned(before, &after, clock.wall) {
            problems.push(json!({ "place": "assignments", "what": lost.to_string() }));
        }
        // Who sees what is a question about others.
        let may_know = engine.domain(&session, Power::AskAboutOthers) == Ok(Domain::Everything);
        let impact = if found.is_empty() && may_know {
            gate.read(|reader| impact(reader, engine, &after, &extract(clock.wall)))?
        } else {
            None
        };
        Ok(Preview { problems, differences, differences_count, impact })
    });
    preview.await.map(Json)
}

/// Everybody, every object: who reads, edits and deletes what.
fn extract(at: Moment) -> Extract {
    Extract {
        users: BTreeSet::new(),
        objects: BTreeSet::new(),
        actions: vec![Action::Read, Action::Edit, Action::Delete],
        at,
        samples: SAMPLES,
    }
}

/// Gains and losses by another policy over the records there are; `None` when there are too many of them.
fn impact(
    reader: &Reader<'_>,
    engine: &Engine,
    after: &Policy,
    extract: &Extract,
) -> Result<Option<Comparison>, Problem> {
    let organization = &engine.policy().organization.id;
    if reader.record_count(organization)? > RECORDS_MAX {
        return Ok(None);
    }
    let after = load(after.clone(), &records(reader, engine.policy())?)?;
    let side = |engine| Side { engine, standing: None };
    Ok(Some(Engine::compare(side(engine), side(&after), extract)))
}

fn records(reader: &Reader<'_>, policy: &Policy) -> Result<Vec<Record>, Problem> {
    let all = reader.load_records(&policy.organization.id, |records| {
        records.collect::<Result<Vec<Record>, ReadError>>()
    })?;
    Ok(all?)
}

/// An engine with those of the records that fit the policy: another one may lack their object.
fn load(policy: Policy, records: &[Record]) -> Result<Engine, Problem> {
    let fits = |record: &&Record| policy.validate_record(record).is_empty();
    let fitting: Vec<Record> = records.iter().filter(fits).cloned().collect();
    Engine::load(policy, fitting).map_err(|found| Problem::invalid(&found))
}

/// Which revisions are compared, for whom and on what.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CompareQuery {
    /// The revision to compare with.
    from: u64,
    /// One user; everybody when absent.
    user: Option<String>,
    /// One object; every object when absent.
    object: Option<String>,
}

/// Who gains and loses which records from one revision to another, over the records there are now.
#[utoipa::path(get, path = "/api/v1/revisions/{revision}/impact", tag = "revisions", params(("revision" = u64, Path), CompareQuery), responses((status = 200, body = Comparison)))]
async fn compare_revisions(
    caller: Caller,
    State(server): State<Server>,
    Path(number): Path<u64>,
    Query(query): Query<CompareQuery>,
) -> Result<Json<Comparison>, Problem> {
    let clock = server.now();
    let mut extract = extract(clock.wall);
    extract.users = query.user.into_iter().map(UserId::from).collect();
    extract.objects = query.object.into_iter().map(ObjectId::from).collect();
    let comparison = server.blocking(move |gate| {
        Asker::of(gate, &caller, clock)?.must_know()?;
        gate.read(|reader| {
            let organization = caller.organization();
            if reader.record_count(organization)? > RECORDS_MAX {
                return Err(Problem::new(Code::TooLarge).detail(format!(
                    "with more than {RECORDS_MAX} records use `guan compare --revisions`"
                )));
            }
            let old = reader.policy_at(organization, query.from)?;
            let new = reader.policy_at(organization, number)?;
            let records = records(reader, &new)?;
            let (old, new) = (load(old, &records)?, load(new, &records)?);
            let side = |engine| Side { engine, standing: None };
            Ok(Engine::compare(side(&old), side(&new), &extract))
        })
    });
    comparison.await.map(Json)
}
