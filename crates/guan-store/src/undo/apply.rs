//! Writing what a plan says: records with their history, the undo's own journal, marks of what is taken back, one ledger row.

use guan_engine::model::{FieldId, OrganizationId, OverlayId, Policy, Record, RecordKey};
use guan_ledger::{ChangeKind, Hasher, Kind};

use super::journal::what_of;
use super::model::UndoWrite;
use super::run::ID_BEGINS;
use crate::database::{Value, values};
use crate::error::StorageError;
use crate::log::Draft;
use crate::record::trace::Trace;
use crate::records::{self, Texts};
use crate::write::{Effect, WriteError, Writing};
use crate::{overlay, sql};

/// Groups that are undone in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoBatch {
    pub(crate) organization: OrganizationId,
    /// The window.
    pub(crate) overlay: OverlayId,
    /// What is taken back: the id of the window, or of an earlier undo.
    pub(crate) journal: String,
    /// The undo.
    pub(crate) run: String,
    /// What is wanted, where this is the first of the undo.
    pub(crate) begins: Option<String>,
    /// Whether nothing comes after it.
    pub(crate) finishes: bool,
    pub(crate) reason: String,
    pub(crate) groups: Vec<UndoneGroup>,
}

/// A group of a plan that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UndoneGroup {
    /// The writes of the journal.
    pub(crate) entries: Vec<u64>,
    /// The one field that is taken back; absent: all of it.
    pub(crate) field: Option<FieldId>,
    /// What is written.
    pub(crate) writes: Vec<UndoWrite>,
}

impl UndoBatch {
    /// What is written, in order.
    pub(crate) fn writes(&self) -> impl Iterator<Item = &UndoWrite> {
        self.groups.iter().flat_map(|group| &group.writes)
    }
}

/// The columns of the journal in the order in which they are loaded.
const JOURNAL: [&str; 13] = [
    "org", "overlay", "number", "sequence", "object", "id", "before", "after", "author", "verb",
    "what", "together", "version",
];
const UNDONE: [&str; 7] = ["org", "journal", "number", "field", "run", "together", "sequence"];

/// What a batch leaves beside the records.
#[derive(Default)]
struct Left {
    journal: Vec<Vec<Value<'static>>>,
    marks: Vec<Vec<Value<'static>>>,
}

