//! Records read with their stamps, out of the bin, and their history.

use std::ops::ControlFlow;

use guan_engine::model::{Moment, ObjectId, OrganizationId, PoolId, Record, RecordId, RecordKey};
use serde::Serialize;

use crate::database::{Database, Row, values};
use crate::error::StorageError;
use crate::records::Texts;
use crate::sql;

/// Which version of a record it is, and who made and changed it when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stamp {
    /// Counts the changes, from 1; what a change is made from.
    pub version: u64,
    /// When it was made.
    pub created: Moment,
    /// By whom: the id of a caller.
    pub created_by: String,
    /// When it was changed last.
    pub changed: Moment,
    /// By whom.
    pub changed_by: String,
}

impl Stamp {
    fn of(row: &Row<'_>, at: usize) -> Result<Self, StorageError> {
        Ok(Self {
            version: row.get(at)?,
            created: Moment(row.get(at + 1)?),
            created_by: row.get(at + 2)?,
            changed: Moment(row.get(at + 3)?),
            changed_by: row.get(at + 4)?,
        })
    }
}

/// A record as it is stored. It never leaves the store like this.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) number: i64,
    pub(crate) record: Record,
    pub(crate) stamp: Stamp,
}

/// A deleted record. Its values are not shown: the engine decides on records that are there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BinEntry {
    /// Its id.
    pub id: RecordId,
    /// When it was deleted.
    pub deleted: Moment,
    /// By whom.
    pub deleted_by: String,
    /// From when it may be gone for good.
    pub purge: Moment,
}

/// One record with its stamp.
pub(crate) fn stamped(
    database: &Database,
    organization: &OrganizationId,
    key: &RecordKey,
) -> Result<Option<(Record, Stamp)>, StorageError> {
    let place = values![organization.as_str(), key.object.as_str(), key.id.as_str()];
    let found = database.one(sql::RECORD_STAMPED, place, |row| {
        Ok((Texts { body: row.get(0)?, access: row.get(1)? }, Stamp::of(row, 2)?))
    })?;
    found
        .map(|(texts, stamp)| Ok((texts.record(key.object.clone(), key.id.clone())?, stamp)))
        .transpose()
}

/// The records of these ids that are there, in the order of the ids.
pub(crate) fn of_ids(
    database: &Database,
    organization: &OrganizationId,
    object: &ObjectId,
    ids: &[RecordId],
) -> Result<Vec<Stored>, StorageError> {
    let ids = serde_json::to_string(ids).map_err(StorageError::unreadable)?;
    let place = values![organization.as_str(), object.as_str(), ids];
    database.rows(sql::RECORDS_OF_IDS, place, |row| {
        let texts = Texts { body: row.get(2)?, access: row.get(3)? };
        let id: String = row.get(1)?;
        let record = texts.record(object.clone(), id.into())?;
        Ok(Stored { number: row.get(0)?, record, stamp: Stamp::of(row, 4)? })
    })
}

/// A record of an object while it streams by.
pub(crate) struct Passing {
    pub(crate) number: i64,
    pub(crate) id: RecordId,
    pub(crate) body: String,
    pub(crate) access: String,
}

/// Hands every record of an object to `take`, in the order in which they came.
pub(crate) fn each(
    database: &Database,
    organization: &OrganizationId,
    object: &ObjectId,
    mut take: impl FnMut(Passing) -> Result<ControlFlow<()>, StorageError>,
) -> Result<(), StorageError> {
    let place = values![organization.as_str(), object.as_str()];
    database.each(sql::RECORDS_OF_OBJECT, place, |row| {
        let id: String = row.get(1)?;
        take(Passing { number: row.get(0)?, id: id.into(), body: row.get(2)?, access: row.get(3)? })
    })
}

/// Numbers and ids of the records in which a full-text query finds its words, in no order.
pub(crate) fn with_words(
    database: &Database,
    organization: &OrganizationId,
    object: &ObjectId,
    query: &str,
) -> Result<Vec<RecordId>, StorageError> {
    let place = values![organization.as_str(), object.as_str(), query];
    let mut found: Vec<(i64, String)> =
        database.rows(sql::WORDS_FIND, place, |row| Ok((row.get(0)?, row.get(1)?)))?;
    found.sort_unstable();
    Ok(found.into_iter().map(|(_, id)| id.into()).collect())
}

/// A record in the bin, with who put it there.
pub(crate) fn binned(
    database: &Database,
    organization: &OrganizationId,
    key: &RecordKey,
) -> Result<Option<(Record, BinEntry)>, StorageError> {
    let place = values![organization.as_str(), key.object.as_str(), key.id.as_str()];
    let found = database.one(sql::BIN, place, |row| {
        let entry = BinEntry {
            id: key.id.clone(),
            deleted: Moment(row.get(5)?),
            deleted_by: row.get(6)?,
            purge: Moment(row.get(7)?),
        };
        Ok((Texts { body: row.get(0)?, access: row.get(1)? }, entry))
    })?;
    found
        .map(|(texts, entry)| Ok((texts.record(key.object.clone(), key.id.clone())?, entry)))
        .transpose()
}

