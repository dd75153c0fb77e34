//! Filters of lists: the engine's conditions with a JSON form, checked against the fields that the asker may filter by.

use std::collections::BTreeMap;
use std::str::FromStr;

use guan_engine::condition::{Comparison, Condition, Expression, Facts, Operand, Truth};
use guan_engine::model::{FieldId, LIMITS, Number, Object, RecordId, Value};
use serde_json::Value as Json;
use thiserror::Error;

/// Values that one `in` may name, so that a field which allows equality alone is not read out by lists.
pub(crate) const VALUES_MAX: usize = 200;
/// Characters of a filter in text.
const TEXT_MAX: usize = 8_192;

/// A filter: an expression of the engine's condition language over the fields of one object, `$record.owner` and `$user.id`.
///
/// In text it is written as a condition: `Stage in ("Won", "Lost") and Amount >= 1000`. In JSON the same is
/// `{"and": [{"field": "Stage", "op": "in", "value": ["Won", "Lost"]}, {"field": "Amount", "op": ">=", "value": 1000}]}`.
/// A value that is absent makes a comparison unknown, and what is unknown does not match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter(Condition);

/// Why a filter is refused. A field that may not be filtered by and one that does not exist are told alike.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("filter, at {place}: {what}")]
pub struct FilterFault {
    /// Where: a path into the JSON such as `/and/0/value`, or `character 12` of the text.
    pub place: String,
    /// What is wrong, and what would be right.
    pub what: String,
}

/// How a field may be used in a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Usable {
    /// In every way.
    Freely,
    /// Only as `=` or `in` with values.
    ForEquality,
}

impl Filter {
    /// Parses the text form.
    ///
    /// # Errors
    ///
    /// The character where it stops being a filter.
    pub fn parse(text: &str) -> Result<Self, FilterFault> {
        if text.chars().count() > TEXT_MAX {
            let what = format!("a filter has at most {TEXT_MAX} characters");
            return Err(FilterFault { place: format!("character {TEXT_MAX}"), what });
        }
        let condition = Condition::parse(text).map_err(|error| FilterFault {
            place: format!("character {}", error.at),
            what: error.to_string(),
        })?;
        Self::narrow(condition)
    }

