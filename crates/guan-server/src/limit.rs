//! Limits on rate, number and time of requests: what is too much is refused before it costs anything.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, MonotonicClock, ReasonablyRealtime};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::attempts::network;
use crate::caller::Identity;
use crate::context::Context;
use crate::health;
use crate::places::Places;
use crate::problem::{Code, Problem};
use crate::settings::Settings;

/// Keys that are remembered before those at rest are forgotten.
const KEYS_MAX: usize = 100_000;

/// How long an operation may take that reads what grows with the installation.
const LONG: Duration = Duration::from_mins(10);

/// Questions whether the server is well that are answered at once.
const WATCHING_MAX: usize = 16;

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
    at_once: Arc<Places>,
    /// For whoever watches the server, which has to be answered when everything else is full.
    watching: Arc<Places>,
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
            at_once: Places::new(settings.requests_at_once),
            watching: Places::new(WATCHING_MAX),
        }
    }

    /// Counts a request of a caller.
    pub(crate) fn caller(&self, identity: &Identity) -> Result<(), Problem> {
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
pub(crate) async fn bound(context: &Context, request: Request, next: Next) -> Response {
    let (server, peer) = (&context.server, context.address());
    if let Some(address) = peer
        && let Err(problem) = server.rates().address(address)
    {
        return problem.into_response();
    }
    let address = request.uri().path_and_query();
    if address.is_some_and(|address| address.as_str().len() > ADDRESS_BYTES_MAX) {
        let detail = format!("an address may have {ADDRESS_BYTES_MAX} bytes");
        return Problem::new(Code::AddressTooLong).detail(detail).into_response();
    }
    // Which of two counts depends on who reads; what stands before us may have read the other.
    if request.headers().get_all(header::HOST).iter().nth(1).is_some() {
        let detail = "a request names one `Host`";
        return Problem::new(Code::BadHeader).detail(detail).into_response();
    }
    let rates = server.rates();
    let is_watching = health::PATHS.contains(&request.uri().path());
    let places = if is_watching { &rates.watching } else { &rates.at_once };
    let Some(place) = places.take(peer) else {
        return Problem::new(Code::Overloaded).retry_after_s(1).into_response();
    };
    context.running.hold(place);
    let waiting = &context.waiting;
    // Dropped after it was given up, so that it is known what it was at.
    let mut work = std::pin::pin!(next.run(request));
    let mut answer = tokio::time::timeout(server.settings().request_time, &mut work).await;
    if answer.is_err() && waiting.is_long() {
        answer = tokio::time::timeout(LONG, &mut work).await;
    }
    let answer = answer.unwrap_or_else(|_| waiting.give_up().into_response());
    context.running.leave();
    answer
}

/// The clock of rates goes on by itself; nothing is decided by it but whether a request is too many.
const _: () = {
    const fn is_realtime<T: ReasonablyRealtime>() {}
    is_realtime::<MonotonicClock>();
};
