//! Requests that are wrong: each is told in one shape what is wrong.

use std::num::NonZeroU32;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, header};
use guan_server::settings::Settings;

use crate::world::{Kind, request, world, world_with};

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems_too() {
    let world = world();
    let answer = world.get(Kind::Nobody, "/api/v1/nowhere").await;
    assert_eq!((answer.status.as_u16(), answer.code()), (404, "unknown_route"));
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
    let answer = world.call(Kind::Nobody, (Method::DELETE, "/api/v1/me"), None).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (405, "method_not_allowed"));
    assert_eq!(answer.headers[header::ALLOW], "GET,HEAD");
}

#[tokio::test]
async fn the_id_of_a_request_comes_back_also_in_a_problem() {
    let world = world();
    let request = |id: &str| {
        Request::get("/api/v1/nowhere").header("x-request-id", id).body(Body::empty()).unwrap()
    };
    let answer = world.send(request("from-the-proxy-17")).await;
    assert_eq!(answer.headers["x-request-id"], "from-the-proxy-17");
    assert_eq!(answer.body["request"], "from-the-proxy-17");
    let answer = world.send(request("<script>")).await;
    let made = answer.headers["x-request-id"].to_str().unwrap();
    assert_eq!(made.len(), 36);
    assert_eq!(answer.body["request"], made);
}

#[tokio::test]
async fn one_address_cannot_ask_without_end() {
    let rate = NonZeroU32::MIN.get();
    let world = world_with(Settings { address_rate: rate, ..Settings::default() });
    let request = |address: &str| {
        let mut request = Request::get("/healthz").body(Body::empty()).unwrap();
        let socket: std::net::SocketAddr = address.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(socket));
        request
    };
    assert_eq!(world.send(request("192.0.2.1:1")).await.status, 200);
    let second = world.send(request("192.0.2.1:2")).await;
    assert_eq!(second.code(), "too_many_requests");
    assert!(second.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(world.send(request("192.0.2.2:1")).await.status, 200);
    assert_eq!(world.send(request("[2001:db8::1]:1")).await.status, 200);
    assert_eq!(world.send(request("[2001:db8::2]:1")).await.code(), "too_many_requests");
}

#[tokio::test]
async fn a_body_says_what_it_is_and_is_in_utf_8() {
    let world = world();
    let send = async |path: &str, kind: Option<&str>, body: &'static str| {
        let mut request = request(Kind::Administrator, (Method::POST, path), None);
        *request.body_mut() = Body::from(body);
        if let Some(kind) = kind {
            request.headers_mut().insert(header::CONTENT_TYPE, kind.parse().unwrap());
        }
        world.send(request).await.code().to_owned()
    };
    let (import, count) = ("/api/v1/record-imports/Account", "/api/v1/count");
    for kind in [None, Some("application/json"), Some("text/plain"), Some("text/csv; charset=gbk")]
    {
        assert_eq!(send(import, kind, "Name\nx\n").await, "unsupported_media_type", "{kind:?}");
    }
    for kind in [None, Some("text/csv"), Some("application/json; charset=gbk")] {
        let answered = send(count, kind, "{\"object\":\"Account\"}").await;
        assert_eq!(answered, "unsupported_media_type", "{kind:?}");
    }
    for kind in [
        "application/json",
        "application/json; charset=UTF-8",
        "application/json;charset=\"utf-8\"",
    ] {
        let answered = send(count, Some(kind), "{\"object\":\"Account\"}").await;
        assert_ne!(answered, "unsupported_media_type", "{kind}");
    }
    assert_ne!(
        send(import, Some("text/csv; charset=utf-8"), "Name\nx\n").await,
        "unsupported_media_type"
    );
}

