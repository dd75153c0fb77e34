//! The installation folder: made once, opened by every process, compared with what is remembered of it.

use std::fs;
use std::path::{Path, PathBuf};

use guan_engine::model::Span;
use guan_ledger::Tip;
use thiserror::Error;

use crate::caller::{Caller, ClockReading};
use crate::change::Change;
use crate::database::{Database, Mode, values};
use crate::error::{FileError, StorageError};
use crate::fault::{Faults, Interrupted};
use crate::in_place::FileIdentity;
use crate::in_use::InUse;
use crate::log::INSTALLATION_LOG;
use crate::migration::{self, MigrationError};
use crate::place::{self, DatabasePlace, Holds};
use crate::revision::Policies;
use crate::side::{SafeMode, Side, SideError};
use crate::sqlite::{self, Access};
use crate::write::WriteError;
use crate::{log, random, reserve, side, sql};

/// The database's name in the installation folder.
pub const DATABASE_FILE: &str = "guan.db";
/// The folder of backups in the installation folder.
pub const BACKUPS_FOLDER: &str = "backups";
/// A database that is being made and does not count yet.
pub(crate) const NEW_DATABASE_FILE: &str = "guan.db.new";

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
    pub(crate) database: Database,
    pub(crate) access: Access,
    pub(crate) faults: Faults,
    pub(crate) policies: Policies,
    /// Whether the side file could not follow the last write; nothing is relaxed then.
    pub(crate) side_is_behind: bool,
    /// The file that was opened; absent where the database is on a server.
    pub(crate) opened: Option<FileIdentity>,
    /// Held while the store is open, so that nobody replaces the database under it.
    _in_use: InUse,
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
    /// The database is not the one that the side file speaks of.
    #[error(
        "the database belongs to installation `{theirs}`, the folder to `{ours}`: restore a backup with `guan restore`"
    )]
    OtherInstallation {
        /// The database's.
        theirs: String,
        /// The side file's.
        ours: String,
    },
    /// The database on the server is in use by an installation.
    #[error(
        "the database holds an installation already: join it with `guan join`, or name an empty one"
    )]
    DatabaseTaken,
    /// The database on the server holds no installation.
    #[error("the database holds no installation: make one with `guan init --database`")]
    NothingToJoin,
    /// Only an installation with its database on a server has several nodes.
    #[error("`{}` is of an installation whose database is a file, which one machine alone uses", .0.display())]
    DatabaseInFile(PathBuf),
    /// Another process makes or restores an installation there.
    #[error("another process is at work in the folder: repeat when that is done")]
    InUse,
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

impl Store {
    /// Makes an installation in a folder, which is created if need be, with its database in the folder.
    ///
    /// Errors: there is one already; another process is at work there; the folder cannot be written.
    pub fn create(
        folder: impl Into<PathBuf>,
        caller: &Caller,
        clock: &ClockReading,
    ) -> Result<Self, OpenError> {
        Self::create_in(folder, &DatabasePlace::File, caller, clock)
    }

    /// Makes an installation in a folder, which is created if need be, with its database where `place` says.
    ///
    /// Errors: there is one already, in the folder or on the server; another process is at work there; the folder cannot be
    /// written; the server cannot be reached.
    pub fn create_in(
        folder: impl Into<PathBuf>,
        place: &DatabasePlace,
        caller: &Caller,
        clock: &ClockReading,
    ) -> Result<Self, OpenError> {
        let folder = folder.into();
        let alone = begun_alone(&folder)?;
        let instance = side::hex(&random::bytes::<16>().map_err(OpenError::Random)?);
        let key = random::bytes::<32>().map_err(OpenError::Random)?;
        let mut first = Side::new(instance, 1, &key, clock.wall);
        match place {
            DatabasePlace::File => {
                let (new, database) = (folder.join(NEW_DATABASE_FILE), folder.join(DATABASE_FILE));
                remove_database(&new)?;
                {
                    let made = sqlite::create(&new)?;
                    first_row(&made, &first, caller, clock)?;
                    sqlite::checkpoint(&made)?;
                }
                side::write(&folder, &first, &Faults::default())?;
                fs::rename(&new, &database).map_err(FileError::writing(&database))?;
                side::sync_folder(&folder)?;
            }
            DatabasePlace::Postgres(address) => {
                let server = place.connect(&folder, Access::ReadWrite)?;
                let is_ours = match (place::holds(&server)?, side::read(&folder)) {
                    (Holds::Nothing | Holds::Installation(None), _) => false,
                    // Made by a process that was stopped before it could remember it.
                    (Holds::Installation(theirs), Ok(begun))
                        if theirs.as_ref() == Some(&begun.instance) =>
                    {
                        true
                    }
                    (Holds::Installation(Some(_)), _) => return Err(OpenError::DatabaseTaken),
                };
                if !is_ours {
                    first.database = Some(address.clone());
                    // Before the database, which would be of no use to anybody without its key.
                    side::write(&folder, &first, &Faults::default())?;
                    first_row(&server, &first, caller, clock)?;
                }
            }
        }
        drop(alone);
        Self::open(folder, caller, clock)
    }

