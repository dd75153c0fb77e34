//! Sharing rules, sharing sets, territories, teams and shares: what they become.

use crate::given::{is_lost, only, rated, take, take_rows};
use guan_engine::model::{Baseline, Principal, Rights};
use guan_import::Rating;

const VISIT: (&str, &str) = (
    "objects/Visit__c.object",
    "<CustomObject><sharingModel>Private</sharingModel>
     <fields><fullName>City__c</fullName><type>Picklist</type></fields>
     <fields><fullName>Sum__c</fullName><type>Currency</type></fields>
     <fields><fullName>Vip__c</fullName><type>Checkbox</type></fields>
     <fields><fullName>Day__c</fullName><type>Date</type></fields>
     <fields><fullName>Tags__c</fullName><type>MultiselectPicklist</type></fields></CustomObject>",
);

fn condition(order: &str, items: &[(&str, &str, &str)]) -> Result<String, String> {
    let items: Vec<String> = items
        .iter()
        .map(|(field, operation, value)| {
            format!("<criteriaItems><field>{field}</field><operation>{operation}</operation><value>{value}</value></criteriaItems>")
        })
        .collect();
    let items = items.concat();
    let rules = format!(
        "<SharingRules><sharingCriteriaRules><fullName>A</fullName><accessLevel>Read</accessLevel>
         <booleanFilter>{order}</booleanFilter>{items}<sharedTo><allInternalUsers/></sharedTo></sharingCriteriaRules></SharingRules>"
    );
    let imported = take(&[VISIT, ("sharingRules/Visit__c.sharingRules", &rules)]);
    let loss = only(&imported, "sharingCriteriaRules");
    if is_lost(loss) {
        return Err(loss.rating.reason().to_owned());
    }
    let rule = &imported.policy.rules["Visit__c/criteria/A"];
    Ok(rule.when.as_ref().unwrap().to_string())
}

#[test]
fn criteria_become_conditions_that_are_never_unknown() {
    for (operation, field, value, expected) in [
        ("equals", "City__c", "Bern", "(City__c is not null and City__c = \"Bern\")"),
        ("notEqual", "City__c", "Bern", "(City__c is null or not City__c = \"Bern\")"),
        ("equals", "City__c", "", "City__c is null"),
        ("notEqual", "City__c", "", "City__c is not null"),
        ("equals", "Vip__c", "True", "Vip__c = true"),
        ("equals", "Vip__c", "False", "(Vip__c is null or Vip__c = false)"),
        ("greaterOrEqual", "Sum__c", "10.5", "(Sum__c is not null and Sum__c >= 10.5)"),
        ("lessThan", "Day__c", "2026-01-31", "(Day__c is not null and Day__c &lt; \"2026-01-31\")"),
        ("includes", "Tags__c", "a", "(Tags__c is not null and Tags__c contains \"a\")"),
        ("excludes", "Tags__c", "a", "(Tags__c is null or not Tags__c contains \"a\")"),
    ] {
        let expected = expected.replace("&lt;", "<");
        assert_eq!(
            condition("", &[(field, operation, value)]),
            Ok(expected),
            "{operation} {value}"
        );
    }
    let several = condition("", &[("City__c", "equals", "Bern, \"Basel, Stadt\"")]).unwrap();
    assert!(several.contains("City__c = \"Bern\" or City__c = \"Basel, Stadt\""), "{several}");
}

#[test]
fn the_order_of_criteria_is_kept() {
    let items = [("Vip__c", "equals", "True"), ("City__c", "equals", ""), ("Sum__c", "equals", "")];
    let parsed = condition("1 AND (2 OR NOT 3)", &items).unwrap();
    assert_eq!(parsed, "(Vip__c = true and (City__c is null or not Sum__c is null))");
    for order in ["1 AND", "4", "1 XOR 2", "(1", "1)", "0", ""] {
        assert_eq!(condition(order, &items).is_ok(), order.is_empty(), "{order}");
    }
}

#[test]
fn criteria_without_a_counterpart_lose_their_rule() {
    for (field, operation, value) in [
        ("Place__c", "within", "1:2:3"),
        ("Account.Name", "equals", "x"),
        ("Sum__c", "equals", "many"),
        ("Day__c", "equals", "LAST_WEEK"),
        ("Sum__c", "lessThan", ""),
    ] {
        assert!(condition("", &[(field, operation, value)]).is_err(), "{field} {operation}");
    }
}

