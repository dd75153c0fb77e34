//! The life of a window, rule by rule: what brings a request forward, and what refuses it.

use crate::lifecycle_scene::{
    NOW, Scene, audience, close, code, open, report, review, suspension, usual,
};
use guan_engine::activity::{Dormant, Journal, OverlayRow, Seal, is_acting};
use guan_engine::lifecycle::{
    ApprovalPolicy, ClosedBy, Discount, Event, Hindrance, Identity, Rule, State, SwitchSettings,
    Timer, Wanted, WindowRequest, expired, tally,
};
use guan_engine::model::{Moment, Principal, Span, UserKind};
use serde_json::json;
use std::collections::BTreeSet;

#[test]
fn a_request_goes_from_draft_to_review_and_back_from_json_unchanged() {
    let mut scene = Scene::new();
    let mut request = scene.draft(usual()).unwrap();
    let mut seen = vec![request.state];
    let mut notices = Vec::new();
    for (by, event) in [("ann", scene.preview()), ("", Event::BackUp(scene.backup()))] {
        notices.extend(scene.act(&mut request, by, event).unwrap().notices);
        seen.push(request.state);
    }
    scene.approve(&mut request, "bob").unwrap();
    seen.push(request.state);
    for (by, event) in [
        ("ann", Event::Arm(scene.backup())),
        ("ann", open()),
        ("cai", close()),
        ("", report(&scene)),
        ("cai", review()),
    ] {
        let outcome = scene.act(&mut request, by, event).unwrap();
        assert_eq!(outcome.overlay.is_some(), request.state == State::Open);
        notices.extend(outcome.notices);
        seen.push(request.state);
        let text = serde_json::to_string(&request).unwrap();
        assert_eq!(serde_json::from_str::<WindowRequest>(&text).unwrap(), request);
    }
    assert_eq!(seen, State::ALL[..9]);
    let names: Vec<String> = notices.iter().map(|notice| format!("{notice:?}")).collect();
    assert_eq!(names, ["ApprovalWanted", "Opened", "Closed", "ReviewWanted"]);
}

#[test]
fn the_overlay_that_opens_is_what_was_asked_for_and_acts_at_once() {
    let mut scene = Scene::new();
    let mut request = scene.armed(usual(), &["bob"]);
    let overlay = scene.act(&mut request, "ann", open()).unwrap().overlay.unwrap();
    assert_eq!(overlay.ends, NOW.plus(Span::minutes(30)));
    assert_eq!(request.opened.unwrap().approved_by, ["bob".into()]);
    let row = OverlayRow {
        id: "w-1".into(),
        overlay,
        seal: Seal::Verified,
        closing: None,
        superseded: false,
    };
    assert_eq!(is_acting(&row, &scene.node), Ok(()));
    scene.pass(Span::minutes(30));
    assert_eq!(is_acting(&row, &scene.node), Err(Dormant::Ended));
}

#[test]
fn no_step_is_skipped() {
    let scene = Scene::new();
    let mut request = scene.draft(usual()).unwrap();
    for event in [
        Event::BackUp(scene.backup()),
        Event::Approve { edition: 1, key: "k".to_owned() },
        Event::Arm(scene.backup()),
        open(),
        close(),
        report(&scene),
        review(),
    ] {
        assert_eq!(code(scene.act(&mut request, "bob", event)), "not_in_state");
    }
}

#[test]
fn lengths_of_zero_below_zero_and_beyond_the_cap_are_refused() {
    let scene = Scene::new();
    for (length, expected) in [
        (Span(0), "too_short"),
        (Span::minutes(-5), "too_short"),
        (Span(999), "too_short"),
        (Span(Span::minutes(240).0 + 1), "too_long"),
        (Span(i64::MAX), "too_long"),
    ] {
        let wanted = Wanted { length: Some(length), ..usual() };
        assert_eq!(code(scene.draft(wanted)), expected, "{length:?}");
    }
    assert!(scene.draft(Wanted { length: Some(Span::minutes(240)), ..usual() }).is_ok());
}

#[test]
fn settings_beyond_the_bounds_do_not_lengthen_anything() {
    let mut scene = Scene::new();
    scene.settings.length_max = Span::minutes(10_000);
    scene.settings.daily_max = Span::minutes(10_000);
    let wanted = Wanted { length: Some(Span::minutes(241)), ..usual() };
    assert_eq!(code(scene.draft(wanted)), "too_long");
    assert!(!scene.settings.validate().is_empty());
    assert!(SwitchSettings::default().validate().is_empty());
}

