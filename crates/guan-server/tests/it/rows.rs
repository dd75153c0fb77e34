//! Every operation that changes something leaves exactly one row: a good request for each of them.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, Request, header};
use guan_engine::model::Span;
use serde_json::{Value, json};

use crate::world::{CSRF, Kind, World, request, world};

/// Operations without a good request here, each tried by tests of its own. The list may only shrink.
const ELSEWHERE: &[&str] = &[
    "apply_import",
    "apply_record_import",
    "begin_import",
    "begin_record_import",
    "cancel_job",
    "cancel_record_import",
    "change_password",
    "claim_record",
    "end_my_session",
    "end_user_session",
    "give_out_record",
    "import_records",
    "resolve_waiting_edit",
    "reveal_value",
    "review_window",
    "sign_in",
    "sign_out",
    "withdraw_waiting_edit",
];

pub(crate) struct Step {
    /// The cookie of the caller.
    by: &'static str,
    pub(crate) operation: String,
    method: Method,
    path: String,
    pub(crate) body: Option<Value>,
}

fn step(operation: &str, (method, path): (Method, &str), body: Option<Value>) -> Step {
    let (operation, path) = (operation.to_owned(), format!("/api/v1/{path}"));
    Step { by: "Administrator", operation, method, path, body }
}

/// As [`step`], by somebody else who may only approve windows.
fn approver(operation: &str, path: &str, body: Value) -> Step {
    Step { by: "Reader", ..step(operation, (Method::POST, path), Some(body)) }
}

/// As [`step`], by somebody who asks for access.
fn asker(operation: &str, path: &str) -> Step {
    let wanted =
        json!({ "action": "edit", "object": "Account", "length_s": 3600, "reason": "due" });
    let body = (path == "access-requests").then_some(wanted);
    Step { by: "Reader", ..step(operation, (Method::POST, path), body) }
}

/// The lives of two windows: one to its review, the others to a no.
fn windows() -> Vec<Step> {
    let post = |operation: &str, path: &str, body: Value| {
        step(operation, (Method::POST, &format!("switch/{path}")), Some(body))
    };
    let wanted = json!({
        "effect": { "kind": "suspension",
            "scope": { "objects": ["Account"], "actions": ["read"] }, "others": "enforced" },
        "audience": { "users": ["user:ina"] }, "reason": "trying", "length": 600_000 });
    let draft = || post("draft_window", "requests", wanted.clone());
    let at = |version: u64| json!({ "version": version });
    let edit = step("edit_window", (Method::PUT, "switch/requests/LAST"), Some(wanted.clone()));
    let settings = json!({ "settings": { "idle": null }, "reason": "long work" });
    let approval =
        |version: u64, key: &str| json!({ "version": version, "edition": 2, "key": key });
    let mut steps = vec![
        step("change_switch_settings", (Method::PUT, "switch/settings"), Some(settings)),
        draft(),
        edit,
        post("preview_window", "requests/LAST/preview", at(2)),
        post("back_up_window", "requests/LAST/backup", at(3)),
        approver(
            "approve_window",
            "switch/requests/LAST/approval",
            json!({ "version": 4, "edition": 3, "key": "k-1" }),
        ),
        post("arm_window", "requests/LAST/arming", at(5)),
        post("open_window", "requests/LAST/opening", at(6)),
        post("close_window", "requests/LAST/closing", json!({ "words": "done" })),
    ];
    steps.push(draft());
    steps.push(post("preview_window", "requests/LAST/preview", at(1)));
    steps.push(post("back_up_window", "requests/LAST/backup", at(2)));
    steps.push(approver("approve_window", "switch/requests/LAST/approval", approval(3, "k-2")));
    steps.push(approver("take_back_approval", "switch/requests/LAST/approval/withdrawal", at(4)));
    steps.push(approver("refuse_window", "switch/requests/LAST/refusal", at(5)));
    steps.push(draft());
    steps.push(post("withdraw_window", "requests/LAST/withdrawal", at(1)));
    steps
}

