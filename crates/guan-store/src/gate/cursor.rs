//! Cursors of lists of ids for those who ask from outside: sealed, so that nobody makes one up and learns where a record would stand.

use guan_engine::question::Cursor;

use super::{Gate, GateError};
use crate::error::{ReadError, StorageError};
use crate::query::cursor::{PageCursor, Place, Sealer};

/// Keeps these lists apart from those of whole records, whose cursors have the same key.
const LIST: &str = "ids";

impl Gate {
    /// The cursor of the engine as text. `list` names everything that makes it this list, and who asks.
    ///
    /// Errors: the key cannot be read.
    pub fn seal_cursor(&self, list: &[&str], cursor: Cursor) -> Result<PageCursor, GateError> {
        let key = self.cursor_key()?;
        let sealed = sealer(&key, list).seal(Place::Kept(cursor, 0));
        Ok(sealed.ok_or_else(|| ReadError::from(StorageError::unreadable("a cursor")))?)
    }

    /// The cursor of the engine, if this list gave it out.
    ///
    /// Errors: the key cannot be read.
    pub fn open_cursor(
        &self,
        list: &[&str],
        cursor: &PageCursor,
    ) -> Result<Option<Cursor>, GateError> {
        let key = self.cursor_key()?;
        Ok(match sealer(&key, list).open(cursor) {
            Some(Place::Kept(cursor, _)) => Some(cursor),
            Some(Place::Valued(..)) | None => None,
        })
    }

    /// A number at which a page ended, as text: it could tell how much stands before it that may not be seen.
    ///
    /// Errors: the key cannot be read.
    pub(super) fn seal_number(&self, list: &[&str], number: i64) -> Result<PageCursor, ReadError> {
        let key = self.cursor_key()?;
        let sealed = sealer(&key, list).seal(Place::Valued(None, number));
        Ok(sealed.ok_or_else(|| StorageError::unreadable("a cursor"))?)
    }

    /// The number, if this list gave it out.
    ///
    /// Errors: the key cannot be read.
    pub(super) fn open_number(
        &self,
        list: &[&str],
        cursor: &PageCursor,
    ) -> Result<Option<i64>, ReadError> {
        let key = self.cursor_key()?;
        Ok(match sealer(&key, list).open(cursor) {
            Some(Place::Valued(None, number)) => Some(number),
            Some(Place::Kept(..) | Place::Valued(Some(_), _)) | None => None,
        })
    }

    /// The key that seals cursors.
    pub(super) fn cursor_key(&self) -> Result<[u8; 32], ReadError> {
        self.read(|reader| {
            let side = reader.side()?;
            Ok(side
                .key_bytes()
                .ok_or_else(|| StorageError::unreadable("the installation's key"))?)
        })
    }
}

fn sealer<'k>(key: &'k [u8], list: &[&str]) -> Sealer<'k> {
    let parts: Vec<&str> = std::iter::once(LIST).chain(list.iter().copied()).collect();
    Sealer::new(key, &parts)
}
