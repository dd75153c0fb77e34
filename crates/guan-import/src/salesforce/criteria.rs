//! Numbered criteria of sharing rules into one condition.
//!
//! The vendor knows two truth values: a blank field fails every criterion but "not equal" and its
//! kin. Each criterion is therefore written so that it is never unknown.

use super::draft::{Draft, Notes};
use super::layout::Part;
use crate::xml::Element;
use guan_engine::condition::{Comparison, Condition, Expression, Operand};
use guan_engine::model::{FieldId, FieldType, Number, ObjectId, Value};

/// Nesting of parentheses in a filter.
const DEPTH_MAX: usize = 50;

/// The condition of a rule.
///
/// # Errors
///
/// The reason why it cannot be expressed.
pub(super) fn condition(
    draft: &mut Draft<'_>,
    object: &ObjectId,
    rule: &Part,
    notes: &mut Notes,
) -> Result<Condition, String> {
    let mut criteria = Vec::new();
    for item in rule.element.all("criteriaItems") {
        criteria.push(criterion(draft, object, item, notes)?);
    }
    if criteria.is_empty() {
        return Err("the rule has no criteria".to_owned());
    }
    let order = rule.element.value("booleanFilter");
    let whole = if order.is_empty() {
        Expression::And(criteria)
    } else {
        assemble(filter(order, criteria.len())?, &criteria)
    };
    let condition = Condition::of(&simplify(whole)).map_err(|error| error.to_string())?;
    let known = draft.policy.objects.get(object).ok_or("the object is unknown")?;
    condition.check(known).map_err(|error| error.to_string())?;
    Ok(condition)
}

/// A filter such as `1 AND (2 OR NOT 3)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    Item(usize),
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
}

/// Parses the order of `items` numbered criteria.
pub(super) fn filter(text: &str, items: usize) -> Result<Filter, String> {
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut parser = FilterParser { tokens: &tokens, items };
    let parsed = parser.or(0)?;
    match parser.tokens.first() {
        None => Ok(parsed),
        Some(token) => Err(format!("`{token}` has no meaning in the filter `{text}`")),
    }
}

struct FilterParser<'t> {
    tokens: &'t [&'t str],
    items: usize,
}

impl FilterParser<'_> {
    fn takes(&mut self, word: &str) -> bool {
        match self.tokens.split_first() {
            Some((first, rest)) if first.eq_ignore_ascii_case(word) => {
                self.tokens = rest;
                true
            }
            _ => false,
        }
    }
    fn or(&mut self, depth: usize) -> Result<Filter, String> {
        let mut parts = vec![self.and(depth)?];
        while self.takes("OR") {
            parts.push(self.and(depth)?);
        }
        Ok(joined(parts, Filter::Or))
    }
    fn and(&mut self, depth: usize) -> Result<Filter, String> {
        let mut parts = vec![self.not(depth)?];
        while self.takes("AND") {
            parts.push(self.not(depth)?);
        }
        Ok(joined(parts, Filter::And))
    }
    fn not(&mut self, depth: usize) -> Result<Filter, String> {
        if depth > DEPTH_MAX {
            return Err(format!("the filter is nested deeper than {DEPTH_MAX} levels"));
        }
        if self.takes("NOT") {
            return Ok(Filter::Not(Box::new(self.not(depth + 1)?)));
        }
        if self.takes("(") {
            let inner = self.or(depth + 1)?;
            return if self.takes(")") {
                Ok(inner)
            } else {
                Err("the filter lacks a `)`".to_owned())
            };
        }
        let Some((token, rest)) = self.tokens.split_first() else {
            return Err("the filter ends too early".to_owned());
        };
        self.tokens = rest;
        match token.parse::<usize>() {
            Ok(number) if (1..=self.items).contains(&number) => Ok(Filter::Item(number)),
            _ => Err(format!("the filter names `{token}`, there are criteria 1 to {}", self.items)),
        }
    }
}

fn joined(mut parts: Vec<Filter>, join: fn(Vec<Filter>) -> Filter) -> Filter {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            parts.extend(last);
            join(parts)
        }
    }
}

/// The depth is bounded by the parser above.
fn assemble(filter: Filter, criteria: &[Expression]) -> Expression {
    match filter {
        Filter::Item(number) => number
            .checked_sub(1)
            .and_then(|at| criteria.get(at))
            .cloned()
            .unwrap_or(Expression::Constant(false)),
        Filter::Not(part) => Expression::Not(Box::new(assemble(*part, criteria))),
        Filter::And(parts) => {
            Expression::And(parts.into_iter().map(|part| assemble(part, criteria)).collect())
        }
        Filter::Or(parts) => {
            Expression::Or(parts.into_iter().map(|part| assemble(part, criteria)).collect())
        }
    }
}

/// Takes away joins of one part.
pub(super) fn simplify(expression: Expression) -> Expression {
    match expression {
        Expression::And(parts) => join(parts, Expression::And),
        Expression::Or(parts) => join(parts, Expression::Or),
        Expression::Not(part) => Expression::Not(Box::new(simplify(*part))),
        other => other,
    }
}

fn join(parts: Vec<Expression>, build: fn(Vec<Expression>) -> Expression) -> Expression {
    let mut parts: Vec<Expression> = parts.into_iter().map(simplify).collect();
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            parts.extend(last);
            build(parts)
        }
    }
}

