//! The one door to an installation for many threads: one writer, many readers, an engine for each organization that follows every node.

mod acting;
mod answers;
mod ask;
mod asking;
mod carried;
mod cursor;
mod followed;
mod preview;
mod readers;
mod recording;
mod records;
mod refresh;
mod shadow;
mod undo;
mod view;
mod windows;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use guan_engine::activity::Journal;
use guan_engine::model::{Closing, OrganizationId, OverlayId, Problem, Span};
use parking_lot::{Mutex, RwLock};
use thiserror::Error;

use crate::backup::{Backup, BackupError};
#[cfg(any(test, feature = "stand"))]
use crate::bare::{Opened, OverlayRequest};
use crate::caller::{Caller, ClockReading};
use crate::change::{Change, Written};
use crate::error::{ReadError, StorageError};
use crate::off::{OffError, Swept};
use crate::store::{OpenError, Options, Store};
use crate::write::WriteError;

pub use acting::Acting;
pub use answers::{AnswerKey, Begun, KeptAnswer};
pub use asking::Asking;
pub use readers::Reader;
pub use records::{
    AggregateRow, Aggregation, BinPage, BulkAssignment, BulkOutcome, BulkRefusal, Changed, Doing,
    DueReturn, FieldView, Found, HistoryEntry, HistoryPage, ImportBatch, ImportOutcome, ImportRow,
    LongRead, Measure, NewRecord, ObjectView, Placing, PoolFault, REVEAL, Received, ReceivedPage,
    RecordFault, RecordPage, RecordPatch, RecordQuery, RecordReader,
};
pub use refresh::Tail;
pub use undo::{
    Seen, ShownChange, ShownConflict, ShownEntry, ShownGroup, ShownLeft, ShownWrite, UndoChoice,
    UndoFault, UndoOrder, UndoOutcome, UndoPlace, UndoPlan, UndoViewer,
};
pub use view::{Behind, NotAToken, Token, View};
pub use windows::{
    Duties, FloorProof, Reality, SelfTested, ShownRequest, StillAllowed, Suggestion, Unused,
    WindowCall, WindowFault, WindowReport,
};

use followed::Followed;
use readers::Readers;
use recording::Recordings;
use shadow::Shadows;
use view::Node;

/// An installation that decides, for all threads of a process: share it as `Arc<Gate>`.
///
/// - One writer: changes come one after the other, decisions that only have to be recorded go together.
/// - Decisions are made in memory, by [`Gate::view`], without the database.
/// - Other processes and nodes are followed by [`Gate::refresh`]; a gate that cannot follow enforces.
pub struct Gate {
    folder: PathBuf,
    pub(crate) writer: Mutex<Store>,
    recordings: Recordings,
    readers: Readers,
    followed: RwLock<BTreeMap<OrganizationId, Arc<Followed>>>,
    node: RwLock<Arc<Node>>,
    /// Whether the writer can record; asked by refreshes, which do not have it.
    writer_can: Mutex<Journal>,
    shadows: Shadows,
    /// Under which nothing was done, and which could not be given free.
    free_keys: Mutex<BTreeSet<AnswerKey>>,
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// Why the gate cannot do what it was asked for.
#[derive(Debug, Error)]
pub enum GateError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The change was refused; nothing was changed.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// What is stored does not fit together any more.
    #[error("what is stored of `{organization}` cannot be decided on, first {}", .problems.first().map(ToString::to_string).unwrap_or_default())]
    Problems {
        /// The organization.
        organization: OrganizationId,
        /// What is wrong.
        problems: Vec<Problem>,
    },
    /// One act changes one thing, so that it leaves one row.
    #[error("an act makes one change, this one made another before: make them two acts")]
    SecondChange,
}

impl Gate {
    /// Opens an installation; see [`Store::open_with`]. Engines are loaded when they are first asked.
    pub fn open(
        folder: impl Into<PathBuf>,
        options: Options,
        caller: &Caller,
        clock: &ClockReading,
    ) -> Result<Arc<Self>, OpenError> {
        Ok(Self::over(Store::open_with(folder, options, caller, clock)?, clock))
    }

    /// A gate over a store that is open.
    pub fn over(store: Store, clock: &ClockReading) -> Arc<Self> {
        let folder = store.folder().to_owned();
        let journal = store.writer_journal();
        let node = Node::of(&store, clock, journal).unwrap_or_default();
        Arc::new(Self {
            readers: Readers::new(folder.clone()),
            folder,
            writer: Mutex::new(store),
            recordings: Recordings::default(),
            followed: RwLock::default(),
            node: RwLock::new(Arc::new(node)),
            writer_can: Mutex::new(journal),
            shadows: Shadows::default(),
            free_keys: Mutex::default(),
        })
    }

