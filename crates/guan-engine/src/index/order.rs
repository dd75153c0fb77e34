//! The order of one field's values over the records, for sorted lists.

use crate::dense::to_u32;
use crate::model::{FieldType, Value};
use std::cmp::Ordering;

/// A sort key; absent values come first in ascending order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Absent,
    Number(i64),
    Text(Box<str>),
}

impl Key {
    pub(crate) fn of(value: Option<&Value>, field_type: FieldType) -> Self {
        let Some(value) = value else { return Self::Absent };
        let number = |number: Option<i64>| number.map_or(Self::Absent, Self::Number);
        match (field_type, value) {
            (FieldType::Date, Value::Text(text)) => number(crate::condition::day(text)),
            (FieldType::DateTime, Value::Text(text)) => number(crate::condition::instant(text)),
            (FieldType::Number, Value::Text(text)) => {
                number(text.parse::<crate::model::Number>().ok().map(|number| number.0))
            }
            (_, Value::Number(value)) => Self::Number(value.0),
            (_, Value::Bool(value)) => Self::Number(i64::from(*value)),
            (_, Value::Text(text)) => Self::Text(text.as_str().into()),
            (_, Value::List(values)) => Self::Text(values.join(";").into()),
        }
    }
}

/// Keys by position, and positions in the order of key and number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Column {
    keys: Keys,
    pub(crate) order: Vec<u32>,
}

#[derive(Clone, Debug)]
enum Keys {
    /// Absent is the smallest number.
    Numbers(Vec<i64>),
    Any(Vec<Key>),
}

impl Default for Keys {
    fn default() -> Self {
        Self::Numbers(Vec::new())
    }
}

impl Column {
    /// Sorts keys given by position; `number_at` breaks ties.
    pub(crate) fn sorted(keys: Vec<Key>, number_at: &[u32]) -> Self {
        let only_numbers = keys.iter().all(|key| !matches!(key, Key::Text(_)));
        let keys = if only_numbers {
            Keys::Numbers(keys.iter().map(number_of).collect())
        } else {
            Keys::Any(keys)
        };
        Self::of(keys, number_at)
    }

    /// As [`Column::sorted`] for plain numbers.
    pub(crate) fn of_numbers(keys: Vec<i64>, number_at: &[u32]) -> Self {
        Self::of(Keys::Numbers(keys), number_at)
    }

    fn of(keys: Keys, number_at: &[u32]) -> Self {
        let length = match &keys {
            Keys::Numbers(keys) => keys.len(),
            Keys::Any(keys) => keys.len(),
        };
        let mut column = Self { keys, order: Vec::new() };
        if let Keys::Numbers(keys) = &column.keys {
            // Keys beside each other sort faster than keys looked up.
            let mut rows: Vec<(i64, u32, u32)> = (0u32..)
                .zip(keys.iter().zip(number_at))
                .map(|(at, (key, number))| (*key, *number, at))
                .collect();
            rows.sort_unstable();
            column.order = rows.into_iter().map(|(_, _, at)| at).collect();
            return column;
        }
        let mut order: Vec<u32> = (0..to_u32(length)).collect();
        order.sort_unstable_by(|a, b| column.compare(*a, *b, number_at));
        column.order = order;
        column
    }

    /// The same order after row `row_at[p]` went to position `p`.
    pub(crate) fn moved(self, row_at: &[u32], position_of_row: &[u32]) -> Self {
        let keys = match self.keys {
            Keys::Numbers(keys) => {
                Keys::Numbers(row_at.iter().map(|row| keys[*row as usize]).collect())
            }
            Keys::Any(mut keys) => Keys::Any(
                row_at
                    .iter()
                    .map(|row| std::mem::replace(&mut keys[*row as usize], Key::Absent))
                    .collect(),
            ),
        };
        let order = self.order.iter().map(|row| position_of_row[*row as usize]).collect();
        Self { keys, order }
    }

    #[inline]
    pub(crate) fn compare(&self, a: u32, b: u32, number_at: &[u32]) -> Ordering {
        let (at, bt) = (a as usize, b as usize);
        let keys = match &self.keys {
            Keys::Numbers(keys) => keys[at].cmp(&keys[bt]),
            Keys::Any(keys) => keys[at].cmp(&keys[bt]),
        };
        keys.then_with(|| number_at[at].cmp(&number_at[bt]))
    }

    /// Where a key with a number stands, or would stand, in the order.
    pub(crate) fn place(&self, key: &Key, number: u32, number_at: &[u32]) -> usize {
        self.order.partition_point(|position| {
            let at = *position as usize;
            let keys = match &self.keys {
                Keys::Numbers(keys) => keys[at].cmp(&number_of(key)),
                Keys::Any(keys) => keys[at].cmp(key),
            };
            keys.then_with(|| number_at[at].cmp(&number)).is_lt()
        })
    }

    pub(crate) fn key(&self, position: u32) -> Key {
        match &self.keys {
            Keys::Numbers(keys) => match keys[position as usize] {
                i64::MIN => Key::Absent,
                number => Key::Number(number),
            },
            Keys::Any(keys) => keys[position as usize].clone(),
        }
    }

    /// Takes a position out of the order.
    pub(crate) fn remove(&mut self, position: u32, number_at: &[u32]) {
        let at = self.place(&self.key(position), number_at[position as usize], number_at);
        if self.order.get(at) == Some(&position) {
            self.order.remove(at);
        }
    }

    /// Puts a position with a key into the order; the position is not in it.
    pub(crate) fn insert(&mut self, position: u32, key: &Key, number_at: &[u32]) {
        let at = position as usize;
        if let (Keys::Numbers(numbers), Key::Text(_)) = (&self.keys, key) {
            let widened = numbers.iter().map(|number| match *number {
                i64::MIN => Key::Absent,
                number => Key::Number(number),
            });
            self.keys = Keys::Any(widened.collect());
        }
        let place = {
            match &mut self.keys {
                Keys::Numbers(keys) => {
                    keys.resize(keys.len().max(at + 1), i64::MIN);
                    keys[at] = number_of(key);
                }
                Keys::Any(keys) => {
                    keys.resize(keys.len().max(at + 1), Key::Absent);
                    keys[at] = key.clone();
                }
            }
            self.place(key, number_at[at], number_at)
        };
        self.order.insert(place, position);
    }

    pub(crate) fn bytes(&self) -> usize {
        self.order.capacity() * 4
            + match &self.keys {
                Keys::Numbers(keys) => keys.capacity() * 8,
                Keys::Any(keys) => keys.capacity() * size_of::<Key>(),
            }
    }
}

const fn number_of(key: &Key) -> i64 {
    match key {
        Key::Number(number) => *number,
        Key::Absent | Key::Text(_) => i64::MIN,
    }
}
