//! A record has one spelling, and everything else is refused with the reason.

use std::collections::BTreeSet;

use guan_ledger::{Entry, Kind, Verdict};
use proptest::prelude::{any, prop, prop_assert_eq, proptest};

use crate::sample::{full_record, record};

fn spelled(entry: &Entry) -> String {
    String::from_utf8(entry.to_bytes().unwrap()).unwrap()
}

fn refusal(text: &str) -> String {
    Entry::from_bytes(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn a_record_reads_back_as_it_was() {
    for entry in [record(0), full_record(0)] {
        assert_eq!(Entry::from_bytes(&entry.to_bytes().unwrap()), Ok(entry));
    }
}

#[test]
fn the_smallest_record_holds_only_the_groups_that_every_record_has() {
    let expected = concat!(
        r#"{"envelope":{"boot":"b-1","id":"018bcfe5-6800-7707-8707-070707070707","incarnation":1,"instance":"i-1","#,
        r#""organization":"acme","schema":1,"sequence":0},"kind":"record_written","#,
        r#""time":{"clock":"synced","since_boot_us":0,"wall_us":1700000000000000},"#,
        r#""what":{"operation":"write_record"},"who":{"caller":"u-1"}}"#,
    );
    assert_eq!(spelled(&record(0)), expected);
}

#[test]
fn only_a_request_that_an_overlay_let_through_is_a_would_deny() {
    let mut decision = full_record(0).decision.unwrap();
    assert!(decision.would_deny());
    decision.normal_outcome = Verdict::Allow;
    assert!(!decision.would_deny());
    (decision.outcome, decision.normal_outcome) = (Verdict::Deny, Verdict::Deny);
    assert!(!decision.would_deny());
}

#[test]
fn another_spelling_of_the_same_record_is_refused_at_its_first_byte() {
    let text = spelled(&record(0));
    let spaced = text.replacen("{\"envelope\"", "{ \"envelope\"", 1);
    assert_eq!(refusal(&spaced), "the record is not in canonical form from byte 1 on");
    let escaped = text.replacen("b-1", "b\\u002d1", 1);
    assert_eq!(refusal(&escaped), "the record is not in canonical form from byte 22 on");
    let trailing = format!("{text}\n");
    assert_eq!(
        refusal(&trailing),
        format!("the record is not in canonical form from byte {} on", text.len())
    );
    let with_null = text.replacen("{\"envelope\"", "{\"change\":null,\"envelope\"", 1);
    assert_eq!(refusal(&with_null), "the record is not in canonical form from byte 2 on");
    let with_empty_list = text.replacen("{\"operation\"", "{\"fields\":[],\"operation\"", 1);
    assert!(
        refusal(&with_empty_list).starts_with("the record is not in canonical form from byte ")
    );
}

#[test]
fn unknown_repeated_and_missing_fields_are_refused_by_name() {
    let text = spelled(&record(0));
    let unknown = refusal(&text.replacen("{\"caller\"", "{\"age\":1,\"caller\"", 1));
    assert!(unknown.starts_with("the bytes are not a record: unknown field `age`"), "{unknown}");
    let repeated = refusal(&text.replacen("{\"caller\"", "{\"caller\":\"u-2\",\"caller\"", 1));
    assert!(
        repeated.starts_with("the bytes are not a record: duplicate field `caller`"),
        "{repeated}"
    );
    let missing = refusal(&text.replacen("\"boot\":\"b-1\",", "", 1));
    assert!(missing.starts_with("the bytes are not a record: missing field `boot`"), "{missing}");
    let kind = refusal(&text.replacen("record_written", "record_sung", 1));
    assert!(
        kind.starts_with("the bytes are not a record: unknown variant `record_sung`"),
        "{kind}"
    );
}

#[test]
fn a_record_of_a_newer_shape_asks_for_a_newer_program() {
    let text = spelled(&record(0)).replacen("\"schema\":1", "\"schema\":2", 1);
    let expected = "the record has schema 2, this program reads up to 1: use a newer one";
    assert_eq!(refusal(&text), expected);
    assert_eq!(refusal(&text.replacen("{\"caller\"", "{\"age\":1,\"caller\"", 1)), expected);
}

#[test]
fn a_fraction_or_a_number_too_large_is_no_record() {
    let text = spelled(&record(0));
    assert!(
        refusal(&text.replacen("\"since_boot_us\":0", "\"since_boot_us\":0.5", 1))
            .contains("invalid type: floating point")
    );
    let large =
        refusal(&text.replacen("\"since_boot_us\":0", "\"since_boot_us\":9007199254740992", 1));
    assert!(
        large.starts_with("`/time/since_boot_us` is 9007199254740992: only whole numbers"),
        "{large}"
    );
}

#[test]
fn deep_nesting_is_refused_and_does_not_overflow() {
    assert!(refusal(&"[".repeat(1_000_000)).starts_with("the bytes are not a record: "));
}

#[test]
fn every_kind_has_its_own_snake_case_name_and_a_meaning() {
    let mut names = BTreeSet::new();
    for kind in Kind::ALL {
        let name = kind.name();
        assert!(names.insert(name), "`{name}` stands twice");
        assert!(
            name.chars().all(|character| character.is_ascii_lowercase() || character == '_'),
            "{name}"
        );
        assert_eq!(serde_json::to_value(kind).unwrap(), name);
        assert_eq!(serde_json::from_value::<Kind>(name.into()).unwrap(), *kind);
        assert!(kind.meaning().ends_with('.'), "{name}");
        assert_eq!(kind.to_string(), name);
    }
}

proptest! {
    #[test]
    fn any_bytes_are_refused_or_are_the_one_spelling_of_a_record(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(entry) = Entry::from_bytes(&bytes) {
            prop_assert_eq!(entry.to_bytes().unwrap(), bytes);
        }
    }

    #[test]
    fn a_changed_record_is_refused_or_is_the_one_spelling_of_another(position in any::<prop::sample::Index>(), byte: u8) {
        let mut bytes = full_record(0).to_bytes().unwrap();
        let position = position.index(bytes.len());
        bytes[position] = byte;
        if let Ok(entry) = Entry::from_bytes(&bytes) {
            prop_assert_eq!(entry.to_bytes().unwrap(), bytes);
        }
    }

    #[test]
    fn any_text_survives_in_a_record(caller: String, field: String, rule: String, purpose: String) {
        let mut entry = full_record(0);
        entry.who.caller = caller;
        entry.what.fields = [field].into();
        entry.what.purpose = Some(purpose);
        entry.decision.as_mut().unwrap().rules = vec![rule];
        prop_assert_eq!(Entry::from_bytes(&entry.to_bytes().unwrap()).unwrap(), entry);
    }
}
