//! The oddities of real exports, each with a test of its name.

use crate::given::{is_lost, only, rated, set, take, take_rows};
use guan_engine::model::{Action, Baseline, FieldAccess, Principal, SetKind};
use guan_import::salesforce::{Options, import};
use guan_import::{Files, Rating};

const DESK: &str = "permissionsets/Desk.permissionset";

fn visit(flags: &str) -> String {
    set(&format!("<objectPermissions><object>Visit__c</object>{flags}</objectPermissions>"))
}

#[test]
fn booleans_in_capitals_count_and_a_typo_of_true_is_noted() {
    let text = visit(
        "<allowRead>True</allowRead><allowEdit>ture</allowEdit><allowDelete>FALSE</allowDelete>",
    );
    let imported = take(&[(DESK, &text)]);
    let actions = &imported.policy.sets["Desk"].objects["Visit__c"].actions;
    assert!(actions.contains_key(&Action::Read) && actions.contains_key(&Action::Edit));
    assert!(!actions.contains_key(&Action::Delete));
    assert!(only(&imported, "objectPermissions").rating.reason().contains("`ture`"));
}

#[test]
fn a_word_that_is_no_boolean_grants_nothing() {
    let imported = take(&[(DESK, &visit("<allowRead>yes please</allowRead>"))]);
    assert!(imported.policy.sets["Desk"].objects.is_empty());
    assert!(matches!(only(&imported, "objectPermissions").rating, Rating::Approximated { .. }));
}

#[test]
fn a_field_that_must_have_a_value_is_required_and_what_a_form_asks_for_is_not() {
    let field =
        |name: &str, rest: &str| format!("<fields><fullName>{name}__c</fullName>{rest}</fields>");
    let fields = [
        field("Plain", "<type>Text</type><required>false</required>"),
        field("Must", "<type>Text</type><required>true</required>"),
        field(
            "Filled",
            "<type>Text</type><required>true</required><defaultValue>\"x\"</defaultValue>",
        ),
        field(
            "Chosen",
            "<type>Picklist</type><required>true</required><valueSet><valueSetDefinition><value><fullName>A</fullName><default>true</default></value></valueSetDefinition></valueSet>",
        ),
        field(
            "Ticked",
            "<type>Checkbox</type><required>true</required><defaultValue>false</defaultValue>",
        ),
        field("Counted", "<type>AutoNumber</type><required>true</required>"),
        field("Formed", "<type>Text</type>"),
    ];
    let object = format!("<CustomObject>{}</CustomObject>", fields.concat());
    let layout = "<Layout><layoutSections><layoutColumns><layoutItems><behavior>Required</behavior>
        <field>Formed__c</field></layoutItems></layoutColumns></layoutSections></Layout>";
    let imported = take(&[
        ("objects/Line__c.object", &object),
        ("layouts/Line__c-Line Layout.layout", layout),
    ]);
    let line = &imported.policy.objects["Line__c"];
    let required = line.fields.iter().filter(|(_, field)| field.required);
    let required: Vec<&str> = required.map(|(id, _)| id.as_str()).collect();
    assert_eq!(required, ["Chosen__c", "Filled__c", "Must__c"]);
    let reason = |name: &str| {
        let found = rated(&imported, "field").into_iter().find(|loss| loss.name == name).unwrap();
        found.rating.reason().to_owned()
    };
    for name in ["Line__c.Chosen__c", "Line__c.Filled__c"] {
        assert!(reason(name).contains("its default is not taken"), "{}", reason(name));
    }
    assert_eq!(reason("Line__c.Must__c"), "");
}

#[test]
fn empty_login_hours_limit_nothing_and_a_profile_needs_no_header() {
    let profile = "<Profile><loginHours></loginHours></Profile>";
    let imported = take_rows(
        &[("profiles/Seller.profile", profile)],
        &[("User", "Id,Username,IsActive,Profile.Name\n005000000000001AAA,ann,true,Seller\n")],
    );
    let assignment = &imported.policy.assignments["profile/ann"];
    assert_eq!(assignment.hours, None);
    assert_eq!(only(&imported, "loginHours").rating, Rating::Exact);
    assert_eq!(imported.policy.sets["profile/Seller"].kind, SetKind::Profile);
}

