//! What a condition says about one record and one subject.

use super::{Comparison, Condition, Expression, Operand};
use crate::model::{FieldId, FieldType, Moment, Number, Value};
use std::cmp::Ordering;

/// A truth value with a third state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It does not hold.
    False,
    /// A value is absent.
    Unknown,
    /// It holds.
    True,
}

/// Where a condition finds its values.
pub trait Facts {
    /// The value of a field of the record.
    fn field(&self, field: &FieldId) -> Option<&Value>;
    /// The declared type of a field.
    fn field_type(&self, field: &FieldId) -> Option<FieldType>;
    /// The ids of the record's owners.
    fn owners(&self) -> Vec<String>;
    /// An attribute of the subject; `id` is the user's id.
    fn attribute(&self, name: &str) -> Option<Value>;
    /// The instant.
    fn now(&self) -> Moment;
    /// Minutes east of UTC of the organization.
    fn utc_offset_minutes(&self) -> i32;
}

impl Condition {
    /// Evaluates the condition. Only [`Truth::True`] is a match.
    pub fn evaluate(&self, facts: &impl Facts) -> Truth {
        evaluate(&self.expression, facts)
    }
}

impl Truth {
    pub(super) const fn of(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
    pub(super) const fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

/// A value with its type made plain.
#[derive(Clone, Debug)]
pub(super) enum Plain<'v> {
    Absent,
    Bool(bool),
    Number(Number),
    Text(&'v str),
    Owned(String),
    Day(i64),
    Instant(i64),
    List(Vec<&'v str>),
    Owners(Vec<String>),
}

impl Plain<'_> {
    const fn is_list(&self) -> bool {
        matches!(self, Self::List(_) | Self::Owners(_))
    }
    /// The same value on its own.
    pub(super) fn kept(self) -> Plain<'static> {
        match self {
            Self::Text(text) => Plain::Owned(text.to_owned()),
            Self::List(values) => Plain::Owners(values.into_iter().map(str::to_owned).collect()),
            Self::Absent => Plain::Absent,
            Self::Bool(value) => Plain::Bool(value),
            Self::Number(value) => Plain::Number(value),
            Self::Day(value) => Plain::Day(value),
            Self::Instant(value) => Plain::Instant(value),
            Self::Owned(text) => Plain::Owned(text),
            Self::Owners(values) => Plain::Owners(values),
        }
    }
}

fn evaluate(expression: &Expression, facts: &impl Facts) -> Truth {
    match expression {
        Expression::Constant(value) => Truth::of(*value),
        Expression::And(parts) => {
            parts.iter().map(|part| evaluate(part, facts)).min().unwrap_or(Truth::True)
        }
        Expression::Or(parts) => {
            parts.iter().map(|part| evaluate(part, facts)).max().unwrap_or(Truth::False)
        }
        Expression::Not(part) => evaluate(part, facts).not(),
        Expression::Compare(_, left, comparison, right) => {
            let hint = type_of(left, facts).or_else(|| type_of(right, facts));
            compare(&plain(left, hint, facts), *comparison, &plain(right, hint, facts))
        }
        Expression::In(_, operand, values) => {
            let hint = type_of(operand, facts);
            let left = plain(operand, hint, facts);
            values
                .iter()
                .map(|value| compare(&left, Comparison::Equal, &typed(value, hint)))
                .max()
                .unwrap_or(Truth::False)
        }
        Expression::IsNull(_, operand) => Truth::of(is_absent(operand, facts)),
        Expression::IsNotNull(_, operand) => Truth::of(!is_absent(operand, facts)),
    }
}

fn is_absent(operand: &Operand, facts: &impl Facts) -> bool {
    match operand {
        Operand::Field(field) => facts.field(field).is_none(),
        Operand::Owner => facts.owners().is_empty(),
        Operand::User(name) => facts.attribute(name).is_none(),
        Operand::Literal(_) | Operand::Today(_) | Operand::Now(_) => false,
    }
}

fn type_of(operand: &Operand, facts: &impl Facts) -> Option<FieldType> {
    match operand {
        Operand::Field(field) => facts.field_type(field),
        Operand::Today(_) => Some(FieldType::Date),
        Operand::Now(_) => Some(FieldType::DateTime),
        Operand::Owner | Operand::User(_) | Operand::Literal(_) => None,
    }
}

fn plain<'v>(operand: &'v Operand, hint: Option<FieldType>, facts: &'v impl Facts) -> Plain<'v> {
    match operand {
        Operand::Field(field) => match facts.field(field) {
            None => Plain::Absent,
            // A single choice of several: one member, not a text to search in.
            Some(Value::Text(text)) if facts.field_type(field) == Some(FieldType::MultiChoice) => {
                Plain::List(vec![text])
            }
            Some(value) => typed(value, hint),
        },
        Operand::Owner => match facts.owners() {
            owners if owners.is_empty() => Plain::Absent,
            owners => Plain::Owners(owners),
        },
        Operand::User(name) => {
            facts.attribute(name).map_or(Plain::Absent, |value| typed(&value, hint).kept())
        }
        Operand::Literal(value) => typed(value, hint),
        Operand::Today(days) => {
            let day = facts.now().day(facts.utc_offset_minutes()).saturating_add(*days);
            if hint == Some(FieldType::DateTime) {
                let offset = i64::from(facts.utc_offset_minutes()) * 60_000;
                return Plain::Instant(day.saturating_mul(86_400_000).saturating_sub(offset));
            }
            Plain::Day(day)
        }
        Operand::Now(shift) => Plain::Instant(facts.now().0.saturating_add(*shift)),
    }
}

/// Reads a value as the type says; text that is not of the type is absent.
pub(super) fn typed(value: &Value, hint: Option<FieldType>) -> Plain<'_> {
    match (value, hint) {
        (Value::Text(text), Some(FieldType::Date)) => day(text).map_or(Plain::Absent, Plain::Day),
        (Value::Text(text), Some(FieldType::DateTime)) => {
            instant(text).map_or(Plain::Absent, Plain::Instant)
        }
        (Value::Text(text), Some(FieldType::Number)) => {
            text.parse().map_or(Plain::Absent, Plain::Number)
        }
        (Value::Text(text), Some(FieldType::Boolean)) => {
            text.parse().map_or(Plain::Absent, Plain::Bool)
        }
        (Value::Text(text), _) => Plain::Text(text),
        (Value::Bool(value), _) => Plain::Bool(*value),
        (
            Value::Number(number),
            Some(FieldType::Text | FieldType::Choice | FieldType::Reference),
        ) => Plain::Owned(number.to_string()),
        (Value::Number(number), _) => Plain::Number(*number),
        (Value::List(values), _) => Plain::List(values.iter().map(String::as_str).collect()),
    }
}

