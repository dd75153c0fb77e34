//! Laws of filters: what may be used is what is seen, and what passes is what checks allow.

use crate::run::{load, worlds};
use guan_engine::Engine;
use guan_engine::answer::{Decision, Refusal};
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{Action, FieldAccess, FieldId, ObjectId, Record, RecordId, RecordKey};
use guan_engine::question::{FilterUse, ListQuery, Sort, Uses};
use guan_testkit::world::World;
use std::collections::BTreeSet;

fn check(engine: &Engine, session: &Session<'_>, action: &Action, key: &RecordKey) -> Decision {
    engine.check(&Request::new(session.clone(), action.clone(), Target::Record(key.clone())))
}

fn of_object(world: &World, object: &ObjectId) -> Vec<Record> {
    world.records.iter().filter(|record| record.object == *object).cloned().collect()
}

fn using(field: &FieldId, used: FilterUse) -> Uses {
    Uses::from([(field.clone(), used)])
}

/// The ids of a whole list, in pages of `limit`.
fn whole(
    engine: &Engine,
    session: &Session<'_>,
    query: &ListQuery,
    ids: Option<&[RecordId]>,
) -> Vec<RecordId> {
    let (mut query, mut found) = (query.clone(), Vec::new());
    loop {
        let page = match ids {
            Some(ids) => engine.list_among(session, &Action::Read, &query, ids),
            None => engine.list(session, &Action::Read, &query),
        };
        let Ok(page) = page else { return found };
        assert!(page.records.len() <= query.limit);
        found.extend(page.records);
        match page.next {
            Some(next) => query.after = Some(next),
            None => return found,
        }
    }
}

#[test]
fn a_field_that_may_be_used_is_seen_so_on_every_record_of_the_list() {
    let mut seen = [0, 0, 0];
    for world in worlds(6) {
        let engine = load(&world);
        let reference = world.reference();
        for session in world.sessions(world.seed, 5) {
            for (object, model) in &world.policy.objects {
                let records = of_object(&world, object);
                let revealed: Vec<_> = engine
                    .reveal_page(&session, &Action::Read, records)
                    .into_iter()
                    .flatten()
                    .collect();
                for field in model.fields.keys() {
                    let of = format!("world {}: {} {object}.{field}", world.seed, session.subject);
                    let used = engine.may_filter(&session, object, field);
                    assert_eq!(used, reference.may_filter(&session, object, field), "{of}");
                    seen[used as usize] += 1;
                    let mut query = ListQuery::first(object.clone(), 100);
                    query.uses = using(field, used);
                    let listed = whole(&engine, &session, &query, None);
                    for record in revealed.iter().filter(|record| listed.contains(record.id())) {
                        let access = record.access(field);
                        match used {
                            FilterUse::No => {}
                            FilterUse::EqualityOnly => assert!(access.is_visible(), "{of}"),
                            FilterUse::Any => assert!(access.is_readable(), "{of}"),
                        }
                    }
                    for more in [FilterUse::EqualityOnly, FilterUse::Any] {
                        if more > used
                            && engine
                                .list(&session, &Action::Read, &ListQuery::first(object.clone(), 1))
                                .is_ok()
                        {
                            query.uses = using(field, more);
                            assert!(engine.list(&session, &Action::Read, &query).is_err(), "{of}");
                        }
                    }
                }
            }
        }
    }
    assert!(seen.iter().all(|times| *times > 0), "{seen:?}");
}

#[test]
fn a_list_that_uses_a_field_leaves_out_only_what_is_relaxed() {
    let mut left_out = 0;
    for world in worlds(6) {
        let engine = load(&world);
        for session in world.sessions(world.seed, 5) {
            for (object, model) in &world.policy.objects {
                for field in model.fields.keys() {
                    let used = engine.may_filter(&session, object, field);
                    let mut query = ListQuery::first(object.clone(), 100);
                    let all = whole(&engine, &session, &query, None);
                    query.uses = using(field, used);
                    let some = whole(&engine, &session, &query, None);
                    let kept: BTreeSet<_> = some.iter().collect();
                    assert!(some.iter().all(|id| all.contains(id)));
                    for id in all.iter().filter(|id| !kept.contains(id)) {
                        let key = RecordKey { object: object.clone(), id: id.clone() };
                        let decision = check(&engine, &session, &Action::Read, &key);
                        assert!(matches!(decision, Decision::Relaxed { .. }));
                        left_out += 1;
                    }
                }
            }
        }
    }
    assert!(left_out > 0);
}

