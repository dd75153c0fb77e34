//! Whether the file of the database is still where it was opened: what is written into a file that was taken away, nobody finds.

use std::path::Path;

/// What tells a file from another one under the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileIdentity {
    device: u64,
    node: u64,
}

impl FileIdentity {
    /// Of the file that is there now; absent where there is none, or where the system tells no files apart.
    #[cfg(unix)]
    pub(crate) fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let file = std::fs::metadata(path).ok()?;
        Some(Self { device: file.dev(), node: file.ino() })
    }

    /// Of the file that is there now; absent where there is none, or where the system tells no files apart.
    #[cfg(not(unix))]
    pub(crate) const fn of(_: &Path) -> Option<Self> {
        None
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::FileIdentity;

    #[test]
    fn a_file_that_took_the_place_of_another_is_told_from_it() {
        let folder = tempfile::TempDir::new().unwrap();
        let (file, other) = (folder.path().join("file"), folder.path().join("other"));
        std::fs::write(&file, "").unwrap();
        let known = FileIdentity::of(&file);
        std::fs::write(&file, "more").unwrap();
        assert_eq!(FileIdentity::of(&file), known);
        std::fs::write(&other, "").unwrap();
        std::fs::rename(&other, &file).unwrap();
        assert_ne!(FileIdentity::of(&file), known);
        std::fs::remove_file(&file).unwrap();
        assert_eq!(FileIdentity::of(&file), None);
    }
}
