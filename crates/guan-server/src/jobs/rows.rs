//! Rows of a file that is brought in: what its columns are, what its cells say, and which rows did not fit.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use guan_engine::model::{NodeId, Owner, RecordId, Value};
use guan_import::{Sheet, SheetRow, cell};
use guan_store::{ImportRow, ObjectView};

use crate::problem::{Code, Problem};
use crate::table::{BYTE_ORDER_MARK, Column, Sight, csv_texts};

/// Rows of one act.
pub(crate) const BATCH: usize = 2_000;

/// What each column is. One that the caller does not see is told like one that does not exist.
///
/// `None` is a column that is left out.
pub(crate) fn columns(
    names: &[String],
    mapping: &BTreeMap<String, String>,
    view: &ObjectView,
) -> Result<Vec<Option<Column>>, Problem> {
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
        if to.is_empty() {
            return Ok(None);
        }
        Column::of(to, view).map(Some).ok_or_else(|| {
            let detail = format!(
                "the column `{name}` is no field that you may see: map it to one, or to an empty text to leave it out"
            );
            Problem::new(Code::BadFile).detail(detail)
        })
    };
    names.iter().map(column).collect()
}

/// What a row says; a blank cell says nothing.
pub(crate) fn import_row(
    columns: &[Option<Column>],
    row: &SheetRow,
    offset: i32,
) -> Result<ImportRow, String> {
    let mut read = ImportRow::at(row.line);
    for (column, text) in columns.iter().zip(&row.cells) {
        let raw = text.trim();
        let text = cell::unguarded(raw);
        let Some(column) = column.as_ref().filter(|_| !text.is_empty()) else { continue };
        match column {
            Column::Id => read.id = Some(RecordId::from(text)),
            Column::Owners => {
                let owners = several(text).map(str::parse::<Owner>);
                read.owners = Some(owners.collect::<Result<_, _>>()?);
            }
            Column::Unit => read.unit = Some(text.into()),
            Column::Tags => read.tags = Some(several(text).map(NodeId::from).collect()),
            Column::Pool => read.pool = Some(text.into()),
            Column::Relation(relation) => {
                read.parents.insert(relation.clone(), RecordId::from(text));
            }
            Column::Field(field, field_type, sight) => {
                let value = cell::value(raw, *field_type, offset);
                let value = match sight {
                    Sight::Clear => value.map_err(|why| format!("{field}: {why}"))?,
                    // What the mask leaves of a value need not be one; where it is the one that is shown, nothing is written.
                    Sight::Masked => {
                        read.masked.insert(field.clone(), text.to_owned());
                        value.unwrap_or_else(|_| Some(Value::Text(text.to_owned())))
                    }
                };
                read.fields.extend(value.map(|value| (field.clone(), value)));
            }
        }
    }
    if read == ImportRow::at(row.line) {
        return Err("the row is empty".to_owned());
    }
    Ok(read)
}

fn several(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '；']).map(str::trim).filter(|part| !part.is_empty())
}

/// The rows that did not fit as they came, with why in a column of its own.
pub(crate) fn error_file(sheet: &Sheet, errors: &BTreeMap<u64, String>) -> Response {
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
