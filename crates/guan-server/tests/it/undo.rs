//! Undo over HTTP: tried first, decided where somebody is in the way, done once, and undone in turn.

use axum::http::{Method, header};
use serde_json::{Value, json};

use crate::world::{Answer, Kind, World, request, world};

async fn post(world: &World, kind: Kind, path: &str, body: Value) -> Answer {
    world.call(kind, (Method::POST, path), Some(&body)).await
}

async fn rename(world: &World, kind: Kind, record: &str, name: &str) -> Answer {
    let body = json!({ "fields": { "Name": name } });
    let path = format!("/api/v1/records/Account/{record}");
    let mut changing = request(kind, (Method::PATCH, &path), Some(&body));
    changing.headers_mut().insert(header::IF_MATCH, "*".parse().unwrap());
    world.send(changing).await
}

/// A closed window under which somebody without any permission changed a record; its id.
pub(crate) async fn written_under(world: &World, record: &str) -> String {
    named_under(world, record, "broken").await
}

async fn named_under(world: &World, record: &str, name: &str) -> String {
    let id = world.open_overlay();
    let renamed = rename(world, Kind::NoPermission, record, name).await;
    assert_eq!(renamed.status, 200, "{}", renamed.body);
    let open = format!("/api/v1/switch/windows/{id}/undo");
    let early = post(world, Kind::Administrator, &open, json!({ "reason": "x" })).await;
    assert_eq!(early.code(), "window_open");
    let path = format!("/api/v1/overlays/{id}/closing");
    let closed = post(world, Kind::Administrator, &path, json!({})).await;
    assert_eq!(closed.status, 200, "{}", closed.body);
    id
}

#[tokio::test]
async fn what_a_window_let_through_is_taken_back_once_and_comes_again() {
    let world = world();
    let id = written_under(&world, "acme-a-1").await;
    let path = format!("/api/v1/switch/windows/{id}/undo");
    let before = world.rows();
    let plan = post(&world, Kind::Administrator, &format!("{path}/plan"), json!({})).await;
    assert_eq!((plan.status.as_u16(), &plan.body["ready"]), (200, &json!(1)), "{}", plan.body);
    assert_eq!(plan.body["groups"][0]["entries"][0]["by"], "bo");
    assert_eq!(world.rows(), before, "a dry run leaves no row");
    let refused = post(&world, Kind::Reader, &path, json!({ "reason": "x" })).await;
    assert_eq!(refused.code(), "power_missing");
    let other = post(&world, Kind::OtherOrganization, &path, json!({ "reason": "x" })).await;
    assert_eq!(other.code(), "not_found");
    let done = post(&world, Kind::Administrator, &path, json!({ "reason": "a mistake" })).await;
    assert_eq!((&done.body["writes"], world.rows()), (&json!(1), before + 1), "{}", done.body);
    let again = post(&world, Kind::Administrator, &path, json!({ "reason": "a mistake" })).await;
    assert_eq!((&again.body["writes"], world.rows()), (&json!(0), before + 1));
    let runs = world.get(Kind::Administrator, &path).await;
    assert_eq!(runs.body["items"][0]["id"], done.body["run"], "{}", runs.body);
    let order = json!({ "order": { "run": done.body["run"] }, "reason": "no mistake" });
    let back = post(&world, Kind::Administrator, &path, order).await;
    assert_eq!(back.body["writes"], 1, "{}", back.body);
}

#[tokio::test]
async fn a_conflict_is_decided_by_a_person() {
    let world = world();
    let id = written_under(&world, "acme-a-1").await;
    let path = format!("/api/v1/switch/windows/{id}/undo");
    named_under(&world, "acme-a-1", "worse").await;
    let plan = post(&world, Kind::Administrator, &format!("{path}/plan"), json!({})).await;
    let conflict = &plan.body["groups"][0]["conflicts"][0];
    assert_eq!((&plan.body["waiting"], &conflict["kind"]), (&json!(1), &json!("changed_later")));
    for (body, code) in [
        (json!({ "order": { "field": "Name" }, "reason": "x" }), "wrong_shape"),
        (json!({ "order": { "object": "Account" }, "reason": "x" }), "wrong_shape"),
        (json!({ "order": { "nobody": 1 }, "reason": "x" }), "wrong_shape"),
        (json!({ "order": { "run": "u-1" }, "reason": "x" }), "not_found"),
    ] {
        assert_eq!(post(&world, Kind::Administrator, &path, body).await.code(), code);
    }
    let part = json!({ "field": "Name" });
    let choices = json!([{ "entry": 0, "part": part, "choice": "restore" }]);
    let order = json!({ "order": { "object": "Account", "record": "acme-a-1", "choices": choices }, "reason": "x" });
    let done = post(&world, Kind::Administrator, &path, order).await;
    assert_eq!(done.body["writes"], 1, "{}", done.body);
}
