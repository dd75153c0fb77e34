//! Following what other processes and nodes commit: each refresh looks at the ends of the logs and takes over what is new.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use guan_engine::activity::Journal;
use guan_engine::model::{OrganizationId, RecordKey, UserId};

use super::followed::{Followed, Loaded};
use super::view::Node;
use super::{Gate, GateError};
use crate::caller::{Caller, ClockReading};
use crate::change::{Change, Written};
use crate::error::ReadError;
use crate::feed::{self, News};
use crate::store::Store;

/// A thread that does something again and again, until this is dropped.
#[derive(Debug)]
pub struct Tail {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Tail {
    /// Does the work every `interval`, for the first time after one.
    pub(super) fn every(
        name: &str,
        interval: Duration,
        work: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let (stop, stopped) = mpsc::channel::<()>();
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            while stopped.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
                work();
            }
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Tail {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic there was told where it happened; the lease does the rest.
            let _ended = thread.join();
        }
    }
}

impl Gate {
    /// One step of following: takes over what others committed, and learns that this node is up to date.
    ///
    /// The clock is read before this is called: a view is as old as the moment its refresh was sent.
    ///
    /// Cost: one look at the end of each log that is followed; what changed is applied in place, or loaded.
    ///
    /// Errors: what could not be read; the views age, and past the lease no overlay acts.
    pub fn refresh(&self, clock: &ClockReading) -> Result<(), GateError> {
        let journal = self.writer_journal();
        let refreshed = self.readers.with_store(|store| self.refresh_from(store, clock, journal));
        if self.node.read().is_elsewhere {
            self.follow_other_nodes(clock);
        }
        refreshed
    }

    /// Another node put a backup back: this one compares what it remembers with it, and takes over its incarnation.
    fn follow_other_nodes(&self, clock: &ClockReading) {
        // Whoever writes now follows too.
        let Some(mut store) = self.writer.try_lock() else { return };
        // What cannot be compared now is compared by the next refresh; meanwhile nothing is relaxed.
        let _followed = store.follow_other_nodes(&Caller::system(), clock);
        let journal = store.writer_journal();
        drop(store);
        *self.writer_can.lock() = journal;
    }

    /// Refreshes every `interval` in a thread of its own, until what this returns is dropped.
    ///
    /// Errors: the system gives no thread.
    pub fn tail(
        self: &Arc<Self>,
        interval: Duration,
        clock: impl Fn() -> ClockReading + Send + 'static,
    ) -> std::io::Result<Tail> {
        let gate = Arc::clone(self);
        Tail::every("guan-tail", interval, move || {
            // What cannot be read now is read by the next step; meanwhile the views age.
            let _refreshed = gate.refresh(&clock());
        })
    }

    pub(super) fn refresh_from(
        &self,
        store: &Store,
        clock: &ClockReading,
        journal: Journal,
    ) -> Result<(), GateError> {
        let all: Vec<_> = self.followed.read().values().map(Arc::clone).collect();
        let before = Arc::clone(&self.node.read());
        let mut first_error = None;
        for followed in all.iter().filter(|followed| followed.loaded().is_some()) {
            if let Err(error) = catch_up_from(store, followed) {
                followed.lose(&before.sent);
                first_error.get_or_insert(error);
            }
        }
        let node = Node::of(store, clock, journal)?;
        *self.node.write() = Arc::new(node);
        first_error.map_or(Ok(()), Err)
    }

    /// Loads an organization, or finds it loaded.
    pub(super) fn load(&self, followed: &Followed) -> Result<Arc<Loaded>, GateError> {
        self.readers.with_store(|store| catch_up_from(store, followed))
    }

    /// The organization's engine as of the transaction that `store` is in.
    pub(super) fn catch_up_within(
        store: &Store,
        followed: &Followed,
    ) -> Result<Arc<Loaded>, GateError> {
        let _alone = followed.following.lock();
        step(store, followed)
    }

    /// Takes over what this process committed.
    pub(super) fn follow(&self, store: &Store, written: &Written, change: &Change) {
        let organization = OrganizationId::from(written.organization.as_str());
        let Some(followed) = self.find(&organization) else { return };
        if followed.loaded().is_none() {
            return;
        }
        let alone = followed.following.lock();
        // With a window end the shares that were made under it, which only the feed names.
        let is_followed = !is_of_overlays(change) && followed.follow(written, change);
        drop(alone);
        // Somebody else's rows lie between, or it has to be loaded; where it cannot be read, the next step does it.
        if !is_followed && catch_up_from(store, &followed).is_err() {
            followed.forget();
        }
    }

    /// After changes of this process: the clock mark, and whether more can be recorded.
    pub(super) fn note_writer(&self, store: &Store, clock: &ClockReading) {
        let journal = store.writer_journal();
        *self.writer_can.lock() = journal;
        let mut node = self.node.write();
        let after = node.after(clock.wall, journal);
        *node = Arc::new(after);
    }

    pub(super) fn writer_journal(&self) -> Journal {
        *self.writer_can.lock()
    }
}

