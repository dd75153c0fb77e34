//! What a policy states about administrators: who holds which power, whatever the time.

use crate::model::{
    Assigned, DelegationId, LIMITS, NodeId, Policy, Population, Power, Principal, SetKind, User,
    UserId, UserKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// The powers that assignments and delegations of one policy hand out.
#[derive(Debug)]
pub(crate) struct Stated<'p> {
    policy: &'p Policy,
    /// Each gift of powers, and the delegation that it is.
    gifts: Vec<(&'p Principal, BTreeSet<Power>, Option<&'p DelegationId>)>,
}

/// A power that somebody holds everywhere, or by a delegation.
pub(crate) type Held<'p> = (Power, Option<&'p DelegationId>);

impl<'p> Stated<'p> {
    pub(crate) fn of(policy: &'p Policy) -> Self {
        let mut stated = Self { policy, gifts: Vec::new() };
        let mut known: BTreeMap<&Assigned, BTreeSet<Power>> = BTreeMap::new();
        for assignment in policy.assignments.values() {
            let powers =
                known.entry(&assignment.what).or_insert_with(|| stated.powers_of(&assignment.what));
            if !powers.is_empty() {
                stated.gifts.push((&assignment.to, powers.clone(), None));
            }
        }
        for (id, delegation) in &policy.delegations {
            stated.gifts.push((&delegation.to, delegation.powers.clone(), Some(id)));
        }
        stated
    }

    /// The powers that a set or group of sets gives, needing activation or not.
    pub(crate) fn powers_of(&self, what: &Assigned) -> BTreeSet<Power> {
        let of_set = |id| match self.policy.sets.get(id) {
            Some(set) => set.system.iter().filter_map(|name| name.parse().ok()).collect(),
            None => BTreeSet::new(),
        };
        let gives = |id| self.policy.sets.get(id).is_some_and(|set| set.kind != SetKind::Muting);
        match what {
            Assigned::Set(id) if gives(id) => of_set(id),
            Assigned::Set(_) => BTreeSet::new(),
            Assigned::SetGroup(id) => {
                let Some(group) = self.policy.set_groups.get(id) else { return BTreeSet::new() };
                let mut powers: BTreeSet<Power> =
                    group.sets.iter().filter(|id| gives(id)).flat_map(of_set).collect();
                for muted in group.muting.iter().flat_map(of_set) {
                    powers.remove(&muted);
                }
                powers
            }
        }
    }

    /// Everything that a user holds.
    pub(crate) fn held_by(&self, id: &UserId, user: &User) -> BTreeSet<Held<'p>> {
        let mut held = BTreeSet::new();
        for (to, powers, delegation) in &self.gifts {
            if names(self.policy, to, id, user) {
                held.extend(powers.iter().map(|power| (*power, *delegation)));
            }
        }
        held
    }
    /// Whether a user administers anything.
    pub(crate) fn is_administrator(&self, id: &UserId) -> bool {
        self.policy.users.get(id).is_some_and(|user| !self.held_by(id, user).is_empty())
    }
}

/// Whether a principal names a user, by every placement that is stated.
pub(crate) fn names(policy: &Policy, principal: &Principal, id: &UserId, user: &User) -> bool {
    names_through(policy, principal, id, user, &mut BTreeSet::new())
}

fn names_through<'p>(
    policy: &'p Policy,
    principal: &'p Principal,
    id: &UserId,
    user: &User,
    seen: &mut BTreeSet<&'p str>,
) -> bool {
    let mut places = user.placements.iter().map(|placement| &placement.node);
    match principal {
        Principal::User(other) => other == id,
        Principal::Group(group) => {
            seen.insert(group.as_str())
                && policy.groups.get(group).is_some_and(|group| {
                    group.members.iter().any(|member| names_through(policy, member, id, user, seen))
                })
        }
        Principal::Node(node) => places.any(|at| at == node),
        Principal::NodeAndBelow(node) => places.any(|at| is_at_or_below(policy, at, node)),
        Principal::Above(node) => places.any(|at| at != node && is_at_or_below(policy, node, at)),
        Principal::Placed(tree) => {
            places.any(|at| policy.nodes.get(at).is_some_and(|node| node.tree == *tree))
        }
        Principal::Population(population) => match population {
            Population::Everyone => user.kind != UserKind::Guest,
            Population::Internal => {
                matches!(user.kind, UserKind::Internal | UserKind::Integration)
            }
            Population::External => user.kind == UserKind::External,
            Population::Guests => user.kind == UserKind::Guest,
        },
    }
}

/// Whether a node is `top` or stands below it.
pub(super) fn is_at_or_below(policy: &Policy, node: &NodeId, top: &NodeId) -> bool {
    let mut at = Some(node);
    for _ in 0..=LIMITS.depth_max {
        match at {
            Some(node) if node == top => return true,
            Some(node) => at = policy.nodes.get(node).and_then(|node| node.parent.as_ref()),
            None => return false,
        }
    }
    false
}

/// Whether a user stands in the subtree, and in its tree nowhere else.
pub(super) fn covers(policy: &Policy, top: &NodeId, user: &User) -> bool {
    let Some(tree) = policy.nodes.get(top).map(|node| &node.tree) else { return false };
    let mut inside = false;
    for placement in &user.placements {
        if is_at_or_below(policy, &placement.node, top) {
            inside = true;
        } else if policy.nodes.get(&placement.node).is_none_or(|node| node.tree == *tree) {
            return false;
        }
    }
    inside
}
