//! What there is at one moment, as a plan needs it: records with their versions, who changed what since, who points where.

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::Engine;
use guan_engine::model::{Moment, ObjectId, OrganizationId, Policy, Record, RecordId, RecordKey};

use super::journal::{self, Kept};
use super::model::{Changes, Journalled, Present, Undone};
use super::part::Part;
use crate::database::{Database, values};
use crate::error::StorageError;
use crate::record::{reads, trace};
use crate::sql;

/// A journal, and everything else that a plan of its undo is made from.
#[derive(Debug)]
pub(crate) struct Evidence {
    /// The rows of the journal, in order.
    pub(crate) kept: Vec<Kept>,
    /// The same as the plan takes them.
    pub(crate) entries: Vec<Journalled>,
    /// The records that the journal names, and parents of deleted ones.
    pub(crate) records: BTreeMap<RecordKey, Record>,
    /// Their versions.
    pub(crate) versions: BTreeMap<RecordKey, u64>,
    pub(crate) undone: BTreeMap<u64, Undone>,
    /// Records that point to one that an earlier undo brought back, and did so before.
    pub(crate) loose: BTreeSet<RecordKey>,
    pointing: BTreeMap<RecordKey, BTreeSet<RecordKey>>,
    erased: BTreeSet<RecordKey>,
    changes: Changes,
    touched: BTreeSet<u64>,
}

impl Evidence {
    /// Reads it; the caller sees to it that everything is of one moment. `since` is before the first write of the journal.
    ///
    /// Cost: a handful of questions, whatever the length of the journal.
    pub(crate) fn gather(
        (database, engine): (&Database, &Engine),
        organization: &OrganizationId,
        (journal, since): (&str, Moment),
    ) -> Result<Self, StorageError> {
        let kept = journal::read(database, organization, journal)?;
        let entries: Vec<Journalled> = kept.iter().map(|kept| kept.entry.clone()).collect();
        let (mut records, mut versions) = (BTreeMap::new(), BTreeMap::new());
        for (object, ids) in wanted(engine.policy(), &entries) {
            let ids: Vec<RecordId> = ids.into_iter().collect();
            for stored in reads::of_ids(database, organization, &object, &ids)? {
                let key = stored.record.key();
                versions.insert(key.clone(), stored.stamp.version);
                records.insert(key, stored.record);
            }
        }
        let made = entries.iter().filter(|entry| entry.before.is_none() && entry.after.is_some());
        let mut pointing: BTreeMap<RecordKey, BTreeSet<RecordKey>> =
            made.map(|entry| (entry.key.clone(), engine.children(&entry.key))).collect();
        let loose = loose(database, organization, (since, &pointing))?;
        for children in pointing.values_mut() {
            children.retain(|child| !loose.contains(child));
        }
        let place = (organization, journal);
        let known = journalled_versions(database, place)?;
        let first = entries.iter().map(|entry| entry.decision).min().unwrap_or(0);
        Ok(Self {
            undone: journal::undone(database, organization, journal)?,
            erased: kept.iter().filter(|kept| kept.erased).map(key).collect(),
            changes: changes(database, place, first)?,
            touched: touched(&kept, &versions, &known),
            entries,
            records,
            versions,
            pointing,
            loose,
            kept,
        })
    }

    /// As the plan takes it. Single fields are not erased: a purge takes out the whole record.
    pub(crate) fn present<'a>(
        &'a self,
        policy: &'a Policy,
        no_fields: &'a BTreeMap<RecordKey, BTreeSet<guan_engine::model::FieldId>>,
    ) -> Present<'a> {
        Present {
            policy,
            records: &self.records,
            pointing: &self.pointing,
            erased: &self.erased,
            erased_fields: no_fields,
            undone: &self.undone,
            changes: &self.changes,
            touched: &self.touched,
        }
    }
}

/// What was deleted left records that point to it. They do so again when it came back and that is undone.
fn loose(
    database: &Database,
    organization: &OrganizationId,
    (since, pointing): (Moment, &BTreeMap<RecordKey, BTreeSet<RecordKey>>),
) -> Result<BTreeSet<RecordKey>, StorageError> {
    let mut loose = BTreeSet::new();
    for child in pointing.values().flatten() {
        let found = reads::stamped(database, organization, child)?;
        if found.is_some_and(|(_, stamp)| stamp.changed < since) {
            loose.insert(child.clone());
        }
    }
    Ok(loose)
}

fn key(kept: &Kept) -> RecordKey {
    kept.entry.key.clone()
}

