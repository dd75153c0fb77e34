//! What verification says, word by word, about honest logs and about each way to break one.

use guan_ledger::{
    Backwards, Digest, Fault, Kind, RECORD_BYTES_MAX, Row, Tip, Verifier, append, verify,
};

use crate::sample::{START_US, forge, log, log_of, origin, record};

fn complaint(rows: &[Row], remembered: Option<Tip>) -> String {
    verify(&origin(), rows, remembered).unwrap_err().to_string()
}

#[test]
fn an_honest_log_verifies_and_is_summed_up() {
    let rows = log(7);
    let verified = verify(&origin(), &rows, None).unwrap();
    assert_eq!(verified.from, Tip::genesis(&origin()));
    assert_eq!(verified.tip, rows[6].tip());
    assert_eq!(verified.rows, 7);
    assert_eq!(verified.first_us, Some(START_US));
    assert_eq!(verified.last_us, Some(START_US + 6000));
    assert_eq!(verified.incarnation, Some(1));
    assert_eq!(verified.kinds, [(Kind::RecordWritten, 5), (Kind::WouldDeny, 2)].into());
    assert_eq!(verified.backwards, None);
}

#[test]
fn an_empty_log_verifies_as_the_genesis() {
    let verified = verify(&origin(), [] as [Row; 0], None).unwrap();
    assert_eq!((verified.tip, verified.rows), (Tip::genesis(&origin()), 0));
    assert_eq!((verified.first_us, verified.last_us, verified.incarnation), (None, None, None));
}

#[test]
fn a_log_contains_each_of_its_earlier_ends() {
    let rows = log(5);
    assert!(verify(&origin(), &rows, Some(Tip::genesis(&origin()))).is_ok());
    for row in &rows {
        assert!(verify(&origin(), &rows, Some(row.tip())).is_ok());
    }
}

#[test]
fn an_edited_row_is_named() {
    let mut rows = log(4);
    rows[2].bytes[30] ^= 1;
    assert_eq!(
        complaint(&rows, None),
        "record 2: the bytes do not give the leaf hash: the row was edited"
    );
    let mut rows = log(4);
    rows[2].chain = Digest::of(b"");
    let expected = "record 2: the chain hash does not follow from the previous hash and the leaf hash: the row was edited";
    assert_eq!(complaint(&rows, None), expected);
}

#[test]
fn a_row_edited_with_its_own_hashes_is_found_at_the_next() {
    let mut rows = log(4);
    let mut entry = record(2);
    entry.who.caller = "u-9".to_owned();
    rows[2] = forge(&rows[1].tip(), &entry.to_bytes().unwrap());
    let expected = "record 3: the previous hash is not that of the row before: a row was edited, removed, put in or swapped";
    assert_eq!(complaint(&rows, None), expected);
}

#[test]
fn a_removed_row_is_named() {
    let mut rows = log(4);
    rows.remove(1);
    assert_eq!(
        complaint(&rows, None),
        "record 1: missing, the next row is 2: rows were removed or swapped"
    );
}

#[test]
fn a_removed_row_is_found_even_after_renumbering() {
    let mut rows = log(4);
    rows.remove(1);
    rows[1].sequence = 1;
    rows[2].sequence = 2;
    let expected = "record 1: the previous hash is not that of the row before: a row was edited, removed, put in or swapped";
    assert_eq!(complaint(&rows, None), expected);
    rows[1] = forge(&rows[0].tip(), &rows[1].bytes);
    assert_eq!(complaint(&rows, None), "record 1: the record itself says sequence 2");
}

#[test]
fn a_repeated_row_is_named() {
    let mut rows = log(3);
    rows.insert(1, rows[0].clone());
    assert_eq!(
        complaint(&rows, None),
        "record 1: row 0 comes again: rows were repeated or swapped"
    );
}

#[test]
fn swapped_rows_are_named() {
    let mut rows = log(4);
    rows.swap(1, 2);
    assert_eq!(
        complaint(&rows, None),
        "record 1: missing, the next row is 2: rows were removed or swapped"
    );
}

#[test]
fn a_cut_tail_is_found_by_what_was_remembered_and_only_by_that() {
    let rows = log(4);
    let remembered = rows[3].tip();
    assert_eq!(
        complaint(&rows[..3], Some(remembered)),
        "record 3: missing, the log once had 4 records: its tail was cut off"
    );
    assert!(verify(&origin(), &rows[..3], None).is_ok());
}

#[test]
fn a_log_written_anew_is_found_by_what_was_remembered_and_only_by_that() {
    let remembered = log(4)[2].tip();
    let mut entries: Vec<_> = (0..4).map(record).collect();
    entries[1].who.caller = "u-9".to_owned();
    let anew = log_of(&entries);
    assert_eq!(
        complaint(&anew, Some(remembered)),
        "record 2: the log up to here is not the one remembered: it was written anew"
    );
    assert_eq!(
        complaint(&anew[..3], Some(remembered)),
        "record 2: the log up to here is not the one remembered: it was written anew"
    );
    assert!(verify(&origin(), &anew, None).is_ok());
}

