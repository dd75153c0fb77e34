//! Signing in and out: sessions of browsers, and the caller's own password.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use guan_engine::model::{Moment, OrganizationId, Span, UserId};
use guan_store::{Change, ClockReading, CredentialChange, Gate, NewSession, ReadError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::attempts::{paused_until, wait_for};
use crate::caller::{Caller, Proof};
use crate::extract::Json;
use crate::identity::cookie_name;
use crate::log::Origin;
use crate::operation::{Operation, Routes};
use crate::problem::{Code, Problem};
use crate::secret::{NewSecret, random_hex};
use crate::settings::Front;
use crate::state::Server;
use crate::{guarded, open, password};

const SIGN_IN: Operation = Operation::public("sign_in").changing();
const SIGN_OUT: Operation = Operation::oneself("sign_out").changing();
const CHANGE_PASSWORD: Operation = Operation::oneself("change_password").changing();

/// The operations of this file.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(open!(SIGN_IN, sign_in))
        .with(guarded!(SIGN_OUT, sign_out))
        .with(guarded!(CHANGE_PASSWORD, change_password))
}

/// Who wants to sign in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    /// The organization; may be left out where there is one only.
    organization: Option<String>,
    /// The user's id.
    user: String,
    /// The password.
    password: String,
}

/// A session that was opened; its secret is in the cookie.
#[derive(Debug, Serialize, ToSchema)]
struct SessionOpened {
    /// The organization.
    organization: String,
    /// The user.
    user: String,
    /// What changing requests send as `X-CSRF-Token`.
    csrf: String,
    /// When the session ends at the latest.
    #[schema(value_type = String)]
    ends: Moment,
    /// Whether nothing but changing the password is open.
    must_change_password: bool,
}

/// Another password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePassword {
    /// The password until now.
    current: String,
    /// The password from now on: 12 characters or more.
    new: String,
}

/// Opens a session with a password. The answer takes as long for users that there are not.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "session", request_body = SignIn,
    responses((status = 201, body = SessionOpened)))]
async fn sign_in(
    State(server): State<Server>,
    origin: Origin,
    headers: HeaderMap,
    Json(asked): Json<SignIn>,
) -> Result<Response, Problem> {
    if headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none") {
        return Err(Problem::new(Code::ForgerySuspected));
    }
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let agent = agent.map(|agent| agent.chars().take(200).collect());
    let (clock, length) = (server.now(), server.settings().session_length);
    let (address, now) = (origin.address(), clock.wall);
    server.attempts().admit(address, now)?;
    let turn = server.attempts().turn().await?;
    let attempt = Attempt { server: server.clone(), asked, origin, agent, clock, length };
    let judged = server.blocking(move |gate| {
        let judged = attempt.judge(gate);
        drop(turn);
        judged
    });
    let judged = judged.await;
    if judged.as_ref().is_err_and(|problem| problem.code() == Code::SignInRefused) {
        server.attempts().failed(address, now);
    }
    let (secret, opened) = judged?;
    let age_s = server.settings().session_length.0 / 1_000;
    let cookie = cookie(server.settings().front, &secret, age_s)?;
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, cookie)], Json(opened)).into_response())
}

struct Attempt {
    server: Server,
    asked: SignIn,
    origin: Origin,
    agent: Option<String>,
    clock: ClockReading,
    length: Span,
}

impl Attempt {
    fn judge(self, gate: &Gate) -> Result<(String, SessionOpened), Problem> {
        let refused = || Problem::new(Code::SignInRefused);
        let user = UserId::from(self.asked.user.as_str());
        let found = gate.read(|reader| {
            let known = reader.organizations()?;
            let organization = match (&self.asked.organization, known.as_slice()) {
                (Some(wanted), _) => known.iter().find(|id| id.as_str() == wanted),
                (None, [only]) => Some(only),
                (None, _) => None,
            };
            let Some(organization) = organization.cloned() else { return Ok::<_, ReadError>(None) };
            let account = reader.account(&organization, &user)?;
            Ok(Some((organization, account)))
        })?;
        let (organization, account) =
            found.map_or((None, None), |(id, account)| (Some(id), account));
        let now = self.clock.wall;
        // Who has an account must not show in who has to wait.
        let named = organization.clone().unwrap_or_else(|| self.named());
        let until = match &account {
            Some(account) => account.paused_until,
            None => self.server.attempts().name_paused_until((&named, &user)),
        };
        wait_for(until, now)?;
        let hash = account.as_ref().map(|account| account.hash.as_str());
        let is_right = password::is_right(&self.asked.password, hash);
        if account.is_none() {
            self.server.attempts().name_failed((&named, &user), now);
        }
        let Some(organization) = organization else { return Err(refused()) };
        let Some(account) =
            account.filter(|_| is_right && may_enter(gate, &organization, &user, &self))
        else {
            let caller = self.origin.caller("nobody", "pwd");
            refuse(gate, (&caller, &self.clock), (&organization, &user))?;
            return Err(refused());
        };
        let (secret, csrf) = (NewSecret::new(&organization)?, random_hex::<16>()?);
        let ends = now.plus(self.length);
        let session = NewSession {
            id: secret.id.clone(),
            user: user.clone(),
            secret: secret.hash,
            csrf: csrf.clone(),
            ends,
            agent: self.agent.clone(),
        };
        let mut caller = self.origin.caller(user.as_str(), "pwd");
        caller.session = Some(secret.id);
        let change = CredentialChange::OpenSession(session);
        let change = Change::ChangeCredentials { organization: organization.clone(), change };
        gate.write(&caller, &self.clock, change)?;
        let opened = SessionOpened {
            organization: organization.to_string(),
            user: user.to_string(),
            csrf,
            ends,
            must_change_password: account.must_change,
        };
        Ok((secret.text, opened))
    }

