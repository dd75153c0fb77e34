//! A file of records as a job: tried first, then applied batch by batch, each with how far the job is in the same act.

use std::collections::BTreeMap;
use std::net::IpAddr;

use guan_engine::model::{ObjectId, OrganizationId};
use guan_import::{Sheet, SheetRow};
use guan_store::{
    Asking, Caller, Change, Gate, GateError, ImportBatch, ImportOutcome, Job, JobChange, JobMark,
    JobState, Patience, RecordFault, WriteError,
};
use serde::{Deserialize, Serialize};

use super::rows::{BATCH, columns, import_row};
use crate::state::Server;
use crate::table::Column;

/// Rows that did not fit of which a job says why; more are only counted.
const ERRORS_MAX: usize = 10_000;

/// What a job was told, and as whom it works.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RecordOptions {
    pub(crate) object: ObjectId,
    pub(crate) mapping: BTreeMap<String, String>,
    pub(crate) utc_offset_minutes: i32,
    /// Where the file came from, by which it is decided.
    pub(crate) address: Option<IpAddr>,
    pub(crate) session: Option<String>,
    pub(crate) auth_method: Option<String>,
    pub(crate) request: Option<String>,
}

/// What became of rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RecordTally {
    /// Rows gone through.
    pub(crate) done: u64,
    pub(crate) created: u64,
    pub(crate) updated: u64,
    pub(crate) unchanged: u64,
    pub(crate) failed: u64,
    /// Line and why, of the first of them.
    pub(crate) errors: BTreeMap<u64, String>,
}

/// What a job found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RecordFound {
    /// Why it cannot be done, or not to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
    /// Rows of the file.
    #[serde(default)]
    pub(crate) rows: u64,
    /// What would become of them.
    #[serde(default)]
    pub(crate) tried: RecordTally,
    /// What became of them.
    #[serde(default)]
    pub(crate) applied: RecordTally,
}

impl RecordTally {
    fn fail(&mut self, errors: impl IntoIterator<Item = (u64, String)>) {
        for (line, why) in errors {
            self.failed += 1;
            if self.errors.len() < ERRORS_MAX {
                self.errors.insert(line, why);
            }
        }
    }

    fn take(&mut self, rows: usize, outcome: &ImportOutcome, misfits: &[(u64, String)]) {
        self.done += rows as u64;
        self.created += outcome.created;
        self.updated += outcome.updated;
        self.unchanged += outcome.unchanged;
        self.fail(misfits.iter().chain(&outcome.errors).cloned());
    }
}

/// Why the work stopped.
enum Stopped {
    /// It cannot be done; this is told.
    Told(String),
    /// The database is away, or somebody else works on the job.
    Gate(GateError),
}

impl From<RecordFault> for Stopped {
    fn from(fault: RecordFault) -> Self {
        match fault {
            RecordFault::Gate(error) => Self::Gate(error),
            other => Self::Told(other.to_string()),
        }
    }
}

/// A file under work.
struct Work<'w> {
    server: &'w Server,
    organization: &'w OrganizationId,
    job: &'w Job,
    options: RecordOptions,
    sheet: Sheet,
}

