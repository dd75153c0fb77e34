//! Rows in the form a Data Loader export has: a header of field names, every value in quotes.

/// One CSV file being written.
#[derive(Debug)]
pub(super) struct Table {
    width: usize,
    text: String,
    rows: u32,
}

impl Table {
    /// Starts a table with its header.
    pub(super) fn new(columns: &[&str]) -> Self {
        let mut table = Self { width: columns.len(), text: String::new(), rows: 0 };
        table.line(columns);
        table
    }

    /// Adds a row; a row shorter or longer than the header is a mistake of this module.
    pub(super) fn row(&mut self, values: &[&str]) {
        debug_assert_eq!(values.len(), self.width, "a row fits its header");
        self.rows += 1;
        self.line(values);
    }

    /// The number the next row would get when rows are counted from one.
    pub(super) fn next_number(&self) -> u32 {
        self.rows + 1
    }

    /// The finished file.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    fn line(&mut self, values: &[&str]) {
        for (at, value) in values.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.text.push('"');
            self.text.push_str(&value.replace('"', "\"\""));
            self.text.push('"');
        }
        self.text.push('\n');
    }
}

/// A truth value as the vendor writes it in rows.
pub(super) const fn truth(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}
