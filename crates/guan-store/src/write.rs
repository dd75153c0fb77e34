//! The one write method: expected revision checked, change applied, ledger row appended, all in one transaction or not at all.

use guan_engine::activity::Journal;
use guan_engine::administration::Orphaned;
use guan_engine::model::Problem;
use thiserror::Error;

use crate::caller::{Caller, ClockReading};
use crate::change::{Change, Written};
use crate::database::{Dialect, Mode, Transaction, values};
use crate::entity::BadEntity;
use crate::error::{ReadError, StorageError};
use crate::fault::{Faults, Interrupted};
use crate::ground::Ground;
use crate::log::{self, Draft, LedgerError, Pen};
use crate::revision::Policies;
use crate::side::{Side, SideError};
use crate::sqlite::Access;
use crate::store::{OpenError, Store};
use crate::{feed, reserve, side, sql};

/// How often a change is tried that the database wants again because another one came first.
pub(crate) const ATTEMPTS_MAX: u32 = 5;

/// Why a change was refused. Nothing was changed then.
#[derive(Debug, Error)]
pub enum WriteError {
    /// There is an organization of this id already.
    #[error("there is an organization `{organization}` already")]
    OrganizationExists {
        /// Its id.
        organization: String,
    },
    /// An organization without id.
    #[error("an organization needs an id")]
    NoOrganization,
    /// The policy would be that of another organization.
    #[error(
        "the policy is of organization `{found}`, the change is for `{organization}`: the id of an organization stays"
    )]
    OtherOrganization {
        /// In the policy.
        found: String,
        /// Whose policy is changed.
        organization: String,
    },
    /// Somebody else changed the policy in the meantime.
    #[error(
        "the policy is at revision {found}, the change was made from revision {expected}: look at what changed and repeat"
    )]
    Conflict {
        /// As the caller said.
        expected: u64,
        /// The current one.
        found: u64,
    },
    /// The policy or a record does not fit.
    #[error("{} of the change cannot be kept, first {}", count(.0), first(.0))]
    Problems(Vec<Problem>),
    /// Nobody would be left who can repair the policy.
    #[error("{0}, or let whoever runs the installation do it with `guan user administrator`")]
    LastAdministrator(Orphaned),
    /// The change leaves everything as it is.
    #[error("nothing would change")]
    Nothing,
    /// An entity to be taken out is not there.
    #[error("there is no {kind} `{id}` to be removed")]
    UnknownEntity {
        /// Its kind.
        kind: crate::entity::EntityKind,
        /// Its id.
        id: String,
    },
    /// An entity cannot be read.
    #[error(transparent)]
    BadEntity(#[from] BadEntity),
    /// There is no such session, token, job, waiting edit, request for access or view.
    #[error("there is no {what} `{id}`")]
    UnknownCredential {
        /// `session`, `token`, `job`, `waiting edit`, `request for access` or `view`.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// The job is not in a state where this can be done with it.
    #[error("job `{job}` is {state}: this cannot be done with it any more")]
    JobElsewhere {
        /// Its id.
        job: String,
        /// Its state.
        state: &'static str,
    },
    /// A shadow that lasts too long, or ends before it starts.
    #[error("a shadow lasts at most {days} days, and ends after it starts")]
    ShadowLength {
        /// The most.
        days: i64,
    },
    /// Too many shadows run already.
    #[error("{running} shadows run already: stop one of them first")]
    ShadowsRunning {
        /// How many.
        running: u64,
    },
    /// A draft of the policy needs a second engine, and the organization is too large for one.
    #[error(
        "a draft policy is evaluated on a second engine, and {records} records are more than the {most} that one is made for: shadow a window instead, or preview the edits"
    )]
    ShadowTooLarge {
        /// How many there are.
        records: u64,
        /// The most.
        most: u64,
    },
    /// The shadow does not run any more.
    #[error("shadow `{shadow}` does not run any more")]
    ShadowOver {
        /// Its id.
        shadow: String,
    },
    /// There is no such record.
    #[error("there is no record `{record}`")]
    UnknownRecord {
        /// Object and id.
        record: String,
    },
    /// The same record comes twice in one change.
    #[error("record `{record}` comes twice")]
    RecordTwice {
        /// Object and id.
        record: String,
    },
    /// An edit of the policy that touches what a window relaxes waits for its end.
    #[error(
        "window `{overlay}` is open until {ends}: what it relaxes is not changed while it lasts; close it with `guan on` or wait"
    )]
    WindowOpen {
        /// The overlay.
        overlay: String,
        /// Its end.
        ends: guan_engine::model::Moment,
    },
    /// No window holds the edit, so it need not wait.
    #[error("no window holds the edit any more: make it again")]
    NotHeld,
    /// The edit is not in a state where this can be done with it.
    #[error("edit `{edit}` is {state}: this cannot be done with it any more")]
    EditElsewhere {
        /// Its id.
        edit: String,
        /// Its state.
        state: &'static str,
    },
    /// The request for access is not in a state where this can be done with it.
    #[error("the request for access `{request}` is {state}: this cannot be done with it any more")]
    AccessElsewhere {
        /// Its id.
        request: String,
        /// Its state.
        state: &'static str,
    },
    /// Nobody decides their own request for access.
    #[error("nobody decides their own request for access: somebody else has to")]
    AccessOfOneself,
    /// Only who asked for access takes the request back.
    #[error("only who asked for access takes the request back")]
    AccessOfOthers,
    /// Access without an end, in the past, or for too long.
    #[error("access is asked for and given for a while: until a moment within {days} days")]
    AccessLength {
        /// The most.
        days: i64,
    },
    /// Too many requests of the same user are open.
    #[error(
        "{open} of your requests for access are open already: take one back, or wait for an answer"
    )]
    AccessRequestsOpen {
        /// How many.
        open: u64,
    },
    /// Seeing as somebody else for too long, or for no time.
    #[error("somebody sees as somebody else for at most {minutes} minutes")]
    SeeingLength {
        /// The most.
        minutes: i64,
    },
    /// As many masked values were revealed to the user as the organization lets.
    #[error("{}", reveal_limit(*most, *hours, *from))]
    RevealLimit {
        /// The most.
        most: u32,
        /// Within how many hours.
        hours: u32,
        /// From when on there is room for one again; absent where there never is.
        from: Option<guan_engine::model::Moment>,
    },
    /// The overlay does not act, so nothing can be written under it.
    #[error("overlay `{overlay}` does not act: {why}")]
    NotActing {
        /// The overlay.
        overlay: String,
        /// Why.
        why: guan_engine::activity::Dormant,
    },
    /// The overlay is closed already.
    #[error("overlay `{overlay}` is closed already")]
    AlreadyClosed {
        /// The overlay.
        overlay: String,
    },
    /// A decision of another kind than the change records.
    #[error(
        "the decision is not one that is recorded so: a would-deny is a relaxed decision, a denial a refused one"
    )]
    OtherDecision,
    /// Safe mode is not on.
    #[error("the installation is not in safe mode")]
    NotInSafeMode,
    /// The reason is missing.
    #[error("a reason is needed")]
    NoReason,
    /// What is asked for is not there, or cannot be read.
    #[error(transparent)]
    Read(ReadError),
    /// The row of the ledger cannot be written.
    #[error("the ledger cannot be written")]
    Ledger(#[source] LedgerError),
    /// The side file cannot be used.
    #[error(transparent)]
    Side(#[from] SideError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A test stopped the change.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
}

fn count(problems: &[Problem]) -> String {
    match problems.len() {
        1 => "1 part".to_owned(),
        many => format!("{many} parts"),
    }
}

fn reveal_limit(most: u32, hours: u32, from: Option<guan_engine::model::Moment>) -> String {
    let within = if hours == 1 { "an hour".to_owned() } else { format!("{hours} hours") };
    match from {
        Some(from) => format!(
            "{most} masked values are revealed to one user within {within}: wait until {from}"
        ),
        None => "masked values are revealed to nobody".to_owned(),
    }
}

fn first(problems: &[Problem]) -> String {
    problems.first().map(ToString::to_string).unwrap_or_default()
}

impl From<ReadError> for WriteError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Storage(storage) => Self::Storage(storage),
            other => Self::Read(other),
        }
    }
}
impl From<LedgerError> for WriteError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Storage(storage) => Self::Storage(storage),
            other => Self::Ledger(other),
        }
    }
}