    /// Makes one change; the engine follows before this returns.
    ///
    /// What only has to be recorded (would-denies, denials, relaxed lists) is committed together with what others
    /// record at the same time, each with its own rows.
    ///
    /// Cost: waits for the writer; one synced commit. A changed policy costs a load of its engine.
    ///
    /// Errors: see [`WriteError`]; nothing was changed then.
    pub fn write(
        &self,
        caller: &Caller,
        clock: &ClockReading,
        change: Change,
    ) -> Result<Written, WriteError> {
        if recording::is_recording(&change) {
            return self.record(caller, clock, change);
        }
        let mut store = self.writer.lock();
        let written = store.write(caller, clock, &change);
        match &written {
            Ok(written) => self.follow(&store, written, &change),
            Err(error) if is_full(error) => self.meet_full_disk(&mut store, clock),
            Err(_) => {}
        }
        self.note_writer(&store, clock);
        written
    }

    /// What this node sees of an organization now: engine, overlays and facts, in memory.
    ///
    /// A view stays as it is while it is held, whatever is written meanwhile; hold it for one question.
    ///
    /// Cost: well below a microsecond; the first one of an organization loads it.
    pub fn view(&self, organization: &OrganizationId) -> Result<View, GateError> {
        let followed = self.enter(organization)?;
        let loaded = match followed.loaded() {
            Some(loaded) => loaded,
            None => self.load(&followed)?,
        };
        Ok(View::new(loaded, followed.overlays(), Arc::clone(&self.node.read())))
    }

    /// The view of an organization that is loaded; never waits for the database.
    pub fn view_in_memory(&self, organization: &OrganizationId) -> Option<View> {
        let followed = self.find(organization)?;
        let loaded = followed.loaded()?;
        Some(View::new(loaded, followed.overlays(), Arc::clone(&self.node.read())))
    }

    /// How old the view of this node is: by when its last refresh was sent. For ever where the clocks do not say.
    pub fn view_age(&self, clock: &ClockReading) -> Span {
        self.node.read().sent.age(clock)
    }

    /// Asks the database, which other threads do at the same time; everything that `ask` reads is of one moment.
    ///
    /// Cost: waits when all readers are busy, so do not read inside a read.
    pub fn read<T, E: From<ReadError>>(
        &self,
        ask: impl FnOnce(&Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.readers.read(ask)
    }

    /// How far this node has seen the log of an organization.
    pub fn token(&self, organization: &OrganizationId) -> Token {
        Token::new(self.find(organization).map_or(0, |followed| followed.rows_seen()))
    }

    /// Waits until this node has seen what a write on any node gave this token for.
    ///
    /// Errors: not within the time; ask again later, or on the node that wrote.
    pub fn wait_for(
        &self,
        organization: &OrganizationId,
        token: Token,
        timeout: Duration,
    ) -> Result<(), Behind> {
        let nothing_seen = Behind { token, seen: Token::default() };
        let followed = self.enter(organization).map_err(|_| nothing_seen)?;
        if followed.rows_seen() < token.rows() {
            // Whether it could be read is told by how far it came.
            let _caught_up = self.load(&followed);
        }
        followed.wait_for(token, timeout)
    }

    /// Opens an overlay without a request, for tests; see [`Store::open_overlay`].
    #[cfg(any(test, feature = "stand"))]
    pub fn open_overlay(
        &self,
        caller: &Caller,
        clock: &ClockReading,
        request: &OverlayRequest,
    ) -> Result<Opened, OffError> {
        self.alone(clock, |store| store.open_overlay(caller, clock, request))
    }

    /// Closes an overlay by hand; see [`Store::close_overlay`].
    pub fn close_overlay(
        &self,
        caller: &Caller,
        clock: &ClockReading,
        (organization, overlay): (&OrganizationId, &OverlayId),
        words: &str,
    ) -> Result<Closing, OffError> {
        self.alone(clock, |store| store.close_overlay(caller, clock, organization, overlay, words))
    }

    /// Writes the end of every overlay that has ended; see [`Store::sweep`].
    pub fn sweep(&self, caller: &Caller, clock: &ClockReading) -> Result<Vec<Swept>, WriteError> {
        self.alone(clock, |store| store.sweep(caller, clock))
    }

    /// Takes and checks a backup; see [`Store::backup`]. Writers wait meanwhile, readers do not.
    pub fn backup(
        &self,
        caller: &Caller,
        clock: &ClockReading,
        reason: &str,
    ) -> Result<(Backup, Written), BackupError> {
        self.alone(clock, |store| store.backup(caller, clock, reason))
    }

    /// Lets `work` have the writing store, and notices afterwards what it wrote.
    fn alone<T>(&self, clock: &ClockReading, work: impl FnOnce(&mut Store) -> T) -> T {
        let mut store = self.writer.lock();
        let done = work(&mut store);
        self.note_writer(&store, clock);
        // What cannot be read now is read by the next refresh; meanwhile the views age.
        let _refreshed = self.refresh_from(&store, clock, store.writer_journal());
        done
    }

    /// Puts overlays and facts of the node into memory, for tests of situations that no clock brings about.
    #[cfg(feature = "stand")]
    pub fn stand(
        &self,
        organization: &OrganizationId,
        rows: Vec<guan_engine::activity::OverlayRow>,
        facts: &guan_engine::activity::NodeFacts,
    ) -> Result<(), GateError> {
        let followed = self.enter(organization)?;
        if followed.loaded().is_none() {
            self.load(&followed)?;
        }
        followed.put_overlays(rows);
        *self.node.write() = Arc::new(Node::standing(facts));
        Ok(())
    }

    /// On a full disk what is relaxed could not be recorded, so every window is closed, in the space kept for that.
    pub(super) fn meet_full_disk(&self, store: &mut Store, clock: &ClockReading) {
        store.close_all_if_possible(&Caller::system(), clock, "the disk is full");
        // What cannot be read now is read by the next refresh; meanwhile the views age.
        let _refreshed = self.refresh_from(store, clock, store.writer_journal());
    }

    fn find(&self, organization: &OrganizationId) -> Option<Arc<Followed>> {
        self.followed.read().get(organization).map(Arc::clone)
    }

    /// The organization's place in this gate, which it gets when it is first asked for and exists.
    fn enter(&self, organization: &OrganizationId) -> Result<Arc<Followed>, GateError> {
        if let Some(followed) = self.find(organization) {
            return Ok(followed);
        }
        self.readers.with_store(|store| store.current_revision(organization))?;
        let mut all = self.followed.write();
        let followed = all
            .entry(organization.clone())
            .or_insert_with(|| Arc::new(Followed::new(organization.clone())));
        Ok(Arc::clone(followed))
    }
}

const fn is_full(error: &WriteError) -> bool {
    matches!(error, WriteError::Storage(StorageError::Full))
}

#[cfg(test)]
mod tests {
    use guan_engine::model::{
        Audience, Moment, Object, Organization, Others, OverlayEffect, OverlayId, Policy,
        Principal, Span, SuspensionScope, User,
    };

