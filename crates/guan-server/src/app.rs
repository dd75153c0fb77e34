//! Routes and layers put together: what a test calls in its own process and what `serve` listens with.

use std::panic::AssertUnwindSafe;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use axum::{Router, middleware};
use futures_util::FutureExt as _;
use utoipa_swagger_ui::SwaggerUi;

use crate::context::Context;
use crate::log::Line;
use crate::state::Server;
use crate::{console, limit, openapi, problem};

/// The whole application.
pub fn router(server: Server) -> Router {
    let (routes, document) = openapi::router();
    let docs = SwaggerUi::new("/docs").url("/openapi.json", document);
    let routes = routes.merge(docs).fallback(console::serve);
    routes.layer(middleware::from_fn_with_state(server.clone(), around)).with_state(server)
}

/// Around every request: its id and its line in the log, its limits, and one shape for whatever goes wrong inside.
///
/// One layer, since each costs every request.
async fn around(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    let context = Context::begin(&server, &mut request);
    let line = Line::begin(&context, &request);
    let answering = AssertUnwindSafe(limit::bound(&context, request, next));
    let answer = answering.catch_unwind().await.unwrap_or_else(problem::panicked);
    line.end(problem::complete(answer, line.id()))
}
