//! A workbook that is written row by row and leaves as it is written, so that its length costs no memory and no disk.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

use parking_lot::Mutex;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

/// Rows of one sheet, with its header: the most that spreadsheets read. What is more goes into the next sheet.
const SHEET_ROWS_MAX: u32 = 1_048_576;
/// UTF-16 units that a cell of a workbook holds.
pub(crate) const CELL_MAX: usize = 32_767;

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const SHEETS: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const DOCUMENT: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// A cell of a workbook.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell<'c> {
    Empty,
    /// Always a string of the workbook, never a formula.
    Text(&'c str),
    Number(&'c str),
}

/// What was written and not taken yet.
#[derive(Debug, Clone, Default)]
struct Ready(Arc<Mutex<Vec<u8>>>);

impl Write for Ready {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A workbook under way. Before [`Workbook::end`] its bytes are no archive: what is cut off never looks whole.
pub(crate) struct Workbook {
    archive: ZipWriter<StreamWriter<Ready>>,
    ready: Ready,
    header: Vec<String>,
    sheets: u32,
    rows: u32,
    rows_max: u32,
}

impl std::fmt::Debug for Workbook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workbook").field("sheets", &self.sheets).finish_non_exhaustive()
    }
}

impl Workbook {
    /// A workbook whose sheets have this header.
    pub(crate) fn begin(header: Vec<String>) -> io::Result<Self> {
        Self::with_sheets_of(SHEET_ROWS_MAX, header)
    }

    fn with_sheets_of(rows_max: u32, header: Vec<String>) -> io::Result<Self> {
        let ready = Ready::default();
        let archive = ZipWriter::new_stream(ready.clone());
        let mut workbook = Self { archive, ready, header, sheets: 0, rows: 0, rows_max };
        // Every part without a kind of its own is a sheet, so that their number need not be known before.
        let kinds = format!(
            "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"{KIND}.worksheet+xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{KIND}.sheet.main+xml\"/></Types>"
        );
        workbook.part("[Content_Types].xml", &kinds)?;
        let relations = format!(
            "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" Type=\"{DOCUMENT}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        );
        workbook.part("_rels/.rels", &relations)?;
        workbook.open_sheet()?;
        Ok(workbook)
    }

    /// Appends a row.
    pub(crate) fn row<'c>(&mut self, cells: impl Iterator<Item = Cell<'c>>) -> io::Result<()> {
        if self.rows >= self.rows_max {
            self.close_sheet()?;
            self.open_sheet()?;
        }
        self.write_row(cells)
    }

    /// The bytes since the last time.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.ready.0.lock())
    }

    /// The last bytes; now it is whole.
    pub(crate) fn end(mut self) -> io::Result<Vec<u8>> {
        self.close_sheet()?;
        let (mut sheets, mut relations) = (String::new(), String::new());
        for number in 1..=self.sheets {
            let _fits = write!(
                sheets,
                "<sheet name=\"records {number}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>"
            );
            let _fits = write!(
                relations,
                "<Relationship Id=\"rId{number}\" Type=\"{DOCUMENT}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
            );
        }
        let workbook = format!(
            "<workbook xmlns=\"{SHEETS}\" xmlns:r=\"{DOCUMENT}\"><sheets>{sheets}</sheets></workbook>"
        );
        self.part("xl/workbook.xml", &workbook)?;
        let relations =
            format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{relations}</Relationships>");
        self.part("xl/_rels/workbook.xml.rels", &relations)?;
        self.archive.finish()?;
        Ok(std::mem::take(&mut *self.ready.0.lock()))
    }

    fn part(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.archive.start_file(name, options())?;
        self.archive.write_all(DECLARATION.as_bytes())?;
        self.archive.write_all(text.as_bytes())
    }

    fn open_sheet(&mut self) -> io::Result<()> {
        self.sheets += 1;
        self.rows = 0;
        let name = format!("xl/worksheets/sheet{}.xml", self.sheets);
        self.part(&name, &format!("<worksheet xmlns=\"{SHEETS}\"><sheetData>"))?;
        let header = std::mem::take(&mut self.header);
        let written = self.write_row(header.iter().map(|name| Cell::Text(name)));
        self.header = header;
        written
    }

    fn close_sheet(&mut self) -> io::Result<()> {
        self.archive.write_all(b"</sheetData></worksheet>")
    }

    fn write_row<'c>(&mut self, cells: impl Iterator<Item = Cell<'c>>) -> io::Result<()> {
        self.rows += 1;
        let row = self.rows;
        let mut text = format!("<row r=\"{row}\">");
        for (column, cell) in cells.enumerate() {
            let place = Place(column, row);
            let _fits = match cell {
                Cell::Empty => Ok(()),
                Cell::Number(number) => write!(text, "<c r=\"{place}\"><v>{number}</v></c>"),
                Cell::Text(content) => write!(
                    text,
                    "<c r=\"{place}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                    Escaped(content)
                ),
            };
        }
        text.push_str("</row>");
        self.archive.write_all(text.as_bytes())
    }
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)
}

