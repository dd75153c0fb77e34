//! Signing in with a password: cookies, forgery, failures, ends.

use axum::body::Body;
use axum::http::{Request, header};
use guan_engine::model::Span;
use serde_json::{Value, json};

use crate::world::{Answer, PASSWORD, World, org, world_of_passwords};

async fn sign_in(world: &World, organization: Option<&str>, user: &str, password: &str) -> Answer {
    let mut body = json!({ "user": user, "password": password });
    if let Some(organization) = organization {
        body["organization"] = organization.into();
    }
    let request = Request::post("/api/v1/sessions")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()));
    world.send(request.unwrap()).await
}

fn cookie(answer: &Answer) -> String {
    let text = answer.headers[header::SET_COOKIE].to_str().unwrap();
    text.split(';').next().unwrap().to_owned()
}

fn with_cookie(method: &str, path: &str, cookie: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header(header::COOKIE, cookie)
}

async fn me(world: &World, cookie: &str) -> Answer {
    world.send(with_cookie("GET", "/api/v1/me", cookie).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_password_opens_a_session_and_leaves_one_row() {
    let world = world_of_passwords();
    let size = || {
        let tip = world.gate(|gate| gate.read(|reader| reader.ledger_tip("acme"))).unwrap();
        tip.unwrap().size
    };
    let before = size();
    let answer = sign_in(&world, Some("acme"), "ada", PASSWORD).await;
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    assert_eq!(size(), before + 1);
    let text = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(text.contains("HttpOnly; SameSite=Strict"), "{text}");
    let known = me(&world, &cookie(&answer)).await;
    assert_eq!((&known.body["organization"], &known.body["user"]), (&json!(org()), &json!("ada")));
    assert_eq!(known.body["name"], "ada");
    assert_eq!(known.body["csrf"], answer.body["csrf"]);
    assert_eq!(size(), before + 1, "looking leaves no row");
}

#[tokio::test]
async fn a_list_of_users_tells_when_each_signed_in_last_also_after_the_session_is_over() {
    let world = world_of_passwords();
    let first = sign_in(&world, Some("acme"), "anna", PASSWORD).await;
    let leave = with_cookie("DELETE", "/api/v1/sessions/current", &cookie(&first))
        .header("x-csrf-token", first.body["csrf"].as_str().unwrap())
        .header("sec-fetch-site", "same-origin");
    let left = world.send(leave.body(Body::empty()).unwrap()).await;
    assert_eq!(left.status, 204, "{}", left.body);
    world.hand.later(Span::minutes(5));
    let ada = cookie(&sign_in(&world, Some("acme"), "ada", PASSWORD).await);
    let list = with_cookie("GET", "/api/v1/users", &ada).body(Body::empty()).unwrap();
    let list = world.send(list).await;
    let told: Vec<(&str, &Value)> = list.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["id"].as_str().unwrap(), &item["standing"]["signed_in"]))
        .collect();
    assert_eq!(
        told,
        [
            ("ada", &json!("2026-01-31T08:05:00Z")),
            ("anna", &json!("2026-01-31T08:00:00Z")),
            ("bo", &Value::Null),
            ("ina", &Value::Null),
        ]
    );
}

#[tokio::test]
async fn what_is_wrong_is_not_told() {
    let world = world_of_passwords();
    for (organization, user, password) in [
        (Some("acme"), "ada", "wrong"),
        (Some("acme"), "bo", PASSWORD),
        (Some("acme"), "nobody", PASSWORD),
        (Some("nowhere"), "ada", PASSWORD),
        (None, "ada", PASSWORD),
    ] {
        let answer = sign_in(&world, organization, user, password).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (401, "sign_in_refused"));
        assert_eq!(answer.body["detail"], Value::Null);
    }
}

