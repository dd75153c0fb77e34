//! The life of a window through the gate: every step by the rule, with its row, and nothing opens around it.

use guan_engine::lifecycle::{
    ApprovalPolicy, ClosedBy, Event, State, SwitchSettings, Urgency, WindowRequest,
};
use guan_engine::model::{Assignment, Principal, RecordKey, Span, User};
use guan_ledger::{Entry, Kind};
use guan_store::{
    Asking, Caller, Change, CredentialChange, Entity, EntityKind, Soundness, SwitchChange,
    WindowFault,
};

use crate::life::{Life, entity, rule, wanted};
use crate::world::{caller, org};

#[test]
fn a_window_is_asked_for_previewed_backed_up_approved_opened_used_closed_reported_and_reviewed() {
    let mut life = Life::new();
    let before = life.gate.read(|reader| reader.ledger_tip("acme")).unwrap().unwrap().size;
    let mut request = life.draft("ann", wanted()).unwrap();
    assert_eq!(request.id.as_str(), request.overlay().as_str());
    life.preview("ann", &mut request).unwrap();
    life.back_up("ann", &mut request).unwrap();
    assert_eq!(request.state, State::BackedUp);
    assert_eq!(rule(life.open("ann", &mut request)), "not_in_state");
    life.approve("bob", &mut request).unwrap();
    assert_eq!(request.state, State::Approved);
    assert!(!life.is_relaxed());
    life.open("ann", &mut request).unwrap();
    assert!(life.is_relaxed(), "bo is relaxed while it is open");
    life.close("cai", &request).unwrap();
    assert!(!life.is_relaxed());
    assert_eq!(life.settle(), 1);
    let mut request = life.kept(&request.id).request;
    assert_eq!(request.state, State::Reported);
    let tested = request.report.as_ref().unwrap().self_test;
    assert_eq!((tested.asked, tested.refused), (1, 1));
    assert_eq!(rule(life.review("ann", &mut request)), "reviewer_took_part");
    life.review("dan", &mut request).unwrap();
    assert_eq!(request.state, State::Reviewed);
    // Draft, preview, backup, approval, opening, one would-deny, closing, report, review.
    let tip = life.gate.read(|reader| reader.ledger_tip("acme")).unwrap().unwrap().size;
    let rows = life.gate.read(|reader| reader.ledger_rows("acme", before..tip)).unwrap();
    let told: Vec<String> =
        rows.iter().map(|row| Entry::from_bytes(&row.bytes).unwrap().what.operation).collect();
    assert_eq!(
        told,
        [
            "draft_window",
            "preview_window",
            "back_up_window",
            "approve_window",
            "open_overlay",
            "read",
            "close_overlay",
            "report_window",
            "review_window"
        ]
    );
    let report = life.gate.window_report(&org(), &life.world.clock, &request.id).unwrap();
    let window = report.window.unwrap();
    assert!(window.policy.unchanged && window.backup.holds && window.seal_holds);
    assert_eq!(report.reality.users, 1);
    assert!(
        report.floor.rows == 1
            && report.floor.touched.is_empty()
            && report.floor.outside.is_empty()
    );
    assert_eq!(report.self_test.unwrap().still_allowed, []);
    assert_eq!(report.soundness, Soundness::Whole);
}

