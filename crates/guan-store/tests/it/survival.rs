//! What must survive, row by row, through the life of a window; `docs/survival.md` says which test stands for which row.

use std::sync::Barrier;

use guan_engine::lifecycle::{
    ApprovalPolicy, ClosedBy, State, SwitchSettings, Wanted, WindowRequest,
};
use guan_engine::model::{
    Action, Assignment, Audience, Disabled, Moment, OverlayEffect, Principal, Span, SuspensionScope,
};
use guan_ledger::Kind;
use guan_store::{
    Change, End, Entity, EntityKind, Gate, PreviewMode, SwitchChange, WaitingChange, WindowCall,
    WindowFault,
};

use crate::life::{Life, rule, wanted};
use crate::world::{START, caller, org};

const MINUTE: Span = Span::minutes(1);

fn closed(life: &Life, request: &WindowRequest) -> guan_engine::lifecycle::Closed {
    life.kept(&request.id).request.closed.unwrap()
}

fn lasting(minutes: i64) -> Wanted {
    Wanted { length: Some(Span::minutes(minutes)), ..wanted() }
}

/// The effective end that is shown.
fn shown_end(life: &Life) -> Option<Moment> {
    let store = guan_store::Store::open(life.world.path(), &caller(), &life.world.clock).unwrap();
    store.status(&org(), &life.world.clock).unwrap().effective_end
}

fn edit(life: &Life, put: Vec<Entity>, remove: &[(EntityKind, &str)]) {
    let remove = remove.iter().map(|(kind, id)| (*kind, (*id).to_owned())).collect();
    let expected = life.gate.read(|reader| reader.current_revision(&org())).unwrap();
    let reason = "meanwhile".to_owned();
    let change = Change::EditPolicy { organization: org(), expected, put, remove, reason };
    life.gate.write(&caller(), &life.world.clock, change).unwrap();
}

fn verified(life: &Life) {
    life.gate.read(|reader| reader.ledger_verify("acme").map(drop)).unwrap();
}

#[test]
fn a_crash_while_it_is_open_goes_on_in_the_same_boot_and_is_closed_after_a_reboot() {
    let mut life = Life::new();
    let request = life.opened(wanted());
    life.restart();
    assert!(life.is_relaxed(), "the process alone was started anew");
    life.world.clock.boot_id = Some("boot-2".into());
    life.world.clock.boot_clock = Some(Span::seconds(20));
    life.restart();
    assert!(!life.is_relaxed());
    life.sweep();
    assert_eq!(closed(&life, &request).cause, ClosedBy::Safety);
    verified(&life);
}

#[test]
fn a_server_that_was_down_past_the_end_enforces_first_and_writes_the_end_afterwards() {
    let mut life = Life::new();
    let request = life.opened(wanted());
    assert!(life.is_relaxed());
    life.world.later(Span::minutes(90));
    life.restart();
    assert!(!life.is_relaxed(), "before anybody wrote the end");
    life.sweep();
    assert_eq!(life.settle(), 1);
    let end = closed(&life, &request);
    let at = (START.plus(Span::minutes(30)), START.plus(Span::minutes(90)));
    assert_eq!((end.cause, end.at, end.recorded), (ClosedBy::Deadline, at.0, at.1));
    assert_eq!(life.kept(&request.id).request.state, State::Reported);
}

#[test]
fn a_clock_set_backward_closes_the_window_and_opens_none_until_it_is_confirmed() {
    let mut life = Life::new();
    let request = life.opened(wanted());
    let mut next = life.backed_up(elsewhere());
    life.approve("bob", &mut next).unwrap();
    life.world.clock.wall = START.plus(Span::minutes(-10));
    assert!(!life.is_relaxed());
    life.sweep();
    assert_eq!(closed(&life, &request).cause, ClosedBy::Safety);
    assert!(life.open("ann", &mut next).is_err(), "nothing opens by a clock that is not right");
    life.world.clock.wall = START.plus(MINUTE);
    life.gate.refresh(&life.world.clock).unwrap();
    assert!(!life.is_relaxed(), "it came back with the clock");
    life.open("ann", &mut next).unwrap();
}

