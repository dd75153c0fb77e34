//! Users from their rows: kinds, places, attributes, profiles, and their assignments of sets.

use super::directory::{Directory, NamedTable, SetRow, is_true, long_id, rate_row};
use super::draft::{Draft, MANAGERS, Notes};
use super::roles::{add_node, cut_loops, known_or_new, note_site};
use super::sets::profile_id;
use super::targets::manager_id;
use super::{draft, logins};
use crate::report::Rating;
use crate::table::Row;
use guan_engine::model::{
    Assigned, Assignment, AssignmentId, FieldType, Node, ObjectId, Placement, Principal,
    SetGroupId, SetId, User, UserId, UserKind, Value,
};
use std::collections::{BTreeMap, BTreeSet};

/// Takes users with their profiles, then assignments of sets and groups of sets.
pub(super) fn take(draft: &mut Draft<'_>, directory: &mut Directory) {
    for table in directory.tables("User") {
        let has_managers = table.table.has("ManagerId") || directory.names_managers();
        for row in table.rows() {
            let Some(id) = row_user(directory, &row) else { continue };
            if !draft.policy.users.contains_key(&id) {
                take_user(draft, directory, &table, &row, &id);
                if has_managers {
                    take_manager(draft, directory, &table, &row, &id);
                }
            }
        }
    }
    cut_loops(draft, "User");
    take_assignments(draft, directory);
    let holding: BTreeSet<SetId> = draft
        .policy
        .assignments
        .values()
        .filter_map(|assignment| match &assignment.what {
            Assigned::Set(set) => Some(set.clone()),
            Assigned::SetGroup(_) => None,
        })
        .collect();
    logins::rate(draft, |set| holding.contains(set));
}

fn row_user(directory: &Directory, row: &Row<'_>) -> Option<UserId> {
    let name = row.any(&["Username", "Id"]);
    let id = long_id(row.value("Id"));
    let by_name = directory.usernames.get(&name.to_lowercase())?;
    // The second of two rows of one id or name is not this user.
    let is_first = id.is_empty() || directory.users.get(&id) == Some(by_name);
    is_first.then(|| by_name.clone())
}

fn take_user(
    draft: &mut Draft<'_>,
    directory: &Directory,
    table: &NamedTable,
    row: &Row<'_>,
    id: &UserId,
) {
    let mut notes = Notes::default();
    let mut user = User {
        name: user_name(row),
        kind: user_kind(row, &mut notes),
        active: is_active(draft, table, row),
        ..User::default()
    };
    take_role(draft, directory, row, &mut user, &mut notes);
    let profile = directory
        .profiles
        .get(&long_id(row.value("ProfileId")))
        .cloned()
        .unwrap_or_else(|| row.any(&["Profile.Name", "ProfileId"]).to_owned());
    let role = user.placements.first().map(|placement| placement.node.to_string());
    user.attributes = attributes(draft, row, &profile, role.as_deref());
    draft.policy.users.insert(id.clone(), user);
    assign_profile(draft, id, &profile, &mut notes);
    rate_row(draft, table.site(row), "User", id.as_str(), &notes);
}

fn user_name(row: &Row<'_>) -> String {
    let name = row.value("Name");
    if !name.is_empty() {
        return name.to_owned();
    }
    format!("{} {}", row.value("FirstName"), row.value("LastName")).trim().to_owned()
}

fn user_kind(row: &Row<'_>, notes: &mut Notes) -> UserKind {
    match row.value("UserType") {
        "Standard" => UserKind::Internal,
        "" if row.value("ContactId").is_empty() => UserKind::Internal,
        "Guest" => UserKind::Guest,
        ""
        | "PowerPartner"
        | "Partner"
        | "PowerCustomerSuccess"
        | "CustomerSuccess"
        | "CspLitePortal"
        | "CSPLitePortal"
        | "CustomerPortalManager"
        | "CsnOnly" => UserKind::External,
        "AutomatedProcess" | "CloudIntegrationUser" | "Automated" => UserKind::Integration,
        other => {
            notes.add(format!("the user type `{other}` is unknown: taken as external"));
            UserKind::External
        }
    }
}

