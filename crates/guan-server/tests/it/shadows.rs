//! Shadows and previews over the interface: started, reported, stopped; and nobody gets another answer.

use axum::http::Method;
use serde_json::{Value, json};

use crate::world::{Kind, World, world};

async fn post(world: &World, kind: Kind, path: &str, body: &Value) -> (u16, Value) {
    let answer = world.call(kind, (Method::POST, path), Some(body)).await;
    (answer.status.as_u16(), answer.body)
}

/// Everything for everybody.
fn wanted() -> Value {
    json!({
        "effect": { "kind": "suspension", "scope": { "objects": ["Account"] }, "others": "enforced" },
        "audience": { "users": ["user:bo"] },
        "reason": "trying",
    })
}

async fn check(world: &World) -> Value {
    let body = json!({ "action": "read", "object": "Account", "record": "acme-a-1" });
    let (status, answer) = post(world, Kind::NoPermission, "/api/v1/check", &body).await;
    assert_eq!(status, 200, "{answer}");
    answer["decision"].clone()
}

#[tokio::test]
async fn a_shadow_tells_what_a_window_would_open_and_opens_nothing() {
    let world = world();
    let before = check(&world).await;
    let body = json!({ "window": wanted(), "length_s": 3_600, "reason": "to see" });
    let (status, started) = post(&world, Kind::Administrator, "/api/v1/shadows", &body).await;
    assert_eq!(status, 201, "{started}");
    let clock = world.clock.clone();
    world.gate(|gate| gate.evaluate_shadows(&clock)).unwrap();
    assert_eq!(check(&world).await, before);
    world.gate(|gate| gate.evaluate_shadows(&clock)).unwrap();
    let path = format!("/api/v1/shadows/{}", started["id"].as_str().unwrap());
    let report = world.get(Kind::Administrator, &path).await.body;
    assert_eq!(report["running"], true);
    assert!(report["differing"].as_u64().unwrap() >= 1, "{report}");
    assert_eq!(report["by_user"][0]["name"], "bo");
    assert_eq!(report["differences"][0]["draft"], "relaxed");
    let (status, stopped) =
        post(&world, Kind::Administrator, &format!("{path}/stop"), &json!({})).await;
    assert_eq!((status, stopped["stopped_by"].is_string()), (200, true), "{stopped}");
    let (status, _) = post(&world, Kind::Administrator, &format!("{path}/stop"), &json!({})).await;
    assert_eq!(status, 409);
    let list = world.get(Kind::Administrator, "/api/v1/shadows").await.body;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn who_holds_no_power_for_it_neither_starts_nor_reads_shadows() {
    let world = world();
    let body = json!({ "window": wanted(), "length_s": 3_600, "reason": "to see" });
    for kind in [Kind::NoPermission, Kind::Reader] {
        let (status, _) = post(&world, kind, "/api/v1/shadows", &body).await;
        assert_eq!(status, 403, "{kind:?}");
        assert_eq!(world.get(kind, "/api/v1/shadows").await.status, 403, "{kind:?}");
    }
}

#[tokio::test]
async fn a_shadow_is_of_a_policy_or_of_a_window() {
    let world = world();
    let both =
        json!({ "window": wanted(), "policy": { "revision": 2 }, "length_s": 60, "reason": "x" });
    let none = json!({ "length_s": 60, "reason": "x" });
    for body in [both, none] {
        let (status, _) = post(&world, Kind::Administrator, "/api/v1/shadows", &body).await;
        assert_eq!(status, 422);
    }
}

#[tokio::test]
async fn a_preview_says_who_gains_what_exactly_or_as_an_estimate() {
    let world = world();
    let body = json!({ "wanted": wanted(), "mode": "exact" });
    let (status, seen) = post(&world, Kind::Administrator, "/api/v1/overlays/preview", &body).await;
    assert_eq!(status, 200, "{seen}");
    assert_eq!((&seen["mode"], &seen["concerned"]), (&json!("exact"), &json!(1)));
    assert_eq!(seen["people"][0]["user"], "bo");
    assert!(seen["objects"][0]["actions"][0]["records"].get("gained_error").is_none());
    let body = json!({ "wanted": wanted() });
    let (_, seen) = post(&world, Kind::Administrator, "/api/v1/overlays/preview", &body).await;
    assert_eq!(seen["mode"], "estimate");
    assert!(seen["objects"][0]["actions"][0]["records"]["gained_error"].is_u64(), "{seen}");
    let (status, _) = post(&world, Kind::Reader, "/api/v1/overlays/preview", &body).await;
    assert_eq!(status, 403);
}