#[test]
fn all_internal_users_may_be_empty_or_say_true() {
    for inner in ["<allInternalUsers/>", "<allInternalUsers>true</allInternalUsers>"] {
        let rules = format!(
            "<SharingRules><sharingOwnerRules><fullName>A</fullName><accessLevel>Read</accessLevel>
             <sharedTo>{inner}</sharedTo><sharedFrom>{inner}</sharedFrom></sharingOwnerRules></SharingRules>"
        );
        let imported = take(&[("sharingRules/Visit__c.sharingRules", &rules)]);
        let rule = &imported.policy.rules["Visit__c/owner/A"];
        assert!(rule.to.contains(&"internal".parse::<Principal>().unwrap()));
        assert_eq!(rule.to, rule.owned_by);
    }
}

#[test]
fn files_named_rule_are_told_apart_by_their_root() {
    let imported = take(&[
        (
            "restrictionRules/Open.rule-meta.xml",
            "<RestrictionRule><active>true</active><enforcementType>Restrict</enforcementType>
             <recordFilter>OwnerId = $User.Id</recordFilter><targetEntity>Visit__c</targetEntity>
             <userCriteria>$User.Department = 'Sales'</userCriteria></RestrictionRule>",
        ),
        (
            "fieldRestrictionRules/Home.rule-meta.xml",
            "<FieldRestrictionRule><active>true</active><classification>PII</classification>
             <classificationType>ComplianceGroup</classificationType><targetEntity>User</targetEntity>
             <userCriteria>$User.UserType = 'Standard'</userCriteria></FieldRestrictionRule>",
        ),
        (
            "objects/User/fields/Home__c.field-meta.xml",
            "<CustomField><fullName>Home__c</fullName><type>Text</type><complianceGroup>PII;GDPR</complianceGroup></CustomField>",
        ),
        ("moderation/Words.rule-meta.xml", "<KeywordRule/>"),
    ]);
    let open = &imported.policy.restrictions["Open"];
    assert_eq!(open.only.as_str(), "$record.owner = $user.id");
    assert!(open.exempt_all && open.fields.is_empty());
    assert_eq!(open.whose.as_ref().unwrap().as_str(), "$user.Department = \"Sales\"");
    let home = &imported.policy.restrictions["field/Home"];
    assert!(home.fields.iter().any(|field| field.as_str() == "Home__c"));
    assert_eq!(home.fields.len(), 1);
    assert!(matches!(only(&imported, "KeywordRule").rating, Rating::Ignored { .. }));
}

#[test]
fn an_empty_file_of_sharing_rules_is_valid() {
    let imported = take(&[("sharingRules/Visit__c.sharingRules", "<SharingRules/>")]);
    assert!(!imported.report.has_losses());
    assert!(imported.policy.rules.is_empty());
}

#[test]
fn tokens_of_a_namespace_are_replaced_in_names_and_contents() {
    let path = "sharingRules/___NAMESPACE___Visit__c.sharingRules";
    let text = "<SharingRules><sharingOwnerRules><fullName>A</fullName><accessLevel>Read</accessLevel>
        <sharedTo><group>%%%NAMESPACE%%%Team</group></sharedTo><sharedFrom><allInternalUsers/></sharedFrom>
        </sharingOwnerRules></SharingRules>";
    let plain = take(&[(path, text)]);
    assert!(plain.policy.rules.contains_key("Visit__c/owner/A"));
    assert!(plain.report.assumptions.iter().any(|what| what.contains("%%%NAMESPACE%%%")));
    let tokens = [("___NAMESPACE___", "acme__"), ("%%%NAMESPACE%%%", "acme__")]
        .map(|(a, b)| (a.into(), b.into()));
    let options = Options { tokens: tokens.into(), ..Options::default() };
    let named = import(&Files::from_iter([(path, text)]), None, &options).unwrap();
    let rule = &named.policy.rules["acme__Visit__c/owner/A"];
    assert!(rule.to.contains(&"group:acme__Team".parse::<Principal>().unwrap()));
}

