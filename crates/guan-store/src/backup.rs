//! Backups: a compact snapshot and a dump of every policy, checked against the live database before they count as taken.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use guan_engine::model::{Moment, OrganizationId};
use guan_ledger::{Digest, Hasher, Tip};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::caller::{Caller, ClockReading};
use crate::change::{BackupTaken, Change, Written};
use crate::database::{Database, Dialect, Mode, values};
use crate::error::{FileError, ReadError, StorageError};
use crate::fault::Interrupted;
use crate::log::VerifyError;
use crate::migration::MigrationError;
use crate::side::SideError;
use crate::sqlite::{self, Access};
use crate::store::{BACKUPS_FOLDER, DATABASE_FILE, Store};
use crate::write::WriteError;
use crate::{copy, entity, log, migration, random, revision, side, sql};

/// The manifest's name in the folder of a backup.
pub const MANIFEST_FILE: &str = "manifest.json";
const FORMAT: u32 = 1;

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The form of this file.
    pub format: u32,
    /// The name of the backup: its moment and some random digits.
    pub name: String,
    /// When it was taken.
    pub at: Moment,
    /// Who asked for it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// The installation.
    pub instance: String,
    /// Its incarnation then.
    pub incarnation: u64,
    /// The number of the newest schema step.
    pub schema: i64,
    /// What the database held.
    pub content: Content,
    /// The files beside the manifest.
    pub files: Vec<BackupFile>,
}

/// What a database holds, as far as two can be compared by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// The organizations, in the order of their ids.
    pub organizations: Vec<OrganizationContent>,
    /// The end of each log; the empty name is the installation's own.
    pub logs: BTreeMap<String, Tip>,
}

/// What a database holds of one organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationContent {
    /// Its id.
    pub id: OrganizationId,
    /// The current revision.
    pub revision: u64,
    /// The digest of it, computed anew from its entities.
    pub digest: Digest,
    /// How many revisions.
    pub revisions: u64,
    /// How many rows of entities, ended ones too.
    pub entities: u64,
    /// How many records.
    pub records: u64,
    /// How many overlays ever.
    pub overlays: u64,
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupFile {
    /// Its name in the folder.
    pub name: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its digest.
    pub digest: Digest,
}

/// A backup that was checked and holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Backup {
    /// Its folder.
    pub folder: PathBuf,
    /// What it says of itself.
    pub manifest: Manifest,
    /// The digest of the manifest's bytes.
    pub digest: Digest,
}

/// Why a backup cannot be taken, or does not count as one.
#[derive(Debug, Error)]
pub enum BackupError {
    /// It does not hold what it says.
    #[error("the backup in `{}` is damaged: {what}", folder.display())]
    Damaged {
        /// The backup.
        folder: PathBuf,
        /// What does not fit.
        what: String,
    },
    /// There is no backup.
    #[error("there is no backup in `{}`: it has no manifest.json", .0.display())]
    Missing(PathBuf),
    /// A log in it does not hold.
    #[error("a log in the backup does not hold")]
    Log(#[from] VerifyError),
    /// A file could not be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// The side file cannot be used.
    #[error(transparent)]
    Side(#[from] SideError),
    /// What is to be backed up cannot be read.
    #[error(transparent)]
    Read(ReadError),
    /// It could not be recorded.
    #[error("the backup could not be recorded")]
    Unrecorded(#[source] Box<WriteError>),
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

impl From<ReadError> for BackupError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Storage(storage) => Self::Storage(storage),
            ReadError::Side(side) => Self::Side(side),
            other => Self::Read(other),
        }
    }
}

impl Store {
    /// Takes a backup, checks it and records it.
    ///
    /// Cost: reads and writes the whole database; writers wait meanwhile, readers do not.
    pub fn backup(
        &mut self,
        caller: &Caller,
        clock: &ClockReading,
        reason: &str,
    ) -> Result<(Backup, Written), BackupError> {
        let backup = self.take_backup(caller, clock, reason)?;
        let taken = BackupTaken {
            name: backup.manifest.name.clone(),
            manifest: backup.digest,
            reason: reason.to_owned(),
            bytes: backup.manifest.files.iter().map(|file| file.bytes).sum(),
        };
        let written = self.write(caller, clock, &Change::BackupTaken(taken));
        Ok((backup, written.map_err(|error| BackupError::Unrecorded(Box::new(error)))?))
    }

    /// The backups of this installation by name, the oldest first; they are not checked.
    pub fn backups(&self) -> Result<Vec<PathBuf>, BackupError> {
        let folder = self.folder.join(BACKUPS_FOLDER);
        let reading = |error| BackupError::File(FileError::reading(&folder)(error));
        let mut backups = Vec::new();
        for entry in fs::read_dir(&folder).map_err(reading)? {
            let path = entry.map_err(reading)?.path();
            if path.join(MANIFEST_FILE).exists() && !is_unfinished(&path) {
                backups.push(path);
            }
        }
        backups.sort();
        Ok(backups)
    }

