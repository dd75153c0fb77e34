//! Overlays over HTTP: opened, seen by those whom they concern, named on the answers that they relax, reported, closed.

use axum::http::Method;
use serde_json::{Value, json};

use crate::world::{Kind, world};

#[tokio::test]
async fn a_window_is_opened_seen_reported_and_closed() {
    let world = world();
    let id = world.open_overlay();
    let active = world.get(Kind::NoPermission, "/api/v1/overlays/active").await;
    assert_eq!(active.body["overlays"][0]["id"], id.as_str());
    assert_eq!(active.body["overlays"][0]["left_s"], 600);
    let active = world.get(Kind::Reader, "/api/v1/overlays/active").await;
    assert_eq!(active.body, json!({ "overlays": [] }));

    let body = json!({ "action": "read", "object": "Account", "record": "acme-a-1" });
    let post = (Method::POST, "/api/v1/check");
    let answer = world.call(Kind::NoPermission, post, Some(&body)).await;
    assert_eq!(answer.body["decision"], "relaxed", "{}", answer.body);
    assert_eq!(answer.headers["guan-overlay"], id.as_str());
    assert!(answer.body["reference"].is_u64());
    let post = (Method::POST, "/api/v1/list");
    let answer = world.call(Kind::NoPermission, post, Some(&json!({ "object": "Account" }))).await;
    assert_eq!(answer.headers["guan-overlay"], id.as_str());
    assert_eq!(answer.body["records"].as_array().unwrap().len(), 3);
    let post = (Method::POST, "/api/v1/count");
    let answer = world.call(Kind::NoPermission, post, Some(&json!({ "object": "Account" }))).await;
    assert_eq!(answer.headers["guan-overlay"], id.as_str());
    let post = (Method::POST, "/api/v1/check-many");
    let many = json!({ "items": [body, body] });
    let answer = world.call(Kind::NoPermission, post, Some(&many)).await;
    assert_eq!(answer.headers["guan-overlay"], id.as_str());
    let first = answer.body["answers"][0]["reference"].as_u64().unwrap();
    assert_eq!(answer.body["answers"][1]["reference"], first + 1);

    let report = world.get(Kind::Administrator, &format!("/api/v1/overlays/{id}/report")).await;
    assert_eq!(report.body["would_denies"]["total"], 3);
    assert_eq!(report.body["end"]["state"], "acting");
    let status = world.get(Kind::Administrator, "/api/v1/overlays/status").await;
    assert_eq!(status.body["overlays"][0]["acting"], true);
    let path = format!("/api/v1/overlays/{id}/closing");
    let close = (Method::POST, path.as_str());
    let answer = world.call(Kind::Reader, close.clone(), Some(&json!({}))).await;
    assert_eq!(answer.code(), "power_missing");
    let closing = json!({ "reason": "done" });
    let answer = world.call(Kind::Administrator, close.clone(), Some(&closing)).await;
    assert_eq!(answer.body["why"], "by_hand: done");
    let answer = world.call(Kind::Administrator, close, Some(&closing)).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (409, "already_there"));
    let active = world.get(Kind::NoPermission, "/api/v1/overlays/active").await;
    assert_eq!(active.body, json!({ "overlays": [] }));
    let post = (Method::POST, "/api/v1/check");
    let answer = world.call(Kind::NoPermission, post, Some(&body)).await;
    assert_eq!(answer.body["decision"], "deny");
    assert!(!answer.headers.contains_key("guan-overlay"));
}

#[tokio::test]
async fn another_organization_sees_nothing_of_a_window() {
    let world = world();
    let id = world.open_overlay();
    let path = format!("/api/v1/overlays/{id}");
    assert_eq!(world.get(Kind::Administrator, &path).await.body["closing"], Value::Null);
    assert_eq!(world.get(Kind::OtherOrganization, &path).await.code(), "not_found");
    let list = world.get(Kind::OtherOrganization, "/api/v1/overlays").await;
    assert_eq!(list.body, json!({ "items": [] }));
    let list = world.get(Kind::Administrator, "/api/v1/overlays?open=true").await;
    assert_eq!(list.body["items"][0]["id"], id.as_str());
}
