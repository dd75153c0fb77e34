//! Counts that are told again: never another number than one that is counted anew.

use guan_engine::Engine;
use guan_engine::answer::Refusal;
use guan_engine::ask::Session;
use guan_engine::model::{
    Action, Assignment, Grant, Moment, Object, PermissionSet, Policy, Principal, Record, Rights,
    Share, Span, User,
};
use guan_engine::question::ListQuery;
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
            let to = Principal::User(user);
            let share = Share::manual(to, Rights::READ);
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

/// A record of these owners.
fn account(id: &str, owners: &[&str]) -> Record {
    let mut record = Record::new("Account", id);
    record.owners = owners.iter().map(|owner| owner.parse().unwrap()).collect();
    record
}

#[test]
fn few_records_among_many_are_counted_without_those_that_others_own_now() {
    let mut policy = Policy::default();
    policy.objects.insert("Account".into(), Object::default());
    let mut set = PermissionSet::default();
    set.objects.entry("Account".into()).or_default().actions =
        [(Action::Read, Grant::REACHABLE)].into();
    policy.sets.insert("sales".into(), set);
    for user in ["li", "wang"] {
        policy.users.insert(user.into(), User { active: true, ..User::default() });
        let to = Principal::User(user.into());
        let assignment = Assignment::new("set:sales".parse().unwrap(), to);
        policy.assignments.insert(format!("as-{user}").as_str().into(), assignment);
    }
    let own = (0..40).map(|at| account(&format!("a-{at}"), &["user:li"]));
    let others = (0..6_400).map(|at| account(&format!("b-{at}"), &[]));
    let mut engine = Engine::load(policy.clone(), own.chain(others)).unwrap();
    let told = |engine: &Engine, user: &str| {
        let session = Session::new(policy.organization.id.clone(), user, Moment(0));
        let query = ListQuery::first("Account", usize::MAX);
        let listed = engine.list(&session, &Action::Read, &query).unwrap().records.len();
        let counted = engine.count(&session, &Action::Read, &"Account".into()).unwrap();
        assert_eq!(counted, listed as u64, "{user}");
        counted
    };
    assert_eq!((told(&engine, "li"), told(&engine, "wang")), (40, 0));
    for (owners, wanted) in [
        (&["user:wang"][..], (39, 1)),
        (&[], (39, 0)),
        (&["user:li", "user:wang"], (40, 1)),
        (&["user:li"], (40, 0)),
    ] {
        engine.put_record(&account("a-7", owners)).unwrap();
        assert_eq!((told(&engine, "li"), told(&engine, "wang")), wanted, "{owners:?}");
    }
    engine.put_record(&account("a-7", &["user:wang"])).unwrap();
    engine.remove_record(&account("a-7", &[]).key());
    assert_eq!((told(&engine, "li"), told(&engine, "wang")), (39, 0));
}
