//! Sessions, tokens and passwords over HTTP: one's own, and those of others.

use axum::body::Body;
use axum::http::{Method, Request, header};
use guan_engine::model::Span;
use serde_json::{Value, json};

use crate::world::{Answer, CSRF, Kind, PASSWORD, World, world, world_of_passwords};

const ENDS: &str = "2026-06-01T00:00:00Z";

fn token() -> Value {
    json!({ "name": "reports", "scopes": ["read"], "ends": ENDS })
}

/// Calls in a session of the browser, as the caller of a kind.
async fn in_session(
    world: &World,
    kind: Kind,
    (method, path): (Method, &str),
    body: Option<&Value>,
) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::COOKIE, format!("guan={kind:?}"))
        .header("x-csrf-token", CSRF)
        .header(header::CONTENT_TYPE, "application/json");
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    world.send(request.body(body).unwrap()).await
}

#[tokio::test]
async fn a_token_of_ones_own_is_shown_once_and_used_and_revoked() {
    let world = world_of_passwords();
    let sign_in = json!({ "organization": "acme", "user": "ada", "password": PASSWORD });
    let request =
        Request::post("/api/v1/sessions").header(header::CONTENT_TYPE, "application/json");
    let opened = world.send(request.body(Body::from(sign_in.to_string())).unwrap()).await;
    let cookie = opened.headers[header::SET_COOKIE].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let csrf = opened.body["csrf"].as_str().unwrap().to_owned();
    let call = async |method: &str, path: &str, body: String| {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::COOKIE, &cookie).header("x-csrf-token", &csrf);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        world.send(request.body(Body::from(body)).unwrap()).await
    };
    let rows = world.rows();
    let made = call("POST", "/api/v1/me/tokens", token().to_string()).await;
    assert_eq!((made.status.as_u16(), world.rows() - rows), (201, 1), "{}", made.body);
    let secret = made.body["secret"].as_str().unwrap().to_owned();
    let with = async |method: &str, path: &str| {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::AUTHORIZATION, format!("Bearer {secret}"));
        world.send(request.body(Body::empty()).unwrap()).await
    };
    let listed = with("GET", "/api/v1/me/tokens").await;
    assert_eq!(listed.body["items"][0]["id"], made.body["id"]);
    assert!(listed.body["items"][0]["secret"].is_null());
    assert_eq!(with("DELETE", "/api/v1/me/sessions").await.code(), "scope_missing");
    assert_eq!(
        call("GET", "/api/v1/me/sessions", String::new()).await.body["items"][0]["current"],
        true
    );
    let one = format!("/api/v1/me/tokens/{}", made.body["id"].as_str().unwrap());
    assert_eq!(call("DELETE", &one, String::new()).await.status, 204);
    assert_eq!(with("GET", "/api/v1/me").await.code(), "token_refused");
    assert_eq!(call("DELETE", &one, String::new()).await.code(), "not_found");
}

#[tokio::test]
async fn a_token_makes_no_token_and_what_is_no_token_is_refused() {
    let world = world();
    let create = (Method::POST, "/api/v1/me/tokens");
    let refused = world.call(Kind::Reader, create.clone(), Some(&token())).await;
    assert_eq!(refused.code(), "scope_missing");
    for (member, value) in [
        ("name", json!(" ")),
        ("scopes", json!(["everything"])),
        ("networks", json!(["here"])),
        ("ends", json!("2026-01-01T00:00:00Z")),
        ("ends", json!("2036-01-01T00:00:00Z")),
    ] {
        let mut asked = token();
        asked[member] = value;
        let refused = in_session(&world, Kind::Reader, create.clone(), Some(&asked)).await;
        assert_eq!(refused.code(), "invalid", "{member}: {}", refused.body);
    }
}

