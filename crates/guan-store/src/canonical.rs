//! The one JSON spelling of what the store keeps and digests, whatever order a type's fields have in the code.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

/// JSON of `value` with the members of every object in the byte order of their names and no white space.
///
/// Other than in the ledger, fractions are allowed: they are values of attributes and fields.
pub(crate) fn text<T: Serialize + ?Sized>(value: &T) -> Result<String, serde_json::Error> {
    let mut output = String::new();
    write(&serde_json::to_value(value)?, &mut output);
    Ok(output)
}

// Recursion is bounded: the values come from types of a fixed depth or from a parser that stops at 128 levels.
fn write(value: &Value, output: &mut String) {
    match value {
        Value::Array(elements) => {
            output.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    output.push(',');
                }
                write(element, output);
            }
            output.push(']');
        }
        Value::Object(members) => {
            let sorted: BTreeMap<&String, &Value> = members.iter().collect();
            output.push('{');
            for (index, (name, member)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    output.push(',');
                }
                output.push_str(&Value::from(name.as_str()).to_string());
                output.push(':');
                write(member, output);
            }
            output.push('}');
        }
        plain => output.push_str(&plain.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn members_stand_in_the_order_of_their_names() {
        let value = serde_json::json!({"b": [1.5, {"z": null, "a": "é\""}], "a": 1});
        assert_eq!(text(&value).unwrap(), r#"{"a":1,"b":[1.5,{"a":"é\"","z":null}]}"#);
    }
}
