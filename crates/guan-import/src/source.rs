//! Where the files come from: a folder or a zip, within stated limits.

use crate::Files;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

/// The bounds of one import. Past one there is an error and nothing is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all files together, unpacked.
    pub total_bytes_max: u64,
    /// Files.
    pub entries_max: usize,
    /// Bytes of one file, unpacked.
    pub entry_bytes_max: u64,
    /// How many times larger than its packed form an entry of more than a mebibyte may become.
    pub ratio_max: u64,
    /// Folders inside folders.
    pub depth_max: usize,
    /// Zips inside zips.
    pub nested_zips_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            total_bytes_max: 4 << 30,
            entries_max: 200_000,
            entry_bytes_max: 2 << 30,
            ratio_max: 200,
            depth_max: 40,
            nested_zips_max: 2,
        }
    }
}

/// Bytes that cannot be read at all: the only reason why an import fails.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The file system refused.
    #[error("cannot read `{}`", path.display())]
    Unreadable {
        /// What was read.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// Not a zip, or a damaged one.
    #[error("`{name}` is not a readable zip: {why}; give a folder or a zip without password")]
    BadZip {
        /// The zip.
        name: String,
        /// What is wrong.
        why: String,
    },
    /// An entry that must not be taken.
    #[error("`{name}` is refused: {why}")]
    Refused {
        /// The entry or file.
        name: String,
        /// Why.
        why: String,
    },
    /// Past one of the [`Limits`].
    #[error("`{name}` goes past the limit of {limit} {unit}; import a smaller part")]
    TooLarge {
        /// The entry or file that went past it.
        name: String,
        /// The limit.
        limit: u64,
        /// Of what.
        unit: &'static str,
    },
}

/// Folders that hold no permission files.
const SKIPPED_FOLDERS: [&str; 5] = [".git", ".sf", ".sfdx", ".svn", "node_modules"];

/// Ratio checks start here: small files pack well without being bombs.
const RATIO_FROM_BYTES: u64 = 1 << 20;

impl Files {
    /// Reads a folder, or a zip file, within the default [`Limits`].
    ///
    /// # Errors
    ///
    /// When something cannot be read, is refused or is past a limit.
    pub fn open(path: &Path) -> Result<Self, ImportError> {
        if path.is_dir() {
            return Self::from_folder(path);
        }
        let bytes = read_file(path, Limits::default().entry_bytes_max)?;
        Self::from_zip(&bytes)
    }

    /// Reads a folder with everything below it. Links are not followed; folders of version control
    /// and tools are left out, and listed as such.
    ///
    /// # Errors
    ///
    /// When something cannot be read, has a name that is not text, or is past a limit.
    pub fn from_folder(path: &Path) -> Result<Self, ImportError> {
        Self::from_folder_within(path, Limits::default())
    }

    /// As [`Files::from_folder`] with other limits.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn from_folder_within(path: &Path, limits: Limits) -> Result<Self, ImportError> {
        let mut budget = Budget::new(limits);
        let mut files = Self::default();
        let mut waiting = vec![(path.to_owned(), String::new(), 0_usize)];
        while let Some((folder, prefix, depth)) = waiting.pop() {
            let unreadable = |source| ImportError::Unreadable { path: folder.clone(), source };
            for entry in fs::read_dir(&folder).map_err(unreadable)? {
                let entry = entry.map_err(unreadable)?;
                let name =
                    entry.file_name().into_string().map_err(|name| ImportError::Refused {
                        name: name.to_string_lossy().into_owned(),
                        why: "its name is not UTF-8 text; rename it".to_owned(),
                    })?;
                let inner = format!("{prefix}{name}");
                let kind = entry.file_type().map_err(unreadable)?;
                if kind.is_symlink() {
                    files.skip(inner, "a link; links are not followed");
                } else if kind.is_dir() {
                    if SKIPPED_FOLDERS.contains(&name.as_str()) {
                        files.skip(inner, "a folder of version control or tools");
                        continue;
                    }
                    budget.check_depth(&inner, depth + 1)?;
                    waiting.push((entry.path(), format!("{inner}/"), depth + 1));
                } else {
                    let bytes = read_file(&entry.path(), limits.entry_bytes_max)?;
                    budget.take(&inner, bytes.len() as u64)?;
                    files.insert(inner, bytes);
                }
            }
        }
        Ok(files)
    }

    /// Unpacks a zip, and zips inside it.
    ///
    /// # Errors
    ///
    /// When it is no readable zip, an entry climbs out of it (`..`, absolute paths), or a limit is
    /// passed.
    pub fn from_zip(bytes: &[u8]) -> Result<Self, ImportError> {
        Self::from_zip_within(bytes, Limits::default())
    }

    /// As [`Files::from_zip`] with other limits.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn from_zip_within(bytes: &[u8], limits: Limits) -> Result<Self, ImportError> {
        let mut budget = Budget::new(limits);
        let mut files = Self::default();
        let mut waiting = vec![(String::new(), bytes.to_vec(), 0_usize)];
        while let Some((prefix, bytes, nested)) = waiting.pop() {
            for (path, bytes) in unpack(&prefix, &bytes, &mut budget)? {
                let is_zip = Path::new(&path)
                    .extension()
                    .is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
                if !is_zip {
                    files.insert(path, bytes);
                } else if nested < limits.nested_zips_max {
                    waiting.push((format!("{path}/"), bytes, nested + 1));
                } else {
                    files.skip(path, "a zip inside too many zips");
                }
            }
        }
        Ok(files)
    }
}

