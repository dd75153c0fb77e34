//! A log as a file: it reads back as it was, verifies alone, and says what is wrong with it by line.

use guan_ledger::{
    ExportReader, ExportWriter, LINE_BYTES_MAX, RECORD_BYTES_MAX, Row, Tip, Unexportable, verify,
    verify_export,
};

use crate::sample::{log, log_of, origin, record};

pub(crate) fn file(rows: &[Row]) -> String {
    let mut writer = ExportWriter::new(Vec::new(), &origin(), &Tip::genesis(&origin())).unwrap();
    for row in rows {
        writer.row(row).unwrap();
    }
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

fn complaint(file: &str, remembered: Option<Tip>) -> String {
    match ExportReader::new(file.as_bytes()) {
        Ok(reader) => verify_export(reader, remembered).unwrap_err().to_string(),
        Err(refusal) => refusal.to_string(),
    }
}

fn without_line(file: &str, line: usize) -> String {
    file.split_inclusive('\n')
        .enumerate()
        .filter(|(index, _)| index + 1 != line)
        .map(|(_, text)| text)
        .collect()
}

#[test]
fn a_file_reads_back_as_the_rows_that_were_written() {
    let rows = log(4);
    let file = file(&rows);
    let mut reader = ExportReader::new(file.as_bytes()).unwrap();
    assert_eq!(reader.origin(), &origin());
    assert_eq!(reader.from(), Tip::genesis(&origin()));
    assert_eq!(reader.end(), None);
    let back: Vec<Row> = reader.by_ref().map(Result::unwrap).collect();
    assert_eq!(back, rows);
    assert_eq!(reader.end(), Some(rows[3].tip()));
}

#[test]
fn a_file_verifies_as_its_log_does() {
    let rows = log(4);
    let remembered = Some(rows[3].tip());
    let reader_of = |file: &str| {
        verify_export(ExportReader::new(file.as_bytes()).unwrap(), remembered).unwrap()
    };
    assert_eq!(reader_of(&file(&rows)), verify(&origin(), &rows, None).unwrap());
}

#[test]
fn a_file_has_one_line_a_row_between_whose_it_is_and_where_it_ends() {
    let text = file(&log(1));
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 3);
    let genesis = Tip::genesis(&origin());
    let expected = format!(
        r#"{{"format":"guan-ledger-1","organization":"acme","instance":"i-1","from":{{"size":0,"chain":"{}"}}}}"#,
        genesis.chain
    );
    assert_eq!(lines[0], expected);
    assert!(lines[1].starts_with(r#"{"sequence":0,"leaf":"sha256:"#), "{}", lines[1]);
    assert!(lines[1].contains(r#""bytes":"{\"envelope\":{"#), "{}", lines[1]);
    assert_eq!(lines[2], format!(r#"{{"end":{{"size":1,"chain":"{}"}}}}"#, log(1)[0].chain));
}

#[test]
fn a_file_of_a_part_says_where_it_begins() {
    let rows = log(5);
    let mut writer = ExportWriter::new(Vec::new(), &origin(), &rows[1].tip()).unwrap();
    for row in &rows[2..] {
        writer.row(row).unwrap();
    }
    let bytes = writer.finish().unwrap();
    let verified =
        verify_export(ExportReader::new(&bytes[..]).unwrap(), Some(rows[4].tip())).unwrap();
    assert_eq!((verified.from, verified.tip, verified.rows), (rows[1].tip(), rows[4].tip(), 3));
}

#[test]
fn an_empty_log_is_a_file_too() {
    let verified = verify_export(ExportReader::new(file(&[]).as_bytes()).unwrap(), None).unwrap();
    assert_eq!(verified.tip, Tip::genesis(&origin()));
}

#[test]
fn every_missing_line_is_noticed() {
    let rows = log(3);
    let text = file(&rows);
    assert!(
        complaint(&without_line(&text, 1), None)
            .starts_with("line 1: not a line of an exported log: unknown field `sequence`")
    );
    let expected = "record 0: missing, the next row is 1: rows were removed or swapped";
    assert_eq!(complaint(&without_line(&text, 2), None), expected);
    let expected = format!(
        "the file says that it ends at `{}`, its rows end at `{}`: rows were removed or edited",
        rows[2].tip(),
        rows[1].tip()
    );
    assert_eq!(complaint(&without_line(&text, 4), None), expected);
    let expected = "line 5: the file stops before its last line: it was cut short, export it again";
    assert_eq!(complaint(&without_line(&text, 5), None), expected);
    assert_eq!(
        complaint("", None),
        "line 1: the file stops before its last line: it was cut short, export it again"
    );
}

#[test]
fn a_shorter_file_with_a_last_line_of_its_own_is_found_by_what_was_remembered() {
    let rows = log(3);
    let expected = "record 2: missing, the log once had 3 records: its tail was cut off";
    assert_eq!(complaint(&file(&rows[..2]), Some(rows[2].tip())), expected);
}

#[test]
fn what_is_no_line_of_a_log_is_named_by_its_line() {
    let text = file(&log(2));
    let broken = text.replacen("\"sequence\":1", "\"sequence\":one", 1);
    assert_eq!(
        complaint(&broken, None),
        "line 3: not a line of an exported log: expected value at line 1 column 13"
    );
    let surplus = format!("{text}\n");
    assert_eq!(
        complaint(&surplus, None),
        "line 5: the log ended on the line before, nothing may follow"
    );
    let newer = text.replacen("guan-ledger-1", "guan-ledger-2", 1);
    assert_eq!(
        complaint(&newer, None),
        "line 1: the format is `guan-ledger-2`, this program reads `guan-ledger-1`"
    );
    let endless = text.replacen(
        "{\"sequence\":1",
        &format!("{}{{\"sequence\":1", " ".repeat(LINE_BYTES_MAX)),
        1,
    );
    assert_eq!(complaint(&endless, None), "line 3: longer than 4194304 bytes, which no record is");
}

#[test]
fn a_reader_ends_after_its_first_error() {
    let text = without_line(&file(&log(2)), 4);
    let mut reader = ExportReader::new(text.as_bytes()).unwrap();
    assert_eq!(reader.by_ref().map(|row| row.is_ok()).collect::<Vec<_>>(), [true, true, false]);
    assert!(reader.next().is_none());
}

#[test]
fn a_row_that_is_no_text_is_named_and_not_written() {
    let mut rows = log(1);
    rows[0].bytes[0] = 0xff;
    let mut writer = ExportWriter::new(Vec::new(), &origin(), &Tip::genesis(&origin())).unwrap();
    let expected =
        "record 0: the bytes are no text, so the row was edited: verify the log where it is stored";
    assert_eq!(writer.row(&rows[0]).unwrap_err().to_string(), expected);
}

#[test]
fn the_largest_record_fits_a_line_even_when_all_of_it_is_escaped() {
    let mut entry = record(0);
    let room = RECORD_BYTES_MAX - entry.to_bytes().unwrap().len() - r#","purpose":"""#.len();
    entry.what.purpose = Some("\"".repeat(room / 2));
    let rows = log_of(&[entry]);
    assert!(rows[0].bytes.len() > RECORD_BYTES_MAX - 2);
    assert!(
        verify_export(ExportReader::new(file(&rows).as_bytes()).unwrap(), Some(rows[0].tip()))
            .is_ok()
    );
}

#[test]
fn a_full_disk_is_an_error_and_not_a_short_file() {
    let mut space = [0_u8; 100];
    let refusal =
        ExportWriter::new(&mut space[..], &origin(), &Tip::genesis(&origin())).unwrap_err();
    assert!(matches!(refusal, Unexportable::Write(_)), "{refusal}");
    assert_eq!(refusal.to_string(), "the export cannot be written");
}
