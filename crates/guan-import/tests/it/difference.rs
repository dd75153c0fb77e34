//! The difference of two imports, and the report in its three forms.

use crate::given::{set, take};
use guan_import::{ChangeKind, diff};

const DESK: &str = "permissionsets/Desk.permissionset";

#[test]
fn a_second_import_shows_what_changes_entity_by_entity() {
    let visit = |flag: &str| {
        set(&format!(
            "<objectPermissions><object>Visit__c</object><allowRead>true</allowRead><{flag}>true</{flag}></objectPermissions>"
        ))
    };
    let old = take(&[(DESK, &visit("allowRead2")), ("roles/Old.role", "<Role/>")]).policy;
    let new = take(&[(DESK, &visit("allowEdit")), ("roles/New.role", "<Role/>")]).policy;
    assert_eq!(diff(&old, &old).unwrap(), []);
    let lines: Vec<String> = diff(&old, &new).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "+ nodes `New`",
            "- nodes `Old`",
            "~ sets `Desk` objects.Visit__c.actions.assign: nothing → reachable",
            "~ sets `Desk` objects.Visit__c.actions.edit: nothing → reachable",
        ]
    );
    let back = diff(&new, &old).unwrap();
    assert_eq!(back.len(), lines.len());
    assert_eq!(back[0].kind, ChangeKind::Removed);
}

#[test]
fn the_report_is_readable_by_people_and_programs() {
    let imported = take(&[(
        DESK,
        &set(
            "<objectPermissions><object>V__c</object><allowEdit>true</allowEdit></objectPermissions><odd/>",
        ),
    )]);
    let report = &imported.report;
    assert_eq!(report.coverage(), (2, 3));
    let text = report.to_string();
    assert!(text.starts_with("coverage: 2 of 3 permission-bearing elements (66.6 %)"), "{text}");
    assert!(text.contains("not supported: odd `Desk.odd`"), "{text}");
    let json = report.to_json();
    assert_eq!(json["coverage"]["permission_bearing"], 3);
    assert_eq!(json["entries"].as_array().unwrap().len(), report.entries.len());
    let csv = report.to_csv();
    assert_eq!(csv.lines().count(), 1 + report.entries.len());
    assert!(csv.contains("approximated,false,objectPermissions,Desk.V__c,normalised:"), "{csv}");
}
