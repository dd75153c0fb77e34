//! The file beside the database: what a copy of the database must not be able to bring back — incarnation, key, clock mark, ends of the logs.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use guan_engine::model::Moment;
use guan_ledger::Tip;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::error::FileError;
use crate::fault::{Faults, Interrupted};
use crate::place::DatabasePlace;

/// The file's name in the installation folder.
pub const SIDE_FILE: &str = "installation.toml";
const SIDE_FILE_NEW: &str = "installation.toml.new";
const SIDE_LOCK: &str = "installation.lock";
const FORMAT: u32 = 1;

/// Why no window can be opened until somebody acknowledges it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SafeMode {
    /// What was found.
    pub why: String,
    /// When.
    pub since: Moment,
}

/// What the file says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Side {
    pub(crate) format: u32,
    pub(crate) instance: String,
    pub(crate) incarnation: u64,
    /// 32 bytes in hexadecimal; seals overlay rows.
    pub(crate) key: String,
    /// From when no window is opened with this key; rows that it sealed before still count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) key_ends: Option<Moment>,
    pub(crate) high_water: Moment,
    /// The address of the database, where it is on a server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) database: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) safe_mode: Option<SafeMode>,
    /// The end of each log, by organization; the empty one is the log of the installation.
    #[serde(default)]
    pub(crate) tips: BTreeMap<String, Tip>,
}

/// Why the file cannot be used.
#[derive(Debug, Error)]
pub enum SideError {
    /// There is none.
    #[error("`{}` is missing: it holds what a database alone cannot prove; restore a backup with `guan restore`", .0.display())]
    Missing(PathBuf),
    /// It is not in its form.
    #[error("`{}` cannot be understood: {problem}; restore a backup with `guan restore`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the parser said.
        problem: String,
    },
    /// A file could not be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// A test stopped the change.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
}

impl fmt::Debug for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither the key nor an address with a password is written anywhere else.
        f.debug_struct("Side")
            .field("instance", &self.instance)
            .field("incarnation", &self.incarnation)
            .field("safe_mode", &self.safe_mode)
            .finish_non_exhaustive()
    }
}

impl Side {
    /// Where the database is.
    pub(crate) fn place(&self) -> DatabasePlace {
        self.database.clone().into()
    }

    /// The file of a new installation.
    pub(crate) fn new(instance: String, incarnation: u64, key: &[u8; 32], now: Moment) -> Self {
        Self {
            format: FORMAT,
            instance,
            incarnation,
            key: hex(key),
            key_ends: None,
            high_water: now,
            database: None,
            safe_mode: None,
            tips: BTreeMap::new(),
        }
    }

    /// The key's bytes; `None` when the text is not 64 hexadecimal digits.
    pub(crate) fn key_bytes(&self) -> Option<[u8; 32]> {
        let mut bytes = [0; 32];
        let (pairs, rest) = self.key.as_bytes().as_chunks::<2>();
        if pairs.len() != bytes.len() || !rest.is_empty() {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(pairs) {
            *byte = u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(bytes)
    }

    /// Whether windows may be opened with the key at this moment.
    pub(crate) fn key_serves(&self, now: Moment) -> bool {
        self.key_bytes().is_some() && self.key_ends.is_none_or(|ends| now < ends)
    }

    /// Remembers a later end of a log.
    pub(crate) fn remember(&mut self, organization: &str, tip: Tip) {
        let known = self.tips.entry(organization.to_owned()).or_insert(tip);
        if tip.size > known.size {
            *known = tip;
        }
    }

    pub(crate) fn raise_high_water(&mut self, wall: Moment) {
        self.high_water = self.high_water.max(wall);
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

/// Reads the file of an installation folder.
pub(crate) fn read(folder: &Path) -> Result<Side, SideError> {
    read_file(&folder.join(SIDE_FILE))
}

/// Reads the file, wherever it lies.
pub(crate) fn read_file(path: &Path) -> Result<Side, SideError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(SideError::Missing(path.to_owned()));
        }
        Err(error) => return Err(FileError::reading(path)(error).into()),
    };
    let unreadable = |problem| SideError::Unreadable { path: path.to_owned(), problem };
    let side: Side =
        toml::from_str(&text).map_err(|error| unreadable(error.message().to_owned()))?;
    if side.format != FORMAT {
        return Err(unreadable(format!("format {} is not {FORMAT}", side.format)));
    }
    if side.key_bytes().is_none() {
        return Err(unreadable("the key is not 64 hexadecimal digits".to_owned()));
    }
    Ok(side)
}

/// Changes the file so that at every instant it is whole: the old or the new one.
pub(crate) fn write(folder: &Path, side: &Side, faults: &Faults) -> Result<(), SideError> {
    let (path, new) = (folder.join(SIDE_FILE), folder.join(SIDE_FILE_NEW));
    let text = toml::to_string(side).map_err(|error| SideError::Unreadable {
        path: path.clone(),
        problem: error.to_string(),
    })?;
    faults.point("side.1")?;
    let written = private_file(&new).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(FileError::writing(&new))?;
    faults.point("side.2")?;
    fs::rename(&new, &path).map_err(FileError::writing(&path))?;
    sync_folder(folder)?;
    faults.point("side.3")?;
    Ok(())
}

/// Reads, changes and writes the file while no other process does.
pub(crate) fn update(
    folder: &Path,
    faults: &Faults,
    change: impl FnOnce(&mut Side),
) -> Result<Side, SideError> {
    let path = folder.join(SIDE_LOCK);
    let lock = private_file(&path).map_err(FileError::writing(&path))?;
    // Released when the file is closed, also by a crash.
    lock.lock().map_err(FileError::writing(&path))?;
    let before = read(folder)?;
    let mut side = before.clone();
    change(&mut side);
    if side != before {
        write(folder, &side, faults)?;
    }
    Ok(side)
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), FileError> {
    File::open(folder).and_then(|file| file.sync_all()).map_err(FileError::writing(folder))
}

fn private_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}
