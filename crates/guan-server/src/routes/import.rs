//! Imports of projects of other CRMs: brought as a zip, read and compared as a job, applied when somebody says so.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use guan_engine::administration::{Act, Power};
use guan_store::{Change, ImportApplied, Job, JobChange, JobState, ReadError, RecordsChange};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::administration::edit::{self, NotMade, Waits};
use super::job::{JobShown, shown};
use crate::caller::Caller;
use crate::extract::{Json, Path, Query, read_body, takes};
use crate::guard::elevated_by;
use crate::guarded;
use crate::jobs::{self, Found, Imported, Options, Source};
use crate::operation::{Operation, Routes};
use crate::problem::{Code, Problem};
use crate::state::Server;

const BEGIN_IMPORT: Operation = Operation::needs("begin_import", Power::RunImports).changing();
const SHOW_REPORT: Operation = Operation::needs("show_import_report", Power::RunImports);
const LIST_CHANGES: Operation = Operation::needs("list_import_changes", Power::RunImports);
const APPLY_IMPORT: Operation = Operation::needs("apply_import", Power::RunImports).changing();

/// What imports are called among the jobs.
const KIND: &str = "import";
/// Differences that are told.
const CHANGES_MAX: usize = 10_000;

/// The operations of this file.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(BEGIN_IMPORT, begin_import))
        .with(guarded!(SHOW_REPORT, show_import_report))
        .with(guarded!(LIST_CHANGES, list_import_changes))
        .with(guarded!(APPLY_IMPORT, apply_import))
}

/// How a project is read.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ImportQuery {
    /// Whose project it is.
    source: Source,
    /// Minutes east of UTC in which login hours are read; the organization's own when absent.
    utc_offset_minutes: Option<i32>,
}

/// Brings a project as a zip; metadata, and data rows in its folder `rows`. Nothing is changed before it is applied.
#[utoipa::path(post, path = "/api/v1/imports", tag = "imports", params(ImportQuery), request_body(content = Vec<u8>, content_type = "application/zip"), responses((status = 202, body = JobShown)))]
async fn begin_import(
    caller: Caller,
    State(server): State<Server>,
    Query(query): Query<ImportQuery>,
    request: Request,
) -> Result<(StatusCode, Json<JobShown>), Problem> {
    takes(&request, &["application/zip"])?;
    let input = read_body(request, server.settings().upload_bytes_max).await?.to_vec();
    if !input.starts_with(b"PK") {
        return Err(Problem::new(Code::Invalid).detail("the body is no zip"));
    }
    let ImportQuery { source, utc_offset_minutes } = query;
    let options = serde_json::to_string(&Options { source, utc_offset_minutes });
    let options = options.map_err(|error| Problem::fault(&error))?;
    let id = Uuid::now_v7().to_string();
    let under = elevated_by(&server, &caller).await?;
    let (clock, asked, begun) = (server.now(), caller.clone(), id.clone());
    let job = server
        .blocking(move |gate| {
            let organization = asked.organization().clone();
            let (id, kind) = (begun.clone(), KIND.to_owned());
            let change = JobChange::Begin { id, kind, options, input, under };
            gate.write(&asked.who(), &clock, Change::ChangeJob { organization, change })?;
            let job = gate.read(|reader| reader.job(asked.organization(), &begun))?;
            job.ok_or_else(Problem::not_found)
        })
        .await?;
    jobs::start(&server, caller.organization().clone(), id);
    Ok((StatusCode::ACCEPTED, Json(shown(&server, caller.organization(), job))))
}

/// The report of an import: every element, how well it was taken over, and where it stands.
#[utoipa::path(get, path = "/api/v1/imports/{job}/report", tag = "imports", params(("job" = String, Path)), responses((status = 200, body = Object)))]
async fn show_import_report(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let found = server
        .blocking(move |gate| gate.read(|reader| reader.job(caller.organization(), &id)))
        .await?;
    let job: Job = found.ok_or_else(Problem::not_found)?;
    let found: Result<Found, _> = serde_json::from_str(&job.found);
    found.map(|found| Json(found.report)).map_err(|_| Problem::not_found())
}

/// What would differ, or differs, by an import.
#[derive(Debug, Serialize, ToSchema)]
struct ImportChanges {
    /// Every place that differs from the current policy, at most 10 000.
    #[schema(value_type = Vec<Object>)]
    items: Vec<guan_import::Change>,
    /// How many there are.
    count: u64,
    /// The revision that was compared with.
    revision: u64,
}

