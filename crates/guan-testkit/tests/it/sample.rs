//! The sample organization: stable, well formed, complete in itself, and telling the story it promises.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use guan_testkit::sample::{SEED, generate, story};
use quick_xml::Reader;
use quick_xml::events::Event;

type Row = BTreeMap<String, String>;

fn files() -> BTreeMap<String, Vec<u8>> {
    generate(SEED)
}

fn rows(files: &BTreeMap<String, Vec<u8>>, object: &str) -> Vec<Row> {
    let bytes = &files[&format!("rows/{object}.csv")];
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

fn text(files: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    let bytes = files[&format!("force-app/main/default/{path}-meta.xml")].clone();
    String::from_utf8(bytes).unwrap()
}

fn kept_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            kept_files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The texts of the elements that are named `element` and have no children.
fn texts_of(bytes: &[u8], element: &str) -> Vec<String> {
    let mut reader = Reader::from_reader(bytes);
    let mut buffer = Vec::new();
    let mut found = Vec::new();
    let mut inside = None;
    loop {
        match reader.read_event_into(&mut buffer).unwrap() {
            Event::Start(start) => {
                inside = (start.name().as_ref() == element).then(String::new);
            }
            Event::Text(text) => {
                if let Some(inside) = &mut inside {
                    inside.push_str(&text);
                }
            }
            Event::End(_) => found.extend(inside.take()),
            Event::Eof => return found,
            _ => {}
        }
        buffer.clear();
    }
}

#[test]
fn the_kept_folder_is_what_the_generator_writes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/lanhai");
    let mut kept = Vec::new();
    kept_files(&folder, &mut kept);
    let generated = files();
    let names: BTreeSet<String> = kept
        .iter()
        .map(|path| {
            let path = path.strip_prefix(&folder).unwrap();
            path.to_str().unwrap().replace('\\', "/")
        })
        .collect();
    assert_eq!(names, generated.keys().cloned().collect());
    for (path, bytes) in &generated {
        let is_same = &fs::read(folder.join(path)).unwrap() == bytes;
        assert!(
            is_same,
            "`{path}` differs; run `cargo run -p guan-testkit --example write-sample`"
        );
    }
}

#[test]
fn another_seed_changes_the_crowd_but_not_the_people() {
    let (one, other) = (files(), generate(SEED + 1));
    assert_ne!(one["rows/Account.csv"], other["rows/Account.csv"]);
    assert_eq!(one["rows/User.csv"], other["rows/User.csv"]);
    assert_eq!(one["README.md"], other["README.md"]);
    let first = |files| rows(files, "Account")[0]["Name"].clone();
    assert_eq!(first(&one), first(&other));
}

#[test]
fn every_metadata_file_is_well_formed() {
    for (path, bytes) in files() {
        if !path.starts_with("force-app/") {
            continue;
        }
        let mut reader = Reader::from_reader(bytes.as_slice());
        let mut buffer = Vec::new();
        let mut depth = 0_i32;
        loop {
            match reader.read_event_into(&mut buffer) {
                Ok(Event::Start(_)) => depth += 1,
                Ok(Event::End(_)) => depth -= 1,
                Ok(Event::Eof) => break,
                Ok(_) => {}
                Err(error) => panic!("`{path}`: {error}"),
            }
            buffer.clear();
        }
        assert_eq!(depth, 0, "`{path}`");
    }
}

