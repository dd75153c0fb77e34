//! Attempts to sign in: failures of an address make it wait, and only so many passwords are compared at once.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use guan_engine::model::{Moment, Span};
use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::{Code, Problem};

/// Passwords that are compared at once; each takes a processor and 19 MiB.
const AT_ONCE: usize = 4;
/// How long an attempt waits for its turn.
const TURN: Duration = Duration::from_secs(5);
/// Failures of an address that cost nothing; many people may be behind one.
const FREE_FAILURES: u32 = 20;
/// The longest pause of an address.
const PAUSE_MAX: Span = Span::minutes(15);
/// After which time without failure an address is forgotten.
const FORGOTTEN: Span = Span::minutes(60);
/// Addresses that are remembered before the forgotten ones are looked for.
const ADDRESSES_MAX: usize = 10_000;

/// What is known of attempts, on this node.
#[derive(Debug)]
pub(crate) struct Attempts {
    turns: Arc<Semaphore>,
    failures: Mutex<BTreeMap<IpAddr, Failures>>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Moment,
    paused_until: Moment,
}

impl Default for Attempts {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)), failures: Mutex::default() }
    }
}

impl Attempts {
    /// Waits for a turn to compare a password; it lasts until what this returns is dropped.
    ///
    /// Errors: too many others wait.
    pub(crate) async fn turn(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let turn = Arc::clone(&self.turns).acquire_owned();
        match tokio::time::timeout(TURN, turn).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(Problem::new(Code::Overloaded).retry_after_s(5)),
        }
    }

    /// Refuses an address that has to wait.
    pub(crate) fn admit(&self, address: Option<IpAddr>, now: Moment) -> Result<(), Problem> {
        let Some(address) = address.map(network) else { return Ok(()) };
        let until = self.failures.lock().get(&address).map(|known| known.paused_until);
        match until {
            Some(until) if until > now => {
                let seconds = u64::try_from(until.since(now).0 / 1_000).unwrap_or(0);
                Err(Problem::new(Code::SignInPaused).retry_after_s(seconds.saturating_add(1)))
            }
            _ => Ok(()),
        }
    }

    /// Counts a failure of an address; each beyond the free ones makes it wait twice as long as the one before.
    /// A success takes nothing back: whoever guesses may have an account of their own.
    pub(crate) fn failed(&self, address: Option<IpAddr>, now: Moment) {
        let Some(address) = address.map(network) else { return };
        let mut failures = self.failures.lock();
        let is_forgotten = |known: &Failures| now.since(known.last).0 >= FORGOTTEN.0;
        if failures.len() >= ADDRESSES_MAX {
            failures.retain(|_, known| !is_forgotten(known));
        }
        if failures.len() >= ADDRESSES_MAX {
            failures.clear();
        }
        let nothing = Failures { count: 0, last: now, paused_until: now };
        let known = failures.entry(address).or_insert(nothing);
        if is_forgotten(known) {
            *known = nothing;
        }
        known.count = known.count.saturating_add(1);
        known.last = now;
        if let Some(beyond) = known.count.checked_sub(FREE_FAILURES + 1) {
            let pause = 1_000_i64.saturating_mul(1 << beyond.min(20));
            known.paused_until = now.plus(Span(pause.min(PAUSE_MAX.0)));
        }
    }
}

/// Of IPv6 the network of one customer counts.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => IpAddr::from((u128::from(six) & (u128::MAX << 64)).to_be_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use guan_engine::model::{Moment, Span};

    use super::{Attempts, FREE_FAILURES, PAUSE_MAX};

    #[test]
    fn failures_of_an_address_make_it_wait_longer_each_time_and_are_forgotten() {
        let attempts = Attempts::default();
        let here: Option<IpAddr> = Some([192, 0, 2, 1].into());
        let there: Option<IpAddr> = Some([192, 0, 2, 2].into());
        let mut now = Moment(0);
        for _ in 0..FREE_FAILURES {
            assert!(attempts.admit(here, now).is_ok());
            attempts.failed(here, now);
        }
        let mut longest = Span(0);
        for expected_s in [1, 2, 4, 8] {
            assert!(attempts.admit(here, now).is_ok());
            attempts.failed(here, now);
            longest = Span(expected_s * 1_000);
            assert!(attempts.admit(here, now.plus(Span(longest.0 - 1))).is_err());
            now = now.plus(longest);
        }
        assert!(longest.0 < PAUSE_MAX.0 && attempts.admit(there, now).is_ok());
        now = now.plus(Span::minutes(60));
        attempts.failed(here, now);
        assert!(attempts.admit(here, now).is_ok(), "it was forgotten");
    }

    #[test]
    fn the_addresses_of_one_network_of_six_are_one() {
        let attempts = Attempts::default();
        let address = |last| Some(IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, last]));
        for last in 0..=u16::try_from(FREE_FAILURES).unwrap() {
            attempts.failed(address(last), Moment(0));
        }
        assert!(attempts.admit(address(9_999), Moment(0)).is_err());
    }
}
