//! The life of a window: what weighs, what adds up, extensions, emergencies, ends and reviews.

use crate::lifecycle_scene::{
    NOW, Scene, audience, close, code, elevation, open, report, review, suspension, usual,
};
use guan_engine::activity::Dormant;
use guan_engine::lifecycle::{
    ApprovalPolicy, ClosedBy, Event, Hindrance, NoticeKind, Opened, PreviewEvidence, RequestId,
    Rule, Standing, State, Urgency, Verdict, Wanted, Weight, Window, closed_together, ending,
    off_time, overlap, reminders, weights,
};
use guan_engine::model::{Moment, Overlay, OverlayId, PermissionSet, Span};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn window(id: &str, wanted: &Wanted, starts: Moment, ends: Moment) -> Window {
    Window {
        overlay: id.into(),
        effect: wanted.effect.clone(),
        audience: wanted.audience.clone(),
        starts,
        ends,
        standing: Standing::Open,
    }
}
fn emergency() -> Wanted {
    Wanted { urgency: Urgency::Emergency, ..usual() }
}

#[test]
fn everything_needs_its_own_approval_however_it_is_spelled() {
    let scene = Scene::new();
    for scope in [
        json!({}),
        json!({"objects": ["account", "contact"]}),
        json!({"layers": ["object", "record", "field"]}),
        json!({"users": ["internal"]}),
        json!({"actions": ["read", "create", "edit", "delete", "export"]}),
    ] {
        let found = weights(&suspension(scope.clone()), &scene.policy);
        assert_eq!(found, BTreeSet::from([Weight::Everything]), "{scope}");
    }
    for scope in [
        json!({"objects": ["account"]}),
        json!({"layers": ["field"]}),
        json!({"users": ["user:eve"]}),
    ] {
        assert!(weights(&suspension(scope), &scene.policy).is_empty());
    }
    let bulk = json!({"objects": ["account"], "bulk": true});
    assert_eq!(weights(&suspension(bulk), &scene.policy), BTreeSet::from([Weight::Bulk]));
}

#[test]
fn an_elevation_weighs_what_its_set_gives() {
    let mut scene = Scene::new();
    scene.policy.objects = serde_json::from_value(json!({
        "account": {"fields": {"name": {"type": "text"}, "iban": {"type": "text", "class": "sensitive", "secured": true}}}
    }))
    .unwrap();
    for (set, expected) in [
        (json!({"objects": {"account": {"actions": {"read": "all"}}}}), vec![]),
        (json!({"objects": {"account": {"actions": {"export": "reachable"}}}}), vec![Weight::Bulk]),
        (json!({"any_object": {"view_all": true}}), vec![Weight::Everything]),
        (json!({"system": ["guan.manage_users"]}), vec![Weight::Everything]),
        (json!({"fields": {"account": {"iban": "masked"}}}), vec![Weight::Protected]),
        (json!({"objects": {"account": {"all_fields": "read"}}}), vec![Weight::Protected]),
    ] {
        let set: PermissionSet = serde_json::from_value::<PermissionSet>(set).unwrap();
        scene.policy.sets.insert("s".into(), set.clone());
        let found: Vec<Weight> = weights(&elevation("set:s"), &scene.policy).into_iter().collect();
        assert_eq!(found, expected, "{set:?}");
    }
}

#[test]
fn short_windows_in_a_row_are_no_long_one() {
    let mut scene = Scene::new();
    let ago = |minutes: i64| NOW.plus(Span::minutes(-minutes));
    scene.windows = vec![
        Window {
            standing: Standing::Over(ClosedBy::Hand),
            ..window("w-8", &usual(), ago(600), ago(500))
        },
        Window {
            standing: Standing::Over(ClosedBy::Idle),
            ..window("w-9", &usual(), ago(300), ago(180))
        },
    ];
    let of = |length| Wanted { length: Some(Span::minutes(length)), ..usual() };
    assert!(scene.draft(of(20)).is_ok());
    let refused = scene.draft(of(21)).unwrap_err();
    assert_eq!(refused, Rule::DailyTotal { total: Span::minutes(241), most: Span::minutes(240) });
    let contacts = suspension(json!({"objects": ["contact"]}));
    assert!(scene.draft(Wanted { effect: contacts, ..of(240) }).is_ok(), "another scope");
    assert_eq!(
        code(scene.draft(Wanted { effect: suspension(json!({})), ..of(60) })),
        "daily_total"
    );
    let what = (&usual().effect, &usual().audience);
    assert_eq!(
        off_time(what, (ago(590), ago(510)), &scene.windows),
        Span::minutes(220),
        "time shared counts once"
    );
}

