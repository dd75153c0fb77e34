//! The switch over HTTP: asked for by one, approved by another, opened, used, closed, reported, reviewed by a third.

use std::collections::BTreeMap;

use axum::http::{Method, Request, header};
use serde_json::{Value, json};

use guan_engine::model::User;
use guan_store::{Caller, Change, Entity, EntityKind};

use crate::world::{Answer, Kind, World, org, world_of_posts};

fn wanted() -> Value {
    json!({
        "effect": { "kind": "suspension",
            "scope": { "objects": ["Account"], "actions": ["read"] }, "others": "enforced" },
        "audience": { "users": ["user:bo"] },
        "reason": "the sync is stuck",
        "length": 600_000,
    })
}

async fn post(world: &World, kind: Kind, path: &str, body: &Value) -> Answer {
    let path = format!("/api/v1/switch/{path}");
    world.call(kind, (Method::POST, &path), Some(body)).await
}

/// The next step of the request, by its version.
async fn step(world: &World, kind: Kind, shown: &Value, act: &str, more: &Value) -> Answer {
    let id = shown["request"]["id"].as_str().unwrap();
    let mut body = json!({ "version": shown["request"]["version"] });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    post(world, kind, &format!("requests/{id}/{act}"), &body).await
}

/// A request of the administrator that waits for approval.
async fn backed_up(world: &World) -> Value {
    let drafted = post(world, Kind::Administrator, "requests", &wanted()).await;
    assert_eq!(drafted.status, 201, "{}", drafted.body);
    let previewed = step(world, Kind::Administrator, &drafted.body, "preview", &json!({})).await;
    assert_eq!(previewed.status, 200, "{}", previewed.body);
    let kept = step(world, Kind::Administrator, &previewed.body, "backup", &json!({})).await;
    assert_eq!(kept.status, 200, "{}", kept.body);
    kept.body
}

fn approval(shown: &Value, key: &str) -> Value {
    json!({ "edition": shown["request"]["edition"], "key": key })
}