#[test]
fn nobody_approves_what_they_asked_for_not_by_a_second_account_nor_twice_nor_with_the_same_key() {
    let mut life = Life::new();
    let mut two = SwitchSettings::default();
    two.approvals.usual = ApprovalPolicy::SomeOf { count: 2, among: [].into() };
    life.change_switch(SwitchChange {
        organization: org(),
        settings: two,
        expected: 0,
        at_once: false,
        reason: "two of us".into(),
    })
    .unwrap();
    let mut request = life.backed_up(wanted());
    for (by, because) in
        [("ann", "author"), ("ann2", "authors_other_account"), ("bo", "not_entitled")]
    {
        let WindowFault::Rule(refused) = life.approve(by, &mut request).unwrap_err() else {
            panic!()
        };
        assert_eq!(refused.code(), "approval_does_not_count", "{by}");
        assert!(serde_json::to_string(&refused).unwrap().contains(because), "{refused:?}");
    }
    life.approve("bob", &mut request).unwrap();
    assert_eq!(request.state, State::BackedUp, "one of two");
    let used = request.approvals[0].key.clone();
    let again = Event::Approve { edition: request.edition, key: used };
    assert_eq!(rule(life.step("cai", &mut request, again)), "replayed");
    assert_eq!(rule(life.approve("bob", &mut request)), "approval_does_not_count");
    life.approve("cai", &mut request).unwrap();
    assert_eq!(request.state, State::Approved);
}

/// A change by ann, who asks for windows.
fn by_ann(life: &Life, change: Change) {
    let ann = Caller { id: "ann".to_owned(), ..caller() };
    life.gate.write(&ann, &life.world.clock, change).unwrap();
}

#[test]
fn whom_an_author_made_an_approver_within_a_day_does_not_count() {
    let mut life = Life::new();
    let hash = "hash".to_owned();
    let change = CredentialChange::SetPassword {
        user: "bob".into(),
        hash: hash.clone(),
        must_change: true,
        keep: None,
    };
    by_ann(&life, Change::ChangeCredentials { organization: org(), change });
    // What Bob, or whoever knows the password, makes of it does not matter.
    let change =
        CredentialChange::SetPassword { user: "bob".into(), hash, must_change: false, keep: None };
    let bob = Caller { id: "bob".to_owned(), ..caller() };
    let own = Change::ChangeCredentials { organization: org(), change };
    life.gate.write(&bob, &life.world.clock, own).unwrap();
    let pup = User { name: "pup".into(), active: true, ..User::default() };
    let given = Assignment::new("set:guan".parse().unwrap(), Principal::User("pup".into()));
    let put = vec![
        entity(EntityKind::User, "pup", &pup),
        entity(EntityKind::Assignment, "guan-pup", &given),
    ];
    let edit = |expected, put| Change::EditPolicy {
        organization: org(),
        expected,
        put,
        remove: vec![],
        reason: "one more".into(),
    };
    by_ann(&life, edit(3, put));
    // A second account that is told from the first by another mail address now.
    let mut twin = User { name: "ann2".into(), active: true, ..User::default() };
    twin.attributes.insert("Email".to_owned(), "other@acme.example".into());
    by_ann(&life, edit(4, vec![entity(EntityKind::User, "ann2", &twin)]));
    let mut request = life.backed_up(wanted());
    for by in ["bob", "pup", "ann2"] {
        let WindowFault::Rule(refused) = life.approve(by, &mut request).unwrap_err() else {
            panic!()
        };
        assert!(serde_json::to_string(&refused).unwrap().contains("made_by_author"), "{refused:?}");
    }
    // A name is no matter.
    let mut cai = User { name: "Cai".into(), active: true, ..User::default() };
    cai.attributes.insert("Email".to_owned(), "cai@acme.example".into());
    by_ann(&life, edit(5, vec![entity(EntityKind::User, "cai", &cai)]));
    let mut request = life.backed_up(wanted());
    life.approve("cai", &mut request).unwrap();
    assert_eq!(request.state, State::Approved);
    life.world.later(Span::minutes(24 * 60 + 1));
    for by in ["bob", "pup", "ann2"] {
        let mut request = life.backed_up(wanted());
        life.approve(by, &mut request).unwrap();
        assert_eq!(request.state, State::Approved, "{by} after a day");
    }
}

