//! Public groups and queues, from files and rows; their members come later.

use super::directory::{Directory, is_true, long_id};
use super::draft::{Draft, Notes, Site};
use super::layout::{Document, of_kind};
use super::targets::{group_id, manager_id, principal};
use crate::report::Rating;
use crate::table::Row;
use guan_engine::model::{Group, GroupKind, Population, Principal};
use std::collections::BTreeSet;

/// Takes group and queue files, then what the rows of `Group` stand for.
pub(super) fn take(draft: &mut Draft<'_>, directory: &mut Directory, documents: &[Document]) {
    for document in of_kind(documents, "Group") {
        let group = Group {
            name: document.value("name").to_owned(),
            kind: GroupKind::Group,
            include_superiors: is_true(document.value("doesIncludeBosses")),
            ..Group::default()
        };
        let id = group_id(&document.name, GroupKind::Group);
        let site = ("Group", document.file.to_string(), document.line);
        directory.stated_groups.insert(id.clone(), site);
        draft.policy.groups.insert(id, group);
    }
    // Queues may hold groups, so all of them are known before members are read.
    for document in of_kind(documents, "Queue") {
        let flag = document.value("doesIncludeBosses");
        if flag.is_empty() {
            draft.assume(
                "a queue without `doesIncludeBosses` includes the superiors of its members",
            );
        }
        let group = Group {
            name: document.value("name").to_owned(),
            kind: GroupKind::Queue,
            include_superiors: flag.is_empty() || is_true(flag),
            ..Group::default()
        };
        let id = group_id(&document.name, GroupKind::Queue);
        let site = ("Queue", document.file.to_string(), document.line);
        directory.stated_groups.insert(id.clone(), site);
        draft.policy.groups.insert(id, group);
    }
    take_rows(draft, directory);
    for document in of_kind(documents, "Queue") {
        take_queue_members(draft, directory, document);
    }
}

fn take_queue_members(draft: &mut Draft<'_>, directory: &Directory, document: &Document) {
    let id = group_id(&document.name, GroupKind::Queue);
    let mut members = BTreeSet::new();
    for part in document.all("queueMembers") {
        for list in &part.element.children {
            for member in &list.children {
                let mut notes = Notes::default();
                match principal(draft, directory, &member.name, &member.text, &mut notes) {
                    Ok(principal) => {
                        members.insert(principal);
                        let site = Site { file: &part.file, line: member.line };
                        draft.rate_noted(site, "queueMember", &member.text, &notes);
                    }
                    Err(why) => {
                        let site = Site { file: &part.file, line: member.line };
                        let rating = Rating::not_supported(why);
                        draft.rate(site, "queueMember", &member.text, rating);
                    }
                }
            }
        }
    }
    if let Some(group) = draft.policy.groups.get_mut(&id) {
        group.members.extend(members);
    }
}

fn take_rows(draft: &mut Draft<'_>, directory: &mut Directory) {
    for table in directory.tables("Group") {
        for row in table.rows() {
            let id = long_id(row.value("Id"));
            match stands_for(draft, directory, &row) {
                Ok(principal) => {
                    if let Principal::Group(group) = &principal
                        && !draft.policy.groups.contains_key(group)
                    {
                        add_from_row(draft, &row, &principal);
                        let site = ("Group", table.file.clone(), row.line);
                        directory.stated_groups.insert(group.clone(), site);
                    } else {
                        draft.count_row("Group rows");
                    }
                    directory.groups.insert(id, principal);
                }
                Err(why) => {
                    draft.rate(table.site(&row), "Group", &id, Rating::not_supported(why));
                }
            }
        }
    }
}

fn add_from_row(draft: &mut Draft<'_>, row: &Row<'_>, principal: &Principal) {
    let Principal::Group(id) = principal else { return };
    let is_queue = row.value("Type") == "Queue";
    let flag = row.value("DoesIncludeBosses");
    let group = Group {
        name: row.value("Name").to_owned(),
        kind: if is_queue { GroupKind::Queue } else { GroupKind::Group },
        include_superiors: is_true(flag) || (is_queue && flag.is_empty()),
        ..Group::default()
    };
    draft.policy.groups.insert(id.clone(), group);
}

/// Whom a row of `Group` stands for, by its type.
fn stands_for(
    draft: &Draft<'_>,
    directory: &Directory,
    row: &Row<'_>,
) -> Result<Principal, String> {
    let related = row.value("RelatedId");
    let role = || {
        directory
            .roles
            .get(&long_id(related))
            .cloned()
            .ok_or_else(|| format!("the role `{related}` is not in the rows of UserRole"))
    };
    let territory =
        || {
            directory.territories.get(&long_id(related)).cloned().ok_or_else(|| {
                format!("the territory `{related}` is not in the rows of Territory2")
            })
        };
    let manager = || {
        directory
            .user(related)
            .map(|user| manager_id(user.as_str()))
            .ok_or_else(|| format!("the user `{related}` is not in the rows of User"))
    };
    let name = row.any(&["DeveloperName", "Name", "Id"]);
    Ok(match row.value("Type") {
        "Queue" | "Regular" | "" if name.is_empty() => {
            return Err("a group without a name".to_owned());
        }
        "Queue" => Principal::Group(group_id(name, GroupKind::Queue)),
        "Regular" | "" => Principal::Group(group_id(name, GroupKind::Group)),
        "Role" => Principal::Node(role()?),
        "RoleAndSubordinates" | "RoleAndSubordinatesInternal" => Principal::NodeAndBelow(role()?),
        "Territory" => Principal::Node(territory()?),
        "TerritoryAndSubordinates" => Principal::NodeAndBelow(territory()?),
        "Manager" => Principal::Above(manager()?),
        "ManagerAndSubordinatesInternal" => Principal::NodeAndBelow(manager()?),
        "Organization" => Principal::Population(Population::Internal),
        "AllCustomerPortal" | "PRMOrganization" => Principal::Population(Population::External),
        "GuestUserGroup" => Principal::Population(Population::Guests),
        other => {
            let _ = draft;
            return Err(format!("groups of the type `{other}` have no counterpart"));
        }
    })
}