#[tokio::test]
async fn a_refused_sign_in_is_of_the_user_whose_name_it_was_and_of_nobody_where_there_is_none() {
    let world = world_of_passwords();
    for (user, named) in
        [("ada", Some("ada")), ("bo", Some("bo")), ("my password by mistake", None)]
    {
        sign_in(&world, Some("acme"), user, "wrong").await;
        let row = world.gate(|gate| {
            gate.read(|reader| {
                let size = reader.ledger_tip("acme")?.unwrap().size;
                reader.ledger_rows("acme", size - 1..size)
            })
        });
        let entry = guan_ledger::Entry::from_bytes(&row.unwrap()[0].bytes).unwrap();
        assert_eq!(entry.what.record.as_deref(), named, "{user}");
    }
}

#[tokio::test]
async fn failures_make_a_pause_that_grows_and_ends() {
    let world = world_of_passwords();
    for _ in 0..4 {
        let answer = sign_in(&world, Some("acme"), "ada", "wrong").await;
        assert_eq!(answer.code(), "sign_in_refused");
    }
    let paused = sign_in(&world, Some("acme"), "ada", PASSWORD).await;
    assert_eq!((paused.status.as_u16(), paused.code()), (429, "sign_in_paused"));
    assert!(paused.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(sign_in(&world, Some("other"), "ada", PASSWORD).await.status, 201);
    world.hand.later(Span::seconds(2));
    assert_eq!(sign_in(&world, Some("acme"), "ada", PASSWORD).await.status, 201);
}

#[tokio::test]
async fn who_has_an_account_does_not_show_in_who_has_to_wait() {
    let world = world_of_passwords();
    let answers = async |organization: Option<&str>, user: &str| {
        let mut codes = Vec::new();
        for _ in 0..6 {
            let answer = sign_in(&world, organization, user, "wrong").await;
            let wait = answer.headers.get(header::RETRY_AFTER).cloned();
            codes.push((answer.code().to_owned(), wait));
        }
        world.hand.later(Span::seconds(2));
        codes.push((sign_in(&world, organization, user, "wrong").await.code().to_owned(), None));
        let paused = sign_in(&world, organization, user, "wrong").await;
        codes.push((paused.code().to_owned(), paused.headers.get(header::RETRY_AFTER).cloned()));
        codes
    };
    let known = answers(Some("acme"), "ada").await;
    assert_eq!(known[5].0, "sign_in_paused");
    for (organization, user) in
        [(Some("acme"), "bo"), (Some("acme"), "nobody"), (Some("nowhere"), "ada")]
    {
        assert_eq!(answers(organization, user).await, known, "{organization:?} {user}");
    }
}

#[tokio::test]
async fn the_current_password_is_not_guessed_in_a_session_either() {
    let world = world_of_passwords();
    let opened = sign_in(&world, Some("acme"), "ada", PASSWORD).await;
    let (cookie, csrf) = (cookie(&opened), opened.body["csrf"].as_str().unwrap().to_owned());
    let change = async |current: &str, new: &str| {
        let request = with_cookie("PUT", "/api/v1/me/password", &cookie)
            .header("x-csrf-token", &csrf)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(json!({ "current": current, "new": new }).to_string()));
        world.send(request.unwrap()).await
    };
    assert_eq!(change(PASSWORD, "passwordpassword").await.code(), "invalid");
    for _ in 0..4 {
        assert_eq!(change("wrong", "another long one").await.code(), "invalid");
    }
    let paused = change(PASSWORD, "another long one").await;
    assert_eq!((paused.status.as_u16(), paused.code()), (429, "sign_in_paused"));
    world.hand.later(Span::seconds(2));
    assert_eq!(change(PASSWORD, "another long one").await.status, 204);
}

