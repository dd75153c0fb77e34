//! What runs before every handler: who calls, whether the request is theirs, and whether they may.

use std::collections::BTreeSet;

use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use guan_engine::Engine;
use guan_engine::activity::{OverlayRow, Standing, is_acting};
use guan_engine::administration::{Act, Domain, Power};
use guan_engine::answer::Decision;
use guan_engine::ask::{self, Session, Target};
use guan_engine::model::{Action, ObjectId, OverlayEffect, OverlayId};
use guan_store::SeeingAs;

use crate::asking;
use crate::caller::{Caller, Inner, Proof};
use crate::concerning;
use crate::context::Context;
use crate::idempotency;
use crate::identity::Credential;
use crate::operation::{InView, Needs, Operation, Takes};
use crate::problem::{Code, Problem};
use crate::revision;
use crate::state::Server;

/// The header that brings a session's CSRF token.
pub const CSRF_HEADER: &str = "x-csrf-token";

/// The header that brings the view of somebody who sees as somebody else.
pub(crate) const VIEW_HEADER: &str = "guan-view";

/// The operation that is open to somebody who must change the password first.
const CHANGE_PASSWORD: &str = "change_password";
/// Operations that say who is signed in, and that end it.
const ALWAYS_OPEN: &[&str] = &[CHANGE_PASSWORD, "show_me", "sign_out"];

