//! `ETag` on what can change, `If-Match` on what changes it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::extract::Json;
use crate::problem::{Code, Problem};

/// The state of a thing as an opaque text: a revision, a version, a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ETag(String);

impl ETag {
    /// From a revision or version number.
    pub fn of_number(number: u64) -> Self {
        Self(number.to_string())
    }

    /// From text without quotes and control characters; others are left out.
    pub fn of_text(text: &str) -> Self {
        Self(text.chars().filter(|letter| letter.is_ascii_graphic() && *letter != '"').collect())
    }

    /// The text between the quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&format!("\"{}\"", self.0)).ok()
    }
}

/// An answer with its state.
#[derive(Debug, Clone)]
pub struct Tagged<T>(pub ETag, pub T);

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let Self(tag, body) = self;
        let mut response = Json(body).into_response();
        if let Some(value) = tag.header() {
            response.headers_mut().insert(header::ETAG, value);
        }
        response
    }
}

/// The state that a change was made from. Asking for it makes the header obligatory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IfMatch(Wanted);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    /// `*`: whatever is there.
    Any,
    /// One of these.
    OneOf(Vec<String>),
}

impl IfMatch {
    /// Refuses another state than the one named.
    pub fn check(&self, current: &ETag) -> Result<(), Problem> {
        match &self.0 {
            Wanted::Any => Ok(()),
            Wanted::OneOf(tags) if tags.contains(&current.0) => Ok(()),
            Wanted::OneOf(_) => Err(Problem::new(Code::Stale)
                .detail(format!("the current state is `\"{}\"`", current.0))),
        }
    }

    /// The state as a number, where states are numbers; `None` for `*`.
    ///
    /// Errors: none of the tags is a number, so none is the state.
    pub fn number(&self) -> Result<Option<u64>, Problem> {
        match &self.0 {
            Wanted::Any => Ok(None),
            Wanted::OneOf(tags) => match tags.iter().find_map(|tag| tag.parse().ok()) {
                Some(number) => Ok(Some(number)),
                None => Err(Problem::new(Code::Stale)),
            },
        }
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let value = parts.headers.get(header::IF_MATCH);
        let value = value.ok_or_else(|| Problem::new(Code::PreconditionNeeded))?;
        let bad = || Problem::new(Code::BadHeader).detail("If-Match takes `\"STATE\"` or `*`");
        let text = value.to_str().map_err(|_| bad())?.trim();
        if text == "*" {
            return Ok(Self(Wanted::Any));
        }
        let tags = text.split(',').map(|tag| {
            let tag = tag.trim().strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
            tag.map(str::to_owned).ok_or_else(bad)
        });
        tags.collect::<Result<_, _>>().map(|tags| Self(Wanted::OneOf(tags)))
    }
}
