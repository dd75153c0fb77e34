//! Engines of draft policies: loaded when they are first asked, then following the records of the organization.

use std::collections::BTreeMap;

use guan_engine::Engine;
use guan_engine::model::{OrganizationId, Policy, Record};

use crate::error::ReadError;
use crate::feed::{self, News};
use crate::gate::GateError;
use crate::shadow::{DraftEntity, DraftKey, drafted};
use crate::store::Store;
use crate::write::WriteError;

/// The engines of the drafts that run, by organization and shadow.
#[derive(Debug, Default)]
pub(super) struct DraftEngines(BTreeMap<(OrganizationId, String), DraftEngine>);

/// A draft over the records that there are.
#[derive(Debug)]
pub(super) struct DraftEngine {
    pub(super) engine: Engine,
    incarnation: u64,
    /// The size of the log that the records are of.
    rows: u64,
}

/// Edits of a revision.
pub(super) type Edits<'a> = (u64, &'a [DraftEntity], &'a [DraftKey]);

impl DraftEngines {
    /// Forgets the engines of an organization that are not among these shadows.
    pub(super) fn keep(&mut self, organization: &OrganizationId, shadows: &[String]) {
        self.0.retain(|(of, shadow), _| of != organization || shadows.contains(shadow));
    }

    /// Forgets the engines of organizations that are not among these.
    pub(super) fn keep_organizations(&mut self, organizations: &[OrganizationId]) {
        self.0.retain(|(of, _), _| organizations.contains(of));
    }

    /// The engine of a draft with the records as `store` has them now.
    pub(super) fn get(
        &mut self,
        store: &Store,
        (organization, shadow): (&OrganizationId, &str),
        edits: Edits<'_>,
    ) -> Result<&DraftEngine, GateError> {
        let key = (organization.clone(), shadow.to_owned());
        // Taken out, so that one that could not follow is loaded anew.
        let known = self.0.remove(&key);
        let engine = store.at_once(|| {
            if let Some(mut engine) = known
                && engine.follow(store, organization)?
            {
                return Ok::<_, GateError>(engine);
            }
            DraftEngine::load(store, organization, edits)
        })?;
        Ok(self.0.entry(key).or_insert(engine))
    }
}

impl DraftEngine {
    fn load(
        store: &Store,
        organization: &OrganizationId,
        (revision, put, remove): Edits<'_>,
    ) -> Result<Self, GateError> {
        let rows = store.rows_of(organization)?;
        let incarnation = store.incarnation_inside().map_err(ReadError::from)?;
        let policy = drafted(&store.entities(organization, revision)?, put, remove)?;
        let (copy, mut unreadable) = (policy.clone(), None);
        let loaded = store.load_records(organization, |records| {
            let readable = records.map_while(|record| match record {
                Ok(record) => Some(record),
                Err(error) => {
                    unreadable = Some(error);
                    None
                }
            });
            Engine::load(policy, readable.filter(|record| fits(&copy, record)))
        })?;
        if let Some(error) = unreadable {
            return Err(error.into());
        }
        let engine = loaded.map_err(WriteError::Problems)?;
        Ok(Self { engine, incarnation, rows })
    }

    /// Takes over what became of records; `false` when it has to be loaded anew.
    fn follow(&mut self, store: &Store, organization: &OrganizationId) -> Result<bool, GateError> {
        let rows = store.rows_of(organization)?;
        let incarnation = store.incarnation_inside().map_err(ReadError::from)?;
        if incarnation != self.incarnation || rows < self.rows {
            return Ok(false);
        }
        if rows > self.rows && store.is_changed(organization, self.rows)? {
            let news = feed::since(&store.database, organization, (self.rows, rows))
                .map_err(ReadError::from)?;
            // The policy of a draft stays as it was drafted, whatever is in force meanwhile.
            let News::Changed { records, .. } = news else { return Ok(false) };
            for key in records {
                match store.record(organization, &key)? {
                    Some(record) if fits(self.engine.policy(), &record) => {
                        if self.engine.put_record(&record).is_err() {
                            return Ok(false);
                        }
                    }
                    Some(_) | None => {
                        self.engine.remove_record(&key);
                    }
                }
            }
        }
        self.rows = rows;
        Ok(true)
    }
}

/// Records that a draft has no place for are left out: nothing is allowed on them.
fn fits(policy: &Policy, record: &Record) -> bool {
    policy.validate_record(record).is_empty()
}
