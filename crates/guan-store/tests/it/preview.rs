//! The preview of a window through the gate: document, evidence, denials asked again, estimates that say so.

use std::cell::Cell;
use std::sync::Arc;

use guan_engine::activity::{Journal, NodeFacts, OverlayRow, Seal, Standing};
use guan_engine::answer::Decision;
use guan_engine::ask::{Extent, Target};
use guan_engine::lifecycle::Wanted;
use guan_engine::model::{
    Action, Audience, FieldClass, Opening, Others, Overlay, OverlayEffect, OverlayId, Principal,
    Span, SuspensionScope,
};
use guan_store::{Change, DecisionRecord, Gate, PreviewMode, RecordsChange, WindowPreview};

use crate::world::{World, caller, empty, org, policy, request, world};

fn wanted() -> Wanted {
    let request = request();
    Wanted::new(request.effect, request.audience, request.reason)
}

fn preview(gate: &Gate, world: &World, wanted: &Wanted, mode: PreviewMode) -> WindowPreview {
    gate.preview_window(&world.clock, &org(), wanted, mode, &|_| {}).unwrap()
}

#[test]
fn an_exact_preview_names_people_records_fields_and_the_largest_gain() {
    let mut world = world();
    let gate = world.gate();
    let steps = Cell::new(0);
    let count = |progress: guan_store::Progress| {
        assert!(progress.done <= progress.total);
        steps.set(steps.get() + 1);
    };
    let mode = PreviewMode::Exact;
    let seen = gate.preview_window(&world.clock, &org(), &wanted(), mode, &count).unwrap();
    assert!(steps.get() > 0);
    assert_eq!(
        (seen.concerned, seen.looked_at, seen.gaining, seen.losing),
        (1, 1, Some(1), Some(0))
    );
    let object = &seen.objects[0];
    assert_eq!((object.object.as_str(), object.records), ("Account", 3));
    assert_eq!((object.readable.gained, object.changeable.gained), (3, 3));
    assert_eq!(object.creators.unwrap().gained, 1);
    let largest = seen.largest.as_ref().unwrap();
    assert_eq!((largest.user.as_str(), largest.records, largest.error), ("bo", 3, None));
    let person = &seen.people[0];
    assert_eq!(person.user.as_str(), "bo");
    assert_eq!(person.objects[0].actions[0].gained_samples.len(), 3);
    assert_eq!(seen.people_left_off, Some(0));
    assert!(seen.overlapping.is_empty() && seen.denials.looked_at == 0);
}

#[test]
fn the_evidence_of_a_preview_is_of_its_policy_and_of_its_own_bytes() {
    let mut world = world();
    let opened = world.open_window();
    let gate = world.gate();
    let seen = preview(&gate, &world, &wanted(), PreviewMode::Exact);
    let evidence = seen.evidence().unwrap();
    assert_eq!(evidence.policy, gate.read(|reader| reader.digest(&org(), 2)).unwrap().to_string());
    assert_eq!((evidence.at, evidence.revision), (world.clock.wall, 2));
    assert_eq!(evidence.overlapping, [opened.id].into());
    assert_eq!(seen.overlapping[0].reason, "cleaning up");
    // What the open window gives already is not gained once more.
    assert!(seen.objects.is_empty() && seen.largest.is_none());
    let text = serde_json::to_string(&seen).unwrap();
    let again: WindowPreview = serde_json::from_str(&text).unwrap();
    assert_eq!((&again, again.evidence().unwrap()), (&seen, evidence.clone()));
    let other = WindowPreview { looked_at: 7, ..seen };
    assert_ne!(other.evidence().unwrap().document, evidence.document);
}

#[test]
fn protected_fields_are_told_to_stay_closed_and_are_in_no_count() {
    let mut world = empty();
    let mut policy = policy();
    let object = policy.objects.get_mut("Account").unwrap();
    object.fields.get_mut("Name").unwrap().class = Some(FieldClass::Protected);
    fill(&mut world, &policy, vec![crate::world::account("a-1")]);
    let gate = world.gate();
    let seen = preview(&gate, &world, &wanted(), PreviewMode::Exact);
    let closed: Vec<_> = seen.closed_fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(closed, ["Name"]);
    assert_eq!(
        (seen.objects[0].readable.gained, seen.objects[0].actions[0].records.gained),
        (0, 1)
    );
}

#[test]
fn an_estimate_says_that_it_is_one_and_how_far_it_may_be_off() {
    let mut world = world();
    let gate = world.gate();
    let seen = preview(&gate, &world, &wanted(), PreviewMode::Estimate);
    assert_eq!(
        (seen.mode, seen.gaining, seen.people_left_off),
        (PreviewMode::Estimate, None, None)
    );
    let gained = seen.objects[0].actions[0].records;
    assert_eq!((gained.gained, gained.lost), (3, 0));
    assert!(gained.gained_error.is_some() && gained.lost_error.is_some());
    assert!(seen.largest.unwrap().error.is_some());
}