impl Writing<'_> {
    pub(crate) fn undo_writes(
        &self,
        operation: &str,
        batch: &UndoBatch,
    ) -> Result<Effect, WriteError> {
        let count = batch.writes().count() as u64;
        if count == 0 {
            return Err(WriteError::Nothing);
        }
        let (organization, org) = (&batch.organization, batch.organization.as_str());
        let window = overlay::one(self.tx, organization, self.side, &batch.overlay)?;
        if window.closing.is_none() {
            let (overlay, ends) = (window.id.to_string(), window.sealed.overlay.ends);
            return Err(WriteError::WindowOpen { overlay, ends });
        }
        let policy = self.policy_now(organization)?;
        self.begin_run(batch)?;
        let left = self.take_back(&policy, operation, batch)?;
        self.tx.load(("journal", &JOURNAL), &mut left.journal.into_iter().map(Ok))?;
        self.tx.load(("undone", &UNDONE), &mut left.marks.into_iter().map(Ok))?;
        let finished = batch.finishes.then_some(self.clock.wall.0);
        self.tx.run(sql::UNDO_RUN_GO_ON, values![org, &batch.run, count, finished])?;
        let mut draft = Draft::new(Kind::UndoDone, operation)
            .because(&format!("{} of {}: {}", batch.run, batch.journal, batch.reason))
            .changed(ChangeKind::Restored, count);
        draft.suspension =
            Some(crate::apply::suspension(&window.id, &window.sealed.overlay.effect));
        let mut ids = Hasher::default();
        for write in batch.writes() {
            ids.update(write.key.to_string().as_bytes());
            ids.update(b"\n");
        }
        if let Some(result) = &mut draft.result {
            (result.rows, result.ids) = (Some(count), Some(ids.finish()));
        }
        Ok(Effect::one(org, draft))
    }

    fn begin_run(&self, batch: &UndoBatch) -> Result<(), WriteError> {
        let Some(wanted) = &batch.begins else { return Ok(()) };
        crate::apply::stated(&batch.reason)?;
        let row = values![
            batch.organization.as_str(),
            &batch.run,
            batch.overlay.as_str(),
            &batch.journal,
            &self.caller.id,
            &batch.reason,
            wanted,
            self.clock.wall.0
        ];
        self.tx.run(sql::UNDO_RUN_CREATE, row)?;
        Ok(())
    }

    fn take_back(
        &self,
        policy: &Policy,
        operation: &str,
        batch: &UndoBatch,
    ) -> Result<Left, WriteError> {
        let org = batch.organization.as_str();
        let trace = self.trace(policy, operation)?;
        let place = values![org, &batch.run];
        let mut number: u64 = self.tx.only(sql::JOURNAL_NUMBER_NEXT, place, |row| row.get(0))?;
        let mut left = Left::default();
        for group in &batch.groups {
            let together = number;
            for write in &group.writes {
                let version = self.put_back(&trace, &batch.organization, write)?;
                let row =
                    self.journal_row(batch, write, (number, together, version, trace.sequence))?;
                left.journal.push(row);
                number += 1;
            }
            let field = group.field.as_ref().map(FieldId::as_str).unwrap_or_default();
            for entry in &group.entries {
                let mark = values![
                    org.to_owned(),
                    batch.journal.clone(),
                    *entry,
                    field.to_owned(),
                    batch.run.clone(),
                    together,
                    trace.sequence
                ];
                left.marks.push(mark.to_vec());
            }
            if batch.journal.starts_with(ID_BEGINS) {
                // What the earlier undo had taken back counts again.
                let first = group.entries.iter().min().copied().unwrap_or_default();
                self.tx.run(sql::UNDONE_FORGET, values![org, &batch.journal, first])?;
            }
        }
        Ok(left)
    }

    fn journal_row(
        &self,
        batch: &UndoBatch,
        write: &UndoWrite,
        (number, together, version, sequence): (u64, u64, u64, u64),
    ) -> Result<Vec<Value<'static>>, StorageError> {
        let text = |record: Option<&Record>| -> Result<Option<String>, StorageError> {
            record.map(|record| Ok(Texts::of(record)?.joined())).transpose()
        };
        let row = values![
            batch.organization.to_string(),
            batch.run.clone(),
            number,
            sequence,
            write.key.object.to_string(),
            write.key.id.to_string(),
            text(write.from.as_ref())?,
            text(write.to.as_ref())?,
            self.caller.id.clone(),
            "undo_writes".to_owned(),
            what_of(write.from.is_some(), write.to.is_some()).to_owned(),
            together,
            version
        ];
        Ok(row.to_vec())
    }

    /// Writes one record as it is to be; its version then.
    fn put_back(
        &self,
        trace: &Trace<'_>,
        organization: &OrganizationId,
        write: &UndoWrite,
    ) -> Result<u64, WriteError> {
        match &write.to {
            Some(record) if write.from.is_none() => self.revive(trace, organization, record)?,
            Some(record) => {
                let before = records::put(self.tx, organization, record, &Texts::of(record)?)?;
                trace.written(before.as_ref(), record)?;
            }
            None => {
                let version = self.version(organization, &write.key)?;
                trace.deleting(&write.key)?;
                let (object, id) = (write.key.object.as_str(), write.key.id.as_str());
                self.tx.run(sql::RECORD_DELETE, values![organization.as_str(), object, id])?;
                return Ok(version);
            }
        }
        Ok(self.version(organization, &write.key)?)
    }

    /// Brings a record back under its id, to its place where the bin still knows it.
    fn revive(
        &self,
        trace: &Trace<'_>,
        organization: &OrganizationId,
        record: &Record,
    ) -> Result<(), WriteError> {
        let (object, id) = (record.object.as_str(), record.id.as_str());
        let key = values![organization.as_str(), object, id];
        let binned = self.tx.one(sql::BIN, key, |_| Ok(()))?;
        if binned.is_some() {
            self.restore_from_bin(organization, record)?;
        }
        let before = records::put(self.tx, organization, record, &Texts::of(record)?)?;
        if before.is_none() {
            trace.written(None, record)?;
        } else {
            trace.restored(record)?;
        }
        Ok(())
    }

    fn version(&self, organization: &OrganizationId, key: &RecordKey) -> Result<u64, StorageError> {
        let place = values![organization.as_str(), key.object.as_str(), key.id.as_str()];
        Ok(self.tx.one(sql::RECORD_STAMPED, place, |row| row.get(2))?.unwrap_or(0))
    }
}