#[test]
fn a_later_part_verifies_from_a_known_end_and_says_so() {
    let rows = log(5);
    let mut verifier = Verifier::resume(origin(), rows[1].tip(), Some(rows[4].tip()));
    for row in &rows[2..] {
        verifier.accept(row).unwrap();
    }
    assert_eq!(verifier.tip(), rows[4].tip());
    let verified = verifier.finish().unwrap();
    assert_eq!((verified.from, verified.rows), (rows[1].tip(), 3));

    let verifier = Verifier::resume(origin(), rows[1].tip(), Some(rows[0].tip()));
    let expected = "record 2: the log once had 1 records, but the rows given begin later: give earlier rows too";
    assert_eq!(verifier.finish().unwrap_err().to_string(), expected);
}

#[test]
fn a_beginning_of_size_0_is_the_genesis_whatever_it_claims() {
    let claimed = Tip { size: 0, chain: Digest::of(b"forged") };
    let row = forge(&claimed, &record(0).to_bytes().unwrap());
    let broken = Verifier::resume(origin(), claimed, None).accept(&row).unwrap_err();
    assert!(matches!(broken.what, Fault::Previous { .. }));
}

#[test]
fn a_refused_row_does_not_move_the_verifier() {
    let rows = log(2);
    let mut verifier = Verifier::new(origin(), None);
    assert!(verifier.accept(&rows[1]).is_err());
    assert_eq!(verifier.tip(), Tip::genesis(&origin()));
    verifier.accept(&rows[0]).unwrap();
    verifier.accept(&rows[1]).unwrap();
}

#[test]
fn bytes_in_another_spelling_are_found_even_with_hashes_that_fit() {
    let genesis = Tip::genesis(&origin());
    let mut bytes = record(0).to_bytes().unwrap();
    bytes.push(b' ');
    let row = forge(&genesis, &bytes);
    let expected =
        format!("record 0: the record is not in canonical form from byte {} on", bytes.len() - 1);
    assert_eq!(complaint(&[row], None), expected);
    let row = forge(&genesis, b"\xff");
    assert_eq!(
        complaint(&[row], None),
        "record 0: the bytes are not a record: expected value at line 1 column 1"
    );
}

#[test]
fn a_record_of_another_log_is_found_even_with_hashes_that_fit() {
    let rows = log(1);
    let mut foreign = record(1);
    foreign.envelope.organization = "globex".to_owned();
    let row = forge(&rows[0].tip(), &foreign.to_bytes().unwrap());
    let complaint = complaint(&[rows[0].clone(), row], None);
    assert_eq!(
        complaint,
        "record 1: the record belongs to organization `globex` at instance `i-1`"
    );
}

#[test]
fn a_rising_incarnation_is_honest_and_a_falling_one_is_not() {
    let mut entries: Vec<_> = (0..3).map(record).collect();
    entries[1].envelope.incarnation = 3;
    entries[2].envelope.incarnation = 3;
    assert_eq!(verify(&origin(), log_of(&entries), None).unwrap().incarnation, Some(3));
    entries[2].envelope.incarnation = 2;
    let expected =
        "record 2: incarnation 2 comes after incarnation 3: an older state was brought back";
    assert_eq!(complaint(&log_of(&entries), None), expected);
}

#[test]
fn a_clock_that_went_backwards_is_noted_and_is_no_fault() {
    let mut entries: Vec<_> = (0..5).map(record).collect();
    entries[2].time.wall_us = START_US - 9000;
    entries[4].time.wall_us = START_US;
    let verified = verify(&origin(), log_of(&entries), None).unwrap();
    assert_eq!(
        verified.backwards,
        Some(Backwards { count: 2, first_sequence: 2, largest_us: 10_000 })
    );
    assert_eq!((verified.first_us, verified.last_us), (Some(START_US), Some(START_US)));
}

#[test]
fn only_the_next_record_of_the_same_log_is_appended() {
    let genesis = Tip::genesis(&origin());
    let refusal = append(&genesis, &record(1)).unwrap_err();
    assert_eq!(refusal.to_string(), "the record says sequence 1, the next is 0");
    let mut foreign = record(0);
    foreign.envelope.instance = "i-2".to_owned();
    let refusal = append(&genesis, &foreign).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "the log was not begun for organization `acme` at instance `i-2`"
    );
}

#[test]
fn a_record_that_cannot_be_verified_later_is_not_appended() {
    let genesis = Tip::genesis(&origin());
    let mut entry = record(0);
    entry.time.since_boot_us = u64::MAX;
    let refusal = append(&genesis, &entry).unwrap_err().to_string();
    assert!(
        refusal.starts_with("`/time/since_boot_us` is 18446744073709551615: only whole numbers"),
        "{refusal}"
    );
    let mut entry = record(0);
    entry.what.purpose = Some("x".repeat(RECORD_BYTES_MAX));
    let size_bytes = entry.to_bytes().unwrap().len();
    let expected = format!(
        "the record has {size_bytes} bytes, at most 1048576 are kept: record digests of long lists"
    );
    assert_eq!(append(&genesis, &entry).unwrap_err().to_string(), expected);
}
