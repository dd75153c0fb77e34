//! Revisions: immutable, numbered, compared, made current again.

use guan_engine::model::{Organization, User};
use guan_store::{
    Change, Entity, EntityKind, RecordsChange, Store, WriteError, entities, policy_digest,
};

use crate::world::{caller, org, policy, world};

pub(crate) fn rename(name: &str, expected: u64) -> Change {
    let user = User { name: name.to_owned(), active: true, ..User::default() };
    Change::EditPolicy {
        organization: org(),
        expected,
        put: vec![Entity::new(EntityKind::User, "bo", &user).unwrap()],
        remove: vec![],
        reason: "a new name".into(),
    }
}

#[test]
fn a_policy_comes_back_as_it_was_kept() {
    let mut world = world();
    let (revision, kept) = world.store().policy(&org()).unwrap();
    assert_eq!(kept, policy());
    assert_eq!(revision.number, 2);
    assert_eq!(revision.author, "admin");
    assert_eq!(revision.after, policy_digest(&policy()).unwrap());
    assert_eq!(revision.after, world.store().digest(&org(), 2).unwrap());
}

#[test]
fn an_edit_is_a_new_revision_and_the_old_one_stays() {
    let mut world = world();
    let written = world.write(&rename("Bo Li", 2));
    assert_eq!((written.revision, written.affected, written.rows), (Some(3), 1, 1));
    assert_eq!(world.store().policy_at(&org(), 2).unwrap(), policy());
    let differences = world.store().differences(&org(), 2, 3).unwrap();
    assert_eq!(differences.len(), 1);
    assert_eq!((differences[0].kind, differences[0].id.as_str()), (EntityKind::User, "bo"));
    assert!(differences[0].before.as_ref().unwrap().contains("\"name\":\"bo\""));
    assert!(differences[0].after.as_ref().unwrap().contains("\"name\":\"Bo Li\""));
}

#[test]
fn an_earlier_revision_made_current_is_a_new_one_with_the_same_digest() {
    let mut world = world();
    world.write(&rename("Bo Li", 2));
    let written = world.write(&Change::MakeCurrent {
        organization: org(),
        expected: 3,
        revision: 2,
        reason: "back".into(),
    });
    assert_eq!(written.revision, Some(4));
    let store = world.store();
    assert_eq!(store.digest(&org(), 4).unwrap(), store.digest(&org(), 2).unwrap());
    assert_eq!(store.revisions(&org()).unwrap().len(), 4);
    let third = store.revision(&org(), 3).unwrap().after;
    assert_eq!(store.revision(&org(), 4).unwrap().before, Some(third));
}

#[test]
fn the_second_of_two_writers_is_told_of_the_first() {
    let mut world = world();
    let clock = world.clock.clone();
    let mut second = Store::open(world.path(), &caller(), &clock).unwrap();
    world.write(&rename("First", 2));
    let error = second.write(&caller(), &clock, &rename("Second", 2)).unwrap_err();
    assert!(matches!(error, WriteError::Conflict { expected: 2, found: 3 }));
    assert_eq!(
        error.to_string(),
        "the policy is at revision 3, the change was made from revision 2: look at what changed and repeat"
    );
    second.write(&caller(), &clock, &rename("Second", 3)).unwrap();
    world.verify_all();
}

#[test]
fn a_policy_with_problems_changes_nothing() {
    let mut world = world();
    let rows = world.row_count();
    let mut bad = policy();
    bad.assignments.get_mut("as-1").unwrap().to = "user:nobody".parse().unwrap();
    let change = Change::ReplacePolicy {
        policy: Box::new(bad),
        expected: 2,
        records: RecordsChange::Keep,
        reason: "bad".into(),
    };
    let clock = world.clock.clone();
    let error = world.store().write(&caller(), &clock, &change).unwrap_err();
    let WriteError::Problems(problems) = &error else { panic!("{error}") };
    assert_eq!(problems[0].place, "assignments.as-1.to");
    assert_eq!(world.row_count(), rows);
    assert_eq!(world.store().current_revision(&org()).unwrap(), 2);
}

#[test]
fn the_same_policy_again_is_no_revision() {
    let mut world = world();
    let change = Change::ReplacePolicy {
        policy: Box::new(policy()),
        expected: 2,
        records: RecordsChange::Keep,
        reason: "again".into(),
    };
    let clock = world.clock.clone();
    let error = world.store().write(&caller(), &clock, &change).unwrap_err();
    assert!(matches!(error, WriteError::Nothing));
}

#[test]
fn an_entity_that_is_not_there_cannot_be_removed() {
    let mut world = world();
    let change = Change::EditPolicy {
        organization: org(),
        expected: 2,
        put: vec![],
        remove: vec![(EntityKind::Rule, "none".into())],
        reason: "x".into(),
    };
    let clock = world.clock.clone();
    let error = world.store().write(&caller(), &clock, &change).unwrap_err();
    assert_eq!(error.to_string(), "there is no rule `none` to be removed");
}

#[test]
fn the_dump_has_one_line_for_each_entity_in_a_stable_order() {
    let all = entities(&policy()).unwrap();
    let lines: Vec<_> = guan_store::dump(&all).collect();
    let kinds: Vec<_> = lines.iter().map(|line| line.split('"').nth(1).unwrap()).collect();
    assert_eq!(kinds, ["assignment", "object", "organization", "set", "user", "user"]);
    assert!(lines.iter().all(|line| line.starts_with("[\"") && line.ends_with("]\n")));
}

#[test]
fn an_unknown_organization_is_named() {
    let mut world = world();
    let error = world.store().policy(&"other".into()).unwrap_err();
    assert_eq!(error.to_string(), "there is no organization `other` in this installation");
}

#[test]
fn an_edit_cannot_make_a_policy_that_of_another_organization() {
    let mut world = world();
    let organization = Organization { id: "second".into(), ..Organization::default() };
    let change = Change::EditPolicy {
        organization: org(),
        expected: 2,
        put: vec![Entity::new(EntityKind::Organization, "", &organization).unwrap()],
        remove: vec![],
        reason: "a merger".into(),
    };
    let clock = world.clock.clone();
    let error = world.store().write(&caller(), &clock, &change).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the policy is of organization `second`, the change is for `acme`: the id of an organization stays"
    );
}
