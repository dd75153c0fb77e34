//! Somebody edits rows by hand: it is found, in the database and in an exported file.

use crate::world::World;
use guan::Exit;
use rusqlite::Connection;
use std::fs;

const OFF: &str =
    "guan off --objects Account --for li.wei --length 1h --reason \"merge duplicates\" --yes";

/// Removes the triggers that refuse changes, then runs a statement.
fn tamper(world: &World, statement: &str) {
    let database = Connection::open(world.data().join("guan.db")).unwrap();
    let mut triggers =
        database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").unwrap();
    let names: Vec<String> =
        triggers.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    for name in names {
        database.execute_batch(&format!("DROP TRIGGER \"{name}\"")).unwrap();
    }
    assert!(database.execute(statement, []).unwrap() > 0);
}

#[test]
fn an_edited_row_is_found_and_named() {
    let mut world = World::sample();
    world.run("guan ledger verify").expect(Exit::Done);
    tamper(
        &world,
        "UPDATE ledger SET bytes = CAST(replace(CAST(bytes AS TEXT), 'import', 'IMPORT') AS BLOB) WHERE org = 'main' AND sequence = 1",
    );
    let err = world.run("guan ledger verify").complains(Exit::Failed);
    assert!(err.contains("`main`") && err.contains('1'), "{err}");
    world.run("guan doctor").expect(Exit::Failed);
}

#[test]
fn a_removed_end_is_found() {
    let mut world = World::sample();
    world.run(OFF).expect(Exit::Done);
    world.run("guan on").expect(Exit::Done);
    tamper(
        &world,
        "DELETE FROM ledger WHERE org = 'main' AND sequence = (SELECT max(sequence) FROM ledger WHERE org = 'main')",
    );
    world.run("guan check --as li.wei read Account 0015g000000CaSIAA0").expect(Exit::Denied);
    let status = world.run("guan status").expect(Exit::Done);
    assert!(status.contains("SAFE MODE"), "{status}");
}

#[test]
fn a_window_that_is_lengthened_by_hand_does_not_act() {
    let mut world = World::sample();
    world.run(OFF).expect(Exit::Done);
    let ask = "guan check --as li.wei read Account 0015g000000CaSIAA0";
    world.run(ask).expect(Exit::Done);
    tamper(&world, "UPDATE overlay SET sealed = replace(sealed, 'merge', 'MERGE')");
    world.run(ask).expect(Exit::Denied);
}

#[test]
fn an_exported_log_verifies_without_the_installation_until_it_is_edited() {
    let mut world = World::sample();
    let file = world.folder.path().join("log.jsonl");
    world.run(&format!("guan ledger export --to {}", file.display())).expect(Exit::Done);
    fs::remove_dir_all(world.data()).unwrap();
    let verify = format!("guan ledger verify --file {}", file.display());
    let out = world.run(&verify).expect(Exit::Done);
    assert!(out.contains("import applied ×2"), "{out}");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replacen("import", "export", 1)).unwrap();
    let err = world.run(&verify).complains(Exit::Failed);
    assert!(err.contains("does not hold"), "{err}");
    fs::write(&file, text.lines().take(2).collect::<Vec<_>>().join("\n")).unwrap();
    world.run(&verify).complains(Exit::Failed);
}

#[test]
fn an_export_does_not_overwrite() {
    let mut world = World::sample();
    let file = world.folder.path().join("log.jsonl");
    fs::write(&file, "mine").unwrap();
    world.run(&format!("guan ledger export --to {}", file.display())).complains(Exit::Usage);
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    let out = world.run("guan ledger export").expect(Exit::Done);
    assert!(out.starts_with('{'), "{out}");
}