#[test]
fn ids_of_a_stream_pass_as_checks_allow() {
    let (mut allowed, mut relaxed) = (0, 0);
    for world in worlds(4) {
        let engine = load(&world);
        for session in world.sessions(world.seed, 5) {
            for object in world.policy.objects.keys() {
                for action in [Action::Read, Action::Edit, Action::Export] {
                    let mut ids: Vec<RecordId> =
                        of_object(&world, object).into_iter().map(|record| record.id).collect();
                    ids.insert(0, RecordId::new("nobody knows this"));
                    let found = engine.visible_many(&session, &action, object, &Uses::new(), &ids);
                    let Ok(found) = found else {
                        for id in ids {
                            let key = RecordKey { object: object.clone(), id };
                            assert!(!check(&engine, &session, &action, &key).is_allowed());
                        }
                        continue;
                    };
                    let mut named = found.relaxed.iter();
                    for (at, id) in ids.iter().enumerate() {
                        let key = RecordKey { object: object.clone(), id: id.clone() };
                        let decision = check(&engine, &session, &action, &key);
                        assert_eq!(found.has(at), decision.is_allowed(), "{key}");
                        if let Decision::Relaxed { overlay, .. } = decision {
                            let named = named.next().unwrap();
                            assert_eq!((&named.record, &named.overlay), (id, &overlay));
                            relaxed += 1;
                        }
                    }
                    assert!(named.next().is_none());
                    assert_eq!(found.places().count() as u64, found.count);
                    allowed += found.count;
                }
            }
        }
    }
    assert!(allowed > 0 && relaxed > 0);
}

#[test]
fn a_list_among_ids_is_the_list_without_the_others_in_the_same_order() {
    let mut found = 0;
    for world in worlds(6) {
        let engine = load(&world);
        for session in world.sessions(world.seed, 4) {
            for (object, model) in &world.policy.objects {
                let every_other: Vec<RecordId> = of_object(&world, object)
                    .into_iter()
                    .map(|record| record.id)
                    .step_by(2)
                    .collect();
                let indexed = model.fields.iter().filter(|(_, field)| field.indexed);
                let orders = indexed.map(|(field, _)| Some(field.clone())).chain([None]);
                for (by, descending) in orders.zip([true, false].into_iter().cycle()) {
                    let mut query = ListQuery::first(object.clone(), 100);
                    query.sort = Sort { by, descending };
                    let mut expected = whole(&engine, &session, &query, None);
                    expected.retain(|id| every_other.contains(id));
                    for limit in [2, 100] {
                        query.limit = limit;
                        let among = whole(&engine, &session, &query, Some(&every_other));
                        assert_eq!(among, expected, "world {}: {object}", world.seed);
                    }
                    found += expected.len();
                }
            }
        }
    }
    assert!(found > 0);
}

#[test]
fn an_estimate_is_never_below_the_count() {
    for world in worlds(4) {
        let engine = load(&world);
        for session in world.sessions(world.seed, 5) {
            for object in world.policy.objects.keys() {
                let count = engine.count(&session, &Action::Read, object);
                let estimate = engine.estimate(&session, &Action::Read, object);
                assert_eq!(count.is_ok(), estimate.is_ok());
                let (Ok(count), Ok(estimate)) = (count, estimate) else { continue };
                assert!(count <= estimate && estimate <= engine.record_count_of(object));
            }
        }
    }
}

#[test]
fn nobody_sets_a_field_that_is_read_only() {
    let mut refused = 0;
    for world in worlds(6) {
        let engine = load(&world);
        for session in world.sessions(world.seed, 5) {
            for record in &world.records {
                for (field, model) in &world.policy.objects[&record.object].fields {
                    if !model.read_only {
                        continue;
                    }
                    for action in [Action::Edit, Action::Create, Action::Import] {
                        let on = match action {
                            Action::Edit => Target::Record(record.key()),
                            _ => Target::Object(record.object.clone()),
                        };
                        let mut request = Request::new(session.clone(), action, on);
                        request.fields = vec![field.clone()];
                        let decision = engine.check(&request);
                        assert!(!decision.is_allowed());
                        let why = decision.refusal().unwrap();
                        refused += i32::from(matches!(why, Refusal::FieldReadOnly { .. }));
                    }
                    let on = Target::Record(record.key());
                    let Ok(fields) = engine.fields(&session, &on) else { continue };
                    assert_eq!(fields[field], fields[field].read_only());
                    assert_ne!(fields[field], FieldAccess::ONLY_EDIT);
                }
            }
        }
    }
    assert!(refused > 0);
}
