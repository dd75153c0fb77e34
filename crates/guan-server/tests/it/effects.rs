//! What surrounds an open window over HTTP: streams that stop with it, and what is made under it and ends with it.

use axum::http::{Method, header};
use guan_engine::model::{
    Action, Audience, Grant, Moment, ObjectPermission, Others, OverlayEffect, OverlayId,
    PermissionSet, Principal, Record, Span, SuspensionScope, User, Value as Content,
};
use guan_store::{Caller, Change, Entity, EntityKind, OverlayRequest};
use serde_json::{Value, json};
use tokio_stream::StreamExt;
use tower::ServiceExt;

use crate::world::{Kind, World, org, request, world};

fn who() -> Caller {
    Caller::local("installer")
}

fn edit(world: &World, put: Vec<Entity>) {
    let expected = world.gate(|gate| gate.view(&org())).unwrap().revision();
    let (organization, remove, reason) = (org(), Vec::new(), "start".to_owned());
    let change = Change::EditPolicy { organization, expected, put, remove, reason };
    world.gate(|gate| gate.write(&who(), &world.server.now(), change)).unwrap();
}

/// Bo holds a set for half an hour.
fn elevate(world: &World, id: &str, set: &PermissionSet) -> OverlayId {
    edit(world, vec![Entity::new(EntityKind::Set, id, set).unwrap()]);
    let effect = OverlayEffect::Elevation { set: format!("set:{id}").parse().unwrap() };
    let users = [Principal::User("bo".into())].into();
    let audience = Audience { users, networks: vec![] };
    let request = OverlayRequest::new("acme", effect, audience, "month end");
    world.gate(|gate| gate.open_overlay(&who(), &world.server.now(), &request)).unwrap().id
}

