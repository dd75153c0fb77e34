//! Conditions: typed expressions over the fields of a record and the attributes of a subject.
//!
//! ```text
//! Region = "North" and (Amount >= 1000 or not Stage in ("Won", "Lost"))
//! Closes < today() + 30d and Phone is not null and Tags contains "vip"
//! $record.owner = $user.id
//! ```
//!
//! Names of fields and attributes with unusual characters, or equal to a keyword, stand in back-ticks;
//! inside back-ticks and quotes a backslash takes the next character as it is.
//!
//! A comparison with an absent value is *unknown*; `and`, `or`, `not` carry unknown as SQL does, and
//! an unknown result does not match.

mod check;
mod eval;
mod likely;
mod parse;
mod settled;

pub use check::ConditionProblem;
pub use eval::{Facts, Truth};
pub(crate) use eval::{day, instant};
pub(crate) use likely::Likely;
pub use parse::ConditionSyntax;
pub(crate) use settled::{Settled, Sheet};

use crate::model::{FieldId, LIMITS, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// A parsed condition. Two are equal when their canonical texts are.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Condition {
    text: String,
    expression: Expression,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `contains`: part of a text, or member of a list.
    Contains,
    /// `starts_with`
    StartsWith,
}

/// What is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A field of the record.
    Field(FieldId),
    /// The ids of the record's owners, a list.
    Owner,
    /// An attribute of the subject; `id` is the user's id.
    User(String),
    /// A literal.
    Literal(Value),
    /// Today in the organization's zone, so many days later.
    Today(i64),
    /// Now, so many milliseconds later.
    Now(i64),
}

/// A tree of comparisons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// Always or never.
    Constant(bool),
    /// All of them.
    And(Vec<Self>),
    /// Any of them.
    Or(Vec<Self>),
    /// The opposite.
    Not(Box<Self>),
    /// Two operands, with the byte offset of the first in the canonical text.
    Compare(usize, Operand, Comparison, Operand),
    /// Equal to one of the literals.
    In(usize, Operand, Vec<Value>),
    /// Absent.
    IsNull(usize, Operand),
    /// Present.
    IsNotNull(usize, Operand),
}

impl Condition {
    /// Parses a condition.
    ///
    /// # Errors
    ///
    /// With the place and what was expected there, when the text is not a condition or is nested
    /// deeper than 64 levels.
    pub fn parse(text: &str) -> Result<Self, ConditionSyntax> {
        let expression = parse::expression(text)?;
        Self::of(&expression)
    }

    /// From an expression that a program built.
    ///
    /// # Errors
    ///
    /// When it is nested deeper than 64 levels, or holds what has no text form: an empty `And`, `Or`
    /// or list, or a list that is compared.
    pub fn of(expression: &Expression) -> Result<Self, ConditionSyntax> {
        if expression.is_too_deep() {
            return Err(ConditionSyntax::too_deep(0));
        }
        let text = expression.to_string();
        let expression = parse::expression(&text)?;
        Ok(Self { text, expression })
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The expression.
    pub const fn expression(&self) -> &Expression {
        &self.expression
    }

    /// The fields of the record that it reads.
    pub fn fields(&self) -> BTreeSet<&FieldId> {
        let mut fields = BTreeSet::new();
        self.expression.each_operand(&mut |operand| {
            if let Operand::Field(field) = operand {
                fields.insert(field);
            }
        });
        fields
    }

    /// Whether the answer depends on the subject.
    pub fn depends_on_subject(&self) -> bool {
        self.any_operand(|operand| matches!(operand, Operand::User(_)))
    }

    /// Whether the answer depends on the instant.
    pub fn depends_on_time(&self) -> bool {
        self.any_operand(|operand| matches!(operand, Operand::Today(_) | Operand::Now(_)))
    }

    /// Whether it reads the record at all.
    pub fn depends_on_record(&self) -> bool {
        self.any_operand(|operand| matches!(operand, Operand::Field(_) | Operand::Owner))
    }

    fn any_operand(&self, test: impl Fn(&Operand) -> bool) -> bool {
        let mut found = false;
        self.expression.each_operand(&mut |operand| found |= test(operand));
        found
    }
}

impl Expression {
    /// Whether it is nested so deep that it must not be walked by recursion.
    fn is_too_deep(&self) -> bool {
        let mut open = vec![(self, 0)];
        while let Some((expression, depth)) = open.pop() {
            if depth > LIMITS.depth_max {
                return true;
            }
            match expression {
                Self::And(parts) | Self::Or(parts) => {
                    open.extend(parts.iter().map(|part| (part, depth + 1)));
                }
                Self::Not(part) => open.push((part, depth + 1)),
                Self::Constant(_)
                | Self::Compare(..)
                | Self::In(..)
                | Self::IsNull(..)
                | Self::IsNotNull(..) => {}
            }
        }
        false
    }