#[test]
fn an_approval_is_asked_again_when_it_opens() {
    let mut life = Life::new();
    let mut request = life.backed_up(wanted());
    life.approve("bob", &mut request).unwrap();
    // Bob leaves. The policy is another one then, so the preview has to be made anew, and with it the approvals.
    let gone = User { name: "bob".into(), active: false, ..User::default() };
    let body = serde_json::to_string(&gone).unwrap();
    let put = vec![Entity { kind: EntityKind::User, id: "bob".into(), body }];
    let (remove, reason) = (vec![], "left".into());
    let change = Change::EditPolicy { organization: org(), expected: 3, put, remove, reason };
    life.gate.write(&caller(), &life.world.clock, change).unwrap();
    assert_eq!(rule(life.open("ann", &mut request)), "policy_changed");
    assert!(!life.is_relaxed());
}

#[test]
fn a_request_that_was_forged_or_put_back_opens_nothing() {
    let mut life = Life::new();
    let mut request = life.backed_up(wanted());
    // Somebody writes themselves an approval.
    life.world.tamper("UPDATE window_request SET body = replace(body, '\"state\":\"backed_up\"', '\"state\":\"armed\"')");
    life.restart();
    assert_eq!(life.kept(&request.id).soundness, Soundness::Forged);
    assert_eq!(rule(life.open("ann", &mut request)), "not_whole");
    assert_eq!(rule(life.approve("bob", &mut request)), "not_whole");
    // The row of an earlier step, well sealed, put back after an approval was taken back.
    let mut request = life.backed_up(wanted());
    life.approve("bob", &mut request).unwrap();
    life.world.tamper("CREATE TABLE older AS SELECT * FROM window_request");
    life.step("bob", &mut request, Event::TakeBack).unwrap();
    life.world.tamper(
        "UPDATE window_request SET body = (SELECT o.body FROM older o WHERE o.id = window_request.id), \
         seal = (SELECT o.seal FROM older o WHERE o.id = window_request.id), \
         version = (SELECT o.version FROM older o WHERE o.id = window_request.id), \
         state = (SELECT o.state FROM older o WHERE o.id = window_request.id)",
    );
    life.restart();
    let kept = life.kept(&request.id);
    assert_eq!((kept.soundness, kept.request.state), (Soundness::OtherVersion, State::Approved));
    let mut request = kept.request;
    assert_eq!(rule(life.open("ann", &mut request)), "not_whole");
    assert!(!life.is_relaxed());
}

#[test]
fn of_two_who_act_on_the_same_request_one_is_told_of_the_other() {
    let mut life = Life::new();
    let mut request = life.backed_up(wanted());
    let mut seen_by_cai = request.clone();
    life.approve("bob", &mut request).unwrap();
    assert_eq!(rule(life.approve("cai", &mut seen_by_cai)), "stale");
    let mut other = request.clone();
    life.open("ann", &mut request).unwrap();
    assert_eq!(rule(life.open("dan", &mut other)), "stale");
    let rows = life.gate.read(|reader| reader.overlay_rows(&org())).unwrap();
    assert_eq!(rows.len(), 1);
}

#[test]
fn what_carries_a_window_on_is_a_request_of_its_own_and_ends_with_it() {
    let mut life = Life::new();
    let first = life.opened(wanted());
    let mut longer = wanted();
    longer.extends = Some(first.overlay());
    longer.length = Some(Span::minutes(60));
    let second = life.opened(longer.clone());
    assert_eq!(life.gate.read(|reader| reader.overlay_rows(&org())).unwrap().len(), 2);
    life.close("bob", &first).unwrap();
    assert!(!life.is_relaxed(), "closing wins over what carries it on");
    let closed = life.kept(&second.id).request.closed.unwrap();
    assert_eq!(closed.cause, ClosedBy::Hand);
    assert_eq!(rule(life.draft("ann", longer)), "extended_is_closed");
}

#[test]
fn timers_that_run_out_are_written_down_and_hold_before() {
    let mut life = Life::new();
    let mut waits = life.backed_up(wanted());
    let mut approved = life.backed_up(wanted());
    life.approve("bob", &mut approved).unwrap();
    life.later(Span::minutes(60));
    assert_eq!(rule(life.open("ann", &mut approved)), "expired");
    assert_eq!(life.settle(), 1);
    assert_eq!(life.kept(&approved.id).request.state, State::Expired);
    assert_eq!(life.kept(&waits.id).request.state, State::BackedUp);
    life.later(Span::minutes(23 * 60));
    assert_eq!(rule(life.approve("bob", &mut waits)), "expired");
    assert_eq!(life.settle(), 1);
    assert_eq!(life.settle(), 0);
}

