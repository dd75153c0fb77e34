//! What only `SQLite` does: connections with their pragmas, the whole-file snapshot and its check.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

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

/// Opens an existing database, or a new one for [`create`].
pub(crate) fn open(path: &Path, access: Access) -> Result<Connection, StorageError> {
    let flags = match access {
        Access::ReadWrite => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Access::ReadOnly => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    prepare(&connection, access)?;
    Ok(connection)
}

/// Makes an empty database.
pub(crate) fn create(path: &Path) -> Result<Connection, StorageError> {
    let connection = Connection::open(path)?;
    prepare(&connection, Access::ReadWrite)?;
    Ok(connection)
}

fn prepare(connection: &Connection, access: Access) -> Result<(), StorageError> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    if access == Access::ReadWrite {
        connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "full")?;
    } else {
        // The first read finds a file that is no database.
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    }
    Ok(())
}

/// Writes a compact copy of the whole database to a new file, in one read transaction.
pub(crate) fn snapshot(connection: &Connection, to: &Path) -> Result<(), StorageError> {
    let Some(to) = to.to_str() else {
        return Err(StorageError::unreadable("the path of the backup is not text"));
    };
    connection.execute("VACUUM INTO ?1", [to])?;
    Ok(())
}

/// Whether the pages, indexes and constraints of the file are sound.
pub(crate) fn integrity(connection: &Connection) -> Result<(), StorageError> {
    let found: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(StorageError::Damaged) }
}

/// Brings everything from the write-ahead log into the file, so that the file alone is the database.
pub(crate) fn checkpoint(connection: &Connection) -> Result<(), StorageError> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}
