//! No revision takes the last one who can repair the policy; organizations that never had one stay free.

use guan_engine::administration::{Hold, Orphaned, REPAIR};
use guan_engine::model::{
    Assignment, Moment, Organization, PermissionSet, Policy, Power, Principal, Span, User, UserId,
};
use guan_store::{
    Change, EditState, EditToKeep, Entity, EntityKey, EntityKind, RecordsChange, WaitingChange,
    WriteError, starter_policy,
};

use crate::world::{START, World, caller, org, world};

/// What is put and what is removed.
type Edit = (Vec<Entity>, Vec<EntityKey>);

fn starter() -> Policy {
    let organization = Organization { id: org(), ..Organization::default() };
    starter_policy(organization, &UserId::from("ada"))
}

/// Starts from this policy, at revision 3.
fn world_of(policy: Policy) -> World {
    let mut world = world();
    world.write(&replace(policy, 2));
    world
}

fn replace(policy: Policy, expected: u64) -> Change {
    let (policy, records) = (Box::new(policy), RecordsChange::Replace(Vec::new()));
    Change::ReplacePolicy { policy, expected, records, reason: "start".into() }
}

fn edit((put, remove): Edit) -> Change {
    Change::EditPolicy { organization: org(), expected: 3, put, remove, reason: "x".into() }
}

fn refusal(world: &mut World, change: &Change) -> Option<Orphaned> {
    let clock = world.clock.clone();
    match world.store().write(&caller(), &clock, change) {
        Ok(_) => None,
        Err(WriteError::LastAdministrator(lost)) => Some(lost),
        Err(other) => panic!("{other}"),
    }
}

fn put<T: serde::Serialize>(kind: EntityKind, id: &str, body: &T) -> Edit {
    (vec![Entity::new(kind, id, body).unwrap()], vec![])
}

fn taken(kind: EntityKind, id: &str) -> Edit {
    (vec![], vec![(kind, id.into())])
}

fn given() -> Assignment {
    Assignment::new("set:administrator".parse().unwrap(), Principal::User("ada".into()))
}

#[test]
fn no_edit_takes_the_only_administrator() {
    let everything = starter();
    let mut weak = everything.sets["administrator"].clone();
    weak.system.remove(Power::ManageSets.name());
    let tomorrow = START.plus(Span::minutes(1_440));
    let ending = Assignment { ends: Some(tomorrow), ..given() };
    let later = Assignment { starts: Some(tomorrow), ..given() };
    let from_one_place = Assignment {
        what: "set:sales".parse().unwrap(),
        networks: vec!["192.0.2.0/24".parse().unwrap()],
        ..given()
    };
    let away = User { active: false, ..everything.users[&UserId::from("ada")].clone() };
    let all: Vec<Power> = REPAIR.into();
    let cases = [
        (taken(EntityKind::Assignment, "administrator"), all.clone()),
        (put(EntityKind::User, "ada", &away), all.clone()),
        (put(EntityKind::Set, "administrator", &weak), vec![Power::ManageSets]),
        (put(EntityKind::Assignment, "administrator", &ending), all.clone()),
        (put(EntityKind::Assignment, "administrator", &later), all.clone()),
        (put(EntityKind::Assignment, "another", &from_one_place), all),
    ];
    let mut world = world_of(everything);
    for (change, powers) in cases {
        let lost =
            refusal(&mut world, &edit(change.clone())).unwrap_or_else(|| panic!("{change:?}"));
        assert_eq!((lost.powers, lost.hold), (powers.into_iter().collect(), Hold::Lasting));
    }
    let back =
        Change::MakeCurrent { organization: org(), expected: 3, revision: 2, reason: "x".into() };
    assert!(refusal(&mut world, &back).is_some(), "revision 2 has nobody");
    assert!(refusal(&mut world, &replace(crate::world::policy(), 3)).is_some());
    assert_eq!(world.store().current_revision(&org()).unwrap(), 3, "nothing was changed");
}