fn is_active(draft: &mut Draft<'_>, table: &NamedTable, row: &Row<'_>) -> bool {
    if table.table.has("IsActive") {
        return is_true(row.value("IsActive"));
    }
    draft.assume("users are active: their rows have no column `IsActive`");
    true
}

fn take_role(
    draft: &mut Draft<'_>,
    directory: &Directory,
    row: &Row<'_>,
    user: &mut User,
    notes: &mut Notes,
) {
    let (id, name) = (row.value("UserRoleId"), row.value("UserRole.DeveloperName"));
    let node = if !name.is_empty() {
        Some(known_or_new(draft, draft::ROLES, name.into(), notes))
    } else if let Some(node) = directory.roles.get(&long_id(id)) {
        Some(known_or_new(draft, draft::ROLES, node.clone(), notes))
    } else if id.is_empty() {
        None
    } else if draft.policy.nodes.contains_key(id) {
        Some(id.into())
    } else {
        notes.add(format!("the role `{id}` is not in the rows of UserRole: the user has none"));
        None
    };
    user.placements.extend(node.map(Placement::member));
}

/// Every column by its name, for conditions on `$user`, and the names behind two ids.
fn attributes(
    draft: &mut Draft<'_>,
    row: &Row<'_>,
    profile: &str,
    role: Option<&str>,
) -> BTreeMap<String, Value> {
    let object = draft.known_object("User");
    let mut attributes = BTreeMap::new();
    for (column, cell) in row.named_cells() {
        if cell.is_empty() {
            continue;
        }
        let field_type =
            object.as_ref().map(|object: &ObjectId| draft.field_type(object, &column.into()));
        let value = match (cell, field_type) {
            ("true" | "TRUE" | "True", _) => Value::Bool(true),
            ("false" | "FALSE" | "False", _) => Value::Bool(false),
            (_, Some(FieldType::Number)) => {
                cell.parse().map_or_else(|_| Value::Text(cell.to_owned()), Value::Number)
            }
            _ if column.ends_with("Id") => Value::Text(long_id(cell)),
            _ => Value::Text(cell.to_owned()),
        };
        attributes.insert(column.to_owned(), value);
    }
    if !profile.is_empty() {
        attributes.insert("Profile.Name".to_owned(), profile.into());
    }
    if let Some(role) = role {
        attributes.insert("UserRole.DeveloperName".to_owned(), role.into());
        let name = draft.policy.nodes.get(role).map(|node| node.name.clone());
        attributes.insert("UserRole.Name".to_owned(), Value::Text(name.unwrap_or_default()));
    }
    attributes
}

fn assign_profile(draft: &mut Draft<'_>, id: &UserId, profile: &str, notes: &mut Notes) {
    if profile.is_empty() {
        return notes.add("the user has no profile");
    }
    let set = profile_id(draft, profile);
    let name = set.as_str().trim_start_matches("profile/").to_lowercase();
    let user = Principal::User(id.clone());
    for name in [name, profile.to_lowercase()] {
        draft.users_by_profile.entry(name).or_default().insert(user.clone());
    }
    if !draft.policy.sets.contains_key(&set) {
        return notes.add(format!("the profile `{profile}` has no file: it grants nothing"));
    }
    let limits = draft.limits.get(&set).cloned().unwrap_or_default();
    let assignment = Assignment {
        what: Assigned::Set(set),
        to: user,
        starts: None,
        ends: None,
        networks: limits.networks,
        hours: limits.hours,
        unit: None,
    };
    draft.policy.assignments.insert(AssignmentId::new(format!("profile/{id}")), assignment);
}

fn take_manager(
    draft: &mut Draft<'_>,
    directory: &Directory,
    table: &NamedTable,
    row: &Row<'_>,
    id: &UserId,
) {
    let manager = row.value("ManagerId");
    let parent = directory.user(manager).map(|manager| manager_id(manager.as_str()));
    if parent.is_none() && !manager.is_empty() {
        let why = format!("the manager `{manager}` is not in the rows");
        draft.rate(table.site(row), "User.ManagerId", id.as_str(), Rating::not_supported(why));
    }
    let node_id = manager_id(id.as_str());
    note_site(draft, node_id.as_str(), table.site(row));
    let node = Node { tree: MANAGERS.into(), parent, name: String::new(), levels: BTreeMap::new() };
    add_node(draft, MANAGERS, node_id.clone(), node);
    if let Some(user) = draft.policy.users.get_mut(id) {
        user.placements.push(Placement::member(node_id));
    }
}

