//! The seam on `PostgreSQL`: one connection that comes back by itself, statements kept prepared, one writer by the installation's row.

mod bulk;
mod parameters;
mod target;

use std::cell::{Cell as Slot, RefCell, RefMut};
use std::collections::HashMap;
use std::fmt;
use std::io::Write as _;

use postgres::fallible_iterator::FallibleIterator as _;
use postgres::{Client, Statement};

pub(super) use self::parameters::cell;
pub(crate) use self::target::Target;
use super::{Mode, Row, Take, Value};
use crate::error::StorageError;

/// How many statements are kept prepared; texts that were built come and go.
const PREPARED_MAX: usize = 256;

/// Said once on every new connection: a commit is durable, and nobody waits for ever or holds others up for ever.
const SETTINGS: &str = "SET lock_timeout = '5s'; SET statement_timeout = '15min'; SET idle_in_transaction_session_timeout = '60s'; \
     SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";
/// The one lock of all writers, held until the transaction ends; there is no row before the installation is made.
const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = '60s'; SELECT one FROM installation FOR UPDATE";
/// Also before there is an installation.
const BEGIN_SCHEMA: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT number FROM migration WHERE number = 0 FOR UPDATE";
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A connection to a server, made at the first use and again after it was lost.
pub(crate) struct PostgresDatabase {
    target: Target,
    session: RefCell<Option<Session>>,
    /// The open transaction was lost with its connection.
    is_lost: Slot<bool>,
}

struct Session {
    client: Disposable,
    prepared: HashMap<String, Statement>,
}

/// A client that is closed on a thread of its own: closing waits, which is not allowed where futures run.
struct Disposable(Option<Client>);

impl Drop for Disposable {
    fn drop(&mut self) {
        if let Some(client) = self.0.take() {
            // Without a thread it is closed here.
            let _closing = std::thread::Builder::new().spawn(move || drop(client));
        }
    }
}

impl fmt::Debug for PostgresDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresDatabase").field("target", &self.target).finish_non_exhaustive()
    }
}

impl Session {
    fn connect(target: &Target) -> Result<Self, StorageError> {
        let mut client = target.connect()?;
        client.batch_execute(SETTINGS)?;
        if target.is_read_only() {
            client.batch_execute("SET default_transaction_read_only = on")?;
        }
        Ok(Self { client: Disposable(Some(client)), prepared: HashMap::new() })
    }

    fn client(&mut self) -> Result<&mut Client, StorageError> {
        self.client.0.as_mut().ok_or_else(|| StorageError::away("the connection was closed"))
    }

    fn prepared(&mut self, text: &str) -> Result<Statement, StorageError> {
        if let Some(statement) = self.prepared.get(text) {
            return Ok(statement.clone());
        }
        let statement = self.client()?.prepare(&numbered(text))?;
        if self.prepared.len() >= PREPARED_MAX {
            self.prepared.clear();
        }
        self.prepared.insert(text.to_owned(), statement.clone());
        Ok(statement)
    }
}

/// `?1` as `$1`, outside of quoted texts.
fn numbered(text: &str) -> String {
    let mut characters = text.chars().peekable();
    let (mut made, mut is_quoted) = (String::with_capacity(text.len()), false);
    while let Some(character) = characters.next() {
        is_quoted ^= character == '\'';
        let is_place =
            character == '?' && !is_quoted && characters.peek().is_some_and(char::is_ascii_digit);
        made.push(if is_place { '$' } else { character });
    }
    made
}

impl PostgresDatabase {
    /// A connection that is made at its first use.
    pub(crate) fn new(target: Target) -> Self {
        Self { target, session: RefCell::new(None), is_lost: Slot::new(false) }
    }

