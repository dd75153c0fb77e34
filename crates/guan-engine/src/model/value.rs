//! Field values and attributes.

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A value. Its meaning comes from the type of its field: a day or an instant is ISO text. A field
/// without value is absent, never empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// True or false.
    Bool(bool),
    /// A decimal number.
    Number(Number),
    /// Text, a choice, a day, an instant or an id.
    Text(String),
    /// Several choices.
    List(Vec<String>),
}

/// A decimal number with four places, from −922 337 203 685 477.5808 to …5807.
///
/// Numbers with more places are rounded half away from zero when they are parsed. In JSON a whole
/// number has no point and is exact; one with places is exact up to fifteen digits, and past them
/// comes back as the nearest binary float.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "JsonNumber")]
pub struct Number(pub i64);

/// A number as JSON holds it.
#[derive(Deserialize)]
#[serde(untagged)]
enum JsonNumber {
    Whole(i64),
    Float(f64),
}

/// Text or a float that is not a number in range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a number between -922337203685477 and 922337203685477")]
pub struct ValueError(String);

/// How many units make one.
const ONE: i64 = 10_000;

impl Number {
    /// From a whole number, held at the ends of the range.
    pub const fn whole(number: i64) -> Self {
        Self(number.saturating_mul(ONE))
    }
}
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.unsigned_abs() / 10_000, self.0.unsigned_abs() % 10_000);
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        write!(f, "{sign}{whole}.{}", format!("{part:04}").trim_end_matches('0'))
    }
}
impl FromStr for Number {
    type Err = ValueError;
    fn from_str(text: &str) -> Result<Self, ValueError> {
        let wrong = || ValueError(text.to_owned());
        let trimmed = text.trim();
        let (negative, digits) = match trimmed.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let only_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && part.is_empty()) || !only_digits(whole) || !only_digits(part) {
            return Err(wrong());
        }
        let whole = if whole.is_empty() { 0 } else { whole.parse::<i64>().map_err(|_| wrong())? };
        // Wider than the result: the smallest number has no positive twin.
        let mut units = i128::from(whole) * i128::from(ONE);
        let mut weight = i128::from(ONE) / 10;
        for (place, byte) in part.bytes().take(5).enumerate() {
            let digit = i128::from(byte - b'0');
            if place < 4 {
                units += digit * weight;
                weight /= 10;
            } else {
                units += i128::from(digit >= 5);
            }
        }
        i64::try_from(if negative { -units } else { units }).map(Self).map_err(|_| wrong())
    }
}
impl TryFrom<f64> for Number {
    type Error = ValueError;
    fn try_from(number: f64) -> Result<Self, ValueError> {
        // The float nearest to an end of the range lies beyond it; it still means that end.
        const BEYOND: f64 = 922_337_203_685_478.0;
        let text = format!("{number}");
        match text.parse() {
            Err(_) if number > 0.0 && number < BEYOND => Ok(Self(i64::MAX)),
            Err(_) if number < 0.0 && number > -BEYOND => Ok(Self(i64::MIN)),
            read => read,
        }
    }
}
impl TryFrom<JsonNumber> for Number {
    type Error = ValueError;
    fn try_from(number: JsonNumber) -> Result<Self, ValueError> {
        match number {
            JsonNumber::Whole(number) => {
                number.checked_mul(ONE).map(Self).ok_or_else(|| ValueError(number.to_string()))
            }
            JsonNumber::Float(number) => number.try_into(),
        }
    }
}
impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % ONE == 0 {
            serializer.serialize_i64(self.0 / ONE)
        } else {
            serializer.serialize_f64((*self).into())
        }
    }
}
impl From<Number> for f64 {
    fn from(number: Number) -> Self {
        // Through text: the nearest float of the decimal, so that it prints as it was written.
        number.to_string().parse().unwrap_or(Self::NAN)
    }
}
/// Reads a value by what stands there, without trying one kind after the other: a start reads all values of all records.
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true, false, a number, a text or a list of texts")
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Number::try_from(JsonNumber::Whole(number)).map(Value::Number).map_err(E::custom)
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        match i64::try_from(number) {
            Ok(number) => self.visit_i64(number),
            Err(_) => Err(E::custom(ValueError(number.to_string()))),
        }
    }
    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Number::try_from(number).map(Value::Number).map_err(E::custom)
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }
    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut texts: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(text) = texts.next_element()? {
            list.push(text);
        }
        Ok(Value::List(list))
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(value) => write!(f, "{value}"),
            Self::Text(value) => f.write_str(value),
            Self::List(values) => f.write_str(&values.join("; ")),
        }
    }
}
impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