#[test]
fn settings_come_back_from_json_as_they_were() {
    for idle in [None, Some(Span::minutes(5))] {
        let settings = SwitchSettings { idle, ..SwitchSettings::default() };
        let text = serde_json::to_string(&settings).unwrap();
        assert_eq!(serde_json::from_str::<SwitchSettings>(&text).unwrap(), settings);
    }
}

#[test]
fn fewer_than_two_approvers_for_protected_classes_are_refused_and_count_as_two() {
    let mut scene = Scene::new();
    scene.settings.approvals.protected = ApprovalPolicy::None;
    scene.settings.approvals.usual = ApprovalPolicy::None;
    let problems = scene.settings.validate();
    assert_eq!(problems[0].place, "approvals.protected");
    let scope = json!({"objects": ["account"], "protected_classes": ["sensitive"]});
    let mut request = scene.backed_up(Wanted::new(suspension(scope), audience(&["eve"]), "repair"));
    assert_eq!(request.state, State::BackedUp);
    scene.approve(&mut request, "bob").unwrap();
    assert_eq!(request.state, State::BackedUp);
    scene.approve(&mut request, "cai").unwrap();
    assert_eq!(request.state, State::Approved);
}

#[test]
fn a_window_in_the_past_or_too_far_ahead_is_refused() {
    let scene = Scene::new();
    for (starts, expected) in [
        (NOW.plus(Span(-1)), "in_the_past"),
        (Moment(i64::MIN), "in_the_past"),
        (NOW.plus(Span::minutes(24 * 60 + 1)), "too_far_ahead"),
        (Moment(i64::MAX), "too_far_ahead"),
    ] {
        let result = scene.draft(Wanted { starts: Some(starts), ..usual() });
        assert_eq!(code(result), expected, "{starts:?}");
    }
}

#[test]
fn what_is_planned_opens_no_earlier_and_ends_when_it_was_planned_to() {
    let mut scene = Scene::new();
    let starts = NOW.plus(Span::minutes(120));
    let mut request = scene.armed(Wanted { starts: Some(starts), ..usual() }, &["bob"]);
    assert_eq!(code(scene.act(&mut request, "ann", open())), "not_yet");
    scene.pass(Span::minutes(121));
    // The backup has to be read again close to the opening.
    assert_eq!(code(scene.act(&mut request, "ann", open())), "backup_not_verified");
    request.backup.as_mut().unwrap().verified = scene.node.wall;
    let overlay = scene.act(&mut request, "ann", open()).unwrap().overlay.unwrap();
    assert_eq!(overlay.ends, starts.plus(Span::minutes(30)));
}

#[test]
fn what_does_not_fit_the_policy_is_refused_with_its_places() {
    let scene = Scene::new();
    let nobody = Wanted { audience: audience(&[]), ..usual() };
    let unknown = Wanted { effect: suspension(json!({"objects": ["nothing"]})), ..usual() };
    let silent = Wanted { reason: " ".to_owned(), ..usual() };
    for wanted in [nobody, unknown, silent] {
        assert_eq!(code(scene.draft(wanted)), "problems");
    }
}

#[test]
fn the_requester_counts_neither_in_person_nor_by_a_group_nor_by_a_second_account() {
    let mut scene = Scene::new();
    let board = Principal::Group("board".into());
    scene.settings.approvals.usual =
        ApprovalPolicy::SomeOf { count: 1, among: BTreeSet::from([board.clone()]) };
    for user in ["ann", "ann2", "bob"] {
        scene.account(user).principals.insert(board.clone());
    }
    let mut request = scene.backed_up(usual());
    let does_not = |why| Err(Rule::ApprovalDoesNotCount { why });
    assert_eq!(scene.approve(&mut request, "ann"), does_not(Discount::Author));
    assert_eq!(scene.approve(&mut request, "ann2"), does_not(Discount::AuthorsOtherAccount));
    assert_eq!(scene.approve(&mut request, "cai"), does_not(Discount::NotNamed));
    assert_eq!(scene.approve(&mut request, "bob"), Ok(()));
}