/// Column from 0 and row from 1 as spreadsheets name them: `AB7`.
struct Place(usize, u32);

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (mut letters, mut left) = (Vec::new(), self.0 + 1);
        while left > 0 {
            left -= 1;
            letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
            left /= 26;
        }
        for letter in letters.iter().rev() {
            f.write_char(*letter)?;
        }
        write!(f, "{}", self.1)
    }
}

/// A text between tags. What XML cannot hold is written as workbooks do: `_x0007_`.
struct Escaped<'t>(&'t str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, letter) in self.0.char_indices() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '\t' | '\n' => f.write_char(letter)?,
                '_' if self.0.get(at..).is_some_and(looks_escaped) => f.write_str("_x005F_")?,
                '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                    write!(f, "_x{:04X}_", u32::from(letter))?;
                }
                _ => f.write_char(letter)?,
            }
        }
        Ok(())
    }
}

fn looks_escaped(text: &str) -> bool {
    matches!(text.as_bytes(), [b'_', b'x', a, b, c, d, b'_', ..]
        if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::{Cell, Escaped, Place, Workbook};

    fn read(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
        Xlsx::new(Cursor::new(bytes)).unwrap()
    }

    #[test]
    fn a_workbook_leaves_in_pieces_and_is_whole_at_its_end_only() {
        let mut workbook = Workbook::begin(vec!["id".to_owned(), "Amount".to_owned()]).unwrap();
        let mut bytes = workbook.take();
        for row in 0..20_000 {
            let (id, amount) = (format!("r<{row}>&\"客户\""), (row * 7_919 % 10_007).to_string());
            workbook.row([Cell::Text(&id), Cell::Number(&amount)].into_iter()).unwrap();
            let piece = workbook.take();
            assert!(piece.len() < 1 << 17, "{} bytes waited", piece.len());
            bytes.extend(piece);
        }
        assert!(bytes.len() > 1 << 16, "rows leave before the end");
        assert!(Xlsx::new(Cursor::new(bytes.clone())).is_err(), "not whole yet");
        bytes.extend(workbook.end().unwrap());
        let range = read(bytes).worksheet_range_at(0).unwrap().unwrap();
        assert_eq!(range.height(), 20_001);
        assert_eq!(range.get_value((2, 0)), Some(&Data::String("r<1>&\"客户\"".to_owned())));
        assert_eq!(range.get_value((2, 1)), Some(&Data::Float(7_919.0)));
    }

    #[test]
    fn what_one_sheet_does_not_hold_goes_into_the_next() {
        let mut workbook = Workbook::with_sheets_of(3, vec!["n".to_owned()]).unwrap();
        for number in ["1", "2", "3", "4", "5"] {
            workbook.row([Cell::Number(number)].into_iter()).unwrap();
        }
        let mut bytes = workbook.take();
        bytes.extend(workbook.end().unwrap());
        let mut workbook = read(bytes);
        assert_eq!(workbook.sheet_names(), ["records 1", "records 2", "records 3"]);
        let range = workbook.worksheet_range_at(2).unwrap().unwrap();
        assert_eq!(range.get_value((0, 0)), Some(&Data::String("n".to_owned())));
        assert_eq!(range.get_value((1, 0)), Some(&Data::Float(5.0)));
    }

    #[test]
    fn a_text_that_is_a_formula_stays_a_text() {
        let mut workbook = Workbook::begin(vec!["t".to_owned()]).unwrap();
        workbook.row([Cell::Text("=1+1")].into_iter()).unwrap();
        let mut bytes = workbook.take();
        bytes.extend(workbook.end().unwrap());
        let mut workbook = read(bytes);
        assert!(workbook.worksheet_formula("records 1").unwrap().is_empty());
        let range = workbook.worksheet_range_at(0).unwrap().unwrap();
        assert_eq!(range.get_value((1, 0)), Some(&Data::String("=1+1".to_owned())));
    }

    #[test]
    fn places_and_texts_are_written_as_spreadsheets_do() {
        let places = [Place(0, 1), Place(25, 2), Place(26, 3), Place(701, 4), Place(702, 5)];
        let places = places.map(|place| place.to_string());
        assert_eq!(places, ["A1", "Z2", "AA3", "ZZ4", "AAA5"]);
        assert_eq!(
            Escaped("a\r\u{7}_x0041_<_x>").to_string(),
            "a_x000D__x0007__x005F_x0041_&lt;_x&gt;"
        );
    }
}
