//! The seam on `SQLite`: prepared statements are kept by their text; one writer at a time by `BEGIN IMMEDIATE`.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};

use super::value::Cell;
use super::{Mode, Row, Take, Value};
use crate::error::StorageError;

/// A connection to a database file.
#[derive(Debug)]
pub(crate) struct SqliteDatabase {
    connection: Connection,
}

impl SqliteDatabase {
    /// A connection that is set up already.
    pub(crate) fn new(connection: Connection) -> Self {
        Self { connection }
    }

    #[cfg(test)]
    pub(super) fn prepare(&self, text: &str) -> Result<(), StorageError> {
        self.connection.prepare(text)?;
        Ok(())
    }

    pub(super) fn run(&self, text: &str, values: &[Value<'_>]) -> Result<u64, StorageError> {
        let changed = self.connection.prepare_cached(text)?.execute(params_from_iter(values))?;
        Ok(changed as u64)
    }

    pub(super) fn each(
        &self,
        text: &str,
        values: &[Value<'_>],
        take: &mut Take<'_>,
    ) -> Result<(), StorageError> {
        let mut statement = self.connection.prepare_cached(text)?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            if take(&Row::Sqlite(row))?.is_break() {
                break;
            }
        }
        Ok(())
    }

    pub(super) fn script(&self, text: &str) -> Result<(), StorageError> {
        Ok(self.connection.execute_batch(text)?)
    }

    pub(super) fn load(
        &self,
        (table, columns): (&str, &[&str]),
        rows: &mut dyn Iterator<Item = Result<Vec<Value<'_>>, StorageError>>,
    ) -> Result<u64, StorageError> {
        let places = (1..=columns.len()).map(|place| format!("?{place}"));
        let places = places.collect::<Vec<_>>().join(", ");
        let text = format!("INSERT INTO {table} ({}) VALUES ({places})", columns.join(", "));
        let mut statement = self.connection.prepare_cached(&text)?;
        let mut loaded = 0;
        for row in rows {
            statement.execute(params_from_iter(&row?))?;
            loaded += 1;
        }
        Ok(loaded)
    }

    pub(super) fn begin(&self, mode: Mode) -> Result<(), StorageError> {
        self.script(match mode {
            Mode::Write | Mode::Schema => "BEGIN IMMEDIATE",
            Mode::Read => "BEGIN DEFERRED",
        })
    }

    pub(super) fn commit(&self) -> Result<(), StorageError> {
        self.script("COMMIT")
    }

    pub(super) fn roll_back(&self) {
        // A failed statement may have rolled everything back already.
        if !self.connection.is_autocommit() {
            let _rolled_back = self.script("ROLLBACK");
        }
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            Self::Null => ValueRef::Null,
        }))
    }
}

pub(super) fn cell<'r>(row: &'r rusqlite::Row<'_>, index: usize) -> Result<Cell<'r>, StorageError> {
    Ok(match row.get_ref(index)? {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Integer(number),
        ValueRef::Text(text) => Cell::Text(str::from_utf8(text).map_err(StorageError::unreadable)?),
        ValueRef::Blob(bytes) => Cell::Bytes(bytes),
        ValueRef::Real(_) => {
            return Err(StorageError::unreadable(format!("column {} is a fraction", index + 1)));
        }
    })
}