#[test]
fn a_second_account_is_found_through_a_third_one() {
    let mut scene = Scene::new();
    let all = [guan_engine::lifecycle::Duty::Approve];
    scene.add("mail", UserKind::Internal, &["E-2", "m@example.test"], &all);
    scene.add("third", UserKind::Internal, &["m@example.test", "E-1"], &all);
    let mut request = scene.backed_up(usual());
    let refused = scene.approve(&mut request, "bob");
    assert_eq!(refused, Err(Rule::ApprovalDoesNotCount { why: Discount::AuthorsOtherAccount }));
}

#[test]
fn who_is_unknown_a_program_inactive_or_not_entitled_does_not_approve() {
    let mut scene = Scene::new();
    scene.account("cai").active = false;
    scene.account("dan").identity = Identity::Unknown;
    let mut request = scene.backed_up(usual());
    for (user, why) in [
        ("nobody", Discount::Unknown),
        ("robot", Discount::NoPerson),
        ("cai", Discount::Inactive),
        ("dan", Discount::NoPerson),
        ("eve", Discount::NotEntitled),
    ] {
        let result = scene.approve(&mut request, user);
        assert_eq!(result, Err(Rule::ApprovalDoesNotCount { why }), "{user}");
    }
    assert_eq!(
        code(scene.act(&mut request, "", Event::Approve { edition: 2, key: "k".into() })),
        "needs_person"
    );
}

#[test]
fn if_the_identity_of_the_requester_is_lost_nobody_counts() {
    let mut scene = Scene::new();
    let mut request = scene.backed_up(usual());
    scene.accounts.remove("ann");
    let result = scene.approve(&mut request, "bob");
    assert_eq!(result, Err(Rule::ApprovalDoesNotCount { why: Discount::AuthorsOtherAccount }));
}

#[test]
fn each_person_approves_once_and_a_replay_is_refused() {
    let mut scene = Scene::new();
    scene.settings.approvals.usual = ApprovalPolicy::SomeOf { count: 2, among: BTreeSet::new() };
    let mut request = scene.backed_up(usual());
    let yes = Event::Approve { edition: request.edition, key: "once".to_owned() };
    scene.act(&mut request, "bob", yes.clone()).unwrap();
    assert_eq!(code(scene.act(&mut request, "bob", yes.clone())), "replayed");
    assert_eq!(code(scene.act(&mut request, "cai", yes.clone())), "replayed");
    let again = scene.approve(&mut request, "bob");
    assert_eq!(again, Err(Rule::ApprovalDoesNotCount { why: Discount::CountedAlready }));
    scene.act(&mut request, "bob", Event::TakeBack).unwrap();
    assert_eq!(code(scene.act(&mut request, "bob", yes)), "replayed", "taken back, still spent");
    let without_key = Event::Approve { edition: request.edition, key: " ".to_owned() };
    assert_eq!(code(scene.act(&mut request, "bob", without_key)), "no_key");
    assert_eq!(tally(&request, &scene.facts()).counted().len(), 0);
}

#[test]
fn an_edit_voids_preview_backup_and_approvals_and_makes_an_author() {
    let mut scene = Scene::new();
    scene.settings.approvals.usual = ApprovalPolicy::SomeOf { count: 2, among: BTreeSet::new() };
    let mut request = scene.backed_up(usual());
    let edition = request.edition;
    scene.approve(&mut request, "bob").unwrap();
    let wider = Wanted { length: Some(Span::minutes(60)), ..usual() };
    scene.act(&mut request, "cai", Event::Edit(Box::new(wider))).unwrap();
    assert_eq!((request.state, &request.backup), (State::Draft, &None));
    scene.act(&mut request, "ann", scene.preview()).unwrap();
    scene.act(&mut request, "ann", Event::BackUp(scene.backup())).unwrap();
    assert_eq!(tally(&request, &scene.facts()).discounted[0].why, Discount::Outdated);
    let of_before = Event::Approve { edition, key: "of-before".to_owned() };
    let result = scene.act(&mut request, "dan", of_before).unwrap_err();
    assert_eq!(result, Rule::ApprovalDoesNotCount { why: Discount::Outdated });
    let author = scene.approve(&mut request, "cai");
    assert_eq!(author, Err(Rule::ApprovalDoesNotCount { why: Discount::Author }));
}

