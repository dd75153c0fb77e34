//! Shadows: a draft is evaluated beside what is in force, what differs is kept, and no answer is another for it.

use std::collections::BTreeMap;

use guan_engine::Engine;
use guan_engine::answer::Decision;
use guan_engine::ask::{Extent, Request, Session, Target};
use guan_engine::lifecycle::Wanted;
use guan_engine::model::{
    Action, Audience, Moment, OrganizationId, Others, OverlayEffect, Policy, Principal, RecordKey,
    Span, SuspensionScope,
};
use guan_engine::question::ListQuery;
use guan_store::{
    Caller, Change, DraftEntity, DraftKey, EntityKind, Gate, Recording, RecordsChange, SHADOW_DAYS,
    SHADOWS_MAX, ShadowChange, ShadowDraft, ShadowReport, WriteError,
};

use crate::world::{World, account, caller, check, empty, org, request, world};

fn start(world: &World, gate: &Gate, organization: &OrganizationId, id: &str, draft: ShadowDraft) {
    started(world, gate, organization, id, (draft, Span::minutes(60))).unwrap();
}

fn started(
    world: &World,
    gate: &Gate,
    organization: &OrganizationId,
    id: &str,
    (draft, length): (ShadowDraft, Span),
) -> Result<(), WriteError> {
    let ends = world.clock.wall.plus(length);
    let (id, reason) = (id.to_owned(), "to see".to_owned());
    let change = ShadowChange::Start { id, draft, ends, reason };
    let organization = organization.clone();
    gate.write(&caller(), &world.clock, Change::ChangeShadow { organization, change }).map(|_| ())
}

fn stop(world: &World, gate: &Gate, id: &str) -> Result<(), WriteError> {
    let change = ShadowChange::Stop { id: id.to_owned() };
    let change = Change::ChangeShadow { organization: org(), change };
    gate.write(&Caller::local("boss"), &world.clock, change).map(|_| ())
}

fn report(world: &World, gate: &Gate, organization: &OrganizationId, id: &str) -> ShadowReport {
    let now = world.clock.wall;
    gate.read(|reader| reader.shadow_report(organization, id, now)).unwrap().unwrap()
}

fn ask(world: &World, gate: &Gate, subject: &str, id: &str) -> Decision {
    let session = Session::new("acme", subject, world.clock.wall);
    let request =
        Request::new(session, Action::Read, Target::Record(RecordKey::new("Account", id)));
    let recording = Recording::WouldDenies;
    gate.decide(&caller(), &world.clock, &request, recording, check).unwrap().decision
}

/// Nobody reads accounts any more.
fn without_readers() -> ShadowDraft {
    let assignment = DraftKey { kind: EntityKind::Assignment, id: "as-1".into() };
    ShadowDraft::Policy { revision: 2, put: vec![], remove: vec![assignment] }
}

fn window() -> ShadowDraft {
    let request = request();
    let wanted = Wanted::new(request.effect, request.audience, request.reason);
    ShadowDraft::Window { wanted: Box::new(wanted) }
}

#[test]
fn a_draft_policy_tells_who_would_lose_what_and_by_what_they_have_it() {
    let mut world = world();
    let gate = world.gate();
    start(&world, &gate, &org(), "s-1", without_readers());
    ask(&world, &gate, "anna", "a-1");
    assert_eq!(gate.evaluate_shadows(&world.clock).unwrap(), 0, "nobody watched yet");
    for id in ["a-1", "a-2", "a-1"] {
        assert!(ask(&world, &gate, "anna", id).is_allowed());
        assert!(!ask(&world, &gate, "bo", id).is_allowed());
    }
    assert_eq!(gate.evaluate_shadows(&world.clock).unwrap(), 6);
    let seen = report(&world, &gate, &org(), "s-1");
    assert!(seen.running);
    assert_eq!((seen.tally.evaluated, seen.tally.differing, seen.tally.dropped), (6, 3, 0));
    let one = &seen.differences[0];
    assert_eq!(
        (one.user.as_str(), one.live.as_str(), one.draft.as_str()),
        ("anna", "allow", "no_grant")
    );
    assert_eq!((one.rule.as_str(), one.times), ("scope", 3));
    assert_eq!(one.sample.as_ref().unwrap().as_str(), "a-1");
    assert_eq!((seen.by_user[0].count, seen.by_object[0].count, seen.by_rule[0].count), (3, 3, 3));
    ask(&world, &gate, "anna", "a-3");
    gate.evaluate_shadows(&world.clock).unwrap();
    assert_eq!(report(&world, &gate, &org(), "s-1").differences[0].times, 4);
}

#[test]
fn a_draft_window_tells_who_would_be_let_through_and_lets_nobody_through() {
    let mut world = world();
    let gate = world.gate();
    start(&world, &gate, &org(), "s-1", window());
    gate.evaluate_shadows(&world.clock).unwrap();
    assert_eq!(
        ask(&world, &gate, "bo", "a-2"),
        Decision::Deny { refusal: guan_engine::answer::Refusal::NoGrant }
    );
    gate.evaluate_shadows(&world.clock).unwrap();
    let seen = report(&world, &gate, &org(), "s-1");
    let one = &seen.differences[0];
    assert_eq!(
        (one.live.as_str(), one.draft.as_str(), one.rule.as_str()),
        ("no_grant", "relaxed", "overlay:shadow:s-1")
    );
    // No window stands, and nothing was recorded as relaxed.
    assert!(gate.view(&org()).unwrap().overlays().is_empty());
}

