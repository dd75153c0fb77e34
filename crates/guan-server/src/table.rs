//! Records as tables, in CSV and as a workbook; no cell of either becomes a formula of somebody's spreadsheet.

use guan_engine::model::{FieldId, Record, Value};
use guan_engine::visible::{Shown, Visible};
use rust_xlsxwriter::{Workbook, XlsxError};

/// Rows that a workbook can hold beside its header.
pub const WORKBOOK_ROWS_MAX: usize = 200_000;
/// Characters that a cell of a workbook can hold.
const CELL_MAX: usize = 32_767;
/// What an Excel on Chinese Windows needs to read the file as UTF-8.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The columns of a table of records: the id, the owners, then one for each field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns(Vec<FieldId>);

/// A cell.
#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Empty,
    Text(String),
    Number(f64, String),
}

impl Columns {
    /// The columns for these fields.
    pub const fn new(fields: Vec<FieldId>) -> Self {
        Self(fields)
    }

    fn header(&self) -> impl Iterator<Item = String> {
        ["id".to_owned(), "owners".to_owned()]
            .into_iter()
            .chain(self.0.iter().map(ToString::to_string))
    }

    fn cells(&self, record: &Visible<Record>) -> impl Iterator<Item = Cell> {
        let owners: Vec<String> = record.owners().iter().map(ToString::to_string).collect();
        let first = [Cell::Text(record.id().to_string()), Cell::Text(owners.join(";"))];
        let fields = self.0.iter().map(|field| match record.fields().get(field) {
            None => Cell::Empty,
            Some(Shown::Masked(text)) => Cell::Text(text.clone()),
            Some(Shown::Clear(Value::Number(number))) => {
                let text = number.to_string();
                // A number that a spreadsheet would round stays text.
                match text.parse::<f64>() {
                    Ok(float) if text.len() <= 15 => Cell::Number(float, text),
                    _ => Cell::Text(text),
                }
            }
            Some(Shown::Clear(Value::List(choices))) => Cell::Text(choices.join(";")),
            Some(Shown::Clear(value)) => Cell::Text(value.to_string()),
        });
        first.into_iter().chain(fields)
    }

    /// The header line, with the mark before it.
    pub fn csv_header(&self) -> String {
        let mut line = BYTE_ORDER_MARK.to_owned();
        write_line(&mut line, self.header().map(Cell::Text));
        line
    }

    /// The line of a record.
    pub fn csv_line(&self, record: &Visible<Record>) -> String {
        let mut line = String::new();
        write_line(&mut line, self.cells(record));
        line
    }

    /// A workbook of records.
    ///
    /// Errors: more than [`WORKBOOK_ROWS_MAX`] records, or the workbook cannot be written.
    pub fn workbook(&self, records: &[Visible<Record>]) -> Result<Vec<u8>, XlsxError> {
        if records.len() > WORKBOOK_ROWS_MAX {
            return Err(XlsxError::RowColumnLimitError);
        }
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (column, name) in (0_u16..).zip(self.header()) {
            sheet.write_string(0, column, fitted(name))?;
        }
        for (row, record) in (1_u32..).zip(records) {
            for (column, cell) in (0_u16..).zip(self.cells(record)) {
                match cell {
                    Cell::Empty => {}
                    // A string of a workbook is never read as a formula, the next program that saves it as CSV may.
                    Cell::Text(text) => {
                        sheet.write_string(row, column, fitted(guarded(text)))?;
                    }
                    Cell::Number(number, _) => {
                        sheet.write_number(row, column, number)?;
                    }
                }
            }
        }
        workbook.save_to_buffer()
    }
}

/// A text that no spreadsheet takes for a formula.
pub fn guarded(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text
    }
}

fn fitted(text: String) -> String {
    if text.chars().count() <= CELL_MAX { text } else { text.chars().take(CELL_MAX).collect() }
}

/// A line of texts, guarded and quoted.
pub fn csv_texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut line = String::new();
    write_line(&mut line, texts.into_iter().map(|text| Cell::Text(text.to_owned())));
    line
}

fn write_line(line: &mut String, cells: impl Iterator<Item = Cell>) {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            line.push(',');
        }
        match cell {
            Cell::Empty => {}
            Cell::Number(_, text) => line.push_str(&text),
            Cell::Text(text) => quote(line, &guarded(text)),
        }
    }
    line.push_str("\r\n");
}

fn quote(line: &mut String, text: &str) {
    if text.contains([',', '"', '\n', '\r', ';', '\t'])
        || text.starts_with(' ')
        || text.ends_with(' ')
    {
        line.push('"');
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::{csv_texts, guarded};

    #[test]
    fn no_cell_becomes_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert!(guarded(text.to_owned()).starts_with('\''), "{text:?}");
        }
        assert_eq!(guarded("1-1".to_owned()), "1-1");
        assert_eq!(
            csv_texts(["=HYPERLINK(\"x\",\"y\")"]),
            "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"\r\n"
        );
    }

    #[test]
    fn quotes_and_line_breaks_stay_within_their_cell() {
        assert_eq!(csv_texts(["a\"b", "c\nd", "客户", ""]), "\"a\"\"b\",\"c\nd\",客户,\r\n");
    }
}
