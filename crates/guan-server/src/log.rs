//! One line in the log for each request, with its id; never customer data, never a secret.

use std::mem;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath, Request};
use axum::http::header::{self, Entry};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method};
use axum::response::Response;
use guan_store::{ClockReading, Patience};
use parking_lot::Mutex;
use uuid::{Builder, Uuid};

use crate::caller::Caller;
use crate::context::Context;
use crate::operation::{Effect, Operation};
use crate::problem::Problem;
use crate::settings::Settings;

/// The header that carries the request's id, in and out.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// What every answer says, unless it says otherwise itself.
const USUAL: [(HeaderName, HeaderValue); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];
const FORWARDED: &str = "x-forwarded-for";

/// The id of a request: the caller's own when it is a plain word, else a new one.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(Arc<str>);

/// Where the request comes from, as far as it can be believed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) Option<IpAddr>);

/// What is found out about a request on its way, for its line in the log.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<(Option<Operation>, Option<Caller>)>);

impl RequestId {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn of(request: &Request, arrived: &ClockReading) -> Self {
        let brought = request.headers().get(HEADER).and_then(|value| value.to_str().ok());
        let is_plain = |id: &&str| {
            (8..=64).contains(&id.len())
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        Self(brought.filter(is_plain).map_or_else(|| new_id(arrived), Arc::from))
    }
}

/// A UUID of version 7 of the time, of a count, and of what this process began with: made without asking the system.
fn new_id(arrived: &ClockReading) -> Arc<str> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    static PROCESS: OnceLock<[u8; 6]> = OnceLock::new();
    let process = PROCESS.get_or_init(|| {
        let mut bytes = [0; 6];
        // Ids of another process are told apart by time and count alone then.
        let _filled = getrandom::fill(&mut bytes);
        bytes
    });
    let mut bytes = [0; 10];
    // A half byte of the first and two bits of the third become version and variant.
    bytes[..6].copy_from_slice(process);
    bytes[6..].copy_from_slice(&COUNT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    let time = u64::try_from(arrived.wall.0).unwrap_or_default();
    let id = Builder::from_unix_timestamp_millis(time, &bytes).into_uuid();
    Arc::from(&*id.hyphenated().encode_lower(&mut Uuid::encode_buffer()))
}

impl Seen {
    pub(crate) fn operation(&self, operation: Operation) {
        self.0.lock().0 = Some(operation);
    }

    pub(crate) fn caller(&self, caller: &Caller) {
        self.0.lock().1 = Some(caller.clone());
    }

    fn take(&self) -> (Option<Operation>, Option<Caller>) {
        mem::take(&mut *self.0.lock())
    }
}

impl Peer {
    /// The nearest address that is no proxy of ours.
    pub(crate) fn of(request: &Request, settings: &Settings) -> Self {
        let nearest = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let Some(nearest) = nearest.map(|info| info.0.ip().to_canonical()) else {
            return Self(None);
        };
        if !settings.proxies.contains(&nearest) {
            return Self(Some(nearest));
        }
        // As bytes: a line that is no text still ends with what our proxy wrote.
        let lines = request.headers().get_all(FORWARDED).iter();
        let said: Vec<&[u8]> =
            lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b',')).collect();
        for part in said.iter().rev() {
            let text = str::from_utf8(part.trim_ascii()).unwrap_or_default();
            match text.parse::<IpAddr>().map(|address| address.to_canonical()) {
                Ok(address) if settings.proxies.contains(&address) => {}
                Ok(address) => return Self(Some(address)),
                // Whatever stands before it cannot be believed either.
                Err(_) => return Self(None),
            }
        }
        Self(Some(nearest))
    }
}

/// Where a request comes from, for operations that nobody needs to be signed in for.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    address: Option<IpAddr>,
    request: Option<String>,
    patience: Patience,
}

