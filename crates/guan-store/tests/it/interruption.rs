//! A process that is stopped at any numbered point leaves the state before or the state after, and never an open door by accident.

use guan_engine::model::Span;
use guan_store::{Faults, Happening, OffError, POINTS, Restored, restore};

use crate::policy::rename;
use crate::world::{World, caller, org, request, world};

fn at(point: &str) -> Faults {
    Faults::at(point, Happening::Stop)
}

fn points(prefix: &str) -> impl Iterator<Item = &'static str> + '_ {
    POINTS.iter().copied().filter(move |point| point.starts_with(prefix))
}

#[test]
fn a_write_that_is_stopped_is_whole_or_not_there() {
    for point in points("write.").chain(points("side.")) {
        let mut world = world();
        let rows = world.row_count();
        world.restart_with(at(point));
        let clock = world.clock.clone();
        world.store().write(&caller(), &clock, &rename("x", 2)).unwrap_err();
        world.restart();
        let revision = world.store().current_revision(&org()).unwrap();
        let committed = point.starts_with("side.");
        assert_eq!(
            (revision, world.row_count()),
            if committed { (3, rows + 1) } else { (2, rows) }
        );
        assert_eq!(world.store().incarnation().unwrap(), 1, "{point}");
        assert_eq!(world.store().safe_mode().unwrap(), None, "{point}");
        world.verify_all();
        world.write(&rename("y", revision));
    }
}

#[test]
fn an_opening_that_is_stopped_is_open_only_with_its_row() {
    for point in
        points("open.").chain(points("backup.")).chain(points("write.")).chain(points("side."))
    {
        let mut world = world();
        world.restart_with(at(point));
        let clock = world.clock.clone();
        let error = world.store().open_overlay(&caller(), &clock, &request()).unwrap_err();
        assert!(!matches!(error, OffError::Problems(_)), "{point}: {error}");
        world.restart();
        let open = world.store().overlay_rows(&org()).unwrap();
        let committed = point == "open.5" || point.starts_with("side.");
        assert_eq!(open.len(), usize::from(committed), "{point}");
        assert_eq!(world.is_relaxed(), committed, "{point}");
        for row in open {
            let stored = world.store().overlay(&org(), &row.id).unwrap();
            let backup = world.path().join("backups").join(&stored.sealed.backup);
            assert_eq!(guan_store::verify_backup(&backup).unwrap().digest, stored.sealed.manifest);
        }
        world.verify_all();
        // Nothing is in the way of the next one.
        world.open_window();
    }
}

#[test]
fn a_closing_that_is_stopped_is_closed_or_open_as_before() {
    for point in points("write.").chain(points("side.")) {
        let mut world = world();
        let opened = world.open_window();
        world.restart_with(at(point));
        let clock = world.clock.clone();
        world.store().close_overlay(&caller(), &clock, &org(), &opened.id, "").unwrap_err();
        world.restart();
        assert_eq!(world.is_relaxed(), point.starts_with("write."), "{point}");
        world.verify_all();
    }
}

#[test]
fn an_unfinished_backup_is_no_backup() {
    for point in points("backup.") {
        let mut world = world();
        world.restart_with(at(point));
        let clock = world.clock.clone();
        world.store().backup(&caller(), &clock, "x").unwrap_err();
        world.restart();
        let count = world.store().backups().unwrap().len();
        assert_eq!(count, usize::from(point == "backup.5"), "{point}");
        world.verify_all();
    }
}

fn put_back(world: &World, faults: &Faults) -> Result<Restored, guan_store::RestoreError> {
    let backups = std::fs::read_dir(world.path().join("backups")).unwrap();
    let oldest = backups.map(|entry| entry.unwrap().path()).min().unwrap();
    restore(&world.path(), &oldest, &caller(), &world.clock, "try", faults)
}

#[test]
fn a_restore_that_is_stopped_leaves_a_whole_database_and_no_window() {
    for point in points("restore.").chain(points("side.")) {
        let mut world = world();
        let clock = world.clock.clone();
        world.store().backup(&caller(), &clock, "x").unwrap();
        world.later(Span::seconds(1));
        world.write(&rename("later", 2));
        world.open_window();
        world.store = None;
        put_back(&world, &at(point)).unwrap_err();
        world.restart();
        let begun = !["restore.1", "restore.2", "side.1", "side.2"].contains(&point);
        assert_eq!(world.is_relaxed(), !begun, "{point}");
        assert_eq!(world.store().safe_mode().unwrap().is_some(), begun, "{point}");
        let replaced = ["restore.5", "restore.6"].contains(&point);
        let revision = world.store().current_revision(&org()).unwrap();
        assert_eq!(revision, if replaced { 2 } else { 3 }, "{point}");
        world.verify_all();
        world.store = None;
        put_back(&world, &Faults::default()).unwrap();
        world.restart();
        assert!(!world.is_relaxed());
        world.verify_all();
    }
}
