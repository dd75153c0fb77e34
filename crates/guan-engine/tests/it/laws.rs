//! Laws: every question that the engine answers agrees with its checks.

use crate::run::{QUESTIONS, ask, load, worlds};
use guan_engine::Engine;
use guan_engine::answer::Decision;
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{Action, Closing, FieldId, ObjectId, Policy, RecordId, RecordKey};
use guan_engine::question::{ListQuery, Sort};
use guan_testkit::world::World;
use std::collections::BTreeSet;

const ACTIONS: [fn() -> Action; 4] =
    [|| Action::Read, || Action::Edit, || Action::Claim, || Action::Custom("c0".into())];

/// The decision on a record.
fn check(engine: &Engine, session: &Session<'_>, action: &Action, record: &RecordKey) -> Decision {
    let on = Target::Record(record.clone());
    engine.check(&Request::new(session.clone(), action.clone(), on))
}

/// Every record of a list, page by page, and those that it says are relaxed.
fn listed(
    engine: &Engine,
    session: &Session<'_>,
    action: &Action,
    mut query: ListQuery,
) -> (Vec<RecordId>, BTreeSet<RecordId>) {
    let (mut records, mut relaxed) = (Vec::new(), BTreeSet::new());
    while let Ok(page) = engine.list(session, action, &query) {
        assert!(page.records.len() <= query.limit);
        records.extend(page.records);
        relaxed.extend(page.relaxed.into_iter().map(|relaxed| relaxed.record));
        match page.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    (records, relaxed)
}

#[test]
fn lists_and_counts_are_what_checks_allow() {
    for world in worlds(5) {
        let engine = load(&world);
        for session in world.sessions(world.seed, 4) {
            for (action, object) in ACTIONS.iter().zip(world.policy.objects.keys().cycle()) {
                let action = action();
                let of = format!("world {}: {} {action} {object}", world.seed, session.subject);
                let (mut expected, mut relaxed) = (BTreeSet::new(), BTreeSet::new());
                for record in world.records.iter().filter(|record| record.object == *object) {
                    match check(&engine, &session, &action, &record.key()) {
                        Decision::Allow { .. } => {}
                        Decision::Relaxed { .. } => {
                            relaxed.insert(record.id.clone());
                        }
                        Decision::Deny { .. } => continue,
                    }
                    expected.insert(record.id.clone());
                }
                for limit in [1, 3, 100] {
                    let query = ListQuery::first(object.clone(), limit);
                    let (found, found_relaxed) = listed(&engine, &session, &action, query);
                    assert_eq!(found.len(), expected.len(), "{of}: {found:?} {expected:?}");
                    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected, "{of}");
                    assert_eq!(found_relaxed, relaxed, "{of}");
                }
                let count = engine.count(&session, &action, object).unwrap_or(0);
                assert_eq!(count, u64::try_from(expected.len()).unwrap(), "{of}");
            }
        }
    }
}

#[test]
fn lists_in_the_order_of_a_field_have_the_same_records_on_pages_of_any_size() {
    let mut sorted = 0;
    for world in worlds(5) {
        let engine = load(&world);
        for session in world.sessions(world.seed, 4) {
            for (id, object) in &world.policy.objects {
                for (field, _) in object.fields.iter().filter(|(_, field)| field.indexed) {
                    for descending in [false, true] {
                        let query = sorted_by(id, field, descending, 100);
                        if engine.list(&session, &Action::Read, &query).is_err() {
                            continue;
                        }
                        let of = format!("world {}: {} {id} {field}", world.seed, session.subject);
                        let (whole, _) = listed(&engine, &session, &Action::Read, query);
                        let query = sorted_by(id, field, descending, 2);
                        let (paged, _) = listed(&engine, &session, &Action::Read, query);
                        assert_eq!(whole, paged, "{of}");
                        let query = ListQuery::first(id.clone(), 100);
                        let (mut plain, _) = listed(&engine, &session, &Action::Read, query);
                        // An order tells of values: what is relaxed is there only if the field may
                        // be touched there.
                        plain.retain(|record| {
                            let on = Target::Record(RecordKey {
                                object: id.clone(),
                                id: record.clone(),
                            });
                            let mut request = Request::new(session.clone(), Action::Read, on);
                            let by_policy =
                                matches!(engine.check(&request), Decision::Allow { .. });
                            request.fields = vec![field.clone()];
                            by_policy || engine.check(&request).is_allowed()
                        });
                        let mut records = whole;
                        plain.sort();
                        records.sort();
                        assert_eq!(records, plain, "{of}");
                        sorted += records.len();
                    }
                }
            }
        }
    }
    assert!(sorted > 0);
}

fn sorted_by(object: &ObjectId, field: &FieldId, descending: bool, limit: usize) -> ListQuery {
    let sort = Sort { by: Some(field.clone()), descending };
    ListQuery { sort, ..ListQuery::first(object.clone(), limit) }
}

