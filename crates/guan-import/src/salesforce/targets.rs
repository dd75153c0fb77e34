//! Whom `sharedTo`, `sharedFrom` and queue members name.

use super::directory::Directory;
use super::draft::{Draft, MANAGERS, Notes, ROLES, TERRITORIES};
use super::roles::{known_or_new, territory_id};
use crate::xml::Element;
use guan_engine::model::{Group, GroupId, GroupKind, NodeId, Population, Principal, UserKind};
use std::collections::BTreeSet;

/// The principals that the children of `element` name. What cannot be named is in the notes; when
/// nothing is left, the first reason why.
pub(super) fn principals(
    draft: &mut Draft<'_>,
    directory: &Directory,
    element: &Element,
    notes: &mut Notes,
) -> Result<BTreeSet<Principal>, String> {
    let mut named = BTreeSet::new();
    let mut failure = None;
    for child in &element.children {
        match principal(draft, directory, &child.name, &child.text, notes) {
            Ok(principal) => {
                named.insert(principal);
            }
            Err(why) => {
                notes.add(format!("left out: {why}"));
                failure.get_or_insert(why);
            }
        }
    }
    if named.is_empty() {
        return Err(failure.unwrap_or_else(|| format!("`{}` names nobody", element.name)));
    }
    Ok(named)
}

/// One principal by the vendor's word for its kind.
pub(super) fn principal(
    draft: &mut Draft<'_>,
    directory: &Directory,
    kind: &str,
    name: &str,
    notes: &mut Notes,
) -> Result<Principal, String> {
    if name.is_empty() && !kind.starts_with("all") {
        return Err(format!("`{kind}` names nobody"));
    }
    if name.contains("${") {
        return Err(format!("the placeholder `{name}` has no value; give it as a token"));
    }
    Ok(match kind {
        "allInternalUsers" => Principal::Population(Population::Internal),
        "allPartnerUsers" | "allCustomerPortalUsers" => {
            notes.add_widening(format!("`{kind}` is taken as all external users"));
            Principal::Population(Population::External)
        }
        "group" | "groups" | "publicGroup" => {
            Principal::Group(group(draft, name, GroupKind::Group, notes))
        }
        "queue" | "queues" => Principal::Group(group(draft, name, GroupKind::Queue, notes)),
        "role" | "roles" => Principal::Node(known_or_new(draft, ROLES, NodeId::new(name), notes)),
        "roleAndSubordinates" | "rolesAndSubordinates" => {
            Principal::NodeAndBelow(known_or_new(draft, ROLES, NodeId::new(name), notes))
        }
        "roleAndSubordinatesInternal" => {
            if directory.has_portal_roles {
                notes.add_widening("portal roles below the role are included");
            }
            Principal::NodeAndBelow(known_or_new(draft, ROLES, NodeId::new(name), notes))
        }
        "portalRole" => Principal::Node(portal_role(draft, name)?),
        "portalRoleAndSubordinates" => Principal::NodeAndBelow(portal_role(draft, name)?),
        "territory" | "territories" => {
            Principal::Node(known_or_new(draft, TERRITORIES, territory_id(name), notes))
        }
        "territoryAndSubordinates" | "territoriesAndSubordinates" => {
            Principal::NodeAndBelow(known_or_new(draft, TERRITORIES, territory_id(name), notes))
        }
        "user" | "users" => Principal::User(
            directory.user(name).cloned().ok_or_else(|| format!("the user `{name}` is unknown"))?,
        ),
        "managers" => Principal::Above(manager(draft, directory, name)?),
        "managerSubordinates" => Principal::NodeAndBelow(manager(draft, directory, name)?),
        "guestUser" => guest(draft, name, notes),
        other => return Err(format!("targets of the kind `{other}` have no counterpart")),
    })
}

fn portal_role(draft: &Draft<'_>, name: &str) -> Result<NodeId, String> {
    let id = NodeId::new(name);
    if draft.policy.nodes.contains_key(&id) {
        return Ok(id);
    }
    Err(format!("the portal role `{name}` is not in the rows; give UserRole rows"))
}

fn manager(draft: &Draft<'_>, directory: &Directory, name: &str) -> Result<NodeId, String> {
    let user = directory.user(name).ok_or_else(|| format!("the user `{name}` is unknown"))?;
    let id = manager_id(user.as_str());
    if draft.policy.nodes.contains_key(&id) {
        return Ok(id);
    }
    Err("there is no reporting line; give User rows with ManagerId".to_owned())
}

/// The place of a user in the reporting line.
pub(super) fn manager_id(user: &str) -> NodeId {
    NodeId::new(format!("{MANAGERS}/{user}"))
}

/// The id of a group or queue.
pub(super) fn group_id(name: &str, kind: GroupKind) -> GroupId {
    match kind {
        GroupKind::Queue => GroupId::new(format!("queue/{name}")),
        GroupKind::Group | GroupKind::Team => GroupId::new(name),
    }
}

/// A group that is named and has no file is empty.
fn group(draft: &mut Draft<'_>, name: &str, kind: GroupKind, notes: &mut Notes) -> GroupId {
    let id = group_id(name, kind);
    if !draft.policy.groups.contains_key(&id) {
        draft.unstated.insert(format!("group {id}"));
        draft.policy.groups.insert(id.clone(), Group { kind, ..Group::default() });
    }
    if draft.unstated.contains(&format!("group {id}")) {
        notes.add(format!("the group `{name}` has no file and no rows: it has no members"));
    }
    id
}

/// The guest user of a site, when the rows tell who that is; else all guests.
fn guest(draft: &Draft<'_>, site: &str, notes: &mut Notes) -> Principal {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let wanted = plain(site);
    let mut fitting = draft.policy.users.iter().filter(|(_, user)| {
        let nickname = user.attributes.get("CommunityNickname").map(ToString::to_string);
        user.kind == UserKind::Guest
            && (plain(&user.name).contains(&wanted)
                || nickname.is_some_and(|nickname| plain(&nickname).contains(&wanted)))
    });
    if let (Some((id, _)), None) = (fitting.next(), fitting.next()) {
        return Principal::User(id.clone());
    }
    notes.add_widening("the guest user of the site is not in the rows: taken as all guests");
    Principal::Population(Population::Guests)
}
