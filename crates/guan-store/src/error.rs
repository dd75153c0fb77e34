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
    /// Anything else.
    #[error("the database refused")]
    Other(#[source] rusqlite::Error),
}

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
            _ => Self::Other(error),
        }
    }
}

impl StorageError {
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
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<rusqlite::Error> for ReadError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Storage(error.into())
    }
}

impl From<crate::entity::BadEntity> for ReadError {
    fn from(bad: crate::entity::BadEntity) -> Self {
        Self::Storage(StorageError::unreadable(bad))
    }
}
