//! The gate of one process: decided under overlays, recorded before the answer, followed in place.

use guan_engine::answer::{Decision, Refusal};
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{Action, Principal, RecordKey, Span, User};
use guan_engine::question::ListQuery;
use guan_ledger::Kind;
use guan_store::{Answer, Change, Entity, EntityKind, Gate, Recording, Store};

use crate::world::{World, account, caller, check, org, world};

fn ask(world: &World, gate: &Gate, subject: &str, recording: Recording) -> Answer {
    let session = Session::new("acme", subject, world.clock.wall);
    let target = Target::Record(RecordKey::new("Account", "a-1"));
    let request = Request::new(session, Action::Read, target);
    gate.decide(&caller(), &world.clock, &request, recording, check).unwrap()
}

#[test]
fn what_a_window_relaxes_is_recorded_before_it_is_answered() {
    let mut world = world();
    let opened = world.open_window();
    let gate = world.gate();
    let answer = ask(&world, &gate, "bo", Recording::WouldDenies);
    let Decision::Relaxed { overlay, refusal } = &answer.decision else { panic!("{answer:?}") };
    assert_eq!((overlay, refusal), (&opened.id, &Refusal::NoGrant));
    let report = world.report(&gate, &opened);
    assert_eq!(report.would_denies.total, 1);
    assert_eq!(report.would_denies.rows[0].sequence, answer.sequence.unwrap());
    assert_eq!(report.would_denies.users["bo"], 1);
    assert_eq!(report.would_denies.refusals["no_grant"], 1);
    world.later(Span::minutes(30));
    let answer = ask(&world, &gate, "bo", Recording::WouldDenies);
    assert_eq!(answer.decision, Decision::Deny { refusal: Refusal::NoGrant });
}

#[test]
fn a_would_deny_that_cannot_be_recorded_is_a_denial() {
    let mut world = world();
    world.open_window();
    let gate = world.gate();
    gate.view(&org()).unwrap();
    // Only appending fails: everything can still be read.
    world.tamper(
        "CREATE TRIGGER no_more BEFORE INSERT ON ledger BEGIN SELECT raise(ABORT, 'no'); END",
    );
    let answer = ask(&world, &gate, "bo", Recording::WouldDenies);
    assert_eq!(answer.decision, Decision::Deny { refusal: Refusal::NoGrant });
    assert!(answer.sequence.is_none() && answer.unrecorded.is_some());
}

#[test]
fn denials_are_recorded_when_wanted_and_permitted_answers_never() {
    let mut world = world();
    let gate = world.gate();
    assert_eq!(ask(&world, &gate, "bo", Recording::WouldDenies).sequence, None);
    assert_eq!(ask(&world, &gate, "anna", Recording::Denials).sequence, None);
    let sequence = ask(&world, &gate, "bo", Recording::Denials).sequence.unwrap();
    let rows = gate.read(|reader| reader.ledger_rows("acme", sequence..sequence + 1)).unwrap();
    let entry = guan_ledger::Entry::from_bytes(&rows[0].bytes).unwrap();
    assert_eq!(entry.kind, Kind::DecisionDenied);
    assert_eq!(entry.who.on_behalf_of.as_deref(), Some("bo"));
    assert_eq!(entry.what.record.as_deref(), Some("a-1"));
    assert_eq!(entry.decision.unwrap().stage.as_deref(), Some("verb"));
}

#[test]
fn memory_alone_answers_what_nothing_has_to_be_written_for() {
    let mut world = world();
    world.open_window();
    let gate = world.gate();
    let in_memory = |world: &World, subject: &str, recording| {
        let session = Session::new("acme", subject, world.clock.wall);
        let target = Target::Record(RecordKey::new("Account", "a-1"));
        let request = Request::new(session, Action::Read, target);
        gate.decide_in_memory(&world.clock, &request, recording, check)
    };
    assert_eq!(in_memory(&world, "anna", Recording::WouldDenies), None, "nothing is loaded yet");
    gate.view(&org()).unwrap();
    let allowed = in_memory(&world, "anna", Recording::Denials).unwrap();
    assert!(matches!(allowed, Decision::Allow { .. }), "{allowed:?}");
    assert_eq!(in_memory(&world, "bo", Recording::WouldDenies), None, "a would-deny is recorded");
    world.later(Span::minutes(30));
    let refused = in_memory(&world, "bo", Recording::WouldDenies);
    assert_eq!(refused, Some(Decision::Deny { refusal: Refusal::NoGrant }));
    assert_eq!(
        in_memory(&world, "bo", Recording::Denials),
        None,
        "a denial that is to be recorded"
    );
}

#[test]
fn an_alarm_is_met_before_memory_alone_answers() {
    let mut world = world();
    world.open_window();
    let gate = world.gate();
    gate.view(&org()).unwrap();
    world.clock.boot_id = Some("another boot".into());
    let session = Session::new("acme", "anna", world.clock.wall);
    let target = Target::Record(RecordKey::new("Account", "a-1"));
    let request = Request::new(session, Action::Read, target);
    let in_memory = || gate.decide_in_memory(&world.clock, &request, Recording::WouldDenies, check);
    assert_eq!(in_memory(), None);
    assert!(ask(&world, &gate, "anna", Recording::WouldDenies).decision.is_allowed());
    assert!(gate.view(&org()).unwrap().overlays().is_empty(), "its end is written");
    assert!(in_memory().is_some());
}