#[tokio::test]
async fn the_password_that_an_emergency_needs_is_not_guessed_in_a_session_either() {
    let world = world_of_passwords();
    let opened = sign_in(&world, Some("acme"), "ada", PASSWORD).await;
    let (cookie, csrf) = (cookie(&opened), opened.body["csrf"].as_str().unwrap().to_owned());
    let open = async |password: &str| {
        let request = with_cookie("POST", "/api/v1/switch/requests/w-1/opening", &cookie)
            .header("x-csrf-token", &csrf)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(json!({ "version": 1, "password": password }).to_string()));
        world.send(request.unwrap()).await.code().to_owned()
    };
    let rows = world.rows();
    for _ in 0..4 {
        assert_eq!(open("wrong").await, "sign_in_refused");
    }
    assert_eq!(world.rows() - rows, 4);
    assert_eq!(open(PASSWORD).await, "sign_in_paused");
    world.hand.later(Span::seconds(2));
    assert_eq!(open(PASSWORD).await, "not_found");
}

#[tokio::test]
async fn a_change_needs_the_token_of_the_session_and_its_own_origin() {
    let world = world_of_passwords();
    let opened = sign_in(&world, Some("acme"), "ada", PASSWORD).await;
    let (cookie, csrf) = (cookie(&opened), opened.body["csrf"].as_str().unwrap().to_owned());
    let sign_out = |headers: &[(&str, &str)]| {
        let mut request = with_cookie("DELETE", "/api/v1/sessions/current", &cookie);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.header("host", "guan.example").body(Body::empty()).unwrap()
    };
    for headers in [
        &[][..],
        &[("x-csrf-token", "other")],
        &[("x-csrf-token", csrf.as_str()), ("origin", "https://evil.example")],
        &[("x-csrf-token", csrf.as_str()), ("sec-fetch-site", "cross-site")],
    ] {
        assert_eq!(world.send(sign_out(headers)).await.code(), "forgery_suspected", "{headers:?}");
    }
    let headers = [("x-csrf-token", csrf.as_str()), ("origin", "https://guan.example")];
    assert_eq!(world.send(sign_out(&headers)).await.status, 204);
    assert_eq!(me(&world, &cookie).await.code(), "session_ended");
}

#[tokio::test]
async fn a_one_time_password_opens_nothing_but_its_change() {
    let world = world_of_passwords();
    let opened = sign_in(&world, Some("acme"), "anna", PASSWORD).await;
    assert_eq!(opened.body["must_change_password"], true);
    let (cookie, csrf) = (cookie(&opened), opened.body["csrf"].as_str().unwrap().to_owned());
    let change = |current: &str, new: &str| {
        with_cookie("PUT", "/api/v1/me/password", &cookie)
            .header("x-csrf-token", &csrf)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(json!({ "current": current, "new": new }).to_string()))
            .unwrap()
    };
    assert_eq!(world.send(change("wrong", "another long one")).await.code(), "invalid");
    assert_eq!(world.send(change(PASSWORD, "short")).await.code(), "invalid");
    assert_eq!(world.send(change(PASSWORD, "another long one")).await.status, 204);
    assert_eq!(me(&world, &cookie).await.body["must_change_password"], false);
    let again = sign_in(&world, Some("acme"), "anna", "another long one").await;
    assert_eq!(again.body["must_change_password"], false);
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_lives_while_it_is() {
    let world = world_of_passwords();
    let opened = sign_in(&world, Some("acme"), "ada", PASSWORD).await;
    let cookie = cookie(&opened);
    for _ in 0..4 {
        world.hand.later(Span::minutes(20));
        assert_eq!(me(&world, &cookie).await.status, 200);
    }
    world.hand.later(Span::minutes(31));
    assert_eq!(me(&world, &cookie).await.code(), "session_ended");
}

#[tokio::test]
async fn a_session_of_one_organization_is_none_of_another() {
    let world = world_of_passwords();
    let opened = sign_in(&world, Some("acme"), "ada", PASSWORD).await;
    let cookie = cookie(&opened);
    let hex = guan_server::page::seal;
    let moved = cookie.replace(&hex("acme"), &hex("other"));
    assert_ne!(moved, cookie);
    assert_eq!(me(&world, &moved).await.code(), "session_ended");
}
