//! The engine of one organization that follows what is committed: changed in place, copied only while a long question holds it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use guan_engine::activity::OverlayRow;
use guan_engine::model::{OrganizationId, UserId};
use guan_engine::{Engine, Lineup};
use parking_lot::{Condvar, Mutex, RwLock};

use super::view::{Behind, Overlays, Sent, Token};
use crate::access::AccessChange;
use crate::change::{Change, Written};
use crate::entity::Entity;
use crate::feed::News;

/// How often a change waits for short questions to let go of the engine before it copies it.
const PATIENCE: u32 = 200;

/// Overlays with what came of sorting them out.
type SortedOut = (Arc<Overlays>, Option<Arc<Lineup>>);

/// An engine and how much of the log it has seen.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) engine: Engine,
    pub(crate) revision: u64,
    /// Of the database that it was loaded from: after a restore everything may be another, under a log of any size.
    pub(crate) incarnation: u64,
    rows: AtomicU64,
    /// The overlays that were sorted out last; `None` beside them where that would take too much room.
    lineup: Mutex<Option<SortedOut>>,
}

impl Loaded {
    pub(crate) const fn new(
        engine: Engine,
        revision: u64,
        (incarnation, rows): (u64, u64),
    ) -> Self {
        let lineup = Mutex::new(None);
        Self { engine, revision, incarnation, rows: AtomicU64::new(rows), lineup }
    }

    /// The overlays by the people to whom they can matter; sorted out when they or the people have changed.
    pub(crate) fn lineup(&self, overlays: &Arc<Overlays>) -> Option<Arc<Lineup>> {
        if overlays.rows.is_empty() {
            return None;
        }
        let mut held = self.lineup.lock();
        if let Some((of, lineup)) = &*held
            && Arc::ptr_eq(of, overlays)
            && lineup.as_ref().is_none_or(|lineup| lineup.is_of(&self.engine))
        {
            return lineup.clone();
        }
        let lineup = Lineup::of(&self.engine, &overlays.rows).map(Arc::new);
        *held = Some((Arc::clone(overlays), lineup.clone()));
        lineup
    }

    /// The size of the log that the engine has seen.
    pub(crate) fn rows(&self) -> u64 {
        self.rows.load(Ordering::Acquire)
    }

    /// The log grew by rows that change nothing here, or that the engine was changed for.
    fn see(&self, rows: u64) {
        self.rows.fetch_max(rows, Ordering::AcqRel);
    }
}

/// An organization as this process follows it.
#[derive(Debug)]
pub(crate) struct Followed {
    pub(crate) organization: OrganizationId,
    /// `None` until it is loaded, and while nobody knows what became of the engine.
    loaded: RwLock<Option<Arc<Loaded>>>,
    overlays: RwLock<Arc<Overlays>>,
    /// Held by whoever changes the engine. Taken after the writer, before a moment of the database begins.
    pub(crate) following: Mutex<()>,
    seen: Mutex<u64>,
    moved: Condvar,
}

impl Followed {
    pub(crate) fn new(organization: OrganizationId) -> Self {
        Self {
            organization,
            loaded: RwLock::default(),
            overlays: RwLock::default(),
            following: Mutex::default(),
            seen: Mutex::default(),
            moved: Condvar::new(),
        }
    }

    pub(crate) fn loaded(&self) -> Option<Arc<Loaded>> {
        self.loaded.read().clone()
    }

    pub(crate) fn overlays(&self) -> Arc<Overlays> {
        Arc::clone(&self.overlays.read())
    }

    pub(crate) fn put_overlays(&self, rows: Vec<OverlayRow>) {
        let mut overlays = self.overlays.write();
        if overlays.lost.is_some() || overlays.rows != rows {
            *overlays = Arc::new(Overlays { rows, lost: None });
        }
    }

    /// The overlays could not be read again; from here on they age.
    pub(crate) fn lose(&self, since: &Sent) {
        let mut overlays = self.overlays.write();
        if overlays.lost.is_none() {
            let rows = overlays.rows.clone();
            *overlays = Arc::new(Overlays { rows, lost: Some(since.clone()) });
        }
    }

    /// Takes an engine that was loaded.
    pub(crate) fn put(&self, loaded: Arc<Loaded>) {
        let rows = loaded.rows();
        *self.loaded.write() = Some(loaded);
        // Also back: after a restore the log may be shorter than what was seen.
        *self.seen.lock() = rows;
        self.moved.notify_all();
    }