    fn each_operand<'e>(&'e self, visit: &mut impl FnMut(&'e Operand)) {
        match self {
            Self::Constant(_) => {}
            Self::And(parts) | Self::Or(parts) => {
                for part in parts {
                    part.each_operand(visit);
                }
            }
            Self::Not(part) => part.each_operand(visit),
            Self::Compare(_, left, _, right) => {
                visit(left);
                visit(right);
            }
            Self::In(_, operand, _) | Self::IsNull(_, operand) | Self::IsNotNull(_, operand) => {
                visit(operand);
            }
        }
    }
}

/// How many characters of `text` come before the byte `at`.
fn characters_before(text: &str, at: usize) -> usize {
    text.char_indices().take_while(|(start, _)| *start < at).count()
}

impl PartialEq for Condition {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl Eq for Condition {}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
impl TryFrom<String> for Condition {
    type Error = ConditionSyntax;
    fn try_from(text: String) -> Result<Self, ConditionSyntax> {
        Self::parse(&text)
    }
}
impl From<Condition> for String {
    fn from(condition: Condition) -> Self {
        condition.text
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Contains => "contains",
            Self::StartsWith => "starts_with",
        })
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field) => name(f, field.as_str()),
            Self::Owner => f.write_str("$record.owner"),
            Self::User(attribute) => {
                f.write_str("$user.")?;
                name(f, attribute)
            }
            Self::Literal(value) => literal(f, value),
            Self::Today(0) => f.write_str("today()"),
            Self::Today(days) => write!(f, "today() {} {}d", sign(*days), days.unsigned_abs()),
            Self::Now(0) => f.write_str("now()"),
            Self::Now(milliseconds) => {
                write!(f, "now() {} {}ms", sign(*milliseconds), milliseconds.unsigned_abs())
            }
        }
    }
}

fn name(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    if parse::is_plain_name(name) {
        return f.write_str(name);
    }
    write!(f, "`{}`", name.replace('\\', "\\\\").replace('`', "\\`"))
}

const fn sign(number: i64) -> char {
    if number < 0 { '-' } else { '+' }
}

fn literal(f: &mut fmt::Formatter<'_>, value: &Value) -> fmt::Result {
    match value {
        Value::Bool(value) => write!(f, "{value}"),
        Value::Number(value) => write!(f, "{value}"),
        Value::Text(value) => text_literal(f, value),
        Value::List(values) => {
            f.write_str("(")?;
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    f.write_str(", ")?;
                }
                text_literal(f, value)?;
            }
            f.write_str(")")
        }
    }
}

fn text_literal(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    write!(f, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |f: &mut fmt::Formatter<'_>, parts: &[Self], word: &str| {
            f.write_str("(")?;
            for (at, part) in parts.iter().enumerate() {
                if at > 0 {
                    write!(f, " {word} ")?;
                }
                write!(f, "{part}")?;
            }
            f.write_str(")")
        };
        match self {
            Self::Constant(value) => write!(f, "{value}"),
            Self::And(parts) => joined(f, parts, "and"),
            Self::Or(parts) => joined(f, parts, "or"),
            Self::Not(part) => write!(f, "not {part}"),
            Self::Compare(_, left, comparison, right) => write!(f, "{left} {comparison} {right}"),
            Self::In(_, operand, values) => {
                write!(f, "{operand} in (")?;
                for (at, value) in values.iter().enumerate() {
                    if at > 0 {
                        f.write_str(", ")?;
                    }
                    literal(f, value)?;
                }
                f.write_str(")")
            }
            Self::IsNull(_, operand) => write!(f, "{operand} is null"),
            Self::IsNotNull(_, operand) => write!(f, "{operand} is not null"),
        }
    }
}