const fn is_of_overlays(change: &Change) -> bool {
    matches!(change, Change::OpenOverlay(_) | Change::CloseOverlay { .. })
}

fn catch_up_from(store: &Store, followed: &Followed) -> Result<Arc<Loaded>, GateError> {
    let _alone = followed.following.lock();
    // After the lock: what was committed before somebody else followed is in this moment.
    store.at_once(|| step(store, followed))
}

/// Brings an organization to the moment that `store` reads of, while `following` is held.
fn step(store: &Store, followed: &Followed) -> Result<Arc<Loaded>, GateError> {
    match try_step(store, followed) {
        Err(error) if !is_passing(&error) => {
            // What was loaded is not what is stored, and what is stored cannot be decided on.
            followed.forget();
            Err(error)
        }
        other => other,
    }
}

fn try_step(store: &Store, followed: &Followed) -> Result<Arc<Loaded>, GateError> {
    let organization = &followed.organization;
    let rows = store.rows_of(organization)?;
    let incarnation = store.incarnation_inside().map_err(ReadError::from)?;
    if !take_over(store, followed, (incarnation, rows))? {
        let engine = store.engine_now(organization)?;
        let revision = store.current_revision(organization)?;
        followed.put(Arc::new(Loaded::new(engine, revision, (incarnation, rows))));
    }
    followed.put_overlays(store.overlay_rows(organization)?);
    let unknown = || ReadError::UnknownOrganization { organization: organization.to_string() };
    Ok(followed.loaded().ok_or_else(unknown)?)
}

/// Brings a loaded engine to a log of so many rows by the feed; `false` when it has to be loaded.
fn take_over(
    store: &Store,
    followed: &Followed,
    (incarnation, rows): (u64, u64),
) -> Result<bool, GateError> {
    let organization = &followed.organization;
    let Some(loaded) = followed.loaded() else { return Ok(false) };
    let (seen, before) = (loaded.rows(), loaded.incarnation);
    drop(loaded);
    // Another incarnation may say anything under a log of the same size.
    if before != incarnation {
        return Ok(false);
    }
    if seen == rows {
        return Ok(true);
    }
    // A log that is shorter than what was seen is another one.
    if seen > rows {
        return Ok(false);
    }
    if store.is_changed(organization, seen)? {
        let news =
            feed::since(&store.database, organization, (seen, rows)).map_err(ReadError::from)?;
        let News::Changed { records, users, policy } = news else { return Ok(false) };
        if policy && !take_over_policy(store, followed)? {
            return Ok(false);
        }
        // Where the policy was taken over, its users were too.
        let users = if policy { BTreeSet::new() } else { users };
        if !take_over_changed(store, followed, (&records, &users))? {
            return Ok(false);
        }
    }
    followed.see(rows);
    Ok(true)
}

/// Compiles the current policy for the records that are there, while the engine before answers.
fn take_over_policy(store: &Store, followed: &Followed) -> Result<bool, GateError> {
    let Some(loaded) = followed.loaded() else { return Ok(false) };
    let (revision, policy) = store.policy(&followed.organization)?;
    // What cannot be compiled is told by the load.
    let Ok(Some(prepared)) = loaded.engine.prepare(policy) else { return Ok(false) };
    drop(loaded);
    let mut prepared = Some(prepared);
    Ok(followed.change(Some(revision.number), |engine| {
        prepared.take().is_some_and(|prepared| {
            engine.adopt(prepared);
            true
        })
    }))
}

fn take_over_changed(
    store: &Store,
    followed: &Followed,
    (keys, ids): (&BTreeSet<RecordKey>, &BTreeSet<UserId>),
) -> Result<bool, GateError> {
    let organization = &followed.organization;
    let mut records = Vec::with_capacity(keys.len());
    for key in keys {
        records.push((key, store.record(organization, key)?));
    }
    let mut users = Vec::new();
    if !ids.is_empty() {
        let mut policy = store.policy(organization)?.1;
        for id in ids {
            let Some(user) = policy.users.remove(id) else { return Ok(false) };
            users.push((id, user));
        }
    }
    if records.is_empty() && users.is_empty() {
        return Ok(true);
    }
    let revision = store.current_revision(organization)?;
    Ok(followed.change(Some(revision), |engine| {
        let users_fit = users.iter().all(|(id, user)| engine.put_user(id, user.clone()).is_ok());
        users_fit
            && records.iter().all(|(key, record)| {
                if let Some(record) = record {
                    return engine.put_record(record).is_ok();
                }
                // One that came and went in between was never here.
                engine.remove_record(key);
                true
            })
    }))
}

/// Whether the database is away for a while, which says nothing about what is in it.
const fn is_passing(error: &GateError) -> bool {
    use crate::error::StorageError;
    matches!(
        error,
        GateError::Read(ReadError::Storage(
            StorageError::Busy
                | StorageError::Away(_)
                | StorageError::Again
                | StorageError::Other(_)
        ))
    )
}
