//! Records from a file: CSV or a workbook, columns mapped to fields, a dry run first, and a file of the rows that did not fit.

use std::collections::BTreeMap;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use guan_engine::model::ObjectId;
use guan_import::{Sheet, SheetRow};
use guan_store::{Asking, Gate, ImportBatch, ImportOutcome, RecordFault};
use serde::Serialize;
use utoipa::ToSchema;

use super::ask;
use super::parameters::ImportParameters;
use super::shape::ChangeMade;
use crate::caller::Caller;
use crate::extract::{Json, Path, Query, read_body, takes};
use crate::guarded;
use crate::jobs::{BATCH, columns, error_file, import_row};
use crate::operation::{Operation, Routes};
use crate::problem::{Code, Problem};
use crate::state::Server;
use crate::table::Column;

const IMPORT_RECORDS: Operation = Operation::oneself("import_records").changing();

/// Errors that an answer lists; the file of errors has them all.
pub(super) const ERRORS_SHOWN: usize = 1_000;
/// The content types of the two kinds of files.
pub(super) const FILES: &[&str] =
    &["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"];
/// Minutes that a zone can lie from UTC.
pub(super) const OFFSET_MAX: i32 = 14 * 60;

pub(super) fn routes() -> Routes {
    Routes::new().with(guarded!(IMPORT_RECORDS, import_records))
}

/// What came of an import.
#[derive(Debug, Default, Serialize, ToSchema)]
struct ImportShown {
    /// Whether nothing was written.
    dry_run: bool,
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
    /// The row of the ledger.
    changes: Vec<ChangeMade>,
}

/// A row that did not fit.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RowError {
    /// Its line in the file, from 1.
    pub(super) line: u64,
    /// Why.
    pub(super) why: String,
}

/// Creates and changes records from a CSV file or a workbook in the body, of 2 000 rows at most: all of it is one act. What
/// is longer is brought as a job.
#[utoipa::path(post, path = "/api/v1/record-imports/{object}", tag = "records",
    params(("object" = String, Path, description = "The object."), ImportParameters),
    request_body(content((Vec<u8> = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses((status = 200, content((ImportShown = "application/json"), (String = "text/csv")))))]
async fn import_records(
    caller: Caller,
    State(server): State<Server>,
    Path(object): Path<String>,
    Query(parameters): Query<ImportParameters>,
    request: Request,
) -> Result<Response, Problem> {
    if parameters.utc_offset_minutes.abs() > OFFSET_MAX {
        let detail = format!("utc_offset_minutes goes from -{OFFSET_MAX} to {OFFSET_MAX}");
        return Err(Problem::new(Code::BadQuery).detail(detail));
    }
    let mapping = mapping(parameters.mapping.as_deref())?;
    takes(&request, FILES)?;
    super::may_import(&caller, &server, &ObjectId::from(object.as_str())).await?;
    let bytes = read_body(request, server.settings().upload_bytes_max).await?;
    let sheet = server
        .blocking(move |_| {
            Sheet::parse(&bytes).map_err(|bad| Problem::new(Code::BadFile).detail(bad.to_string()))
        })
        .await?;
    if sheet.rows.len() > BATCH {
        let what = format!(
            "the file has {} rows; at once at most {BATCH}: bring it as a job",
            sheet.rows.len()
        );
        return Err(Problem::new(Code::TooMuchAtOnce).detail(what));
    }
    let object = ObjectId::from(object);
    let views = ask(&caller, &server, Gate::describe_objects).await?;
    let view = views.into_iter().find(|view| view.id == object).ok_or_else(Problem::not_found)?;
    let columns = columns(&sheet.columns, &mapping, &view)?;
    let wants_file = match parameters.errors.as_deref() {
        None => false,
        Some("file") => true,
        Some(_) => return Err(Problem::new(Code::BadQuery).detail("errors takes `file`")),
    };
    let (dry_run, offset) = (parameters.dry_run, parameters.utc_offset_minutes);
    let node = server.clone();
    let imported = server.blocking(move |gate| {
        let asking = || caller.asking(node.now());
        let (shown, errors) =
            import(gate, &asking, (&object, &columns), (&sheet, offset), dry_run)?;
        Ok::<_, RecordFault>((sheet, shown, errors))
    });
    let (sheet, shown, errors) = imported.await?;
    if wants_file {
        return Ok(error_file(&sheet, &errors));
    }
    Ok(Json(shown).into_response())
}

pub(super) fn mapping(text: Option<&str>) -> Result<BTreeMap<String, String>, Problem> {
    let Some(text) = text else { return Ok(BTreeMap::new()) };
    serde_json::from_str(text).map_err(|error| {
        let detail = format!("mapping is no JSON object of texts: {error}");
        Problem::new(Code::BadQuery).detail(detail)
    })
}

fn import(
    gate: &Gate,
    asking: &dyn Fn() -> Asking,
    (object, columns): (&ObjectId, &[Option<Column>]),
    (sheet, offset): (&Sheet, i32),
    dry_run: bool,
) -> Result<(ImportShown, BTreeMap<u64, String>), RecordFault> {
    let mut shown = ImportShown { dry_run, ..ImportShown::default() };
    let mut errors: BTreeMap<u64, String> = sheet.misfits.iter().cloned().collect();
    // An empty file asks too whether this may be done at all.
    let whole: Vec<&[SheetRow]> =
        if sheet.rows.is_empty() { vec![&[]] } else { sheet.rows.chunks(BATCH).collect() };
    for rows in whole {
        let mut batch = ImportBatch { object: object.clone(), rows: Vec::new(), dry_run };
        for row in rows {
            match import_row(columns, row, offset) {
                Ok(row) => batch.rows.push(row),
                Err(why) => {
                    errors.insert(row.line, why);
                }
            }
        }
        // Each batch is decided with the clock of now: a window or a grant may be over.
        let outcome = match gate.import_records(&asking(), &batch) {
            Err(fault @ RecordFault::Refused { .. }) if !shown.changes.is_empty() => {
                let why = format!("not brought in any more: {fault}");
                errors.extend(batch.rows.iter().map(|row| (row.line, why.clone())));
                continue;
            }
            outcome => outcome?,
        };
        let ImportOutcome { created, updated, unchanged, errors: refused, changed } = outcome;
        shown.created += created;
        shown.updated += updated;
        shown.unchanged += unchanged;
        shown.changes.extend(changed.map(ChangeMade::of_many));
        errors.extend(refused);
    }
    shown.failed = errors.len() as u64;
    let first = errors.iter().take(ERRORS_SHOWN);
    shown.errors = first.map(|(line, why)| RowError { line: *line, why: why.clone() }).collect();
    Ok((shown, errors))
}