/// Lets a request through to its handler, or answers why not.
pub(crate) async fn pass(operation: Operation, request: Request, next: Next) -> Response {
    let Some(context) = Context::of(request.extensions()) else {
        return Problem::bug("a request came past the layers").into_response();
    };
    let server = &context.server;
    context.seen.operation(operation);
    if operation.changes() {
        context.waiting.may_change();
    }
    if operation.takes == Takes::Long {
        context.waiting.may_take_long();
    }
    if operation.needs == Needs::Nothing {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    match admit(&context, operation, &parts).await {
        Ok(caller) => {
            context.seen.caller(&caller);
            parts.extensions.insert(caller.clone());
            if let Err(problem) = revision::wait(server, &caller, &parts.headers).await {
                return problem.into_response();
            }
            let request = Request::from_parts(parts, body);
            let mut response = if operation.changes() {
                // In a box, so that what only reads does not carry the room for it.
                let once = idempotency::once((server.clone(), &caller, operation), request, next);
                Box::pin(once).await
            } else {
                next.run(request).await
            };
            revision::tell(server, (&caller, operation), &mut response);
            concerning::tell(server, &caller, &mut response).await;
            response
        }
        Err(problem) => problem.into_response(),
    }
}

async fn admit(context: &Context, operation: Operation, parts: &Parts) -> Result<Caller, Problem> {
    let (server, address) = (&context.server, context.address());
    let credential = Credential::of(&parts.headers, server.settings().front)?
        .ok_or_else(|| Problem::new(Code::SignInNeeded))?;
    let identity = server.identify(credential, address, &context.arrived).await?;
    if !identity.may_decide() {
        server.rates().caller(&identity)?;
    }
    match &identity.proof {
        Proof::Session { csrf, .. } if operation.changes() => own_page(&parts.headers, csrf)?,
        Proof::Session { .. } => {}
        Proof::Token { scopes, .. } => {
            if !scopes.admit(operation) {
                return Err(Problem::new(Code::ScopeMissing).detail(format!(
                    "the token needs the scope `operation:{}`, or a wider one",
                    operation.id
                )));
            }
        }
    }
    if identity.must_change_password && !ALWAYS_OPEN.contains(&operation.id) {
        return Err(Problem::new(Code::PasswordChangeNeeded));
    }
    let (request, patience) = (context.id.clone(), context.waiting.patience());
    let inner = Inner { identity, operation, address, request, patience, seeing: None };
    let caller = Caller::new(inner);
    may_call(server, &caller, operation).await?;
    match parts.headers.get(VIEW_HEADER) {
        None => Ok(caller),
        Some(view) => see_as(server, &caller, view).await,
    }
}

/// The caller as one who sees as somebody else.
///
/// Errors: the operation is not open then; no such view counts, or it is of another session; the caller may not ask about
/// the other any more.
async fn see_as(server: &Server, caller: &Caller, view: &HeaderValue) -> Result<Caller, Problem> {
    let refused = |detail: &str| Problem::new(Code::NotInAView).detail(detail);
    if caller.operation().view == InView::Refused {
        return Err(refused("only records and what belongs to them are read as somebody else"));
    }
    let over = || refused("this view has ended; begin another one");
    let id = view.to_str().map_err(|_| over())?.to_owned();
    let (asker, clock) = (caller.clone(), server.now());
    let seeing = server.blocking(move |gate| {
        let found = gate.read(|reader| reader.seeing_as(asker.organization(), &id))?;
        let is_theirs = |seeing: &SeeingAs| {
            seeing.viewer == *asker.user() && Some(&seeing.session) == asker.who().session.as_ref()
        };
        let found = found.filter(|seeing| is_theirs(seeing) && seeing.counts(clock.wall));
        let Some(seeing) = found else { return Ok(None) };
        asking::may_see_as(gate, &asker, (&clock, &seeing.subject))?;
        Ok::<_, Problem>(Some(seeing))
    });
    Ok(caller.clone().seeing_as(seeing.await?.ok_or_else(over)?))
}

/// Whether the user may sign in at all now, and holds a power of the operation: the engine decides.
async fn may_call(server: &Server, caller: &Caller, operation: Operation) -> Result<(), Problem> {
    let view = server.view(caller.organization()).await?;
    let clock = server.now();
    let facts = view.facts(&clock);
    let session = caller.own_session(clock.wall).under(view.standing(&facts));
    let engine = view.engine();
    // Applications that may ask about everybody are limited by their address alone.
    if caller.identity().may_decide()
        && engine.domain(&session, Power::AskAboutOthers) != Ok(Domain::Everything)
    {
        server.rates().caller(caller.identity())?;
    }
    match operation.powers() {
        [first, others @ ..] => {
            let mut answer = engine.may_administer(&session, Act::Use(*first));
            for power in others {
                answer = answer.or_else(|_| engine.may_administer(&session, Act::Use(*power)));
            }
            Ok(answer?)
        }
        [] => match engine.enter(&session) {
            Ok(_) => Ok(()),
            Err(refusal) => Err(Problem::refused_entry(&refusal)),
        },
    }
}

/// The elevations that act for the caller, where without any of them the operation would not be open to them, or not for
/// everybody it is now. What they make so ends with the first of these.
pub(crate) async fn elevated_by(
    server: &Server,
    caller: &Caller,
) -> Result<BTreeSet<OverlayId>, Problem> {
    deciding_elevations(server, caller, |engine, session| {
        let operation = caller.operation();
        let domain = |power| engine.domain(session, power).ok();
        operation.powers().iter().copied().map(domain).collect::<Vec<_>>()
    })
    .await
}

/// The elevations that act for the caller, where without any of them they could not bring records of an object in.
pub(crate) async fn importing_by(
    server: &Server,
    caller: &Caller,
    object: &ObjectId,
) -> Result<BTreeSet<OverlayId>, Problem> {
    deciding_elevations(server, caller, |engine, session| {
        let on = Target::Object(object.clone());
        let decision = engine.check(&ask::Request::new(session.clone(), Action::Import, on));
        matches!(decision, Decision::Allow { .. })
    })
    .await
}

/// The elevations that act for the caller, where an answer is another without all of them.
async fn deciding_elevations<T: PartialEq>(
    server: &Server,
    caller: &Caller,
    answer: impl Fn(&Engine, &Session<'_>) -> T,
) -> Result<BTreeSet<OverlayId>, Problem> {
    let view = server.view(caller.organization()).await?;
    let clock = server.now();
    let (facts, engine) = (view.facts(&clock), view.engine());
    let session = caller.session(clock.wall);
    let is_one = |row: &&OverlayRow| matches!(row.overlay.effect, OverlayEffect::Elevation { .. });
    let acting = view.overlays().iter().filter(is_one).filter(|row| {
        is_acting(row, &facts).is_ok() && engine.concerns(&row.overlay.audience, &session)
    });
    let acting: BTreeSet<OverlayId> = acting.map(|row| row.id.clone()).collect();
    if acting.is_empty() {
        return Ok(acting);
    }
    let rest: Vec<OverlayRow> =
        view.overlays().iter().filter(|row| !is_one(row)).cloned().collect();
    let with = session.clone().under(view.standing(&facts));
    let without = session.under(Standing::of(&rest, &facts));
    let is_same = answer(engine, &with) == answer(engine, &without);
    Ok(if is_same { BTreeSet::new() } else { acting })
}

/// A changing request of a browser must come from a page of this server and bring the session's own token.
fn own_page(headers: &HeaderMap, csrf: &str) -> Result<(), Problem> {
    let suspected = |detail: &str| Err(Problem::new(Code::ForgerySuspected).detail(detail));
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return suspected("the request comes from another site");
    }
    if let Some(origin) = text("origin") {
        let host = text(header::HOST.as_str()).unwrap_or_default();
        let of_origin = origin.split_once("://").map(|(_, host)| host);
        if of_origin != Some(host) {
            return suspected("the origin is another one than the host");
        }
    }
    match text(CSRF_HEADER) {
        Some(brought) if is_same(brought.as_bytes(), csrf.as_bytes()) => Ok(()),
        Some(_) => suspected("the header X-CSRF-Token is not that of the session"),
        None => suspected("the header X-CSRF-Token is missing"),
    }
}

/// Compares without telling by its time where the first difference is.
pub(crate) fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}
