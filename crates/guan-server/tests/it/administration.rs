//! Every kind of entity as a resource: the same operations, judged, checked and recorded alike.

use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::{Value, json};

use crate::world::{Answer, Kind, World, request, world};

/// Where a kind is, a content that can be kept, and members that can be changed.
fn kinds() -> Vec<(&'static str, Value, Value)> {
    vec![
        ("actions", json!({ "needs": "edit" }), json!({ "changes": true })),
        (
            "assignments",
            json!({ "what": "set:reader", "to": "user:bo" }),
            json!({ "to": "user:ina" }),
        ),
        ("groups", json!({ "name": "North" }), json!({ "members": ["user:anna"] })),
        ("objects", json!({ "name": "Lead" }), json!({ "baseline": { "internal": "read" } })),
        ("permission-sets", json!({ "name": "Editor" }), json!({ "needs_activation": true })),
        ("permission-set-groups", json!({ "sets": ["reader"] }), json!({ "name": "All" })),
        ("pools", json!({ "object": "Account" }), json!({ "members": ["user:bo"] })),
        (
            "restrictions",
            json!({ "object": "Account", "only": "Name = \"x\"" }),
            json!({ "active": false }),
        ),
        (
            "sharing-rules",
            json!({ "object": "Account", "to": ["user:bo"], "rights": "read" }),
            json!({ "rights": "edit" }),
        ),
        ("trees", json!({ "kind": "unit" }), json!({ "name": "Units" })),
        ("users", json!({ "name": "Eve" }), json!({ "active": false })),
    ]
}

async fn call(world: &World, method: Method, path: &str, body: Option<&Value>) -> Answer {
    world.call(Kind::Administrator, (method, path), body).await
}

async fn with_state(
    world: &World,
    (method, path): (Method, &str),
    state: &str,
    body: Option<&Value>,
) -> Answer {
    let mut request = request(Kind::Administrator, (method, path), body);
    request.headers_mut().insert(header::IF_MATCH, state.parse().unwrap());
    world.send(request).await
}

