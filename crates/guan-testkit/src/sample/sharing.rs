//! Who is shared with whom: roles, groups, queues, sharing rules, sharing set, restriction rule, settings.

use super::Files;
use super::people::{self, ROLES};
use super::xml::Element;

/// Who is in a public group or queue.
#[derive(Debug, Clone, Copy)]
pub(super) enum Member {
    User(&'static str),
    Role(&'static str),
    RoleAndBelow(&'static str),
    Group(&'static str),
}

/// Whether superiors of the members get what the group gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bosses {
    Included,
    LeftOut,
}

/// A public group, or a queue when it owns records of an object.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) bosses: Bosses,
    pub(super) members: &'static [Member],
    /// The object whose records the queue owns; none for a public group.
    pub(super) queue_of: Option<&'static str>,
}

/// Groups and queues; the position fixes the id.
pub(super) const GROUPS: &[Group] = &[
    Group {
        name: "Finance_Reviewers",
        label: "Finance Reviewers 财务评审组",
        bosses: Bosses::LeftOut,
        members: &[Member::Role("Finance")],
        queue_of: None,
    },
    Group {
        name: "Global_Operations",
        label: "Global Operations 全球运营组",
        bosses: Bosses::Included,
        members: &[Member::RoleAndBelow("Operations"), Member::User("song.tao")],
        queue_of: None,
    },
    Group {
        name: "Key_Account_Board",
        label: "Key Account Board 大客户委员会",
        bosses: Bosses::LeftOut,
        members: &[Member::User("katrin.vogel"), Member::User("xu.lei"), Member::User("zhou.ming")],
        queue_of: None,
    },
    Group {
        name: "Deal_Desk",
        label: "Deal Desk 大单评审组",
        bosses: Bosses::Included,
        members: &[Member::Group("Finance_Reviewers"), Member::User("cui.ming")],
        queue_of: None,
    },
    Group {
        name: "Marketing_Team",
        label: "Marketing Team 市场团队",
        bosses: Bosses::Included,
        members: &[Member::RoleAndBelow("Marketing")],
        queue_of: None,
    },
    Group {
        name: "China_Lead_Queue",
        label: "China Lead Queue 中国区线索队列",
        bosses: Bosses::LeftOut,
        members: &[
            Member::Role("Rep_East_China"),
            Member::Role("Rep_South_China"),
            Member::User("xu.lei"),
        ],
        queue_of: Some("Lead"),
    },
    Group {
        name: "Support_Case_Queue",
        label: "Support Case Queue 服务工单队列",
        bosses: Bosses::Included,
        members: &[Member::Role("Service")],
        queue_of: Some("Case"),
    },
];

/// Id of a public group or queue; empty when there is none of that name.
pub(super) fn group_id(name: &str) -> String {
    people::numbered("00G", GROUPS.iter().position(|group| group.name == name))
}

/// Writes everything of this module.
pub(super) fn write(files: &mut Files) {
    for role in ROLES {
        files.metadata(
            &format!("roles/{}.role", role.name),
            &Element::new("Role")
                .leaf("caseAccessLevel", "Edit")
                .leaf("contactAccessLevel", "Edit")
                .flag("mayForecastManagerShare", false)
                .leaf("name", role.label)
                .leaf("opportunityAccessLevel", opportunity_level(role.name))
                .optional("parentRole", role.parent),
        );
    }
    for group in GROUPS {
        let (path, file) = group_file(group);
        files.metadata(&path, &file);
    }
    write_sharing_set(files);
    write_restriction(files);
    write_settings(files);
}

/// What an account owner in this role gets on opportunities that others own at the account.
pub(super) fn opportunity_level(role: &str) -> &'static str {
    if role.starts_with("Rep_") { "Read" } else { "Edit" }
}

fn group_file(group: &Group) -> (String, Element) {
    let bosses = group.bosses == Bosses::Included;
    let Some(object) = group.queue_of else {
        let file =
            Element::new("Group").flag("doesIncludeBosses", bosses).leaf("name", group.label);
        return (format!("groups/{}.group", group.name), file);
    };
    let file = Element::new("Queue")
        .flag("doesIncludeBosses", bosses)
        .flag("doesSendEmailToMembers", false)
        .leaf("name", group.label)
        .child(queue_members(group.members))
        .child(Element::new("queueSobject").leaf("sobjectType", object));
    (format!("queues/{}.queue", group.name), file)
}

fn queue_members(members: &[Member]) -> Element {
    let mut roles = Element::new("roles");
    let mut below = Element::new("roleAndSubordinates");
    let mut groups = Element::new("publicGroups");
    let mut users = Element::new("users");
    for member in members {
        match member {
            Member::Role(name) => roles = roles.leaf("role", *name),
            Member::RoleAndBelow(name) => below = below.leaf("roleAndSubordinate", *name),
            Member::Group(name) => groups = groups.leaf("publicGroup", *name),
            Member::User(login) => users = users.leaf("user", format!("{login}@lanhai.example")),
        }
    }
    let kinds = [groups, below, roles, users];
    Element::new("queueMembers").children(kinds.into_iter().filter(|kind| !kind.is_empty()))
}

fn write_sharing_set(files: &mut Files) {
    let mapping = |level, object, record, user| {
        Element::new("accessMappings")
            .leaf("accessLevel", level)
            .leaf("object", object)
            .leaf("objectField", record)
            .leaf("userField", user)
    };
    files.metadata(
        "sharingSets/Customer_Portal.sharingSet",
        &Element::new("SharingSet")
            .child(mapping("Read", "Account", "Id", "Account"))
            .child(mapping("Edit", "Case", "Account", "Account"))
            .leaf("description", "Portal users reach their own company and its cases")
            .leaf("name", "Customer Portal 客户门户")
            .leaf("profiles", "Lanhai Customer Portal"),
    );
}

fn write_restriction(files: &mut Files) {
    files.metadata(
        "restrictionRules/Finance_Open_Reviews.rule",
        &Element::new("RestrictionRule")
            .flag("active", true)
            .leaf(
                "description",
                "Finance sees no confidential contract reviews 财务不可见涉密合同评审",
            )
            .leaf("enforcementType", "Restrict")
            .leaf("masterLabel", "Finance Open Reviews 财务仅见非涉密评审")
            .leaf("recordFilter", "Confidential__c = false")
            .leaf("targetEntity", "Contract_Review__c")
            .leaf("userCriteria", "$User.Department = 'Finance'")
            .leaf("version", "1"),
    );
}

fn write_settings(files: &mut Files) {
    files.metadata(
        "settings/Sharing.settings",
        &Element::new("SharingSettings")
            .flag("deferGroupMembership", false)
            .flag("deferSharingRules", false)
            .flag("enableAccountRoleOptimization", false)
            .flag("enableCommunityUserVisibility", false)
            .flag("enableExternalSharingModel", true)
            .flag("enableManagerGroups", false)
            .flag("enableManualUserRecordSharing", true)
            .flag("enablePortalUserCaseSharing", false)
            .flag("enablePortalUserVisibility", false)
            .flag("enableSecureGuestAccess", true)
            .flag("enableStandardReportVisibility", false),
    );
}
