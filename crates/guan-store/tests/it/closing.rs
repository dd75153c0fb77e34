//! An end that is written or known counts for everybody, and one row that cannot be ended holds up no other.

use std::fs;

use guan_engine::activity::Dormant;
use guan_engine::answer::{Decision, Refusal};
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{Action, OverlayId, RecordKey, Span};
use guan_engine::question::ListQuery;
use guan_store::{
    Change, End, Faults, Opened, Recording, RelaxedList, Store, View, WriteError, restore,
};

use crate::world::{World, caller, check, org, world};

fn close(world: &mut World, overlay: &OverlayId) {
    let clock = world.clock.clone();
    world.store().close_overlay(&caller(), &clock, &org(), overlay, "done").unwrap();
}

fn end(world: &mut World, overlay: &OverlayId) -> End {
    let clock = world.clock.clone();
    world.store().report(&org(), overlay, &clock).unwrap().end
}

fn confirm(world: &mut World) -> Result<guan_store::Written, WriteError> {
    let clock = world.clock.clone();
    world.store().write(&caller(), &clock, &Change::ConfirmClock { reason: "radio clock".into() })
}

fn acknowledge(world: &mut World) {
    world.write(&Change::AcknowledgeSafeMode { reason: "looked into".into() });
}

/// Opened, backed up, then changed by `after`, and the backup put back.
fn put_back(world: &mut World, after: impl FnOnce(&mut World, &Opened)) -> Opened {
    let opened = world.open_window();
    let clock = world.clock.clone();
    let backup = world.store().backup(&caller(), &clock, "weekly").unwrap().0;
    after(world, &opened);
    world.store = None;
    let faults = Faults::default();
    restore(&world.path(), &backup.folder, &caller(), &clock, "try", &faults).unwrap();
    world.restart();
    opened
}

#[test]
fn a_window_that_was_closed_after_a_backup_is_closed_when_the_backup_is_put_back() {
    let mut world = world();
    let opened = put_back(&mut world, |world, opened| close(world, &opened.id));
    let clock = world.clock.clone();
    assert!(world.store().sweep(&caller(), &clock).unwrap().is_empty());
    let End::Closed(closing) = end(&mut world, &opened.id) else { panic!() };
    assert_eq!(closing.closing.why, "by_hand: done");
    confirm(&mut world).unwrap();
    acknowledge(&mut world);
    let next = world.open_window();
    close(&mut world, &next.id);
    world.verify_all();
}

#[test]
fn a_closing_that_was_taken_out_holds_up_neither_windows_nor_the_clock() {
    let mut world = world();
    let opened = world.open_window();
    close(&mut world, &opened.id);
    world.tamper("DELETE FROM overlay_closing");
    confirm(&mut world).unwrap();
    let next = world.open_window();
    assert!(world.is_relaxed());
    close(&mut world, &next.id);
    assert!(!world.is_relaxed());
}

#[test]
fn a_closing_that_cannot_be_read_closes_all_the_same() {
    let mut world = world();
    let opened = world.open_window();
    close(&mut world, &opened.id);
    world.tamper("UPDATE overlay_closing SET body = '{}'");
    let End::Closed(closing) = end(&mut world, &opened.id) else { panic!() };
    assert!(closing.closing.why.starts_with("safety"), "{}", closing.closing.why);
}

#[test]
fn a_window_of_an_earlier_incarnation_does_not_hold_up_the_clock() {
    let mut world = world();
    put_back(&mut world, |_, _| {});
    confirm(&mut world).unwrap();
}

#[test]
fn a_row_that_says_another_id_is_closed_under_its_own_and_holds_up_no_other() {
    let mut world = world();
    let (first, second) = (world.open_window(), world.open_window());
    world.tamper(&format!("UPDATE overlay SET id = 'w-0' WHERE id = '{}'", first.id));
    close(&mut world, &second.id);
    let End::Closed(closing) = end(&mut world, &"w-0".into()) else { panic!() };
    assert_eq!(closing.closing.why, "safety: its row does not verify");
    assert!(matches!(end(&mut world, &second.id), End::Closed(_)));
}