/// A change on its way, inside its transaction.
pub(crate) struct Writing<'a> {
    pub(crate) tx: &'a Transaction<'a>,
    pub(crate) side: &'a Side,
    pub(crate) caller: &'a Caller,
    pub(crate) clock: &'a ClockReading,
    /// Whether what is relaxed can be recorded, as decisions see it.
    pub(crate) journal: Journal,
    /// The policies that records are checked by.
    pub(crate) policies: &'a Policies,
    /// What it stands on.
    pub(crate) ground: &'a Ground,
}

/// What a change did, before its ledger rows are appended.
pub(crate) struct Effect {
    pub(crate) organization: String,
    pub(crate) drafts: Vec<Draft>,
    pub(crate) revision: Option<u64>,
    pub(crate) affected: u64,
}

impl Effect {
    pub(crate) fn one(organization: &str, draft: Draft) -> Self {
        let (revision, affected) =
            draft.change.as_ref().map_or((None, 0), |change| (change.revision, change.affected));
        Self { organization: organization.to_owned(), drafts: vec![draft], revision, affected }
    }
}

impl Store {
    /// Makes one change: with its ledger row in the same transaction, or not at all.
    ///
    /// When this returns, the change is durable, and its end of the log and the clock are remembered beside the database.
    ///
    /// Cost: one synced commit and one small file; a replaced policy costs its size.
    ///
    /// Errors: see [`WriteError`]; nothing was changed then.
    pub fn write(
        &mut self,
        caller: &Caller,
        clock: &ClockReading,
        change: &Change,
    ) -> Result<Written, WriteError> {
        if self.access == Access::ReadOnly {
            return Err(StorageError::ReadOnly.into());
        }
        let mut attempts = 1;
        loop {
            self.follow_other_nodes(caller, clock)?;
            match self.write_once(caller, clock, change) {
                Err(WriteError::Storage(StorageError::Again)) if attempts < ATTEMPTS_MAX => {
                    attempts += 1;
                }
                other => return other,
            }
        }
    }

