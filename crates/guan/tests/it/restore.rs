//! Older copies of the database, by the right way and behind the program's back.

use crate::world::{World, copy};
use guan::Exit;
use std::fs;

const OFF: &str =
    "guan off --objects Account --for li.wei --length 1h --reason \"merge duplicates\" --yes";
const ASK: &str = "guan check --as li.wei read Account 0015g000000CaSIAA0";

/// Puts the database of a copy in the place of the present one, as a careless administrator would.
fn put_back(world: &World, copied: &std::path::Path) {
    for suffix in ["", "-wal", "-shm"] {
        let name = format!("guan.db{suffix}");
        let (from, to) = (copied.join(&name), world.data().join(&name));
        if from.exists() {
            fs::copy(from, to).unwrap();
        } else if to.exists() {
            fs::remove_file(to).unwrap();
        }
    }
}

#[test]
fn an_older_copy_of_the_database_does_not_bring_a_window_back() {
    let mut world = World::sample();
    world.run(OFF).expect(Exit::Done);
    world.run(ASK).expect(Exit::Done);
    let copied = tempfile::tempdir().unwrap();
    copy(&world.data(), copied.path());
    world.run("guan on").expect(Exit::Done);
    world.run(ASK).expect(Exit::Denied);
    put_back(&world, copied.path());
    world.run(ASK).expect(Exit::Denied);
    let status = world.run("guan status").expect(Exit::Done);
    assert!(status.contains("SAFE MODE"), "{status}");
    let err = world.run(OFF).complains(Exit::Failed);
    assert!(err.contains("safe mode"), "{err}");
    let out = world.run("guan doctor --acknowledge \"looked into it\"").expect(Exit::Done);
    assert!(out.contains("✓ safe mode"), "{out}");
    world.run(OFF).expect(Exit::Done);
    world.run(ASK).expect(Exit::Done);
}

#[test]
fn a_backup_that_is_restored_voids_every_window_and_keeps_the_ledger() {
    let mut world = World::sample();
    let out = world.run("guan backup --format json").expect(Exit::Done);
    let backup: serde_json::Value = serde_json::from_str(&out).unwrap();
    let name = backup["manifest"]["name"].as_str().unwrap().to_owned();
    world.run(OFF).expect(Exit::Done);
    let err = world.run(&format!("guan restore {name}")).complains(Exit::Usage);
    assert!(err.contains("--yes"), "{err}");
    let out = world.run(&format!("guan restore {name} --yes")).expect(Exit::Done);
    assert!(out.contains("later rows of the ledger were kept"), "{out}");
    world.run(ASK).expect(Exit::Denied);
    world.run("guan ledger verify").expect(Exit::Done);
    assert!(world.run("guan restore --list").expect(Exit::Done).contains("holds"));
}

#[test]
fn a_damaged_backup_is_not_restored() {
    let mut world = World::sample();
    let out = world.run("guan backup --format json").expect(Exit::Done);
    let backup: serde_json::Value = serde_json::from_str(&out).unwrap();
    let folder = backup["folder"].as_str().unwrap();
    fs::write(format!("{folder}/policy-1.jsonl"), "nothing").unwrap();
    let err = world.run(&format!("guan restore {folder} --yes")).complains(Exit::Failed);
    assert!(err.contains("policy-1.jsonl"), "{err}");
    world.run("guan restore --list").expect(Exit::Failed);
    world.run("guan doctor").expect(Exit::Failed);
}
