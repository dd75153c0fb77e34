//! What can be asked of a store without changing anything.

use std::io::Write;
use std::ops::Range;
use std::path::Path;

use guan_engine::activity::{Journal, NodeFacts, OverlayRow};
use guan_engine::model::{
    Moment, OrganizationId, OverlayId, Policy, Record, RecordKey, Span, UserId,
};
use guan_ledger::{Tip, Verified};

use crate::caller::ClockReading;
use crate::database::{Row, values};
use crate::entity::{self, Difference, Entities};
use crate::error::ReadError;
use crate::log::{ExportError, VerifyError};
use crate::overlay::{StoredOverlay, Which};
use crate::revision::Revision;
use crate::side::{SafeMode, Side};
use crate::sqlite::Access;
use crate::store::{LEASE, Store, TOLERANCE};
use crate::{log, overlay, records, reserve, revision, sql};

impl Store {
    /// The installation folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether it was opened for writing too.
    pub const fn access(&self) -> Access {
        self.access
    }

    /// The id of the installation.
    pub fn instance(&self) -> Result<String, ReadError> {
        Ok(self.side()?.instance)
    }

    /// How often the installation was restored or found changed, from 1.
    pub fn incarnation(&self) -> Result<u64, ReadError> {
        Ok(self.side()?.incarnation)
    }

    /// Why no window can be opened, if so.
    pub fn safe_mode(&self) -> Result<Option<SafeMode>, ReadError> {
        Ok(self.side()?.safe_mode)
    }

    /// The latest wall clock that was ever recorded, inside or beside the database.
    pub fn high_water(&self) -> Result<Moment, ReadError> {
        let inside =
            self.database.only(sql::INSTALLATION, values![], |row| row.get(2).map(Moment))?;
        Ok(self.side()?.high_water.max(inside))
    }

    /// The organizations, in the order of their ids.
    pub fn organizations(&self) -> Result<Vec<OrganizationId>, ReadError> {
        let id = |row: &Row<'_>| row.get::<String>(0).map(OrganizationId::from);
        Ok(self.database.rows(sql::ORGANIZATIONS, values![], id)?)
    }

    /// The number of the current revision.
    pub fn current_revision(&self, organization: &OrganizationId) -> Result<u64, ReadError> {
        revision::current(&self.database, organization)
    }

    /// What is known of a revision beside its content.
    pub fn revision(
        &self,
        organization: &OrganizationId,
        number: u64,
    ) -> Result<Revision, ReadError> {
        self.current_revision(organization)?;
        revision::one(&self.database, organization, number)
    }

    /// All revisions, the first first.
    pub fn revisions(&self, organization: &OrganizationId) -> Result<Vec<Revision>, ReadError> {
        revision::all(&self.database, organization)
    }

    /// The entities of a revision.
    pub fn entities(
        &self,
        organization: &OrganizationId,
        number: u64,
    ) -> Result<Entities, ReadError> {
        self.revision(organization, number)?;
        revision::entities(&self.database, organization, number)
    }

    /// The policy of a revision.
    pub fn policy_at(
        &self,
        organization: &OrganizationId,
        number: u64,
    ) -> Result<Policy, ReadError> {
        Ok(revision::policy(&self.entities(organization, number)?)?)
    }

    /// The revisions since a moment with the callers who made them, in order.
    pub(crate) fn revisions_since(
        &self,
        organization: &OrganizationId,
        since: Moment,
    ) -> Result<Vec<(u64, UserId)>, ReadError> {
        let place = values![organization.as_str(), since.0];
        let revision = |row: &Row<'_>| Ok((row.get(0)?, row.get::<String>(1)?.into()));
        Ok(self.database.rows(sql::REVISIONS_SINCE, place, revision)?)
    }

    /// The revision before one; numbers may skip.
    pub(crate) fn revision_before(
        &self,
        organization: &OrganizationId,
        number: u64,
    ) -> Result<Option<u64>, ReadError> {
        let place = values![organization.as_str(), number];
        Ok(self.database.only(sql::REVISION_PREVIOUS, place, |row| row.get(0))?)
    }

    /// The current revision with its policy.
    pub fn policy(&self, organization: &OrganizationId) -> Result<(Revision, Policy), ReadError> {
        let number = self.current_revision(organization)?;
        Ok((self.revision(organization, number)?, self.policy_at(organization, number)?))
    }

    /// What differs between two revisions, entity by entity.
    pub fn differences(
        &self,
        organization: &OrganizationId,
        from: u64,
        to: u64,
    ) -> Result<Vec<Difference>, ReadError> {
        Ok(entity::differences(
            &self.entities(organization, from)?,
            &self.entities(organization, to)?,
        ))
    }

