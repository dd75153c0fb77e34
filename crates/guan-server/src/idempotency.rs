//! `Idempotency-Key`: a creation that is sent twice happens once, and is answered alike twice.

use std::collections::{BTreeMap, VecDeque};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};

use crate::caller::Caller;
use crate::operation::Operation;
use crate::problem::{Code, Problem};
use crate::state::Server;

/// The header.
pub const HEADER: &str = "idempotency-key";
/// Keys that are remembered; the oldest are forgotten first.
const KEYS_MAX: usize = 10_000;
/// Bytes of an answer that are remembered; of a longer one only that it was given.
const ANSWER_BYTES_MAX: usize = 1 << 20;

/// What was answered to which key.
#[derive(Debug, Default)]
pub(crate) struct Idempotency(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    answers: BTreeMap<Key, (Fingerprint, State)>,
    order: VecDeque<Key>,
}

/// Organization, user and the key itself.
type Key = (String, String, String);
/// What was asked with it: operation, address and body.
type Fingerprint = [u8; 32];

#[derive(Debug, Clone)]
enum State {
    Running,
    Done(StatusCode, HeaderMap, Bytes),
}

/// Runs a handler, or answers what it answered before to the same key.
pub(crate) async fn once(
    (server, caller, operation): (Server, &Caller, Operation),
    request: Request,
    next: Next,
) -> Response {
    let key = match wanted(&request, operation) {
        Ok(Some(key)) => key,
        Ok(None) => return next.run(request).await,
        Err(problem) => return problem.into_response(),
    };
    let key = (caller.organization().to_string(), caller.user().to_string(), key);
    let (parts, body) = request.into_parts();
    let whole = Request::from_parts(parts.clone(), body);
    let bytes = match crate::extract::read_body(whole, server.settings().body_bytes_max).await {
        Ok(bytes) => bytes,
        Err(problem) => return problem.into_response(),
    };
    let address = parts.uri.path_and_query().map_or("", |address| address.as_str());
    let fingerprint = Sha256::new()
        .chain_update(operation.id)
        .chain_update([0])
        .chain_update(address)
        .chain_update([0])
        .chain_update(&bytes)
        .finalize()
        .into();
    if let Some(answer) = server.idempotency().begin(&key, fingerprint) {
        return answer;
    }
    // Given free when the request is given up; kept when it came to an end.
    let mut running = Running { idempotency: server.idempotency(), key: Some(key) };
    let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    running.end(response).await
}

/// The key, where the operation may be repeated under one.
fn wanted(request: &Request, operation: Operation) -> Result<Option<String>, Problem> {
    if !operation.changes() || *request.method() != Method::POST {
        return Ok(None);
    }
    let Some(value) = request.headers().get(HEADER) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    if text.is_empty() || text.len() > 255 {
        let detail = "Idempotency-Key takes 1 to 255 visible characters";
        return Err(Problem::new(Code::BadHeader).detail(detail));
    }
    Ok(Some(text.to_owned()))
}

impl Idempotency {
    /// The answer that is known already; `None` when this request is the one to be run.
    fn begin(&self, key: &Key, fingerprint: Fingerprint) -> Option<Response> {
        let mut known = self.0.lock();
        match known.answers.get(key) {
            Some((of, _)) if *of != fingerprint => {
                return Some(Problem::new(Code::KeyReused).into_response());
            }
            Some((_, State::Running)) => {
                let problem = Problem::new(Code::StillRunning).retry_after_s(1);
                return Some(problem.into_response());
            }
            Some((_, State::Done(status, headers, body))) => {
                let mut response = (*status, body.clone()).into_response();
                *response.headers_mut() = headers.clone();
                return Some(response);
            }
            None => {}
        }
        known.answers.insert(key.clone(), (fingerprint, State::Running));
        known.order.push_back(key.clone());
        while known.order.len() > KEYS_MAX
            && let Some(oldest) = known.order.pop_front()
        {
            known.answers.remove(&oldest);
        }
        None
    }

    fn end(&self, key: &Key, state: Option<State>) {
        let mut known = self.0.lock();
        match (state, known.answers.get_mut(key)) {
            (Some(state), Some(entry)) => entry.1 = state,
            (None, Some(_)) => {
                known.answers.remove(key);
                known.order.retain(|kept| kept != key);
            }
            (_, None) => {}
        }
    }
}

/// A request that runs under a key.
struct Running<'a> {
    idempotency: &'a Idempotency,
    key: Option<Key>,
}

impl Running<'_> {
    /// Remembers what was answered. What failed in the server may be tried again under the same key.
    async fn end(&mut self, response: Response) -> Response {
        let status = response.status();
        let problem = response.extensions().get::<Problem>().cloned();
        if status.is_server_error() || status == StatusCode::UNAUTHORIZED {
            return response;
        }
        let (parts, body) = response.into_parts();
        let Ok(bytes) = axum::body::to_bytes(body, ANSWER_BYTES_MAX).await else {
            return Problem::bug("an answer of a creation is too long").into_response();
        };
        if let Some(key) = self.key.take() {
            let done = State::Done(status, parts.headers.clone(), bytes.clone());
            self.idempotency.end(&key, Some(done));
        }
        let mut response = Response::from_parts(parts, Body::from(bytes));
        if let Some(problem) = problem {
            response.extensions_mut().insert(problem);
        }
        response
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            self.idempotency.end(&key, None);
        }
    }
}
