//! Checks, one by one and in batches, and explanations.

use super::Bench;
use crate::random::Random;
use crate::table::{Bound, Table};
use crate::timing;
use guan_engine::view::{RecordNumber, Seat};
use std::hint::black_box;

/// Checks and explanations.
pub fn checks(bench: &Bench<'_>, table: &mut Table) {
    cold(bench, table);
    held(bench, table);
}

/// A random user and a random record for each check, the session entered each time.
fn cold(bench: &Bench<'_>, table: &mut Table) {
    let random = &mut Random::new(1);
    let engine = &bench.loaded.engine;
    let users = bench.world.scale.users;
    let pairs: Vec<_> =
        (0..200_000).map(|_| (bench.number(random.below(users)), bench.record(random))).collect();
    let ask = |(user, record)| {
        let seat = engine.enter_number(user, &bench.session);
        seat.is_ok_and(|seat| seat.view(bench.read).is_ok_and(|view| view.may(record)))
    };
    let times = timing::each(pairs.iter().copied(), ask);
    let notes = "random user × random record, session entered each time, single calls";
    table.times("check, random", times, Bound::Median(150.0), notes);
    let mut allowed = 0usize;
    let mean = timing::mean(pairs.len(), |at| allowed += usize::from(ask(pairs[at])));
    let allowed = allowed as f64 / (3 * pairs.len()) as f64 * 100.0;
    let notes = format!("the same in a loop, mean; {allowed:.1} % allowed");
    table.figure("check, random, loop", mean, Some(150.0), &notes);
}

/// Users with their view held, random records.
fn held(bench: &Bench<'_>, table: &mut Table) {
    let random = &mut Random::new(2);
    let engine = &bench.loaded.engine;
    let everybody: Vec<usize> = (0..bench.world.scale.users).collect();
    let readers = bench.readers(random, &everybody, 64);
    let seats: Vec<Seat<'_>> = readers
        .iter()
        .filter_map(|user| engine.enter_number(bench.number(*user), &bench.session).ok())
        .collect();
    let views: Vec<_> = seats.iter().filter_map(|seat| seat.view(bench.read).ok()).collect();
    let records: Vec<RecordNumber> = (0..1 << 20).map(|_| bench.record(random)).collect();
    let from = |at: usize| records[at % records.len()];
    let times = timing::each(0..200_000, |at: usize| views[at % views.len()].may(from(at)));
    table.times("check, view held", times, Bound::Median(150.0), "64 users in turn, single calls");
    let count = 500_000;
    let check = timing::mean(count, |at| {
        black_box(views[at / 4_096 % views.len()].may(from(at)));
    });
    table.figure("check, view held, loop", check, Some(150.0), "one user for 4 096 records, mean");
    for size in [64, 1_024] {
        let blocks: Vec<&[RecordNumber]> = records.chunks_exact(size).collect();
        let mut bits = Vec::new();
        let mean = timing::mean(count / size, |at| {
            black_box(views[at % views.len()].may_many(blocks[at % blocks.len()], &mut bits));
        });
        let notes = "another user for each batch, mean for one record";
        let name = format!("check, batches of {size}");
        table.figure(&name, mean / size as f64, Some(60.0), notes);
    }
    let explain = timing::mean(count / 4, |at| {
        black_box(views[at / 4_096 % views.len()].evidence_count(from(at)));
    });
    let notes = "every path, view held, random records, mean; bound: twice the check of that kind";
    table.figure("explain", explain, Some(2.0 * check), notes);
}