#[test]
fn scopes_meet_unless_something_keeps_them_apart() {
    let meets = |one: Value, other: Value| {
        let who = audience(&["eve"]);
        overlap((&suspension(one), &who), (&suspension(other), &who))
    };
    assert!(meets(json!({}), json!({"objects": ["account"]})));
    assert!(!meets(json!({"objects": ["contact"]}), json!({"objects": ["account"]})));
    assert!(!meets(
        json!({"fields": {"account": ["name"]}}),
        json!({"fields": {"account": ["phone"]}})
    ));
    assert!(!meets(json!({"fields": {"account": ["name"]}}), json!({"layers": ["record"]})));
    assert!(!meets(json!({"actions": ["read"]}), json!({"actions": ["edit"]})));
    assert!(
        meets(json!({"users": ["user:a"]}), json!({"users": ["user:b"]})),
        "the scope is off either way"
    );
    let (a, b) = (audience(&["a"]), audience(&["b"]));
    let set = elevation("set:x");
    assert!(!overlap((&set, &a), (&set, &b)));
    assert!(overlap((&set, &a), (&set, &a)));
    assert!(!overlap((&set, &a), (&usual().effect, &a)));
}

#[test]
fn the_second_of_two_windows_has_to_have_seen_the_first() {
    let mut scene = Scene::new();
    let mut request = scene.armed(usual(), &["bob"]);
    scene.windows.push(window("w-0", &usual(), NOW, NOW.plus(Span::minutes(5))));
    assert_eq!(code(scene.act(&mut request, "ann", open())), "overlap_unseen");
    assert_eq!(code(scene.act(&mut request, "ann", scene.preview())), "overlap_unseen");
    let Event::Preview(seen) = scene.preview() else { panic!() };
    let seen = PreviewEvidence { overlapping: BTreeSet::from(["w-0".into()]), ..seen };
    scene.act(&mut request, "ann", Event::Preview(seen)).unwrap();
}

#[test]
fn an_extension_is_a_new_request_and_loses_against_a_closing() {
    let mut scene = Scene::new();
    scene.windows.push(window("w-0", &usual(), NOW, NOW.plus(Span::minutes(30))));
    let longer = Wanted { extends: Some("w-0".into()), ..usual() };
    let mut request = scene.armed(longer.clone(), &["bob"]);
    scene.windows[0].standing = Standing::Over(ClosedBy::Hand);
    assert_eq!(code(scene.act(&mut request, "ann", open())), "extended_is_closed");
    scene.windows[0].standing = Standing::Open;
    let contacts = suspension(json!({"objects": ["contact"]}));
    assert_eq!(code(scene.draft(Wanted { effect: contacts, ..longer.clone() })), "extends_other");
    assert_eq!(
        code(scene.draft(Wanted { extends: Some("none".into()), ..longer })),
        "extended_is_closed"
    );
    scene.act(&mut request, "ann", open()).unwrap();
}

#[test]
fn closing_a_window_takes_along_what_carries_it_on() {
    let opened = |id: &str| Opened {
        overlay: id.into(),
        by: "ann".into(),
        starts: NOW,
        ends: NOW,
        approved_by: Vec::new(),
        in_spite_of: BTreeSet::new(),
    };
    let windows = [
        (opened("a"), None),
        (opened("b"), Some("a".into())),
        (opened("c"), Some("b".into())),
        (opened("d"), None),
    ];
    let (a, c, d) = ("a".into(), "c".into(), "d".into());
    assert_eq!(
        closed_together(&a, &windows).into_iter().map(OverlayId::as_str).collect::<Vec<_>>(),
        ["b", "c"]
    );
    assert!(closed_together(&c, &windows).is_empty());
    assert!(closed_together(&d, &windows).is_empty());
}

