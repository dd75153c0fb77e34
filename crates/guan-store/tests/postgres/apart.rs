//! Gates of several nodes on one server: they agree, go on without it as far as that is safe, and notice a restore.

use std::sync::Arc;

use guan_engine::activity::{Dormant, is_acting};
use guan_engine::answer::{Decision, Refusal};
use guan_engine::model::Span;
use guan_store::{DatabasePlace, Faults, Gate, StorageError, WriteError, restore_in};
use guan_testkit::postgres::Door;
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
