//! Policy revisions: immutable, numbered, each the set of entities that were alive at it.

use guan_engine::model::{Moment, OrganizationId, Policy};
use guan_ledger::Digest;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::Serialize;

use crate::entity::{self, Entities};
use crate::error::{ReadError, StorageError};
use crate::{log, sql};

/// How a revision came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RevisionOrigin {
    /// With the organization.
    Created,
    /// A whole policy took the place of the one before.
    Replaced,
    /// Some entities were changed.
    Edited,
    /// An earlier content came back.
    MadeCurrent,
}

impl RevisionOrigin {
    const ALL: [Self; 4] = [Self::Created, Self::Replaced, Self::Edited, Self::MadeCurrent];

    /// The name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Replaced => "replaced",
            Self::Edited => "edited",
            Self::MadeCurrent => "made_current",
        }
    }
}

/// What is known of a revision beside its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Revision {
    /// Its number within the organization, from 1; may skip numbers that were used before a restore.
    pub number: u64,
    /// How it came to be.
    pub origin: RevisionOrigin,
    /// The caller who made it.
    pub author: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Moment,
    /// The digest of the revision that it was made from; `None` for the first.
    pub before: Option<Digest>,
    /// The digest of its content.
    pub after: Digest,
    /// How many entities differ from the revision before.
    pub changed: u64,
}

impl Revision {
    fn of(row: &Row<'_>) -> rusqlite::Result<Result<Self, StorageError>> {
        let origin: String = row.get(1)?;
        let (before, after): (Option<Vec<u8>>, Vec<u8>) = (row.get(5)?, row.get(6)?);
        let (number, author, reason) = (row.get(0)?, row.get(2)?, row.get(3)?);
        let (at, changed) = (Moment(row.get(4)?), row.get(7)?);
        let made = || {
            let origin = RevisionOrigin::ALL.into_iter().find(|known| known.name() == origin);
            Ok(Self {
                number,
                origin: origin.ok_or_else(|| StorageError::unreadable("origin of a revision"))?,
                author,
                reason,
                at,
                before: before.as_deref().map(log::digest).transpose()?,
                after: log::digest(&after)?,
                changed,
            })
        };
        Ok(made())
    }
}

/// The number of the current revision.
pub(crate) fn current(
    connection: &Connection,
    organization: &OrganizationId,
) -> Result<u64, ReadError> {
    let number: Option<u64> = connection
        .prepare_cached(sql::CURRENT_REVISION)?
        .query_row([organization.as_str()], |row| row.get(0))
        .optional()?;
    number.ok_or_else(|| ReadError::UnknownOrganization { organization: organization.to_string() })
}

/// What is known of one revision.
pub(crate) fn one(
    connection: &Connection,
    organization: &OrganizationId,
    number: u64,
) -> Result<Revision, ReadError> {
    let unknown =
        || ReadError::UnknownRevision { organization: organization.to_string(), revision: number };
    let bound = i64::try_from(number).map_err(|_| unknown())?;
    let found = connection
        .prepare_cached(sql::REVISION)?
        .query_row((organization.as_str(), bound), Revision::of)
        .optional()?;
    match found {
        Some(revision) => Ok(revision?),
        None => Err(unknown()),
    }
}

/// All revisions, the first first.
pub(crate) fn all(
    connection: &Connection,
    organization: &OrganizationId,
) -> Result<Vec<Revision>, ReadError> {
    current(connection, organization)?;
    let mut statement = connection.prepare_cached(sql::REVISIONS)?;
    statement
        .query_map([organization.as_str()], Revision::of)?
        .map(|revision| Ok(revision??))
        .collect()
}

/// The entities that were alive at a revision.
pub(crate) fn entities(
    connection: &Connection,
    organization: &OrganizationId,
    number: u64,
) -> Result<Entities, ReadError> {
    let bound = i64::try_from(number).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(sql::ENTITIES_AT)?;
    let mut found = statement.query((organization.as_str(), bound))?;
    let mut entities = Entities::new();
    while let Some(row) = found.next()? {
        let kind: String = row.get(0)?;
        let kind = kind.parse().map_err(StorageError::unreadable)?;
        entities.insert((kind, row.get(1)?), row.get(2)?);
    }
    Ok(entities)
}

/// The policy that entities make.
pub(crate) fn policy(entities: &Entities) -> Result<Policy, entity::BadEntity> {
    entity::assemble(entities.iter().map(|((kind, id), body)| (*kind, id.as_str(), body.as_str())))
}

/// A revision that is to be written.
pub(crate) struct Next<'a> {
    pub(crate) organization: &'a OrganizationId,
    pub(crate) origin: RevisionOrigin,
    pub(crate) author: &'a str,
    pub(crate) reason: &'a str,
    pub(crate) at: Moment,
    pub(crate) before: Option<(u64, &'a Entities)>,
    pub(crate) after: &'a Entities,
}

/// What was written.
pub(crate) struct Made {
    pub(crate) number: u64,
    pub(crate) before: Option<Digest>,
    pub(crate) after: Digest,
    pub(crate) changed: u64,
}

/// Writes a revision and makes it current; `None` when nothing differs.
pub(crate) fn write(connection: &Connection, next: &Next<'_>) -> Result<Option<Made>, ReadError> {
    let organization = next.organization;
    let org = organization.as_str();
    let empty = Entities::new();
    let differences = entity::differences(next.before.map_or(&empty, |(_, old)| old), next.after);
    if differences.is_empty() {
        return Ok(None);
    }
    let number: u64 =
        connection.query_row(sql::REVISION_LAST, [org], |row| row.get::<_, u64>(0))? + 1;
    for difference in &differences {
        let key = (org, difference.kind.name(), difference.id.as_str(), number);
        if difference.before.is_some() {
            connection.prepare_cached(sql::ENTITY_END)?.execute(key)?;
        }
        if let Some(body) = &difference.after {
            let row = (key.0, key.1, key.2, key.3, body);
            connection.prepare_cached(sql::ENTITY_CREATE)?.execute(row)?;
        }
    }
    let before = match next.before {
        Some((number, _)) => Some(one(connection, organization, number)?.after),
        None => None,
    };
    let (after, changed) = (entity::digest(next.after), differences.len() as u64);
    connection.execute(
        sql::REVISION_CREATE,
        (
            org,
            number,
            next.origin.name(),
            next.author,
            next.reason,
            next.at.0,
            before.map(|digest| digest.as_bytes().to_vec()),
            after.as_bytes(),
            changed,
        ),
    )?;
    if next.before.is_some() {
        connection.execute(sql::CURRENT_REVISION_SET, (org, number))?;
    } else {
        connection.execute(sql::ORGANIZATION_CREATE, (org, number, next.at.0))?;
    }
    Ok(Some(Made { number, before, after, changed }))
}