    /// Makes a folder through which another node uses an installation whose database is on a server.
    ///
    /// `from` is a copy of that installation's `installation.toml`, whose key lets the node verify seals; `place` is where this
    /// node reaches the database, [`DatabasePlace::File`] meaning as the copy says.
    ///
    /// Errors: the copy is of an installation with its database in a file; the folder is used; the server cannot be reached.
    pub fn join(
        folder: impl Into<PathBuf>,
        from: &Path,
        place: &DatabasePlace,
        caller: &Caller,
        clock: &ClockReading,
    ) -> Result<Self, OpenError> {
        let folder = folder.into();
        let mut copy = side::read_file(from)?;
        if let Some(address) = place.address() {
            copy.database = Some(address.to_owned());
        }
        if copy.database.is_none() {
            return Err(OpenError::DatabaseInFile(from.to_owned()));
        }
        let alone = begun_alone(&folder)?;
        let server = copy.place().connect(&folder, Access::ReadWrite)?;
        match place::holds(&server)? {
            Holds::Installation(Some(theirs)) if theirs == copy.instance => {}
            Holds::Installation(Some(theirs)) => {
                return Err(OpenError::OtherInstallation { theirs, ours: copy.instance });
            }
            Holds::Nothing | Holds::Installation(None) => return Err(OpenError::NothingToJoin),
        }
        side::write(&folder, &copy, &Faults::default())?;
        drop(alone);
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
        let file = folder.join(DATABASE_FILE);
        let place = match side::read(&folder) {
            Ok(side) => side.place(),
            Err(SideError::Missing(_)) if !file.exists() => return Err(OpenError::Missing(folder)),
            Err(error) => return Err(error.into()),
        };
        if place == DatabasePlace::File && !file.exists() {
            return Err(OpenError::DatabaseMissing(file));
        }
        let in_use = InUse::shared(&folder)?.ok_or(OpenError::Restoring)?;
        let database = place.connect(&folder, options.access)?;
        match options.access {
            Access::ReadWrite => migration::apply(&database, clock.wall)?,
            Access::ReadOnly => migration::check(&database)?,
        }
        let Options { access, faults } = options;
        let opened = if place == DatabasePlace::File { FileIdentity::of(&file) } else { None };
        let mut store = Self {
            folder,
            database,
            access,
            faults,
            policies: Policies::default(),
            side_is_behind: false,
            opened,
            _in_use: in_use,
        };
        if access == Access::ReadWrite {
            store.compare_with_memory(caller, clock)?;
            if place != DatabasePlace::File {
                // A window that another node opened acts here too. Where there is no room, nothing is relaxed here.
                let _filled = reserve::fill(&store.folder);
            }
        }
        Ok(store)
    }

    /// Whether the file that was opened is still where others look for it. What is written elsewhere is lost.
    pub(crate) fn is_in_place(&self) -> bool {
        self.opened.is_none() || self.opened == FileIdentity::of(&self.folder.join(DATABASE_FILE))
    }

