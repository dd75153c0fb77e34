//! Objects with their fields, fifty profiles and permission sets, and who holds them.

use super::user;
use crate::random::Random;
use crate::scale::Scale;
use guan_engine::model::{
    Action, Assigned, Assignment, Field, FieldAccess, FieldType, Grant, Object, ObjectPermission,
    PermissionSet, Policy, Principal, SetId, SetKind,
};

/// The object that has records.
pub const OBJECT: &str = "Account";
/// Its indexed field: the main order.
pub const SORTED_BY: &str = "changed";
const OBJECTS: usize = 40;
const FIELDS: usize = 60;
const PROFILES: usize = 15;
const SETS: usize = 50;

fn object(number: usize) -> String {
    if number == 0 { OBJECT.to_owned() } else { format!("Object{number:02}") }
}
fn set(number: usize) -> SetId {
    format!("s{number:02}").into()
}

/// The fields that criteria rules read, and the order; the others are plain.
fn fields(number: usize) -> Vec<(String, FieldType)> {
    let mut fields: Vec<(String, FieldType)> = Vec::new();
    if number == 0 {
        for name in ["region", "industry", "stage"] {
            fields.push((name.to_owned(), FieldType::Text));
        }
        fields.push(("amount".to_owned(), FieldType::Number));
        fields.push((SORTED_BY.to_owned(), FieldType::DateTime));
    }
    let plain = FIELDS - fields.len();
    fields.extend((0..plain).map(|field| (format!("f{field:02}"), FieldType::Text)));
    fields
}

/// Forty objects, private, each of sixty fields.
pub fn objects(policy: &mut Policy) {
    for number in 0..OBJECTS {
        let mut made = Object::default();
        made.roll_ups.insert("up".into());
        for (name, field_type) in fields(number) {
            let indexed = name == SORTED_BY;
            let secured = indexed.then_some(false);
            let field = Field { field_type, indexed, secured, ..Field::default() };
            made.fields.insert(name.as_str().into(), field);
        }
        policy.objects.insert(object(number).as_str().into(), made);
    }
}

/// Fifteen profiles, thirty-three sets, one that views all and one that modifies all.
pub fn sets(random: &mut Random, policy: &mut Policy) {
    for number in 0..SETS {
        let profile = number < PROFILES;
        let kind = if profile { SetKind::Profile } else { SetKind::PermissionSet };
        let mut made = PermissionSet { kind, ..PermissionSet::default() };
        for at in 0..OBJECTS {
            let actions = actions(random, number, at);
            if actions.is_empty() {
                continue;
            }
            let edits = actions.contains(&Action::Edit);
            let permission = ObjectPermission {
                actions: actions.into_iter().map(|action| (action, Grant::REACHABLE)).collect(),
                view_all: at == 0 && number == SETS - 2,
                modify_all: at == 0 && number == SETS - 1,
                ..ObjectPermission::default()
            };
            made.objects.insert(object(at).as_str().into(), permission);
            let seen = if profile { 0.75 } else { 0.3 };
            let mut listed = std::collections::BTreeMap::new();
            for (name, _) in fields(at) {
                if name != SORTED_BY && random.happens(seen) {
                    let edit = edits && random.happens(0.5);
                    let access = if edit { FieldAccess::EDIT } else { FieldAccess::READ };
                    listed.insert(name.as_str().into(), access);
                }
            }
            made.fields.insert(object(at).as_str().into(), listed);
        }
        policy.sets.insert(set(number), made);
    }
}

fn actions(random: &mut Random, number: usize, at: usize) -> Vec<Action> {
    let all = [Action::Read, Action::Edit, Action::Create, Action::Delete];
    let first = |count: usize| all.iter().take(count).cloned().collect();
    if number < PROFILES {
        let drawn = match (at, number) {
            (0, 0..=6) => 4,
            (0, 7..=10) => 3,
            (0, 11..=13) => 1,
            (0, _) => 0,
            _ if !random.happens(0.7) => 0,
            _ if !random.happens(0.6) => 1,
            _ if !random.happens(0.4) => 3,
            _ => 4,
        };
        return first(drawn);
    }
    match (at, number) {
        (0, 48) => first(1),
        (0, 49) => first(4),
        _ if random.happens(0.12) => first(1 + random.below(2)),
        _ => Vec::new(),
    }
}

/// A profile and up to four sets for everybody, in combinations that some people share.
pub fn assignments(random: &mut Random, scale: Scale, policy: &mut Policy) {
    let mut patterns: Vec<Vec<usize>> = Vec::new();
    for number in 0..300 {
        let profile = if number % 50 == 49 { PROFILES - 1 } else { random.below(PROFILES - 1) };
        let mut pattern = vec![profile];
        for _ in 0..random.below(5) {
            pattern.push(PROFILES + random.below(33));
        }
        patterns.push(pattern);
    }
    for holder in 0..scale.users {
        let drawn = random.share() * random.share() * 300.0;
        let mut held = patterns[drawn as usize].clone();
        if random.happens(0.05) {
            held.push(PROFILES + random.below(33));
        }
        if random.happens(0.003) {
            held.push(SETS - 2);
        }
        if random.happens(0.0005) {
            held.push(SETS - 1);
        }
        held.sort_unstable();
        held.dedup();
        for number in held {
            let what = Assigned::Set(set(number));
            let assignment = Assignment::new(what, Principal::User(user(holder)));
            let id = format!("{}-{}", user(holder), set(number));
            policy.assignments.insert(id.into(), assignment);
        }
    }
}