    /// Reads the JSON form.
    ///
    /// # Errors
    ///
    /// The path of the part that is wrong.
    pub fn from_json(json: &Json) -> Result<Self, FilterFault> {
        let expression = expression(json, &mut String::new(), 0)?;
        let condition = Condition::of(&expression).map_err(|error| fault("", error.to_string()))?;
        Self::narrow(condition)
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The fields that it reads.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &FieldId> {
        self.0.fields().into_iter()
    }

    /// The record that a relation must lead to in every match, if the filter says so at its top.
    pub(crate) fn child_of(
        &self,
        is_relation: impl Fn(&FieldId) -> bool,
    ) -> Option<(FieldId, RecordId)> {
        let of = |part: &Expression| match part {
            Expression::Compare(
                _,
                Operand::Field(field),
                Comparison::Equal,
                Operand::Literal(Value::Text(id)),
            ) if is_relation(field) => Some((field.clone(), RecordId::from(id.as_str()))),
            Expression::Compare(..)
            | Expression::And(_)
            | Expression::Or(_)
            | Expression::Not(_)
            | Expression::Constant(_)
            | Expression::In(..)
            | Expression::IsNull(..)
            | Expression::IsNotNull(..) => None,
        };
        match self.0.expression() {
            Expression::And(parts) => parts.iter().find_map(of),
            whole => of(whole),
        }
    }

    /// Whether it asks for owners.
    pub(crate) fn reads_owners(&self) -> bool {
        let mut found = false;
        each_operand(self.0.expression(), &mut |operand| {
            found |= matches!(operand, Operand::Owner);
        });
        found
    }

    /// Only what a list can be filtered by: nothing of the subject but the id.
    fn narrow(condition: Condition) -> Result<Self, FilterFault> {
        let mut wrong = None;
        each_operand(condition.expression(), &mut |operand| {
            if let Operand::User(attribute) = operand
                && attribute != "id"
            {
                wrong.get_or_insert_with(|| attribute.clone());
            }
        });
        if let Some(attribute) = wrong {
            let what = format!("`$user.{attribute}` is not for filters; only `$user.id` is");
            return Err(fault("", what));
        }
        let mut too_many = false;
        each_leaf(condition.expression(), &mut |leaf| {
            too_many |= matches!(leaf, Expression::In(_, _, values) if values.len() > VALUES_MAX);
        });
        if too_many {
            return Err(fault("", format!("`in` takes at most {VALUES_MAX} values")));
        }
        Ok(Self(condition))
    }

    /// Checks types and use: `seen` is the object with the fields alone that may be filtered by.
    pub(crate) fn check(
        &self,
        seen: &Object,
        uses: &BTreeMap<FieldId, Usable>,
    ) -> Result<(), FilterFault> {
        self.0.check(seen).map_err(|problem| FilterFault {
            place: format!("character {}", problem.at),
            what: problem.to_string(),
        })?;
        let mut wrong = None;
        each_leaf(self.0.expression(), &mut |leaf| {
            let narrow = |operand: &Operand| match operand {
                Operand::Field(field) if uses.get(field) == Some(&Usable::ForEquality) => {
                    Some(field.clone())
                }
                _ => None,
            };
            let misused = match leaf {
                Expression::In(..)
                | Expression::Constant(_)
                | Expression::And(_)
                | Expression::Or(_)
                | Expression::Not(_)
                | Expression::Compare(_, _, Comparison::Equal, Operand::Literal(_)) => None,
                Expression::Compare(_, left, _, right) => narrow(left).or_else(|| narrow(right)),
                Expression::IsNull(_, operand) | Expression::IsNotNull(_, operand) => {
                    narrow(operand)
                }
            };
            if let Some(field) = misused {
                wrong.get_or_insert(field);
            }
        });
        wrong.map_or(Ok(()), |field| {
            let what = format!(
                "`{field}` is not shown clear on every record: it is compared by `=` or `in` with whole values only"
            );
            Err(fault("", what))
        })
    }

    /// Whether a record matches; what is unknown does not.
    pub(crate) fn matches(&self, facts: &impl Facts) -> bool {
        self.0.evaluate(facts) == Truth::True
    }
}

impl FromStr for Filter {
    type Err = FilterFault;
    fn from_str(text: &str) -> Result<Self, FilterFault> {
        Self::parse(text)
    }
}

fn fault(place: &str, what: impl Into<String>) -> FilterFault {
    let place = if place.is_empty() { "the whole" } else { place };
    FilterFault { place: place.to_owned(), what: what.into() }
}

fn each_leaf<'e>(expression: &'e Expression, visit: &mut impl FnMut(&'e Expression)) {
    let mut open = vec![expression];
    while let Some(next) = open.pop() {
        match next {
            Expression::And(parts) | Expression::Or(parts) => open.extend(parts),
            Expression::Not(part) => open.push(part),
            Expression::Constant(_)
            | Expression::Compare(..)
            | Expression::In(..)
            | Expression::IsNull(..)
            | Expression::IsNotNull(..) => visit(next),
        }
    }
}

fn each_operand<'e>(expression: &'e Expression, visit: &mut impl FnMut(&'e Operand)) {
    each_leaf(expression, &mut |leaf| match leaf {
        Expression::Compare(_, left, _, right) => {
            visit(left);
            visit(right);
        }
        Expression::In(_, operand, _)
        | Expression::IsNull(_, operand)
        | Expression::IsNotNull(_, operand) => visit(operand),
        Expression::Constant(_) | Expression::And(_) | Expression::Or(_) | Expression::Not(_) => {}
    });
}

/// Reads one object of the JSON form; `place` is where it stands.
fn expression(json: &Json, place: &mut String, depth: usize) -> Result<Expression, FilterFault> {
    if depth > LIMITS.depth_max {
        return Err(fault(place, format!("nested deeper than {} levels", LIMITS.depth_max)));
    }
    let Json::Object(members) = json else {
        return Err(fault(place, "expected an object with `and`, `or`, `not` or `field`"));
    };
    if members.contains_key("field") {
        return leaf(members, place);
    }
    let mut entries = members.iter();
    let (Some((word, inner)), None) = (entries.next(), entries.next()) else {
        return Err(fault(
            place,
            "expected exactly one of `and`, `or`, `not`, or `field` with `op`",
        ));
    };
    match (word.as_str(), inner) {
        ("and" | "or", Json::Array(parts)) => {
            let parts = parts
                .iter()
                .enumerate()
                .map(|(at, part)| {
                    within(place, &format!("{word}/{at}"), |place| {
                        expression(part, place, depth + 1)
                    })
                })
                .collect::<Result<Vec<_>, _>>()?;
            Ok(match (word.as_str(), parts.is_empty()) {
                ("and", true) => Expression::Constant(true),
                ("and", false) => Expression::And(parts),
                (_, true) => Expression::Constant(false),
                (_, false) => Expression::Or(parts),
            })
        }
        ("not", part) => {
            let part = within(place, "not", |place| expression(part, place, depth + 1))?;
            Ok(Expression::Not(Box::new(part)))
        }
        ("and" | "or", _) => Err(fault(place, format!("`{word}` takes a list"))),
        (other, _) => {
            Err(fault(place, format!("`{other}` is not known; use `and`, `or`, `not` or `field`")))
        }
    }
}

fn within<T>(
    place: &mut String,
    step: &str,
    read: impl FnOnce(&mut String) -> Result<T, FilterFault>,
) -> Result<T, FilterFault> {
    let length = place.len();
    place.push('/');
    place.push_str(step);
    let result = read(place);
    place.truncate(length);
    result
}

fn leaf(
    members: &serde_json::Map<String, Json>,
    place: &mut String,
) -> Result<Expression, FilterFault> {
    if let Some(other) =
        members.keys().find(|key| !["field", "op", "value"].contains(&key.as_str()))
    {
        return Err(fault(
            place,
            format!("`{other}` is not known; a comparison has `field`, `op` and `value`"),
        ));
    }
    let field = match members.get("field") {
        Some(Json::String(name)) if name == "$record.owner" => Operand::Owner,
        Some(Json::String(name)) if !name.is_empty() => Operand::Field(name.as_str().into()),
        _ => {
            return within(place, "field", |place| Err(fault(place, "expected the id of a field")));
        }
    };
    let op = match members.get("op") {
        Some(Json::String(op)) => op.as_str(),
        _ => {
            return within(place, "op", |place| {
                Err(fault(
                    place,
                    "expected one of =, !=, <, <=, >, >=, contains, starts_with, in, is_null, is_not_null",
                ))
            });
        }
    };
    let value = members.get("value");
    let comparison = match op {
        "is_null" | "is_not_null" => {
            if value.is_some() {
                return within(place, "value", |place| {
                    Err(fault(place, format!("`{op}` takes no value")))
                });
            }
            return Ok(if op == "is_null" {
                Expression::IsNull(0, field)
            } else {
                Expression::IsNotNull(0, field)
            });
        }
        "in" => {
            let Some(Json::Array(values)) = value else {
                return within(place, "value", |place| {
                    Err(fault(place, "`in` takes a list of values"))
                });
            };
            if values.is_empty() {
                return Ok(Expression::Constant(false));
            }
            let values = values
                .iter()
                .enumerate()
                .map(|(at, value)| {
                    within(place, &format!("value/{at}"), |place| literal(value, place))
                })
                .collect::<Result<Vec<_>, _>>()?;
            return Ok(Expression::In(0, field, values));
        }
        "=" => Comparison::Equal,
        "!=" => Comparison::NotEqual,
        "<" => Comparison::Less,
        "<=" => Comparison::LessOrEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterOrEqual,
        "contains" => Comparison::Contains,
        "starts_with" => Comparison::StartsWith,
        other => {
            let what = format!(
                "`{other}` is not a comparison; use =, !=, <, <=, >, >=, contains, starts_with, in, is_null or is_not_null"
            );
            return within(place, "op", |place| Err(fault(place, what)));
        }
    };
    let right = within(place, "value", |place| match value {
        Some(Json::Object(relative)) => moment(relative, place),
        Some(value) => literal(value, place).map(Operand::Literal),
        None => Err(fault(place, "the value is missing")),
    })?;
    Ok(Expression::Compare(0, field, comparison, right))
}

fn literal(value: &Json, place: &str) -> Result<Value, FilterFault> {
    match value {
        Json::String(text) => Ok(Value::Text(text.clone())),
        Json::Bool(value) => Ok(Value::Bool(*value)),
        Json::Number(number) => number
            .to_string()
            .parse::<Number>()
            .map(Value::Number)
            .map_err(|error| fault(place, error.to_string())),
        Json::Null | Json::Array(_) | Json::Object(_) => {
            Err(fault(place, "expected a text, a number, true or false"))
        }
    }
}

/// `{"today": 30}`, `{"now": -3600000}` or `{"user": "id"}`.
fn moment(members: &serde_json::Map<String, Json>, place: &str) -> Result<Operand, FilterFault> {
    let mut entries = members.iter();
    let operand = match (entries.next(), entries.next()) {
        (Some((word, shift)), None) => match (word.as_str(), shift.as_i64(), shift.as_str()) {
            ("today", Some(days), _) => Some(Operand::Today(days)),
            ("now", Some(milliseconds), _) => Some(Operand::Now(milliseconds)),
            ("user", _, Some("id")) => Some(Operand::User("id".to_owned())),
            _ => None,
        },
        _ => None,
    };
    operand.ok_or_else(|| {
        fault(
            place,
            r#"expected a value, {"today": DAYS}, {"now": MILLISECONDS} or {"user": "id"}"#,
        )
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use guan_engine::model::{Field, FieldType, Object};
    use serde_json::json;

    use super::{Filter, Usable};

    fn object() -> Object {
        let mut object = Object::default();
        for (id, field_type) in
            [("Name", FieldType::Text), ("Amount", FieldType::Number), ("Closes", FieldType::Date)]
        {
            object.fields.insert(id.into(), Field { field_type, ..Field::default() });
        }
        object
    }

    #[test]
    fn json_and_text_are_one_filter() {
        let json = json!({"and": [
            {"field": "Name", "op": "starts_with", "value": "A"},
            {"or": [{"field": "Amount", "op": ">=", "value": 10.5}, {"field": "Amount", "op": "is_null"}]},
            {"not": {"field": "Closes", "op": "<", "value": {"today": -30}}},
            {"field": "$record.owner", "op": "=", "value": {"user": "id"}},
        ]});
        let filter = Filter::from_json(&json).unwrap();
        let text = r#"(Name starts_with "A" and (Amount >= 10.5 or Amount is null) and not Closes < today() - 30d and $record.owner = $user.id)"#;
        assert_eq!(filter.as_str(), text);
        assert_eq!(Filter::parse(text).unwrap(), filter);
        filter.check(&object(), &BTreeMap::new()).unwrap();
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        for (json, words) in [
            (json!([]), "filter, at the whole: expected an object"),
            (
                json!({"and": [{"field": "A", "op": "~", "value": 1}]}),
                "filter, at /and/0/op: `~` is not a comparison",
            ),
            (
                json!({"not": {"field": "A", "op": "=", "value": [1]}}),
                "filter, at /not/value: expected a text",
            ),
            (
                json!({"field": "A", "op": "in", "value": ["x", null]}),
                "filter, at /value/1: expected a text",
            ),
            (
                json!({"field": "A", "op": "=", "value": 1, "sql": "x"}),
                "filter, at the whole: `sql` is not known",
            ),
            (json!({"xor": []}), "filter, at the whole: `xor` is not known"),
        ] {
            let error = Filter::from_json(&json).unwrap_err().to_string();
            assert!(error.starts_with(words), "{error}");
        }
        assert!(Filter::parse("$user.department = \"x\"").is_err());
        let mut deep = json!({"field": "A", "op": "is_null"});
        for _ in 0..80 {
            deep = json!({"not": deep});
        }
        assert!(Filter::from_json(&deep).unwrap_err().what.contains("deeper"));
        let unknown = Filter::parse("Secret = \"x\"").unwrap();
        let error = unknown.check(&object(), &BTreeMap::new()).unwrap_err();
        assert!(error.what.contains("the object has no field `Secret`"), "{error}");
        let error = Filter::parse("Amount = \"x\"").unwrap().check(&object(), &BTreeMap::new());
        assert!(error.unwrap_err().what.contains("`x` is not a number"));
    }

    #[test]
    fn a_masked_field_is_compared_for_equality_alone() {
        let uses: BTreeMap<_, _> = [("Name".into(), Usable::ForEquality)].into();
        let check = |text: &str| Filter::parse(text).unwrap().check(&object(), &uses);
        check("Name = \"x\"").unwrap();
        check("not Name in (\"x\", \"y\")").unwrap();
        for text in [
            "Name > \"x\"",
            "Name starts_with \"x\"",
            "Name contains \"x\"",
            "Name is null",
            "Name != \"x\"",
            "Name = Name",
        ] {
            check(text).unwrap_err();
        }
    }
}