#[test]
fn a_window_that_does_not_fit_the_policy_has_no_preview() {
    let mut world = world();
    let gate = world.gate();
    let nobody = Wanted { audience: Audience::default(), ..wanted() };
    let mode = PreviewMode::Exact;
    let error = gate.preview_window(&world.clock, &org(), &nobody, mode, &|_| {}).unwrap_err();
    assert!(error.to_string().contains("cannot be kept"), "{error}");
}

/// An organization with this policy and these records.
fn fill(
    world: &mut World,
    policy: &guan_engine::model::Policy,
    records: Vec<guan_engine::model::Record>,
) {
    let organization = policy.organization.clone();
    world.write(&Change::CreateOrganization { organization, reason: "start".into() });
    world.write(&Change::ReplacePolicy {
        policy: Box::new(policy.clone()),
        expected: 1,
        records: RecordsChange::Replace(records),
        reason: "start".into(),
    });
}

/// Everything off for everybody, from where the denials came.
fn everything() -> Wanted {
    let scope = SuspensionScope::default();
    let effect = OverlayEffect::Suspension { scope, others: Others::Enforced };
    let everyone: Principal = "everyone".parse().unwrap();
    Wanted::new(effect, Audience { users: [everyone].into(), networks: vec![] }, "a reason")
}

#[test]
fn denials_asked_again_are_what_checks_with_the_window_say() {
    let mut allowed = 0;
    for seed in 0..12 {
        let random = guan_testkit::world::World::random(seed);
        let mut world = empty();
        fill(&mut world, &random.policy, random.records.clone());
        let organization = random.policy.organization.id.clone();
        let gate: Arc<Gate> = world.gate();
        let view = gate.view(&organization).unwrap();
        // The space for the records of windows is kept free when one opens.
        let facts = NodeFacts { journal: Journal::Durable, ..view.facts(&world.clock) };
        let mut denied = Vec::new();
        for mut request in random.requests(1, 60) {
            if request.session.organization != organization
                || matches!(request.on, Target::New { .. })
            {
                continue;
            }
            request.session.standing = None;
            request.extent = Extent::Single;
            request.session.at = world.clock.wall;
            request.fields.sort();
            request.fields.dedup();
            if let Decision::Deny { refusal } = view.engine().check(&request) {
                let decision = DecisionRecord::new(&request, Decision::Deny { refusal });
                let change = Change::RecordDenial { organization: organization.clone(), decision };
                gate.write(&caller(), &world.clock, change).unwrap();
                denied.push(request);
            }
        }
        let wanted = everything();
        let clock = &world.clock;
        let mode = PreviewMode::Exact;
        let seen = gate.preview_window(clock, &organization, &wanted, mode, &|_| {}).unwrap();
        let row = OverlayRow {
            id: OverlayId::new("w"),
            overlay: Overlay {
                organization: organization.clone(),
                effect: wanted.effect.clone(),
                audience: wanted.audience.clone(),
                starts: clock.wall,
                ends: clock.wall.plus(Span::minutes(30)),
                reason: "a reason".into(),
                ticket: None,
                legal_basis: None,
                survives_reboot: false,
                floor: wanted.floor.clone(),
                opened: Opening {
                    wall: clock.wall,
                    boot_clock: clock.boot_clock.unwrap(),
                    boot_id: clock.boot_id.clone().unwrap(),
                    incarnation: facts.incarnation,
                },
            },
            seal: Seal::Verified,
            closing: None,
            superseded: false,
        };
        let rows = [row];
        let would = denied.iter().filter(|request| {
            let session = request.session.clone().under(Standing::of(&rows, &facts));
            let request = guan_engine::ask::Request { session, ..(*request).clone() };
            view.engine().check(&request).is_allowed()
        });
        let would: Vec<_> = would.collect();
        assert_eq!(seen.denials.looked_at, denied.len() as u64, "seed {seed}");
        assert_eq!(seen.denials.allowed, would.len() as u64, "seed {seed}");
        let reads = would.iter().filter(|request| request.action == Action::Read).count() as u64;
        let told = seen.denials.by_action.iter().find(|one| one.name == "read");
        assert_eq!(told.map_or(0, |one| one.count), reads, "seed {seed}");
        allowed += would.len();
    }
    assert!(allowed > 30, "{allowed}");
}

#[test]
fn denials_that_are_older_than_the_stated_days_are_not_asked_again() {
    let mut world = world();
    let gate = world.gate();
    let session = guan_engine::ask::Session::new("acme", "bo", world.clock.wall);
    let on = Target::Record(guan_engine::model::RecordKey::new("Account", "a-1"));
    let request = guan_engine::ask::Request::new(session, Action::Read, on);
    let recording = guan_store::Recording::Denials;
    gate.decide(&caller(), &world.clock, &request, recording, crate::world::check).unwrap();
    world.later(Span::minutes(31 * 24 * 60));
    let count = |days| {
        let (wanted, org) = (wanted(), org());
        let over = gate.preview_window_over(
            &world.clock,
            (&org, &wanted),
            (PreviewMode::Exact, days),
            &|_| {},
        );
        over.unwrap().denials.allowed
    };
    assert_eq!((count(30), count(32)), (0, 1));
}
