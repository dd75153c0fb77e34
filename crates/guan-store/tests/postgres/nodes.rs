//! Several nodes on one server, an installation that moves to a server, and a server that goes away.

use guan_engine::model::{Organization, RecordKey};
use guan_store::{
    Change, DatabasePlace, Faults, OpenError, SIDE_FILE, StorageError, Store, WriteError,
    restore_in,
};
use guan_testkit::postgres::{Door, Server, fresh_database, server};
use tempfile::TempDir;

use crate::world::{World, account, caller, empty, org, world};

/// Where a server is installed.
pub(crate) fn on_server(test: impl FnOnce(&'static Server, World)) {
    if let Some(server) = server() {
        test(server, world());
    }
}

pub(crate) fn address(world: &World) -> String {
    world.place.address().unwrap().to_owned()
}

pub(crate) fn join(world: &World, folder: &TempDir) -> Result<Store, OpenError> {
    let from = world.path().join(SIDE_FILE);
    Store::join(folder.path(), &from, &DatabasePlace::File, &caller(), &world.clock)
}

pub(crate) fn put(id: &str) -> Change {
    Change::PutRecords { organization: org(), records: vec![account(id)], under: None }
}

#[test]
fn a_node_that_joined_sees_what_the_others_wrote_and_writes_itself() {
    on_server(|_, mut world| {
        let folder = TempDir::new().unwrap();
        let mut second = join(&world, &folder).unwrap();
        world.write(&put("a-8"));
        let key = RecordKey::new("Account", "a-8");
        assert!(second.record(&org(), &key).unwrap().is_some());
        second.write(&caller(), &world.clock, &put("a-9")).unwrap();
        assert_eq!(world.store().record_count(&org()).unwrap(), 5);
        world.verify_all();
        let again = Store::open(folder.path(), &caller(), &world.clock).unwrap();
        assert_eq!(again.incarnation().unwrap(), 1);
    });
}

#[test]
fn a_window_that_one_node_opened_acts_on_the_others() {
    on_server(|_, mut world| {
        let opened = world.open_window();
        let folder = TempDir::new().unwrap();
        let second = join(&world, &folder).unwrap();
        let status = second.status(&org(), &world.clock).unwrap();
        assert_eq!(status.overlays[0].id, opened.id);
        assert_eq!(
            second.overlay(&org(), &opened.id).unwrap().seal,
            guan_engine::activity::Seal::Verified
        );
    });
}

#[test]
fn only_an_installation_on_a_server_is_joined_and_none_is_made_over_another() {
    on_server(|_, world| {
        let (file, folder) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        Store::create(file.path(), &caller(), &world.clock).unwrap();
        let from = file.path().join(SIDE_FILE);
        let refused =
            Store::join(folder.path(), &from, &DatabasePlace::File, &caller(), &world.clock);
        assert!(matches!(refused, Err(OpenError::DatabaseInFile(_))));
        let elsewhere = fresh_database().into();
        let nothing = Store::join(folder.path(), &from, &elsewhere, &caller(), &world.clock);
        assert!(matches!(nothing, Err(OpenError::NothingToJoin)));
        let taken = Store::join(folder.path(), &from, &world.place, &caller(), &world.clock);
        assert!(matches!(taken, Err(OpenError::OtherInstallation { .. })));
        let over = Store::create_in(folder.path(), &world.place, &caller(), &world.clock);
        assert!(matches!(over, Err(OpenError::DatabaseTaken)));
    });
}

#[test]
fn a_server_that_was_away_for_a_while_costs_nothing_but_the_writes_meanwhile() {
    on_server(|server, mut world| {
        let address = address(&world);
        server.let_in(&address, Door::Shut);
        server.disconnect(&address);
        let clock = world.clock.clone();
        let away = world.store().write(&caller(), &clock, &put("a-9")).unwrap_err();
        assert!(matches!(away, WriteError::Storage(StorageError::Away(_))), "{away}");
        server.let_in(&address, Door::Open);
        world.write(&put("a-9"));
        assert_eq!(world.store().record_count(&org()).unwrap(), 4);
        world.verify_all();
    });
}

#[test]
fn an_installation_moves_from_a_file_to_a_server_by_a_restore() {
    let Some(address) = fresh_database() else { return };
    let (from, to) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let clock = empty().clock;
    let mut file = Store::create(from.path(), &caller(), &clock).unwrap();
    let organization = Organization { id: org(), ..Organization::default() };
    let change = Change::CreateOrganization { organization, reason: "start".into() };
    file.write(&caller(), &clock, &change).unwrap();
    let (backup, _) = file.backup(&caller(), &clock, "move").unwrap();
    let place = DatabasePlace::Postgres(address);
    let restored = restore_in(
        to.path(),
        &place,
        &backup.folder,
        &caller(),
        &clock,
        "move",
        &Faults::default(),
    )
    .unwrap();
    assert_eq!((restored.incarnation, restored.replaced), (2, None));
    let moved = Store::open(to.path(), &caller(), &clock).unwrap();
    assert_eq!(moved.organizations().unwrap(), [org()]);
    assert_eq!(moved.instance().unwrap(), file.instance().unwrap());
    for log in moved.logs().unwrap() {
        moved.ledger_verify(&log).unwrap();
    }
}

#[test]
fn a_restore_replaces_what_is_on_the_server_in_one_step_and_other_nodes_follow() {
    on_server(|server, mut world| {
        let folder = TempDir::new().unwrap();
        let clock = world.clock.clone();
        let (backup, _) = world.store().backup(&caller(), &clock, "before").unwrap();
        let mut second = join(&world, &folder).unwrap();
        world.write(&put("a-9"));
        world.store = None;
        let restored = restore_in(
            &world.path(),
            &DatabasePlace::File,
            &backup.folder,
            &caller(),
            &clock,
            "back",
            &Faults::default(),
        )
        .unwrap();
        assert_eq!(restored.replaced.unwrap().to_str(), Some("guan_replaced_2"));
        assert!(restored.rows_kept > 0, "{:?}", restored.rows_lost);
        world.restart();
        assert_eq!(world.store().record_count(&org()).unwrap(), 3);
        world.verify_all();
        let kept = server.run(&address(&world), "SELECT count(*) FROM guan_replaced_2.record");
        assert_eq!(kept, "4");
        // The other node was there all the time.
        second.write(&caller(), &clock, &put("a-7")).unwrap();
        assert_eq!(second.incarnation().unwrap(), 2);
        assert_eq!(world.store().record_count(&org()).unwrap(), 4);
    });
}
