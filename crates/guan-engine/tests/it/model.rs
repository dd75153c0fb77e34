//! The text and JSON forms of the model, and masks.

use guan_engine::model::{
    Action, AddressRange, FieldAccess, Grant, Mask, Moment, Number, Organization, Owner, Policy,
    Population, Principal, Record, Right, Rights, STANDARD_ACTIONS, Scope, Span, Value,
};
use proptest::prelude::*;
use std::fmt::{Debug, Display};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

fn returns<T>(value: &T)
where
    T: Display + FromStr + PartialEq + Debug,
    T::Err: Debug,
{
    assert_eq!(value.to_string().parse::<T>().unwrap(), *value, "from `{value}`");
}

fn number(text: &str) -> i64 {
    text.parse::<Number>().unwrap_or_else(|error| panic!("{error}")).0
}

fn from_json(text: &str) -> Result<Number, serde_json::Error> {
    serde_json::from_str(text)
}

proptest! {
    #[test]
    fn every_set_of_rights_returns_from_its_text(bits in any::<u8>()) {
        returns(&Rights::from_bits(bits));
    }

    #[test]
    fn every_field_access_returns_from_its_text(bits in 0_u8..8) {
        returns(&FieldAccess::from_bits(bits));
    }

    #[test]
    fn every_grant_returns_from_its_text(scope in 0_usize..5, unassigned in any::<bool>()) {
        returns(&Grant { scope: Scope::ALL[scope], unassigned });
    }

    #[test]
    fn every_principal_returns_from_its_text(id in ".{1,12}", which in 0_usize..10) {
        let principals = [
            Principal::User(id.as_str().into()),
            Principal::Group(id.as_str().into()),
            Principal::Node(id.as_str().into()),
            Principal::NodeAndBelow(id.as_str().into()),
            Principal::Above(id.as_str().into()),
            Principal::Placed(id.as_str().into()),
            Principal::Population(Population::Everyone),
            Principal::Population(Population::Internal),
            Principal::Population(Population::External),
            Principal::Population(Population::Guests),
        ];
        returns(&principals[which]);
    }

    #[test]
    fn every_owner_returns_from_its_text(id in ".{1,12}") {
        returns(&Owner::User(id.as_str().into()));
        returns(&Owner::Group(id.as_str().into()));
    }

    #[test]
    fn every_range_of_addresses_returns_from_its_text(one in any::<u32>(), two in any::<u32>(), wide in any::<[u128; 2]>()) {
        let range = |one: IpAddr, two: IpAddr| AddressRange::between(one, two);
        let (from, to) = (one.min(two), one.max(two));
        returns(&range(Ipv4Addr::from_bits(from).into(), Ipv4Addr::from_bits(to).into()).unwrap());
        let (from, to) = (wide[0].min(wide[1]), wide[0].max(wide[1]));
        if let Ok(range) = range(Ipv6Addr::from_bits(from).into(), Ipv6Addr::from_bits(to).into()) {
            returns(&range);
        }
    }

    #[test]
    fn every_block_of_addresses_returns_and_holds_its_base(base in any::<u32>(), length in 0_u8..=32) {
        let base = Ipv4Addr::from_bits(base);
        let block: AddressRange = format!("{base}/{length}").parse().unwrap();
        returns(&block);
        prop_assert!(block.contains(base.into()));
        prop_assert!(block.contains(base.to_ipv6_mapped().into()));
    }

    #[test]
    fn every_block_of_the_sixth_version_returns_and_holds_its_base(base in any::<u128>(), length in 0_u8..=128) {
        let base = Ipv6Addr::from_bits(base);
        if let Ok(block) = format!("{base}/{length}").parse::<AddressRange>() {
            returns(&block);
            prop_assert!(block.contains(base.into()));
        }
    }

    #[test]
    fn every_moment_returns_from_its_text(milliseconds in any::<i64>()) {
        returns(&Moment(milliseconds));
    }

    #[test]
    fn every_moment_of_the_calendar_returns_from_its_text(milliseconds in -60_000_000_000_000_i64..250_000_000_000_000) {
        prop_assert!(!Moment(milliseconds).to_string().starts_with('@'));
        returns(&Moment(milliseconds));
    }

    #[test]
    fn every_number_returns_from_its_text(units in any::<i64>()) {
        returns(&Number(units));
    }

    #[test]
    fn every_number_of_fifteen_digits_returns_from_json(units in -999_999_999_999_999_i64..1_000_000_000_000_000) {
        let text = serde_json::to_string(&Value::Number(Number(units))).unwrap();
        prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), Value::Number(Number(units)));
    }

    #[test]
    fn the_json_of_every_number_is_stable_after_one_reading(units in any::<i64>()) {
        let once: Number = from_json(&serde_json::to_string(&Number(units)).unwrap()).unwrap();
        let twice: Number = from_json(&serde_json::to_string(&once).unwrap()).unwrap();
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn every_whole_number_is_exact_in_json(whole in -922_337_203_685_477_i64..=922_337_203_685_477) {
        let number = Number::whole(whole);
        prop_assert_eq!(serde_json::to_string(&number).unwrap(), whole.to_string());
        prop_assert_eq!(from_json(&whole.to_string()).unwrap(), number);
    }

    #[test]
    fn reading_any_text_never_panics(text in ".{0,24}") {
        drop(text.parse::<Rights>());
        drop(text.parse::<Grant>());
        drop(text.parse::<FieldAccess>());
        drop(text.parse::<Principal>());
        drop(text.parse::<Owner>());
        drop(text.parse::<AddressRange>());
        drop(text.parse::<Moment>());
        drop(text.parse::<Number>());
    }

    #[test]
    fn a_mask_never_shows_more_than_it_says(value in ".{0,12}", first in 0_u8..5, last in 0_u8..5) {
        let masked = Mask::Keep { first, last }.apply(&value);
        prop_assert_eq!(masked.chars().count(), value.chars().count());
        let shown = masked.chars().zip(value.chars()).filter(|(shown, _)| *shown != '*').count();
        prop_assert!(shown <= usize::from(first) + usize::from(last));
    }
}

