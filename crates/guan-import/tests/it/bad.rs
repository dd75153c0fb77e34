//! Bad input: a message with file and line, never a panic, never a silent hole.

use crate::given::{is_lost, only, rated, set, take, take_rows};
use guan_import::{Files, ImportError, Limits, Rating};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

const DESK: &str = "permissionsets/Desk.permissionset";

fn lost_file(text: &str) -> String {
    let imported = take(&[(DESK, text)]);
    let loss = only(&imported, "file");
    assert!(is_lost(loss) && loss.widens, "{loss:?}");
    assert!(imported.policy.sets.is_empty());
    assert_eq!(loss.file, DESK);
    format!("{}: {}", loss.line, loss.rating.reason())
}

#[test]
fn malformed_xml_is_a_loss_with_its_line() {
    assert!(lost_file("<PermissionSet>\n<label>a</lable>\n</PermissionSet>").starts_with("2: "));
    assert!(lost_file("<PermissionSet>\n<label>").contains("missing"));
    assert!(lost_file("just text").contains("text outside"));
    assert!(lost_file("<A/><B/>").contains("second root"));
    assert!(lost_file("<PermissionSet><label>&nbsp;</label></PermissionSet>").contains("nbsp"));
}

#[test]
fn a_doctype_and_entities_of_its_own_are_refused() {
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><PermissionSet><label>&b;</label></PermissionSet>";
    assert!(lost_file(bomb).contains("DOCTYPE"));
}

#[test]
fn a_million_elements_inside_one_another_are_refused() {
    let depth = 1_000_000;
    assert!(lost_file(&"<a>".repeat(depth)).contains("nested deeper"));
    let closed = format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(lost_file(&closed).contains("nested deeper"));
}

#[test]
fn a_million_parentheses_in_filters_and_formulas_are_refused() {
    let many = "(".repeat(1_000_000);
    let rules = format!(
        "<SharingRules><sharingCriteriaRules><fullName>A</fullName><accessLevel>Read</accessLevel>
         <booleanFilter>{many}1</booleanFilter><criteriaItems><field>Name</field><operation>equals</operation><value>x</value></criteriaItems>
         <sharedTo><allInternalUsers/></sharedTo></sharingCriteriaRules></SharingRules>"
    );
    let nots = "NOT ".repeat(1_000_000);
    let restriction = format!(
        "<RestrictionRule><active>true</active><targetEntity>Visit__c</targetEntity><recordFilter>{nots}{many}A__c = 1</recordFilter></RestrictionRule>"
    );
    let imported = take(&[
        ("sharingRules/Visit__c.sharingRules", &rules),
        ("restrictionRules/A.rule", &restriction),
    ]);
    assert!(only(&imported, "sharingCriteriaRules").rating.reason().contains("nested deeper"));
    assert!(only(&imported, "RestrictionRule").rating.reason().contains("nested deeper"));
}

#[test]
fn other_encodings_are_read_by_their_mark_or_refused_with_a_message() {
    let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><PermissionSet><label>销售</label></PermissionSet>";
    let mut utf16 = vec![0xFF, 0xFE];
    utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let taken = |bytes: Vec<u8>| {
        let files = Files::from_iter([(DESK, bytes)]);
        guan_import::salesforce::import(&files, None, &guan_import::salesforce::Options::default())
            .unwrap()
    };
    assert_eq!(taken(utf16.clone()).policy.sets["Desk"].name, "销售");
    utf16.pop();
    assert!(is_lost(only(&taken(utf16), "file")));
    // "销售" in GBK.
    let mut gbk = b"<PermissionSet>\n<label>".to_vec();
    gbk.extend([0xCF, 0xFA, 0xCA, 0xDB]);
    gbk.extend(b"</label></PermissionSet>");
    let imported = taken(gbk);
    let loss = only(&imported, "file");
    assert_eq!(loss.line, 2);
    assert!(loss.rating.reason().contains("save the file as UTF-8"));
    assert!(
        lost_file("<?xml version=\"1.0\" encoding=\"GB2312\"?><PermissionSet/>").contains("GB2312")
    );
}

fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_zip_that_climbs_out_is_refused() {
    for name in ["../evil.profile", "a/../../evil.profile", "/etc/evil", "..\\evil", "C:\\evil"] {
        let error = Files::from_zip(&zipped(&[(name, b"x")])).unwrap_err();
        assert!(matches!(error, ImportError::Refused { .. }), "{name}: {error}");
    }
}

#[test]
fn a_zip_bomb_is_refused_before_it_fills_the_memory() {
    let bomb = zipped(&[("big.profile", &vec![b' '; 8 << 20])]);
    assert!(bomb.len() < 1 << 20);
    let error = Files::from_zip(&bomb).unwrap_err();
    assert!(matches!(error, ImportError::TooLarge { .. }), "{error}");
    let limits = Limits { ratio_max: u64::MAX, total_bytes_max: 1 << 20, ..Limits::default() };
    let error = Files::from_zip_within(&bomb, limits).unwrap_err();
    assert!(matches!(error, ImportError::TooLarge { .. }), "{error}");
}

