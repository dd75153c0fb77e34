//! The reference answers the case corpus as it expects.

use guan_testkit::case::{check, load_dir};
use guan_testkit::reference::Reference;
use std::path::Path;

#[test]
fn the_reference_answers_every_case_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases");
    let mut mismatches = Vec::new();
    for file in load_dir(&folder).unwrap() {
        let reference = Reference::new(&file.policy, &file.records);
        mismatches.extend(check(&reference, &file).iter().map(ToString::to_string));
    }
    assert!(mismatches.is_empty(), "{}", mismatches.join("\n"));
}
