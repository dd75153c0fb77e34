//! Every operation with every kind of caller: who is let through, as a grid that a person can read.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use axum::http::{Method, Request};
use axum::{body::Body, http::header};
use serde_json::{Value, json};

use crate::rows;
use crate::world::{Kind, World, org, request, world, world_of_posts};

/// The operations that nobody needs to sign in for. The list may only shrink.
const PUBLIC: &[&str] = &["show_health", "show_readiness", "sign_in"];

#[test]
fn the_public_operations_are_the_listed_ones() {
    let routes = guan_server::routes::all();
    let open: Vec<&str> = routes
        .operations()
        .iter()
        .filter(|operation| operation.power_name() == "public")
        .map(|operation| operation.id)
        .collect();
    assert_eq!(open, PUBLIC);
}

/// A good body for an operation, where it takes one.
fn body(operation: &str, current: u64) -> Option<Value> {
    for (one, _, content, members) in rows::kinds() {
        let (made, put) =
            (json!({ "id": "new", "content": content }), json!({ "content": content }));
        match operation.strip_suffix(one).and_then(|verb| verb.strip_suffix('_')) {
            Some("create") => return Some(made),
            Some("replace") => return Some(put),
            Some("change") => return Some(json!({ "content": members })),
            _ => {}
        }
    }
    let record = json!({ "action": "read", "object": "Account", "record": "acme-a-1" });
    let kept = rows::others().into_iter().find(|step| step.operation == operation);
    let mut body = match operation {
        "check" | "explain" | "find_who" => record,
        "check_many" => json!({ "items": [record] }),
        "show_abilities" | "show_field_access" | "list_ids" | "count_ids" => {
            json!({ "object": "Account" })
        }
        "preview_revision" => {
            json!({ "expected": 0, "put": [{ "kind": "group", "id": "seen", "content": {} }] })
        }
        _ => kept?.body?,
    };
    if let Some(expected) = body.get_mut("expected") {
        *expected = current.into();
    }
    Some(body)
}

/// An address of something that is there; what is taken away is something else than what is looked at.
fn filled(path: &str, method: &Method) -> String {
    let is_deleted = *method == Method::DELETE;
    let one = if is_deleted { "gone" } else { "tried" };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        let is_last = path.ends_with(part);
        parts.push(match (part, parts.last().copied()) {
            ("{object}", Some("objects")) if is_deleted && is_last => one,
            ("{object}", _) => "Account",
            ("{id}", Some("Account")) if is_deleted && is_last => "acme-a-2",
            ("{id}", _) => "acme-a-1",
            ("{field}", _) => {
                if is_deleted {
                    "Gone"
                } else {
                    "Name"
                }
            }
            ("{revision}", _) => "2",
            ("{reference}", _) => "1",
            ("{principal}", _) => "user:bo",
            (
                "{backup}" | "{overlay}" | "{job}" | "{token}" | "{session}" | "{relation}"
                | "{window}",
                _,
            ) => "none",
            ("{user}", _) if !is_last => "tried",
            (part, _) if part.starts_with('{') => one,
            (part, _) => part,
        });
    }
    let query = if path.ends_with("/impact") { "?from=2" } else { "" };
    format!("{}{query}", parts.join("/"))
}

/// Something of each kind to look at and something to take away.
async fn furnish(world: &World) {
    rows::prepare(world).await;
    let make = async |path: &str, id: &str, content: &Value| {
        let body = json!({ "id": id, "content": content });
        let made = world.call(Kind::Administrator, (Method::POST, path), Some(&body)).await;
        assert_eq!(made.status, 201, "{path}: {}", made.body);
    };
    make("/api/v1/objects/Account/fields", "Gone", &json!({})).await;
    for (one, many, content, _) in rows::kinds() {
        // What is given stays without an effect on those who call.
        let content = content.to_string().replace("user:bo", "user:ina");
        let mut content: Value = serde_json::from_str(&content).unwrap();
        match one {
            // Dan administers the north.
            "user" => content["placements"] = json!([{ "node": "north" }]),
            // Accounts stay as they are.
            "restriction" => content["active"] = json!(false),
            _ => {}
        }
        for id in ["tried", "gone"] {
            make(&format!("/api/v1/{many}"), id, &content).await;
        }
    }
}

/// What an operation answers to a caller of a kind.
async fn outcome(
    world: &World,
    kind: Kind,
    (id, path, method): (&str, &str, &Method),
) -> (String, String) {
    let current = world.gate(|gate| gate.read(|reader| reader.current_revision(&org()))).unwrap();
    let body = if *method == Method::GET { None } else { Some(body(id, current)) };
    let mut body = body.map(|body| body.unwrap_or_else(|| json!({})));
    // Each at a place of its own, so that nobody finds that nothing would change.
    if let Some(name) = body.as_mut().and_then(|body| body.get_mut("content")?.get_mut("name")) {
        *name = format!("{kind:?}").into();
    }
    let mut asked = request(kind, (method.clone(), &filled(path, method)), body.as_ref());
    if *method != Method::GET {
        asked.headers_mut().insert(header::IF_MATCH, "*".parse().unwrap());
    }
    let answer = world.send(asked).await;
    let status = answer.status.as_u16();
    let told = format!("{kind:?}: {status} {}", answer.code()).trim_end().to_owned();
    (status.to_string(), told)
}

