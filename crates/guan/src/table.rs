//! Columns that line up, also with Chinese text, which is twice as wide.

use unicode_width::UnicodeWidthStr;

/// Rows of cells under a head.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these column names.
    pub(crate) fn new<T: Into<String>>(head: impl IntoIterator<Item = T>) -> Self {
        Self { rows: vec![head.into_iter().map(Into::into).collect()] }
    }
    /// Adds a row.
    pub(crate) fn row<T: Into<String>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }
    /// Adds several rows.
    pub(crate) fn extend<R, T>(&mut self, rows: impl IntoIterator<Item = R>)
    where
        R: IntoIterator<Item = T>,
        T: Into<String>,
    {
        for row in rows {
            self.row(row);
        }
    }
    /// The lines, columns two spaces apart, the head underlined.
    pub(crate) fn lines(&self) -> Vec<String> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.width()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut lines: Vec<String> = self.rows.iter().map(|row| line(row, &widths)).collect();
        let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
        lines.insert(lines.len().min(1), rule.join("  "));
        lines
    }
}

fn line(row: &[String], widths: &[usize]) -> String {
    let mut text = String::new();
    for (cell, width) in row.iter().zip(widths) {
        text.push_str(cell);
        text.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn chinese_cells_line_up_with_latin_ones() {
        let mut table = Table::new(["name", "id"]);
        table.row(["李薇", "a"]);
        table.row(["Anna", "b"]);
        assert_eq!(table.lines(), ["name  id", "────  ──", "李薇  a", "Anna  b"]);
    }
}
