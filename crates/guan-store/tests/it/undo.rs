//! Plans of undo against a simple model: records changed at random, some under a window, some lawfully.

use guan_engine::model::{Policy, Record, RecordKey, UserId, Value};
use guan_store::{
    Changes, Choice, Choices, ConflictKind, Journalled, Part, PartValue, Plan, Present, Selection,
    Standing, UntouchedWhy, plan,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

type Records = BTreeMap<RecordKey, Record>;

/// A company whose contacts belong to accounts, its records, and the journal of a window.
#[derive(Clone)]
struct World {
    policy: Policy,
    records: Records,
    journal: Vec<Journalled>,
    erased: BTreeSet<RecordKey>,
    erased_fields: BTreeMap<RecordKey, BTreeSet<guan_engine::model::FieldId>>,
    changes: Changes,
    touched: BTreeSet<u64>,
}

fn key(object: &str, id: &str) -> RecordKey {
    RecordKey::new(object, id)
}
fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}
fn account(id: &str, name: &str) -> Record {
    let mut record = Record::new("account", id);
    record.fields.insert("name".into(), text(name));
    record
}
fn contact(id: &str, parent: &str) -> Record {
    let mut record = Record::new("contact", id);
    record.parents.insert("account".into(), parent.into());
    record
}

impl World {
    fn new(records: &[Record]) -> Self {
        let policy = r#"{"objects": {"account": {"fields": {"name": {}, "phone": {}, "f0": {}, "f1": {}, "f2": {}}}, "contact": {"relations": {"account": {"parent": "account"}}}}}"#;
        Self {
            policy: serde_json::from_str(policy).unwrap(),
            records: records.iter().map(|record| (record.key(), record.clone())).collect(),
            journal: Vec::new(),
            erased: BTreeSet::new(),
            erased_fields: BTreeMap::new(),
            changes: Changes::new(),
            touched: BTreeSet::new(),
        }
    }
    fn lawful(&mut self, key: &RecordKey, after: Option<Record>) {
        match after {
            Some(record) => self.records.insert(key.clone(), record),
            None => self.records.remove(key),
        };
    }
    fn window(&mut self, by: &str, cascade: Option<u64>, key: &RecordKey, after: Option<Record>) {
        let number = self.journal.len() as u64;
        let before = self.records.get(key).cloned();
        self.lawful(key, after.clone());
        let by = by.into();
        self.journal.push(Journalled {
            number,
            decision: number,
            cascade,
            by,
            key: key.clone(),
            before,
            after,
        });
    }
    fn edit(&self, key: &RecordKey, field: &str, value: &str) -> Option<Record> {
        let mut record = self.records.get(key)?.clone();
        record.fields.insert(field.into(), text(value));
        Some(record)
    }
    fn plan_of(&self, journal: &[Journalled], selection: &Selection, choices: &Choices) -> Plan {
        let mut pointing: BTreeMap<RecordKey, BTreeSet<RecordKey>> = BTreeMap::new();
        for (child, record) in &self.records {
            for parent in record.parents.values() {
                pointing.entry(key("account", parent.as_str())).or_default().insert(child.clone());
            }
        }
        let present = Present {
            policy: &self.policy,
            records: &self.records,
            pointing: &pointing,
            erased: &self.erased,
            erased_fields: &self.erased_fields,
            undone: &BTreeMap::new(),
            changes: &self.changes,
            touched: &self.touched,
        };
        plan(journal, selection, present, choices)
    }
    fn plan(&self, selection: &Selection) -> Plan {
        self.plan_of(&self.journal, selection, &Choices::new())
    }
    /// Writes what is ready; gives what the undo left in the journal.
    fn apply(&mut self, plan: &Plan) -> Vec<Journalled> {
        let mut journal = Vec::new();
        for group in &plan.groups {
            assert_eq!(group.writes.is_empty(), group.standing != Standing::Ready);
            for write in &group.writes {
                assert_eq!(self.records.get(&write.key), write.from.as_ref(), "{}", write.key);
                self.lawful(&write.key, write.to.clone());
            }
            let first = journal.len() as u64;
            journal.extend(group.journal(first, 1, &UserId::new("undo")));
        }
        journal
    }
}