    fn write_once(
        &mut self,
        caller: &Caller,
        clock: &ClockReading,
        change: &Change,
    ) -> Result<Written, WriteError> {
        let known = side::read(&self.folder)?;
        // Asked before the reserve is given free, which is there for this very record.
        let journal = self.journal(&known);
        match self.commit(caller, clock, change, (&known, journal)) {
            Err(WriteError::Storage(StorageError::Full)) if is_ending(change) => {
                // The reserve is for the ends of windows; without it nothing is relaxed any more.
                reserve::release(&self.folder);
                self.commit(caller, clock, change, (&known, journal))
            }
            other => other,
        }
    }

    fn commit(
        &mut self,
        caller: &Caller,
        clock: &ClockReading,
        change: &Change,
        (known, journal): (&Side, Journal),
    ) -> Result<Written, WriteError> {
        let faults = self.faults.clone();
        caller.patience.goes_on()?;
        let tx = self.database.begin(Mode::Write)?;
        self.is_same(known)?;
        faults.point("write.1")?;
        let (policies, ground) = (&self.policies, &Ground::default());
        let writing = Writing { tx: &tx, side: known, caller, clock, journal, policies, ground };
        let written = writing.make(change, &faults)?;
        tx.run(sql::HIGH_WATER_RAISE, values![clock.wall.0])?;
        faults.point("write.3")?;
        caller.patience.goes_on()?;
        if let Err(error) = tx.commit() {
            self.look_for(known, &written, error)?;
        }
        self.remember(&written, clock, change, &faults)?;
        Ok(written)
    }

    /// Looks whether a change is there whose commit was not answered: its row names a random id, so the end of the log tells.
    pub(crate) fn look_for(
        &self,
        known: &Side,
        written: &Written,
        error: StorageError,
    ) -> Result<(), StorageError> {
        let StorageError::Unknown(why) = error else { return Err(error) };
        // Waits until the lost transaction is over, one way or the other.
        let Ok(tx) = self.database.begin(Mode::Write) else {
            return Err(StorageError::Unknown(why));
        };
        match log::contains(&tx, &known.instance, &written.organization, written.tip) {
            Ok(true) => Ok(()),
            Ok(false) => Err(StorageError::Away(why)),
            Err(_) => Err(StorageError::Unknown(why)),
        }
    }

    /// What the database says of how often the installation was restored or found changed.
    pub(crate) fn incarnation_inside(&self) -> Result<u64, StorageError> {
        self.database.only(sql::INSTALLATION, values![], |row| row.get(1))
    }

    /// Refuses to go on where another node put a backup back after this one had looked, or where the file is not the one
    /// that was opened.
    pub(crate) fn is_same(&self, known: &Side) -> Result<(), StorageError> {
        if !self.is_in_place() {
            return Err(StorageError::TakenAway);
        }
        let may_differ = self.database.dialect() == Dialect::Postgres;
        if may_differ && self.incarnation_inside()? > known.incarnation {
            return Err(StorageError::Again);
        }
        Ok(())
    }

    /// Another node may have put a backup back: then this one compares itself with the database as when it is opened.
    pub(crate) fn follow_other_nodes(
        &mut self,
        caller: &Caller,
        clock: &ClockReading,
    ) -> Result<(), WriteError> {
        if self.database.dialect() == Dialect::Sqlite {
            return Ok(());
        }
        if self.incarnation_inside()? <= side::read(&self.folder)?.incarnation {
            return Ok(());
        }
        self.compare_with_memory(caller, clock).map_err(|error| match error {
            OpenError::Storage(storage) => storage.into(),
            OpenError::Side(side) => side.into(),
            OpenError::Unrecorded(why) => *why,
            other => StorageError::unreadable(other).into(),
        })
    }

