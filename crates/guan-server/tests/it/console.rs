//! The web console: a page for every address that is no operation, under a policy that lets nothing foreign in.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use axum::response::Response;

use crate::world::world;

async fn ask(method: Method, path: &str) -> Response {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    world().raw(request).await
}

async fn text(response: Response) -> String {
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn header_of(response: &Response, name: header::HeaderName) -> String {
    response.headers()[name].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_address_of_a_screen_is_the_page_with_a_nonce_of_its_own() {
    let mut seen = Vec::new();
    for path in ["/", "/users", "/users/wang.fang@lanhai.example?tab=history", "/no/such/screen"] {
        let response = ask(Method::GET, path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(header_of(&response, header::CONTENT_TYPE), "text/html; charset=utf-8");
        assert_eq!(header_of(&response, header::CACHE_CONTROL), "no-cache");
        assert_eq!(header_of(&response, header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(header_of(&response, header::REFERRER_POLICY), "no-referrer");
        let policy = header_of(&response, header::CONTENT_SECURITY_POLICY);
        assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"));
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        assert!(text(response).await.contains(&format!("nonce=\"{nonce}\"")), "{path}");
        assert!(!seen.contains(&nonce), "a nonce twice");
        seen.push(nonce);
    }
}

#[tokio::test]
async fn the_scripts_of_the_page_are_kept_for_ever() {
    let page = text(ask(Method::GET, "/").await).await;
    let script = page.split("src=\"").nth(1).unwrap().split('"').next().unwrap();
    let response = ask(Method::GET, script).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(header_of(&response, header::CONTENT_TYPE), "text/javascript; charset=utf-8");
    assert_eq!(header_of(&response, header::CONTENT_ENCODING), "gzip");
    assert_eq!(header_of(&response, header::CACHE_CONTROL), "public, max-age=31536000, immutable");
}

#[tokio::test]
async fn what_belongs_to_programs_or_is_gone_is_no_page() {
    for (method, path) in [
        (Method::GET, "/api"),
        (Method::GET, "/api/v2/users"),
        (Method::GET, "/assets/index-of-an-older-version.js"),
        (Method::POST, "/users"),
    ] {
        let response = ask(method, path).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(header_of(&response, header::CONTENT_TYPE), "application/problem+json");
    }
}
