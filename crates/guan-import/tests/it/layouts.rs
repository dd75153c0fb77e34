//! One set of permissions in three layouts is one policy.

use crate::real::shared;
use guan_engine::model::Policy;
use guan_import::{Files, salesforce};

fn policy(files: &Files) -> Policy {
    salesforce::import(files, None, &salesforce::Options::default()).unwrap().policy
}

fn json(policy: &Policy) -> String {
    serde_json::to_string_pretty(policy).unwrap()
}

#[test]
fn real_projects_in_three_layouts_give_one_policy() {
    let Some(shared) = shared() else { return };
    let samples = shared.join("salesforce/sdr-layouts/test/snapshot/sampleProjects");
    for preset in ["preset-PermSet", "preset-decomposedPS2", "preset-sharingRules"] {
        let files = Files::from_folder(&samples.join(preset)).unwrap();
        let mdapi = json(&policy(&files.within("originalMdapi")));
        let again = json(&policy(&files.within("__snapshots__/verify-md-files.expected")));
        let pieces = json(&policy(&files.within("__snapshots__/verify-source-files.expected")));
        assert_eq!(mdapi, again, "{preset}: mdapi before and after");
        assert_eq!(mdapi, pieces, "{preset}: mdapi and pieces");
        assert!(mdapi.len() > 500, "{preset} holds something");
    }
}

fn whole() -> Files {
    Files::from_iter([
        (
            "src/permissionsets/Desk.permissionset",
            "<?xml version=\"1.0\"?><PermissionSet xmlns=\"http://soap.sforce.com/2006/04/metadata\">
             <label>Desk 服务台</label>
             <objectPermissions><object>Visit__c</object><allowRead>true</allowRead><allowEdit>true</allowEdit></objectPermissions>
             <fieldPermissions><field>Visit__c.Cost__c</field><readable>true</readable><editable>false</editable></fieldPermissions>
             <userPermissions><name>ExportReport</name><enabled>true</enabled></userPermissions>
             </PermissionSet>",
        ),
        (
            "src/objects/Visit__c.object",
            "<CustomObject><label>Visit</label><sharingModel>Private</sharingModel>
             <fields><fullName>Cost__c</fullName><type>Currency</type></fields></CustomObject>",
        ),
        (
            "src/sharingRules/Visit__c.sharingRules",
            "<SharingRules><sharingCriteriaRules><fullName>Dear</fullName><accessLevel>Read</accessLevel>
             <criteriaItems><field>Cost__c</field><operation>greaterThan</operation><value>100</value></criteriaItems>
             <sharedTo><allInternalUsers/></sharedTo></sharingCriteriaRules></SharingRules>",
        ),
    ])
}

fn pieces() -> Files {
    let base = "force-app/main/default";
    Files::from_iter([
        (
            format!("{base}/permissionsets/Desk/Desk.permissionset-meta.xml"),
            "<PermissionSet><label>Desk 服务台</label></PermissionSet>",
        ),
        (
            format!("{base}/permissionsets/Desk/objectPermissions/Visit__c.objectPermission-meta.xml"),
            "<ObjectPermission><allowEdit>true</allowEdit><allowRead>true</allowRead><object>Visit__c</object></ObjectPermission>",
        ),
        (
            format!("{base}/permissionsets/Desk/fieldPermissions/Visit__c.Cost__c.fieldPermission-meta.xml"),
            "<FieldPermission><editable>false</editable><field>Visit__c.Cost__c</field><readable>true</readable></FieldPermission>",
        ),
        (
            format!("{base}/permissionsets/Desk/Desk.userPermission-meta.xml"),
            "<PermissionSet><userPermissions><enabled>true</enabled><name>ExportReport</name></userPermissions></PermissionSet>",
        ),
        (
            format!("{base}/objects/Visit__c/Visit__c.object-meta.xml"),
            "<CustomObject><label>Visit</label><sharingModel>Private</sharingModel></CustomObject>",
        ),
        (
            format!("{base}/objects/Visit__c/fields/Cost__c.field-meta.xml"),
            "<CustomField><fullName>Cost__c</fullName><type>Currency</type></CustomField>",
        ),
        (
            format!("{base}/sharingRules/Visit__c/Visit__c.sharingRules-meta.xml"),
            "<SharingRules></SharingRules>",
        ),
        (
            format!("{base}/sharingRules/Visit__c/sharingCriteriaRules/Dear.sharingCriteriaRule-meta.xml"),
            "<SharingCriteriaRule><fullName>Dear</fullName><accessLevel>Read</accessLevel><sharedTo><allInternalUsers/></sharedTo>
             <criteriaItems><field>Cost__c</field><operation>greaterThan</operation><value>100</value></criteriaItems></SharingCriteriaRule>",
        ),
    ])
}

fn source() -> Files {
    let settings = "<PermissionSet><objectPermissions><object>Visit__c</object><allowRead>true</allowRead><allowEdit>true</allowEdit></objectPermissions>
         <fieldPermissions><field>Visit__c.Cost__c</field><readable>true</readable><editable>false</editable></fieldPermissions></PermissionSet>";
    pieces()
        .iter()
        .filter(|(path, _)| !path.contains("Permissions/"))
        .map(|(path, bytes)| (path.to_owned(), bytes.to_vec()))
        .chain([(
            "force-app/main/default/permissionsets/Desk/objectSettings/Visit__c.objectSettings-meta.xml"
                .to_owned(),
            settings.as_bytes().to_vec(),
        )])
        .collect()
}

#[test]
fn whole_files_pieces_and_object_settings_give_one_policy() {
    let whole = policy(&whole());
    assert_eq!(json(&whole), json(&policy(&pieces())));
    assert_eq!(json(&whole), json(&policy(&source())));
    assert_eq!(whole.rules.len(), 1);
    assert_eq!(whole.sets.len(), 1);
}

#[test]
fn a_zip_and_a_folder_give_one_policy() {
    let folder = tempfile::tempdir().unwrap();
    let mut zipped = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (path, bytes) in whole().iter() {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
        zipped.start_file(path, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zipped, bytes).unwrap();
    }
    let bytes = zipped.finish().unwrap().into_inner();
    let from_folder = Files::from_folder(folder.path()).unwrap();
    let from_zip = Files::from_zip(&bytes).unwrap();
    assert_eq!(from_folder, from_zip);
    assert_eq!(json(&policy(&from_folder)), json(&policy(&whole())));
}

#[test]
fn two_imports_of_the_same_files_are_equal() {
    let first = salesforce::import(&whole(), None, &salesforce::Options::default()).unwrap();
    let second = salesforce::import(&whole(), None, &salesforce::Options::default()).unwrap();
    assert_eq!(first, second);
}
