//! Records from a file: CSV or a workbook, columns mapped to fields, a dry run first, and a file of the rows that did not fit.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use guan_engine::model::{FieldId, FieldType, ObjectId, Owner, RecordId, RelationId};
use guan_import::{Sheet, SheetRow, cell};
use guan_store::{Asking, Gate, ImportBatch, ImportOutcome, ImportRow, ObjectView, RecordFault};
use serde::Serialize;
use utoipa::ToSchema;

use super::parameters::ImportParameters;
use super::shape::ChangeMade;
use super::{ask, asking};
use crate::caller::Caller;
use crate::extract::{Json, Path, Query, read_body, takes};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::problem::{Code, Problem};
use crate::state::Server;
use crate::table::{BYTE_ORDER_MARK, csv_texts};

const IMPORT_RECORDS: Operation = Operation::oneself("import_records").changing();

/// Rows of one act.
const BATCH: usize = 2_000;
/// Errors that an answer lists; the file of errors has them all.
const ERRORS_SHOWN: usize = 1_000;
/// The content types of the two kinds of files.
const CSV: &str = "text/csv";
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Minutes that a zone can lie from UTC.
const OFFSET_MAX: i32 = 14 * 60;

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
    /// The rows of the ledger: one for each 2 000 rows of the file.
    changes: Vec<ChangeMade>,
}

/// A row that did not fit.
#[derive(Debug, Serialize, ToSchema)]
struct RowError {
    /// Its line in the file, from 1.
    line: u64,
    /// Why.
    why: String,
}

/// What a column is.
enum Column {
    Id,
    Owners,
    Field(FieldId, FieldType),
    Relation(RelationId),
    LeftOut,
}

/// Creates and changes records from a CSV file or a workbook in the body.
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
    takes(&request, &[CSV, WORKBOOK])?;
    let bytes = read_body(request, server.settings().upload_bytes_max).await?;
    let sheet = server
        .blocking(move |_| {
            Sheet::parse(&bytes).map_err(|bad| Problem::new(Code::BadFile).detail(bad.to_string()))
        })
        .await?;
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
        let asking = || asking(&caller, &node);
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

fn mapping(text: Option<&str>) -> Result<BTreeMap<String, String>, Problem> {
    let Some(text) = text else { return Ok(BTreeMap::new()) };
    serde_json::from_str(text).map_err(|error| {
        let detail = format!("mapping is no JSON object of texts: {error}");
        Problem::new(Code::BadQuery).detail(detail)
    })
}

/// What each column is. One that the caller does not see is told like one that does not exist.
fn columns(
    names: &[String],
    mapping: &BTreeMap<String, String>,
    view: &ObjectView,
) -> Result<Vec<Column>, Problem> {
    if let Some(unknown) = mapping.keys().find(|name| !names.contains(name)) {
        let detail = format!("mapping names the column `{unknown}`, which the file does not have");
        return Err(Problem::new(Code::BadFile).detail(detail));
    }
    let mut seen = BTreeSet::new();
    let column = |name: &String| {
        let to = mapping.get(name).map_or(name.as_str(), String::as_str);
        if !to.is_empty() && !seen.insert(to.to_owned()) {
            let detail = format!("two columns are `{to}`");
            return Err(Problem::new(Code::BadFile).detail(detail));
        }
        let field = FieldId::from(to);
        let relation = RelationId::from(to);
        if to.is_empty() {
            Ok(Column::LeftOut)
        } else if to.eq_ignore_ascii_case("id") && !view.fields.contains_key(&field) {
            Ok(Column::Id)
        } else if to == "owners" && !view.fields.contains_key(&field) {
            Ok(Column::Owners)
        } else if view.relations.contains_key(&relation) {
            Ok(Column::Relation(relation))
        } else if let Some(known) = view.fields.get(&field) {
            Ok(Column::Field(field, known.field_type))
        } else {
            let detail = format!(
                "the column `{name}` is no field that you may write: map it to one, or to an empty text to leave it out"
            );
            Err(Problem::new(Code::BadFile).detail(detail))
        }
    };
    names.iter().map(column).collect()
}

fn import(
    gate: &Gate,
    asking: &dyn Fn() -> Asking,
    (object, columns): (&ObjectId, &[Column]),
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

fn import_row(columns: &[Column], row: &SheetRow, offset: i32) -> Result<ImportRow, String> {
    let mut read = ImportRow {
        line: row.line,
        id: None,
        owners: None,
        parents: BTreeMap::new(),
        fields: BTreeMap::new(),
    };
    for (column, text) in columns.iter().zip(&row.cells) {
        let trimmed = text.trim();
        match column {
            Column::LeftOut => {}
            _ if trimmed.is_empty() => {}
            Column::Id => read.id = Some(RecordId::from(trimmed)),
            Column::Owners => {
                let owners = trimmed.split(';').map(|owner| owner.trim().parse::<Owner>());
                read.owners = Some(owners.collect::<Result<_, _>>()?);
            }
            Column::Relation(relation) => {
                read.parents.insert(relation.clone(), RecordId::from(trimmed));
            }
            Column::Field(field, field_type) => {
                let value = cell::value(text, *field_type, offset)
                    .map_err(|why| format!("{field}: {why}"))?;
                read.fields.extend(value.map(|value| (field.clone(), value)));
            }
        }
    }
    Ok(read)
}

/// The rows that did not fit as they came, with why in a column of its own.
fn error_file(sheet: &Sheet, errors: &BTreeMap<u64, String>) -> Response {
    let header = sheet.columns.iter().map(String::as_str).chain(["error"]);
    let mut file = BYTE_ORDER_MARK.to_owned();
    file.push_str(&csv_texts(header));
    let rows: BTreeMap<u64, &SheetRow> = sheet.rows.iter().map(|row| (row.line, row)).collect();
    for (line, why) in errors {
        let why = format!("line {line}: {why}");
        let cells = match rows.get(line) {
            Some(row) => row.cells.clone(),
            None => vec![String::new(); sheet.columns.len()],
        };
        file.push_str(&csv_texts(cells.iter().map(String::as_str).chain([why.as_str()])));
    }
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    let disposition = HeaderValue::from_static("attachment; filename=\"errors.csv\"");
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)], file)
        .into_response()
}
