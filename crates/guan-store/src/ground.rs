//! What the recordings of one transaction stand on, read once for all of them: none of them changes it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use guan_engine::activity::OverlayRow;
use guan_engine::model::{Moment, OrganizationId, OverlayId};
use guan_ledger::{Digest, Tip};

use crate::database::{Database, values};
use crate::error::{ReadError, StorageError};
use crate::log::{self, Appended};
use crate::side::Side;
use crate::{overlay, revision, sql};

/// Read when it is first asked for. A change that is more than a recording has one of its own.
#[derive(Debug, Default)]
pub(crate) struct Ground {
    policies: RefCell<BTreeMap<OrganizationId, Digest>>,
    overlays: RefCell<BTreeMap<(OrganizationId, OverlayId), Rc<OverlayRow>>>,
    high_water: Cell<Option<Moment>>,
    tips: RefCell<BTreeMap<String, Tip>>,
    /// Rows of the log that are numbered and chained, and not in the database yet.
    unwritten: RefCell<Vec<Appended>>,
}

impl Ground {
    /// The digest of the policy in force.
    pub(crate) fn policy(
        &self,
        database: &Database,
        organization: &OrganizationId,
    ) -> Result<Digest, ReadError> {
        if let Some(digest) = self.policies.borrow().get(organization) {
            return Ok(*digest);
        }
        let number = revision::current(database, organization)?;
        let digest = revision::one(database, organization, number)?.after;
        self.policies.borrow_mut().insert(organization.clone(), digest);
        Ok(digest)
    }

    /// An overlay as the engine takes it.
    pub(crate) fn overlay(
        &self,
        database: &Database,
        (organization, side): (&OrganizationId, &Side),
        id: &OverlayId,
    ) -> Result<Rc<OverlayRow>, ReadError> {
        let key = (organization.clone(), id.clone());
        if let Some(row) = self.overlays.borrow().get(&key) {
            return Ok(Rc::clone(row));
        }
        let row = Rc::new(overlay::one(database, organization, side, id)?.row());
        self.overlays.borrow_mut().insert(key, Rc::clone(&row));
        Ok(row)
    }

    /// The clock mark inside the database.
    pub(crate) fn high_water(&self, database: &Database) -> Result<Moment, StorageError> {
        if let Some(mark) = self.high_water.get() {
            return Ok(mark);
        }
        let mark = database.only(sql::INSTALLATION, values![], |row| row.get(2).map(Moment))?;
        self.high_water.set(Some(mark));
        Ok(mark)
    }

    /// The end of a log behind which the next row comes; `None` while it has none.
    pub(crate) fn tip(
        &self,
        database: &Database,
        organization: &str,
    ) -> Result<Option<Tip>, StorageError> {
        let known = self.tips.borrow().get(organization).copied();
        known.map_or_else(|| log::tip(database, organization), |tip| Ok(Some(tip)))
    }

    /// Keeps rows for [`Ground::write`].
    pub(crate) fn keep(&self, organization: &str, tip: Tip, rows: Vec<Appended>) {
        self.tips.borrow_mut().insert(organization.to_owned(), tip);
        self.unwritten.borrow_mut().extend(rows);
    }

    /// Writes the rows that were kept.
    pub(crate) fn write(&self, database: &Database) -> Result<(), StorageError> {
        log::insert(database, self.unwritten.take())
    }
}