    /// Takes what was committed into the side file. A side file that cannot follow makes nothing undone, it only stops relaxing.
    fn remember(
        &mut self,
        written: &Written,
        clock: &ClockReading,
        change: &Change,
        faults: &Faults,
    ) -> Result<(), WriteError> {
        let updated = side::update(&self.folder, faults, |side| {
            side.remember(&written.organization, written.tip);
            side.raise_high_water(clock.wall);
            match change {
                Change::AcknowledgeSafeMode { .. } => side.safe_mode = None,
                Change::ConfirmClock { .. } => side.high_water = clock.wall,
                _ => {}
            }
        });
        self.side_is_behind = updated.is_err();
        match updated {
            Err(SideError::Interrupted(stopped)) => Err(stopped.into()),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

/// Whether a change ends something that relaxes, or records why nothing does.
const fn is_ending(change: &Change) -> bool {
    matches!(
        change,
        Change::CloseOverlay { .. }
            | Change::FoundOtherDatabase { .. }
            | Change::ClockAlarm { .. }
            | Change::Restore(_)
    )
}

impl Writing<'_> {
    /// Makes a change with its ledger rows and what it means for those who follow.
    pub(crate) fn make(&self, change: &Change, faults: &Faults) -> Result<Written, WriteError> {
        let effect = self.apply(change)?;
        faults.point("write.2")?;
        let written = self.record(effect)?;
        feed::append(self.tx, &written, change)?;
        Ok(written)
    }

    /// Appends the rows of an effect.
    pub(crate) fn record(&self, effect: Effect) -> Result<Written, WriteError> {
        let written = self.number(effect)?;
        self.ground.write(self.tx)?;
        Ok(written)
    }

    /// Puts the rows of an effect behind the log, to be written with those of others.
    ///
    /// Errors: nothing of it was written or numbered.
    pub(crate) fn number(&self, effect: Effect) -> Result<Written, WriteError> {
        let Effect { organization, drafts, revision, affected } = effect;
        let pen = Pen { side: self.side, caller: self.caller, clock: self.clock };
        let rows = drafts.len() as u64;
        if rows == 0 {
            return Err(WriteError::Nothing);
        }
        let before = self.ground.tip(self.tx, &organization)?;
        let (appended, tip) = pen.rows(&organization, before, drafts)?;
        self.ground.keep(&organization, tip, appended);
        let sequence = tip.size.saturating_sub(rows);
        Ok(Written { organization, sequence, rows, tip, revision, affected })
    }
}

#[cfg(test)]
mod tests {
    use guan_engine::model::{Moment, Organization, Span};

    use super::WriteError;
    use crate::caller::{Caller, ClockReading};
    use crate::change::Change;
    use crate::database::values;
    use crate::error::StorageError;
    use crate::store::Store;
    use crate::{log, reserve};

    #[test]
    fn a_full_disk_changes_nothing_and_keeps_the_reserve_for_the_ends_of_windows() {
        let folder = tempfile::TempDir::new().unwrap();
        let (caller, clock) =
            (Caller::local("admin"), ClockReading::new(Moment(0), Span(0), "boot-1"));
        let mut store = Store::create(folder.path(), &caller, &clock).unwrap();
        reserve::fill(folder.path()).unwrap();
        let pragma = |store: &Store, text: &str| -> Vec<i64> {
            store.database.rows_of_text(text, values![], |row| row.get(0)).unwrap()
        };
        let pages = pragma(&store, "PRAGMA page_count")[0];
        pragma(&store, &format!("PRAGMA max_page_count = {pages}"));
        let organization = Organization { name: "x".repeat(100_000), ..Organization::default() };
        let change = Change::CreateOrganization { organization, reason: "x".into() };
        let error = store.write(&caller, &clock, &change).unwrap_err();
        assert!(matches!(error, WriteError::Storage(StorageError::Full)), "{error}");
        assert_eq!(
            error.to_string(),
            "the disk is full: nothing was changed; free some space and repeat"
        );
        assert!(reserve::is_whole(folder.path()));
        assert!(store.organizations().unwrap().is_empty());
        assert_eq!(log::tip(&store.database, "").unwrap().unwrap().size, 1);
        // What is small enough goes through again.
        let organization = Organization::default();
        let change = Change::CreateOrganization { organization, reason: "x".into() };
        pragma(&store, "PRAGMA max_page_count = 100000");
        store.write(&caller, &clock, &change).unwrap();
    }
}
