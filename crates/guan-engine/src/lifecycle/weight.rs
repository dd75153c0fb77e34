//! What makes a request heavy: everything at once, protected fields, bulk actions.

use crate::model::{
    Action, Assigned, Layer, ObjectId, ObjectPermission, OverlayEffect, PermissionSet, Policy,
    Population, Principal, SuspensionScope,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A reason why a request needs more approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// It relaxes everything, or as good as everything.
    Everything,
    /// It opens fields of a protected class.
    Protected,
    /// It opens export, import or bulk actions.
    Bulk,
}

/// What makes an overlay with this effect heavy over this policy.
///
/// What is as wide as everything counts as everything, however it is spelled: every object, every
/// layer or every action by name, a scope whose users are everybody. An elevation weighs what its
/// sets give: reading or changing all of every object, or a system permission, is everything. A
/// disablement takes away, so it weighs nothing. Costs time in proportion to the sets named.
pub fn weights(effect: &OverlayEffect, policy: &Policy) -> BTreeSet<Weight> {
    let mut found = BTreeSet::new();
    match effect {
        OverlayEffect::Suspension { scope, .. } => {
            if is_as_good_as_everything(scope, policy) {
                found.insert(Weight::Everything);
            }
            if scope.protected_classes.iter().any(|class| class.is_protected()) {
                found.insert(Weight::Protected);
            }
            if scope.bulk {
                found.insert(Weight::Bulk);
            }
        }
        OverlayEffect::Elevation { set } => {
            let sets: Vec<&PermissionSet> = match set {
                Assigned::Set(id) => policy.sets.get(id).into_iter().collect(),
                // What the group mutes is left aside: it can only make the elevation lighter.
                Assigned::SetGroup(id) => {
                    let group = policy.set_groups.get(id).into_iter();
                    group
                        .flat_map(|group| &group.sets)
                        .filter_map(|id| policy.sets.get(id))
                        .collect()
                }
            };
            for set in sets {
                of_set(set, policy, &mut found);
            }
        }
        OverlayEffect::Disablement { .. } => {}
    }
    found
}

fn is_as_good_as_everything(scope: &SuspensionScope, policy: &Policy) -> bool {
    let all_objects = scope.objects.is_empty()
        || policy.objects.keys().all(|object| scope.objects.contains(object));
    let all_layers = scope.layers.is_empty()
        || [Layer::Object, Layer::Record, Layer::Field]
            .iter()
            .all(|layer| scope.layers.contains(layer));
    let reads_and_writes = [Action::Read, Action::Create, Action::Edit, Action::Delete];
    let all_actions = scope.actions.is_empty()
        || reads_and_writes.iter().all(|action| scope.actions.contains(action));
    let everybody = [Population::Everyone, Population::Internal].map(Principal::Population);
    let all_users = scope.users.is_empty() || everybody.iter().any(|who| scope.users.contains(who));
    let rest = scope.fields.is_empty() && scope.restrictions.is_empty() && scope.sets.is_empty();
    all_objects && all_layers && all_actions && all_users && rest
}

fn of_set(set: &PermissionSet, policy: &Policy, found: &mut BTreeSet<Weight>) {
    let any = set.any_object.as_ref();
    if any.is_some_and(|any| any.view_all || any.modify_all) || !set.system.is_empty() {
        found.insert(Weight::Everything);
    }
    let gives = |permission: &ObjectPermission, action: &Action| {
        permission.actions.get(action).is_some_and(|grant| !grant.is_none())
    };
    let mut permissions = set.objects.values().chain(any);
    if permissions.any(|given| gives(given, &Action::Export) || gives(given, &Action::Import)) {
        found.insert(Weight::Bulk);
    }
    if policy.objects.keys().any(|object| shows_protected(set, object, policy)) {
        found.insert(Weight::Protected);
    }
}

/// Whether a set may show a field of a protected class. A field that comes with its object counts
/// where the set gives anything at all on the object.
fn shows_protected(set: &PermissionSet, id: &ObjectId, policy: &Policy) -> bool {
    let Some(object) = policy.objects.get(id) else { return false };
    let given: Vec<&ObjectPermission> =
        set.objects.get(id).into_iter().chain(&set.any_object).collect();
    let listed = set.fields.get(id);
    object.fields.iter().any(|(field_id, field)| {
        let protected = field.class.is_some_and(crate::model::FieldClass::is_protected);
        let by_list =
            listed.and_then(|fields| fields.get(field_id)).is_some_and(|access| access.bits() != 0);
        let by_object =
            given.iter().any(|given| given.all_fields.bits() != 0 || field.secured != Some(true));
        protected && (by_list || by_object)
    })
}
