//! Every operation with every kind of caller: who is let through, as a grid that a person can read.

use std::fmt::Write as _;

use axum::http::{Method, Request};
use axum::{body::Body, http::header};
use serde_json::json;

use crate::world::{Kind, org, world, world_of_posts};

/// The operations that nobody needs to sign in for. The list may only shrink.
const PUBLIC: &[&str] = &["show_health", "show_readiness", "sign_in"];

#[test]
fn the_public_operations_are_the_listed_ones() {
    let routes = guan_server::routes::all();
    let open: Vec<&str> = routes
        .operations()
        .iter()
        .filter(|operation| operation.power_name() == "public")
        .map(|operation| operation.id)
        .collect();
    assert_eq!(open, PUBLIC);
}

#[tokio::test]
async fn every_operation_answers_every_kind_of_caller_as_the_grid_says() {
    let world = world_of_posts();
    let document = serde_json::to_value(guan_server::openapi::document()).unwrap();
    let mut grid = String::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            let power = operation["x-guan"]["power"].as_str().unwrap();
            writeln!(grid, "{id} ({power})").unwrap();
            for kind in Kind::ALL {
                let method: Method = method.to_uppercase().parse().unwrap();
                let path = path.replace(['{', '}'], "");
                let body = (method != Method::GET).then(|| json!({}));
                let answer = world.call(*kind, (method, &path), body.as_ref()).await;
                let line = format!("  {kind:?}: {} {}", answer.status.as_u16(), answer.code());
                grid.push_str(line.trim_end());
                grid.push('\n');
            }
        }
    }
    insta::assert_snapshot!("callers", grid);
}

#[tokio::test]
async fn a_caller_is_told_who_they_are() {
    let world = world();
    let answer = world.get(Kind::Reader, "/api/v1/me").await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.body,
        json!({
            "organization": org(), "user": "anna", "powers": [], "scopes": ["all"],
            "must_change_password": false,
        })
    );
    let answer = world.get(Kind::OtherOrganization, "/api/v1/me").await;
    assert_eq!(answer.body["organization"], "other");
}

#[tokio::test]
async fn a_header_that_is_not_understood_is_not_passed_over_for_a_cookie() {
    let world = world();
    let request = Request::get("/api/v1/me")
        .header(header::AUTHORIZATION, "Basic YTpi")
        .header(header::COOKIE, "guan=Reader")
        .body(Body::empty())
        .unwrap();
    assert_eq!(world.send(request).await.code(), "token_refused");
    let request =
        Request::get("/api/v1/me").header(header::COOKIE, "guan=Reader").body(Body::empty());
    assert_eq!(world.send(request.unwrap()).await.body["csrf"], crate::world::CSRF);
}
