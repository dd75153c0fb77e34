//! Data rows in CSV, as data loaders export them, with the line of each row.

use crate::text;
use std::collections::BTreeMap;

/// Rows under a header. Column names are compared without regard to case.
#[derive(Clone, Debug, Default)]
pub struct Table {
    columns: Vec<String>,
    index: BTreeMap<String, usize>,
    rows: Vec<(u64, csv::StringRecord)>,
    /// Rows that do not fit the header: line and why.
    pub misfits: Vec<(u64, String)>,
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Row<'t> {
    table: &'t Table,
    record: &'t csv::StringRecord,
    /// Its first line in the file, from 1.
    pub line: u64,
}

/// A file that holds no table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct BadTable {
    /// The line, from 1.
    pub line: u64,
    what: String,
}

/// Counts lines on the way through a text. The reader's own count is behind at line ends of two characters and at
/// empty lines.
struct Lines<'t> {
    rest: &'t str,
    byte: u64,
    line: u64,
}

impl Lines<'_> {
    /// The line on which the row stands that is said to begin at `byte`; rows come in order.
    fn of(&mut self, byte: u64) -> u64 {
        let mut letters = self.rest.char_indices().peekable();
        let mut at = 0;
        while let Some((place, letter)) = letters.next() {
            let is_before = self.byte.saturating_add(place as u64) < byte;
            if !is_before && !matches!(letter, '\r' | '\n') {
                break;
            }
            if letter == '\n'
                || (letter == '\r' && letters.peek().is_none_or(|(_, next)| *next != '\n'))
            {
                self.line = self.line.saturating_add(1);
            }
            at = place.saturating_add(letter.len_utf8());
        }
        self.byte = self.byte.saturating_add(at as u64);
        self.rest = self.rest.get(at..).unwrap_or_default();
        self.line
    }
}

impl Table {
    /// Reads a table with a header line.
    ///
    /// # Errors
    ///
    /// When the bytes are not text or the header is missing or names a column twice. Rows of
    /// another width than the header are no error: they are left out, and listed in `misfits`.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadTable> {
        let text = text::decode(bytes)
            .map_err(|error| BadTable { line: error.line, what: error.to_string() })?;
        if let Some(line) = open_quote(&text) {
            let what = "the quote that opens here is never closed".to_owned();
            return Err(BadTable { line, what });
        }
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            .from_reader(text.as_bytes());
        let mut table = Self::default();
        let mut record = csv::StringRecord::new();
        let mut lines = Lines { rest: &text, byte: 0, line: 1 };
        loop {
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    return Err(BadTable { line, what: error.to_string() });
                }
            }
            let line = lines.of(record.position().map_or(0, csv::Position::byte));
            if table.columns.is_empty() {
                table.take_header(&record, line)?;
            } else if record.len() == table.columns.len() {
                table.rows.push((line, record.clone()));
            } else {
                let (found, wanted) = (record.len(), table.columns.len());
                let why = format!("the row has {found} columns, the header has {wanted}");
                table.misfits.push((line, why));
            }
        }
        if table.columns.is_empty() {
            return Err(BadTable { line: 1, what: "the file has no header line".to_owned() });
        }
        Ok(table)
    }

    fn take_header(&mut self, record: &csv::StringRecord, line: u64) -> Result<(), BadTable> {
        for (at, name) in record.iter().enumerate() {
            let name = text::tidy(name);
            if self.index.insert(name.to_lowercase(), at).is_some() {
                let what = format!("the header names the column `{name}` twice");
                return Err(BadTable { line, what });
            }
            self.columns.push(name);
        }
        Ok(())
    }

    /// Brings every value on one line, for tables whose values become ids.
    pub(crate) fn tidy(&mut self) {
        for (_, record) in &mut self.rows {
            if record.iter().any(|value| value.contains(text::is_control)) {
                *record = record.iter().map(text::tidy).collect();
            }
        }
    }

    /// The column names as written.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }
    /// Whether there is a column of this name.
    pub fn has(&self, column: &str) -> bool {
        self.index.contains_key(&column.to_lowercase())
    }
    /// The rows, in the order of the file.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, record)| Row { table: self, record, line: *line })
    }
}

/// The line of a quote that the rest of the file would disappear into.
fn open_quote(text: &str) -> Option<u64> {
    let (mut line, mut opened, mut at_start) = (1, None, true);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        line += u64::from(character == '\n');
        match (opened, character) {
            (Some(_), '"') if characters.peek() == Some(&'"') => {
                characters.next();
            }
            (Some(_), '"') => opened = None,
            (Some(_), _) => {}
            (None, '"') if at_start => opened = Some(line),
            (None, _) => at_start = matches!(character, ',' | '\n' | '\r'),
        }
    }
    opened
}

impl<'t> Row<'t> {
    /// The trimmed value in `column`; empty when it is blank or there is no such column.
    pub fn value(&self, column: &str) -> &'t str {
        self.table
            .index
            .get(&column.to_lowercase())
            .and_then(|at| self.record.get(*at))
            .map_or("", |value| if value == "#N/A" { "" } else { value.trim() })
    }
    /// The first value that is not blank among `columns`.
    pub fn any(&self, columns: &[&str]) -> &'t str {
        columns
            .iter()
            .map(|column| self.value(column))
            .find(|value| !value.is_empty())
            .unwrap_or("")
    }
    /// Column names with their trimmed values, in the order of the columns.
    pub fn named_cells(&self) -> impl Iterator<Item = (&'t str, &'t str)> {
        self.table.columns.iter().map(String::as_str).zip(self.record.iter().map(str::trim))
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn rows_know_their_line_whatever_ends_the_lines() {
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("a,b{end}1,2{end}{end}\"x{end}y\",3{end}4,5{end}");
            let table = Table::parse(text.as_bytes()).unwrap();
            let lines: Vec<u64> = table.rows().map(|row| row.line).collect();
            assert_eq!(lines, [2, 4, 6], "{end:?}");
        }
    }
}
