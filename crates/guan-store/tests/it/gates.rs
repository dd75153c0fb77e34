//! Two gates on one installation, as two processes have them: what one commits the other sees, and without news it enforces.

use std::sync::Barrier;
use std::time::Duration;

use guan_engine::activity::{Dormant, is_acting};
use guan_engine::answer::{Decision, Refusal};
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{Action, Assignment, Principal, RecordKey, Span, User};
use guan_ledger::Kind;
use guan_store::{
    Change, ClockReading, Entity, EntityKind, Gate, GateError, Recording, Token, WriteError,
};

use crate::world::{World, account, caller, check, org, world};

const NO_WAIT: Duration = Duration::ZERO;

fn put(id: &str) -> Change {
    Change::PutRecords { organization: org(), records: vec![account(id)], under: None }
}

pub(crate) fn count(gate: &Gate) -> u64 {
    gate.view(&org()).unwrap().engine().record_count()
}

fn request(clock: &ClockReading, subject: &str) -> Request<'static> {
    let session = Session::new("acme", subject, clock.wall);
    Request::new(session, Action::Read, Target::Record(RecordKey::new("Account", "a-1")))
}

pub(crate) fn decide(world: &World, gate: &Gate, subject: &str) -> Decision {
    let request = request(&world.clock, subject);
    let answer = gate.decide(&caller(), &world.clock, &request, Recording::WouldDenies, check);
    answer.unwrap().decision
}

#[test]
fn a_gate_is_shared_by_threads() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Gate>();
}

#[test]
fn what_one_gate_commits_the_other_sees_after_a_refresh() {
    let mut world = world();
    let (one, other) = (world.gate(), world.another_gate());
    assert_eq!((count(&one), count(&other)), (3, 3));
    one.write(&caller(), &world.clock, put("a-4")).unwrap();
    assert_eq!((count(&one), count(&other)), (4, 3));
    other.refresh(&world.clock).unwrap();
    assert_eq!(count(&other), 4);
    let user = User { name: "Anna".into(), active: false, ..User::default() };
    let change = Change::EditPolicy {
        organization: org(),
        expected: 2,
        put: vec![Entity::new(EntityKind::User, "anna", &user).unwrap()],
        remove: vec![],
        reason: "left".into(),
    };
    other.write(&caller(), &world.clock, change).unwrap();
    one.refresh(&world.clock).unwrap();
    for gate in [&one, &other] {
        assert_eq!(gate.view(&org()).unwrap().revision(), 3);
        assert_eq!(decide(&world, gate, "anna"), Decision::Deny { refusal: Refusal::Inactive });
    }
}

#[test]
fn what_is_deleted_and_what_comes_and_goes_is_followed_too() {
    let mut world = world();
    let (one, other) = (world.gate(), world.another_gate());
    assert_eq!((count(&one), count(&other)), (3, 3));
    let delete = |id| {
        let key = RecordKey::new("Account", id);
        Change::DeleteRecord { organization: org(), key, under: None }
    };
    for change in [put("a-4"), delete("a-4"), delete("a-1"), put("a-5")] {
        one.write(&caller(), &world.clock, change).unwrap();
    }
    other.refresh(&world.clock).unwrap();
    for id in ["a-1", "a-4", "a-5"] {
        let key = RecordKey::new("Account", id);
        let has = |gate: &Gate| gate.view(&org()).unwrap().engine().has_record(&key);
        assert_eq!((has(&one), has(&other)), (id == "a-5", id == "a-5"), "{id}");
    }
}

#[test]
fn a_change_of_very_many_records_is_loaded_anew() {
    let mut world = world();
    let (one, other) = (world.gate(), world.another_gate());
    assert_eq!((count(&one), count(&other)), (3, 3));
    let records = (0..10_001).map(|number| account(&format!("b-{number}"))).collect();
    let change = Change::PutRecords { organization: org(), records, under: None };
    one.write(&caller(), &world.clock, change).unwrap();
    other.refresh(&world.clock).unwrap();
    assert_eq!((count(&one), count(&other)), (10_004, 10_004));
}

#[test]
fn a_log_whose_feed_was_taken_out_is_loaded_anew() {
    let mut world = world();
    let (one, other) = (world.gate(), world.another_gate());
    assert_eq!((count(&one), count(&other)), (3, 3));
    one.write(&caller(), &world.clock, put("a-4")).unwrap();
    world.tamper("DELETE FROM feed");
    other.refresh(&world.clock).unwrap();
    assert_eq!(count(&other), 4);
}

