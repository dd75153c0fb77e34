//! Whether an edit of the policy touches what a suspension relaxes. What cannot be narrowed down touches it.

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::model::{Assigned, ObjectId, PermissionSet, Policy, SetId, SuspensionScope};

/// What an edit can make different.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Extent {
    /// Only what is on these objects, and on those that are related to them.
    Objects(BTreeSet<ObjectId>),
    /// Anything.
    Everything,
}

impl Extent {
    fn nothing() -> Self {
        Self::Objects(BTreeSet::new())
    }

    fn of(objects: impl IntoIterator<Item = ObjectId>) -> Self {
        Self::Objects(objects.into_iter().collect())
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Objects(mut mine), Self::Objects(theirs)) => {
                mine.extend(theirs);
                Self::Objects(mine)
            }
            _ => Self::Everything,
        }
    }
}

/// Whether the difference between two policies touches the scope of a suspension.
///
/// *rule:* names, Guan's own administration, whether a user is active and users who stand nowhere touch nothing: a
/// suspension relaxes none of it. What is of objects touches the scope where one of these, or one that relations connect
/// with it, is named there; where the scope names no object, field or restriction it takes in all of them. Everything else
/// touches every scope. Whom a scope or an audience names does not matter.
pub fn touches(scope: &SuspensionScope, before: &Policy, after: &Policy) -> bool {
    let mut inside: BTreeSet<&ObjectId> = scope.objects.iter().chain(scope.fields.keys()).collect();
    for policy in [before, after] {
        let restrictions = scope.restrictions.iter().filter_map(|id| policy.restrictions.get(id));
        inside.extend(restrictions.map(|restriction| &restriction.object));
    }
    match extent(before, after) {
        Extent::Everything => true,
        Extent::Objects(objects) if objects.is_empty() => false,
        Extent::Objects(objects) => {
            inside.is_empty() || {
                let related = related(objects, [before, after]);
                inside.into_iter().any(|object| related.contains(object))
            }
        }
    }
}

/// Whether records that fit `before` may not fit `after`: something went or changed that records name.
pub fn may_unfit(before: &Policy, after: &Policy) -> bool {
    before.objects != after.objects
        || before.pools != after.pools
        || before.nodes != after.nodes
        || before.trees != after.trees
        || !before.users.keys().all(|id| after.users.contains_key(id))
        || !before.groups.keys().all(|id| after.groups.contains_key(id))
}

/// The values of a collection that differ, before and after.
fn changed<'m, K: Ord, V: PartialEq>(
    before: &'m BTreeMap<K, V>,
    after: &'m BTreeMap<K, V>,
) -> impl Iterator<Item = (&'m K, Option<&'m V>, Option<&'m V>)> {
    let keys: BTreeSet<&K> = before.keys().chain(after.keys()).collect();
    keys.into_iter()
        .map(|key| (key, before.get(key), after.get(key)))
        .filter(|(_, before, after)| before != after)
}

fn extent(before: &Policy, after: &Policy) -> Extent {
    let is_wide = before.organization.utc_offset_minutes != after.organization.utc_offset_minutes
        || before.trees != after.trees
        || before.nodes != after.nodes
        || before.groups != after.groups
        || before.roll_ups != after.roll_ups
        || before.actions != after.actions
        || changed(&before.users, &after.users).any(|(_, before, after)| match (before, after) {
            (Some(before), Some(after)) => {
                before.kind != after.kind
                    || before.placements != after.placements
                    || before.attributes != after.attributes
            }
            (None, Some(new)) => !new.placements.is_empty() || !new.attributes.is_empty(),
            (_, None) => false,
        });
    if is_wide {
        return Extent::Everything;
    }
    let mut objects: BTreeSet<ObjectId> =
        changed(&before.objects, &after.objects).map(|(id, _, _)| id.clone()).collect();
    for (_, before, after) in changed(&before.pools, &after.pools) {
        objects.extend(before.into_iter().chain(after).map(|pool| pool.object.clone()));
    }
    for (_, before, after) in changed(&before.rules, &after.rules) {
        let both = before.into_iter().chain(after);
        objects.extend(
            both.flat_map(|rule| rule.child_levels.keys().cloned().chain([rule.object.clone()])),
        );
    }
    for (_, before, after) in changed(&before.restrictions, &after.restrictions) {
        objects.extend(before.into_iter().chain(after).map(|one| one.object.clone()));
    }
    let mut extent = Extent::of(objects);
    for (_, before, after) in changed(&before.sets, &after.sets) {
        extent = extent.and(of_sets(before, after));
    }
    for (_, was, is) in changed(&before.set_groups, &after.set_groups) {
        for group in was.into_iter().chain(is) {
            for set in group.sets.iter().chain(&group.muting) {
                extent = extent.and(of_either(set, before, after));
            }
        }
    }
    for (_, was, is) in changed(&before.assignments, &after.assignments) {
        for assignment in was.into_iter().chain(is) {
            extent = extent.and(of_assigned(&assignment.what, before, after));
        }
    }
    extent
}

/// What differs between two contents of a set.
fn of_sets(before: Option<&PermissionSet>, after: Option<&PermissionSet>) -> Extent {
    let (Some(before), Some(after)) = (before, after) else {
        return before.or(after).map_or_else(Extent::nothing, of_set);
    };
    let is_of_all = before.kind != after.kind
        || before.group_reach != after.group_reach
        || before.needs_activation != after.needs_activation;
    if is_of_all {
        return of_set(before).and(of_set(after));
    }
    let system = before.system.symmetric_difference(&after.system);
    if before.any_object != after.any_object || { system }.any(|name| !is_of_guan(name)) {
        return Extent::Everything;
    }
    let objects = changed(&before.objects, &after.objects).map(|(id, _, _)| id.clone());
    let fields = changed(&before.fields, &after.fields).map(|(id, _, _)| id.clone());
    Extent::of(objects.chain(fields))
}

