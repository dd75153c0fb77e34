//! Sessions, tokens and passwords as things to look at and to end: the caller's own, and those of others.

mod others;
mod own;
mod shown;

use std::collections::BTreeSet;

use guan_engine::model::{Moment, OverlayId, Span};
use guan_store::{ClockReading, NewToken};

use crate::caller::Caller;
use crate::extract::Json;
use crate::operation::Routes;
use crate::problem::{Code, Problem};
use crate::scope::Scopes;
use crate::secret::NewSecret;
pub(super) use others::LIST_SESSIONS;
use shown::{TokenBody, TokenMade, TokenShown};

/// The longest life of a token.
const LIFE_MAX: Span = Span::minutes(366 * 24 * 60);
/// The most bytes of a name that people give.
const NAME_BYTES_MAX: usize = 200;
/// The most scopes or networks of a token.
const LIST_MAX: usize = 100;

/// The operations of these files.
pub(crate) fn routes() -> Routes {
    Routes::new().merge(own::routes()).merge(others::routes())
}

/// What is asked for as a token, and what is shown of it this once.
fn new_token(
    (caller, clock): (&Caller, &ClockReading),
    user: &str,
    asked: TokenBody,
    under: BTreeSet<OverlayId>,
) -> Result<(NewToken, Json<TokenMade>), Problem> {
    let invalid = |detail: String| Problem::new(Code::Invalid).detail(detail);
    let scopes = Scopes::parse(&asked.scopes).map_err(|error| invalid(error.to_string()))?;
    let name = asked.name.trim();
    if name.is_empty() || name.len() > NAME_BYTES_MAX {
        return Err(invalid(format!("a name has 1 to {NAME_BYTES_MAX} bytes")));
    }
    if asked.scopes.len() > LIST_MAX || asked.networks.len() > LIST_MAX {
        return Err(invalid(format!("a token has {LIST_MAX} scopes and networks at most")));
    }
    for network in &asked.networks {
        if network.parse::<guan_engine::model::AddressRange>().is_err() {
            return Err(invalid(format!("`{network}` is no network: write `192.0.2.0/24`")));
        }
    }
    let ends: Moment = asked.ends;
    if ends <= clock.wall || ends > clock.wall.plus(LIFE_MAX) {
        return Err(invalid("a token ends in the future, 366 days from now at the latest".into()));
    }
    let secret = NewSecret::new(caller.organization())?;
    let token = NewToken {
        id: secret.id,
        user: user.into(),
        name: name.to_owned(),
        secret: secret.hash,
        scopes: scopes.names(),
        networks: asked.networks,
        ends,
        under,
        powers: None,
    };
    let made = TokenMade {
        secret: secret.text,
        token: TokenShown {
            id: token.id.clone(),
            name: token.name.clone(),
            scopes: token.scopes.clone(),
            networks: token.networks.clone(),
            made_by: caller.user().to_string(),
            made: clock.wall,
            used: None,
            ends,
        },
    };
    Ok((token, Json(made)))
}