#[test]
fn rights_have_presets_and_a_name_for_the_single_edit() {
    assert_eq!("edit".parse::<Rights>().unwrap(), Rights::EDIT);
    assert_eq!("read+only_edit".parse::<Rights>().unwrap(), Rights::EDIT);
    assert_eq!(Rights::of(Right::Edit).to_string(), "only_edit");
    assert_eq!("none".parse::<Rights>().unwrap(), Rights::NONE);
    assert!(!Rights::FULL.has(Right::Claim), "only a pool gives claim");
}

#[test]
fn wrong_texts_say_what_may_be_written() {
    let error = "write".parse::<Rights>().unwrap_err();
    assert!(error.starts_with("`write` is not a right; use none, read,"), "{error}");
    let error = "some".parse::<Grant>().unwrap_err();
    assert!(error.contains("use none, reachable, unit, unit_and_below or all"), "{error}");
    assert!("all+everything".parse::<Grant>().unwrap_err().contains("only +unassigned"));
    assert!("user:".parse::<Principal>().unwrap_err().contains("write the id after the colon"));
    assert!("users".parse::<Principal>().unwrap_err().contains("write user:ID, group:ID"));
    assert!("node:x".parse::<Owner>().unwrap_err().contains("write user:ID or group:ID"));
    assert!("".parse::<Rights>().is_err());
}

