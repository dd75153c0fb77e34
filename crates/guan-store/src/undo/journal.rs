//! The journal as it is kept: what was written under a window or by an undo, and what of it was taken back.

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::model::{FieldId, OrganizationId, OverlayId, Record, RecordKey};

use super::model::{Journalled, Undone};
use crate::database::{Database, Row, values};
use crate::error::StorageError;
use crate::records;
use crate::sql;

/// One row of a journal.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// The write with its images; without them once they were erased.
    pub(crate) entry: Journalled,
    /// The operation.
    pub(crate) verb: String,
    /// `created`, `changed` or `deleted`.
    pub(crate) what: String,
    /// Of the record as the write left it; 0 when it is not known.
    pub(crate) version: u64,
    /// Whether the images were erased.
    pub(crate) erased: bool,
}

impl Kept {
    fn of(row: &Row<'_>) -> Result<Self, StorageError> {
        let key = RecordKey::new(row.get::<String>(2)?, row.get::<String>(3)?);
        let image = |text: Option<String>| {
            text.map(|text| records::of_joined(&text, key.clone())).transpose()
        };
        let (before, after) = (image(row.get(4)?)?, image(row.get(5)?)?);
        let what: String = row.get(8)?;
        let what = if what.is_empty() { what_of(before.is_some(), after.is_some()) } else { &what };
        Ok(Self {
            verb: row.get(7)?,
            what: what.to_owned(),
            version: row.get(10)?,
            erased: row.get(11)?,
            entry: Journalled {
                number: row.get(0)?,
                decision: row.get(1)?,
                cascade: row.get(9)?,
                by: row.get::<String>(6)?.into(),
                key,
                before,
                after,
            },
        })
    }
}

/// A record before and after a write; none where it was not there, or the image was erased.
pub(crate) type Images = (Option<Record>, Option<Record>);

/// What was there before and after each write of a record under a window.
pub(crate) fn images(
    database: &Database,
    (organization, overlay): (&OrganizationId, &OverlayId),
    key: &RecordKey,
) -> Result<Vec<Images>, StorageError> {
    let place =
        values![organization.as_str(), overlay.as_str(), key.object.as_str(), key.id.as_str()];
    let image =
        |text: Option<String>| text.map(|text| records::of_joined(&text, key.clone())).transpose();
    database.rows(sql::JOURNAL_ON, place, |row| Ok((image(row.get(0)?)?, image(row.get(1)?)?)))
}

/// What a write did to its record, by whether there was something before and after it.
pub(crate) const fn what_of(before: bool, after: bool) -> &'static str {
    match (before, after) {
        (false, _) => "created",
        (true, true) => "changed",
        (true, false) => "deleted",
    }
}

/// A whole journal, in order: of an overlay or of an undo.
pub(crate) fn read(
    database: &Database,
    organization: &OrganizationId,
    journal: &str,
) -> Result<Vec<Kept>, StorageError> {
    database.rows(sql::JOURNAL, values![organization.as_str(), journal], Kept::of)
}

/// What of a journal was taken back.
pub(crate) fn undone(
    database: &Database,
    organization: &OrganizationId,
    journal: &str,
) -> Result<BTreeMap<u64, Undone>, StorageError> {
    let rows: Vec<(u64, String)> =
        database.rows(sql::UNDONE, values![organization.as_str(), journal], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let mut undone: BTreeMap<u64, Undone> = BTreeMap::new();
    for (number, field) in rows {
        let known = undone.entry(number).or_insert_with(|| Undone::Fields(BTreeSet::new()));
        match known {
            _ if field.is_empty() => *known = Undone::Whole,
            Undone::Fields(fields) => {
                fields.insert(FieldId::from(field));
            }
            Undone::Whole => {}
        }
    }
    Ok(undone)
}