#[test]
fn columns_have_the_names_the_vendor_uses() {
    let expected = [
        (
            "User",
            "Id,Username,LastName,FirstName,Name,CommunityNickname,Email,IsActive,UserType,ProfileId,UserRoleId,ManagerId,Department,City,ContactId,AccountId,EmployeeNumber,TimeZoneSidKey,LanguageLocaleKey",
        ),
        (
            "UserRole",
            "Id,Name,DeveloperName,ParentRoleId,OpportunityAccessForAccountOwner,CaseAccessForAccountOwner,ContactAccessForAccountOwner,PortalType",
        ),
        ("Profile", "Id,Name"),
        ("PermissionSet", "Id,Name,Label,IsOwnedByProfile,HasActivationRequired"),
        ("PermissionSetGroup", "Id,DeveloperName,MasterLabel,Status"),
        (
            "PermissionSetAssignment",
            "Id,AssigneeId,PermissionSetId,PermissionSetGroupId,ExpirationDate,IsActive,IsRevoked",
        ),
        ("Group", "Id,Name,DeveloperName,Type,RelatedId,DoesIncludeBosses"),
        ("GroupMember", "Id,GroupId,UserOrGroupId"),
        (
            "Account",
            "Id,Name,OwnerId,Phone,Website,Industry,AnnualRevenue,City__c,Country__c,Region__c,Tier__c,Strategic__c,Public_Reference__c,Credit_Limit__c,Bank_Account__c",
        ),
        (
            "Contact",
            "Id,AccountId,OwnerId,LastName,FirstName,Title,Phone,MobilePhone,Email,ID_Number__c",
        ),
        ("Opportunity", "Id,AccountId,OwnerId,Name,StageName,Amount,CloseDate,Discount__c,Cost__c"),
        ("Lead", "Id,OwnerId,LastName,FirstName,Company,Status,LeadSource,Region__c,Phone,Email"),
        ("Case", "Id,AccountId,OwnerId,Subject,Status,Priority,Serial_Number__c"),
        (
            "Contract_Review__c",
            "Id,Name,OwnerId,Account__c,Opportunity__c,Stage__c,Amount__c,Confidential__c,Legal_Opinion__c",
        ),
        (
            "AccountShare",
            "Id,AccountId,UserOrGroupId,AccountAccessLevel,OpportunityAccessLevel,CaseAccessLevel,ContactAccessLevel,RowCause",
        ),
        (
            "AccountTeamMember",
            "Id,AccountId,UserId,TeamMemberRole,AccountAccessLevel,OpportunityAccessLevel,CaseAccessLevel,ContactAccessLevel",
        ),
        ("OpportunityTeamMember", "Id,OpportunityId,UserId,TeamMemberRole,OpportunityAccessLevel"),
        ("OpportunityShare", "Id,OpportunityId,UserOrGroupId,OpportunityAccessLevel,RowCause"),
        ("Contract_Review__Share", "Id,ParentId,UserOrGroupId,AccessLevel,RowCause"),
        ("Territory2Model", "Id,DeveloperName,Name,State"),
        (
            "Territory2",
            "Id,DeveloperName,Name,ParentTerritory2Id,Territory2ModelId,AccountAccessLevel,ContactAccessLevel,OpportunityAccessLevel,CaseAccessLevel",
        ),
        ("UserTerritory2Association", "Id,UserId,Territory2Id,IsActive,RoleInTerritory2"),
        ("ObjectTerritory2Association", "Id,ObjectId,Territory2Id,AssociationCause,SobjectType"),
    ];
    let files = files();
    let tables = files.keys().filter(|path| path.starts_with("rows/"));
    assert_eq!(tables.count(), expected.len());
    for (object, columns) in expected {
        let bytes = &files[&format!("rows/{object}.csv")];
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let header: Vec<&str> = columns.split(',').collect();
        assert_eq!(reader.headers().unwrap(), header, "{object}");
        assert!(reader.records().all(|record| record.is_ok()), "{object}");
    }
}

