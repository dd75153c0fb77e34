//! Attempts to sign in: failures of an address or of a name that is nobody's make it wait, and only so many passwords are compared at once.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use guan_engine::model::{Moment, OrganizationId, Span, UserId};
use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::{Code, Problem};

/// Passwords that are compared at once; each takes a processor and 19 MiB.
const AT_ONCE: usize = 4;
/// How long an attempt waits for its turn.
const TURN: Duration = Duration::from_secs(5);
/// Failures of an address that cost nothing; many people may be behind one.
const FREE_FAILURES: u32 = 20;
/// Failures of an account, and of a name without one, that cost nothing but the answer.
const FREE_FAILURES_OF_NAME: u64 = 3;
/// Names without account that are remembered before the oldest half is forgotten.
const NAMES_MAX: usize = 10_000;
/// The longest pause.
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
    names: Names,
}

/// Failures of names that have no account, counted as those of accounts are, so that nobody learns who has one.
/// Kept as hashes under a key of this process: what was typed may be a password.
#[derive(Debug, Default)]
struct Names {
    key: RandomState,
    failed: Mutex<BTreeMap<u64, (u64, Moment, Moment)>>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Moment,
    paused_until: Moment,
}

impl Default for Attempts {
    fn default() -> Self {
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        Self { turns, failures: Mutex::default(), names: Names::default() }
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
        until.map_or(Ok(()), |until| wait_for(until, now))
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

impl Attempts {
    /// Until when a name without account has to wait.
    pub(crate) fn name_paused_until(&self, name: (&OrganizationId, &UserId)) -> Moment {
        let key = self.names.key.hash_one(name);
        self.names.failed.lock().get(&key).map_or(Moment(0), |(_, _, until)| *until)
    }

    /// Counts a failure of a name without account.
    pub(crate) fn name_failed(&self, name: (&OrganizationId, &UserId), now: Moment) {
        let key = self.names.key.hash_one(name);
        let mut failed = self.names.failed.lock();
        if failed.len() >= NAMES_MAX && !failed.contains_key(&key) {
            let mut times: Vec<Moment> = failed.values().map(|(_, last, _)| *last).collect();
            times.sort_unstable();
            let middle = times.get(NAMES_MAX / 2).copied().unwrap_or(now);
            failed.retain(|_, (_, last, _)| *last > middle);
        }
        let (count, last, until) = failed.entry(key).or_insert((0, now, now));
        *until = paused_until(*count, now);
        *count = count.saturating_add(1);
        *last = now;
    }
}

/// Until when an account waits that failed once more, after so many failures.
pub(crate) fn paused_until(failed: u64, now: Moment) -> Moment {
    let Some(beyond) = failed.checked_sub(FREE_FAILURES_OF_NAME) else { return now };
    let pause = 1_000_i64.saturating_mul(1 << beyond.min(20));
    now.plus(Span(pause.min(PAUSE_MAX.0)))
}

/// Refuses an attempt before its pause is over.
pub(crate) fn wait_for(until: Moment, now: Moment) -> Result<(), Problem> {
    if until <= now {
        return Ok(());
    }
    let seconds = u64::try_from(until.since(now).0 / 1_000).unwrap_or(0);
    Err(Problem::new(Code::SignInPaused).retry_after_s(seconds.saturating_add(1)))
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

    use super::{Attempts, FREE_FAILURES, NAMES_MAX, PAUSE_MAX};

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
    fn names_without_account_are_remembered_within_bounds() {
        let attempts = Attempts::default();
        let organization = "acme".into();
        for at in 0..NAMES_MAX + 50 {
            let user = format!("u{at}").into();
            attempts.name_failed((&organization, &user), Moment(i64::try_from(at).unwrap()));
        }
        assert!(attempts.names.failed.lock().len() <= NAMES_MAX);
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
