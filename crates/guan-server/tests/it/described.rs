//! The description of the interface is kept in the repository, and is what the routes say.

use std::path::PathBuf;

use serde_json::Value;

fn kept(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Compares with the kept file. What is new is written beside it, so that it can be looked at and taken over.
fn is_kept(path: &str, made: &str) {
    let file = kept(path);
    let new = file.with_extension("new");
    if std::fs::read_to_string(&file).is_ok_and(|text| text == made) {
        let _gone = std::fs::remove_file(new);
        return;
    }
    std::fs::write(&new, made).unwrap();
    panic!("{path} is not what the code says: look at {} and take it over with mv", new.display());
}

#[test]
fn the_kept_description_is_current() {
    is_kept("openapi/guan.json", &guan_server::openapi::text());
}

#[test]
fn the_page_of_problems_is_current() {
    is_kept("docs/spec/problems.md", &guan_server::problem::document());
}

#[test]
fn every_operation_has_its_own_id_and_says_what_it_needs() {
    let routes = guan_server::routes::all();
    let mut ids: Vec<&str> = routes.operations().iter().map(|operation| operation.id).collect();
    let document = serde_json::to_value(guan_server::openapi::document()).unwrap();
    let mut described: Vec<String> = Vec::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            assert!(operation["x-guan"]["power"].is_string(), "{id}");
            assert!(operation["x-guan"]["changes"].is_boolean(), "{id}");
            described.push(id);
        }
    }
    ids.sort_unstable();
    described.sort();
    assert_eq!(ids, described);
    ids.dedup();
    assert_eq!(ids.len(), described.len(), "two operations have one id");
}

#[test]
fn no_body_may_bring_members_that_are_not_known() {
    let document = serde_json::to_value(guan_server::openapi::document()).unwrap();
    let schemas = &document["components"]["schemas"];
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let Some(name) = schema["$ref"].as_str().and_then(|at| at.rsplit('/').next()) else {
                continue;
            };
            assert_eq!(
                schemas[name]["additionalProperties"],
                Value::Bool(false),
                "{name}: add `#[serde(deny_unknown_fields)]`"
            );
        }
    }
}