#[test]
fn a_placeholder_without_a_value_loses_its_rule_with_a_reason() {
    let text = "<SharingRules><sharingOwnerRules><fullName>A</fullName><accessLevel>Read</accessLevel>
        <sharedTo><portalRole>${portalRoleName}</portalRole></sharedTo><sharedFrom><allInternalUsers/></sharedFrom>
        </sharingOwnerRules></SharingRules>";
    let imported = take(&[("sharingRules/Visit__c.sharingRules", text)]);
    let loss = only(&imported, "sharingOwnerRules");
    assert!(is_lost(loss) && loss.rating.reason().contains("placeholder"));
}

#[test]
fn rights_that_need_others_bring_them_and_say_so() {
    let imported = take(&[(DESK, &visit("<modifyAllRecords>true</modifyAllRecords>"))]);
    let given = &imported.policy.sets["Desk"].objects["Visit__c"];
    assert!(given.modify_all && given.view_all);
    for action in [Action::Read, Action::Edit, Action::Delete] {
        assert!(given.actions.contains_key(&action), "{action}");
    }
    let loss = only(&imported, "objectPermissions");
    assert!(loss.rating.reason().contains("normalised"), "{loss:?}");
}

#[test]
fn a_field_row_of_false_and_false_is_counted_and_grants_nothing() {
    let row = |field: &str, readable: bool, editable: bool| {
        format!(
            "<fieldPermissions><field>{field}</field><readable>{readable}</readable><editable>{editable}</editable></fieldPermissions>"
        )
    };
    let text =
        set(&[row("Visit__c.A__c", false, false), row("Visit__c.B__c", true, false)].concat());
    let imported = take(&[(DESK, &text)]);
    let fields = &imported.policy.sets["Desk"].fields["Visit__c"];
    assert_eq!(fields.len(), 1);
    assert_eq!(fields["B__c"], FieldAccess::READ);
    let tally = imported.report.counts["fieldPermissions"];
    assert_eq!((tally.exact, tally.no_op), (2, 1));
}

#[test]
fn hidden_of_old_versions_is_the_opposite_of_readable() {
    let text = "<Profile><fieldLevelSecurities><field>Visit__c.A__c</field><hidden>false</hidden><editable>false</editable></fieldLevelSecurities>
        <fieldLevelSecurities><field>Visit__c.B__c</field><hidden>true</hidden><editable>false</editable></fieldLevelSecurities></Profile>";
    let imported = take(&[("profiles/Old.profile", text)]);
    let fields = &imported.policy.sets["profile/Old"].fields["Visit__c"];
    assert_eq!(fields.len(), 1);
    assert_eq!(fields["A__c"], FieldAccess::READ);
}

#[test]
fn names_come_from_file_names_with_percents_decoded() {
    let label = "<PermissionSet><label>Something else</label></PermissionSet>";
    let imported =
        take(&[("profiles/Sales %28East%29 100%25.profile", "<Profile/>"), (DESK, label)]);
    assert!(imported.policy.sets.contains_key("profile/Sales (East) 100%"));
    assert_eq!(imported.policy.sets["Desk"].name, "Something else");
}

#[test]
fn the_profile_that_people_call_system_administrator_is_admin() {
    let imported = take_rows(
        &[("profiles/Admin.profile", "<Profile/>")],
        &[
            ("Profile", "Id,Name\n00e000000000001AAA,System Administrator\n"),
            (
                "User",
                "Id,Username,IsActive,ProfileId\n005000000000001AAA,ann,true,00e000000000001\n",
            ),
        ],
    );
    let assignment = &imported.policy.assignments["profile/ann"];
    assert_eq!(assignment.what.to_string(), "set:profile/Admin");
}

