//! Members of groups and territories, from their rows.

use super::directory::{Directory, is_true, long_id};
use super::draft::{Draft, Notes};
use crate::report::Rating;
use guan_engine::model::{GroupId, NodeId, Placement, Policy, Principal};
use std::collections::BTreeSet;

/// Takes the rows, then rates the groups: one without members that we know is only a name.
pub(super) fn take(draft: &mut Draft<'_>, directory: &mut Directory) {
    take_group_members(draft, directory);
    take_territory_members(draft, directory);
    let rows_known = directory.has("GroupMember");
    for (id, (element, file, line)) in std::mem::take(&mut directory.stated_groups) {
        let mut notes = Notes::default();
        let is_empty = draft.policy.groups.get(&id).is_none_or(|group| group.members.is_empty());
        if is_empty && !rows_known {
            notes.add("the group has no known members; give the rows of Group and GroupMember");
        }
        let site = super::draft::Site { file: &file, line };
        draft.rate_noted(site, element, id.as_str(), &notes);
    }
}

fn take_group_members(draft: &mut Draft<'_>, directory: &mut Directory) {
    for table in directory.tables("GroupMember") {
        for row in table.rows() {
            let (group, member) = (row.value("GroupId"), row.value("UserOrGroupId"));
            let added = match (directory.groups.get(&long_id(group)), directory.principal(member)) {
                (None, _) => Err(format!("the group `{group}` is not in the rows of Group")),
                (_, None) => Err(format!("the member `{member}` is not in the rows")),
                (Some(Principal::Group(group)), Some(member)) => {
                    add_member(&mut draft.policy, group, member)
                }
                (Some(other), _) => Err(format!("`{other}` takes its members from its tree")),
            };
            match added {
                Ok(()) => draft.count_row("GroupMember"),
                Err(why) => {
                    let name = format!("{group}/{member}");
                    let rating = Rating::not_supported(why);
                    draft.rate(table.site(&row), "GroupMember", &name, rating);
                }
            }
        }
    }
}

fn add_member(policy: &mut Policy, group: &GroupId, member: Principal) -> Result<(), String> {
    if let Principal::Group(inner) = &member
        && contains(policy, inner, group)
    {
        return Err(format!("the group `{group}` would contain itself"));
    }
    let known = policy.groups.get_mut(group).ok_or_else(|| format!("no group `{group}`"))?;
    known.members.insert(member);
    Ok(())
}

/// Whether `outer` is `inner` or contains it, through other groups too.
fn contains(policy: &Policy, outer: &GroupId, inner: &GroupId) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![outer];
    while let Some(group) = open.pop() {
        if group == inner {
            return true;
        }
        if seen.insert(group)
            && let Some(known) = policy.groups.get(group)
        {
            open.extend(known.members.iter().filter_map(|member| match member {
                Principal::Group(nested) => Some(nested),
                _ => None,
            }));
        }
    }
    false
}

fn take_territory_members(draft: &mut Draft<'_>, directory: &mut Directory) {
    for (name, node_column) in
        [("UserTerritory2Association", "Territory2Id"), ("UserTerritory", "TerritoryId")]
    {
        for table in directory.tables(name) {
            for row in table.rows() {
                let (user, territory) = (row.value("UserId"), row.value(node_column));
                if table.table.has("IsActive") && !is_true(row.value("IsActive")) {
                    let why = Rating::ignored("inactive: it places nobody");
                    draft.rate(table.site(&row), name, user, why);
                    continue;
                }
                let node = directory.territories.get(&long_id(territory)).cloned();
                match (directory.user(user).cloned(), node) {
                    (Some(user), Some(node)) => {
                        place(&mut draft.policy, user.as_str(), node);
                        draft.count_row(name);
                    }
                    (None, _) => {
                        let why = format!("the user `{user}` is not in the rows");
                        draft.rate(table.site(&row), name, user, Rating::not_supported(why));
                    }
                    (_, None) => {
                        let why = format!("the territory `{territory}` is not in the rows");
                        draft.rate(table.site(&row), name, user, Rating::not_supported(why));
                    }
                }
            }
        }
    }
}

fn place(policy: &mut Policy, user: &str, node: NodeId) {
    if let Some(user) = policy.users.get_mut(user)
        && !user.placements.iter().any(|placement| placement.node == node)
    {
        user.placements.push(Placement::member(node));
        user.placements.sort();
    }
}