fn standings(plan: &Plan) -> Vec<Standing> {
    plan.groups.iter().map(|group| group.standing).collect()
}

#[test]
fn an_old_value_comes_back_and_the_work_of_others_stays() {
    let mut world = World::new(&[account("1", "old")]);
    let one = key("account", "1");
    world.window("eve", None, &one, world.edit(&one, "name", "new"));
    world.lawful(&one, world.edit(&one, "phone", "555"));
    let plan = world.plan(&Selection::Window);
    world.apply(&plan);
    let fields = &world.records[&one].fields;
    assert_eq!((&fields["name"], &fields["phone"]), (&text("old"), &text("555")));
}

#[test]
fn a_value_changed_later_is_a_conflict_with_three_values_and_waits_for_a_person() {
    let mut world = World::new(&[account("1", "before")]);
    let one = key("account", "1");
    world.window("eve", None, &one, world.edit(&one, "name", "window"));
    world.lawful(&one, world.edit(&one, "name", "now"));
    let plan = world.plan(&Selection::Window);
    let conflict = plan.open_conflicts().next().unwrap();
    let field = |value: &str| Some(PartValue::Field(text(value)));
    assert_eq!(
        (&conflict.before, &conflict.window, &conflict.now),
        (&field("before"), &field("window"), &field("now"))
    );
    assert_eq!(standings(&plan), [Standing::Waits]);
    let decide = |choice| Choices::from([((0, Part::Field("name".into())), choice)]);
    let kept = world.plan_of(&world.journal, &Selection::Window, &decide(Choice::Keep));
    assert_eq!(standings(&kept), [Standing::Nothing]);
    let restored = world.plan_of(&world.journal, &Selection::Window, &decide(Choice::Restore));
    world.apply(&restored);
    assert_eq!(world.records[&one].fields["name"], text("before"));
}

#[test]
fn a_value_that_somebody_changed_and_changed_back_is_theirs() {
    let mut world = World::new(&[account("1", "before")]);
    let one = key("account", "1");
    world.window("eve", None, &one, world.edit(&one, "name", "window"));
    // Row 0 is the window's; rows 4 and 5 are lawful and end where they began.
    let rows = BTreeSet::from([0, 4, 5]);
    let parts = BTreeMap::from([(Part::Field("name".into()), rows)]);
    world.changes.insert(one.clone(), parts);
    let plan = world.plan(&Selection::Window);
    assert_eq!(plan.open_conflicts().next().unwrap().kind, ConflictKind::ChangedLater);
    world.changes.get_mut(&one).unwrap().insert(Part::Field("name".into()), [0].into());
    assert_eq!(standings(&world.plan(&Selection::Window)), [Standing::Ready]);
}

#[test]
fn a_chain_of_writes_is_taken_back_link_by_link() {
    let mut world = World::new(&[account("1", "a")]);
    let one = key("account", "1");
    for (by, value) in [("eve", "b"), ("fay", "c"), ("fay", "b")] {
        world.window(by, None, &one, world.edit(&one, "name", value));
    }
    let parts = BTreeMap::from([(Part::Field("name".into()), BTreeSet::from([0, 1, 2]))]);
    world.changes.insert(one.clone(), parts);
    assert_eq!(standings(&world.plan(&Selection::Window)), [Standing::Ready; 3]);
    // The value is as the first write left it, but it was the third that wrote it.
    assert_eq!(standings(&world.plan(&Selection::User("eve".into()))), [Standing::Waits]);
}

#[test]
fn what_was_made_and_worked_on_since_waits_for_a_person() {
    let mut world = World::new(&[]);
    world.window("eve", None, &key("account", "1"), Some(account("1", "made")));
    world.touched.insert(0);
    let plan = world.plan(&Selection::Window);
    assert_eq!(plan.open_conflicts().next().unwrap().kind, ConflictKind::ChangedLater);
}

