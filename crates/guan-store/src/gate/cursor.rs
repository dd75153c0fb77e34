//! Cursors of lists of ids for those who ask from outside: sealed, so that nobody makes one up and learns where a record would stand.

use guan_engine::model::{RecordKey, Value};
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

    /// A record at which a page of several objects ended, as text.
    ///
    /// Errors: the key cannot be read.
    pub(super) fn seal_record(
        &self,
        list: &[&str],
        RecordKey { object, id }: &RecordKey,
    ) -> Result<PageCursor, ReadError> {
        let key = self.cursor_key()?;
        let place = Value::List(vec![object.as_str().to_owned(), id.as_str().to_owned()]);
        let sealed = sealer(&key, list).seal(Place::Valued(Some(place), 0));
        Ok(sealed.ok_or_else(|| StorageError::unreadable("a cursor"))?)
    }

    /// The record, if this list gave it out.
    ///
    /// Errors: the key cannot be read.
    pub(super) fn open_record(
        &self,
        list: &[&str],
        cursor: &PageCursor,
    ) -> Result<Option<RecordKey>, ReadError> {
        let key = self.cursor_key()?;
        let Some(Place::Valued(Some(Value::List(place)), _)) = sealer(&key, list).open(cursor)
        else {
            return Ok(None);
        };
        let [object, id] = place.as_slice() else { return Ok(None) };
        Ok(Some(RecordKey::new(object.as_str(), id.as_str())))
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
