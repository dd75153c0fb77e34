//! Rows about people: users, roles, profiles, sets and their assignments, groups and their members.

use super::Files;
use super::grants::{self, SALES_KIT, set_id};
use super::id::id;
use super::people::{self, Kind, PEOPLE, PROFILES, ROLES, role_id, user_id};
use super::sharing::{self, Bosses, GROUPS, Member, group_id};
use super::table::{Table, truth};

/// When an assignment ends and whether it still counts.
enum Term {
    Open,
    /// Ends at an instant after the base date.
    Until(&'static str),
    /// Ended before the base date.
    Over(&'static str),
    /// Taken back before its end.
    Revoked(&'static str),
}

/// Single assignments: login, permission set, term.
const ASSIGNMENTS: &[(&str, &str, Term)] = &[
    ("wang.fang", "Customer_Export", Term::Until("2026-03-31T16:00:00.000Z")),
    ("xu.lei", "Customer_Export", Term::Open),
    ("huang.qiang", "Customer_Export", Term::Over("2025-12-31T16:00:00.000Z")),
    ("liang.yu", "Personal_Data_Reader", Term::Revoked("2026-06-30T16:00:00.000Z")),
    ("zhou.ming", "Contract_Approver", Term::Until("2026-06-30T16:00:00.000Z")),
    ("gao.yuan", "Finance_Review", Term::Open),
    ("gao.yuan", "Contract_Approver", Term::Open),
    ("gao.yuan", "Personal_Data_Reader", Term::Open),
    ("ma.li", "Finance_Review", Term::Open),
    ("ren.jie", "Finance_Review", Term::Open),
    ("thomas.graf", "Finance_Review", Term::Open),
    ("bai.xue", "Marketing_Leads", Term::Open),
    ("cao.ying", "Marketing_Leads", Term::Open),
    ("cao.ying", "Personal_Data_Reader", Term::Until("2026-02-28T16:00:00.000Z")),
    ("julia.weber", "Marketing_Leads", Term::Open),
    ("pan.yi", "Marketing_Leads", Term::Open),
    ("song.tao", "Service_Desk", Term::Open),
    ("fan.wen", "Audit_View_All", Term::Open),
    ("erp.sync", "Integration_Sync", Term::Open),
];

/// Writes all tables of this module.
pub(super) fn write(files: &mut Files) {
    write_users(files);
    write_roles_and_profiles(files);
    write_sets(files);
    write_assignments(files);
    write_groups(files);
}

fn write_users(files: &mut Files) {
    let mut table = Table::new(&[
        "Id",
        "Username",
        "LastName",
        "FirstName",
        "Name",
        "CommunityNickname",
        "Email",
        "IsActive",
        "UserType",
        "ProfileId",
        "UserRoleId",
        "ManagerId",
        "Department",
        "City",
        "ContactId",
        "AccountId",
        "EmployeeNumber",
        "TimeZoneSidKey",
        "LanguageLocaleKey",
    ]);
    for person in PEOPLE {
        let number = table.next_number();
        let (kind, nickname) = match person.kind {
            Kind::Portal => ("CspLitePortal", person.login),
            Kind::Guest => ("Guest", "Lanhai_Support"),
            Kind::Employee | Kind::Former | Kind::Integration => ("Standard", person.login),
        };
        let (contact, account) = match person.kind {
            Kind::Portal => (id("003", 5), id("001", 5)),
            _ => (String::new(), String::new()),
        };
        let zone = match person.city {
            "Munich" => "Europe/Berlin",
            "Singapore" => "Asia/Singapore",
            _ => "Asia/Shanghai",
        };
        let language = match person.city {
            "Munich" => "de",
            "Singapore" => "en_US",
            _ => "zh_CN",
        };
        table.row(&[
            &id("005", number),
            &person.username(),
            person.last,
            person.first,
            &person.display(),
            nickname,
            &person.username(),
            truth(person.kind != Kind::Former),
            kind,
            &people::profile_id(person.profile),
            &person.role.map_or_else(String::new, role_id),
            &person.manager().map_or_else(String::new, user_id),
            person.department,
            person.city,
            &contact,
            &account,
            &format!("LH{number:03}"),
            zone,
            language,
        ]);
    }
    files.rows("User", table);
}

fn write_roles_and_profiles(files: &mut Files) {
    let mut roles = Table::new(&[
        "Id",
        "Name",
        "DeveloperName",
        "ParentRoleId",
        "OpportunityAccessForAccountOwner",
        "CaseAccessForAccountOwner",
        "ContactAccessForAccountOwner",
        "PortalType",
    ]);
    for role in ROLES {
        let above = role.parent.map_or_else(String::new, role_id);
        let level = sharing::opportunity_level(role.name);
        roles.row(&[
            &role_id(role.name),
            role.label,
            role.name,
            &above,
            level,
            "Edit",
            "Edit",
            "None",
        ]);
    }
    files.rows("UserRole", roles);

    let mut profiles = Table::new(&["Id", "Name"]);
    for (file, name, _) in PROFILES {
        profiles.row(&[&people::profile_id(file), name]);
    }
    files.rows("Profile", profiles);
}

fn write_sets(files: &mut Files) {
    let mut sets =
        Table::new(&["Id", "Name", "Label", "IsOwnedByProfile", "HasActivationRequired"]);
    for (name, label, activation) in grants::sets() {
        sets.row(&[&set_id(name), name, label, "false", truth(activation)]);
    }
    files.rows("PermissionSet", sets);

    let mut groups = Table::new(&["Id", "DeveloperName", "MasterLabel", "Status"]);
    groups.row(&[&id("0PG", 1), SALES_KIT, "Sales Kit 销售套件", "Updated"]);
    files.rows("PermissionSetGroup", groups);
}

fn write_assignments(files: &mut Files) {
    let mut table = Table::new(&[
        "Id",
        "AssigneeId",
        "PermissionSetId",
        "PermissionSetGroupId",
        "ExpirationDate",
        "IsActive",
        "IsRevoked",
    ]);
    for person in PEOPLE.iter().filter(|person| person.profile == "Lanhai Sales") {
        table.row(&[
            &id("0Pa", table.next_number()),
            &user_id(person.login),
            "",
            &id("0PG", 1),
            "",
            "true",
            "false",
        ]);
    }
    for (login, set, term) in ASSIGNMENTS {
        let (end, active, revoked) = match term {
            Term::Open => ("", true, false),
            Term::Until(end) => (*end, true, false),
            Term::Over(end) => (*end, false, false),
            Term::Revoked(end) => (*end, false, true),
        };
        table.row(&[
            &id("0Pa", table.next_number()),
            &user_id(login),
            &set_id(set),
            "",
            end,
            truth(active),
            truth(revoked),
        ]);
    }
    files.rows("PermissionSetAssignment", table);
}

/// Id of the group that stands for everybody in a role.
pub(super) fn role_group_id(role: &str) -> String {
    role_number(role).map_or_else(String::new, |number| id("00G", 100 + number))
}

/// Id of the group that stands for everybody in a role or below it.
fn below_group_id(role: &str) -> String {
    role_number(role).map_or_else(String::new, |number| id("00G", 200 + number))
}

fn role_number(name: &str) -> Option<u32> {
    let position = ROLES.iter().position(|role| role.name == name)?;
    u32::try_from(position).ok()
}

fn write_groups(files: &mut Files) {
    let mut groups =
        Table::new(&["Id", "Name", "DeveloperName", "Type", "RelatedId", "DoesIncludeBosses"]);
    let mut members = Table::new(&["Id", "GroupId", "UserOrGroupId"]);
    for group in GROUPS {
        let own = group_id(group.name);
        let kind = group.queue_of.map_or("Regular", |_| "Queue");
        let bosses = truth(group.bosses == Bosses::Included);
        groups.row(&[&own, group.label, group.name, kind, "", bosses]);
        for member in group.members {
            let inside = match member {
                Member::User(login) => user_id(login),
                Member::Role(name) => role_group_id(name),
                Member::RoleAndBelow(name) => below_group_id(name),
                Member::Group(name) => group_id(name),
            };
            members.row(&[&id("011", members.next_number()), &own, &inside]);
        }
    }
    for role in ROLES {
        let related = role_id(role.name);
        let (own, below) = (role_group_id(role.name), below_group_id(role.name));
        groups.row(&[&own, "", role.name, "Role", &related, "false"]);
        groups.row(&[&below, "", role.name, "RoleAndSubordinatesInternal", &related, "false"]);
    }
    files.rows("Group", groups);
    files.rows("GroupMember", members);
}
