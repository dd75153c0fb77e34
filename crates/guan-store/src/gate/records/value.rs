//! Values at the door: each in the one form of its type, so that equal ones are equal everywhere.

use guan_engine::model::FieldType as T;
use guan_engine::model::{FieldId, Object, Value};

/// The value in the form of its field's type. What has no such form stays, and is refused where the record is checked.
pub(super) fn fitted(object: Option<&Object>, field: &FieldId, value: Value) -> Value {
    let Some(field) = object.and_then(|object| object.fields.get(field)) else { return value };
    match (field.field_type, &value) {
        (T::Number, Value::Text(text)) => {
            text.trim().parse().map_or_else(|_| value.clone(), Value::Number)
        }
        (T::Boolean, Value::Text(text)) => {
            text.trim().parse().map_or_else(|_| value.clone(), Value::Bool)
        }
        (T::Text | T::Choice | T::Reference, Value::Number(number)) => {
            Value::Text(number.to_string())
        }
        (T::MultiChoice, Value::Text(text)) => Value::List([text.clone()].into()),
        (T::Date | T::DateTime, Value::Text(text)) => Value::Text(text.trim().to_owned()),
        (
            T::Number
            | T::Boolean
            | T::Date
            | T::DateTime
            | T::MultiChoice
            | T::Text
            | T::Choice
            | T::Reference,
            _,
        ) => value,
    }
}

#[cfg(test)]
mod tests {
    use guan_engine::model::{Field, FieldType, Number, Object, Value};

    use super::fitted;

    #[test]
    fn a_value_has_the_form_of_its_type_or_stays_to_be_refused() {
        let twelve = Value::Number(Number::whole(12));
        for (field_type, value, wanted) in [
            (FieldType::Number, Value::from(" 12 "), twelve.clone()),
            (FieldType::Number, Value::from("twelve"), Value::from("twelve")),
            (FieldType::Text, twelve.clone(), Value::from("12")),
            (FieldType::Choice, twelve.clone(), Value::from("12")),
            (FieldType::Boolean, Value::from("true"), Value::Bool(true)),
            (FieldType::Boolean, twelve.clone(), twelve),
            (FieldType::MultiChoice, Value::from("a"), Value::List(["a".to_owned()].into())),
            (FieldType::Date, Value::from(" 2026-01-31 "), Value::from("2026-01-31")),
        ] {
            let mut object = Object::default();
            object.fields.insert("F".into(), Field { field_type, ..Field::default() });
            assert_eq!(fitted(Some(&object), &"F".into(), value), wanted, "{field_type:?}");
        }
    }
}
