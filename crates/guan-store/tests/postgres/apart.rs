//! Gates of several nodes on one server: they agree, go on without it as far as that is safe, and notice a restore.

use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use guan_engine::activity::{Dormant, is_acting};
use guan_engine::answer::{Decision, Refusal};
use guan_engine::model::Span;
use guan_store::{
    DatabasePlace, Faults, Gate, SIDE_FILE, StorageError, Store, WriteError, restore_in,
};
use guan_testkit::postgres::{Door, Server};
use tempfile::TempDir;

use crate::gates::{count, decide};
use crate::nodes::{address, join, on_server, put};
use crate::world::{World, caller, org, request};

const DENIED: Decision = Decision::Deny { refusal: Refusal::NoGrant };

/// The gate of another node.
fn node(world: &World, folder: &TempDir) -> Arc<Gate> {
    Gate::over(join(world, folder).unwrap(), &world.clock)
}

#[test]
fn gates_of_two_nodes_agree() {
    on_server(|_, mut world| {
        let folder = TempDir::new().unwrap();
        let other = node(&world, &folder);
        let one = world.gate();
        assert_eq!((count(&one), count(&other)), (3, 3));
        one.write(&caller(), &world.clock, put("a-9")).unwrap();
        let opened = one.open_overlay(&caller(), &world.clock, &request()).unwrap();
        other.refresh(&world.clock).unwrap();
        assert_eq!(count(&other), 4);
        assert!(matches!(decide(&world, &other, "bo"), Decision::Relaxed { .. }));
        other.close_overlay(&caller(), &world.clock, (&org(), &opened.id), "done").unwrap();
        // The other has not heard of it, and what it would relax is asked for where it is recorded.
        assert_eq!(decide(&world, &one, "bo"), DENIED);
        one.refresh(&world.clock).unwrap();
        assert_eq!(one.token(&org()), other.token(&org()));
        assert!(one.view(&org()).unwrap().overlays().is_empty());
    });
}

#[test]
fn a_gate_whose_server_is_away_enforces_from_memory_and_goes_on_by_itself_afterwards() {
    on_server(|server, mut world| {
        let opened = world.open_window();
        let address = address(&world);
        let gate = world.gate();
        let by_policy = decide(&world, &gate, "anna");
        assert!(matches!(decide(&world, &gate, "bo"), Decision::Relaxed { .. }));
        server.let_in(&address, Door::Shut);
        server.disconnect(&address);
        gate.refresh(&world.clock).unwrap_err();
        // It would have to be recorded.
        assert_eq!(decide(&world, &gate, "bo"), DENIED);
        assert_eq!(decide(&world, &gate, "anna"), by_policy);
        let away = gate.write(&caller(), &world.clock, put("a-9")).unwrap_err();
        assert!(matches!(away, WriteError::Storage(StorageError::Away(_))), "{away}");
        world.later(Span::seconds(10));
        let view = gate.view(&org()).unwrap();
        let row = view.overlays().iter().find(|row| row.id == opened.id).unwrap();
        assert_eq!(is_acting(row, &view.facts(&world.clock)), Err(Dormant::StaleView));
        drop(view);
        server.let_in(&address, Door::Open);
        gate.refresh(&world.clock).unwrap();
        assert!(matches!(decide(&world, &gate, "bo"), Decision::Relaxed { .. }));
        gate.write(&caller(), &world.clock, put("a-9")).unwrap();
        assert_eq!(count(&gate), 4);
    });
}

/// A way to the server of its own, for one node alone: it can be cut.
struct Way {
    folder: TempDir,
    is_cut: Arc<AtomicBool>,
    lines: Arc<Mutex<Vec<UnixStream>>>,
}

