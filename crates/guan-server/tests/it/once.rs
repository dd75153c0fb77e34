//! What two nodes share: keys under which something is done once, and tokens with which a read sees a change.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use guan_engine::model::Span;
use guan_store::LEASE;
use serde_json::{Value, json};

use crate::world::{Answer, CSRF, Kind, World, ask, request, world};

fn create_user(name: &str, key: &str) -> Request<Body> {
    let body = json!({ "content": { "name": name } });
    let mut request = request(Kind::Administrator, (Method::POST, "/api/v1/users"), Some(&body));
    request.headers_mut().insert("idempotency-key", key.parse().unwrap());
    request
}

async fn read_with(router: &Router, path: &str, token: &str) -> Answer {
    let mut request = request(Kind::Administrator, (Method::GET, path), None);
    request.headers_mut().insert("guan-token", token.parse().unwrap());
    ask(router, request).await
}

#[tokio::test]
async fn a_key_counts_on_every_node_for_a_day_and_for_one_request() {
    let world = world();
    let other = world.second_node();
    let rows = world.rows();
    let first = world.send(create_user("Eve", "k")).await;
    let again = ask(&other, create_user("Eve", "k")).await;
    assert_eq!((first.status, again.status), (StatusCode::CREATED, StatusCode::CREATED));
    assert_eq!(first.body, again.body);
    assert_eq!(first.headers["location"], again.headers["location"]);
    assert_eq!(world.rows() - rows, 1);
    assert_eq!(ask(&other, create_user("Fay", "k")).await.code(), "key_reused");
    world.hand.later(Span::minutes(24 * 60 + 1));
    world.gate(|gate| gate.refresh(&world.server.now())).unwrap();
    assert_eq!(world.send(create_user("Eve", "k")).await.status, 201);
    assert_eq!(world.rows() - rows, 2);
}

#[tokio::test]
async fn a_refusal_is_repeated_and_a_secret_is_not() {
    let world = world();
    let taken = || {
        let body = json!({ "id": "anna", "content": {} });
        let mut one = request(Kind::Administrator, (Method::POST, "/api/v1/users"), Some(&body));
        one.headers_mut().insert("idempotency-key", "taken".parse().unwrap());
        one
    };
    let (first, second) = (world.send(taken()).await, world.send(taken()).await);
    assert_eq!((first.code(), second.code()), ("already_there", "already_there"));
    let rows = world.rows();
    let token = || {
        let body = json!({ "name": "n", "scopes": ["read"], "ends": "2026-06-01T00:00:00Z" });
        Request::post("/api/v1/me/tokens")
            .header("cookie", "guan=Reader")
            .header("x-csrf-token", CSRF)
            .header("content-type", "application/json")
            .header("idempotency-key", "t")
            .body(Body::from(body.to_string()))
            .unwrap()
    };
    assert_eq!(world.send(token()).await.status, 201);
    assert_eq!(world.send(token()).await.code(), "not_repeated");
    assert_eq!(world.rows() - rows, 1);
}

#[tokio::test]
async fn a_read_with_the_token_of_a_change_sees_it_on_every_node() {
    let world = world();
    let other = world.second_node();
    let before = ask(&other, request(Kind::Administrator, (Method::GET, "/api/v1/users"), None));
    assert_eq!(before.await.status, 200, "the other node has its view");
    let made = world.send(create_user("Eve", "k")).await;
    let token = made.headers["guan-token"].to_str().unwrap().to_owned();
    let path = format!("/api/v1/users/{}", made.body["id"].as_str().unwrap());
    let seen = read_with(&other, &path, &token).await;
    assert_eq!((seen.status, &seen.body["content"]["name"]), (StatusCode::OK, &json!("Eve")));
    assert!(!seen.headers.contains_key("guan-token"), "a read gives none");
    assert_eq!(read_with(&world.router, &path, "1000000").await.code(), "behind");
    assert_eq!(read_with(&world.router, &path, "soon").await.code(), "bad_header");
}

#[tokio::test]
async fn a_node_whose_view_is_older_than_the_lease_is_not_ready() {
    let world = world();
    let ready = async || world.get(Kind::Nobody, "/readyz").await;
    assert_eq!(ready().await.status, 200);
    world.hand.later(Span(LEASE.0 + 1));
    assert_eq!(ready().await.code(), "unavailable");
    world.gate(|gate| gate.refresh(&world.server.now())).unwrap();
    assert_eq!(ready().await.status, 200);
}

/// Every part of every path that may hold an id: ids of another organization are as unknown as made-up ones.
#[tokio::test]
async fn nothing_of_another_organization_can_be_reached_by_its_id() {
    let world = world();
    theirs(&world).await;
    let document = serde_json::to_value(guan_server::openapi::document()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        if !path.contains('{') {
            continue;
        }
        for (method, operation) in item.as_object().unwrap() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let body = operation["requestBody"].is_object().then(|| json!({}));
            let of_them = at(&world, (method.clone(), &filled(path, THEIRS)), body.as_ref()).await;
            let of_nobody =
                at(&world, (method.clone(), &filled(path, "nobody")), body.as_ref()).await;
            assert_eq!(of_them, of_nobody, "{method} {path}");
        }
    }
}

const THEIRS: &str = "only-theirs";

/// Things of every kind under one id, in the other organization.
async fn theirs(world: &World) {
    for (path, content) in [
        ("users", json!({ "name": "Eve" })),
        ("groups", json!({})),
        ("objects", json!({ "fields": { THEIRS: {} } })),
        ("actions", json!({ "needs": "edit" })),
        ("permission-sets", json!({})),
        ("permission-set-groups", json!({ "sets": [THEIRS] })),
        ("trees", json!({ "kind": "unit" })),
        ("nodes", json!({ "tree": THEIRS })),
        ("pools", json!({ "object": THEIRS })),
        ("assignments", json!({ "what": format!("set:{THEIRS}"), "to": format!("user:{THEIRS}") })),
    ] {
        let body = json!({ "id": THEIRS, "content": content });
        let path = format!("/api/v1/{path}");
        let made = world.call(Kind::OtherOrganization, (Method::POST, &path), Some(&body)).await;
        assert_eq!(made.status, 201, "{path}: {}", made.body);
    }
}

fn filled(path: &str, id: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    for part in &mut parts {
        if part.starts_with('{') {
            *part = id;
        }
    }
    parts.join("/")
}

/// What an answer tells, without the ids that were asked for and those of the request.
async fn at(world: &World, (method, path): (Method, &str), body: Option<&Value>) -> (u16, String) {
    let mut request = request(Kind::Administrator, (method, path), body);
    request.headers_mut().insert("if-match", "*".parse().unwrap());
    request.headers_mut().insert("x-request-id", "the-same-for-all".parse().unwrap());
    let mut answer = world.send(request).await;
    // Each refusal has a row of its own.
    if let Some(members) = answer.body.as_object_mut() {
        members.remove("reference");
    }
    let told = answer.body.to_string().replace(THEIRS, "ID").replace("nobody", "ID");
    (answer.status.as_u16(), told)
}