fn read_file(path: &Path, bytes_max: u64) -> Result<Vec<u8>, ImportError> {
    let unreadable = |source| ImportError::Unreadable { path: path.to_owned(), source };
    let file = fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > bytes_max {
        let name = path.display().to_string();
        return Err(ImportError::TooLarge { name, limit: bytes_max, unit: "bytes in one file" });
    }
    Ok(bytes)
}

fn unpack(
    prefix: &str,
    bytes: &[u8],
    budget: &mut Budget,
) -> Result<Vec<(String, Vec<u8>)>, ImportError> {
    let bad = |name: &str, why: String| {
        let name = if name.is_empty() { "the zip".to_owned() } else { name.to_owned() };
        ImportError::BadZip { name, why }
    };
    let outer = prefix.trim_end_matches('/');
    let mut archive =
        zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| bad(outer, error.to_string()))?;
    let mut unpacked = Vec::new();
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|error| bad(outer, error.to_string()))?;
        if entry.is_dir() {
            continue;
        }
        let name = entry.name().map_err(|error| bad(outer, error.to_string()))?.replace('\\', "/");
        let path = format!("{prefix}{name}");
        budget.check_name(&name)?;
        budget.check_depth(&path, path.matches('/').count())?;
        if entry.is_symlink() {
            return Err(ImportError::Refused { name: path, why: "it is a link".to_owned() });
        }
        let packed = entry.compressed_size().max(1);
        let bytes_max = budget.entry_bytes_max(packed);
        let mut content = Vec::new();
        entry
            .take(bytes_max.saturating_add(1))
            .read_to_end(&mut content)
            .map_err(|error| bad(&path, error.to_string()))?;
        if content.len() as u64 > bytes_max {
            let unit = "bytes for an entry of its packed size";
            return Err(ImportError::TooLarge { name: path, limit: bytes_max, unit });
        }
        budget.take(&path, content.len() as u64)?;
        unpacked.push((path, content));
    }
    Ok(unpacked)
}

/// What is left of the limits.
struct Budget {
    limits: Limits,
    bytes: u64,
    entries: usize,
}

impl Budget {
    const fn new(limits: Limits) -> Self {
        Self { limits, bytes: 0, entries: 0 }
    }
    fn entry_bytes_max(&self, packed_bytes: u64) -> u64 {
        let by_ratio = packed_bytes.saturating_mul(self.limits.ratio_max).max(RATIO_FROM_BYTES);
        let left = self.limits.total_bytes_max.saturating_sub(self.bytes);
        by_ratio.min(self.limits.entry_bytes_max).min(left)
    }
    fn take(&mut self, name: &str, bytes: u64) -> Result<(), ImportError> {
        let past = |limit, unit| ImportError::TooLarge { name: name.to_owned(), limit, unit };
        self.bytes = self.bytes.saturating_add(bytes);
        self.entries += 1;
        if self.bytes > self.limits.total_bytes_max {
            return Err(past(self.limits.total_bytes_max, "bytes in all"));
        }
        if self.entries > self.limits.entries_max {
            return Err(past(self.limits.entries_max as u64, "files"));
        }
        Ok(())
    }
    fn check_depth(&self, name: &str, depth: usize) -> Result<(), ImportError> {
        if depth > self.limits.depth_max {
            let limit = self.limits.depth_max as u64;
            let unit = "folders inside folders";
            return Err(ImportError::TooLarge { name: name.to_owned(), limit, unit });
        }
        Ok(())
    }
    #[expect(clippy::unused_self, reason = "one of the checks of an entry")]
    fn check_name(&self, name: &str) -> Result<(), ImportError> {
        let climbs = name.split('/').any(|part| part == "..");
        let drive = name.chars().nth(1) == Some(':');
        if climbs || drive || name.starts_with('/') || name.contains('\0') || name.is_empty() {
            return Err(ImportError::Refused {
                name: name.to_owned(),
                why: "its path leads out of the zip".to_owned(),
            });
        }
        Ok(())
    }
}
