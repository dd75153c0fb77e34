//! One value, one byte string.

use guan_ledger::canonical::{self, DEPTH_MAX, INTEGER_MAX};
use proptest::prelude::{Just, Strategy, any, prop, prop_assert_eq, prop_oneof, proptest};
use serde_json::{Value, json};

fn text(value: &Value) -> String {
    String::from_utf8(canonical::bytes(value).unwrap()).unwrap()
}

fn refusal(value: &Value) -> String {
    canonical::bytes(value).unwrap_err().to_string()
}

#[test]
fn members_are_sorted_by_the_utf_16_units_of_their_names() {
    // U+1F600 is two units beginning with D83D, so it comes before U+FB33, unlike in UTF-8.
    let value = json!({"\u{fb33}": 1, "\u{1f600}": 2, "\u{20ac}": 3, "\u{f6}": 4, "\u{80}": 5, "1": 6, "\r": 7, "aa": 8, "a": 9});
    let expected = "{\"\\r\":7,\"1\":6,\"a\":9,\"aa\":8,\"\u{80}\":5,\"\u{f6}\":4,\"\u{20ac}\":3,\"\u{1f600}\":2,\"\u{fb33}\":1}";
    assert_eq!(text(&value), expected);
}

#[test]
fn only_the_escapes_that_json_demands_are_written() {
    let value = json!("\u{0}\u{8}\t\n\u{b}\u{c}\r\u{1f} \"\\/<>&\u{7f}\u{2028}é关");
    let expected = "\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f \\\"\\\\/<>&\u{7f}\u{2028}é关\"";
    assert_eq!(text(&value), expected);
}

#[test]
fn null_members_are_left_out_and_empty_ones_stay() {
    assert_eq!(
        text(&json!({"a": null, "b": [], "c": {}, "d": "", "e": {"f": null}})),
        r#"{"b":[],"c":{},"d":"","e":{}}"#
    );
}

#[test]
fn whole_numbers_are_written_up_to_what_every_reader_keeps_exact() {
    assert_eq!(
        text(&json!([0, -1, INTEGER_MAX, -9_007_199_254_740_991_i64])),
        "[0,-1,9007199254740991,-9007199254740991]"
    );
    let expected = "`/change/affected` is 9007199254740992: only whole numbers from -9007199254740991 to 9007199254740991 \
                    are recorded, write others as text";
    assert_eq!(refusal(&json!({"change": {"affected": INTEGER_MAX + 1}})), expected);
    assert!(
        refusal(&json!(i64::MIN)).starts_with("`` is -9223372036854775808: only whole numbers")
    );
}

#[test]
fn fractions_are_refused_where_they_stand() {
    assert!(
        refusal(&json!({"a/b": [1, {"c~d": 0.5}]}))
            .starts_with("`/a~1b/1/c~0d` is 0.5: only whole numbers")
    );
    assert!(refusal(&json!(1.0)).starts_with("`` is 1.0: only whole numbers"));
    assert!(canonical::bytes(&serde_json::from_str("-0").unwrap()).is_err());
}

#[test]
fn null_in_a_list_is_refused_where_it_stands() {
    assert_eq!(refusal(&json!([1, null])), "`/1` is null: leave it out");
}

#[test]
fn nesting_ends_at_the_limit() {
    let nested = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!([inner]));
    assert!(canonical::bytes(&nested(DEPTH_MAX)).is_ok());
    let expected = format!("`{}` is nested deeper than 64 levels", "/0".repeat(DEPTH_MAX + 1));
    assert_eq!(refusal(&nested(DEPTH_MAX + 1)), expected);
}

fn values() -> impl Strategy<Value = Value> {
    let limit = i64::try_from(INTEGER_MAX).unwrap();
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        (-limit..=limit).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!({})),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn canonical_bytes_read_back_as_the_same_value_with_the_same_bytes(value in values()) {
        let bytes = canonical::bytes(&value).unwrap();
        let back: Value = serde_json::from_slice(&bytes).unwrap();
        prop_assert_eq!(&back, &value);
        prop_assert_eq!(canonical::bytes(&back).unwrap(), bytes);
    }
}