#[test]
fn zips_inside_zips_are_opened_and_not_without_end() {
    let profile = zipped(&[("profiles/A.profile", b"<Profile/>")]);
    let outer = zipped(&[("inner.zip", &profile)]);
    let files = Files::from_zip(&outer).unwrap();
    assert!(files.bytes("inner.zip/profiles/A.profile").is_some());
    let deep = (0..5).fold(profile, |inner, _| zipped(&[("inner.zip", &inner)]));
    let files = Files::from_zip(&deep).unwrap();
    assert!(files.is_empty());
    assert_eq!(files.skipped().count(), 1);
}

#[test]
fn bytes_that_are_no_zip_are_the_hard_error() {
    for bytes in [b"".as_slice(), b"PK", b"PK\x03\x04 and then nothing", &[0; 100]] {
        assert!(matches!(Files::from_zip(bytes).unwrap_err(), ImportError::BadZip { .. }));
    }
    let missing = Files::open(std::path::Path::new("no-such-folder")).unwrap_err();
    assert!(missing.to_string().contains("no-such-folder"));
}

#[test]
fn limits_on_files_and_folders_hold() {
    let many = zipped(&[("a", b"x"), ("b", b"x"), ("c", b"x")]);
    let limits = Limits { entries_max: 2, ..Limits::default() };
    assert!(matches!(Files::from_zip_within(&many, limits), Err(ImportError::TooLarge { .. })));
    let deep =
        zipped(&[(&"d/".repeat(60), b"".as_slice()), (&format!("{}x", "d/".repeat(60)), b"x")]);
    assert!(matches!(Files::from_zip(&deep), Err(ImportError::TooLarge { .. })));
}

#[test]
fn rows_of_another_width_and_open_quotes_are_losses_with_their_line() {
    let imported = take_rows(
        &[],
        &[(
            "User",
            "Id,Username,IsActive\n005A,ann,true\n005B,\"bo\nb\",true\n005C,cy\n005D,di,true,more\n",
        )],
    );
    let lost = rated(&imported, "User").into_iter().filter(|loss| is_lost(loss));
    let rows: Vec<u64> = lost.map(|loss| loss.line).collect();
    assert_eq!(rows, [5, 6]);
    assert_eq!(imported.policy.users.len(), 2);
    assert!(imported.policy.users.contains_key("bo b"), "a quoted line break ends no row");
    let imported = take_rows(&[], &[("User", "Id,Username\n005A,ann\n005B,\"bob\n005C,cy\n")]);
    let loss = only(&imported, "file");
    assert!(loss.line == 3 && is_lost(loss), "{loss:?}");
}

#[test]
fn a_header_may_have_a_mark_and_any_case_and_names_no_column_twice() {
    let imported = take_rows(&[], &[("User", "\u{feff}ID,USERNAME,ISACTIVE\n005A,ann,TRUE\n")]);
    assert!(imported.policy.users["ann"].active);
    let imported = take_rows(&[], &[("User", "Id,Username,id\n005A,ann,x\n")]);
    assert!(only(&imported, "file").rating.reason().contains("twice"));
}

#[test]
fn a_loop_of_roles_is_cut_and_reported() {
    let role =
        |parent: &str| format!("<Role><name>r</name><parentRole>{parent}</parentRole></Role>");
    let imported = take(&[
        ("roles/A.role", &role("B")),
        ("roles/B.role", &role("C")),
        ("roles/C.role", &role("A")),
    ]);
    assert!(imported.policy.nodes.values().all(|node| node.parent.is_none()));
    let loops = imported
        .report
        .entries
        .iter()
        .filter(|loss| loss.element == "Role" && loss.rating.reason().contains("loop"));
    assert!(loops.clone().count() == 3 && loops.clone().all(|loss| !loss.file.is_empty()));
    assert_eq!(imported.policy.validate(), []);
}

#[test]
fn a_loop_of_managers_and_of_groups_is_cut_and_reported() {
    let imported = take_rows(
        &[],
        &[
            (
                "User",
                "Id,Username,IsActive,ManagerId\n005A,ann,true,005B\n005B,bob,true,005A\n005C,cy,true,005C\n",
            ),
            ("Group", "Id,DeveloperName,Type\n00GA,One,Regular\n00GB,Two,Regular\n"),
            ("GroupMember", "GroupId,UserOrGroupId\n00GA,00GB\n00GB,00GA\n00GA,00GA\n"),
        ],
    );
    assert!(imported.policy.nodes.values().all(|node| node.parent.is_none()));
    assert_eq!(rated(&imported, "GroupMember").len(), 2);
    assert!(rated(&imported, "GroupMember").into_iter().all(is_lost));
}

