//! What an undo would write: newest first, part by part, never over the lawful work of others, never what was erased.

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::model::{Record, RecordKey};

use super::model::{
    Choice, Choices, Conflict, ConflictKind, Journalled, Plan, PlanGroup, Present, Selection,
    Standing, UndoWrite, Undone, Untouched, UntouchedWhy,
};
use super::part::{Part, PartValue, changed_parts, parts, set};

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
        if present.undone.get(&entry.number) == Some(&Undone::Whole) {
            continue;
        }
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
    let mut state = State { present, changed: BTreeMap::new(), taken: BTreeMap::new() };
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
/// From which ledger row on the changes of a part are taken back.
type Taken = BTreeMap<(RecordKey, Part), u64>;

/// The records as they would be after the groups so far.
struct State<'a> {
    present: Present<'a>,
    changed: Changed,
    taken: Taken,
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
        let (writes, problems) =
            if waits { (Vec::new(), Vec::new()) } else { self.settle(&mut draft) };
        let standing = match (waits, problems.is_empty(), writes.is_empty()) {
            (true, ..) => Standing::Waits,
            (false, false, _) => Standing::Unfit,
            (false, true, true) => Standing::Nothing,
            (false, true, false) => Standing::Ready,
        };
        PlanGroup {
            entries: group.iter().map(|entry| entry.number).collect(),
            standing,
            writes,
            conflicts: draft.conflicts,
            untouched: draft.untouched,
            problems,
        }
    }

    /// What a group would write, which the groups behind it then find; or what does not fit the policy any more.
    fn settle(&mut self, draft: &mut Draft) -> (Vec<UndoWrite>, Vec<String>) {
        let order = std::mem::take(&mut draft.order);
        let mut writes = Vec::with_capacity(order.len());
        for key in order {
            let from = self.record(&Changed::new(), &key).cloned();
            let to = draft.scratch.remove(&key).flatten();
            if from != to {
                writes.push(UndoWrite { key, from, to });
            }
        }
        let written = writes.iter().filter_map(|write| write.to.as_ref());
        let problems: Vec<String> = written
            .flat_map(|record| {
                let problems = self.present.policy.validate_record(record).into_iter();
                problems.map(|problem| format!("{}: {}", record.key(), problem.place))
            })
            .collect();
        if !problems.is_empty() {
            return (Vec::new(), problems);
        }
        self.changed.extend(writes.iter().map(|write| (write.key.clone(), write.to.clone())));
        self.taken.append(&mut draft.taken);
        (writes, problems)
    }

    /// Whether somebody changed a part after a ledger row, also where it has the same value again.
    fn is_changed_since(&self, draft: &Draft, (key, part): (&RecordKey, &Part), row: u64) -> bool {
        let Some(rows) = self.present.changes.get(key).and_then(|parts| parts.get(part)) else {
            return false;
        };
        let place = (key.clone(), part.clone());
        let taken = draft.taken.get(&place).or_else(|| self.taken.get(&place));
        let (from, until) = (row.saturating_add(1), taken.copied().unwrap_or(u64::MAX));
        from < until && rows.range(from..until).next().is_some()
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
        let undone = self.present.undone.get(&entry.number);
        let (was, became) = (parts(before), parts(after));
        let now = parts(&record);
        for part in changed_parts(before, after) {
            if only.is_some_and(|only| *only != part) {
                continue;
            }
            let is_erased = matches!(&part, Part::Field(field) if erased.is_some_and(|erased| erased.contains(field)));
            let is_undone = matches!((&part, undone), (Part::Field(field), Some(Undone::Fields(fields))) if fields.contains(field));
            let old = was.get(&part);
            if is_erased {
                draft.leave(entry, part, UntouchedWhy::Erased);
            } else if is_undone {
                draft.leave(entry, part, UntouchedWhy::UndoneAlready);
            } else if now.get(&part) == old {
                draft.leave(entry, part, UntouchedWhy::BackAlready);
            } else {
                let later = now.get(&part) != became.get(&part)
                    || self.is_changed_since(draft, (&entry.key, &part), entry.decision);
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
                    draft.taken.insert((entry.key.clone(), part), entry.decision);
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
        } else if parts(now) != parts(made) || self.present.touched.contains(&entry.number) {
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
    taken: Taken,
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
