//! What a request brings to prove who calls, and who can judge it.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use axum::http::{HeaderMap, header};
use guan_store::ClockReading;

use crate::caller::Identity;
use crate::problem::{Code, Problem};
use crate::settings::Front;

/// The cookie of sessions over TLS; its prefix makes browsers refuse it from anywhere else.
pub(crate) const COOKIE: &str = "__Host-guan";
/// The cookie of sessions where there is no TLS, for trying out on one machine.
const PLAIN_COOKIE: &str = "guan";

/// A secret as the request brought it.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    /// Of a session cookie.
    Session(String),
    /// Of the header `Authorization: Bearer`.
    Token(String),
}

impl fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Session(_) => "Session",
            Self::Token(_) => "Token",
        })
    }
}

/// Who judges secrets.
pub trait Identities: fmt::Debug + Send + Sync {
    /// Whose secret it is now, where memory alone says so; `None` when it has to be looked up by
    /// [`identify`](Self::identify). Never blocks.
    fn recall(
        &self,
        _credential: &Credential,
        _address: Option<IpAddr>,
        _clock: &ClockReading,
    ) -> Option<Result<Arc<Identity>, Problem>> {
        None
    }

    /// Whose secret it is now. Blocks.
    ///
    /// Errors: unknown, ended, revoked, or it cannot be found out.
    fn identify(
        &self,
        credential: &Credential,
        address: Option<IpAddr>,
        clock: &ClockReading,
    ) -> Result<Arc<Identity>, Problem>;

    /// Forgets what was remembered of secrets, after one was changed.
    fn forget_all(&self);
}

impl Credential {
    /// The secret.
    pub(crate) fn text(&self) -> &str {
        let (Self::Session(text) | Self::Token(text)) = self;
        text
    }

    /// What the headers bring; a token goes before a cookie. Of cookies the one of the front counts: what a neighbour could
    /// have set beside it does not.
    ///
    /// Errors: a header that is not understood; nothing is passed over in silence.
    pub(crate) fn of(headers: &HeaderMap, front: Front) -> Result<Option<Self>, Problem> {
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            let refused =
                || Problem::new(Code::TokenRefused).detail("send `Authorization: Bearer TOKEN`");
            let text = value.to_str().map_err(|_| refused())?;
            let (scheme, token) = text.split_once(' ').ok_or_else(refused)?;
            if !scheme.eq_ignore_ascii_case("bearer") {
                return Err(refused());
            }
            return Ok(Some(Self::Token(token.trim().to_owned())));
        }
        let cookies =
            headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs =
            cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let found = pairs.find(|(name, _)| *name == cookie_name(front));
        Ok(found.map(|(_, secret)| Self::Session(secret.to_owned())))
    }
}

/// The name of the cookie of sessions.
pub(crate) const fn cookie_name(front: Front) -> &'static str {
    match front {
        Front::Tls => COOKIE,
        Front::Plain => PLAIN_COOKIE,
    }
}

#[cfg(test)]
mod tests {
    use super::Credential;
    use crate::settings::Front;
    use axum::http::{HeaderMap, HeaderValue, header};

    #[test]
    fn only_the_cookie_of_the_front_counts() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("guan=theirs; __Host-guan=mine"));
        let of = |front| Credential::of(&headers, front).unwrap();
        assert!(of(Front::Tls) == Some(Credential::Session("mine".to_owned())));
        assert!(of(Front::Plain) == Some(Credential::Session("theirs".to_owned())));
    }
}