fn state(answer: &Answer) -> String {
    answer.headers[header::ETAG].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_kind_is_made_read_changed_and_taken_out_with_one_row_each() {
    let world = world();
    for (kind, content, members) in kinds() {
        let list = format!("/api/v1/{kind}");
        let before = world.rows();
        let body = json!({ "id": "new one", "content": content, "reason": "trying" });
        let made = call(&world, Method::POST, &list, Some(&body)).await;
        assert_eq!(made.status, 201, "{kind}: {}", made.body);
        assert_eq!(made.headers[header::LOCATION], format!("{list}/new%20one"));
        assert_eq!(made.body["row"].as_u64().unwrap() + 1 + 1, world.rows(), "{kind}");
        let again = call(&world, Method::POST, &list, Some(&body)).await;
        assert_eq!(again.code(), "already_there", "{kind}");

        let path = format!("{list}/new%20one");
        let shown = call(&world, Method::GET, &path, None).await;
        assert_eq!((shown.status.as_u16(), state(&shown)), (200, state(&made)), "{kind}");
        assert_eq!(shown.body["content"], made.body["content"]);

        let body = json!({ "content": members });
        let unsafe_change = call(&world, Method::PATCH, &path, Some(&body)).await;
        assert_eq!(unsafe_change.code(), "precondition_needed");
        let changed = with_state(&world, (Method::PATCH, &path), &state(&made), Some(&body)).await;
        assert_eq!(changed.status, 200, "{kind}: {}", changed.body);
        for (name, value) in members.as_object().unwrap() {
            let kept = &changed.body["content"][name];
            assert!(kept == value || kept.is_object(), "{kind}.{name}: {kept}");
        }

        let body = json!({ "content": content });
        let stale = with_state(&world, (Method::PUT, &path), &state(&made), Some(&body)).await;
        assert_eq!(stale.code(), "stale", "{kind}");
        let back = with_state(&world, (Method::PUT, &path), &state(&changed), Some(&body)).await;
        assert_eq!(
            (back.status.as_u16(), state(&back)),
            (200, state(&made)),
            "{kind}: {}",
            back.body
        );

        let found = call(&world, Method::GET, &format!("{list}?search=NEW"), None).await;
        assert_eq!(found.body["items"][0]["id"], "new one", "{kind}");
        let gone = with_state(&world, (Method::DELETE, &path), &state(&back), None).await;
        assert_eq!(gone.status, 200, "{kind}: {}", gone.body);
        assert_eq!(call(&world, Method::GET, &path, None).await.code(), "not_found");
        assert_eq!(world.rows() - before, 4, "{kind}: one row for each change");
    }
}

#[tokio::test]
async fn a_node_hangs_in_its_tree_and_a_roll_up_goes_along_it() {
    let world = world();
    let post = async |path: &str, body: Value| {
        let made = call(&world, Method::POST, path, Some(&body)).await;
        assert_eq!(made.status, 201, "{}", made.body);
        state(&made)
    };
    post("/api/v1/trees", json!({ "id": "roles", "content": { "kind": "role" } })).await;
    post("/api/v1/nodes", json!({ "id": "top", "content": { "tree": "roles" } })).await;
    post("/api/v1/nodes", json!({ "id": "low", "content": { "tree": "roles", "parent": "top" } }))
        .await;
    let roll_up = json!({ "tree": "roles", "covers": ["owned"], "rights": ["read"] });
    post("/api/v1/roll-ups", json!({ "id": "up", "content": roll_up })).await;
    let path = "/api/v1/users/bo";
    let placed = json!({ "content": { "placements": [{ "node": "low", "as": "head" }] } });
    let user = call(&world, Method::GET, path, None).await;
    let placed = with_state(&world, (Method::PATCH, path), &state(&user), Some(&placed)).await;
    assert_eq!(placed.body["content"]["placements"][0]["node"], "low", "{}", placed.body);
    let delegation = json!({ "to": "user:bo", "node": "top", "powers": ["guan.manage_users"] });
    post("/api/v1/delegations", json!({ "id": "d", "content": delegation })).await;
    let gone = with_state(&world, (Method::DELETE, "/api/v1/nodes/low"), "*", None).await;
    assert_eq!(gone.code(), "invalid", "somebody stands there");
}

#[tokio::test]
async fn what_cannot_be_kept_is_told_with_a_pointer_into_the_content() {
    let world = world();
    let rows = world.rows();
    let content =
        json!({ "object": "Account", "to": ["user:anna", "user:nobody"], "rights": "read" });
    let body = json!({ "id": "a.b", "content": content });
    let refused = call(&world, Method::POST, "/api/v1/sharing-rules", Some(&body)).await;
    assert_eq!(refused.code(), "invalid");
    assert_eq!(refused.body["problems"][0]["pointer"], "/to/1", "{}", refused.body);
    assert_eq!(refused.body["problems"][0]["place"], "rules.a.b.to[1]");
    let wrong = json!({ "content": { "nmae": "x" } });
    let refused = call(&world, Method::POST, "/api/v1/users", Some(&wrong)).await;
    assert_eq!(refused.code(), "wrong_shape");
    let bad = json!({ "id": "a\u{202e}b", "content": {} });
    assert_eq!(call(&world, Method::POST, "/api/v1/users", Some(&bad)).await.code(), "invalid");
    assert_eq!(world.rows(), rows);
}

#[tokio::test]
async fn a_creation_without_id_gets_one_and_with_a_key_happens_once() {
    let world = world();
    let before = world.rows();
    let body = json!({ "content": { "name": "Eve" } });
    let send = async || {
        let mut request =
            request(Kind::Administrator, (Method::POST, "/api/v1/users"), Some(&body));
        request.headers_mut().insert("idempotency-key", "once".parse().unwrap());
        world.send(request).await
    };
    let (first, second) = (send().await, send().await);
    assert_eq!(first.body["id"], second.body["id"]);
    assert_eq!(world.rows() - before, 1);
}

#[tokio::test]
async fn lists_come_in_pages_and_hold_nothing_of_another_organization() {
    let world = world();
    let body = json!({ "id": "only-here", "content": {} });
    assert_eq!(call(&world, Method::POST, "/api/v1/users", Some(&body)).await.status, 201);
    let mut path = "/api/v1/users?limit=2".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = call(&world, Method::GET, &path, None).await;
        for item in page.body["items"].as_array().unwrap() {
            seen.push(item["id"].as_str().unwrap().to_owned());
        }
        match page.body["next"].as_str() {
            Some(next) => path = format!("/api/v1/users?limit=2&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ["ada", "anna", "bo", "ina", "only-here"]);
    let there = world.get(Kind::OtherOrganization, "/api/v1/users/only-here").await;
    assert_eq!(there.code(), "not_found");
    let unknown = call(&world, Method::GET, "/api/v1/users?sort=name", None).await;
    assert_eq!(unknown.code(), "bad_query");
}

#[tokio::test]
async fn without_the_power_nothing_is_read_and_nothing_is_changed() {
    let world = world();
    for (kind, content, _) in kinds() {
        let list = format!("/api/v1/{kind}");
        assert_eq!(world.get(Kind::Reader, &list).await.code(), "power_missing", "{kind}");
        let body = json!({ "id": "x", "content": content });
        let made = world.call(Kind::Reader, (Method::POST, &list), Some(&body)).await;
        assert_eq!(made.code(), "power_missing", "{kind}");
    }
}

#[tokio::test]
async fn while_a_window_is_open_what_it_relaxes_stays_as_it_is() {
    let world = world();
    world.open_overlay();
    let restriction = json!({ "id": "x", "content": { "object": "Account", "only": "false" } });
    let waits = call(&world, Method::POST, "/api/v1/restrictions", Some(&restriction)).await;
    assert_eq!(waits.status, 202, "{}", waits.body);
    let kept = call(&world, Method::GET, "/api/v1/restrictions", None).await;
    assert_eq!(kept.body["items"], json!([]));
    let body = json!({ "id": "x", "content": {} });
    let made = call(&world, Method::POST, "/api/v1/users", Some(&body)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let read =
        Request::get("/api/v1/users/bo").header(header::AUTHORIZATION, "Bearer Administrator");
    assert_eq!(world.send(read.body(Body::empty()).unwrap()).await.status, 200);
}
