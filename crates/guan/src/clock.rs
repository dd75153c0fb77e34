//! The only place that reads the clocks of the machine.

use guan_engine::model::{Moment, Span};
use guan_store::ClockReading;
use rustix::time::{ClockId, DynamicClockId, Timespec, clock_gettime, clock_gettime_dynamic};
use std::fs;
use std::sync::OnceLock;

/// Where the time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The clocks of this machine: wall clock, boot-time clock and boot id.
    Machine,
    /// Always this reading; for tests, which can reach it only from a program of their own.
    Stopped(ClockReading),
}

impl Clock {
    /// What the clocks say now.
    pub fn read(&self) -> ClockReading {
        match self {
            Self::Machine => ClockReading {
                wall: Moment(milliseconds(clock_gettime(ClockId::Realtime))),
                boot_clock: boot_clock(),
                boot_id: boot_id(),
                state: guan_ledger::ClockState::Unknown,
            },
            Self::Stopped(reading) => reading.clone(),
        }
    }
}

impl guan_server::state::Clock for Clock {
    fn read(&self) -> ClockReading {
        Self::read(self)
    }
}

const fn milliseconds(time: Timespec) -> i64 {
    time.tv_sec.saturating_mul(1_000).saturating_add(time.tv_nsec / 1_000_000)
}

/// `CLOCK_BOOTTIME`: it counts in sleep too.
fn boot_clock() -> Option<Span> {
    clock_gettime_dynamic(DynamicClockId::Boottime).ok().map(|time| Span(milliseconds(time)))
}

/// The id of this boot, which no process outlives.
fn boot_id() -> Option<String> {
    static BOOT: OnceLock<Option<String>> = OnceLock::new();
    BOOT.get_or_init(read_boot_id).clone()
}

fn read_boot_id() -> Option<String> {
    let text = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let id = text.trim();
    (!id.is_empty()).then(|| id.to_owned())
}

/// Measures how long something takes; decides nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts now.
    pub(crate) fn start() -> Self {
        Self(std::time::Instant::now())
    }
    /// How long since the start.
    pub(crate) fn elapsed(self) -> std::time::Duration {
        self.0.elapsed()
    }
}
