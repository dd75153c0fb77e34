//! An import: brought, worked on as a job, compared, applied or given up; and taken up again by the next process.

use std::io::{Cursor, Write as _};

use axum::body::Body;
use axum::http::{Method, Request, header};
use guan_store::{Caller, Change, JobChange};
use serde_json::{Value, json};

use crate::world::{Answer, Kind, World, org, world};

/// A project with one role and one permission set.
fn project() -> Vec<u8> {
    let role = r#"<?xml version="1.0"?><Role xmlns="http://soap.sforce.com/2006/04/metadata"><name>Boss</name><caseAccessLevel>Edit</caseAccessLevel><contactAccessLevel>Edit</contactAccessLevel><opportunityAccessLevel>Edit</opportunityAccessLevel></Role>"#;
    let set = r#"<?xml version="1.0"?><PermissionSet xmlns="http://soap.sforce.com/2006/04/metadata"><label>Seller</label><objectPermissions><allowCreate>true</allowCreate><allowDelete>false</allowDelete><allowEdit>true</allowEdit><allowRead>true</allowRead><modifyAllRecords>false</modifyAllRecords><object>Account</object><viewAllRecords>false</viewAllRecords></objectPermissions></PermissionSet>"#;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, text) in [
        ("force-app/main/default/roles/Boss.role-meta.xml", role),
        ("force-app/main/default/permissionsets/Seller.permissionset-meta.xml", set),
        ("rows/Account.csv", "Id,Name\n"),
    ] {
        zip.start_file(path, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

async fn bring(world: &World, kind: Kind, bytes: Vec<u8>) -> Answer {
    let request = Request::post("/api/v1/imports?source=salesforce")
        .header(header::AUTHORIZATION, format!("Bearer {kind:?}"))
        .header(header::CONTENT_TYPE, "application/zip")
        .body(Body::from(bytes))
        .unwrap();
    world.send(request).await
}

async fn call(world: &World, method: Method, path: &str, body: Option<&Value>) -> Answer {
    world.call(Kind::Administrator, (method, path), body).await
}

/// The job once nobody works on it any more.
async fn ended(world: &World, id: &str) -> Answer {
    loop {
        let job = call(world, Method::GET, &format!("/api/v1/jobs/{id}"), None).await;
        if job.status != 429 && job.body["state"] != "waiting" {
            return job;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_project_is_brought_compared_and_applied_with_a_row_each() {
    let world = world();
    let rows = world.rows();
    let brought = bring(&world, Kind::Administrator, project()).await;
    assert_eq!(brought.status, 202, "{}", brought.body);
    let id = brought.body["id"].as_str().unwrap().to_owned();
    let job = ended(&world, &id).await;
    assert_eq!(job.body["state"], "ready", "{}", job.body);
    assert!(job.body["found"]["understood"].as_u64().unwrap() > 0);
    assert_eq!(world.rows() - rows, 2, "begun and ended");
    let report = call(&world, Method::GET, &format!("/api/v1/imports/{id}/report"), None).await;
    assert!(report.body["counts"].is_object(), "{}", report.body);
    let path = format!("/api/v1/imports/{id}/differences");
    let changes = call(&world, Method::GET, &path, None).await;
    assert_eq!(changes.body["revision"], 2, "{}", changes.body);
    assert!(changes.body["count"].as_u64().unwrap() > 0);

    let path = format!("/api/v1/imports/{id}/apply");
    let stale = call(&world, Method::POST, &path, Some(&json!({ "expected": 1 }))).await;
    assert_eq!(stale.code(), "conflict");
    let applied = call(&world, Method::POST, &path, Some(&json!({ "expected": 2 }))).await;
    assert_eq!(applied.body["revision"], 3, "{}", applied.body);
    assert_eq!(world.rows() - rows, 3);
    let again = call(&world, Method::POST, &path, Some(&json!({ "expected": 3 }))).await;
    assert_eq!(again.code(), "conflict");
    let set = call(&world, Method::GET, "/api/v1/permission-sets/Seller", None).await;
    assert_eq!(set.status, 200, "whoever administers still does: {}", set.body);
    let jobs = call(&world, Method::GET, "/api/v1/jobs", None).await;
    assert_eq!(jobs.body["items"][0]["state"], "applied");
    let hidden = world.get(Kind::OtherOrganization, &format!("/api/v1/jobs/{id}")).await;
    assert_eq!(hidden.code(), "not_found");
}

#[tokio::test]
async fn what_is_no_project_fails_and_says_why() {
    let world = world();
    let refused = bring(&world, Kind::Administrator, b"hello".to_vec()).await;
    assert_eq!(refused.code(), "invalid");
    assert_eq!(bring(&world, Kind::Reader, project()).await.code(), "power_missing");
    let brought = bring(&world, Kind::Administrator, b"PK nothing".to_vec()).await;
    let job = ended(&world, brought.body["id"].as_str().unwrap()).await;
    assert_eq!(job.body["state"], "failed");
    assert!(job.body["found"]["error"].as_str().unwrap().contains("not a readable zip"));
}

#[tokio::test]
async fn a_job_is_given_up_once_and_cannot_be_applied_then() {
    let world = world();
    let brought = bring(&world, Kind::Administrator, project()).await;
    let id = brought.body["id"].as_str().unwrap();
    ended(&world, id).await;
    let path = format!("/api/v1/jobs/{id}/cancel");
    let rows = world.rows();
    let gone = call(&world, Method::POST, &path, None).await;
    assert_eq!(gone.body["state"], "cancelled", "{}", gone.body);
    assert_eq!(call(&world, Method::POST, &path, None).await.code(), "conflict");
    assert_eq!(world.rows() - rows, 1);
    let path = format!("/api/v1/imports/{id}/apply");
    let refused = call(&world, Method::POST, &path, Some(&json!({ "expected": 2 }))).await;
    assert_eq!(refused.code(), "conflict");
}

#[tokio::test]
async fn a_job_that_a_process_left_is_taken_up_by_the_next() {
    let world = world();
    let change = JobChange::Begin {
        id: "left".to_owned(),
        kind: "import".to_owned(),
        options: r#"{"source":"salesforce","utc_offset_minutes":null}"#.to_owned(),
        input: project(),
        under: [].into(),
    };
    let change = Change::ChangeJob { organization: org(), change };
    world.gate(|gate| gate.write(&Caller::local("ada"), &world.clock, change)).unwrap();
    guan_server::jobs::resume(&world.server).await.unwrap();
    assert_eq!(ended(&world, "left").await.body["state"], "ready");
}
