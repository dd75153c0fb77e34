//! Limits on rate, number and time of requests: what is too much is refused before it costs anything.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, MonotonicClock, ReasonablyRealtime};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use tokio::sync::Semaphore;

use crate::attempts::network;
use crate::caller::Identity;
use crate::log::Peer;
use crate::problem::{Code, Problem};
use crate::settings::Settings;
use crate::state::Server;
use crate::waiting::Waiting;

/// Keys that are remembered before those at rest are forgotten.
const KEYS_MAX: usize = 100_000;

/// Bytes of an address with its query; of about 65 000 the parser of requests gives an answer without content.
const ADDRESS_BYTES_MAX: usize = 60_000;

type Limiter<Key> = RateLimiter<
    Key,
    HashMapStateStore<Key>,
    MonotonicClock,
    NoOpMiddleware<<MonotonicClock as Clock>::Instant>,
>;

/// The counters of rates.
#[derive(Debug)]
pub(crate) struct Rates {
    callers: Limiter<(String, String)>,
    addresses: Limiter<IpAddr>,
    at_once: Arc<Semaphore>,
}

impl Rates {
    pub(crate) fn new(settings: &Settings) -> Self {
        let quota = |rate| {
            let rate = NonZeroU32::new(rate).unwrap_or(NonZeroU32::MIN);
            Quota::per_second(rate).allow_burst(rate)
        };
        Self {
            callers: RateLimiter::hashmap_with_clock(quota(settings.caller_rate), MonotonicClock),
            addresses: RateLimiter::hashmap_with_clock(
                quota(settings.address_rate),
                MonotonicClock,
            ),
            at_once: Arc::new(Semaphore::new(settings.requests_at_once)),
        }
    }

    /// Counts a request of a caller. Applications that ask for all their users are limited by their address alone.
    pub(crate) fn caller(&self, identity: &Identity) -> Result<(), Problem> {
        if identity.may_decide() {
            return Ok(());
        }
        let key = (identity.organization.to_string(), identity.user.to_string());
        count(&self.callers, &key)
    }

    /// Counts a request of an address; of IPv6 the network of one customer counts.
    fn address(&self, address: IpAddr) -> Result<(), Problem> {
        count(&self.addresses, &network(address))
    }
}

fn count<Key: Clone + Eq + std::hash::Hash>(
    limiter: &Limiter<Key>,
    key: &Key,
) -> Result<(), Problem> {
    if limiter.len() > KEYS_MAX {
        limiter.retain_recent();
    }
    limiter.check_key(key).map_err(|until| {
        let wait = until.wait_time_from(MonotonicClock.now());
        Problem::new(Code::TooManyRequests).retry_after_s(wait.as_secs().saturating_add(1))
    })
}

/// Runs a request within the limits of rate, number and time.
pub(crate) async fn bound(server: &Server, mut request: Request, next: Next) -> Response {
    if let Some(address) = request.extensions().get::<Peer>().and_then(|peer| peer.0)
        && let Err(problem) = server.rates().address(address)
    {
        return problem.into_response();
    }
    let address = request.uri().path_and_query();
    if address.is_some_and(|address| address.as_str().len() > ADDRESS_BYTES_MAX) {
        let detail = format!("an address may have {ADDRESS_BYTES_MAX} bytes");
        return Problem::new(Code::AddressTooLong).detail(detail).into_response();
    }
    let Ok(_running) = Arc::clone(&server.rates().at_once).try_acquire_owned() else {
        return Problem::new(Code::Overloaded).retry_after_s(1).into_response();
    };
    let waiting = Waiting::default();
    request.extensions_mut().insert(waiting.clone());
    // Dropped after it was given up, so that it is known what it was at.
    let mut running = std::pin::pin!(next.run(request));
    match tokio::time::timeout(server.settings().request_time, &mut running).await {
        Ok(response) => response,
        Err(_) => waiting.give_up().into_response(),
    }
}

/// The clock of rates goes on by itself; nothing is decided by it but whether a request is too many.
const _: () = {
    const fn is_realtime<T: ReasonablyRealtime>() {}
    is_realtime::<MonotonicClock>();
};

#[cfg(test)]
mod tests {
    use super::Rates;
    use crate::caller::{Identity, Proof};
    use crate::scope::Scopes;
    use crate::settings::Settings;

    fn with(scope: &str) -> Identity {
        let scopes = Scopes::parse([scope]).unwrap();
        Identity {
            organization: "acme".into(),
            user: "bo".into(),
            proof: Proof::Token { id: "t-1".into(), scopes },
            must_change_password: false,
        }
    }

    #[test]
    fn an_application_that_asks_for_all_is_not_held_to_the_rate_of_one_caller() {
        let rates = Rates::new(&Settings { caller_rate: 1, ..Settings::default() });
        assert!(rates.caller(&with("all")).is_ok());
        assert!(rates.caller(&with("all")).is_err());
        assert!(rates.caller(&with("decide")).is_ok());
        assert!(rates.caller(&with("decide")).is_ok());
    }
}