    /// The digest of a revision, computed anew from its entities.
    pub fn digest(
        &self,
        organization: &OrganizationId,
        number: u64,
    ) -> Result<guan_ledger::Digest, ReadError> {
        Ok(entity::digest(&self.entities(organization, number)?))
    }

    /// How many records an organization has.
    pub fn record_count(&self, organization: &OrganizationId) -> Result<u64, ReadError> {
        let org = values![organization.as_str()];
        Ok(self.database.only(sql::RECORDS_COUNT, org, |row| row.get(0))?)
    }

    /// How many records each object has.
    pub fn record_counts(
        &self,
        organization: &OrganizationId,
    ) -> Result<Vec<(String, u64)>, ReadError> {
        let org = values![organization.as_str()];
        let count = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        Ok(self.database.rows(sql::RECORDS_COUNT_BY_OBJECT, org, count)?)
    }

    /// One record; `None` when there is no such.
    pub fn record(
        &self,
        organization: &OrganizationId,
        key: &RecordKey,
    ) -> Result<Option<Record>, ReadError> {
        Ok(records::one(&self.database, organization, key)?)
    }

    /// Hands all records to `take`, by object and then in the order in which they came, one at a time.
    pub fn load_records<T>(
        &self,
        organization: &OrganizationId,
        take: impl FnOnce(&mut dyn Iterator<Item = Result<Record, ReadError>>) -> T,
    ) -> Result<T, ReadError> {
        self.current_revision(organization)?;
        records::stream(&self.database, organization, take)
    }

    /// The overlays of an organization with their seals verified, in the order of their ids.
    pub fn overlays(
        &self,
        organization: &OrganizationId,
        which: Which,
    ) -> Result<Vec<StoredOverlay>, ReadError> {
        overlay::all(&self.database, organization, &self.side()?, which)
    }

    /// One overlay.
    pub fn overlay(
        &self,
        organization: &OrganizationId,
        id: &OverlayId,
    ) -> Result<StoredOverlay, ReadError> {
        overlay::one(&self.database, organization, &self.side()?, id)
    }

    /// The overlays whose end is not written, as the engine takes them.
    pub fn overlay_rows(
        &self,
        organization: &OrganizationId,
    ) -> Result<Vec<OverlayRow>, ReadError> {
        let stored = self.overlays(organization, Which::Unclosed)?;
        Ok(stored.iter().map(StoredOverlay::row).collect())
    }

    /// What this node knows of time and of itself. `view_age` is how long ago the overlays were asked for.
    pub fn node_facts(
        &self,
        organization: &OrganizationId,
        clock: &ClockReading,
        view_age: Span,
    ) -> Result<NodeFacts, ReadError> {
        let side = self.side()?;
        let journal = self.journal(&side);
        Ok(NodeFacts {
            organization: organization.clone(),
            wall: clock.wall,
            boot_clock: clock.boot_clock,
            boot_id: clock.boot_id.clone(),
            high_water: self.high_water()?,
            view_age,
            lease: LEASE,
            tolerance: TOLERANCE,
            incarnation: side.incarnation,
            journal,
        })
    }

    /// Whether what an overlay relaxes can be recorded durably now.
    pub(crate) fn journal(&self, side: &Side) -> Journal {
        let may_record = self.access == Access::ReadWrite
            && !self.side_is_behind
            && self.is_in_place()
            && side.safe_mode.is_none()
            && reserve::is_whole(&self.folder);
        if may_record { Journal::Durable } else { Journal::Unavailable }
    }

    /// The logs there are: [`INSTALLATION_LOG`](crate::INSTALLATION_LOG) and one for each organization that ever was.
    pub fn logs(&self) -> Result<Vec<String>, ReadError> {
        Ok(log::logs(&self.database)?)
    }

    /// Rows of a log, in order.
    pub fn ledger_rows(
        &self,
        log: &str,
        range: Range<u64>,
    ) -> Result<Vec<guan_ledger::Row>, ReadError> {
        log::rows(&self.database, log, range)
    }

    /// The end of a log; `None` while it has no rows.
    pub fn ledger_tip(&self, log: &str) -> Result<Option<Tip>, ReadError> {
        Ok(log::tip(&self.database, log)?)
    }

    /// Verifies a whole log, also against the end that is remembered beside the database.
    ///
    /// Errors: the first place that does not hold.
    pub fn ledger_verify(&self, log: &str) -> Result<Verified, VerifyError> {
        let side = self.side().map_err(ReadError::from)?;
        log::verify(&self.database, &side.instance, log, side.tips.get(log).copied())
    }

    /// Writes a whole log as JSON lines and gives its end.
    pub fn ledger_export<W: Write>(&self, log: &str, output: W) -> Result<(W, Tip), ExportError> {
        let side = self.side().map_err(ReadError::from)?;
        log::export(&self.database, &side.instance, log, output)
    }
}