impl Way {
    fn to(server: &Server) -> Self {
        let folder = TempDir::new().unwrap();
        let socket = ".s.PGSQL.5432";
        let listener = UnixListener::bind(folder.path().join(socket)).unwrap();
        let (is_cut, lines) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let target = server.folder().join(socket);
        let (cut, kept) = (Arc::clone(&is_cut), Arc::clone(&lines));
        std::thread::spawn(move || {
            for line in listener.incoming().map_while(Result::ok) {
                if cut.load(Ordering::SeqCst) {
                    continue;
                }
                let Ok(there) = UnixStream::connect(&target) else { return };
                for (mut from, mut to) in [
                    (line.try_clone().unwrap(), there.try_clone().unwrap()),
                    (there.try_clone().unwrap(), line.try_clone().unwrap()),
                ] {
                    std::thread::spawn(move || {
                        // Ends with the line.
                        let _ended = std::io::copy(&mut from, &mut to);
                        let _closed = to.shutdown(Shutdown::Both);
                    });
                }
                kept.lock().unwrap().extend([line, there]);
            }
        });
        Self { folder, is_cut, lines }
    }

    /// Nothing goes through any more.
    fn cut(&self) {
        self.is_cut.store(true, Ordering::SeqCst);
        for line in self.lines.lock().unwrap().drain(..) {
            // One that has ended cannot be ended again.
            let _ended = line.shutdown(Shutdown::Both);
        }
    }
}

#[test]
fn of_two_nodes_the_one_that_cannot_reach_the_server_enforces_and_the_other_goes_on() {
    on_server(|server, mut world| {
        let way = Way::to(server);
        let opened = world.open_window();
        let folder = TempDir::new().unwrap();
        let from = world.path().join(SIDE_FILE);
        let direct = address(&world);
        let (database, _) = direct.split_once("?host=").unwrap();
        let round = format!("{database}?host={}", way.folder.path().display());
        let place = DatabasePlace::Postgres(round);
        let cut_off = Store::join(folder.path(), &from, &place, &caller(), &world.clock).unwrap();
        let cut_off = Gate::over(cut_off, &world.clock);
        let one = world.gate();
        for gate in [&one, &cut_off] {
            assert!(matches!(decide(&world, gate, "bo"), Decision::Relaxed { .. }));
        }
        way.cut();
        // It cannot record, so it relaxes nothing from here on; the others do not notice.
        assert_eq!(decide(&world, &cut_off, "bo"), DENIED);
        assert!(matches!(decide(&world, &cut_off, "anna"), Decision::Allow { .. }));
        cut_off.refresh(&world.clock).unwrap_err();
        world.later(Span::seconds(10));
        let view = cut_off.view(&org()).unwrap();
        let row = view.overlays().iter().find(|row| row.id == opened.id).unwrap();
        assert_eq!(is_acting(row, &view.facts(&world.clock)), Err(Dormant::StaleView));
        drop(view);
        assert_eq!(decide(&world, &cut_off, "bo"), DENIED);
        one.refresh(&world.clock).unwrap();
        assert!(matches!(decide(&world, &one, "bo"), Decision::Relaxed { .. }));
        // What is closed meanwhile, the one that is cut off need not hear of.
        one.close_overlay(&caller(), &world.clock, (&org(), &opened.id), "done").unwrap();
        assert_eq!(decide(&world, &one, "bo"), DENIED);
        assert_eq!(decide(&world, &cut_off, "bo"), DENIED);
    });
}

#[test]
fn a_gate_notices_that_another_node_put_a_backup_back() {
    on_server(|_, mut world| {
        let folder = TempDir::new().unwrap();
        let clock = world.clock.clone();
        world.open_window();
        let (backup, _) = world.store().backup(&caller(), &clock, "before").unwrap();
        world.write(&put("a-9"));
        let other = node(&world, &folder);
        assert_eq!(count(&other), 4);
        assert!(matches!(decide(&world, &other, "bo"), Decision::Relaxed { .. }));
        world.store = None;
        let (place, faults) = (DatabasePlace::File, Faults::default());
        restore_in(&world.path(), &place, &backup.folder, &caller(), &clock, "back", &faults)
            .unwrap();
        // It was there all the time.
        other.refresh(&clock).unwrap();
        assert_eq!(count(&other), 3);
        assert_eq!(decide(&world, &other, "bo"), DENIED);
        other.refresh(&clock).unwrap();
        assert_eq!(other.view(&org()).unwrap().facts(&clock).incarnation, 2);
        assert_eq!(decide(&world, &other, "bo"), DENIED);
        other.write(&caller(), &clock, put("a-7")).unwrap();
        assert_eq!(count(&other), 4);
    });
}
