//! Share rows and teams of records.

use super::directory::{Directory, NamedTable, is_true, long_id, rate_row};
use super::draft::{Draft, Notes};
use super::records::Records;
use super::roles::{level, take_level};
use crate::report::Rating;
use crate::table::Row;
use guan_engine::model::{ObjectId, Policy, RecordId, Rights, Share, TeamMember};
use std::collections::BTreeMap;

/// Takes share tables, then teams.
pub(super) fn take(draft: &mut Draft<'_>, directory: &mut Directory, records: &mut Records) {
    for name in directory.unused() {
        let Some(object) = shared_object(draft, &name) else { continue };
        for table in directory.tables(&name) {
            for row in table.rows() {
                take_share(draft, directory, &object, &table, &row, records);
            }
        }
    }
    for (name, object, id, user, role) in [
        ("AccountTeamMember", "Account", "AccountId", "UserId", "TeamMemberRole"),
        ("OpportunityTeamMember", "Opportunity", "OpportunityId", "UserId", "TeamMemberRole"),
        ("CaseTeamMember", "Case", "ParentId", "MemberId", "TeamRoleId"),
    ] {
        let case_roles = case_roles(directory);
        for table in directory.tables(name) {
            let team = Team { object, id, user, role, case_roles: &case_roles };
            for row in table.rows() {
                take_member(draft, directory, &team, &table, &row, records);
            }
        }
    }
}

/// The object whose shares a table holds: `AccountShare`, `Visit__Share`.
fn shared_object(draft: &Draft<'_>, table: &str) -> Option<ObjectId> {
    if let Some(custom) = table.strip_suffix("__Share") {
        return draft.known_object(&format!("{custom}__c"));
    }
    draft.known_object(table.strip_suffix("Share")?)
}

/// Causes that the engine works out by itself from what else was imported.
fn recomputed(cause: &str, directory: &Directory) -> Option<&'static str> {
    match cause {
        "Owner" => Some("the owner is on the record"),
        "Rule" | "GuestRule" => Some("the sharing rules give it"),
        "Team" if directory.has("AccountTeamMember") || directory.has("OpportunityTeamMember") => {
            Some("the team gives it")
        }
        "Territory" | "Territory2AssociationManual" | "TerritoryManual" | "TerritoryRule" => {
            Some("the territory gives it")
        }
        _ if cause.contains("Implicit") => Some("implicit sharing gives it"),
        _ => None,
    }
}

fn take_share(
    draft: &mut Draft<'_>,
    directory: &Directory,
    object: &ObjectId,
    table: &NamedTable,
    row: &Row<'_>,
    records: &mut Records,
) {
    let cause = row.any(&["RowCause"]);
    if let Some(why) = recomputed(cause, directory) {
        return draft.report.count(&table.name, &Rating::ignored(why), 1);
    }
    let element = table.name.as_str();
    let id = long_id(row.any(&["ParentId", &format!("{object}Id")]));
    let to = row.value("UserOrGroupId");
    let name = format!("{id}/{to}");
    let mut notes = Notes::default();
    let word = row.any(&["AccessLevel", &format!("{object}AccessLevel")]);
    let key = (object.clone(), RecordId::new(id.as_str()));
    let share = match (level(word), directory.principal(to), records.get_mut(&key)) {
        (Some(rights), Some(to), Some(record)) => {
            let mut share = Share::manual(to, rights);
            if !matches!(cause, "" | "Manual") {
                cause.clone_into(&mut share.cause);
            }
            share.child_levels = child_levels(&draft.policy, object, row, &mut notes);
            record.shares.push(share);
            Ok(())
        }
        (None, _, _) => Err(format!("the access level `{word}` is unknown")),
        (_, None, _) => Err(format!("`{to}` is not in the rows of users and groups")),
        (_, _, None) => Err(format!("the record `{id}` is not in the rows")),
    };
    match share {
        Ok(()) => rate_row(draft, table.site(row), element, &name, &notes),
        Err(why) => draft.rate(table.site(row), element, &name, Rating::not_supported(why)),
    }
}

/// Levels on children stand on rows of accounts only.
fn child_levels(
    policy: &Policy,
    object: &ObjectId,
    row: &Row<'_>,
    notes: &mut Notes,
) -> BTreeMap<ObjectId, Rights> {
    let mut levels = BTreeMap::new();
    if object.as_str() == "Account" {
        for (column, child) in [
            ("CaseAccessLevel", "Case"),
            ("ContactAccessLevel", "Contact"),
            ("OpportunityAccessLevel", "Opportunity"),
        ] {
            take_level(&mut levels, row.value(column), child, notes);
        }
    }
    // A level on an object that the organization does not have decides nothing.
    levels.retain(|child, _| policy.objects.contains_key(child));
    levels
}

/// The columns of one kind of team.
struct Team<'t> {
    object: &'static str,
    id: &'static str,
    user: &'static str,
    role: &'static str,
    case_roles: &'t BTreeMap<String, (String, String)>,
}

/// Name and access level of the roles in case teams.
fn case_roles(directory: &mut Directory) -> BTreeMap<String, (String, String)> {
    let mut roles = BTreeMap::new();
    for table in directory.tables("CaseTeamRole") {
        for row in table.rows() {
            let role = (row.value("Name").to_owned(), row.value("AccessLevel").to_owned());
            roles.insert(long_id(row.value("Id")), role);
        }
    }
    roles
}

fn take_member(
    draft: &mut Draft<'_>,
    directory: &Directory,
    team: &Team<'_>,
    table: &NamedTable,
    row: &Row<'_>,
    records: &mut Records,
) {
    let object = ObjectId::new(team.object);
    let (id, user) = (long_id(row.value(team.id)), row.value(team.user));
    let name = format!("{id}/{user}");
    let mut notes = Notes::default();
    let case_role = team.case_roles.get(&long_id(row.value(team.role)));
    let (role, word) = match case_role {
        Some((name, level)) => (name.as_str(), level.as_str()),
        None => (row.value(team.role), row.value(&format!("{object}AccessLevel"))),
    };
    if is_true(row.value("IsDeleted")) {
        return;
    }
    let key = (object.clone(), RecordId::new(id.as_str()));
    let added = match (level(word), directory.user(user), records.get_mut(&key)) {
        (Some(rights), Some(user), Some(record)) => {
            record.team.push(TeamMember {
                user: user.clone(),
                role: role.to_owned(),
                rights,
                ends: None,
                by: None,
                child_levels: child_levels(&draft.policy, &object, row, &mut notes),
            });
            Ok(())
        }
        (None, _, _) => Err(format!("the access level `{word}` is unknown")),
        (_, None, _) => Err(format!("the user `{user}` is not in the rows")),
        (_, _, None) => Err(format!("the record `{id}` is not in the rows")),
    };
    match added {
        Ok(()) => rate_row(draft, table.site(row), &table.name, &name, &notes),
        Err(why) => draft.rate(table.site(row), &table.name, &name, Rating::not_supported(why)),
    }
}
