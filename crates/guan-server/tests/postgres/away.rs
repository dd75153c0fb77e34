//! The database server goes away while requests are answered: it is told, nothing is lost or half done, and it goes on by itself.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{Method, header};
use guan_engine::model::Span;
use guan_store::{Gate, LEASE, Tail};
use guan_testkit::postgres::own_server;
use serde_json::{Value, json};

use crate::world::{Answer, Kind, World, ask, outside, request, world_at};

/// How long something may take to come about on a machine that is busy.
const DEADLINE: Duration = Duration::from_mins(1);

/// Follows what is committed, as a server does.
fn following(world: &World) -> Tail {
    let hand = Arc::clone(&world.hand);
    let read = move || guan_server::state::Clock::read(&*hand);
    world.gate(|gate: &Arc<Gate>| gate.tail(Duration::from_millis(20), read)).unwrap()
}

async fn decided(world: &World, kind: Kind) -> Value {
    let body = json!({ "action": "read", "object": "Account", "record": "acme-a-1" });
    let answer = world.call(kind, (Method::POST, "/api/v1/check"), Some(&body)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["decision"].clone()
}

async fn create(world: &World, name: &str) -> Answer {
    let body = json!({ "id": name, "content": { "name": name } });
    let mut one = request(Kind::Administrator, (Method::POST, "/api/v1/users"), Some(&body));
    one.headers_mut().insert("idempotency-key", name.parse().unwrap());
    ask(&world.router, one).await
}

async fn users(world: &World) -> BTreeSet<String> {
    let found = world.get(Kind::Administrator, "/api/v1/users?limit=200").await;
    assert_eq!(found.status, 200, "{}", found.body);
    let items = found.body["items"].as_array().unwrap().iter();
    items.map(|user| user["id"].as_str().unwrap().to_owned()).collect()
}

/// Waits until the server says that requests can be sent to it.
async fn ready(world: &World) {
    let ready = async {
        while world.get(Kind::Nobody, "/readyz").await.status != 200 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(DEADLINE, ready).await.unwrap();
}

/// The ledger is whole and says what was made once.
async fn holds(world: &World, made: &BTreeSet<String>) {
    let verified = world.get(Kind::Administrator, "/api/v1/ledger/verification").await;
    assert_eq!(verified.body["holds"], true, "{}", verified.body);
    let there = users(world).await;
    assert!(made.is_subset(&there), "{made:?} were answered, {there:?} are there");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_database_is_away_nothing_is_relaxed_or_changed_and_it_goes_on_by_itself() {
    let Some(server) = own_server() else { return };
    let world = world_at(Some(server.fresh_database()).into());
    let _following = following(&world);
    world.open_overlay();
    assert_eq!(decided(&world, Kind::NoPermission).await, "relaxed");
    let rows = world.rows();
    outside(|| server.stop());
    // It would have to be recorded; what the policy says is known.
    assert_eq!(decided(&world, Kind::NoPermission).await, "deny");
    assert_eq!(decided(&world, Kind::Reader).await, "allow");
    for (kind, path) in [
        (Kind::Nobody, "/readyz"),
        (Kind::Reader, "/api/v1/records/Account"),
        (Kind::Administrator, "/api/v1/ledger/end"),
    ] {
        let answer = world.get(kind, path).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (503, "unavailable"), "{path}");
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json", "{path}");
        assert!(answer.headers.contains_key(header::RETRY_AFTER), "{path}");
    }
    assert_eq!(world.get(Kind::Nobody, "/healthz").await.status, 200, "the process lives");
    let refused = create(&world, "eve").await;
    assert_eq!((refused.status.as_u16(), refused.code()), (503, "unavailable"));
    // A minute goes by, and the view of this node is too old for a window.
    world.hand.later(Span::seconds(60));
    assert!(LEASE < Span::seconds(60));
    assert_eq!(decided(&world, Kind::NoPermission).await, "deny");
    assert_eq!(decided(&world, Kind::Reader).await, "allow");
    outside(|| server.start_again());
    ready(&world).await;
    assert_eq!(world.rows(), rows, "nothing was changed meanwhile");
    assert_eq!(create(&world, "eve").await.status, 201, "under the same key");
    assert_eq!(decided(&world, Kind::NoPermission).await, "relaxed", "the window is still open");
    holds(&world, &["eve".to_owned()].into()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_another_server_takes_over_nothing_that_was_answered_is_lost_or_done_by_half() {
    let Some(server) = own_server() else { return };
    let both = outside(|| server.follow(&server.fresh_database()));
    let world = Arc::new(world_at(Some(both).into()));
    let _following = following(&world);
    let rows = world.rows();
    let writer = |number: u32| {
        let world = Arc::clone(&world);
        tokio::spawn(async move {
            let mut made = BTreeSet::new();
            // Until it was refused and is taken again.
            let (mut refused, mut at) = (false, 0);
            while !refused || made.len() < 3 {
                let name = format!("w-{number}-{at}");
                let answer = create(&world, &name).await;
                match answer.status.as_u16() {
                    201 => {
                        made.insert(name);
                        at += 1;
                    }
                    // The same once more: it is made once.
                    503 if answer.code() == "unavailable" => refused = true,
                    503 if answer.code() == "outcome_unknown" => {
                        refused = true;
                        at += 1;
                    }
                    other => panic!("{other}: {}", answer.body),
                }
                tokio::task::yield_now().await;
            }
            made
        })
    };
    let writers = [writer(0), writer(1)];
    let begun = async {
        while users(&world).await.iter().filter(|user| user.starts_with("w-")).count() < 3 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(DEADLINE, begun).await.unwrap();
    outside(|| server.stop());
    outside(|| server.promote());
    ready(&world).await;
    let mut made = BTreeSet::new();
    for writer in writers {
        made.extend(tokio::time::timeout(DEADLINE, writer).await.unwrap().unwrap());
    }
    holds(&world, &made).await;
    let there = users(&world).await;
    let new = there.iter().filter(|user| user.starts_with("w-")).count();
    assert_eq!(world.rows() - rows, new as u64, "a user and its row, both or none");
}
