//! A plan as somebody may see it: values only where the policy shows them to who looks, masked where it masks them.

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::Engine;
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{Action, FieldId, OverlayId, Policy, Record, RecordKey, Value};
use guan_engine::visible::{Shown, Visible};
use serde::Serialize;
use serde_json::Value as Json;

use super::{Planned, UndoPlace};
use crate::gate::{Asking, Gate, GateError};
use crate::undo::{
    Choice, Conflict, ConflictKind, Kept, Part, PartValue, PlanGroup, Standing, UndoWrite, Undone,
    UntouchedWhy, changed_parts, parts,
};

/// Who looks at a plan.
#[derive(Debug, Clone, Copy)]
pub enum UndoViewer<'a> {
    /// A user, who sees the values that they may read by the policy alone.
    Subject(&'a Asking),
    /// Nobody in particular, who sees no values.
    Names,
}

/// What an undo would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UndoPlan {
    /// The window.
    pub overlay: OverlayId,
    /// The undo that is undone in turn, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// How many writes were journalled.
    pub writes: u64,
    /// How many of them are taken back already.
    pub undone: u64,
    /// How many groups can be written.
    pub ready: u64,
    /// How many wait for a decision.
    pub waiting: u64,
    /// How many have nothing to write.
    pub nothing: u64,
    /// How many cannot be written, since what was there does not fit the policy any more.
    pub unfit: u64,
    /// The groups in the order in which they are written: the newest first.
    pub groups: Vec<ShownGroup>,
}

/// Writes that are undone together or not at all.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShownGroup {
    /// The journalled writes, the newest first.
    pub entries: Vec<ShownEntry>,
    /// How far it is.
    pub standing: Standing,
    /// What would be written, in this order.
    pub writes: Vec<ShownWrite>,
    /// What has to be decided, or was.
    pub conflicts: Vec<ShownConflict>,
    /// What stays as it is.
    pub untouched: Vec<ShownLeft>,
    /// The places of old values that do not fit the policy any more.
    pub problems: Vec<String>,
}

/// A journalled write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownEntry {
    /// Its place in the journal.
    pub number: u64,
    /// The ledger row.
    pub reference: u64,
    /// Who wrote.
    pub by: String,
    /// The record.
    pub record: RecordKey,
    /// The operation.
    pub operation: String,
    /// `created`, `changed` or `deleted`.
    pub what: String,
}

/// A record that would be written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShownWrite {
    /// The record.
    pub record: RecordKey,
    /// `changed`, `removed` or `restored`.
    pub what: &'static str,
    /// Part by part, for one that is changed.
    pub changes: Vec<ShownChange>,
}

/// A part of a record that would be another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShownChange {
    /// The part.
    pub part: Part,
    /// As it is.
    pub now: Seen,
    /// As it would be.
    pub then: Seen,
}

/// A conflict with its three values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShownConflict {
    /// The write.
    pub entry: u64,
    /// The record.
    pub record: RecordKey,
    /// The part.
    pub part: Part,
    /// What is in the way.
    pub kind: ConflictKind,
    /// Before the write.
    pub before: Seen,
    /// As the write left it.
    pub window: Seen,
    /// Now.
    pub now: Seen,
    /// What was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choice: Option<Choice>,
    /// Whether what was before may be chosen all the same.
    pub may_restore: bool,
    /// Whether somebody still has to decide.
    pub is_open: bool,
}

/// A part that stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownLeft {
    /// The write.
    pub entry: u64,
    /// The record.
    pub record: RecordKey,
    /// The part.
    pub part: Part,
    /// Why.
    pub why: UntouchedWhy,
}

/// A value as who looks may see it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// It may not be seen, or the record is not there to decide on.
    Hidden,
    /// There is none.
    Absent,
    /// The value.
    Clear(Json),
    /// What the mask leaves of it.
    Masked(String),
}