/// Each kind of entity: its name, its address, a whole content and other members, in an order in which one can refer
/// to those before.
pub(crate) fn kinds() -> [(&'static str, &'static str, Value, Value); 14] {
    [
        ("action", "actions", json!({ "needs": "edit" }), json!({ "changes": true })),
        ("tree", "trees", json!({ "kind": "unit" }), json!({ "name": "Units" })),
        ("node", "nodes", json!({ "tree": "kept" }), json!({ "name": "Top" })),
        ("group", "groups", json!({}), json!({ "name": "North" })),
        ("object", "objects", json!({}), json!({ "name": "Lead" })),
        ("permission_set", "permission-sets", json!({}), json!({ "name": "Editor" })),
        (
            "permission_set_group",
            "permission-set-groups",
            json!({ "sets": ["reader"] }),
            json!({ "name": "All" }),
        ),
        (
            "assignment",
            "assignments",
            json!({ "what": "set:reader", "to": "user:bo" }),
            json!({ "to": "user:ina" }),
        ),
        ("pool", "pools", json!({ "object": "Account" }), json!({ "name": "Free" })),
        (
            "restriction",
            "restrictions",
            json!({ "object": "Account", "only": "Name = \"x\"" }),
            json!({ "active": false }),
        ),
        (
            "sharing_rule",
            "sharing-rules",
            json!({ "object": "Account", "to": ["user:bo"], "rights": "read" }),
            json!({ "name": "r" }),
        ),
        (
            "roll_up",
            "roll-ups",
            json!({ "tree": "kept", "covers": ["owned"], "rights": ["read"] }),
            json!({ "depth_max": 2 }),
        ),
        (
            "delegation",
            "delegations",
            json!({ "to": "user:bo", "node": "kept", "powers": ["guan.manage_users"] }),
            json!({ "name": "d" }),
        ),
        ("user", "users", json!({ "name": "Eve" }), json!({ "name": "Eva" })),
    ]
}

/// The five operations of each kind of entity, in an order in which each of them can be done.
fn entities() -> Vec<Step> {
    let mut steps = Vec::new();
    for (one, many, content, members) in kinds() {
        let (id, at) = ("tried", format!("{many}/tried"));
        let body = |content: &Value| Some(json!({ "content": content }));
        let made = Some(json!({ "id": id, "content": content }));
        steps.push(step(&format!("create_{one}"), (Method::POST, many), made));
        steps.push(step(&format!("change_{one}"), (Method::PATCH, &at), body(&members)));
        steps.push(step(&format!("replace_{one}"), (Method::PUT, &at), body(&content)));
        steps.push(step(&format!("remove_{one}"), (Method::DELETE, &at), None));
    }
    steps
}

