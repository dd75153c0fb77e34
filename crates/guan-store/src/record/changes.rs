//! Changes of records through the door: what was decided is written with its history, and leaves one ledger row.

use std::collections::BTreeSet;
use std::sync::Arc;

use guan_engine::model::{OrganizationId, OverlayId, Policy, Record, RecordId, RecordKey};
use guan_ledger::{ChangeKind, Hasher, Kind};

use super::trace::Trace;
use crate::apply_records::{Journal, Tally, check};
use crate::born::Born;
use crate::change::ExportDone;
use crate::database::values;
use crate::job::JobMark;
use crate::log::{self, Draft};
use crate::records::{self, Texts};
use crate::revision;
use crate::sql;
use crate::write::{Effect, WriteError, Writing};

macro_rules! verbs {
    ($($(#[doc = $doc:literal])* $variant:ident $name:literal,)+) => {
        /// Why records are written; the name is the operation in the ledger and the cause in the history.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RecordVerb {
            $($(#[doc = $doc])* $variant,)+
        }

        impl RecordVerb {
            /// Every verb.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Its name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

verbs! {
    /// A new record.
    Create "create_record",
    /// Values or parents of one record.
    Edit "edit_record",
    /// The same change of many records.
    BulkEdit "edit_records",
    /// Owners, unit or tags.
    Assign "assign_record",
    /// Other owners for many records.
    BulkAssign "assign_records",
    /// Shared with somebody.
    Share "share_record",
    /// No longer shared with somebody.
    Unshare "unshare_record",
    /// The team of a record.
    Team "change_record_team",
    /// Locked.
    Lock "lock_record",
    /// Unlocked.
    Unlock "unlock_record",
    /// Taken from a pool.
    Claim "claim_record",
    /// Many taken from their pools.
    BulkClaim "claim_records",
    /// Given out from a pool by one who runs it.
    GiveOut "give_out_record",
    /// Put back into a pool.
    Return "return_record",
    /// Came back into a pool by itself.
    ReturnByRule "return_records_by_rule",
    /// Back from the bin.
    Restore "restore_record",
    /// Rows of a file.
    Import "import_records",
}

/// Records as they are to be, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordWrite {
    /// The organization.
    pub organization: OrganizationId,
    /// Why.
    pub verb: RecordVerb,
    /// The records, whole.
    pub records: Vec<Record>,
    /// The suspension that relaxed the refusal of this write.
    pub under: Option<OverlayId>,
    /// Which of the records it relaxed; the others are lawful and are not journalled. None of them: all.
    pub relaxed: BTreeSet<RecordId>,
    /// What of it was given because overlays act, and ends with them.
    pub born: Vec<Born>,
    /// The job that it is a batch of, with how far that is then.
    pub job: Option<JobMark>,
}

impl RecordWrite {
    /// One record, by the policy alone.
    pub fn one(organization: OrganizationId, verb: RecordVerb, record: Record) -> Self {
        let (records, under, relaxed) = (vec![record], None, BTreeSet::new());
        Self { organization, verb, records, under, relaxed, born: Vec::new(), job: None }
    }
}

impl Writing<'_> {
    /// The policy in force, for what follows a record.
    pub(crate) fn policy_now(
        &self,
        organization: &OrganizationId,
    ) -> Result<Arc<Policy>, WriteError> {
        self.policies.current(self.tx, organization)
    }

    /// The trace of a change whose ledger row comes next.
    pub(crate) fn trace<'t>(
        &'t self,
        policy: &'t Policy,
        cause: &'t str,
    ) -> Result<Trace<'t>, WriteError> {
        let tip = log::tip(self.tx, policy.organization.id.as_str())?;
        Ok(Trace {
            database: self.tx,
            policy,
            at: self.clock.wall,
            author: &self.caller.id,
            cause,
            sequence: tip.map_or(0, |tip| tip.size),
        })
    }

    pub(crate) fn write_records(&self, write: &RecordWrite) -> Result<Effect, WriteError> {
        if write.records.is_empty() {
            return Err(WriteError::Nothing);
        }
        let organization = &write.organization;
        let suspension =
            write.under.as_ref().map(|id| self.acting(organization, id)).transpose()?;
        let policy = self.policy_now(organization)?;
        let mut journal =
            Journal::begin(self, organization, (suspension.as_ref(), write.verb.name()))?;
        check(&policy, &write.records)?;
        let trace = self.trace(&policy, write.verb.name())?;
        let mut tally = Tally::default();
        let mut each = |record: &Record, before: Option<&Texts>, after: &Texts| {
            if !write.born.is_empty() {
                let was = before.map(|was| was.record(record.object.clone(), record.id.clone()));
                let was = was.transpose()?;
                self.note_born(organization, &write.born, (was.as_ref(), record))?;
            }
            tally.count(&record.key(), before, after)?;
            if write.relaxed.is_empty() || write.relaxed.contains(&record.id) {
                journal.write(&record.key(), before, Some(after))?;
            }
            Ok(())
        };
        if write.verb == RecordVerb::Restore {
            for record in &write.records {
                self.caller.patience.goes_on()?;
                self.restore_from_bin(organization, record)?;
                trace.restored(record)?;
                each(record, None, &Texts::of(record)?)?;
            }
        } else {
            self.put_each((&trace, &write.records), each)?;
        }
        let one = match write.records.as_slice() {
            [record] => Some(record.key()),
            _ => None,
        };
        let mut draft = tally.draft(write.verb.name(), one.as_ref());
        if write.verb == RecordVerb::Restore
            && let Some(change) = &mut draft.change
        {
            change.kind = ChangeKind::Restored;
        }
        if draft.what.object.is_none() {
            draft.what.object = write.records.first().map(|record| record.object.to_string());
        }
        draft.suspension = suspension;
        if let Some(mark) = &write.job {
            self.mark_job(organization, mark)?;
            draft = draft.because(&format!("job {}", mark.id));
        }
        Ok(Effect::one(organization.as_str(), draft))
    }

    pub(crate) fn restore_from_bin(
        &self,
        organization: &OrganizationId,
        record: &Record,
    ) -> Result<(), WriteError> {
        let (object, id) = (record.object.as_str(), record.id.as_str());
        let key = values![organization.as_str(), object, id, self.clock.wall.0, &self.caller.id];
        if self.tx.run(sql::BIN_RESTORE, key)? == 0 {
            return Err(WriteError::UnknownRecord { record: record.key().to_string() });
        }
        self.tx.run(sql::BIN_REPLACE, values![organization.as_str(), object, id])?;
        Ok(())
    }

    pub(crate) fn delete_records(
        &self,
        operation: &str,
        organization: &OrganizationId,
        keys: &[RecordKey],
        under: Option<&OverlayId>,
    ) -> Result<Effect, WriteError> {
        if keys.is_empty() {
            return Err(WriteError::Nothing);
        }
        let suspension = under.map(|id| self.acting(organization, id)).transpose()?;
        let policy = self.policy_now(organization)?;
        let mut journal = Journal::begin(self, organization, (suspension.as_ref(), operation))?;
        let trace = self.trace(&policy, operation)?;
        for key in keys {
            let Some(before) = records::texts_of(self.tx, organization, key)? else {
                return Err(WriteError::UnknownRecord { record: key.to_string() });
            };
            journal.write(key, Some(&before), None)?;
            trace.deleting(key)?;
            let place = values![organization.as_str(), key.object.as_str(), key.id.as_str()];
            self.tx.run(sql::RECORD_DELETE, place)?;
        }
        let mut draft = of_keys(Kind::RecordDeleted, operation, ChangeKind::Deleted, keys);
        draft.suspension = suspension;
        Ok(Effect::one(organization.as_str(), draft))
    }

    pub(crate) fn purge_records(
        &self,
        operation: &str,
        organization: &OrganizationId,
        keys: &[RecordKey],
        reason: &str,
    ) -> Result<Effect, WriteError> {
        if keys.is_empty() {
            return Err(WriteError::Nothing);
        }
        revision::current(self.tx, organization)?;
        for key in keys {
            let place = values![organization.as_str(), key.object.as_str(), key.id.as_str()];
            if self.tx.run(sql::BIN_REPLACE, place)? == 0 {
                return Err(WriteError::UnknownRecord { record: key.to_string() });
            }
            self.tx.run(sql::HISTORY_PURGE, place)?;
            // What is erased is in no image either, so that no undo brings it back.
            self.tx.run(sql::JOURNAL_ERASE, place)?;
        }
        let draft = of_keys(Kind::RecordDeleted, operation, ChangeKind::Deleted, keys);
        Ok(Effect::one(organization.as_str(), draft.because(reason)))
    }

    pub(crate) fn record_export(
        &self,
        operation: &str,
        export: &ExportDone,
    ) -> Result<Effect, WriteError> {
        revision::current(self.tx, &export.organization)?;
        let mut draft = Draft::new(Kind::DataExported, operation);
        draft.on_behalf_of = Some(export.subject.to_string());
        draft.source_address = export.address;
        draft.what.object = Some(export.object.to_string());
        draft.what.fields = export.fields.iter().map(ToString::to_string).collect();
        if let Some(result) = &mut draft.result {
            result.rows = Some(export.rows);
            result.ids = Some(export.ids);
        }
        Ok(Effect { affected: export.rows, ..Effect::one(export.organization.as_str(), draft) })
    }
}

fn of_keys(kind: Kind, operation: &str, change: ChangeKind, keys: &[RecordKey]) -> Draft {
    let mut draft = Draft::new(kind, operation).changed(change, keys.len() as u64);
    draft.what.object = keys.first().map(|key| key.object.to_string());
    if let [key] = keys {
        draft.what.record = Some(key.id.to_string());
    }
    let mut ids = Hasher::default();
    for key in keys {
        ids.update(key.to_string().as_bytes());
        ids.update(b"\n");
    }
    if let Some(result) = &mut draft.result {
        result.rows = Some(keys.len() as u64);
        result.ids = Some(ids.finish());
    }
    draft
}
