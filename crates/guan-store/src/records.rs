//! Rows of records: written whole, streamed in one stable order, fetched by id.

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::model::{
    FieldId, NodeId, ObjectId, OrganizationId, Owner, PoolId, Record, RecordId, RecordKey,
    RelationId, Share, TeamMember, Value,
};
use rusqlite::{Connection, OptionalExtension, Row};
use serde::{Deserialize, Serialize};

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

    fn record(&self, object: ObjectId, id: RecordId) -> Result<Record, StorageError> {
        let unreadable = |error| StorageError::unreadable(format!("record {object}/{id}: {error}"));
        let fields = serde_json::from_str(&self.body).map_err(unreadable)?;
        let access: Access = serde_json::from_str(&self.access).map_err(unreadable)?;
        let Access { owners, unit, tags, parents, pool, locked, shares, team } = access;
        Ok(Record { object, id, owners, unit, tags, parents, pool, locked, fields, shares, team })
    }
}

/// Writes one record and says what was there before. `number` is the place of a new one.
pub(crate) fn put(
    connection: &Connection,
    organization: &OrganizationId,
    record: &Record,
    texts: &Texts,
) -> Result<Option<Texts>, StorageError> {
    let (org, object, id) = (organization.as_str(), record.object.as_str(), record.id.as_str());
    let before = texts_of(connection, organization, &record.key())?;
    if before.is_some() {
        connection.prepare_cached(sql::RECORD_CHANGE)?.execute((
            org,
            object,
            id,
            &texts.body,
            &texts.access,
        ))?;
    } else {
        let number: i64 = connection
            .prepare_cached(sql::RECORD_NUMBER_NEXT)?
            .query_row((org, object), |row| row.get(0))?;
        create(connection, organization, record, texts, number)?;
    }
    Ok(before)
}

/// Writes a record that is not there yet at a place of its object.
pub(crate) fn create(
    connection: &Connection,
    organization: &OrganizationId,
    record: &Record,
    texts: &Texts,
    number: i64,
) -> Result<(), StorageError> {
    let key = (organization.as_str(), record.object.as_str(), number, record.id.as_str());
    connection.prepare_cached(sql::RECORD_CREATE)?.execute((
        key.0,
        key.1,
        key.2,
        key.3,
        &texts.body,
        &texts.access,
    ))?;
    Ok(())
}

/// The texts of one record.
pub(crate) fn texts_of(
    connection: &Connection,
    organization: &OrganizationId,
    key: &RecordKey,
) -> Result<Option<Texts>, StorageError> {
    let place = (organization.as_str(), key.object.as_str(), key.id.as_str());
    let texts = connection
        .prepare_cached(sql::RECORD)?
        .query_row(place, |row| Ok(Texts { body: row.get(0)?, access: row.get(1)? }))
        .optional()?;
    Ok(texts)
}

/// One record.
pub(crate) fn one(
    connection: &Connection,
    organization: &OrganizationId,
    key: &RecordKey,
) -> Result<Option<Record>, StorageError> {
    texts_of(connection, organization, key)?
        .map(|texts| texts.record(key.object.clone(), key.id.clone()))
        .transpose()
}

/// Hands all records of an organization to `take`, by object and then by place, one at a time.
pub(crate) fn stream<T>(
    connection: &Connection,
    organization: &OrganizationId,
    take: impl FnOnce(&mut dyn Iterator<Item = Result<Record, ReadError>>) -> T,
) -> Result<T, ReadError> {
    let mut statement = connection.prepare_cached(sql::RECORDS)?;
    let rows = statement.query_map([organization.as_str()], raw)?;
    let mut records = rows.map(|row| {
        let (object, id, texts) = row?;
        Ok(texts.record(object.into(), id.into())?)
    });
    Ok(take(&mut records))
}

fn raw(row: &Row<'_>) -> rusqlite::Result<(String, String, Texts)> {
    Ok((row.get(0)?, row.get(1)?, Texts { body: row.get(2)?, access: row.get(3)? }))
}