#[test]
fn ids_are_unique_and_every_reference_has_its_row() {
    let files = files();
    let mut ids = BTreeSet::new();
    let mut references = Vec::new();
    for path in files.keys().filter(|path| path.starts_with("rows/")) {
        let object = path.trim_start_matches("rows/").trim_end_matches(".csv");
        for row in rows(&files, object) {
            for (column, value) in row {
                let is_reference = (column.ends_with("Id") && column != "Id")
                    || ["Account__c", "Opportunity__c"].contains(&column.as_str());
                if column == "Id" {
                    assert_eq!(value.len(), 18, "{path} {value}");
                    assert!(ids.insert(value.clone()), "{path} repeats {value}");
                } else if is_reference && !value.is_empty() {
                    references.push((path.clone(), column, value));
                }
            }
        }
    }
    for (path, column, value) in references {
        assert!(ids.contains(&value), "{path} {column} {value}");
    }
}

#[test]
fn metadata_names_only_roles_groups_queues_profiles_and_sets_that_exist() {
    let files = files();
    let names = |folder: &str| -> BTreeSet<String> {
        files
            .keys()
            .filter_map(|path| path.strip_prefix("force-app/main/default/")?.strip_prefix(folder))
            .filter_map(|name| Some(name.split_once('.')?.0.to_owned()))
            .collect()
    };
    let known = [
        (
            &["role", "parentRole", "roleAndSubordinates", "roleAndSubordinatesInternal"][..],
            names("roles/"),
        ),
        (&["group", "publicGroup"][..], names("groups/")),
        (&["queue"][..], names("queues/")),
        (&["profiles"][..], names("profiles/")),
        (&["permissionSets"][..], names("permissionsets/")),
        (&["mutingPermissionSets"][..], names("mutingpermissionsets/")),
        (&["territory", "parentTerritory"][..], names("territory2Models/Lanhai_2026/territories/")),
        (&["ruleName"][..], names("territory2Models/Lanhai_2026/rules/")),
    ];
    for (path, bytes) in &files {
        if !path.starts_with("force-app/") {
            continue;
        }
        for (elements, names) in &known {
            for element in *elements {
                for text in texts_of(bytes, element) {
                    assert!(names.contains(&text), "{path}: {element} {text}");
                }
            }
        }
    }
}

#[test]
fn the_company_has_the_size_it_claims() {
    let files = files();
    assert_eq!(rows(&files, "User").len(), 60);
    assert_eq!(rows(&files, "Account").len(), 2_000);
    assert_eq!(rows(&files, "UserRole").len(), 14);
    assert_eq!(rows(&files, "PermissionSet").len(), 10);
    let rules: usize = files
        .iter()
        .filter(|(path, _)| path.contains("/sharingRules/"))
        .map(|(_, bytes)| texts_of(bytes, "fullName").len())
        .sum();
    assert_eq!(rules, 15);
    let size: usize = files.values().map(Vec::len).sum();
    assert!(size < 2_500_000, "{size} bytes");
}

#[test]
fn telephone_numbers_and_domains_belong_to_nobody() {
    let files = files();
    for (object, columns) in [
        ("Account", &["Phone"][..]),
        ("Contact", &["Phone", "MobilePhone"][..]),
        ("Lead", &["Phone"][..]),
    ] {
        for row in rows(&files, object) {
            for column in columns {
                let number = &row[*column];
                let blocks = ["+86 100 0000 ", "+44 20 7946 0", "+1-202-555-01"];
                assert!(blocks.iter().any(|block| number.starts_with(block)), "{number}");
            }
        }
    }
    for object in ["User", "Contact", "Lead"] {
        for row in rows(&files, object) {
            assert!(row["Email"].ends_with(".example"), "{}", row["Email"]);
        }
    }
}

