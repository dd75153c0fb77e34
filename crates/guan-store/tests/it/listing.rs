//! What an overlay adds to lists and counts: measured against everything else that acts, recorded, or left out.

use guan_engine::answer::Refusal;
use guan_engine::ask::Session;
use guan_engine::model::{
    Action, Assignment, Audience, Disabled, Grant, Object, ObjectPermission, Organization,
    OverlayEffect, PermissionSet, Principal, Record, RecordKey, Relation,
};
use guan_engine::question::{ListFault, ListQuery};
use guan_store::{Asking, Change, Opened, OverlayRequest, RecordsChange};

use crate::world::{World, account, caller, empty, org, policy, request, world};

fn open(world: &mut World, effect: OverlayEffect, users: &[&str]) -> Opened {
    let users = users.iter().map(|user| Principal::User((*user).into())).collect();
    let audience = Audience { users, networks: vec![] };
    let request = OverlayRequest::new("acme", effect, audience, "trying");
    let clock = world.clock.clone();
    world.store().open_overlay(&caller(), &clock, &request).unwrap()
}

/// Anna's set is out of force, and accounts are off for her.
fn off_and_disabled() -> (World, Opened) {
    let mut world = world();
    open(&mut world, OverlayEffect::Disablement { what: Disabled::Set("reader".into()) }, &[]);
    let opened = open(&mut world, request().effect, &["anna"]);
    (world, opened)
}

#[test]
fn a_count_is_recorded_against_what_disablements_leave() {
    let (mut world, opened) = off_and_disabled();
    let gate = world.gate();
    let session = Session::new("acme", "anna", world.clock.wall);
    let object = "Account".into();
    let counted = gate.count(&caller(), &world.clock, &session, &Action::Read, &object).unwrap();
    assert_eq!(counted.count, Ok(3));
    let report = world.report(&gate, &opened);
    let rows: Vec<_> = report.lists.iter().map(|list| (list.user.as_str(), list.rows)).collect();
    assert_eq!(rows, [("anna", 3)]);
}

#[test]
fn a_list_that_cannot_be_recorded_keeps_disablements() {
    let (mut world, _) = off_and_disabled();
    let gate = world.gate();
    gate.view(&org()).unwrap();
    world.tamper(
        "CREATE TRIGGER no_more BEFORE INSERT ON ledger BEGIN SELECT raise(ABORT, 'no'); END",
    );
    let session = Session::new("acme", "anna", world.clock.wall);
    let query = ListQuery::first("Account", 2);
    let listed = gate.list(&caller(), &world.clock, &session, &Action::Read, &query).unwrap();
    assert_eq!(listed.page, Err(ListFault::Refused { refusal: Refusal::NoGrant }));
    assert!(listed.unrecorded.is_some());
    let object = "Account".into();
    let counted = gate.count(&caller(), &world.clock, &session, &Action::Read, &object).unwrap();
    assert_eq!(counted.count, Err(Refusal::NoGrant));
    assert!(counted.unrecorded.is_some());
}

#[test]
fn what_an_elevation_adds_is_no_relaxed_list() {
    let mut world = world();
    let opened =
        open(&mut world, OverlayEffect::Elevation { set: "set:reader".parse().unwrap() }, &["bo"]);
    let gate = world.gate();
    let session = Session::new("acme", "bo", world.clock.wall);
    let object = "Account".into();
    let counted = gate.count(&caller(), &world.clock, &session, &Action::Read, &object).unwrap();
    let query = ListQuery::first("Account", 2);
    let listed = gate.list(&caller(), &world.clock, &session, &Action::Read, &query).unwrap();
    // Anna owns them all, so the set alone may show none; either way it is the policy that shows.
    assert!(counted.count.is_ok() && listed.page.unwrap().relaxed.is_empty());
    assert!(world.report(&gate, &opened).lists.is_empty());
}

#[test]
fn others_are_locked_out_of_a_count_whatever_can_be_recorded() {
    let mut world = world();
    let effect = match request().effect {
        OverlayEffect::Suspension { scope, .. } => {
            OverlayEffect::Suspension { scope, others: guan_engine::model::Others::LockedOut }
        }
        other => other,
    };
    let opened = open(&mut world, effect, &["bo"]);
    let gate = world.gate();
    gate.view(&org()).unwrap();
    let session = Session::new("acme", "anna", world.clock.wall);
    let object = "Account".into();
    let counted = gate.count(&caller(), &world.clock, &session, &Action::Read, &object).unwrap();
    assert_eq!(counted.count, Err(Refusal::LockedOut { overlay: opened.id }));
}

/// Cases of accounts; everybody has the set that reads cases, so that accounts alone are out of reach.
fn with_cases() -> World {
    let mut world = empty();
    let organization = Organization { id: org(), ..Organization::default() };
    world.write(&Change::CreateOrganization { organization, reason: "start".into() });
    let mut policy = policy();
    let mut object = Object::default();
    let parent =
        Relation { parent: "Account".into(), implicit_parent: false, implicit_child: false };
    object.relations.insert("AccountId".into(), parent);
    policy.objects.insert("Case".into(), object);
    let mut permission = ObjectPermission::default();
    permission.actions.insert(Action::Read, Grant::ALL);
    let mut set = PermissionSet::default();
    set.objects.insert("Case".into(), permission);
    policy.sets.insert("helper".into(), set);
    let assigned = Assignment::new("set:helper".parse().unwrap(), Principal::User("bo".into()));
    policy.assignments.insert("as-2".into(), assigned);
    let mut case = Record::new("Case", "c-1");
    case.owners = ["user:anna".parse().unwrap()].into();
    case.parents.insert("AccountId".into(), "a-1".into());
    world.write(&Change::ReplacePolicy {
        policy: Box::new(policy),
        expected: 1,
        records: RecordsChange::Replace(vec![account("a-1"), case]),
        reason: "import of acme/".into(),
    });
    world
}

#[test]
fn a_parent_that_a_window_shows_is_recorded_as_what_it_is() {
    let mut world = with_cases();
    let opened = open(&mut world, request().effect, &["bo"]);
    let gate = world.gate();
    let asking = Asking {
        caller: caller(),
        organization: org(),
        subject: "bo".into(),
        address: None,
        clock: world.clock.clone(),
        viewer: None,
    };
    gate.read_record(&asking, &RecordKey::new("Case", "c-1")).unwrap();
    let lists = world.report(&gate, &opened).lists;
    let rows: Vec<_> = lists
        .iter()
        .map(|list| (list.object.as_str(), list.record.as_deref(), list.rows))
        .collect();
    assert_eq!(rows, [("Account", Some("a-1"), 1)]);
}
