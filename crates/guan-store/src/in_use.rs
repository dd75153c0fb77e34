//! The lock that keeps an installation's folder from being restored or made anew while a process has it open.

use std::fs::File;
use std::path::Path;

use crate::error::FileError;

/// The file's name in the installation folder.
const IN_USE_LOCK: &str = "in-use.lock";

/// A hold on an installation's folder, which ends when it is dropped.
///
/// It is given back by name and not only by closing the file: a child that another thread is just starting has a copy of
/// the open file until it runs its own program, and a lock lasts as long as its last copy.
#[derive(Debug)]
pub(crate) struct InUse(File);

impl InUse {
    /// A hold beside others who share it; nothing while somebody is there alone.
    pub(crate) fn shared(folder: &Path) -> Result<Option<Self>, FileError> {
        let file = lock_file(folder)?;
        Ok(file.try_lock_shared().is_ok().then_some(Self(file)))
    }

    /// A hold that excludes every other; nothing while there is one.
    pub(crate) fn alone(folder: &Path) -> Result<Option<Self>, FileError> {
        let file = lock_file(folder)?;
        Ok(file.try_lock().is_ok().then_some(Self(file)))
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        let _closing_gives_it_back_too = self.0.unlock();
    }
}

fn lock_file(folder: &Path) -> Result<File, FileError> {
    let path = folder.join(IN_USE_LOCK);
    let options = File::options().create(true).write(true).truncate(false).open(&path);
    options.map_err(FileError::writing(&path))
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::InUse;

    #[test]
    fn a_hold_ends_when_it_is_dropped_also_where_a_child_still_has_a_copy() {
        let folder = TempDir::new().unwrap();
        let shared = InUse::shared(folder.path()).unwrap().unwrap();
        let copy = shared.0.try_clone().unwrap();
        assert!(InUse::alone(folder.path()).unwrap().is_none(), "it is held");
        drop(shared);
        let alone = InUse::alone(folder.path()).unwrap().unwrap();
        assert!(InUse::shared(folder.path()).unwrap().is_none(), "it is held alone");
        let copy_of_alone = alone.0.try_clone().unwrap();
        drop(alone);
        assert!(InUse::shared(folder.path()).unwrap().is_some());
        drop((copy, copy_of_alone));
    }
}
