//! The web console: its page for every address that is no operation, and its files.

use axum::extract::Request;
use axum::http::{HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};

use crate::problem::{Code, Problem};
use crate::secret::random_hex;

/// What begins like this belongs to programs: an unknown address of theirs is a problem, not a page.
const OF_PROGRAMS: &[&str] = &["api", "docs", "openapi.json", "healthz", "readyz"];
/// The digest in a name changes with the content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// Answers what no route answers.
pub(crate) async fn serve(request: Request) -> Result<Response, Problem> {
    let path = request.uri().path().trim_start_matches('/');
    let first = path.split('/').next().unwrap_or_default();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if !is_read || OF_PROGRAMS.contains(&first) {
        return Err(Problem::new(Code::UnknownRoute));
    }
    if let Some(file) = guan_console::file(path) {
        let is_digested = path.starts_with(guan_console::ASSETS);
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(file.kind)),
            (header::CONTENT_ENCODING, HeaderValue::from_static("gzip")),
            (header::CACHE_CONTROL, if is_digested { FOR_EVER } else { ASK_AGAIN }),
        ];
        return Ok((headers, file.gzip).into_response());
    }
    if path.starts_with(guan_console::ASSETS) {
        // A page would be taken for the script that an old page asks for.
        return Err(Problem::new(Code::UnknownRoute));
    }
    let nonce = random_hex::<16>()?;
    let policy = HeaderValue::from_str(&policy(&nonce))
        .map_err(|_| Problem::bug("a content security policy is no header"))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, ASK_AGAIN),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    ];
    Ok((headers, guan_console::page(&nonce)).into_response())
}

/// Everything from this server alone; styles made in the browser carry the nonce of the answer.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}