    /// The organization that was named, which there is not.
    fn named(&self) -> OrganizationId {
        self.asked.organization.clone().unwrap_or_default().into()
    }
}

/// Counts the failure, and makes the next attempt wait twice as long as the one before.
fn refuse(
    gate: &Gate,
    (caller, clock): (&guan_store::Caller, &ClockReading),
    (organization, user): (&OrganizationId, &UserId),
) -> Result<(), Problem> {
    let account = gate.read(|reader| reader.account(organization, user))?;
    let failed = account.as_ref().map_or(0, |account| account.failed);
    let is_user = || {
        let view = gate.view(organization);
        view.is_ok_and(|view| view.engine().policy().users.contains_key(user))
    };
    let is_known = account.is_some() || is_user();
    let change = CredentialChange::RefuseSession {
        // What was typed where there is no such user is recorded nowhere: it may be a password.
        user: is_known.then(|| user.clone()),
        paused_until: paused_until(failed, clock.wall),
    };
    let change = Change::ChangeCredentials { organization: organization.clone(), change };
    gate.write(caller, clock, change)?;
    Ok(())
}

/// Whether the policy admits a session of the user from there at this moment.
fn may_enter(gate: &Gate, organization: &OrganizationId, user: &UserId, attempt: &Attempt) -> bool {
    gate.view(organization).is_ok_and(|view| {
        let facts = view.facts(&attempt.clock);
        let at = attempt.clock.wall;
        let mut session = guan_engine::ask::Session::new(organization.clone(), user.clone(), at);
        session.address = attempt.origin.address();
        view.engine().enter(&session.under(view.standing(&facts))).is_ok()
    })
}

/// Ends the caller's session.
#[utoipa::path(delete, path = "/api/v1/sessions/current", tag = "session", responses((status = 204)))]
async fn sign_out(caller: Caller, State(server): State<Server>) -> Result<Response, Problem> {
    let Proof::Session { id, .. } = &caller.identity().proof else {
        return Err(Problem::not_found().detail("a token has no session; revoke it instead"));
    };
    change(&server, &caller, CredentialChange::EndSession { id: id.clone() }).await?;
    let cookie = cookie(server.settings().front, "", 0)?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Changes the caller's own password; every other session of theirs ends.
#[utoipa::path(put, path = "/api/v1/me/password", tag = "session", request_body = ChangePassword,
    responses((status = 204)))]
async fn change_password(
    caller: Caller,
    State(server): State<Server>,
    Json(asked): Json<ChangePassword>,
) -> Result<StatusCode, Problem> {
    let Proof::Session { id, .. } = &caller.identity().proof else {
        return Err(Problem::new(Code::ScopeMissing).detail("sign in to change the password"));
    };
    password::check(&asked.new, caller.user())?;
    // A session that was taken over must not become the password.
    if prove(&server, &caller, asked.current).await? == Proven::Wrong {
        let wrong = "the current password is not the one given";
        return Err(Problem::new(Code::Invalid).detail(wrong));
    }
    let turn = server.attempts().turn().await?;
    let new = asked.new;
    let hash = server.blocking(move |_| {
        let _turn = turn;
        password::hash(&new)
    });
    let set = CredentialChange::SetPassword {
        user: caller.user().clone(),
        hash: hash.await?,
        must_change: false,
        keep: Some(id.clone()),
    };
    change(&server, &caller, set).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether a password is the caller's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proven {
    Right,
    Wrong,
}

/// Compares the caller's own password as at the door: as slowly, and a wrong one counts against the address and against the
/// session or token. What strangers try at the door does not close it to who is inside.
///
/// Errors: too many wrong ones before; the database.
pub(crate) async fn prove(
    server: &Server,
    caller: &Caller,
    given: String,
) -> Result<Proven, Problem> {
    let clock = server.now();
    server.attempts().admit(caller.address(), clock.wall)?;
    let turn = server.attempts().turn().await?;
    let (of, attempts) = (caller.clone(), server.clone());
    let proven = server.blocking(move |gate| {
        let _turn = turn;
        let who = of.who();
        // No user has such an id.
        let inside = UserId::from(format!("\n{}", who.session.as_deref().unwrap_or_default()));
        let (guesses, name) = (attempts.attempts(), (of.organization(), &inside));
        wait_for(guesses.name_paused_until(name), clock.wall)?;
        let account = gate.read(|reader| reader.account(of.organization(), of.user()))?;
        let hash = account.as_ref().map(|account| account.hash.as_str());
        if password::is_right(&given, hash) {
            return Ok(Proven::Right);
        }
        guesses.failed(of.address(), clock.wall);
        guesses.name_failed(name, clock.wall);
        refuse(gate, (&who, &clock), (of.organization(), of.user()))?;
        Ok::<_, Problem>(Proven::Wrong)
    });
    proven.await
}

/// Makes a change of credentials of the caller's organization; from then on nothing older counts here.
pub(crate) async fn change(
    server: &Server,
    caller: &Caller,
    change: CredentialChange,
) -> Result<(), Problem> {
    let (who, clock) = (caller.who(), server.now());
    let change = Change::ChangeCredentials { organization: caller.organization().clone(), change };
    server.blocking(move |gate| gate.write(&who, &clock, change).map(|_| ())).await?;
    server.identities().forget_all();
    Ok(())
}

fn cookie(front: Front, secret: &str, age_s: i64) -> Result<HeaderValue, Problem> {
    let name = cookie_name(front);
    let secure = match front {
        Front::Tls => "; Secure",
        Front::Plain => "",
    };
    let text =
        format!("{name}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age_s}{secure}");
    HeaderValue::from_str(&text).map_err(|_| Problem::bug("a cookie is no header"))
}