/// The records of the journal and the parents of those that it deleted.
fn wanted(policy: &Policy, entries: &[Journalled]) -> BTreeMap<ObjectId, BTreeSet<RecordId>> {
    let mut wanted: BTreeMap<ObjectId, BTreeSet<RecordId>> = BTreeMap::new();
    for entry in entries {
        wanted.entry(entry.key.object.clone()).or_default().insert(entry.key.id.clone());
        let (Some(lost), None) = (&entry.before, &entry.after) else { continue };
        let Some(object) = policy.objects.get(&lost.object) else { continue };
        for (relation, parent) in &lost.parents {
            if let Some(relation) = object.relations.get(relation) {
                wanted.entry(relation.parent.clone()).or_default().insert(parent.clone());
            }
        }
    }
    wanted
}

/// Which ledger rows changed which part, without what was taken back since.
fn changes(
    database: &Database,
    (organization, journal): (&OrganizationId, &str),
    first: u64,
) -> Result<Changes, StorageError> {
    let mut changes = Changes::new();
    let place = values![organization.as_str(), journal, first];
    let rows: Vec<(RecordKey, String, u64)> =
        database.rows(sql::JOURNAL_HISTORY, place, |row| {
            let key = RecordKey::new(row.get::<String>(0)?, row.get::<String>(1)?);
            Ok((key, row.get(2)?, row.get(3)?))
        })?;
    for (key, field, sequence) in rows {
        if let Some(part) = part_of(&field) {
            changes.entry(key).or_default().entry(part).or_default().insert(sequence);
        }
    }
    let place = values![organization.as_str(), journal];
    let marks: Vec<(RecordKey, u64, String, u64)> =
        database.rows(sql::JOURNAL_MARKS, place, |row| {
            let key = RecordKey::new(row.get::<String>(0)?, row.get::<String>(1)?);
            Ok((key, row.get(2)?, row.get(3)?, row.get(4)?))
        })?;
    for (key, written, field, undone) in marks {
        let Some(parts) = changes.get_mut(&key) else { continue };
        let only = (!field.is_empty()).then(|| Part::Field(field.into()));
        for (part, rows) in parts {
            // Where the undo changed the part, it is as it was before the write, whatever lay between.
            if only.as_ref().is_none_or(|only| only == part) && rows.contains(&undone) {
                rows.retain(|row| *row < written || *row > undone);
            }
        }
    }
    Ok(changes)
}

/// The part of which a history is kept under this name.
fn part_of(field: &str) -> Option<Part> {
    Some(match field {
        trace::OWNERS => Part::Owners,
        trace::UNIT => Part::Unit,
        trace::POOL => Part::Pool,
        trace::LOCKED => Part::Locked,
        // Tags have one history together, and are undone one by one.
        trace::TAGS => return None,
        field => match field.strip_prefix(trace::PARENT) {
            Some(relation) => Part::Parent(relation.into()),
            None => Part::Field(field.into()),
        },
    })
}

type Versions = BTreeMap<RecordKey, BTreeSet<u64>>;

/// The versions of records that writes of any journal left, for records that this one made.
fn journalled_versions(
    database: &Database,
    (organization, journal): (&OrganizationId, &str),
) -> Result<Versions, StorageError> {
    let mut versions = Versions::new();
    let place = values![organization.as_str(), journal];
    let rows: Vec<(RecordKey, u64)> = database.rows(sql::JOURNAL_VERSIONS, place, |row| {
        Ok((RecordKey::new(row.get::<String>(0)?, row.get::<String>(1)?), row.get(2)?))
    })?;
    for (key, version) in rows {
        versions.entry(key).or_default().insert(version);
    }
    Ok(versions)
}

/// Writes that made a record of which there is a later version that no journal knows.
fn touched(kept: &[Kept], versions: &BTreeMap<RecordKey, u64>, known: &Versions) -> BTreeSet<u64> {
    let is_touched = |kept: &&Kept| {
        let (Some(now), Some(known)) = (versions.get(&kept.entry.key), known.get(&kept.entry.key))
        else {
            return false;
        };
        let later = kept.version.saturating_add(1)..=*now;
        // As many different versions as there were changes, or somebody else made one.
        kept.version > 0
            && kept.what == "created"
            && known.iter().filter(|version| later.contains(version)).count() as u64
                != now.saturating_sub(kept.version)
    };
    kept.iter().filter(is_touched).map(|kept| kept.entry.number).collect()
}