/// What would differ from the current policy if the import were applied now.
#[utoipa::path(get, path = "/api/v1/imports/{job}/differences", tag = "imports", params(("job" = String, Path)), responses((status = 200, body = ImportChanges)))]
async fn list_import_changes(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
) -> Result<Json<ImportChanges>, Problem> {
    let changes = server.blocking(move |gate| {
        let view = gate.view(caller.organization())?;
        let (policy, revision) = (view.engine().policy(), view.revision());
        let imported = gate.read(|reader| {
            let job = reader.job(caller.organization(), &id)?;
            let input = reader.job_input(caller.organization(), &id)?;
            Ok::<_, ReadError>(job.zip(input))
        })?;
        let imported = again(imported, (policy, revision))?;
        let mut items =
            guan_import::diff(policy, &imported.policy).map_err(|error| Problem::fault(&error))?;
        let count = items.len() as u64;
        items.truncate(CHANGES_MAX);
        Ok::<_, Problem>(ImportChanges { items, count, revision })
    });
    changes.await.map(Json)
}

/// Reads a job that is ready once more; the same bytes give the same policy.
fn again(
    job: Option<(Job, Vec<u8>)>,
    current: (&guan_engine::model::Policy, u64),
) -> Result<Imported, Problem> {
    let (job, input) = job.ok_or_else(Problem::not_found)?;
    if job.state != JobState::Ready {
        let detail = format!("the import is {}", job.state.name());
        return Err(Problem::new(Code::Conflict).detail(detail));
    }
    jobs::import(&input, &job.options, current, |_, _| {}).map_err(|found| {
        let detail = found.error.unwrap_or_default();
        Problem::new(Code::Invalid).detail(detail).member("problems", found.problems)
    })
}

/// Which state an import is applied to, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApplyBody {
    /// The revision that is current, as the caller knows it.
    expected: u64,
    /// Why, for the revision and the ledger.
    #[serde(default)]
    reason: String,
}

/// What the import came to.
#[derive(Debug, Serialize, ToSchema)]
struct Applied {
    /// The revision that came of it; absent where only records came in.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
    /// The row of the ledger.
    row: u64,
    /// How many entities and records changed.
    affected: u64,
}

/// Puts what the import found in the place of the policy, and of the records where rows were brought.
///
/// Whoever administers Guan stays; every difference is judged as if it were edited by hand.
#[utoipa::path(post, path = "/api/v1/imports/{job}/apply", tag = "imports", params(("job" = String, Path)), request_body = ApplyBody, responses((status = 200, body = Applied), (status = 202, body = Waits)))]
async fn apply_import(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
    Json(asked): Json<ApplyBody>,
) -> Result<Json<Applied>, NotMade> {
    let clock = server.now();
    let applied = server.blocking(move |gate| {
        // Read before anybody has to wait for the writer.
        let view = gate.view(caller.organization())?;
        if view.revision() != asked.expected {
            let detail = format!("the policy is at revision {}", view.revision());
            return Err(Problem::new(Code::Conflict).detail(detail));
        }
        let read = gate.read(|reader| {
            let job = reader.job(caller.organization(), &id)?;
            let input = reader.job_input(caller.organization(), &id)?;
            Ok::<_, ReadError>(job.zip(input))
        })?;
        let imported = again(read, (view.engine().policy(), view.revision()))?;
        drop(view);
        gate.act(&caller.who(), &clock, caller.organization(), |acting| {
            let session = caller.session(clock.wall).under(acting.standing());
            acting.engine().may_administer(&session, Act::Revise(&imported.policy))?;
            if imported.records.is_none() {
                edit::fits(acting, &imported.policy)?;
            }
            let reason = if asked.reason.trim().is_empty() { "import" } else { &asked.reason };
            let after = imported.policy;
            let change = Change::ApplyImport(ImportApplied {
                job: id,
                policy: Box::new(after.clone()),
                expected: asked.expected,
                records: imported.records.map_or(RecordsChange::Keep, RecordsChange::Replace),
                reason: reason.to_owned(),
            });
            if let Some(waits) = edit::keep_if_held(acting, &caller, (&change, &after))? {
                return Ok(Err(waits));
            }
            let written = acting.apply(change)?;
            let (revision, row) = (written.revision, written.sequence);
            Ok::<_, Problem>(Ok(Applied { revision, row, affected: written.affected }))
        })
    });
    applied.await?.map(Json).map_err(NotMade::Waits)
}
