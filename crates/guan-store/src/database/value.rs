//! What goes into a statement and what comes out of a row: whole numbers, texts, bytes and nothing else.

use std::borrow::Cow;

use crate::error::StorageError;

/// A parameter of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(Cow<'a, str>),
    /// Bytes.
    Bytes(Cow<'a, [u8]>),
    /// Nothing.
    Null,
}

/// The parameters of a statement: `values![organization.as_str(), number]`.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::database::Value::from($value)),*] };
}
pub(crate) use values;

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}
impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}
impl From<u64> for Value<'_> {
    /// Both databases count to 2^63 - 1; a number beyond is that one, so that a bound stays a bound.
    fn from(number: u64) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}
impl From<bool> for Value<'_> {
    fn from(is: bool) -> Self {
        Self::Integer(is.into())
    }
}
impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}
impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text.as_str().into())
    }
}
impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}
impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes.into())
    }
}
impl<'a, const N: usize> From<&'a [u8; N]> for Value<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self::Bytes(bytes.as_slice().into())
    }
}
impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Bytes(bytes.as_slice().into())
    }
}
impl From<Vec<u8>> for Value<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}
impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A row of an answer, while it is read.
pub(crate) enum Row<'a> {
    /// From `SQLite`.
    Sqlite(&'a rusqlite::Row<'a>),
    /// From `PostgreSQL`.
    Postgres(&'a postgres::Row),
}

/// One column of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell<'a> {
    /// A whole number, also a yes or no.
    Integer(i64),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Nothing.
    Null,
}

impl From<Cell<'_>> for Value<'static> {
    fn from(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Integer(number) => Self::Integer(number),
            Cell::Text(text) => Self::Text(text.to_owned().into()),
            Cell::Bytes(bytes) => Self::Bytes(bytes.to_vec().into()),
            Cell::Null => Self::Null,
        }
    }
}

impl Row<'_> {
    /// The column at `index`, counted from 0.
    ///
    /// Errors: no such column; a value of another kind.
    pub(crate) fn get<T: Column>(&self, index: usize) -> Result<T, StorageError> {
        let cell = self.cell(index)?;
        T::of(cell).ok_or_else(|| {
            StorageError::unreadable(format!("column {} is {}", index + 1, cell.kind()))
        })
    }

    /// The column at `index` as it is.
    pub(crate) fn cell(&self, index: usize) -> Result<Cell<'_>, StorageError> {
        match self {
            Self::Sqlite(row) => super::sqlite::cell(row, index),
            Self::Postgres(row) => super::postgres::cell(row, index),
        }
    }
}

impl Cell<'_> {
    const fn kind(self) -> &'static str {
        match self {
            Self::Integer(_) => "a number",
            Self::Text(_) => "a text",
            Self::Bytes(_) => "bytes",
            Self::Null => "empty",
        }
    }
}

/// What a column can be read as.
pub(crate) trait Column: Sized {
    /// `None` when the cell is of another kind.
    fn of(cell: Cell<'_>) -> Option<Self>;
}

impl Column for i64 {
    fn of(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Integer(number) = cell { Some(number) } else { None }
    }
}
impl Column for u64 {
    fn of(cell: Cell<'_>) -> Option<Self> {
        i64::of(cell).and_then(|number| number.try_into().ok())
    }
}
impl Column for u32 {
    fn of(cell: Cell<'_>) -> Option<Self> {
        i64::of(cell).and_then(|number| number.try_into().ok())
    }
}
impl Column for bool {
    fn of(cell: Cell<'_>) -> Option<Self> {
        i64::of(cell).map(|number| number != 0)
    }
}
impl Column for String {
    fn of(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Text(text) = cell { Some(text.to_owned()) } else { None }
    }
}
impl Column for Vec<u8> {
    fn of(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Bytes(bytes) = cell { Some(bytes.to_vec()) } else { None }
    }
}
impl<T: Column> Column for Option<T> {
    fn of(cell: Cell<'_>) -> Option<Self> {
        if cell == Cell::Null { Some(None) } else { T::of(cell).map(Some) }
    }
}