#[test]
fn an_emergency_is_short_narrow_fresh_and_blocked_until_the_last_is_reviewed() {
    let mut scene = Scene::new();
    let of = |length| Wanted { length: Some(Span::minutes(length)), ..emergency() };
    assert_eq!(code(scene.draft(of(16))), "too_long");
    for scope in [
        json!({}),
        json!({"layers": ["record"]}),
        json!({"objects": ["account"], "bulk": true}),
        json!({"objects": ["account"], "protected_classes": ["sensitive"]}),
        json!({"objects": ["account", "contact"]}),
    ] {
        let wanted = Wanted { effect: suspension(scope.clone()), ..emergency() };
        assert_eq!(code(scene.draft(wanted)), "emergency_too_wide", "{scope}");
    }
    let mut everybody = emergency();
    everybody.audience.users = BTreeSet::from(["internal".parse().unwrap()]);
    assert_eq!(code(scene.draft(everybody)), "emergency_too_wide");
    assert_eq!(
        code(scene.draft(Wanted { survives_reboot: true, ..emergency() })),
        "emergency_too_lasting"
    );
    let mut request = scene.armed(emergency(), &[]);
    assert_eq!(code(scene.act(&mut request, "ann", open())), "step_up");
    assert_eq!(code(scene.act(&mut request, "bob", open())), "emergency_opener");
    scene.account("ann").stepped_up = Some(NOW.plus(Span::minutes(-5)));
    assert_eq!(code(scene.act(&mut request, "ann", open())), "step_up");
    scene.account("ann").stepped_up = Some(NOW.plus(Span::minutes(-4)));
    scene.emergency = Some(RequestId::new("r-0"));
    assert_eq!(code(scene.act(&mut request, "ann", open())), "emergency_not_reviewed");
    assert_eq!(code(scene.draft(emergency())), "emergency_not_reviewed");
    scene.emergency = None;
    let outcome = scene.act(&mut request, "ann", open()).unwrap();
    assert_eq!(outcome.notices, [NoticeKind::EmergencyOpened]);
    assert_eq!(
        outcome.overlay.unwrap().ends,
        NOW.plus(Span::minutes(15)),
        "the usual length is held at 15 minutes"
    );
}

#[test]
fn an_emergency_opens_although_receivers_of_notices_are_silent_and_nothing_else() {
    let mut scene = Scene::new();
    let mut request = scene.armed(emergency(), &[]);
    let mut usually = scene.armed(usual(), &["bob"]);
    scene.account("ann").stepped_up = Some(NOW);
    let all = [
        Hindrance::SafeMode,
        Hindrance::NoReserve,
        Hindrance::LedgerBehind,
        Hindrance::Migration,
        Hindrance::NoKey,
    ];
    for hindrance in all {
        scene.hindrances = BTreeSet::from([hindrance, Hindrance::NoticesBehind]);
        let refused = scene.act(&mut request, "ann", open()).unwrap_err();
        assert_eq!(refused, Rule::Hindered { hindrance });
    }
    let hindrance = Hindrance::NoticesBehind;
    scene.hindrances = BTreeSet::from([hindrance]);
    let refused = scene.act(&mut usually, "ann", open()).unwrap_err();
    assert_eq!(refused, Rule::Hindered { hindrance });
    scene.act(&mut request, "ann", open()).unwrap();
    assert_eq!(request.opened.unwrap().in_spite_of, BTreeSet::from([hindrance]));
}

#[test]
fn who_took_part_does_not_sign_off() {
    let mut scene = Scene::new();
    let mut request = scene.armed(usual(), &["bob"]);
    scene.act(&mut request, "dan", open()).unwrap();
    scene.act(&mut request, "ann", close()).unwrap();
    scene.act(&mut request, "", report(&scene)).unwrap();
    for by in ["ann", "ann2", "dan"] {
        assert_eq!(code(scene.act(&mut request, by, review())), "reviewer_took_part", "{by}");
    }
    let empty = Event::Review { verdict: Verdict::Findings, words: " ".to_owned() };
    assert_eq!(code(scene.act(&mut request, "cai", empty)), "no_words");
    scene.act(&mut request, "bob", review()).unwrap();
    let mut alone = Scene::new();
    alone.settings.approvals.usual = ApprovalPolicy::None;
    let mut request = alone.armed(usual(), &[]);
    for event in [open(), close(), report(&alone), review()] {
        alone.act(&mut request, "ann", event).unwrap();
    }
}

#[test]
fn a_no_and_a_withdrawal_end_the_request() {
    let mut scene = Scene::new();
    let no = || Event::Refuse { words: "too wide".to_owned() };
    let mut request = scene.armed(usual(), &["bob"]);
    assert_eq!(code(scene.act(&mut request, "ann", no())), "may_not");
    assert_eq!(code(scene.act(&mut request, "eve", no())), "may_not");
    scene.act(&mut request, "cai", no()).unwrap();
    assert_eq!(request.state, State::Refused);
    assert_eq!(code(scene.act(&mut request, "ann", open())), "not_in_state");
    let mut request = scene.backed_up(usual());
    scene.act(&mut request, "ann", Event::Withdraw { words: String::new() }).unwrap();
    assert_eq!(code(scene.approve(&mut request, "bob")), "not_in_state");
}

