//! Questions of access: about oneself freely, about others with the power, and nothing is told that may not be known.

use axum::http::Method;
use guan_server::settings::Settings;
use serde_json::{Value, json};

use crate::world::{Answer, Kind, World, request, world, world_with};

async fn post(world: &World, kind: Kind, path: &str, body: &Value) -> Answer {
    world.call(kind, (Method::POST, path), Some(body)).await
}

/// A change of what was seen last, whatever it is.
fn as_seen(kind: Kind, place: (Method, &str), body: &Value) -> axum::extract::Request {
    let mut request = request(kind, place, Some(body).filter(|body| !body.is_null()));
    request.headers_mut().insert("if-match", "*".parse().unwrap());
    request
}

fn read(record: &str) -> Value {
    json!({ "action": "read", "object": "Account", "record": record })
}

#[tokio::test]
async fn everybody_may_ask_about_themself_and_is_told_stage_and_reason() {
    let world = world();
    let answer = post(&world, Kind::Reader, "/api/v1/check", &read("acme-a-1")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.body,
        json!({ "decision": "allow", "evidence": { "path": "scope", "scope": "all" } })
    );
    let answer = post(&world, Kind::NoPermission, "/api/v1/check", &read("acme-a-1")).await;
    assert_eq!(answer.body, json!({ "decision": "deny", "why": "no_grant", "stage": "verb" }));
}

#[tokio::test]
async fn asking_about_others_takes_the_power_whatever_the_token_is_for() {
    let world = world();
    let about = |who: &str| json!({ "session": { "subject": who }, "action": "read", "object": "Account", "record": "acme-a-1" });
    for kind in [Kind::Reader, Kind::TokenThatAsks] {
        let answer = post(&world, kind, "/api/v1/check", &about("bo")).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (403, "power_missing"), "{kind:?}");
        let hidden = post(&world, kind, "/api/v1/explain", &read("other-a-1")).await;
        assert_eq!(hidden.body["why"], "out_of_reach", "{kind:?}: {}", hidden.body);
    }
    let answer = post(&world, Kind::Reader, "/api/v1/check", &about("anna")).await;
    assert_eq!(answer.body["decision"], "allow");
    let answer = post(&world, Kind::Administrator, "/api/v1/check", &about("bo")).await;
    assert_eq!(answer.body["why"], "no_grant");
    let mut elsewhere = read("acme-a-1");
    elsewhere["session"] = json!({ "from": "192.0.2.7" });
    let answer = post(&world, Kind::Reader, "/api/v1/check", &elsewhere).await;
    assert_eq!(answer.code(), "power_missing");
    elsewhere["session"] = json!({ "at": "2026-01-31T09:00:00Z" });
    let answer = post(&world, Kind::Reader, "/api/v1/check", &elsewhere).await;
    assert_eq!(answer.code(), "power_missing");
    let answer = post(&world, Kind::Administrator, "/api/v1/check", &elsewhere).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn the_rate_of_one_caller_holds_for_a_token_for_questions_of_who_may_ask_about_themself_alone()
 {
    let world = world_with(Settings { caller_rate: 1, ..Settings::default() });
    let me = read("acme-a-1");
    assert_eq!(post(&world, Kind::TokenThatAsks, "/api/v1/check", &me).await.status, 200);
    let answer = post(&world, Kind::TokenThatAsks, "/api/v1/check", &me).await;
    assert_eq!(answer.code(), "too_many_requests");
}

