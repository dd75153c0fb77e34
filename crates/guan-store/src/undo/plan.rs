//! What an undo would write: newest first, part by part, never over the lawful work of others, never what was erased.

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::model::{FieldId, Policy, Record, RecordKey, UserId};
use serde::{Deserialize, Serialize};

use super::part::{Part, PartValue, changed, parts, set};

/// One write under a window that normal rules would have refused, with what was there before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journalled {
    /// Its place in the journal.
    pub number: u64,
    /// The ledger row of the decision that let it through.
    pub decision: u64,
    /// The writes that hang together, such as a record and what was deleted along with it: they are
    /// undone together or not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cascade: Option<u64>,
    /// Who wrote.
    pub by: UserId,
    /// The record.
    pub key: RecordKey,
    /// Before; absent when the write made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Record>,
    /// After; absent when the write deleted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Record>,
}

/// What there is at this moment.
#[derive(Debug, Clone, Copy)]
pub struct Present<'a> {
    /// The policy, for where relations lead.
    pub policy: &'a Policy,
    /// Every record that the journal names and every parent that a before-image names. What is not
    /// here is not there.
    pub records: &'a BTreeMap<RecordKey, Record>,
    /// For each record that a write under the window made: the records that point to it.
    pub pointing: &'a BTreeMap<RecordKey, BTreeSet<RecordKey>>,
    /// Records that were erased. They are not touched again.
    pub erased: &'a BTreeSet<RecordKey>,
    /// Fields that were erased on single records.
    pub erased_fields: &'a BTreeMap<RecordKey, BTreeSet<FieldId>>,
}

/// What is to be undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    /// Everything.
    Window,
    /// What one user wrote.
    User(UserId),
    /// What was written on one record.
    Record(RecordKey),
    /// What was written into one field of one record.
    Field {
        /// The record.
        record: RecordKey,
        /// The field.
        field: FieldId,
    },
    /// Single writes by their numbers.
    Entries(BTreeSet<u64>),
}

/// What a person decides about a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// What is there stays.
    Keep,
    /// What was there before the window comes back.
    Restore,
}

/// Decisions about conflicts, by write and part.
pub type Choices = BTreeMap<(u64, Part), Choice>;

/// What keeps something from being undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictKind {
    /// Somebody changed it later.
    ChangedLater,
    /// Somebody deleted the record later.
    GoneLater,
    /// The record was made under the window, and these point to it.
    PointedTo(BTreeSet<RecordKey>),
    /// The record was deleted under the window, and its id is in use again.
    IdTaken,
    /// The record was deleted under the window, and its parent is not there.
    ParentGone(RecordKey),
}

impl ConflictKind {
    /// Whether a person may decide to restore all the same.
    pub const fn may_restore(&self) -> bool {
        matches!(self, Self::ChangedLater)
    }
}

/// Something that a person has to decide, with its three values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The write.
    pub entry: u64,
    /// The record.
    pub key: RecordKey,
    /// The part.
    pub part: Part,
    /// What is in the way.
    pub kind: ConflictKind,
    /// Before the write.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<PartValue>,
    /// As the write left it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<PartValue>,
    /// Now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<PartValue>,
    /// What was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choice: Option<Choice>,
}

impl Conflict {
    fn is_open(&self) -> bool {
        match self.choice {
            Some(Choice::Keep) => false,
            Some(Choice::Restore) => !self.kind.may_restore(),
            None => true,
        }
    }
}

/// Why a part stays as it is without anybody having to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UntouchedWhy {
    /// It was erased, and what is erased does not come back.
    Erased,
    /// It is as it was before already.
    BackAlready,
}

/// A part that stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Untouched {
    /// The write.
    pub entry: u64,
    /// The record.
    pub key: RecordKey,
    /// The part.
    pub part: Part,
    /// Why.
    pub why: UntouchedWhy,
}

/// One record as an undo would write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoWrite {
    /// The record.
    pub key: RecordKey,
    /// What has to be there when it is written; if it is not, the plan is out of date.
    pub from: Option<Record>,
    /// What is to be there; absent to remove it.
    pub to: Option<Record>,
}

