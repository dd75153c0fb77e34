//! Bringing records in: rows that were read from a file, each decided on its own, a batch in one act.

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::answer::Decision;
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{
    Action, FieldId, ObjectId, OverlayId, Owner, Record, RecordId, RecordKey, RelationId, Value,
};

use super::RecordFault;
use super::bulk::{RECORDS_MAX, words};
use super::change::{Changed, Denied, RecordPatch, Stopped, decided, kept, patched};
use super::new::{NewRecord, made};
use crate::change::{Change, JobChange};
use crate::gate::{Acting, Asking, Gate};
use crate::job::JobMark;
use crate::record::{RecordVerb, RecordWrite};

/// Rows that are brought in by one act.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportBatch {
    /// The object.
    pub object: ObjectId,
    /// The rows, at most 2 000.
    pub rows: Vec<ImportRow>,
    /// Whether they are only tried: everything is decided and checked, nothing is written.
    pub dry_run: bool,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRow {
    /// Its line in the file, for messages.
    pub line: u64,
    /// The record to be changed; absent: a new one.
    pub id: Option<RecordId>,
    /// Owners of a new record; absent: who imports.
    pub owners: Option<BTreeSet<Owner>>,
    /// Parents.
    pub parents: BTreeMap<RelationId, RecordId>,
    /// Values.
    pub fields: BTreeMap<FieldId, Value>,
}

/// What came of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportOutcome {
    /// New records.
    pub created: u64,
    /// Changed records.
    pub updated: u64,
    /// Rows that are already as they would be.
    pub unchanged: u64,
    /// Rows that were left out: line and why.
    pub errors: Vec<(u64, String)>,
    /// The act; `None` for a trial, and when nothing was changed.
    pub changed: Option<Changed>,
}

/// What of a batch is to be written.
#[derive(Default)]
struct Gathered {
    records: BTreeMap<RecordId, Record>,
    relaxed: BTreeSet<RecordId>,
    under: Option<OverlayId>,
    outcome: ImportOutcome,
}

impl Gate {
    /// Brings a batch of rows in: those that may and fit are written in one act, the others are told by line.
    ///
    /// # Errors
    ///
    /// The subject may not import the object; too many rows.
    pub fn import_records(
        &self,
        asking: &Asking,
        batch: &ImportBatch,
    ) -> Result<ImportOutcome, RecordFault> {
        self.import_batch(asking, batch, None)
    }

    /// A batch of a job: as [`Gate::import_records`], and how far the job is stands there with it or not at all.
    ///
    /// # Errors
    ///
    /// As [`Gate::import_records`]; the job was given up, or somebody else did the batch.
    pub fn import_job_records(
        &self,
        asking: &Asking,
        batch: &ImportBatch,
        mark: &(dyn Fn(&ImportOutcome) -> JobMark + Sync),
    ) -> Result<ImportOutcome, RecordFault> {
        self.import_batch(asking, batch, Some(mark))
    }

    fn import_batch(
        &self,
        asking: &Asking,
        batch: &ImportBatch,
        mark: Option<&(dyn Fn(&ImportOutcome) -> JobMark + Sync)>,
    ) -> Result<ImportOutcome, RecordFault> {
        if batch.rows.len() > RECORDS_MAX {
            return Err(RecordFault::TooMany { what: "rows at once", most: RECORDS_MAX });
        }
        self.act_on_records(asking, |acting| {
            let session = asking.session().under(acting.standing());
            may_import(acting, &session, &batch.object)?;
            let mut gathered = Gathered::default();
            for row in &batch.rows {
                if let Err(stopped) = gathered.take(acting, &session, (asking, &batch.object), row)
                {
                    gathered.outcome.errors.push((row.line, words(&stopped)));
                }
            }
            let Gathered { records, relaxed, under, mut outcome } = gathered;
            let first = records.values().next().map(Record::key);
            let job = mark.map(|mark| mark(&outcome));
            if let Some(first) = first
                && !batch.dry_run
            {
                let write = RecordWrite {
                    organization: asking.organization.clone(),
                    verb: RecordVerb::Import,
                    records: records.into_values().collect(),
                    under,
                    relaxed,
                    born: Vec::new(),
                    job,
                };
                let written = acting.apply(Change::WriteRecords(Box::new(write)))?;
                outcome.changed = Some(Changed::new(first, &written));
            } else if let Some(mark) = job {
                let organization = asking.organization.clone();
                acting.apply(Change::ChangeJob { organization, change: JobChange::Mark(mark) })?;
            }
            Ok(outcome)
        })
    }
}

fn may_import(
    acting: &Acting<'_>,
    session: &Session<'_>,
    object: &ObjectId,
) -> Result<(), Stopped> {
    let on = Target::Object(object.clone());
    let request = Request::new(session.clone(), Action::Import, on);
    match acting.check(&request) {
        Decision::Allow { .. } => Ok(()),
        Decision::Relaxed { refusal, .. } | Decision::Deny { refusal } => {
            let Request { action, on, fields, .. } = request;
            Err(Stopped::Denied(Box::new(Denied { action, on, fields, refusal, is_known: true })))
        }
    }
}

impl Gathered {
    /// Decides on one row and keeps what it makes.
    fn take(
        &mut self,
        acting: &Acting<'_>,
        session: &Session<'_>,
        (asking, object): (&Asking, &ObjectId),
        row: &ImportRow,
    ) -> Result<(), Stopped> {
        let (record, under) = match &row.id {
            None => {
                let new = NewRecord {
                    owners: row.owners.clone(),
                    parents: row.parents.clone(),
                    ..NewRecord::new(object.clone(), row.fields.clone())
                };
                made(acting, session, new)?
            }
            Some(id) => {
                let key = RecordKey { object: object.clone(), id: id.clone() };
                if self.records.contains_key(id) {
                    let place = "id".to_owned();
                    let what = "another row of the file is of the same record".to_owned();
                    let problem = guan_engine::model::Problem { place, what };
                    return Err(RecordFault::Problems(vec![problem]).into());
                }
                let fields = row.fields.keys().cloned().collect();
                let under = decided(acting, session, &key, (&Action::Edit, fields))?;
                let (before, _) = kept(acting, asking, &key)?;
                let mut record = before.clone();
                let patch = RecordPatch {
                    fields: row
                        .fields
                        .clone()
                        .into_iter()
                        .map(|(field, value)| (field, Some(value)))
                        .collect(),
                    parents: row
                        .parents
                        .clone()
                        .into_iter()
                        .map(|(relation, id)| (relation, Some(id)))
                        .collect(),
                };
                let under = under.or(patched(acting, session, &mut record, patch)?);
                if record == before {
                    self.outcome.unchanged += 1;
                    return Ok(());
                }
                (record, under)
            }
        };
        let problems = acting.engine().policy().validate_record(&record);
        if !problems.is_empty() {
            return Err(RecordFault::Problems(problems).into());
        }
        if let Some(overlay) = under {
            if self.under.as_ref().is_some_and(|other| *other != overlay) {
                return Err(RecordFault::Nothing.into());
            }
            self.under = Some(overlay);
            self.relaxed.insert(record.id.clone());
        }
        let count =
            if row.id.is_some() { &mut self.outcome.updated } else { &mut self.outcome.created };
        *count += 1;
        self.records.insert(record.id.clone(), record);
        Ok(())
    }
}
