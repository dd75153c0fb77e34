//! The database server is away for a while: that is said, decisions go on from memory, and nothing has to be started anew.

use axum::http::{Method, header};
use guan_store::SIDE_FILE;
use guan_testkit::postgres::{Door, server};
use serde_json::json;

use crate::world::{Kind, World, request, world};

/// The address of the database, as the file of the installation says it.
fn database(world: &World) -> String {
    let text = std::fs::read_to_string(world.folder.path().join(SIDE_FILE)).unwrap();
    let from = text.find("postgres://").unwrap();
    text[from..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_database_that_is_away_is_told_nothing_is_half_done_and_it_goes_on_by_itself() {
    let world = world();
    crate::rows::prepare(&world).await;
    let Some(server) = server() else { return };
    let address = database(&world);
    let path = "/api/v1/records/Account/acme-a-1";
    let question = json!({ "action": "read", "object": "Account", "record": "acme-a-1" });
    let change = || {
        let patch = json!({ "fields": { "Name": "new" } });
        let mut asked = request(Kind::Administrator, (Method::PATCH, path), Some(&patch));
        asked.headers_mut().insert(header::IF_MATCH, "*".parse().unwrap());
        asked
    };
    assert_eq!(world.get(Kind::Reader, path).await.status, 200);
    let rows = world.rows();
    server.let_in(&address, Door::Shut);
    server.disconnect(&address);
    let read = world.get(Kind::Reader, path).await;
    assert_eq!((read.status.as_u16(), read.code()), (503, "unavailable"), "{}", read.body);
    assert!(read.headers.contains_key(header::RETRY_AFTER));
    let written = world.send(change()).await;
    assert_eq!((written.status.as_u16(), written.code()), (503, "unavailable"), "{}", written.body);
    let decided = world.call(Kind::Reader, (Method::POST, "/api/v1/check"), Some(&question)).await;
    assert_eq!(decided.status, 200, "{}", decided.body);
    assert_eq!(decided.body["decision"], "allow", "{}", decided.body);
    server.let_in(&address, Door::Open);
    let read = world.get(Kind::Reader, path).await;
    assert_eq!(read.body["fields"]["Name"], json!({ "clear": "acme-a-1" }), "{}", read.body);
    assert_eq!(world.rows(), rows);
    assert_eq!(world.send(change()).await.status, 200);
    assert_eq!(world.rows(), rows + 1);
}