/// A good request for each of the other operations that change something.
pub(crate) fn others() -> Vec<Step> {
    let token = json!({ "name": "n", "scopes": ["read"], "ends": "2026-06-01T00:00:00Z" });
    let (post, put, patch, delete) = (Method::POST, Method::PUT, Method::PATCH, Method::DELETE);
    let account = "records/Account/acme-a-1";
    let place = format!("{account}/place");
    let lock = format!("{account}/lock");
    vec![
        step(
            "undo_window",
            (post.clone(), "switch/windows/WINDOW/undo"),
            Some(json!({ "reason": "a mistake" })),
        ),
        step(
            "create_field",
            (post.clone(), "objects/Account/fields"),
            Some(json!({ "id": "Size", "content": {} })),
        ),
        step(
            "replace_field",
            (put.clone(), "objects/Account/fields/Size"),
            Some(json!({ "content": { "name": "S" } })),
        ),
        step("remove_field", (delete.clone(), "objects/Account/fields/Size"), None),
        step(
            "replace_organization",
            (put.clone(), "organization"),
            Some(json!({ "content": { "id": "acme", "name": "Acme" } })),
        ),
        step("create_my_token", (post.clone(), "me/tokens"), Some(token.clone())),
        step("revoke_my_token", (delete.clone(), "me/tokens/LAST"), None),
        step("end_my_other_sessions", (delete.clone(), "me/sessions"), None),
        step("create_user_token", (post.clone(), "users/bo/tokens"), Some(token)),
        step("revoke_user_token", (delete.clone(), "users/bo/tokens/LAST"), None),
        step("end_user_sessions", (delete.clone(), "users/anna/sessions"), None),
        step("reset_user_password", (put.clone(), "users/anna/password"), None),
        step(
            "create_record",
            (post.clone(), "records/Account"),
            Some(json!({ "fields": { "Name": "B" } })),
        ),
        step("edit_record", (patch, account), Some(json!({ "fields": { "Name": "C" } }))),
        step("place_record", (put.clone(), &place), Some(json!({ "owners": ["user:ada"] }))),
        step("lock_record", (put, &lock), None),
        step("unlock_record", (delete.clone(), &lock), None),
        step(
            "share_record",
            (post.clone(), &format!("{account}/shares")),
            Some(json!({ "to": "user:bo", "rights": "read" })),
        ),
        step(
            "add_team_member",
            (post.clone(), &format!("{account}/team")),
            Some(json!({ "user": "bo", "rights": "read", "role": "" })),
        ),
        step("remove_team_member", (delete.clone(), &format!("{account}/team/bo")), None),
        step("unshare_record", (delete.clone(), &format!("{account}/shares/user:bo")), None),
        step(
            "edit_records",
            (post.clone(), "record-edits/Account"),
            Some(json!({ "ids": ["acme-a-2"], "patch": { "fields": { "Name": "D" } } })),
        ),
        step(
            "assign_records",
            (post.clone(), "record-assignments/Account"),
            Some(json!({ "ids": ["acme-a-2"], "owners": ["user:bo"] })),
        ),
        step(
            "return_record",
            (post.clone(), "records/Account/acme-a-2/return"),
            Some(json!({ "pool": "waters" })),
        ),
        step(
            "claim_records",
            (post.clone(), "record-claims/Account"),
            Some(json!({ "ids": ["acme-a-2"] })),
        ),
        step("export_records", (post.clone(), "record-exports/Account"), None),
        step(
            "delete_records",
            (post.clone(), "record-deletions/Account"),
            Some(json!({ "ids": ["acme-a-3"] })),
        ),
        step("delete_record", (delete.clone(), account), None),
        step("restore_record", (post.clone(), "bin/Account/acme-a-3/restore"), None),
        step("purge_record", (delete.clone(), "bin/Account/acme-a-1?reason=old"), None),
        step(
            "see_as",
            (post.clone(), "views"),
            Some(json!({ "user": "anna", "length_s": 60, "reason": "a short list" })),
        ),
        step("stop_seeing_as", (delete, "views/LAST"), None),
        asker("ask_for_access", "access-requests"),
        step(
            "grant_access",
            (post.clone(), "access-requests/LAST/grant"),
            Some(json!({ "what": "set:reader", "ends": "2026-02-03T00:00:00Z" })),
        ),
        asker("ask_for_access", "access-requests"),
        step(
            "refuse_access",
            (post.clone(), "access-requests/LAST/refusal"),
            Some(json!({ "words": "ask the owner" })),
        ),
        asker("ask_for_access", "access-requests"),
        asker("withdraw_access_request", "access-requests/LAST/withdrawal"),
        step("take_backup", (post.clone(), "backups"), Some(json!({}))),
        step(
            "create_revision",
            (post.clone(), "revisions"),
            Some(json!({ "expected": "CURRENT", "remove": [{ "kind": "tree", "id": "spare" }] })),
        ),
        step(
            "make_current",
            (post.clone(), "revisions/2/make-current"),
            Some(json!({ "expected": "CURRENT" })),
        ),
        step(
            "close_overlay",
            (post.clone(), "overlays/OPEN/closing"),
            Some(json!({ "reason": "done" })),
        ),
        step(
            "start_shadow",
            (post.clone(), "shadows"),
            Some(json!({ "policy": { "revision": 2 }, "length_s": 600, "reason": "trying" })),
        ),
        step("stop_shadow", (post, "shadows/LAST/stop"), None),
    ]
}

