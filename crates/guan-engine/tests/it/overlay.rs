//! Checks of an overlay over its policy.
#![expect(clippy::needless_pass_by_value, reason = "tables of `json!` values read better")]

use crate::validation::{good, policy, set};
use guan_engine::model::Overlay;
use serde_json::{Value, json};

fn overlay(effect: Value, audience: Value) -> Value {
    json!({
        "organization": "org", "effect": effect, "audience": audience,
        "starts": "2026-11-23T08:00:00Z", "ends": "2026-11-23T08:30:00Z", "reason": "repair",
        "opened": {"wall": "2026-11-23T08:00:00Z", "boot_clock": 5, "boot_id": "b", "incarnation": 1}
    })
}
fn suspension(scope: Value) -> Value {
    overlay(
        json!({"kind": "suspension", "scope": scope, "others": "enforced"}),
        json!({"users": ["user:ann"]}),
    )
}
fn disablement(what: Value) -> Value {
    overlay(json!({"kind": "disablement", "what": what}), json!({}))
}
fn elevation(set: &str, audience: Value) -> Value {
    overlay(json!({"kind": "elevation", "set": set}), audience)
}

fn problems(value: Value) -> Vec<String> {
    let overlay: Overlay = serde_json::from_value(value).unwrap();
    overlay.validate(&policy(good())).iter().map(ToString::to_string).collect()
}

fn one_problem(value: Value, expected: &str) {
    let found = problems(value);
    assert_eq!(found.len(), 1, "{expected}: {found:?}");
    assert!(found[0].starts_with(expected), "{found:?}");
}

#[test]
fn good_overlays_have_no_problems() {
    for good in [
        suspension(json!({})),
        suspension(
            json!({"objects": ["account"], "layers": ["record"], "restrictions": ["own"], "sets": ["sales"], "actions": ["approve"], "users": ["group:team"]}),
        ),
        suspension(json!({"fields": {"account": ["name"]}, "layers": ["field"]})),
        overlay(
            json!({"kind": "suspension", "scope": {}, "others": "locked_out"}),
            json!({"networks": ["10.0.0.0/8"]}),
        ),
        elevation("set:sales", json!({"users": ["user:ann"]})),
        elevation("set_group:desk", json!({"users": ["group:team"]})),
        disablement(json!({"set": "sales"})),
        disablement(json!({"set_group": "desk"})),
        disablement(json!({"assignment": "one"})),
        disablement(json!({"rule": "share"})),
        disablement(json!({"placement": {"user": "ann", "node": "boss"}})),
        disablement(json!({"user": "bob"})),
    ] {
        assert_eq!(problems(good), Vec::<String>::new());
    }
}

#[test]
fn a_suspension_or_elevation_for_nobody_in_particular_is_refused() {
    let scope = json!({"kind": "suspension", "scope": {}, "others": "enforced"});
    one_problem(
        overlay(scope, json!({})),
        "audience: a suspension for nobody in particular would open the door to everybody",
    );
    one_problem(
        elevation("set:sales", json!({})),
        "audience.users: an elevation gives to named users",
    );
    one_problem(
        elevation("set:sales", json!({"networks": ["10.0.0.0/8"]})),
        "audience.users: an elevation gives to named users",
    );
}

#[test]
fn an_overlay_must_last_and_say_why_and_belong_here() {
    for (path, value, expected) in [
        (
            "/ends",
            "2026-11-23T08:00:00Z",
            "ends: the end 2026-11-23T08:00:00Z is not after the start",
        ),
        ("/ends", "2026-11-23T07:00:00Z", "ends: the end"),
        ("/reason", " \t", "reason: no reason is stated"),
        ("/organization", "other", "organization: `other` is another organization"),
    ] {
        let mut root = suspension(json!({}));
        set(&mut root, path, json!(value));
        one_problem(root, expected);
    }
}

#[test]
fn an_overlay_names_only_what_exists() {
    for (scope, expected) in [
        (json!({"objects": ["gone"]}), "effect.scope.objects[0]: there is no object `gone`"),
        (
            json!({"fields": {"account": ["gone"]}}),
            "effect.scope.fields.account[0]: the object `account` has no field `gone`",
        ),
        (json!({"fields": {"account": []}}), "effect.scope.fields.account: no field is named"),
        (
            json!({"restrictions": ["gone"]}),
            "effect.scope.restrictions[0]: there is no restriction `gone`",
        ),
        (json!({"sets": ["gone"]}), "effect.scope.sets[0]: there is no set `gone`"),
        (json!({"users": ["user:gone"]}), "effect.scope.users[0]: there is no user `gone`"),
        (json!({"actions": ["dance"]}), "effect.scope.actions[0]: there is no action `dance`"),
        (
            json!({"restrictions": ["own"], "layers": ["object"]}),
            "effect.scope.layers: restrictions act in the layers record and field",
        ),
        (
            json!({"fields": {"account": ["name"]}, "layers": ["record"]}),
            "effect.scope.layers: fields are opened in the layer field",
        ),
    ] {
        one_problem(suspension(scope), expected);
    }
    for (what, expected) in [
        (json!({"set": "gone"}), "effect.what: there is no set `gone`"),
        (json!({"set_group": "gone"}), "effect.what: there is no group of sets `gone`"),
        (json!({"assignment": "gone"}), "effect.what: there is no assignment `gone`"),
        (json!({"rule": "gone"}), "effect.what: there is no rule `gone`"),
        (json!({"user": "gone"}), "effect.what: there is no user `gone`"),
        (
            json!({"placement": {"user": "bob", "node": "boss"}}),
            "effect.what: the user `bob` does not stand at the node `boss`",
        ),
    ] {
        one_problem(disablement(what), expected);
    }
    one_problem(
        elevation("set:mute", json!({"users": ["user:ann"]})),
        "effect.set: the set `mute` is of kind muting",
    );
    let mut root = suspension(json!({}));
    set(&mut root, "/floor", json!({"objects": ["gone"]}));
    one_problem(root, "floor.objects[0]: there is no object `gone`");
}

#[test]
fn disabling_a_muting_set_is_refused_because_it_would_widen_access() {
    let found = problems(disablement(json!({"set": "mute"})));
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("would give back what it takes and so widen access"), "{found:?}");
}

#[test]
fn a_network_that_is_none_and_an_unknown_key_are_refused_when_read() {
    let read = |value: Value| serde_json::from_value::<Overlay>(value).map(|_| ());
    let scope = || json!({"kind": "suspension", "scope": {}, "others": "enforced"});
    let error = read(overlay(scope(), json!({"networks": ["office"]}))).unwrap_err().to_string();
    assert!(error.contains("`office` is not a network"), "{error}");
    assert!(read(suspension(json!({"object": ["account"]}))).is_err());
    assert!(read(disablement(json!({"placement": {"user": "a", "node": "b", "x": 1}}))).is_err());
    let mut root = suspension(json!({}));
    set(&mut root, "/effect/mode", json!("off"));
    assert!(read(root).is_err());
}
