//! Changes of records, also together with a policy, and the journal of what was written under a window.

use std::collections::BTreeSet;

use guan_engine::model::{OrganizationId, OverlayId, Policy, Problem, Record, RecordKey};
use guan_ledger::{ChangeKind, Digest, Kind, Suspension};

use crate::change::RecordsChange;
use crate::database::values;
use crate::log::Draft;
use crate::record::trace::Trace;
use crate::records::{self, Texts};
use crate::revision::RevisionOrigin;
use crate::undo::what_of;
use crate::write::{Effect, WriteError, Writing};
use crate::{log, sql};

/// How many problems are told at once.
const PROBLEMS_MAX: usize = 100;
/// How many records are held at once while they are written together.
const PIECE: usize = 4_096;
/// From how many on new records are written together, not one by one.
const TOGETHER: usize = 8;

/// What was written, for the ledger row.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) affected: u64,
    fields: BTreeSet<String>,
    values_changed: bool,
    access_changed: bool,
    created: u64,
    ids: String,
}

impl Tally {
    pub(crate) fn count(
        &mut self,
        key: &RecordKey,
        before: Option<&Texts>,
        after: &Texts,
    ) -> Result<(), WriteError> {
        self.affected += 1;
        for part in [key.object.as_str(), "/", key.id.as_str(), "\n"] {
            self.ids.push_str(part);
        }
        let Some(before) = before else {
            self.created += 1;
            self.values_changed = true;
            return Ok(());
        };
        self.access_changed |= before.access != after.access;
        if before.body != after.body {
            self.values_changed = true;
            let (old, new) = (before.fields()?, after.fields()?);
            let names = old.keys().chain(new.keys());
            let changed = names.filter(|name| old.get(*name) != new.get(*name));
            self.fields.extend(changed.map(ToString::to_string));
        }
        Ok(())
    }

    pub(crate) fn draft(self, operation: &str, one: Option<&RecordKey>) -> Draft {
        let kind = if self.access_changed && !self.values_changed {
            Kind::RecordShared
        } else {
            Kind::RecordWritten
        };
        let change =
            if self.created == self.affected { ChangeKind::Created } else { ChangeKind::Updated };
        let mut draft = Draft::new(kind, operation).changed(change, self.affected);
        draft.what.object = one.map(|key| key.object.to_string());
        draft.what.record = one.map(|key| key.id.to_string());
        draft.what.fields = self.fields;
        if let Some(result) = &mut draft.result {
            result.rows = Some(self.affected);
            result.ids = Some(Digest::of(self.ids.as_bytes()));
        }
        draft
    }
}

