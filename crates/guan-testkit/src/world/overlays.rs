//! Suspensions, elevations and disablements in every state, and nodes that know this or that.

use super::permissions::{assigned, giving_sets};
use super::random::Random;
use super::words::{FIELDS, NOON, action, fields, network, principals};
use guan_engine::activity::{Journal, NodeFacts, OverlayRow, Seal};
use guan_engine::model::{
    Audience, Closing, Disabled, FieldClass, FieldId, Floor, Layer, Moment, ObjectId, Opening,
    OrganizationId, Others, Overlay, OverlayEffect, OverlayId, Policy, Span, SuspensionScope,
    UserId,
};
use std::collections::{BTreeMap, BTreeSet};

const BOOT: &str = "boot-1";
const INCARNATION: u64 = 3;

/// When overlays were opened: one hour before [`NOON`], an hour after the machine was started.
const OPENED: Moment = Moment(NOON.0 - 3_600_000);

/// Overlays in the order of their ids.
pub(super) fn overlays(random: &mut Random, policy: &Policy) -> Vec<OverlayRow> {
    (0..random.below(8)).filter_map(|at| row(random, policy, at)).collect()
}

/// What nodes may know; the first one is well.
pub(super) fn nodes(policy: &Policy) -> Vec<NodeFacts> {
    let well = NodeFacts {
        organization: policy.organization.id.clone(),
        wall: NOON,
        boot_clock: Some(Span::minutes(120)),
        boot_id: Some(BOOT.to_owned()),
        high_water: NOON,
        view_age: Span::seconds(1),
        lease: Span::seconds(10),
        tolerance: Span::seconds(2),
        incarnation: INCARNATION,
        journal: Journal::Durable,
    };
    let with = |change: &dyn Fn(&mut NodeFacts)| {
        let mut facts = well.clone();
        change(&mut facts);
        facts
    };
    vec![
        with(&|_| {}),
        with(&|facts| facts.wall = Moment(NOON.0 - 1)),
        with(&|facts| facts.boot_clock = None),
        with(&|facts| facts.boot_id = Some("boot-2".to_owned())),
        with(&|facts| facts.high_water = NOON.plus(Span::minutes(1))),
        with(&|facts| facts.view_age = Span::seconds(10)),
        with(&|facts| facts.incarnation = INCARNATION + 1),
        with(&|facts| facts.journal = Journal::Unavailable),
        with(&|facts| facts.boot_clock = Some(Span::minutes(130))),
        with(&|facts| facts.boot_clock = Some(Span::minutes(600))),
        with(&|facts| facts.organization = OrganizationId::from("other")),
    ]
}

fn row(random: &mut Random, policy: &Policy, at: usize) -> Option<OverlayRow> {
    let closing = Closing { at: OPENED.plus(Span::minutes(5)), why: "by_hand".to_owned() };
    Some(OverlayRow {
        id: OverlayId::new(format!("over{at}")),
        overlay: overlay(random, policy)?,
        seal: if random.happens(6) { Seal::Broken } else { Seal::Verified },
        closing: random.maybe(8, |_| closing),
        superseded: random.happens(6),
    })
}

fn overlay(random: &mut Random, policy: &Policy) -> Option<Overlay> {
    let effect = match random.below(10) {
        0..5 => OverlayEffect::Suspension {
            scope: scope(random, policy),
            others: if random.happens(12) { Others::LockedOut } else { Others::Enforced },
        },
        5 | 6 => OverlayEffect::Elevation { set: assigned(random, policy)? },
        _ => OverlayEffect::Disablement { what: disabled(random, policy)? },
    };
    let (starts, ends) = match random.below(10) {
        0 => (NOON.plus(Span::minutes(1)), NOON.plus(Span::minutes(30))),
        1 => (NOON, NOON.plus(Span::minutes(30))),
        2 => (OPENED, NOON),
        _ => (OPENED, NOON.plus(Span::minutes(60))),
    };
    Some(Overlay {
        organization: match random.below(20) {
            0 => OrganizationId::from("other"),
            _ => policy.organization.id.clone(),
        },
        audience: audience(random, policy, &effect),
        effect,
        starts,
        ends,
        reason: "a reason".to_owned(),
        ticket: None,
        legal_basis: None,
        survives_reboot: random.happens(30),
        floor: floor(random, policy),
        opened: Opening {
            wall: OPENED,
            boot_clock: Span::minutes(60),
            boot_id: random.one(BOOT, &[BOOT, BOOT, BOOT, BOOT, BOOT, "boot-0"]).to_owned(),
            incarnation: random.one(INCARNATION, &[INCARNATION, INCARNATION, INCARNATION, 2]),
        },
    })
}