async fn reads(world: &World) -> String {
    let body = json!({ "action": "read", "object": "Account", "record": "acme-a-1" });
    let post = (Method::POST, "/api/v1/check");
    let answer = world.call(Kind::NoPermission, post, Some(&body)).await;
    answer.body["decision"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_window_lives_from_its_request_to_its_review() {
    let world = world_of_posts();
    let shown = backed_up(&world).await;
    assert_eq!(shown["request"]["state"], "backed_up");
    assert_eq!(shown["tally"]["demands"][0]["needed"], 1);
    assert_eq!(shown["expires"]["timer"], "approval");
    let id = shown["request"]["id"].as_str().unwrap();
    let preview = world.get(Kind::Security, &format!("/api/v1/switch/requests/{id}/preview")).await;
    assert_eq!((&preview.body["mode"], &preview.body["gaining"]), (&json!("exact"), &json!(1)));

    let own = step(&world, Kind::Administrator, &shown, "approval", &approval(&shown, "k")).await;
    assert_eq!(
        (own.code(), &own.body["rule"]),
        ("window_refused", &json!("approval_does_not_count"))
    );
    let early = step(&world, Kind::Administrator, &shown, "opening", &json!({})).await;
    assert_eq!(early.body["rule"], "not_in_state");
    let waiting = world.get(Kind::Security, "/api/v1/switch").await;
    assert_eq!((&waiting.body["waiting"], &waiting.body["enforced"]), (&json!(1), &json!(true)));
    let inbox = world.get(Kind::Security, "/api/v1/switch/requests?waiting=true").await;
    assert_eq!(inbox.body["items"][0]["request"]["id"], id);
    let shown =
        step(&world, Kind::Security, &shown, "approval", &approval(&shown, "k-1")).await.body;
    assert_eq!(shown["request"]["state"], "approved", "{shown}");
    assert_eq!(reads(&world).await, "deny");

    let opened = step(&world, Kind::Administrator, &shown, "opening", &json!({})).await;
    assert_eq!(
        (opened.status.as_u16(), &opened.body["acting"]),
        (200, &json!(true)),
        "{}",
        opened.body
    );
    assert_eq!(reads(&world).await, "relaxed");
    let seen = world.get(Kind::NoPermission, "/api/v1/switch").await;
    assert_eq!(seen.body["enforced"], false);
    assert_eq!(
        (&seen.body["windows"][0]["overlay"], &seen.body["windows"][0]["request"]),
        (&json!(id), &Value::Null)
    );
    let others = world.get(Kind::Reader, "/api/v1/switch").await;
    assert_eq!((&others.body["enforced"], &others.body["windows"]), (&json!(true), &json!([])));

    let closed =
        post(&world, Kind::Audit, &format!("requests/{id}/closing"), &json!({ "words": "done" }))
            .await;
    assert_eq!(closed.body["request"]["state"], "closed", "{}", closed.body);
    assert_eq!(reads(&world).await, "deny");
    let settled =
        world.gate(|gate| gate.settle_windows(&Caller::system(), &world.clock, &"acme".into()));
    assert_eq!(settled.unwrap(), 1);
    let report = world.get(Kind::Audit, &format!("/api/v1/switch/requests/{id}/report")).await;
    assert_eq!(report.body["self_test"]["refused"], 1, "{}", report.body);
    assert_eq!(report.body["window"]["policy"]["unchanged"], true);
    assert_eq!(report.body["floor"]["touched"], json!([]));
    let path = format!("/api/v1/switch/requests/{id}");
    let shown = world.get(Kind::Audit, &path).await.body;
    assert_eq!(shown["may"], json!(["review"]));
    let verdict = json!({ "verdict": "in_order" });
    let own = step(&world, Kind::Administrator, &shown, "review", &verdict).await;
    assert_eq!(own.body["rule"], "reviewer_took_part");
    let before = world.rows();
    let reviewed = step(&world, Kind::Audit, &shown, "review", &verdict).await;
    assert_eq!(reviewed.body["request"]["state"], "reviewed");
    assert_eq!(world.rows(), before + 1);
    assert_eq!(world.get(Kind::OtherOrganization, &path).await.code(), "not_found");
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_told_by_the_name_of_its_rule() {
    let world = world_of_posts();
    let with = |member: &str, value: Value| {
        let mut wanted = wanted();
        wanted[member] = value;
        wanted
    };
    for (body, rule) in [
        (with("length", json!(0)), "too_short"),
        (with("length", json!(-5)), "too_short"),
        (with("length", json!(5 * 3_600_000)), "too_long"),
        (with("starts", json!("2020-01-01T00:00:00Z")), "in_the_past"),
        (with("starts", json!("2027-01-01T00:00:00Z")), "too_far_ahead"),
        (with("audience", json!({})), "problems"),
        (with("reason", json!(" ")), "problems"),
        (with("extends", json!("w-none")), "extended_is_closed"),
        (
            with(
                "effect",
                json!({ "kind": "suspension", "others": "enforced", "scope": { "objects": ["Nothing"] } }),
            ),
            "problems",
        ),
    ] {
        let refused = post(&world, Kind::Administrator, "requests", &body).await;
        assert_eq!(refused.body["rule"], rule, "{body}: {}", refused.body);
    }
    let planets =
        json!({ "kind": "suspension", "others": "enforced", "scope": { "planets": ["Mars"] } });
    let networks = json!({ "users": ["user:bo"], "networks": ["10.0.0.0/8", "10.0.0.0/99"] });
    for (body, rule, named) in [
        (with("audience", networks), "unreadable_network", "10.0.0.0/99"),
        (with("effect", planets), "unknown_scope", "planets"),
        (with("effect", json!({ "kind": "holiday" })), "unknown_scope", "holiday"),
        (with("effect", json!(7)), "unknown_scope", "7"),
    ] {
        let refused = post(&world, Kind::Administrator, "requests", &body).await;
        assert_eq!(refused.code(), "window_invalid", "{}", refused.body);
        assert_eq!(refused.body["rule"], rule, "{}", refused.body);
        assert!(refused.body["detail"].as_str().unwrap().contains(named), "{}", refused.body);
    }
    let other = with("planets", json!(["Mars"]));
    let refused = post(&world, Kind::Administrator, "requests", &other).await;
    assert_eq!(refused.code(), "wrong_shape", "{}", refused.body);
    let list = world.get(Kind::Administrator, "/api/v1/switch/requests").await;
    assert_eq!(list.body, json!({ "items": [] }), "nothing of it was kept");
}

#[tokio::test]
async fn nothing_opens_for_the_requester_under_another_name_or_by_an_approval_sent_twice() {
    let world = world_of_posts();
    let other_name = User {
        name: "sec".into(),
        active: true,
        attributes: [("Mail".to_owned(), " ADA".into())].into(),
        ..User::default()
    };
    let put = |user: &User| Change::EditPolicy {
        organization: org(),
        expected: world.gate(|gate| gate.read(|reader| reader.current_revision(&org()))).unwrap(),
        put: vec![Entity::new(EntityKind::User, "sec", user).unwrap()],
        remove: vec![],
        reason: "a second account".into(),
    };
    world
        .gate(|gate| gate.write(&Caller::local("installer"), &world.clock, put(&other_name)))
        .unwrap();
    let shown = backed_up(&world).await;
    let own = step(&world, Kind::Security, &shown, "approval", &approval(&shown, "k-1")).await;
    assert_eq!(own.body["rule"], "approval_does_not_count", "{}", own.body);
    let early = step(&world, Kind::Administrator, &shown, "opening", &json!({})).await;
    assert_eq!(early.body["rule"], "not_in_state");

    let another = User { attributes: BTreeMap::new(), ..other_name };
    world
        .gate(|gate| gate.write(&Caller::local("installer"), &world.clock, put(&another)))
        .unwrap();
    let shown = backed_up(&world).await;
    let once = step(&world, Kind::Security, &shown, "approval", &approval(&shown, "k-2")).await;
    assert_eq!(once.body["request"]["state"], "approved", "{}", once.body);
    let twice = approval(&once.body, "k-2");
    let twice = step(&world, Kind::Security, &once.body, "approval", &twice).await;
    assert_eq!(twice.body["rule"], "replayed", "{}", twice.body);
    assert_eq!(reads(&world).await, "deny");
}

#[tokio::test]
async fn nothing_opens_by_a_row_that_was_forged_or_with_a_key_that_has_ended() {
    let world = world_of_posts();
    let shown = backed_up(&world).await;
    let forge = |from: &str, to: &str| {
        let member = |state: &str| format!("'\"state\":\"{state}\"'");
        let (old, new) = (member(from), member(to));
        let body = format!("body = replace(body, {old}, {new})");
        let held = format!("body LIKE '%\"state\":\"{from}\"%'");
        world.tamper(&format!("UPDATE window_request SET state = '{to}', {body} WHERE {held}"));
    };
    forge("backed_up", "approved");
    let refused = step(&world, Kind::Administrator, &shown, "opening", &json!({})).await;
    assert_eq!(refused.body["rule"], "not_whole", "{}", refused.body);
    forge("approved", "backed_up");
    let approved = step(&world, Kind::Security, &shown, "approval", &approval(&shown, "k")).await;
    let side = world.folder.path().join("installation.toml");
    let text = std::fs::read_to_string(&side).unwrap();
    std::fs::write(&side, format!("key_ends = \"2020-01-01T00:00:00Z\"\n{text}")).unwrap();
    let refused = step(&world, Kind::Administrator, &approved.body, "opening", &json!({})).await;
    assert_eq!(refused.body["rule"], "hindered", "{}", refused.body);
    assert_eq!(reads(&world).await, "deny");
}

#[tokio::test]
async fn an_elevation_gives_nothing_that_who_asks_could_not_hand_out() {
    let world = world_of_posts();
    let body = json!({
        "effect": { "kind": "elevation", "set": "set:administrator" },
        "audience": { "users": ["user:sec"] }, "reason": "x" });
    let refused = post(&world, Kind::Security, "requests", &body).await;
    assert_eq!(refused.status, 201, "who holds manage_delegations may hand powers out");
    // Sol may open windows and nothing else.
    for (path, id, content) in [
        ("permission-sets", "opener", json!({ "system": ["guan.manage_overlays"] })),
        ("assignments", "opener", json!({ "what": "set:opener", "to": "user:anna" })),
    ] {
        let body = json!({ "id": id, "content": content });
        let path = format!("/api/v1/{path}");
        let made = world.call(Kind::Administrator, (Method::POST, &path), Some(&body)).await;
        assert_eq!(made.status, 201, "{}", made.body);
    }
    let body = json!({
        "effect": { "kind": "elevation", "set": "set:administrator" },
        "audience": { "users": ["user:anna"] }, "reason": "x" });
    let refused = post(&world, Kind::Reader, "requests", &body).await;
    assert_eq!(refused.code(), "may_not_administer", "{}", refused.body);
}

#[tokio::test]
async fn settings_ask_for_the_state_that_was_seen_and_what_is_easier_waits() {
    let world = world_of_posts();
    let path = "/api/v1/switch/settings";
    let shown = world.get(Kind::Administrator, path).await;
    assert_eq!(shown.headers[header::ETAG], "\"0\"");
    assert_eq!(shown.body["settings"]["approvals"]["usual"]["kind"], "one_other");
    let mut settings = shown.body["settings"].clone();
    settings["approvals"]["usual"] = json!({ "kind": "none" });
    let body = json!({ "settings": settings, "reason": "alone" });
    let change = async |tag: &str| {
        let mut request =
            crate::world::request(Kind::Administrator, (Method::PUT, path), Some(&body));
        request.headers_mut().insert(header::IF_MATCH, tag.parse().unwrap());
        world.send(request).await
    };
    assert_eq!(change("\"7\"").await.code(), "conflict");
    let changed = change("\"0\"").await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(changed.body["settings"]["approvals"]["usual"]["kind"], "one_other");
    assert_eq!(changed.body["coming"]["approvals"]["usual"]["kind"], "none");
    let sec = crate::world::request(Kind::Security, (Method::PUT, path), Some(&body));
    let (mut parts, body) = sec.into_parts();
    parts.headers.insert(header::IF_MATCH, "*".parse().unwrap());
    assert_eq!(world.send(Request::from_parts(parts, body)).await.code(), "power_missing");
}

#[tokio::test]
async fn waiting_for_news_answers_when_something_happens() {
    let world = world_of_posts();
    let now = world.get(Kind::Reader, "/api/v1/switch/events").await;
    let stamp = now.body["stamp"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/switch/events?after={stamp}&wait_s=0");
    assert_eq!(world.get(Kind::Reader, &path).await.body["changed"], false);
    backed_up(&world).await;
    let path = format!("/api/v1/switch/events?after={stamp}");
    assert_eq!(world.get(Kind::Reader, &path).await.body["changed"], true);
    let refused = world.get(Kind::Reader, "/api/v1/switch/events?wait_s=21").await;
    assert_eq!(refused.code(), "bad_query");
}

#[tokio::test]
async fn whoever_opened_a_window_closes_it_also_when_it_took_their_powers() {
    let world = world_of_posts();
    let mut wanted = wanted();
    wanted["effect"] = json!({ "kind": "disablement", "what": { "set": "administrator" } });
    wanted["audience"] = json!({});
    let drafted = post(&world, Kind::Administrator, "requests", &wanted).await;
    assert_eq!(drafted.status, 201, "{}", drafted.body);
    let shown = step(&world, Kind::Administrator, &drafted.body, "preview", &json!({})).await.body;
    let shown = step(&world, Kind::Administrator, &shown, "backup", &json!({})).await.body;
    let shown = step(&world, Kind::Security, &shown, "approval", &approval(&shown, "k")).await.body;
    let opened = step(&world, Kind::Administrator, &shown, "opening", &json!({})).await;
    assert_eq!(opened.status, 200, "{}", opened.body);
    assert_eq!(world.get(Kind::Administrator, "/api/v1/users").await.code(), "power_missing");
    let closing = json!({ "words": "enough" });
    let id = opened.body["request"]["id"].as_str().unwrap();
    let path = format!("requests/{id}/closing");
    // Nobody else does, and to them it is not there.
    for kind in [Kind::Reader, Kind::NoPermission, Kind::OtherOrganization] {
        assert_eq!(post(&world, kind, &path, &closing).await.code(), "not_found", "{kind:?}");
    }
    let closed = post(&world, Kind::Administrator, &path, &closing).await;
    assert_eq!(closed.status, 200, "{}", closed.body);
    assert_eq!(world.get(Kind::Administrator, "/api/v1/users").await.status, 200);
}

#[tokio::test]
async fn a_program_is_nobodys_second_person() {
    let world = world_of_posts();
    let shown = backed_up(&world).await;
    let id = shown["request"]["id"].as_str().unwrap();
    let mut body = approval(&shown, "k");
    body["version"] = shown["request"]["version"].clone();
    let request = axum::extract::Request::post(format!("/api/v1/switch/requests/{id}/approval"))
        .header("authorization", "Bearer Security")
        .header("content-type", "application/json");
    let refused = world.send(request.body(body.to_string().into()).unwrap()).await;
    assert_eq!(refused.code(), "scope_missing", "{}", refused.body);
    let approved = step(&world, Kind::Security, &shown, "approval", &approval(&shown, "k")).await;
    assert_eq!(approved.status, 200, "{}", approved.body);
}
