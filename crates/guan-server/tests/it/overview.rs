//! What wants attention: counted at once, each part for those who may see what it counts.

use std::fmt::Write as _;

use axum::http::Method;
use guan_engine::model::{Record, RecordKey, Span};
use guan_store::{Caller, Change};
use serde_json::{Value, json};

use crate::world::{Kind, World, org, world, world_of_posts};

async fn made(world: &World, path: &str, body: Value) {
    let path = format!("/api/v1/{path}");
    let answer = world.call(Kind::Administrator, (Method::POST, &path), Some(&body)).await;
    assert_eq!(answer.status, 201, "{path}: {}", answer.body);
}

async fn overview(world: &World, kind: Kind) -> Value {
    let answer = world.get(kind, "/api/v1/overview").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

async fn users(world: &World, query: &str) -> Vec<String> {
    let answer = world.get(Kind::Administrator, &format!("/api/v1/users?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let items = answer.body["items"].as_array().unwrap();
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn users_without_a_set_are_counted_and_listed() {
    let world = world();
    // Bo's only set has ended; Ina is not active.
    let over = json!({ "what": "set:reader", "to": "user:bo", "ends": "2026-01-31T07:00:00Z" });
    made(&world, "assignments", json!({ "id": "over", "content": over })).await;
    let shown = overview(&world, Kind::Administrator).await;
    assert_eq!(shown["users_without_sets"], json!({ "count": 1, "of": 3 }));
    assert_eq!(users(&world, "sets=none").await, ["bo"]);
    let group = json!({ "members": ["user:bo"] });
    made(&world, "groups", json!({ "id": "g", "content": group })).await;
    let given = json!({ "what": "set:reader", "to": "group:g" });
    made(&world, "assignments", json!({ "id": "given", "content": given })).await;
    let shown = overview(&world, Kind::Administrator).await;
    assert_eq!(shown["users_without_sets"], json!({ "count": 0, "of": 3 }));
    assert!(users(&world, "sets=none").await.is_empty());
}

#[tokio::test]
async fn a_list_of_users_tells_the_sets_of_each_to_who_manages_all_assignments() {
    let world = world_of_posts();
    let at = json!({ "name": "cy", "placements": [{ "node": "north", "as": "member" }] });
    made(&world, "users", json!({ "id": "cy", "content": at })).await;
    let given = json!({ "what": "set:reader", "to": "user:cy" });
    made(&world, "assignments", json!({ "id": "cy-1", "content": given })).await;
    let standings = async |kind: Kind| -> Vec<(String, Value)> {
        let list = world.get(kind, "/api/v1/users").await;
        let items = list.body["items"].as_array().unwrap().clone();
        items
            .iter()
            .map(|one| (one["id"].as_str().unwrap().into(), one["standing"].clone()))
            .collect()
    };
    let all = standings(Kind::Administrator).await;
    let of = |id: &str| &all.iter().find(|(one, _)| one == id).unwrap().1;
    assert_eq!(*of("anna"), json!({ "sets": ["reader"] }));
    assert_eq!((of("bo"), of("ina")), (&json!({ "sets": [] }), &json!({})));
    // Dan administers Cy, but not by which ways sets reach him.
    assert_eq!(standings(Kind::Delegated).await, [("cy".to_owned(), json!({}))]);
    // Who manages users alone.
    assert!(standings(Kind::System).await.iter().all(|(_, told)| *told == json!({})));
    let one = world.get(Kind::Administrator, "/api/v1/users/anna").await;
    assert_eq!(one.body.get("standing"), None);
}

#[tokio::test]
async fn a_list_of_users_is_narrowed_by_kind_and_by_whether_they_are_active() {
    let world = world();
    assert_eq!(users(&world, "active=false").await, ["ina"]);
    assert_eq!(users(&world, "active=true&kind=internal&limit=2").await, ["ada", "anna"]);
    assert!(users(&world, "kind=external").await.is_empty());
}

#[tokio::test]
async fn a_person_is_found_by_words_of_name_id_and_mail_in_any_order() {
    let world = world();
    for (id, name, mail) in [
        ("li.wei@lanhai.example", "李伟", "w.li@lanhai.example"),
        ("zhang.wei@lanhai.example", "张伟", "wei@Partner.example"),
    ] {
        let content = json!({ "name": name, "attributes": { "Email": mail } });
        made(&world, "users", json!({ "id": id, "content": content })).await;
    }
    made(&world, "users", json!({ "id": "u-7", "content": { "name": "欧阳娜 Nora" } })).await;
    let li = ["li.wei@lanhai.example"];
    for typed in ["li wei", "wei li", "LI.Wei", "liwei", "李", "李 wei", "lw", "ＬＩ　ｗｅｉ"]
    {
        assert_eq!(users(&world, &format!("search={}", escaped(typed))).await, li, "{typed}");
    }
    for typed in ["ouyang na", "ouyangna", "oyn", "nora 欧阳"] {
        let found = users(&world, &format!("search={}", escaped(typed))).await;
        assert_eq!(found, ["u-7"], "{typed}");
    }
    assert_eq!(users(&world, "search=partner").await, ["zhang.wei@lanhai.example"]);
    assert!(users(&world, "search=li%20zhang").await.is_empty());
    // Colleagues are told by name and id; whose mail it is, nobody learns by trying.
    let colleagues = async |typed: &str| {
        let path = format!("/api/v1/colleagues?search={typed}");
        world.get(Kind::NoPermission, &path).await.body["items"].as_array().unwrap().len()
    };
    assert_eq!((colleagues("partner").await, colleagues("wei%20li").await), (0, 1));
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        write!(escaped, "%{byte:02X}").unwrap();
    }
    escaped
}

#[tokio::test]
async fn wide_sets_and_grants_that_end_soon_are_counted() {
    let world = world();
    let wide = json!({ "objects": { "Account": { "view_all": true } } });
    made(&world, "permission-sets", json!({ "id": "wide", "content": wide })).await;
    for (id, ends) in [("soon", "2026-02-03T08:00:00Z"), ("late", "2026-03-03T08:00:00Z")] {
        let given = json!({ "what": "set:reader", "to": "user:bo", "ends": ends });
        made(&world, "assignments", json!({ "id": id, "content": given })).await;
    }
    let shown = overview(&world, Kind::Administrator).await;
    assert_eq!(shown["sets_with_all_data"], json!({ "count": 2, "of": 3 }));
    let ending = json!({ "count": 1, "of": 4, "days": 7, "first": "2026-02-03T08:00:00Z" });
    assert_eq!(shown["grants_ending"], ending);
}

#[tokio::test]
async fn refusals_of_the_last_day_are_counted_by_hour_and_object() {
    let world = world();
    for id in ["acme-a-1", "acme-a-2"] {
        let refused = world.get(Kind::NoPermission, &format!("/api/v1/records/Account/{id}")).await;
        assert_ne!(refused.status, 200);
    }
    let shown = overview(&world, Kind::Administrator).await["decisions"].take();
    assert_eq!(shown["objects"], json!([{ "object": "Account", "refused": 2 }]));
    let hours = shown["hours"].as_array().unwrap();
    assert_eq!((hours.len(), &hours[23]["refused"]), (24, &json!(2)));
    assert_eq!(hours[23]["from"], "2026-01-31T08:00:00Z");
    assert_eq!(shown["is_whole"], true);
    world.hand.later(Span::minutes(24 * 60));
    let shown = overview(&world, Kind::Administrator).await["decisions"].take();
    assert_eq!((&shown["objects"], &shown["is_whole"]), (&json!([]), &json!(true)));
}

#[tokio::test]
async fn what_was_written_under_a_window_is_counted_beside_what_it_let_through() {
    let world = world();
    let overlay = world.open_overlay();
    let key = |id: &str| RecordKey { object: "Account".into(), id: id.into() };
    let record = |id: &str| {
        let mut record = Record::new("Account", id);
        record.owners = ["user:anna".parse().unwrap()].into();
        record
    };
    let put = |under: Option<&str>, id: &str| Change::PutRecords {
        organization: org(),
        records: vec![record(id)],
        under: under.map(Into::into),
    };
    let gone = |under: Option<&str>, id: &str| Change::DeleteRecords {
        organization: org(),
        keys: vec![key(id)],
        under: under.map(Into::into),
    };
    let under = Some(overlay.as_str());
    for change in [put(under, "n-1"), gone(under, "acme-a-1"), put(None, "n-2"), gone(None, "n-2")]
    {
        world.gate(|gate| gate.write(&Caller::local("bo"), &world.clock, change)).unwrap();
    }
    let shown = overview(&world, Kind::Administrator).await["decisions"].take();
    assert_eq!(shown["hours"][23]["written"], 2, "{}", shown["hours"]);
    assert_eq!(shown["hours"][22]["written"], 0);
}

#[tokio::test]
async fn nobody_is_told_a_number_of_what_they_may_not_see() {
    let world = world_of_posts();
    let parts = async |kind: Kind| -> Vec<String> {
        let shown = overview(&world, kind).await;
        shown.as_object().unwrap().keys().cloned().collect()
    };
    assert!(parts(Kind::Reader).await.is_empty());
    assert!(parts(Kind::NoPermission).await.is_empty());
    assert_eq!(parts(Kind::Audit).await, ["decisions"]);
    // Dan administers the users and assignments of a node at which nobody is.
    let dan = overview(&world, Kind::Delegated).await;
    assert_eq!(dan["users_without_sets"], json!({ "count": 0, "of": 0 }));
    assert_eq!(dan["grants_ending"]["of"], 0);
    assert_eq!((dan.get("decisions"), dan.get("sets_with_all_data")), (None, None));
    let narrowed = world.get(Kind::Delegated, "/api/v1/users?sets=none").await;
    assert_eq!(narrowed.body["items"], json!([]));
}
