//! Undo through the gate: a plan that changes nothing, and its execution in acts that others may come between.

mod shown;

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::model::{FieldId, Moment, OrganizationId, OverlayId, Policy, RecordKey};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Acting, Gate, GateError, Token};
use crate::caller::{Caller, ClockReading};
use crate::change::{Change, Written};
use crate::error::{ReadError, StorageError};
use crate::fault::Interrupted;
use crate::record::reads;
use crate::undo::{
    self, Choice, Choices, Evidence, ID_BEGINS, Part, Plan, Selection, Standing, UndoBatch,
    UndoRun, Undone, UndoneGroup,
};
use crate::write::WriteError;
use crate::{random, side};

pub use shown::{
    Seen, ShownChange, ShownConflict, ShownEntry, ShownGroup, ShownLeft, ShownWrite, UndoPlan,
    UndoViewer,
};

/// So many records are written in one act, more where one group alone has more.
const BATCH: usize = 500;
/// How often what others changed meanwhile is planned anew.
const PASSES_MAX: usize = 3;

/// What is to be undone, and what was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UndoOrder {
    /// What of it.
    pub selection: Selection,
    /// Decisions about conflicts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<UndoChoice>,
}

/// A decision about a conflict.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UndoChoice {
    /// The write.
    pub entry: u64,
    /// The part of its record.
    pub part: Part,
    /// What is to be.
    pub choice: Choice,
}

impl UndoOrder {
    /// Everything, with nothing decided.
    pub const fn everything() -> Self {
        Self { selection: Selection::Window, choices: Vec::new() }
    }

    fn choices(&self) -> Choices {
        let choices = self.choices.iter();
        choices.map(|made| ((made.entry, made.part.clone()), made.choice)).collect()
    }

    /// The one field that it is about.
    fn field(&self) -> Option<FieldId> {
        match &self.selection {
            Selection::Field { field, .. } => Some(field.clone()),
            _ => None,
        }
    }

    /// The same for the same order, in whatever order its decisions come.
    fn text(&self) -> Result<String, StorageError> {
        let mut sorted = self.clone();
        sorted.choices.sort();
        crate::canonical::text(&sorted).map_err(StorageError::unreadable)
    }
}

/// Whose writes are undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoPlace {
    /// The organization.
    pub organization: OrganizationId,
    /// The window.
    pub overlay: OverlayId,
    /// The undo of its writes that is to be undone in turn; absent: the writes of the window.
    pub run: Option<String>,
}

impl UndoPlace {
    fn journal(&self) -> &str {
        self.run.as_deref().unwrap_or_else(|| self.overlay.as_str())
    }
}

/// What an undo came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct UndoOutcome {
    /// Its id; absent when there was nothing to write.
    pub run: Option<String>,
    /// How many records were written.
    pub writes: u64,
    /// How many groups were taken back.
    pub groups: u64,
    /// How many groups wait for a decision.
    pub waiting: u64,
    /// How many groups cannot be written, since what was there does not fit the policy any more.
    pub unfit: u64,
    /// How many groups others kept changing meanwhile; repeat the undo.
    pub moved: u64,
    /// The ledger rows, one for each act.
    pub references: Vec<u64>,
    /// What a read passes on to see it on any node.
    #[serde(skip)]
    pub token: Option<Token>,
}

