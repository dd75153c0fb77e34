//! Records as tables, in CSV and as workbooks: which columns there are, and that no cell becomes a formula of somebody's spreadsheet.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io;

use guan_engine::model::{FieldId, FieldType, Record, RelationId, Value};
use guan_engine::visible::{Shown, Visible};
use guan_import::cell::guarded;
use guan_store::ObjectView;

use crate::workbook::{self, CELL_MAX, Workbook};

/// What an Excel on Chinese Windows needs to read the file as UTF-8.
pub(crate) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A column of a table of records, by the names that records are shown with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Column {
    Id,
    Owners,
    Unit,
    Tags,
    Pool,
    /// The parent through a relation, and the field of the same id if there is one.
    Relation(RelationId),
    Field(FieldId, FieldType, Sight),
}

/// How the caller sees a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    Clear,
    Masked,
}

/// Columns that are of every object, unless a field or a relation of it has the name.
const OF_ALL: [(&str, Column); 5] = [
    ("id", Column::Id),
    ("owners", Column::Owners),
    ("unit", Column::Unit),
    ("tags", Column::Tags),
    ("pool", Column::Pool),
];

impl Column {
    /// The column of that name, if the object has it and the caller sees it.
    pub(crate) fn of(name: &str, view: &ObjectView) -> Option<Self> {
        if view.relations.contains_key(name) {
            return Some(Self::Relation(name.into()));
        }
        if let Some(field) = view.fields.get(name) {
            let is_masked = field.access.is_masked();
            let sight = if is_masked { Sight::Masked } else { Sight::Clear };
            return Some(Self::Field(name.into(), field.field_type, sight));
        }
        let is_name = |of_all: &str| match of_all {
            "id" => name.eq_ignore_ascii_case("id"),
            other => name == other,
        };
        OF_ALL.iter().find(|(of_all, _)| is_name(of_all)).map(|(_, column)| column.clone())
    }

    /// Those that a file has when nothing else is asked for: id, owners, parents and every field that the caller sees.
    pub(crate) fn usual(view: &ObjectView) -> Vec<Self> {
        let relations = view.relations.keys().map(|id| Self::Relation(id.clone()));
        let fields = view.fields.keys().filter(|id| !view.relations.contains_key(id.as_str()));
        let fields = fields.filter_map(|id| Self::of(id.as_str(), view));
        // The id of a record of another system is its id here; two columns of one name no file may have.
        let fields =
            fields.filter(|field| field.name() == "id" || !field.name().eq_ignore_ascii_case("id"));
        let first = ["id", "owners"].iter().filter_map(|name| Self::of(name, view));
        let first = first.filter(|column| matches!(column, Self::Id | Self::Owners));
        first.chain(relations).chain(fields).collect()
    }

    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Id => "id",
            Self::Owners => "owners",
            Self::Unit => "unit",
            Self::Tags => "tags",
            Self::Pool => "pool",
            Self::Relation(id) => id.as_str(),
            Self::Field(id, ..) => id.as_str(),
        }
    }

    /// The field whose values stand in it.
    pub(crate) fn field(&self) -> Option<FieldId> {
        match self {
            Self::Relation(id) => Some(id.as_str().into()),
            Self::Field(id, ..) => Some(id.clone()),
            Self::Id | Self::Owners | Self::Unit | Self::Tags | Self::Pool => None,
        }
    }

    fn cell(&self, record: &Visible<Record>) -> Cell {
        match self {
            Self::Id => Cell::text(record.id()),
            Self::Owners => Cell::texts(record.owners()),
            Self::Unit => record.unit().map_or(Cell::Empty, Cell::text),
            Self::Tags => Cell::texts(record.tags()),
            Self::Pool => record.pool().map_or(Cell::Empty, Cell::text),
            Self::Relation(relation) => {
                record.parents().get(relation).map_or(Cell::Empty, Cell::text)
            }
            Self::Field(field, ..) => match record.fields().get(field) {
                None => Cell::Empty,
                Some(Shown::Masked(text)) => Cell::text(text),
                Some(Shown::Clear(Value::Number(number))) => {
                    let text = number.to_string();
                    // A number that a spreadsheet would round stays text.
                    if text.len() <= 15 { Cell::Number(text) } else { Cell::text(text) }
                }
                Some(Shown::Clear(Value::List(choices))) => Cell::text(choices.join(";")),
                Some(Shown::Clear(value)) => Cell::text(value),
            },
        }
    }
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Empty,
    /// Guarded.
    Text(String),
    Number(String),
}

impl Cell {
    #[expect(clippy::needless_pass_by_value, reason = "ids are passed by reference")]
    fn text(text: impl ToString) -> Self {
        Self::Text(guarded(&text.to_string()).into_owned())
    }

