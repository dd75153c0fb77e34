//! Backups: taken, checked, put back, refused when damaged.

use std::fs;

use guan_store::{BackupError, Faults, RestoreError, Restored, restore, verify_backup};

use crate::policy::rename;
use crate::world::{World, caller, org, world};

fn put_back(world: &World, backup: &std::path::Path) -> Result<Restored, RestoreError> {
    restore(&world.path(), backup, &caller(), &world.clock, "try", &Faults::default())
}

fn taken(world: &mut World) -> guan_store::Backup {
    let clock = world.clock.clone();
    world.store().backup(&caller(), &clock, "weekly").unwrap().0
}

#[test]
fn a_backup_put_back_voids_every_window_and_keeps_the_log() {
    let mut world = world();
    let backup = taken(&mut world);
    world.write(&rename("later", 2));
    world.open_window();
    let rows = world.row_count();
    world.store = None;
    let restored = put_back(&world, &backup.folder).unwrap();
    // The record of the backup itself, the edit and the opening came after the snapshot.
    assert_eq!((restored.incarnation, restored.rows_kept, restored.rows_lost), (2, 3, None));
    assert!(restored.replaced.is_some_and(|path| world.is_on_server() || path.exists()));
    world.restart();
    assert!(!world.is_relaxed());
    assert_eq!(world.row_count(), rows + 1);
    assert_eq!(
        world.store().safe_mode().unwrap().unwrap().why,
        format!("backup `{}` was restored", backup.manifest.name)
    );
    assert_eq!(world.store().current_revision(&org()).unwrap(), 2);
    world.verify_all();
    // A number that was used is not used again for something else.
    assert_eq!(world.write(&rename("again", 2)).revision, Some(4));
}

#[test]
fn a_window_inside_a_backup_does_not_come_back_with_it() {
    let mut world = world();
    world.open_window();
    let backup = taken(&mut world);
    world.store = None;
    put_back(&world, &backup.folder).unwrap();
    world.restart();
    assert_eq!(world.store().overlay_rows(&org()).unwrap().len(), 1);
    assert!(!world.is_relaxed());
    let clock = world.clock.clone();
    let swept = world.store().sweep(&caller(), &clock).unwrap();
    assert_eq!(
        swept[0].closing.why,
        "safety: it was opened in another incarnation of this installation"
    );
}

#[test]
fn a_damaged_backup_is_refused_and_changes_nothing() {
    let mut world = world();
    let backup = taken(&mut world);
    world.store = None;
    let files = ["guan.db", "policy-1.jsonl", "manifest.json"];
    for name in files {
        let path = backup.folder.join(name);
        let good = fs::read(&path).unwrap();
        let mut bad = good.clone();
        let middle = bad.len() / 2;
        bad[middle] ^= 1;
        fs::write(&path, &bad).unwrap();
        let checked = verify_backup(&backup.folder);
        // A manifest may still be one after a change; then it is not the one that was recorded.
        assert!(checked.is_err() || checked.unwrap().digest != backup.digest, "{name}");
        if name != "manifest.json" {
            assert!(matches!(
                put_back(&world, &backup.folder),
                Err(RestoreError::Backup(BackupError::Damaged { .. }))
            ));
        }
        fs::write(&path, &good).unwrap();
        fs::remove_file(&path).unwrap();
        assert!(verify_backup(&backup.folder).is_err());
        fs::write(&path, good).unwrap();
    }
    world.restart();
    assert_eq!(world.store().incarnation().unwrap(), 1);
}

#[test]
fn an_installation_that_is_in_use_is_not_replaced() {
    let mut world = world();
    let backup = taken(&mut world);
    assert!(matches!(put_back(&world, &backup.folder), Err(RestoreError::InUse)));
}

#[test]
fn a_backup_of_another_installation_is_refused_and_an_empty_folder_takes_it() {
    let mut one = world();
    let backup = taken(&mut one);
    let mut two = world();
    two.store = None;
    assert!(matches!(put_back(&two, &backup.folder), Err(RestoreError::OtherInstallation { .. })));
    let empty = tempfile::TempDir::new().unwrap();
    let (faults, clock) = (Faults::default(), &two.clock);
    let restored =
        restore(empty.path(), &backup.folder, &caller(), clock, "moved", &faults).unwrap();
    assert_eq!(restored.replaced, None);
    let store = guan_store::Store::open(empty.path(), &caller(), clock).unwrap();
    assert_eq!(store.instance().unwrap(), backup.manifest.instance);
    assert_eq!(store.incarnation().unwrap(), 2);
    store.ledger_verify("acme").unwrap();
    store.ledger_verify("").unwrap();
}

#[test]
fn a_damaged_database_is_replaced_and_kept_beside() {
    let mut world = world();
    let backup = taken(&mut world);
    world.store = None;
    if world.is_on_server() {
        return;
    }
    let garbage = b"not a database any more".to_vec();
    fs::write(world.path().join("guan.db"), &garbage).unwrap();
    let restored = put_back(&world, &backup.folder).unwrap();
    assert_eq!(restored.rows_kept, 0);
    assert!(restored.rows_lost.unwrap().starts_with("the replaced database cannot be read"));
    assert_eq!(fs::read(restored.replaced.unwrap()).unwrap(), garbage);
    world.restart();
    assert_eq!(world.store().current_revision(&org()).unwrap(), 2);
    assert_eq!(world.store().incarnation().unwrap(), 2);
    world.verify_all();
}

#[test]
fn a_backup_that_fails_leaves_nothing_behind() {
    let mut world = world();
    world.tamper("UPDATE ledger SET leaf = zeroblob(32) WHERE org = 'acme' AND sequence = 0");
    let clock = world.clock.clone();
    assert!(world.store().backup(&caller(), &clock, "weekly").is_err());
    assert_eq!(fs::read_dir(world.path().join("backups")).unwrap().count(), 0);
}