#[test]
fn lists_are_compared_record_by_record_in_both_directions() {
    let mut world = world();
    let gate = world.gate();
    start(&world, &gate, &org(), "loses", without_readers());
    start(&world, &gate, &org(), "gains", window());
    gate.evaluate_shadows(&world.clock).unwrap();
    let query = ListQuery::first("Account", 10);
    for subject in ["anna", "bo"] {
        let session = Session::new("acme", subject, world.clock.wall);
        gate.list(&caller(), &world.clock, &session, &Action::Read, &query).unwrap().page.ok();
    }
    gate.evaluate_shadows(&world.clock).unwrap();
    let told = |id| {
        let seen = report(&world, &gate, &org(), id);
        let one = &seen.differences[0];
        (seen.differences.len(), one.user.to_string(), one.times)
    };
    assert_eq!(told("loses"), (1, "anna".to_owned(), 3));
    assert_eq!(told("gains"), (1, "bo".to_owned(), 3));
}

#[test]
fn a_draft_follows_the_records_that_come_and_go() {
    let mut world = world();
    let gate = world.gate();
    start(&world, &gate, &org(), "s-1", without_readers());
    gate.evaluate_shadows(&world.clock).unwrap();
    ask(&world, &gate, "anna", "a-1");
    gate.evaluate_shadows(&world.clock).unwrap();
    let put =
        Change::PutRecords { organization: org(), records: vec![account("a-9")], under: None };
    gate.write(&caller(), &world.clock, put).unwrap();
    let key = RecordKey::new("Account", "a-1");
    let gone = Change::DeleteRecord { organization: org(), key, under: None };
    gate.write(&caller(), &world.clock, gone).unwrap();
    ask(&world, &gate, "anna", "a-9");
    ask(&world, &gate, "anna", "a-1");
    gate.evaluate_shadows(&world.clock).unwrap();
    let seen = report(&world, &gate, &org(), "s-1");
    assert_eq!((seen.tally.evaluated, seen.tally.differing), (3, 2));
}

#[test]
fn a_shadow_that_was_stopped_or_is_over_is_evaluated_no_more() {
    let mut world = world();
    let gate = world.gate();
    start(&world, &gate, &org(), "s-1", window());
    start(&world, &gate, &org(), "s-2", window());
    gate.evaluate_shadows(&world.clock).unwrap();
    stop(&world, &gate, "s-1").unwrap();
    assert!(matches!(stop(&world, &gate, "s-1"), Err(WriteError::ShadowOver { .. })));
    assert!(matches!(stop(&world, &gate, "s-7"), Err(WriteError::UnknownCredential { .. })));
    ask(&world, &gate, "bo", "a-1");
    assert_eq!(gate.evaluate_shadows(&world.clock).unwrap(), 1);
    let seen = report(&world, &gate, &org(), "s-1");
    assert_eq!((seen.running, seen.tally.evaluated), (false, 0));
    assert_eq!(seen.shadow.stopped_by.as_deref(), Some("boss"));
    world.later(Span::minutes(60));
    ask(&world, &gate, "bo", "a-1");
    assert_eq!(gate.evaluate_shadows(&world.clock).unwrap(), 0);
    assert!(!report(&world, &gate, &org(), "s-2").running);
}

#[test]
fn a_shadow_is_refused_that_lasts_too_long_is_one_too_many_or_does_not_fit() {
    let mut world = world();
    let gate = world.gate();
    let days = Span::minutes(SHADOW_DAYS * 24 * 60);
    for length in [Span(0), Span(days.0 + 1)] {
        let refused = started(&world, &gate, &org(), "s-1", (window(), length));
        assert!(matches!(refused, Err(WriteError::ShadowLength { .. })));
    }
    let nobody = match window() {
        ShadowDraft::Window { wanted } => {
            let wanted = Wanted { audience: Audience::default(), ..*wanted };
            ShadowDraft::Window { wanted: Box::new(wanted) }
        }
        other @ ShadowDraft::Policy { .. } => other,
    };
    let refused = started(&world, &gate, &org(), "s-1", (nobody, days));
    assert!(matches!(refused, Err(WriteError::Problems(_))));
    let content = serde_json::json!({ "what": "set:gone", "to": "user:bo" });
    let put = DraftEntity { kind: EntityKind::Assignment, id: "as-2".into(), content };
    let draft = ShadowDraft::Policy { revision: 2, put: vec![put], remove: vec![] };
    let refused = started(&world, &gate, &org(), "s-1", (draft, days));
    assert!(matches!(refused, Err(WriteError::Problems(_))), "{refused:?}");
    for number in 0..SHADOWS_MAX {
        started(&world, &gate, &org(), &format!("s-{number}"), (window(), days)).unwrap();
    }
    let refused = started(&world, &gate, &org(), "s-9", (window(), days));
    assert!(matches!(refused, Err(WriteError::ShadowsRunning { .. })));
}