#[test]
fn ids_that_stand_twice_keep_their_first_row() {
    let imported = take_rows(
        &[(
            "objects/Visit__c.object",
            "<CustomObject><sharingModel>Private</sharingModel></CustomObject>",
        )],
        &[
            ("User", "Id,Username,IsActive\n005A,ann,true\n005A,bob,true\n005B,ANN,true\n"),
            ("Visit__c", "Id,OwnerId,Name\na01,005A,first\na01,005A,second\n"),
        ],
    );
    assert_eq!(imported.policy.users.len(), 1);
    assert_eq!(rated(&imported, "User").into_iter().filter(|loss| is_lost(loss)).count(), 2);
    assert_eq!(imported.records.len(), 1);
    assert_eq!(imported.records[0].fields["Name"], "first".into());
    assert_eq!(only(&imported, "Visit__c").line, 3);
}

#[test]
fn a_set_that_names_unknown_objects_and_fields_makes_them_private_and_says_so() {
    let text = set("<objectPermissions><object>Nowhere__c</object><allowRead>true</allowRead></objectPermissions>
        <fieldPermissions><field>Nowhere__c.Odd__c</field><readable>true</readable></fieldPermissions>
        <fieldPermissions><field>NoPoint</field><readable>true</readable></fieldPermissions>");
    let imported = take(&[(DESK, &text)]);
    let nowhere = &imported.policy.objects["Nowhere__c"];
    assert!(nowhere.fields.contains_key("Odd__c"));
    let assumed = &imported.report.assumptions;
    assert!(assumed.iter().any(|what| what.contains("`Nowhere__c` has no file")));
    assert!(assumed.iter().any(|what| what.contains("1 field(s) of `Nowhere__c`")));
    assert!(rated(&imported, "fieldPermissions").into_iter().any(is_lost));
    assert_eq!(imported.policy.validate(), []);
}

#[test]
fn references_that_dangle_are_losses_with_their_line() {
    let imported = take_rows(
        &[
            (
                "objects/Account.object",
                "<CustomObject><sharingModel>Private</sharingModel></CustomObject>",
            ),
            (
                "objects/Contact.object",
                "<CustomObject><sharingModel>ControlledByParent</sharingModel></CustomObject>",
            ),
            (DESK, "<PermissionSet/>"),
        ],
        &[
            ("User", "Id,Username,IsActive\n005A,ann,true\n"),
            ("Account", "Id,OwnerId\n001A,005Z\n"),
            ("Contact", "Id,AccountId\n003A,001Z\n"),
            (
                "AccountShare",
                "AccountId,UserOrGroupId,AccountAccessLevel,RowCause\n001A,005Z,Read,Manual\n001Z,005A,Read,Manual\n001A,005A,Read,Owner\n",
            ),
            (
                "PermissionSetAssignment",
                "AssigneeId,PermissionSetId\n005Z,Desk\n005A,Nothing\n005A,Desk\n",
            ),
            ("Strange", "Id\n1\n"),
        ],
    );
    let at =
        |element: &str| rated(&imported, element).iter().map(|loss| loss.line).collect::<Vec<_>>();
    assert_eq!(at("Account"), [2]);
    assert_eq!(at("parent"), [2]);
    assert_eq!(at("AccountShare"), [2, 3]);
    assert_eq!(imported.report.counts["AccountShare"].ignored, 1);
    assert_eq!(at("PermissionSetAssignment"), [2, 3]);
    assert!(is_lost(only(&imported, "Strange")));
    assert!(imported.records[0].owners.is_empty());
}

#[test]
fn two_files_that_contradict_one_another_are_reported() {
    let model =
        |model: &str| format!("<CustomObject><sharingModel>{model}</sharingModel></CustomObject>");
    let imported = take(&[
        ("a/objects/Visit__c.object", &model("Private")),
        ("b/objects/Visit__c.object", &model("ReadWrite")),
    ]);
    let found = rated(&imported, "sharingModel");
    assert!(found.iter().any(|loss| loss.widens && is_lost(loss) && loss.file.starts_with("b/")));
}

#[test]
fn unknown_files_and_elements_are_listed() {
    let imported = take(&[
        ("lwc/tile.js", "export default 1"),
        ("layouts/A.layout-meta.xml", "<Layout/>"),
        (
            DESK,
            "<PermissionSet><newKindOfAccess/><classAccesses/><classAccesses><enabled>true</enabled></classAccesses></PermissionSet>",
        ),
    ]);
    assert!(matches!(only(&imported, "file").rating, Rating::Ignored { .. }));
    assert!(matches!(only(&imported, "Layout").rating, Rating::Ignored { .. }));
    assert_eq!(only(&imported, "classAccesses").count, 2);
    assert!(is_lost(only(&imported, "newKindOfAccess")));
    assert_eq!(imported.report.coverage(), (1, 2));
}
