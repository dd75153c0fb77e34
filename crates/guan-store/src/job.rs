//! Long work that outlives a request and a process: jobs with their input, their state and what they found.

use guan_engine::model::{Moment, OrganizationId};
use guan_ledger::{ChangeKind, Kind};

use crate::change::{ImportApplied, JobChange};
use crate::database::{Row, values};
use crate::error::{ReadError, StorageError};
use crate::log::Draft;
use crate::states::states;
use crate::store::Store;
use crate::write::{Effect, WriteError, Writing};
use crate::{revision, sql};

states! {
    /// How far a job is.
    JobState;
    Waiting "waiting" "It is worked on, or will be when a process starts.",
    Ready "ready" "It found something that waits to be applied.",
    Applying "applying" "What it found is applied bit by bit, or will be when a process starts.",
    Applied "applied" "What it found was applied.",
    Failed "failed" "It cannot be done; what it found says why.",
    Cancelled "cancelled" "It was given up.",
}

/// A job as it is kept, without its input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id, unique in the organization.
    pub id: String,
    /// What sort of work.
    pub kind: String,
    /// How far it is.
    pub state: JobState,
    /// Who began it.
    pub author: String,
    /// When it was begun.
    pub created: Moment,
    /// When its state was last changed.
    pub changed: Moment,
    /// What it was told, as JSON.
    pub options: String,
    /// What it found, as JSON; empty while it waits.
    pub found: String,
}

impl Job {
    fn of(row: &Row<'_>) -> Result<Self, StorageError> {
        let state: String = row.get(2)?;
        Ok(Self {
            id: row.get(0)?,
            kind: row.get(1)?,
            state: JobState::parse(&state)
                .ok_or_else(|| StorageError::unreadable("state of a job"))?,
            author: row.get(3)?,
            created: Moment(row.get(4)?),
            changed: Moment(row.get(5)?),
            options: row.get(6)?,
            found: row.get(7)?,
        })
    }
}

impl Store {
    /// The jobs of an organization, in the order of their ids.
    pub fn jobs(&self, organization: &OrganizationId) -> Result<Vec<Job>, ReadError> {
        Ok(self.database.rows(sql::JOBS, values![organization.as_str()], Job::of)?)
    }

    /// One job; `None` when there is no such.
    pub fn job(&self, organization: &OrganizationId, id: &str) -> Result<Option<Job>, ReadError> {
        Ok(self.database.one(sql::JOB, values![organization.as_str(), id], Job::of)?)
    }

    /// What a job works on; empty once it is over.
    pub fn job_input(
        &self,
        organization: &OrganizationId,
        id: &str,
    ) -> Result<Option<Vec<u8>>, ReadError> {
        let key = values![organization.as_str(), id];
        Ok(self.database.one(sql::JOB_INPUT, key, |row| row.get(0))?)
    }
}

/// How far a job is after a batch: written with the batch, so that nothing is done twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobMark {
    /// The job.
    pub id: String,
    /// What it had found before the batch; elsewhere somebody else did the batch, and this one is refused.
    pub before: String,
    /// What it has found then.
    pub found: String,
}

