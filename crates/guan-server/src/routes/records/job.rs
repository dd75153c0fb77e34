//! Imports of records as jobs: brought, tried, looked at with the rows that do not fit, applied, given up; each by who began it.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use guan_engine::model::{Moment, ObjectId};
use guan_import::Sheet;
use guan_store::{Change, Job, JobChange, JobState};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::import::{ERRORS_SHOWN, FILES, OFFSET_MAX, RowError, mapping};
use super::parameters::JobParameters;
use crate::caller::Caller;
use crate::extract::{Json, Path, Query, read_body, takes};
use crate::guard::importing_by;
use crate::guarded;
use crate::jobs::{self, RECORD_IMPORT, RecordFound, RecordOptions, RecordTally, error_file};
use crate::operation::{Operation, Routes};
use crate::page::{Page, PageQuery};
use crate::problem::{Code, Problem};
use crate::state::Server;

const BEGIN: Operation = Operation::oneself("begin_record_import").changing();
const LIST: Operation = Operation::oneself("list_record_imports");
const SHOW: Operation = Operation::oneself("show_record_import");
const ERRORS: Operation = Operation::oneself("show_record_import_errors");
const APPLY: Operation = Operation::oneself("apply_record_import").changing();
const CANCEL: Operation = Operation::oneself("cancel_record_import").changing();

pub(super) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(BEGIN, begin_record_import))
        .with(guarded!(LIST, list_record_imports))
        .with(guarded!(SHOW, show_record_import))
        .with(guarded!(ERRORS, show_record_import_errors))
        .with(guarded!(APPLY, apply_record_import))
        .with(guarded!(CANCEL, cancel_record_import))
}

/// An import of records, with how far it is.
#[derive(Debug, Serialize, ToSchema)]
struct RecordImportShown {
    /// Its id.
    id: String,
    /// `waiting` and `ready` while it is tried and was, `applying` and `applied`, `failed` or `cancelled`.
    #[schema(value_type = String)]
    state: JobState,
    /// When it was begun.
    created: Moment,
    /// When its state was last changed.
    changed: Moment,
    /// How far it is, of a hundred; absent while no process here works on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<u8>,
    /// Why it cannot be done, or not to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// Rows of the file.
    rows: u64,
    /// What would become of them.
    tried: TallyShown,
    /// What became of them.
    applied: TallyShown,
}

/// What became of rows.
#[derive(Debug, Serialize, ToSchema)]
struct TallyShown {
    /// Rows gone through.
    done: u64,
    /// Records made.
    created: u64,
    /// Records changed.
    updated: u64,
    /// Records that were so already.
    unchanged: u64,
    /// Rows that did not fit.
    failed: u64,
    /// The first thousand of them.
    errors: Vec<RowError>,
}

impl From<RecordTally> for TallyShown {
    fn from(tally: RecordTally) -> Self {
        let RecordTally { done, created, updated, unchanged, failed, errors } = tally;
        let errors = errors.into_iter().take(ERRORS_SHOWN);
        let errors = errors.map(|(line, why)| RowError { line, why }).collect();
        Self { done, created, updated, unchanged, failed, errors }
    }
}

fn shown(server: &Server, caller: &Caller, job: Job) -> RecordImportShown {
    let found = serde_json::from_str::<RecordFound>(&job.found).unwrap_or_default();
    let progress = server.jobs().progress(caller.organization(), &job.id);
    RecordImportShown {
        id: job.id,
        state: job.state,
        created: job.created,
        changed: job.changed,
        percent: progress.map(|progress| progress.percent),
        error: found.error,
        rows: found.rows,
        tried: found.tried.into(),
        applied: found.applied.into(),
    }
}

/// The job, if the caller began it; another one is told like one that does not exist.
async fn own(server: &Server, caller: &Caller, id: &str) -> Result<Job, Problem> {
    let (asked, id) = (caller.clone(), id.to_owned());
    let job = server
        .blocking(move |gate| gate.read(|reader| reader.job(asked.organization(), &id)))
        .await?;
    job.filter(|job| is_own(caller, job)).ok_or_else(Problem::not_found)
}

fn is_own(caller: &Caller, job: &Job) -> bool {
    job.kind == RECORD_IMPORT && job.author == caller.user().as_str()
}

async fn change(server: &Server, caller: &Caller, change: JobChange) -> Result<(), Problem> {
    let (asked, clock) = (caller.clone(), server.now());
    server
        .blocking(move |gate| {
            let organization = asked.organization().clone();
            gate.write(&asked.who(), &clock, Change::ChangeJob { organization, change }).map(|_| ())
        })
        .await
}

