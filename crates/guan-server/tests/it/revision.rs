//! Revisions: many edits at once, previewed, compared and taken back; and what stands beside the kinds.

use axum::http::{Method, header};
use serde_json::{Value, json};

use crate::world::{Answer, Kind, World, request, world};

async fn call(world: &World, method: Method, path: &str, body: Option<&Value>) -> Answer {
    world.call(Kind::Administrator, (method, path), body).await
}

/// Bo becomes a reader, and Anna's assignment goes.
fn edits() -> Value {
    json!({
        "expected": 2,
        "put": [
            { "kind": "assignment", "id": "new", "content": { "what": "set:reader", "to": "user:bo" } },
            { "kind": "user", "id": "eve", "content": { "name": "Eve" } },
        ],
        "remove": [{ "kind": "assignment", "id": "as-1" }],
        "reason": "Bo takes over",
    })
}

#[tokio::test]
async fn a_preview_tells_differences_and_who_gains_and_loses_and_changes_nothing() {
    let world = world();
    let rows = world.rows();
    let body = edits();
    let seen = call(&world, Method::POST, "/api/v1/revisions/preview", Some(&body)).await;
    assert_eq!(seen.status, 200, "{}", seen.body);
    assert_eq!(seen.body["problems"], json!([]));
    assert_eq!(seen.body["differences_count"], 3);
    assert_eq!(seen.body["impact"]["gained"], 3, "{}", seen.body);
    assert_eq!(seen.body["impact"]["lost"], 3);
    assert_eq!(world.rows(), rows);
    let mut stale = edits();
    stale["expected"] = json!(1);
    let seen = call(&world, Method::POST, "/api/v1/revisions/preview", Some(&stale)).await;
    assert_eq!(seen.code(), "conflict");
    let refused =
        world.call(Kind::Reader, (Method::POST, "/api/v1/revisions/preview"), Some(&body)).await;
    assert_eq!(refused.code(), "power_missing");
}

#[tokio::test]
async fn many_edits_are_one_revision_with_one_row_and_can_be_taken_back() {
    let world = world();
    let rows = world.rows();
    let body = edits();
    let refused = world.call(Kind::Reader, (Method::POST, "/api/v1/revisions"), Some(&body)).await;
    assert_eq!(refused.code(), "power_missing");
    let made = call(&world, Method::POST, "/api/v1/revisions", Some(&body)).await;
    assert_eq!((made.status.as_u16(), made.body["revision"].as_u64()), (201, Some(3)));
    assert_eq!(world.rows() - rows, 1);
    let again = call(&world, Method::POST, "/api/v1/revisions", Some(&body)).await;
    assert_ne!(again.status, 201);

    let list = call(&world, Method::GET, "/api/v1/revisions?limit=2", None).await;
    assert_eq!(list.body["items"][0]["number"], 3);
    assert_eq!(list.body["items"][0]["current"], true);
    assert_eq!(list.body["items"][0]["reason"], "Bo takes over");
    let next = list.body["next"].as_str().unwrap();
    let path = format!("/api/v1/revisions?limit=2&cursor={next}");
    let rest = call(&world, Method::GET, &path, None).await;
    assert_eq!(rest.body["items"][0]["number"], 1);
    let one = call(&world, Method::GET, "/api/v1/revisions/2", None).await;
    assert_eq!((one.status.as_u16(), &one.body["current"]), (200, &json!(false)));
    let policy = call(&world, Method::GET, "/api/v1/revisions/2/policy", None).await;
    assert!(policy.body["assignments"]["as-1"].is_object());
    let differences =
        call(&world, Method::GET, "/api/v1/revisions/3/differences?limit=1", None).await;
    assert_eq!(differences.body["items"][0]["entity"], "assignments");
    assert!(differences.body["next"].is_string());
    let impact = call(&world, Method::GET, "/api/v1/revisions/3/impact?from=2&user=bo", None).await;
    assert_eq!((&impact.body["gained"], &impact.body["lost"]), (&json!(3), &json!(0)));

    let back = json!({ "expected": 3, "reason": "a mistake" });
    let path = "/api/v1/revisions/2/make-current";
    let stale = call(&world, Method::POST, path, Some(&json!({ "expected": 2 }))).await;
    assert_eq!(stale.code(), "conflict");
    let back = call(&world, Method::POST, path, Some(&back)).await;
    assert_eq!(back.body["revision"], 4, "{}", back.body);
    let bo = call(&world, Method::GET, "/api/v1/assignments/new", None).await;
    assert_eq!(bo.code(), "not_found");
    assert_eq!(call(&world, Method::GET, "/api/v1/revisions/99", None).await.code(), "not_found");
}

