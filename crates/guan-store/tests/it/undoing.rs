//! Undo through the gate: what a window let through is taken back, and nothing else.

use guan_engine::model::{
    Field, Object, OverlayId, Owner, Policy, Principal, Record, RecordKey, Rights, Share, Span,
    SuspensionScope, TeamMember, Value,
};
use guan_ledger::{Entry, Kind};
use guan_store::{
    Caller, Change, Choice, Faults, Happening, ImportBatch, ImportRow, NewRecord, OverlayRequest,
    Part, Placing, RecordPatch, Seen, Selection, Standing, UndoChoice, UndoFault, UndoOrder,
    UndoOutcome, UndoPlace, UndoPlan, UndoViewer,
};

use crate::shop::{Shop, account_of, key, policy, searched, shop, shop_with, values};
use crate::world::{caller, org};

pub(crate) fn set(field: &str, value: impl Into<Value>) -> RecordPatch {
    RecordPatch { fields: [(field.into(), Some(value.into()))].into(), ..RecordPatch::default() }
}

/// Off for Bo, for everything.
fn request() -> OverlayRequest {
    let mut request = crate::world::request();
    request.effect = guan_engine::model::OverlayEffect::Suspension {
        scope: SuspensionScope::default(),
        others: guan_engine::model::Others::Enforced,
    };
    request
}

pub(crate) fn open(shop: &Shop) -> OverlayId {
    shop.gate.open_overlay(&caller(), &shop.world.clock, &request()).unwrap().id
}

pub(crate) fn close(shop: &mut Shop, overlay: &OverlayId) {
    shop.world.later(Span::seconds(1));
    shop.gate.close_overlay(&caller(), &shop.world.clock, (&org(), overlay), "").unwrap();
}

pub(crate) fn place(overlay: &OverlayId, run: Option<&str>) -> UndoPlace {
    UndoPlace { organization: org(), overlay: overlay.clone(), run: run.map(str::to_owned) }
}

pub(crate) fn selecting(selection: Selection) -> UndoOrder {
    UndoOrder { selection, choices: Vec::new() }
}

fn deciding(entry: u64, part: Part, choice: Choice) -> UndoOrder {
    UndoOrder { selection: Selection::Window, choices: vec![UndoChoice { entry, part, choice }] }
}

pub(crate) fn undo(shop: &Shop, place: &UndoPlace, order: &UndoOrder) -> UndoOutcome {
    let who = (&Caller::local("mei"), &shop.world.clock);
    shop.gate.undo(who, place, order, "a mistake").unwrap()
}

fn plan(shop: &Shop, place: &UndoPlace, order: &UndoOrder) -> UndoPlan {
    let who = (&Caller::local("mei"), &shop.world.clock);
    shop.gate.undo_plan(who, place, order, UndoViewer::Subject(&shop.asking("mei"))).unwrap()
}

fn everything() -> UndoOrder {
    UndoOrder::everything()
}

pub(crate) fn record(shop: &Shop, key: &RecordKey) -> Option<Record> {
    shop.gate.read(|reader| reader.record(&org(), key)).unwrap()
}

/// Everything that is stored of records.
pub(crate) fn records(shop: &Shop) -> Vec<Record> {
    shop.gate
        .read(|reader| reader.load_records(&org(), |all| all.map(Result::unwrap).collect()))
        .unwrap()
}

/// The engine in memory says the same as one that is loaded anew.
fn engine_follows(shop: &Shop) {
    let another = shop.world.another_gate();
    for subject in ["anna", "bo", "mei"] {
        let query = crate::shop::accounts(100);
        let ids = |gate: &guan_store::Gate| -> Vec<String> {
            let page = gate.list_records(&shop.asking(subject), &query).unwrap();
            page.records.iter().map(|found| found.record.id().to_string()).collect()
        };
        assert_eq!(ids(&shop.gate), ids(&another), "{subject}");
    }
}

fn manual(to: &str) -> Share {
    Share::manual(to.parse::<Principal>().unwrap(), Rights::READ)
}