#[test]
fn approvals_are_counted_again_at_the_opening() {
    for (gone, why) in [
        ("inactive", Discount::Inactive),
        ("not entitled", Discount::NotEntitled),
        ("deleted", Discount::Unknown),
        ("switched off", Discount::Inactive),
    ] {
        let mut scene = Scene::new();
        let mut request = scene.armed(usual(), &["bob"]);
        match gone {
            "inactive" => scene.account("bob").active = false,
            "not entitled" => scene.account("bob").duties.clear(),
            "deleted" => drop(scene.accounts.remove("bob")),
            _ => scene.policy.users.get_mut("bob").unwrap().active = false,
        }
        let result = scene.act(&mut request, "ann", open()).unwrap_err();
        assert_eq!(result, Rule::NotApproved { missing: 1 }, "{gone}");
        assert_eq!(tally(&request, &scene.facts()).discounted[0].why, why);
        // Another approver takes the place.
        scene.approve(&mut request, "cai").unwrap();
        scene.act(&mut request, "ann", Event::Arm(scene.backup())).unwrap();
        scene.act(&mut request, "ann", open()).unwrap();
    }
}

#[test]
fn a_requester_who_is_gone_opens_nothing_and_nobody_opens_for_them() {
    let mut scene = Scene::new();
    let mut request = scene.armed(usual(), &["bob"]);
    scene.account("ann").active = false;
    for by in ["ann", "cai"] {
        assert_eq!(code(scene.act(&mut request, by, open())), "may_not");
    }
}

#[test]
fn a_policy_that_changed_under_the_preview_stops_everything_until_it_is_previewed_again() {
    let mut scene = Scene::new();
    let mut waiting = scene.backed_up(usual());
    let mut armed = scene.armed(usual(), &["bob"]);
    scene.digest = "digest-2".to_owned();
    assert_eq!(scene.approve(&mut waiting, "cai"), Err(Rule::PolicyChanged));
    assert_eq!(code(scene.act(&mut armed, "ann", open())), "policy_changed");
    scene.act(&mut armed, "ann", scene.preview()).unwrap();
    assert_eq!((armed.state, tally(&armed, &scene.facts()).is_met()), (State::Previewed, false));
}

#[test]
fn no_window_without_a_backup_of_the_same_policy_that_was_read_again() {
    let mut scene = Scene::new();
    let mut request = scene.draft(usual()).unwrap();
    scene.act(&mut request, "ann", scene.preview()).unwrap();
    let mut other = scene.backup();
    other.policy = "another".to_owned();
    assert_eq!(
        code(scene.act(&mut request, "ann", Event::BackUp(other))),
        "backup_of_other_policy"
    );
    let mut old = scene.backup();
    old.verified = NOW.plus(Span::minutes(-60));
    assert_eq!(code(scene.act(&mut request, "ann", Event::BackUp(old))), "backup_not_verified");
    let mut future = scene.backup();
    future.verified = NOW.plus(Span::minutes(60));
    assert_eq!(code(scene.act(&mut request, "ann", Event::BackUp(future))), "backup_not_verified");
    let mut armed = scene.armed(usual(), &["bob"]);
    armed.backup = None;
    assert_eq!(code(scene.act(&mut armed, "ann", open())), "backup_not_verified");
}

#[test]
fn approval_and_execution_expire_on_their_own() {
    let mut scene = Scene::new();
    let mut waiting = scene.backed_up(usual());
    let mut approved = scene.backed_up(usual());
    scene.approve(&mut approved, "bob").unwrap();
    assert_eq!(code(scene.act(&mut approved, "", Event::Expire)), "not_expired");
    scene.pass(Span::minutes(60));
    let late = scene.act(&mut approved, "ann", Event::Arm(scene.backup())).unwrap_err();
    let at = NOW.plus(Span::minutes(60));
    assert_eq!(late, Rule::Expired { timer: Timer::Execution, at });
    scene.act(&mut approved, "", Event::Expire).unwrap();
    assert_eq!(approved.state, State::Expired);
    scene.pass(Span::minutes(23 * 60));
    let late = scene.approve(&mut waiting, "bob").unwrap_err();
    let at = NOW.plus(Span::minutes(24 * 60));
    assert_eq!(late, Rule::Expired { timer: Timer::Approval, at });
}

