//! Rows of records: written whole, streamed in one stable order, fetched by id.

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::model::{
    FieldId, Moment, NodeId, ObjectId, OrganizationId, Owner, PoolId, Record, RecordId, RecordKey,
    RelationId, Share, TeamMember, Value,
};
use serde::{Deserialize, Serialize};

use crate::database::{Database, Mode, values};
use crate::error::{ReadError, StorageError};
use crate::sql;

#[derive(Serialize)]
struct AccessRef<'a> {
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    owners: &'a BTreeSet<Owner>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: &'a Option<NodeId>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    tags: &'a BTreeSet<NodeId>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    parents: &'a BTreeMap<RelationId, RecordId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pool: &'a Option<PoolId>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    locked: bool,
    #[serde(skip_serializing_if = "<[Share]>::is_empty")]
    shares: &'a [Share],
    #[serde(skip_serializing_if = "<[TeamMember]>::is_empty")]
    team: &'a [TeamMember],
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Access {
    owners: BTreeSet<Owner>,
    unit: Option<NodeId>,
    tags: BTreeSet<NodeId>,
    parents: BTreeMap<RelationId, RecordId>,
    pool: Option<PoolId>,
    locked: bool,
    shares: Vec<Share>,
    team: Vec<TeamMember>,
}

/// The two texts of a record: its fields, and what decides who reaches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Texts {
    pub(crate) body: String,
    pub(crate) access: String,
}

impl Texts {
    pub(crate) fn of(record: &Record) -> Result<Self, StorageError> {
        let access = AccessRef {
            owners: &record.owners,
            unit: &record.unit,
            tags: &record.tags,
            parents: &record.parents,
            pool: &record.pool,
            locked: record.locked,
            shares: &record.shares,
            team: &record.team,
        };
        let unreadable =
            |error| StorageError::unreadable(format!("record {}: {error}", record.key()));
        Ok(Self {
            body: serde_json::to_string(&record.fields).map_err(unreadable)?,
            access: serde_json::to_string(&access).map_err(unreadable)?,
        })
    }

    /// Both as one JSON text, for the journal.
    pub(crate) fn joined(&self) -> String {
        format!("{{\"access\":{},\"fields\":{}}}", self.access, self.body)
    }

    pub(crate) fn fields(&self) -> Result<BTreeMap<FieldId, Value>, StorageError> {
        serde_json::from_str(&self.body).map_err(StorageError::unreadable)
    }

    pub(crate) fn record(&self, object: ObjectId, id: RecordId) -> Result<Record, StorageError> {
        let unreadable = |error| StorageError::unreadable(format!("record {object}/{id}: {error}"));
        let fields = serde_json::from_str(&self.body).map_err(unreadable)?;
        let access: Access = serde_json::from_str(&self.access).map_err(unreadable)?;
        let Access { owners, unit, tags, parents, pool, locked, shares, team } = access;
        Ok(Record { object, id, owners, unit, tags, parents, pool, locked, fields, shares, team })
    }
}

/// The record of a text that [`Texts::joined`] made.
pub(crate) fn of_joined(text: &str, key: RecordKey) -> Result<Record, StorageError> {
    #[derive(Deserialize)]
    struct Joined {
        access: Access,
        fields: BTreeMap<FieldId, Value>,
    }
    let RecordKey { object, id } = key;
    let Joined { access, fields } = serde_json::from_str(text).map_err(|error| {
        StorageError::unreadable(format!("journal of record {object}/{id}: {error}"))
    })?;
    let Access { owners, unit, tags, parents, pool, locked, shares, team } = access;
    Ok(Record { object, id, owners, unit, tags, parents, pool, locked, fields, shares, team })
}

/// The columns of a new record, in the order in which [`create_all`] loads them.
const COLUMNS: [&str; 10] = [
    "org",
    "object",
    "number",
    "id",
    "body",
    "access",
    "created_ms",
    "created_by",
    "changed_ms",
    "changed_by",
];
/// How many records are read at once while all are streamed.
const PAGE: i64 = 4_096;

/// Writes one record and says what was there before.
pub(crate) fn put(
    database: &Database,
    organization: &OrganizationId,
    record: &Record,
    texts: &Texts,
) -> Result<Option<Texts>, StorageError> {
    let before = texts_of(database, organization, &record.key())?;
    let write = if before.is_some() { change } else { create };
    write(database, organization, record, texts)?;
    Ok(before)
}

