//! Lists, counts, who, and the preview of an object switched off.

use super::Bench;
use crate::random::Random;
use crate::table::{Bound, Table};
use crate::timing;
use crate::timing::busy;
use crate::world::{OBJECT, SORTED_BY, user};
use guan_engine::model::Action;
use guan_engine::question::{ListQuery, Sort};

/// First pages, counts and who.
///
/// # Errors
///
/// When a list is refused.
pub fn lists(bench: &Bench<'_>, table: &mut Table) -> Result<(), String> {
    let random = &mut Random::new(3);
    let everybody: Vec<usize> = (0..bench.world.scale.users).collect();
    let superiors = bench.world.superiors();
    let samples = bench.world.scale.samples;
    for (whose, from) in [("random users", &everybody), ("managers", &superiors)] {
        let readers = bench.readers(random, from, samples);
        if readers.is_empty() {
            return Err("nobody can read".to_owned());
        }
        for (sorted, descending) in [(true, true), (true, false), (false, false)] {
            page(bench, table, whose, &readers, (sorted, descending))?;
        }
        count(bench, table, whose, &readers);
    }
    who(bench, table, random);
    Ok(())
}

fn page(
    bench: &Bench<'_>,
    table: &mut Table,
    whose: &str,
    readers: &[usize],
    (sorted, descending): (bool, bool),
) -> Result<(), String> {
    let engine = &bench.loaded.engine;
    let mut query = ListQuery::first(OBJECT, 50);
    query.sort = Sort { by: sorted.then(|| SORTED_BY.into()), descending };
    let sessions: Vec<_> =
        readers.iter().map(|reader| bench.session.of_subject(user(*reader))).collect();
    // The order of loading is not kept in the lists: fewer samples of a longer way.
    let sessions = if sorted { &sessions[..] } else { &sessions[..sessions.len().div_ceil(10)] };
    for session in sessions.iter().take(20) {
        engine.list(session, &Action::Read, &query).map_err(|fault| fault.to_string())?;
    }
    let times = timing::each(sessions, |session| engine.list(session, &Action::Read, &query));
    let order = match (sorted, descending) {
        (true, true) => "newest first",
        (true, false) => "oldest first",
        (false, _) => "order of loading",
    };
    let bound = if sorted { Bound::Median(50_000.0) } else { Bound::None };
    table.times(&format!("first page of 50, {order}, {whose}"), times, bound, "");
    Ok(())
}

fn count(bench: &Bench<'_>, table: &mut Table, whose: &str, readers: &[usize]) {
    let engine = &bench.loaded.engine;
    let sessions: Vec<_> = readers
        .iter()
        .take(bench.world.scale.samples / 2)
        .map(|reader| bench.session.of_subject(user(*reader)))
        .collect();
    let mut counts: Vec<f64> = Vec::new();
    let times = timing::each(&sessions, |session| {
        counts.push(engine.count(session, &Action::Read, &OBJECT.into()).unwrap_or(0) as f64);
    });
    let seen = timing::of(counts);
    let notes = format!("they see {:.0} at the median, {:.0} at p99", seen.p50, seen.p99);
    table.times(&format!("count, {whose}"), times, Bound::Tail(1e6), &notes);
}

fn who(bench: &Bench<'_>, table: &mut Table, random: &mut Random) {
    let engine = &bench.loaded.engine;
    let records: Vec<_> = (0..bench.world.scale.samples).map(|_| bench.record(random)).collect();
    let mut counts: Vec<f64> = Vec::new();
    let times = timing::each(records, |record| {
        counts.push(engine.reader_count(&bench.session, bench.read, record) as f64);
    });
    let seen = timing::of(counts);
    let notes = format!("{:.0} users at the median, {:.0} at p99", seen.p50, seen.p99);
    table.times("who may read a record", times, Bound::Median(5_000.0), &notes);
}

/// What switching the object off would open.
///
/// # Errors
///
/// When the object is not known.
pub fn impact(bench: &Bench<'_>, table: &mut Table) -> Result<(), String> {
    let engine = &bench.loaded.engine;
    let refused = |refusal| format!("{refusal:?}");
    let begun = busy();
    let exact = engine.impact(&bench.session, &OBJECT.into()).map_err(refused)?;
    let taken = busy() - begun;
    let notes = format!(
        "{:.3e} of {:.3e} pairs are open now",
        exact.open_now,
        exact.open_now + exact.gained
    );
    table.figure("preview of the object switched off, exact", taken, Some(6e9), &notes);
    for sample in [100, 2_000] {
        let begun = busy();
        let near =
            engine.estimate_impact(&bench.session, &OBJECT.into(), sample).map_err(refused)?;
        let taken = busy() - begun;
        let stated = near.error.unwrap_or(0.0) * 100.0;
        let off = (near.open_now / exact.open_now.max(1.0) - 1.0) * 100.0;
        let notes = format!("states ±{stated:.1} % (95 %), is off by {off:.1} %");
        let name = format!("the same, estimated from {sample} records");
        table.figure(&name, taken, Some(1e7), &notes);
    }
    Ok(())
}