/// Everything that a set gives.
fn of_set(set: &PermissionSet) -> Extent {
    if set.any_object.is_some() || set.system.iter().any(|name| !is_of_guan(name)) {
        return Extent::Everything;
    }
    Extent::of(set.objects.keys().chain(set.fields.keys()).cloned())
}

/// Whether a system permission is of Guan's own administration, which no suspension relaxes.
fn is_of_guan(name: &str) -> bool {
    name.starts_with("guan.")
}

fn of_either(set: &SetId, before: &Policy, after: &Policy) -> Extent {
    let found = [before, after].into_iter().filter_map(|policy| policy.sets.get(set));
    found.map(of_set).fold(Extent::nothing(), Extent::and)
}

fn of_assigned(what: &Assigned, before: &Policy, after: &Policy) -> Extent {
    match what {
        Assigned::Set(set) => of_either(set, before, after),
        Assigned::SetGroup(group) => [before, after]
            .into_iter()
            .filter_map(|policy| policy.set_groups.get(group))
            .flat_map(|group| group.sets.iter().chain(&group.muting))
            .map(|set| of_either(set, before, after))
            .fold(Extent::nothing(), Extent::and),
    }
}

/// Objects with all that relations connect with them, whichever way: what is given on one can reach the others.
fn related(objects: BTreeSet<ObjectId>, policies: [&Policy; 2]) -> BTreeSet<ObjectId> {
    let mut beside: BTreeMap<&ObjectId, BTreeSet<&ObjectId>> = BTreeMap::new();
    for policy in policies {
        for (child, object) in &policy.objects {
            for relation in object.relations.values() {
                beside.entry(child).or_default().insert(&relation.parent);
                beside.entry(&relation.parent).or_default().insert(child);
            }
        }
    }
    let mut found = objects;
    let mut next: Vec<ObjectId> = found.iter().cloned().collect();
    while let Some(object) = next.pop() {
        for other in beside.get(&object).into_iter().flatten() {
            if found.insert((*other).clone()) {
                next.push((*other).clone());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use guan_engine::model::{Policy, SuspensionScope};
    use serde_json::{Value, json};

    use super::touches;

    fn policy() -> Value {
        json!({
            "organization": { "id": "acme" },
            "objects": { "Account": {}, "Contact": { "relations": { "account": { "parent": "Account" } } }, "Payroll": {} },
            "users": { "bo": { "name": "Bo" } },
            "sets": {
                "sales": { "objects": { "Account": { "actions": { "read": "all" } } } },
                "office": { "system": ["guan.manage_users"] },
            },
            "restrictions": { "r": { "object": "Payroll", "only": "false" } },
            "assignments": {},
        })
    }

    fn read(value: Value) -> Policy {
        serde_json::from_value(value).unwrap()
    }

    fn scope(value: Value) -> SuspensionScope {
        serde_json::from_value(value).unwrap()
    }

    /// Whether setting a place touches: everything, Contact, Payroll, the restriction on Payroll.
    fn touched(place: &str, to: Value) -> [bool; 4] {
        let before = policy();
        let mut after = before.clone();
        let (parent, name) = place.rsplit_once('/').unwrap();
        after.pointer_mut(parent).unwrap()[name] = to;
        let (before, after) = (read(before), read(after));
        [
            json!({}),
            json!({ "objects": ["Contact"] }),
            json!({ "fields": { "Payroll": ["Amount"] } }),
            json!({ "restrictions": ["r"] }),
        ]
        .map(|given| touches(&scope(given), &before, &after))
    }

    #[test]
    fn an_edit_touches_the_scopes_whose_objects_it_concerns() {
        let nothing = [false; 4];
        let all = [true; 4];
        let related = [true, true, false, false];
        let payroll = [true, false, true, true];
        for (place, to, wanted) in [
            ("/organization/name", json!("Acme"), nothing),
            ("/users/bo/active", json!(false), nothing),
            ("/users/bo/name", json!("Bob"), nothing),
            ("/users/eve", json!({ "name": "Eve" }), nothing),
            ("/users/bo/attributes", json!({ "department": "x" }), all),
            ("/sets/office/system", json!(["guan.manage_users", "guan.manage_sets"]), nothing),
            ("/sets/office/system", json!(["api"]), all),
            ("/assignments/a", json!({ "what": "set:office", "to": "user:bo" }), nothing),
            ("/assignments/a", json!({ "what": "set:sales", "to": "user:bo" }), related),
            ("/sets/sales/objects", json!({}), related),
            ("/sets/sales/fields", json!({ "Payroll": { "Amount": "read" } }), payroll),
            ("/sets/sales/any_object", json!({ "view_all": true }), all),
            ("/objects/Account/name", json!("Firm"), related),
            ("/restrictions/r/only", json!("true"), payroll),
            ("/groups", json!({ "g": { "members": ["user:bo"] } }), all),
        ] {
            let place = if place.matches('/').count() == 1 {
                format!("/{place}")
            } else {
                place.to_owned()
            };
            let place = place.strip_prefix("//").map_or(place.clone(), |name| format!("/{name}"));
            assert_eq!(touched(&place, to), wanted, "{place}");
        }
    }
}
