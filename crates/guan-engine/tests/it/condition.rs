//! What conditions mean, and which ones do not fit their object.

use guan_engine::condition::{Condition, Facts, Truth};
use guan_engine::model::{Field, FieldId, FieldType, Moment, Number, Object, Value};
use std::collections::BTreeMap;

const TYPES: [(&str, FieldType); 9] = [
    ("Region", FieldType::Text),
    ("Amount", FieldType::Number),
    ("Won", FieldType::Boolean),
    ("Closes", FieldType::Date),
    ("Changed", FieldType::DateTime),
    ("Stage", FieldType::Choice),
    ("Tags", FieldType::MultiChoice),
    ("Parent", FieldType::Reference),
    ("区域", FieldType::Text),
];

fn object() -> Object {
    let fields = TYPES
        .map(|(name, field_type)| (name.into(), Field { field_type, ..Field::default() }))
        .into();
    Object { fields, ..Object::default() }
}

struct World {
    fields: BTreeMap<FieldId, Value>,
    attributes: BTreeMap<String, Value>,
    owners: Vec<String>,
    now: Moment,
    offset: i32,
}

impl Facts for World {
    fn field(&self, field: &FieldId) -> Option<&Value> {
        self.fields.get(field)
    }
    fn field_type(&self, field: &FieldId) -> Option<FieldType> {
        object().fields.get(field).map(|field| field.field_type)
    }
    fn owners(&self) -> Vec<String> {
        self.owners.clone()
    }
    fn attribute(&self, name: &str) -> Option<Value> {
        if name == "id" { Some("ann".into()) } else { self.attributes.get(name).cloned() }
    }
    fn now(&self) -> Moment {
        self.now
    }
    fn utc_offset_minutes(&self) -> i32 {
        self.offset
    }
}

fn list(values: &[&str]) -> Value {
    Value::List(values.iter().map(|value| (*value).to_owned()).collect())
}

/// Noon of Monday, 23 November 2026, in Shanghai.
fn world() -> World {
    World {
        fields: BTreeMap::from([
            ("Region".into(), "North".into()),
            ("Amount".into(), Value::Number(Number::whole(1_000))),
            ("Won".into(), Value::Bool(false)),
            ("Closes".into(), "2026-11-23".into()),
            ("Changed".into(), "2026-11-23T04:00:00Z".into()),
            ("Tags".into(), list(&["vip", "old"])),
            ("区域".into(), "华北".into()),
        ]),
        attributes: BTreeMap::from([
            ("region".to_owned(), "North".into()),
            ("limit".to_owned(), Value::Number(Number::whole(500))),
            ("level".to_owned(), "2000".into()),
            ("regions".to_owned(), list(&["South", "North"])),
        ]),
        owners: vec!["ann".to_owned(), "bob".to_owned()],
        now: "2026-11-23T04:00:00Z".parse().unwrap(),
        offset: 480,
    }
}

fn ask(text: &str) -> Truth {
    let condition = Condition::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    condition.check(&object()).unwrap_or_else(|error| panic!("{error}"));
    condition.evaluate(&world())
}

fn all_are(expected: Truth, texts: &[&str]) {
    for text in texts {
        assert_eq!(ask(text), expected, "{text}");
    }
}

#[test]
fn not_binds_before_and_and_and_before_or() {
    all_are(
        Truth::True,
        &["true or true and false", "not false and true", "not false or false", "not not true"],
    );
    all_are(
        Truth::False,
        &["(true or true) and false", "not (false or true)", "not true or false"],
    );
}

#[test]
fn and_or_and_not_carry_unknown_as_sql_does() {
    use Truth::{False, True, Unknown};
    let word = |truth| match truth {
        False => "false",
        Unknown => "Stage = \"x\"",
        True => "true",
    };
    for (left, right, and, or) in [
        (True, True, True, True),
        (True, Unknown, Unknown, True),
        (True, False, False, True),
        (Unknown, Unknown, Unknown, Unknown),
        (Unknown, False, False, Unknown),
        (False, False, False, False),
    ] {
        for (left, right) in [(left, right), (right, left)] {
            let (left, right) = (word(left), word(right));
            assert_eq!(ask(&format!("{left} and {right}")), and, "{left} and {right}");
            assert_eq!(ask(&format!("{left} or {right}")), or, "{left} or {right}");
        }
    }
    assert_eq!(ask("not Stage = \"x\""), Unknown);
    assert_eq!(ask("not true"), False);
    assert_eq!(ask("not false"), True);
}

