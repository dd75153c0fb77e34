//! Whether two overlays may concern the same question; in doubt they do.

use crate::model::{Audience, FieldId, Layer, ObjectId, OverlayEffect, Principal, SuspensionScope};
use std::collections::{BTreeMap, BTreeSet};

/// Whether what two overlays do may meet.
///
/// Suspensions meet unless objects, fields, layers, actions or restrictions keep them apart; whom
/// they are for does not: the scope is off either way. Elevations meet when they give the same to
/// audiences that are not plainly different users, disablements when they switch off the same.
pub fn overlap(one: (&OverlayEffect, &Audience), other: (&OverlayEffect, &Audience)) -> bool {
    use OverlayEffect::{Disablement, Elevation, Suspension};
    match (one.0, other.0) {
        (Suspension { scope: one, .. }, Suspension { scope: other, .. }) => scopes_meet(one, other),
        (Elevation { set: mine }, Elevation { set: theirs }) => {
            mine == theirs && people_meet(&one.1.users, &other.1.users)
        }
        (Disablement { what: mine }, Disablement { what: theirs }) => mine == theirs,
        (Suspension { .. } | Elevation { .. } | Disablement { .. }, _) => false,
    }
}

fn scopes_meet(one: &SuspensionScope, other: &SuspensionScope) -> bool {
    meet(&layers(one), &layers(other))
        && meet(&one.actions, &other.actions)
        && meet(&one.restrictions, &other.restrictions)
        && match (objects(one), objects(other)) {
            (Some(one), Some(other)) => !one.is_disjoint(&other),
            (None, _) | (_, None) => true,
        }
        && fields_meet(&one.fields, &other.fields)
}

/// Sets of which an empty one means all.
fn meet<T: Ord>(one: &BTreeSet<T>, other: &BTreeSet<T>) -> bool {
    one.is_empty() || other.is_empty() || !one.is_disjoint(other)
}

/// The objects that a scope names, by themselves or by their fields; `None` for all.
fn objects(scope: &SuspensionScope) -> Option<BTreeSet<&ObjectId>> {
    match (scope.objects.is_empty(), scope.fields.is_empty()) {
        (true, true) => None,
        (false, true) => Some(scope.objects.iter().collect()),
        (true, false) => Some(scope.fields.keys().collect()),
        (false, false) => {
            Some(scope.fields.keys().filter(|id| scope.objects.contains(*id)).collect())
        }
    }
}

/// The layers that a scope can act in; empty for all.
fn layers(scope: &SuspensionScope) -> BTreeSet<Layer> {
    if !scope.layers.is_empty() {
        scope.layers.clone()
    } else if !scope.fields.is_empty() {
        BTreeSet::from([Layer::Field])
    } else if !scope.restrictions.is_empty() {
        BTreeSet::from([Layer::Record, Layer::Field])
    } else {
        BTreeSet::new()
    }
}

type Fields = BTreeMap<ObjectId, BTreeSet<FieldId>>;

fn fields_meet(one: &Fields, other: &Fields) -> bool {
    one.is_empty()
        || other.is_empty()
        || one
            .iter()
            .any(|(object, fields)| other.get(object).is_some_and(|others| meet(fields, others)))
}

/// Whether two lists of principals may name the same user. Only users by name are plainly different.
fn people_meet(one: &BTreeSet<Principal>, other: &BTreeSet<Principal>) -> bool {
    let by_name = |who: &BTreeSet<Principal>| {
        who.iter().all(|principal| matches!(principal, Principal::User(_)))
    };
    !(by_name(one) && by_name(other)) || meet(one, other)
}
