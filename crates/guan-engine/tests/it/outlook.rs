//! The preview of a window agrees with checks on both sides, and its estimate with the error that it states.

use crate::run::{load, worlds};
use guan_engine::Engine;
use guan_engine::activity::{OverlayRow, Seal, Standing};
use guan_engine::answer::Decision;
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{
    Action, Audience, Disabled, FieldId, ObjectId, Others, OverlayEffect, OverlayId, Principal,
    RecordId, SuspensionScope, UserId,
};
use guan_engine::question::{Estimate, Outlook, Prospect, Shift, UserShift};
use guan_testkit::world::World;
use std::collections::{BTreeMap, BTreeSet};

/// The overlays of a world that could open now, each as the new one beside the others.
fn prospects(world: &World) -> Vec<(Vec<OverlayRow>, OverlayRow)> {
    let acting = |row: &OverlayRow| {
        let mut row = row.clone();
        row.seal = Seal::Verified;
        (row.closing, row.superseded) = (None, false);
        row.overlay.organization = world.policy.organization.id.clone();
        row.overlay.opened.incarnation = world.nodes[0].incarnation;
        row.overlay.opened.boot_id = world.nodes[0].boot_id.clone().unwrap();
        row.overlay.starts = row.overlay.opened.wall;
        row.overlay.ends = world.nodes[0].wall.plus(guan_engine::model::Span::minutes(30));
        row
    };
    let others = |at: usize| {
        let rest = world.overlays.iter().enumerate().filter(move |(other, _)| *other != at);
        rest.map(|(_, row)| row.clone()).collect()
    };
    (0..).zip(&world.overlays).map(|(at, row)| (others(at), acting(row))).collect()
}

/// Everything that one side allows one person: records by action, and fields of them.
#[derive(Default, PartialEq, Eq)]
struct Allowed {
    records: BTreeSet<(ObjectId, Action, RecordId)>,
    fields: BTreeSet<(ObjectId, Action, RecordId, FieldId)>,
    creates: BTreeSet<ObjectId>,
}