fn criterion(
    draft: &mut Draft<'_>,
    object: &ObjectId,
    item: &Element,
    notes: &mut Notes,
) -> Result<Expression, String> {
    let (name, operation, text) =
        (item.value("field"), item.value("operation"), item.value("value"));
    if !item.value("valueField").is_empty() {
        return Err(format!("`{name}` is compared with another field"));
    }
    if name.is_empty() || name.contains('.') || name.contains('$') {
        return Err(format!("the field path `{name}` leads to another record"));
    }
    if name.eq_ignore_ascii_case("OwnerId") {
        return Err("a criterion on the owner has no counterpart here".to_owned());
    }
    let values = values(text);
    let field = draft.field(object, name);
    if let Some(better) = guess(operation, &values) {
        draft.refine_type(object, &field, better);
    }
    let field_type = draft.field_type(object, &field);
    if name == "RecordTypeId" {
        notes.add("record types are compared as the rows write them, by name or id");
    } else if field_type == FieldType::Text && !values.is_empty() && !is_ordered(operation) {
        notes.add("text is compared with upper and lower case apart");
    }
    compare(&field, field_type, operation, &values)
}

fn is_ordered(operation: &str) -> bool {
    matches!(operation, "lessThan" | "greaterThan" | "lessOrEqual" | "greaterOrEqual")
}

/// A better type than the assumed one, from the way a field is used.
fn guess(operation: &str, values: &[String]) -> Option<FieldType> {
    if matches!(operation, "includes" | "excludes") {
        return Some(FieldType::MultiChoice);
    }
    let all = |test: fn(&String) -> bool| !values.is_empty() && values.iter().all(test);
    if all(|value| matches!(value.to_lowercase().as_str(), "true" | "false")) {
        return Some(FieldType::Boolean);
    }
    if is_ordered(operation) && all(|value| value.parse::<Number>().is_ok()) {
        return Some(FieldType::Number);
    }
    None
}

/// One criterion as an expression that is never unknown.
fn compare(
    field: &FieldId,
    field_type: FieldType,
    operation: &str,
    values: &[String],
) -> Result<Expression, String> {
    let operand = || Operand::Field(field.clone());
    let is_null = || Expression::IsNull(0, operand());
    let is_not_null = || Expression::IsNotNull(0, operand());
    let (comparison, negated) = match operation {
        "equals" => (Comparison::Equal, false),
        "notEqual" => (Comparison::Equal, true),
        "lessThan" => (Comparison::Less, false),
        "lessOrEqual" => (Comparison::LessOrEqual, false),
        "greaterThan" => (Comparison::Greater, false),
        "greaterOrEqual" => (Comparison::GreaterOrEqual, false),
        "contains" | "includes" => (Comparison::Contains, false),
        "notContain" | "excludes" => (Comparison::Contains, true),
        "startsWith" => (Comparison::StartsWith, false),
        other => return Err(format!("the operation `{other}` has no counterpart")),
    };
    if values.is_empty() {
        return match (comparison, negated) {
            (Comparison::Equal, false) => Ok(is_null()),
            (Comparison::Equal, true) => Ok(is_not_null()),
            _ => Err(format!("`{operation}` with no value has no counterpart")),
        };
    }
    let mut any = Vec::new();
    for text in values {
        let value = typed(text, field_type)
            .ok_or_else(|| format!("`{text}` is no value of the field `{field}`"))?;
        let unset = value == Value::Bool(false);
        let right = Operand::Literal(value);
        let one = Expression::Compare(0, operand(), comparison, right);
        // A box that was never ticked is not ticked.
        any.push(if unset { Expression::Or(vec![is_null(), one]) } else { one });
    }
    let any = Expression::Or(any);
    if field_type == FieldType::Boolean {
        return Ok(if negated { not_or_null(any, is_null()) } else { any });
    }
    Ok(if negated {
        not_or_null(any, is_null())
    } else {
        Expression::And(vec![is_not_null(), any])
    })
}

fn not_or_null(expression: Expression, is_null: Expression) -> Expression {
    Expression::Or(vec![is_null, Expression::Not(Box::new(simplify(expression)))])
}

/// The values of one criterion: separated by commas, in quotes where they hold one.
fn values(text: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut value = String::new();
    let mut quoted = false;
    for character in text.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => values.push(std::mem::take(&mut value)),
            _ => value.push(character),
        }
    }
    values.push(value);
    values.into_iter().map(|value| value.trim().to_owned()).filter(|v| !v.is_empty()).collect()
}

/// A literal of the field's type.
pub(super) fn typed(text: &str, field_type: FieldType) -> Option<Value> {
    Some(match field_type {
        FieldType::Number => Value::Number(text.parse().ok()?),
        FieldType::Boolean => Value::Bool(match text.to_lowercase().as_str() {
            "true" | "1" => true,
            "false" | "0" => false,
            _ => return None,
        }),
        FieldType::Date => Value::Text(super::records::day(text)?),
        FieldType::DateTime => Value::Text(super::records::moment(text)?.to_string()),
        FieldType::Reference => Value::Text(super::directory::long_id(text)),
        FieldType::Text | FieldType::Choice | FieldType::MultiChoice => {
            Value::Text(text.to_owned())
        }
    })
}