#[test]
fn what_was_made_goes_unless_something_points_to_it() {
    let mut world = World::new(&[]);
    let (parent, child) = (key("account", "1"), key("contact", "2"));
    world.window("eve", None, &parent, Some(account("1", "made")));
    let mut pointed = world.clone();
    pointed.lawful(&child, Some(contact("2", "1")));
    let plan = pointed.plan(&Selection::Window);
    assert_eq!(
        plan.open_conflicts().next().unwrap().kind,
        ConflictKind::PointedTo(BTreeSet::from([child.clone()]))
    );
    let restore = Choices::from([((0, Part::Whole), Choice::Restore)]);
    let forced = pointed.plan_of(&pointed.journal, &Selection::Window, &restore);
    assert_eq!(standings(&forced), [Standing::Waits], "not even by choice");
    world.window("eve", None, &child, Some(contact("2", "1")));
    let plan = world.plan(&Selection::Window);
    world.apply(&plan);
    assert!(world.records.is_empty(), "the child goes first");
}

#[test]
fn what_was_deleted_along_with_its_parent_comes_back_together_or_not_at_all() {
    let mut world = World::new(&[account("1", "a"), contact("2", "1"), contact("3", "1")]);
    let before = world.records.clone();
    let (parent, two, three) = (key("account", "1"), key("contact", "2"), key("contact", "3"));
    for one in [&two, &three, &parent] {
        world.window("eve", Some(9), one, None);
    }
    let mut taken = world.clone();
    taken.lawful(&two, Some(contact("2", "5")));
    let plan = taken.plan(&Selection::Record(parent));
    assert_eq!(plan.open_conflicts().next().unwrap().kind, ConflictKind::IdTaken);
    assert_eq!((plan.groups.len(), standings(&plan)), (1, vec![Standing::Waits]));
    let plan = world.plan(&Selection::Record(three));
    assert_eq!(plan.groups[0].writes.len(), 3, "one record brings what belongs to it");
    world.apply(&plan);
    assert_eq!(world.records, before);
}

#[test]
fn a_child_does_not_come_back_without_its_parent() {
    let mut world = World::new(&[account("1", "a"), contact("2", "1")]);
    let (parent, child) = (key("account", "1"), key("contact", "2"));
    world.window("eve", None, &child, None);
    world.lawful(&parent, None);
    let plan = world.plan(&Selection::Window);
    assert_eq!(plan.open_conflicts().next().unwrap().kind, ConflictKind::ParentGone(parent));
}

#[test]
fn what_is_erased_does_not_come_back() {
    let mut world = World::new(&[account("1", "secret"), account("2", "secret")]);
    let (one, two) = (key("account", "1"), key("account", "2"));
    world.window("eve", None, &one, None);
    world.window("eve", None, &two, None);
    world.erased.insert(one.clone());
    world.erased_fields.insert(two.clone(), BTreeSet::from(["name".into()]));
    let plan = world.plan(&Selection::Window);
    assert!(plan.groups.iter().all(|group| group.untouched[0].why == UntouchedWhy::Erased));
    world.apply(&plan);
    assert!(!world.records.contains_key(&one));
    assert!(world.records[&two].fields.is_empty());
}

#[test]
fn one_user_or_one_field_is_undone_alone() {
    let mut world = World::new(&[account("1", "old"), account("2", "old")]);
    let (one, two) = (key("account", "1"), key("account", "2"));
    world.window("eve", None, &one, world.edit(&one, "name", "new"));
    world.window("eve", None, &one, world.edit(&one, "phone", "new"));
    world.window("fay", None, &two, world.edit(&two, "name", "new"));
    let mut by_field = world.clone();
    let plan = world.plan(&Selection::User("fay".into()));
    world.apply(&plan);
    assert_eq!(world.records[&two].fields["name"], text("old"));
    assert_eq!(world.records[&one].fields["name"], text("new"));
    let field = Selection::Field { record: one.clone(), field: "name".into() };
    let plan = by_field.plan(&field);
    by_field.apply(&plan);
    assert_eq!(by_field.records[&one].fields["name"], text("old"));
    assert_eq!(by_field.records[&one].fields["phone"], text("new"));
}

