//! Rows of a file that is brought in: what its columns are, what its cells say, and which rows did not fit.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use guan_engine::model::{FieldId, FieldType, Owner, RecordId, RelationId};
use guan_import::{Sheet, SheetRow, cell};
use guan_store::{ImportRow, ObjectView};

use crate::problem::{Code, Problem};
use crate::table::{BYTE_ORDER_MARK, csv_texts};

/// Rows of one act.
pub(crate) const BATCH: usize = 2_000;

/// What a column is.
pub(crate) enum Column {
    Id,
    Owners,
    Field(FieldId, FieldType),
    Relation(RelationId),
    LeftOut,
}

/// What each column is. One that the caller does not see is told like one that does not exist.
pub(crate) fn columns(
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

pub(crate) fn import_row(
    columns: &[Column],
    row: &SheetRow,
    offset: i32,
) -> Result<ImportRow, String> {
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
    let is_empty = read.fields.is_empty() && read.parents.is_empty() && read.owners.is_none();
    if is_empty && read.id.is_none() {
        return Err("the row is empty".to_owned());
    }
    Ok(read)
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
