//! Importing: what is told before anything changes, and that nothing changes by halves.

use crate::world::{World, copy, examples};
use guan::Exit;
use std::fs;

fn metadata() -> String {
    examples().join("force-app").display().to_string()
}

#[test]
fn a_dry_run_reports_and_changes_nothing() {
    let mut world = World::empty();
    world.run("guan init").expect(Exit::Done);
    let line = format!("guan import salesforce {} --dry-run", metadata());
    let out = world.run(&line).expect(Exit::Losses);
    assert!(out.contains("coverage:"), "{out}");
    assert_eq!(world.run("guan user list --format csv").expect(Exit::Done).lines().count(), 2);
}

#[test]
fn a_dry_run_needs_no_installation_and_makes_none() {
    let mut world = World::empty();
    world.run(&format!("guan import salesforce {} --dry-run", metadata())).expect(Exit::Losses);
    assert!(!world.data().exists());
    let err = world.run(&format!("guan import salesforce {}", metadata())).complains(Exit::Failed);
    assert!(err.contains("guan init"), "{err}");
}

#[test]
fn a_second_import_shows_its_difference_and_asks() {
    let mut world = World::empty();
    world.run("guan init").expect(Exit::Done);
    let project = world.folder.path().join("project");
    copy(&examples().join("force-app"), &project);
    let line = format!("guan import salesforce {}", project.display());
    world.run(&line).expect(Exit::Losses);
    let again = world.run(&line);
    assert!(again.err.contains("nothing would change"), "{}", again.err);
    again.expect(Exit::Losses);
    let set = project.join("main/default/permissionsets/Audit_View_All.permissionset-meta.xml");
    fs::remove_file(set).unwrap();
    let ran = world.run(&line);
    assert!(ran.out.contains("- sets `Audit_View_All`"), "{}", ran.out);
    assert!(ran.complains(Exit::Usage).contains("--yes"));
    world.run("guan matrix --set Audit_View_All").expect(Exit::Done);
    world.run(&format!("{line} --yes")).expect(Exit::Losses);
    world.run("guan matrix --set Audit_View_All").complains(Exit::Usage);
}

#[test]
fn losses_are_told_as_json_and_csv_too() {
    let mut world = World::empty();
    world.run("guan init").expect(Exit::Done);
    let line = format!("guan import salesforce {} --dry-run --format", metadata());
    let json = world.run(&format!("{line} json")).expect(Exit::Losses);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(json["coverage"]["permission_bearing"].as_u64().unwrap() > 100);
    let csv = world.run(&format!("{line} csv")).expect(Exit::Losses);
    assert!(csv.starts_with("rating,widens,element,name,reason,file,line,count\n"));
}

#[test]
fn what_cannot_be_read_is_an_error_with_its_place() {
    let mut world = World::empty();
    world.run("guan init").expect(Exit::Done);
    let zip = world.folder.path().join("broken.zip");
    fs::write(&zip, b"PK\x03\x04 no zip").unwrap();
    let err =
        world.run(&format!("guan import salesforce {}", zip.display())).complains(Exit::Failed);
    assert!(err.contains("zip"), "{err}");
    let err = world.run("guan import salesforce no/such/folder").complains(Exit::Failed);
    assert!(err.contains("no/such/folder"), "{err}");
    let line = format!("guan import salesforce {} --token broken", metadata());
    assert!(world.run(&line).complains(Exit::Usage).contains("NAME=VALUE"));
}

#[test]
fn a_second_installation_in_one_folder_is_refused_and_a_second_organization_is_not() {
    let mut world = World::empty();
    world.run("guan init").expect(Exit::Done);
    assert!(world.run("guan init").complains(Exit::Usage).contains("already"));
    world.run("guan init --org berlin").expect(Exit::Done);
    assert!(world.run("guan user list").complains(Exit::Usage).contains("--org"));
    world.run("guan user list --org berlin").expect(Exit::Done);
    assert!(world.run("guan user list --org paris").complains(Exit::Usage).contains("berlin"));
}
