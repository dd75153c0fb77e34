//! The ledger over HTTP: pages that meet, filters, verification, export, and nobody else's rows.

use axum::http::Request;
use axum::{body::Body, http::header};
use guan_ledger::Tip;
use serde_json::Value;
use tower::ServiceExt;

use crate::world::{Kind, world};

fn sequences(page: &Value) -> Vec<u64> {
    let rows = page["rows"].as_array().unwrap();
    rows.iter().map(|row| row["sequence"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn pages_of_the_ledger_meet_in_both_directions() {
    let world = world();
    for order in ["", "&ascending=true"] {
        let whole = world.get(Kind::Administrator, &format!("/api/v1/ledger/rows?{order}")).await;
        let whole = sequences(&whole.body);
        assert!(whole.len() >= 2);
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/api/v1/ledger/rows?limit=1{order}{cursor}");
            let page = world.get(Kind::Administrator, &path).await;
            seen.extend(sequences(&page.body));
            match page.body["next"].as_u64() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, whole);
    }
}

#[tokio::test]
async fn rows_are_found_by_kind_user_and_time() {
    let world = world();
    let count = async |filter: &str| {
        let path = format!("/api/v1/ledger/rows?{filter}");
        sequences(&world.get(Kind::Administrator, &path).await.body).len()
    };
    assert_eq!(count("kind=organization_created").await, 1);
    assert_eq!(count("user=installer&kind=organization_created").await, 1);
    assert_eq!(count("user=nobody").await, 0);
    assert_eq!(count("until=2026-01-31T08:00:00Z").await, 0);
    assert!(count("from=2026-01-31T08:00:00Z").await >= 2);
    let wrong = world.get(Kind::Administrator, "/api/v1/ledger/rows?kind=nonsense").await;
    assert_eq!(wrong.code(), "bad_query");
}

#[tokio::test]
async fn the_ledger_is_verified_and_exported_to_its_end() {
    let world = world();
    let verified = world.get(Kind::Administrator, "/api/v1/ledger/verification").await;
    assert_eq!(verified.body["holds"], true);
    let end = world.get(Kind::Administrator, "/api/v1/ledger/end").await;
    let tip: Tip = serde_json::from_value(end.body["tip"].clone()).unwrap();
    assert_eq!(end.body["text"], tip.to_string());
    let request = Request::get("/api/v1/ledger/export")
        .header(header::AUTHORIZATION, "Bearer Administrator")
        .body(Body::empty())
        .unwrap();
    let response = world.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/jsonl");
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap();
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    assert!(lines.count() as u64 >= tip.size);
}

#[tokio::test]
async fn nobody_reads_the_ledger_of_others_or_without_the_power() {
    let world = world();
    for path in ["rows", "end", "verification", "export"] {
        let path = format!("/api/v1/ledger/{path}");
        assert_eq!(world.get(Kind::Reader, &path).await.code(), "power_missing");
    }
    let other = world.get(Kind::OtherOrganization, "/api/v1/ledger/rows").await;
    for row in other.body["rows"].as_array().unwrap() {
        assert_eq!(row["entry"]["envelope"]["organization"], "other");
    }
    let system = world.get(Kind::Administrator, "/api/v1/system").await;
    assert_eq!(system.body["records_in_memory"], 3);
    assert_eq!(system.body["records"][0]["count"], 3);
}
