//! Requests for access: from a refusal to a decision, and to the end of what was given.

use axum::http::Method;
use guan_engine::model::Span;
use serde_json::{Value, json};

use crate::rows;
use crate::world::{Answer, Kind, World, org, world};

const REQUESTS: &str = "/api/v1/access-requests";
/// A day after the start of the tests.
const TOMORROW: &str = "2026-02-01T08:00:00Z";

/// Bo asks for a customer of Anna's, or for one that is not there.
async fn ask(world: &World, record: &str) -> Answer {
    let wanted = json!({ "action": "read", "object": "Account", "record": record,
        "length_s": 86_400, "reason": "the offer is due", "reference": 3 });
    world.call(Kind::NoPermission, (Method::POST, REQUESTS), Some(&wanted)).await
}

async fn decide(world: &World, kind: Kind, (id, step): (&str, &str), body: Value) -> Answer {
    let path = format!("{REQUESTS}/{id}/{step}");
    world.call(kind, (Method::POST, &path), Some(&body)).await
}

async fn reads(world: &World) -> bool {
    let found = world.get(Kind::NoPermission, "/api/v1/records/Account/acme-a-1").await;
    found.status == 200
}

fn id(answer: &Answer) -> String {
    answer.body["id"].as_str().unwrap_or_default().to_owned()
}

/// A world where the administrator may share accounts, and Bo holds the verb without a record.
async fn prepared() -> World {
    let world = world();
    rows::prepare(&world).await;
    let content = json!({ "objects": { "Account": { "actions": { "read": "reachable" } } },
        "fields": { "Account": { "Name": "read" } } });
    let set = json!({ "id": "own", "content": content });
    let assignment = json!({ "id": "own", "content": { "what": "set:own", "to": "user:bo" } });
    for (path, body) in [("permission-sets", set), ("assignments", assignment)] {
        let post = (Method::POST, &*format!("/api/v1/{path}"));
        let made = world.call(Kind::Administrator, post, Some(&body)).await;
        assert_eq!(made.status, 201, "{}", made.body);
    }
    world
}

#[tokio::test]
async fn access_to_a_record_is_asked_for_granted_and_ends_by_itself() {
    let world = prepared().await;
    assert!(!reads(&world).await);
    let asked = ask(&world, "acme-a-1").await;
    assert_eq!(asked.status, 201, "{}", asked.body);
    assert_eq!((&asked.body["state"], &asked.body["may"]), (&json!("open"), &json!(["withdraw"])));
    assert!(!reads(&world).await, "asking gives nothing");
    let inbox = format!("{REQUESTS}?show=to_decide");
    let found = world.get(Kind::Administrator, &inbox).await;
    assert_eq!(found.body["items"][0]["may"], json!(["share", "assign", "refuse"]));
    assert_eq!(found.body["items"][0]["asker"], "bo");
    let request = id(&asked);
    let body = json!({ "rights": "read", "ends": TOMORROW, "words": "until the offer is out" });
    let rows = world.rows();
    let given = decide(&world, Kind::Administrator, (&request, "grant"), body.clone()).await;
    assert_eq!((given.status.as_u16(), world.rows()), (200, rows + 1), "{}", given.body);
    assert_eq!(given.body["given"], json!({ "rights": "read", "ends": TOMORROW }));
    assert!(reads(&world).await);
    let mine = world.get(Kind::NoPermission, &format!("{REQUESTS}?show=mine")).await;
    assert_eq!(mine.body["items"][0]["words"], "until the offer is out");
    assert_eq!(world.get(Kind::Administrator, &inbox).await.body["items"], json!([]));
    let twice = decide(&world, Kind::Administrator, (&request, "grant"), body).await;
    assert_eq!(twice.code(), "conflict");
    world.hand.later(Span::minutes(24 * 60));
    assert!(!reads(&world).await, "nobody had to take it back");
}

#[tokio::test]
async fn a_permission_set_is_assigned_for_a_while_as_one_row_and_one_revision() {
    let world = prepared().await;
    let asked = ask(&world, "acme-a-1").await;
    let revision =
        || world.gate(|gate| gate.read(|reader| reader.current_revision(&org()))).unwrap();
    let (rows, before) = (world.rows(), revision());
    let body = json!({ "what": "set:reader", "ends": TOMORROW });
    let given = decide(&world, Kind::Administrator, (&id(&asked), "grant"), body).await;
    assert_eq!(given.status, 200, "{}", given.body);
    assert_eq!((world.rows(), revision()), (rows + 1, before + 1));
    assert_eq!(given.body["given"]["what"], "set:reader");
    assert!(reads(&world).await);
    world.hand.later(Span::minutes(24 * 60));
    assert!(!reads(&world).await);
}