/// Of these, the share and the team member have ended with the window, so nothing of them is left to be taken back.
const ENDED: usize = 2;

/// Every way in which Bo writes records of Anna, each on a record of its own; how many writes.
fn write_in_every_way(shop: &Shop) -> usize {
    let (gate, bo) = (&shop.gate, shop.asking("bo"));
    gate.edit_record(&bo, &key("a-1"), None, set("Name", "broken")).unwrap();
    let placing =
        Placing { owners: Some(["user:bo".parse().unwrap()].into()), ..Placing::default() };
    gate.assign_record(&bo, &key("a-3"), None, placing).unwrap();
    gate.lock_record(&bo, &key("a-5"), None).unwrap();
    gate.share_record(&bo, &key("a-7"), None, manual("user:bo")).unwrap();
    let member = TeamMember {
        user: "bo".into(),
        rights: Rights::READ,
        role: String::new(),
        ends: None,
        by: None,
        child_levels: [].into(),
    };
    gate.add_team_member(&bo, &key("a-9"), None, member).unwrap();
    gate.delete_record(&bo, &key("a-11"), None).unwrap();
    let owners = Some([Owner::User("anna".into())].into());
    let new = NewRecord { owners, ..NewRecord::new("Account", values(&[("Secret", "x".into())])) };
    gate.create_record(&bo, new).unwrap();
    gate.return_record(&bo, &key("a-13"), Some("sea".into())).unwrap();
    7 + 1
}

#[test]
fn every_way_of_writing_under_a_window_is_journalled_and_taken_back() {
    let mut shop = shop_with(&policy(), 20);
    let overlay = open(&shop);
    let before = records(&shop);
    let count = write_in_every_way(&shop);
    close(&mut shop, &overlay);
    let place = place(&overlay, None);
    let planned = plan(&shop, &place, &everything());
    let ready = (count - ENDED) as u64;
    assert_eq!((planned.writes, planned.ready), (count as u64, ready));
    for group in &planned.groups {
        assert_eq!(group.entries[0].by, "bo");
        let rows = shop.gate.read(|reader| {
            reader.ledger_rows("acme", group.entries[0].reference..group.entries[0].reference + 1)
        });
        let entry = Entry::from_bytes(&rows.unwrap()[0].bytes).unwrap();
        assert_eq!(entry.what.operation, group.entries[0].operation);
        assert_eq!(entry.suspension.unwrap().overlay, overlay.to_string());
    }
    assert_eq!(records(&shop).len(), before.len(), "a dry run writes nothing");
    let rows = shop.rows();
    let outcome = undo(&shop, &place, &everything());
    assert_eq!((outcome.writes, outcome.references), (ready, vec![rows]));
    assert_eq!(records(&shop), before);
    assert_eq!(shop.rows(), rows + 1);
    engine_follows(&shop);
    // The words of search follow.
    assert!(shop.all("mei", &searched("broken")).is_empty());
    assert!(shop.all("mei", &searched("蓝海")).contains(&"a-11".to_owned()));
}

#[test]
fn a_window_has_to_be_closed_first_and_one_that_ended_is() {
    let mut shop = shop();
    let overlay = open(&shop);
    shop.gate.edit_record(&shop.asking("bo"), &key("a-1"), None, set("Name", "x")).unwrap();
    let who = (&Caller::local("mei"), &shop.world.clock);
    let fault = shop.gate.undo(who, &place(&overlay, None), &everything(), "why").unwrap_err();
    assert!(matches!(fault, UndoFault::StillOpen { .. }), "{fault}");
    shop.world.later(Span::minutes(31));
    assert_eq!(undo(&shop, &place(&overlay, None), &everything()).writes, 1);
    let who = (&Caller::local("mei"), &shop.world.clock);
    let unknown = shop.gate.undo(who, &place(&overlay, Some("u-1")), &everything(), "why");
    assert!(matches!(unknown.unwrap_err(), UndoFault::UnknownRun { .. }));
    assert!(shop.gate.undo(who, &place(&"w-0".into(), None), &everything(), "why").is_err());
    assert!(shop.gate.undo(who, &place(&overlay, None), &everything(), " ").is_err());
}