#[test]
fn a_changed_policy_is_followed_without_reading_the_records_again() {
    let mut world = world();
    let (one, other) = (world.gate(), world.another_gate());
    assert_eq!((count(&one), count(&other)), (3, 3));
    // A load would stop at this.
    world.tamper("UPDATE record SET body = 'no record'");
    let also = Assignment::new("set:reader".parse().unwrap(), Principal::User("bo".into()));
    let change = Change::EditPolicy {
        organization: org(),
        expected: 2,
        put: vec![Entity::new(EntityKind::Assignment, "as-2", &also).unwrap()],
        remove: vec![],
        reason: "helps out".into(),
    };
    one.write(&caller(), &world.clock, change).unwrap();
    other.refresh(&world.clock).unwrap();
    for gate in [&one, &other] {
        assert_eq!(gate.view(&org()).unwrap().revision(), 3);
        assert!(matches!(decide(&world, gate, "bo"), Decision::Allow { .. }));
    }
    let back = Change::MakeCurrent {
        organization: org(),
        expected: 3,
        revision: 2,
        reason: "no longer".into(),
    };
    other.write(&caller(), &world.clock, back).unwrap();
    one.refresh(&world.clock).unwrap();
    for gate in [&one, &other] {
        assert_eq!(decide(&world, gate, "bo"), Decision::Deny { refusal: Refusal::NoGrant });
    }
}

#[test]
fn a_token_is_waited_for_on_another_gate() {
    let mut world = world();
    let (one, other) = (world.gate(), world.another_gate());
    count(&one);
    count(&other);
    let written = one.write(&caller(), &world.clock, put("a-4")).unwrap();
    let token: Token = written.tip.size.to_string().parse().unwrap();
    assert_eq!(one.token(&org()), token);
    assert!(other.token(&org()) < token);
    other.wait_for(&org(), token, NO_WAIT).unwrap();
    assert_eq!(count(&other), 4);
    let later: Token = (written.tip.size + 1).to_string().parse().unwrap();
    let behind = other.wait_for(&org(), later, Duration::from_millis(1)).unwrap_err();
    assert_eq!((behind.token, behind.seen), (later, token));
}

#[test]
fn a_gate_that_cannot_refresh_enforces() {
    let mut world = world();
    let opened = world.open_window();
    let (one, other) = (world.gate(), world.another_gate());
    assert!(matches!(decide(&world, &one, "bo"), Decision::Relaxed { .. }));
    assert!(matches!(decide(&world, &other, "bo"), Decision::Relaxed { .. }));
    world.later(Span::seconds(10));
    one.refresh(&world.clock).unwrap();
    assert!(matches!(decide(&world, &one, "bo"), Decision::Relaxed { .. }));
    let view = other.view(&org()).unwrap();
    let row = view.overlays().iter().find(|row| row.id == opened.id).unwrap();
    assert_eq!(is_acting(row, &view.facts(&world.clock)), Err(Dormant::StaleView));
    assert_eq!(decide(&world, &other, "bo"), Decision::Deny { refusal: Refusal::NoGrant });
    other.refresh(&world.clock).unwrap();
    assert!(matches!(decide(&world, &other, "bo"), Decision::Relaxed { .. }));
}

#[test]
fn a_window_closed_at_one_gate_relaxes_nothing_at_the_other_that_has_not_heard_of_it() {
    let mut world = world();
    let opened = world.open_window();
    let (one, other) = (world.gate(), world.another_gate());
    assert!(matches!(decide(&world, &other, "bo"), Decision::Relaxed { .. }));
    one.close_overlay(&caller(), &world.clock, (&org(), &opened.id), "done").unwrap();
    let request = request(&world.clock, "bo");
    let answer =
        other.decide(&caller(), &world.clock, &request, Recording::WouldDenies, check).unwrap();
    assert_eq!(answer.decision, Decision::Deny { refusal: Refusal::NoGrant });
    assert!(matches!(answer.unrecorded, Some(WriteError::NotActing { why: Dormant::Closed, .. })));
}