/// Why nothing can be undone.
#[derive(Debug, Error)]
pub enum UndoFault {
    /// The window is open.
    #[error(
        "window `{overlay}` is open until {ends}: close it first, then undo what was written under it"
    )]
    StillOpen {
        /// The window.
        overlay: OverlayId,
        /// Its end.
        ends: Moment,
    },
    /// There is no such undo of the window.
    #[error("window `{overlay}` has no undo `{run}`")]
    UnknownRun {
        /// The window.
        overlay: OverlayId,
        /// As asked.
        run: String,
    },
    /// An undo is undone in the groups in which it was made.
    #[error("an undo is undone by group, not by field: choose a record, a user or its writes")]
    NoField,
    /// The system gave no random bytes.
    #[error("the system gives no random bytes")]
    Random(#[source] std::io::Error),
    /// It cannot be read or written.
    #[error(transparent)]
    Gate(#[from] GateError),
    /// A test stopped it.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
}

impl From<ReadError> for UndoFault {
    fn from(error: ReadError) -> Self {
        Self::Gate(error.into())
    }
}
impl From<StorageError> for UndoFault {
    fn from(error: StorageError) -> Self {
        ReadError::Storage(error).into()
    }
}
impl From<WriteError> for UndoFault {
    fn from(error: WriteError) -> Self {
        Self::Gate(error.into())
    }
}

/// What a plan is made from, and the plan.
struct Planned {
    policy: Policy,
    evidence: Evidence,
    plan: Plan,
}

/// An undo under way.
struct Run<'a> {
    caller: &'a Caller,
    clock: &'a ClockReading,
    place: &'a UndoPlace,
    order: &'a UndoOrder,
    reason: &'a str,
    /// What it is called, and whether it was begun.
    id: String,
    begun: bool,
    known: Known,
    outcome: UndoOutcome,
}

/// What was there when it was planned.
#[derive(Default)]
struct Known {
    /// Versions of records, gone on with by what this undo writes.
    versions: BTreeMap<RecordKey, u64>,
    /// What was taken back.
    undone: BTreeMap<u64, Undone>,
    /// Records that may go on pointing to one that goes.
    loose: BTreeSet<RecordKey>,
}

impl Gate {
    /// What an undo would write, what is in its way and what it leaves; it changes nothing.
    ///
    /// Cost: reads the whole journal and the records that it names.
    ///
    /// # Errors
    ///
    /// The window is open, or there is none.
    pub fn undo_plan(
        &self,
        (caller, clock): (&Caller, &ClockReading),
        place: &UndoPlace,
        order: &UndoOrder,
        viewer: UndoViewer<'_>,
    ) -> Result<UndoPlan, UndoFault> {
        self.closed((caller, clock), place, order)?;
        let planned = self.planned(place, order)?;
        Ok(self.shown(place, planned, viewer)?)
    }

    /// Takes back what can be taken back. Groups that wait for a decision are left as they are.
    ///
    /// Writes come in acts of whole groups, each with one ledger row, and others may write between them. An undo that
    /// was interrupted is gone on with by giving the same order again; what is taken back is not taken back twice.
    ///
    /// # Errors
    ///
    /// The window is open; it cannot be written. What was written before that stays, and is known as such.
    pub fn undo(
        &self,
        (caller, clock): (&Caller, &ClockReading),
        place: &UndoPlace,
        order: &UndoOrder,
        reason: &str,
    ) -> Result<UndoOutcome, UndoFault> {
        crate::apply::stated(reason)?;
        self.closed((caller, clock), place, order)?;
        let known = self.read(|reader| {
            let wanted = (place.journal(), caller.id.as_str(), order.text()?);
            let wanted = (wanted.0, wanted.1, wanted.2.as_str());
            Ok::<_, UndoFault>(undo::broken(&reader.database, &place.organization, wanted)?)
        })?;
        let mut run = Run {
            caller,
            clock,
            place,
            order,
            reason,
            begun: known.is_some(),
            id: known.map_or_else(new_id, Ok)?,
            known: Known::default(),
            outcome: UndoOutcome::default(),
        };
        for _ in 0..PASSES_MAX {
            if self.pass(&mut run)? == 0 {
                break;
            }
        }
        run.outcome.run = (run.outcome.writes > 0).then_some(run.id);
        Ok(run.outcome)
    }

    /// The undos of a window, the first first.
    pub fn undo_runs(
        &self,
        organization: &OrganizationId,
        overlay: &OverlayId,
    ) -> Result<Vec<UndoRun>, UndoFault> {
        self.read(|reader| {
            reader.overlay(organization, overlay)?;
            Ok(undo::of_overlay(&reader.database, organization, overlay)?)
        })
    }