#[test]
fn lawful_work_in_the_window_is_not_journalled_and_not_touched() {
    let mut shop = shop();
    let overlay = open(&shop);
    let (bo, anna) = (shop.asking("bo"), shop.asking("anna"));
    shop.gate.edit_record(&bo, &key("a-2"), None, set("Name", "mine")).unwrap();
    shop.gate.edit_record(&anna, &key("a-1"), None, set("Name", "hers")).unwrap();
    shop.gate.edit_record(&bo, &key("a-1"), None, set("Industry", "Retail")).unwrap();
    close(&mut shop, &overlay);
    let outcome = undo(&shop, &place(&overlay, None), &everything());
    assert_eq!(outcome.writes, 1);
    let fields = record(&shop, &key("a-1")).unwrap().fields;
    assert_eq!((&fields["Name"], &fields["Industry"]), (&"hers".into(), &"Steel".into()));
    assert_eq!(record(&shop, &key("a-2")).unwrap().fields["Name"], "mine".into());
}

#[test]
fn a_part_that_only_a_window_allows_makes_the_write_one_of_the_window() {
    let mut shop = shop();
    let overlay = open(&shop);
    let bo = shop.asking("bo");
    // Bo may edit the contact; that account only the window lets him read.
    let contact = RecordKey::new("Contact", "c-2");
    let parents = [("account".into(), Some("a-3".into()))].into();
    let patch = RecordPatch { parents, ..RecordPatch::default() };
    shop.gate.edit_record(&bo, &contact, None, patch).unwrap();
    let new = NewRecord {
        parents: [("account".into(), "a-3".into())].into(),
        ..NewRecord::new("Contact", values(&[("Name", "new".into())]))
    };
    shop.gate.create_record(&bo, new).unwrap();
    close(&mut shop, &overlay);
    assert_eq!(undo(&shop, &place(&overlay, None), &everything()).writes, 2);
    let back = record(&shop, &contact).unwrap();
    assert_eq!(back.parents["account"], "a-2".into());
}

#[test]
fn what_is_done_in_bulk_is_not_relaxed_and_a_lawful_part_of_it_stays() {
    let mut shop = shop();
    let overlay = open(&shop);
    let bo = shop.asking("bo");
    let ids = ["a-1", "a-2", "a-3"].map(Into::into);
    let edited = shop.gate.edit_records(&bo, &"Account".into(), &ids, &set("Name", "x")).unwrap();
    assert_eq!((edited.done, edited.refused.len()), (1, 2));
    let row = ImportRow {
        id: Some("a-5".into()),
        fields: values(&[("Name", "imported".into())]),
        ..ImportRow::at(2)
    };
    let batch = ImportBatch { object: "Account".into(), rows: vec![row], dry_run: false };
    assert!(shop.gate.import_records(&bo, &batch).is_err(), "importing is never relaxed");
    let gone = shop.gate.delete_records(&bo, &"Account".into(), &["a-7".into()]).unwrap();
    assert_eq!(gone.done, 0, "nor is deleting in bulk");
    close(&mut shop, &overlay);
    assert_eq!(undo(&shop, &place(&overlay, None), &everything()).writes, 0);
    assert_eq!(record(&shop, &key("a-2")).unwrap().fields["Name"], "x".into());
}

