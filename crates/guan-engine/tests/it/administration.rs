//! Administration: who may do what to Guan itself, and what nobody may grant.

use crate::run::{load, worlds};
use guan_engine::Engine;
use guan_engine::administration::{Act, AdministrationRefusal, Domain, Entity, Power};
use guan_engine::ask::Session;
use guan_engine::model::{
    Assigned, Assignment, Delegation, Group, Moment, Node, OverlayEffect, PermissionSet, Placement,
    Policy, Principal, SetId, Tree, TreeKind, User, UserId, Value,
};
use guan_testkit::world::Deed;
use std::collections::{BTreeMap, BTreeSet};

const NOW: Moment = Moment(1_800_000_000_000);

fn set(powers: &[Power]) -> PermissionSet {
    let system = powers.iter().map(|power| power.name().to_owned()).collect();
    PermissionSet { system, ..PermissionSet::default() }
}

fn placed(node: &str) -> User {
    User { active: true, placements: vec![Placement::member(node)], ..User::default() }
}

fn assign(policy: &mut Policy, id: &str, set: &str, to: &str) {
    let what = Assigned::Set(set.into());
    let assignment = Assignment::new(what, Principal::User(to.into()));
    policy.assignments.insert(id.into(), assignment);
}

/// Headquarters with a north and a south; an administrator of users and assignments, one of
/// delegations, and one of the north.
fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.trees.insert("units".into(), Tree { name: String::new(), kind: TreeKind::Unit });
    for (node, parent) in
        [("hq", None), ("north", Some("hq")), ("city", Some("north")), ("south", Some("hq"))]
    {
        let parent = parent.map(Into::into);
        let node_of = Node { tree: "units".into(), parent, name: String::new(), levels: [].into() };
        policy.nodes.insert(node.into(), node_of);
    }
    for (user, node) in
        [("root", "hq"), ("admin", "hq"), ("chief", "north"), ("li", "city"), ("wang", "south")]
    {
        policy.users.insert(user.into(), placed(node));
    }
    policy.sets.insert("root".into(), set(&[Power::ManageDelegations, Power::ManageAssignments]));
    policy.sets.insert(
        "admin".into(),
        set(&[
            Power::ManageUsers,
            Power::ManageStructure,
            Power::ManageAssignments,
            Power::ManageSets,
            Power::ManageCredentials,
        ]),
    );
    policy.sets.insert("sales".into(), set(&[]));
    policy.sets.insert("finance".into(), set(&[]));
    assign(&mut policy, "root", "root", "root");
    assign(&mut policy, "admin", "admin", "admin");
    let delegation = Delegation {
        name: String::new(),
        to: Principal::User("chief".into()),
        node: "north".into(),
        powers: [Power::ManageUsers, Power::ManageStructure, Power::ManageAssignments].into(),
        sets: [Assigned::Set("sales".into())].into(),
    };
    policy.delegations.insert("north".into(), delegation);
    assert_eq!(policy.validate(), []);
    policy
}

fn engine(policy: &Policy) -> Engine {
    Engine::load(policy.clone(), []).unwrap()
}

fn may(policy: &Policy, who: &str, act: Act<'_>) -> Result<(), AdministrationRefusal> {
    let session = Session::new(policy.organization.id.clone(), who, NOW);
    engine(policy).may_administer(&session, act)
}

fn assigned(set: &str, to: Principal) -> Assignment {
    Assignment::new(Assigned::Set(set.into()), to)
}

fn may_assign(
    policy: &Policy,
    who: &str,
    set: &str,
    to: Principal,
) -> Result<(), AdministrationRefusal> {
    let assignment = assigned(set, to);
    may(policy, who, Act::Put(Entity::Assignment(&"new".into(), &assignment)))
}

fn user(id: &str) -> Principal {
    Principal::User(id.into())
}

#[test]
fn a_power_is_used_by_who_holds_it_everywhere_or_for_a_part() {
    let policy = policy();
    assert_eq!(may(&policy, "admin", Act::Use(Power::ManageUsers)), Ok(()));
    assert_eq!(may(&policy, "chief", Act::Use(Power::ManageUsers)), Ok(()));
    let refused = AdministrationRefusal::NoPower { power: Power::ManageUsers };
    assert_eq!(may(&policy, "li", Act::Use(Power::ManageUsers)), Err(refused));
    let domain = |who: &str| {
        let session = Session::new(policy.organization.id.clone(), who, NOW);
        engine(&policy).domain(&session, Power::ManageUsers).unwrap()
    };
    assert_eq!(domain("admin"), Domain::Everything);
    assert!(domain("chief").has(&policy, &policy.users["li"]));
    assert!(!domain("chief").has(&policy, &policy.users["wang"]));
    assert_eq!(domain("li"), Domain::Subtrees(BTreeSet::new()));
}

