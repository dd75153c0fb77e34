//! Bundles in force, groups of sets, muting and normalising (specification §3).

use super::case::Case;
use super::naming::stated_placements;
use guan_engine::model::{
    Action, Assigned, Disabled, FieldAccess, FieldId, Grant, GroupId, GroupReach, NodeId, ObjectId,
    ObjectPermission, PermissionSet, Policy, Principal, STANDARD_ACTIONS, Scope, SetId, SetKind,
    TreeKind,
};
use std::collections::BTreeMap;

/// Actions and how far each reaches.
pub(super) type Grants = BTreeMap<Action, Grant>;

/// A set, or a group of sets as one, in force for the subject.
pub(super) struct Bundle<'a> {
    /// Its sets that are in force; just one unless it is a group of sets.
    pub(super) sets: Vec<(&'a SetId, &'a PermissionSet)>,
    /// The muting sets of a group of sets.
    muting: Vec<&'a PermissionSet>,
    /// The group that it came through.
    pub(super) through: Option<GroupId>,
    /// Its context units.
    pub(super) units: Vec<NodeId>,
}

impl<'a> Case<'a> {
    /// Every bundle in force for the subject.
    pub(super) fn bundles_in_force(&self) -> Vec<Bundle<'a>> {
        let mut bundles = Vec::new();
        for (id, assignment) in &self.policy.assignments {
            if assignment.is_in_force(self.session.at)
                && self.names_subject(&assignment.to)
                && !self.is_disabled(&Disabled::Assignment(id.clone()))
                && let Some(mut bundle) = self.bundle(&assignment.what, Brought::ByAssignment)
            {
                if let Principal::Group(group) = &assignment.to {
                    bundle.through = Some(group.clone());
                }
                bundle.units = self.context_units(&assignment.to, assignment.unit.as_ref());
                bundles.push(bundle);
            }
        }
        for set in self.elevations() {
            if let Some(mut bundle) = self.bundle(set, Brought::ByElevation) {
                bundle.units = self.own_units();
                bundles.push(bundle);
            }
        }
        bundles
    }

    fn bundle(&self, what: &'a Assigned, brought: Brought) -> Option<Bundle<'a>> {
        let mut bundle =
            Bundle { sets: Vec::new(), muting: Vec::new(), through: None, units: Vec::new() };
        let may_act = |needs_activation: bool| !needs_activation || brought == Brought::ByElevation;
        let mut take = |id: &'a SetId, may_act: &dyn Fn(bool) -> bool| {
            if let Some((id, set)) = self.policy.sets.get_key_value(id)
                && set.kind != SetKind::Muting
                && may_act(set.needs_activation)
                && !self.is_disabled(&Disabled::Set(id.clone()))
            {
                bundle.sets.push((id, set));
            }
        };
        match what {
            Assigned::Set(id) => take(id, &may_act),
            Assigned::SetGroup(id) => {
                let group = self.policy.set_groups.get(id)?;
                if !may_act(group.needs_activation)
                    || self.is_disabled(&Disabled::SetGroup(id.clone()))
                {
                    return None;
                }
                // An elevation of the group does not activate its members.
                group.sets.iter().for_each(|id| take(id, &|needs_activation| !needs_activation));
                bundle.muting =
                    group.muting.iter().filter_map(|id| self.policy.sets.get(id)).collect();
            }
        }
        (!bundle.sets.is_empty()).then_some(bundle)
    }

    fn context_units(&self, to: &Principal, stated: Option<&NodeId>) -> Vec<NodeId> {
        if let Some(unit) = stated {
            return vec![unit.clone()];
        }
        match to {
            Principal::Group(id) => self
                .policy
                .groups
                .get(id)
                .and_then(|group| group.unit.clone())
                .into_iter()
                .collect(),
            Principal::Node(node) if is_unit(self.policy, node) => vec![node.clone()],
            _ => self.own_units(),
        }
    }

    /// The units where the subject stands.
    fn own_units(&self) -> Vec<NodeId> {
        let nodes = self.placements.iter().map(|placement| placement.node.clone());
        nodes.filter(|node| is_unit(self.policy, node)).collect()
    }
}