fn take_assignments(draft: &mut Draft<'_>, directory: &mut Directory) {
    for table in directory.tables("PermissionSetAssignment") {
        for row in table.rows() {
            match assignment(draft, directory, &row) {
                Ok(Some((what, to))) => {
                    add_assignment(draft, directory, &table, &row, what, to);
                }
                Ok(None) => draft.report.count(
                    "PermissionSetAssignment",
                    &Rating::ignored("a profile's own set"),
                    1,
                ),
                Err(why) => {
                    let id = row.value("Id");
                    let rating = Rating::not_supported(why);
                    draft.rate(table.site(&row), "PermissionSetAssignment", id, rating);
                }
            }
        }
    }
}

/// What is assigned to whom; `None` for the set that belongs to a profile.
fn assignment(
    draft: &Draft<'_>,
    directory: &Directory,
    row: &Row<'_>,
) -> Result<Option<(Assigned, UserId)>, String> {
    let assignee = row.any(&["AssigneeId", "Assignee.Username"]);
    let user = directory
        .user(assignee)
        .cloned()
        .ok_or_else(|| format!("the user `{assignee}` is not in the rows"))?;
    let group = row.any(&["PermissionSetGroupId", "PermissionSetGroup.DeveloperName"]);
    if !group.is_empty() {
        let id = directory
            .set_groups
            .get(&long_id(group))
            .cloned()
            .unwrap_or_else(|| SetGroupId::new(group));
        if draft.policy.set_groups.contains_key(&id) {
            return Ok(Some((Assigned::SetGroup(id), user)));
        }
        return Err(format!("the group of sets `{group}` is unknown"));
    }
    let set = row.any(&["PermissionSetId", "PermissionSet.Name"]);
    let id = match directory.set_rows.get(&long_id(set)) {
        Some(SetRow::OwnedByProfile) => return Ok(None),
        Some(SetRow::Set(id)) => id.clone(),
        None => SetId::new(set),
    };
    if draft.policy.sets.contains_key(&id) {
        return Ok(Some((Assigned::Set(id), user)));
    }
    Err(format!("the permission set `{set}` is unknown"))
}

fn add_assignment(
    draft: &mut Draft<'_>,
    directory: &mut Directory,
    table: &NamedTable,
    row: &Row<'_>,
    what: Assigned,
    user: UserId,
) {
    let element = "PermissionSetAssignment";
    let name = format!("{user}/{what}");
    if is_true(row.value("IsRevoked")) {
        let why = Rating::ignored("revoked: it grants nothing");
        return draft.rate(table.site(row), element, &name, why);
    }
    if !matches!(row.value("IsActive"), "") && !is_true(row.value("IsActive")) {
        let why = Rating::ignored("inactive: it grants nothing");
        return draft.rate(table.site(row), element, &name, why);
    }
    let expires = row.value("ExpirationDate");
    let ends = super::records::moment(expires);
    if ends.is_none() && !expires.is_empty() {
        let why = format!("`{expires}` is not an instant: the assignment is left out");
        return draft.rate(table.site(row), element, &name, Rating::not_supported(why));
    }
    let row_id = long_id(row.value("Id"));
    let id = AssignmentId::new(if row_id.is_empty() { name.clone() } else { row_id });
    if !directory.assignment_ids.insert(id.clone()) {
        let why = "an assignment of this id stands in the rows twice: the first counts";
        return draft.rate(table.site(row), element, &name, Rating::not_supported(why));
    }
    let assignment = Assignment {
        what,
        to: Principal::User(user),
        starts: None,
        ends,
        networks: Vec::new(),
        hours: None,
        unit: None,
    };
    draft.policy.assignments.insert(id, assignment);
    draft.count_row(element);
}
