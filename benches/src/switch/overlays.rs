//! Overlays in force: made as a store would hand them over, with a node at which they act.

use crate::measure::AT;
use crate::world::{OBJECT, World, role_principal, user};
use guan_engine::activity::{Journal, NodeFacts, OverlayRow, Seal};
use guan_engine::model::{
    Audience, Disabled, Floor, Opening, Organization, Others, Overlay, OverlayEffect, OverlayId,
    Principal, SetId, Span, SuspensionScope,
};

const BOOT: &str = "boot-1";
/// How long they last.
const LENGTH: Span = Span::minutes(60);

/// The facts of a node at which everything acts.
pub fn facts() -> NodeFacts {
    NodeFacts {
        organization: Organization::default().id,
        wall: AT.plus(Span::minutes(1)),
        boot_clock: Some(Span::minutes(601)),
        boot_id: Some(BOOT.to_owned()),
        high_water: AT,
        view_age: Span(0),
        lease: Span::seconds(10),
        tolerance: Span::seconds(2),
        incarnation: 1,
        journal: Journal::Durable,
    }
}

/// A suspension of one object for an audience.
pub fn suspension(object: &str) -> OverlayEffect {
    let objects = [object.into()].into();
    let scope = SuspensionScope { objects, ..SuspensionScope::default() };
    OverlayEffect::Suspension { scope, others: Others::Enforced }
}

fn row(
    number: usize,
    effect: OverlayEffect,
    users: impl IntoIterator<Item = Principal>,
) -> OverlayRow {
    let audience = Audience { users: users.into_iter().collect(), networks: Vec::new() };
    let overlay = Overlay {
        organization: Organization::default().id,
        effect,
        audience,
        starts: AT,
        ends: AT.plus(LENGTH),
        reason: "benchmark".to_owned(),
        ticket: None,
        legal_basis: None,
        survives_reboot: false,
        floor: Floor::default(),
        opened: Opening {
            wall: AT,
            boot_clock: Span::minutes(600),
            boot_id: BOOT.to_owned(),
            incarnation: 1,
        },
    };
    let id = OverlayId::new(format!("w-{number:03}"));
    OverlayRow { id, overlay, seal: Seal::Verified, closing: None, superseded: false }
}

/// The role on level 3 with the most people: the audience of the window that is looked at.
pub fn branch(world: &World) -> usize {
    let people = &world.people;
    let roles = people.starts[3]..people.starts[4];
    let many = |role: &usize| people.branches[1].get(*role).map_or(0, Vec::len);
    roles.max_by_key(many).unwrap_or(0)
}

/// So many overlays in force. The first suspends what has records for one branch of the tree; of the others, half are
/// suspensions of other objects for other branches, a quarter elevations of single people, a quarter sets and rules
/// taken from single people. Nobody of `spared` is among these.
pub fn rows(world: &World, count: usize, spared: &[usize]) -> Vec<OverlayRow> {
    let own = branch(world);
    let mut rows = vec![row(0, suspension(OBJECT), [role_principal(own, true)])];
    let roles: Vec<usize> =
        (world.people.starts[3]..world.people.starts[4]).filter(|role| *role != own).collect();
    let mut people = (0..world.scale.users).filter(|number| !spared.contains(number));
    for number in 1..count {
        let mut single = || people.next().map(|person| Principal::User(user(person)));
        let (effect, users) = match number % 4 {
            0 | 1 => {
                let object = format!("Object{:02}", 1 + number % 39);
                let role = roles[number % roles.len()];
                (suspension(&object), Some(role_principal(role, true)))
            }
            2 => {
                let set = guan_engine::model::Assigned::Set(SetId::from("s20"));
                (OverlayEffect::Elevation { set }, single())
            }
            _ => {
                let what = Disabled::Set(SetId::from("s21"));
                (OverlayEffect::Disablement { what }, single())
            }
        };
        rows.push(row(number, effect, users));
    }
    rows
}