impl Gate {
    pub(super) fn shown(
        &self,
        place: &UndoPlace,
        planned: Planned,
        viewer: UndoViewer<'_>,
    ) -> Result<UndoPlan, GateError> {
        let Planned { policy, evidence, plan } = planned;
        let view = self.view(&place.organization)?;
        let named = plan.groups.iter().flat_map(|group| {
            let writes = group.writes.iter().map(|write| &write.key);
            writes.chain(group.conflicts.iter().map(|conflict| &conflict.key))
        });
        let named: BTreeSet<&RecordKey> = named.collect();
        let records: Vec<Record> =
            named.into_iter().filter_map(|key| evidence.records.get(key)).cloned().collect();
        let session = match viewer {
            UndoViewer::Subject(asking) => Some(asking.session()),
            UndoViewer::Names => None,
        };
        let sight = Sight::new(view.engine(), &policy, session.as_ref(), records);
        let kept: BTreeMap<u64, &Kept> =
            evidence.kept.iter().map(|kept| (kept.entry.number, kept)).collect();
        let count = |standing: Standing| {
            plan.groups.iter().filter(|group| group.standing == standing).count() as u64
        };
        let undone = evidence.undone.values().filter(|undone| **undone == Undone::Whole);
        Ok(UndoPlan {
            overlay: place.overlay.clone(),
            run: place.run.clone(),
            writes: evidence.kept.len() as u64,
            undone: undone.count() as u64,
            ready: count(Standing::Ready),
            waiting: count(Standing::Waits),
            nothing: count(Standing::Nothing),
            unfit: count(Standing::Unfit),
            groups: plan.groups.into_iter().map(|group| sight.group(group, &kept)).collect(),
        })
    }
}

/// What who looks sees of records that are there.
struct Sight<'a> {
    engine: &'a Engine,
    policy: &'a Policy,
    session: Option<&'a Session<'a>>,
    visible: BTreeMap<RecordKey, Visible<Record>>,
}

impl<'a> Sight<'a> {
    fn new(
        engine: &'a Engine,
        policy: &'a Policy,
        session: Option<&'a Session<'a>>,
        records: Vec<Record>,
    ) -> Self {
        let mut by_object: BTreeMap<_, Vec<Record>> = BTreeMap::new();
        for record in records {
            by_object.entry(record.object.clone()).or_default().push(record);
        }
        let mut visible = BTreeMap::new();
        if let Some(session) = session {
            for records in by_object.into_values() {
                let seen = engine.reveal_page(session, &Action::Read, records);
                visible.extend(seen.into_iter().flatten().map(|record| (record.key(), record)));
            }
        }
        Self { engine, policy, session, visible }
    }

    fn group(&self, group: PlanGroup, kept: &BTreeMap<u64, &Kept>) -> ShownGroup {
        let entries = group.entries.iter().filter_map(|number| kept.get(number));
        let untouched = group.untouched.into_iter().map(|left| ShownLeft {
            entry: left.entry,
            record: left.key,
            part: left.part,
            why: left.why,
        });
        ShownGroup {
            entries: entries.map(|kept| entry(kept)).collect(),
            standing: group.standing,
            writes: group.writes.iter().map(|write| self.write(write)).collect(),
            conflicts: group.conflicts.into_iter().map(|made| self.conflict(made)).collect(),
            untouched: untouched.collect(),
            problems: group.problems,
        }
    }

    fn write(&self, write: &UndoWrite) -> ShownWrite {
        let record = write.key.clone();
        let (what, changes) = match (&write.from, &write.to) {
            (_, None) => ("removed", Vec::new()),
            (None, Some(_)) => ("restored", Vec::new()),
            (Some(from), Some(to)) => {
                let (now, then) = (parts(from), parts(to));
                let parts = changed_parts(from, to).into_iter();
                let changes = parts.map(|part| ShownChange {
                    now: self.seen(&record, &part, now.get(&part)),
                    then: self.seen(&record, &part, then.get(&part)),
                    part,
                });
                ("changed", changes.collect())
            }
        };
        ShownWrite { record, what, changes }
    }