/// A suspension names users or networks, an elevation users; a disablement may name nobody.
fn audience(random: &mut Random, policy: &Policy, effect: &OverlayEffect) -> Audience {
    let users = principals(random, policy, 3);
    let networks: Vec<_> = network(random).into_iter().collect();
    match (effect, random.below(3)) {
        (OverlayEffect::Suspension { .. }, 0) => Audience { users: BTreeSet::new(), networks },
        (OverlayEffect::Disablement { .. }, 0) => Audience::default(),
        (_, 1) => Audience { users, networks },
        _ => Audience { users, networks: Vec::new() },
    }
}

fn scope(random: &mut Random, policy: &Policy) -> SuspensionScope {
    let layers = [Layer::Object, Layer::Record, Layer::Field];
    let classes = [FieldClass::Sensitive, FieldClass::Protected];
    let mut scope = SuspensionScope::default();
    if random.happens(30) {
        scope.objects = random.keys(&policy.objects, 50);
    }
    if random.happens(20) {
        scope.fields = fields_of_objects(random, policy);
    }
    if random.happens(30) {
        scope.layers = random.some(&layers, 50);
    }
    if random.happens(20) {
        scope.restrictions = random.keys(&policy.restrictions, 60);
    }
    if random.happens(15) {
        scope.sets = random.some(&giving_sets(policy), 40);
    }
    if random.happens(15) {
        scope.users = principals(random, policy, 2);
    }
    if random.happens(20) {
        scope.actions = (0..3).map(|_| action(random, policy)).collect();
    }
    if !scope.restrictions.is_empty() && !scope.layers.is_empty() {
        scope.layers.insert(random.one(Layer::Record, &[Layer::Field]));
    } else if !scope.fields.is_empty() && !scope.layers.is_empty() {
        scope.layers.insert(Layer::Field);
    }
    scope.protected_classes = random.some(&classes, 20);
    scope.bulk = random.happens(40);
    scope
}

fn fields_of_objects(
    random: &mut Random,
    policy: &Policy,
) -> BTreeMap<ObjectId, BTreeSet<FieldId>> {
    let objects = random.keys(&policy.objects, 60);
    objects.into_iter().map(|object| (object, some_fields(random))).collect()
}

/// At least one field.
fn some_fields(random: &mut Random) -> BTreeSet<FieldId> {
    let mut fields = fields(random, 40);
    fields.insert(FieldId::from(random.one("f0", &FIELDS)));
    fields
}

fn floor(random: &mut Random, policy: &Policy) -> Floor {
    let mut floor = Floor::default();
    if random.happens(10) {
        floor.objects = random.keys(&policy.objects, 30);
    }
    if random.happens(20) {
        floor.fields = fields_of_objects(random, policy);
    }
    if random.happens(15) {
        floor.actions.insert(action(random, policy));
    }
    floor
}

fn disabled(random: &mut Random, policy: &Policy) -> Option<Disabled> {
    Some(match random.below(8) {
        0 => Disabled::Set(random.any(&giving_sets(policy))?),
        1 => Disabled::SetGroup(random.key(&policy.set_groups)?),
        2 => Disabled::Assignment(random.key(&policy.assignments)?),
        3 | 4 => Disabled::Rule(random.key(&policy.rules)?),
        5 | 6 => {
            let user: UserId = random.key(&policy.users)?;
            let placements = &policy.users.get(&user)?.placements;
            Disabled::Placement { node: random.any(placements)?.node, user }
        }
        _ => Disabled::User(random.key(&policy.users)?),
    })
}