#[test]
fn a_comparison_with_an_absent_value_is_unknown_in_both_directions() {
    all_are(
        Truth::Unknown,
        &[
            "Stage = \"x\"",
            "Stage != \"x\"",
            "not Stage = \"x\"",
            "Stage in (\"x\", \"y\")",
            "not Stage in (\"x\")",
            "Stage = Stage",
            "Stage contains \"x\"",
            "Region = $user.nothing",
            "$user.nothing != \"x\"",
        ],
    );
}

#[test]
fn null_tests_are_never_unknown() {
    all_are(
        Truth::True,
        &[
            "Stage is null",
            "Region is not null",
            "$user.nothing is null",
            "$record.owner is not null",
            "$user.id is not null",
        ],
    );
    all_are(Truth::False, &["Stage is not null", "Region is null", "not Stage is null"]);
    let mut nobody = world();
    nobody.owners.clear();
    let owned = |text: &str| Condition::parse(text).unwrap().evaluate(&nobody);
    assert_eq!(owned("$record.owner is null"), Truth::True);
    assert_eq!(owned("$record.owner = \"ann\""), Truth::Unknown);
}

#[test]
fn numbers_and_texts_compare_in_their_own_order() {
    all_are(
        Truth::True,
        &[
            "Amount = 1000.0",
            "Amount >= 1000",
            "Amount > 999.9999",
            "Amount < 1000.0001",
            "Amount != -1000",
            "1000 <= Amount",
            "Region > \"M\"",
            "Region starts_with \"No\"",
            "Region contains \"ort\"",
            "Region in (\"South\", \"North\")",
            "Won = false",
            "Amount > $user.limit",
            "Amount < $user.level",
        ],
    );
    all_are(
        Truth::False,
        &[
            "Amount < 1000",
            "Region = \"north\"",
            "Region contains \"x\"",
            "Won = true",
            "Region in (\"South\")",
        ],
    );
}

#[test]
fn lists_are_compared_by_their_members() {
    all_are(
        Truth::True,
        &[
            "Tags contains \"vip\"",
            "Tags = \"old\"",
            "Tags != \"new\"",
            "Tags in (\"new\", \"old\")",
            "Region = $user.regions",
            "$user.regions contains Region",
            "$user.regions contains \"South\"",
            "not Tags contains \"vi\"",
        ],
    );
    all_are(Truth::False, &["Tags contains \"new\"", "Tags != \"vip\"", "Tags in (\"new\")"]);
}

#[test]
fn a_single_choice_of_several_is_a_member_and_not_a_text_to_search_in() {
    let mut world = world();
    world.fields.insert("Tags".into(), "vipers".into());
    let ask = |text: &str| Condition::parse(text).unwrap().evaluate(&world);
    assert_eq!(ask("Tags contains \"vip\""), Truth::False);
    assert_eq!(ask("Tags contains \"vipers\""), Truth::True);
}

#[test]
fn the_owner_is_a_list_of_ids() {
    all_are(
        Truth::True,
        &[
            "$record.owner = $user.id",
            "$record.owner = \"bob\"",
            "$record.owner in (\"bob\", \"eve\")",
            "$record.owner contains \"bob\"",
        ],
    );
    all_are(Truth::False, &["$record.owner = \"eve\"", "$record.owner != $user.id"]);
}

#[test]
fn days_are_days_of_the_organization() {
    all_are(
        Truth::True,
        &[
            "Closes = today()",
            "Closes < today() + 1d",
            "Closes > today() - 1d",
            "Closes >= \"2026-11-23\"",
            "today() = \"2026-11-23\"",
        ],
    );
    let mut late = world();
    late.now = "2026-11-23T15:59:59Z".parse().unwrap();
    let today = Condition::parse("Closes = today()").unwrap();
    assert_eq!(today.evaluate(&late), Truth::True);
    late.now = "2026-11-23T16:00:00Z".parse().unwrap();
    assert_eq!(today.evaluate(&late), Truth::False, "it is Tuesday in Shanghai");
    late.offset = 0;
    assert_eq!(today.evaluate(&late), Truth::True, "and still Monday in Greenwich");
}

#[test]
fn instants_compare_across_offsets() {
    all_are(
        Truth::True,
        &[
            "Changed = now()",
            "Changed > now() - 1ms",
            "Changed < now() + 1s",
            "Changed > now() - 2h",
            "Changed = \"2026-11-23T12:00:00+08:00\"",
            "Changed >= today()",
            "Changed < today() + 1d",
            "Changed < \"2026-11-24\"",
        ],
    );
    all_are(Truth::False, &["Changed > now()", "Changed < today()", "Changed > now() + 1d"]);
}

