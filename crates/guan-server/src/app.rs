//! Routes and layers put together: what a test calls in its own process and what `serve` listens with.

use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_swagger_ui::SwaggerUi;

use crate::state::Server;
use crate::{console, limit, log, openapi, problem};
use axum::http::{HeaderValue, header};

/// The whole application.
pub fn router(server: Server) -> Router {
    let (routes, document) = openapi::router();
    let docs = SwaggerUi::new("/docs").url("/openapi.json", document);
    routes
        .merge(docs)
        .fallback(console::serve)
        .layer(middleware::from_fn_with_state(server.clone(), limit::bound))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(middleware::from_fn(problem::complete))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ))
        .layer(middleware::from_fn_with_state(server.clone(), log::observe))
        .with_state(server)
}