#[test]
fn a_window_that_nobody_uses_is_closed() {
    let mut life = Life::new();
    let mut long = wanted();
    long.length = Some(Span::minutes(120));
    let request = life.opened(long);
    life.later(Span::minutes(15));
    assert!(life.is_relaxed());
    life.later(Span::minutes(15));
    life.sweep();
    assert!(life.is_relaxed(), "it was used a quarter of an hour ago");
    life.later(Span::minutes(21));
    life.sweep();
    assert!(!life.is_relaxed());
    assert_eq!(life.kept(&request.id).request.closed.unwrap().cause, ClosedBy::Idle);
}

#[test]
fn an_emergency_needs_fresh_proof_and_the_next_one_a_review() {
    let mut life = Life::new();
    let mut urgent = wanted();
    (urgent.urgency, urgent.length) = (Urgency::Emergency, Some(Span::minutes(16)));
    assert_eq!(rule(life.draft("ann", urgent.clone())), "too_long");
    urgent.length = None;
    let mut request = life.draft("ann", urgent.clone()).unwrap();
    life.preview("ann", &mut request).unwrap();
    life.back_up("ann", &mut request).unwrap();
    assert_eq!(request.state, State::Approved);
    assert_eq!(rule(life.open("ann", &mut request)), "step_up");
    let mut request = life.kept(&request.id).request;
    let mut call = life.call("ann");
    call.stepped_up = Some(life.now());
    request = life.gate.open_window(&call, (&request.id, request.version)).unwrap();
    assert!(life.is_relaxed());
    assert_eq!(rule(life.draft("ann", urgent.clone())), "emergency_not_reviewed");
    life.later(Span::minutes(15));
    life.sweep();
    life.settle();
    assert_eq!(rule(life.draft("bob", urgent.clone())), "emergency_not_reviewed");
    let mut request = life.kept(&request.id).request;
    life.review("bob", &mut request).unwrap();
    life.draft("bob", urgent).unwrap();
}

#[test]
fn a_key_that_has_run_out_opens_nothing() {
    let mut life = Life::new();
    let mut request = life.backed_up(wanted());
    life.approve("bob", &mut request).unwrap();
    let file = life.world.path().join(guan_store::SIDE_FILE);
    let side = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("key_ends = \"2026-01-31T08:00:00Z\"\n{side}")).unwrap();
    let WindowFault::Rule(refused) = life.open("ann", &mut request).unwrap_err() else { panic!() };
    assert_eq!(refused.code(), "hindered");
    assert!(refused.to_string().contains("key"), "{refused}");
}

#[test]
fn settings_that_ask_for_less_wait_a_day() {
    let mut life = Life::new();
    let mut alone = SwitchSettings::default();
    alone.approvals.usual = ApprovalPolicy::None;
    let change = |settings: &SwitchSettings, expected, at_once| SwitchChange {
        organization: org(),
        settings: settings.clone(),
        expected,
        at_once,
        reason: "only one of us".into(),
    };
    life.change_switch(change(&alone, 0, false)).unwrap();
    assert_eq!(life.backed_up(wanted()).state, State::BackedUp, "the strict ones hold");
    let settings = life.gate.read(|reader| reader.switch_settings(&org(), life.now())).unwrap();
    assert_eq!((settings.version, settings.settings), (1, SwitchSettings::default()));
    assert_eq!(settings.coming.unwrap().1, alone);
    life.later(Span::minutes(24 * 60));
    assert_eq!(life.backed_up(wanted()).state, State::Approved);
    // What asks for more holds at once, and so does what whoever runs the machine says.
    life.change_switch(change(&SwitchSettings::default(), 1, false)).unwrap();
    assert_eq!(life.backed_up(wanted()).state, State::BackedUp);
    life.change_switch(change(&alone, 2, true)).unwrap();
    assert_eq!(life.backed_up(wanted()).state, State::Approved);
    let mut named = alone;
    named.approvals.protected =
        ApprovalPolicy::SomeOf { count: 1, among: [Principal::User("ann".into())].into() };
    let refused = life.change_switch(change(&named, 3, true)).unwrap_err();
    assert!(refused.to_string().contains("two approvers"), "{refused}");
}