/// Works on a job that waits or is being applied: to its state and what it found at its end.
///
/// Errors: the database is away, or the job was given up; then nothing more is to be written.
pub(super) fn work(
    server: &Server,
    organization: &OrganizationId,
    (job, input): (&Job, &[u8]),
    step: &dyn Fn(u8, &'static str),
) -> Result<(JobState, String), GateError> {
    let mut found = serde_json::from_str::<RecordFound>(&job.found).unwrap_or_default();
    let options = serde_json::from_str(&job.options).map_err(|error| error.to_string());
    let sheet = Sheet::parse(input).map_err(|error| error.to_string());
    let done = match (options, sheet) {
        (Ok(options), Ok(sheet)) => {
            let work = Work { server, organization, job, options, sheet };
            if job.state == JobState::Applying {
                work.apply(&mut found, step).map(|()| JobState::Applied)
            } else {
                work.try_out(&mut found, step).map(|()| JobState::Ready)
            }
        }
        (Err(error), _) | (_, Err(error)) => Err(Stopped::Told(error)),
    };
    let state = match done {
        Ok(state) => state,
        Err(Stopped::Gate(error)) => return Err(error),
        Err(Stopped::Told(error)) => {
            found.error = Some(error);
            JobState::Failed
        }
    };
    Ok((state, text(&found)))
}

fn text(found: &RecordFound) -> String {
    serde_json::to_string(found).unwrap_or_default()
}

/// Of a hundred.
fn percent(done: u64, rows: u64) -> u8 {
    u8::try_from(done.saturating_mul(100) / rows.max(1)).unwrap_or(100).min(99)
}

impl Work<'_> {
    /// Who asks, now: a grant or a window may be gone since the batch before.
    fn asking(&self) -> Asking {
        let RecordOptions { address, session, auth_method, request, .. } = self.options.clone();
        let id = self.job.author.clone();
        // Nobody waits for it, so nobody can give up waiting.
        let patience = Patience::default();
        Asking {
            viewer: None,
            caller: Caller { id, session, auth_method, address, request, patience },
            organization: self.organization.clone(),
            subject: self.job.author.as_str().into(),
            address,
            clock: self.server.now(),
        }
    }

    fn gate(&self) -> &Gate {
        self.server.gate()
    }

    fn columns(&self) -> Result<Vec<Option<Column>>, Stopped> {
        let views = self.gate().describe_objects(&self.asking())?;
        let view = views.into_iter().find(|view| view.id == self.options.object);
        let view = view.ok_or_else(|| Stopped::Told("there is no such object".to_owned()))?;
        let read = columns(&self.sheet.columns, &self.options.mapping, &view);
        read.map_err(|problem| {
            Stopped::Told(problem.told().unwrap_or("the columns do not fit").to_owned())
        })
    }

    fn batch(
        &self,
        columns: &[Option<Column>],
        rows: &[SheetRow],
        dry_run: bool,
    ) -> (ImportBatch, Vec<(u64, String)>) {
        let object = self.options.object.clone();
        let mut batch = ImportBatch { object, rows: Vec::with_capacity(rows.len()), dry_run };
        let mut misfits = Vec::new();
        for row in rows {
            match import_row(columns, row, self.options.utc_offset_minutes) {
                Ok(row) => batch.rows.push(row),
                Err(why) => misfits.push((row.line, why)),
            }
        }
        (batch, misfits)
    }

    /// Decides on every row and writes none.
    fn try_out(
        &self,
        found: &mut RecordFound,
        step: &dyn Fn(u8, &'static str),
    ) -> Result<(), Stopped> {
        let columns = self.columns()?;
        let rows = &self.sheet.rows;
        *found = RecordFound { rows: rows.len() as u64, ..RecordFound::default() };
        found.tried.fail(self.sheet.misfits.iter().cloned());
        // An empty file asks too whether this may be done at all.
        let whole: Vec<&[SheetRow]> =
            if rows.is_empty() { vec![&[]] } else { rows.chunks(BATCH).collect() };
        for rows in whole {
            step(percent(found.tried.done, found.rows), "trying");
            let (batch, misfits) = self.batch(&columns, rows, true);
            let outcome = self.gate().import_records(&self.asking(), &batch)?;
            found.tried.take(rows.len(), &outcome, &misfits);
        }
        Ok(())
    }

    /// Goes on behind the rows that are done.
    fn apply(
        &self,
        found: &mut RecordFound,
        step: &dyn Fn(u8, &'static str),
    ) -> Result<(), Stopped> {
        let columns = self.columns()?;
        let mut before = self.job.found.clone();
        let done = usize::try_from(found.applied.done).unwrap_or(usize::MAX);
        let rest = self.sheet.rows.get(done..).unwrap_or_default();
        for rows in rest.chunks(BATCH) {
            step(percent(found.applied.done, found.rows), "writing");
            let (batch, misfits) = self.batch(&columns, rows, false);
            let after = |outcome: &ImportOutcome| {
                let mut after = found.clone();
                after.applied.take(rows.len(), outcome, &misfits);
                after
            };
            let mark = |outcome: &ImportOutcome| JobMark {
                id: self.job.id.clone(),
                before: before.clone(),
                found: text(&after(outcome)),
            };
            let outcome = self.gate().import_job_records(&self.asking(), &batch, &mark)?;
            let now = after(&outcome);
            *found = now;
            before = text(found);
        }
        found.applied.fail(self.sheet.misfits.iter().cloned());
        Ok(())
    }
}

/// Ends a job with what it found. Somebody may have given it up meanwhile; then this is refused, and that is right.
pub(super) fn end(
    server: &Server,
    organization: &OrganizationId,
    id: &str,
    (state, found): (JobState, String),
) -> Result<(), GateError> {
    let change = JobChange::Find { id: id.to_owned(), state, found };
    let change = Change::ChangeJob { organization: organization.clone(), change };
    match server.gate().write(&Caller::system(), &server.now(), change) {
        Err(WriteError::JobElsewhere { .. }) => Ok(()),
        written => Ok(written.map(|_| ())?),
    }
}
