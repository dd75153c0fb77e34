//! Conditions that the record alone settles, made ready to be asked of very many records.
//!
//! What they read stands on one sheet for each object; the values of a record are read from it once, each as its field's
//! type, and literals were read when the policy was compiled. The answers are those of [`Condition::evaluate`].

use super::eval::{Plain, Truth, compare, typed};
use super::{Comparison, Condition, Expression, Operand};
use crate::model::{FieldId, FieldType, Record, Value};
use std::collections::BTreeMap;

/// The fields that the conditions on an object read, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet(Vec<(FieldId, Option<FieldType>)>);

/// What stands on a sheet for one record.
#[derive(Debug)]
pub(crate) struct Filled<'r>(Vec<Option<Plain<'r>>>);

/// A condition over a sheet.
#[derive(Clone, Debug)]
pub(crate) struct Settled(Node);

#[derive(Clone, Debug)]
pub(super) enum Node {
    Constant(bool),
    And(Box<[Self]>),
    Or(Box<[Self]>),
    Not(Box<Self>),
    /// A field and a literal, in their order.
    Compare(usize, Comparison, Plain<'static>),
    CompareTurned(Plain<'static>, Comparison, usize),
    In(usize, Box<[Plain<'static>]>),
    IsNull(usize),
    IsNotNull(usize),
}

impl Sheet {
    /// Of the fields that some conditions read.
    pub(crate) fn of<'c>(
        conditions: impl Iterator<Item = &'c Condition>,
        type_of: impl Fn(&FieldId) -> Option<FieldType>,
    ) -> Self {
        let fields = conditions.flat_map(Condition::fields);
        let fields: BTreeMap<_, _> = fields.map(|field| (field.clone(), type_of(field))).collect();
        Self(fields.into_iter().collect())
    }

    /// Reads the values of a record. Cost: one walk along its fields.
    pub(crate) fn fill<'r>(&self, record: &'r Record) -> Filled<'r> {
        let mut values = record.fields.iter().peekable();
        let filled = self.0.iter().map(|(field, field_type)| {
            while values.next_if(|(name, _)| *name < field).is_some() {}
            let (_, value) = values.next_if(|(name, _)| *name == field)?;
            Some(match (value, field_type) {
                // A single choice of several: one member, not a text to search in.
                (Value::Text(text), Some(FieldType::MultiChoice)) => Plain::List(vec![text]),
                (value, field_type) => typed(value, *field_type),
            })
        });
        Filled(filled.collect())
    }

    /// A condition made ready; `None` where it reads more than one field or literal at a time, or anything else.
    pub(crate) fn ready(&self, condition: &Condition) -> Option<Settled> {
        self.node(condition.expression()).map(Settled)
    }

    fn node(&self, expression: &Expression) -> Option<Node> {
        let all = |parts: &[Expression]| -> Option<Box<[Node]>> {
            parts.iter().map(|part| self.node(part)).collect()
        };
        Some(match expression {
            Expression::Constant(value) => Node::Constant(*value),
            Expression::And(parts) => Node::And(all(parts)?),
            Expression::Or(parts) => Node::Or(all(parts)?),
            Expression::Not(part) => Node::Not(Box::new(self.node(part)?)),
            Expression::Compare(_, Operand::Field(field), comparison, Operand::Literal(value)) => {
                let (at, hint) = self.place(field)?;
                Node::Compare(at, *comparison, typed(value, hint).kept())
            }
            Expression::Compare(_, Operand::Literal(value), comparison, Operand::Field(field)) => {
                let (at, hint) = self.place(field)?;
                Node::CompareTurned(typed(value, hint).kept(), *comparison, at)
            }
            Expression::In(_, Operand::Field(field), values) => {
                let (at, hint) = self.place(field)?;
                Node::In(at, values.iter().map(|value| typed(value, hint).kept()).collect())
            }
            Expression::IsNull(_, Operand::Field(field)) => Node::IsNull(self.place(field)?.0),
            Expression::IsNotNull(_, Operand::Field(field)) => {
                Node::IsNotNull(self.place(field)?.0)
            }
            Expression::Compare(..)
            | Expression::In(..)
            | Expression::IsNull(..)
            | Expression::IsNotNull(..) => return None,
        })
    }

    fn place(&self, field: &FieldId) -> Option<(usize, Option<FieldType>)> {
        let at = self.0.binary_search_by(|(known, _)| known.cmp(field)).ok()?;
        self.0.get(at).map(|(_, field_type)| (at, *field_type))
    }
}

impl Filled<'_> {
    pub(super) fn value(&self, at: usize) -> &Plain<'_> {
        self.0.get(at).and_then(Option::as_ref).unwrap_or(&Plain::Absent)
    }
    /// Whether the record has the field at all, whatever can be made of its value.
    fn has(&self, at: usize) -> bool {
        self.0.get(at).is_some_and(Option::is_some)
    }
}

