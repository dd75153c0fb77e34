//! Who is signed in, and what they may administer: what a console asks first.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::{Caller, Proof};
use crate::extract::Json;
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::problem::Problem;
use crate::state::Server;
use guan_engine::administration::Power;

const SHOW_ME: Operation = Operation::oneself("show_me");

/// The operations of this file.
pub(crate) fn routes() -> Routes {
    Routes::new().with(guarded!(SHOW_ME, show_me))
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
struct Me {
    /// The organization; nothing of another one exists here.
    organization: String,
    /// The user's id.
    user: String,
    /// The powers that the user holds.
    powers: Vec<&'static str>,
    /// What the token may be used for; absent for a session.
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<Vec<String>>,
    /// What changing requests of this session send as `X-CSRF-Token`; absent for a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    csrf: Option<String>,
    /// Whether nothing but changing the password is open.
    must_change_password: bool,
}

/// Who is signed in, with the powers they hold.
#[utoipa::path(get, path = "/api/v1/me", tag = "me", responses((status = 200, body = Me)))]
async fn show_me(caller: Caller, State(server): State<Server>) -> Result<Json<Me>, Problem> {
    let view = server.gate().view(caller.organization())?;
    let clock = server.now();
    let facts = view.facts(&clock);
    let session = caller.session(clock.wall).under(view.standing(&facts));
    let powers = match view.engine().enter(&session) {
        Ok(seat) => {
            let is_held = |power: &&Power| seat.has_system_permission(power.name());
            Power::ALL.iter().filter(is_held).map(|power| power.name()).collect()
        }
        Err(_) => Vec::new(),
    };
    let identity = caller.identity();
    let (scopes, csrf) = match &identity.proof {
        Proof::Session { csrf, .. } => (None, Some(csrf.clone())),
        Proof::Token { scopes, .. } => (Some(scopes.names()), None),
    };
    Ok(Json(Me {
        organization: caller.organization().to_string(),
        user: caller.user().to_string(),
        powers,
        scopes,
        csrf,
        must_change_password: identity.must_change_password,
    }))
}
