//! What follows a record's row whenever it is written: stamp, history of its fields, words for search, claims of pools.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use guan_engine::model::{
    FieldId, Moment, ObjectId, Owner, Policy, PoolId, Record, RecordKey, RelationId,
};
use serde::Serialize;

use crate::database::{Database, values};
use crate::error::StorageError;
use crate::query::words;
use crate::records::{self, Texts};
use crate::sql;

/// Histories of what is no field of the object; a field's id never begins so.
pub(crate) const OWNERS: &str = "$owners";
pub(crate) const UNIT: &str = "$unit";
pub(crate) const TAGS: &str = "$tags";
pub(crate) const POOL: &str = "$pool";
pub(crate) const LOCKED: &str = "$locked";
/// Before the name of a relation.
pub(crate) const PARENT: &str = "$parent.";

/// How long the bin keeps a record.
pub(crate) const KEPT: guan_engine::model::Span = guan_engine::model::Span::minutes(30 * 24 * 60);

/// Who writes records, why, and with which ledger row.
pub(crate) struct Trace<'a> {
    pub(crate) database: &'a Database,
    pub(crate) policy: &'a Policy,
    pub(crate) at: Moment,
    pub(crate) author: &'a str,
    pub(crate) cause: &'a str,
    pub(crate) sequence: u64,
}

impl Trace<'_> {
    /// After a record was written; `before` is what was there.
    pub(crate) fn written(
        &self,
        before: Option<&Texts>,
        record: &Record,
    ) -> Result<(), StorageError> {
        match before {
            Some(before) => self.changed(before, record),
            None => self.created(record),
        }
    }

    /// Writes records that are not there yet, at the next places of their objects, with all that follows them.
    ///
    /// Cost: about ten microseconds a record, however far the database is: nothing is asked for each of them.
    pub(crate) fn create_all(&self, records: &[&Record]) -> Result<u64, StorageError> {
        let organization = &self.policy.organization.id;
        let mut nexts: BTreeMap<&ObjectId, i64> = BTreeMap::new();
        let mut placed = Vec::with_capacity(records.len());
        for record in records {
            let next = match nexts.entry(&record.object) {
                Entry::Occupied(next) => next.into_mut(),
                Entry::Vacant(first) => {
                    first.insert(records::next_place(self.database, organization, &record.object)?)
                }
            };
            placed.push((*record, *next));
            *next += 1;
        }
        let by = (self.at, self.author);
        let all = placed.iter().copied();
        let written = records::create_all(self.database, organization, by, all)?;
        let org = organization.as_str();
        let mut words = placed.iter().filter_map(|(record, number)| {
            let object = self.policy.objects.get(&record.object)?;
            let found = words::of_record(object, record);
            Some(Ok(values![org, record.object.as_str(), *number, found].to_vec()))
        });
        self.database.load(("record_words", &["org", "object", "number", "words"]), &mut words)?;
        for (record, _) in &placed {
            self.claims(record, &BTreeSet::new(), None)?;
        }
        Ok(written)
    }

    fn created(&self, record: &Record) -> Result<(), StorageError> {
        let (org, object, id) = self.place(record);
        let stamp = values![org, object, id, self.at.0, self.author];
        self.database.run(sql::RECORD_STAMP_CREATED, stamp)?;
        self.words(record)?;
        self.claims(record, &BTreeSet::new(), None)
    }

    fn changed(&self, before: &Texts, after: &Record) -> Result<(), StorageError> {
        let (org, object, id) = self.place(after);
        let stamp = values![org, object, id, self.at.0, self.author];
        self.database.run(sql::RECORD_STAMP_CHANGED, stamp)?;
        let before = before.record(after.object.clone(), after.id.clone())?;
        self.history(&before, after)?;
        if before.fields != after.fields {
            self.words(after)?;
        }
        self.claims(after, &before.owners, before.pool.as_ref())
    }

    /// Before a record is taken out of its table: it goes into the bin.
    pub(crate) fn deleting(&self, key: &RecordKey) -> Result<(), StorageError> {
        let org = self.policy.organization.id.as_str();
        let (object, id) = (key.object.as_str(), key.id.as_str());
        self.database.run(sql::BIN_REPLACE, values![org, object, id])?;
        let purge = self.at.plus(KEPT);
        let kept = values![org, object, id, self.at.0, self.author, purge.0];
        self.database.run(sql::BIN_PUT, kept)?;
        self.database.run(sql::WORDS_DELETE, values![org, object, id])?;
        self.database.run(sql::CLAIMS_END, values![org, object, id, self.at.0])?;
        Ok(())
    }

    /// After a record came back from the bin.
    pub(crate) fn restored(&self, record: &Record) -> Result<(), StorageError> {
        self.words(record)?;
        self.claims(record, &BTreeSet::new(), None)
    }

    fn place<'r>(&'r self, record: &'r Record) -> (&'r str, &'r str, &'r str) {
        (self.policy.organization.id.as_str(), record.object.as_str(), record.id.as_str())
    }

    fn words(&self, record: &Record) -> Result<(), StorageError> {
        let Some(object) = self.policy.objects.get(&record.object) else { return Ok(()) };
        let found = words::of_record(object, record);
        let (org, object, id) = self.place(record);
        self.database.run(sql::WORDS_PUT, values![org, object, id, found])?;
        Ok(())
    }

    fn history(&self, before: &Record, after: &Record) -> Result<(), StorageError> {
        let rows = differences(before, after)?;
        if rows.is_empty() {
            return Ok(());
        }
        let (org, object, id) = self.place(after);
        let first: i64 =
            self.database
                .only(sql::HISTORY_NUMBER_NEXT, values![org, object, id], |row| row.get(0))?;
        for (number, row) in (first..).zip(rows) {
            let Difference { field, before, after } = row;
            let row = values![
                org,
                object,
                id,
                number,
                field,
                before,
                after,
                self.at.0,
                self.author,
                self.cause,
                self.sequence
            ];
            self.database.run(sql::HISTORY_PUT, row)?;
        }
        Ok(())
    }

    /// Whoever becomes an owner of a record that is in a pool holds it from now on, and who is none any more no longer does.
    fn claims(
        &self,
        record: &Record,
        owners_before: &BTreeSet<Owner>,
        pool_before: Option<&PoolId>,
    ) -> Result<(), StorageError> {
        if record.pool.is_none() && pool_before.is_none() {
            return Ok(());
        }
        let (org, object, id) = self.place(record);
        let stays = record.pool.as_ref() == pool_before;
        if let Some(pool) = pool_before {
            for owner in owners_before {
                if !stays || !record.owners.contains(owner) {
                    let holder = owner.to_string();
                    let ended = values![org, pool.as_str(), object, id, holder, self.at.0];
                    self.database.run(sql::CLAIM_END, ended)?;
                }
            }
        }
        if let Some(pool) = &record.pool {
            for owner in &record.owners {
                if !stays || !owners_before.contains(owner) {
                    let holder = owner.to_string();
                    let begun = values![org, pool.as_str(), object, id, holder, self.at.0];
                    self.database.run(sql::CLAIM_BEGIN, begun)?;
                }
            }
        }
        Ok(())
    }
}

