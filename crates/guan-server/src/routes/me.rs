//! Who is signed in, and what they may administer: what a console asks first.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::asking::may_see_as;
use crate::caller::{Caller, Proof};
use crate::extract::{Json, Path};
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::problem::{Code, Problem};
use crate::state::Server;
use guan_engine::administration::Power;
use guan_engine::model::{Moment, Span, UserId};
use guan_store::{Change, SeeingAs, SeeingChange};

const SHOW_ME: Operation = Operation::oneself("show_me").in_a_view();
const SEE_AS: Operation = Operation::needs("see_as", Power::AskAboutOthers).changing();
const STOP_SEEING_AS: Operation = Operation::oneself("stop_seeing_as").changing();

/// The operations of this file.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(SHOW_ME, show_me))
        .with(guarded!(SEE_AS, see_as))
        .with(guarded!(STOP_SEEING_AS, stop_seeing_as))
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
struct Me {
    /// The organization; nothing of another one exists here.
    organization: String,
    /// The user's id.
    user: String,
    /// The name that people see; empty where the user has none.
    name: String,
    /// The powers that the user holds.
    powers: Vec<&'static str>,
    /// What the token may be used for; absent for a session.
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<Vec<String>>,
    /// What changing requests of this session send as `X-CSRF-Token`; absent for a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    csrf: Option<String>,
    /// As whom the caller sees; the user and the objects are those of that user then, and no power is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    view: Option<ViewShown>,
    /// Whether nothing but changing the password is open.
    must_change_password: bool,
}

/// That somebody sees as somebody else.
#[derive(Debug, Serialize, ToSchema)]
struct ViewShown {
    /// Its id: what requests send as `Guan-View` to be answered as for the other.
    id: String,
    /// Who sees.
    viewer: String,
    /// As whom.
    user: String,
    /// Why.
    reason: String,
    /// When it began.
    started: Moment,
    /// Until when, exclusive; it ends by itself.
    ends: Moment,
}

impl ViewShown {
    fn of(seeing: &SeeingAs) -> Self {
        Self {
            id: seeing.id.clone(),
            viewer: seeing.viewer.to_string(),
            user: seeing.subject.to_string(),
            reason: seeing.reason.clone(),
            started: seeing.started,
            ends: seeing.ends,
        }
    }
}

/// As whom somebody wants to see.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ViewBody {
    /// The user.
    user: UserId,
    /// How long in seconds, up to an hour.
    #[schema(minimum = 1, maximum = 3_600)]
    length_s: u32,
    /// Why.
    #[schema(min_length = 1)]
    reason: String,
}

/// Begins to see as somebody else sees: records are read as for them, and nothing that the caller may not read themself.
///
/// Requests that bring the id as `Guan-View` are answered so, in the same session, until the end. Nothing can be changed by
/// them, no window counts, and lists have no search, filter or order.
#[utoipa::path(post, path = "/api/v1/views", tag = "me", request_body = ViewBody, responses((status = 201, body = ViewShown)))]
async fn see_as(
    caller: Caller,
    State(server): State<Server>,
    Json(body): Json<ViewBody>,
) -> Result<(StatusCode, Json<ViewShown>), Problem> {
    let clock = server.now();
    let begun = server.blocking(move |gate| {
        if body.user == *caller.user() {
            let detail = "you see as yourself already";
            return Err(Problem::new(Code::Invalid).detail(detail));
        }
        may_see_as(gate, &caller, (&clock, &body.user))?;
        let id = SeeingAs::new_id().map_err(|error| Problem::fault(&error))?;
        let change = SeeingChange::Begin {
            id: id.clone(),
            subject: body.user,
            length: Span::seconds(body.length_s.into()),
            reason: body.reason,
        };
        let organization = caller.organization().clone();
        gate.write(&caller.who(), &clock, Change::ChangeSeeing { organization, change })?;
        let begun = gate.read(|reader| reader.seeing_as(caller.organization(), &id))?;
        begun.as_ref().map(ViewShown::of).ok_or_else(Problem::not_found)
    });
    Ok((StatusCode::CREATED, Json(begun.await?)))
}

/// Stops to see as somebody else before the end.
#[utoipa::path(delete, path = "/api/v1/views/{view}", tag = "me", params(("view" = String, Path)), responses((status = 204)))]
async fn stop_seeing_as(
    caller: Caller,
    State(server): State<Server>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let clock = server.now();
    let stopped = server.blocking(move |gate| {
        let (organization, change) = (caller.organization().clone(), SeeingChange::End { id });
        gate.write(&caller.who(), &clock, Change::ChangeSeeing { organization, change })
    });
    stopped.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who is signed in, with the powers they hold.
#[utoipa::path(get, path = "/api/v1/me", tag = "me", responses((status = 200, body = Me)))]
async fn show_me(caller: Caller, State(server): State<Server>) -> Result<Json<Me>, Problem> {
    let view = server.view(caller.organization()).await?;
    let clock = server.now();
    let facts = view.facts(&clock);
    let session = caller.session(clock.wall).under(view.standing(&facts));
    let powers = match view.engine().enter(&session) {
        Ok(seat) if caller.seeing().is_none() => {
            let is_held = |power: &&Power| seat.has_system_permission(power.name());
            Power::ALL.iter().filter(is_held).map(|power| power.name()).collect()
        }
        Ok(_) | Err(_) => Vec::new(),
    };
    let identity = caller.identity();
    let (scopes, csrf) = match &identity.proof {
        Proof::Session { csrf, .. } => (None, Some(csrf.clone())),
        Proof::Token { scopes, .. } => (Some(scopes.names()), None),
    };
    let user = view.engine().policy().users.get(&session.subject);
    Ok(Json(Me {
        name: user.map(|user| user.name.clone()).unwrap_or_default(),
        organization: caller.organization().to_string(),
        user: session.subject.to_string(),
        powers,
        view: caller.seeing().map(ViewShown::of),
        scopes,
        csrf,
        must_change_password: identity.must_change_password,
    }))
}