#[tokio::test]
async fn the_only_administrator_stays_and_a_preview_says_so() {
    let world = world();
    let rows = world.rows();
    let mut taken =
        request(Kind::Administrator, (Method::DELETE, "/api/v1/assignments/as-2"), None);
    taken.headers_mut().insert(header::IF_MATCH, "*".parse().unwrap());
    let refused = world.send(taken).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "last_administrator"));
    let detail = refused.body["detail"].as_str().unwrap();
    assert!(
        detail.contains("`guan.manage_users`") && detail.contains("give that to somebody first")
    );
    let mut away = request(
        Kind::Administrator,
        (Method::PATCH, "/api/v1/users/ada"),
        Some(&json!({ "content": { "active": false } })),
    );
    away.headers_mut().insert(header::IF_MATCH, "*".parse().unwrap());
    assert_eq!(world.send(away).await.code(), "last_administrator");
    let body = json!({ "expected": 2, "remove": [{ "kind": "assignment", "id": "as-2" }] });
    let seen = call(&world, Method::POST, "/api/v1/revisions/preview", Some(&body)).await;
    assert_eq!(
        seen.body["problems"][0]["what"].as_str(),
        Some(detail.split(", or let").next().unwrap())
    );
    assert_eq!(world.rows(), rows);
}

#[tokio::test]
async fn what_cannot_be_kept_of_many_edits_is_told_with_its_place() {
    let world = world();
    let mut body = edits();
    body["put"][0]["content"]["to"] = json!("user:nobody");
    let seen = call(&world, Method::POST, "/api/v1/revisions/preview", Some(&body)).await;
    assert_eq!(seen.body["problems"][0]["pointer"], "/put/0/content/to", "{}", seen.body);
    let refused = call(&world, Method::POST, "/api/v1/revisions", Some(&body)).await;
    assert_eq!((refused.code(), &refused.body["problems"]), ("invalid", &seen.body["problems"]));
    body["put"][0]["content"] = json!({ "what": 1 });
    let refused = call(&world, Method::POST, "/api/v1/revisions", Some(&body)).await;
    assert_eq!(
        (refused.code(), &refused.body["pointer"]),
        ("wrong_shape", &json!("/put/0/content"))
    );
    let body = json!({ "expected": 2, "remove": [{ "kind": "user", "id": "nobody" }] });
    let refused = call(&world, Method::POST, "/api/v1/revisions", Some(&body)).await;
    assert_eq!((refused.code(), &refused.body["pointer"]), ("not_found", &json!("/remove/0")));
}