#[tokio::test]
async fn the_answer_is_the_same_whether_there_is_such_a_record_or_not() {
    let world = prepared().await;
    let mut answers = Vec::new();
    for record in ["acme-a-1", "nowhere"] {
        let mut asked = ask(&world, record).await;
        let path = format!("{REQUESTS}/{}", id(&asked));
        assert_eq!(world.get(Kind::NoPermission, &path).await.body, asked.body);
        for member in ["id", "record"] {
            asked.body.as_object_mut().unwrap().remove(member);
        }
        answers.push((asked.status, asked.body));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn nobody_decides_their_own_request_and_who_may_not_decide_is_not_told_of_it() {
    let world = prepared().await;
    let wanted = json!({ "action": "edit", "object": "Account", "record": "acme-a-2",
        "length_s": 60, "reason": "mine" });
    let own = world.call(Kind::Administrator, (Method::POST, REQUESTS), Some(&wanted)).await;
    let body = json!({ "what": "set:reader", "ends": TOMORROW });
    let given = decide(&world, Kind::Administrator, (&id(&own), "grant"), body.clone()).await;
    assert_eq!(given.code(), "may_not_administer", "{}", given.body);
    let asked = ask(&world, "acme-a-1").await;
    let request = id(&asked);
    for kind in [Kind::Reader, Kind::OtherOrganization] {
        let path = format!("{REQUESTS}/{request}");
        assert_eq!(world.get(kind, &path).await.code(), "not_found");
        assert_eq!(world.get(kind, REQUESTS).await.body["items"], json!([]));
        for (step, body) in [("grant", body.clone()), ("refusal", json!({ "words": "no" }))] {
            assert_eq!(decide(&world, kind, (&request, step), body).await.code(), "not_found");
        }
    }
    let taken = decide(&world, Kind::Administrator, (&request, "withdrawal"), json!({})).await;
    assert_eq!(taken.code(), "may_not_administer");
}

#[tokio::test]
async fn nobody_gives_without_an_end_for_too_long_or_more_than_they_may_hand_out() {
    let world = prepared().await;
    let request = id(&ask(&world, "acme-a-1").await);
    let administrator = Kind::Administrator;
    for (body, code) in [
        (json!({ "rights": "read" }), "wrong_shape"),
        (json!({ "ends": TOMORROW }), "wrong_shape"),
        (json!({ "rights": "read", "what": "set:reader", "ends": TOMORROW }), "wrong_shape"),
        (json!({ "rights": "read", "ends": "2027-01-01T00:00:00Z" }), "invalid"),
        (json!({ "what": "set:reader", "ends": "2026-01-01T00:00:00Z" }), "invalid"),
        (json!({ "rights": "full", "ends": TOMORROW }), "denied"),
        (json!({ "what": "set:none", "ends": TOMORROW }), "invalid"),
    ] {
        let rows = world.rows();
        let answer = decide(&world, administrator, (&request, "grant"), body.clone()).await;
        assert_eq!(answer.code(), code, "{body}: {}", answer.body);
        // A refusal of the policy is recorded; nothing else is.
        assert_eq!(world.rows() - rows, u64::from(code == "denied"), "{body}");
        assert!(!reads(&world).await, "{body}");
    }
    let refused = json!({ "words": "ask the owner" });
    let no = decide(&world, administrator, (&request, "refusal"), refused).await;
    assert_eq!(
        (&no.body["state"], &no.body["words"]),
        (&json!("refused"), &json!("ask the owner"))
    );
    let body = json!({ "rights": "read", "ends": TOMORROW });
    let late = decide(&world, administrator, (&request, "grant"), body).await;
    assert_eq!(late.code(), "conflict");
}

#[tokio::test]
async fn a_request_lapses_and_there_are_never_too_many_open_ones() {
    let world = prepared().await;
    let request = id(&ask(&world, "acme-a-1").await);
    for number in 1..20 {
        assert_eq!(ask(&world, &format!("r-{number}")).await.status, 201);
    }
    assert_eq!(ask(&world, "acme-a-2").await.code(), "conflict");
    world.hand.later(Span::minutes(30 * 24 * 60));
    let shown = world.get(Kind::NoPermission, &format!("{REQUESTS}/{request}")).await;
    assert_eq!((&shown.body["state"], &shown.body["may"]), (&json!("lapsed"), &json!([])));
    let ends = "2026-03-20T00:00:00Z";
    let body = json!({ "rights": "read", "ends": ends });
    let late = decide(&world, Kind::Administrator, (&request, "grant"), body).await;
    assert_eq!(late.code(), "conflict", "{}", late.body);
    assert_eq!(ask(&world, "acme-a-2").await.status, 201);
}
