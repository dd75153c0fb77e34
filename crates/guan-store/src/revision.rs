//! Policy revisions: immutable, numbered, each the set of entities that were alive at it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use guan_engine::model::{Moment, OrganizationId, Policy};
use guan_ledger::Digest;
use parking_lot::Mutex;
use serde::Serialize;

use crate::database::{Database, Row, values};
use crate::entity::{self, Entities};
use crate::error::{ReadError, StorageError};
use crate::write::WriteError;
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
    fn of(row: &Row<'_>) -> Result<Self, StorageError> {
        let origin: String = row.get(1)?;
        let origin = RevisionOrigin::ALL.into_iter().find(|known| known.name() == origin);
        let (before, after): (Option<Vec<u8>>, Vec<u8>) = (row.get(5)?, row.get(6)?);
        Ok(Self {
            number: row.get(0)?,
            origin: origin.ok_or_else(|| StorageError::unreadable("origin of a revision"))?,
            author: row.get(2)?,
            reason: row.get(3)?,
            at: Moment(row.get(4)?),
            before: before.as_deref().map(log::digest).transpose()?,
            after: log::digest(&after)?,
            changed: row.get(7)?,
        })
    }
}

/// The number of the current revision.
pub(crate) fn current(
    database: &Database,
    organization: &OrganizationId,
) -> Result<u64, ReadError> {
    let number: Option<u64> =
        database.one(sql::CURRENT_REVISION, values![organization.as_str()], |row| row.get(0))?;
    number.ok_or_else(|| ReadError::UnknownOrganization { organization: organization.to_string() })
}

/// What is known of one revision.
pub(crate) fn one(
    database: &Database,
    organization: &OrganizationId,
    number: u64,
) -> Result<Revision, ReadError> {
    let unknown =
        || ReadError::UnknownRevision { organization: organization.to_string(), revision: number };
    let bound = i64::try_from(number).map_err(|_| unknown())?;
    let key = values![organization.as_str(), bound];
    database.one(sql::REVISION, key, Revision::of)?.ok_or_else(unknown)
}

/// All revisions, the first first.
pub(crate) fn all(
    database: &Database,
    organization: &OrganizationId,
) -> Result<Vec<Revision>, ReadError> {
    current(database, organization)?;
    Ok(database.rows(sql::REVISIONS, values![organization.as_str()], Revision::of)?)
}

/// The entities that were alive at a revision.
pub(crate) fn entities(
    database: &Database,
    organization: &OrganizationId,
    number: u64,
) -> Result<Entities, ReadError> {
    let mut entities = Entities::new();
    database.each(sql::ENTITIES_AT, values![organization.as_str(), number], |row| {
        let kind: String = row.get(0)?;
        let kind = kind.parse().map_err(StorageError::unreadable)?;
        entities.insert((kind, row.get(1)?), row.get(2)?);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(entities)
}

/// The policy that entities make.
pub(crate) fn policy(entities: &Entities) -> Result<Policy, entity::BadEntity> {
    entity::assemble(entities.iter().map(|((kind, id), body)| (*kind, id.as_str(), body.as_str())))
}

/// The policy of each organization that writes were checked by last, with the digest of its content.
///
/// A policy has a row for each user, and a write of one record must not read them all.
#[derive(Debug, Default)]
pub(crate) struct Policies(Mutex<BTreeMap<OrganizationId, (Digest, Arc<Policy>)>>);

impl Policies {
    /// The policy of the current revision.
    ///
    /// Cost: one row, and the whole policy where it is another one than the last time.
    pub(crate) fn current(
        &self,
        database: &Database,
        organization: &OrganizationId,
    ) -> Result<Arc<Policy>, WriteError> {
        let number = current(database, organization)?;
        let digest = one(database, organization, number)?.after;
        if let Some((of, known)) = self.0.lock().get(organization)
            && *of == digest
        {
            return Ok(Arc::clone(known));
        }
        let read = Arc::new(policy(&entities(database, organization, number)?)?);
        self.0.lock().insert(organization.clone(), (digest, Arc::clone(&read)));
        Ok(read)
    }
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
pub(crate) fn write(database: &Database, next: &Next<'_>) -> Result<Option<Made>, ReadError> {
    let organization = next.organization;
    let org = organization.as_str();
    let empty = Entities::new();
    let differences = entity::differences(next.before.map_or(&empty, |(_, old)| old), next.after);
    if differences.is_empty() {
        return Ok(None);
    }
    let last: u64 = database.only(sql::REVISION_LAST, values![org], |row| row.get(0))?;
    let number = last.saturating_add(1);
    for difference in &differences {
        let (kind, id) = (difference.kind.name(), difference.id.as_str());
        if difference.before.is_some() {
            database.run(sql::ENTITY_END, values![org, kind, id, number])?;
        }
        if let Some(body) = &difference.after {
            database.run(sql::ENTITY_CREATE, values![org, kind, id, number, body])?;
        }
    }
    let before = match next.before {
        Some((number, _)) => Some(one(database, organization, number)?.after),
        None => None,
    };
    let (after, changed) = (entity::digest(next.after), differences.len() as u64);
    if next.before.is_some() {
        database.run(sql::CURRENT_REVISION_SET, values![org, number])?;
    } else {
        database.run(sql::ORGANIZATION_CREATE, values![org, number, next.at.0])?;
    }
    database.run(
        sql::REVISION_CREATE,
        values![
            org,
            number,
            next.origin.name(),
            next.author,
            next.reason,
            next.at.0,
            before.map(|digest| digest.as_bytes().to_vec()),
            after.as_bytes(),
            changed,
        ],
    )?;
    Ok(Some(Made { number, before, after, changed }))
}