impl Origin {
    pub(crate) fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// As the store and the ledger know callers.
    pub(crate) fn caller(&self, id: &str, auth_method: &str) -> guan_store::Caller {
        guan_store::Caller {
            id: id.to_owned(),
            session: None,
            auth_method: Some(auth_method.to_owned()),
            address: self.address,
            request: self.request.clone(),
            patience: self.patience.clone(),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Origin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let context = Context::from_request_parts(parts, state).await?;
        let request = Some(context.id.as_str().to_owned());
        Ok(Self { address: context.address(), request, patience: context.waiting.patience() })
    }
}

/// The line of a request, while it runs.
#[derive(Debug)]
pub(crate) struct Line {
    begun: tokio::time::Instant,
    context: Context,
    method: Method,
    /// The pattern, not the path itself: ids belong to the ledger.
    route: Option<MatchedPath>,
}

impl Line {
    /// Begins one.
    pub(crate) fn begin(context: &Context, request: &Request) -> Self {
        let begun = tokio::time::Instant::now();
        let route = request.extensions().get::<MatchedPath>().cloned();
        Self { begun, context: context.clone(), method: request.method().clone(), route }
    }

    /// The id of the request.
    pub(crate) fn id(&self) -> &str {
        self.context.id.as_str()
    }

    /// Completes the head of the answer and writes the line.
    pub(crate) fn end(&self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        if let Ok(value) = HeaderValue::from_str(self.id()) {
            headers.insert(HEADER, value);
        }
        for (name, value) in USUAL {
            if let Entry::Vacant(place) = headers.entry(name) {
                place.insert(value);
            }
        }
        let (operation, caller) = self.context.seen.take();
        let is_question = operation.is_some_and(|operation| operation.effect == Effect::Answers);
        if is_question
            && !self.context.server.settings().log_questions
            && response.status().is_success()
        {
            return response;
        }
        let problem = response.extensions().get::<Problem>();
        tracing::info!(
            name: "http.request",
            request = self.id(),
            method = self.method.as_str(),
            route = self.route.as_ref().map(MatchedPath::as_str),
            operation = operation.map(|operation| operation.id),
            caller = caller.as_ref().map(|caller| caller.user().as_str()),
            status = response.status().as_u16(),
            code = problem.map(|problem| problem.code().name()),
            duration_us = u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX),
            "answered"
        );
        response
    }
}

#[cfg(test)]
mod tests {
    use super::{FORWARDED, Peer};
    use crate::settings::Settings;
    use axum::body::Body;
    use axum::extract::{ConnectInfo, Request};
    use axum::http::HeaderValue;
    use std::net::{IpAddr, SocketAddr};

    #[test]
    fn of_what_proxies_say_the_end_counts_whatever_stands_before_it() {
        let proxies = ["127.0.0.1", "127.0.0.2"].map(|proxy| proxy.parse::<IpAddr>().unwrap());
        let settings = Settings { proxies: proxies.into(), ..Settings::default() };
        let of = |lines: &[&[u8]]| {
            let mut request = Request::new(Body::empty());
            let socket: SocketAddr = "127.0.0.1:4000".parse().unwrap();
            request.extensions_mut().insert(ConnectInfo(socket));
            for line in lines {
                request.headers_mut().append(FORWARDED, HeaderValue::from_bytes(line).unwrap());
            }
            Peer::of(&request, &settings).0.map(|address| address.to_string())
        };
        let client = Some("198.51.100.7".to_owned());
        assert_eq!(of(&[b"198.51.100.7"]), client);
        assert_eq!(of(&[b"127.0.0.1, 198.51.100.7"]), client);
        assert_eq!(of(&[b"\xff, 198.51.100.7"]), client, "no text");
        assert_eq!(of(&["客, 198.51.100.7".as_bytes()]), client);
        assert_eq!(of(&[b"10.0.0.1", b"198.51.100.7 , ::ffff:127.0.0.2"]), client);
        assert_eq!(of(&[b"198.51.100.7, \xff"]), None);
        assert_eq!(of(&[b"198.51.100.7,"]), None);
        assert_eq!(of(&[]), Some("127.0.0.1".to_owned()));
    }
}
