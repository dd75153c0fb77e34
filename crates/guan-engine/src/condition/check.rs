//! Type checks of conditions: one that does not fit its object is refused, never ignored.

use super::{Comparison, Condition, Expression, Operand, characters_before, eval};
use crate::model::{FieldType, Object, Value};

/// A condition that does not fit its object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("condition `{text}`, at character {at}: {what}")]
pub struct ConditionProblem {
    text: String,
    /// How many characters of the canonical text come before it.
    pub at: usize,
    what: String,
}

impl Condition {
    /// Checks that every field exists in `object` and that every comparison fits the types.
    /// Attributes of the subject have no declared type; they are compared as what they hold.
    ///
    /// # Errors
    ///
    /// The first place that does not fit, and why.
    pub fn check(&self, object: &Object) -> Result<(), ConditionProblem> {
        check(&self.expression, object).map_err(|(at, what)| ConditionProblem {
            text: self.text.clone(),
            at: characters_before(&self.text, at),
            what,
        })
    }
}

type Misfit = (usize, String);

fn check(expression: &Expression, object: &Object) -> Result<(), Misfit> {
    match expression {
        Expression::Constant(_) => Ok(()),
        Expression::And(parts) | Expression::Or(parts) => {
            parts.iter().try_for_each(|part| check(part, object))
        }
        Expression::Not(part) => check(part, object),
        Expression::IsNull(at, operand) | Expression::IsNotNull(at, operand) => {
            type_of(operand, object).map(|_| ()).map_err(|what| (*at, what))
        }
        Expression::In(at, operand, values) => {
            let left = type_of(operand, object).map_err(|what| (*at, what))?;
            values.iter().try_for_each(|value| {
                fits(left, Comparison::Equal, &Operand::Literal(value.clone()), None)
                    .map_err(|what| (*at, what))
            })
        }
        Expression::Compare(at, left, comparison, right) => {
            let misfit = |what| (*at, what);
            let left_type = type_of(left, object).map_err(misfit)?;
            let right_type = type_of(right, object).map_err(misfit)?;
            if let (Operand::Literal(left), Operand::Literal(right)) = (left, right)
                && std::mem::discriminant(left) != std::mem::discriminant(right)
            {
                return Err(misfit(format!("`{left}` and `{right}` are of different types")));
            }
            if left_type.is_none() && right_type.is_some() {
                return fits(right_type, *comparison, left, left_type).map_err(misfit);
            }
            fits(left_type, *comparison, right, right_type).map_err(misfit)
        }
    }
}

/// The type of an operand; `None` where it is only known when it is evaluated.
fn type_of(operand: &Operand, object: &Object) -> Result<Option<FieldType>, String> {
    match operand {
        Operand::Field(field) => match object.fields.get(field) {
            Some(field) => Ok(Some(field.field_type)),
            None => Err(format!("the object has no field `{field}`")),
        },
        Operand::Owner => Ok(Some(FieldType::MultiChoice)),
        Operand::Today(_) => Ok(Some(FieldType::Date)),
        Operand::Now(_) => Ok(Some(FieldType::DateTime)),
        Operand::User(_) | Operand::Literal(_) => Ok(None),
    }
}

fn fits(
    left: Option<FieldType>,
    comparison: Comparison,
    right: &Operand,
    right_type: Option<FieldType>,
) -> Result<(), String> {
    let Some(left) = left else { return Ok(()) };
    let textual = is_textual(left);
    match comparison {
        Comparison::Contains if !textual && left != FieldType::MultiChoice => {
            return Err("`contains` needs a text or a list on its left".to_owned());
        }
        Comparison::StartsWith if !textual => {
            return Err("`starts_with` needs a text on its left".to_owned());
        }
        Comparison::Less
        | Comparison::LessOrEqual
        | Comparison::Greater
        | Comparison::GreaterOrEqual
            if matches!(left, FieldType::MultiChoice | FieldType::Boolean) =>
        {
            return Err(format!("`{comparison}` needs values that have an order"));
        }
        Comparison::Equal
        | Comparison::NotEqual
        | Comparison::Less
        | Comparison::LessOrEqual
        | Comparison::Greater
        | Comparison::GreaterOrEqual
        | Comparison::Contains
        | Comparison::StartsWith => {}
    }
    if let Some(right) = right_type {
        let same = left == right
            || (is_textual(left) && (is_textual(right) || right == FieldType::MultiChoice))
            || (left == FieldType::MultiChoice && is_textual(right))
            || (left == FieldType::DateTime && right == FieldType::Date);
        return if same {
            Ok(())
        } else {
            Err(format!("{} cannot be compared with {}", left.description(), right.description()))
        };
    }
    let Operand::Literal(value) = right else { return Ok(()) };
    let good = match (left, value) {
        (FieldType::Boolean, Value::Bool(_))
        | (FieldType::Number, Value::Number(_))
        | (FieldType::MultiChoice, Value::Text(_) | Value::List(_)) => true,
        (FieldType::Date, Value::Text(text)) => eval::day(text).is_some(),
        (FieldType::DateTime, Value::Text(text)) => eval::instant(text).is_some(),
        (left, Value::Text(_) | Value::Number(_)) => is_textual(left),
        (_, Value::Bool(_) | Value::List(_)) => false,
    };
    if good { Ok(()) } else { Err(format!("`{value}` is not {}", left.description())) }
}

const fn is_textual(field_type: FieldType) -> bool {
    matches!(field_type, FieldType::Text | FieldType::Choice | FieldType::Reference)
}

impl FieldType {
    /// What a value of the type is, with an article, for messages.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::Date => "a day such as 2026-01-31",
            Self::DateTime => "an instant such as 2026-01-31T08:00:00Z",
            Self::Choice => "a choice",
            Self::MultiChoice => "a list of choices",
            Self::Reference => "an id",
        }
    }
}
