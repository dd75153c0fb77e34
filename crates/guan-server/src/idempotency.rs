//! `Idempotency-Key`: a creation that is sent twice happens once, and is answered alike twice, on whichever node.

use std::collections::BTreeMap;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use guan_ledger::Digest;
use guan_store::{AnswerKey, Begun, KeptAnswer};

use crate::caller::Caller;
use crate::operation::{Operation, Repeat};
use crate::problem::{Code, Problem};
use crate::state::Server;

/// The header.
pub const HEADER: &str = "idempotency-key";
/// Bytes of an answer that are kept; of a longer one only that it was given.
const ANSWER_BYTES_MAX: usize = 1 << 20;
/// The headers that are kept with an answer.
const KEPT: [HeaderName; 3] = [header::CONTENT_TYPE, header::ETAG, header::LOCATION];

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
    let (organization, user) = (caller.organization().clone(), caller.user().clone());
    let key = AnswerKey { organization, user, key };
    match first(&server, &key, operation, request).await {
        // On a task of its own: when the client gives up, what was begun comes to its end, and its answer is kept.
        Ok(Ok(request)) => {
            match tokio::spawn(run(server, (key, operation.repeat), next, request)).await {
                Ok(response) => response,
                Err(_) => Problem::bug("a request under a key was stopped").into_response(),
            }
        }
        Ok(Err(response)) => response,
        Err(problem) => problem.into_response(),
    }
}

/// The request, when it is the first under its key; else what there is to answer.
async fn first(
    server: &Server,
    key: &AnswerKey,
    operation: Operation,
    request: Request,
) -> Result<Result<Request, Response>, Problem> {
    let (parts, body) = request.into_parts();
    let whole = Request::from_parts(parts.clone(), body);
    // Also of uploads, so that only the same file is the same request.
    let bytes = crate::extract::read_body(whole, server.settings().upload_bytes_max).await?;
    let address = parts.uri.path_and_query().map_or("", |address| address.as_str());
    let mut asked = format!("{}\n{address}\n", operation.id).into_bytes();
    asked.extend_from_slice(&bytes);
    let (fingerprint, clock, key) = (Digest::of(&asked), server.now(), key.clone());
    let begun = server.blocking(move |gate| gate.begin_answer(&clock, &key, &fingerprint)).await?;
    Ok(match begun {
        Begun::First => Ok(Request::from_parts(parts, Body::from(bytes))),
        Begun::Running => return Err(Problem::new(Code::StillRunning).retry_after_s(1)),
        Begun::Unknown => return Err(Problem::new(Code::OutcomeUnknown)),
        Begun::Other => return Err(Problem::new(Code::KeyReused)),
        Begun::Given(_) if operation.repeat == Repeat::Once => {
            return Err(Problem::new(Code::NotRepeated));
        }
        Begun::Given(answer) => Err(given(answer)?),
    })
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

/// Runs the handler and keeps its answer. What failed in the server may be tried again under the same key.
async fn run(
    server: Server,
    (key, repeat): (AnswerKey, Repeat),
    next: Next,
    request: Request,
) -> Response {
    let response = next.run(request).await;
    let problem = response.extensions().get::<Problem>().cloned();
    if problem.as_ref().is_some_and(|problem| problem.code() == Code::OutcomeUnknown) {
        // The key stays taken, so that nothing is done twice.
        return response;
    }
    if response.status().is_server_error() {
        note(server.blocking(move |gate| gate.drop_answer(&key)).await);
        return response;
    }
    if repeat == Repeat::Once {
        note(server.blocking(move |gate| gate.keep_answer(&key, &not_kept())).await);
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, usize::MAX).await else {
        return Problem::bug("an answer broke off").into_response();
    };
    let answer = if bytes.len() > ANSWER_BYTES_MAX {
        not_kept()
    } else {
        KeptAnswer {
            status: parts.status.as_u16(),
            headers: kept(&parts.headers),
            body: bytes.to_vec(),
        }
    };
    note(server.blocking(move |gate| gate.keep_answer(&key, &answer)).await);
    Response::from_parts(parts, Body::from(bytes))
}

/// The status under which it is kept that an answer was given, but not which.
const NOT_KEPT: u16 = 1;

fn not_kept() -> KeptAnswer {
    KeptAnswer { status: NOT_KEPT, headers: "{}".to_owned(), body: Vec::new() }
}

fn note(done: Result<(), Problem>) {
    if let Err(problem) = done {
        let code = problem.code().name();
        tracing::warn!(name: "answer.unkept", code, "an answer could not be kept under its key");
    }
}

fn kept(headers: &HeaderMap) -> String {
    let text = |name: &HeaderName| {
        let value = headers.get(name)?.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    };
    let kept: BTreeMap<String, String> = KEPT.iter().filter_map(text).collect();
    serde_json::to_string(&kept).unwrap_or_default()
}

fn given(answer: KeptAnswer) -> Result<Response, Problem> {
    if answer.status == NOT_KEPT {
        return Err(Problem::new(Code::NotRepeated));
    }
    let status = StatusCode::from_u16(answer.status)
        .map_err(|_| Problem::bug("an answer was kept under a status that is none"))?;
    let mut response = (status, Bytes::from(answer.body)).into_response();
    response.headers_mut().remove(header::CONTENT_TYPE);
    let headers: BTreeMap<String, String> =
        serde_json::from_str(&answer.headers).map_err(|error| Problem::fault(&error))?;
    for (name, value) in headers {
        let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value))
        else {
            continue;
        };
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}
