//! Jobs: long work that goes on beside the requests, with how far it is.

use axum::extract::State;
use guan_engine::model::{Moment, OrganizationId};
use guan_store::{Change, Job, JobChange, JobState};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

use guan_engine::administration::Power;

use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::guarded;
use crate::jobs::{self, Found};
use crate::operation::{Operation, Routes};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::state::Server;

const LIST_JOBS: Operation = Operation::needs("list_jobs", Power::RunImports);
const SHOW_JOB: Operation = Operation::needs("show_job", Power::RunImports);
const CANCEL_JOB: Operation = Operation::needs("cancel_job", Power::RunImports).changing();

/// The operations of this file.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(LIST_JOBS, list_jobs))
        .with(guarded!(SHOW_JOB, show_job))
        .with(guarded!(CANCEL_JOB, cancel_job))
}

/// A job with how far it is and what it found.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct JobShown {
    /// Its id.
    id: String,
    /// What sort of work.
    kind: String,
    /// `waiting`, `ready`, `applied`, `failed` or `cancelled`.
    #[schema(value_type = String)]
    state: JobState,
    /// Who began it.
    author: String,
    /// When it was begun.
    created: Moment,
    /// When its state was last changed.
    changed: Moment,
    /// How far it is, of a hundred; absent while no process here works on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<u8>,
    /// What is done at the moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    doing: Option<&'static str>,
    /// What it found, without the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<FoundShown>,
}

/// What an import found.
#[derive(Debug, Serialize, ToSchema)]
struct FoundShown {
    /// Why it cannot be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// What does not fit together: `place` and `what`.
    #[schema(value_type = Vec<Object>)]
    problems: Vec<Value>,
    /// How many of what would be there.
    counts: BTreeMap<String, u64>,
    /// Elements that bear permissions and were understood.
    understood: u64,
    /// Elements that bear permissions.
    bearing: u64,
    /// Whether something was lost or bent; the report says what.
    has_losses: bool,
    /// The revision that it was compared with.
    compared_with: u64,
    /// How many places differ from it.
    differences: u64,
}

/// A job as it is told.
pub(super) fn shown(server: &Server, organization: &OrganizationId, job: Job) -> JobShown {
    let progress = server.jobs().progress(organization, &job.id);
    let is_of_records = job.kind == jobs::RECORD_IMPORT;
    let found = serde_json::from_str::<Found>(&job.found).ok().filter(|_| !is_of_records);
    let found = found.map(|found| FoundShown {
        error: found.error,
        problems: found.problems,
        counts: found.counts,
        understood: found.understood,
        bearing: found.bearing,
        has_losses: found.has_losses,
        compared_with: found.compared_with,
        differences: found.differences,
    });
    JobShown {
        id: job.id,
        kind: job.kind,
        state: job.state,
        author: job.author,
        created: job.created,
        changed: job.changed,
        percent: progress.map(|progress| progress.percent),
        doing: progress.map(|progress| progress.doing),
        found,
    }
}

/// The jobs, the oldest first.
#[utoipa::path(get, path = "/api/v1/jobs", tag = "jobs", params(PageQuery), responses((status = 200, body = Page<JobShown>)))]
async fn list_jobs(
    caller: Caller,
    State(server): State<Server>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<JobShown>>, Problem> {
    let asked = caller.clone();
    let jobs =
        server.blocking(move |gate| gate.read(|reader| reader.jobs(asked.organization()))).await?;
    let show = |job: &Job| shown(&server, caller.organization(), job.clone());
    Page::cut(&jobs, &query, |job| job.id.as_str(), show).map(Json)
}

/// One job, with how far it is.
#[utoipa::path(get, path = "/api/v1/jobs/{job}", tag = "jobs", params(("job" = String, Path)), responses((status = 200, body = JobShown)))]
async fn show_job(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
) -> Result<Json<JobShown>, Problem> {
    let asked = caller.clone();
    let job = server
        .blocking(move |gate| gate.read(|reader| reader.job(asked.organization(), &id)))
        .await?;
    let job = job.ok_or_else(Problem::not_found)?;
    Ok(Json(shown(&server, caller.organization(), job)))
}

/// Gives a job up and forgets its input. What was applied already stays.
#[utoipa::path(post, path = "/api/v1/jobs/{job}/cancel", tag = "jobs", params(("job" = String, Path)), responses((status = 200, body = JobShown)))]
async fn cancel_job(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
) -> Result<Json<JobShown>, Problem> {
    let clock = server.now();
    let asked = caller.clone();
    let job = server
        .blocking(move |gate| {
            let organization = asked.organization().clone();
            let change = JobChange::Cancel { id: id.clone() };
            let change = Change::ChangeJob { organization, change };
            gate.write(&asked.who(), &clock, change)?;
            let job = gate.read(|reader| reader.job(asked.organization(), &id))?;
            job.ok_or_else(Problem::not_found)
        })
        .await?;
    Ok(Json(shown(&server, caller.organization(), job)))
}
