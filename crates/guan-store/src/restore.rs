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
use crate::database::{Database, Mode, Statement, values};
use crate::error::{FileError, StorageError};
use crate::fault::{Faults, Interrupted};
use crate::side::{SafeMode, Side, SideError};
use crate::sqlite::{self, Access};
use crate::store::{
    BACKUPS_FOLDER, DATABASE_FILE, NEW_DATABASE_FILE, OpenError, in_use, remove_database,
    with_suffix,
};
use crate::write::{WriteError, Writing};
use crate::{log, migration, random, side, sql};

/// A backup that was put back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// The backup.
    pub backup: Backup,
    /// The incarnation from now on.
    pub incarnation: u64,
    /// Where the database that was replaced is kept; `None` when there was none.
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
    let backup = verify_backup(backup)?;
    faults.point("restore.1")?;
    let backups = folder.join(BACKUPS_FOLDER);
    fs::create_dir_all(&backups).map_err(FileError::writing(&backups))?;
    let alone = in_use(folder)?;
    alone.try_lock().map_err(|_| RestoreError::InUse)?;
    let side = next_side(folder, &backup, clock)?;
    let new = copy(folder, &backup)?;
    faults.point("restore.2")?;
    // From here on every overlay is void, whatever happens next.
    side::write(folder, &side, faults)?;
    faults.point("restore.3")?;
    let database = folder.join(DATABASE_FILE);
    let (rows_kept, rows_lost) = match carry_over(&new, &database, &side) {
        Ok(rows) => (rows, None),
        Err(why) => (0, Some(why)),
    };
    record(&new, &side, caller, clock, &backup, (reason, rows_kept))?;
    faults.point("restore.4")?;
    let replaced = keep_old(folder, &side)?;
    fs::rename(&new, &database).map_err(FileError::writing(&database))?;
    side::sync_folder(folder)?;
    faults.point("restore.5")?;
    remember(folder, &database, &backup, faults)?;
    faults.point("restore.6")?;
    Ok(Restored { backup, incarnation: side.incarnation, replaced, rows_kept, rows_lost })
}

/// The side file with a higher incarnation, which no overlay that was opened before fits.
fn next_side(folder: &Path, backup: &Backup, clock: &ClockReading) -> Result<Side, RestoreError> {
    let manifest = &backup.manifest;
    let known = match side::read(folder) {
        Ok(known) => known,
        // Nothing of a lost or damaged side file can be relied on: the new one starts from the backup, with a new key.
        Err(SideError::Missing(_) | SideError::Unreadable { .. }) => {
            let key = random::bytes::<32>().map_err(RestoreError::Random)?;
            Side::new(manifest.instance.clone(), manifest.incarnation, &key, clock.wall)
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

fn copy(folder: &Path, backup: &Backup) -> Result<PathBuf, RestoreError> {
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
fn carry_over(new: &Path, old: &Path, side: &Side) -> Result<u64, String> {
    if !old.exists() {
        return Err("there was no database to take them from".to_owned());
    }
    let say = |what: &str| {
        let what = what.to_owned();
        move |error: &dyn std::fmt::Display| format!("{what}: {error}")
    };
    let unreadable = say("the replaced database cannot be read");
    let source = sqlite::open(old, Access::ReadWrite).map_err(|error| unreadable(&error))?;
    sqlite::checkpoint(&source).map_err(|error| unreadable(&error))?;
    migration::check(&source).map_err(|error| unreadable(&error))?;
    let target = sqlite::open(new, Access::ReadWrite).map_err(|error| unreadable(&error))?;
    for organization in log::logs(&source).map_err(|error| unreadable(&error))? {
        let shared = log::tip(&target, &organization).map_err(|error| unreadable(&error))?;
        log::verify(&source, &side.instance, &organization, shared).map_err(|error| {
            say("a log of the replaced database does not go on from the backup's")(&error)
        })?;
    }
    drop(source);
    copy_rows(&target, old).map_err(|error| unreadable(&error))
}

fn copy_rows(target: &Database, old: &Path) -> Result<u64, StorageError> {
    let path = old.to_str().ok_or_else(|| StorageError::unreadable("the path of the database"))?;
    target.run(&ATTACH, values![path])?;
    let tx = target.begin(Mode::Write)?;
    let copied = tx.run(&COPY_ROWS, values![])?;
    tx.run(&COPY_CLOSINGS, values![])?;
    tx.commit()?;
    target.script("DETACH DATABASE old")?;
    Ok(copied)
}

/// What is copied between two files of `SQLite`.
const fn between_files(name: &'static str, sqlite: &'static str) -> Statement {
    Statement { name, sqlite, postgres: None }
}

const ATTACH: Statement = between_files("ATTACH", "ATTACH DATABASE ?1 AS old");
const COPY_ROWS: Statement = between_files(
    "COPY_ROWS",
    "INSERT INTO main.ledger (org, sequence, bytes, leaf, previous, chain, kind, overlay, revision)
    SELECT org, sequence, bytes, leaf, previous, chain, kind, overlay, revision FROM old.ledger o
    WHERE NOT EXISTS (SELECT 1 FROM main.ledger n WHERE n.org = o.org AND n.sequence = o.sequence)
    ORDER BY org, sequence",
);
/// What was closed after the backup stays closed as it was.
const COPY_CLOSINGS: Statement = between_files(
    "COPY_CLOSINGS",
    "INSERT INTO main.overlay_closing (org, id, body)
    SELECT org, id, body FROM old.overlay_closing o
    WHERE EXISTS (SELECT 1 FROM main.overlay w WHERE w.org = o.org AND w.id = o.id)
    AND NOT EXISTS (SELECT 1 FROM main.overlay_closing n WHERE n.org = o.org AND n.id = o.id)",
);

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
    let writing = Writing { tx: &tx, side, caller, clock, journal: Journal::Unavailable };
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
    database: &Path,
    backup: &Backup,
    faults: &Faults,
) -> Result<(), RestoreError> {
    let database = sqlite::open(database, Access::ReadOnly)?;
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
