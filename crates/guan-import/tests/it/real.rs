//! Real projects, where the machine has them: no hard error, every loss rated.

use guan_import::{Files, salesforce};
use std::path::PathBuf;

/// The folder with real projects; none leaves these tests without a question.
pub(crate) fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("GUAN_SHARED_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: GUAN_SHARED_DATA is not set");
    }
    folder
}

#[test]
fn every_real_project_is_read_and_rated() {
    let Some(shared) = shared() else { return };
    for folder in ["prs-exemptions", "pmm", "sf-decomposer", "ebikes-lwc", "sdr-layouts"] {
        let files = Files::from_folder(&shared.join("salesforce").join(folder)).unwrap();
        let imported = salesforce::import(&files, None, &salesforce::Options::default()).unwrap();
        eprintln!("== {folder}: {} files", files.len());
        eprintln!("{}", imported.report);
        let (understood, bearing) = imported.report.coverage();
        assert!(bearing > 0 && understood <= bearing, "{folder}");
    }
}
