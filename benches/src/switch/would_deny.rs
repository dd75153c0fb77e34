//! Decisions that only a window allows: each is durable before it is answered, many are committed as one.

use super::Sizes;
use super::window::House;
use crate::clock::MachineClock;
use crate::house;
use crate::table::{Bound, Side, Table, time};
use crate::timing::{busy, of};
use guan_engine::answer::Decision;
use guan_engine::ask::{Request, Target};
use guan_engine::model::Action;
use guan_store::Recording;
use std::time::Instant;

/// Less than this in a second is too little.
const RATE_MIN: f64 = 5_000.0;

/// Many threads ask for records that the window alone opens.
pub fn measure(house: &House<'_>, sizes: Sizes, table: &mut Table) -> Result<(), String> {
    let keys = house.closed(sizes.threads)?;
    let begun = Instant::now();
    let all: Vec<Result<(Vec<f64>, f64), String>> = std::thread::scope(|scope| {
        let threads: Vec<_> = keys
            .iter()
            .map(|key| {
                scope.spawn(move || {
                    let (clock, before) = (MachineClock::new(), busy());
                    let mut taken = Vec::with_capacity(sizes.would_denies);
                    for _ in 0..sizes.would_denies {
                        let (session, on) =
                            (house::session(house.little), Target::Record(key.clone()));
                        let request = Request::new(session, Action::Read, on);
                        let from = Instant::now();
                        let recording = Recording::WouldDenies;
                        let answer = house
                            .gate
                            .decide(
                                &house::caller(),
                                &clock.read(),
                                &request,
                                recording,
                                |view, asked| view.engine().check(asked),
                            )
                            .map_err(house::told)?;
                        taken.push(from.elapsed().as_nanos() as f64);
                        let is_recorded = answer.sequence.is_some();
                        if !is_recorded || !matches!(answer.decision, Decision::Relaxed { .. }) {
                            return Err(format!("this is no recorded would-deny: {answer:?}"));
                        }
                    }
                    Ok((taken, busy() - before))
                })
            })
            .collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, _>| {
            thread.join().unwrap_or_else(|_| Err("a thread was stopped".to_owned()))
        };
        threads.into_iter().map(join).collect()
    });
    let seconds = begun.elapsed().as_secs_f64();
    let (taken, spent): (Vec<_>, Vec<_>) =
        all.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
    let (taken, spent) = (taken.concat(), spent.iter().sum::<f64>());
    let rate = taken.len() as f64 / seconds;
    let notes = format!("{} threads wait at the same time; SQLite, synced", keys.len());
    let side = Some(Side::AtLeast(RATE_MIN));
    table.rate("a would-deny made durable", rate, side, &notes);
    let each = time(spent / taken.len() as f64);
    let notes = format!(
        "from the question to the answer; {each} on the processor, the asking threads included"
    );
    table.times("the same, each", of(taken), Bound::None, &notes);
    Ok(())
}
