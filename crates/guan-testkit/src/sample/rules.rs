//! The fifteen sharing rules.

use super::Files;
use super::xml::Element;

/// What an account rule gives on cases, contacts and opportunities of the account.
struct ChildLevels {
    case: &'static str,
    contact: &'static str,
    opportunity: &'static str,
}

/// One line of a criteria rule: field, operation, value.
type Criterion = (&'static str, &'static str, &'static str);

enum Source {
    /// Records owned by somebody: element of `sharedFrom` and its value.
    Owner(&'static str, &'static str),
    /// Accounts of a territory.
    Territory(&'static str),
    /// Records that pass the criteria, combined by the filter or all of them.
    Criteria(Option<&'static str>, &'static [Criterion]),
    /// Records that pass the criteria, for visitors without a login.
    Guest(&'static [Criterion]),
}

struct Rule {
    object: &'static str,
    name: &'static str,
    label: &'static str,
    level: &'static str,
    source: Source,
    /// Element of `sharedTo` and its value.
    target: (&'static str, &'static str),
    children: Option<ChildLevels>,
}

const fn levels(
    case: &'static str,
    contact: &'static str,
    opportunity: &'static str,
) -> ChildLevels {
    ChildLevels { case, contact, opportunity }
}

const RULES: &[Rule] = &[
    Rule {
        object: "Account",
        name: "East_China_to_South_Manager",
        label: "East China to manager South 华东共享给华南经理",
        level: "Read",
        source: Source::Owner("roleAndSubordinatesInternal", "Manager_East_China"),
        target: ("role", "Manager_South_China"),
        children: Some(levels("None", "Read", "None")),
    },
    Rule {
        object: "Account",
        name: "International_to_Operations",
        label: "International to operations 国际客户共享给运营",
        level: "Read",
        source: Source::Owner("roleAndSubordinatesInternal", "VP_Sales_International"),
        target: ("group", "Global_Operations"),
        children: Some(levels("Read", "Read", "Read")),
    },
    Rule {
        object: "Account",
        name: "Strategic_Accounts_to_Finance",
        label: "Strategic accounts to finance 战略客户共享给财务",
        level: "Read",
        source: Source::Criteria(None, &[("Strategic__c", "equals", "True")]),
        target: ("group", "Finance_Reviewers"),
        children: Some(levels("None", "Read", "Read")),
    },
    Rule {
        object: "Account",
        name: "Key_Accounts_Abroad_to_Board",
        label: "Key accounts abroad to board 海外大客户共享给委员会",
        level: "Edit",
        source: Source::Criteria(
            Some("1 AND (2 OR 3)"),
            &[
                ("Tier__c", "equals", "A"),
                ("Region__c", "equals", "Europe"),
                ("Region__c", "equals", "Asia Pacific"),
            ],
        ),
        target: ("group", "Key_Account_Board"),
        children: Some(levels("None", "Read", "Edit")),
    },
    Rule {
        object: "Account",
        name: "Medical_to_Service",
        label: "Medical customers to service 医疗客户共享给售后",
        level: "Read",
        source: Source::Criteria(None, &[("Industry", "equals", "Medical")]),
        target: ("roleAndSubordinatesInternal", "Service"),
        children: Some(levels("Edit", "Read", "None")),
    },
    Rule {
        object: "Account",
        name: "Public_References",
        label: "Public references 公开案例",
        level: "Read",
        source: Source::Guest(&[("Public_Reference__c", "equals", "True")]),
        target: ("guestUser", "Lanhai_Support"),
        children: None,
    },
    Rule {
        object: "Account",
        name: "Bavaria_to_Service",
        label: "Bavaria to service 巴伐利亚区共享给售后",
        level: "Read",
        source: Source::Territory("Bavaria"),
        target: ("role", "Service"),
        children: Some(levels("Read", "Read", "None")),
    },
    Rule {
        object: "Opportunity",
        name: "Asia_Pacific_Peers",
        label: "Asia Pacific peers 亚太同事互看",
        level: "Read",
        source: Source::Owner("role", "Rep_Asia_Pacific"),
        target: ("role", "Rep_Asia_Pacific"),
        children: None,
    },
    Rule {
        object: "Opportunity",
        name: "Large_Deals_to_Deal_Desk",
        label: "Large deals to deal desk 大单共享给评审组",
        level: "Read",
        source: Source::Criteria(None, &[("Amount", "greaterOrEqual", "5000000")]),
        target: ("group", "Deal_Desk"),
        children: None,
    },
    Rule {
        object: "Opportunity",
        name: "Deep_Discounts_to_Finance",
        label: "Deep discounts to finance 大幅折扣共享给财务",
        level: "Edit",
        source: Source::Criteria(
            Some("(1 OR 2) AND 3"),
            &[
                ("StageName", "equals", "Proposal"),
                ("StageName", "equals", "Negotiation"),
                ("Discount__c", "greaterThan", "25"),
            ],
        ),
        target: ("role", "Finance"),
        children: None,
    },
    Rule {
        object: "Lead",
        name: "Web_Leads_to_Marketing",
        label: "Web leads to marketing 官网线索共享给市场",
        level: "Edit",
        source: Source::Criteria(None, &[("LeadSource", "equals", "Web")]),
        target: ("group", "Marketing_Team"),
        children: None,
    },
    Rule {
        object: "Lead",
        name: "China_Queue_to_Operations",
        label: "China queue to operations 中国线索队列共享给运营",
        level: "Edit",
        source: Source::Owner("queue", "China_Lead_Queue"),
        target: ("role", "Operations"),
        children: None,
    },
    Rule {
        object: "Contract_Review__c",
        name: "Finance_Stage_to_Finance",
        label: "Finance stage to finance 财务阶段共享给财务",
        level: "Edit",
        source: Source::Criteria(None, &[("Stage__c", "equals", "Finance Review")]),
        target: ("group", "Finance_Reviewers"),
        children: None,
    },
    Rule {
        object: "Contract_Review__c",
        name: "Large_Reviews_to_Deal_Desk",
        label: "Large reviews to deal desk 大额评审共享给评审组",
        level: "Read",
        source: Source::Criteria(
            None,
            &[("Amount__c", "greaterThan", "2000000"), ("Stage__c", "notEqual", "Draft")],
        ),
        target: ("group", "Deal_Desk"),
        children: None,
    },
    Rule {
        object: "Contract_Review__c",
        name: "All_Reviews_to_Operations",
        label: "All reviews to operations 全部评审共享给运营",
        level: "Read",
        source: Source::Owner("allInternalUsers", ""),
        target: ("role", "Operations"),
        children: None,
    },
];

/// Objects with a rule file; contacts follow their account, so their file is an empty shell.
const RULE_FILES: &[&str] = &["Account", "Contact", "Contract_Review__c", "Lead", "Opportunity"];

/// Writes one file of rules for each object.
pub(super) fn write(files: &mut Files) {
    for object in RULE_FILES {
        let rules = RULES.iter().filter(|rule| rule.object == *object);
        let mut elements: Vec<(u8, Element)> = rules.map(rule_file).collect();
        elements.sort_by_key(|(order, _)| *order);
        files.metadata(
            &format!("sharingRules/{object}.sharingRules"),
            &Element::new("SharingRules")
                .children(elements.into_iter().map(|(_, element)| element)),
        );
    }
}

/// The element of a rule, and the place of its kind in the file.
fn rule_file(rule: &Rule) -> (u8, Element) {
    let (order, kind) = match rule.source {
        Source::Criteria(..) => (0, "sharingCriteriaRules"),
        Source::Guest(_) => (1, "sharingGuestRules"),
        Source::Owner(..) => (2, "sharingOwnerRules"),
        Source::Territory(_) => (3, "sharingTerritoryRules"),
    };
    let mut element =
        Element::new(kind).leaf("fullName", rule.name).leaf("accessLevel", rule.level);
    if let Some(children) = &rule.children {
        element = element.child(
            Element::new("accountSettings")
                .leaf("caseAccessLevel", children.case)
                .leaf("contactAccessLevel", children.contact)
                .leaf("opportunityAccessLevel", children.opportunity),
        );
    }
    let (target, name) = rule.target;
    element = element.leaf("label", rule.label).child(Element::new("sharedTo").leaf(target, name));
    let from = |source, name| Element::new("sharedFrom").leaf(source, name);
    let element = match &rule.source {
        Source::Owner(source, name) => element.child(from(source, *name)),
        Source::Territory(name) => element.child(from("territory", *name)),
        Source::Criteria(filter, items) => element
            .optional("booleanFilter", *filter)
            .children(criteria(items))
            .flag("includeRecordsOwnedByAll", true),
        Source::Guest(items) => {
            element.children(criteria(items)).flag("includeHVUOwnedRecords", false)
        }
    };
    (order, element)
}

/// The elements of a criteria list.
fn criteria(items: &[Criterion]) -> impl Iterator<Item = Element> {
    items.iter().map(|(field, operation, value)| {
        Element::new("criteriaItems")
            .leaf("field", *field)
            .leaf("operation", *operation)
            .leaf("value", *value)
    })
}