#[test]
fn settings_that_ask_for_more_hold_when_the_clock_is_set_to_before_they_were_made() {
    let mut life = Life::new();
    let mut settings = SwitchSettings::default();
    settings.approvals.usual = ApprovalPolicy::SomeOf { count: 2, among: [].into() };
    life.later(Span::minutes(60));
    let (expected, at_once, reason) = (0, false, "two of us".to_owned());
    let change = SwitchChange { organization: org(), settings, expected, at_once, reason };
    life.change_switch(change).unwrap();
    life.later(Span::minutes(-30));
    let confirm = Change::ConfirmClock { reason: "radio clock".into() };
    life.gate.write(&caller(), &life.world.clock, confirm).unwrap();
    life.gate.refresh(&life.world.clock).unwrap();
    let mut request = life.backed_up(wanted());
    life.approve("bob", &mut request).unwrap();
    assert_eq!(request.state, State::BackedUp, "one of two");
}

/// Off for what nobody has: for a request that is beside the others.
fn elsewhere() -> Wanted {
    let mut other = wanted();
    let OverlayEffect::Suspension { scope, .. } = &mut other.effect else { panic!() };
    scope.actions = [Action::Edit].into();
    other
}

#[test]
fn a_clock_set_forward_closes_early_says_so_and_never_opens_again() {
    let mut life = Life::new();
    let request = life.opened(wanted());
    life.world.clock.wall = START.plus(Span::minutes(45));
    assert!(!life.is_relaxed());
    life.sweep();
    life.world.clock.wall = START.plus(MINUTE);
    life.gate.refresh(&life.world.clock).unwrap();
    assert!(!life.is_relaxed());
    let end = closed(&life, &request);
    assert_eq!(end.cause, ClosedBy::Safety);
    assert!(end.words.contains("change of the clock"), "{}", end.words);
}

#[test]
fn a_paused_machine_ends_a_window_whichever_clock_moved() {
    // Both went on: past the end. The wall clock alone, the boot clock alone: they do not move alike.
    for (wall, boot, why) in
        [(40, 40, ClosedBy::Deadline), (10, 0, ClosedBy::Safety), (0, 10, ClosedBy::Safety)]
    {
        let mut life = Life::new();
        let request = life.opened(wanted());
        let clock = &mut life.world.clock;
        clock.wall = clock.wall.plus(Span::minutes(wall));
        clock.boot_clock = clock.boot_clock.map(|at| Span(at.0 + Span::minutes(boot).0));
        // The view that the machine slept on is not asked first.
        assert!(!life.is_relaxed(), "wall {wall}, boot {boot}");
        life.gate.refresh(&life.world.clock).unwrap();
        assert!(!life.is_relaxed(), "wall {wall}, boot {boot}");
        life.sweep();
        assert_eq!(closed(&life, &request).cause, why, "wall {wall}, boot {boot}");
    }
}

fn race<T: Send>(one: impl FnOnce() -> T + Send, other: impl FnOnce() -> T + Send) -> (T, T) {
    let together = Barrier::new(2);
    std::thread::scope(|scope| {
        let one = scope.spawn(|| {
            together.wait();
            one()
        });
        let other = scope.spawn(|| {
            together.wait();
            other()
        });
        (one.join().unwrap(), other.join().unwrap())
    })
}

fn open_at(
    gate: &Gate,
    call: &WindowCall,
    request: &WindowRequest,
) -> Result<WindowRequest, WindowFault> {
    gate.open_window(call, (&request.id, request.version))
}