#[test]
fn the_engine_follows_this_process_and_notices_another() {
    let mut world = world();
    let gate = world.gate();
    assert_eq!(gate.view(&org()).unwrap().engine().record_count(), 3);
    let put =
        |id| Change::PutRecords { organization: org(), records: vec![account(id)], under: None };
    gate.write(&caller(), &world.clock, put("a-4")).unwrap();
    assert_eq!(gate.view(&org()).unwrap().engine().record_count(), 4);
    let mut other = Store::open(world.path(), &caller(), &world.clock).unwrap();
    other.write(&caller(), &world.clock, &put("a-5")).unwrap();
    gate.refresh(&world.clock).unwrap();
    assert_eq!(gate.view(&org()).unwrap().engine().record_count(), 5);
    let key = RecordKey::new("Account", "a-5");
    let delete = Change::DeleteRecord { organization: org(), key, under: None };
    gate.write(&caller(), &world.clock, delete).unwrap();
    assert_eq!(gate.view(&org()).unwrap().engine().record_count(), 4);
}

#[test]
fn a_list_and_a_count_under_a_window_are_recorded_with_what_it_adds() {
    let mut world = world();
    let opened = world.open_window();
    let gate = world.gate();
    let session = Session::new("acme", "bo", world.clock.wall);
    let query = ListQuery::first("Account", 2);
    let listed = gate.list(&caller(), &world.clock, &session, &Action::Read, &query).unwrap();
    assert_eq!(listed.page.unwrap().relaxed.len(), 2);
    let object = "Account".into();
    let counted = gate.count(&caller(), &world.clock, &session, &Action::Read, &object).unwrap();
    assert_eq!(counted.count, Ok(3));
    let report = world.report(&gate, &opened);
    let rows: Vec<_> = report.lists.iter().map(|list| (list.rows, list.ids.is_some())).collect();
    assert_eq!(rows, [(2, true), (3, false)]);
    world.tamper(
        "CREATE TRIGGER no_more BEFORE INSERT ON ledger BEGIN SELECT raise(ABORT, 'no'); END",
    );
    let listed = gate.list(&caller(), &world.clock, &session, &Action::Read, &query).unwrap();
    assert!(listed.page.is_err() && listed.unrecorded.is_some());
    let counted = gate.count(&caller(), &world.clock, &session, &Action::Read, &object).unwrap();
    assert_eq!(counted.count, Err(Refusal::NoGrant));
    assert!(counted.unrecorded.is_some());
}

#[test]
fn a_changed_user_changes_the_engine_in_place() {
    let mut world = world();
    let gate = world.gate();
    assert!(ask(&world, &gate, "anna", Recording::WouldDenies).decision.is_allowed());
    let user = User { name: "Anna".into(), active: false, ..User::default() };
    let change = Change::EditPolicy {
        organization: org(),
        expected: 2,
        put: vec![Entity::new(EntityKind::User, "anna", &user).unwrap()],
        remove: vec![],
        reason: "left".into(),
    };
    gate.write(&caller(), &world.clock, change).unwrap();
    let answer = ask(&world, &gate, "anna", Recording::WouldDenies);
    assert_eq!(answer.decision, Decision::Deny { refusal: Refusal::Inactive });
    let kept = gate.read(|reader| reader.policy(&org())).unwrap().1;
    assert_eq!(*gate.view(&org()).unwrap().engine().policy(), kept);
}

#[test]
fn many_overlays_are_sorted_out_by_those_to_whom_they_matter_also_after_a_change_of_people() {
    let mut world = world();
    let opened = world.open_window();
    let gate = world.gate();
    for _ in 0..6 {
        let mut request = crate::world::request();
        request.audience.users = [Principal::User("anna".into())].into();
        gate.open_overlay(&caller(), &world.clock, &request).unwrap();
    }
    let counted = |user: &str| gate.view(&org()).unwrap().overlays_for(&user.into()).len();
    assert_eq!((counted("bo"), counted("anna"), counted("nobody")), (1, 6, 7));
    let answer = ask(&world, &gate, "bo", Recording::WouldDenies);
    let Decision::Relaxed { overlay, .. } = &answer.decision else { panic!("{answer:?}") };
    assert_eq!(overlay, &opened.id);
    let user = User { active: true, name: "Bo the second".to_owned(), ..User::default() };
    let change = Change::EditPolicy {
        organization: org(),
        expected: 2,
        put: vec![Entity::new(EntityKind::User, "bo", &user).unwrap()],
        remove: vec![],
        reason: "renamed".to_owned(),
    };
    gate.write(&caller(), &world.clock, change).unwrap();
    assert_eq!((counted("bo"), counted("anna")), (1, 6));
    world.later(Span::minutes(31));
    let answer = ask(&world, &gate, "bo", Recording::WouldDenies);
    assert_eq!(answer.decision, Decision::Deny { refusal: Refusal::NoGrant });
}