impl Writing<'_> {
    pub(crate) fn replace_policy(
        &self,
        operation: &str,
        (policy, expected): (&Policy, u64),
        records: &RecordsChange,
        reason: &str,
    ) -> Result<Effect, WriteError> {
        let organization = &policy.organization.id;
        let before = self.current(organization, expected)?;
        let after = Self::checked(organization, policy)?;
        self.not_held(organization, (&before.1, &after))?;
        let kind = (Kind::ImportApplied, RevisionOrigin::Replaced);
        let revised = self.revise(operation, organization, kind, (Some(before), &after), reason);
        let mut effect = match (revised, records) {
            // The policy stays as it is and only records come in.
            (Err(WriteError::Nothing), RecordsChange::Put(_) | RecordsChange::Replace(_)) => {
                let draft = Draft::new(Kind::ImportApplied, operation)
                    .because(reason)
                    .changed(ChangeKind::Updated, 0);
                Effect::one(organization.as_str(), draft)
            }
            (revised, _) => revised?,
        };
        let written = match records {
            RecordsChange::Keep => 0,
            RecordsChange::Put(records) => self.put_all(operation, policy, records)?.affected,
            RecordsChange::Replace(records) => {
                self.replace_all(operation, organization, policy, records)?
            }
        };
        effect.affected += written;
        if let Some(result) = effect.drafts.first_mut().and_then(|draft| draft.result.as_mut()) {
            result.rows = Some(written);
        }
        Ok(effect)
    }

    pub(crate) fn put_records(
        &self,
        operation: &str,
        organization: &OrganizationId,
        records: &[Record],
        under: Option<&OverlayId>,
    ) -> Result<Effect, WriteError> {
        if records.is_empty() {
            return Err(WriteError::Nothing);
        }
        let suspension = under.map(|id| self.acting(organization, id)).transpose()?;
        let policy = self.policy_now(organization)?;
        let mut journal = Journal::begin(self, organization, (suspension.as_ref(), operation))?;
        check(&policy, records)?;
        let trace = self.trace(&policy, operation)?;
        let mut tally = Tally::default();
        self.put_each((&trace, records), |record, before, after| {
            tally.count(&record.key(), before, after)?;
            journal.write(&record.key(), before, Some(after))
        })?;
        let one = match records {
            [record] => Some(record.key()),
            _ => None,
        };
        let mut draft = tally.draft(operation, one.as_ref());
        draft.suspension = suspension;
        Ok(Effect::one(organization.as_str(), draft))
    }

    fn put_all(
        &self,
        operation: &str,
        policy: &Policy,
        records: &[Record],
    ) -> Result<Tally, WriteError> {
        check(policy, records)?;
        let trace = self.trace(policy, operation)?;
        let mut tally = Tally::default();
        self.put_each((&trace, records), |record, before, after| {
            tally.count(&record.key(), before, after)
        })?;
        Ok(tally)
    }

    /// Writes records, and hands each on, once it stands there, with what was there before and what is there now. What is
    /// new is written together.
    pub(crate) fn put_each(
        &self,
        (trace, records): (&Trace<'_>, &[Record]),
        mut each: impl FnMut(&Record, Option<&Texts>, &Texts) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let organization = &trace.policy.organization.id;
        for piece in records.chunks(PIECE) {
            let (mut written, mut new) = (Vec::with_capacity(piece.len()), Vec::new());
            for record in piece {
                self.caller.patience.goes_on()?;
                let after = Texts::of(record)?;
                let before = records::texts_of(self.tx, organization, &record.key())?;
                if before.is_some() {
                    records::change(self.tx, organization, record, &after)?;
                    trace.written(before.as_ref(), record)?;
                } else {
                    new.push(record);
                }
                written.push((record, before, after));
            }
            if new.len() < TOGETHER {
                for record in new {
                    records::create(self.tx, organization, record, &Texts::of(record)?)?;
                    trace.written(None, record)?;
                }
            } else {
                trace.create_all(&new)?;
            }
            for (record, before, after) in &written {
                each(record, before.as_ref(), after)?;
            }
        }
        Ok(())
    }

    fn replace_all(
        &self,
        operation: &str,
        organization: &OrganizationId,
        policy: &Policy,
        records: &[Record],
    ) -> Result<u64, WriteError> {
        check(policy, records)?;
        for clear in [sql::WORDS_CLEAR, sql::RECORDS_DELETE] {
            self.tx.run(clear, values![organization.as_str()])?;
        }
        let trace = self.trace(policy, operation)?;
        let mut written = 0;
        for piece in records.chunks(PIECE) {
            self.caller.patience.goes_on()?;
            written += trace.create_all(&piece.iter().collect::<Vec<_>>())?;
        }
        Ok(written)
    }
}

/// Every record fits the policy, and none comes twice.
pub(crate) fn check(policy: &Policy, records: &[Record]) -> Result<(), WriteError> {
    let mut problems: Vec<Problem> = Vec::new();
    let mut seen = BTreeSet::new();
    for record in records {
        if !seen.insert((&record.object, &record.id)) {
            return Err(WriteError::RecordTwice { record: record.key().to_string() });
        }
        problems.extend(policy.validate_record(record));
        if problems.len() >= PROBLEMS_MAX {
            break;
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(WriteError::Problems(problems)) }
}

/// The journal of one window; without a window it takes nothing.
pub(crate) struct Journal<'a> {
    writing: &'a Writing<'a>,
    operation: &'a str,
    organization: &'a OrganizationId,
    /// The overlay, the next place in its journal, and the ledger row that this change will have.
    place: Option<(String, i64, u64)>,
}

impl<'a> Journal<'a> {
    pub(crate) fn begin(
        writing: &'a Writing<'a>,
        organization: &'a OrganizationId,
        (suspension, operation): (Option<&Suspension>, &'a str),
    ) -> Result<Self, WriteError> {
        let place = match suspension {
            None => None,
            Some(suspension) => {
                let key = values![organization.as_str(), suspension.overlay.as_str()];
                let number = writing.tx.only(sql::JOURNAL_NUMBER_NEXT, key, |row| row.get(0))?;
                let tip = log::tip(writing.tx, organization.as_str())?;
                Some((suspension.overlay.clone(), number, tip.map_or(0, |tip| tip.size)))
            }
        };
        Ok(Self { writing, operation, organization, place })
    }

    /// One write, after it was done; of a deletion before.
    pub(crate) fn write(
        &mut self,
        key: &RecordKey,
        before: Option<&Texts>,
        after: Option<&Texts>,
    ) -> Result<(), WriteError> {
        let Some((overlay, number, sequence)) = &mut self.place else { return Ok(()) };
        self.writing.tx.run(
            sql::JOURNAL_CREATE,
            values![
                self.organization.as_str(),
                overlay.as_str(),
                *number,
                *sequence,
                key.object.as_str(),
                key.id.as_str(),
                before.map(Texts::joined),
                after.map(Texts::joined),
                &self.writing.caller.id,
                self.operation,
                what_of(before.is_some(), after.is_some()),
                None::<u64>,
            ],
        )?;
        *number += 1;
        Ok(())
    }
}