#[test]
fn networks_are_read_in_three_forms_and_refused_with_the_reason() {
    let holds = |range: &str, address: &str| {
        range.parse::<AddressRange>().unwrap().contains(address.parse().unwrap())
    };
    assert!(holds("10.0.0.0/8", "10.255.255.255"));
    assert!(!holds("10.0.0.0/8", "11.0.0.0"));
    assert!(holds("10.0.0.1-10.0.0.9", "10.0.0.9"));
    assert!(!holds("10.0.0.1-10.0.0.9", "10.0.0.10"));
    assert!(holds("10.0.0.1", "::ffff:10.0.0.1"), "a mapped address counts as IPv4");
    assert!(holds("::ffff:10.0.0.1", "10.0.0.1"));
    assert!(holds("0.0.0.0/0", "203.0.113.7"));
    assert!(!holds("::/0", "203.0.113.7"), "the families stay apart");
    assert!(holds("2001:db8::/32", "2001:db8:ffff::1"));
    for (text, why) in [
        ("10.0.0.0/33", "the prefix length is too long"),
        ("2001:db8::/129", "the prefix length is too long"),
        ("10.0.0.0/x", "the prefix length is not a number"),
        ("10.0.0.9-10.0.0.1", "the end lies before the start"),
        ("10.0.0.1-2001:db8::", "different families"),
        ("office", "not an address"),
        ("", "not an address"),
    ] {
        let error = text.parse::<AddressRange>().unwrap_err().to_string();
        assert!(error.contains(why) && error.contains(&format!("`{text}`")), "{error}");
    }
}

#[test]
fn numbers_have_four_places_and_round_half_away_from_zero() {
    assert_eq!(number("0.1"), 1_000);
    assert_eq!(number(".5"), 5_000);
    assert_eq!(number("+7"), 70_000);
    assert_eq!(number(" 12.34 "), 123_400);
    assert_eq!(number("0.00005"), 1);
    assert_eq!(number("-0.00005"), -1);
    assert_eq!(number("0.000049"), 0);
    assert_eq!(number("-0"), 0);
    assert_eq!(number("922337203685477.5807"), i64::MAX);
    assert_eq!(number("-922337203685477.5808"), i64::MIN);
    for wrong in ["", ".", "-", "1e5", "1.2.3", "٣", "0x10", "--1", "NaN", "1 000"] {
        assert!(wrong.parse::<Number>().is_err(), "`{wrong}`");
    }
    for too_large in ["922337203685477.5808", "-922337203685477.5809", "922337203685478"] {
        assert!(too_large.parse::<Number>().is_err(), "`{too_large}`");
    }
    assert_eq!(Number(-15_000).to_string(), "-1.5");
    assert_eq!(Number(-1).to_string(), "-0.0001");
    assert_eq!(Number::whole(i64::MAX), Number(i64::MAX));
}

#[test]
fn floats_become_the_decimal_that_they_print_as() {
    let of = |float: f64| Number::try_from(float).map(|number| number.0);
    assert_eq!(of(0.1), Ok(1_000));
    assert_eq!(of(0.1 + 0.2), Ok(3_000));
    assert_eq!(of(1e-7), Ok(0));
    assert_eq!(of(-0.0), Ok(0));
    assert_eq!(of(1e14), Ok(1_000_000_000_000_000_000));
    assert!(of(1e15).is_err());
    assert!(of(f64::NAN).is_err());
    assert!(of(f64::INFINITY).is_err());
    assert!(of(f64::MAX).is_err());
    assert_eq!(of(f64::MIN_POSITIVE), Ok(0));
}