/// Days since the epoch of an ISO day. Nothing may follow the day: a time without zone names no
/// instant, and cutting it off would move the bound of a comparison silently.
pub(crate) fn day(text: &str) -> Option<i64> {
    let [_, _, _, _, b'-', _, _, b'-', _, _] = text.as_bytes() else { return None };
    let date = text.parse::<jiff::civil::Date>().ok()?;
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.until(date).ok().map(|span| i64::from(span.get_days()))
}

/// Milliseconds since the epoch of an ISO instant; a bare day is its first instant in UTC.
pub(crate) fn instant(text: &str) -> Option<i64> {
    match text.parse::<Moment>() {
        Ok(moment) => Some(moment.0),
        Err(_) => day(text).map(|day| day * 86_400_000),
    }
}

pub(super) fn compare(left: &Plain<'_>, comparison: Comparison, right: &Plain<'_>) -> Truth {
    use Comparison as C;
    if matches!(left, Plain::Absent) || matches!(right, Plain::Absent) {
        return Truth::Unknown;
    }
    if !left.is_list() && !right.is_list() {
        return compare_single(left, comparison, right);
    }
    if let (Some(list), Some(one)) = (members(left), text(right)) {
        let held = list.contains(&one);
        return match comparison {
            C::Equal | C::Contains => Truth::of(held),
            C::NotEqual => Truth::of(!held),
            C::Less | C::LessOrEqual | C::Greater | C::GreaterOrEqual | C::StartsWith => {
                Truth::Unknown
            }
        };
    }
    if let (Some(one), Some(list)) = (text(left), members(right)) {
        let held = list.contains(&one);
        return match comparison {
            C::Equal => Truth::of(held),
            C::NotEqual => Truth::of(!held),
            C::Less
            | C::LessOrEqual
            | C::Greater
            | C::GreaterOrEqual
            | C::Contains
            | C::StartsWith => Truth::Unknown,
        };
    }
    if let (Some(left), Some(right)) = (members(left), members(right)) {
        let same = left.iter().all(|one| right.contains(one))
            && right.iter().all(|one| left.contains(one));
        return match comparison {
            C::Equal => Truth::of(same),
            C::NotEqual => Truth::of(!same),
            C::Contains => Truth::of(right.iter().all(|one| left.contains(one))),
            C::Less | C::LessOrEqual | C::Greater | C::GreaterOrEqual | C::StartsWith => {
                Truth::Unknown
            }
        };
    }
    compare_single(left, comparison, right)
}

