//! Brings a database to the schema of this program, step by step, and refuses one that was stepped otherwise.

use guan_engine::model::Moment;
use guan_ledger::Digest;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use thiserror::Error;

use crate::error::StorageError;
use crate::sql;

/// The steps; a step that was shipped never changes.
const STEPS: &[(i64, &str, &str)] =
    &[(1, "0001_initial", include_str!("../migrations/sqlite/0001_initial.sql"))];

const TABLE: &str = "CREATE TABLE IF NOT EXISTS migration (
    number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum BLOB NOT NULL, applied_ms INTEGER NOT NULL) STRICT";
const APPLIED: &str = "SELECT checksum FROM migration WHERE number = ?1";
const LAST: &str = "SELECT coalesce(max(number), 0) FROM migration";
const RECORD: &str =
    "INSERT INTO migration (number, name, checksum, applied_ms) VALUES (?1, ?2, ?3, ?4)";

/// Why the schema cannot be brought up to date.
#[derive(Debug, Error)]
pub enum MigrationError {
    /// The database was written by a newer Guan.
    #[error("the database has schema {found}, this program knows up to {known}: use a newer one")]
    Newer {
        /// The database's.
        found: i64,
        /// The program's.
        known: i64,
    },
    /// A step was applied in another wording.
    #[error(
        "schema step `{name}` was applied in another wording: use the program that wrote this database"
    )]
    Changed {
        /// The step.
        name: &'static str,
    },
    /// A window is open.
    #[error(
        "a window is open: the schema is not changed while it lasts; close it with the program before this one"
    )]
    WindowOpen,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<rusqlite::Error> for MigrationError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Storage(error.into())
    }
}

/// The number of the newest step.
pub(crate) fn newest() -> i64 {
    STEPS.iter().map(|(number, _, _)| *number).max().unwrap_or(0)
}

/// Applies the missing steps, each in a transaction of its own.
pub(crate) fn apply(connection: &mut Connection, now: Moment) -> Result<(), MigrationError> {
    connection.execute_batch(TABLE)?;
    check(connection)?;
    for (number, name, text) in STEPS {
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let applied: Option<Vec<u8>> =
            tx.query_row(APPLIED, [number], |row| row.get(0)).optional()?;
        if applied.is_some() {
            continue;
        }
        if *number > 1
            && tx.query_row(sql::OVERLAYS_UNCLOSED_COUNT, [now.0], |row| row.get::<_, i64>(0))? > 0
        {
            return Err(MigrationError::WindowOpen);
        }
        tx.execute_batch(text)?;
        let checksum = Digest::of(text.as_bytes());
        tx.execute(RECORD, (number, name, checksum.as_bytes(), now.0))?;
        tx.commit()?;
    }
    Ok(())
}

/// Compares the steps that were applied with those of this program; missing ones are no error.
pub(crate) fn check(connection: &Connection) -> Result<(), MigrationError> {
    let found: i64 = connection.query_row(LAST, [], |row| row.get(0))?;
    if found > newest() {
        return Err(MigrationError::Newer { found, known: newest() });
    }
    for (number, name, text) in STEPS {
        let applied: Option<Vec<u8>> =
            connection.query_row(APPLIED, [number], |row| row.get(0)).optional()?;
        if applied.is_some_and(|checksum| checksum != Digest::of(text.as_bytes()).as_bytes()) {
            return Err(MigrationError::Changed { name });
        }
    }
    Ok(())
}
