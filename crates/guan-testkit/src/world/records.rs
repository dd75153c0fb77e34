//! Records of a random organization, with owners, places, values, shares and teams.

use super::random::Random;
use super::words::{FIELDS, boundary, levels, principal, rights, tags_of, unit};
use guan_engine::model::{
    FieldId, Number, Object, ObjectId, Owner, Policy, Record, RecordId, Share, TeamMember, Value,
};
use std::collections::{BTreeMap, BTreeSet};

/// How many records each object has.
const COUNT: usize = 8;

/// Every record.
pub(super) fn records(random: &mut Random, policy: &Policy) -> Vec<Record> {
    let mut records = Vec::new();
    for (id, object) in &policy.objects {
        for at in 0..COUNT {
            records.push(record(random, policy, id, object, at));
        }
    }
    records
}

fn record(
    random: &mut Random,
    policy: &Policy,
    object_id: &ObjectId,
    object: &Object,
    at: usize,
) -> Record {
    let areas = tags_of(policy, object_id);
    let pools: Vec<_> = policy.pools.iter().filter(|(_, pool)| pool.object == *object_id).collect();
    let parents = object.relations.keys().filter_map(|relation| {
        // One id more than there are records: the parent is missing.
        let parent = random.between(0, COUNT).to_string();
        random.happens(75).then(|| (relation.clone(), RecordId::new(parent)))
    });
    Record {
        parents: parents.collect(),
        owners: owners(random, policy),
        unit: random.maybe(70, |random| unit(random, policy)).flatten(),
        tags: random.some(&areas, 20),
        pool: random.maybe(35, |random| random.any(&pools).map(|(id, _)| id.clone())).flatten(),
        locked: random.happens(12),
        fields: values(random, policy),
        shares: (0..random.below(4)).filter_map(|_| share(random, policy)).collect(),
        team: (0..random.below(3)).filter_map(|_| member(random, policy)).collect(),
        ..Record::new(object_id.clone(), at.to_string())
    }
}

/// Nobody, somebody, or several.
pub(super) fn owners(random: &mut Random, policy: &Policy) -> BTreeSet<Owner> {
    let count = random.one(1, &[0, 1, 1, 2]);
    (0..count)
        .filter_map(|_| {
            if random.happens(65) {
                random.key(&policy.users).map(Owner::User)
            } else {
                random.key(&policy.groups).map(Owner::Group)
            }
        })
        .collect()
}

fn values(random: &mut Random, policy: &Policy) -> BTreeMap<FieldId, Value> {
    let mut values = BTreeMap::new();
    for field in FIELDS {
        if random.happens(25) {
            continue;
        }
        let value = match field {
            "f0" => Value::from(random.one("a", &["ab", "b"])),
            "f1" => Value::Number(Number::whole(random.one(1, &[2, 3]))),
            "f2" => Value::Bool(random.happens(50)),
            "f3" => Value::from(random.one("2025-12-31", &["2026-01-01", "2026-01-02"])),
            "f4" => Value::Text(boundary(random).to_string()),
            "f5" => Value::from(random.one("x", &["y", "z"])),
            "f6" => Value::List(
                random.some(&["x".to_owned(), "y".to_owned()], 60).into_iter().collect(),
            ),
            _ => match random.key(&policy.users) {
                Some(user) => Value::Text(user.to_string()),
                None => continue,
            },
        };
        if value != Value::List(Vec::new()) {
            values.insert(FieldId::from(field), value);
        }
    }
    values
}

/// A share with anybody.
pub(super) fn share(random: &mut Random, policy: &Policy) -> Option<Share> {
    Some(Share {
        to: principal(random, policy)?,
        rights: rights(random),
        ends: random.maybe(25, boundary),
        cause: random.one("manual", &["rule"]).to_owned(),
        by: None,
        child_levels: levels(random, policy, 30),
    })
}

fn member(random: &mut Random, policy: &Policy) -> Option<TeamMember> {
    Some(TeamMember {
        user: random.key(&policy.users)?,
        role: random.one("", &["lead"]).to_owned(),
        rights: rights(random),
        ends: random.maybe(25, boundary),
        by: None,
        child_levels: levels(random, policy, 30),
    })
}