    /// The session, made anew where there is none; inside a transaction only the one that began it.
    fn session(&self, is_inside: bool) -> Result<RefMut<'_, Option<Session>>, StorageError> {
        let mut session = self.session.try_borrow_mut().map_err(|_| StorageError::Nested)?;
        if is_inside && (self.is_lost.get() || session.is_none()) {
            return Err(StorageError::away("the connection was lost inside a transaction"));
        }
        let is_closed = session
            .as_ref()
            .is_some_and(|session| session.client.0.as_ref().is_none_or(Client::is_closed));
        if is_closed {
            *session = None;
            if is_inside {
                self.is_lost.set(true);
                return Err(StorageError::away("the connection was lost inside a transaction"));
            }
        }
        if session.is_none() {
            *session = Some(Session::connect(&self.target)?);
        }
        Ok(session)
    }

    /// Does something with the session. A session that turns out to be lost is given up; `may_repeat` is for what leaves no trace.
    fn with<T>(
        &self,
        is_inside: bool,
        may_repeat: bool,
        mut act: impl FnMut(&mut Session) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let mut is_first = true;
        loop {
            let mut slot = self.session(is_inside)?;
            let Some(session) = slot.as_mut() else {
                return Err(StorageError::away("there is no connection"));
            };
            match act(session) {
                Err(StorageError::Away(why)) => {
                    *slot = None;
                    drop(slot);
                    if is_inside {
                        self.is_lost.set(true);
                    }
                    if is_inside || !may_repeat || !is_first {
                        return Err(StorageError::Away(why));
                    }
                    is_first = false;
                }
                // A server that was the primary and only reads now: the next use looks for the one that writes.
                Err(StorageError::ReadOnly) if !self.target.is_read_only() => {
                    *slot = None;
                    if is_inside {
                        self.is_lost.set(true);
                    }
                    return Err(StorageError::away("the server takes no changes any more"));
                }
                other => return other,
            }
        }
    }

    #[cfg(test)]
    pub(super) fn prepare(&self, text: &str) -> Result<(), StorageError> {
        self.with(false, true, |session| session.prepared(text).map(|_| ()))
    }

    pub(super) fn run(
        &self,
        text: &str,
        values: &[Value<'_>],
        is_inside: bool,
    ) -> Result<u64, StorageError> {
        self.with(is_inside, false, |session| {
            let statement = session.prepared(text)?;
            Ok(session.client()?.execute(&statement, &parameters::all(values))?)
        })
    }

    pub(super) fn each(
        &self,
        text: &str,
        values: &[Value<'_>],
        is_inside: bool,
        take: &mut Take<'_>,
    ) -> Result<(), StorageError> {
        let mut is_begun = false;
        let mut taken = Ok(());
        let asked = self.with(is_inside, true, |session| {
            if is_begun {
                // What was handed out already cannot be taken back.
                return Err(StorageError::Busy);
            }
            let statement = session.prepared(text)?;
            let mut rows = session.client()?.query_raw(&statement, values)?;
            while let Some(row) = rows.next()? {
                is_begun = true;
                match take(&Row::Postgres(&row)) {
                    Ok(flow) if flow.is_continue() => {}
                    Ok(_) => break,
                    Err(error) => {
                        taken = Err(error);
                        break;
                    }
                }
            }
            Ok(())
        });
        asked.and(taken)
    }

    pub(super) fn script(&self, text: &str, is_inside: bool) -> Result<(), StorageError> {
        self.with(is_inside, false, |session| Ok(session.client()?.batch_execute(text)?))
    }

    pub(super) fn load(
        &self,
        (table, columns): (&str, &[&str]),
        rows: &mut dyn Iterator<Item = Result<Vec<Value<'_>>, StorageError>>,
    ) -> Result<u64, StorageError> {
        let text = format!("COPY {table} ({}) FROM STDIN (FORMAT binary)", columns.join(", "));
        self.with(true, false, |session| {
            let mut writer = session.client()?.copy_in(text.as_str())?;
            let refused = |error: std::io::Error| StorageError::away(error);
            let mut bytes = bulk::header();
            for row in &mut *rows {
                bulk::row(&mut bytes, &row?)?;
                if bytes.len() >= bulk::PIECE {
                    writer.write_all(&bytes).map_err(refused)?;
                    bytes.clear();
                }
            }
            bulk::end(&mut bytes);
            writer.write_all(&bytes).map_err(refused)?;
            Ok(writer.finish()?)
        })
    }

    pub(super) fn begin(&self, mode: Mode) -> Result<(), StorageError> {
        let text = match mode {
            Mode::Write => BEGIN_WRITE,
            Mode::Read => BEGIN_READ,
            Mode::Schema => BEGIN_SCHEMA,
        };
        self.is_lost.set(false);
        let begun = self.with(false, true, |session| Ok(session.client()?.batch_execute(text)?));
        if begun.is_err() {
            self.roll_back();
        }
        begun
    }

    pub(super) fn commit(&self) -> Result<(), StorageError> {
        let lost_before = self.is_lost.get();
        let mut slot = self.session(true)?;
        let Some(session) = slot.as_mut() else {
            return Err(StorageError::away("there is no connection"));
        };
        match session.client()?.simple_query("COMMIT") {
            Ok(_) => Ok(()),
            Err(error) => match StorageError::from(error) {
                StorageError::Away(why) if !lost_before => {
                    *slot = None;
                    self.is_lost.set(true);
                    Err(StorageError::Unknown(why))
                }
                other => Err(other),
            },
        }
    }

    pub(super) fn roll_back(&self) {
        self.is_lost.set(false);
        let Ok(mut slot) = self.session.try_borrow_mut() else { return };
        let is_rolled_back = match slot.as_mut().map(Session::client) {
            Some(Ok(client)) => !client.is_closed() && client.batch_execute("ROLLBACK").is_ok(),
            _ => false,
        };
        if !is_rolled_back {
            // The server rolls back what belongs to a connection that is gone.
            *slot = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn parameters_are_renumbered_outside_of_quoted_texts_only() {
        let text = "SELECT a FROM t WHERE a = ?1 AND b = '?1' AND c @? ?12";
        assert_eq!(numbered(text), "SELECT a FROM t WHERE a = $1 AND b = '?1' AND c @? $12");
    }
}
