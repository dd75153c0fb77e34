//! Seeing as somebody else: what they see, never more than the viewer may, nothing changed, and over in time.

use axum::http::{Method, header};
use guan_engine::model::Span;
use guan_ledger::{Entry, Kind as Row};
use serde_json::{Value, json};

use crate::rows;
use crate::world::{Answer, Kind, World, org, request, world};

const ACCOUNTS: &str = "/api/v1/records/Account";
const ONE: &str = "/api/v1/records/Account/acme-a-1";

async fn begin(world: &World, kind: Kind, user: &str) -> Answer {
    let body = json!({ "user": user, "length_s": 900, "reason": "the list looks short" });
    world.call(kind, (Method::POST, "/api/v1/views"), Some(&body)).await
}

async fn seen(world: &World, kind: Kind, view: &str, (method, path): (Method, &str)) -> Answer {
    let body = (method != Method::GET).then(|| json!({ "fields": { "Name": "x" } }));
    let mut asked = request(kind, (method, path), body.as_ref());
    asked.headers_mut().insert("guan-view", view.parse().unwrap());
    asked.headers_mut().insert(header::IF_MATCH, "*".parse().unwrap());
    world.send(asked).await
}

async fn get(world: &World, view: &str, path: &str) -> Answer {
    seen(world, Kind::Administrator, view, (Method::GET, path)).await
}

fn ids(answer: &Answer) -> Vec<&str> {
    let items = answer.body["items"].as_array().unwrap();
    items.iter().map(|item| item["id"].as_str().unwrap()).collect()
}

async fn make(world: &World, path: &str, id: &str, content: Value) {
    let body = json!({ "id": id, "content": content });
    let post = (Method::POST, &*format!("/api/v1/{path}"));
    let made = world.call(Kind::Administrator, post, Some(&body)).await;
    assert_eq!(made.status, 201, "{}", made.body);
}

/// Bo reads what is shared with him, its name and how big it is; the administrator reads all accounts, their names alone.
async fn prepared() -> (World, String) {
    let world = world();
    rows::prepare(&world).await;
    make(&world, "objects/Account/fields", "Size", json!({})).await;
    let content = json!({ "objects": { "Account": { "actions": { "read": "reachable" } } },
        "fields": { "Account": { "Name": "read", "Size": "read" } } });
    make(&world, "permission-sets", "own", content).await;
    make(&world, "assignments", "own", json!({ "what": "set:own", "to": "user:bo" })).await;
    let share = json!({ "to": "user:bo", "rights": "read" });
    let mut asked = request(
        Kind::Administrator,
        (Method::POST, "/api/v1/records/Account/acme-a-1/shares"),
        Some(&share),
    );
    asked.headers_mut().insert(header::IF_MATCH, "*".parse().unwrap());
    assert_eq!(world.send(asked).await.status, 200);
    let mut record = guan_engine::model::Record::new("Account", "acme-a-1");
    record.owners = ["user:anna".parse().unwrap()].into();
    record.fields.insert("Name".into(), "Acme".into());
    record.fields.insert("Size".into(), "large".into());
    record.shares = vec![guan_engine::model::Share::manual(
        "user:bo".parse().unwrap(),
        guan_engine::model::Rights::READ,
    )];
    let change =
        guan_store::Change::PutRecords { organization: org(), records: vec![record], under: None };
    let installer = guan_store::Caller::local("installer");
    world.gate(|gate| gate.write(&installer, &world.server.now(), change)).unwrap();
    let begun = begin(&world, Kind::Administrator, "bo").await;
    assert_eq!(begun.status, 201, "{}", begun.body);
    let id = begun.body["id"].as_str().unwrap().to_owned();
    (world, id)
}

#[tokio::test]
async fn records_are_read_as_for_the_other_and_fields_no_further_than_the_viewer_may() {
    let (world, view) = prepared().await;
    let own = world.get(Kind::Administrator, ACCOUNTS).await;
    assert_eq!(ids(&own), ["acme-a-1", "acme-a-2", "acme-a-3"]);
    let listed = get(&world, &view, ACCOUNTS).await;
    assert_eq!(ids(&listed), ["acme-a-1"]);
    let theirs = world.get(Kind::NoPermission, ONE).await;
    assert_eq!(theirs.body["fields"]["Size"], json!({ "clear": "large" }));
    let shown = get(&world, &view, ONE).await;
    assert_eq!(shown.body["fields"], json!({ "Name": { "clear": "Acme" } }));
    assert_eq!(get(&world, &view, &format!("{ACCOUNTS}/acme-a-2")).await.status, 404);
    let history = get(&world, &view, &format!("{ONE}/history")).await;
    assert!(!history.body.to_string().contains("Size"), "{}", history.body);
    let actions = get(&world, &view, &format!("{ONE}/actions")).await;
    assert_eq!(actions.body, json!(["read"]));
    assert_eq!(get(&world, &view, "/api/v1/record-counts/Account").await.body["count"], 1);
}