    /// Sees to it that nothing more is written under the window.
    fn closed(
        &self,
        (caller, clock): (&Caller, &ClockReading),
        place: &UndoPlace,
        order: &UndoOrder,
    ) -> Result<(), UndoFault> {
        let UndoPlace { organization, overlay, run } = place;
        if run.is_some() && order.field().is_some() {
            return Err(UndoFault::NoField);
        }
        let look = || {
            self.read(|reader| {
                let of = |run: &String| {
                    let found = undo::one(&reader.database, organization, run)?;
                    Ok::<_, UndoFault>(found.is_some_and(|found| found.overlay == *overlay))
                };
                let window = reader.overlay(organization, overlay)?;
                match run {
                    Some(run) if !of(run)? => {
                        let (overlay, run) = (overlay.clone(), run.clone());
                        Err(UndoFault::UnknownRun { overlay, run })
                    }
                    _ => Ok(window),
                }
            })
        };
        if look()?.closing.is_some() {
            return Ok(());
        }
        // One that has ended needs only its end written; of one that is open nothing is written here.
        self.sweep(caller, clock)?;
        let window = look()?;
        if window.closing.is_some() {
            return Ok(());
        }
        let (overlay, ends) = (overlay.clone(), window.sealed.overlay.ends);
        Err(UndoFault::StillOpen { overlay, ends })
    }

    fn planned(&self, place: &UndoPlace, order: &UndoOrder) -> Result<Planned, UndoFault> {
        let view = self.view(&place.organization)?;
        let evidence = self.read(|reader| {
            let asked = (&reader.database, view.engine());
            let run = place.run.as_ref();
            let run = run.map(|run| undo::one(&reader.database, &place.organization, run));
            let since = match run.transpose()?.flatten() {
                Some(run) => run.begun,
                None => reader.overlay(&place.organization, &place.overlay)?.sealed.overlay.starts,
            };
            let journal = (place.journal(), since);
            Ok::<_, UndoFault>(Evidence::gather(asked, &place.organization, journal)?)
        })?;
        let policy = view.engine().policy().clone();
        drop(view);
        let no_fields = BTreeMap::new();
        let present = evidence.present(&policy, &no_fields);
        let plan = undo::plan(&evidence.entries, &order.selection, present, &order.choices());
        Ok(Planned { policy, evidence, plan })
    }

    /// Plans and writes what is ready; how many groups others had changed before they were written.
    fn pass(&self, run: &mut Run<'_>) -> Result<u64, UndoFault> {
        let Planned { plan, evidence, .. } = self.planned(run.place, run.order)?;
        let Evidence { versions, undone, loose, .. } = evidence;
        run.known = Known { versions, undone, loose };
        let count = |standing: Standing| {
            plan.groups.iter().filter(|group| group.standing == standing).count() as u64
        };
        run.outcome.waiting = count(Standing::Waits);
        run.outcome.unfit = count(Standing::Unfit);
        let field = run.order.field();
        let ready = plan.groups.into_iter().filter(|group| group.standing == Standing::Ready);
        let groups = ready.map(|group| UndoneGroup {
            entries: group.entries,
            field: field.clone(),
            writes: group.writes,
        });
        let batches = batches(groups);
        self.point("undo.1")?;
        let (last, mut moved) = (batches.len(), 0);
        for (at, batch) in (1..).zip(batches) {
            moved += self.write_batch(run, batch, at == last)?;
            self.point("undo.2")?;
        }
        run.outcome.moved = moved;
        Ok(moved)
    }

    /// Writes the groups of a batch that are still as they were planned; how many are not.
    fn write_batch(
        &self,
        run: &mut Run<'_>,
        groups: Vec<UndoneGroup>,
        finishes: bool,
    ) -> Result<u64, UndoFault> {
        let all = groups.len() as u64;
        let (caller, clock, place) = (run.caller, run.clock, run.place);
        let batch = UndoBatch {
            organization: place.organization.clone(),
            overlay: place.overlay.clone(),
            journal: place.journal().to_owned(),
            run: run.id.clone(),
            begins: if run.begun { None } else { Some(run.order.text()?) },
            finishes,
            reason: run.reason.to_owned(),
            groups,
        };
        let known = &run.known;
        let done = self.act(caller, clock, &place.organization, |acting| {
            let batch = still_as_planned(acting, batch, known)?;
            if batch.groups.is_empty() {
                return Ok(None);
            }
            let written = acting.apply(Change::UndoWrites(Box::new(batch.clone())))?;
            Ok::<_, UndoFault>(Some((batch, written)))
        })?;
        let Some((batch, written)) = done else { return Ok(all) };
        run.begun = true;
        run.take(&batch, &written);
        Ok(all - batch.groups.len() as u64)
    }