#[test]
fn who_may_are_those_whom_checks_allow() {
    for world in worlds(5) {
        let engine = load(&world);
        for (at, record) in world.records.iter().enumerate() {
            let Some(template) = world.sessions(world.seed, at + 1).pop() else { continue };
            if template.organization != world.policy.organization.id {
                continue;
            }
            let action = ACTIONS[at % ACTIONS.len()]();
            let of = format!("world {}: {action} {}", world.seed, record.key());
            let found = engine.who(&template, &action, &record.key()).unwrap();
            let found: Vec<_> =
                found.into_iter().map(|accessor| (accessor.user, accessor.decision)).collect();
            let expected: Vec<_> = world
                .policy
                .users
                .keys()
                .map(|user| {
                    let session = template.of_subject(user.clone());
                    (user.clone(), check(&engine, &session, &action, &record.key()))
                })
                .filter(|(_, decision)| decision.is_allowed())
                .collect();
            assert_eq!(found, expected, "{of}");
        }
    }
}

#[test]
fn as_many_may_read_a_record_as_checks_by_the_policy_allow() {
    let mut readers = 0;
    for world in worlds(2) {
        let engine = load(&world);
        for (at, record) in world.records.iter().enumerate() {
            let Some(mut template) = world.sessions(world.seed, at + 1).pop() else { continue };
            if template.organization != world.policy.organization.id {
                continue;
            }
            template.standing = None;
            let read = engine.aim(&record.object, &Action::Read).unwrap();
            let number = engine.record_number(&record.key()).unwrap();
            let counted = engine.reader_count(&template, read, number);
            let users = world.policy.users.keys();
            let allowed = users.filter(|user| {
                let session = template.of_subject((*user).clone());
                check(&engine, &session, &Action::Read, &record.key()).is_allowed()
            });
            let allowed = allowed.count() as u64;
            assert_eq!(counted, allowed, "world {}: {}", world.seed, record.key());
            readers += allowed;
        }
    }
    assert!(readers > 0);
}

#[test]
fn what_a_subject_may_do_are_its_checks_and_its_fields() {
    for world in worlds(10) {
        let engine = load(&world);
        for (session, record) in world.sessions(world.seed, 24).iter().zip(&world.records) {
            let on = Target::Record(record.key());
            let Ok(abilities) = engine.what(session, &on) else {
                assert!(!check(&engine, session, &Action::Read, &record.key()).is_allowed());
                continue;
            };
            for (action, decision) in abilities.actions {
                assert_eq!(decision, check(&engine, session, &action, &record.key()));
            }
            assert_eq!(Ok(abilities.fields), engine.fields(session, &on));
        }
    }
}

#[test]
fn checks_of_many_records_are_checks_of_each() {
    for world in worlds(10) {
        let engine = load(&world);
        let records: Vec<_> = world.records.iter().map(guan_engine::model::Record::key).collect();
        for session in world.sessions(world.seed, 5) {
            for action in ACTIONS.map(|action| action()) {
                let decisions = engine.check_many(&session, &action, &records);
                assert_eq!(decisions.len(), records.len());
                for (record, decision) in records.iter().zip(decisions) {
                    let on = Target::Record(record.clone());
                    let request = Request::new(session.clone(), action.clone(), on);
                    assert_eq!(decision, engine.check(&request), "{}", ask(&world, &request));
                }
            }
        }
    }
}

#[test]
fn what_is_changed_in_place_is_as_loaded_anew() {
    for world in worlds(4) {
        let mut engine = load(&world);
        let mut after = world.clone();
        let changes = world.changes(1);
        for record in changes.records {
            engine.put_record(&record).unwrap();
            after.records.retain(|old| old.key() != record.key());
            after.records.push(record);
        }
        if let Some(removed) = changes.removed {
            assert!(engine.remove_record(&removed.key()));
            after.records.retain(|old| old.key() != removed.key());
        }
        if let Some((record, share)) = changes.share
            && let Some(record) = after.records.iter_mut().find(|old| old.key() == record.key())
        {
            if let Some(revoked) = record.shares.first().map(|share| share.to.clone()) {
                assert!(engine.revoke_share(&record.key(), &revoked));
                record.shares.retain(|share| share.to != revoked);
            }
            assert!(engine.add_share(&record.key(), &share));
            record.shares.push(share);
        }
        if let Some((id, user)) = changes.user {
            engine.put_user(&id, user.clone()).unwrap();
            after.policy.users.insert(id, user);
        }
        let fresh = load(&after);
        for request in after.requests(2, QUESTIONS) {
            let asked = ask(&after, &request);
            assert_eq!(engine.explain(&request), fresh.explain(&request), "{asked}");
        }
    }
}

