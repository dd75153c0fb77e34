//! The operations of the kinds in the description of the interface, made from the same types that the handlers take.

use std::fmt::Write as _;

use axum::routing::MethodRouter;
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, Paths,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, Type};
use utoipa::openapi::{
    ContentBuilder, ObjectBuilder, Ref, RefOr, Required, ResponseBuilder, Schema,
};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::UtoipaMethodRouter;

use guan_store::EntityKind;

use super::edit::{Made, Waits};
use super::resource::Resource;
use super::standing::UserStanding;
use crate::page::LIMIT_MAX;
use crate::state::Server;

/// The shapes of operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    List,
    Show,
    Create,
    Replace,
    Change,
    Remove,
}

/// An operation of a kind, described.
pub(super) fn operation<R: Resource>(
    (method, path): (HttpMethod, &str),
    shape: Shape,
    routed: MethodRouter<Server>,
) -> UtoipaMethodRouter<Server> {
    let (singular, plural) = (R::SINGULAR.replace('_', " "), R::PLURAL.replace('-', " "));
    let (summary, status, answer) = match shape {
        Shape::List => (format!("A page of {plural}, in the order of their ids."), "200", "Page"),
        Shape::Show => (format!("One {singular}."), "200", ""),
        Shape::Create => (format!("Makes a new {singular}."), "201", "Changed"),
        Shape::Replace => {
            (format!("Puts another content in the place of the {singular}."), "200", "Changed")
        }
        Shape::Change => (
            format!("Changes single members of the {singular}; `null` takes one out."),
            "200",
            "Changed",
        ),
        Shape::Remove => (format!("Takes the {singular} out."), "200", "Made"),
    };
    let answer = if shape == Shape::Remove { answer.to_owned() } else { named::<R>(answer) };
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(answer))).build();
    let response = ResponseBuilder::new().description("Done.").content("application/json", content);
    let mut described = OperationBuilder::new()
        .tag(R::PLURAL)
        .summary(Some(summary))
        .parameters(Some(parameters::<R>(shape)))
        .response(status, response);
    if !matches!(shape, Shape::List | Shape::Show) {
        let waits = Ref::from_schema_name(Waits::name());
        let content = ContentBuilder::new().schema(Some(waits)).build();
        let response = ResponseBuilder::new()
            .description("A window holds the change: it waits.")
            .content("application/json", content);
        described = described.response("202", response);
    }
    let body = match shape {
        Shape::Create => Some("Creation"),
        Shape::Replace => Some("Replacement"),
        Shape::Change => Some("Members"),
        Shape::List | Shape::Show | Shape::Remove => None,
    };
    if let Some(body) = body {
        let body = Ref::from_schema_name(named::<R>(body));
        let content = ContentBuilder::new().schema(Some(body)).build();
        let body = RequestBodyBuilder::new()
            .content("application/json", content)
            .required(Some(Required::True));
        described = described.request_body(Some(body.build()));
    }
    let mut paths = Paths::new();
    paths.add_path_operation(path, vec![method], described.build());
    (schemas::<R>(), paths, routed)
}

/// `permission_set` and `Page` as `PermissionSetPage`; the bare name belongs to the content itself.
fn named<R: Resource>(suffix: &str) -> String {
    let words = R::SINGULAR.split('_').map(|word| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_ascii_uppercase())
            .into_iter()
            .chain(letters)
            .collect::<String>()
    });
    let suffix = if suffix.is_empty() { "Kept" } else { suffix };
    words.collect::<String>() + suffix
}

fn parameters<R: Resource>(shape: Shape) -> Vec<Parameter> {
    let text = |name: &str, place: ParameterIn, required: Required, description: &str| {
        ParameterBuilder::new()
            .name(name)
            .parameter_in(place)
            .required(required)
            .description(Some(description))
            .schema(Some(String::schema()))
            .build()
    };
    let mut parameters = Vec::new();
    match shape {
        Shape::Create => {}
        Shape::List => {
            let number = ObjectBuilder::new()
                .schema_type(Type::Integer)
                .minimum(Some(1))
                .maximum(Some(LIMIT_MAX))
                .default(Some(crate::page::LIMIT_DEFAULT.into()));
            let limit = ParameterBuilder::new()
                .name("limit")
                .parameter_in(ParameterIn::Query)
                .required(Required::False)
                .description(Some("Items on the page."))
                .schema(Some(number));
            parameters.push(limit.build());
            for (name, description) in
                [("cursor", "The member `next` of the page before."), ("search", search::<R>())]
            {
                parameters.push(text(name, ParameterIn::Query, Required::False, description));
            }
            if R::KIND == EntityKind::User {
                parameters.extend(narrowing());
            }
        }
        Shape::Show | Shape::Replace | Shape::Change | Shape::Remove => {
            parameters.push(text(R::SINGULAR, ParameterIn::Path, Required::True, "Its id."));
        }
    }
    if matches!(shape, Shape::Replace | Shape::Change | Shape::Remove) {
        let description = "The ETag of the state that the change was made from, or `*`.";
        parameters.push(text("If-Match", ParameterIn::Header, Required::True, description));
    }
    if shape == Shape::Remove {
        let description = "Why, for the revision and the ledger.";
        parameters.push(text("reason", ParameterIn::Query, Required::False, description));
    }
    parameters
}

