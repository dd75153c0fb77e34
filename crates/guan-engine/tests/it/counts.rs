//! Counts that are told again: never another number than one that is counted anew.

use guan_engine::Engine;
use guan_engine::answer::Refusal;
use guan_engine::ask::Session;
use guan_engine::model::{Action, Moment, Span};
use guan_testkit::world::World;

type Counts = Vec<Result<u64, Refusal>>;

/// Every user's counts of every object, alone and in the sessions of the world, now and much later.
fn counts(engine: &Engine, world: &World) -> Counts {
    let policy = engine.policy();
    let mut sessions = world.sessions(5, 12);
    let now = sessions.first().map_or(Moment(0), |session| session.at);
    for at in [now, now.plus(Span::minutes(1_000_000))] {
        let organization = &policy.organization.id;
        let alone = |user| Session::new(organization.clone(), user, at);
        sessions.extend(policy.users.keys().cloned().map(alone));
    }
    let mut counts = Vec::new();
    for session in &sessions {
        for object in policy.objects.keys() {
            for action in [Action::Read, Action::Edit, Action::Export] {
                counts.push(engine.count(session, &action, object));
            }
        }
    }
    counts
}

/// After a change: the counts are those of an engine that never counted before. Whether they are others than before.
fn compare(engine: &Engine, (before, after): (&Counts, &World), what: &str) -> (Counts, bool) {
    let fresh = Engine::load(after.policy.clone(), after.records.clone()).unwrap();
    let counted = counts(engine, after);
    assert_eq!(counted, counts(&fresh, after), "seed {}: {what}", after.seed);
    assert_eq!(counted, counts(engine, after), "seed {}: told again", after.seed);
    let is_other = counted != *before;
    (counted, is_other)
}

#[test]
fn a_count_that_is_told_again_is_the_one_that_is_counted_anew_after_every_kind_of_change() {
    let mut others = [0; 6];
    for seed in 0..24 {
        let mut world = World::random(seed);
        let mut engine = Engine::load(world.policy.clone(), world.records.clone()).unwrap();
        let mut before = counts(&engine, &world);
        let mut told = |engine: &Engine, world: &World, at: usize, what: &str| {
            let (after, is_other) = compare(engine, (&before, world), what);
            others[at] += usize::from(is_other);
            before = after;
        };
        let changes = world.changes(seed);
        for record in changes.records {
            engine.put_record(&record).unwrap();
            world.records.retain(|old| old.key() != record.key());
            world.records.push(record);
        }
        told(&engine, &world, 0, "records were put");
        if let Some(removed) = changes.removed {
            engine.remove_record(&removed.key());
            world.records.retain(|old| old.key() != removed.key());
            told(&engine, &world, 1, "a record was removed");
        }
        for record in &mut world.records {
            for share in std::mem::take(&mut record.shares) {
                engine.revoke_share(&record.key(), &share.to);
            }
        }
        told(&engine, &world, 2, "every share was revoked");
        for user in world.policy.users.keys().cloned().collect::<Vec<_>>() {
            let to = guan_engine::model::Principal::User(user);
            let share = guan_engine::model::Share::manual(to, guan_engine::model::Rights::READ);
            let Some(record) = world.records.first_mut() else { break };
            engine.add_share(&record.key(), &share);
            record.shares.push(share);
        }
        told(&engine, &world, 3, "shares were added");
        if let Some((id, user)) = changes.user {
            engine.put_user(&id, user.clone()).unwrap();
            world.policy.users.insert(id, user);
            told(&engine, &world, 4, "a user was changed");
        }
        let mut other = world.policy.clone();
        other.sets.values_mut().for_each(|set| set.objects.clear());
        if let Ok(Some(prepared)) = engine.prepare(other.clone()) {
            engine.adopt(prepared);
            world.policy = other;
            told(&engine, &world, 5, "another policy was taken over");
        }
    }
    assert!(others.iter().all(|changed| *changed > 0), "{others:?}");
}

#[test]
fn a_copy_of_an_engine_counts_for_itself() {
    let world = World::random(3);
    let engine = Engine::load(world.policy.clone(), world.records.clone()).unwrap();
    let before = counts(&engine, &world);
    let mut copy = engine.clone();
    for record in &world.records {
        copy.remove_record(&record.key());
    }
    let empty = counts(&copy, &world);
    assert!(empty.iter().flatten().all(|count| *count == 0));
    assert_eq!(counts(&engine, &world), before);
}