#[tokio::test]
async fn a_record_that_is_not_there_looks_like_one_that_may_not_be_read() {
    let world = world();
    let answer = post(&world, Kind::Reader, "/api/v1/check", &read("other-a-1")).await;
    assert_eq!(answer.body, json!({ "decision": "deny", "why": "out_of_reach", "stage": "reach" }));
    let body = json!({ "object": "Account", "record": "other-a-1" });
    for path in ["/api/v1/abilities", "/api/v1/field-access"] {
        let answer = post(&world, Kind::Reader, path, &body).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (404, "not_found"), "{path}");
        assert_eq!(answer.body.get("refusal"), None);
        let reference = answer.body["reference"].as_u64().unwrap();
        let path = format!("/api/v1/explanations/{reference}");
        let past = world.get(Kind::Reader, &path).await;
        assert_eq!(past.status, 200);
        assert_eq!(past.body.get("refusal"), None, "{}", past.body);
        assert_eq!(past.body["now"]["why"], "out_of_reach");
        let past = world.get(Kind::Administrator, &path).await;
        assert_eq!(past.body["refusal"], "unknown_record");
        let past = world.get(Kind::NoPermission, &path).await;
        assert_eq!((past.status.as_u16(), past.code()), (404, "not_found"));
        let past = world.get(Kind::OtherOrganization, &path).await;
        assert_eq!(past.status, 404);
    }
    let answer = post(&world, Kind::Administrator, "/api/v1/check", &json!({
        "session": { "subject": "anna" }, "action": "read", "object": "Account", "record": "nothing",
    }))
    .await;
    assert_eq!(answer.body["why"], "unknown_record");
}

#[tokio::test]
async fn a_refusal_that_leaves_as_a_problem_can_be_explained_by_its_reference() {
    let world = world();
    let body = json!({ "object": "Account" });
    let answer = post(&world, Kind::NoPermission, "/api/v1/list", &body).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (403, "denied"));
    assert_eq!(answer.body["refusal"], "no_grant");
    let path = format!("/api/v1/explanations/{}", answer.body["reference"]);
    let past = world.get(Kind::NoPermission, &path).await;
    assert_eq!(past.body["refusal"], "no_grant");
    assert_eq!(past.body["now"]["remedies"], json!([]));
    let past = world.get(Kind::Administrator, &path).await;
    assert_eq!(
        past.body["now"]["remedies"][0],
        json!({ "remedy": "assign_set", "set": "set:reader" })
    );
    assert_eq!(world.get(Kind::Administrator, "/api/v1/explanations/0").await.status, 404);
    assert_eq!(world.get(Kind::Administrator, "/api/v1/explanations/99999").await.status, 404);
}

#[tokio::test]
async fn a_reference_does_not_tell_that_a_record_behind_a_restriction_is_there() {
    let world = world();
    let actions = json!({ "read": "all", "edit": "all" });
    let set = json!({ "content": { "objects": { "Account": { "actions": actions } } } });
    let set = as_seen(Kind::Administrator, (Method::PATCH, "/api/v1/permission-sets/reader"), &set);
    let set = world.send(set).await;
    assert_eq!(set.status, 200, "{}", set.body);
    let object = json!({ "content": { "lock_exempt": ["administrator"] } });
    let object = as_seen(Kind::Administrator, (Method::PATCH, "/api/v1/objects/Account"), &object);
    assert_eq!(world.send(object).await.status, 200);
    let lock = (Method::PUT, "/api/v1/records/Account/acme-a-1/lock");
    let lock = world.send(as_seen(Kind::Reader, lock, &Value::Null)).await;
    assert_eq!(lock.status, 200, "{}", lock.body);
    let content =
        json!({ "object": "Account", "who": ["user:anna"], "only": "Name != \"acme-a-1\"" });
    let body = json!({ "id": "r", "content": content });
    assert_eq!(post(&world, Kind::Administrator, "/api/v1/restrictions", &body).await.status, 201);
    for id in ["acme-a-1", "nowhere"] {
        let patch = json!({ "fields": { "Name": "x" } });
        let path = format!("/api/v1/records/Account/{id}");
        let answer = world.send(as_seen(Kind::Reader, (Method::PATCH, &path), &patch)).await;
        assert_eq!(answer.code(), "not_found", "{id}");
        let path = format!("/api/v1/explanations/{}", answer.body["reference"]);
        let past = world.get(Kind::Reader, &path).await.body;
        assert_eq!((past.get("stage"), past.get("refusal")), (None, None), "{id}: {past}");
        let known = world.get(Kind::Administrator, &path).await.body;
        assert!(known["refusal"].is_string(), "{id}: {known}");
    }
}