    fn texts<T: ToString>(texts: &BTreeSet<T>) -> Self {
        let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
        if texts.is_empty() { Self::Empty } else { Self::text(texts.join(";")) }
    }
}

/// Why a record is not in the file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TableFault {
    /// A text is longer than what a workbook holds.
    #[error(
        "a text of `{column}` has more than {CELL_MAX} characters, which no cell of a workbook holds; ask for CSV"
    )]
    TooLong { column: String },
    /// The workbook cannot be packed.
    #[error("the workbook could not be written")]
    Packing(#[from] io::Error),
}

/// A file of records under way.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Column>,
    file: File,
}

#[derive(Debug)]
enum File {
    Csv(String),
    // It holds the state of a compressor.
    Workbook(Box<Workbook>),
}

impl Table {
    /// A CSV file, with the mark and the header line.
    pub(crate) fn csv(columns: Vec<Column>) -> Self {
        let mut text = BYTE_ORDER_MARK.to_owned();
        write_line(&mut text, columns.iter().map(|column| Cell::text(column.name())));
        Self { columns, file: File::Csv(text) }
    }

    /// A workbook.
    pub(crate) fn workbook(columns: Vec<Column>) -> Result<Self, TableFault> {
        let header = columns.iter().map(|column| guarded(column.name()).into_owned()).collect();
        let file = File::Workbook(Box::new(Workbook::begin(header)?));
        Ok(Self { columns, file })
    }

    /// Appends a record.
    pub(crate) fn push(&mut self, record: &Visible<Record>) -> Result<(), TableFault> {
        let cells: Vec<Cell> = self.columns.iter().map(|column| column.cell(record)).collect();
        match &mut self.file {
            File::Csv(text) => write_line(text, cells.into_iter()),
            File::Workbook(workbook) => {
                let is_long = |cell: &Cell| match cell {
                    Cell::Text(text) => {
                        text.len() > CELL_MAX && text.encode_utf16().count() > CELL_MAX
                    }
                    Cell::Empty | Cell::Number(_) => false,
                };
                if let Some(at) = cells.iter().position(is_long) {
                    let column = self.columns.get(at).map_or("", Column::name).to_owned();
                    return Err(TableFault::TooLong { column });
                }
                workbook.row(cells.iter().map(|cell| match cell {
                    Cell::Empty => workbook::Cell::Empty,
                    // A string of a workbook is never read as a formula; the next program that saves it as CSV may.
                    Cell::Text(text) => workbook::Cell::Text(text),
                    Cell::Number(number) => workbook::Cell::Number(number),
                }))?;
            }
        }
        Ok(())
    }

    /// What was written since the last time.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        match &mut self.file {
            File::Csv(text) => std::mem::take(text).into_bytes(),
            File::Workbook(workbook) => workbook.take(),
        }
    }

    /// The rest; now it is whole.
    pub(crate) fn end(self) -> Result<Vec<u8>, TableFault> {
        Ok(match self.file {
            File::Csv(text) => text.into_bytes(),
            File::Workbook(workbook) => workbook.end()?,
        })
    }

    /// The last of a file that is cut off: CSV says why in its last line, a workbook without its end cannot be opened.
    pub(crate) fn cut_off(self, why: &str) -> Vec<u8> {
        match self.file {
            File::Csv(_) => csv_texts(["guan: not whole", why]).into_bytes(),
            File::Workbook(_) => Vec::new(),
        }
    }
}

/// A line of texts, guarded and quoted.
pub(crate) fn csv_texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut line = String::new();
    write_line(&mut line, texts.into_iter().map(Cell::text));
    line
}

fn write_line(line: &mut String, cells: impl Iterator<Item = Cell>) {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            line.push(',');
        }
        match cell {
            Cell::Empty => {}
            Cell::Number(text) => line.push_str(&text),
            Cell::Text(text) => line.push_str(&quoted(&text)),
        }
    }
    line.push_str("\r\n");
}

fn quoted(text: &str) -> Cow<'_, str> {
    let is_plain = !text.contains([',', '"', '\n', '\r', ';', '\t'])
        && !text.starts_with(char::is_whitespace)
        && !text.ends_with(char::is_whitespace);
    if is_plain { text.into() } else { format!("\"{}\"", text.replace('"', "\"\"")).into() }
}

#[cfg(test)]
mod tests {
    use super::csv_texts;

    #[test]
    fn no_cell_becomes_a_formula() {
        assert_eq!(
            csv_texts(["=HYPERLINK(\"x\",\"y\")", "+1", "1-1"]),
            "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\",'+1,1-1\r\n"
        );
    }

    #[test]
    fn quotes_and_line_breaks_stay_within_their_cell() {
        assert_eq!(csv_texts(["a\"b", "c\nd", "客户", ""]), "\"a\"\"b\",\"c\nd\",客户,\r\n");
    }
}
