//! The caller's own sessions and tokens.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;
use guan_store::{ClockReading, CredentialChange, Gate, ReadError};

use super::new_token;
use super::shown::{self, SessionShown, TokenBody, TokenMade, TokenShown};
use crate::caller::{Caller, Proof};
use crate::extract::{Json, Path, Query};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::page::{Page, PageQuery};
use crate::problem::{Code, Problem};
use crate::routes::session::change;
use crate::state::Server;
use guan_engine::model::Span;

const LIST_MY_SESSIONS: Operation = Operation::oneself("list_my_sessions");
const END_MY_SESSION: Operation = Operation::oneself("end_my_session").changing();
const END_MY_OTHER_SESSIONS: Operation = Operation::oneself("end_my_other_sessions").changing();
const LIST_MY_TOKENS: Operation = Operation::oneself("list_my_tokens");
const CREATE_MY_TOKEN: Operation = Operation::oneself("create_my_token").changing().once();
const REVOKE_MY_TOKEN: Operation = Operation::oneself("revoke_my_token").changing();

pub(super) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(LIST_MY_SESSIONS, list_my_sessions))
        .with(guarded!(END_MY_SESSION, end_my_session))
        .with(guarded!(END_MY_OTHER_SESSIONS, end_my_other_sessions))
        .with(guarded!(LIST_MY_TOKENS, list_my_tokens))
        .with(guarded!(CREATE_MY_TOKEN, create_my_token))
        .with(guarded!(REVOKE_MY_TOKEN, revoke_my_token))
}

/// The caller's sessions that count now.
#[utoipa::path(get, path = "/api/v1/me/sessions", tag = "session", params(PageQuery), responses((status = 200, body = Page<SessionShown>)))]
async fn list_my_sessions(
    caller: Caller,
    State(server): State<Server>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<SessionShown>>, Problem> {
    let (clock, idle) = (server.now(), server.settings().session_idle);
    let all = server.blocking(move |gate| own_sessions(gate, &caller, (&clock, idle))).await?;
    Page::of(all, &query, |session| &session.id).map(Json)
}

/// Ends one of the caller's sessions.
#[utoipa::path(delete, path = "/api/v1/me/sessions/{session}", tag = "session", params(("session" = String, Path)), responses((status = 204)))]
async fn end_my_session(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (clock, idle, who) = (server.now(), server.settings().session_idle, caller.clone());
    let all = server.blocking(move |gate| own_sessions(gate, &who, (&clock, idle))).await?;
    if !all.iter().any(|session| session.id == id) {
        return Err(Problem::not_found());
    }
    change(&server, &caller, CredentialChange::EndSession { id }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends the caller's sessions but the one that asks.
#[utoipa::path(delete, path = "/api/v1/me/sessions", tag = "session", responses((status = 204)))]
async fn end_my_other_sessions(
    caller: Caller,
    State(server): State<Server>,
) -> Result<StatusCode, Problem> {
    let keep = current(&caller).map(str::to_owned);
    let ended = CredentialChange::EndSessions { user: caller.user().clone(), keep };
    change(&server, &caller, ended).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The caller's tokens that count now, without their secrets.
#[utoipa::path(get, path = "/api/v1/me/tokens", tag = "session", params(PageQuery), responses((status = 200, body = Page<TokenShown>)))]
async fn list_my_tokens(
    caller: Caller,
    State(server): State<Server>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<TokenShown>>, Problem> {
    let clock = server.now();
    let all = server.blocking(move |gate| own_tokens(gate, &caller, &clock)).await?;
    Page::of(all, &query, |token| &token.id).map(Json)
}

/// Makes a token with which a program acts as the caller. Its secret is shown this once. A token makes no token.
#[utoipa::path(post, path = "/api/v1/me/tokens", tag = "session", request_body = TokenBody, responses((status = 201, body = TokenMade)))]
async fn create_my_token(
    caller: Caller,
    State(server): State<Server>,
    Json(asked): Json<TokenBody>,
) -> Result<(StatusCode, Json<TokenMade>), Problem> {
    if current(&caller).is_none() {
        return Err(Problem::new(Code::ScopeMissing).detail("sign in to make a token"));
    }
    let (made, shown) =
        new_token((&caller, &server.now()), caller.user().as_str(), asked, BTreeSet::new())?;
    change(&server, &caller, CredentialChange::CreateToken(made)).await?;
    Ok((StatusCode::CREATED, shown))
}

/// Revokes one of the caller's tokens.
#[utoipa::path(delete, path = "/api/v1/me/tokens/{token}", tag = "session", params(("token" = String, Path)), responses((status = 204)))]
async fn revoke_my_token(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (clock, who) = (server.now(), caller.clone());
    let all = server.blocking(move |gate| own_tokens(gate, &who, &clock)).await?;
    if !all.iter().any(|token| token.id == id) {
        return Err(Problem::not_found());
    }
    change(&server, &caller, CredentialChange::RevokeToken { id }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The session that asks; none where a token does.
fn current(caller: &Caller) -> Option<&str> {
    match &caller.identity().proof {
        Proof::Session { id, .. } => Some(id),
        Proof::Token { .. } => None,
    }
}

fn own_sessions(
    gate: &Gate,
    caller: &Caller,
    (clock, idle): (&ClockReading, Span),
) -> Result<Vec<SessionShown>, ReadError> {
    gate.read(|reader| {
        let all = reader.sessions(caller.organization(), caller.user())?;
        Ok(shown::sessions(all, (clock, reader.incarnation()?), (idle, current(caller))))
    })
}

fn own_tokens(
    gate: &Gate,
    caller: &Caller,
    clock: &ClockReading,
) -> Result<Vec<TokenShown>, ReadError> {
    gate.read(|reader| {
        let all = reader.tokens(caller.organization())?;
        Ok(shown::tokens(all, (clock, reader.incarnation()?), caller.user().as_str()))
    })
}