fn allowed(
    world: &World,
    session: &Session<'_>,
    actions: &[Action],
    decide: &dyn Fn(&Request<'_>) -> Decision,
) -> Allowed {
    let mut all = Allowed::default();
    for record in &world.records {
        for action in actions {
            let on = Target::Record(record.key());
            let mut request = Request::new(session.clone(), action.clone(), on);
            let (object, id) = (record.object.clone(), record.id.clone());
            if decide(&request).is_allowed() {
                all.records.insert((object.clone(), action.clone(), id.clone()));
            }
            if matches!(action, Action::Read | Action::Edit) {
                for field in world.policy.objects[&object].fields.keys() {
                    request.fields = vec![field.clone()];
                    if decide(&request).is_allowed() {
                        let (object, id) = (object.clone(), id.clone());
                        all.fields.insert((object, action.clone(), id, field.clone()));
                    }
                }
            }
        }
    }
    for object in world.policy.objects.keys() {
        let on = Target::Object(object.clone());
        if decide(&Request::new(session.clone(), Action::Create, on)).is_allowed() {
            all.creates.insert(object.clone());
        }
    }
    all
}

/// Holds what the preview says of one person to what both sides allow.
fn compare(shift: &UserShift, before: &Allowed, after: &Allowed, actions: &[Action], of: &str) {
    type Counts = BTreeMap<(ObjectId, Action), Shift>;
    let count = |gained: Vec<(ObjectId, Action)>, lost: Vec<(ObjectId, Action)>| {
        let mut counts = Counts::new();
        for key in gained {
            counts.entry(key).or_default().gained += 1;
        }
        for key in lost {
            counts.entry(key).or_default().lost += 1;
        }
        counts
    };
    let records = |one: &Allowed, other: &Allowed| {
        let only = one.records.difference(&other.records);
        only.map(|(object, action, _)| (object.clone(), action.clone())).collect()
    };
    let fields = |one: &Allowed, other: &Allowed| {
        let only = one.fields.difference(&other.fields);
        only.map(|(object, action, ..)| (object.clone(), action.clone())).collect()
    };
    let mut told = Counts::new();
    let mut cells = Counts::new();
    for object in &shift.objects {
        for action in &object.actions {
            assert!(actions.contains(&action.action));
            told.insert((object.object.clone(), action.action.clone()), action.records);
            for (samples, one, other) in
                [(&action.gained_samples, after, before), (&action.lost_samples, before, after)]
            {
                for id in samples {
                    let key = (object.object.clone(), action.action.clone(), id.clone());
                    assert!(one.records.contains(&key) && !other.records.contains(&key), "{of}");
                }
            }
            assert_eq!(action.gained_samples.len() as u64, action.records.gained.min(3), "{of}");
            assert_eq!(action.lost_samples.len() as u64, action.records.lost.min(3), "{of}");
        }
        for (action, shift) in [(Action::Read, object.readable), (Action::Edit, object.changeable)]
        {
            if !shift.is_none() {
                cells.insert((object.object.clone(), action), shift);
            }
        }
    }
    assert_eq!(told, count(records(after, before), records(before, after)), "{of}");
    assert_eq!(cells, count(fields(after, before), fields(before, after)), "{of}: fields");
    let creates: BTreeMap<&ObjectId, bool> = shift
        .objects
        .iter()
        .filter_map(|object| Some((&object.object, object.may_create?)))
        .collect();
    let gained = after.creates.difference(&before.creates).map(|id| (id, true));
    let lost = before.creates.difference(&after.creates).map(|id| (id, false));
    assert_eq!(creates, gained.chain(lost).collect(), "{of}: creating");
}

/// Previews every overlay of a world and holds it to `decide`; returns how many differences there were.
fn hold(
    world: &World,
    engine: &Engine,
    (before, row): &(Vec<OverlayRow>, OverlayRow),
    decide: &dyn Fn(&Request<'_>) -> Decision,
) -> u64 {
    let mut after = before.clone();
    after.push(row.clone());
    let node = &world.nodes[0];
    let prospect = Prospect {
        before: Standing::of(before, node),
        after: Standing::of(&after, node),
        overlay: row,
        at: node.wall,
    };
    let outlook = engine.outlook(prospect);
    let mut counter = outlook.counter();
    let shifts: Vec<UserShift> =
        outlook.order().into_iter().map(|at| counter.of(at, 3).unwrap()).collect();
    let by_user: BTreeMap<&UserId, &UserShift> =
        shifts.iter().map(|shift| (&shift.user, shift)).collect();
    let mut differences = 0;
    for user in world.policy.users.keys() {
        let of = format!("world {}: {} for {user}", world.seed, row.id);
        let nothing = UserShift {
            user: user.clone(),
            concerned: false,
            address: row
                .overlay
                .audience
                .networks
                .first()
                .map(guan_engine::model::AddressRange::first),
            objects: vec![],
        };
        let shift = by_user.get(user).copied().unwrap_or(&nothing);
        let organization = world.policy.organization.id.clone();
        let mut session = Session::new(organization, user.clone(), node.wall);
        session.address = shift.address;
        let side = |rows| {
            let session = session.clone().under(Standing::of(rows, node));
            allowed(world, &session, outlook.actions(), decide)
        };
        let (first, second) = (side(before), side(&after));
        differences += u64::from(first != second);
        compare(shift, &first, &second, outlook.actions(), &of);
    }
    differences
}

#[test]
fn an_exact_preview_is_the_difference_of_checks() {
    let mut differences = 0;
    for world in worlds(5) {
        let engine = load(&world);
        for prospect in prospects(&world) {
            differences += hold(&world, &engine, &prospect, &|request| engine.check(request));
        }
    }
    assert!(differences > 20, "{differences}");
}

#[test]
fn an_exact_preview_is_the_difference_of_what_the_reference_decides() {
    let mut differences = 0;
    for world in worlds(20) {
        let engine = load(&world);
        let reference = world.reference();
        for prospect in prospects(&world) {
            differences += hold(&world, &engine, &prospect, &|request| reference.decide(request));
        }
    }
    assert!(differences > 0);
}

/// The same overlay for everybody and with nothing beside it, so that it has much to say.
fn wide(world: &World, at: usize) -> OverlayRow {
    let effect = match at % 4 {
        0 => OverlayEffect::Suspension {
            scope: SuspensionScope::default(),
            others: Others::Enforced,
        },
        1 => OverlayEffect::Suspension {
            scope: SuspensionScope { actions: [Action::Read].into(), ..SuspensionScope::default() },
            others: Others::LockedOut,
        },
        2 => OverlayEffect::Elevation {
            set: format!("set:{}", world.policy.sets.keys().next().unwrap()).parse().unwrap(),
        },
        _ => OverlayEffect::Disablement {
            what: Disabled::Set(world.policy.sets.keys().next().unwrap().clone()),
        },
    };
    let everyone: Principal = if at % 4 == 1 {
        Principal::User(world.policy.users.keys().next().unwrap().clone())
    } else {
        "everyone".parse().unwrap()
    };
    let audience = Audience { users: [everyone].into(), networks: vec![] };
    let opened = world.nodes[0].wall;
    OverlayRow {
        id: OverlayId::new("new"),
        overlay: guan_engine::model::Overlay {
            organization: world.policy.organization.id.clone(),
            effect,
            audience,
            starts: opened,
            ends: opened.plus(guan_engine::model::Span::minutes(30)),
            reason: "a reason".into(),
            ticket: None,
            legal_basis: None,
            survives_reboot: false,
            floor: guan_engine::model::Floor::default(),
            opened: guan_engine::model::Opening {
                wall: opened,
                boot_clock: world.nodes[0].boot_clock.unwrap(),
                boot_id: world.nodes[0].boot_id.clone().unwrap(),
                incarnation: world.nodes[0].incarnation,
            },
        },
        seal: Seal::Verified,
        closing: None,
        superseded: false,
    }
}

/// Exact sums over all users: by object and action, readable and changeable fields.
fn exact(outlook: &Outlook<'_>) -> BTreeMap<(ObjectId, String), Shift> {
    let mut sums: BTreeMap<(ObjectId, String), Shift> = BTreeMap::new();
    let mut counter = outlook.counter();
    for shift in (0..outlook.users()).filter_map(|at| counter.of(at, 0)) {
        for object in shift.objects {
            let mut add = |name: &str, shift: Shift| {
                *sums.entry((object.object.clone(), name.to_owned())).or_default() += shift;
            };
            object.actions.iter().for_each(|action| add(action.action.name(), action.records));
            add("fields read", object.readable);
            add("fields edit", object.changeable);
        }
    }
    sums
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn holds(estimate: Estimate, truth: u64) -> bool {
    (estimate.about - truth as f64).abs() <= estimate.error + 1e-6
}

#[test]
fn an_estimate_errs_no_further_than_it_states_in_95_of_100_cases() {
    let (mut inside, mut all, mut sharp) = (0u32, 0u32, 0u32);
    for (at, world) in (0..).zip(worlds(1)) {
        if world.policy.sets.is_empty() {
            continue;
        }
        let engine = load(&world);
        let row = wide(&world, at);
        let (before, after, node) = (Vec::new(), vec![row.clone()], &world.nodes[0]);
        let prospect = Prospect {
            before: Standing::of(&before, node),
            after: Standing::of(&after, node),
            overlay: &row,
            at: node.wall,
        };
        let outlook = engine.outlook(prospect);
        let truth = exact(&outlook);
        let of = |object: &ObjectId, name: &str| {
            truth.get(&(object.clone(), name.to_owned())).copied().unwrap_or_default()
        };
        for object in outlook.estimate(400, world.seed) {
            if object.pairs == 0 {
                continue;
            }
            let actions = object
                .actions
                .iter()
                .map(|(action, gained, lost)| (of(&object.object, action.name()), *gained, *lost));
            let fields = [("fields read", object.readable), ("fields edit", object.changeable)]
                .map(|(name, (gained, lost))| (of(&object.object, name), gained, lost));
            for (truth, gained, lost) in actions.chain(fields) {
                for (estimate, truth) in [(gained, truth.gained), (lost, truth.lost)] {
                    all += 1;
                    inside += u32::from(holds(estimate, truth));
                    sharp += u32::from(truth > 0 && estimate.error < estimate.about);
                }
            }
        }
    }
    assert!(f64::from(inside) >= 0.95 * f64::from(all), "{inside} of {all}");
    assert!(sharp > all / 20, "only {sharp} of {all} say much");
}

#[test]
fn an_estimate_is_the_same_every_time() {
    let world = worlds(1).find(|world| !world.policy.sets.is_empty()).unwrap();
    let engine = load(&world);
    let row = wide(&world, 0);
    let (after, node) = (vec![row.clone()], &world.nodes[0]);
    let prospect = Prospect {
        before: Standing::of(&[], node),
        after: Standing::of(&after, node),
        overlay: &row,
        at: node.wall,
    };
    let outlook = engine.outlook(prospect);
    assert_eq!(outlook.estimate(200, 7), outlook.estimate(200, 7));
    assert_eq!(outlook.estimate_one(0, 50, 7), outlook.estimate_one(0, 50, 7));
}
