//! A delegated administrator: sees and changes one subtree, and nothing tells them of the rest.

use axum::http::{Method, header};
use serde_json::{Value, json};

use crate::world::{Answer, Kind, World, request, world};

async fn made(world: &World, path: &str, body: Value) {
    let answer = world.call(Kind::Administrator, (Method::POST, path), Some(&body)).await;
    assert_eq!(answer.status, 201, "{path}: {}", answer.body);
}

async fn send(world: &World, (method, path): (Method, &str), body: Option<&Value>) -> Answer {
    let mut request = request(Kind::NoPermission, (method, path), body);
    request.headers_mut().insert(header::IF_MATCH, "*".parse().unwrap());
    world.send(request).await
}

/// Bo administers `north`, where Eve is; Anna and the others are elsewhere.
async fn north() -> World {
    let world = world();
    made(&world, "/api/v1/trees", json!({ "id": "units", "content": { "kind": "unit" } })).await;
    for (id, parent) in [("all", Value::Null), ("north", json!("all")), ("oslo", json!("north"))] {
        let mut content = json!({ "tree": "units" });
        if !parent.is_null() {
            content["parent"] = parent;
        }
        made(&world, "/api/v1/nodes", json!({ "id": id, "content": content })).await;
    }
    let eve = json!({ "name": "Eve", "placements": [{ "node": "oslo" }] });
    made(&world, "/api/v1/users", json!({ "id": "eve", "content": eve })).await;
    let delegation = json!({
        "to": "user:bo", "node": "north", "sets": ["set:reader"],
        "powers": ["guan.manage_users", "guan.manage_structure", "guan.manage_assignments"],
    });
    made(&world, "/api/v1/delegations", json!({ "id": "d", "content": delegation })).await;
    world
}

fn ids(answer: &Answer) -> Vec<&str> {
    let items = answer.body["items"].as_array().unwrap();
    items.iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn lists_hold_the_subtree_and_nothing_else() {
    let world = north().await;
    let list = async |path: &str| send(&world, (Method::GET, path), None).await;
    assert_eq!(ids(&list("/api/v1/users").await), ["eve"]);
    assert_eq!(ids(&list("/api/v1/nodes").await), ["north", "oslo"]);
    assert_eq!(ids(&list("/api/v1/trees").await), ["units"]);
    assert!(ids(&list("/api/v1/assignments").await).is_empty());
    assert!(ids(&list("/api/v1/groups").await).is_empty());
    assert_eq!(list("/api/v1/permission-sets").await.code(), "power_missing");
    assert_eq!(list("/api/v1/users/anna").await.code(), "not_found");
    assert_eq!(list("/api/v1/users/eve").await.status, 200);
}

#[tokio::test]
async fn changes_stay_inside_and_give_only_what_is_delegated() {
    let world = north().await;
    let rows = world.rows();
    let off = json!({ "content": { "active": false } });
    let done = send(&world, (Method::PATCH, "/api/v1/users/eve"), Some(&off)).await;
    assert_eq!(done.status, 200, "{}", done.body);
    let outside = send(&world, (Method::PATCH, "/api/v1/users/anna"), Some(&off)).await;
    assert_eq!(outside.code(), "not_found");
    let loose = json!({ "id": "fay", "content": { "name": "Fay" } });
    let refused = send(&world, (Method::POST, "/api/v1/users"), Some(&loose)).await;
    assert_eq!(refused.code(), "may_not_administer");
    let tagged = json!({ "content": { "attributes": { "region": "south" } } });
    let refused = send(&world, (Method::PATCH, "/api/v1/users/eve"), Some(&tagged)).await;
    assert_eq!(refused.code(), "may_not_administer", "{}", refused.body);
    let away = json!({ "content": { "placements": [{ "node": "all" }] } });
    let refused = send(&world, (Method::PATCH, "/api/v1/users/eve"), Some(&away)).await;
    assert_eq!(refused.code(), "may_not_administer");
    let give = |set: &str| json!({ "id": "a", "content": { "what": set, "to": "user:eve" } });
    let path = "/api/v1/assignments";
    let refused = send(&world, (Method::POST, path), Some(&give("set:administrator"))).await;
    assert_eq!(refused.code(), "may_not_administer", "{}", refused.body);
    let done = send(&world, (Method::POST, path), Some(&give("set:reader"))).await;
    assert_eq!(done.status, 201, "{}", done.body);
    assert_eq!(world.rows() - rows, 2, "refused changes leave nothing");
}

#[tokio::test]
async fn of_many_questions_each_is_about_somebody_inside() {
    let world = north().await;
    let asking = json!({ "to": "user:bo", "node": "north", "powers": ["guan.ask_about_others"] });
    made(&world, "/api/v1/delegations", json!({ "id": "asking", "content": asking })).await;
    let item = |subject: &str| json!({ "subject": subject, "action": "read", "object": "Account", "record": "acme-a-1" });
    let ask =
        async |body: Value| send(&world, (Method::POST, "/api/v1/check-many"), Some(&body)).await;
    let inside = ask(json!({ "items": [item("eve"), item("bo"), item("eve")] })).await;
    assert_eq!(inside.status, 200, "{}", inside.body);
    for others in [["eve", "anna"], ["anna", "eve"], ["eve", "nobody"]] {
        let refused = ask(json!({ "items": others.map(item) })).await;
        assert_eq!(refused.code(), "power_missing", "{others:?}: {}", refused.body);
    }
    // About oneself as one is now; from elsewhere it takes the power over oneself too.
    let session = json!({ "subject": "eve", "from": "192.0.2.1" });
    let elsewhere = ask(json!({ "session": session, "items": [item("eve"), item("bo")] })).await;
    assert_eq!(elsewhere.code(), "power_missing", "{}", elsewhere.body);
}