#[tokio::test]
async fn every_operation_answers_every_kind_of_caller_as_the_grid_says() {
    let document = serde_json::to_value(guan_server::openapi::document()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            let power = operation["x-guan"]["power"].as_str().unwrap();
            let method: Method = method.to_uppercase().parse().unwrap();
            let responses = operation["responses"].as_object().unwrap();
            operations.push((id, power, path, method, responses));
        }
    }
    let mut outcomes = vec![Vec::new(); operations.len()];
    let mut undescribed = Vec::new();
    for kind in Kind::ALL {
        // Nobody finds what somebody before them changed.
        let world = world_of_posts();
        furnish(&world).await;
        // What takes everything back comes last.
        let mut order: Vec<usize> = (0..operations.len()).collect();
        order.sort_by_key(|at| operations[*at].0 == "make_current");
        for at in order {
            let (id, _, path, method, responses) = &operations[at];
            let (status, told) = outcome(&world, *kind, (id, path, method)).await;
            if !responses.contains_key(&status) {
                undescribed.push(format!("{id}: {status}"));
            }
            outcomes[at].push(told);
        }
    }
    assert!(undescribed.is_empty(), "not described: {undescribed:?}");
    let mut grid = String::new();
    for ((id, power, ..), outcomes) in operations.iter().zip(&outcomes) {
        writeln!(grid, "{id} ({power})").unwrap();
        for outcome in outcomes {
            writeln!(grid, "  {outcome}").unwrap();
        }
    }
    // One grid, whichever database answers.
    insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "snapshots" }, {
        insta::assert_snapshot!("callers", grid);
    });
}

/// The names between back-ticks.
fn ticked(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_operation_describes_the_query_that_it_reads() {
    const UNKNOWN: &str = "never_a_parameter";
    let document = serde_json::to_value(guan_server::openapi::document()).unwrap();
    let world = world_of_posts();
    furnish(&world).await;
    let current = world.gate(|gate| gate.read(|reader| reader.current_revision(&org()))).unwrap();
    let (mut wrong, mut with_query) = (Vec::new(), 0);
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            let method: Method = method.to_uppercase().parse().unwrap();
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let described: BTreeSet<String> = parameters
                .iter()
                .filter(|parameter| parameter["in"] == "query")
                .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
                .collect();
            let place = filled(path, &method);
            let place = place.split('?').next().unwrap();
            let place = format!("{place}?{UNKNOWN}=1");
            let body = (method != Method::GET).then(|| body(id, current)).flatten();
            let mut asked = request(Kind::Administrator, (method, &place), body.as_ref());
            asked.headers_mut().insert(header::IF_MATCH, "*".parse().unwrap());
            let answer = world.send(asked).await;
            // The reader of a query refuses what it does not know and says what it knows.
            let detail = answer.body["detail"].as_str().unwrap_or_default();
            let mut read = BTreeSet::new();
            if answer.code() == "bad_query" && detail.contains(UNKNOWN) {
                read = ticked(detail);
                read.remove(UNKNOWN);
            }
            with_query += usize::from(!read.is_empty());
            if read != described {
                wrong.push(format!("{id} reads {read:?} and describes {described:?}"));
            }
        }
    }
    assert!(with_query > 30, "the test looks at {with_query} queries only");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_operation_describes_what_it_answers() {
    let document = serde_json::to_value(guan_server::openapi::document()).unwrap();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let id = &operation["operationId"];
            let responses = operation["responses"].as_object().unwrap();
            let done: Vec<_> =
                responses.iter().filter(|(status, _)| status.starts_with('2')).collect();
            assert!(!done.is_empty(), "{id}");
            for (status, response) in done {
                let has_content = response["content"].is_object();
                assert_eq!(has_content, status != "204", "{id} {status}");
            }
        }
    }
}

#[tokio::test]
async fn a_caller_is_told_who_they_are() {
    let world = world();
    let answer = world.get(Kind::Reader, "/api/v1/me").await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.body,
        json!({
            "organization": org(), "user": "anna", "name": "anna", "powers": [], "scopes": ["all"],
            "must_change_password": false,
        })
    );
    let answer = world.get(Kind::OtherOrganization, "/api/v1/me").await;
    assert_eq!(answer.body["organization"], "other");
}

#[tokio::test]
async fn a_header_that_is_not_understood_is_not_passed_over_for_a_cookie() {
    let world = world();
    let request = Request::get("/api/v1/me")
        .header(header::AUTHORIZATION, "Basic YTpi")
        .header(header::COOKIE, "guan=Reader")
        .body(Body::empty())
        .unwrap();
    assert_eq!(world.send(request).await.code(), "token_refused");
    let request =
        Request::get("/api/v1/me").header(header::COOKIE, "guan=Reader").body(Body::empty());
    assert_eq!(world.send(request.unwrap()).await.body["csrf"], crate::world::CSRF);
}
