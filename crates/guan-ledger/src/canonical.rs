//! One value, one byte string: the JSON spelling of RFC 8785 for the values a record uses, so that equal records hash equally.

use serde::Serialize;
use serde_json::{Map, Number, Value};
use thiserror::Error;

use crate::hex;

/// The largest whole number that every JSON reader keeps exact: 2⁵³ − 1.
pub const INTEGER_MAX: u64 = 9_007_199_254_740_991;

/// How deep lists and objects may nest.
pub const DEPTH_MAX: usize = 64;

/// Why a value has no canonical bytes.
///
/// Paths are JSON pointers (RFC 6901): `/change/affected`; the whole value is the empty pointer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Uncanonical {
    /// A fraction, or a whole number that some readers would round.
    #[error(
        "`{path}` is {number}: only whole numbers from -9007199254740991 to 9007199254740991 are recorded, write others as text"
    )]
    Number {
        /// Where it stands.
        path: String,
        /// The number as given.
        number: String,
    },
    /// A null that cannot be left out without moving its neighbours.
    #[error("`{path}` is null: leave it out")]
    Null {
        /// Where it stands.
        path: String,
    },
    /// Deeper than [`DEPTH_MAX`].
    #[error("`{path}` is nested deeper than 64 levels")]
    Depth {
        /// Where the limit was passed.
        path: String,
    },
    /// A value that JSON cannot hold at all.
    #[error("the value does not fit JSON: {problem}")]
    Shape {
        /// What the conversion said.
        problem: String,
    },
}

/// The canonical bytes of `value`.
///
/// *rule:* object members sorted by the UTF-16 units of their names, null members left out, no white space,
/// strings in UTF-8 with only the escapes that JSON demands, whole numbers within ±[`INTEGER_MAX`].
///
/// Errors: fractions, larger numbers, null in a list or alone, nesting below [`DEPTH_MAX`].
/// A not-a-number turns into null while a `Value` is made, so keep floats out before that.
///
/// ```
/// let value = serde_json::json!({"b": [1, true], "a": "é\n", "c": null});
/// assert_eq!(guan_ledger::canonical::bytes(&value)?, "{\"a\":\"é\\n\",\"b\":[1,true]}".as_bytes());
/// # Ok::<(), guan_ledger::Uncanonical>(())
/// ```
pub fn bytes(value: &Value) -> Result<Vec<u8>, Uncanonical> {
    let mut output = String::new();
    match write_value(value, 0, &mut output) {
        Ok(()) => Ok(output.into_bytes()),
        Err(refusal) => Err(refusal.into_error()),
    }
}

/// The canonical bytes of a type of this crate, none of which holds a float.
pub(crate) fn bytes_of<T: Serialize>(value: &T) -> Result<Vec<u8>, Uncanonical> {
    match serde_json::to_value(value) {
        Ok(value) => bytes(&value),
        Err(problem) => Err(Uncanonical::Shape { problem: problem.to_string() }),
    }
}

enum Cause {
    Number(String),
    Null,
    Depth,
}

/// A refusal on its way up; each level adds its own step, so that the good path pays nothing for naming places.
struct Refusal {
    cause: Cause,
    steps_inner_first: Vec<String>,
}

impl Refusal {
    fn new(cause: Cause) -> Self {
        Self { cause, steps_inner_first: Vec::new() }
    }

    fn under(mut self, step: &str) -> Self {
        self.steps_inner_first.push(step.replace('~', "~0").replace('/', "~1"));
        self
    }

    fn into_error(self) -> Uncanonical {
        let path = self.steps_inner_first.iter().rev().flat_map(|step| ["/", step]).collect();
        match self.cause {
            Cause::Number(number) => Uncanonical::Number { path, number },
            Cause::Null => Uncanonical::Null { path },
            Cause::Depth => Uncanonical::Depth { path },
        }
    }
}

fn write_value(value: &Value, depth: usize, output: &mut String) -> Result<(), Refusal> {
    if depth > DEPTH_MAX {
        return Err(Refusal::new(Cause::Depth));
    }
    match value {
        Value::Null => return Err(Refusal::new(Cause::Null)),
        Value::Bool(true) => output.push_str("true"),
        Value::Bool(false) => output.push_str("false"),
        Value::Number(number) => write_number(number, output)?,
        Value::String(text) => write_string(text, output),
        Value::Array(elements) => write_array(elements, depth, output)?,
        Value::Object(members) => write_object(members, depth, output)?,
    }
    Ok(())
}

fn write_number(number: &Number, output: &mut String) -> Result<(), Refusal> {
    let magnitude = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
    match magnitude {
        Some(magnitude) if magnitude <= INTEGER_MAX => {
            output.push_str(&number.to_string());
            Ok(())
        }
        _ => Err(Refusal::new(Cause::Number(number.to_string()))),
    }
}

fn write_array(elements: &[Value], depth: usize, output: &mut String) -> Result<(), Refusal> {
    output.push('[');
    for (index, element) in elements.iter().enumerate() {
        if index > 0 {
            output.push(',');
        }
        write_value(element, depth + 1, output)
            .map_err(|refusal| refusal.under(&index.to_string()))?;
    }
    output.push(']');
    Ok(())
}

fn write_object(
    members: &Map<String, Value>,
    depth: usize,
    output: &mut String,
) -> Result<(), Refusal> {
    let mut present: Vec<_> = members.iter().filter(|(_, value)| !value.is_null()).collect();
    present.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
    output.push('{');
    for (index, (name, value)) in present.into_iter().enumerate() {
        if index > 0 {
            output.push(',');
        }
        write_string(name, output);
        output.push(':');
        write_value(value, depth + 1, output).map_err(|refusal| refusal.under(name))?;
    }
    output.push('}');
    Ok(())
}

fn write_string(text: &str, output: &mut String) {
    output.push('"');
    for character in text.chars() {
        match character {
            '"' => output.push_str("\\\""),
            '\\' => output.push_str("\\\\"),
            '\u{8}' => output.push_str("\\b"),
            '\t' => output.push_str("\\t"),
            '\n' => output.push_str("\\n"),
            '\u{c}' => output.push_str("\\f"),
            '\r' => output.push_str("\\r"),
            control @ '\0'..='\u{1f}' => {
                let [_, _, high, low] = u32::from(control).to_be_bytes();
                output.push_str("\\u");
                output.push_str(&hex::encode(&[high, low]));
            }
            other => output.push(other),
        }
    }
    output.push('"');
}