fn close(world: &World, overlay: &OverlayId) {
    world.hand.later(Span::seconds(1));
    let place = (&org(), overlay);
    world.gate(|gate| gate.close_overlay(&who(), &world.server.now(), place, "")).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_whose_window_ends_says_so_in_its_last_line_and_is_cut_off() {
    let world = world();
    let records = (0..6_000).map(|number| {
        let mut record = Record::new("Account", format!("n-{number}"));
        record.owners = ["user:anna".parse().unwrap()].into();
        record.fields.insert("Name".into(), Content::from("x"));
        record
    });
    let change =
        Change::PutRecords { organization: org(), records: records.collect(), under: None };
    world.gate(|gate| gate.write(&who(), &world.server.now(), change)).unwrap();
    let actions = [Action::Read, Action::Export].map(|action| (action, Grant::ALL)).into();
    let permission = ObjectPermission { actions, ..ObjectPermission::default() };
    let mut set = PermissionSet::default();
    set.objects.insert("Account".into(), permission);
    let overlay = elevate(&world, "exporter", &set);
    let post = (Method::POST, "/api/v1/record-exports/Account");
    let response =
        world.router.clone().oneshot(request(Kind::NoPermission, post, None)).await.unwrap();
    assert_eq!(response.status(), 200);
    let mut body = response.into_body().into_data_stream();
    let first = body.next().await.unwrap().unwrap();
    let mut text = String::from_utf8(first.to_vec()).unwrap();
    close(&world, &overlay);
    let is_cut_off = loop {
        match body.next().await {
            Some(Ok(bytes)) => text += std::str::from_utf8(&bytes).unwrap(),
            Some(Err(_)) => break true,
            None => break false,
        }
    };
    assert!(is_cut_off, "a file that is not whole never looks whole");
    let last = text.lines().last().unwrap();
    assert!(last.starts_with("guan: not whole,") && last.contains(overlay.as_str()), "{last}");
    // What was ready before the end, a few pages, and none after.
    assert!(text.lines().count() < 6_000);
}

#[tokio::test]
async fn a_token_that_an_elevation_alone_let_somebody_make_ends_with_it() {
    let world = world();
    let system = ["guan.manage_credentials".to_owned()].into();
    let overlay = elevate(&world, "desk", &PermissionSet { system, ..PermissionSet::default() });
    let robot = User { name: "robot".to_owned(), ..User::default() };
    edit(&world, vec![Entity::new(EntityKind::User, "robot", &robot).unwrap()]);
    let ends = Moment(world.server.now().wall.0 + 24 * 3_600_000).to_string();
    let body = json!({ "name": "nightly", "scopes": ["read"], "networks": [], "ends": ends });
    let make = async |kind| {
        let post = (Method::POST, "/api/v1/users/robot/tokens");
        let made = world.call(kind, post, Some(&body)).await;
        assert_eq!(made.status, 201, "{}", made.body);
    };
    make(Kind::NoPermission).await;
    make(Kind::Administrator).await;
    let tokens = || world.gate(|gate| gate.read(|reader| reader.tokens(&org()))).unwrap().len();
    assert_eq!(tokens(), 2);
    close(&world, &overlay);
    assert_eq!(tokens(), 1, "that of the administrator stays");
}

/// Off for Bo on accounts.
fn suspend(world: &World) -> OverlayId {
    let scope =
        SuspensionScope { objects: ["Account".into()].into(), ..SuspensionScope::default() };
    let effect = OverlayEffect::Suspension { scope, others: Others::Enforced };
    let users = [Principal::User("bo".into())].into();
    let audience = Audience { users, networks: vec![] };
    let request = OverlayRequest::new("acme", effect, audience, "the sync is stuck");
    world.gate(|gate| gate.open_overlay(&who(), &world.server.now(), &request)).unwrap().id
}

async fn send(
    world: &World,
    kind: Kind,
    (method, path): (Method, &str),
    body: Option<&Value>,
) -> crate::world::Answer {
    let mut request = request(kind, (method, path), body);
    request.headers_mut().insert(header::IF_MATCH, "*".parse().unwrap());
    world.send(request).await
}

async fn rename(world: &World, name: &str) -> crate::world::Answer {
    let patch = (Method::PATCH, "/api/v1/objects/Account");
    send(world, Kind::Administrator, patch, Some(&json!({ "content": { "name": name } }))).await
}

#[tokio::test]
async fn an_edit_inside_the_scope_of_a_window_is_answered_202_and_applied_at_its_end() {
    let world = world();
    let overlay = suspend(&world);
    let rows = world.rows();
    let answer = rename(&world, "Firm").await;
    assert_eq!((answer.status.as_u16(), world.rows()), (202, rows + 1), "{}", answer.body);
    assert_eq!(answer.body["overlay"], overlay.as_str());
    assert!(answer.body["ends"].is_string());
    let path = answer.headers["location"].to_str().unwrap().to_owned();
    assert!(path.ends_with(answer.body["waiting"].as_str().unwrap()));
    let shown = world.get(Kind::Administrator, &path).await;
    assert_eq!((&shown.body["state"], &shown.body["author"]), (&json!("waiting"), &json!("ada")));
    assert_eq!(shown.body["put"][0]["content"]["name"], "Firm");
    assert!(shown.body["put"][0]["before"].is_object(), "what it was is told beside it");
    for kind in [Kind::Reader, Kind::OtherOrganization] {
        assert_eq!(world.get(kind, &path).await.code(), "not_found");
        let list = world.get(kind, "/api/v1/waiting-edits").await;
        assert_eq!(list.body, json!({ "items": [] }));
        let gone = world.call(kind, (Method::DELETE, &path), None).await;
        assert_eq!(gone.code(), "not_found");
    }
    let patch = (Method::PATCH, "/api/v1/users/bo");
    let body = json!({ "content": { "name": "B" } });
    let other = send(&world, Kind::Administrator, patch, Some(&body)).await;
    assert_eq!(other.status, 200, "what is outside of the scope goes through");
    close(&world, &overlay);
    let shown = world.get(Kind::Administrator, &path).await;
    assert_eq!(shown.body["state"], "applied");
    let object = world.get(Kind::Administrator, "/api/v1/objects/Account").await;
    assert_eq!(object.body["content"]["name"], "Firm");
}

#[tokio::test]
async fn a_conflict_is_shown_with_three_values_and_decided_by_who_may() {
    let world = world();
    let overlay = suspend(&world);
    let first = rename(&world, "Firm").await;
    let second = rename(&world, "Company").await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (202, 202));
    close(&world, &overlay);
    let path = second.headers["location"].to_str().unwrap();
    let shown = world.get(Kind::Administrator, path).await;
    assert_eq!(shown.body["state"], "conflicted");
    let conflict = &shown.body["conflicts"][0];
    assert_eq!((&conflict["waiting"], &conflict["current"]), (&json!("Company"), &json!("Firm")));
    let resolve = format!("{path}/resolution");
    let call =
        async |kind, body: Value| world.call(kind, (Method::POST, &resolve), Some(&body)).await;
    let none = call(Kind::Administrator, json!({ "decisions": [] })).await;
    assert_eq!((none.code(), &none.body["conflicts"][0]["id"]), ("conflict", &json!("Account")));
    let take = |take: &str| json!({ "decisions": [{ "kind": "object", "id": "Account", "member": ["name"], "take": take }] });
    assert_eq!(call(Kind::NoPermission, take("waiting")).await.code(), "not_found");
    let rows = world.rows();
    let made = call(Kind::Administrator, take("waiting")).await;
    assert_eq!((made.status.as_u16(), world.rows()), (200, rows + 1), "{}", made.body);
    let object = world.get(Kind::Administrator, "/api/v1/objects/Account").await;
    assert_eq!(object.body["content"]["name"], "Company");
    assert_eq!(call(Kind::Administrator, take("current")).await.code(), "conflict");
}

