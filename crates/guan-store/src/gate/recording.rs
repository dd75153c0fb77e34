//! Decisions that have to be recorded before they are answered: those that wait at the same time are committed as one.

use std::mem;
use std::sync::Arc;

use parking_lot::{Condvar, Mutex};

use super::{Gate, GateError, is_full};
use crate::caller::{Caller, ClockReading};
use crate::change::{Change, Written};
use crate::ground::Ground;
use crate::store::Store;
use crate::write::WriteError;

/// Whether a change only records what was decided.
pub(super) const fn is_recording(change: &Change) -> bool {
    matches!(
        change,
        Change::RecordWouldDenies { .. }
            | Change::RecordDenial { .. }
            | Change::RecordRelaxedLists { .. }
    )
}

/// What waits to be recorded. Who comes first waits for the writer and takes along all who came meanwhile, so while one
/// transaction is synced the next one gathers.
#[derive(Debug, Default)]
pub(super) struct Recordings {
    gathering: Mutex<Vec<Arc<Waiting>>>,
}

#[derive(Debug)]
struct Waiting {
    caller: Caller,
    clock: ClockReading,
    change: Change,
    outcome: Mutex<Outcome>,
    decided: Condvar,
}

#[derive(Debug)]
enum Outcome {
    Open,
    Answered(Result<Written, WriteError>),
    /// Whoever took it along was stopped by a panic.
    Left,
}

impl Waiting {
    fn new(caller: &Caller, clock: &ClockReading, change: Change) -> Arc<Self> {
        Arc::new(Self {
            caller: caller.clone(),
            clock: clock.clone(),
            change,
            outcome: Mutex::new(Outcome::Open),
            decided: Condvar::new(),
        })
    }

    /// Waits until it was recorded or refused; `None` when it was left.
    fn outcome(&self) -> Option<Result<Written, WriteError>> {
        let mut outcome = self.outcome.lock();
        self.decided.wait_while(&mut outcome, |outcome| matches!(outcome, Outcome::Open));
        match mem::replace(&mut *outcome, Outcome::Left) {
            Outcome::Answered(answer) => Some(answer),
            Outcome::Open | Outcome::Left => None,
        }
    }
}

/// Those whom one transaction takes along; they go on when this is dropped, after the writer is free.
#[derive(Default)]
struct Taken(Vec<Arc<Waiting>>);

impl Drop for Taken {
    fn drop(&mut self) {
        for one in &self.0 {
            let mut outcome = one.outcome.lock();
            if matches!(*outcome, Outcome::Open) {
                *outcome = Outcome::Left;
            }
            drop(outcome);
            one.decided.notify_one();
        }
    }
}

impl Gate {
    /// Records, together with what others record at the same time.
    pub(super) fn record(
        &self,
        caller: &Caller,
        clock: &ClockReading,
        change: Change,
    ) -> Result<Written, WriteError> {
        let mine = Waiting::new(caller, clock, change);
        self.gather(std::slice::from_ref(&mine));
        self.outcome_of(&mine)
    }

    /// Records many at once, in one transaction where that can be; the answers are in the order of the changes.
    pub(super) fn record_each(
        &self,
        caller: &Caller,
        clock: &ClockReading,
        changes: Vec<Change>,
    ) -> Vec<Result<Written, WriteError>> {
        let mine: Vec<Arc<Waiting>> =
            changes.into_iter().map(|change| Waiting::new(caller, clock, change)).collect();
        self.gather(&mine);
        mine.iter().map(|one| self.outcome_of(one)).collect()
    }

    /// Adds to what waits; who comes first records everything.
    fn gather(&self, mine: &[Arc<Waiting>]) {
        let mut gathering = self.recordings.gathering.lock();
        let is_first = gathering.is_empty() && !mine.is_empty();
        gathering.extend(mine.iter().cloned());
        drop(gathering);
        if is_first {
            let mut taken = Taken::default();
            let mut store = self.writer.lock();
            taken.0 = mem::take(&mut *self.recordings.gathering.lock());
            self.record_all(&mut store, &taken.0);
        }
    }

    fn outcome_of(&self, one: &Arc<Waiting>) -> Result<Written, WriteError> {
        one.outcome().unwrap_or_else(|| self.record_one(&mut self.writer.lock(), one))
    }

    fn record_one(&self, store: &mut Store, one: &Waiting) -> Result<Written, WriteError> {
        let written = store.write(&one.caller, &one.clock, &one.change);
        match &written {
            Ok(written) => self.follow(store, written, &one.change),
            Err(error) if is_full(error) => self.meet_full_disk(store, &one.clock),
            Err(_) => {}
        }
        self.note_writer(store, &one.clock);
        written
    }