#[test]
fn records_of_portal_users_without_role_are_left_out_when_a_rule_says_so() {
    let rules = "<SharingRules><sharingCriteriaRules><fullName>A</fullName><accessLevel>Edit</accessLevel>
        <criteriaItems><field>Vip__c</field><operation>equals</operation><value>true</value></criteriaItems>
        <includeRecordsOwnedByAll>false</includeRecordsOwnedByAll>
        <sharedTo><role>CEO</role></sharedTo></sharingCriteriaRules></SharingRules>";
    let imported = take(&[
        VISIT,
        ("roles/CEO.role", "<Role/>"),
        ("queues/Desk.queue", "<Queue/>"),
        ("sharingRules/Visit__c.sharingRules", rules),
    ]);
    let rule = &imported.policy.rules["Visit__c/criteria/A"];
    let owners: Vec<String> = rule.owned_by.iter().map(Principal::to_string).collect();
    assert_eq!(owners, ["group:queue/Desk", "placed:role", "internal"]);
    assert_eq!(rule.rights, Rights::EDIT);
}

#[test]
fn an_account_rule_carries_levels_for_the_children_that_exist() {
    let rules = "<SharingRules><sharingOwnerRules><fullName>A</fullName><accessLevel>Read</accessLevel>
        <accountSettings><contactAccessLevel>Edit</contactAccessLevel><opportunityAccessLevel>None</opportunityAccessLevel>
        <caseAccessLevel>Read</caseAccessLevel></accountSettings>
        <sharedTo><group>Board</group></sharedTo><sharedFrom><roleAndSubordinates>CEO</roleAndSubordinates></sharedFrom>
        </sharingOwnerRules></SharingRules>";
    let contact = "<CustomObject><sharingModel>ControlledByParent</sharingModel></CustomObject>";
    let imported =
        take(&[("objects/Contact.object", contact), ("sharingRules/account.sharingRules", rules)]);
    let rule = &imported.policy.rules["Account/owner/A"];
    assert_eq!(rule.child_levels.len(), 1);
    assert_eq!(rule.child_levels["Contact"], Rights::EDIT);
    let contact = &imported.policy.objects["Contact"];
    assert_eq!(contact.baseline.internal, Baseline::ControlledByParent("AccountId".into()));
    assert!(contact.relations["AccountId"].implicit_parent);
    assert!(contact.relations["AccountId"].implicit_child);
    let reason = only(&imported, "sharingOwnerRules").rating.reason();
    assert!(reason.contains("`Board`") && reason.contains("`CEO`"), "{reason}");
}

#[test]
fn a_detail_is_controlled_by_its_first_master() {
    let detail = "<CustomObject><sharingModel>ControlledByParent</sharingModel>
        <fields><fullName>B__c</fullName><type>MasterDetail</type><referenceTo>Other__c</referenceTo><relationshipOrder>1</relationshipOrder></fields>
        <fields><fullName>A__c</fullName><type>MasterDetail</type><referenceTo>Visit__c</referenceTo><relationshipOrder>0</relationshipOrder></fields></CustomObject>";
    let imported = take(&[VISIT, ("objects/Line__c.object", detail)]);
    let line = &imported.policy.objects["Line__c"];
    assert_eq!(line.baseline.internal, Baseline::ControlledByParent("A__c".into()));
    assert_eq!(line.baseline.external, line.baseline.internal);
    assert_eq!(line.fields["A__c"].secured, Some(false));
    assert!(line.fields["A__c"].required && line.fields["B__c"].required);
    assert_eq!(line.relations["B__c"].parent.as_str(), "Other__c");
}