    /// Takes and checks a backup; recording it is left to the change that needs it.
    pub(crate) fn take_backup(
        &mut self,
        caller: &Caller,
        clock: &ClockReading,
        reason: &str,
    ) -> Result<Backup, BackupError> {
        if self.access == Access::ReadOnly {
            return Err(StorageError::ReadOnly.into());
        }
        let known = self.side()?;
        let random = random::bytes::<4>().map_err(BackupError::Random)?;
        let moment = clock.wall.to_string().replace(':', "");
        let name = format!("{moment}-{}", side::hex(&random));
        let backups = self.folder.join(BACKUPS_FOLDER);
        // Under this name it is no backup yet, whatever happens on the way.
        let unfinished = backups.join(format!(".{name}"));
        private_folder(&unfinished).map_err(FileError::writing(&unfinished))?;
        let finished = self.finish_backup(&unfinished, |content, files| Manifest {
            format: FORMAT,
            name: name.clone(),
            at: clock.wall,
            by: caller.id.clone(),
            reason: reason.to_owned(),
            instance: known.instance,
            incarnation: known.incarnation,
            schema: migration::newest(),
            content,
            files,
        });
        let manifest = match finished {
            Ok(manifest) => manifest,
            // A process that was killed removes nothing.
            Err(stopped @ BackupError::Interrupted(_)) => return Err(stopped),
            Err(error) => {
                // What cannot be removed does not count as a backup either; the first error says more.
                let _removed = fs::remove_dir_all(&unfinished);
                return Err(error);
            }
        };
        let folder = backups.join(&name);
        fs::rename(&unfinished, &folder).map_err(FileError::writing(&folder))?;
        side::sync_folder(&backups)?;
        self.faults.point("backup.5")?;
        let digest = file_digest(&folder.join(MANIFEST_FILE))?.1;
        Ok(Backup { folder, manifest, digest })
    }

    /// Writes everything into the folder of a backup and checks it.
    fn finish_backup(
        &self,
        unfinished: &Path,
        manifest: impl FnOnce(Content, Vec<BackupFile>) -> Manifest,
    ) -> Result<Manifest, BackupError> {
        self.faults.point("backup.1")?;
        let (content, files) = self.write_files(unfinished)?;
        self.faults.point("backup.2")?;
        let manifest = manifest(content, files);
        write_manifest(unfinished, &manifest)?;
        self.faults.point("backup.3")?;
        verify_backup(unfinished)?;
        self.faults.point("backup.4")?;
        Ok(manifest)
    }