#[test]
fn a_row_whose_end_cannot_be_written_holds_up_no_other() {
    let mut world = world();
    let opened = [(); 3].map(|()| world.open_window().id);
    let mut sorted = opened.to_vec();
    sorted.sort();
    world.tamper(&format!(
        "CREATE TRIGGER stuck BEFORE INSERT ON overlay_closing WHEN new.id = '{}'
         BEGIN SELECT raise(ABORT, 'no'); END",
        sorted[0]
    ));
    close(&mut world, &sorted[2]);
    world.later(Span::minutes(30));
    let clock = world.clock.clone();
    assert!(world.store().sweep(&caller(), &clock).is_err());
    assert!(matches!(end(&mut world, &sorted[0]), End::Dormant { why: Dormant::Ended }));
    assert!(matches!(end(&mut world, &sorted[1]), End::Closed(_)));
    assert!(matches!(end(&mut world, &sorted[2]), End::Closed(_)));
}

#[test]
fn a_window_that_is_closed_while_a_decision_is_made_under_it_relaxes_it_no_more() {
    let mut world = world();
    let opened = world.open_window();
    let clock = world.clock.clone();
    let mut other = Store::open(world.path(), &caller(), &clock).unwrap();
    let gate = world.gate();
    let session = Session::new("acme", "bo", clock.wall);
    let target = Target::Record(RecordKey::new("Account", "a-1"));
    let request = Request::new(session, Action::Read, target);
    let ask = |view: &View, asked: &Request<'_>| {
        let decision = view.engine().check(asked);
        assert!(matches!(decision, Decision::Relaxed { .. }));
        other.close_overlay(&caller(), &clock, &org(), &opened.id, "").unwrap();
        decision
    };
    let answer = gate.decide(&caller(), &clock, &request, Recording::WouldDenies, ask).unwrap();
    assert_eq!(answer.decision, Decision::Deny { refusal: Refusal::NoGrant });
    assert!(matches!(answer.unrecorded, Some(WriteError::NotActing { why: Dormant::Closed, .. })));
}

#[test]
fn a_list_under_a_window_that_is_closed_is_not_recorded() {
    let mut world = world();
    let opened = world.open_window();
    close(&mut world, &opened.id);
    let list = RelaxedList {
        subject: "bo".into(),
        address: None,
        action: Action::Read,
        object: "Account".into(),
        overlay: opened.id,
        record: None,
        rows: 3,
        ids: None,
    };
    let change = Change::RecordRelaxedLists { organization: org(), lists: vec![list] };
    let clock = world.clock.clone();
    let error = world.store().write(&caller(), &clock, &change).unwrap_err();
    assert!(matches!(error, WriteError::NotActing { why: Dormant::Closed, .. }), "{error}");
}

#[test]
fn without_room_for_records_nothing_is_written_under_a_window() {
    let mut world = world();
    let opened = world.open_window();
    fs::remove_file(world.path().join("reserve")).unwrap();
    let key = RecordKey::new("Account", "a-1");
    let change = Change::DeleteRecord { organization: org(), key, under: Some(opened.id) };
    let clock = world.clock.clone();
    let error = world.store().write(&caller(), &clock, &change).unwrap_err();
    assert!(matches!(error, WriteError::NotActing { why: Dormant::NoJournal, .. }), "{error}");
}

#[test]
fn a_window_ended_by_an_alarm_is_closed_by_the_next_decision_or_list() {
    for by_list in [false, true] {
        let mut world = world();
        let opened = world.open_window();
        let gate = world.gate();
        let good = world.clock.boot_clock;
        world.clock.boot_clock = good.map(|clock| Span(clock.0 + 60_000));
        let session = Session::new("acme", "anna", world.clock.wall);
        if by_list {
            let query = ListQuery::first("Account", 2);
            gate.list(&caller(), &world.clock, &session, &Action::Read, &query).unwrap();
        } else {
            let target = Target::Record(RecordKey::new("Account", "a-1"));
            let request = Request::new(session, Action::Read, target);
            gate.decide(&caller(), &world.clock, &request, Recording::WouldDenies, check).unwrap();
        }
        world.clock.boot_clock = good;
        drop(gate);
        world.restart();
        let End::Closed(closing) = end(&mut world, &opened.id) else { panic!("{by_list}") };
        assert_eq!(closing.closing.why, "safety: the clocks disagree");
    }
}
