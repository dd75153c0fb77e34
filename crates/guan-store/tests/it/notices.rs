//! What administrators hear of windows: every step that somebody has to know of, as often as it happens, and no longer than needed.

use guan_engine::lifecycle::{Event, Hindrance, Urgency, Wanted};
use guan_engine::model::{Assignment, Principal, Span};
use guan_ledger::{Entry, Kind};
use guan_store::{Change, Entity, EntityKind, WindowFault};

use crate::life::{Life, wanted};
use crate::waiting::{keep, rename_object};
use crate::world::{caller, org, world};

const DAY: Span = Span::minutes(24 * 60);

/// Everything that is in the outbox: what, and the cause.
fn told(life: &Life) -> Vec<(String, Option<String>)> {
    let notices = life.gate.read(|reader| reader.notices(&org(), 0)).unwrap();
    notices.into_iter().map(|notice| (notice.kind, notice.cause)).collect()
}

fn kinds(life: &Life) -> Vec<String> {
    told(life).into_iter().map(|(kind, _)| kind).collect()
}

fn urgent() -> Wanted {
    Wanted { urgency: Urgency::Emergency, ..wanted() }
}

/// The receiver is tried and is not there, and a day passes.
fn silent_for_a_day(life: &mut Life, receiver: &str) {
    let notice = life.gate.next_notice(&life.world.clock, receiver).unwrap().unwrap();
    let failed = (receiver, &notice);
    life.gate.note_notice(&life.world.clock, failed, Some("no route")).unwrap();
    life.later(DAY);
}

#[test]
fn every_step_that_somebody_has_to_know_of_is_told_as_often_as_it_happens() {
    let mut life = Life::new();
    let mut request = life.backed_up(wanted());
    assert_eq!(kinds(&life), ["approval_wanted"]);
    let waits = life.gate.read(|reader| reader.notices(&org(), 0)).unwrap().remove(0);
    assert_eq!((waits.starts, waits.ends), (None, None), "it has not opened");
    assert_eq!(waits.overlay, request.overlay());
    // What is asked for is another thing now, so they are asked again.
    let event = Event::Edit(Box::new(Wanted { reason: "cleaning up more".into(), ..wanted() }));
    life.step("ann", &mut request, event).unwrap();
    life.preview("ann", &mut request).unwrap();
    life.back_up("ann", &mut request).unwrap();
    life.approve("bob", &mut request).unwrap();
    life.open("ann", &mut request).unwrap();
    assert!(life.is_relaxed());
    life.close("bob", &request).unwrap();
    life.settle();
    assert_eq!(
        kinds(&life),
        ["approval_wanted", "approval_wanted", "approved", "opened", "closed", "review_wanted"]
    );
    let mut refused = life.backed_up(wanted());
    life.step("bob", &mut refused, Event::Refuse { words: "not now".into() }).unwrap();
    let mut withdrawn = life.backed_up(wanted());
    life.step("ann", &mut withdrawn, Event::Withdraw { words: "done by hand".into() }).unwrap();
    life.backed_up(wanted());
    life.later(DAY);
    life.settle();
    let asked = || ("approval_wanted".to_owned(), None);
    assert_eq!(
        told(&life)[6..],
        [
            asked(),
            ("refused".to_owned(), None),
            asked(),
            ("refused".to_owned(), Some("withdrawn".to_owned())),
            asked(),
            ("expired".to_owned(), None),
        ]
    );
}

#[test]
fn a_self_test_that_fails_is_told_before_the_review_is_asked_for() {
    let mut life = Life::new();
    let request = life.opened(wanted());
    assert!(life.is_relaxed());
    life.close("bob", &request).unwrap();
    let also = Assignment::new("set:reader".parse().unwrap(), Principal::User("bo".into()));
    let change = Change::EditPolicy {
        organization: org(),
        expected: life.gate.read(|reader| reader.current_revision(&org())).unwrap(),
        put: vec![Entity::new(EntityKind::Assignment, "as-2", &also).unwrap()],
        remove: vec![],
        reason: "meanwhile".into(),
    };
    life.gate.write(&caller(), &life.world.clock, change).unwrap();
    life.settle();
    assert!(kinds(&life).ends_with(&["self_test_failed".to_owned(), "review_wanted".to_owned()]));
}

#[test]
fn an_edit_that_a_person_has_to_look_at_is_told_under_the_window_that_held_it() {
    let mut world = world();
    let overlay = world.open_window().id;
    world.write(&keep("e-1", rename_object("Firm")));
    world.write(&keep("e-2", rename_object("Company")));
    let clock = world.clock.clone();
    world.store().close_overlay(&caller(), &clock, &org(), &overlay, "done").unwrap();
    let notices = world.store().notices(&org(), 0).unwrap();
    let kinds: Vec<&str> = notices.iter().map(|notice| notice.kind.as_str()).collect();
    assert_eq!(kinds, ["opened", "closed", "conflict_waits"]);
    assert!(notices.iter().all(|notice| notice.overlay == overlay));
}