/// How far a group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It can be written.
    Ready,
    /// Somebody has to decide first; nothing of it is written until then.
    Waits,
    /// There is nothing to write.
    Nothing,
}

/// Writes that are undone in one transaction, together or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanGroup {
    /// The journalled writes, the newest first.
    pub entries: Vec<u64>,
    /// How far it is.
    pub standing: Standing,
    /// What would be written, in this order; nothing while it waits.
    pub writes: Vec<UndoWrite>,
    /// What has to be decided, or was.
    pub conflicts: Vec<Conflict>,
    /// What stays as it is.
    pub untouched: Vec<Untouched>,
}

impl PlanGroup {
    /// Its writes as journal entries, so that the undo can be undone as a whole. The first one has
    /// the number `first`, which also names what hangs together.
    pub fn journal(&self, first: u64, decision: u64, by: &UserId) -> Vec<Journalled> {
        let numbered = (first..).zip(&self.writes);
        numbered
            .map(|(number, write)| Journalled {
                number,
                decision,
                cascade: Some(first),
                by: by.clone(),
                key: write.key.clone(),
                before: write.from.clone(),
                after: write.to.clone(),
            })
            .collect()
    }
}

/// What an undo would do. Making it changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The groups in the order in which they have to be written: the newest first.
    pub groups: Vec<PlanGroup>,
}

impl Plan {
    /// Every conflict that still has to be decided.
    pub fn open_conflicts(&self) -> impl Iterator<Item = &Conflict> {
        self.groups.iter().flat_map(|group| &group.conflicts).filter(|conflict| conflict.is_open())
    }
}

/// Works out what an undo of `selection` would write.
///
/// A group that waits changes nothing, also not for the older groups behind it: what they would
/// write is then measured against what it left. Costs n log n for n journalled writes.
pub fn plan(
    journal: &[Journalled],
    selection: &Selection,
    present: Present<'_>,
    choices: &Choices,
) -> Plan {
    let mut groups: BTreeMap<(u64, bool), Vec<&Journalled>> = BTreeMap::new();
    for entry in journal {
        let name = entry.cascade.map_or((entry.number, false), |cascade| (cascade, true));
        groups.entry(name).or_default().push(entry);
    }
    let mut chosen: Vec<Vec<&Journalled>> = groups
        .into_values()
        .filter(|group| group.iter().any(|entry| is_selected(selection, entry)))
        .collect();
    for group in &mut chosen {
        if matches!(selection, Selection::Field { .. }) {
            group.retain(|entry| is_selected(selection, entry));
        }
        group.sort_by_key(|entry| std::cmp::Reverse(entry.number));
    }
    chosen.sort_by_key(|group| std::cmp::Reverse(group.first().map(|entry| entry.number)));
    let mut state = State { present, changed: BTreeMap::new() };
    let only = match selection {
        Selection::Field { field, .. } => Some(Part::Field(field.clone())),
        Selection::Window | Selection::User(_) | Selection::Record(_) | Selection::Entries(_) => {
            None
        }
    };
    let groups = chosen.iter().map(|group| state.undo(group, only.as_ref(), choices)).collect();
    Plan { groups }
}

fn is_selected(selection: &Selection, entry: &Journalled) -> bool {
    match selection {
        Selection::Window => true,
        Selection::User(user) => entry.by == *user,
        Selection::Record(key) => entry.key == *key,
        Selection::Field { record, field } => {
            let value = |side: &Option<Record>| {
                side.as_ref().map(|record| record.fields.get(field).cloned())
            };
            let (before, after) = (value(&entry.before), value(&entry.after));
            entry.key == *record && before.is_some() && after.is_some() && before != after
        }
        Selection::Entries(numbers) => numbers.contains(&entry.number),
    }
}

type Changed = BTreeMap<RecordKey, Option<Record>>;

/// The records as they would be after the groups so far.
struct State<'a> {
    present: Present<'a>,
    changed: Changed,
}

