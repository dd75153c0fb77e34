//! Space that is kept free for the log: where it is gone, no window opens and an open one does not act.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use crate::error::FileError;

/// The file's name in the installation folder.
const RESERVE_FILE: &str = "reserve";
/// Some ten thousand ledger rows.
const SIZE_BYTES: usize = 8 << 20;
static PIECE: [u8; 1 << 16] = [0; 1 << 16];

/// Whether the space is there.
pub(crate) fn is_whole(folder: &Path) -> bool {
    fs::metadata(folder.join(RESERVE_FILE))
        .is_ok_and(|file| usize::try_from(file.len()).is_ok_and(|length| length >= SIZE_BYTES))
}

/// Takes the space, if it is not there.
pub(crate) fn fill(folder: &Path) -> Result<(), FileError> {
    if is_whole(folder) {
        return Ok(());
    }
    let path = folder.join(RESERVE_FILE);
    let filled = File::create(&path).and_then(|mut file| {
        for _ in 0..SIZE_BYTES / PIECE.len() {
            file.write_all(&PIECE)?;
        }
        file.sync_all()
    });
    filled.map_err(FileError::writing(&path))
}

/// Gives the space free for what is still to be recorded; a reserve that is not there has nothing to give.
pub(crate) fn release(folder: &Path) {
    // Whether it could be removed is asked by whoever writes next, by writing.
    let _removed = fs::remove_file(folder.join(RESERVE_FILE));
}
