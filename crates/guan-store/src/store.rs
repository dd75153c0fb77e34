//! The installation folder: made once, opened by every process, compared with what is remembered of it.

use std::fs::{self, File};
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};

use guan_engine::activity::{Journal, NodeFacts, OverlayRow};
use guan_engine::model::{Moment, OrganizationId, OverlayId, Policy, Record, RecordKey, Span};
use guan_ledger::{Row, Tip, Verified};
use rusqlite::Connection;
use thiserror::Error;

use crate::caller::{Caller, ClockReading};
use crate::change::Change;
use crate::entity::{self, Difference, Entities};
use crate::error::{FileError, ReadError, StorageError};
use crate::fault::{Faults, Interrupted};
use crate::log::{ExportError, INSTALLATION_LOG, VerifyError};
use crate::migration::{self, MigrationError};
use crate::overlay::{StoredOverlay, Which};
use crate::revision::{self, Revision};
use crate::side::{SafeMode, Side, SideError};
use crate::sqlite::{self, Access};
use crate::write::WriteError;
use crate::{log, overlay, random, records, side, sql};

/// The database's name in the installation folder.
pub const DATABASE_FILE: &str = "guan.db";
/// The folder of backups in the installation folder.
pub const BACKUPS_FOLDER: &str = "backups";
pub(crate) const IN_USE_LOCK: &str = "in-use.lock";

/// How old a node's view of the overlays may be.
pub const LEASE: Span = Span::seconds(10);
/// How much clocks may disagree.
pub const TOLERANCE: Span = Span::seconds(2);

/// How an installation is opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// For reading and writing, or for reading only.
    pub access: Access,
    /// Where tests stop a change.
    pub faults: Faults,
}

/// An installation: its database, its side file and its backups.
#[derive(Debug)]
pub struct Store {
    pub(crate) folder: PathBuf,
    pub(crate) connection: Connection,
    pub(crate) access: Access,
    pub(crate) faults: Faults,
    /// Whether the side file could not follow the last write; nothing is relaxed then.
    pub(crate) side_is_behind: bool,
    /// Held while the store is open, so that nobody replaces the database under it.
    _in_use: File,
}