/// Brings a file of records. It is tried beside the request: what would become of each row; nothing is written before it is applied.
#[utoipa::path(post, path = "/api/v1/record-imports/{object}/jobs", tag = "records",
    params(("object" = String, Path, description = "The object."), JobParameters),
    request_body(content((Vec<u8> = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses((status = 202, body = RecordImportShown)))]
async fn begin_record_import(
    caller: Caller,
    State(server): State<Server>,
    Path(object): Path<String>,
    Query(parameters): Query<JobParameters>,
    request: Request,
) -> Result<(StatusCode, Json<RecordImportShown>), Problem> {
    if parameters.utc_offset_minutes.abs() > OFFSET_MAX {
        let detail = format!("utc_offset_minutes goes from -{OFFSET_MAX} to {OFFSET_MAX}");
        return Err(Problem::new(Code::BadQuery).detail(detail));
    }
    let mapping = mapping(parameters.mapping.as_deref())?;
    takes(&request, FILES)?;
    let object = ObjectId::from(object);
    super::may_import(&caller, &server, &object).await?;
    let under = importing_by(&server, &caller, &object).await?;
    let input = read_body(request, server.settings().upload_bytes_max).await?.to_vec();
    let who = caller.who();
    let options = RecordOptions {
        object,
        mapping,
        utc_offset_minutes: parameters.utc_offset_minutes,
        address: who.address,
        session: who.session,
        auth_method: who.auth_method,
        request: who.request,
    };
    let options = serde_json::to_string(&options).map_err(|error| Problem::fault(&error))?;
    let (id, kind) = (Uuid::now_v7().to_string(), RECORD_IMPORT.to_owned());
    let begin = JobChange::Begin { id: id.clone(), kind, options, input, under };
    change(&server, &caller, begin).await?;
    let job = own(&server, &caller, &id).await?;
    jobs::start(&server, caller.organization().clone(), id);
    Ok((StatusCode::ACCEPTED, Json(shown(&server, &caller, job))))
}

/// The imports of records that the caller began, the oldest first.
#[utoipa::path(get, path = "/api/v1/me/record-imports", tag = "records", params(PageQuery),
    responses((status = 200, body = Page<RecordImportShown>)))]
async fn list_record_imports(
    caller: Caller,
    State(server): State<Server>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<RecordImportShown>>, Problem> {
    let asked = caller.clone();
    let mut jobs =
        server.blocking(move |gate| gate.read(|reader| reader.jobs(asked.organization()))).await?;
    jobs.retain(|job| is_own(&caller, job));
    let show = |job: &Job| shown(&server, &caller, job.clone());
    Page::cut(&jobs, &query, |job| job.id.as_str(), show).map(Json)
}

/// An import of records that the caller began, with how far it is.
#[utoipa::path(get, path = "/api/v1/me/record-imports/{job}", tag = "records", params(("job" = String, Path)),
    responses((status = 200, body = RecordImportShown)))]
async fn show_record_import(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
) -> Result<Json<RecordImportShown>, Problem> {
    let job = own(&server, &caller, &id).await?;
    Ok(Json(shown(&server, &caller, job)))
}

/// The rows that did not fit as they came, with why in a column of their own. Once the job is over the rows are
/// forgotten, and only why is left.
#[utoipa::path(get, path = "/api/v1/me/record-imports/{job}/errors", tag = "records", params(("job" = String, Path)),
    responses((status = 200, body = String, content_type = "text/csv")))]
async fn show_record_import_errors(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let job = own(&server, &caller, &id).await?;
    let found = serde_json::from_str::<RecordFound>(&job.found).unwrap_or_default();
    let of = if found.applied.done > 0 { found.applied } else { found.tried };
    let sheet = server
        .blocking(move |gate| {
            let input = gate.read(|reader| reader.job_input(caller.organization(), &id))?;
            Ok::<_, Problem>(Sheet::parse(&input.unwrap_or_default()).unwrap_or_default())
        })
        .await?;
    Ok(error_file(&sheet, &of.errors))
}

/// Applies an import that was tried: batch by batch, each with how far it is, so that no row is written twice.
#[utoipa::path(post, path = "/api/v1/me/record-imports/{job}/apply", tag = "records", params(("job" = String, Path)),
    responses((status = 202, body = RecordImportShown)))]
async fn apply_record_import(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<RecordImportShown>), Problem> {
    own(&server, &caller, &id).await?;
    change(&server, &caller, JobChange::Apply { id: id.clone() }).await?;
    let job = own(&server, &caller, &id).await?;
    jobs::start(&server, caller.organization().clone(), id);
    Ok((StatusCode::ACCEPTED, Json(shown(&server, &caller, job))))
}

/// Gives an import up and forgets its file. Batches that were applied stay.
#[utoipa::path(post, path = "/api/v1/me/record-imports/{job}/cancel", tag = "records", params(("job" = String, Path)),
    responses((status = 200, body = RecordImportShown)))]
async fn cancel_record_import(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
) -> Result<Json<RecordImportShown>, Problem> {
    own(&server, &caller, &id).await?;
    change(&server, &caller, JobChange::Cancel { id: id.clone() }).await?;
    let job = own(&server, &caller, &id).await?;
    Ok(Json(shown(&server, &caller, job)))
}
