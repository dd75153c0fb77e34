//! Long work: begun by a request, worked on beside it, taken up again by the next process.

mod import;

use std::collections::BTreeMap;

use guan_engine::model::OrganizationId;
use guan_store::{Caller, Change, Gate, GateError, JobChange, JobState, ReadError};
use parking_lot::Mutex;

pub(crate) use import::{Found, Imported, Options, Source, import};

use crate::problem::Problem;
use crate::state::Server;

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
                    let jobs = jobs.into_iter().filter(|job| job.state == JobState::Waiting);
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
        let ended = work(&server, &key);
        server.jobs().end(&key);
        if let Err(error) = ended {
            // It waits on, and is taken up when a process starts.
            tracing::warn!(name: "server.job_stopped", job = key.1, error = %error, "a job was stopped");
        }
    });
}

fn work(server: &Server, key: &Key) -> Result<(), GateError> {
    let gate: &Gate = server.gate();
    let (organization, id) = key;
    let read = gate.read(|reader| {
        let job = reader.job(organization, id)?;
        let input = reader.job_input(organization, id)?;
        Ok::<_, ReadError>(job.zip(input))
    })?;
    let Some((job, input)) = read else { return Ok(()) };
    let step = |percent, doing| server.jobs().step(key, percent, doing);
    let view = gate.view(organization)?;
    let current = (view.engine().policy(), view.revision());
    let (state, found) = match import(&input, &job.options, current, step) {
        Ok(imported) => (JobState::Ready, imported.found),
        Err(found) => (JobState::Failed, *found),
    };
    let found = serde_json::to_string(&found).unwrap_or_default();
    let change = JobChange::Find { id: id.clone(), state, found };
    let change = Change::ChangeJob { organization: organization.clone(), change };
    // Somebody may have given it up meanwhile; then this is refused, and that is right.
    match gate.write(&Caller::system(), &server.now(), change) {
        Err(guan_store::WriteError::JobElsewhere { .. }) => Ok(()),
        written => Ok(written.map(|_| ())?),
    }
}
