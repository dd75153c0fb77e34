//! The text form of conditions: canonical, faithful, bounded in depth.

use guan_engine::condition::{Comparison, Condition, Expression, Operand};
use guan_engine::model::{Number, Value};
use proptest::prelude::*;

fn canonical(text: &str) -> String {
    Condition::parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).to_string()
}

fn refusal(text: &str) -> String {
    Condition::parse(text).map(|_| ()).expect_err(text).to_string()
}

#[test]
fn the_canonical_text_states_the_grouping() {
    for (text, expected) in [
        ("a=1", "a = 1"),
        ("a = 1 or b = 2 and c = 3", "(a = 1 or (b = 2 and c = 3))"),
        ("((a = 1))", "a = 1"),
        ("not not a is null", "not not a is null"),
        ("not (a = 1 and b = 2)", "not (a = 1 and b = 2)"),
        ("a in(1,2 , \"x\")", "a in (1, 2, \"x\")"),
        ("a = -1.50", "a = -1.5"),
        ("a < now()+1d", "a < now() + 86400000ms"),
        ("a < today( ) - 0d", "a < today()"),
        ("`a b` = \"c\\\"d\\\\\"", "`a b` = \"c\\\"d\\\\\""),
        ("`and` = `plain`", "`and` = plain"),
        ("$user.in = 1", "$user.`in` = 1"),
        ("  金额 >= 5 ", "金额 >= 5"),
    ] {
        assert_eq!(canonical(text), expected);
        assert_eq!(canonical(expected), expected);
    }
}

#[test]
fn conditions_are_equal_when_their_canonical_texts_are() {
    assert_eq!(Condition::parse("a=1").unwrap(), Condition::parse("(a  = 1.0)").unwrap());
    assert_ne!(Condition::parse("a = 1").unwrap(), Condition::parse("a = \"1\"").unwrap());
}

#[test]
fn wrong_text_is_refused_with_place_and_expectation() {
    for (text, expected) in [
        ("", "condition, at character 0: expected a field,"),
        ("a", "at character 1: expected a comparison: =, !=,"),
        ("a = ", "at character 4: expected a field,"),
        ("a = 1 b = 2", "at character 6: expected `and`, `or` or the end, found `b`"),
        ("(a = 1", "at character 6: expected `)`, found the end"),
        ("a = 1)", "at character 5: expected `and`, `or` or the end, found `)`"),
        ("a in ()", "expected a field,"),
        ("a in (b)", "expected a literal before this"),
        ("a in 1", "expected `(` and a list"),
        ("a is 1", "expected `null`, found `1`"),
        ("a = null", "expected a field,"),
        ("and", "expected a field,"),
        ("a = \"open", "at character 4: the closing \" is missing"),
        ("`open = 1", "at character 0: the closing ` is missing"),
        ("区域 = ; 1", "at character 5: `;` has no meaning here"),
        ("a = 1.2.3", "`1.2.3` is not a number"),
        ("a = 99999999999999999999", "is not a number"),
        ("a < today", "expected `()`, found the end"),
        ("a < today() + 1h", "expected a length such as 30d"),
        ("a < now() + 1.5h", "expected a length such as 30d"),
        ("$record.owners = 1", "expected a comparison"),
        ("$user. = 1", "expected a field,"),
        ("a = 1 AND b = 2", "found `AND`"),
        ("a == 1", "expected a field,"),
        ("a = 'x'", "put text in \"quotes\""),
    ] {
        let refusal = refusal(text);
        assert!(refusal.contains(expected), "{text}: {refusal}");
    }
}

#[test]
fn nesting_is_bounded_whatever_the_length() {
    const MILLION: usize = 1_000_000;
    for bomb in [
        "(".repeat(MILLION),
        "not ".repeat(MILLION),
        "not (".repeat(MILLION),
        format!("{}a = 1{}", "(".repeat(MILLION), ")".repeat(MILLION)),
        format!("a = 1 or {}", "b = 1 and (".repeat(100_000)),
    ] {
        assert!(refusal(&bomb).contains("nested deeper than 64 levels"));
    }
    assert!(Condition::parse(&format!("{}a = 1{}", "(".repeat(64), ")".repeat(64))).is_ok());
    assert!(Condition::parse(&format!("{}a = 1", "not ".repeat(64))).is_ok());
    assert!(Condition::parse(&format!("{}a = 1", "not ".repeat(65))).is_err());
}

#[test]
fn long_is_not_deep() {
    let wide = vec!["a = 1"; 20_000].join(" or ");
    let condition = Condition::parse(&wide).unwrap();
    assert_eq!(canonical(condition.as_str()), condition.as_str());
    let many = vec!["1"; 20_000].join(", ");
    assert!(Condition::parse(&format!("a in ({many})")).is_ok());
}

#[test]
fn an_expression_that_a_program_nested_too_deep_is_refused() {
    let mut deep = Expression::Constant(true);
    for _ in 0..10_000 {
        deep = Expression::Not(Box::new(deep));
    }
    assert!(Condition::of(&deep).unwrap_err().to_string().contains("nested deeper than 64"));
}

