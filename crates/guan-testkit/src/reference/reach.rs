//! Stage 3: does a scope, or evidence, cover the record (specification §4)?

use super::bundles::{Bundle, is_unit, units_of_user};
use super::case::Case;
use super::facts::Given;
use super::naming::distance;
use guan_engine::answer::{Evidence, Source};
use guan_engine::model::{
    Action, NodeId, ObjectId, Owner, Policy, Record, Right, Scope, UnitSource,
};
use std::collections::BTreeSet;

/// The place of a record, as far as scopes look at it.
struct Place<'p> {
    object: &'p ObjectId,
    owners: &'p BTreeSet<Owner>,
    unit: Option<&'p NodeId>,
}

impl<'a> Case<'a> {
    /// Every path that covers the record for the action, in order.
    pub(super) fn covering(&self, record: &'a Record, action: &Action) -> Vec<Evidence> {
        self.counted(&place(record), action, self.paths(record))
    }

    /// The same by evidence alone, as for a grant at scope `reachable`.
    pub(super) fn reaching(&self, record: &'a Record, action: &Action) -> Vec<Evidence> {
        let Some(right) = self.right(action) else { return Vec::new() };
        let mut paths = self.paths(record);
        paths.retain(|path| path.rights().has(right));
        paths
    }

    /// Every path that covers a record to be made.
    pub(super) fn covering_new(
        &self,
        object: &ObjectId,
        owners: &BTreeSet<Owner>,
        unit: Option<&NodeId>,
    ) -> Vec<Evidence> {
        let place = Place { object, owners, unit };
        self.counted(&place, &Action::Create, self.paths_to_new(object, owners))
    }

    /// What makes a record to be made reachable.
    pub(super) fn paths_to_new(
        &self,
        object: &ObjectId,
        owners: &BTreeSet<Owner>,
    ) -> Vec<Evidence> {
        let mut paths: Vec<_> = owners
            .iter()
            .filter(|owner| self.is_owner(owner))
            .map(|owner| Evidence::Owner { owner: owner.clone() })
            .collect();
        if let Some(object) = self.policy.objects.get(object) {
            paths.extend(self.rolled_up_from_owners(object, owners));
        }
        paths.retain(|path| path.rights().has(Right::Edit));
        paths.sort();
        paths.dedup();
        paths
    }

    /// Scopes that cover the place, and those of `paths` that some bundle counts.
    fn counted(&self, place: &Place<'_>, action: &Action, paths: Vec<Evidence>) -> Vec<Evidence> {
        let Some(right) = self.right(action) else { return Vec::new() };
        let granting: Vec<_> = self
            .bundles
            .iter()
            .map(|bundle| (bundle, bundle.grant(self.policy, place.object, action)))
            .filter(|(_, grant)| !grant.is_none())
            .collect();
        let mut evidence = Vec::new();
        let scope = self.scope(place, action);
        if scope > Scope::Reachable {
            evidence.push(Evidence::Scope { scope });
        }
        if place.owners.is_empty() && granting.iter().any(|(_, grant)| grant.unassigned) {
            evidence.push(Evidence::Unassigned);
        }
        for path in paths {
            if path.rights().has(right)
                && granting
                    .iter()
                    .any(|(bundle, grant)| grant.scope >= Scope::Reachable && counts(bundle, &path))
            {
                evidence.push(path);
            }
        }
        evidence.sort();
        evidence
    }

    /// The greatest scope above `reachable` that covers the record, or `none`.
    pub(super) fn scope_over(&self, record: &Record, action: &Action) -> Scope {
        self.scope(&place(record), action)
    }

    fn scope(&self, place: &Place<'_>, action: &Action) -> Scope {
        let units = units_of(self.policy, place.object, place.owners, place.unit);
        let mut greatest = Scope::None;
        for bundle in &self.bundles {
            let scope = bundle.grant(self.policy, place.object, action).scope;
            let covers = match scope {
                Scope::None | Scope::Reachable => false,
                Scope::Unit => units.iter().any(|unit| bundle.units.contains(unit)),
                Scope::UnitAndBelow => units.iter().any(|unit| {
                    bundle.units.iter().any(|upper| distance(self.policy, unit, upper).is_some())
                }),
                Scope::All => true,
            };
            if covers {
                greatest = greatest.max(scope);
            }
        }
        greatest
    }

    /// Whether a grant for records without owner covers the record.
    pub(super) fn is_covered_as_unassigned(&self, record: &Record, action: &Action) -> bool {
        record.owners.is_empty()
            && self
                .bundles
                .iter()
                .any(|bundle| bundle.grant(self.policy, &record.object, action).unassigned)
    }

    /// The right that the action needs.
    pub(super) fn right(&self, action: &Action) -> Option<Right> {
        match action {
            Action::Custom(name) => self.policy.actions.get(name).map(|own| own.needs.0),
            _ => action.standard_right(),
        }
    }

    /// The facts that conditions see.
    pub(super) fn given<'f>(
        &'f self,
        object: &'f ObjectId,
        record: Option<&'f Record>,
    ) -> Given<'f> {
        let (policy, subject, at) = (self.policy, self.subject, self.session.at);
        Given { policy, object, record, subject, at }
    }

    /// Whether owners and unit of a record to be made exist.
    pub(super) fn is_known(&self, owners: &BTreeSet<Owner>, unit: Option<&NodeId>) -> bool {
        let known = |owner: &Owner| match owner {
            Owner::User(id) => self.policy.users.contains_key(id),
            Owner::Group(id) => self.policy.groups.contains_key(id),
        };
        owners.iter().all(known) && unit.is_none_or(|unit| is_unit(self.policy, unit))
    }
}

fn place(record: &Record) -> Place<'_> {
    Place { object: &record.object, owners: &record.owners, unit: record.unit.as_ref() }
}

/// Whether the bundle counts the path at scope `reachable`.
fn counts(bundle: &Bundle<'_>, path: &Evidence) -> bool {
    let (Evidence::Owner { owner } | Evidence::RollUp { source: Source::Owner(owner), .. }) = path
    else {
        return true;
    };
    match &bundle.through {
        Some(group) if bundle.is_group_only() => *owner == Owner::Group(group.clone()),
        Some(_) | None => true,
    }
}

/// The units of a record.
pub(super) fn units_of(
    policy: &Policy,
    object: &ObjectId,
    owners: &BTreeSet<Owner>,
    unit: Option<&NodeId>,
) -> Vec<NodeId> {
    let source = policy.objects.get(object).map_or(UnitSource::Record, |object| object.unit_source);
    match source {
        UnitSource::Record => unit.cloned().into_iter().collect(),
        UnitSource::Owners => owners
            .iter()
            .flat_map(|owner| match owner {
                Owner::User(user) => units_of_user(policy, user),
                Owner::Group(group) => {
                    let group = policy.groups.get(group);
                    group.and_then(|group| group.unit.clone()).into_iter().collect()
                }
            })
            .collect(),
    }
}