#[test]
fn a_sharing_set_gives_each_portal_user_the_records_of_their_account() {
    let set = "<SharingSet><accessMappings><accessLevel>Edit</accessLevel><object>Case</object><objectField>Account</objectField><userField>Account</userField></accessMappings>
        <accessMappings><accessLevel>Read</accessLevel><object>Case</object><objectField>Owner.Account</objectField><userField>Account</userField></accessMappings>
        <profiles>portal user</profiles></SharingSet>";
    let imported = take_rows(
        &[("sharingSets/Portal.sharingSet", set), ("profiles/Portal User.profile", "<Profile/>")],
        &[(
            "User",
            "Id,Username,IsActive,UserType,Profile.Name,AccountId\n005A,ann,true,CustomerSuccess,Portal User,001A\n005B,bob,true,CustomerSuccess,Portal User,001A\n005C,cy,true,Standard,Other,001A\n",
        )],
    );
    let rules: Vec<_> = imported.policy.rules.values().collect();
    assert_eq!(rules.len(), 1);
    assert_eq!(rules[0].when.as_ref().unwrap().as_str(), "AccountId = \"001A\"");
    let to: Vec<String> = rules[0].to.iter().map(Principal::to_string).collect();
    assert_eq!(to, ["user:ann", "user:bob"]);
    assert_eq!(
        rated(&imported, "accessMappings").into_iter().filter(|loss| is_lost(loss)).count(),
        1
    );
}

#[test]
fn rows_of_territories_teams_and_shares_reach_their_records() {
    let imported = take_rows(
        &[(
            "objects/Account.object",
            "<CustomObject><sharingModel>Private</sharingModel></CustomObject>",
        )],
        &[
            (
                "User",
                "Id,Username,IsActive,UserType\n005A,ann,true,Standard\n005B,bob,true,Guest\n",
            ),
            (
                "Territory2",
                "Id,DeveloperName,ParentTerritory2Id,AccountAccessLevel\n0MIA,World,,Read\n0MIB,North,0MIA,Edit\n",
            ),
            ("UserTerritory2Association", "UserId,Territory2Id,IsActive\n005A,0MIB,true\n"),
            (
                "Account",
                "Id,OwnerId,Name,AnnualRevenue,CreatedDate\n001A,005A,Acme,12.50,2026-01-31T08:00:00.000+0000\n",
            ),
            ("ObjectTerritory2Association", "ObjectId,Territory2Id\n001A,0MIB\n"),
            (
                "AccountTeamMember",
                "AccountId,UserId,TeamMemberRole,AccountAccessLevel\n001A,005A,Helper,Edit\n",
            ),
            (
                "AccountShare",
                "AccountId,UserOrGroupId,AccountAccessLevel,RowCause\n001A,005B,Read,Manual\n001A,005B,Read,Rule\n001A,005B,Edit,Contest__c\n",
            ),
        ],
    );
    let account = &imported.records[0];
    assert!(account.tags.contains("territory/North"));
    assert_eq!(account.team[0].rights, Rights::EDIT);
    let causes: Vec<&str> = account.shares.iter().map(|share| share.cause.as_str()).collect();
    assert_eq!(causes, ["manual", "Contest__c"]);
    assert_eq!(account.fields["AnnualRevenue"].to_string(), "12.5");
    assert_eq!(account.fields["CreatedDate"].to_string(), "2026-01-31T08:00:00Z");
    assert_eq!(imported.policy.nodes["territory/North"].levels["Account"], Rights::EDIT);
    assert_eq!(imported.policy.users["ann"].placements.len(), 1);
    assert_eq!(imported.policy.objects["Account"].dimensions.len(), 1);
}

#[test]
fn an_assignment_ends_when_it_says_and_a_revoked_one_is_left_out() {
    let imported = take_rows(
        &[("permissionsets/Desk.permissionset", "<PermissionSet/>")],
        &[
            ("User", "Id,Username,IsActive\n005A,ann,true\n"),
            (
                "PermissionSetAssignment",
                "Id,Assignee.Username,PermissionSet.Name,ExpirationDate,IsActive,IsRevoked\n0PaA,ann,Desk,2026-01-31T08:00:00.000Z,true,false\n0PaB,ann,Desk,,true,true\n0PaC,ann,Desk,,false,false\n0PaD,ann,Desk,soon,true,false\n",
            ),
        ],
    );
    let assignments: Vec<_> = imported.policy.assignments.iter().collect();
    assert_eq!(assignments.len(), 1);
    assert_eq!(assignments[0].1.ends.unwrap().to_string(), "2026-01-31T08:00:00Z");
    let rated = rated(&imported, "PermissionSetAssignment");
    assert_eq!(
        rated.iter().filter(|loss| matches!(loss.rating, Rating::Ignored { .. })).count(),
        2
    );
    assert_eq!(rated.iter().filter(|loss| is_lost(loss)).count(), 1);
}
