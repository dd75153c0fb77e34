//! A store with its engines: each committed write changes the engine in place, and what another process wrote is noticed.

use std::collections::BTreeMap;

use guan_engine::Engine;
use guan_engine::ask::Request;
use guan_engine::model::{OrganizationId, Problem, UserId};
use guan_ledger::Kind;
use thiserror::Error;

use crate::caller::{Caller, ClockReading};
use crate::change::{Change, Written};
use crate::database::{Mode, values};
use crate::decide::{Answer, Recording};
use crate::entity::{Entity, EntityKind};
use crate::error::ReadError;
use crate::sql;
use crate::store::Store;
use crate::write::WriteError;

/// An installation that decides.
#[derive(Debug)]
pub struct Live {
    store: Store,
    engines: BTreeMap<OrganizationId, Loaded>,
}

/// An engine and how much of the log it has seen.
#[derive(Debug)]
struct Loaded {
    engine: Engine,
    rows_seen: u64,
}

/// Why an organization cannot be decided for.
#[derive(Debug, Error)]
pub enum LiveError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// What is stored does not fit together any more.
    #[error("what is stored of `{organization}` cannot be decided on, first {}", .problems.first().map(ToString::to_string).unwrap_or_default())]
    Problems {
        /// The organization.
        organization: OrganizationId,
        /// What is wrong.
        problems: Vec<Problem>,
    },
}

impl Store {
    /// The engine of an organization, with its current policy and all its records.
    ///
    /// Cost: time in proportion to policy and records.
    pub fn engine(&self, organization: &OrganizationId) -> Result<Engine, LiveError> {
        self.at_once(|| self.engine_now(organization))
    }

    /// Whatever `read` reads is of one moment, also when others write meanwhile.
    fn at_once<T>(&self, read: impl FnOnce() -> Result<T, LiveError>) -> Result<T, LiveError> {
        // Dropped without a commit: nothing is written in it.
        let _moment = self.database.begin(Mode::Read).map_err(ReadError::from)?;
        read()
    }

    fn engine_now(&self, organization: &OrganizationId) -> Result<Engine, LiveError> {
        let (_, policy) = self.policy(organization)?;
        let mut unreadable = None;
        let loaded = self.load_records(organization, |records| {
            let readable = records.map_while(|record| match record {
                Ok(record) => Some(record),
                Err(error) => {
                    unreadable = Some(error);
                    None
                }
            });
            Engine::load(policy, readable)
        })?;
        // Records that cannot be read are not as good as none.
        if let Some(error) = unreadable {
            return Err(error.into());
        }
        loaded.map_err(|problems| LiveError::Problems {
            organization: organization.clone(),
            problems,
        })
    }
}

impl Live {
    /// Takes a store; engines are loaded when they are first asked.
    pub const fn new(store: Store) -> Self {
        Self { store, engines: BTreeMap::new() }
    }

    /// The store, for reading.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// The store, for windows and backups; what is written to it is noticed by the next question.
    pub const fn store_mut(&mut self) -> &mut Store {
        &mut self.store
    }

    /// Gives the store back.
    pub fn into_store(self) -> Store {
        self.store
    }

    /// The engine of an organization, as of the last commit of any process.
    ///
    /// Cost: one look at the end of the log; a load when another process changed policy or records.
    pub fn engine(&mut self, organization: &OrganizationId) -> Result<&Engine, LiveError> {
        let seen = self.engines.get(organization).map(|loaded| loaded.rows_seen);
        let (rows, is_current) = self.store.at_once(|| {
            let is_current = match seen {
                Some(seen) => !self.is_changed(organization, seen)?,
                None => false,
            };
            Ok((self.rows(organization)?, is_current))
        })?;
        if !is_current {
            self.engines.remove(organization);
        }
        match self.engines.entry(organization.clone()) {
            std::collections::btree_map::Entry::Occupied(entry) => {
                let loaded = entry.into_mut();
                loaded.rows_seen = rows;
                Ok(&loaded.engine)
            }
            std::collections::btree_map::Entry::Vacant(entry) => {
                let store = &self.store;
                let (engine, rows) = store.at_once(|| {
                    Ok((store.engine_now(organization)?, rows_of(store, organization)?))
                })?;
                Ok(&entry.insert(Loaded { engine, rows_seen: rows }).engine)
            }
        }
    }