#[test]
fn a_delegated_administrator_keeps_to_the_subtree_and_to_the_sets_that_are_listed() {
    let policy = policy();
    let power = Power::ManageAssignments;
    assert_eq!(may_assign(&policy, "chief", "sales", user("li")), Ok(()));
    assert_eq!(
        may_assign(&policy, "chief", "sales", Principal::NodeAndBelow("city".into())),
        Ok(())
    );
    let outside = Err(AdministrationRefusal::OutsideSubtree { power });
    assert_eq!(may_assign(&policy, "chief", "sales", user("wang")), outside);
    assert_eq!(may_assign(&policy, "chief", "sales", Principal::Node("hq".into())), outside);
    let set = Assigned::Set("finance".into());
    let refused = Err(AdministrationRefusal::SetNotDelegated { set });
    assert_eq!(may_assign(&policy, "chief", "finance", user("li")), refused);
    let administrator = Err(AdministrationRefusal::Administrator { user: "chief".into() });
    assert_eq!(may_assign(&policy, "chief", "sales", user("chief")), administrator);
}

#[test]
fn a_delegated_administrator_makes_moves_and_removes_users_of_the_subtree() {
    let policy = policy();
    let put =
        |id: &str, user: &User| may(&policy, "chief", Act::Put(Entity::User(&id.into(), user)));
    assert_eq!(put("new", &placed("city")), Ok(()));
    assert_eq!(put("li", &placed("north")), Ok(()));
    let outside = |power| Err(AdministrationRefusal::OutsideSubtree { power });
    assert_eq!(put("new", &placed("south")), outside(Power::ManageUsers));
    assert_eq!(put("li", &placed("hq")), outside(Power::ManageStructure));
    let renamed = User { name: "Wang".to_owned(), ..placed("south") };
    assert_eq!(put("wang", &renamed), outside(Power::ManageUsers));
    let tagged = |id: &str, at: &str| {
        let attributes = [("region".to_owned(), Value::from("south"))].into();
        put(id, &User { attributes, ..placed(at) })
    };
    let kept =
        |user: &str| Err(AdministrationRefusal::AttributesNotDelegated { user: user.into() });
    assert_eq!(tagged("li", "north"), kept("li"));
    assert_eq!(tagged("new", "city"), kept("new"));
    let gone = &policy.users["li"];
    assert_eq!(may(&policy, "chief", Act::Remove(Entity::User(&"li".into(), gone))), Ok(()));
}

#[test]
fn nobody_hands_out_what_they_neither_hold_nor_may_delegate() {
    let policy = policy();
    let power = Power::ManageDelegations;
    assert_eq!(may_assign(&policy, "admin", "admin", user("li")), Ok(()));
    let refused = Err(AdministrationRefusal::MayNotGrant { power });
    assert_eq!(may_assign(&policy, "admin", "root", user("admin")), refused);
    assert_eq!(may_assign(&policy, "root", "admin", user("root")), Ok(()));
    // The same by other ways: a set that is held already, a group that holds one.
    let more = set(&[Power::ManageUsers, power]);
    assert_eq!(may(&policy, "admin", Act::Put(Entity::Set(&"admin".into(), &more))), refused);
    let mut grouped = policy;
    grouped.groups.insert("heads".into(), Group::default());
    let to = Principal::Group("heads".into());
    grouped.assignments.insert("heads".into(), assigned("root", to));
    let members = [user("admin")].into();
    let group = Group { members, ..Group::default() };
    assert_eq!(may(&grouped, "admin", Act::Put(Entity::Group(&"heads".into(), &group))), refused);
}

#[test]
fn the_credentials_of_an_administrator_are_safe_from_lesser_ones() {
    let policy = policy();
    let on = |who, user: &str| {
        may(&policy, who, Act::On { power: Power::ManageCredentials, user: &UserId::from(user) })
    };
    assert_eq!(on("admin", "li"), Ok(()));
    assert_eq!(on("admin", "admin"), Ok(()));
    let power = Power::ManageDelegations;
    assert_eq!(on("admin", "root"), Err(AdministrationRefusal::MayNotGrant { power }));
}

#[test]
fn where_posts_are_apart_nobody_holds_two_nor_changes_their_own() {
    let mut policy = policy();
    policy.organization.separate_posts = true;
    let problems = policy.validate();
    assert!(problems.iter().any(|problem| problem.place == "users.admin"), "{problems:?}");
    policy.sets.insert(
        "admin".into(),
        set(&[Power::ManageUsers, Power::ManageStructure, Power::ManageSettings]),
    );
    policy.delegations.clear();
    assert_eq!(policy.validate(), []);
    assert_eq!(may_assign(&policy, "root", "admin", user("wang")), Ok(()));
    assert_eq!(
        may_assign(&policy, "root", "sales", user("root")),
        Err(AdministrationRefusal::OwnGrants)
    );
    let own = assigned("root", user("root"));
    let removed = may(&policy, "root", Act::Remove(Entity::Assignment(&"root".into(), &own)));
    assert_eq!(removed, Err(AdministrationRefusal::OwnGrants));
    let mut organization = policy.organization.clone();
    organization.separate_posts = false;
    let joined = may(&policy, "admin", Act::Put(Entity::Organization(&organization)));
    assert_eq!(joined, Err(AdministrationRefusal::PostsStaySeparate));
}