#[test]
fn what_somebody_changed_later_waits_with_three_values_until_a_person_decides() {
    let mut shop = shop();
    let overlay = open(&shop);
    shop.gate.edit_record(&shop.asking("bo"), &key("a-1"), None, set("Name", "window")).unwrap();
    close(&mut shop, &overlay);
    shop.gate.edit_record(&shop.asking("anna"), &key("a-1"), None, set("Name", "now")).unwrap();
    let place = place(&overlay, None);
    let planned = plan(&shop, &place, &everything());
    let conflict = &planned.groups[0].conflicts[0];
    assert_eq!(planned.groups[0].standing, Standing::Waits);
    for (seen, text) in
        [(&conflict.before, "蓝海科技 1"), (&conflict.window, "window"), (&conflict.now, "now")]
    {
        let Seen::Clear(value) = seen else { panic!("{seen:?}") };
        assert!(value.to_string().contains(text), "{value}");
    }
    let outcome = undo(&shop, &place, &everything());
    assert_eq!((outcome.writes, outcome.waiting, outcome.run), (0, 1, None));
    let name = Part::Field("Name".into());
    let kept = undo(&shop, &place, &deciding(0, name.clone(), Choice::Keep));
    assert_eq!((kept.writes, kept.waiting), (0, 0));
    assert_eq!(undo(&shop, &place, &deciding(0, name, Choice::Restore)).writes, 1);
    assert_eq!(record(&shop, &key("a-1")).unwrap(), account_of("a-1"));
}

#[test]
fn a_value_that_was_changed_and_changed_back_is_the_work_of_somebody() {
    let mut shop = shop();
    let overlay = open(&shop);
    shop.gate.edit_record(&shop.asking("bo"), &key("a-1"), None, set("Name", "window")).unwrap();
    shop.gate.edit_record(&shop.asking("bo"), &key("a-3"), None, set("Name", "window")).unwrap();
    let made = NewRecord::new("Account", values(&[("Secret", "x".into()), ("Name", "n".into())]));
    let made = shop.gate.create_record(&shop.asking("bo"), made).unwrap().key;
    close(&mut shop, &overlay);
    for name in ["other", "window"] {
        shop.gate.edit_record(&shop.asking("anna"), &key("a-1"), None, set("Name", name)).unwrap();
    }
    // Another field of it is nobody's business here.
    shop.gate
        .edit_record(&shop.asking("anna"), &key("a-3"), None, set("Industry", "Mining"))
        .unwrap();
    for name in ["other", "n"] {
        shop.gate.edit_record(&shop.asking("mei"), &made, None, set("Name", name)).unwrap();
    }
    let outcome = undo(&shop, &place(&overlay, None), &everything());
    assert_eq!((outcome.writes, outcome.waiting), (1, 2));
    assert_eq!(record(&shop, &key("a-1")).unwrap().fields["Name"], "window".into());
    let third = record(&shop, &key("a-3")).unwrap().fields;
    assert_eq!((&third["Name"], &third["Industry"]), (&"蓝海科技 3".into(), &"Mining".into()));
}

#[test]
fn a_field_a_record_a_user_or_single_writes_are_undone_alone() {
    let mut shop = shop();
    let overlay = open(&shop);
    let bo = shop.asking("bo");
    let both = RecordPatch {
        fields: [("Name".into(), Some("x".into())), ("Industry".into(), Some("Retail".into()))]
            .into(),
        ..RecordPatch::default()
    };
    shop.gate.edit_record(&bo, &key("a-1"), None, both).unwrap();
    shop.gate.edit_record(&bo, &key("a-3"), None, set("Name", "y")).unwrap();
    shop.gate.edit_record(&bo, &key("a-5"), None, set("Name", "z")).unwrap();
    close(&mut shop, &overlay);
    let place = place(&overlay, None);
    let field = Selection::Field { record: key("a-1"), field: "Name".into() };
    assert_eq!(undo(&shop, &place, &selecting(field.clone())).writes, 1);
    let fields = record(&shop, &key("a-1")).unwrap().fields;
    assert_eq!((&fields["Name"], &fields["Industry"]), (&"蓝海科技 1".into(), &"Retail".into()));
    // Its owner writes what the window had written; taking it back again would be another thing.
    shop.gate.edit_record(&shop.asking("anna"), &key("a-1"), None, set("Name", "x")).unwrap();
    assert_eq!(undo(&shop, &place, &selecting(field)).writes, 0);
    assert_eq!(undo(&shop, &place, &selecting(Selection::Entries([1].into()))).writes, 1);
    assert_eq!(undo(&shop, &place, &selecting(Selection::User("anna".into()))).writes, 0);
    assert_eq!(undo(&shop, &place, &selecting(Selection::User("bo".into()))).writes, 2);
    let fields = record(&shop, &key("a-1")).unwrap().fields;
    assert_eq!((&fields["Name"], &fields["Industry"]), (&"x".into(), &"Steel".into()));
    assert_eq!(record(&shop, &key("a-3")).unwrap(), account_of("a-3"));
    assert_eq!(record(&shop, &key("a-5")).unwrap(), account_of("a-5"));
}

