//! `Guan-Token`: what a change gives, and what makes a read on any node see that change.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use guan_store::Token;

use crate::caller::Caller;
use crate::operation::Operation;
use crate::problem::{Code, Problem};
use crate::state::Server;

/// The header, in answers to changes and in whatever request is to see them.
pub const HEADER: HeaderName = HeaderName::from_static("guan-token");
/// How long a request waits for what it wants to see.
const WAIT: Duration = Duration::from_secs(1);

/// Waits until this node has seen what the token of the request stands for, where it brings one.
///
/// Errors: no token; not seen in time.
pub(crate) async fn wait(
    server: &Server,
    caller: &Caller,
    headers: &HeaderMap,
) -> Result<(), Problem> {
    let Some(value) = headers.get(HEADER) else { return Ok(()) };
    let token: Token = value.to_str().ok().and_then(|text| text.parse().ok()).ok_or_else(|| {
        let detail = "Guan-Token takes what a change gave, as it is";
        Problem::new(Code::BadHeader).detail(detail)
    })?;
    let organization = caller.organization().clone();
    if server.gate().token(&organization) >= token {
        return Ok(());
    }
    server.blocking(move |gate| gate.wait_for(&organization, token, WAIT)).await
}

/// Says in the answer to a change how far this node has seen, which is beyond the change.
pub(crate) fn tell(
    server: &Server,
    (caller, operation): (&Caller, Operation),
    response: &mut Response,
) {
    if !operation.changes() || !response.status().is_success() {
        return;
    }
    let token = server.gate().token(caller.organization()).to_string();
    if let Ok(value) = HeaderValue::from_str(&token) {
        response.headers_mut().insert(HEADER, value);
    }
}
