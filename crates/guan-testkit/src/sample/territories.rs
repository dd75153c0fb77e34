//! A small territory model beside the role tree, and who and what belongs to its territories.

use super::Files;
use super::customers::Account;
use super::id::id;
use super::people::{self, user_id};
use super::table::Table;
use super::xml::Element;

const MODEL: &str = "Lanhai_2026";
const TYPE: &str = "Geography";

/// Name, label, parent and the level on accounts and their children.
const TERRITORIES: &[(&str, &str, Option<&str>, &str)] = &[
    ("World", "World 全球", None, "Read"),
    ("Bavaria", "Bavaria 巴伐利亚", Some("World"), "Edit"),
    ("Southeast_Asia", "Southeast Asia 东南亚", Some("World"), "Read"),
];

const MEMBERS: &[(&str, &str, &str)] = &[
    ("katrin.vogel", "World", "Sales Manager"),
    ("dieter.huber", "Bavaria", "Sales Rep"),
    ("jan.novak", "Bavaria", "Sales Rep"),
    ("tan.weiming", "Southeast_Asia", "Sales Rep"),
    ("lucy.ng", "Southeast_Asia", "Service"),
];

/// The cities that the assignment rule of each territory names.
const BAVARIA: &[&str] = &["München", "Nürnberg"];
const SOUTHEAST_ASIA: &[&str] = &["Kuala Lumpur"];

/// Id of a territory; empty when there is none of that name.
fn territory_id(name: &str) -> String {
    let position = TERRITORIES.iter().position(|(own, ..)| *own == name);
    people::numbered("0MI", position)
}

/// The territory whose rule takes an account of this city.
pub(super) fn territory_of(city: &str) -> Option<&'static str> {
    if BAVARIA.contains(&city) {
        Some("Bavaria")
    } else if SOUTHEAST_ASIA.contains(&city) {
        Some("Southeast_Asia")
    } else {
        None
    }
}

/// Writes the model, its territories, their rules and all rows.
pub(super) fn write(files: &mut Files, accounts: &[Account]) {
    files.metadata(
        &format!("territory2Types/{TYPE}.territory2Type"),
        &Element::new("Territory2Type").leaf("name", "Geography 地理").leaf("priority", "1"),
    );
    let folder = format!("territory2Models/{MODEL}");
    files.metadata(
        &format!("{folder}/{MODEL}.territory2Model"),
        &Element::new("Territory2Model").leaf("name", "Lanhai 2026"),
    );
    for (name, label, parent, level) in TERRITORIES {
        let mut file = Element::new("Territory2")
            .leaf("accountAccessLevel", *level)
            .leaf("caseAccessLevel", "Read")
            .leaf("contactAccessLevel", *level)
            .leaf("name", *label)
            .leaf("opportunityAccessLevel", "Read")
            .optional("parentTerritory", *parent);
        if parent.is_some() {
            file = file.child(
                Element::new("ruleAssociations")
                    .flag("inherited", false)
                    .leaf("ruleName", format!("{name}_Cities")),
            );
        }
        let file = file.leaf("territory2Type", TYPE);
        files.metadata(&format!("{folder}/territories/{name}.territory2"), &file);
    }
    for (territory, cities) in [("Bavaria", BAVARIA), ("Southeast_Asia", SOUTHEAST_ASIA)] {
        let name = format!("{territory}_Cities");
        files.metadata(&format!("{folder}/rules/{name}.territory2Rule"), &rule_file(&name, cities));
    }
    write_rows(files, accounts);
}

fn rule_file(name: &str, cities: &[&str]) -> Element {
    let filter = (cities.len() > 1).then_some("1 OR 2");
    let items = cities.iter().map(|city| {
        Element::new("ruleItems")
            .leaf("field", "Account.City__c")
            .leaf("operation", "equals")
            .leaf("value", *city)
    });
    Element::new("Territory2Rule")
        .flag("active", true)
        .optional("booleanFilter", filter)
        .leaf("name", name)
        .leaf("objectType", "Account")
        .children(items)
}

fn write_rows(files: &mut Files, accounts: &[Account]) {
    let mut territories = Table::new(&[
        "Id",
        "DeveloperName",
        "Name",
        "ParentTerritory2Id",
        "Territory2ModelId",
        "AccountAccessLevel",
        "ContactAccessLevel",
        "OpportunityAccessLevel",
        "CaseAccessLevel",
    ]);
    let model = id("0MA", 1);
    for (name, label, parent, level) in TERRITORIES {
        let own = territory_id(name);
        let above = parent.map_or_else(String::new, territory_id);
        territories.row(&[&own, name, label, &above, &model, level, level, "Read", "Read"]);
    }
    files.rows("Territory2", territories);

    let mut models = Table::new(&["Id", "DeveloperName", "Name", "State"]);
    models.row(&[&model, MODEL, "Lanhai 2026", "Active"]);
    files.rows("Territory2Model", models);

    let mut members = Table::new(&["Id", "UserId", "Territory2Id", "IsActive", "RoleInTerritory2"]);
    for (login, territory, role) in MEMBERS {
        let own = id("0MS", members.next_number());
        let (user, territory) = (user_id(login), territory_id(territory));
        members.row(&[&own, &user, &territory, "true", role]);
    }
    files.rows("UserTerritory2Association", members);

    let mut records =
        Table::new(&["Id", "ObjectId", "Territory2Id", "AssociationCause", "SobjectType"]);
    for account in accounts {
        if let Some(name) = territory_of(&account.city) {
            let own = id("0MT", records.next_number());
            records.row(&[
                &own,
                &account.id,
                &territory_id(name),
                "Territory2AssignmentRule",
                "Account",
            ]);
        }
    }
    files.rows("ObjectTerritory2Association", records);
}