#[test]
fn an_undo_is_undone_and_done_again() {
    let mut shop = shop_with(&policy(), 20);
    let overlay = open(&shop);
    let before = records(&shop);
    let count = (write_in_every_way(&shop) - ENDED) as u64;
    close(&mut shop, &overlay);
    let after = records(&shop);
    let window = place(&overlay, None);
    let first = undo(&shop, &window, &everything());
    assert_eq!(undo(&shop, &window, &everything()).writes, 0, "once is enough");
    let second = undo(&shop, &place(&overlay, first.run.as_deref()), &everything());
    assert_eq!(second.writes, count);
    assert_eq!(records(&shop), after);
    assert_eq!(undo(&shop, &window, &everything()).writes, count, "and once more");
    assert_eq!(records(&shop), before);
    let runs = shop.gate.undo_runs(&org(), &overlay).unwrap();
    assert_eq!(runs.len(), 3);
    assert!(runs.iter().all(|run| run.finished.is_some() && run.writes == count));
    assert_eq!(runs.iter().filter(|run| run.of == overlay.as_str()).count(), 2);
    engine_follows(&shop);
    let opened =
        shop.gate.read(|reader| reader.report(&org(), &overlay, &shop.world.clock)).unwrap();
    let undone = opened.writes.iter().filter(|write| write.undone_by.is_some()).count() as u64;
    assert_eq!((undone, opened.writes.len() as u64), (count, count + ENDED as u64));
    assert!(opened.writes.iter().all(|write| write.by == "bo"));
    assert_eq!(opened.timeline.iter().filter(|event| event.kind == Kind::UndoDone).count(), 3);
    let verified = shop
        .gate
        .read(|reader| Ok::<_, guan_store::ReadError>(reader.ledger_verify("acme").is_ok()));
    assert!(verified.unwrap());
}

#[test]
fn what_was_made_stays_while_something_points_to_it() {
    let mut shop = shop();
    let overlay = open(&shop);
    let new = NewRecord::new("Account", values(&[("Secret", "x".into())]));
    let made = shop.gate.create_record(&shop.asking("bo"), new).unwrap().key;
    close(&mut shop, &overlay);
    let contact = NewRecord {
        parents: [("account".into(), made.id.clone())].into(),
        ..NewRecord::new("Contact", values(&[("Name", "c".into())]))
    };
    let contact = shop.gate.create_record(&shop.asking("mei"), contact).unwrap().key;
    let place = place(&overlay, None);
    assert_eq!(undo(&shop, &place, &everything()).waiting, 1);
    assert_eq!(undo(&shop, &place, &deciding(0, Part::Whole, Choice::Restore)).waiting, 1);
    shop.gate.delete_record(&shop.asking("mei"), &contact, None).unwrap();
    assert_eq!(undo(&shop, &place, &everything()).writes, 1);
    assert_eq!(record(&shop, &made), None);
}