#[tokio::test]
async fn settings_and_fields_have_a_state_and_one_row_for_each_change() {
    let world = world();
    let rows = world.rows();
    let with = async |(method, path): (Method, &str), state: &str, body: Option<&Value>| {
        let mut request = request(Kind::Administrator, (method, path), body);
        request.headers_mut().insert(header::IF_MATCH, state.parse().unwrap());
        world.send(request).await
    };
    let path = "/api/v1/organization";
    let shown = call(&world, Method::GET, path, None).await;
    let state = shown.headers[header::ETAG].to_str().unwrap();
    let body = json!({ "content": { "id": "acme", "name": "Acme 公司" } });
    let changed = with((Method::PUT, path), state, Some(&body)).await;
    assert_eq!(changed.body["content"]["name"], "Acme 公司", "{}", changed.body);
    assert_eq!(with((Method::PUT, path), state, Some(&body)).await.code(), "stale");
    let other = json!({ "content": { "id": "other" } });
    assert_eq!(with((Method::PUT, path), "*", Some(&other)).await.code(), "invalid");

    let path = "/api/v1/objects/Account/fields";
    let phone = json!({ "type": "text", "class": "personal", "mask": { "keep": { "first": 3, "last": 2 } } });
    let body = json!({ "id": "Phone", "content": phone });
    let made = call(&world, Method::POST, path, Some(&body)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let again = call(&world, Method::POST, path, Some(&body)).await;
    assert_eq!(again.code(), "already_there");
    let list = call(&world, Method::GET, path, None).await;
    assert_eq!(list.body["items"][1]["id"], "Phone");
    let one = "/api/v1/objects/Account/fields/Phone";
    let shown = call(&world, Method::GET, one, None).await;
    let state = shown.headers[header::ETAG].to_str().unwrap();
    let body = json!({ "content": { "mask": "full" } });
    let changed = with((Method::PUT, one), state, Some(&body)).await;
    assert_eq!(changed.body["content"]["mask"], "full", "{}", changed.body);
    let gone = with((Method::DELETE, one), "*", None).await;
    assert_eq!(gone.status, 200, "{}", gone.body);
    assert_eq!(call(&world, Method::GET, one, None).await.code(), "not_found");
    let used = with((Method::DELETE, "/api/v1/objects/Account/fields/Name"), "*", None).await;
    assert_eq!(used.code(), "invalid", "records have it");
    assert_eq!(world.rows() - rows, 4);
}

#[tokio::test]
async fn anybody_knows_what_they_may_read_and_whom_they_work_with() {
    let world = world();
    let seen = world.get(Kind::Reader, "/api/v1/schema").await;
    assert_eq!(seen.body["objects"]["Account"]["actions"]["read"], "all", "{}", seen.body);
    let nothing = world.get(Kind::NoPermission, "/api/v1/schema").await;
    assert_eq!(nothing.body["objects"], json!({}));
    let colleagues = world.get(Kind::NoPermission, "/api/v1/colleagues?search=AN").await;
    assert_eq!(colleagues.body["items"], json!([{ "id": "anna", "name": "anna" }]));
    let outside = json!({ "content": { "kind": "external" } });
    let mut request =
        request(Kind::Administrator, (Method::PATCH, "/api/v1/users/bo"), Some(&outside));
    request.headers_mut().insert(header::IF_MATCH, "*".parse().unwrap());
    assert_eq!(world.send(request).await.status, 200);
    let alone = world.get(Kind::NoPermission, "/api/v1/colleagues").await;
    assert_eq!(alone.body["items"], json!([{ "id": "bo", "name": "bo" }]));
}

#[tokio::test]
async fn a_backup_is_taken_listed_and_verified_without_a_word_on_others() {
    let world = world();
    let rows = world.rows();
    let body = json!({ "reason": "before the fair" });
    let taken = call(&world, Method::POST, "/api/v1/backups", Some(&body)).await;
    assert_eq!(taken.status, 201, "{}", taken.body);
    assert_eq!(world.rows() - rows, 1);
    let list = call(&world, Method::GET, "/api/v1/backups", None).await;
    assert_eq!(list.body["items"][0]["name"], taken.body["name"]);
    let path = format!("/api/v1/backups/{}", taken.body["name"].as_str().unwrap());
    let checked = call(&world, Method::GET, &path, None).await;
    assert_eq!((checked.status.as_u16(), &checked.body), (200, &taken.body));
    assert_eq!(checked.body["content"]["records"], 3);
    assert!(!checked.body.to_string().contains("other"));
    // Another organization is in it too: neither its reasons nor its size are told.
    for member in ["bytes", "reason"] {
        assert!(checked.body.get(member).is_none(), "{}", checked.body);
    }
    let folder = world.gate(|gate| gate.read(|reader| reader.backups())).unwrap().remove(0);
    let manifest = folder.join("manifest.json");
    let text = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(&manifest, text.replace("\"acme\"", "\"third\"")).unwrap();
    let list = call(&world, Method::GET, "/api/v1/backups", None).await;
    assert_eq!(list.body["items"], json!([]), "what does not hold the organization is not named");
    assert_eq!(call(&world, Method::GET, &path, None).await.code(), "not_found");
    let outside = call(&world, Method::GET, "/api/v1/backups/..%2F..%2Fetc", None).await;
    assert_eq!(outside.code(), "not_found");
    assert_eq!(world.get(Kind::Reader, &path).await.code(), "power_missing");
}