#[test]
fn an_expression_without_text_form_is_refused() {
    let list = || Operand::Literal(Value::List(vec!["x".to_owned()]));
    for expression in [
        Expression::And(Vec::new()),
        Expression::Or(Vec::new()),
        Expression::In(0, Operand::Owner, Vec::new()),
        Expression::Compare(0, Operand::Owner, Comparison::Equal, list()),
    ] {
        assert!(Condition::of(&expression).is_err(), "{expression}");
    }
}

#[test]
fn no_name_can_smuggle_in_a_condition() {
    let smuggler = "a` = 1 or true or `b";
    for operand in [Operand::Field(smuggler.into()), Operand::User(smuggler.to_owned())] {
        let condition = Condition::of(&Expression::IsNull(0, operand.clone())).unwrap();
        let Expression::IsNull(_, read) = condition.expression() else { panic!("{condition}") };
        assert_eq!(*read, operand);
    }
}

fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,6}",
        any::<String>().prop_map(|name| name.chars().take(8).collect()),
        Just("and".to_owned()),
        Just("区域.名称".to_owned()),
        Just("a`b\\".to_owned()),
    ]
}

fn any_literal() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|units| Value::Number(Number(units))),
        any::<String>().prop_map(Value::Text),
    ]
}

fn any_operand() -> impl Strategy<Value = Operand> {
    prop_oneof![
        any_name().prop_map(|name| Operand::Field(name.into())),
        Just(Operand::Owner),
        any_name().prop_map(Operand::User),
        any_literal().prop_map(Operand::Literal),
        (-i64::MAX..=i64::MAX).prop_map(Operand::Today),
        (-i64::MAX..=i64::MAX).prop_map(Operand::Now),
    ]
}

fn any_comparison() -> impl Strategy<Value = Comparison> {
    prop::sample::select(vec![
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
        Comparison::Contains,
        Comparison::StartsWith,
    ])
}

fn any_expression() -> impl Strategy<Value = Expression> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Expression::Constant),
        (any_operand(), any_comparison(), any_operand())
            .prop_map(|(left, comparison, right)| Expression::Compare(0, left, comparison, right)),
        (any_operand(), prop::collection::vec(any_literal(), 1..4))
            .prop_map(|(operand, values)| Expression::In(0, operand, values)),
        any_operand().prop_map(|operand| Expression::IsNull(0, operand)),
        any_operand().prop_map(|operand| Expression::IsNotNull(0, operand)),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expression::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expression::Or),
            inner.prop_map(|part| Expression::Not(Box::new(part))),
        ]
    })
}

/// The expression with every place set to 0, after checking that the place is that of the operand.
fn without_places(expression: &Expression, text: &str) -> Expression {
    let all = |parts: &[Expression]| parts.iter().map(|part| without_places(part, text)).collect();
    let at_place = |at: usize, operand: &Operand| {
        let rest = text.get(at..).unwrap();
        assert!(rest.starts_with(&operand.to_string()), "{text} at {at}");
        operand.clone()
    };
    match expression {
        Expression::Constant(value) => Expression::Constant(*value),
        Expression::And(parts) => Expression::And(all(parts)),
        Expression::Or(parts) => Expression::Or(all(parts)),
        Expression::Not(part) => Expression::Not(Box::new(without_places(part, text))),
        Expression::Compare(at, left, comparison, right) => {
            Expression::Compare(0, at_place(*at, left), *comparison, right.clone())
        }
        Expression::In(at, operand, values) => {
            Expression::In(0, at_place(*at, operand), values.clone())
        }
        Expression::IsNull(at, operand) => Expression::IsNull(0, at_place(*at, operand)),
        Expression::IsNotNull(at, operand) => Expression::IsNotNull(0, at_place(*at, operand)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_expression_returns_from_its_text(expression in any_expression()) {
        let condition = Condition::of(&expression).unwrap();
        prop_assert_eq!(without_places(condition.expression(), condition.as_str()), expression);
        prop_assert_eq!(&canonical(condition.as_str()), condition.as_str());
        let json = serde_json::to_string(&condition).unwrap();
        prop_assert_eq!(serde_json::from_str::<Condition>(&json).unwrap(), condition);
    }

    #[test]
    fn any_text_is_parsed_or_refused_without_panic(text in any::<String>()) {
        drop(Condition::parse(&text));
    }

    #[test]
    fn any_words_are_parsed_or_refused_and_what_parses_is_idempotent(
        words in prop::collection::vec(prop::sample::select(vec![
            "a", "`b c`", "and", "or", "not", "in", "is", "null", "true", "(", ")", ",", "=", "<=",
            "contains", "\"x\"", "1", "-", "+", "today", "now", "()", "3d", "$user.", "$record.owner",
        ]), 0..16),
    ) {
        if let Ok(condition) = Condition::parse(&words.join(" ")) {
            prop_assert_eq!(&canonical(condition.as_str()), condition.as_str());
        }
    }
}
