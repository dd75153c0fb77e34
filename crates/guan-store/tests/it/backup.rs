//! Backups: taken, checked, put back.

use guan_store::{Faults, restore};

use crate::world::{caller, org, world};

#[test]
fn a_backup_put_back_voids_every_window_and_keeps_the_log() {
    let mut world = world();
    let clock = world.clock.clone();
    let (backup, _) = world.store().backup(&caller(), &clock, "weekly").unwrap();
    world.open_window();
    let rows = world.row_count();
    world.store = None;
    let restored =
        restore(&world.path(), &backup.folder, &caller(), &clock, "try", &Faults::default())
            .unwrap();
    assert_eq!((restored.incarnation, restored.rows_kept), (2, 2));
    assert!(restored.replaced.is_some_and(|path| path.exists()));
    world.restart();
    assert!(!world.is_relaxed());
    assert_eq!(world.row_count(), rows + 1);
    assert!(world.store().safe_mode().unwrap().is_some());
    assert_eq!(world.store().current_revision(&org()).unwrap(), 2);
    world.verify_all();
}