#[tokio::test]
async fn an_administrator_gives_a_password_for_one_time_and_ends_everything_of_a_user() {
    let world = world();
    let call = async |method: Method, path: &str, body: Option<&Value>| {
        world.call(Kind::Administrator, (method, path), body).await
    };
    let rows = world.rows();
    let made = call(Method::PUT, "/api/v1/users/anna/password", None).await;
    assert_eq!(made.status, 200, "{}", made.body);
    assert!(made.body["password"].as_str().unwrap().len() >= 12);
    assert_eq!(world.rows() - rows, 1);
    let shown = call(Method::GET, "/api/v1/users/anna/credentials", None).await;
    assert_eq!((&shown.body["password"], &shown.body["must_change"]), (&json!(true), &json!(true)));
    let refused = call(Method::POST, "/api/v1/users/anna/tokens", Some(&token())).await;
    assert_eq!(refused.code(), "may_not_administer");
    let program = call(Method::POST, "/api/v1/users/bo/tokens", Some(&token())).await;
    assert_eq!(program.status, 201, "{}", program.body);
    let id = program.body["id"].as_str().unwrap();
    let elsewhere = format!("/api/v1/users/anna/tokens/{id}");
    assert_eq!(call(Method::DELETE, &elsewhere, None).await.code(), "not_found");
    let listed = call(Method::GET, "/api/v1/users/bo/tokens", None).await;
    assert_eq!(listed.body["items"][0]["made_by"], "ada");
    let there = format!("/api/v1/users/bo/tokens/{id}");
    assert_eq!(call(Method::DELETE, &there, None).await.status, 204);
    assert_eq!(call(Method::DELETE, "/api/v1/users/bo/sessions", None).await.status, 204);
    for nobody in ["/api/v1/users/nobody/sessions", "/api/v1/users/nobody/credentials"] {
        assert_eq!(call(Method::GET, nobody, None).await.code(), "not_found");
    }
    assert_eq!(call(Method::PUT, "/api/v1/users/ada/password", None).await.code(), "invalid");
}

#[tokio::test]
async fn a_token_that_somebody_else_made_is_over_when_its_user_holds_more() {
    let world = world_of_passwords();
    let sign_in = json!({ "organization": "acme", "user": "ada", "password": PASSWORD });
    let request =
        Request::post("/api/v1/sessions").header(header::CONTENT_TYPE, "application/json");
    let opened = world.send(request.body(Body::from(sign_in.to_string())).unwrap()).await;
    let cookie = opened.headers[header::SET_COOKIE].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let csrf = opened.body["csrf"].as_str().unwrap().to_owned();
    let call = async |method: &str, path: &str, body: String| {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::COOKIE, &cookie).header("x-csrf-token", &csrf);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        world.send(request.body(Body::from(body)).unwrap()).await
    };
    let made = call("POST", "/api/v1/users/bo/tokens", token().to_string()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let secret = made.body["secret"].as_str().unwrap().to_owned();
    let with = async |path: &str| {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {secret}"));
        world.send(request.body(Body::empty()).unwrap()).await
    };
    assert_eq!(with("/api/v1/me").await.status, 200);
    // A set without powers is no matter; a power is.
    for (id, set, status) in [("r", "reader", 200), ("p", "administrator", 401)] {
        let content = json!({ "what": format!("set:{set}"), "to": "user:bo" });
        let body = json!({ "id": id, "content": content }).to_string();
        assert_eq!(call("POST", "/api/v1/assignments", body).await.status, 201);
        world.hand.later(Span::seconds(1));
        assert_eq!(with("/api/v1/me").await.status, status, "{set}");
    }
    // Another password by somebody else ends what is left of them.
    let list = async || call("GET", "/api/v1/users/bo/tokens", String::new()).await.body;
    assert_eq!(list().await["items"][0]["id"], made.body["id"]);
    assert_eq!(call("PUT", "/api/v1/users/bo/password", String::new()).await.status, 200);
    assert_eq!(list().await["items"], json!([]));
}
