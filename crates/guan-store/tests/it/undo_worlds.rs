//! Random lawful and relaxed writes: after the undo of the window there is what the lawful ones alone would have left.

use guan_engine::model::{Principal, Record, Rights, Share, TeamMember};
use guan_store::{NewRecord, UndoOrder};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::shop::{Shop, key, shop, values};
use crate::undoing::{close, open, place, records, set, undo};

/// One write: by the boss, who may, or by Bo, whom only the window lets.
#[derive(Debug, Clone)]
struct Write {
    lawful: bool,
    what: u8,
    record: u8,
    field: u8,
    value: u8,
}

fn write() -> impl Strategy<Value = Write> {
    (any::<bool>(), 0_u8..9, 0_u8..3, 0_u8..3, 0_u8..3).prop_map(
        |(lawful, what, record, field, value)| Write { lawful, what, record, field, value },
    )
}

/// Does it; whether it was done.
fn happen(shop: &Shop, write: &Write) -> bool {
    let (gate, who) = (&shop.gate, shop.asking(if write.lawful { "mei" } else { "bo" }));
    let one = key(["a-1", "a-3", "a-5"][usize::from(write.record)]);
    let to: Principal = ["user:anna", "user:mei"][usize::from(write.value % 2)].parse().unwrap();
    let done = match write.what {
        0 if !write.lawful => {
            let new = NewRecord::new("Account", values(&[("Secret", "x".into())]));
            gate.create_record(&who, new)
        }
        1 => gate.delete_record(&who, &one, None),
        2 => gate.restore_record(&who, &one),
        3 => gate.share_record(&who, &one, None, Share::manual(to, Rights::READ)),
        4 => gate.unshare_record(&who, &one, None, &to),
        5 => {
            let (user, rights, role) = ("anna".into(), Rights::READ, String::new());
            let member =
                TeamMember { user, role, rights, ends: None, by: None, child_levels: [].into() };
            gate.add_team_member(&who, &one, None, member)
        }
        _ => {
            let field = ["Name", "Industry", "Secret"][usize::from(write.field)];
            let value = ["one", "two", "three"][usize::from(write.value)];
            gate.edit_record(&who, &one, None, set(field, value))
        }
    };
    done.is_ok()
}

/// Shares made by hand under a window end with it; apart from that order says nothing.
fn state(shop: &Shop) -> Vec<Record> {
    let mut all = records(shop);
    for record in &mut all {
        record.shares.sort();
        record.team.sort();
    }
    all
}

#[test]
fn a_window_that_is_undone_leaves_what_the_lawful_writes_alone_would_have_left() {
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    let compared = std::cell::Cell::new(0);
    let worlds = prop::collection::vec(write(), 1..14);
    TestRunner::new(config)
        .run(&worlds, |writes| {
            let (mut real, lawful) = (shop(), shop());
            let overlay = open(&real);
            let done: Vec<bool> = writes.iter().map(|write| happen(&real, write)).collect();
            close(&mut real, &overlay);
            let after = state(&real);
            let window = place(&overlay, None);
            let first = undo(&real, &window, &UndoOrder::everything());
            let back = undo(&real, &window, &UndoOrder::everything());
            prop_assert_eq!(back.writes, 0);
            let alone: Vec<(bool, bool)> = writes
                .iter()
                .zip(done)
                .filter(|(write, _)| write.lawful)
                .map(|(write, done)| (done, happen(&lawful, write)))
                .collect();
            // What the window made possible or impossible for others is not undone by it.
            if first.waiting == 0 && alone.iter().all(|(real, alone)| real == alone) {
                prop_assert_eq!(state(&real), state(&lawful));
                compared.set(compared.get() + 1);
            }
            if let Some(run) = first.run {
                let again = undo(&real, &place(&overlay, Some(&run)), &UndoOrder::everything());
                prop_assert_eq!(again.waiting, 0);
                prop_assert_eq!(state(&real), after);
            }
            Ok(())
        })
        .unwrap();
    assert!(compared.get() >= 4, "only {} worlds were compared", compared.get());
}