    /// Finds a database that was put back from an older copy, and everything it could bring back with it.
    pub(crate) fn compare_with_memory(
        &mut self,
        caller: &Caller,
        clock: &ClockReading,
    ) -> Result<(), OpenError> {
        let mut known = side::read(&self.folder)?;
        let (instance, inside): (String, u64) =
            self.database
                .only(sql::INSTALLATION, values![], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if instance != known.instance {
            return Err(OpenError::OtherInstallation { theirs: instance, ours: known.instance });
        }
        if let Some(why) = self.difference(&known, inside)? {
            // First outside, durably: from here on every overlay is void whatever happens next.
            known = side::update(&self.folder, &self.faults, |side| {
                side.incarnation = side.incarnation.max(inside).saturating_add(1);
                side.safe_mode = Some(SafeMode { why, since: clock.wall });
                side.tips.clear();
            })?;
        } else if inside > known.incarnation {
            known = side::update(&self.folder, &self.faults, |side| {
                side.incarnation = side.incarnation.max(inside);
            })?;
        }
        if inside < known.incarnation {
            // Also when an earlier process was stopped between the two.
            let what = known.safe_mode.map_or_else(String::new, |safe_mode| safe_mode.why);
            self.write(caller, clock, &Change::FoundOtherDatabase { what })
                .map_err(|error| OpenError::Unrecorded(Box::new(error)))?;
            let tips = self.tips()?;
            side::update(&self.folder, &self.faults, |side| {
                for (organization, tip) in tips {
                    side.remember(&organization, tip);
                }
            })?;
        }
        Ok(())
    }

    fn difference(&self, known: &Side, inside: u64) -> Result<Option<String>, StorageError> {
        // On a server another node raises it, and then every log goes on from where it was.
        if inside > known.incarnation && known.database.is_none() {
            return Ok(Some("the side file is older than the database".to_owned()));
        }
        for (organization, tip) in &known.tips {
            if !log::contains(&self.database, &known.instance, organization, *tip)? {
                let whose = match organization.as_str() {
                    INSTALLATION_LOG => "the installation".to_owned(),
                    organization => format!("organization `{organization}`"),
                };
                let size = tip.size;
                return Ok(Some(format!(
                    "the log of {whose} once had {size} rows that are not in the database: it is an older copy or another one"
                )));
            }
        }
        Ok(None)
    }

    pub(crate) fn side(&self) -> Result<Side, SideError> {
        side::read(&self.folder)
    }

    pub(crate) fn tips(&self) -> Result<Vec<(String, Tip)>, StorageError> {
        let mut tips = Vec::new();
        for organization in log::logs(&self.database)? {
            if let Some(tip) = log::tip(&self.database, &organization)? {
                tips.push((organization, tip));
            }
        }
        Ok(tips)
    }
}

/// Takes a folder for a new installation, which nobody else makes, opens or restores anything in meanwhile.
fn begun_alone(folder: &Path) -> Result<InUse, OpenError> {
    let database = folder.join(DATABASE_FILE);
    fs::create_dir_all(folder).map_err(FileError::writing(folder))?;
    let Some(alone) = InUse::alone(folder)? else {
        return Err(if database.exists() || folder.join(side::SIDE_FILE).exists() {
            OpenError::AlreadyThere(folder.to_owned())
        } else {
            OpenError::InUse
        });
    };
    let is_begun = match side::read(folder) {
        // Left by a process that was stopped before it had made the database.
        Ok(begun) => !begun.tips.is_empty(),
        Err(SideError::Missing(_)) => false,
        Err(error) => return Err(error.into()),
    };
    if database.exists() || is_begun {
        return Err(OpenError::AlreadyThere(folder.to_owned()));
    }
    let backups = folder.join(BACKUPS_FOLDER);
    fs::create_dir_all(&backups).map_err(FileError::writing(&backups))?;
    Ok(alone)
}

/// Makes the tables, the row of the installation and the first row of its log.
fn first_row(
    database: &Database,
    first: &Side,
    caller: &Caller,
    clock: &ClockReading,
) -> Result<(), OpenError> {
    migration::apply(database, clock.wall)?;
    let tx = database.begin(Mode::Write)?;
    let row = values![&first.instance, first.incarnation, clock.wall.0];
    tx.run(sql::INSTALLATION_CREATE, row)?;
    let pen = log::Pen { side: first, caller, clock };
    let draft = log::Draft::new(guan_ledger::Kind::SettingChanged, "create_installation");
    let (rows, _) = pen
        .rows(INSTALLATION_LOG, None, vec![draft])
        .map_err(|error| OpenError::Unrecorded(Box::new(error.into())))?;
    log::insert(&tx, rows)?;
    Ok(tx.commit()?)
}

/// Removes a database with its logs; nothing there is no error.
pub(crate) fn remove_database(path: &Path) -> Result<(), FileError> {
    for path in [path.to_owned(), with_suffix(path, "-wal"), with_suffix(path, "-shm")] {
        match fs::remove_file(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(FileError::writing(&path)(error)),
        }
    }
    Ok(())
}

pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut text = path.as_os_str().to_owned();
    text.push(suffix);
    PathBuf::from(text)
}
