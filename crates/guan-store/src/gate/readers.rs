//! Connections for reading, shared by all threads: as many as are needed at the same time, up to a limit.

use std::ops::Deref;
use std::path::PathBuf;

use guan_engine::model::{Moment, Span};
use parking_lot::{Condvar, Mutex};

use crate::caller::{Caller, ClockReading};
use crate::error::{ReadError, StorageError};
use crate::sqlite::Access;
use crate::store::{OpenError, Options, Store};

/// How many connections read at the same time.
const READERS_MAX: usize = 16;

/// A store that can be asked, at one moment of the database.
#[derive(Debug)]
pub struct Reader<'a> {
    store: &'a Store,
}

impl<'a> Reader<'a> {
    pub(crate) const fn of(store: &'a Store) -> Self {
        Self { store }
    }
}

impl Deref for Reader<'_> {
    type Target = Store;
    fn deref(&self) -> &Store {
        self.store
    }
}

/// The connections.
#[derive(Debug)]
pub(crate) struct Readers {
    folder: PathBuf,
    pool: Mutex<Pool>,
    returned: Condvar,
}

#[derive(Debug, Default)]
struct Pool {
    idle: Vec<Store>,
    lent: usize,
}

/// A connection that goes back when it is dropped, also by a panic.
struct Lent<'a> {
    readers: &'a Readers,
    store: Option<Store>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut pool = self.readers.pool.lock();
        pool.lent = pool.lent.saturating_sub(1);
        pool.idle.extend(self.store.take());
        drop(pool);
        self.readers.returned.notify_one();
    }
}

impl Readers {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, pool: Mutex::default(), returned: Condvar::new() }
    }

    /// Lends a connection, and whatever `ask` reads is of one moment.
    pub(crate) fn read<T, E: From<ReadError>>(
        &self,
        ask: impl FnOnce(&Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.with_store(|store| store.at_once(|| ask(&Reader { store })))
    }

    /// Lends a connection.
    pub(crate) fn with_store<T, E: From<ReadError>>(
        &self,
        ask: impl FnOnce(&Store) -> Result<T, E>,
    ) -> Result<T, E> {
        let lent = self.lend()?;
        match &lent.store {
            Some(store) => ask(store),
            None => Err(ReadError::from(StorageError::Busy).into()),
        }
    }

    fn lend(&self) -> Result<Lent<'_>, ReadError> {
        let mut pool = self.pool.lock();
        self.returned.wait_while(&mut pool, |pool| pool.lent >= READERS_MAX);
        pool.lent += 1;
        let idle = pool.idle.pop();
        drop(pool);
        // Counted from here on, whatever happens.
        let mut lent = Lent { readers: self, store: idle };
        if lent.store.is_none() {
            lent.store = Some(self.open()?);
        }
        Ok(lent)
    }

    fn open(&self) -> Result<Store, ReadError> {
        let options = Options { access: Access::ReadOnly, ..Options::default() };
        // For reading nothing is recorded, so nobody calls and no clock is looked at.
        let clock = ClockReading::new(Moment(0), Span(0), "");
        Store::open_with(&self.folder, options, &Caller::system(), &clock).map_err(|error| {
            match error {
                OpenError::Storage(storage) => ReadError::Storage(storage),
                OpenError::Side(side) => ReadError::Side(side),
                other => ReadError::Unopened(Box::new(other)),
            }
        })
    }
}
