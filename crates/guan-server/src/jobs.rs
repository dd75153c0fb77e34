//! Long work: begun by a request, worked on beside it, taken up again by the next process.

mod import;
mod records;
mod rows;

use std::collections::BTreeMap;

use guan_engine::model::OrganizationId;
use guan_store::{Gate, GateError, Job, JobState, ReadError, WriteError};
use parking_lot::Mutex;

pub(crate) use import::{Found, Imported, Options, Source, import};
pub(crate) use records::{RecordFound, RecordOptions, RecordTally};
pub(crate) use rows::{BATCH, columns, error_file, import_row};

use crate::problem::Problem;
use crate::state::Server;

/// What imports of records are called among the jobs.
pub(crate) const RECORD_IMPORT: &str = "record_import";

/// How far the jobs are that this process works on.
#[derive(Debug, Default)]
pub(crate) struct Jobs(Mutex<BTreeMap<Key, Progress>>);

type Key = (OrganizationId, String);

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Of a hundred.
    pub(crate) percent: u8,
    /// What is done at the moment.
    pub(crate) doing: &'static str,
}

impl Jobs {
    /// How far a job is that this process works on.
    pub(crate) fn progress(&self, organization: &OrganizationId, job: &str) -> Option<Progress> {
        self.0.lock().get(&(organization.clone(), job.to_owned())).copied()
    }

    fn begin(&self, key: &Key) -> bool {
        let mut running = self.0.lock();
        if running.contains_key(key) {
            return false;
        }
        running.insert(key.clone(), Progress { percent: 0, doing: "waiting" });
        true
    }

    fn step(&self, key: &Key, percent: u8, doing: &'static str) {
        self.0.lock().insert(key.clone(), Progress { percent, doing });
    }

    fn end(&self, key: &Key) {
        self.0.lock().remove(key);
    }
}

/// Takes up every job that waits: what a process that ended left behind. To be called where a server starts.
///
/// Errors: the jobs cannot be read.
pub async fn resume(server: &Server) -> Result<(), Problem> {
    let waiting = server
        .blocking(|gate| {
            gate.read(|reader| {
                let mut waiting = Vec::new();
                for organization in reader.organizations()? {
                    let jobs = reader.jobs(&organization)?;
                    let is_open =
                        |job: &Job| matches!(job.state, JobState::Waiting | JobState::Applying);
                    let jobs = jobs.into_iter().filter(is_open);
                    waiting.extend(jobs.map(|job| (organization.clone(), job.id)));
                }
                Ok::<_, ReadError>(waiting)
            })
        })
        .await?;
    for (organization, job) in waiting {
        start(server, organization, job);
    }
    Ok(())
}

/// Works on a job beside the request. It is worked on once in a process, whoever asks.
pub(crate) fn start(server: &Server, organization: OrganizationId, job: String) {
    let key = (organization, job);
    if !server.jobs().begin(&key) {
        return;
    }
    let server = server.clone();
    // Nobody waits for it: its end stands in the database.
    let _working = tokio::task::spawn_blocking(move || {
        loop {
            let ended = work(&server, &key);
            server.jobs().end(&key);
            match ended {
                // Somebody said that it is to be applied before the end of its trial was noted here.
                Ok(Some(JobState::Waiting)) if is_applied(&server, &key) => {
                    if !server.jobs().begin(&key) {
                        return;
                    }
                }
                Ok(_) => return,
                Err(error) => {
                    // It waits on, and is taken up when a process starts.
                    tracing::warn!(name: "server.job_stopped", job = key.1, error = %error, "a job was stopped");
                    return;
                }
            }
        }
    });
}

fn is_applied(server: &Server, (organization, id): &Key) -> bool {
    let job = server.gate().read(|reader| reader.job(organization, id));
    job.ok().flatten().is_some_and(|job| job.state == JobState::Applying)
}

/// The state in which the job was found and worked on.
fn work(server: &Server, key: &Key) -> Result<Option<JobState>, GateError> {
    let gate: &Gate = server.gate();
    let (organization, id) = key;
    let read = gate.read(|reader| {
        let job = reader.job(organization, id)?;
        let input = reader.job_input(organization, id)?;
        Ok::<_, ReadError>(job.zip(input))
    })?;
    let Some((job, input)) = read else { return Ok(None) };
    let step = |percent, doing| server.jobs().step(key, percent, doing);
    if job.kind == RECORD_IMPORT {
        return match records::work(server, organization, (&job, &input), &step) {
            Ok(ended) => records::end(server, organization, id, ended).map(|()| Some(job.state)),
            // It was given up, or another process went on with it.
            Err(GateError::Write(WriteError::JobElsewhere { .. })) => Ok(None),
            Err(error) => Err(error),
        };
    }
    let view = gate.view(organization)?;
    let current = (view.engine().policy(), view.revision());
    let (state, found) = match import(&input, &job.options, current, step) {
        Ok(imported) => (JobState::Ready, imported.found),
        Err(found) => (JobState::Failed, *found),
    };
    let found = serde_json::to_string(&found).unwrap_or_default();
    records::end(server, organization, id, (state, found)).map(|()| Some(job.state))
}