#[test]
fn of_two_administrators_who_open_at_once_the_second_has_to_have_seen_the_first() {
    for _ in 0..4 {
        let mut life = Life::new();
        let mut requests = [life.backed_up(wanted()), life.backed_up(wanted())];
        for request in &mut requests {
            life.approve("bob", request).unwrap();
        }
        let other = life.world.another_gate();
        let (ann, dan) = (life.call("ann"), life.call("dan"));
        let (one, two) = race(
            || open_at(&life.gate, &ann, &requests[0]),
            || open_at(&other, &dan, &requests[1]),
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        let refused = one.err().or(two.err()).unwrap();
        assert_eq!(rule::<()>(Err(refused)), "overlap_unseen");
        let rows = life.gate.read(|reader| reader.overlay_rows(&org())).unwrap();
        assert_eq!(rows.len(), 1);
        verified(&life);
    }
}

#[test]
fn closing_wins_over_an_extension_whichever_comes_first() {
    for _ in 0..4 {
        let mut life = Life::new();
        let first = life.opened(wanted());
        let mut longer = life.backed_up(Wanted { extends: Some(first.overlay()), ..lasting(60) });
        life.approve("bob", &mut longer).unwrap();
        let other = life.world.another_gate();
        let (ann, cai) = (life.call("ann"), life.call("cai"));
        let (opened, ended) = race(
            || open_at(&other, &ann, &longer).is_ok(),
            || life.gate.close_window(&cai, &first.id, "enough").is_ok(),
        );
        assert!(ended, "closing is never refused, extended: {opened}");
        life.gate.refresh(&life.world.clock).unwrap();
        assert!(!life.is_relaxed(), "extended: {opened}");
        assert_eq!(life.kept(&longer.id).request.closed.is_some(), opened);
        verified(&life);
    }
}

#[test]
fn the_end_of_an_earlier_window_does_nothing_to_a_later_one() {
    let mut life = Life::new();
    let early = life.opened(wanted());
    life.later(Span::minutes(5));
    life.close("bob", &early).unwrap();
    life.later(MINUTE);
    let late = life.opened(lasting(50));
    // When the first would have ended.
    life.later(Span::minutes(15));
    assert!(life.is_relaxed());
    life.later(Span::minutes(10));
    life.sweep();
    assert!(life.is_relaxed());
    assert_eq!(rule(life.close("bob", &early)), "already_closed");
    assert!(life.is_relaxed());
    life.later(Span::minutes(25));
    assert!(!life.is_relaxed());
    life.sweep();
    assert_eq!(closed(&life, &early).cause, ClosedBy::Hand);
    assert_eq!(closed(&life, &late).cause, ClosedBy::Deadline);
}

#[test]
fn a_node_whose_clock_is_off_ends_a_window_early_and_never_late() {
    for skew in [-300, -3, 3, 300] {
        let mut life = Life::new();
        life.opened(wanted());
        let other = life.world.another_gate();
        let right = life.world.clock.clone();
        life.world.clock.wall = right.wall.plus(Span::seconds(skew));
        let there = std::mem::replace(&mut life.gate, other);
        life.gate.refresh(&life.world.clock).unwrap();
        assert!(!life.is_relaxed(), "{skew} s off");
        life.gate = there;
        life.world.clock = right;
        // And by a little that nobody notices: the boot clock holds the length.
        life.later(Span::minutes(30));
        life.world.clock.wall = life.world.clock.wall.plus(Span::seconds(-1));
        assert!(!life.is_relaxed(), "past its length by the boot clock");
    }
}

#[test]
fn where_the_ledger_cannot_be_written_nothing_is_relaxed_and_lawful_work_goes_on() {
    let mut life = Life::new();
    let request = life.opened(wanted());
    assert!(life.is_relaxed());
    life.world.tamper(
        "CREATE TRIGGER no_more BEFORE INSERT ON ledger BEGIN SELECT raise(ABORT, 'no'); END",
    );
    assert!(!life.is_relaxed());
    let by_policy = crate::gates::decide(&life.world, &life.gate, "anna");
    assert!(matches!(by_policy, guan_engine::answer::Decision::Allow { .. }), "{by_policy:?}");
    life.close("bob", &request).unwrap_err();
    life.later(Span::minutes(31));
    life.world.tamper("SELECT 1");
    life.restart();
    life.sweep();
    assert_eq!(closed(&life, &request).cause, ClosedBy::Deadline);
    verified(&life);
}

#[test]
fn where_the_file_of_the_ledger_is_removed_underneath_nothing_is_relaxed() {
    let mut life = Life::new();
    // It is about the file.
    if life.world.is_on_server() {
        return;
    }
    life.opened(wanted());
    let other = life.world.another_gate();
    other.view(&org()).unwrap();
    assert!(life.is_relaxed());
    for name in ["guan.db", "guan.db-wal", "guan.db-shm"] {
        std::fs::rename(
            life.world.path().join(name),
            life.world.path().join(format!("{name}.old")),
        )
        .unwrap();
    }
    // What is written now is in no file that anybody finds.
    assert!(!life.is_relaxed(), "at the gate that asked before");
    let put = crate::world::account("a-4");
    let change = Change::PutRecords { organization: org(), records: vec![put], under: None };
    let refused = life.gate.write(&caller(), &life.world.clock, change).unwrap_err();
    assert!(refused.to_string().contains("taken away"), "{refused}");
    life.gate = other;
    assert!(!life.is_relaxed(), "at a gate that saw it open");
}

#[test]
fn receivers_that_are_down_are_told_in_order_later_and_past_a_limit_no_window_opens() {
    let mut life = Life::new();
    life.gate.keep_receivers(&life.world.clock, &["hook".to_owned()]).unwrap();
    let request = life.opened(wanted());
    let next = |life: &Life| life.gate.next_notice(&life.world.clock, "hook").unwrap();
    let notice = next(&life).unwrap();
    let first = ("hook", &notice);
    life.gate.note_notice(&life.world.clock, first, Some("no route")).unwrap();
    life.close("bob", &request).unwrap();
    life.later(Span::minutes(2));
    let lag = life.gate.read(|reader| reader.notice_lag(&org())).unwrap().remove(0);
    assert_eq!((lag.failures, lag.error.as_str()), (1, "no route"));
    assert!(lag.waiting >= 2);
    assert_eq!(next(&life).unwrap(), notice, "the same again, before any later one");
    life.gate.note_notice(&life.world.clock, first, Some("no route")).unwrap();
    life.later(Span::minutes(24 * 60));
    let mut late = life.backed_up(wanted());
    life.approve("bob", &mut late).unwrap();
    let WindowFault::Rule(refused) = life.open("ann", &mut late).unwrap_err() else { panic!() };
    assert_eq!(refused.code(), "hindered");
    while let Some(notice) = next(&life) {
        life.gate.note_notice(&life.world.clock, ("hook", &notice), None).unwrap();
    }
    life.open("ann", &mut late).unwrap();
}

#[test]
fn a_forgotten_window_is_reminded_of_and_ends() {
    let mut life = Life::new();
    life.opened(lasting(40));
    let mut told = Vec::new();
    for _ in 0..8 {
        life.later(Span::minutes(5));
        // It is used, or it would be closed before.
        life.is_relaxed();
        life.gate.remind(&life.world.clock).unwrap();
        let notices = life.gate.read(|reader| reader.notices(&org(), 0)).unwrap();
        told = notices.into_iter().map(|notice| (notice.kind, notice.at)).collect();
    }
    assert!(!life.is_relaxed());
    for (kind, minutes) in [("half_time", 20), ("five_minutes_left", 35)] {
        let at = START.plus(Span::minutes(minutes));
        assert_eq!(told.iter().filter(|(told, _)| told == kind).count(), 1, "{told:?}");
        assert!(told.contains(&(kind.to_owned(), at)), "{told:?}");
    }
}

#[test]
fn overlapping_windows_end_each_on_its_own_and_the_latest_end_is_shown() {
    let mut life = Life::new();
    let short = life.opened(lasting(20));
    let long = life.opened(lasting(40));
    assert_eq!(shown_end(&life), Some(START.plus(Span::minutes(40))));
    life.later(Span::minutes(5));
    life.close("bob", &short).unwrap();
    assert!(life.is_relaxed(), "the other one goes on");
    assert_eq!(shown_end(&life), Some(START.plus(Span::minutes(40))));
    let third = life.opened(lasting(10));
    life.close("bob", &long).unwrap();
    assert!(life.is_relaxed());
    assert_eq!(shown_end(&life), Some(START.plus(Span::minutes(15))));
    life.later(Span::minutes(10));
    assert!(!life.is_relaxed());
    assert_eq!(shown_end(&life), None);
    life.sweep();
    assert_eq!(closed(&life, &third).cause, ClosedBy::Deadline);
}

#[test]
fn a_wider_window_inside_a_narrow_one_needs_its_own_preview_and_approval_and_keeps_the_floor() {
    let mut life = Life::new();
    let mut wide = wanted();
    let OverlayEffect::Suspension { scope, .. } = &mut wide.effect else { panic!() };
    *scope = SuspensionScope::default();
    let mut early = life.backed_up(wide.clone());
    for by in ["bob", "cai"] {
        life.approve(by, &mut early).unwrap();
    }
    let narrow = life.opened(wanted());
    assert_eq!(rule(life.open("ann", &mut early)), "overlap_unseen");
    let mut request = life.backed_up(wide);
    assert!(request.preview.as_ref().unwrap().overlapping.contains(&narrow.overlay()));
    assert_eq!(request.state, State::BackedUp, "nobody agreed to it yet");
    assert_eq!(rule(life.open("ann", &mut request)), "not_in_state");
    life.approve("bob", &mut request).unwrap();
    assert_eq!(rule(life.open("ann", &mut request)), "not_in_state");
    life.approve("cai", &mut request).unwrap();
    life.open("ann", &mut request).unwrap();
    let asking = guan_store::Asking {
        viewer: None,
        caller: caller(),
        organization: org(),
        subject: "bo".into(),
        address: None,
        clock: life.world.clock.clone(),
    };
    let bulk = life.gate.export_records(&asking, &guan_store::RecordQuery::first("Account", 10));
    assert!(bulk.is_err(), "exports are of the floor");
    life.close("bob", &request).unwrap();
    assert!(life.is_relaxed(), "the narrow one goes on");
}

#[test]
fn a_user_a_set_or_a_rule_that_goes_during_a_window_narrows_it() {
    let mut life = Life::new();
    let effect = OverlayEffect::Elevation { set: "set:reader".parse().unwrap() };
    let audience = Audience { users: [Principal::User("bo".into())].into(), networks: vec![] };
    let given = life.opened(Wanted::new(effect, audience, "month end"));
    let is_allowed = |life: &Life, user| {
        let decision = crate::gates::decide(&life.world, &life.gate, user);
        matches!(
            decision,
            guan_engine::answer::Decision::Allow { .. }
                | guan_engine::answer::Decision::Relaxed { .. }
        )
    };
    assert!(is_allowed(&life, "bo"));
    edit(&life, vec![], &[(EntityKind::Assignment, "as-1"), (EntityKind::Set, "reader")]);
    assert!(!is_allowed(&life, "bo"), "the set is gone, so nobody holds it");
    life.close("bob", &given).unwrap();
    let mut life = Life::new();
    life.opened(wanted());
    assert!(is_allowed(&life, "bo"));
    edit(&life, vec![], &[(EntityKind::User, "bo")]);
    assert!(!is_allowed(&life, "bo"), "the user is gone");
    let mut life = Life::new();
    let what = Disabled::Assignment("as-1".into());
    let off = OverlayEffect::Disablement { what };
    let disabled = life.opened(Wanted::new(off, Audience::default(), "clean up"));
    assert!(!is_allowed(&life, "anna"));
    edit(&life, vec![], &[(EntityKind::Assignment, "as-1")]);
    assert!(!is_allowed(&life, "anna"));
    life.close("bob", &disabled).unwrap();
    assert!(!is_allowed(&life, "anna"), "closing gives nothing back that is gone");
}

#[test]
fn an_edit_in_the_scope_waits_for_the_end_of_the_window() {
    let mut life = Life::new();
    let request = life.opened(wanted());
    let keep = guan_store::EditToKeep {
        id: "e-1".into(),
        expected: 3,
        put: vec![crate::waiting::rename_object("Firm")],
        remove: vec![],
        reason: "tidying".into(),
        authority: None,
    };
    let change = WaitingChange::Keep(Box::new(keep));
    let change = Change::ChangeWaiting { organization: org(), change };
    life.gate.write(&caller(), &life.world.clock, change).unwrap();
    let name = |life: &Life| {
        life.gate.read(|reader| reader.policy(&org())).unwrap().1.objects["Account"].name.clone()
    };
    assert_eq!(name(&life), "");
    life.close("bob", &request).unwrap();
    assert_eq!(name(&life), "Firm");
    life.settle();
    let report = life.gate.window_report(&org(), &life.world.clock, &request.id).unwrap();
    assert!(report.window.unwrap().policy.unchanged, "while it was open");
}

#[test]
fn an_approver_who_left_counts_for_nothing_also_after_another_preview() {
    let mut life = Life::new();
    let mut request = life.backed_up(wanted());
    life.approve("bob", &mut request).unwrap();
    edit(&life, vec![], &[(EntityKind::Assignment, "guan-bob")]);
    assert_eq!(rule(life.open("ann", &mut request)), "policy_changed");
    request = life.kept(&request.id).request;
    life.preview("ann", &mut request).unwrap();
    life.back_up("ann", &mut request).unwrap();
    assert_eq!(rule(life.open("ann", &mut request)), "not_in_state");
    assert_eq!(rule(life.approve("bob", &mut request)), "approval_does_not_count");
    life.approve("cai", &mut request).unwrap();
    life.open("ann", &mut request).unwrap();
    assert!(life.is_relaxed());
}

#[test]
fn a_backup_that_was_damaged_after_the_approval_opens_nothing() {
    for (damage, named) in [("remove", "backup_elsewhere"), ("shorten", "backup_not_verified")] {
        let mut life = Life::new();
        let mut request = life.backed_up(wanted());
        life.approve("bob", &mut request).unwrap();
        let folder = life.world.path().join("backups").join(&request.backup.as_ref().unwrap().name);
        if damage == "remove" {
            std::fs::remove_dir_all(&folder).unwrap();
        } else {
            let files = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
            let largest = files.max_by_key(|file| file.metadata().unwrap().len()).unwrap();
            let length = largest.metadata().unwrap().len();
            let file = std::fs::OpenOptions::new().write(true).open(largest).unwrap();
            file.set_len(length - 1).unwrap();
        }
        assert_eq!(rule(life.open("ann", &mut request)), named);
        assert!(!life.is_relaxed(), "{damage}");
        let rows = life.gate.read(|reader| reader.overlay_rows(&org())).unwrap();
        assert!(rows.is_empty(), "{damage}");
    }
}

#[test]
fn what_is_not_refused_again_after_the_end_is_found_by_the_self_test() {
    let mut life = Life::new();
    let request = life.opened(wanted());
    assert!(life.is_relaxed());
    life.close("bob", &request).unwrap();
    let also = Assignment::new("set:reader".parse().unwrap(), Principal::User("bo".into()));
    edit(&life, vec![Entity::new(EntityKind::Assignment, "as-2", &also).unwrap()], &[]);
    life.settle();
    let report = life.gate.window_report(&org(), &life.world.clock, &request.id).unwrap();
    let tested = report.self_test.unwrap();
    assert_eq!((tested.asked, tested.refused), (1, 0));
    assert_eq!(tested.still_allowed[0].user, "bo");
}

#[test]
fn an_older_copy_of_the_database_voids_requests_and_windows_alike() {
    let mut life = Life::new();
    if life.world.is_on_server() {
        return;
    }
    let request = life.opened(wanted());
    let mut approved = life.backed_up(elsewhere());
    life.approve("bob", &mut approved).unwrap();
    let copy = tempfile::TempDir::new().unwrap();
    life.restart();
    let files = ["guan.db", "guan.db-wal"];
    for name in files {
        let from = life.world.path().join(name);
        if from.exists() {
            std::fs::copy(from, copy.path().join(name)).unwrap();
        }
    }
    life.close("bob", &request).unwrap();
    life.is_relaxed();
    let empty = crate::world::empty().gate();
    drop(std::mem::replace(&mut life.gate, empty));
    for name in files {
        let (from, to) = (copy.path().join(name), life.world.path().join(name));
        let _gone = std::fs::remove_file(&to);
        if from.exists() {
            std::fs::copy(from, to).unwrap();
        }
    }
    let _gone = std::fs::remove_file(life.world.path().join("guan.db-shm"));
    life.world.restart();
    life.gate = life.world.gate();
    assert!(!life.is_relaxed(), "it was closed after the copy");
    assert!(life.open("ann", &mut approved).is_err(), "safe mode, another incarnation");
    let acknowledge = Change::AcknowledgeSafeMode { reason: "looked into it".into() };
    life.gate.write(&caller(), &life.world.clock, acknowledge).unwrap();
    let mut approved = life.kept(&approved.id).request;
    assert_eq!(rule(life.open("ann", &mut approved)), "other_incarnation");
    assert!(!life.is_relaxed());
}

#[test]
fn every_step_of_a_request_leaves_exactly_one_row() {
    let mut life = Life::new();
    let size =
        |life: &Life| life.gate.read(|reader| reader.ledger_tip("acme")).unwrap().unwrap().size;
    let mut request = life.draft("ann", wanted()).unwrap();
    let begun = size(&life);
    life.preview("ann", &mut request).unwrap();
    life.back_up("ann", &mut request).unwrap();
    life.approve("bob", &mut request).unwrap();
    life.open("ann", &mut request).unwrap();
    assert_eq!(size(&life) - begun, 4);
    let call = life.call("bob");
    let mode = PreviewMode::Exact;
    let late = life.gate.preview_request(&call, (&request.id, request.version), mode, &|_| {});
    assert_eq!(rule(late), "not_in_state");
    assert_eq!(size(&life) - begun, 4, "what is refused leaves none");
    let overlay = request.overlay();
    life.close("bob", &request).unwrap();
    let end = life.gate.read(|reader| reader.report(&org(), &overlay, &life.world.clock));
    assert!(matches!(end.unwrap().end, End::Closed(_)));
    let rows = life.gate.read(|reader| reader.ledger_rows("acme", begun..size(&life))).unwrap();
    let kinds = rows.iter().map(|row| guan_ledger::Entry::from_bytes(&row.bytes).unwrap().kind);
    assert_eq!(kinds.filter(|kind| *kind == Kind::OverlayOpened).count(), 1);
}