#[test]
fn the_story_holds_in_the_files() {
    let files = files();
    let users: BTreeMap<String, Row> =
        rows(&files, "User").into_iter().map(|row| (row["Username"].clone(), row)).collect();
    let by_id = |object: &str, id: &str| -> Row {
        let mut all = rows(&files, object).into_iter();
        all.find(|row| row["Id"] == id).unwrap()
    };
    let account = |id| by_id("Account", id);
    let id_of = |user: &str| users[user]["Id"].clone();

    assert_eq!(account(story::SHENZHEN_ACCOUNT)["OwnerId"], id_of(story::LI_WEI));
    assert_eq!(account(story::MUNICH_ACCOUNT)["OwnerId"], id_of(story::ANNA_BAUER));
    assert_eq!(users[story::LI_WEI]["ManagerId"], id_of(story::WANG_FANG));
    assert_eq!(users[story::HE_LIN]["IsActive"], "false");
    assert_eq!(account(story::ORPHANED_ACCOUNT)["OwnerId"], id_of(story::HE_LIN));
    assert_eq!(account(story::STRATEGIC_ACCOUNT)["Strategic__c"], "true");
    assert_eq!(account(story::SHENZHEN_ACCOUNT)["Strategic__c"], "false");
    assert_eq!(account(story::BOARD_ACCOUNT)["Tier__c"], "A");
    assert_eq!(account(story::REFERENCE_ACCOUNT)["Public_Reference__c"], "true");
    assert_eq!(users[story::LIU_YAN]["AccountId"], story::PORTAL_ACCOUNT);
    assert_eq!(users[story::LIU_YAN]["ContactId"], story::PORTAL_CONTACT);
    assert_eq!(by_id("Contact", story::PORTAL_CONTACT)["AccountId"], story::PORTAL_ACCOUNT);

    let colleague = by_id("Opportunity", story::COLLEAGUE_OPPORTUNITY);
    assert_eq!(colleague["OwnerId"], id_of(story::CHEN_JIE));
    assert_eq!(colleague["AccountId"], story::SHENZHEN_ACCOUNT);

    for (review, confidential) in
        [(story::OPEN_REVIEW, "false"), (story::CONFIDENTIAL_REVIEW, "true")]
    {
        let row = by_id("Contract_Review__c", review);
        assert_eq!(row["Confidential__c"], confidential);
        assert_eq!(row["Stage__c"], "Finance Review");
    }
    assert!(by_id("Lead", story::QUEUE_LEAD)["OwnerId"].starts_with("00G"));

    let export_ends: Vec<String> = rows(&files, "PermissionSetAssignment")
        .into_iter()
        .filter(|row| row["AssigneeId"] == id_of(story::WANG_FANG))
        .map(|row| row["ExpirationDate"].clone())
        .collect();
    assert_eq!(export_ends, ["", "2026-03-31T16:00:00.000Z"]);

    let shares: Vec<(String, String)> = rows(&files, "AccountShare")
        .into_iter()
        .filter(|row| row["UserOrGroupId"] == id_of(story::LI_WEI))
        .map(|row| (row["AccountId"].clone(), row["RowCause"].clone()))
        .collect();
    for (account, cause) in [(story::MANUAL_SHARE_ACCOUNT, "Manual"), (story::TEAM_ACCOUNT, "Team")]
    {
        assert!(shares.contains(&(account.to_owned(), cause.to_owned())), "{account}");
    }
    assert!(!shares.iter().any(|(account, _)| account == story::MUNICH_ACCOUNT));
}

#[test]
fn sales_sees_no_credit_limit_and_the_muting_set_takes_export_away() {
    let files = files();
    let profile = text(&files, "profiles/Lanhai Sales.profile");
    let closed = "<editable>false</editable>\n        <field>Account.Credit_Limit__c</field>\n        \
                  <readable>false</readable>";
    assert!(profile.contains(closed));
    let mute = text(&files, "mutingpermissionsets/Sales_Kit_No_Export.mutingpermissionset");
    assert!(mute.contains("<name>ExportReport</name>"));
    let approver = text(&files, "permissionsets/Contract_Approver.permissionset");
    assert!(approver.contains("<hasActivationRequired>true</hasActivationRequired>"));
    let service = text(&files, "profiles/Lanhai Service.profile");
    assert!(service.contains("<startAddress>192.0.2.0</startAddress>"));
    assert!(service.contains("<thursdayStart>420</thursdayStart>"));
}
