//! Whom a principal names, and where users stand (specification §1).

use guan_engine::model::{
    GroupId, NodeId, Placement, Policy, Population, Principal, TreeId, UserId, UserKind,
};

/// Whether `principal` names the user, who stands at `placements`.
pub(super) fn names(
    policy: &Policy,
    principal: &Principal,
    user: &UserId,
    placements: &[Placement],
) -> bool {
    names_through(policy, principal, user, placements, &mut Vec::new())
}

fn names_through(
    policy: &Policy,
    principal: &Principal,
    user: &UserId,
    placements: &[Placement],
    seen: &mut Vec<GroupId>,
) -> bool {
    let Some(known) = policy.users.get(user) else { return false };
    let stands = |test: &dyn Fn(&NodeId) -> bool| placements.iter().any(|at| test(&at.node));
    match principal {
        Principal::User(other) => other == user,
        Principal::Group(id) => {
            if seen.contains(id) {
                return false;
            }
            seen.push(id.clone());
            let Some(group) = policy.groups.get(id) else { return false };
            group.members.iter().any(|member| names_through(policy, member, user, placements, seen))
        }
        Principal::Node(node) => stands(&|at| at == node),
        Principal::NodeAndBelow(node) => stands(&|at| distance(policy, at, node).is_some()),
        Principal::Above(node) => {
            stands(&|at| distance(policy, node, at).is_some_and(|levels| levels > 0))
        }
        Principal::Placed(tree) => stands(&|at| tree_of(policy, at) == Some(tree)),
        Principal::Population(population) => match population {
            Population::Everyone => known.kind != UserKind::Guest,
            Population::Internal => {
                matches!(known.kind, UserKind::Internal | UserKind::Integration)
            }
            Population::External => known.kind == UserKind::External,
            Population::Guests => known.kind == UserKind::Guest,
        },
    }
}

/// Whether `principal` names the user with every placement that the policy states.
pub(super) fn names_as_stated(policy: &Policy, principal: &Principal, user: &UserId) -> bool {
    names(policy, principal, user, stated_placements(policy, user))
}

/// Every placement that the policy states for the user.
pub(super) fn stated_placements<'a>(policy: &'a Policy, user: &UserId) -> &'a [Placement] {
    policy.users.get(user).map_or(&[], |user| &user.placements)
}

/// `members(group)`.
pub(super) fn members(policy: &Policy, group: &GroupId) -> Vec<UserId> {
    let group = Principal::Group(group.clone());
    policy.users.keys().filter(|user| names_as_stated(policy, &group, user)).cloned().collect()
}

/// Whether `inner` is `outer` or belongs to it, directly or through other groups.
pub(super) fn contains_group(policy: &Policy, outer: &GroupId, inner: &GroupId) -> bool {
    let mut found = vec![outer.clone()];
    let mut at = 0;
    while let Some(id) = found.get(at).cloned() {
        at += 1;
        for member in policy.groups.get(&id).iter().flat_map(|group| &group.members) {
            if let Principal::Group(member) = member
                && !found.contains(member)
            {
                found.push(member.clone());
            }
        }
    }
    found.contains(inner)
}

/// The tree that the node stands in.
pub(super) fn tree_of<'a>(policy: &'a Policy, node: &NodeId) -> Option<&'a TreeId> {
    policy.nodes.get(node).map(|node| &node.tree)
}

/// How many levels `lower` stands below `upper`: 0 when it is the same node, none when it does not.
pub(super) fn distance(policy: &Policy, lower: &NodeId, upper: &NodeId) -> Option<usize> {
    let mut at = lower;
    for levels in 0..=policy.nodes.len() {
        let node = policy.nodes.get(at)?;
        if at == upper {
            return Some(levels);
        }
        at = node.parent.as_ref()?;
    }
    None
}

/// The nodes of `tree` where the user stands, as the policy states.
pub(super) fn nodes_of_user(policy: &Policy, user: &UserId, tree: &TreeId) -> Vec<NodeId> {
    stated_placements(policy, user)
        .iter()
        .map(|placement| placement.node.clone())
        .filter(|node| tree_of(policy, node) == Some(tree))
        .collect()
}