    fn conflict(&self, made: Conflict) -> ShownConflict {
        let (may_restore, is_open) = (made.kind.may_restore(), made.is_open());
        let seen = |value: Option<&PartValue>| self.seen(&made.key, &made.part, value);
        ShownConflict {
            before: seen(made.before.as_ref()),
            window: seen(made.window.as_ref()),
            now: seen(made.now.as_ref()),
            may_restore,
            is_open,
            entry: made.entry,
            record: made.key,
            part: made.part,
            kind: made.kind,
            choice: made.choice,
        }
    }

    fn seen(&self, key: &RecordKey, part: &Part, value: Option<&PartValue>) -> Seen {
        let Some(record) = self.visible.get(key) else { return Seen::Hidden };
        let is_seen = match part {
            Part::Field(field) => record.access(field).is_visible(),
            Part::Share { .. } => self.may(Action::Share, key.clone()),
            Part::Parent(relation) => match value {
                Some(PartValue::Parent(id)) => {
                    let object = self.policy.objects.get(&key.object);
                    let relation = object.and_then(|object| object.relations.get(relation));
                    relation.is_some_and(|relation| {
                        let parent = RecordKey { object: relation.parent.clone(), id: id.clone() };
                        self.may(Action::Read, parent)
                    })
                }
                _ => true,
            },
            _ => true,
        };
        match (is_seen, part, value) {
            (false, ..) => Seen::Hidden,
            (true, _, None) => Seen::Absent,
            (true, Part::Field(field), Some(PartValue::Field(value))) => {
                match self.show(record, field, value) {
                    Some(Shown::Clear(value)) => clear(&value),
                    Some(Shown::Masked(text)) => Seen::Masked(text),
                    None => Seen::Hidden,
                }
            }
            (true, _, Some(PartValue::Whole(whole))) => {
                let shown = whole.fields.iter().filter_map(|(field, value)| {
                    Some((field.to_string(), self.show(record, field, value)?))
                });
                clear(&shown.collect::<BTreeMap<String, Shown>>())
            }
            (true, _, Some(value)) => clear_part(value),
        }
    }

    /// A value as the reader sees it; one that points to a record is not seen where the record is not.
    fn show(&self, record: &Visible<Record>, field: &FieldId, value: &Value) -> Option<Shown> {
        let pointed = self.engine.pointed(record.object(), field, value);
        if pointed.is_some_and(|key| !self.may(Action::Read, key)) {
            return None;
        }
        record.show(field, value)
    }

    fn may(&self, action: Action, key: RecordKey) -> bool {
        self.session.is_some_and(|session| {
            let request = Request::new(session.clone(), action, Target::Record(key));
            self.engine.check(&request).is_allowed()
        })
    }
}

fn clear<T: Serialize>(value: &T) -> Seen {
    serde_json::to_value(value).map_or(Seen::Hidden, Seen::Clear)
}

fn clear_part(value: &PartValue) -> Seen {
    match value {
        PartValue::Whole(_) | PartValue::Field(_) => Seen::Hidden,
        PartValue::Owners(owners) => clear(owners),
        PartValue::Unit(unit) => clear(unit),
        PartValue::Pool(pool) => clear(pool),
        PartValue::Locked | PartValue::Tagged => Seen::Clear(Json::Bool(true)),
        PartValue::Parent(parent) => clear(parent),
        PartValue::Shares(shares) => clear(shares),
        PartValue::Member(members) => clear(members),
    }
}

fn entry(kept: &Kept) -> ShownEntry {
    ShownEntry {
        number: kept.entry.number,
        reference: kept.entry.decision,
        by: kept.entry.by.to_string(),
        record: kept.entry.key.clone(),
        operation: kept.verb.clone(),
        what: kept.what.clone(),
    }
}