impl Writing<'_> {
    /// Notes how far a job is.
    pub(crate) fn mark_job(
        &self,
        organization: &OrganizationId,
        mark: &JobMark,
    ) -> Result<(), WriteError> {
        let job = self.in_state(organization, &mark.id, &[JobState::Applying])?;
        // What was begun under a window writes nothing more when that has ended.
        if self.ended_under(organization, &mark.id)?.is_some() {
            let state = JobState::Cancelled.name();
            return Err(WriteError::JobElsewhere { job: mark.id.clone(), state });
        }
        if job.found != mark.before {
            return Err(WriteError::JobElsewhere { job: mark.id.clone(), state: "further on" });
        }
        let (state, now) = (JobState::Applying.name(), self.clock.wall.0);
        let row = values![organization.as_str(), &mark.id, state, now, &mark.found];
        self.tx.run(sql::JOB_CHANGE, row)?;
        Ok(())
    }

    pub(crate) fn change_job(
        &self,
        organization: &OrganizationId,
        change: &JobChange,
    ) -> Result<Effect, WriteError> {
        revision::current(self.tx, organization)?;
        let (org, now) = (organization.as_str(), self.clock.wall.0);
        let (id, sort) = match change {
            JobChange::Begin { id, kind, options, input, under } => {
                let row = values![
                    org,
                    id,
                    kind,
                    JobState::Waiting.name(),
                    &self.caller.id,
                    now,
                    options,
                    input.as_slice(),
                ];
                self.tx.run(sql::JOB_CREATE, row)?;
                self.note_job(organization, id, under)?;
                (id, ChangeKind::Created)
            }
            JobChange::Find { id, state, found } => {
                self.in_state(organization, id, &[JobState::Waiting, JobState::Applying])?;
                if let Some(overlay) = self.ended_under(organization, id)? {
                    self.stop_job(organization, id, &overlay)?;
                } else {
                    self.tx.run(sql::JOB_CHANGE, values![org, id, state.name(), now, found])?;
                    if *state == JobState::Applied {
                        self.tx.run(sql::JOB_INPUT_DROP, values![org, id])?;
                    }
                }
                (id, ChangeKind::Updated)
            }
            JobChange::Apply { id } => {
                let job = self.in_state(organization, id, &[JobState::Ready])?;
                let state = JobState::Applying.name();
                self.tx.run(sql::JOB_CHANGE, values![org, id, state, now, job.found])?;
                (id, ChangeKind::Updated)
            }
            JobChange::Mark(mark) => {
                self.mark_job(organization, mark)?;
                (&mark.id, ChangeKind::Updated)
            }
            JobChange::Cancel { id } => {
                let open = [JobState::Waiting, JobState::Ready, JobState::Applying];
                let job = self.in_state(organization, id, &open)?;
                let state = JobState::Cancelled.name();
                self.tx.run(sql::JOB_CHANGE, values![org, id, state, now, job.found])?;
                self.tx.run(sql::JOB_INPUT_DROP, values![org, id])?;
                (id, ChangeKind::Closed)
            }
        };
        let mut draft = Draft::new(Kind::ImportPrepared, change.name()).changed(sort, 1);
        draft.what.record = Some(id.clone());
        Ok(Effect::one(org, draft))
    }

    /// The policy is replaced and the job is over: both or none.
    pub(crate) fn apply_import(
        &self,
        operation: &str,
        import: &ImportApplied,
    ) -> Result<Effect, WriteError> {
        let organization = &import.policy.organization.id;
        let job = self.in_state(organization, &import.job, &[JobState::Ready])?;
        if self.ended_under(organization, &import.job)?.is_some() {
            let (job, state) = (import.job.clone(), JobState::Failed.name());
            return Err(WriteError::JobElsewhere { job, state });
        }
        let policy = (import.policy.as_ref(), import.expected);
        let mut effect = self.replace_policy(operation, policy, &import.records, &import.reason)?;
        let (org, now) = (organization.as_str(), self.clock.wall.0);
        let state = JobState::Applied.name();
        self.tx.run(sql::JOB_CHANGE, values![org, &import.job, state, now, job.found])?;
        self.tx.run(sql::JOB_INPUT_DROP, values![org, &import.job])?;
        if let Some(draft) = effect.drafts.first_mut() {
            draft.what.record = Some(import.job.clone());
        }
        Ok(effect)
    }

    fn in_state(
        &self,
        organization: &OrganizationId,
        id: &str,
        states: &[JobState],
    ) -> Result<Job, WriteError> {
        let job = self.tx.one(sql::JOB, values![organization.as_str(), id], Job::of)?;
        match job {
            Some(job) if states.contains(&job.state) => Ok(job),
            Some(job) => {
                Err(WriteError::JobElsewhere { job: id.to_owned(), state: job.state.name() })
            }
            None => Err(WriteError::UnknownCredential { what: "job", id: id.to_owned() }),
        }
    }
}