type Step = dyn FnOnce(&mut Life, &mut WindowRequest) -> Result<(), WindowFault>;

#[test]
fn every_step_is_whole_or_nothing_wherever_it_is_stopped() {
    let points = [
        "write.1", "write.2", "write.3", "backup.1", "backup.2", "backup.3", "backup.4",
        "backup.5", "side.1", "side.2", "side.3",
    ];
    let mut stops = 0;
    for point in points {
        let faults = guan_store::Faults::at(point, guan_store::Happening::Stop);
        for step in 0..6 {
            let mut life = Life::new();
            let mut request = life.draft("ann", wanted()).unwrap();
            let mut todo: Vec<Box<Step>> = vec![
                Box::new(|life, request| life.preview("ann", request)),
                Box::new(|life, request| life.back_up("ann", request)),
                Box::new(|life, request| life.approve("bob", request)),
                Box::new(|life, request| life.open("ann", request)),
                Box::new(|life, request| life.close("bob", request)),
                Box::new(|life, request| {
                    life.gate.settle_windows(&Caller::system(), &life.world.clock, &org())?;
                    *request = life.kept(&request.id).request;
                    Ok(())
                }),
            ];
            let last = todo.remove(step);
            todo.truncate(step);
            for earlier in todo {
                earlier(&mut life, &mut request).unwrap();
            }
            request = life.kept(&request.id).request;
            life.restart_with(faults.clone());
            let stopped = last(&mut life, &mut request).is_err();
            stops += u32::from(stopped);
            life.restart();
            let kept = life.kept(&request.id);
            assert_eq!(kept.soundness, Soundness::Whole, "{point} in step {step}");
            let is_open = kept.request.state == State::Open;
            assert_eq!(
                life.is_relaxed(),
                is_open,
                "{point} in step {step}: {:?}",
                kept.request.state
            );
            let tip = life.gate.read(|reader| reader.ledger_tip("acme")).unwrap().unwrap().size;
            let rows = life.gate.read(|reader| reader.ledger_rows("acme", 0..tip)).unwrap();
            let closed = rows
                .iter()
                .filter(|row| Entry::from_bytes(&row.bytes).unwrap().kind == Kind::OverlayClosed)
                .count();
            assert_eq!(
                closed,
                usize::from(kept.request.closed.is_some()),
                "{point} in step {step}"
            );
        }
    }
    assert!(stops > 20, "{stops}");
}

#[test]
fn a_record_that_was_read_alone_is_named_counted_and_asked_again() {
    let mut life = Life::new();
    let request = life.opened(wanted());
    let asking = Asking {
        caller: caller(),
        organization: org(),
        subject: "bo".into(),
        address: None,
        clock: life.world.clock.clone(),
        viewer: None,
    };
    life.gate.read_record(&asking, &RecordKey::new("Account", "a-1")).unwrap();
    let status = life.gate.read(|reader| reader.status(&org(), &life.world.clock)).unwrap();
    assert_eq!(status.overlays[0].would_denies, 1);
    life.close("bob", &request).unwrap();
    life.settle();
    let report = life.gate.window_report(&org(), &life.world.clock, &request.id).unwrap();
    assert_eq!(report.window.unwrap().lists[0].record.as_deref(), Some("a-1"));
    assert_eq!(report.reality.records, 1);
    let tested = report.self_test.unwrap();
    assert_eq!((tested.asked, tested.refused), (1, 1));
}