fn overlay(scene: &mut Scene) -> Overlay {
    let mut request = scene.armed(usual(), &["bob"]);
    scene.act(&mut request, "ann", open()).unwrap().overlay.unwrap()
}

#[test]
fn a_suspension_that_nobody_uses_closes_for_want_of_use() {
    let mut scene = Scene::new();
    let overlay = overlay(&mut scene);
    let idle = |scene: &Scene, last| ending(&overlay, Ok(()), &scene.node, &scene.settings, last);
    scene.pass(Span::minutes(19));
    assert_eq!(idle(&scene, None), None);
    scene.pass(Span::minutes(1));
    let end = idle(&scene, None).unwrap();
    assert_eq!((end.cause, end.at), (ClosedBy::Idle, scene.node.wall));
    assert!(end.closing().why.starts_with("idle: not used since "));
    assert_eq!(idle(&scene, Some(NOW.plus(Span::minutes(5)))), None);
    scene.settings.idle = None;
    assert_eq!(idle(&scene, None), None);
}

#[test]
fn every_end_has_its_cause() {
    let mut scene = Scene::new();
    let overlay = overlay(&mut scene);
    scene.pass(Span::minutes(30));
    let end = |verdict, scene: &Scene| {
        ending(&overlay, Err(verdict), &scene.node, &scene.settings, None).map(|end| end.cause)
    };
    assert_eq!(end(Dormant::Ended, &scene), Some(ClosedBy::Deadline));
    assert_eq!(end(Dormant::LengthUsedUp, &scene), Some(ClosedBy::Deadline));
    for alarm in [
        Dormant::BrokenSeal,
        Dormant::OtherIncarnation,
        Dormant::Rebooted,
        Dormant::ClockSetBack,
        Dormant::ClocksDisagree,
    ] {
        assert_eq!(end(alarm, &scene), Some(ClosedBy::Safety));
    }
    for unknown in
        [Dormant::StaleView, Dormant::NoJournal, Dormant::NotStarted, Dormant::NoBootClock]
    {
        assert_eq!(end(unknown, &scene), None);
    }
    scene.node.boot_clock = Some(Span(1_000));
    assert_eq!(end(Dormant::Ended, &scene), Some(ClosedBy::Safety), "somebody moved the clock");
}

#[test]
fn an_end_that_has_not_come_is_not_written() {
    let mut scene = Scene::new();
    let mut request = scene.armed(usual(), &["bob"]);
    let overlay = scene.act(&mut request, "ann", open()).unwrap().overlay.unwrap();
    let end = guan_engine::lifecycle::End {
        at: overlay.ends,
        cause: ClosedBy::Deadline,
        words: String::new(),
    };
    assert_eq!(code(scene.act(&mut request, "", Event::End(end.clone()))), "not_ended");
    scene.pass(Span::minutes(45));
    scene.act(&mut request, "", Event::End(end)).unwrap();
    let closed = request.closed.unwrap();
    assert_eq!((closed.at, closed.recorded), (overlay.ends, scene.node.wall));
}

#[test]
fn reminders_come_at_half_time_and_five_minutes_before_the_end() {
    let opened = |minutes| Opened {
        overlay: "w".into(),
        by: "ann".into(),
        starts: NOW,
        ends: NOW.plus(Span::minutes(minutes)),
        approved_by: Vec::new(),
        in_spite_of: BTreeSet::new(),
    };
    let at = |minutes| -> Vec<i64> {
        reminders(&opened(minutes)).iter().map(|notice| notice.at.since(NOW).0 / 60_000).collect()
    };
    assert_eq!(at(30), [15, 25]);
    assert_eq!(at(10), [5]);
}

#[test]
fn a_rule_is_called_the_same_in_every_form() {
    for rule in [
        Rule::StepUp,
        Rule::PolicyChanged,
        Rule::NotApproved { missing: 2 },
        Rule::TooShort { length: Span(0) },
    ] {
        let json = serde_json::to_value(&rule).unwrap();
        assert_eq!(json["rule"], rule.code());
        assert!(Rule::CODES.contains(&rule.code()));
    }
    let mut codes = Rule::CODES.to_vec();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), Rule::CODES.len());
}
