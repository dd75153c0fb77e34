//! The sample organization of the project: nothing of it may be lost without a reason.

use guan_import::{Files, salesforce};
use std::path::Path;

#[test]
fn the_sample_organization_is_taken_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/lanhai");
    let files = Files::from_folder(&folder.join("force-app")).unwrap();
    let rows = Files::from_folder(&folder.join("rows")).unwrap();
    let options = salesforce::Options { utc_offset_minutes: 480, ..Default::default() };
    let imported = salesforce::import(&files, Some(&rows), &options).unwrap();
    eprintln!("{}", imported.report);
    let (understood, bearing) = imported.report.coverage();
    assert_eq!(understood, bearing, "nothing is left behind");
    let policy = &imported.policy;
    assert_eq!(policy.validate(), []);
    assert_eq!(policy.users.len(), 60);
    assert_eq!(policy.rules.len(), 15 + 2, "the rules and the mappings of the sharing set");
    let losses = imported.report.losses();
    assert!(losses.iter().all(|loss| !loss.widens), "{losses:#?}");
    let accounts =
        imported.records.iter().filter(|record| record.object.as_str() == "Account").count();
    assert_eq!(accounts, 2000);
}