    /// The snapshot and the dumps, of one state. On a file a second connection keeps writers out meanwhile, on a server
    /// they are not held up.
    fn write_files(&self, folder: &Path) -> Result<(Content, Vec<BackupFile>), BackupError> {
        let snapshot = folder.join(DATABASE_FILE);
        let guard;
        let standstill = match self.database.dialect() {
            Dialect::Sqlite => {
                guard = sqlite::open(&self.folder.join(DATABASE_FILE), Access::ReadWrite)?;
                let standstill = guard.begin(Mode::Write)?;
                sqlite::snapshot(&self.database, &snapshot)?;
                standstill
            }
            Dialect::Postgres => {
                let standstill = self.database.begin(Mode::Read)?;
                copy::to_file(&standstill, &snapshot).map_err(|error| match error {
                    MigrationError::Storage(storage) => BackupError::Storage(storage),
                    other => StorageError::unreadable(other).into(),
                })?;
                standstill
            }
        };
        let synced = File::options().write(true).open(&snapshot).and_then(|file| file.sync_all());
        synced.map_err(FileError::writing(&snapshot))?;
        let content = content(&standstill)?;
        let mut names = vec![DATABASE_FILE.to_owned()];
        for (index, organization) in content.organizations.iter().enumerate() {
            let name = dump_name(index);
            let entities =
                revision::entities(&standstill, &organization.id, organization.revision)?;
            let path = folder.join(&name);
            let mut bytes = Vec::new();
            for line in entity::dump(&entities) {
                bytes.extend_from_slice(line.as_bytes());
            }
            write_synced(&path, &bytes)?;
            names.push(name);
        }
        let files = names.into_iter().map(|name| {
            let (bytes, digest) = file_digest(&folder.join(&name))?;
            Ok(BackupFile { name, bytes, digest })
        });
        Ok((content, files.collect::<Result<_, FileError>>()?))
    }
}

/// What the backup in a folder says of itself; nothing is checked.
///
/// Errors: there is none, or its manifest cannot be read.
pub fn backup_manifest(folder: &Path) -> Result<Manifest, BackupError> {
    manifest(folder).map(|(_, manifest)| manifest)
}

fn manifest(folder: &Path) -> Result<(Vec<u8>, Manifest), BackupError> {
    let path = folder.join(MANIFEST_FILE);
    if !path.exists() {
        return Err(BackupError::Missing(folder.to_owned()));
    }
    let bytes = fs::read(&path).map_err(FileError::reading(&path))?;
    let manifest = serde_json::from_slice(&bytes).map_err(|error| BackupError::Damaged {
        folder: folder.to_owned(),
        what: format!("manifest.json: {error}"),
    })?;
    Ok((bytes, manifest))
}

/// Checks a backup by itself: its files, the database in it, its logs and its policies.
///
/// Errors: the first thing that does not fit what the manifest says.
pub fn verify_backup(folder: &Path) -> Result<Backup, BackupError> {
    let damaged = |what: String| BackupError::Damaged { folder: folder.to_owned(), what };
    let (bytes, manifest) = manifest(folder)?;
    if manifest.format != FORMAT || manifest.schema > migration::newest() {
        return Err(damaged("it was taken by a newer program".to_owned()));
    }
    for file in &manifest.files {
        if file.name.contains(['/', '\\']) {
            return Err(damaged(format!("`{}` is not the name of a file", file.name)));
        }
        let (bytes, digest) = file_digest(&folder.join(&file.name))?;
        if (bytes, digest) != (file.bytes, file.digest) {
            return Err(damaged(format!("`{}` was changed", file.name)));
        }
    }
    if !manifest.files.iter().any(|file| file.name == DATABASE_FILE) {
        return Err(damaged(format!("`{DATABASE_FILE}` is missing")));
    }
    let database = sqlite::open(&folder.join(DATABASE_FILE), Access::ReadOnly)?;
    sqlite::integrity(&database)?;
    if content(&database)? != manifest.content {
        return Err(damaged("the database holds something else than the manifest says".to_owned()));
    }
    for (index, organization) in manifest.content.organizations.iter().enumerate() {
        let name = dump_name(index);
        let dump = manifest.files.iter().find(|file| file.name == name);
        if dump.is_none_or(|dump| dump.digest != organization.digest) {
            return Err(damaged(format!("`{name}` is not the policy of `{}`", organization.id)));
        }
    }
    for (organization, tip) in &manifest.content.logs {
        log::verify(&database, &manifest.instance, organization, Some(*tip))?;
    }
    Ok(Backup { folder: folder.to_owned(), digest: Digest::of(&bytes), manifest })
}

/// What a database holds.
pub(crate) fn content(database: &Database) -> Result<Content, ReadError> {
    let rows: Vec<(String, u64)> =
        database.rows(sql::ORGANIZATIONS, values![], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut organizations = Vec::new();
    for (id, revision) in rows {
        let id = OrganizationId::from(id);
        let count = |statement| database.only(statement, values![id.as_str()], |row| row.get(0));
        organizations.push(OrganizationContent {
            revision,
            digest: entity::digest(&revision::entities(database, &id, revision)?),
            revisions: count(sql::COUNT_REVISIONS)?,
            entities: count(sql::COUNT_ENTITIES)?,
            records: count(sql::RECORDS_COUNT)?,
            overlays: count(sql::COUNT_OVERLAYS)?,
            id,
        });
    }
    let mut logs = BTreeMap::new();
    for organization in log::logs(database)? {
        if let Some(tip) = log::tip(database, &organization)? {
            logs.insert(organization, tip);
        }
    }
    Ok(Content { organizations, logs })
}

fn dump_name(index: usize) -> String {
    format!("policy-{}.jsonl", index + 1)
}

fn is_unfinished(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_none_or(|name| name.starts_with('.'))
}

fn write_manifest(folder: &Path, manifest: &Manifest) -> Result<(), BackupError> {
    let bytes = serde_json::to_vec_pretty(manifest).map_err(StorageError::unreadable)?;
    write_synced(&folder.join(MANIFEST_FILE), &bytes)?;
    side::sync_folder(folder)?;
    Ok(())
}

fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let written = File::create_new(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(FileError::writing(path))
}

pub(crate) fn file_digest(path: &Path) -> Result<(u64, Digest), FileError> {
    let mut hasher = Hasher::new();
    let bytes = File::open(path).and_then(|mut file| std::io::copy(&mut file, &mut hasher));
    Ok((bytes.map_err(FileError::reading(path))?, hasher.finish()))
}

fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.recursive(true).create(path)
}