    /// Forgets an engine that may not be what is stored.
    pub(crate) fn forget(&self) {
        *self.loaded.write() = None;
    }

    /// The log grew by rows that change nothing in the engine.
    pub(crate) fn see(&self, rows: u64) {
        if let Some(loaded) = self.loaded() {
            loaded.see(rows);
            self.tell(rows);
        }
    }

    fn tell(&self, rows: u64) {
        let mut seen = self.seen.lock();
        *seen = (*seen).max(rows);
        drop(seen);
        self.moved.notify_all();
    }

    /// How much of the log was seen.
    pub(crate) fn rows_seen(&self) -> u64 {
        *self.seen.lock()
    }

    pub(crate) fn wait_for(&self, token: Token, timeout: Duration) -> Result<(), Behind> {
        let mut seen = self.seen.lock();
        self.moved.wait_while_for(&mut seen, |seen| *seen < token.rows(), timeout);
        if *seen < token.rows() { Err(Behind { token, seen: Token::new(*seen) }) } else { Ok(()) }
    }

    /// Changes the engine as this process changed the store; `false` when it has to be loaded anew.
    ///
    /// Only while `following` is held.
    pub(crate) fn follow(&self, written: &Written, change: &Change) -> bool {
        let Some(loaded) = self.loaded() else { return false };
        let (before, after) = (written.sequence, written.tip.size);
        if loaded.rows() >= after {
            return true;
        }
        if loaded.rows() != before {
            return false;
        }
        drop(loaded);
        let revision = written.revision;
        match News::of(change) {
            None | Some(News::Nothing) => {}
            // What differs of the policy is read with the rest of what happened.
            Some(News::Load | News::Changed { policy: true, .. }) => return false,
            Some(News::Changed { .. }) => {
                if !self.change(revision, |engine| apply(engine, change)) {
                    return false;
                }
            }
        }
        self.see(after);
        true
    }

    /// Changes the engine in place where no question holds it, and a copy otherwise; `false` when it did not fit.
    ///
    /// Only while `following` is held.
    pub(crate) fn change(
        &self,
        revision: Option<u64>,
        mut change: impl FnMut(&mut Engine) -> bool,
    ) -> bool {
        let mut slot = self.loaded.write();
        // Taken out, so that an engine whose change ended in a panic is loaded anew.
        let Some(mut held) = slot.take() else { return false };
        for _ in 0..PATIENCE {
            if let Some(loaded) = Arc::get_mut(&mut held) {
                if !change(&mut loaded.engine) {
                    return false;
                }
                loaded.revision = revision.unwrap_or(loaded.revision);
                *slot = Some(held);
                return true;
            }
            // Nobody can begin a question now, and short ones end in microseconds.
            std::thread::yield_now();
        }
        *slot = Some(Arc::clone(&held));
        drop(slot);
        let mut engine = held.engine.clone();
        if !change(&mut engine) {
            self.forget();
            return false;
        }
        let revision = revision.unwrap_or(held.revision);
        *self.loaded.write() =
            Some(Arc::new(Loaded::new(engine, revision, (held.incarnation, held.rows()))));
        true
    }
}

fn apply(engine: &mut Engine, change: &Change) -> bool {
    match change {
        Change::PutRecords { records, .. } => {
            records.iter().all(|record| engine.put_record(record).is_ok())
        }
        Change::WriteRecords(write)
        | Change::ChangeAccess { change: AccessChange::Share { write, .. }, .. } => {
            write.records.iter().all(|record| engine.put_record(record).is_ok())
        }
        Change::DeleteRecord { key, .. } => engine.remove_record(key),
        Change::DeleteRecords { keys, .. } => keys.iter().all(|key| engine.remove_record(key)),
        Change::UndoWrites(batch) => batch.writes().all(|write| match &write.to {
            Some(record) => engine.put_record(record).is_ok(),
            None => engine.remove_record(&write.key),
        }),
        Change::EditPolicy { put, .. } => put.iter().all(|entity| put_user(engine, entity)),
        _ => false,
    }
}

/// Takes over a changed user; everything else of a policy is compiled anew.
fn put_user(engine: &mut Engine, entity: &Entity) -> bool {
    serde_json::from_str(&entity.body)
        .is_ok_and(|user| engine.put_user(&UserId::from(entity.id.as_str()), user).is_ok())
}
