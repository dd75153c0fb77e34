//! What is stored of an organization as an engine, read at one moment, and how much of it is new.

use std::panic::resume_unwind;
use std::sync::mpsc::{self, SyncSender};
use std::thread;

use guan_engine::Engine;
use guan_engine::activity::Journal;
use guan_engine::model::{OrganizationId, Policy, Problem, Record, ValidRecord};
use guan_ledger::Kind;

use crate::database::{Mode, values};
use crate::error::{ReadError, StorageError};
use crate::gate::GateError;
use crate::sql;
use crate::sqlite::Access;
use crate::store::Store;

/// Records that are handed over at once while an engine is loaded, and how many such batches wait at most.
const BATCH: usize = 1_024;
const BATCHES: usize = 4;

/// The rows after which an engine is another one.
const CHANGING: &[Kind] = &[
    Kind::OrganizationCreated,
    Kind::RevisionCreated,
    Kind::RevisionMadeCurrent,
    Kind::ImportApplied,
    Kind::RecordWritten,
    Kind::RecordShared,
    Kind::RecordDeleted,
    Kind::RestoreDone,
    Kind::UndoDone,
    Kind::ErasureDone,
    Kind::UserChanged,
    // Shares that were made under it end with it.
    Kind::OverlayClosed,
];

impl Store {
    /// The engine of an organization, with its current policy and all its records.
    ///
    /// Cost: time in proportion to policy and records.
    pub fn engine(&self, organization: &OrganizationId) -> Result<Engine, GateError> {
        self.at_once(|| self.engine_now(organization))
    }

    /// Whatever `read` reads is of one moment, also when others write meanwhile.
    pub(crate) fn at_once<T, E: From<ReadError>>(
        &self,
        read: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        // Dropped without a commit: nothing is written in it.
        let _moment = self.database.begin(Mode::Read).map_err(ReadError::from)?;
        read()
    }

    /// The engine as of the transaction that is open.
    pub(crate) fn engine_now(&self, organization: &OrganizationId) -> Result<Engine, GateError> {
        let (_, policy) = self.policy(organization)?;
        let (sender, receiver) = mpsc::sync_channel(BATCHES);
        let known = policy.clone();
        // What is read and looked at here is indexed on a second thread meanwhile.
        let (read, loaded) = thread::scope(|scope| {
            let batches = receiver.into_iter().flatten();
            let loading = thread::Builder::new()
                .spawn_scoped(scope, move || Engine::load_valid(policy, batches))
                .map_err(|error| StorageError::Other(error.into()))?;
            let read = self.load_records(organization, |records| send(records, &known, &sender));
            drop(sender);
            let loaded = loading.join().unwrap_or_else(|panic| resume_unwind(panic));
            Ok::<_, StorageError>((read, loaded))
        })
        .map_err(ReadError::from)?;
        // Records that cannot be read are not as good as none.
        read??;
        loaded.map_err(|problems| GateError::Problems {
            organization: organization.clone(),
            problems,
        })
    }

    /// The size of the organization's log.
    pub(crate) fn rows_of(&self, organization: &OrganizationId) -> Result<u64, ReadError> {
        let tip = self.ledger_tip(organization.as_str())?;
        Ok(tip.map_or(0, |tip| tip.size))
    }

    /// Whether policy or records changed since so many rows.
    pub(crate) fn is_changed(
        &self,
        organization: &OrganizationId,
        rows: u64,
    ) -> Result<bool, ReadError> {
        let since = values![organization.as_str(), rows];
        let kinds: Vec<String> =
            self.database.rows(sql::LEDGER_KINDS_SINCE, since, |row| row.get(0))?;
        Ok(kinds.iter().any(|kind| CHANGING.iter().any(|changing| changing.name() == kind)))
    }

    /// Whether this store could record, for all that the store itself knows.
    pub(crate) fn writer_journal(&self) -> Journal {
        match self.access {
            Access::ReadWrite if !self.side_is_behind && self.is_in_place() => Journal::Durable,
            Access::ReadWrite | Access::ReadOnly => Journal::Unavailable,
        }
    }
}

/// Hands records over in batches, for as long as somebody takes them.
///
/// Errors: the first record that cannot be read; those before it were handed over.
fn send(
    records: &mut dyn Iterator<Item = Result<Record, ReadError>>,
    policy: &Policy,
    to: &SyncSender<Vec<Result<ValidRecord, Vec<Problem>>>>,
) -> Result<(), ReadError> {
    loop {
        let some = records.take(BATCH).map(|record| Ok::<_, ReadError>(policy.valid(record?)));
        let batch: Vec<_> = some.collect::<Result<_, _>>()?;
        // Whoever found something wrong takes no more, and says what.
        if batch.is_empty() || to.send(batch).is_err() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use guan_engine::model::{Moment, Organization, Span};

    use crate::caller::{Caller, ClockReading};
    use crate::change::Change;
    use crate::error::ReadError;
    use crate::store::Store;

    #[test]
    fn what_is_read_for_an_engine_is_of_one_moment() {
        let folder = tempfile::TempDir::new().unwrap();
        let (caller, clock) =
            (Caller::local("admin"), ClockReading::new(Moment(0), Span(0), "boot-1"));
        let store = Store::create(folder.path(), &caller, &clock).unwrap();
        let mut other = Store::open(folder.path(), &caller, &clock).unwrap();
        let counts = store.at_once(|| {
            let before = store.organizations()?.len();
            let organization = Organization { id: "acme".into(), ..Organization::default() };
            let change = Change::CreateOrganization { organization, reason: "start".into() };
            other.write(&caller, &clock, &change).unwrap();
            Ok::<_, ReadError>((before, store.organizations()?.len()))
        });
        assert_eq!(counts.unwrap(), (0, 0));
        assert_eq!(store.organizations().unwrap().len(), 1);
    }
}
