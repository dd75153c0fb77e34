//! Time taken: single calls with the timer's own cost taken off, and means over loops.

use std::hint::black_box;
use std::sync::LazyLock;
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
/// machine take in between is left out. Where the system does not tell, the time since the first call.
pub fn busy() -> f64 {
    static FIRST: LazyLock<Instant> = LazyLock::new(Instant::now);
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let ran = text.split(' ').next().and_then(|ran| ran.parse::<f64>().ok());
    ran.unwrap_or_else(|| FIRST.elapsed().as_nanos() as f64)
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
