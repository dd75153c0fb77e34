//! Where the database of an installation is: a file in its folder, or a server.

use std::fmt;
use std::path::Path;

use crate::database::{Database, PostgresDatabase, Target, values};
use crate::error::StorageError;
use crate::sqlite::{self, Access};
use crate::store::DATABASE_FILE;

/// Where the database of an installation is.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum DatabasePlace {
    /// The file `guan.db` in the installation folder.
    #[default]
    File,
    /// A database on a `PostgreSQL` server, by its address: `postgres://user:password@host/database`.
    Postgres(String),
}

impl fmt::Debug for DatabasePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File => "File",
            // The address may hold a password.
            Self::Postgres(_) => "Postgres(..)",
        })
    }
}

impl From<Option<String>> for DatabasePlace {
    fn from(address: Option<String>) -> Self {
        address.map_or(Self::File, Self::Postgres)
    }
}

impl DatabasePlace {
    /// The address, where there is one.
    pub fn address(&self) -> Option<&str> {
        match self {
            Self::File => None,
            Self::Postgres(address) => Some(address),
        }
    }

    /// A connection; on a server it is made at its first use.
    ///
    /// Errors: no such file; an address that cannot be used.
    pub(crate) fn connect(&self, folder: &Path, access: Access) -> Result<Database, StorageError> {
        match self {
            Self::File => sqlite::open(&folder.join(DATABASE_FILE), access),
            Self::Postgres(address) => {
                Ok(PostgresDatabase::new(Target::new(address, access)?).into())
            }
        }
    }
}

/// What a database on a server holds already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Holds {
    /// No table of an installation.
    Nothing,
    /// An installation, by its id; tables without one have none.
    Installation(Option<String>),
}

/// Asks a database on a server what it holds, before anything is made there.
///
/// Errors: it cannot be reached; it does not keep its texts in UTF-8.
pub(crate) fn holds(database: &Database) -> Result<Holds, StorageError> {
    let first = |text: &str| -> Result<String, StorageError> {
        let rows: Vec<String> = database.rows_of_text(text, values![], |row| row.get(0))?;
        Ok(rows.into_iter().next().unwrap_or_default())
    };
    let encoding = first("SELECT current_setting('server_encoding')")?;
    if encoding != "UTF8" {
        let problem = format!("the database keeps texts in {encoding}: make one with UTF8");
        return Err(StorageError::Address { problem });
    }
    let table = first("SELECT coalesce(to_regclass('installation')::text, '')")?;
    if table.is_empty() {
        return Ok(Holds::Nothing);
    }
    let instance = database.one(crate::sql::INSTALLATION, values![], |row| row.get(0))?;
    Ok(Holds::Installation(instance))
}
