//! The description of the interface, made from the routes themselves.

use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Components, ContentBuilder, Info, License, OpenApi, OpenApiBuilder, Ref, RefOr, Required,
    ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::idempotency;
use crate::identity::COOKIE;
use crate::problem::{CONTENT_TYPE, ProblemBody};
use crate::routes;
use crate::state::Server;

/// The whole description, as `OpenAPI` 3.1.
pub fn document() -> OpenApi {
    router().1
}

/// The description as it is kept in `openapi/guan.json`.
pub fn text() -> String {
    let mut text = serde_json::to_string_pretty(&document()).unwrap_or_default();
    text.push('\n');
    text
}

/// The routes with their description.
pub(crate) fn router() -> (axum::Router<Server>, OpenApi) {
    let described = OpenApiRouter::with_openapi(frame()).merge(routes::all().into_router());
    let (router, mut document) = described.split_for_parts();
    for item in document.paths.paths.values_mut() {
        if let Some(operation) = &mut item.post
            && operation.security.as_ref().is_some_and(|schemes| !schemes.is_empty())
        {
            let key = ParameterBuilder::new()
                .name(idempotency::HEADER)
                .parameter_in(ParameterIn::Header)
                .required(Required::False)
                .description(Some("A request that is sent twice under one key happens once."))
                .schema(Some(String::schema()))
                .build();
            operation.parameters.get_or_insert_default().push(RefOr::T(key));
        }
    }
    (router, document)
}

fn frame() -> OpenApi {
    let mut info = Info::new("Guan", env!("CARGO_PKG_VERSION"));
    info.description = Some("Who may see and change what, with a switch that is safe.".to_owned());
    info.license = Some(License::new("Apache-2.0"));
    let mut components = Components::new();
    let mut schemas = Vec::new();
    ProblemBody::schemas(&mut schemas);
    components.schemas.extend(schemas);
    components.schemas.insert("Problem".to_owned(), ProblemBody::schema());
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    components.responses.insert(
        "Problem".to_owned(),
        RefOr::T(
            ResponseBuilder::new()
                .description("A refusal or a fault.")
                .content(CONTENT_TYPE, content)
                .build(),
        ),
    );
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme("token", SecurityScheme::Http(token));
    let cookie = ApiKey::Cookie(ApiKeyValue::new(COOKIE));
    components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    OpenApiBuilder::new().info(info).components(Some(components)).build()
}