impl State<'_> {
    fn record<'s>(&'s self, scratch: &'s Changed, key: &RecordKey) -> Option<&'s Record> {
        match scratch.get(key).or_else(|| self.changed.get(key)) {
            Some(record) => record.as_ref(),
            None => self.present.records.get(key),
        }
    }

    fn undo(&mut self, group: &[&Journalled], only: Option<&Part>, choices: &Choices) -> PlanGroup {
        let mut draft = Draft::default();
        for entry in group {
            self.undo_entry(entry, only, choices, &mut draft);
        }
        let waits = draft.conflicts.iter().any(Conflict::is_open);
        let mut writes = Vec::new();
        if !waits {
            for key in draft.order {
                let from = self.record(&Changed::new(), &key).cloned();
                let to = draft.scratch.remove(&key).flatten();
                if from != to {
                    self.changed.insert(key.clone(), to.clone());
                    writes.push(UndoWrite { key, from, to });
                }
            }
        }
        let standing = match (waits, writes.is_empty()) {
            (true, _) => Standing::Waits,
            (false, true) => Standing::Nothing,
            (false, false) => Standing::Ready,
        };
        PlanGroup {
            entries: group.iter().map(|entry| entry.number).collect(),
            standing,
            writes,
            conflicts: draft.conflicts,
            untouched: draft.untouched,
        }
    }

    fn undo_entry(
        &self,
        entry: &Journalled,
        only: Option<&Part>,
        choices: &Choices,
        draft: &mut Draft,
    ) {
        if self.present.erased.contains(&entry.key) {
            return draft.leave(entry, Part::Whole, UntouchedWhy::Erased);
        }
        match (&entry.before, &entry.after) {
            (Some(before), Some(after)) => {
                self.undo_edit(entry, (before, after), only, choices, draft);
            }
            (None, Some(made)) => self.undo_insert(entry, made, choices, draft),
            (Some(lost), None) => self.undo_delete(entry, lost, choices, draft),
            (None, None) => {}
        }
    }

    fn undo_edit(
        &self,
        entry: &Journalled,
        (before, after): (&Record, &Record),
        only: Option<&Part>,
        choices: &Choices,
        draft: &mut Draft,
    ) {
        let Some(mut record) = self.record(&draft.scratch, &entry.key).cloned() else {
            let values = (Some(whole(before)), Some(whole(after)), None);
            draft.conflict(entry, Part::Whole, ConflictKind::GoneLater, values, choices);
            return;
        };
        let erased = self.present.erased_fields.get(&entry.key);
        let (was, became) = (parts(before), parts(after));
        let now = parts(&record);
        for part in changed(before, after) {
            if only.is_some_and(|only| *only != part) {
                continue;
            }
            let is_erased = matches!(&part, Part::Field(field) if erased.is_some_and(|erased| erased.contains(field)));
            let old = was.get(&part);
            if is_erased {
                draft.leave(entry, part, UntouchedWhy::Erased);
            } else if now.get(&part) == old {
                draft.leave(entry, part, UntouchedWhy::BackAlready);
            } else {
                let later = now.get(&part) != became.get(&part);
                let values = (old.cloned(), became.get(&part).cloned(), now.get(&part).cloned());
                if !later
                    || draft.conflict(
                        entry,
                        part.clone(),
                        ConflictKind::ChangedLater,
                        values,
                        choices,
                    )
                {
                    set(&mut record, &part, old);
                }
            }
        }
        draft.put(&entry.key, Some(record));
    }

    fn undo_insert(&self, entry: &Journalled, made: &Record, choices: &Choices, draft: &mut Draft) {
        let Some(now) = self.record(&draft.scratch, &entry.key) else {
            return draft.leave(entry, Part::Whole, UntouchedWhy::BackAlready);
        };
        let pointing = self.pointing(&draft.scratch, &entry.key);
        let values = (None, Some(whole(made)), Some(whole(now)));
        let goes = if !pointing.is_empty() {
            let kind = ConflictKind::PointedTo(pointing);
            draft.conflict(entry, Part::Whole, kind, values, choices)
        } else if parts(now) != parts(made) {
            draft.conflict(entry, Part::Whole, ConflictKind::ChangedLater, values, choices)
        } else {
            true
        };
        if goes {
            draft.put(&entry.key, None);
        }
    }

    fn undo_delete(&self, entry: &Journalled, lost: &Record, choices: &Choices, draft: &mut Draft) {
        if let Some(now) = self.record(&draft.scratch, &entry.key) {
            if parts(now) == parts(lost) {
                return draft.leave(entry, Part::Whole, UntouchedWhy::BackAlready);
            }
            let values = (Some(whole(lost)), None, Some(whole(now)));
            draft.conflict(entry, Part::Whole, ConflictKind::IdTaken, values, choices);
            return;
        }
        if let Some(parent) = self.missing_parent(&draft.scratch, lost) {
            let values = (Some(whole(lost)), None, None);
            draft.conflict(entry, Part::Whole, ConflictKind::ParentGone(parent), values, choices);
            return;
        }
        let mut record = lost.clone();
        for field in self.present.erased_fields.get(&entry.key).into_iter().flatten() {
            if record.fields.remove(field).is_some() {
                draft.leave(entry, Part::Field(field.clone()), UntouchedWhy::Erased);
            }
        }
        draft.put(&entry.key, Some(record));
    }

    /// Who still points to a record. A record of which only the pointing is known still does.
    fn pointing(&self, scratch: &Changed, key: &RecordKey) -> BTreeSet<RecordKey> {
        let known = self.present.pointing.get(key).into_iter().flatten();
        let revived = scratch.iter().chain(&self.changed).filter(|(_, record)| record.is_some());
        let mut pointing: BTreeSet<RecordKey> =
            known.chain(revived.map(|(other, _)| other)).cloned().collect();
        pointing.retain(|other| {
            let is_known = scratch.contains_key(other)
                || self.changed.contains_key(other)
                || self.present.records.contains_key(other);
            match self.record(scratch, other) {
                Some(record) => self.parents(record).any(|parent| parent == *key),
                None => !is_known,
            }
        });
        pointing
    }

    fn missing_parent(&self, scratch: &Changed, record: &Record) -> Option<RecordKey> {
        self.parents(record).find(|parent| self.record(scratch, parent).is_none())
    }

    fn parents(&self, record: &Record) -> impl Iterator<Item = RecordKey> {
        let relations =
            self.present.policy.objects.get(&record.object).map(|object| &object.relations);
        record.parents.iter().filter_map(move |(relation, id)| {
            let relation = relations?.get(relation)?;
            Some(RecordKey { object: relation.parent.clone(), id: id.clone() })
        })
    }
}

