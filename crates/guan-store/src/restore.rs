//! Puts a backup back: every overlay is void afterwards, the replaced database stays beside, and the logs go on where they can be read.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use guan_engine::activity::Journal;
use guan_engine::model::Moment;
use serde::Serialize;
use thiserror::Error;

use crate::backup::{Backup, BackupError, file_digest, verify_backup};
use crate::caller::{Caller, ClockReading};
use crate::change::{Change, RestoreDone};
use crate::database::{Database, Mode, values};
use crate::error::{FileError, StorageError};
use crate::fault::{Faults, Interrupted};
use crate::ground::Ground;
use crate::in_use::InUse;
use crate::place::{self, DatabasePlace, Holds};
use crate::revision::Policies;
use crate::side::{SafeMode, Side, SideError};
use crate::sqlite::{self, Access};
use crate::store::{
    BACKUPS_FOLDER, DATABASE_FILE, NEW_DATABASE_FILE, OpenError, remove_database, with_suffix,
};
use crate::write::{WriteError, Writing};
use crate::{copy, log, migration, random, side, sql};

/// A backup that was put back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// The backup.
    pub backup: Backup,
    /// The incarnation from now on.
    pub incarnation: u64,
    /// Where the database that was replaced is kept: a file, or on a server the name of a schema; `None` when there was none.
    pub replaced: Option<PathBuf>,
    /// How many ledger rows written after the backup were taken over from it.
    pub rows_kept: u64,
    /// Why none could be taken over, if so; they are in the replaced file then.
    pub rows_lost: Option<String>,
}