/// A random write: by whom and how, on which record, which field, which value.
#[derive(Clone, Debug)]
struct Random {
    lawful: bool,
    what: u8,
    id: u8,
    field: u8,
    value: u8,
}

fn random() -> impl Strategy<Value = Random> {
    (any::<bool>(), 0_u8..6, 0_u8..4, 0_u8..3, 0_u8..4)
        .prop_map(|(lawful, what, id, field, value)| Random { lawful, what, id, field, value })
}

/// Does it; gives the record and the field that it wrote, no field for the whole record.
fn happen(
    world: &mut World,
    number: usize,
    random: &Random,
) -> Option<(RecordKey, Option<String>)> {
    let one = key("account", &random.id.to_string());
    // Plans compare values: lawful work that ends at what the window had left cannot be told from it.
    let lost = world.journal.iter().any(|entry| entry.key == one && entry.after.is_none());
    let (after, field) = match (random.what, world.records.get(&one)) {
        (0, None) => {
            let name = if random.lawful { "lawful" } else { "made" };
            (Some(account(&random.id.to_string(), name)), None)
        }
        (1, Some(_)) if random.lawful && lost => return None,
        (1, Some(_)) => (None, None),
        (_, Some(record)) => {
            let field = format!("f{}", random.field);
            let mut record = record.clone();
            if random.lawful {
                record.fields.insert(field.as_str().into(), text(&format!("lawful {number}")));
            } else if random.value == 0 {
                record.fields.remove(field.as_str());
            } else {
                record.fields.insert(field.as_str().into(), text(&random.value.to_string()));
            }
            if record == world.records[&one] {
                return None;
            }
            (Some(record), Some(field))
        }
        (_, None) => return None,
    };
    if random.lawful {
        world.lawful(&one, after);
    } else {
        world.window("eve", None, &one, after);
    }
    Some((one, field))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn without_lawful_work_everything_is_as_before_and_the_undo_can_be_undone(
        randoms in prop::collection::vec(random(), 0..40),
    ) {
        let mut world = World::new(&[account("0", "a"), account("1", "b")]);
        let before = world.records.clone();
        for (number, random) in randoms.iter().enumerate() {
            happen(&mut world, number, &Random { lawful: false, ..random.clone() });
        }
        let after = world.records.clone();
        let plan = world.plan(&Selection::Window);
        prop_assert_eq!(plan.open_conflicts().count(), 0);
        let journal = world.apply(&plan);
        prop_assert_eq!(&world.records, &before);
        let back = world.plan_of(&journal, &Selection::Window, &Choices::new());
        prop_assert_eq!(back.open_conflicts().count(), 0);
        world.apply(&back);
        prop_assert_eq!(world.records, after);
    }

    #[test]
    fn lawful_work_is_never_touched_and_what_waits_writes_nothing(
        randoms in prop::collection::vec(random(), 0..40),
        erased in 0_u8..8,
    ) {
        let mut world = World::new(&[account("0", "a"), account("1", "b")]);
        let mut lawful: BTreeMap<(RecordKey, Option<String>), bool> = BTreeMap::new();
        for (number, random) in randoms.iter().enumerate() {
            if let Some((one, field)) = happen(&mut world, number, random) {
                if field.is_none() {
                    lawful.retain(|(other, _), _| *other != one);
                }
                lawful.insert((one, field), random.lawful);
            }
        }
        let gone = key("account", &erased.to_string());
        world.erased.insert(gone.clone());
        let before = world.records.clone();
        let plan = world.plan(&Selection::Window);
        for group in &plan.groups {
            prop_assert!(group.standing != Standing::Waits || group.writes.is_empty());
        }
        world.apply(&plan);
        prop_assert_eq!(world.records.get(&gone), before.get(&gone));
        for ((one, field), by_law) in lawful {
            let value = |records: &Records| match &field {
                None => records.get(&one).map(|_| Value::Bool(true)),
                Some(field) => records.get(&one).and_then(|record| record.fields.get(field.as_str()).cloned()),
            };
            if by_law {
                prop_assert_eq!(value(&world.records), value(&before), "{} {:?}", one, field);
            }
        }
    }
}