#[test]
fn a_group_without_rows_has_no_known_members_and_rows_give_it_some() {
    let group = [(
        "groups/Board.group",
        "<Group><name>Board</name><doesIncludeBosses>true</doesIncludeBosses></Group>",
    )];
    let bare = take(&group);
    assert!(only(&bare, "Group").rating.reason().contains("no known members"));
    let rows = take_rows(
        &group,
        &[
            ("User", "Id,Username,IsActive\n005000000000001AAA,ann,true\n"),
            ("Group", "Id,DeveloperName,Type\n00G000000000001EAA,Board,Regular\n"),
            ("GroupMember", "GroupId,UserOrGroupId\n00G000000000001,005000000000001\n"),
        ],
    );
    assert_eq!(only(&rows, "Group").rating, Rating::Exact);
    let board = &rows.policy.groups["Board"];
    assert!(board.include_superiors);
    assert!(board.members.contains(&"user:ann".parse::<Principal>().unwrap()));
}

#[test]
fn the_hierarchy_flag_is_assumed_on_and_listed() {
    let imported = take(&[
        (
            "objects/Visit__c.object",
            "<CustomObject><sharingModel>Private</sharingModel></CustomObject>",
        ),
        ("roles/CEO.role", "<Role><name>CEO</name></Role>"),
    ]);
    let visit = &imported.policy.objects["Visit__c"];
    assert_eq!(visit.baseline.internal, Baseline::Private);
    assert_eq!(visit.roll_ups.len(), 1);
    assert!(imported.report.assumptions.iter().any(|what| what.contains("role hierarchy")));
}

#[test]
fn muting_modify_all_leaves_view_all() {
    let text = "<MutingPermissionSet><objectPermissions><object>Visit__c</object><modifyAllRecords>true</modifyAllRecords></objectPermissions>
        <fieldPermissions><field>Visit__c.A__c</field><readable>false</readable><editable>true</editable></fieldPermissions></MutingPermissionSet>";
    let imported = take(&[("mutingpermissionsets/No.mutingpermissionset", text)]);
    let muting = &imported.policy.sets["muting/No"];
    let visit = &muting.objects["Visit__c"];
    assert!(!visit.modify_all && !visit.view_all && !visit.actions.contains_key(&Action::Read));
    assert!(visit.actions.contains_key(&Action::Edit));
    assert_eq!(muting.fields["Visit__c"]["A__c"], FieldAccess::ONLY_EDIT);
    assert_eq!(only(&imported, "objectPermissions").rating, Rating::Exact);
}

#[test]
fn creating_and_exporting_never_hand_a_wider_scope_to_reading() {
    let text = set("<objectPermissions><object>Visit__c</object><allowRead>true</allowRead><allowCreate>true</allowCreate></objectPermissions>
        <userPermissions><name>ExportReport</name><enabled>true</enabled></userPermissions>");
    let imported = take(&[(DESK, &text)]);
    let desk = &imported.policy.sets["Desk"];
    let engine = guan_engine::Engine::load(imported.policy.clone(), []).unwrap();
    let cells = engine.matrix_of_set(&"set:Desk".parse().unwrap()).unwrap();
    let value = |action: &str| {
        let cell = cells.iter().find(|cell| cell.object == "Visit__c" && cell.action == action);
        cell.unwrap().value.clone()
    };
    assert_eq!(value("create"), "all", "for any owner");
    assert_eq!(value("read"), "reachable");
    assert_eq!(value("export"), "reachable", "no further than reading");
    assert!(desk.any_object.as_ref().unwrap().actions.contains_key(&Action::Export));
}

#[test]
fn a_scoping_rule_is_left_out_and_a_restriction_that_cannot_be_taken_is_loud() {
    let rule = |kind: &str, filter: &str| {
        format!(
            "<RestrictionRule><active>true</active><enforcementType>{kind}</enforcementType>
             <recordFilter>{filter}</recordFilter><targetEntity>Visit__c</targetEntity></RestrictionRule>"
        )
    };
    let imported = take(&[
        ("restrictionRules/S.rule", &rule("Scoping", "OwnerId = $User.Id")),
        ("restrictionRules/R.rule", &rule("Restrict", "VLOOKUP(Name) = 'x'")),
    ]);
    assert!(imported.policy.restrictions.is_empty());
    let rated = rated(&imported, "RestrictionRule");
    assert!(rated.iter().any(|loss| matches!(loss.rating, Rating::Ignored { .. })));
    assert!(rated.iter().any(|loss| loss.widens && is_lost(loss)));
    assert!(imported.report.to_string().contains("WIDENS ACCESS"));
}
