//! Own extractors for body, query and path: what does not fit is a problem, never a text of the framework.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequest, FromRequestParts, Query as AxumQuery, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::de::{DeserializeOwned, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::context::Context;
use crate::problem::{Code, Problem};
use crate::state::Server;
use crate::waiting::Arriving;

/// How deeply the values of a body may be nested.
pub const DEPTH_MAX: usize = 48;

/// A JSON body, in or out. Request types refuse unknown members: `#[serde(deny_unknown_fields)]`, which a test checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Json<T>(pub T);

/// As [`Json`], in, for types that hold structs, lists and texts alone; see [`parse_of_structs`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonOfStructs<T>(pub T);

/// The parameters of the query. The type refuses unknown ones: `#[serde(deny_unknown_fields)]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query<T>(pub T);

/// The parts of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Server> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, server: &Server) -> Result<Self, Problem> {
        parse(&json_body(request, server).await?).map(Self)
    }
}

impl<T: DeserializeOwned> FromRequest<Server> for JsonOfStructs<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, server: &Server) -> Result<Self, Problem> {
        parse_of_structs(&json_body(request, server).await?).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => {
                let kind = HeaderValue::from_static("application/json");
                ([(header::CONTENT_TYPE, kind)], bytes).into_response()
            }
            Err(error) => Problem::fault(&error).into_response(),
        }
    }
}

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        no_nul(parts.uri.query().unwrap_or_default())?;
        match AxumQuery::try_from_uri(&parts.uri) {
            Ok(AxumQuery(query)) => Ok(Self(query)),
            Err(rejection) => {
                let why = std::error::Error::source(&rejection)
                    .map_or_else(|| rejection.to_string(), ToString::to_string);
                Err(Problem::new(Code::BadQuery).detail(why))
            }
        }
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        no_nul(parts.uri.path())?;
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(path)) => Ok(Self(path)),
            Err(PathRejection::FailedToDeserializePathParams(failed)) => {
                Err(Problem::new(Code::BadPath).detail(failed.body_text()))
            }
            Err(_) => Err(Problem::bug("a handler asked for a path that its route does not have")),
        }
    }
}

/// The whole JSON body of a request that is parsed in place, with [`parse`].
///
/// Errors: another content type; as [`read_body`].
pub(crate) async fn json_body(
    request: Request,
    server: &Server,
) -> Result<axum::body::Bytes, Problem> {
    takes(&request, &["application/json", "application/merge-patch+json"])?;
    read_body(request, server.settings().body_bytes_max).await
}

/// The whole body, up to a limit.
///
/// Errors: longer; stopped on its way.
pub async fn read_body(request: Request, bytes_max: usize) -> Result<axum::body::Bytes, Problem> {
    let too_large =
        || Problem::new(Code::TooLarge).detail(format!("the body may have {bytes_max} bytes"));
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > bytes_max) {
        return Err(too_large());
    }
    let _arriving = Context::of(request.extensions()).map(Arriving::begin);
    axum::body::to_bytes(request.into_body(), bytes_max).await.map_err(|error| {
        let mut source = std::error::Error::source(&error);
        while let Some(inner) = source {
            if inner.to_string().contains("length limit") {
                return too_large();
            }
            source = inner.source();
        }
        Problem::new(Code::RequestTooSlow).detail("the body did not arrive whole")
    })
}

/// Reads a JSON text.
///
/// Errors: no JSON, too deep, a NUL character, a member that comes twice, another shape.
pub fn parse<'b, T: Deserialize<'b>>(bytes: &'b [u8]) -> Result<T, Problem> {
    scan(bytes)?;
    refuse_doubles(bytes)?;
    serde_json::from_slice(bytes).map_err(|error| misread(&error))
}

/// As [`parse`], and in half the time, for types that hold structs, lists and texts alone: such a type refuses by itself a
/// member that comes twice. In a type that holds maps, of a key that comes twice the last would count without a word.
///
/// Errors: as [`parse`].
pub fn parse_of_structs<'b, T: Deserialize<'b>>(bytes: &'b [u8]) -> Result<T, Problem> {
    scan(bytes)?;
    serde_json::from_slice(bytes).map_err(|error| match refuse_doubles(bytes) {
        Err(problem) => problem,
        Ok(()) => misread(&error),
    })
}