/// Why an installation cannot be made or opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// There is none.
    #[error("there is no installation in `{}`: make one with `guan init`", .0.display())]
    Missing(PathBuf),
    /// There is one already.
    #[error("there is an installation in `{}` already: choose another folder", .0.display())]
    AlreadyThere(PathBuf),
    /// The database is gone while the file beside it is still there.
    #[error("`{}` is missing: restore a backup with `guan restore`", .0.display())]
    DatabaseMissing(PathBuf),
    /// Another process puts a backup back at this moment.
    #[error("the installation is being restored: repeat when that is done")]
    Restoring,
    /// The side file cannot be used.
    #[error(transparent)]
    Side(#[from] SideError),
    /// The schema cannot be brought up to date.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// A file could not be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// The system gave no random bytes.
    #[error("the system gives no random bytes")]
    Random(#[source] std::io::Error),
    /// What was found could not be recorded.
    #[error("what was found could not be recorded")]
    Unrecorded(#[source] Box<WriteError>),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A test stopped it.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Storage(error.into())
    }
}

impl Store {
    /// Makes an installation in a folder, which is created if need be.
    ///
    /// Errors: there is one already; the folder cannot be written.
    pub fn create(
        folder: impl Into<PathBuf>,
        caller: &Caller,
        clock: &ClockReading,
    ) -> Result<Self, OpenError> {
        let folder = folder.into();
        let (database, side_file) = (folder.join(DATABASE_FILE), folder.join(side::SIDE_FILE));
        if database.exists() || side_file.exists() {
            return Err(OpenError::AlreadyThere(folder));
        }
        let backups = folder.join(BACKUPS_FOLDER);
        fs::create_dir_all(&backups).map_err(FileError::writing(&backups))?;
        let instance = side::hex(&random::bytes::<16>().map_err(OpenError::Random)?);
        let key = random::bytes::<32>().map_err(OpenError::Random)?;
        let first = Side::new(instance, 1, &key, clock.wall);
        {
            let mut connection = sqlite::create(&database)?;
            migration::apply(&mut connection, clock.wall)?;
            let tx = connection.transaction()?;
            tx.execute(
                sql::INSTALLATION_CREATE,
                (&first.instance, first.incarnation, clock.wall.0),
            )?;
            let pen = log::Pen { connection: &tx, side: &first, caller, clock };
            let draft = log::Draft::new(guan_ledger::Kind::SettingChanged, "create_installation");
            pen.append(INSTALLATION_LOG, draft)
                .map_err(|error| OpenError::Unrecorded(Box::new(error.into())))?;
            tx.commit()?;
        }
        side::write(&folder, &first, &Faults::default())?;
        Self::open(folder, caller, clock)
    }

    /// Opens an installation for reading and writing.
    ///
    /// A database that is older than what is remembered of it, or another one, is opened too, but every overlay is void,
    /// the incarnation rises, a ledger row says so, and no window can be opened before
    /// [`Change::AcknowledgeSafeMode`].
    ///
    /// Errors: nothing there; damaged; written by a newer program.
    pub fn open(
        folder: impl Into<PathBuf>,
        caller: &Caller,
        clock: &ClockReading,
    ) -> Result<Self, OpenError> {
        Self::open_with(folder, Options::default(), caller, clock)
    }

    /// Opens an installation as the options say.
    ///
    /// For reading only, nothing is compared and nothing is recorded: every overlay counts as not acting.
    pub fn open_with(
        folder: impl Into<PathBuf>,
        options: Options,
        caller: &Caller,
        clock: &ClockReading,
    ) -> Result<Self, OpenError> {
        let folder = folder.into();
        let database = folder.join(DATABASE_FILE);
        match (database.exists(), folder.join(side::SIDE_FILE).exists()) {
            (false, false) => return Err(OpenError::Missing(folder)),
            (false, true) => return Err(OpenError::DatabaseMissing(database)),
            (true, _) => {}
        }
        let in_use = in_use(&folder)?;
        in_use.try_lock_shared().map_err(|_| OpenError::Restoring)?;
        side::read(&folder)?;
        let mut connection = sqlite::open(&database, options.access)?;
        match options.access {
            Access::ReadWrite => migration::apply(&mut connection, clock.wall)?,
            Access::ReadOnly => migration::check(&connection)?,
        }
        let Options { access, faults } = options;
        let mut store =
            Self { folder, connection, access, faults, side_is_behind: false, _in_use: in_use };
        if access == Access::ReadWrite {
            store.compare_with_memory(caller, clock)?;
        }
        Ok(store)
    }

    /// Finds a database that was put back from an older copy, and everything it could bring back with it.
    fn compare_with_memory(
        &mut self,
        caller: &Caller,
        clock: &ClockReading,
    ) -> Result<(), OpenError> {
        let known = side::read(&self.folder)?;
        let Some(what) = self.difference(&known)? else { return Ok(()) };
        let inside: u64 = self.connection.query_row(sql::INSTALLATION, [], |row| row.get(1))?;
        let safe_mode = SafeMode { why: what.clone(), since: clock.wall };
        // First outside, durably: from here on every overlay is void whatever happens next.
        side::update(&self.folder, &self.faults, |side| {
            side.incarnation = side.incarnation.max(inside).saturating_add(1);
            side.safe_mode = Some(safe_mode);
            side.tips.clear();
        })?;
        self.write(caller, clock, &Change::FoundOtherDatabase { what })
            .map_err(|error| OpenError::Unrecorded(Box::new(error)))?;
        let tips = self.tips()?;
        side::update(&self.folder, &self.faults, |side| {
            for (organization, tip) in tips {
                side.remember(&organization, tip);
            }
        })?;
        Ok(())
    }

    fn difference(&self, known: &Side) -> Result<Option<String>, StorageError> {
        let (instance, incarnation): (String, u64) =
            self.connection
                .query_row(sql::INSTALLATION, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if instance != known.instance {
            return Ok(Some("the database belongs to another installation".to_owned()));
        }
        if incarnation > known.incarnation {
            return Ok(Some("the side file is older than the database".to_owned()));
        }
        for (organization, tip) in &known.tips {
            if !log::contains(&self.connection, &known.instance, organization, *tip)? {
                let whose = match organization.as_str() {
                    INSTALLATION_LOG => "the installation".to_owned(),
                    organization => format!("organization `{organization}`"),
                };
                let size = tip.size;
                return Ok(Some(format!(
                    "the log of {whose} once had {size} rows, and they are not in the database: it is an older copy or another one"
                )));
            }
        }
        Ok(None)
    }

    /// The installation folder.
    pub fn folder(&self) -> &Path {
        &self.folder
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
            self.connection.query_row(sql::INSTALLATION, [], |row| row.get(2).map(Moment))?;
        Ok(self.side()?.high_water.max(inside))
    }

    /// The organizations, in the order of their ids.
    pub fn organizations(&self) -> Result<Vec<OrganizationId>, ReadError> {
        let mut statement = self.connection.prepare_cached(sql::ORGANIZATIONS)?;
        let ids = statement
            .query_map([], |row| row.get::<_, String>(0).map(OrganizationId::from))?
            .collect::<Result<_, _>>()?;
        Ok(ids)
    }

    /// The number of the current revision.
    pub fn current_revision(&self, organization: &OrganizationId) -> Result<u64, ReadError> {
        revision::current(&self.connection, organization)
    }

    /// What is known of a revision beside its content.
    pub fn revision(
        &self,
        organization: &OrganizationId,
        number: u64,
    ) -> Result<Revision, ReadError> {
        self.current_revision(organization)?;
        revision::one(&self.connection, organization, number)
    }

    /// All revisions, the first first.
    pub fn revisions(&self, organization: &OrganizationId) -> Result<Vec<Revision>, ReadError> {
        revision::all(&self.connection, organization)
    }

    /// The entities of a revision.
    pub fn entities(
        &self,
        organization: &OrganizationId,
        number: u64,
    ) -> Result<Entities, ReadError> {
        self.revision(organization, number)?;
        revision::entities(&self.connection, organization, number)
    }

    /// The policy of a revision.
    pub fn policy_at(
        &self,
        organization: &OrganizationId,
        number: u64,
    ) -> Result<Policy, ReadError> {
        Ok(revision::policy(&self.entities(organization, number)?)?)
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
        let org = [organization.as_str()];
        Ok(self.connection.query_row(sql::RECORDS_COUNT, org, |row| row.get(0))?)
    }

    /// How many records each object has.
    pub fn record_counts(
        &self,
        organization: &OrganizationId,
    ) -> Result<Vec<(String, u64)>, ReadError> {
        let mut statement = self.connection.prepare_cached(sql::RECORDS_COUNT_BY_OBJECT)?;
        let counts = statement
            .query_map([organization.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        Ok(counts)
    }

    /// One record; `None` when there is no such.
    pub fn record(
        &self,
        organization: &OrganizationId,
        key: &RecordKey,
    ) -> Result<Option<Record>, ReadError> {
        Ok(records::one(&self.connection, organization, key)?)
    }

    /// Hands all records to `take`, by object and then in the order in which they came, one at a time.
    pub fn load_records<T>(
        &self,
        organization: &OrganizationId,
        take: impl FnOnce(&mut dyn Iterator<Item = Result<Record, ReadError>>) -> T,
    ) -> Result<T, ReadError> {
        self.current_revision(organization)?;
        records::stream(&self.connection, organization, take)
    }

    /// The overlays of an organization with their seals verified, in the order of their ids.
    pub fn overlays(
        &self,
        organization: &OrganizationId,
        which: Which,
    ) -> Result<Vec<StoredOverlay>, ReadError> {
        overlay::all(&self.connection, organization, &self.side()?, which)
    }

    /// One overlay.
    pub fn overlay(
        &self,
        organization: &OrganizationId,
        id: &OverlayId,
    ) -> Result<StoredOverlay, ReadError> {
        overlay::one(&self.connection, organization, &self.side()?, id)
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
        let may_record =
            self.access == Access::ReadWrite && !self.side_is_behind && side.safe_mode.is_none();
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
            journal: if may_record { Journal::Durable } else { Journal::Unavailable },
        })
    }

    /// The logs there are: [`INSTALLATION_LOG`] and one for each organization that ever was.
    pub fn logs(&self) -> Result<Vec<String>, ReadError> {
        Ok(log::logs(&self.connection)?)
    }

    /// Rows of a log, in order.
    pub fn ledger_rows(&self, log: &str, range: Range<u64>) -> Result<Vec<Row>, ReadError> {
        log::rows(&self.connection, log, range)
    }

    /// The end of a log; `None` while it has no rows.
    pub fn ledger_tip(&self, log: &str) -> Result<Option<Tip>, ReadError> {
        Ok(log::tip(&self.connection, log)?)
    }

    /// Verifies a whole log, also against the end that is remembered beside the database.
    ///
    /// Errors: the first place that does not hold.
    pub fn ledger_verify(&self, log: &str) -> Result<Verified, VerifyError> {
        let side = self.side().map_err(ReadError::from)?;
        log::verify(&self.connection, &side.instance, log, side.tips.get(log).copied())
    }

    /// Writes a whole log as JSON lines and gives its end.
    pub fn ledger_export<W: Write>(&self, log: &str, output: W) -> Result<(W, Tip), ExportError> {
        let side = self.side().map_err(ReadError::from)?;
        log::export(&self.connection, &side.instance, log, output)
    }

    pub(crate) fn side(&self) -> Result<Side, SideError> {
        side::read(&self.folder)
    }

    pub(crate) fn tips(&self) -> Result<Vec<(String, Tip)>, StorageError> {
        let mut tips = Vec::new();
        for organization in log::logs(&self.connection)? {
            if let Some(tip) = log::tip(&self.connection, &organization)? {
                tips.push((organization, tip));
            }
        }
        Ok(tips)
    }
}

pub(crate) fn in_use(folder: &Path) -> Result<File, FileError> {
    let path = folder.join(IN_USE_LOCK);
    let options = File::options().create(true).write(true).truncate(false).open(&path);
    options.map_err(FileError::writing(&path))
}
