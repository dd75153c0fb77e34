//! What was answered as given up is not done afterwards.

use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use axum::http::{Method, header};
use guan_server::settings::Settings;
use guan_store::{Caller, GateError};
use serde_json::json;

use crate::world::{Kind, org, request, world_with};

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_was_given_up_is_not_made_and_nobody_says_that_nothing_was() {
    let settings = Settings { request_time: Duration::from_millis(100), ..Settings::default() };
    let world = world_with(settings);
    let (gate, clock) = (world.gate(Arc::clone), world.clock.clone());
    let (held, is_held) = mpsc::channel();
    let (free, is_free) = mpsc::channel::<()>();
    // Somebody else writes for a long time.
    let other = std::thread::spawn(move || {
        gate.act(&Caller::local("x"), &clock, &org(), |_| {
            held.send(()).unwrap();
            is_free.recv().unwrap();
            Ok::<_, GateError>(())
        })
        .unwrap();
    });
    is_held.recv().unwrap();
    let body = json!({ "content": { "name": "Somebody else" } });
    let path = (Method::PATCH, "/api/v1/users/bo");
    let mut asked = request(Kind::Administrator, path, Some(&body));
    asked.headers_mut().insert(header::IF_MATCH, "*".parse().unwrap());
    let answer = world.send(asked).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code()),
        (503, "outcome_unknown"),
        "{}",
        answer.body
    );
    let rows = world.rows();
    free.send(()).unwrap();
    other.join().unwrap();
    // Whoever waits for the writer now comes after what was given up.
    let seen = world.gate(|gate| {
        gate.act(&Caller::local("x"), &world.clock, &org(), |acting| {
            Ok::<_, GateError>(acting.revision())
        })
    });
    assert_eq!(seen.unwrap(), 2, "the change was not made");
    assert_eq!(world.rows(), rows);
}
