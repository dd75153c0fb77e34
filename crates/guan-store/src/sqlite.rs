//! What only `SQLite` does: connections with their pragmas, the whole-file snapshot and its check.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::database::{Database, SqliteDatabase, values};
use crate::error::StorageError;

/// How long a writer waits for another one.
const BUSY: Duration = Duration::from_secs(5);

/// How a database is opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Access {
    /// For reading and writing.
    #[default]
    ReadWrite,
    /// For reading only: every write is refused.
    ReadOnly,
}

/// Opens an existing database.
pub(crate) fn open(path: &Path, access: Access) -> Result<Database, StorageError> {
    let flags = match access {
        Access::ReadWrite => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Access::ReadOnly => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    prepared(connection, access)
}

/// Makes an empty database.
pub(crate) fn create(path: &Path) -> Result<Database, StorageError> {
    prepared(Connection::open(path)?, Access::ReadWrite)
}

/// An empty database that no file holds.
#[cfg(test)]
pub(crate) fn in_memory() -> Result<Database, StorageError> {
    prepared(Connection::open_in_memory()?, Access::ReadWrite)
}

fn prepared(connection: Connection, access: Access) -> Result<Database, StorageError> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(256);
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    if access == Access::ReadWrite {
        connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "full")?;
    } else {
        // The first read finds a file that is no database.
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    }
    Ok(SqliteDatabase::new(connection).into())
}

/// Writes a compact copy of the whole database to a new file, in one read transaction.
pub(crate) fn snapshot(database: &Database, to: &Path) -> Result<(), StorageError> {
    let Some(to) = to.to_str() else {
        return Err(StorageError::unreadable("the path of the backup is not text"));
    };
    database.rows_of_text("VACUUM INTO ?1", values![to], |_| Ok(()))?;
    Ok(())
}

/// Makes the file alone the whole database, also for those who may not write beside it, and durable.
pub(crate) fn leave_alone(database: &Database) -> Result<(), StorageError> {
    database.rows_of_text("PRAGMA journal_mode = delete", values![], |_| Ok(()))?;
    Ok(())
}

/// Whether the pages, indexes and constraints of the file are sound.
pub(crate) fn integrity(database: &Database) -> Result<(), StorageError> {
    let found: Vec<String> =
        database.rows_of_text("PRAGMA integrity_check(1)", values![], |row| row.get(0))?;
    if found == ["ok"] { Ok(()) } else { Err(StorageError::Damaged) }
}

/// Brings everything from the write-ahead log into the file, so that the file alone is the database.
pub(crate) fn checkpoint(database: &Database) -> Result<(), StorageError> {
    database.rows_of_text("PRAGMA wal_checkpoint(TRUNCATE)", values![], |_| Ok(()))?;
    Ok(())
}
