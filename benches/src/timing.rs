//! Time taken: single calls with the timer's own cost taken off, and means over loops.

use rustix::time::{ClockId, clock_gettime};
use std::hint::black_box;
use std::time::Instant;

/// Times of single calls in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// The middle one.
    pub p50: f64,
    /// All but a hundredth are shorter.
    pub p99: f64,
    /// The mean.
    #[cfg_attr(
        not(any(feature = "http", feature = "peer")),
        expect(dead_code, reason = "the peers alone ask for it")
    )]
    pub mean: f64,
}

/// Times of single calls of `call` on each item. What the timer itself takes is taken off.
pub fn each<I, R>(items: impl IntoIterator<Item = I>, mut call: impl FnMut(I) -> R) -> Times {
    let timer = timer();
    let mut taken: Vec<f64> = Vec::new();
    for item in items {
        let begun = Instant::now();
        let result = call(item);
        let elapsed = begun.elapsed().as_nanos() as f64;
        drop(black_box(result));
        taken.push((elapsed - timer).max(0.0));
    }
    of(taken)
}

/// The time that this thread ran on a processor, in nanoseconds: what other programs of a shared
/// machine take in between is left out.
pub fn busy() -> f64 {
    let ran = clock_gettime(ClockId::ThreadCPUTime);
    ran.tv_sec as f64 * 1e9 + ran.tv_nsec as f64
}

/// The same of all threads of this process.
pub fn busy_process() -> f64 {
    let ran = clock_gettime(ClockId::ProcessCPUTime);
    ran.tv_sec as f64 * 1e9 + ran.tv_nsec as f64
}

/// What one way of doing the same costs beside the first way.
#[derive(Clone, Copy, Debug)]
pub struct Beside {
    /// The median cost of one call, in nanoseconds of the processor.
    pub each: f64,
    /// How many times that of the first way in the same round: the median of all rounds.
    pub times: f64,
    /// A quarter of the rounds is below, a quarter above.
    pub quarters: (f64, f64),
}

/// Rounds in which ways are held beside each other.
const ROUNDS: usize = 61;

/// Holds ways of doing the same beside each other: in each of many short rounds every way comes once, beginning with
/// another one each time, with `times` calls. Whatever disturbs a round disturbs all ways in it, and does not count
/// beside the other rounds. A first round is not counted.
///
/// All ways ask with the same `state`, in the same memory; `prepare` makes it ready for one of them and is not timed.
pub fn beside<T>(
    (ways, times): (usize, usize),
    mut state: T,
    mut prepare: impl FnMut(&mut T, usize),
    mut call: impl FnMut(&T, usize),
) -> Vec<Beside> {
    let mut rounds: Vec<Vec<f64>> = Vec::new();
    for round in 0..=ROUNDS {
        let mut costs = vec![0.0; ways];
        for turn in 0..ways {
            let way = (round + turn) % ways;
            prepare(&mut state, way);
            let begun = busy();
            (0..times).for_each(|at| call(&state, at));
            costs[way] = (busy() - begun) / times.max(1) as f64;
        }
        if round > 0 {
            rounds.push(costs);
        }
    }
    let sorted = |of: &dyn Fn(&[f64]) -> f64| {
        let mut all: Vec<f64> = rounds.iter().map(|costs| of(costs)).collect();
        all.sort_by(f64::total_cmp);
        all
    };
    (0..ways)
        .map(|way| {
            let costs = sorted(&|costs| costs[way]);
            let times = sorted(&|costs| costs[way] / costs[0].max(1.0));
            let at = |all: &[f64], share: usize| all[all.len() * share / 4];
            Beside {
                each: at(&costs, 2),
                times: at(&times, 2),
                quarters: (at(&times, 1), at(&times, 3)),
            }
        })
        .collect()
}

/// The mean time of one of `times` calls in a loop, in nanoseconds of the processor: the best
/// of three rounds.
pub fn mean(times: usize, mut call: impl FnMut(usize)) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..3 {
        let begun = busy();
        for at in 0..times {
            call(at);
        }
        best = best.min((busy() - begun) / times.max(1) as f64);
    }
    best
}

/// Median, 99th percentile and mean.
pub fn of(mut taken: Vec<f64>) -> Times {
    taken.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = (taken.len() as f64 * share) as usize;
        taken.get(place.min(taken.len().saturating_sub(1))).copied().unwrap_or(0.0)
    };
    let sum: f64 = taken.iter().sum();
    Times { p50: at(0.5), p99: at(0.99), mean: sum / taken.len().max(1) as f64 }
}

/// What it takes to read the clock, in nanoseconds.
pub fn timer() -> f64 {
    let mut taken: Vec<f64> = (0..10_000)
        .map(|_| {
            let begun = Instant::now();
            black_box(begun.elapsed().as_nanos() as f64)
        })
        .collect();
    taken.sort_by(f64::total_cmp);
    taken[taken.len() / 2]
}