#[test]
fn where_a_receiver_is_silent_for_a_day_an_emergency_opens_and_says_so_and_nothing_else_does() {
    let mut life = Life::new();
    life.gate.keep_receivers(&life.world.clock, &["hook".to_owned()]).unwrap();
    let earlier = life.opened(wanted());
    life.close("bob", &earlier).unwrap();
    silent_for_a_day(&mut life, "hook");
    let mut usual = life.backed_up(wanted());
    life.approve("bob", &mut usual).unwrap();
    let WindowFault::Rule(refused) = life.open("ann", &mut usual).unwrap_err() else { panic!() };
    assert_eq!(refused.code(), "hindered");
    assert!(refused.to_string().contains("receiver of notices"), "{refused}");
    let request = life.backed_up(urgent());
    let mut call = life.call("ann");
    call.stepped_up = Some(life.now());
    let request = life.gate.open_window(&call, (&request.id, request.version)).unwrap();
    assert!(life.is_relaxed());
    let notices = told(&life);
    let notice = notices.iter().find(|(kind, _)| kind == "emergency_opened").unwrap();
    assert_eq!(notice.1.as_deref(), Some("notices_behind"));
    let tip = life.gate.read(|reader| reader.ledger_tip("acme")).unwrap().unwrap().size;
    let rows = life.gate.read(|reader| reader.ledger_rows("acme", 0..tip)).unwrap();
    let rows = rows.iter().map(|row| Entry::from_bytes(&row.bytes).unwrap());
    let opened = rows.rev().find(|entry| entry.kind == Kind::OverlayOpened).unwrap();
    assert_eq!(opened.result.unwrap().error_class.as_deref(), Some("notices_behind"));
    let report = life.gate.window_report(&org(), &life.world.clock, &request.id).unwrap();
    let timeline = &report.window.as_ref().unwrap().timeline;
    let words = timeline.iter().filter_map(|event| event.words.as_deref());
    assert!(words.into_iter().any(|words| words.contains("in spite of notices_behind")));
    assert_eq!(report.request.opened.unwrap().in_spite_of, [Hindrance::NoticesBehind].into());
}

#[test]
fn a_receiver_that_is_taken_out_of_the_settings_is_in_the_ledger_and_holds_up_nobody() {
    let mut life = Life::new();
    let all = ["hook".to_owned(), "mail".to_owned()];
    life.gate.keep_receivers(&life.world.clock, &all).unwrap();
    let earlier = life.opened(wanted());
    life.close("bob", &earlier).unwrap();
    silent_for_a_day(&mut life, "hook");
    let mut request = life.backed_up(wanted());
    life.approve("bob", &mut request).unwrap();
    life.open("ann", &mut request).unwrap_err();
    let before = life.gate.read(|reader| reader.ledger_tip("acme")).unwrap().unwrap().size;
    let by = (&caller(), &life.world.clock);
    life.gate.forget_receivers(by, &all[1..]).unwrap();
    life.gate.forget_receivers(by, &all[1..]).unwrap();
    let after = life.gate.read(|reader| reader.ledger_tip("acme")).unwrap().unwrap().size;
    assert_eq!(after, before + 1, "one row, and none where nothing is forgotten");
    let row = life.gate.read(|reader| reader.ledger_rows("acme", before..after)).unwrap().remove(0);
    let entry = Entry::from_bytes(&row.bytes).unwrap();
    assert_eq!(
        (entry.kind, entry.what.operation.as_str()),
        (Kind::SettingChanged, "forget_receivers")
    );
    let words = entry.what.purpose.unwrap();
    assert!(words.contains("`hook`") && !words.contains("`mail`"), "{words}");
    let lag = life.gate.read(|reader| reader.notice_lag(&org())).unwrap();
    assert_eq!(lag.len(), 1);
    life.open("ann", &mut request).unwrap();
}

#[test]
fn what_every_receiver_has_taken_is_kept_for_90_days_and_what_one_has_not_for_ever() {
    let mut life = Life::new();
    let all = ["hook".to_owned(), "mail".to_owned()];
    life.gate.keep_receivers(&life.world.clock, &all).unwrap();
    let request = life.opened(wanted());
    life.close("bob", &request).unwrap();
    let take = |life: &Life, receiver: &str, most: usize| {
        for _ in 0..most {
            let Some(notice) = life.gate.next_notice(&life.world.clock, receiver).unwrap() else {
                break;
            };
            life.gate.note_notice(&life.world.clock, (receiver, &notice), None).unwrap();
        }
    };
    take(&life, "hook", usize::MAX);
    take(&life, "mail", 1);
    let before = told(&life);
    life.later(Span(90 * DAY.0));
    life.gate.remind(&life.world.clock).unwrap();
    assert_eq!(told(&life), before, "not a moment too early");
    life.later(Span::minutes(1));
    life.gate.remind(&life.world.clock).unwrap();
    assert_eq!(told(&life), before[1..], "mail has taken one");
    take(&life, "mail", usize::MAX);
    life.gate.remind(&life.world.clock).unwrap();
    assert_eq!(told(&life), before[before.len() - 1..], "the last one carries the number on");
    life.backed_up(wanted());
    let notices = life.gate.read(|reader| reader.notices(&org(), 0)).unwrap();
    let numbers: Vec<u64> = notices.iter().map(|notice| notice.number).collect();
    assert_eq!(numbers, [before.len() as u64, before.len() as u64 + 1]);
    assert!(life.gate.next_notice(&life.world.clock, "hook").unwrap().is_some());
}

#[test]
fn those_whose_approval_would_count_are_told_by_mail() {
    let mut life = Life::new();
    let mut request = life.backed_up(wanted());
    let mail = |life: &Life, overlay| {
        life.gate.mail_of_approvers(&life.world.clock, &org(), overlay).unwrap()
    };
    let overlay = request.overlay();
    // Neither the author nor the author's other account.
    let others = ["bob@acme.example", "cai@acme.example", "dan@acme.example"];
    assert_eq!(mail(&life, &overlay), others.map(str::to_owned).into());
    life.approve("bob", &mut request).unwrap();
    life.open("ann", &mut request).unwrap();
    assert!(mail(&life, &overlay).is_empty(), "nothing is left to approve");
}
