//! The one seam to the database: the same few calls for `SQLite` and `PostgreSQL`, so that everything else is written once.

mod postgres;
mod sqlite;
#[cfg(test)]
mod tests;
mod value;

use std::cell::Cell;
use std::ops::{ControlFlow, Deref};

use crate::error::StorageError;

pub(crate) use self::postgres::{PostgresDatabase, Target};
pub(crate) use self::sqlite::SqliteDatabase;
pub(crate) use self::value::{Row, Value, values};

/// One statement of the list in `sql.rs`; parameters are written `?1`, `?2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Statement {
    /// Its name in the list.
    pub(crate) name: &'static str,
    /// The text for `SQLite`, and for `PostgreSQL` too where it has none of its own.
    pub(crate) sqlite: &'static str,
    /// The text for `PostgreSQL`, where the dialects differ.
    pub(crate) postgres: Option<&'static str>,
}

impl Statement {
    /// The text for a dialect.
    pub(crate) fn text(&self, dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::Sqlite => self.sqlite,
            Dialect::Postgres => self.postgres.unwrap_or(self.sqlite),
        }
    }
}

/// Whose SQL is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// `SQLite`.
    Sqlite,
    /// `PostgreSQL`.
    Postgres,
}

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Writing: no other transaction writes to the installation meanwhile, on any node.
    Write,
    /// Reading one state, whatever is written meanwhile.
    Read,
    /// Changing the schema, one after the other.
    Schema,
}

/// One connection to the database of an installation. It can be sent to another thread, not shared between two.
#[derive(Debug)]
pub(crate) struct Database {
    driver: Driver,
    open: Cell<Option<Mode>>,
}

#[derive(Debug)]
enum Driver {
    Sqlite(SqliteDatabase),
    Postgres(Box<PostgresDatabase>),
}

impl From<SqliteDatabase> for Database {
    fn from(database: SqliteDatabase) -> Self {
        Self { driver: Driver::Sqlite(database), open: Cell::new(None) }
    }
}
impl From<PostgresDatabase> for Database {
    fn from(database: PostgresDatabase) -> Self {
        Self { driver: Driver::Postgres(Box::new(database)), open: Cell::new(None) }
    }
}

/// What the rows of an answer are handed to, one by one.
type Take<'t> = dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, StorageError> + 't;