    /// Makes one change, in the store and then in the engine.
    ///
    /// Errors: see [`Store::write`]; neither is changed then.
    pub fn write(
        &mut self,
        caller: &Caller,
        clock: &ClockReading,
        change: &Change,
    ) -> Result<Written, WriteError> {
        let written = self.store.write(caller, clock, change)?;
        let organization = OrganizationId::from(written.organization.as_str());
        // An engine that missed a row of somebody else, or cannot follow, is loaded anew by the next question.
        let follows = self
            .engines
            .get_mut(&organization)
            .is_some_and(|loaded| loaded.rows_seen == written.sequence && loaded.follow(change));
        match self.engines.get_mut(&organization) {
            Some(loaded) if follows => loaded.rows_seen = written.tip.size,
            _ => {
                self.engines.remove(&organization);
            }
        }
        Ok(written)
    }

    /// Decides under the overlays that act now; see [`Store::decide`].
    pub fn decide(
        &mut self,
        caller: &Caller,
        clock: &ClockReading,
        request: &Request<'_>,
        recording: Recording,
    ) -> Result<Answer, LiveError> {
        let (store, engine) = self.both(&request.session.organization)?;
        Ok(store.decide(caller, clock, request, recording, |asked| engine.check(asked))?)
    }

    /// The store for recording and the engine, as of the last commit of any process.
    pub(crate) fn both(
        &mut self,
        organization: &OrganizationId,
    ) -> Result<(&mut Store, &Engine), LiveError> {
        self.engine(organization)?;
        let Self { store, engines } = self;
        let loaded = engines.get(organization).ok_or_else(|| ReadError::UnknownOrganization {
            organization: organization.to_string(),
        })?;
        Ok((store, &loaded.engine))
    }

    fn rows(&self, organization: &OrganizationId) -> Result<u64, ReadError> {
        rows_of(&self.store, organization)
    }

    /// Whether policy or records changed since so many rows.
    fn is_changed(&self, organization: &OrganizationId, rows: u64) -> Result<bool, ReadError> {
        let since = values![organization.as_str(), rows];
        let kinds: Vec<String> =
            self.store.database.rows(sql::LEDGER_KINDS_SINCE, since, |row| row.get(0))?;
        Ok(kinds.iter().any(|kind| CHANGING.iter().any(|changing| changing.name() == kind)))
    }
}

fn rows_of(store: &Store, organization: &OrganizationId) -> Result<u64, ReadError> {
    let tip = store.ledger_tip(organization.as_str())?;
    Ok(tip.map_or(0, |tip| tip.size))
}

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
];

impl Loaded {
    /// Takes over a changed user; everything else of a policy is compiled anew.
    fn follow_entity(&mut self, entity: &Entity) -> bool {
        entity.kind == EntityKind::User
            && serde_json::from_str(&entity.body).is_ok_and(|user| {
                self.engine.put_user(&UserId::from(entity.id.as_str()), user).is_ok()
            })
    }

    /// Changes the engine as the store was changed; `false` when it has to be loaded anew.
    fn follow(&mut self, change: &Change) -> bool {
        match change {
            Change::PutRecords { records, .. } => {
                records.iter().all(|record| self.engine.put_record(record).is_ok())
            }
            Change::WriteRecords(write) => {
                write.records.iter().all(|record| self.engine.put_record(record).is_ok())
            }
            Change::DeleteRecord { key, .. } => self.engine.remove_record(key),
            Change::DeleteRecords { keys, .. } => {
                keys.iter().all(|key| self.engine.remove_record(key))
            }
            Change::EditPolicy { put, remove, .. } => {
                remove.is_empty() && put.iter().all(|entity| self.follow_entity(entity))
            }
            Change::CreateOrganization { .. }
            | Change::ReplacePolicy { .. }
            | Change::MakeCurrent { .. }
            | Change::Restore(_) => false,
            Change::OpenOverlay(_)
            | Change::CloseOverlay { .. }
            | Change::RecordWouldDenies { .. }
            | Change::RecordDenial { .. }
            | Change::RecordRelaxedLists { .. }
            | Change::PurgeRecords { .. }
            | Change::RecordExport(_)
            | Change::BackupTaken(_)
            | Change::FoundOtherDatabase { .. }
            | Change::ClockAlarm { .. }
            | Change::ConfirmClock { .. }
            | Change::AcknowledgeSafeMode { .. } => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use guan_engine::model::{Moment, Organization, Span};

    use crate::caller::{Caller, ClockReading};
    use crate::change::Change;
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
            Ok((before, store.organizations()?.len()))
        });
        assert_eq!(counts.unwrap(), (0, 0));
        assert_eq!(store.organizations().unwrap().len(), 1);
    }
}