#[tokio::test]
async fn what_the_viewer_may_not_read_is_not_there() {
    // Without `prepare` the administrator reads no account.
    let world = world();
    let begun = begin(&world, Kind::Administrator, "anna").await;
    let view = begun.body["id"].as_str().unwrap().to_owned();
    assert_eq!(ids(&world.get(Kind::Reader, ACCOUNTS).await).len(), 3);
    assert_eq!(get(&world, &view, ACCOUNTS).await.body["items"], json!([]));
    assert_eq!(get(&world, &view, "/api/v1/record-counts/Account").await.body["count"], 0);
    assert_eq!(get(&world, &view, ONE).await.code(), "not_found");
}

#[tokio::test]
async fn nothing_else_is_open_in_a_view() {
    let (world, view) = prepared().await;
    let rows = world.rows();
    for (method, path) in [
        (Method::PATCH, ONE),
        (Method::DELETE, ONE),
        (Method::POST, "/api/v1/record-exports/Account"),
        (Method::GET, "/api/v1/users"),
        (Method::GET, "/api/v1/ledger/rows"),
        (Method::GET, "/api/v1/records/Account?search=Acme"),
        (Method::GET, "/api/v1/records/Account?sort=Name"),
        (Method::GET, "/api/v1/records/Account?filter=Size%20%3D%20%22large%22"),
        (Method::GET, "/api/v1/record-counts/Account?search=large"),
    ] {
        let answer = seen(&world, Kind::Administrator, &view, (method, path)).await;
        assert_eq!(answer.code(), "not_in_a_view", "{path}: {}", answer.body);
    }
    // A refused look is nothing that the other tried.
    get(&world, &view, &format!("{ACCOUNTS}/acme-a-2")).await;
    assert_eq!(world.rows(), rows);
    let me = get(&world, &view, "/api/v1/me").await;
    assert_eq!((&me.body["user"], &me.body["powers"]), (&json!("bo"), &json!([])));
    assert_eq!(me.body["view"]["viewer"], "ada");
}

#[tokio::test]
async fn a_view_ends_in_time_by_hand_and_with_its_session() {
    let (world, view) = prepared().await;
    let cookie = axum::http::Request::get(ACCOUNTS)
        .header(header::COOKIE, "guan=Administrator")
        .header("guan-view", &view)
        .body(axum::body::Body::empty());
    assert_eq!(world.send(cookie.unwrap()).await.code(), "not_in_a_view");
    let other = seen(&world, Kind::Reader, &view, (Method::GET, ACCOUNTS)).await;
    assert_eq!(other.code(), "not_in_a_view");
    world.hand.later(Span::seconds(899));
    assert_eq!(get(&world, &view, ACCOUNTS).await.status, 200);
    world.hand.later(Span::seconds(1));
    assert_eq!(get(&world, &view, ACCOUNTS).await.code(), "not_in_a_view");
    let again = begin(&world, Kind::Administrator, "bo").await;
    let again = again.body["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/views/{again}");
    assert_eq!(world.call(Kind::Reader, (Method::DELETE, &path), None).await.status, 404);
    assert_eq!(world.call(Kind::Administrator, (Method::DELETE, &path), None).await.status, 204);
    assert_eq!(get(&world, &again, ACCOUNTS).await.code(), "not_in_a_view");
}

#[tokio::test]
async fn it_takes_the_power_a_reason_and_a_user_who_could_sign_in() {
    let world = world();
    assert_eq!(begin(&world, Kind::Reader, "bo").await.code(), "power_missing");
    assert_eq!(begin(&world, Kind::Administrator, "nobody").await.code(), "not_found");
    assert_eq!(begin(&world, Kind::Administrator, "ina").await.code(), "not_in_a_view");
    assert_eq!(begin(&world, Kind::Administrator, "ada").await.code(), "invalid");
    let long = json!({ "user": "bo", "length_s": 3_601, "reason": "long" });
    let silent = json!({ "user": "bo", "length_s": 60, "reason": " " });
    for body in [long, silent] {
        let post = (Method::POST, "/api/v1/views");
        assert_eq!(world.call(Kind::Administrator, post, Some(&body)).await.code(), "invalid");
    }
    let rows = world.rows();
    begin(&world, Kind::Administrator, "bo").await;
    assert_eq!(world.rows(), rows + 1);
    let kept = world.gate(|gate| {
        gate.read(|reader| {
            let size = reader.ledger_tip("acme")?.map_or(0, |tip| tip.size);
            reader.ledger_rows("acme", size - 1..size)
        })
    });
    let kept = kept.unwrap();
    let entry = Entry::from_bytes(&kept[0].bytes).unwrap();
    let who = (entry.who.caller.as_str(), entry.who.on_behalf_of.as_deref());
    assert_eq!((entry.kind, who), (Row::SeenAs, ("ada", Some("bo"))));
}

#[tokio::test]
async fn a_window_of_the_other_is_not_used_by_looking() {
    let (world, view) = prepared().await;
    world.open_overlay();
    assert_eq!(ids(&world.get(Kind::NoPermission, ACCOUNTS).await).len(), 3);
    let rows = world.rows();
    assert_eq!(ids(&get(&world, &view, ACCOUNTS).await), ["acme-a-1"]);
    assert_eq!(get(&world, &view, &format!("{ACCOUNTS}/acme-a-2")).await.status, 404);
    assert_eq!(world.rows(), rows);
}