impl Settled {
    pub(super) const fn node(&self) -> &Node {
        &self.0
    }
    /// What the condition says of the record that the sheet was filled for.
    pub(crate) fn evaluate(&self, filled: &Filled<'_>) -> Truth {
        self.0.evaluate(filled)
    }
}

impl Node {
    fn evaluate(&self, filled: &Filled<'_>) -> Truth {
        match self {
            Self::Constant(value) => Truth::of(*value),
            Self::And(parts) => first_or(parts, filled, Truth::False, Truth::min),
            Self::Or(parts) => first_or(parts, filled, Truth::True, Truth::max),
            Self::Not(part) => part.evaluate(filled).not(),
            Self::Compare(at, comparison, value) => compare(filled.value(*at), *comparison, value),
            Self::CompareTurned(value, comparison, at) => {
                compare(value, *comparison, filled.value(*at))
            }
            Self::In(at, values) => {
                let left = filled.value(*at);
                let same = values.iter().map(|value| compare(left, Comparison::Equal, value));
                same.max().unwrap_or(Truth::False)
            }
            Self::IsNull(at) => Truth::of(!filled.has(*at)),
            Self::IsNotNull(at) => Truth::of(filled.has(*at)),
        }
    }
}

/// All parts put together, no further than the first that settles it.
fn first_or(
    parts: &[Node],
    filled: &Filled<'_>,
    settles: Truth,
    both: fn(Truth, Truth) -> Truth,
) -> Truth {
    let mut truth = if settles == Truth::False { Truth::True } else { Truth::False };
    for part in parts {
        truth = both(truth, part.evaluate(filled));
        if truth == settles {
            break;
        }
    }
    truth
}

#[cfg(test)]
mod tests {
    use super::Sheet;
    use crate::condition::{Condition, Facts, Likely, Truth};
    use crate::model::{FieldId, FieldType, Moment, Number, Record, Value};

    const TYPES: [Option<FieldType>; 9] = [
        None,
        Some(FieldType::Text),
        Some(FieldType::Number),
        Some(FieldType::Boolean),
        Some(FieldType::Date),
        Some(FieldType::DateTime),
        Some(FieldType::Choice),
        Some(FieldType::MultiChoice),
        Some(FieldType::Reference),
    ];
    const CONDITIONS: [&str; 24] = [
        "F = \"12\"",
        "F != \"north\"",
        "F < 12",
        "F <= \"12\"",
        "12 > F",
        "\"north-east\" contains F",
        "F >= true",
        "F contains \"nor\"",
        "F starts_with \"nor\"",
        "F = \"2026-02-01\"",
        "F > \"2026-01-31T23:00:00Z\"",
        "F in (\"12\", \"north\", \"2026-02-01\")",
        "F in (12, 13)",
        "not F = 12",
        "not F in (\"south\")",
        "F is null",
        "F is not null",
        "not F is null and F != 12",
        "F = 12 or F is null or F contains \"x\"",
        "F = 12 and G = \"y\"",
        "F = 12 or G = \"y\"",
        "not (F = 13 and not G = \"y\")",
        "true and F = \"north\"",
        "false or F = \"12\"",
    ];