#[test]
fn numbers_in_json_are_written_as_people_write_them() {
    let written = |units| serde_json::to_string(&Number(units)).unwrap();
    assert_eq!(written(50_000), "5");
    assert_eq!(written(1_000), "0.1");
    assert_eq!(written(-15_000), "-1.5");
    assert_eq!(from_json("-0").unwrap(), Number(0));
    assert_eq!(from_json("1e2").unwrap(), Number::whole(100));
    assert_eq!(from_json("900719925474099").unwrap(), Number::whole(900_719_925_474_099));
    for wrong in ["9007199254740993", "18446744073709551615", "1e15", "-1e300", "null", "\"5\""] {
        assert!(from_json(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn values_keep_their_kind_in_json() {
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!(read("true"), Value::Bool(true));
    assert_eq!(read("5"), Value::Number(Number::whole(5)));
    assert_eq!(read("\"5\""), Value::Text("5".to_owned()));
    assert_eq!(read("[\"a\"]"), Value::List(vec!["a".to_owned()]));
    assert!(serde_json::from_str::<Value>("null").is_err(), "a field without value is absent");
    assert!(serde_json::from_str::<Value>("{}").is_err());
}

#[test]
fn moments_are_read_with_their_offset_and_not_without() {
    let moment = |text: &str| text.parse::<Moment>();
    assert_eq!(moment("1970-01-01T08:00:00+08:00").unwrap(), Moment(0));
    assert_eq!(moment("2026-01-31T08:00:00Z").unwrap().to_string(), "2026-01-31T08:00:00Z");
    for wrong in ["2026-01-31T08:00:00", "2026-01-31", "2026-02-30T00:00:00Z", "soon", "@xms"] {
        assert!(moment(wrong).is_err(), "`{wrong}`");
    }
}

#[test]
fn weekdays_and_days_turn_at_local_midnight() {
    let monday: Moment = "2026-11-23T15:59:59.999Z".parse().unwrap();
    assert_eq!(monday.weekday_and_minute(480), (0, 1_439));
    assert_eq!(monday.plus(Span(1)).weekday_and_minute(480), (1, 0));
    assert_eq!(monday.plus(Span(1)).day(480), monday.day(480) + 1);
    assert_eq!(Moment(-1).weekday_and_minute(0), (2, 1_439), "a Wednesday came before the epoch");
    assert_eq!(Moment(i64::MAX).plus(Span::minutes(i64::MAX)), Moment(i64::MAX));
}

#[test]
fn standard_actions_return_from_their_names_and_others_are_custom() {
    for action in STANDARD_ACTIONS {
        assert_eq!(action.name().parse::<Action>().unwrap(), action);
    }
    assert_eq!("approve".parse::<Action>().unwrap(), Action::Custom("approve".into()));
}

fn policy_text() -> &'static str {
    r#"{
      "organization": {"id": "org", "name": "关", "utc_offset_minutes": 480},
      "trees": {"units": {"kind": "unit"}},
      "nodes": {"zh": {"tree": "units", "levels": {"account": "append+read"}}},
      "users": {"b": {"placements": [{"node": "zh", "as": "head"}], "attributes": {"limit": 5}}, "a": {}},
      "objects": {"account": {"fields": {"名称": {"type": "text", "mask": {"keep": {"first": 1}}}}}},
      "sets": {"s": {"objects": {"account": {"actions": {"read": "unit+unassigned", "approve": "all"}}}}},
      "rules": {"r": {"object": "account", "when": "名称 = \"甲\" and  not (名称 is null)",
                       "to": ["user:b", "everyone", "user:a"], "rights": "edit+read"}}
    }"#
}

#[test]
fn the_canonical_json_of_a_policy_is_stable_and_complete() {
    let policy: Policy = serde_json::from_str(policy_text()).unwrap();
    let once = serde_json::to_string(&policy).unwrap();
    let again: Policy = serde_json::from_str(&once).unwrap();
    assert_eq!(again, policy);
    assert_eq!(serde_json::to_string(&again).unwrap(), once);
    assert!(once.find("\"a\"").unwrap() < once.find("\"b\"").unwrap(), "users in order");
    assert!(once.contains(r#""to":["user:a","user:b","everyone"]"#), "{once}");
    assert!(once.contains(r#""rights":"edit""#), "{once}");
    assert!(once.contains(r#""account":"read+append""#), "{once}");
}

#[test]
fn an_empty_policy_is_an_empty_object() {
    let policy: Policy = serde_json::from_str("{}").unwrap();
    assert_eq!(policy, Policy::default());
    assert_eq!(policy.organization, Organization::default());
}

#[test]
fn unknown_keys_are_refused_everywhere_in_a_policy() {
    for (place, text) in [
        ("policy", r#"{"rule": {}}"#),
        ("organization", r#"{"organization": {"id": "o", "zone": 8}}"#),
        ("tree", r#"{"trees": {"t": {"kind": "unit", "x": 1}}}"#),
        ("node", r#"{"nodes": {"n": {"tree": "t", "x": 1}}}"#),
        ("user", r#"{"users": {"u": {"disabled": true}}}"#),
        ("placement", r#"{"users": {"u": {"placements": [{"node": "n", "role": "x"}]}}}"#),
        ("group", r#"{"groups": {"g": {"users": []}}}"#),
        ("object", r#"{"objects": {"o": {"label": "x"}}}"#),
        ("field", r#"{"objects": {"o": {"fields": {"f": {"hidden": true}}}}}"#),
        ("mask", r#"{"objects": {"o": {"fields": {"f": {"mask": {"keep": {"middle": 1}}}}}}}"#),
        ("set", r#"{"sets": {"s": {"view_all": true}}}"#),
        ("permission", r#"{"sets": {"s": {"objects": {"o": {"read": "all"}}}}}"#),
        ("assignment", r#"{"assignments": {"a": {"what": "set:s", "to": "user:u", "until": 1}}}"#),
        (
            "hours",
            r#"{"assignments": {"a": {"what": "set:s", "to": "user:u", "hours": {"windows": [], "zone": 1}}}}"#,
        ),
        ("pool", r#"{"pools": {"p": {"object": "o", "owner": "x"}}}"#),
        ("restriction", r#"{"restrictions": {"r": {"object": "o", "only": "true", "x": 1}}}"#),
    ] {
        let error = serde_json::from_str::<Policy>(text).map(|_| ()).expect_err(place).to_string();
        assert!(error.contains("unknown field"), "{place}: {error}");
    }
}

#[test]
fn unknown_keys_of_a_record_are_refused() {
    let record = r#"{"object": "account", "id": "1", "owner": "user:a"}"#;
    assert!(serde_json::from_str::<Record>(record).is_err());
    let share =
        r#"{"object": "a", "id": "1", "shares": [{"to": "everyone", "rights": "read", "x": 1}]}"#;
    assert!(serde_json::from_str::<Record>(share).is_err());
}

#[test]
fn masks_count_characters_and_hide_short_values_whole() {
    let keep = |first, last| Mask::Keep { first, last };
    assert_eq!(keep(1, 0).apply("欧阳娜娜"), "欧***");
    assert_eq!(keep(1, 1).apply("王小明"), "王*明");
    assert_eq!(keep(1, 1).apply("王明"), "**");
    assert_eq!(keep(3, 4).apply("13812345678"), "138****5678");
    assert_eq!(keep(3, 4).apply("1381234"), "*******");
    assert_eq!(keep(1, 1).apply("🐼熊🐼"), "🐼*🐼");
    assert_eq!(keep(0, 0).apply("secret"), "******");
    assert_eq!(keep(255, 255).apply("short"), "*****");
    assert_eq!(keep(1, 1).apply(""), "");
    assert_eq!(Mask::Full.apply("x"), "******");
    assert_eq!(Mask::Full.apply(""), "******");
}

#[test]
fn a_masked_mail_address_shows_the_first_character_and_the_domain() {
    assert_eq!(Mask::Mail.apply("wang@example.com"), "w***@example.com");
    assert_eq!(Mask::Mail.apply("张三@例子.中国"), "张***@例子.中国");
    assert_eq!(Mask::Mail.apply("@example.com"), "***@example.com");
    assert_eq!(Mask::Mail.apply("\"a@secret\"@example.com"), "\"***@example.com");
    assert_eq!(Mask::Mail.apply("no address"), "******");
}
