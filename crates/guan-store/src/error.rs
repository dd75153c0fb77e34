//! What can go wrong with the database and with the installation folder, in words that say what to do.

use std::path::{Path, PathBuf};

use thiserror::Error;

/// The database did not do what it was asked to.
#[derive(Debug, Error)]
pub enum StorageError {
    /// No room for what is to be written.
    #[error("the disk is full: nothing was changed; free some space and repeat")]
    Full,
    /// Opened for reading only, or the file system does not let it be written.
    #[error("the installation can only be read here: nothing was changed")]
    ReadOnly,
    /// Another process held the database longer than the time to wait.
    #[error("another process is writing: nothing was changed; repeat in a moment")]
    Busy,
    /// The file is no database any more.
    #[error("the database is damaged: restore a backup with `guan restore`")]
    Damaged,
    /// A sealed row was to be changed.
    #[error("a sealed row was to be changed: nothing was changed")]
    Sealed,
    /// A row does not have the form that this program writes.
    #[error(
        "the database holds a row that cannot be read ({what}): restore a backup with `guan restore`"
    )]
    Unreadable {
        /// Which row, and what is wrong.
        what: String,
    },
    /// The server is not there, or the connection to it was lost.
    #[error("the database cannot be reached: nothing was changed; repeat when it is there again")]
    Away(#[source] Source),
    /// The file was removed or replaced while it was open; what would be written into it, nobody would find.
    #[error(
        "the file of the database was taken away: nothing was changed; stop the program, and put the file back or restore a backup with `guan restore`"
    )]
    TakenAway,
    /// The connection was lost while a change was made durable.
    #[error(
        "the connection to the database was lost while a change was made durable: look whether it is there before repeating"
    )]
    Unknown(#[source] Source),
    /// Another change came first, and the database wants this one again from the start.
    #[error("another change came first: nothing was changed; repeat")]
    Again,
    /// Nobody waits for the change any more.
    #[error("the request was given up: nothing more was changed")]
    GivenUp,
    /// A text with a character that is no text.
    #[error("a text with a zero character cannot be kept: nothing was changed; take it out")]
    ZeroCharacter,
    /// The address of the database cannot be used.
    #[error("the address of the database cannot be used: {problem}")]
    Address {
        /// What is wrong, without the address, which may hold a password.
        problem: String,
    },
    /// A question was asked while another one is being answered.
    #[error("the database was asked something inside of an answer: this is a fault of the program")]
    Nested,
    /// Anything else.
    #[error("the database refused")]
    Other(#[source] Source),
}

/// What a database said itself.
pub(crate) type Source = Box<dyn std::error::Error + Send + Sync>;

impl From<rusqlite::Error> for StorageError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        if let rusqlite::Error::SqliteFailure(_, Some(text)) = &error
            && text.starts_with("sealed: ")
        {
            return Self::Sealed;
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
            _ => Self::Other(error.into()),
        }
    }
}

impl From<postgres::Error> for StorageError {
    fn from(error: postgres::Error) -> Self {
        let Some(refused) = error.as_db_error() else {
            return if is_of_the_connection(&error) {
                Self::Away(error.into())
            } else {
                Self::Other(error.into())
            };
        };
        if refused.message().starts_with("sealed: ") {
            return Self::Sealed;
        }
        // The codes of the manual's appendix A, by class where the class says enough.
        match refused.code().code() {
            "53100" => Self::Full,
            "25006" => Self::ReadOnly,
            "40001" | "40P01" => Self::Again,
            "55P03" | "57014" => Self::Busy,
            "XX001" | "XX002" => Self::Damaged,
            "25P03" | "53300" | "57P01" | "57P02" | "57P03" | "57P05" => Self::Away(error.into()),
            class if class.starts_with("08") => Self::Away(error.into()),
            _ => Self::Other(error.into()),
        }
    }
}

/// Whether the way to the server failed, not what was said on it.
fn is_of_the_connection(error: &postgres::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if inner.is::<std::io::Error>() {
            return true;
        }
        source = inner.source();
    }
    error.is_closed()
}

impl StorageError {
    pub(crate) fn away(what: impl Into<Source>) -> Self {
        Self::Away(what.into())
    }

    pub(crate) fn unreadable(what: impl std::fmt::Display) -> Self {
        Self::Unreadable { what: what.to_string() }
    }
}

/// A file of the installation or of a backup could not be used.
#[derive(Debug, Error)]
#[error("`{}` cannot be {verb}", path.display())]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// What was to be done: `read`, `written`.
    pub verb: &'static str,
    /// Why not.
    pub source: std::io::Error,
}

impl FileError {
    pub(crate) fn reading(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        Self::doing(path, "read")
    }

    pub(crate) fn writing(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        Self::doing(path, "written")
    }

    fn doing(path: &Path, verb: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self { path, verb, source }
    }
}

/// A question to the store could not be answered.
#[derive(Debug, Error)]
pub enum ReadError {
    /// There is no such organization.
    #[error("there is no organization `{organization}` in this installation")]
    UnknownOrganization {
        /// As asked.
        organization: String,
    },
    /// There is no such revision.
    #[error("organization `{organization}` has no revision {revision}")]
    UnknownRevision {
        /// The organization.
        organization: String,
        /// As asked.
        revision: u64,
    },
    /// There is no such overlay.
    #[error("organization `{organization}` has no overlay `{overlay}`")]
    UnknownOverlay {
        /// The organization.
        organization: String,
        /// As asked.
        overlay: String,
    },
    /// The side file cannot be used.
    #[error(transparent)]
    Side(#[from] crate::side::SideError),
    /// One more connection for reading cannot be opened.
    #[error(transparent)]
    Unopened(Box<crate::store::OpenError>),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl ReadError {
    /// Whether the database is away for a while, which says nothing about what is in it.
    pub fn is_away(&self) -> bool {
        use crate::store::OpenError;
        let storage = match self {
            Self::Storage(storage) => storage,
            Self::Unopened(open) => match open.as_ref() {
                OpenError::Storage(storage) => storage,
                _ => return false,
            },
            _ => return false,
        };
        matches!(storage, StorageError::Busy | StorageError::Away(_) | StorageError::Again)
    }
}

impl From<crate::entity::BadEntity> for ReadError {
    fn from(bad: crate::entity::BadEntity) -> Self {
        Self::Storage(StorageError::unreadable(bad))
    }
}