    struct One<'r>(&'r Record, Option<FieldType>);

    impl Facts for One<'_> {
        fn field(&self, field: &FieldId) -> Option<&Value> {
            self.0.fields.get(field)
        }
        fn field_type(&self, field: &FieldId) -> Option<FieldType> {
            if field.as_str() == "F" { self.1 } else { Some(FieldType::Text) }
        }
        fn owners(&self) -> Vec<String> {
            Vec::new()
        }
        fn attribute(&self, _: &str) -> Option<Value> {
            None
        }
        fn now(&self) -> Moment {
            Moment(0)
        }
        fn utc_offset_minutes(&self) -> i32 {
            0
        }
    }

    fn values() -> Vec<Option<Value>> {
        let texts = ["12", "north", "n", "", "true", "2026-02-01", "2026-02-01T00:00:00Z"];
        let mut values: Vec<Option<Value>> =
            texts.iter().map(|text| Some((*text).into())).collect();
        values.push(None);
        values.push(Some(Value::Bool(true)));
        values.push(Some(Value::Number(Number::whole(12))));
        values.push(Some(Value::List(vec!["12".into(), "north".into()])));
        values.push(Some(Value::List(Vec::new())));
        values
    }

    #[test]
    fn a_ready_condition_says_what_the_condition_says() {
        let (mut seen, mut left_out) = (std::collections::BTreeSet::new(), 0);
        for field_type in TYPES {
            for (f, g) in values().into_iter().flat_map(|f| [(f.clone(), None), (f, Some("y"))]) {
                let mut record = Record::new("Account", "a-1");
                record.fields.extend(f.map(|value| ("F".into(), value)));
                record.fields.extend(g.map(|value| ("G".into(), value.into())));
                let conditions = CONDITIONS.map(|text| Condition::parse(text).unwrap());
                let type_of = |field: &FieldId| One(&record, field_type).field_type(field);
                let sheet = Sheet::of(conditions.iter(), type_of);
                let ready: Vec<_> = conditions.iter().map(|one| sheet.ready(one)).collect();
                let mut likely = Vec::new();
                Likely::of(&ready).each(&sheet.fill(&record), |at| likely.push(at));
                left_out += CONDITIONS.len() - likely.len();
                for (at, text) in CONDITIONS.into_iter().enumerate() {
                    let condition = Condition::parse(text).unwrap();
                    let type_of = |field: &FieldId| One(&record, field_type).field_type(field);
                    let sheet = Sheet::of([&condition].into_iter(), type_of);
                    let ready = sheet.ready(&condition).unwrap();
                    let wanted = condition.evaluate(&One(&record, field_type));
                    let fields = &record.fields;
                    assert_eq!(
                        ready.evaluate(&sheet.fill(&record)),
                        wanted,
                        "{text} of {fields:?} as {field_type:?}"
                    );
                    let times = likely.iter().filter(|likely| **likely as usize == at).count();
                    assert!(
                        times == 1 || times == 0 && wanted != Truth::True,
                        "{text} of {fields:?}"
                    );
                    seen.insert(wanted);
                }
            }
        }
        assert!(left_out > 300, "{left_out}");
        assert_eq!(
            seen.len(),
            3,
            "{:?} comes of them",
            [Truth::False, Truth::Unknown, Truth::True]
        );
    }

    #[test]
    fn what_reads_more_than_fields_and_literals_is_not_made_ready() {
        for text in ["F = G", "$record.owner = \"bo\"", "F = $user.id", "F < today()"] {
            let condition = Condition::parse(text).unwrap();
            let sheet = Sheet::of([&condition].into_iter(), |_| Some(FieldType::Text));
            assert!(sheet.ready(&condition).is_none(), "{text}");
        }
    }
}