/// Two values of which neither is absent or a list.
fn compare_single(left: &Plain<'_>, comparison: Comparison, right: &Plain<'_>) -> Truth {
    use Comparison as C;
    if let (Some(left), Some(right)) = (text(left), text(right)) {
        match comparison {
            // Texts of different lengths are not looked into.
            C::Equal => return Truth::of(left == right),
            C::NotEqual => return Truth::of(left != right),
            C::Contains => return Truth::of(left.contains(right)),
            C::StartsWith => return Truth::of(left.starts_with(right)),
            C::Less | C::LessOrEqual | C::Greater | C::GreaterOrEqual => {}
        }
    }
    match order(left, right) {
        None => Truth::Unknown,
        Some(order) => match comparison {
            C::Equal => Truth::of(order.is_eq()),
            C::NotEqual => Truth::of(order.is_ne()),
            C::Less => Truth::of(order.is_lt()),
            C::LessOrEqual => Truth::of(order.is_le()),
            C::Greater => Truth::of(order.is_gt()),
            C::GreaterOrEqual => Truth::of(order.is_ge()),
            C::Contains | C::StartsWith => Truth::Unknown,
        },
    }
}

/// The text of a value that is one.
pub(super) fn text<'p>(plain: &'p Plain<'_>) -> Option<&'p str> {
    match plain {
        Plain::Text(text) => Some(text),
        Plain::Owned(text) => Some(text),
        Plain::Absent
        | Plain::Bool(_)
        | Plain::Number(_)
        | Plain::Day(_)
        | Plain::Instant(_)
        | Plain::List(_)
        | Plain::Owners(_) => None,
    }
}

fn members<'p>(plain: &'p Plain<'_>) -> Option<Vec<&'p str>> {
    match plain {
        Plain::List(values) => Some(values.clone()),
        Plain::Owners(values) => Some(values.iter().map(String::as_str).collect()),
        Plain::Absent
        | Plain::Bool(_)
        | Plain::Number(_)
        | Plain::Text(_)
        | Plain::Owned(_)
        | Plain::Day(_)
        | Plain::Instant(_) => None,
    }
}

fn order(left: &Plain<'_>, right: &Plain<'_>) -> Option<Ordering> {
    match (left, right) {
        (Plain::Bool(left), Plain::Bool(right)) => Some(left.cmp(right)),
        (Plain::Number(left), Plain::Number(right)) => Some(left.cmp(right)),
        (Plain::Day(left), Plain::Day(right)) | (Plain::Instant(left), Plain::Instant(right)) => {
            Some(left.cmp(right))
        }
        (left, right) => Some(text(left)?.cmp(text(right)?)),
    }
}
