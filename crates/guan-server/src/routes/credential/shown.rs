//! What is told of sessions, tokens and passwords: never a secret after the answer that made it.

use guan_engine::model::{Moment, Span};
use guan_store::{ClockReading, StoredSession, StoredToken};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A session that counts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionShown {
    /// Its id, which is no secret.
    pub(super) id: String,
    /// Whether it is the one that asks.
    current: bool,
    /// When it was opened.
    #[schema(value_type = String)]
    opened: Moment,
    /// When it was last found in use, to within a third of the idle time.
    #[schema(value_type = String)]
    used: Moment,
    /// When it ends at the latest.
    #[schema(value_type = String)]
    ends: Moment,
    /// Where it was opened from.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    /// What the browser called itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
}

/// A token that counts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenShown {
    /// Its id, which is no secret.
    pub(super) id: String,
    /// What people call it.
    pub(super) name: String,
    /// What it may be used for.
    pub(super) scopes: Vec<String>,
    /// From where; none for everywhere.
    pub(super) networks: Vec<String>,
    /// Who made it.
    pub(super) made_by: String,
    /// When it was made.
    #[schema(value_type = String)]
    pub(super) made: Moment,
    /// On which day it was last found in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(super) used: Option<Moment>,
    /// When it ends.
    #[schema(value_type = String)]
    pub(super) ends: Moment,
}

/// A token that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenBody {
    /// What people call it.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) name: String,
    /// `all`, `read`, a power such as `guan.manage_users`, or `operation:` with an operation id.
    pub(super) scopes: Vec<String>,
    /// From where, as `192.0.2.0/24`; none for everywhere.
    #[serde(default)]
    pub(super) networks: Vec<String>,
    /// When it ends: 366 days from now at the latest.
    #[schema(value_type = String)]
    pub(super) ends: Moment,
}

/// A token that was made just now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenMade {
    /// What to send as `Authorization: Bearer`; it is shown this once.
    pub(super) secret: String,
    /// The token.
    #[serde(flatten)]
    pub(super) token: TokenShown,
}

/// What is known of a user's password.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CredentialsShown {
    /// Whether there is a password.
    pub(super) password: bool,
    /// Whether it must be changed before anything else.
    pub(super) must_change: bool,
    /// When it was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(super) changed: Option<Moment>,
    /// Failed attempts since the last success.
    pub(super) failed: u64,
    /// Until when no further attempt is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(super) paused_until: Option<Moment>,
}

/// A password for one time.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PasswordMade {
    /// It is shown this once, and must be changed when it is used.
    pub(super) password: String,
}

/// Those of the sessions that count now.
pub(super) fn sessions(
    all: Vec<StoredSession>,
    (clock, incarnation): (&ClockReading, u64),
    (idle, current): (Span, Option<&str>),
) -> Vec<SessionShown> {
    let now = clock.wall;
    let counts = |session: &StoredSession| {
        session.incarnation == incarnation
            && session.ends > now
            && now.since(session.used).0 < idle.0
    };
    let shown = |session: StoredSession| SessionShown {
        current: current == Some(session.id.as_str()),
        id: session.id,
        opened: session.opened,
        used: session.used,
        ends: session.ends,
        address: session.address,
        agent: session.agent,
    };
    all.into_iter().filter(counts).map(shown).collect()
}

/// Those of a user's tokens that count now.
pub(super) fn tokens(
    all: Vec<StoredToken>,
    (clock, incarnation): (&ClockReading, u64),
    user: &str,
) -> Vec<TokenShown> {
    let counts = |token: &StoredToken| {
        token.user.as_str() == user && token.incarnation == incarnation && token.ends > clock.wall
    };
    let shown = |token: StoredToken| TokenShown {
        id: token.id,
        name: token.name,
        scopes: token.scopes,
        networks: token.networks,
        made_by: token.made_by,
        made: token.made,
        used: token.used,
        ends: token.ends,
    };
    all.into_iter().filter(counts).map(shown).collect()
}
