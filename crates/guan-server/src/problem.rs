//! Every refusal and every fault in one shape (RFC 9457), made in one place.

mod code;
mod from;
mod layer;

pub use code::{Code, document};
pub(crate) use layer::{complete, panicked};

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The content type of a problem.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// What went wrong, as it leaves the server. Faults of the server carry no detail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    code: Code,
    detail: Option<String>,
    reference: Option<u64>,
    retry_after_s: Option<u64>,
    members: Map<String, Value>,
}

/// The members of a problem, for the description of the interface.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `urn:guan:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The same sentence for every occurrence.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The stable code; see `docs/spec/problems.md`.
    pub code: &'static str,
    /// What is wrong this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The id of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// The row of the ledger that says more; `explain` accepts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<u64>,
    /// Members of single codes, such as `stage` and `refusal` of `denied`.
    #[serde(flatten)]
    #[schema(additional_properties)]
    pub members: Map<String, Value>,
}

impl Problem {
    /// A problem of this code.
    pub fn new(code: Code) -> Self {
        Self { code, detail: None, reference: None, retry_after_s: None, members: Map::new() }
    }

    /// What is wrong this time: names and ids that the caller gave or may know, never a value of a record.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The row of the ledger that says more.
    #[must_use]
    pub const fn reference(mut self, row: Option<u64>) -> Self {
        self.reference = row;
        self
    }

    /// After how many seconds it may be tried again.
    #[must_use]
    pub const fn retry_after_s(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// One more member.
    #[must_use]
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// Something that cannot be, or that the caller must not be told about; it goes to the log with everything known.
    pub fn fault(error: &(dyn std::error::Error + 'static)) -> Self {
        let mut chain = error.to_string();
        let mut source = error.source();
        while let Some(inner) = source {
            chain.push_str(": ");
            chain.push_str(&inner.to_string());
            source = inner.source();
        }
        Self::bug(&chain)
    }

    /// A state that the code excludes.
    pub fn bug(what: &str) -> Self {
        tracing::error!(name: "server.fault", what, "a fault of the server");
        Self::new(Code::Fault)
    }

    /// Nothing there, or nothing that the caller may know of: both look the same.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound)
    }

    /// What is wrong this time.
    pub(crate) fn told(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// Which problem it is.
    pub const fn code(&self) -> Code {
        self.code
    }

    fn body(&self, request: Option<String>) -> ProblemBody {
        ProblemBody {
            kind: format!("urn:guan:problem:{}", self.code.name()),
            title: self.code.title(),
            status: self.code.number(),
            code: self.code.name(),
            detail: self.detail.clone(),
            request,
            reference: self.reference,
            members: self.members.clone(),
        }
    }

    /// The whole answer.
    pub(crate) fn respond(&self, request: Option<String>) -> Response {
        let bytes = serde_json::to_vec(&self.body(request)).unwrap_or_default();
        let mut response = Response::new(Body::from(bytes));
        *response.status_mut() = self.code.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.code.number() == 401 {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl IntoResponse for Problem {
    /// The layer around all routes adds the request's id.
    fn into_response(self) -> Response {
        let mut response = self.respond(None);
        response.extensions_mut().insert(self);
        response
    }
}