/// The policy with less in it: a user whom nothing names, every second assignment, members of groups, a set's system
/// permissions. What would not be valid stays as it is.
fn poorer(world: &World) -> Policy {
    let mut poorer = world.policy.clone();
    let mut try_out = |change: &dyn Fn(&mut Policy)| {
        let mut tried = poorer.clone();
        change(&mut tried);
        let unfit = |record| !tried.validate_record(record).is_empty();
        if tried.validate().is_empty() && !world.records.iter().any(unfit) {
            poorer = tried;
        }
    };
    for user in world.policy.users.keys() {
        try_out(&|policy| drop(policy.users.remove(user)));
    }
    for id in world.policy.assignments.keys().step_by(2) {
        try_out(&|policy| drop(policy.assignments.remove(id)));
    }
    for id in world.policy.groups.keys() {
        try_out(&|policy| policy.groups.get_mut(id).unwrap().members.clear());
    }
    for id in world.policy.sets.keys() {
        try_out(&|policy| policy.sets.get_mut(id).unwrap().system.clear());
        try_out(&|policy| policy.sets.get_mut(id).unwrap().objects.clear());
    }
    poorer
}

#[test]
fn a_policy_taken_over_without_its_records_is_as_loaded_anew() {
    let mut new_users = 0;
    for world in worlds(4) {
        let poorer = poorer(&world);
        new_users += world.policy.users.len() - poorer.users.len();
        let mut engine = Engine::load(poorer, world.records.clone()).unwrap();
        let prepared = engine.prepare(world.policy.clone()).unwrap().unwrap();
        engine.adopt(prepared);
        let fresh = load(&world);
        for request in world.requests(5, QUESTIONS) {
            let asked = ask(&world, &request);
            assert_eq!(engine.explain(&request), fresh.explain(&request), "{asked}");
        }
        for session in world.sessions(world.seed, 12) {
            for object in world.policy.objects.keys() {
                let query = ListQuery::first(object.clone(), 1_000);
                let list = |engine: &Engine| engine.list(&session, &Action::Read, &query);
                assert_eq!(list(&engine), list(&fresh), "{} of world {}", object, world.seed);
            }
        }
        for record in &world.records {
            // Users who are new hold records as the others do.
            engine.put_record(record).unwrap();
        }
        for request in world.requests(6, QUESTIONS) {
            let asked = ask(&world, &request);
            assert_eq!(engine.explain(&request), fresh.explain(&request), "{asked}");
        }
    }
    assert!(new_users > 0);
}

#[test]
fn a_policy_that_says_another_thing_of_records_needs_a_new_load() {
    let world = worlds(1).find(|world| !world.policy.rules.is_empty()).unwrap();
    let engine = load(&world);
    let is_followed = |change: &dyn Fn(&mut Policy)| {
        let mut policy = world.policy.clone();
        change(&mut policy);
        engine.prepare(policy).unwrap().is_some()
    };
    assert!(is_followed(&|_| {}));
    assert!(!is_followed(&|policy| policy.rules.clear()));
    assert!(!is_followed(&|policy| drop(policy.users.pop_first())));
    let mut policy = world.policy.clone();
    let assignment = policy.assignments.values_mut().next().unwrap();
    assignment.what = "set:nowhere".parse().unwrap();
    assert!(engine.prepare(policy).is_err());
}

#[test]
fn when_every_overlay_is_closed_the_policy_alone_decides() {
    for mut world in worlds(4) {
        for row in &mut world.overlays {
            let why = "by_hand".to_owned();
            row.closing = Some(Closing { at: row.overlay.starts, why });
        }
        let engine = load(&world);
        for request in world.requests(3, QUESTIONS) {
            let mut alone = request.clone();
            alone.session.standing = None;
            let asked = ask(&world, &request);
            assert_eq!(engine.explain(&request), engine.explain(&alone), "{asked}");
        }
    }
}

#[test]
fn system_permissions_are_held_as_the_reference_and_the_abilities_say() {
    let (mut held, mut missing) = (0, 0);
    for world in worlds(4) {
        let (engine, reference) = (load(&world), world.reference());
        let names: BTreeSet<&String> =
            world.policy.sets.values().flat_map(|set| &set.system).collect();
        for session in world.sessions(world.seed, 12) {
            let on = world.policy.objects.keys().next().cloned().map(Target::Object);
            let abilities = on.and_then(|on| engine.what(&session, &on).ok());
            for name in &names {
                let explained = engine.explain_system(&session, name);
                let is_held = explained.decision.is_allowed();
                assert_eq!(explained.decision, engine.check_system(&session, name));
                assert_eq!(is_held, reference.holds_system(&session, name), "{name}");
                if let Some(abilities) = &abilities {
                    assert_eq!(is_held, abilities.system.contains(name), "{name}");
                }
                if is_held { held += 1 } else { missing += 1 }
            }
        }
    }
    assert!(held > 0 && missing > 0);
}