/// The units where a user stands, as the policy states.
pub(super) fn units_of_user(policy: &Policy, user: &guan_engine::model::UserId) -> Vec<NodeId> {
    let nodes = stated_placements(policy, user).iter().map(|placement| placement.node.clone());
    nodes.filter(|node| is_unit(policy, node)).collect()
}

/// Whether the node stands in a tree of kind `unit`.
pub(super) fn is_unit(policy: &Policy, node: &NodeId) -> bool {
    let tree = policy.nodes.get(node).and_then(|node| policy.trees.get(&node.tree));
    tree.is_some_and(|tree| tree.kind == TreeKind::Unit)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Brought {
    ByAssignment,
    ByElevation,
}

impl Bundle<'_> {
    /// What it grants on the object: by what its sets say of the object, and by what they say of
    /// any object.
    pub(super) fn grants(&self, policy: &Policy, object: &ObjectId) -> Grants {
        let mut grants = self.grants_by(policy, object, on_object);
        for (action, grant) in self.grants_by(policy, object, on_any_object) {
            unite(&mut grants, action, grant);
        }
        grants.retain(|_, grant| !grant.is_none());
        grants
    }

    fn grants_by(&self, policy: &Policy, object: &ObjectId, part: Part) -> Grants {
        let mut united = Grants::new();
        for (_, set) in &self.sets {
            let mut grants = Grants::new();
            for (action, grant) in stated(part(set, object)) {
                unite(&mut grants, action, grant);
            }
            let handed = match set.kind {
                SetKind::SecurityRole => Handed::ByCustomActions,
                SetKind::Profile | SetKind::PermissionSet | SetKind::Muting => Handed::ByAll,
            };
            hand_down(policy, &mut grants, handed);
            for (action, grant) in grants {
                unite(&mut united, action, grant);
            }
        }
        for (action, muted) in self.muting.iter().flat_map(|set| stated(part(set, object))) {
            mute(policy, &mut united, &action, muted);
        }
        united
    }

    /// What it grants for one action on the object.
    pub(super) fn grant(&self, policy: &Policy, object: &ObjectId, action: &Action) -> Grant {
        self.grants(policy, object).get(action).copied().unwrap_or_default()
    }

    /// What it gives on a field of the object.
    pub(super) fn field(
        &self,
        policy: &Policy,
        object: &ObjectId,
        field: &FieldId,
        is_open: bool,
    ) -> FieldAccess {
        let listed_by = |set: &PermissionSet| set.fields.get(object)?.get(field).copied();
        let mut access = FieldAccess::HIDDEN;
        for (_, set) in &self.sets {
            access |= listed_by(set).unwrap_or_default();
        }
        let is_listed = self.sets.iter().any(|(_, set)| listed_by(set).is_some());
        if is_open && !is_listed && !self.grants(policy, object).is_empty() {
            access |= FieldAccess::EDIT;
        }
        for set in &self.muting {
            access = access.without(listed_by(set).unwrap_or_default());
        }
        access | self.all_fields(object, on_object) | self.all_fields(object, on_any_object)
    }

    fn all_fields(&self, object: &ObjectId, part: Part) -> FieldAccess {
        let of = |set| part(set, object).map_or(FieldAccess::HIDDEN, |stated| stated.all_fields);
        let mut access = FieldAccess::HIDDEN;
        for (_, set) in &self.sets {
            access |= of(set);
        }
        for set in &self.muting {
            access = access.without(of(set));
        }
        access
    }

    /// Whether it gives a system permission.
    pub(super) fn gives_system(&self, name: &str) -> bool {
        self.sets.iter().any(|(_, set)| set.system.contains(name))
            && !self.muting.iter().any(|set| set.system.contains(name))
    }

    /// Whether ownership counts only for records of the group that it came through.
    pub(super) fn is_group_only(&self) -> bool {
        self.through.is_some()
            && self.sets.iter().all(|(_, set)| set.group_reach == GroupReach::GroupOnly)
    }
}