#[tokio::test]
async fn a_body_that_is_too_large_too_deep_or_of_another_shape_is_told_as_that() {
    let world = world_with(Settings { body_bytes_max: 4_096, ..Settings::default() });
    let nested = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        format!("{{\"id\":\"x\",\"content\":{{\"name\":{open}{close}}}}}")
    };
    let long = "a".repeat(5_000);
    for (body, status, code) in [
        (format!("{{\"id\":\"{long}\",\"content\":{{}}}}"), 413, "too_large"),
        (nested(60), 400, "too_deep"),
        ("{\"id\":".to_owned(), 400, "malformed_json"),
        ("{\"id\":\"x\\u0000\",\"content\":{}}".to_owned(), 400, "nul_character"),
        ("{\"id\":7,\"content\":{}}".to_owned(), 422, "wrong_shape"),
        ("[]".to_owned(), 422, "wrong_shape"),
        ("{\"id\":\"x\",\"content\":{},\"nothing\":1}".to_owned(), 422, "wrong_shape"),
        ("{\"id\":\"x\",\"content\":{\"nothing\":1}}".to_owned(), 422, "wrong_shape"),
    ] {
        // Announced, and in parts of which nobody knows how many come.
        let parts: Vec<_> = body.as_bytes().chunks(1_000).map(<[u8]>::to_vec).collect();
        let parts = parts.into_iter().map(Ok::<_, std::io::Error>);
        let announced = (Some(body.len()), Body::from(body.clone()));
        let arriving = (None, Body::from_stream(tokio_stream::iter(parts)));
        for (length, sent) in [announced, arriving] {
            let mut asked = request(Kind::Administrator, (Method::POST, "/api/v1/groups"), None);
            *asked.body_mut() = sent;
            asked.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
            if let Some(length) = length {
                asked.headers_mut().insert(header::CONTENT_LENGTH, length.into());
            }
            let answer = world.send(asked).await;
            let told = (answer.status.as_u16(), answer.code());
            assert_eq!(told, (status, code), "{:.60}: {}", body, answer.body);
        }
    }
}

#[tokio::test]
async fn letters_that_deceive_stay_values_and_name_nothing() {
    let world = world();
    crate::rows::prepare(&world).await;
    let hostile = "\u{202e}gpj.exe \u{200b}A\u{301}\u{feff} \u{1f468}\u{200d}\u{1f469} '; DROP TABLE record; --";
    let wanted = serde_json::json!({ "fields": { "Name": hostile } });
    let made = world
        .call(Kind::Administrator, (Method::POST, "/api/v1/records/Account"), Some(&wanted))
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    let path = format!("/api/v1/records/Account/{}", made.body["id"].as_str().unwrap());
    let shown = world.get(Kind::Administrator, &path).await;
    assert_eq!(shown.body["fields"]["Name"]["clear"], hostile);
    for id in ["a\u{202e}b", "a\u{200b}b", "a\u{0}b", "..", "a\nb"] {
        let group = serde_json::json!({ "id": id, "content": {} });
        let answer =
            world.call(Kind::Administrator, (Method::POST, "/api/v1/groups"), Some(&group)).await;
        assert!(answer.status.is_client_error(), "{id:?}: {}", answer.body);
    }
    let path = "/api/v1/records/Account/%2e%2e%2f%2e%2e%2fetc%2fpasswd";
    assert_eq!(world.get(Kind::Administrator, path).await.code(), "not_found");
}

#[tokio::test]
async fn an_address_that_is_too_long_is_a_problem() {
    let world = world();
    let path = format!("/api/v1/users?cursor={}", "a".repeat(60_000));
    let answer = world.get(Kind::Administrator, &path).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (414, "address_too_long"));
}

#[tokio::test]
async fn a_member_that_comes_twice_is_refused() {
    let world = world();
    for body in [
        r#"{"object":"Account","object":"Contact"}"#,
        r#"{"object":"Account","session":{"subject":"bo","subject":"anna"}}"#,
        r#"{"object":"Account","\u006fbject":"Account"}"#,
    ] {
        let mut request = request(Kind::Administrator, (Method::POST, "/api/v1/count"), None);
        *request.body_mut() = Body::from(body);
        request.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
        let answer = world.send(request).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (400, "malformed_json"), "{body}");
        assert!(answer.body["detail"].as_str().unwrap().contains("comes twice"), "{}", answer.body);
    }
    // Also where the content is any JSON.
    let body = r#"{"id":"x","content":{"name":"a","name":"b"}}"#;
    let mut asked = request(Kind::Administrator, (Method::POST, "/api/v1/groups"), None);
    *asked.body_mut() = Body::from(body);
    asked.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    assert_eq!(world.send(asked).await.code(), "malformed_json");
}
