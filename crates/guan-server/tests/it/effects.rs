//! What surrounds an open window over HTTP: streams that stop with it, and what is made under it and ends with it.

use axum::http::Method;
use guan_engine::model::{
    Action, Audience, Grant, Moment, ObjectPermission, OverlayEffect, OverlayId, PermissionSet,
    Principal, Record, Span, User, Value as Content,
};
use guan_store::{Caller, Change, Entity, EntityKind, OverlayRequest};
use serde_json::json;
use tokio_stream::StreamExt;
use tower::ServiceExt;

use crate::world::{Kind, World, org, request, world};

fn who() -> Caller {
    Caller::local("installer")
}

fn edit(world: &World, put: Vec<Entity>) {
    let expected = world.gate.view(&org()).unwrap().revision();
    let (organization, remove, reason) = (org(), Vec::new(), "start".to_owned());
    let change = Change::EditPolicy { organization, expected, put, remove, reason };
    world.gate.write(&who(), &world.server.now(), change).unwrap();
}

/// Bo holds a set for half an hour.
fn elevate(world: &World, id: &str, set: &PermissionSet) -> OverlayId {
    edit(world, vec![Entity::new(EntityKind::Set, id, set).unwrap()]);
    let effect = OverlayEffect::Elevation { set: format!("set:{id}").parse().unwrap() };
    let users = [Principal::User("bo".into())].into();
    let audience = Audience { users, networks: vec![] };
    let request = OverlayRequest::new("acme", effect, audience, "month end");
    world.gate.open_overlay(&who(), &world.server.now(), &request).unwrap().id
}

fn close(world: &World, overlay: &OverlayId) {
    world.hand.later(Span::seconds(1));
    let place = (&org(), overlay);
    world.gate.close_overlay(&who(), &world.server.now(), place, "").unwrap();
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
    world.gate.write(&who(), &world.server.now(), change).unwrap();
    let mut permission = ObjectPermission::default();
    permission.actions = [Action::Read, Action::Export].map(|action| (action, Grant::ALL)).into();
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
    let tokens = || world.gate.read(|reader| reader.tokens(&org())).unwrap().len();
    assert_eq!(tokens(), 2);
    close(&world, &overlay);
    assert_eq!(tokens(), 1, "that of the administrator stays");
}