    /// A point at which a test stops an undo.
    fn point(&self, point: &str) -> Result<(), Interrupted> {
        self.writer.lock().faults.point(point)
    }
}

impl Run<'_> {
    fn take(&mut self, batch: &UndoBatch, written: &Written) {
        for write in batch.writes() {
            match (self.known.versions.get_mut(&write.key), &write.to) {
                (Some(version), Some(_)) => *version += 1,
                // Of one that went or came back the content alone is compared.
                _ => {
                    self.known.versions.remove(&write.key);
                }
            }
        }
        self.outcome.writes += batch.writes().count() as u64;
        self.outcome.groups += batch.groups.len() as u64;
        self.outcome.references.push(written.sequence);
        self.outcome.token = Some(Token::new(written.tip.size));
    }
}

/// Whole groups together, as many as go into one act.
fn batches(groups: impl Iterator<Item = UndoneGroup>) -> Vec<Vec<UndoneGroup>> {
    let mut batches: Vec<Vec<UndoneGroup>> = Vec::new();
    let mut room = 0;
    for group in groups {
        let length = group.writes.len();
        match batches.last_mut() {
            Some(batch) if length <= room => batch.push(group),
            _ => {
                batches.push(vec![group]);
                room = BATCH;
            }
        }
        room = room.saturating_sub(length);
    }
    batches
}

/// The batch without the groups whose records somebody changed, or that somebody took back, since they were planned.
fn still_as_planned(
    acting: &Acting<'_>,
    mut batch: UndoBatch,
    known: &Known,
) -> Result<UndoBatch, StorageError> {
    let reader = acting.read();
    let undone = undo::undone(&reader.database, &batch.organization, &batch.journal)?;
    let mut wanted: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for write in batch.writes() {
        wanted.entry(write.key.object.clone()).or_default().insert(write.key.id.clone());
    }
    let mut now = BTreeMap::new();
    for (object, ids) in wanted {
        let ids: Vec<_> = ids.into_iter().collect();
        for stored in reads::of_ids(&reader.database, &batch.organization, &object, &ids)? {
            let key = stored.record.key();
            let is_same =
                known.versions.get(&key).is_none_or(|known| *known == stored.stamp.version);
            now.insert(key, (stored.record, is_same));
        }
    }
    let mut removed: BTreeSet<RecordKey> = BTreeSet::new();
    batch.groups.retain(|group| {
        let taken = |entry: &u64| undone.get(entry) != known.undone.get(entry);
        let mut gone = removed.clone();
        let fits = group.writes.iter().all(|write| {
            if write.to.is_none() {
                gone.insert(write.key.clone());
                let children = acting.engine().children(&write.key);
                if !children.iter().all(|child| gone.contains(child) || known.loose.contains(child))
                {
                    return false;
                }
            }
            match (now.get(&write.key), &write.from) {
                (Some((record, is_same)), Some(from)) => *is_same && record == from,
                (None, None) => true,
                _ => false,
            }
        });
        let keeps = fits && !group.entries.iter().any(taken);
        if keeps {
            removed = gone;
            for write in &group.writes {
                match &write.to {
                    Some(record) => now.insert(write.key.clone(), (record.clone(), true)),
                    None => now.remove(&write.key),
                };
            }
        }
        keeps
    });
    Ok(batch)
}

fn new_id() -> Result<String, UndoFault> {
    let random = random::bytes::<5>().map_err(UndoFault::Random)?;
    Ok(format!("{ID_BEGINS}{}", side::hex(&random)))
}