    use super::Gate;
    use crate::bare::OverlayRequest;
    use crate::caller::{Caller, ClockReading};
    use crate::change::{Change, RecordsChange};
    use crate::database::values;
    use crate::error::StorageError;
    use crate::overlay::Which;
    use crate::reserve;
    use crate::store::Store;
    use crate::write::WriteError;

    fn small() -> Policy {
        let organization = Organization { id: "acme".into(), ..Organization::default() };
        let mut policy = Policy { organization, ..Policy::default() };
        policy.objects.insert("Account".into(), Object::default());
        let user = User { active: true, ..User::default() };
        policy.users.insert("bo".into(), user);
        policy
    }

    /// An installation with a window for `bo` on accounts.
    pub(super) fn with_window() -> (tempfile::TempDir, Store, OverlayId) {
        let folder = tempfile::TempDir::new().unwrap();
        let (caller, clock) = (Caller::local("admin"), clock());
        let mut store = Store::create(folder.path(), &caller, &clock).unwrap();
        let policy = small();
        let organization = policy.organization.clone();
        let change = Change::CreateOrganization { organization, reason: "start".into() };
        store.write(&caller, &clock, &change).unwrap();
        let replace = |policy: &Policy, expected| Change::ReplacePolicy {
            policy: Box::new(policy.clone()),
            expected,
            records: RecordsChange::Keep,
            reason: "start".into(),
        };
        store.write(&caller, &clock, &replace(&policy, 1)).unwrap();
        let objects = ["Account".into()].into();
        let scope = SuspensionScope { objects, ..SuspensionScope::default() };
        let effect = OverlayEffect::Suspension { scope, others: Others::Enforced };
        let users = [Principal::User("bo".into())].into();
        let audience = Audience { users, networks: vec![] };
        let request = OverlayRequest::new("acme", effect, audience, "cleaning up");
        let opened = store.open_overlay(&caller, &clock, &request).unwrap();
        (folder, store, opened.id)
    }

    pub(super) fn clock() -> ClockReading {
        ClockReading::new(Moment(0), Span(0), "boot-1")
    }

    #[test]
    fn a_full_disk_closes_every_window_in_the_space_that_was_kept_for_it() {
        let (folder, store, overlay) = with_window();
        let (caller, clock) = (Caller::local("admin"), clock());
        // Room for a closing, not for what comes next.
        let asked = |store: &Store, text: &str| -> Vec<i64> {
            store.database.rows_of_text(text, values![], |row| row.get(0)).unwrap()
        };
        let pages = asked(&store, "PRAGMA page_count")[0] + 8;
        asked(&store, &format!("PRAGMA max_page_count = {pages}"));
        let gate = Gate::over(store, &clock);
        assert_eq!(gate.view(&"acme".into()).unwrap().overlays().len(), 1);
        let (id, name) = ("other".into(), "x".repeat(100_000));
        let organization = Organization { id, name, ..Organization::default() };
        let change = Change::CreateOrganization { organization, reason: "start".into() };
        let error = gate.write(&caller, &clock, change).unwrap_err();
        assert!(matches!(error, WriteError::Storage(StorageError::Full)), "{error}");
        assert!(gate.view(&"acme".into()).unwrap().overlays().is_empty());
        let closed =
            gate.read(|reader| reader.overlays(&"acme".into(), Which::All)).unwrap().pop().unwrap();
        assert_eq!(closed.id, overlay);
        assert_eq!(closed.closing.unwrap().closing.why, "safety: the disk is full");
        assert!(reserve::is_whole(folder.path()), "it is needed only where nothing else is left");
    }
}