/// An installation with one random organization.
fn random(seed: u64) -> (World, guan_testkit::world::World) {
    let random = guan_testkit::world::World::random(seed);
    let mut world = empty();
    let organization = random.policy.organization.clone();
    world.write(&Change::CreateOrganization { organization, reason: "start".into() });
    world.write(&Change::ReplacePolicy {
        policy: Box::new(random.policy.clone()),
        expected: 1,
        records: RecordsChange::Replace(random.records.clone()),
        reason: "start".into(),
    });
    (world, random)
}

/// Questions at the moment of the world; their own overlays are left out.
fn questions(random: &guan_testkit::world::World, at: Moment) -> Vec<Request<'static>> {
    let organization = &random.policy.organization.id;
    let all = random.requests(3, 80).into_iter();
    let inside = all.filter(|request| request.session.organization == *organization);
    inside
        .map(|request| {
            let mut session =
                Session::new(organization.clone(), request.session.subject.clone(), at);
            session.address = request.session.address;
            Request {
                session,
                action: request.action,
                on: request.on,
                fields: request.fields,
                extent: Extent::Single,
            }
        })
        .collect()
}

/// Every second assignment taken out.
fn poorer(policy: &Policy) -> (Vec<DraftKey>, Policy) {
    let mut after = policy.clone();
    let mut remove = Vec::new();
    for id in policy.assignments.keys().step_by(2) {
        after.assignments.remove(id);
        remove.push(DraftKey { kind: EntityKind::Assignment, id: id.to_string() });
    }
    (remove, after)
}

fn everything_off() -> ShadowDraft {
    let scope = SuspensionScope::default();
    let effect = OverlayEffect::Suspension { scope, others: Others::Enforced };
    let everyone: Principal = "everyone".parse().unwrap();
    let audience = Audience { users: [everyone].into(), networks: vec![] };
    ShadowDraft::Window { wanted: Box::new(Wanted::new(effect, audience, "a reason")) }
}

#[test]
fn no_answer_is_another_with_shadows_on_and_what_differs_is_what_checks_say() {
    let mut differing = 0;
    for seed in 0..12 {
        let (mut world, random) = random(seed);
        let organization = random.policy.organization.id.clone();
        let gate = world.gate();
        let asked = questions(&random, world.clock.wall);
        let answer = |request: &Request<'static>| {
            let recording = Recording::WouldDenies;
            gate.decide(&caller(), &world.clock, request, recording, check).unwrap().decision
        };
        let without: Vec<Decision> = asked.iter().map(answer).collect();
        let (remove, after) = poorer(&random.policy);
        let draft = ShadowDraft::Policy { revision: 2, put: vec![], remove };
        start(&world, &gate, &organization, "policy", draft);
        start(&world, &gate, &organization, "window", everything_off());
        gate.evaluate_shadows(&world.clock).unwrap();
        let with: Vec<Decision> = asked.iter().map(answer).collect();
        assert_eq!(without, with, "seed {seed}");
        gate.evaluate_shadows(&world.clock).unwrap();
        let draft = Engine::load(after, random.records.clone()).unwrap();
        let mut expected: BTreeMap<(String, String, String), u64> = BTreeMap::new();
        for (request, live) in asked.iter().zip(&with) {
            if draft.check(request).is_allowed() != live.is_allowed() {
                let key = (
                    request.session.subject.to_string(),
                    request.on.object().to_string(),
                    request.action.to_string(),
                );
                *expected.entry(key).or_default() += 1;
            }
        }
        let seen = report(&world, &gate, &organization, "policy");
        assert_eq!(seen.tally.evaluated, asked.len() as u64);
        let mut told: BTreeMap<(String, String, String), u64> = BTreeMap::new();
        for one in &seen.differences {
            let key = (one.user.to_string(), one.object.to_string(), one.action.to_string());
            *told.entry(key).or_default() += one.times;
        }
        assert_eq!(told, expected, "seed {seed}");
        differing +=
            seen.tally.differing + report(&world, &gate, &organization, "window").tally.differing;
    }
    assert!(differing > 50, "{differing}");
}

#[test]
fn starting_and_stopping_leave_one_row_each_and_evaluating_none() {
    let mut world = world();
    let gate = world.gate();
    let rows = || gate.read(|reader| reader.ledger_tip("acme")).unwrap().unwrap().size;
    let before = rows();
    start(&world, &gate, &org(), "s-1", window());
    assert_eq!(rows(), before + 1);
    gate.evaluate_shadows(&world.clock).unwrap();
    ask(&world, &gate, "bo", "a-1");
    gate.evaluate_shadows(&world.clock).unwrap();
    assert_eq!(rows(), before + 1);
    stop(&world, &gate, "s-1").unwrap();
    assert_eq!(rows(), before + 2);
}