fn whole(record: &Record) -> PartValue {
    PartValue::Whole(Box::new(record.clone()))
}

/// A group on its way.
#[derive(Default)]
struct Draft {
    scratch: Changed,
    order: Vec<RecordKey>,
    conflicts: Vec<Conflict>,
    untouched: Vec<Untouched>,
}

impl Draft {
    fn put(&mut self, key: &RecordKey, record: Option<Record>) {
        if self.scratch.insert(key.clone(), record).is_none() {
            self.order.push(key.clone());
        }
    }
    fn leave(&mut self, entry: &Journalled, part: Part, why: UntouchedWhy) {
        self.untouched.push(Untouched { entry: entry.number, key: entry.key.clone(), part, why });
    }
    /// Notes a conflict; `true` when it was decided that what was there before comes back.
    fn conflict(
        &mut self,
        entry: &Journalled,
        part: Part,
        kind: ConflictKind,
        (before, window, now): (Option<PartValue>, Option<PartValue>, Option<PartValue>),
        choices: &Choices,
    ) -> bool {
        let choice = choices.get(&(entry.number, part.clone())).copied();
        let restores = choice == Some(Choice::Restore) && kind.may_restore();
        let (entry, key) = (entry.number, entry.key.clone());
        self.conflicts.push(Conflict { entry, key, part, kind, before, window, now, choice });
        restores
    }
}
