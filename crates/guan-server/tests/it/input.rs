//! Requests that are wrong: each is told in one shape what is wrong.

use std::num::NonZeroU32;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, header};
use guan_server::settings::Settings;

use crate::world::{Kind, world, world_with};

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems_too() {
    let world = world();
    let answer = world.get(Kind::Nobody, "/api/v1/nowhere").await;
    assert_eq!((answer.status.as_u16(), answer.code()), (404, "unknown_route"));
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
    let answer = world.call(Kind::Nobody, (Method::DELETE, "/api/v1/me"), None).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (405, "method_not_allowed"));
    assert_eq!(answer.headers[header::ALLOW], "GET,HEAD");
}

#[tokio::test]
async fn the_id_of_a_request_comes_back_also_in_a_problem() {
    let world = world();
    let request = |id: &str| {
        Request::get("/api/v1/nowhere").header("x-request-id", id).body(Body::empty()).unwrap()
    };
    let answer = world.send(request("from-the-proxy-17")).await;
    assert_eq!(answer.headers["x-request-id"], "from-the-proxy-17");
    assert_eq!(answer.body["request"], "from-the-proxy-17");
    let answer = world.send(request("<script>")).await;
    let made = answer.headers["x-request-id"].to_str().unwrap();
    assert_eq!(made.len(), 36);
    assert_eq!(answer.body["request"], made);
}

#[tokio::test]
async fn one_address_cannot_ask_without_end() {
    let rate = NonZeroU32::MIN.get();
    let world = world_with(Settings { address_rate: rate, ..Settings::default() });
    let request = |address: &str| {
        let mut request = Request::get("/healthz").body(Body::empty()).unwrap();
        let socket: std::net::SocketAddr = address.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(socket));
        request
    };
    assert_eq!(world.send(request("192.0.2.1:1")).await.status, 200);
    let second = world.send(request("192.0.2.1:2")).await;
    assert_eq!(second.code(), "too_many_requests");
    assert!(second.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(world.send(request("192.0.2.2:1")).await.status, 200);
    assert_eq!(world.send(request("[2001:db8::1]:1")).await.status, 200);
    assert_eq!(world.send(request("[2001:db8::2]:1")).await.code(), "too_many_requests");
}