#[tokio::test]
async fn an_application_that_refuses_by_the_answer_can_have_it_recorded() {
    let world = world();
    let mut body = read("acme-a-1");
    body["record_refusal"] = json!(true);
    let answer = post(&world, Kind::NoPermission, "/api/v1/check", &body).await;
    assert!(answer.body["reference"].is_u64());
    let answer = post(&world, Kind::Reader, "/api/v1/check", &body).await;
    assert_eq!(answer.body.get("reference"), None);
}

#[tokio::test]
async fn lists_counts_and_pages_agree() {
    let world = world();
    let answer = post(&world, Kind::Reader, "/api/v1/count", &json!({ "object": "Account" })).await;
    assert_eq!(answer.body, json!({ "count": 3 }));
    let mut body = json!({ "object": "Account", "limit": 2 });
    let answer = post(&world, Kind::Reader, "/api/v1/list", &body).await;
    assert_eq!(answer.body["records"], json!(["acme-a-1", "acme-a-2"]));
    body["cursor"] = answer.body["next"].clone();
    let answer = post(&world, Kind::Reader, "/api/v1/list", &body).await;
    assert_eq!(answer.body["records"], json!(["acme-a-3"]));
    body["cursor"] = json!("nonsense");
    assert_eq!(post(&world, Kind::Reader, "/api/v1/list", &body).await.code(), "bad_cursor");
    body["limit"] = json!(0);
    assert_eq!(post(&world, Kind::Reader, "/api/v1/list", &body).await.status, 400);
}

#[tokio::test]
async fn many_questions_are_answered_in_their_order() {
    let world = world();
    let body = json!({ "items": [
        { "action": "read", "object": "Account", "record": "acme-a-1" },
        { "action": "edit", "object": "Account", "record": "acme-a-1" },
        { "action": "read", "object": "Account", "record": "nothing" },
        { "action": "read", "object": "Account" },
        { "action": "read", "object": "Account", "record": "acme-a-2", "fields": ["Name"] },
        { "action": "fly", "object": "Account", "record": "acme-a-2" },
        { "action": "read", "object": "\u{516c}", "record": "acme-a-2" },
    ]});
    let answer = post(&world, Kind::Reader, "/api/v1/check-many", &body).await;
    let expected = json!([
        { "decision": "allow" },
        { "decision": "deny", "stage": "verb", "why": "no_grant" },
        { "decision": "deny", "stage": "reach", "why": "out_of_reach" },
        { "decision": "allow" },
        { "decision": "deny", "stage": "field", "why": "field_hidden" },
        { "decision": "deny", "stage": "verb", "why": "unknown_action" },
        { "decision": "deny", "stage": "verb", "why": "unknown_object" },
    ]);
    assert_eq!(answer.body["answers"], expected);
    let item =
        json!({ "subject": "bo", "action": "read", "object": "Account", "record": "acme-a-1" });
    let body = json!({ "items": [item] });
    assert_eq!(
        post(&world, Kind::Reader, "/api/v1/check-many", &body).await.code(),
        "power_missing"
    );
    let answer = post(&world, Kind::Administrator, "/api/v1/check-many", &body).await;
    assert_eq!(answer.body["answers"][0]["why"], "no_grant");
    let many = json!({ "items": vec![item; 1_001] });
    let answer = post(&world, Kind::Administrator, "/api/v1/check-many", &many).await;
    assert_eq!(answer.code(), "wrong_shape");
}

