//! The installation folder: what is found at opening, and what a copy of the database cannot bring back.

use std::fs;

use guan_engine::model::Span;
use guan_store::{
    Access, Change, ClockReading, OpenError, Options, StorageError, Store, WriteError,
};

use crate::policy::rename;
use crate::world::{START, World, caller, empty, org, request, world};

fn open(world: &World) -> Result<Store, OpenError> {
    Store::open(world.path(), &caller(), &world.clock)
}

/// The database is put back as it was before something was written.
fn put_back_an_older_copy(world: &mut World, after: impl FnOnce(&mut World)) {
    world.store = None;
    let (database, older) = (world.path().join("guan.db"), world.path().join("older"));
    fs::copy(&database, &older).unwrap();
    world.restart();
    after(world);
    world.store = None;
    fs::rename(older, database).unwrap();
}

#[test]
fn an_older_database_is_found_recorded_and_opens_no_window() {
    let mut world = world();
    world.open_window();
    put_back_an_older_copy(&mut world, |world| {
        world.write(&Change::CloseOverlay {
            organization: org(),
            overlay: world.store.as_ref().unwrap().overlay_rows(&org()).unwrap().remove(0).id,
            closing: guan_engine::model::Closing { at: world.clock.wall, why: "by_hand".into() },
        });
    });
    world.restart();
    assert_eq!(world.store().incarnation().unwrap(), 2);
    assert!(!world.is_relaxed(), "the window of the older copy came back");
    let clock = world.clock.clone();
    let error = world.store().open_overlay(&caller(), &clock, &request()).unwrap_err();
    assert!(
        error.to_string().starts_with("the installation is in safe mode: the log of"),
        "{error}"
    );
    world.write(&Change::AcknowledgeSafeMode { reason: "disk was replaced".into() });
    world.open_window();
    world.verify_all();
    world.restart();
    assert_eq!(world.store().incarnation().unwrap(), 2);
}

#[test]
fn an_opening_that_was_stopped_after_finding_an_older_database_is_recorded_by_the_next() {
    let mut world = world();
    put_back_an_older_copy(&mut world, |world| {
        world.write(&rename("Lost", 2));
    });
    let options = Options {
        faults: guan_store::Faults::at("write.2", guan_store::Happening::Stop),
        ..Options::default()
    };
    assert!(Store::open_with(world.path(), options, &caller(), &world.clock).is_err());
    world.restart();
    let tip = world.store().ledger_tip("").unwrap().unwrap();
    let rows = world.store().ledger_rows("", tip.size - 1..tip.size).unwrap();
    let entry = guan_ledger::Entry::from_bytes(&rows[0].bytes).unwrap();
    assert_eq!(entry.what.operation, "find_other_database");
    assert!(entry.what.purpose.unwrap().contains("organization `acme` once had 3 rows"));
}

#[test]
fn an_older_side_file_is_found() {
    let mut world = world();
    let side = world.path().join("installation.toml");
    let older = fs::read(&side).unwrap();
    put_back_an_older_copy(&mut world, |world| {
        world.write(&rename("Lost", 2));
    });
    world.restart();
    assert_eq!(world.store().incarnation().unwrap(), 2);
    world.store = None;
    fs::write(&side, older).unwrap();
    world.restart();
    assert_eq!(world.store().incarnation().unwrap(), 3);
    assert_eq!(
        world.store().safe_mode().unwrap().unwrap().why,
        "the side file is older than the database"
    );
}

#[test]
fn the_database_of_another_installation_is_refused() {
    let mut one = world();
    let mut two = world();
    one.store = None;
    two.store = None;
    fs::copy(two.path().join("guan.db"), one.path().join("guan.db")).unwrap();
    assert!(matches!(open(&one), Err(OpenError::OtherInstallation { .. })));
}

#[test]
fn missing_parts_are_told_apart() {
    let mut world = empty();
    world.store = None;
    let error = Store::create(world.path(), &caller(), &world.clock).unwrap_err();
    assert!(matches!(error, OpenError::AlreadyThere(_)));
    let side = fs::read(world.path().join("installation.toml")).unwrap();
    fs::remove_file(world.path().join("installation.toml")).unwrap();
    assert!(matches!(open(&world), Err(OpenError::Side(_))));
    fs::remove_file(world.path().join("guan.db")).unwrap();
    assert!(matches!(open(&world), Err(OpenError::Missing(_))));
    fs::write(world.path().join("installation.toml"), side).unwrap();
    assert!(matches!(open(&world), Err(OpenError::DatabaseMissing(_))));
}