/// One field of one change, in JSON.
#[derive(Debug, PartialEq, Eq)]
struct Difference {
    field: String,
    before: Option<String>,
    after: Option<String>,
}

fn differences(before: &Record, after: &Record) -> Result<Vec<Difference>, StorageError> {
    let mut rows = Vec::new();
    let fields: BTreeSet<&FieldId> = before.fields.keys().chain(after.fields.keys()).collect();
    for field in fields {
        let (old, new) = (before.fields.get(field), after.fields.get(field));
        push(&mut rows, field.as_str(), old, new)?;
    }
    let relations: BTreeSet<&RelationId> =
        before.parents.keys().chain(after.parents.keys()).collect();
    for relation in relations {
        let (old, new) = (before.parents.get(relation), after.parents.get(relation));
        push(&mut rows, &format!("{PARENT}{relation}"), old, new)?;
    }
    push(&mut rows, OWNERS, some(&before.owners), some(&after.owners))?;
    push(&mut rows, UNIT, before.unit.as_ref(), after.unit.as_ref())?;
    push(&mut rows, TAGS, some(&before.tags), some(&after.tags))?;
    push(&mut rows, POOL, before.pool.as_ref(), after.pool.as_ref())?;
    push(&mut rows, LOCKED, Some(&before.locked), Some(&after.locked))?;
    Ok(rows)
}

fn some<T>(set: &BTreeSet<T>) -> Option<&BTreeSet<T>> {
    (!set.is_empty()).then_some(set)
}

fn push<T: Serialize + PartialEq>(
    rows: &mut Vec<Difference>,
    field: &str,
    before: Option<&T>,
    after: Option<&T>,
) -> Result<(), StorageError> {
    if before == after {
        return Ok(());
    }
    let text = |value: Option<&T>| {
        value
            .map(|value| serde_json::to_string(value).map_err(StorageError::unreadable))
            .transpose()
    };
    rows.push(Difference { field: field.to_owned(), before: text(before)?, after: text(after)? });
    Ok(())
}