/// What a set says of an object, or of any object.
type Part = for<'s> fn(&'s PermissionSet, &ObjectId) -> Option<&'s ObjectPermission>;

fn on_object<'s>(set: &'s PermissionSet, object: &ObjectId) -> Option<&'s ObjectPermission> {
    set.objects.get(object)
}
const fn on_any_object<'s>(set: &'s PermissionSet, _: &ObjectId) -> Option<&'s ObjectPermission> {
    set.any_object.as_ref()
}

/// What a permission states, with "view all" and "modify all" as what they stand for.
fn stated(permission: Option<&ObjectPermission>) -> Vec<(Action, Grant)> {
    let Some(permission) = permission else { return Vec::new() };
    let own = permission.actions.iter();
    let mut grants: Vec<_> = own.map(|(action, grant)| (action.clone(), *grant)).collect();
    if permission.view_all {
        grants.push((Action::Read, Grant::ALL));
    }
    if permission.modify_all {
        let all = [
            Action::Read,
            Action::Edit,
            Action::Delete,
            Action::Assign,
            Action::Share,
            Action::Append,
            Action::AppendTo,
        ];
        grants.extend(all.map(|action| (action, Grant::ALL)));
    }
    grants
}

fn unite(grants: &mut Grants, action: Action, grant: Grant) {
    let entry = grants.entry(action).or_default();
    *entry = entry.or(grant);
}

/// Takes what one muting grant takes.
fn mute(policy: &Policy, grants: &mut Grants, action: &Action, muted: Grant) {
    for (granted, grant) in grants.iter_mut() {
        if granted != action && !implies(policy, granted, action) {
            continue;
        }
        match muted.scope {
            Scope::None => {}
            Scope::Reachable => *grant = Grant::default(),
            Scope::Unit | Scope::UnitAndBelow | Scope::All => {
                grant.scope = grant.scope.min(Scope::Reachable);
            }
        }
        if muted.unassigned {
            grant.unassigned = false;
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Handed {
    ByAll,
    ByCustomActions,
}

/// Lets each action hand its grant to what it implies, until nothing changes.
fn hand_down(policy: &Policy, grants: &mut Grants, handed: Handed) {
    loop {
        let before = grants.clone();
        for (action, grant) in before.iter().filter(|(_, grant)| !grant.is_none()) {
            if handed == Handed::ByAll || matches!(action, Action::Custom(_)) {
                for implied in implied_directly(policy, action) {
                    // Who may make a record anywhere need not see them all.
                    let lent = if *action == Action::Create { Grant::REACHABLE } else { *grant };
                    unite(grants, implied, lent);
                }
            }
        }
        if *grants == before {
            return;
        }
    }
}

fn implied_directly(policy: &Policy, action: &Action) -> Vec<Action> {
    match action {
        Action::Read | Action::Export | Action::Import => Vec::new(),
        Action::Delete => vec![Action::Read, Action::Edit],
        Action::Edit
        | Action::Create
        | Action::Assign
        | Action::Share
        | Action::Append
        | Action::AppendTo
        | Action::Claim => vec![Action::Read],
        Action::Custom(name) => {
            policy.actions.get(name).map_or(Vec::new(), |own| own.implies.iter().cloned().collect())
        }
    }
}

/// Whether `action` implies `other`, in several steps too.
fn implies(policy: &Policy, action: &Action, other: &Action) -> bool {
    let mut grants = Grants::from([(action.clone(), Grant::ALL)]);
    hand_down(policy, &mut grants, Handed::ByAll);
    grants.contains_key(other)
}

/// Every standard action with a right of its own.
pub(super) fn actions_with_own_right() -> impl Iterator<Item = Action> {
    STANDARD_ACTIONS
        .into_iter()
        .filter(|action| !matches!(action, Action::Create | Action::Export | Action::Import))
}