/// Why a backup cannot be put back. The installation is as it was, or in safe mode with every overlay void.
#[derive(Debug, Error)]
pub enum RestoreError {
    /// The backup does not hold.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The backup is of another installation.
    #[error(
        "the backup is of installation `{theirs}`, this one is `{ours}`: restore it into an empty folder"
    )]
    OtherInstallation {
        /// The backup's.
        theirs: String,
        /// This one.
        ours: String,
    },
    /// Another process has the installation open.
    #[error("another process uses the installation: stop it and repeat")]
    InUse,
    /// The installation cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It could not be recorded.
    #[error("the restore could not be recorded")]
    Unrecorded(#[source] Box<WriteError>),
    /// A file could not be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// The side file cannot be used.
    #[error(transparent)]
    Side(#[from] SideError),
    /// The system gave no random bytes.
    #[error("the system gives no random bytes")]
    Random(#[source] std::io::Error),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A test stopped it.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
}

/// Puts a backup into an installation folder, or into an empty one.
///
/// Policy, records and revisions are those of the backup. Ledger rows and closings that were written after it are taken over from the
/// replaced database when its logs hold and go on from the backup's. The incarnation rises, every overlay is void, and safe
/// mode is on until it is acknowledged.
///
/// At every instant the folder holds a whole database, the old or the new one.
///
/// Errors: a damaged backup; another installation; another process has it open.
pub fn restore(
    folder: &Path,
    backup: &Path,
    caller: &Caller,
    clock: &ClockReading,
    reason: &str,
    faults: &Faults,
) -> Result<Restored, RestoreError> {
    restore_in(folder, &DatabasePlace::File, backup, caller, clock, reason, faults)
}

/// As [`restore`], and an empty folder gets its database where `place` says. A folder that has an installation keeps the place
/// that it has. What was in a database on a server is kept beside it, in a schema of its own.
///
/// Errors: as [`restore`]; the server cannot be reached, or holds another installation.
pub fn restore_in(
    folder: &Path,
    place: &DatabasePlace,
    backup: &Path,
    caller: &Caller,
    clock: &ClockReading,
    reason: &str,
    faults: &Faults,
) -> Result<Restored, RestoreError> {
    let backup = verify_backup(backup)?;
    faults.point("restore.1")?;
    let backups = folder.join(BACKUPS_FOLDER);
    fs::create_dir_all(&backups).map_err(FileError::writing(&backups))?;
    let _alone = InUse::alone(folder)?.ok_or(RestoreError::InUse)?;
    let side = next_side(folder, place, &backup, clock)?;
    let new = beside(folder, &backup)?;
    faults.point("restore.2")?;
    // From here on every overlay is void, whatever happens next.
    side::write(folder, &side, faults)?;
    faults.point("restore.3")?;
    let old = old_database(folder, &side)?;
    let (rows_kept, rows_lost) = match carry_over(&new, &old, &side) {
        Ok(rows) => (rows, None),
        Err(why) => (0, Some(why)),
    };
    drop(old);
    record(&new, &side, caller, clock, &backup, (reason, rows_kept))?;
    faults.point("restore.4")?;
    let replaced = replace(folder, &new, &side)?;
    faults.point("restore.5")?;
    remember(folder, &side, &backup, faults)?;
    faults.point("restore.6")?;
    Ok(Restored { backup, incarnation: side.incarnation, replaced, rows_kept, rows_lost })
}

/// The side file with a higher incarnation, which no overlay that was opened before fits.
fn next_side(
    folder: &Path,
    place: &DatabasePlace,
    backup: &Backup,
    clock: &ClockReading,
) -> Result<Side, RestoreError> {
    let manifest = &backup.manifest;
    let known = match side::read(folder) {
        Ok(known) => known,
        // Nothing of a lost or damaged side file can be relied on: the new one starts from the backup, with a new key.
        Err(SideError::Missing(_) | SideError::Unreadable { .. }) => {
            let key = random::bytes::<32>().map_err(RestoreError::Random)?;
            let (instance, incarnation) = (manifest.instance.clone(), manifest.incarnation);
            let database = place.address().map(str::to_owned);
            Side { database, ..Side::new(instance, incarnation, &key, clock.wall) }
        }
        Err(error) => return Err(error.into()),
    };
    if known.instance != manifest.instance {
        let (theirs, ours) = (manifest.instance.clone(), known.instance);
        return Err(RestoreError::OtherInstallation { theirs, ours });
    }
    let why = format!("backup `{}` was to be restored, and it was not finished", manifest.name);
    Ok(Side {
        incarnation: known.incarnation.max(manifest.incarnation).saturating_add(1),
        safe_mode: Some(SafeMode { why, since: clock.wall }),
        high_water: known.high_water.max(clock.wall),
        ..known
    })
}

fn beside(folder: &Path, backup: &Backup) -> Result<PathBuf, RestoreError> {
    let (from, to) = (backup.folder.join(DATABASE_FILE), folder.join(NEW_DATABASE_FILE));
    remove_database(&to)?;
    fs::copy(&from, &to).map_err(FileError::writing(&to))?;
    let mut files = backup.manifest.files.iter();
    let expected = files.find(|file| file.name == DATABASE_FILE).map(|file| file.digest);
    if expected != Some(file_digest(&to)?.1) {
        let what = "it changed while it was copied".to_owned();
        return Err(BackupError::Damaged { folder: backup.folder.clone(), what }.into());
    }
    Ok(to)
}

/// Takes over the ledger rows that the old database has beyond the backup. Says why not, in words, when it cannot.
fn carry_over(
    new: &Path,
    old: &Result<Option<Database>, StorageError>,
    side: &Side,
) -> Result<u64, String> {
    let source = match old {
        Ok(Some(source)) => source,
        Ok(None) => return Err("there was no database to take them from".to_owned()),
        Err(error) => return Err(format!("the replaced database cannot be read: {error}")),
    };
    let say = |what: &str| {
        let what = what.to_owned();
        move |error: &dyn std::fmt::Display| format!("{what}: {error}")
    };
    let unreadable = say("the replaced database cannot be read");
    migration::check(source).map_err(|error| unreadable(&error))?;
    let target = sqlite::open(new, Access::ReadWrite).map_err(|error| unreadable(&error))?;
    for organization in log::logs(source).map_err(|error| unreadable(&error))? {
        let shared = log::tip(&target, &organization).map_err(|error| unreadable(&error))?;
        log::verify(source, &side.instance, &organization, shared).map_err(|error| {
            say("a log of the replaced database does not go on from the backup's")(&error)
        })?;
    }
    copy::later_rows(source, &target).map_err(|error| unreadable(&error))
}

/// The database that is to be replaced, where there is one. A file that cannot be read is no reason against putting a backup
/// in its place.
fn old_database(
    folder: &Path,
    side: &Side,
) -> Result<Result<Option<Database>, StorageError>, RestoreError> {
    match side.place() {
        DatabasePlace::File => {
            let file = folder.join(DATABASE_FILE);
            let open = || {
                let database = sqlite::open(&file, Access::ReadWrite)?;
                sqlite::checkpoint(&database)?;
                Ok(database)
            };
            Ok(file.exists().then(open).transpose())
        }
        place @ DatabasePlace::Postgres(_) => {
            let server = place.connect(folder, Access::ReadWrite)?;
            match place::holds(&server)? {
                Holds::Installation(Some(found)) if found == side.instance => Ok(Ok(Some(server))),
                Holds::Installation(Some(_)) => Err(OpenError::DatabaseTaken.into()),
                Holds::Nothing | Holds::Installation(None) => Ok(Ok(None)),
            }
        }
    }
}

/// Puts the new database in the place of the old one, in one step, and says where the old one is kept.
fn replace(folder: &Path, new: &Path, side: &Side) -> Result<Option<PathBuf>, RestoreError> {
    match side.place() {
        DatabasePlace::File => {
            let database = folder.join(DATABASE_FILE);
            let replaced = keep_old(folder, side)?;
            fs::rename(new, &database).map_err(FileError::writing(&database))?;
            side::sync_folder(folder)?;
            Ok(replaced)
        }
        place @ DatabasePlace::Postgres(_) => {
            let kept = format!("guan_replaced_{}", side.incarnation);
            let server = place.connect(folder, Access::ReadWrite)?;
            let file = sqlite::open(new, Access::ReadOnly)?;
            let is_kept = copy::to_server(&file, &server, &kept)?;
            drop(file);
            remove_database(new)?;
            Ok(is_kept.then(|| PathBuf::from(kept)))
        }
    }
}

fn record(
    new: &Path,
    side: &Side,
    caller: &Caller,
    clock: &ClockReading,
    backup: &Backup,
    (reason, rows_kept): (&str, u64),
) -> Result<(), RestoreError> {
    let database = sqlite::open(new, Access::ReadWrite)?;
    migration::apply(&database, Moment(i64::MAX)).map_err(OpenError::from)?;
    let tx = database.begin(Mode::Write)?;
    let change = Change::Restore(RestoreDone {
        name: backup.manifest.name.clone(),
        manifest: backup.digest,
        reason: reason.to_owned(),
        rows_kept,
    });
    let (journal, policies, ground) =
        (Journal::Unavailable, &Policies::default(), &Ground::default());
    let writing = Writing { tx: &tx, side, caller, clock, journal, policies, ground };
    let effect = writing.apply(&change);
    effect
        .and_then(|effect| writing.record(effect))
        .map_err(|error| RestoreError::Unrecorded(Box::new(error)))?;
    tx.run(sql::HIGH_WATER_RAISE, values![side.high_water.0])?;
    tx.commit()?;
    sqlite::checkpoint(&database)?;
    drop(database);
    File::open(new).and_then(|file| file.sync_all()).map_err(FileError::writing(new))?;
    Ok(())
}

/// Gives the old database a second name, so that replacing the first one loses nothing.
fn keep_old(folder: &Path, side: &Side) -> Result<Option<PathBuf>, FileError> {
    let database = folder.join(DATABASE_FILE);
    if !database.exists() {
        return Ok(None);
    }
    let kept = folder.join(format!("guan.db.replaced-{}", side.incarnation));
    fs::hard_link(&database, &kept).map_err(FileError::writing(&kept))?;
    // What could not be brought into the file before stays readable beside it.
    for suffix in ["-wal", "-shm"] {
        let log = with_suffix(&database, suffix);
        if log.exists() {
            let kept = with_suffix(&kept, suffix);
            fs::rename(&log, &kept).map_err(FileError::writing(&kept))?;
        }
    }
    side::sync_folder(folder)?;
    Ok(Some(kept))
}

/// Takes the ends of the logs that count from now on into the side file.
fn remember(
    folder: &Path,
    side: &Side,
    backup: &Backup,
    faults: &Faults,
) -> Result<(), RestoreError> {
    let database = side.place().connect(folder, Access::ReadOnly)?;
    let mut tips = std::collections::BTreeMap::new();
    for organization in log::logs(&database)? {
        if let Some(tip) = log::tip(&database, &organization)? {
            tips.insert(organization, tip);
        }
    }
    let why = format!("backup `{}` was restored", backup.manifest.name);
    side::update(folder, faults, |side| {
        side.tips = tips;
        if let Some(safe_mode) = &mut side.safe_mode {
            safe_mode.why = why;
        }
    })?;
    Ok(())
}