#[test]
fn a_draft_that_nobody_goes_on_with_expires() {
    let mut scene = Scene::new();
    let mut draft = scene.draft(usual()).unwrap();
    let planned = Wanted { starts: Some(NOW.plus(Span::minutes(60))), ..usual() };
    let mut planned = scene.draft(planned).unwrap();
    let settings = SwitchSettings::default();
    assert_eq!(expired(&draft, &settings, NOW.plus(Span::minutes(7 * 24 * 60 - 1))), None);
    scene.pass(Span::minutes(89));
    assert_eq!(code(scene.act(&mut planned, "", Event::Expire)), "not_expired");
    scene.pass(Span::minutes(1));
    assert_eq!(code(scene.act(&mut draft, "", Event::Expire)), "not_expired");
    scene.act(&mut planned, "", Event::Expire).unwrap();
    scene.pass(Span::minutes(7 * 24 * 60 - 90));
    let late = scene.act(&mut draft, "ann", scene.preview()).unwrap_err();
    let at = NOW.plus(Span::minutes(7 * 24 * 60));
    assert_eq!(late, Rule::Expired { timer: Timer::Draft, at });
    scene.act(&mut draft, "", Event::Expire).unwrap();
    assert_eq!(draft.state, State::Expired);
}

#[test]
fn a_preview_from_the_future_does_not_lengthen_its_timer() {
    let mut scene = Scene::new();
    let mut request = scene.draft(usual()).unwrap();
    let Event::Preview(mut evidence) = scene.preview() else { panic!() };
    evidence.at = NOW.plus(Span::minutes(10_000));
    scene.act(&mut request, "ann", Event::Preview(evidence)).unwrap();
    scene.pass(Span::minutes(24 * 60));
    assert_eq!(code(scene.act(&mut request, "ann", Event::BackUp(scene.backup()))), "expired");
}

#[test]
fn clocks_that_went_back_or_cannot_be_read_open_nothing() {
    let mut scene = Scene::new();
    scene.pass(Span::minutes(1));
    let mut request = scene.armed(usual(), &["bob"]);
    let good = scene.node.clone();
    scene.node.wall = NOW;
    assert_eq!(code(scene.act(&mut request, "ann", open())), "clock_set_back");
    // Not even when the mark of the installation is lost: the request has its own.
    scene.node.high_water = Moment(0);
    assert_eq!(code(scene.act(&mut request, "ann", open())), "clock_set_back");
    scene.node = good.clone();
    scene.node.boot_clock = None;
    assert_eq!(code(scene.act(&mut request, "ann", open())), "no_boot_clock");
    scene.node = good.clone();
    scene.node.view_age = scene.node.lease;
    assert_eq!(code(scene.act(&mut request, "ann", open())), "stale_view");
    scene.node = good.clone();
    scene.node.journal = Journal::Unavailable;
    assert_eq!(code(scene.act(&mut request, "ann", open())), "no_journal");
    scene.node = good.clone();
    scene.node.incarnation += 1;
    assert_eq!(code(scene.act(&mut request, "ann", open())), "other_incarnation");
    scene.node = good;
    scene.hindrances.insert(Hindrance::NoKey);
    assert_eq!(code(scene.act(&mut request, "ann", open())), "hindered");
    scene.hindrances.clear();
    assert!(scene.act(&mut request, "ann", open()).is_ok());
}

#[test]
fn a_closing_is_written_whatever_clocks_versions_and_incarnations_say() {
    let mut scene = Scene::new();
    let mut request = scene.armed(usual(), &["bob"]);
    scene.act(&mut request, "ann", open()).unwrap();
    request.version += 5;
    scene.node.wall = Moment(0);
    scene.node.boot_clock = None;
    scene.node.incarnation = 99;
    scene.hindrances.insert(Hindrance::SafeMode);
    let mut by_approver = request.clone();
    scene.act(&mut by_approver, "bob", close()).unwrap();
    assert_eq!(by_approver.closed.as_ref().unwrap().cause, ClosedBy::Hand);
    assert_eq!(code(scene.act(&mut request.clone(), "eve", close())), "may_not");
    assert_eq!(code(scene.act(&mut by_approver, "ann", close())), "already_closed");
}

#[test]
fn somebody_else_was_quicker() {
    let scene = Scene::new();
    let mut request = scene.draft(usual()).unwrap();
    request.version = 4;
    let act = guan_engine::lifecycle::Act {
        by: guan_engine::lifecycle::Actor::User("ann".into()),
        expected: 3,
        event: scene.preview(),
    };
    let result = guan_engine::lifecycle::step(&request, &act, &scene.facts());
    assert_eq!(result.unwrap_err(), Rule::Stale { expected: 3, version: 4 });
}