impl Database {
    /// Whose SQL this connection understands.
    pub(crate) fn dialect(&self) -> Dialect {
        match &self.driver {
            Driver::Sqlite(_) => Dialect::Sqlite,
            Driver::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Lets the database understand a statement without running it.
    #[cfg(test)]
    pub(crate) fn prepare(&self, statement: &Statement) -> Result<(), StorageError> {
        let text = statement.text(self.dialect());
        match &self.driver {
            Driver::Sqlite(database) => database.prepare(text),
            Driver::Postgres(database) => database.prepare(text),
        }
    }

    /// Runs a statement and says how many rows it changed.
    pub(crate) fn run(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> Result<u64, StorageError> {
        storable(values)?;
        let text = statement.text(self.dialect());
        match &self.driver {
            Driver::Sqlite(database) => database.run(text, values),
            Driver::Postgres(database) => database.run(text, values, self.is_open()),
        }
    }

    /// All rows of an answer, each as `make` reads it.
    pub(crate) fn rows<T>(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
        make: impl FnMut(&Row<'_>) -> Result<T, StorageError>,
    ) -> Result<Vec<T>, StorageError> {
        self.rows_of_text(statement.text(self.dialect()), values, make)
    }

    /// The first row of an answer; `None` when there is none.
    pub(crate) fn one<T>(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
        mut make: impl FnMut(&Row<'_>) -> Result<T, StorageError>,
    ) -> Result<Option<T>, StorageError> {
        let mut first = None;
        self.each(statement, values, |row| {
            first = Some(make(row)?);
            Ok(ControlFlow::Break(()))
        })?;
        Ok(first)
    }

    /// The first row of an answer that always has one, such as a count.
    pub(crate) fn only<T>(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
        make: impl FnMut(&Row<'_>) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let missing = || StorageError::unreadable(format!("no row for {}", statement.name));
        self.one(statement, values, make)?.ok_or_else(missing)
    }

    /// Hands the rows of an answer to `take`, one at a time and in constant memory, until it breaks.
    ///
    /// `take` cannot ask this connection anything.
    pub(crate) fn each(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
        take: impl FnMut(&Row<'_>) -> Result<ControlFlow<()>, StorageError>,
    ) -> Result<(), StorageError> {
        self.each_of_text(statement.text(self.dialect()), values, take)
    }

    /// As [`Database::rows`] for a text that was built for this dialect; kept prepared by its text.
    pub(crate) fn rows_of_text<T>(
        &self,
        text: &str,
        values: &[Value<'_>],
        mut make: impl FnMut(&Row<'_>) -> Result<T, StorageError>,
    ) -> Result<Vec<T>, StorageError> {
        let mut rows = Vec::new();
        self.each_of_text(text, values, |row| {
            rows.push(make(row)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(rows)
    }

    /// As [`Database::each`] for a text that was built for this dialect; kept prepared by its text.
    pub(crate) fn each_of_text(
        &self,
        text: &str,
        values: &[Value<'_>],
        mut take: impl FnMut(&Row<'_>) -> Result<ControlFlow<()>, StorageError>,
    ) -> Result<(), StorageError> {
        storable(values)?;
        match &self.driver {
            Driver::Sqlite(database) => database.each(text, values, &mut take),
            Driver::Postgres(database) => database.each(text, values, self.is_open(), &mut take),
        }
    }

    /// Runs a script of several statements without parameters, such as a step of the schema.
    pub(crate) fn script(&self, text: &str) -> Result<(), StorageError> {
        match &self.driver {
            Driver::Sqlite(database) => database.script(text),
            Driver::Postgres(database) => database.script(text, self.is_open()),
        }
    }

    /// Inserts many rows; on `PostgreSQL` by `COPY`. Inside a transaction only.
    ///
    /// Cost: about a microsecond a row.
    pub(crate) fn load(
        &self,
        (table, columns): (&str, &[&str]),
        rows: &mut dyn Iterator<Item = Result<Vec<Value<'_>>, StorageError>>,
    ) -> Result<u64, StorageError> {
        let mut rows = rows.map(|row| {
            let row = row?;
            storable(&row)?;
            if row.len() == columns.len() {
                Ok(row)
            } else {
                Err(StorageError::unreadable(format!("a row for `{table}` of another length")))
            }
        });
        match &self.driver {
            Driver::Sqlite(database) => database.load((table, columns), &mut rows),
            Driver::Postgres(database) => database.load((table, columns), &mut rows),
        }
    }

    /// Begins a transaction, which ends with [`Transaction::commit`] or, when it is dropped, without a trace.
    ///
    /// Reading inside an open transaction is part of that one. Whoever begins a transaction for writing repeats it from the start
    /// when it ends with [`StorageError::Again`].
    pub(crate) fn begin(&self, mode: Mode) -> Result<Transaction<'_>, StorageError> {
        match (self.open.get(), mode) {
            (Some(_), Mode::Read) => return Ok(Transaction { database: self, is_outer: false }),
            (Some(_), Mode::Write | Mode::Schema) => return Err(StorageError::Nested),
            (None, _) => {}
        }
        match &self.driver {
            Driver::Sqlite(database) => database.begin(mode)?,
            Driver::Postgres(database) => database.begin(mode)?,
        }
        self.open.set(Some(mode));
        Ok(Transaction { database: self, is_outer: true })
    }

    /// Whether a transaction is open.
    pub(crate) fn is_open(&self) -> bool {
        self.open.get().is_some()
    }
}

/// `PostgreSQL` keeps no zero character in a text, so none is kept anywhere.
fn storable(values: &[Value<'_>]) -> Result<(), StorageError> {
    let has_zero = |value: &Value<'_>| matches!(value, Value::Text(text) if text.contains('\0'));
    if values.iter().any(has_zero) { Err(StorageError::ZeroCharacter) } else { Ok(()) }
}

/// An open transaction; dropping it undoes everything.
#[derive(Debug)]
pub(crate) struct Transaction<'a> {
    database: &'a Database,
    /// Whether it is a transaction of its own, not part of one that was open.
    is_outer: bool,
}

impl Transaction<'_> {
    /// Makes everything durable. A transaction inside another one ends with that.
    ///
    /// Errors: [`StorageError::Unknown`] when the connection was lost before the answer; look before repeating.
    pub(crate) fn commit(mut self) -> Result<(), StorageError> {
        if !self.is_outer {
            return Ok(());
        }
        match &self.database.driver {
            Driver::Sqlite(database) => database.commit()?,
            Driver::Postgres(database) => database.commit()?,
        }
        self.is_outer = false;
        self.database.open.set(None);
        Ok(())
    }
}

impl Deref for Transaction<'_> {
    type Target = Database;
    fn deref(&self) -> &Database {
        self.database
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.is_outer {
            match &self.database.driver {
                Driver::Sqlite(database) => database.roll_back(),
                Driver::Postgres(database) => database.roll_back(),
            }
            self.database.open.set(None);
        }
    }
}
