//! Tables of records in CSV or in a workbook: a header line, then rows of cells in text.

use crate::table::Table;
use calamine::{Data, Reader, Xlsx};
use std::io::Cursor;

/// Rows that one file may hold.
const ROWS_MAX: usize = 200_000;
/// Columns that one file may have.
const COLUMNS_MAX: usize = 512;
/// Bytes that a workbook may unpack to.
const UNPACKED_MAX: u64 = 512 * 1024 * 1024;

/// A table of records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The names of the columns as written.
    pub columns: Vec<String>,
    /// Its rows, in the order of the file.
    pub rows: Vec<SheetRow>,
    /// Rows that do not fit the header: line and why.
    pub misfits: Vec<(u64, String)>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// As many cells as there are columns.
    pub cells: Vec<String>,
}

/// A file that holds no table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct BadSheet {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong.
    pub what: String,
}

impl Sheet {
    /// Reads CSV or a workbook, whichever the bytes are.
    ///
    /// # Errors
    ///
    /// When they are neither, too large, or the header is missing or names a column twice.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadSheet> {
        if bytes.starts_with(b"PK\x03\x04") { Self::workbook(bytes) } else { Self::csv(bytes) }
    }

    fn csv(bytes: &[u8]) -> Result<Self, BadSheet> {
        let table = Table::parse(bytes)
            .map_err(|error| BadSheet { line: error.line, what: error.to_string() })?;
        check_width(table.columns().len())?;
        let rows: Vec<SheetRow> = table
            .rows()
            .map(|row| SheetRow {
                line: row.line,
                cells: row.named_cells().map(|(_, cell)| cell.to_owned()).collect(),
            })
            .collect();
        check_length(rows.len())?;
        Ok(Self { columns: table.columns().to_vec(), rows, misfits: table.misfits })
    }

    /// The first sheet of a workbook.
    fn workbook(bytes: &[u8]) -> Result<Self, BadSheet> {
        let bad = |what: String| BadSheet { line: 1, what };
        check_unpacked(bytes)?;
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes))
            .map_err(|error| bad(format!("the workbook cannot be read: {error}")))?;
        let range = match workbook.worksheet_range_at(0) {
            Some(Ok(range)) => range,
            Some(Err(error)) => return Err(bad(format!("the sheet cannot be read: {error}"))),
            None => return Err(bad("the workbook has no sheet".to_owned())),
        };
        check_width(range.width())?;
        check_length(range.height())?;
        let first = range.start().map_or(0, |(row, _)| row);
        let mut rows = range.rows();
        let columns: Vec<String> = rows
            .next()
            .map(|header| header.iter().map(|cell| text_of(cell).trim().to_owned()).collect())
            .unwrap_or_default();
        if columns.iter().all(String::is_empty) {
            return Err(bad("the sheet has no header line".to_owned()));
        }
        for (at, name) in columns.iter().enumerate() {
            let twice = columns.iter().take(at).any(|other| other.eq_ignore_ascii_case(name));
            if twice && !name.is_empty() {
                return Err(bad(format!("the header names the column `{name}` twice")));
            }
        }
        let rows = (u64::from(first) + 2..)
            .zip(rows)
            .map(|(line, cells)| SheetRow { line, cells: cells.iter().map(text_of).collect() })
            .filter(|row| row.cells.iter().any(|cell| !cell.trim().is_empty()))
            .collect();
        Ok(Self { columns, rows, misfits: Vec::new() })
    }
}

fn check_width(columns: usize) -> Result<(), BadSheet> {
    if columns <= COLUMNS_MAX {
        return Ok(());
    }
    Err(BadSheet { line: 1, what: format!("{columns} columns; at most {COLUMNS_MAX} are read") })
}

fn check_length(rows: usize) -> Result<(), BadSheet> {
    if rows <= ROWS_MAX {
        return Ok(());
    }
    let what = format!("{rows} rows; at most {ROWS_MAX} are read at a time: cut the file in parts");
    Err(BadSheet { line: ROWS_MAX as u64, what })
}

/// A workbook is an archive: what it unpacks to is added up before anything is unpacked.
fn check_unpacked(bytes: &[u8]) -> Result<(), BadSheet> {
    let bad = |what: String| BadSheet { line: 1, what };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| bad(format!("the workbook cannot be read: {error}")))?;
    let mut unpacked = 0_u64;
    for at in 0..archive.len() {
        let part = archive
            .by_index_raw(at)
            .map_err(|error| bad(format!("the workbook cannot be read: {error}")))?;
        unpacked = unpacked.saturating_add(part.size());
    }
    if unpacked > UNPACKED_MAX || unpacked > (bytes.len() as u64).saturating_mul(200) {
        return Err(bad(
            "the workbook unpacks to far more than its size: it is not read".to_owned()
        ));
    }
    Ok(())
}

fn text_of(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute, second) == (0, 0, 0) {
                date
            } else {
                format!("{date} {hour:02}:{minute:02}:{second:02}")
            }
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::Sheet;

    #[test]
    fn csv_is_read_with_its_lines() {
        let sheet =
            Sheet::parse("\u{feff}名称,Amount\n蓝海,\"1,000\"\nshort\n".as_bytes()).unwrap();
        assert_eq!(sheet.columns, ["名称", "Amount"]);
        assert_eq!(sheet.rows.len(), 1);
        assert_eq!(sheet.rows[0].line, 2);
        assert_eq!(sheet.rows[0].cells, ["蓝海", "1,000"]);
        assert_eq!(sheet.misfits.len(), 1);
        assert!(Sheet::parse(b"").is_err());
        assert!(Sheet::parse(b"PK\x03\x04 not a workbook").is_err());
    }
}
