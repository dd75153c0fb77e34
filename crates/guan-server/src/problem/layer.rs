//! Around all routes: answers that are no problem yet become one, and every problem gets the request's id.

use std::any::Any;

use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::{CONTENT_TYPE, Code, Problem};

/// Gives every refusal of every layer inside the one shape.
pub(crate) fn complete(response: Response, id: &str) -> Response {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let known = response.extensions().get::<Problem>().cloned();
    let problem = match known {
        Some(problem) => problem,
        None if is_problem(&response) => return response,
        None => Problem::new(Code::of_status(status)),
    };
    let mut completed = problem.respond(Some(id.to_owned()));
    for kept in [header::ALLOW, header::RETRY_AFTER, header::SET_COOKIE] {
        if let Some(value) = response.headers().get(&kept)
            && !completed.headers().contains_key(&kept)
        {
            completed.headers_mut().insert(kept, value.clone());
        }
    }
    completed.extensions_mut().insert(problem);
    completed
}

fn is_problem(response: &Response) -> bool {
    response.headers().get(header::CONTENT_TYPE).is_some_and(|value| value == CONTENT_TYPE)
}

/// Answers for a handler that panicked; what it said goes to the log alone.
#[expect(clippy::needless_pass_by_value, reason = "catching hands it over")]
pub(crate) fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("it said nothing");
    Problem::bug(&format!("a handler panicked: {said}")).into_response()
}