#[test]
fn delegations_and_powers_that_make_no_sense_are_refused() {
    let mut policy = policy();
    let unknown =
        PermissionSet { system: ["guan.fly".to_owned()].into(), ..PermissionSet::default() };
    policy.sets.insert(SetId::from("odd"), unknown);
    let mut delegation = policy.delegations["north"].clone();
    delegation.powers = [Power::ManageBackups].into();
    delegation.sets = [Assigned::Set("root".into())].into();
    policy.delegations.insert("odd".into(), delegation);
    let problems = policy.validate();
    let places: Vec<&str> = problems.iter().map(|problem| problem.place.as_str()).collect();
    assert_eq!(places, ["sets.odd.system[0]", "delegations.odd.powers", "delegations.odd.sets[0]"]);
}

/// What a run has seen of a verdict.
fn verdict(found: &Result<(), AdministrationRefusal>) -> &'static str {
    match found {
        Ok(()) => "allowed",
        Err(AdministrationRefusal::Session { .. }) => "session",
        Err(AdministrationRefusal::NoPower { .. }) => "no power",
        Err(AdministrationRefusal::OutsideSubtree { .. }) => "outside",
        Err(AdministrationRefusal::SetNotDelegated { .. }) => "set",
        Err(AdministrationRefusal::AttributesNotDelegated { .. }) => "attributes",
        Err(AdministrationRefusal::Administrator { .. }) => "administrator",
        Err(AdministrationRefusal::MayNotGrant { .. }) => "grant",
        Err(AdministrationRefusal::OwnGrants) => "own",
        Err(AdministrationRefusal::PostsStaySeparate) => "posts",
    }
}

const fn act(deed: &Deed) -> Act<'_> {
    match deed {
        Deed::Use(power) => Act::Use(*power),
        Deed::On(power, user) => Act::On { power: *power, user },
        Deed::Revise(after) => Act::Revise(after),
        Deed::Open(overlay) => Act::Open(overlay),
    }
}

#[test]
fn the_engine_judges_administrators_as_the_reference_does() {
    let mut seen: BTreeMap<(bool, &str), u32> = BTreeMap::new();
    for world in worlds(1) {
        let (engine, reference) = (load(&world), world.reference());
        for (session, deed) in world.deeds(world.seed, 60) {
            let found = engine.may_administer(&session, act(&deed));
            let expected = reference.may_administer(&session, &deed);
            let (seed, who) = (world.seed, &session.subject);
            assert_eq!(found, expected, "world {seed}: {who} {deed:?}");
            let by_part = match &deed {
                Deed::On(power, _) => engine.domain(&session, *power) != Ok(Domain::Everything),
                Deed::Revise(_) => {
                    engine.domain(&session, Power::ManageAssignments) != Ok(Domain::Everything)
                }
                Deed::Use(_) | Deed::Open(_) => false,
            };
            *seen.entry((by_part, verdict(&found))).or_default() += 1;
        }
    }
    let verdicts = [
        "allowed",
        "session",
        "no power",
        "outside",
        "set",
        "attributes",
        "administrator",
        "grant",
        "own",
        "posts",
    ];
    for name in verdicts {
        assert!(seen.keys().any(|(_, seen)| *seen == name), "{name}: {seen:?}");
    }
    assert!(seen.contains_key(&(true, "allowed")) && seen.contains_key(&(false, "allowed")));
}

#[test]
fn suspensions_never_help_an_administrator() {
    for world in worlds(4) {
        let engine = load(&world);
        let rows: Vec<_> = world
            .overlays
            .iter()
            .filter(|row| !matches!(row.overlay.effect, OverlayEffect::Suspension { .. }))
            .cloned()
            .collect();
        for (session, deed) in world.deeds(world.seed, 40) {
            let without = world.under(&session, &rows);
            let found = engine.may_administer(&session, act(&deed));
            assert_eq!(found, engine.may_administer(&without, act(&deed)));
        }
    }
}

#[test]
fn putting_and_removing_are_revisions() {
    for world in worlds(10) {
        let engine = load(&world);
        for session in world.sessions(world.seed, 10) {
            for (id, user) in &world.policy.users {
                let changed = User { active: !user.active, placements: Vec::new(), ..user.clone() };
                let mut after = world.policy.clone();
                after.users.insert(id.clone(), changed.clone());
                let put = engine.may_administer(&session, Act::Put(Entity::User(id, &changed)));
                assert_eq!(put, engine.may_administer(&session, Act::Revise(&after)));
                after.users.remove(id);
                let removed = engine.may_administer(&session, Act::Remove(Entity::User(id, user)));
                assert_eq!(removed, engine.may_administer(&session, Act::Revise(&after)));
            }
        }
    }
}