#[test]
fn an_act_decides_on_what_every_gate_committed() {
    let mut world = world();
    let (one, other) = (world.gate(), world.another_gate());
    assert_eq!((count(&one), count(&other)), (3, 3));
    one.write(&caller(), &world.clock, put("a-4")).unwrap();
    let seen: Result<u64, GateError> = other.act(&caller(), &world.clock, &org(), |acting| {
        let seen = acting.engine().record_count();
        assert!(acting.read().record(&org(), &RecordKey::new("Account", "a-4"))?.is_some());
        acting.apply(put("a-5"))?;
        Ok(seen)
    });
    assert_eq!(seen.unwrap(), 4);
    assert_eq!(count(&other), 5);
    one.refresh(&world.clock).unwrap();
    assert_eq!(count(&one), 5);
}

#[test]
fn an_act_that_ends_with_an_error_or_a_panic_or_without_a_change_leaves_nothing() {
    let mut world = world();
    let gate = world.gate();
    let rows = gate.read(|reader| reader.ledger_tip("acme")).unwrap();
    let refused: Result<(), GateError> = gate.act(&caller(), &world.clock, &org(), |acting| {
        acting.apply(put("a-4"))?;
        Err(WriteError::Nothing.into())
    });
    assert!(matches!(refused, Err(GateError::Write(WriteError::Nothing))));
    let twice: Result<(), GateError> = gate.act(&caller(), &world.clock, &org(), |acting| {
        acting.apply(put("a-4"))?;
        acting.apply(put("a-5")).map(|_| ())
    });
    assert!(matches!(twice, Err(GateError::SecondChange)));
    let nothing: Result<(), GateError> = gate.act(&caller(), &world.clock, &org(), |_| Ok(()));
    nothing.unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        gate.act(&caller(), &world.clock, &org(), |acting| -> Result<(), GateError> {
            acting.apply(put("a-4"))?;
            panic!("in the middle of it")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(count(&gate), 3);
    assert_eq!(gate.read(|reader| reader.ledger_tip("acme")).unwrap(), rows);
    gate.write(&caller(), &world.clock, put("a-4")).unwrap();
    assert_eq!(count(&gate), 4);
}

#[test]
fn what_many_threads_record_at_once_has_one_row_each() {
    const THREADS: usize = 8;
    const EACH: usize = 5;
    let mut world = world();
    let opened = world.open_window();
    let gate = world.gate();
    count(&gate);
    let clock = world.clock.clone();
    let together = Barrier::new(THREADS);
    let mut sequences = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    together.wait();
                    let ask = || {
                        let request = request(&clock, "bo");
                        let recording = Recording::WouldDenies;
                        gate.decide(&caller(), &clock, &request, recording, check).unwrap()
                    };
                    (0..EACH).map(|_| ask().sequence.unwrap()).collect::<Vec<_>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    sequences.sort_unstable();
    let first = sequences[0];
    assert_eq!(sequences, (first..first + (THREADS * EACH) as u64).collect::<Vec<_>>());
    assert_eq!(world.report(&gate, &opened).would_denies.total, (THREADS * EACH) as u64);
    gate.read(|reader| {
        reader.ledger_verify("acme").map(drop).map_err(|error| match error {
            guan_store::VerifyError::Read(read) => read,
            other => panic!("{other}"),
        })
    })
    .unwrap();
    let rows = gate.read(|reader| reader.ledger_rows("acme", first..first + 1)).unwrap();
    assert_eq!(guan_ledger::Entry::from_bytes(&rows[0].bytes).unwrap().kind, Kind::WouldDeny);
}

#[test]
fn a_view_that_is_held_stays_as_it_is_and_holds_up_nobody() {
    let mut world = world();
    let gate = world.gate();
    let held = gate.view(&org()).unwrap();
    gate.write(&caller(), &world.clock, put("a-4")).unwrap();
    assert_eq!((held.engine().record_count(), count(&gate)), (3, 4));
    assert!(held.token() < gate.token(&org()));
}

#[test]
fn a_gate_that_tails_sees_what_another_commits_by_itself() {
    let mut world = world();
    let (one, other) = (world.gate(), world.another_gate());
    count(&other);
    let clock = world.clock.clone();
    let _tail = other.tail(Duration::from_millis(1), move || clock.clone()).unwrap();
    let written = one.write(&caller(), &world.clock, put("a-4")).unwrap();
    let token: Token = written.tip.size.to_string().parse().unwrap();
    other.wait_for(&org(), token, Duration::from_secs(10)).unwrap();
    assert_eq!(count(&other), 4);
}