/// Which of two would count depends on who reads.
fn refuse_doubles(bytes: &[u8]) -> Result<(), Problem> {
    serde_json::from_slice::<Single>(bytes)
        .map(|Single| ())
        .map_err(|error| Problem::new(Code::MalformedJson).detail(error.to_string()))
}

fn misread(error: &serde_json::Error) -> Problem {
    let code = match error.classify() {
        serde_json::error::Category::Data => Code::WrongShape,
        _ => Code::MalformedJson,
    };
    Problem::new(code).detail(error.to_string())
}

/// Looks at nesting and escapes before anything is built from the text.
fn scan(bytes: &[u8]) -> Result<(), Problem> {
    let (mut depth, mut is_text, mut is_escape) = (0_usize, false, false);
    let mut rest = bytes;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match (is_text, is_escape, byte) {
            (true, true, b'u') if rest.starts_with(b"0000") => {
                return Err(Problem::new(Code::NulCharacter));
            }
            (true, true, _) => is_escape = false,
            (true, false, b'\\') => is_escape = true,
            (true, false, b'"') => is_text = false,
            (false, _, b'"') => is_text = true,
            (false, _, b'[' | b'{') => {
                depth = depth.saturating_add(1);
                if depth > DEPTH_MAX {
                    let detail = format!("values may be nested {DEPTH_MAX} deep");
                    return Err(Problem::new(Code::TooDeep).detail(detail));
                }
            }
            (false, _, b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

/// Any JSON in which no member comes twice. Nothing is kept of it.
struct Single;

impl<'b> Deserialize<'b> for Single {
    fn deserialize<D: Deserializer<'b>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'b> Visitor<'b> for Single {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_seq<A: SeqAccess<'b>>(self, mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<Self>()?.is_some() {}
        Ok(self)
    }
    fn visit_map<A: MapAccess<'b>>(self, mut members: A) -> Result<Self, A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(Name(name)) = members.next_key::<Name<'b>>()? {
            if seen.contains(&name) {
                return Err(A::Error::custom(format_args!("the member `{name}` comes twice")));
            }
            seen.insert(name);
            members.next_value::<Self>()?;
        }
        Ok(self)
    }
}

/// The name of a member: as it stands in the text, where it has no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Name<'b>(#[serde(borrow)] Cow<'b, str>);

fn no_nul(text: &str) -> Result<(), Problem> {
    if text.contains("%00") { Err(Problem::new(Code::NulCharacter)) } else { Ok(()) }
}

/// Refuses a body that does not say that it is of one of these types, or says that it is in another charset than UTF-8.
///
/// Errors: another content type, or none.
pub(crate) fn takes(request: &Request, kinds: &[&str]) -> Result<(), Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let mut parts = kind.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    if !kinds.iter().any(|taken| essence.eq_ignore_ascii_case(taken)) {
        let detail = format!("send `{}`", kinds.join("` or `"));
        return Err(Problem::new(Code::UnsupportedMediaType).detail(detail));
    }
    let charset = parts.filter_map(|part| part.split_once('='));
    let mut charset = charset.filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    let is_utf8 = |value: &str| {
        let value = value.trim().trim_matches('"');
        value.eq_ignore_ascii_case("utf-8") || value.eq_ignore_ascii_case("utf8")
    };
    if charset.all(|(_, value)| is_utf8(value)) {
        return Ok(());
    }
    Err(Problem::new(Code::UnsupportedMediaType).detail("send it in UTF-8"))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{DEPTH_MAX, parse};
    use crate::problem::Code;

    fn code(text: &str) -> Code {
        parse::<Value>(text.as_bytes()).unwrap_err().code()
    }

    #[test]
    fn nesting_is_bounded_before_anything_is_built() {
        let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse::<Value>(nested(DEPTH_MAX).as_bytes()).is_ok());
        assert_eq!(code(&nested(DEPTH_MAX + 1)), Code::TooDeep);
        assert!(parse::<Value>(format!("\"{}\"", "[".repeat(1_000)).as_bytes()).is_ok());
    }

    #[test]
    fn no_text_holds_a_nul() {
        assert_eq!(code(r#"{"name":"a\u0000b"}"#), Code::NulCharacter);
        assert!(parse::<Value>(r#""a\\u0000""#.as_bytes()).is_ok());
    }

    #[test]
    fn what_is_no_json_and_what_has_another_shape_are_different() {
        assert_eq!(code("{"), Code::MalformedJson);
        assert_eq!(parse::<u8>(b"\"x\"").unwrap_err().code(), Code::WrongShape);
    }
}