/// A row of history as it is stored.
pub(crate) struct HistoryRow {
    pub(crate) number: i64,
    pub(crate) field: String,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
    pub(crate) at: Moment,
    pub(crate) author: String,
    pub(crate) cause: String,
    pub(crate) sequence: u64,
}

/// The newest rows of a record's history before a number.
pub(crate) fn history(
    database: &Database,
    organization: &OrganizationId,
    key: &RecordKey,
    (before, limit): (i64, u64),
) -> Result<Vec<HistoryRow>, StorageError> {
    let (org, object, id) = (organization.as_str(), key.object.as_str(), key.id.as_str());
    database.rows(sql::HISTORY, values![org, object, id, before, limit], |row| {
        Ok(HistoryRow {
            number: row.get(0)?,
            field: row.get(1)?,
            before: row.get(2)?,
            after: row.get(3)?,
            at: Moment(row.get(4)?),
            author: row.get(5)?,
            cause: row.get(6)?,
            sequence: row.get(7)?,
        })
    })
}

/// The record that stands at a number, or the nearest one before it; in a descending list after it.
pub(crate) fn id_near(
    database: &Database,
    organization: &OrganizationId,
    object: &ObjectId,
    (number, descending): (i64, bool),
) -> Result<Option<RecordId>, StorageError> {
    let place = values![organization.as_str(), object.as_str(), number];
    let statement = if descending { sql::RECORD_ID_AFTER } else { sql::RECORD_ID_BEFORE };
    let id: Option<String> = database.one(statement, place, |row| row.get(0))?;
    Ok(id.map(Into::into))
}

/// Deleted records after a number, in the order in which they were made; of one who deleted them, or of everybody.
pub(crate) fn bin_page(
    database: &Database,
    organization: &OrganizationId,
    object: &ObjectId,
    (after, deleted_by, limit): (i64, Option<&str>, u64),
) -> Result<Vec<(i64, BinEntry)>, StorageError> {
    let (org, by) = (organization.as_str(), deleted_by.unwrap_or_default());
    database.rows(sql::BIN_PAGE, values![org, object.as_str(), after, by, limit], |row| {
        let id: String = row.get(0)?;
        let entry = BinEntry {
            id: id.into(),
            deleted: Moment(row.get(2)?),
            deleted_by: row.get(3)?,
            purge: Moment(row.get(4)?),
        };
        Ok((row.get(1)?, entry))
    })
}

/// Deleted records that the bin need not keep any longer.
pub(crate) fn bin_due(
    database: &Database,
    organization: &OrganizationId,
    (now, limit): (Moment, u64),
) -> Result<Vec<RecordKey>, StorageError> {
    let due = values![organization.as_str(), now.0, limit];
    database.rows(sql::BIN_DUE, due, key)
}

fn key(row: &Row<'_>) -> Result<RecordKey, StorageError> {
    Ok(RecordKey::new(row.get::<String>(0)?, row.get::<String>(1)?))
}

/// How many records of a pool a holder has, and how many they claimed since a moment.
pub(crate) fn claims(
    database: &Database,
    organization: &OrganizationId,
    (pool, holder, since): (&PoolId, &str, Moment),
) -> Result<(u64, u64), StorageError> {
    let (org, pool) = (organization.as_str(), pool.as_str());
    let held = database.only(sql::CLAIMS_HELD, values![org, pool, holder], |row| row.get(0))?;
    let since = values![org, pool, holder, since.0];
    Ok((held, database.only(sql::CLAIMS_SINCE, since, |row| row.get(0))?))
}

/// When a holder gave up a record of a pool last.
pub(crate) fn last_held(
    database: &Database,
    organization: &OrganizationId,
    (pool, key, holder): (&PoolId, &RecordKey, &str),
) -> Result<Option<Moment>, StorageError> {
    let (object, id) = (key.object.as_str(), key.id.as_str());
    let place = values![organization.as_str(), pool.as_str(), object, id, holder];
    let ended: Option<i64> = database.only(sql::CLAIM_LAST_END, place, |row| row.get(0))?;
    Ok(ended.map(Moment))
}

/// Records of a pool that somebody holds and nobody has changed since a moment, with when they were claimed or changed last,
/// the longest ago first.
pub(crate) fn stale_claims(
    database: &Database,
    organization: &OrganizationId,
    (pool, since, limit): (&PoolId, Moment, u64),
) -> Result<Vec<(RecordKey, Moment)>, StorageError> {
    let place = values![organization.as_str(), pool.as_str(), since.0, limit];
    database.rows(sql::CLAIMS_STALE, place, |row| Ok((key(row)?, Moment(row.get(2)?))))
}

/// Hands the records of these ids that are there to `take`, in the order of the ids.
pub(crate) fn each_of_ids(
    database: &Database,
    organization: &OrganizationId,
    object: &ObjectId,
    ids: &[RecordId],
    mut take: impl FnMut(Passing) -> Result<ControlFlow<()>, StorageError>,
) -> Result<(), StorageError> {
    let ids = serde_json::to_string(ids).map_err(StorageError::unreadable)?;
    let place = values![organization.as_str(), object.as_str(), ids];
    database.each(sql::RECORDS_OF_IDS, place, |row| {
        let id: String = row.get(1)?;
        take(Passing { number: row.get(0)?, id: id.into(), body: row.get(2)?, access: row.get(3)? })
    })
}
