//! Bringing records in: rows that were read from a file, each decided on its own, a batch in one act.

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::answer::Decision;
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{
    Action, FieldId, FieldType, NodeId, Object, ObjectId, OverlayId, Owner, PoolId, Problem,
    Record, RecordId, RecordKey, RelationId, Value,
};
use guan_engine::visible::{Shown, Visible};

use super::bulk::{RECORDS_MAX, words};
use super::change::{
    Changed, Denied, Known, Placing, RecordPatch, Stopped, decided, may_compare, patched,
};
use super::list::comparable;
use super::new::{NewRecord, made};
use super::{RecordFault, value};
use crate::change::{Change, JobChange};
use crate::gate::{Acting, Asking, Gate};
use crate::job::JobMark;
use crate::record::{RecordVerb, RecordWrite, reads};

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
    /// Its owners; absent: who imports, nobody for a record in a pool, and those that a record has already.
    pub owners: Option<BTreeSet<Owner>>,
    /// Its unit.
    pub unit: Option<NodeId>,
    /// The dimension nodes that it is tagged with.
    pub tags: Option<BTreeSet<NodeId>>,
    /// The pool that a new record waits in, or the one that it is in already.
    pub pool: Option<PoolId>,
    /// Parents.
    pub parents: BTreeMap<RelationId, RecordId>,
    /// Values.
    pub fields: BTreeMap<FieldId, Value>,
    /// What the file says in fields that the subject sees masked: where the mask shows just that, nothing is written.
    pub masked: BTreeMap<FieldId, String>,
}

impl ImportRow {
    /// A row of this line that says nothing yet.
    pub const fn at(line: u64) -> Self {
        Self {
            line,
            id: None,
            owners: None,
            unit: None,
            tags: None,
            pool: None,
            parents: BTreeMap::new(),
            fields: BTreeMap::new(),
            masked: BTreeMap::new(),
        }
    }

    /// What differs from the record as the subject sees it: what a file only repeats needs no right to change it.
    ///
    /// What is shown under a suspension alone does not count: nobody recorded that it was looked at.
    fn new_in(&self, model: Option<&Object>, shown: Option<&Visible<Record>>) -> RecordPatch {
        let shown = shown.filter(|shown| shown.would_denies().is_empty());
        let is_shown = |field: &FieldId, value: &Value| match shown?.fields().get(field)? {
            Shown::Clear(now) => {
                let field_type = model?.fields.get(field)?.field_type;
                Some(repeats((now, &value::fitted(model, field, value.clone())), field_type))
            }
            Shown::Masked(text) => Some(self.masked.get(field) == Some(text)),
        };
        let fields = self.fields.iter().filter(|(id, value)| is_shown(id, value) != Some(true));
        let is_parent = |(id, parent): &(&RelationId, &RecordId)| {
            shown?.parents().get(*id).map(|now| now == *parent)
        };
        let parents = self.parents.iter().filter(|parent| is_parent(parent) != Some(true));
        RecordPatch {
            fields: fields.map(|(id, value)| (id.clone(), Some(value.clone()))).collect(),
            parents: parents.map(|(id, parent)| (id.clone(), Some(parent.clone()))).collect(),
        }
    }

    /// Where the record is to belong, if the file says otherwise than it is.
    fn placing(&self, record: &Record) -> Option<Placing> {
        let owners = self.owners.clone().filter(|owners| *owners != record.owners);
        let unit = self.unit.clone().filter(|unit| record.unit.as_ref() != Some(unit));
        let tags = self.tags.clone().filter(|tags| *tags != record.tags);
        let is_other = owners.is_some() || unit.is_some() || tags.is_some();
        is_other.then_some(Placing { owners, unit: unit.map(Some), tags })
    }
}

/// Whether a cell says what a record has: files are read without blanks at the ends of their cells.
fn repeats((now, cell): (&Value, &Value), field_type: FieldType) -> bool {
    match (comparable(now, field_type), comparable(cell, field_type)) {
        (Value::Text(now), Value::Text(cell)) => now.trim() == cell.trim(),
        (now, cell) => now == cell,
    }
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
    /// In the order of the file.
    records: Vec<Record>,
    taken: BTreeSet<RecordId>,
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
            let Gathered { records, relaxed, under, mut outcome, .. } = gathered;
            let first = records.first().map(Record::key);
            let job = mark.map(|mark| mark(&outcome));
            if let Some(first) = first
                && !batch.dry_run
            {
                let write = RecordWrite {
                    organization: asking.organization.clone(),
                    verb: RecordVerb::Import,
                    records,
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
            Err(Stopped::Denied(Box::new(Denied {
                action,
                on,
                fields,
                refusal,
                known: Known::ByPolicy,
            })))
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
                    // What waits in a pool is nobody's, unless the row says otherwise.
                    owners: row.owners.clone().or(row.pool.as_ref().map(|_| BTreeSet::new())),
                    unit: row.unit.clone(),
                    tags: row.tags.clone().unwrap_or_default(),
                    pool: row.pool.clone(),
                    parents: row.parents.clone(),
                    ..NewRecord::new(object.clone(), row.fields.clone())
                };
                made(acting, session, new)?
            }
            Some(id) if self.taken.contains(id) => {
                return Err(misfit("id", "another row of the file is of the same record"));
            }
            Some(id) => {
                let key = RecordKey { object: object.clone(), id: id.clone() };
                let Some(changed) = changed(acting, session, (asking, &key), row)? else {
                    self.outcome.unchanged += 1;
                    return Ok(());
                };
                changed
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
        self.taken.insert(record.id.clone());
        self.records.push(record);
        Ok(())
    }
}

/// The record of a row as it is to be, and the suspension without which it would be refused; `None` where it is so already.
fn changed(
    acting: &Acting<'_>,
    session: &Session<'_>,
    (asking, key): (&Asking, &RecordKey),
    row: &ImportRow,
) -> Result<Option<(Record, Option<OverlayId>)>, Stopped> {
    let found = reads::stamped(&acting.read().database, &asking.organization, key)?;
    let before = found.map(|(record, _)| record);
    let reveal = |record: Record| acting.engine().reveal(session, &Action::Read, record).ok();
    let shown = before.clone().and_then(reveal);
    let model = acting.engine().policy().objects.get(&key.object);
    let patch = row.new_in(model, shown.as_ref());
    let named: Vec<FieldId> = patch.fields.keys().cloned().collect();
    let mut under = None;
    let is_patched = !patch.fields.is_empty() || !patch.parents.is_empty();
    // Of what may not be seen it is not even said that it is so already.
    if is_patched || shown.is_none() {
        under = decided(acting, session, key, (&Action::Edit, named.clone()))?;
    }
    let before = before.ok_or(RecordFault::NotFound { reference: None })?;
    let mut record = before.clone();
    under = under.or(patched(acting, session, &mut record, patch)?);
    if let Some(placing) = row.placing(&before) {
        let assigned = decided(acting, session, key, (&Action::Assign, Vec::new()))?;
        under = under.or(assigned);
        placing.apply(acting, &mut record);
    }
    if row.pool.is_some() && row.pool != before.pool {
        return Err(misfit(
            "pool",
            "a record goes into a pool by being returned and out of it by being claimed",
        ));
    }
    let is_told = record != before || !may_compare(acting, session, key, &named);
    Ok(is_told.then_some((record, under)))
}

fn misfit(place: &str, what: &str) -> Stopped {
    let problem = Problem { place: place.to_owned(), what: what.to_owned() };
    RecordFault::Problems(vec![problem]).into()
}