#[test]
fn a_damaged_database_says_so() {
    let mut world = world();
    world.store = None;
    let path = world.path().join("guan.db");
    fs::write(&path, b"this was a database once, and is not one any more").unwrap();
    let error = open(&world).unwrap_err();
    assert_eq!(error.to_string(), "the database is damaged: restore a backup with `guan restore`");
}

#[test]
fn a_damaged_page_is_found_by_the_backup() {
    let mut world = world();
    world.store = None;
    let path = world.path().join("guan.db");
    let mut bytes = fs::read(&path).unwrap();
    let pages = bytes.len() / 4096;
    for page in 8..pages {
        bytes[page * 4096..page * 4096 + 16].fill(0xff);
    }
    fs::write(&path, bytes).unwrap();
    let opened = open(&world);
    let Ok(mut store) = opened else { return };
    assert!(store.open_overlay(&caller(), &world.clock, &request()).is_err());
    assert!(store.overlay_rows(&org()).is_err() || store.overlay_rows(&org()).unwrap().is_empty());
}

#[test]
fn a_damaged_side_file_says_so() {
    let mut world = world();
    world.store = None;
    fs::write(world.path().join("installation.toml"), "format = \"x\"").unwrap();
    let error = open(&world).unwrap_err().to_string();
    assert!(error.contains("installation.toml` cannot be understood"), "{error}");
}

#[test]
fn what_is_opened_for_reading_is_not_written_and_relaxes_nothing() {
    let mut world = world();
    world.open_window();
    world.store = None;
    let options = Options { access: Access::ReadOnly, ..Options::default() };
    let opened = Store::open_with(world.path(), options, &caller(), &world.clock);
    world.store = Some(opened.unwrap());
    assert!(!world.is_relaxed());
    let clock = world.clock.clone();
    let error = world.store().write(&caller(), &clock, &rename("x", 2)).unwrap_err();
    assert!(matches!(error, WriteError::Storage(StorageError::ReadOnly)));
    assert_eq!(world.store().policy(&org()).unwrap().0.number, 2);
}

#[cfg(unix)]
#[test]
fn the_side_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let world = empty();
    let side = fs::metadata(world.path().join("installation.toml")).unwrap();
    assert_eq!(side.permissions().mode() & 0o777, 0o600);
}

#[test]
fn two_organizations_share_nothing() {
    let mut world = world();
    let organization =
        guan_engine::model::Organization { id: "second".into(), ..Default::default() };
    world.write(&Change::CreateOrganization { organization, reason: "x".into() });
    let second = "second".into();
    assert_eq!(world.store().organizations().unwrap(), [org(), "second".into()]);
    assert_eq!(world.store().record_count(&second).unwrap(), 0);
    assert!(world.store().policy(&second).unwrap().1.users.is_empty());
    let opened = world.open_window();
    assert!(world.store().overlay_rows(&second).unwrap().is_empty());
    assert!(world.store().overlay(&second, &opened.id).is_err());
}

#[test]
fn an_installation_is_not_made_where_another_process_is_at_work() {
    let folder = tempfile::TempDir::new().unwrap();
    let lock = fs::File::create(folder.path().join("in-use.lock")).unwrap();
    lock.try_lock().unwrap();
    let clock = ClockReading::new(START, Span(0), "boot-1");
    let error = Store::create(folder.path(), &caller(), &clock).unwrap_err();
    assert!(matches!(error, OpenError::InUse), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn the_schema_is_not_changed_while_a_window_is_open() {
    let mut world = world();
    if world.is_on_server() {
        return;
    }
    world.open_window();
    world.store = None;
    // As a program of before the last steps left it.
    world.tamper(
        "DROP TABLE outbox; DROP TABLE outbox_receiver; DELETE FROM migration WHERE number = 11",
    );
    let error = open(&world).unwrap_err();
    assert!(error.to_string().contains("a window is open"), "{error}");
    world.later(Span::minutes(31));
    open(&world).unwrap();
}

#[test]
fn a_database_of_a_newer_program_is_not_opened_so_nothing_is_relaxed_on_it() {
    let mut world = world();
    if world.is_on_server() {
        return;
    }
    world.open_window();
    world.store = None;
    world.tamper("UPDATE migration SET number = 99 WHERE number = 11");
    let error = open(&world).unwrap_err();
    assert!(error.to_string().contains("use a newer one"), "{error}");
}
