//! One undo as it is kept: of what, by whom and why, how far it came. What it wrote is journalled under its id.

use guan_engine::model::{Moment, OrganizationId, OverlayId};
use serde::Serialize;

use crate::database::{Database, Row, values};
use crate::error::StorageError;
use crate::sql;

/// How the ids of undos begin; ids of overlays begin otherwise.
pub(crate) const ID_BEGINS: &str = "u-";

/// An undo that was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UndoRun {
    /// Its id.
    pub id: String,
    /// The window.
    pub overlay: OverlayId,
    /// What it takes back: the id of the window, or of an earlier undo.
    pub of: String,
    /// Who began it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When it was begun.
    pub begun: Moment,
    /// When its last part was written; absent when it was interrupted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished: Option<Moment>,
    /// How many records it wrote.
    pub writes: u64,
}

impl UndoRun {
    fn of_row(row: &Row<'_>) -> Result<Self, StorageError> {
        Ok(Self {
            id: row.get(0)?,
            overlay: row.get::<String>(1)?.into(),
            of: row.get(2)?,
            by: row.get(3)?,
            reason: row.get(4)?,
            begun: Moment(row.get(5)?),
            finished: row.get::<Option<i64>>(6)?.map(Moment),
            writes: row.get(7)?,
        })
    }
}

/// One undo; `None` when there is no such.
pub(crate) fn one(
    database: &Database,
    organization: &OrganizationId,
    id: &str,
) -> Result<Option<UndoRun>, StorageError> {
    database.one(sql::UNDO_RUN, values![organization.as_str(), id], UndoRun::of_row)
}

/// The undos of a window and of each other, the first first.
pub(crate) fn of_overlay(
    database: &Database,
    organization: &OrganizationId,
    overlay: &OverlayId,
) -> Result<Vec<UndoRun>, StorageError> {
    let place = values![organization.as_str(), overlay.as_str()];
    database.rows(sql::UNDO_RUNS, place, UndoRun::of_row)
}

/// The same undo by the same person that was interrupted, to go on with.
pub(crate) fn broken(
    database: &Database,
    organization: &OrganizationId,
    (journal, author, wanted): (&str, &str, &str),
) -> Result<Option<String>, StorageError> {
    let place = values![organization.as_str(), journal, author, wanted];
    database.one(sql::UNDO_RUN_BROKEN, place, |row| row.get(0))
}