const fn search<R: Resource>() -> &'static str {
    match R::KIND {
        EntityKind::User => {
            "Words that each stand in the name, the id or the mail address, in any order and case; Chinese names also by their reading, `liwei` or `lw`."
        }
        _ => {
            "Words that each stand in the name or the id, in any order and case; Chinese names also by their reading."
        }
    }
}

/// What the list of users is narrowed to.
fn narrowing() -> [Parameter; 3] {
    let choice = |names: &[&str]| {
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names.to_vec()))
    };
    let truth = ObjectBuilder::new().schema_type(Type::Boolean);
    [
        ("kind", choice(&["internal", "integration", "external", "guest"]), "Only of this kind."),
        ("active", truth, "Only those that are active, or that are not."),
        (
            "sets",
            choice(&["none"]),
            "Only active users to whom the policy gives no set now; for who manages assignments too.",
        ),
    ]
    .map(|(name, schema, description)| {
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Query)
            .required(Required::False)
            .description(Some(description))
            .schema(Some(schema))
            .build()
    })
}

/// The schemas that the operations of a kind name.
fn schemas<R: Resource>() -> Vec<(String, RefOr<Schema>)> {
    let mut schemas = Vec::new();
    R::Content::schemas(&mut schemas);
    let content = Ref::from_schema_name(R::Content::name());
    schemas.push((R::Content::name().into_owned(), R::Content::schema()));
    schemas.push((Made::name().into_owned(), Made::schema()));
    schemas.push((Waits::name().into_owned(), Waits::schema()));
    let id = || text("Its id, unique among its kind.");
    let reason = || text("Why, for the revision and the ledger.");
    let number = |description: &str| {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(0))
            .description(Some(description))
    };
    let kept = || {
        ObjectBuilder::new()
            .property("id", id())
            .required("id")
            .property("content", content.clone())
            .required("content")
    };
    let changed = kept()
        .property("revision", number("The revision that came of it."))
        .required("revision")
        .property("row", number("The row of the ledger."))
        .required("row");
    let listed = match R::KIND {
        EntityKind::User => {
            schemas.push((UserStanding::name().into_owned(), UserStanding::schema()));
            kept().property("standing", Ref::from_schema_name(UserStanding::name()))
        }
        _ => kept(),
    };
    let page = ObjectBuilder::new()
        .property("items", ArrayBuilder::new().items(Ref::from_schema_name(named::<R>(""))))
        .required("items")
        .property("next", text("For the next page; absent on the last."));
    let strict = || {
        ObjectBuilder::new()
            .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
    };
    let creation = strict()
        .property("id", text("Its id; one is made where it is absent."))
        .property("content", content.clone())
        .required("content")
        .property("reason", reason());
    let replacement = strict()
        .property("content", content.clone())
        .required("content")
        .property("reason", reason());
    let any = ObjectBuilder::new()
        .description(Some("Members of the content that change (RFC 7396)."))
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(true)));
    let members =
        strict().property("content", any).required("content").property("reason", reason());
    for (suffix, schema) in [
        ("", listed),
        ("Changed", changed),
        ("Page", page),
        ("Creation", creation),
        ("Replacement", replacement),
        ("Members", members),
    ] {
        schemas.push((named::<R>(suffix), RefOr::T(schema.build().into())));
    }
    schemas
}

fn text(description: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).description(Some(description))
}

/// An id as part of an address.
pub(super) fn escaped(id: &str) -> String {
    let mut escaped = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            escaped.push(char::from(byte));
        } else {
            // Writing to a text never fails.
            let _written = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}