    fn record_all(&self, store: &mut Store, all: &[Arc<Waiting>]) {
        if all.len() > 1
            && let Some(latest) = all.iter().max_by_key(|one| one.clock.wall)
            && let Ok(answers) = record_together(store, all, &latest.clock)
        {
            for (one, answer) in all.iter().zip(answers) {
                if let Ok(written) = &answer {
                    self.follow(store, written, &one.change);
                }
                *one.outcome.lock() = Outcome::Answered(answer);
            }
            self.note_writer(store, &latest.clock);
            return;
        }
        // One alone, or the transaction of all could not be committed: nothing of it is there.
        for one in all {
            let answer = self.record_one(store, one);
            *one.outcome.lock() = Outcome::Answered(answer);
        }
    }
}

/// All in one transaction, each refused or not by itself.
///
/// Errors: the database; nothing was recorded.
fn record_together(
    store: &mut Store,
    all: &[Arc<Waiting>],
    latest: &ClockReading,
) -> Result<Vec<Result<Written, WriteError>>, GateError> {
    store.within(&Caller::system(), latest, |within| {
        let ground = Ground::default();
        let mut answers = Vec::with_capacity(all.len());
        for one in all {
            if let Err(given_up) = one.caller.patience.goes_on() {
                answers.push(Err(given_up.into()));
                continue;
            }
            let answer = within.record((&one.caller, &one.clock), &one.change, &ground);
            if let Err(error @ (WriteError::Storage(_) | WriteError::Interrupted(_))) = answer {
                return Err(GateError::Write(error));
            }
            answers.push(answer);
        }
        within.write(&ground)?;
        Ok(answers)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use guan_engine::answer::{Decision, Refusal};
    use guan_engine::ask::{Request, Session, Target};
    use guan_engine::model::{Action, OverlayId};

    use super::super::Gate;
    use super::super::tests::{clock, with_window};
    use crate::caller::Caller;
    use crate::change::{Change, DecisionRecord, Written};
    use crate::error::{ReadError, StorageError};
    use crate::write::WriteError;

    /// That `bo` may read accounts because of this overlay.
    fn would_deny(overlay: &str) -> Change {
        let session = Session::new("acme", "bo", clock().wall);
        let request = Request::new(session, Action::Read, Target::Object("Account".into()));
        let (overlay, refusal) = (OverlayId::new(overlay), Refusal::NoGrant);
        let decision = Decision::Relaxed { overlay, refusal };
        let decisions = vec![DecisionRecord::new(&request, decision)];
        Change::RecordWouldDenies { organization: "acme".into(), decisions }
    }

    /// How many commits the write-ahead log has: the last frame of each says how large the database is then.
    fn commits(gate: &Gate) -> usize {
        let log = std::fs::read(gate.folder.join("guan.db-wal")).unwrap();
        let page = u32::from_be_bytes(log[8..12].try_into().unwrap()) as usize;
        log[32..].chunks(24 + page).filter(|frame| frame[4..8] != [0; 4]).count()
    }

    #[test]
    fn what_gathers_while_the_writer_is_busy_is_one_transaction_in_which_each_is_refused_alone() {
        let (_folder, store, overlay) = with_window();
        let gate = Gate::over(store, &clock());
        gate.view(&"acme".into()).unwrap();
        let record = |caller: Caller, overlay: &str| {
            let (gate, change) = (Arc::clone(&gate), would_deny(overlay));
            std::thread::spawn(move || gate.record(&caller, &clock(), change))
        };
        let bo = || Caller::local("bo");
        let impatient = bo();
        impatient.patience.give_up();
        let busy = gate.writer.lock();
        let before = commits(&gate);
        let threads = [
            record(bo(), overlay.as_str()),
            record(bo(), "w-none"),
            record(impatient, overlay.as_str()),
            record(bo(), overlay.as_str()),
            record(bo(), overlay.as_str()),
        ];
        while gate.recordings.gathering.lock().len() < threads.len() {
            std::thread::yield_now();
        }
        drop(busy);
        let answers = threads.map(|thread| thread.join().unwrap());
        assert_eq!(commits(&gate), before + 1);
        let mut sequences: Vec<u64> =
            answers.iter().flatten().map(|written: &Written| written.sequence).collect();
        sequences.sort_unstable();
        let first = sequences[0];
        assert_eq!(sequences, [first, first + 1, first + 2]);
        let [_, unknown, given_up, ..] = &answers;
        assert!(matches!(
            unknown,
            Err(WriteError::Read(ReadError::UnknownOverlay { overlay, .. })) if overlay == "w-none"
        ));
        assert!(matches!(given_up, Err(WriteError::Storage(StorageError::GivenUp))));
        assert_eq!(gate.token(&"acme".into()).rows(), first + 3, "the engine has seen them");
        gate.read(|reader| reader.ledger_verify("acme").map(drop)).unwrap();
    }
}
