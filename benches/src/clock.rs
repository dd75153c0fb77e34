//! The clocks of this machine.

use guan_engine::model::{Moment, Span};
use guan_ledger::ClockState;
use guan_store::ClockReading;
use rustix::time::{ClockId, DynamicClockId, Timespec, clock_gettime, clock_gettime_dynamic};
use std::fs;

/// The clocks of this machine.
#[derive(Debug)]
pub struct MachineClock {
    boot: String,
}

impl MachineClock {
    /// Of this machine.
    pub fn new() -> Self {
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        Self { boot: boot.trim().to_owned() }
    }

    /// What they say now.
    pub fn read(&self) -> ClockReading {
        let boot_clock = clock_gettime_dynamic(DynamicClockId::Boottime).ok();
        ClockReading {
            wall: Moment(milliseconds(clock_gettime(ClockId::Realtime))),
            boot_clock: boot_clock.map(|time| Span(milliseconds(time))),
            boot_id: Some(self.boot.clone()),
            state: ClockState::Unknown,
        }
    }
}

fn milliseconds(time: Timespec) -> i64 {
    time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
}

/// What the clocks say now.
pub fn now() -> ClockReading {
    MachineClock::new().read()
}
