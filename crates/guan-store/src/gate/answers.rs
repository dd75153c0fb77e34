//! Answers kept under a key of the client, so that a request sent twice is done once on whichever node.

use guan_engine::model::{Moment, OrganizationId, Span, UserId};
use guan_ledger::Digest;

use super::Gate;
use crate::caller::ClockReading;
use crate::database::{Database, Mode, values};
use crate::error::{ReadError, StorageError};
use crate::store::Store;
use crate::{log, sql};

/// How long an answer is kept.
const KEPT: Span = Span::minutes(24 * 60);
/// After which time nobody runs any more what was begun.
const ABANDONED: Span = Span::minutes(10);
/// Keys that are remembered while the database is away; of more, nobody runs anything after ten minutes either.
const FREE_MAX: usize = 10_000;
/// How often a transaction is begun that another one was before.
const TRIES: u32 = 5;

/// Who sent a request, and under which key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnswerKey {
    /// The organization.
    pub organization: OrganizationId,
    /// The user.
    pub user: UserId,
    /// The key, as the client chose it.
    pub key: String,
}

/// An answer as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// The status; 1 or more.
    pub status: u16,
    /// The headers that matter, as the server writes them.
    pub headers: String,
    /// The body.
    pub body: Vec<u8>,
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// Nothing: this request is the one to be run, and has the key from now on.
    First,
    /// The same request is being run.
    Running,
    /// The same request was begun, and nobody can say what became of it.
    Unknown,
    /// Another request was sent under it.
    Other,
    /// The same request was answered.
    Given(KeptAnswer),
}

impl Gate {
    /// Begins a request under a key, unless one was begun. Leaves no row: what the request changes does.
    ///
    /// Cost: one synced commit. Answers that are older than a day are forgotten.
    pub fn begin_answer(
        &self,
        clock: &ClockReading,
        key: &AnswerKey,
        fingerprint: &Digest,
    ) -> Result<Begun, ReadError> {
        let store = self.writer.lock();
        let is_free = self.free_keys.lock().contains(key);
        if is_free {
            give_free(&store, key)?;
            self.free_keys.lock().remove(key);
        }
        again(|| begin(&store, clock.wall, key, fingerprint))
    }

    /// Keeps what was answered.
    pub fn keep_answer(&self, key: &AnswerKey, answer: &KeptAnswer) -> Result<(), ReadError> {
        let AnswerKey { organization, user, key } = key;
        let (org, user) = (organization.as_str(), user.as_str());
        let store = self.writer.lock();
        again(|| {
            let row = values![
                org,
                user,
                key,
                i64::from(answer.status),
                &answer.headers,
                answer.body.as_slice(),
            ];
            write(&store.database, |tx| tx.run(sql::ANSWER_KEEP, row).map(|_| ()))
        })
    }

    /// Gives a key free, where nothing was done under it. While the database is away, this node does it when the key comes
    /// again.
    pub fn drop_answer(&self, key: &AnswerKey) -> Result<(), ReadError> {
        let store = self.writer.lock();
        let freed = give_free(&store, key);
        let mut kept = self.free_keys.lock();
        if freed.is_err() && kept.len() < FREE_MAX {
            kept.insert(key.clone());
        }
        freed
    }
}

fn give_free(store: &Store, key: &AnswerKey) -> Result<(), ReadError> {
    let AnswerKey { organization, user, key } = key;
    let (org, user) = (organization.as_str(), user.as_str());
    again(|| {
        let row = values![org, user, key];
        write(&store.database, |tx| tx.run(sql::ANSWER_DROP, row).map(|_| ()))
    })
}

fn begin(
    store: &Store,
    now: Moment,
    key: &AnswerKey,
    fingerprint: &Digest,
) -> Result<Begun, ReadError> {
    let AnswerKey { organization, user, key } = key;
    let (org, user) = (organization.as_str(), user.as_str());
    let incarnation = store.incarnation()?;
    write(&store.database, |tx| {
        tx.run(sql::ANSWERS_SWEEP, values![org, now.0.saturating_sub(KEPT.0)])?;
        let found = tx.one(sql::ANSWER, values![org, user, key], |row| {
            let of = log::digest(&row.get::<Vec<u8>>(0)?)?;
            let (incarnation, begun): (u64, i64) = (row.get(1)?, row.get(2)?);
            let status = u16::try_from(row.get::<i64>(3)?).map_err(StorageError::unreadable)?;
            let answer = KeptAnswer { status, headers: row.get(4)?, body: row.get(5)? };
            Ok((of, incarnation, Moment(begun), answer))
        })?;
        match found {
            Some((_, then, _, _)) if then != incarnation => {
                tx.run(sql::ANSWER_DROP, values![org, user, key])?;
            }
            Some((of, ..)) if of != *fingerprint => return Ok(Begun::Other),
            Some((_, _, begun, answer)) if answer.status == 0 => {
                let is_abandoned = now.since(begun).0 >= ABANDONED.0;
                return Ok(if is_abandoned { Begun::Unknown } else { Begun::Running });
            }
            Some((.., answer)) => return Ok(Begun::Given(answer)),
            None => {}
        }
        let nothing: &[u8] = &[];
        let of = fingerprint.as_bytes();
        tx.run(sql::ANSWER_BEGIN, values![org, user, key, of, incarnation, now.0, nothing])?;
        Ok(Begun::First)
    })
}

fn write<T>(
    database: &Database,
    work: impl FnOnce(&Database) -> Result<T, StorageError>,
) -> Result<T, ReadError> {
    let tx = database.begin(Mode::Write)?;
    let value = work(&tx)?;
    tx.commit()?;
    Ok(value)
}

/// Begins again what another transaction was before.
fn again<T>(mut work: impl FnMut() -> Result<T, ReadError>) -> Result<T, ReadError> {
    let mut tries = TRIES;
    loop {
        match work() {
            Err(ReadError::Storage(StorageError::Again)) if tries > 0 => tries -= 1,
            other => return other,
        }
    }
}
