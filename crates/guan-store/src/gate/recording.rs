//! Decisions that have to be recorded before they are answered: those that wait at the same time are committed as one.

use std::mem;
use std::sync::Arc;

use parking_lot::Mutex;

use super::{Gate, GateError, is_full};
use crate::caller::{Caller, ClockReading};
use crate::change::{Change, Written};
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

/// What waits for the writer.
#[derive(Debug, Default)]
pub(super) struct Recordings {
    waiting: Mutex<Vec<Arc<Waiting>>>,
}

#[derive(Debug)]
struct Waiting {
    caller: Caller,
    clock: ClockReading,
    change: Change,
    answer: Mutex<Option<Result<Written, WriteError>>>,
}

impl Gate {
    /// Records; whoever gets the writer first records for all who wait.
    pub(super) fn record(
        &self,
        caller: &Caller,
        clock: &ClockReading,
        change: Change,
    ) -> Result<Written, WriteError> {
        let (caller, clock) = (caller.clone(), clock.clone());
        let mine = Arc::new(Waiting { caller, clock, change, answer: Mutex::default() });
        self.recordings.waiting.lock().push(Arc::clone(&mine));
        let mut store = self.writer.lock();
        if let Some(answer) = mine.answer.lock().take() {
            return answer;
        }
        let all = mem::take(&mut *self.recordings.waiting.lock());
        self.record_all(&mut store, &all);
        let answer = mine.answer.lock().take();
        // Whoever took it along was stopped by a panic.
        answer.unwrap_or_else(|| self.record_one(&mut store, &mine))
    }

    /// Records many at once, in one transaction where that can be; the answers are in the order of the changes.
    pub(super) fn record_each(
        &self,
        caller: &Caller,
        clock: &ClockReading,
        changes: Vec<Change>,
    ) -> Vec<Result<Written, WriteError>> {
        let waiting = |change| {
            let (caller, clock) = (caller.clone(), clock.clone());
            Arc::new(Waiting { caller, clock, change, answer: Mutex::default() })
        };
        let mine: Vec<Arc<Waiting>> = changes.into_iter().map(waiting).collect();
        self.recordings.waiting.lock().extend(mine.iter().cloned());
        let mut store = self.writer.lock();
        let all = mem::take(&mut *self.recordings.waiting.lock());
        self.record_all(&mut store, &all);
        let mut answers = Vec::with_capacity(mine.len());
        for one in &mine {
            let answer = one.answer.lock().take();
            answers.push(answer.unwrap_or_else(|| self.record_one(&mut store, one)));
        }
        answers
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
            && let Ok(answers) = record_together(store, all, latest)
        {
            for (one, answer) in all.iter().zip(answers) {
                if let Ok(written) = &answer {
                    self.follow(store, written, &one.change);
                }
                *one.answer.lock() = Some(answer);
            }
            self.note_writer(store, &latest.clock);
            return;
        }
        // One alone, or the transaction of all could not be committed: nothing of it is there.
        for one in all {
            let answer = self.record_one(store, one);
            *one.answer.lock() = Some(answer);
        }
    }
}

/// All in one transaction, each refused or not by itself.
///
/// Errors: the database; nothing was recorded.
fn record_together(
    store: &mut Store,
    all: &[Arc<Waiting>],
    latest: &Waiting,
) -> Result<Vec<Result<Written, WriteError>>, GateError> {
    store.within(&latest.caller, &latest.clock, |within| {
        let mut answers = Vec::with_capacity(all.len());
        for one in all {
            let answer = within.apply_alone(&one.caller, &one.clock, &one.change);
            if let Err(error @ (WriteError::Storage(_) | WriteError::Interrupted(_))) = answer {
                return Err(GateError::Write(error));
            }
            answers.push(answer);
        }
        Ok(answers)
    })
}