#[test]
fn the_day_of_the_organization_starts_at_its_own_midnight() {
    let mut world = world();
    world.fields.insert("Changed".into(), "2026-11-22T16:00:00Z".into());
    let since_today = Condition::parse("Changed >= today()").unwrap();
    assert_eq!(since_today.evaluate(&world), Truth::True);
    world.fields.insert("Changed".into(), "2026-11-22T15:59:59.999Z".into());
    assert_eq!(since_today.evaluate(&world), Truth::False);
}

#[test]
fn a_value_that_is_not_of_its_type_is_absent() {
    let mut world = world();
    world.fields.insert("Closes".into(), "tomorrow".into());
    world.fields.insert("Amount".into(), "lots".into());
    world.fields.insert("Changed".into(), "2026-11-23T12:00:00".into());
    for text in ["Closes < today()", "Amount > 0", "Changed > \"2020-01-01\""] {
        assert_eq!(Condition::parse(text).unwrap().evaluate(&world), Truth::Unknown, "{text}");
    }
}

#[test]
fn names_may_be_written_in_any_script() {
    all_are(Truth::True, &["区域 = \"华北\"", "`区域` starts_with \"华\"", "区域 contains \"北\""]);
}

#[test]
fn far_shifts_do_not_overflow() {
    all_are(
        Truth::False,
        &["Closes > today() + 9223372036854775807d", "Changed >= today() + 9223372036854775807d"],
    );
    all_are(
        Truth::True,
        &["Changed < now() + 9223372036854775807ms", "Closes > today() - 9223372036854775807d"],
    );
    assert!(Condition::parse("Changed < now() + 9223372036854775807d").is_err());
}

#[test]
fn a_condition_that_does_not_fit_is_refused_with_its_place() {
    for (text, what) in [
        ("Missing = 1", "at character 0: the object has no field `Missing`"),
        ("区域 = \"x\" and Missing = 1", "at character 14: the object has no field `Missing`"),
        ("Amount = \"many\"", "`many` is not a number"),
        ("Won = 1", "`1` is not true or false"),
        ("Won < true", "`<` needs values that have an order"),
        ("Tags >= \"a\"", "`>=` needs values that have an order"),
        ("Closes = \"2026-02-30\"", "`2026-02-30` is not a day such as 2026-01-31"),
        ("Closes = \"2026-01-31T08:00:00\"", "is not a day"),
        ("Changed < \"2026-01-31T08:00:00\"", "is not an instant such as 2026-01-31T08:00:00Z"),
        ("Changed < 5", "`5` is not an instant"),
        ("Amount contains \"1\"", "`contains` needs a text or a list on its left"),
        ("Tags starts_with \"v\"", "`starts_with` needs a text on its left"),
        ("$record.owner starts_with \"v\"", "`starts_with` needs a text on its left"),
        ("Amount = Region", "a number cannot be compared with text"),
        ("Closes = Changed", "cannot be compared with"),
        ("Amount in (1, \"two\")", "`two` is not a number"),
        ("1 = \"1\"", "`1` and `1` are of different types"),
        ("not (Region = \"x\" or Won > false)", "needs values that have an order"),
    ] {
        let condition = Condition::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let problem = condition.check(&object()).expect_err(text).to_string();
        assert!(problem.contains(what), "{text}: {problem}");
    }
}

#[test]
fn attributes_of_the_subject_are_compared_as_what_they_hold() {
    all_are(
        Truth::True,
        &["$user.region = \"North\"", "$user.limit <= 500", "$user.limit = $user.limit"],
    );
    all_are(Truth::Unknown, &["$user.region > 5", "$user.limit = true"]);
}

#[test]
fn a_condition_says_what_it_reads() {
    let reads = |text: &str| {
        let condition = Condition::parse(text).unwrap();
        (condition.depends_on_record(), condition.depends_on_subject(), condition.depends_on_time())
    };
    assert_eq!(reads("true"), (false, false, false));
    assert_eq!(reads("not (A = 1 or B is null)"), (true, false, false));
    assert_eq!(reads("$record.owner = $user.id"), (true, true, false));
    assert_eq!(reads("$user.x in (1, 2) and today() > \"2026-01-01\""), (false, true, true));
    let condition = Condition::parse("A = B and (C is null or not A in (1))").unwrap();
    let fields: Vec<&str> = condition.fields().into_iter().map(FieldId::as_str).collect();
    assert_eq!(fields, ["A", "B", "C"]);
}
