//! Sessions, tokens and passwords of others: for who administers them, judged where the change is made.

use axum::extract::State;
use axum::http::StatusCode;
use guan_engine::Engine;
use guan_engine::administration::{Act, AdministrationRefusal, Power, stated_powers};
use guan_engine::ask::Session;
use guan_engine::model::UserId;
use guan_store::{Acting, Change, ClockReading, CredentialChange, Gate, NewToken, Reader};

use super::new_token;
use super::shown::{
    self, CredentialsShown, PasswordMade, SessionShown, TokenBody, TokenMade, TokenShown,
};
use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::guard::elevated_by;
use crate::operation::{Operation, Routes};
use crate::page::{Page, PageQuery};
use crate::problem::{Code, Problem};
use crate::state::Server;
use crate::{guarded, password};

const SHOW_CREDENTIALS: Operation =
    Operation::needs("show_user_credentials", Power::ManageCredentials);
const RESET_PASSWORD: Operation =
    Operation::needs("reset_user_password", Power::ManageCredentials).changing();
pub(in crate::routes) const LIST_SESSIONS: Operation =
    Operation::needs("list_user_sessions", Power::ManageCredentials);
const END_SESSION: Operation =
    Operation::needs("end_user_session", Power::ManageCredentials).changing();
const END_SESSIONS: Operation =
    Operation::needs("end_user_sessions", Power::ManageCredentials).changing();
const LIST_TOKENS: Operation = Operation::needs("list_user_tokens", Power::ManageCredentials);
const CREATE_TOKEN: Operation =
    Operation::needs("create_user_token", Power::ManageCredentials).changing().once();
const REVOKE_TOKEN: Operation =
    Operation::needs("revoke_user_token", Power::ManageCredentials).changing();

pub(super) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(SHOW_CREDENTIALS, show_user_credentials))
        .with(guarded!(RESET_PASSWORD, reset_user_password))
        .with(guarded!(LIST_SESSIONS, list_user_sessions))
        .with(guarded!(END_SESSION, end_user_session))
        .with(guarded!(END_SESSIONS, end_user_sessions))
        .with(guarded!(LIST_TOKENS, list_user_tokens))
        .with(guarded!(CREATE_TOKEN, create_user_token))
        .with(guarded!(REVOKE_TOKEN, revoke_user_token))
}

/// What is known of a user's password.
#[utoipa::path(get, path = "/api/v1/users/{user}/credentials", tag = "users", params(("user" = String, Path)), responses((status = 200, body = CredentialsShown)))]
async fn show_user_credentials(
    caller: Caller,
    State(server): State<Server>,
    Path(user): Path<String>,
) -> Result<Json<CredentialsShown>, Problem> {
    let now = server.now().wall;
    let found = look(&server, caller, user, |reader, caller, user, _| {
        Ok(reader.account(caller.organization(), user)?)
    });
    let account = found.await?;
    Ok(Json(CredentialsShown {
        password: account.is_some(),
        must_change: account.as_ref().is_some_and(|account| account.must_change),
        changed: account.as_ref().map(|account| account.changed),
        failed: account.as_ref().map_or(0, |account| account.failed),
        paused_until: account.map(|account| account.paused_until).filter(|until| *until > now),
    }))
}

/// Gives a user a password for one time, which is shown this once; every session and token of theirs ends.
#[utoipa::path(put, path = "/api/v1/users/{user}/password", tag = "users", params(("user" = String, Path)), responses((status = 200, body = PasswordMade)))]
async fn reset_user_password(
    caller: Caller,
    State(server): State<Server>,
    Path(user): Path<String>,
) -> Result<Json<PasswordMade>, Problem> {
    if caller.user().as_str() == user {
        let detail = "change your own password with `change_password`";
        return Err(Problem::new(Code::Invalid).detail(detail));
    }
    let turn = server.attempts().turn().await?;
    let made = server.blocking(move |_| {
        let _turn = turn;
        let password = password::one_time()?;
        let hash = password::hash(&password)?;
        Ok::<_, Problem>((password, hash))
    });
    let (password, hash) = made.await?;
    act(&server, caller, user, |_, user| {
        Ok(CredentialChange::SetPassword {
            user: user.clone(),
            hash,
            must_change: true,
            keep: None,
        })
    })
    .await?;
    Ok(Json(PasswordMade { password }))
}