#[tokio::test]
async fn who_and_matrices_and_comparisons_are_told_to_those_who_may_ask_about_others() {
    let world = world();
    let body = read("acme-a-1");
    let answer = post(&world, Kind::Administrator, "/api/v1/who", &body).await;
    assert_eq!(answer.body["items"][0]["user"], "anna");
    assert_eq!(answer.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(post(&world, Kind::Reader, "/api/v1/who", &body).await.code(), "power_missing");
    let answer = world.get(Kind::Reader, "/api/v1/matrix").await;
    assert_eq!(answer.body["cells"][0]["value"], "all");
    assert_eq!(world.get(Kind::Reader, "/api/v1/matrix?subject=bo").await.code(), "power_missing");
    assert_eq!(
        world.get(Kind::Reader, "/api/v1/matrix?of=set:reader").await.code(),
        "power_missing"
    );
    let answer =
        world.get(Kind::Administrator, "/api/v1/matrix?of=set:reader&object=Account").await;
    assert_eq!(answer.body["cells"][0]["action"], "read");
    let body = json!({ "first": "bo", "second": "anna" });
    let answer = post(&world, Kind::Administrator, "/api/v1/compare/subjects", &body).await;
    assert_eq!(answer.body["gained"], 3);
    let body = json!({ "from": 1, "to": 2 });
    let answer = post(&world, Kind::Administrator, "/api/v1/compare/revisions", &body).await;
    assert_eq!(answer.body["users"], 4);
    let added = json!({ "kind": "set", "id": "reader", "change": "added" });
    assert!(answer.body["differences"].as_array().unwrap().contains(&added), "{}", answer.body);
    let body = json!({ "from": 1, "to": 9 });
    assert_eq!(
        post(&world, Kind::Administrator, "/api/v1/compare/revisions", &body).await.status,
        404
    );
}

#[tokio::test]
async fn a_cursor_that_was_made_up_tells_nothing_of_a_record() {
    let world = world();
    let list = async |kind, body: &Value| post(&world, kind, "/api/v1/list", body).await;
    for made_up in ["a:acme-a-1", "a:other-a-1", "a:nothing", "00"] {
        let body = json!({ "object": "Account", "cursor": made_up });
        assert_eq!(list(Kind::Reader, &body).await.code(), "bad_cursor", "{made_up}");
    }
    let mut body = json!({ "object": "Account", "limit": 1 });
    body["cursor"] = list(Kind::Reader, &body).await.body["next"].clone();
    assert_eq!(list(Kind::Reader, &body).await.body["records"], json!(["acme-a-2"]));
    // Of another list, and asked by somebody else.
    let mut another = body.clone();
    another["action"] = json!("export");
    assert_ne!(list(Kind::Reader, &another).await.status, 200);
    body["session"] = json!({ "subject": "anna" });
    assert_eq!(list(Kind::Administrator, &body).await.code(), "bad_cursor");
}

#[tokio::test]
async fn a_hidden_field_and_one_that_is_not_there_are_one_answer() {
    let world = world();
    let without_ids = |mut answer: Answer, field: &str| {
        for id in ["request", "reference"] {
            answer.body.as_object_mut().unwrap().remove(id);
        }
        (answer.status, answer.body.to_string().replace(field, "FIELD"))
    };
    let asked = async |kind, field: &str, others: &[&str]| {
        let list = json!({ "object": "Account", "sort": field });
        let listed = post(&world, kind, "/api/v1/list", &list).await;
        let fields: Vec<&str> = others.iter().copied().chain([field]).collect();
        let check = json!({ "action": "read", "object": "Account", "fields": fields });
        let checked = post(&world, kind, "/api/v1/check", &check).await;
        (without_ids(listed, field), without_ids(checked, field))
    };
    // Anna reads accounts, and no set shows her the name.
    for others in [&[][..], &["Aaa"], &["Zzz"], &["Aaa", "Zzz"]] {
        assert_eq!(
            asked(Kind::Reader, "Name", others).await,
            asked(Kind::Reader, "Nope", others).await
        );
    }
    let body = json!({ "object": "Account" });
    let shown = post(&world, Kind::Reader, "/api/v1/field-access", &body).await;
    assert_eq!(shown.body, json!({ "fields": {} }));
    let shown = post(&world, Kind::Reader, "/api/v1/abilities", &body).await;
    assert_eq!(shown.body["fields"], json!({}));
    let cells = world.get(Kind::Reader, "/api/v1/matrix").await.body.to_string();
    assert!(cells.contains("read") && !cells.contains("Name"), "{cells}");
    // Whoever may ask about everybody is told.
    let body = json!({ "object": "Account", "session": { "subject": "anna" } });
    let shown = post(&world, Kind::Administrator, "/api/v1/field-access", &body).await;
    assert_eq!(shown.body, json!({ "fields": { "Name": "hidden" } }));
    let cells = world.get(Kind::Administrator, "/api/v1/matrix?subject=anna").await;
    assert!(cells.body.to_string().contains("Name"));
}