#[test]
fn what_was_erased_does_not_come_back_and_is_in_no_image() {
    let mut shop = shop();
    let overlay = open(&shop);
    let bo = shop.asking("bo");
    shop.gate.edit_record(&bo, &key("a-1"), None, set("Name", "x")).unwrap();
    shop.gate.delete_record(&bo, &key("a-1"), None).unwrap();
    assert!(
        shop.gate.purge_record(&bo, &key("a-1"), "asked for").is_err(),
        "erasing for good is never relaxed"
    );
    shop.gate.edit_record(&bo, &key("a-3"), None, set("Name", "x")).unwrap();
    close(&mut shop, &overlay);
    shop.gate.purge_record(&shop.asking("mei"), &key("a-1"), "asked for").unwrap();
    let place = place(&overlay, None);
    let planned = plan(&shop, &place, &everything());
    assert_eq!((planned.writes, planned.ready, planned.nothing), (3, 1, 2));
    assert_eq!(undo(&shop, &place, &everything()).writes, 1);
    assert_eq!(record(&shop, &key("a-1")), None);
    let report =
        shop.gate.read(|reader| reader.report(&org(), &overlay, &shop.world.clock)).unwrap();
    let erased: Vec<_> =
        report.writes.iter().map(|write| (write.what.as_str(), write.erased)).collect();
    assert_eq!(erased, [("changed", true), ("deleted", true), ("changed", false)]);
    // An undo of an undo brings it back no more than the first.
    shop.gate.delete_record(&shop.asking("mei"), &key("a-3"), None).unwrap();
    shop.gate.purge_record(&shop.asking("mei"), &key("a-3"), "asked for").unwrap();
    let run = shop.gate.undo_runs(&org(), &overlay).unwrap().remove(0).id;
    assert_eq!(undo(&shop, &self::place(&overlay, Some(&run)), &everything()).writes, 0);
    assert_eq!(record(&shop, &key("a-3")), None);
}

#[test]
fn a_value_that_does_not_fit_the_policy_any_more_is_not_written() {
    let mut shop = shop();
    let overlay = open(&shop);
    shop.gate.edit_record(&shop.asking("bo"), &key("a-1"), None, set("Name", "x")).unwrap();
    close(&mut shop, &overlay);
    let account = key("a-1");
    shop.gate
        .edit_record(&shop.asking("mei"), &account, None, set("Email", "m@example.com"))
        .unwrap();
    let mut record = record(&shop, &account).unwrap();
    let mut object: Object = policy().objects["Account"].clone();
    object.fields.insert(
        "Name".into(),
        Field { field_type: guan_engine::model::FieldType::Number, ..Field::default() },
    );
    record.fields.insert("Name".into(), Value::Number(guan_engine::model::Number::whole(7)));
    let mut changed: Policy = policy();
    changed.objects.insert("Account".into(), object);
    let records = guan_store::RecordsChange::Replace(vec![record]);
    let (policy, expected, reason) = (Box::new(changed), 2, "a number now".to_owned());
    let change = Change::ReplacePolicy { policy, expected, records, reason };
    shop.gate.write(&caller(), &shop.world.clock, change).unwrap();
    let name = deciding(0, Part::Field("Name".into()), Choice::Restore);
    let planned = plan(&shop, &place(&overlay, None), &name);
    assert_eq!((planned.unfit, planned.groups[0].problems.len()), (1, 1));
    assert_eq!(undo(&shop, &place(&overlay, None), &name).unfit, 1);
}

#[test]
fn values_are_shown_as_the_policy_shows_them_to_who_looks() {
    let mut shop = shop();
    let overlay = open(&shop);
    let bo = shop.asking("bo");
    for (field, value) in [("Name", "x"), ("Phone", "13911112222"), ("Secret", "plain")] {
        shop.gate.edit_record(&bo, &key("a-1"), None, set(field, value)).unwrap();
    }
    close(&mut shop, &overlay);
    let look = |viewer: UndoViewer<'_>| {
        let who = (&Caller::local("x"), &shop.world.clock);
        let shown =
            shop.gate.undo_plan(who, &place(&overlay, None), &everything(), viewer).unwrap();
        let changes = shown.groups.iter().flat_map(|group| &group.writes[0].changes);
        changes.map(|change| change.now.clone()).collect::<Vec<_>>()
    };
    let anna = look(UndoViewer::Subject(&shop.asking("anna")));
    assert!(matches!(&anna[..], [Seen::Hidden, Seen::Masked(_), Seen::Clear(_)]), "{anna:?}");
    assert!(!format!("{anna:?}").contains("13911112222"));
    assert_eq!(look(UndoViewer::Subject(&shop.asking("bo"))), vec![Seen::Hidden; 3]);
    assert_eq!(look(UndoViewer::Names), vec![Seen::Hidden; 3]);
    let mei = look(UndoViewer::Subject(&shop.asking("mei")));
    assert!(mei.iter().all(|seen| matches!(seen, Seen::Clear(_))));
}