#[test]
fn the_refusal_says_what_is_missing_and_what_to_do() {
    let mut world = world_of(starter());
    let clock = world.clock.clone();
    let change = edit(taken(EntityKind::Assignment, "administrator"));
    let error = world.store().write(&caller(), &clock, &change).unwrap_err();
    assert_eq!(
        error.to_string(),
        "nobody would be left who can repair the policy: no active user would hold `guan.manage_users`, \
         `guan.manage_sets`, `guan.manage_assignments`, `guan.manage_delegations` by an assignment without end, and \
         without networks and hours at any of theirs; give that to somebody first, or let whoever runs the \
         installation do it with `guan user administrator`"
    );
}

#[test]
fn an_administrator_may_go_where_others_hold_the_powers_together() {
    let mut policy = starter();
    for (id, set) in [("sys", "system_administrator"), ("sec", "security_administrator")] {
        policy.users.insert(id.into(), User { active: true, ..User::default() });
        let what = format!("set:{set}").parse().unwrap();
        policy.assignments.insert(id.into(), Assignment::new(what, Principal::User(id.into())));
    }
    let mut world = world_of(policy);
    assert_eq!(refusal(&mut world, &edit(taken(EntityKind::Assignment, "administrator"))), None);
}

#[test]
fn where_every_administrator_is_limited_the_last_one_in_force_stays() {
    let mut policy = starter();
    let limited = Assignment { ends: Some(Moment(START.0 + 1_000)), ..given() };
    policy.assignments.insert("administrator".into(), limited);
    let mut world = world_of(policy);
    let lost = refusal(&mut world, &edit(taken(EntityKind::Assignment, "administrator"))).unwrap();
    assert_eq!(lost.hold, Hold::Now);
    assert_eq!(
        refusal(&mut world, &edit(put(EntityKind::Assignment, "administrator", &given()))),
        None
    );
}

#[test]
fn an_edit_that_waited_for_the_end_of_a_window_is_refused_where_it_takes_the_last_one() {
    let mut everything = crate::world::policy();
    let powers = starter().sets["administrator"].system.clone();
    // A set of the records in the scope of the window gives powers too.
    let mut boss = everything.sets["reader"].clone();
    boss.system.clone_from(&powers);
    everything.sets.insert("boss".into(), boss.clone());
    let spare = PermissionSet { system: powers, ..PermissionSet::default() };
    everything.sets.insert("spare".into(), spare);
    for (set, user) in [("boss", "anna"), ("spare", "bo")] {
        let what = format!("set:{set}").parse().unwrap();
        let given = Assignment::new(what, Principal::User(user.into()));
        everything.assignments.insert(set.into(), given);
    }
    let mut world = world_of(everything);
    let overlay = world.open_window().id;
    boss.system.clear();
    boss.objects.clear();
    let edit_to_keep = EditToKeep {
        id: "e-1".into(),
        expected: 3,
        put: vec![Entity::new(EntityKind::Set, "boss", &boss).unwrap()],
        remove: vec![],
        reason: "tidying".into(),
        authority: None,
    };
    let change = WaitingChange::Keep(Box::new(edit_to_keep));
    world.write(&Change::ChangeWaiting { organization: org(), change });
    world.write(&edit(taken(EntityKind::Assignment, "spare")));
    let clock = world.clock.clone();
    world.store().close_overlay(&caller(), &clock, &org(), &overlay, "done").unwrap();
    let kept = world.store().waiting_edit(&org(), "e-1").unwrap().unwrap();
    assert_eq!(kept.state, EditState::Refused);
    assert!(kept.findings.problems[0].contains("nobody would be left"), "{:?}", kept.findings);
    assert_eq!(world.store().current_revision(&org()).unwrap(), 4);
}

#[test]
fn an_organization_that_never_had_an_administrator_is_edited_freely() {
    let mut world = world();
    let (put, remove) = taken(EntityKind::Assignment, "as-1");
    let organization = org();
    let change = Change::EditPolicy { organization, expected: 2, put, remove, reason: "x".into() };
    assert_eq!(refusal(&mut world, &change), None);
}
