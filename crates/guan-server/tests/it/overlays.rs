//! Overlays over HTTP: opened, seen by those whom they concern, named on the answers that they relax, reported, closed.

use std::collections::BTreeSet;

use axum::http::Method;
use guan_engine::model::{Action, Layer, Principal, Span, SuspensionScope};
use serde_json::{Value, json};

use crate::world::{Kind, World, world};

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

/// What everybody is told that the windows relax for them.
async fn told(world: &World, kind: Kind) -> Vec<Value> {
    let shown = world.get(kind, "/api/v1/switch").await.body;
    shown["windows"].as_array().unwrap().iter().map(|one| one["relaxes"].clone()).collect()
}

#[tokio::test]
async fn who_a_window_concerns_is_told_what_it_relaxes_for_them_and_nobody_else_is() {
    let world = world();
    world.open_overlay();
    let relaxes =
        json!({ "objects": [{ "id": "Account", "name": "" }], "actions": [], "in_part": false });
    assert_eq!(told(&world, Kind::NoPermission).await, [relaxes]);
    assert_eq!(
        told(&world, Kind::Administrator).await,
        [Value::Null],
        "who is not in its audience"
    );
    assert_eq!(told(&world, Kind::Reader).await, [] as [Value; 0]);
    world.hand.later(Span::minutes(10));
    assert_eq!(told(&world, Kind::NoPermission).await, [] as [Value; 0]);
}

#[tokio::test]
async fn a_window_names_no_object_to_whom_it_gives_no_look_at_it() {
    let users = || BTreeSet::from([Principal::User("anna".into())]);
    let accounts = SuspensionScope { objects: ["Account".into()].into(), ..Default::default() };
    let unnamed = |actions: Value, in_part: bool| json!({ "objects": [], "actions": actions, "in_part": in_part });
    let everything = json!({ "actions": [], "in_part": false });
    let cases = [
        // Edit alone shows no record to somebody who may not read.
        (
            SuspensionScope { actions: [Action::Edit].into(), ..accounts.clone() },
            unnamed(json!(["edit"]), false),
        ),
        // Neither does the record layer to whom no set gives the verb.
        (
            SuspensionScope { layers: [Layer::Record].into(), ..accounts.clone() },
            unnamed(json!([]), true),
        ),
        // It is for Anna alone.
        (SuspensionScope { users: users(), ..accounts }, Value::Null),
        (SuspensionScope::default(), everything),
    ];
    for (scope, expected) in cases {
        let world = world();
        world.open_overlay_of(scope.clone());
        assert_eq!(told(&world, Kind::NoPermission).await, [expected], "{scope:?}");
    }
}