/// A window with more writes than go into one act.
fn many(shop: &mut Shop, count: i64) -> OverlayId {
    let overlay = open(shop);
    let records = (1..=count).map(|at| {
        let mut record = crate::shop::account(at);
        record.fields.insert("Name".into(), "broken".into());
        record
    });
    let (organization, records, under) = (org(), records.collect(), Some(overlay.clone()));
    let change = Change::PutRecords { organization, records, under };
    shop.gate.write(&Caller::local("bo"), &shop.world.clock, change).unwrap();
    close(shop, &overlay);
    overlay
}

#[test]
fn an_undo_that_was_interrupted_is_gone_on_with() {
    for point in ["undo.1", "undo.2", "write.1", "write.2", "write.3", "side.1", "side.3"] {
        let mut shop = shop_with(&policy(), 600);
        let before = records(&shop);
        let overlay = many(&mut shop, 600);
        let Shop { mut world, gate } = shop;
        drop(gate);
        world.restart_with(Faults::at(point, Happening::Stop));
        let gate = world.gate();
        let mut shop = Shop { world, gate };
        let who = (&Caller::local("mei"), &shop.world.clock);
        let place = place(&overlay, None);
        shop.gate.undo(who, &place, &everything(), "a mistake").unwrap_err();
        let Shop { mut world, gate } = shop;
        drop(gate);
        world.restart();
        let gate = world.gate();
        shop = Shop { world, gate };
        let begun = shop.gate.undo_runs(&org(), &overlay).unwrap();
        let outcome = undo(&shop, &place, &everything());
        assert_eq!(records(&shop), before, "{point}");
        let runs = shop.gate.undo_runs(&org(), &overlay).unwrap();
        assert_eq!((runs.len(), runs[0].writes), (1, 600), "{point}");
        assert!(runs[0].finished.is_some(), "{point}");
        let written = begun.first().map_or(0, |run| run.writes);
        assert_eq!(written + outcome.writes, 600, "{point}");
        assert_eq!(written > 0, point == "undo.2" || point.starts_with("side."), "{point}");
        // Also as one: the whole undo is undone.
        assert_eq!(
            undo(&shop, &self::place(&overlay, outcome.run.as_deref()), &everything()).writes,
            600
        );
    }
}

#[test]
fn several_undo_at_once_and_nothing_is_taken_back_twice() {
    let mut shop = shop_with(&policy(), 600);
    let before = records(&shop);
    let overlay = many(&mut shop, 600);
    let another = shop.world.another_gate();
    let place = place(&overlay, None);
    let clock = shop.world.clock.clone();
    let writes: u64 = std::thread::scope(|scope| {
        let gates = [&shop.gate, &shop.gate, &another];
        let undoers: Vec<_> = gates
            .into_iter()
            .zip(["mei", "anna", "eve"])
            .map(|(gate, by)| {
                let (place, clock) = (&place, &clock);
                scope.spawn(move || {
                    let who = (&Caller::local(by), clock);
                    gate.undo(who, place, &everything(), "a mistake").unwrap().writes
                })
            })
            .collect();
        undoers.into_iter().map(|undoer| undoer.join().unwrap()).sum()
    });
    assert_eq!(writes, 600);
    assert_eq!(records(&shop), before);
}