/// The administrator may do everything with accounts, and there is something to refer to.
pub(crate) async fn prepare(world: &World) {
    let all =
        json!(["read", "create", "edit", "delete", "assign", "share", "claim", "export", "import"]);
    let actions: serde_json::Map<String, Value> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|action| (action.as_str().unwrap().to_owned(), json!("all")))
        .collect();
    let set = json!({ "objects": { "Account": { "actions": actions } }, "fields": { "Account": { "Name": "edit" } } });
    for (path, id, content) in [
        ("trees", "kept", json!({ "kind": "role" })),
        ("trees", "spare", json!({ "kind": "role" })),
        ("nodes", "kept", json!({ "tree": "kept" })),
        ("permission-sets", "everything", set),
        ("assignments", "everything", json!({ "what": "set:everything", "to": "user:ada" })),
        ("permission-sets", "approver", json!({ "system": ["guan.approve_overlays"] })),
        ("assignments", "approver", json!({ "what": "set:approver", "to": "user:anna" })),
    ] {
        let body = json!({ "id": id, "content": content });
        let made = world
            .call(Kind::Administrator, (Method::POST, &format!("/api/v1/{path}")), Some(&body))
            .await;
        assert_eq!(made.status, 201, "{path}: {}", made.body);
    }
    let exempt = json!({ "content": { "lock_exempt": ["everything"] } });
    let path = "/api/v1/objects/Account";
    let mut changing = request(Kind::Administrator, (Method::PATCH, path), Some(&exempt));
    changing.headers_mut().insert(header::IF_MATCH, "*".parse().unwrap());
    let changed = world.send(changing).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
}

async fn prepared() -> (World, String) {
    let world = world();
    prepare(&world).await;
    let window = crate::undo::written_under(&world, "acme-a-2").await;
    (world, window)
}

#[tokio::test]
async fn every_changing_operation_leaves_exactly_one_row() {
    let (world, window) = prepared().await;
    let mut tried: BTreeSet<String> = ELSEWHERE.iter().map(|id| (*id).to_owned()).collect();
    let (mut last, mut wrong) = (String::new(), Vec::new());
    let mut open = String::new();
    // Whom the administrator made an approver approves nothing of theirs for a day.
    world.hand.later(Span::minutes(24 * 60 + 1));
    world.gate(|gate| gate.refresh(&world.server.now())).unwrap();
    for step in windows().into_iter().chain(entities()).chain(others()) {
        if step.operation == "close_overlay" {
            open = world.open_overlay();
        }
        let current = world
            .gate(|gate| gate.read(|reader| reader.current_revision(&crate::world::org())))
            .unwrap();
        let mut body = step.body;
        if let Some(expected) = body.as_mut().and_then(|body| body.get_mut("expected")) {
            *expected = current.into();
        }
        let path =
            step.path.replace("LAST", &last).replace("WINDOW", &window).replace("OPEN", &open);
        let request = Request::builder()
            .method(step.method)
            .uri(&path)
            .header("cookie", format!("guan={}", step.by))
            .header("x-csrf-token", CSRF)
            .header("if-match", "*")
            .header("content-type", "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let before = world.rows();
        let answer = world.send(request.body(body).unwrap()).await;
        let rows = world.rows() - before;
        if !answer.status.is_success() || rows != 1 {
            wrong.push(format!(
                "{} {path}: {} and {rows} rows: {}",
                step.operation, answer.status, answer.body
            ));
        }
        let body = &answer.body;
        if let Some(id) = body["id"].as_str().or_else(|| body["request"]["id"].as_str()) {
            id.clone_into(&mut last);
        }
        tried.insert(step.operation);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let routes = guan_server::routes::all();
    let changing = routes.operations().iter().filter(|operation| operation.changes());
    let changing: BTreeSet<String> = changing.map(|operation| operation.id.to_owned()).collect();
    assert_eq!(tried, changing, "each changing operation has a good request here");
}