/// Writes one record that is not there.
pub(crate) fn create(
    database: &Database,
    organization: &OrganizationId,
    record: &Record,
    Texts { body, access }: &Texts,
) -> Result<(), StorageError> {
    let (object, id) = (record.object.as_str(), record.id.as_str());
    let number = next_place(database, organization, &record.object)?;
    let row = values![organization.as_str(), object, number, id, body, access];
    database.run(sql::RECORD_CREATE, row)?;
    Ok(())
}

/// Writes one record that is there.
pub(crate) fn change(
    database: &Database,
    organization: &OrganizationId,
    record: &Record,
    Texts { body, access }: &Texts,
) -> Result<(), StorageError> {
    let (object, id) = (record.object.as_str(), record.id.as_str());
    database.run(sql::RECORD_CHANGE, values![organization.as_str(), object, id, body, access])?;
    Ok(())
}

/// The place of the next new record of an object.
pub(crate) fn next_place(
    database: &Database,
    organization: &OrganizationId,
    object: &ObjectId,
) -> Result<i64, StorageError> {
    let key = values![organization.as_str(), object.as_str()];
    database.only(sql::RECORD_NUMBER_NEXT, key, |row| row.get(0))
}

/// Writes records that are not there yet, each at the given place of its object, as made now by the author.
///
/// Cost: a few microseconds a record.
pub(crate) fn create_all<'r>(
    database: &Database,
    organization: &OrganizationId,
    (at, author): (Moment, &str),
    records: impl Iterator<Item = (&'r Record, i64)>,
) -> Result<u64, StorageError> {
    let org = organization.as_str();
    let mut rows = records.map(|(record, number)| {
        let Texts { body, access } = Texts::of(record)?;
        let (object, id) = (record.object.as_str(), record.id.as_str());
        let row = values![org, object, number, id, body, access, at.0, author, at.0, author];
        Ok(row.to_vec())
    });
    database.load(("record", &COLUMNS), &mut rows)
}

/// The texts of one record.
pub(crate) fn texts_of(
    database: &Database,
    organization: &OrganizationId,
    key: &RecordKey,
) -> Result<Option<Texts>, StorageError> {
    let place = values![organization.as_str(), key.object.as_str(), key.id.as_str()];
    database.one(sql::RECORD, place, |row| Ok(Texts { body: row.get(0)?, access: row.get(1)? }))
}

/// One record.
pub(crate) fn one(
    database: &Database,
    organization: &OrganizationId,
    key: &RecordKey,
) -> Result<Option<Record>, StorageError> {
    texts_of(database, organization, key)?
        .map(|texts| texts.record(key.object.clone(), key.id.clone()))
        .transpose()
}

/// Hands all records of an organization to `take`, by object and then by place, one at a time, as of one moment.
pub(crate) fn stream<T>(
    database: &Database,
    organization: &OrganizationId,
    take: impl FnOnce(&mut dyn Iterator<Item = Result<Record, ReadError>>) -> T,
) -> Result<T, ReadError> {
    let tx = database.begin(Mode::Read)?;
    let mut pages = Pages {
        database: &tx,
        organization,
        page: Vec::new().into_iter(),
        after: (String::new(), -1),
        is_last: false,
    };
    Ok(take(&mut pages))
}

/// All records, a page at a time.
struct Pages<'a> {
    database: &'a Database,
    organization: &'a OrganizationId,
    page: std::vec::IntoIter<Result<Record, StorageError>>,
    /// Object and place of the last record that was read.
    after: (String, i64),
    is_last: bool,
}

impl Pages<'_> {
    fn turn(&mut self) -> Result<(), StorageError> {
        let (object, number) = &self.after;
        let key = values![self.organization.as_str(), object, *number, PAGE];
        let mut after = None;
        let page = self.database.rows(sql::RECORDS_AFTER, key, |row| {
            let object: String = row.get(0)?;
            let texts = Texts { body: row.get(3)?, access: row.get(4)? };
            let record = texts.record(object.as_str().into(), row.get::<String>(2)?.into());
            after = Some((object, row.get(1)?));
            Ok(record)
        })?;
        self.is_last = i64::try_from(page.len()).is_ok_and(|length| length < PAGE);
        if let Some(after) = after {
            self.after = after;
        }
        self.page = page.into_iter();
        Ok(())
    }
}

impl Iterator for Pages<'_> {
    type Item = Result<Record, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.as_slice().is_empty()
            && !self.is_last
            && let Err(error) = self.turn()
        {
            self.is_last = true;
            return Some(Err(error.into()));
        }
        self.page.next().map(|record| Ok(record?))
    }
}