/// The sessions of a user that count now.
#[utoipa::path(get, path = "/api/v1/users/{user}/sessions", tag = "users", params(("user" = String, Path), PageQuery), responses((status = 200, body = Page<SessionShown>)))]
async fn list_user_sessions(
    caller: Caller,
    State(server): State<Server>,
    Path(user): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<SessionShown>>, Problem> {
    let idle = server.settings().session_idle;
    let found = look(&server, caller, user, move |reader, caller, user, clock| {
        let all = reader.sessions(caller.organization(), user)?;
        Ok(shown::sessions(all, (clock, reader.incarnation()?), (idle, None)))
    });
    Page::of(found.await?, &query, |session| &session.id).map(Json)
}

/// Ends a session of a user.
#[utoipa::path(delete, path = "/api/v1/users/{user}/sessions/{session}", tag = "users", params(("user" = String, Path), ("session" = String, Path)), responses((status = 204)))]
async fn end_user_session(
    caller: Caller,
    State(server): State<Server>,
    Path((user, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let organization = caller.organization().clone();
    act(&server, caller, user, move |acting, user| {
        let found = acting.read().session(&organization, &id)?;
        found.filter(|session| session.user == *user).ok_or_else(Problem::not_found)?;
        Ok(CredentialChange::EndSession { id })
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends every session of a user.
#[utoipa::path(delete, path = "/api/v1/users/{user}/sessions", tag = "users", params(("user" = String, Path)), responses((status = 204)))]
async fn end_user_sessions(
    caller: Caller,
    State(server): State<Server>,
    Path(user): Path<String>,
) -> Result<StatusCode, Problem> {
    act(&server, caller, user, |_, user| {
        Ok(CredentialChange::EndSessions { user: user.clone(), keep: None })
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The tokens of a user that count now, without their secrets.
#[utoipa::path(get, path = "/api/v1/users/{user}/tokens", tag = "users", params(("user" = String, Path), PageQuery), responses((status = 200, body = Page<TokenShown>)))]
async fn list_user_tokens(
    caller: Caller,
    State(server): State<Server>,
    Path(user): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<TokenShown>>, Problem> {
    let found = look(&server, caller, user, |reader, caller, user, clock| {
        let all = reader.tokens(caller.organization())?;
        Ok(shown::tokens(all, (clock, reader.incarnation()?), user.as_str()))
    });
    Page::of(found.await?, &query, |token| &token.id).map(Json)
}

/// Makes a token for a user who is a program: one without a password. Whoever has a password makes their own. It is over
/// when the user is given a power that they do not hold now.
#[utoipa::path(post, path = "/api/v1/users/{user}/tokens", tag = "users", params(("user" = String, Path)), request_body = TokenBody, responses((status = 201, body = TokenMade)))]
async fn create_user_token(
    caller: Caller,
    State(server): State<Server>,
    Path(user): Path<String>,
    Json(asked): Json<TokenBody>,
) -> Result<(StatusCode, Json<TokenMade>), Problem> {
    let under = elevated_by(&server, &caller).await?;
    let (made, shown) = new_token((&caller, &server.now()), &user, asked, under)?;
    let organization = caller.organization().clone();
    act(&server, caller, user, move |acting, user| {
        if acting.read().account(&organization, user)?.is_some() {
            let detail = "the user has a password and makes their own tokens";
            return Err(Problem::new(Code::MayNotAdminister).detail(detail));
        }
        // What they get later is not its maker's to use.
        let powers = Some(stated_powers(acting.engine().policy(), user));
        Ok(CredentialChange::CreateToken(NewToken { powers, ..made }))
    })
    .await?;
    Ok((StatusCode::CREATED, shown))
}

/// Revokes a token of a user.
#[utoipa::path(delete, path = "/api/v1/users/{user}/tokens/{token}", tag = "users", params(("user" = String, Path), ("token" = String, Path)), responses((status = 204)))]
async fn revoke_user_token(
    caller: Caller,
    State(server): State<Server>,
    Path((user, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let organization = caller.organization().clone();
    act(&server, caller, user, move |acting, user| {
        let found = acting.read().token(&organization, &id)?;
        found.filter(|token| token.user == *user).ok_or_else(Problem::not_found)?;
        Ok(CredentialChange::RevokeToken { id })
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reads of a user whom the caller administers.
async fn look<T: Send + 'static>(
    server: &Server,
    caller: Caller,
    user: String,
    read: impl FnOnce(&Reader<'_>, &Caller, &UserId, &ClockReading) -> Result<T, Problem>
    + Send
    + 'static,
) -> Result<T, Problem> {
    let clock = server.now();
    let found = server.blocking(move |gate: &Gate| {
        let user = UserId::from(user);
        let view = gate.view(caller.organization())?;
        let facts = view.facts(&clock);
        let session = caller.session(clock.wall).under(view.standing(&facts));
        may_touch(view.engine(), &session, &user)?;
        gate.read(|reader| read(reader, &caller, &user, &clock))
    });
    found.await
}

/// Judges and changes as one.
async fn act(
    server: &Server,
    caller: Caller,
    user: String,
    make: impl FnOnce(&Acting<'_>, &UserId) -> Result<CredentialChange, Problem> + Send + 'static,
) -> Result<(), Problem> {
    let clock = server.now();
    let done = server.blocking(move |gate: &Gate| {
        let (user, organization) = (UserId::from(user), caller.organization());
        gate.act(&caller.who(), &clock, organization, |acting| {
            let session = caller.session(clock.wall).under(acting.standing());
            may_touch(acting.engine(), &session, &user)?;
            let change = make(acting, &user)?;
            let organization = organization.clone();
            acting.apply(Change::ChangeCredentials { organization, change })?;
            Ok::<_, Problem>(())
        })
    });
    done.await?;
    server.identities().forget_all();
    Ok(())
}

/// Users outside of what the caller administers look as if they were not there.
fn may_touch(engine: &Engine, session: &Session<'_>, user: &UserId) -> Result<(), Problem> {
    if !engine.policy().users.contains_key(user) {
        return Err(Problem::not_found());
    }
    let act = Act::On { power: Power::ManageCredentials, user };
    match engine.may_administer(session, act) {
        Err(AdministrationRefusal::OutsideSubtree { .. }) => Err(Problem::not_found()),
        other => Ok(other?),
    }
}