#[tokio::test]
async fn an_edit_that_waits_is_withdrawn() {
    let world = world();
    let overlay = suspend(&world);
    let answer = rename(&world, "Firm").await;
    let path = answer.headers["location"].to_str().unwrap();
    let rows = world.rows();
    let gone = world.call(Kind::Administrator, (Method::DELETE, path), None).await;
    assert_eq!((gone.status.as_u16(), world.rows()), (204, rows + 1));
    close(&world, &overlay);
    assert_eq!(world.get(Kind::Administrator, path).await.body["state"], "withdrawn");
}

#[tokio::test]
async fn everybody_whom_an_overlay_concerns_sees_it_on_every_answer() {
    let world = world();
    let header = async |kind| {
        let answer = world.get(kind, "/api/v1/me").await;
        answer.headers.get("guan-overlay-acting").map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(header(Kind::NoPermission).await, None);
    let overlay = suspend(&world);
    let wanted = format!("{overlay}; kind=suspension; ends=2026-01-31T08:30:00Z");
    assert_eq!(header(Kind::NoPermission).await, Some(wanted.clone()));
    assert_eq!((header(Kind::Reader).await, header(Kind::OtherOrganization).await), (None, None));
    let missing = world.get(Kind::NoPermission, "/api/v1/users/none").await;
    assert!(!missing.headers.contains_key("guan-overlay-acting"), "no power, so not let in");
    let list = world.get(Kind::NoPermission, "/api/v1/records/Account").await;
    assert_eq!(list.body["relaxed_by"], json!([overlay]));
    assert_eq!(list.headers["guan-overlay"], overlay.as_str());
    assert_eq!(list.headers["guan-overlay-acting"], wanted.as_str());
    let lawful = world.get(Kind::Reader, "/api/v1/records/Account").await;
    assert_eq!(lawful.body["relaxed_by"], Value::Null);
    close(&world, &overlay);
    assert_eq!(header(Kind::NoPermission).await, None);
    let list = world.get(Kind::NoPermission, "/api/v1/records/Account").await;
    assert!(!list.headers.contains_key("guan-overlay"));
}

#[tokio::test]
async fn how_far_receivers_are_behind_is_shown_to_who_manages_windows() {
    let world = world();
    world.gate(|gate| gate.keep_receivers(&world.server.now(), &["mail".to_owned()])).unwrap();
    let overlay = suspend(&world);
    let path = "/api/v1/switch/notices";
    world.hand.later(Span::seconds(5));
    let shown = world.get(Kind::Administrator, path).await;
    let receiver = &shown.body["receivers"][0];
    assert_eq!((&receiver["receiver"], &receiver["waiting"]), (&json!("mail"), &json!(1)));
    assert_eq!(receiver["lag_s"], 5);
    assert_eq!(shown.body["latest"][0]["kind"], "opened");
    assert_eq!(shown.body["latest"][0]["overlay"], overlay.as_str());
    assert_eq!(world.get(Kind::Reader, path).await.code(), "power_missing");
    close(&world, &overlay);
    let notice = world.gate(|gate| gate.next_notice(&world.server.now(), "mail")).unwrap().unwrap();
    world.gate(|gate| gate.note_notice(&world.server.now(), ("mail", &notice), None)).unwrap();
    let shown = world.get(Kind::Administrator, path).await;
    assert_eq!(shown.body["receivers"][0]["waiting"], 1);
    let latest = &shown.body["latest"][0];
    assert_eq!((&latest["kind"], &latest["cause"]), (&json!("closed"), &json!("by_hand")));
}
