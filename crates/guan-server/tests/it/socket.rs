//! Listening on a socket: slow clients are cut off, and a stop lets running requests come to their end.

use std::net::SocketAddr;
use std::time::Duration;

use guan_server::server::serve;
use guan_server::settings::Settings;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::world::{World, world_with};

struct Served {
    world: World,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<std::io::Result<()>>,
}

async fn served(settings: Settings) -> Served {
    let world = world_with(settings);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let stopped = async move {
        let _told = stopped.await;
    };
    let ended = tokio::spawn(serve(world.server.clone(), listener, stopped));
    Served { world, address, stop, ended }
}

fn quick() -> Settings {
    Settings {
        head_time: Duration::from_millis(200),
        request_time: Duration::from_millis(400),
        ..Settings::default()
    }
}

/// Sends a text and reads until the server closes.
async fn exchange(address: SocketAddr, text: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let _closed = stream.read_to_string(&mut answer).await;
    answer
}

const HEAD: &str = "POST /api/v1/sessions HTTP/1.1\r\nhost: guan\r\nconnection: close\r\ncontent-type: application/json\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_answered_over_a_socket() {
    let served = served(Settings::default()).await;
    let head = "GET /healthz HTTP/1.1\r\nhost: guan\r\nconnection: close\r\n\r\n";
    let answer = exchange(served.address, head).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    served.stop.send(()).unwrap();
    served.ended.await.unwrap().unwrap();
    drop(served.world);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_names_two_hosts_is_refused() {
    let served = served(Settings::default()).await;
    let head =
        "GET /healthz HTTP/1.1\r\nhost: guan\r\nhost: elsewhere\r\nconnection: close\r\n\r\n";
    let answer = exchange(served.address, head).await;
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("bad_header"), "{answer}");
    served.stop.send(()).unwrap();
    served.ended.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_does_not_arrive_is_cut_off() {
    let served = served(quick()).await;
    let answer = exchange(served.address, "GET /healthz HTTP/1.1\r\nhost: gu").await;
    assert!(!answer.contains("200"), "{answer}");
    served.stop.send(()).unwrap();
    served.ended.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_does_not_arrive_is_a_problem_and_the_server_goes_on() {
    let served = served(quick()).await;
    let slow = format!("{HEAD}content-length: 100\r\n\r\n{{\"user\":");
    let answer = exchange(served.address, &slow).await;
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("request_too_slow"), "{answer}");
    let head = "GET /readyz HTTP/1.1\r\nhost: guan\r\nconnection: close\r\n\r\n";
    assert!(exchange(served.address, head).await.starts_with("HTTP/1.1 200"));
    served.stop.send(()).unwrap();
    served.ended.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_takes_nothing_is_cut_off_and_its_place_is_free() {
    let one = Settings { connections_max: 1, send_time: Duration::from_millis(100), ..quick() };
    let served = served(one).await;
    let mut stalled = TcpStream::connect(served.address).await.unwrap();
    // More than the buffers of both ends hold together.
    let ask = "GET /openapi.json HTTP/1.1\r\nhost: guan\r\n\r\n".repeat(100);
    stalled.write_all(ask.as_bytes()).await.unwrap();
    let head = "GET /healthz HTTP/1.1\r\nhost: guan\r\nconnection: close\r\n\r\n";
    // Answered only in the place of the other.
    let answer = exchange(served.address, head).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let mut taken = Vec::new();
    let _cut = stalled.read_to_end(&mut taken).await;
    let answers = String::from_utf8_lossy(&taken).matches("HTTP/1.1 200").count();
    assert!((1..100).contains(&answers), "{answers} answers were taken");
    served.stop.send(()).unwrap();
    served.ended.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn more_connections_than_there_are_places_wait_for_one() {
    let one =
        Settings { connections_max: 1, head_time: Duration::from_mins(10), ..Settings::default() };
    let served = served(one).await;
    let mut first = TcpStream::connect(served.address).await.unwrap();
    let again = "GET /healthz HTTP/1.1\r\nhost: guan\r\n\r\n";
    let mut answered = async |times: usize| {
        let mut answers = String::new();
        for _ in 0..times {
            first.write_all(again.as_bytes()).await.unwrap();
            let mut part = [0; 4096];
            let read = first.read(&mut part).await.unwrap();
            answers.push_str(&String::from_utf8_lossy(&part[..read]));
        }
        assert!(answers.contains("HTTP/1.1 200"), "{answers}");
    };
    answered(1).await;
    let mut second = TcpStream::connect(served.address).await.unwrap();
    let last = again.replace("guan", "guan\r\nconnection: close");
    second.write_all(last.as_bytes()).await.unwrap();
    // Meanwhile the first is served on and on.
    answered(50).await;
    assert!(second.try_read(&mut [0; 64]).is_err(), "there is no place for the second");
    drop(first);
    let mut answer = String::new();
    second.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    served.stop.send(()).unwrap();
    served.ended.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_lets_a_running_request_come_to_its_end_and_takes_no_other() {
    let served = served(Settings::default()).await;
    let body = r#"{"user":"ada","password":"not the right one"}"#;
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    let (begun, rest) = body.split_at(10);
    let head = format!("{HEAD}content-length: {}\r\n\r\n{begun}", body.len());
    stream.write_all(head.as_bytes()).await.unwrap();
    // Answered after the head of the first request was taken: both came in order.
    let ping = "GET /healthz HTTP/1.1\r\nhost: guan\r\nconnection: close\r\n\r\n";
    assert!(exchange(served.address, ping).await.starts_with("HTTP/1.1 200"));
    served.stop.send(()).unwrap();
    while TcpStream::connect(served.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    stream.write_all(rest.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    served.ended.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_does_not_take_all_places_and_whoever_waits_for_news_takes_none() {
    let few = Settings { requests_at_once: 2, ..Settings::default() };
    let served = served(few).await;
    let get = |path: &str| {
        format!(
            "GET {path} HTTP/1.1\r\nhost: guan\r\nconnection: close\r\nauthorization: Bearer Reader\r\n\r\n"
        )
    };
    let news = exchange(served.address, &get("/api/v1/switch/events")).await;
    let stamp = news.split("\"stamp\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let wait = get(&format!("/api/v1/switch/events?after={stamp}"));
    let mut waiting = TcpStream::connect(served.address).await.unwrap();
    waiting.write_all(wait.as_bytes()).await.unwrap();
    // Asked in between, since nothing tells when the other has begun to wait.
    for _ in 0..20 {
        let answer = exchange(served.address, &get("/api/v1/me")).await;
        assert!(answer.starts_with("HTTP/1.1 200") || answer.contains("overloaded"), "{answer}");
    }
    let answer = exchange(served.address, &get("/api/v1/me")).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    // A body that is held back takes the half that one address has, once whoever waits has left it.
    let hold_back = async || {
        let mut slow = TcpStream::connect(served.address).await.unwrap();
        slow.write_all(format!("{HEAD}content-length: 100\r\n\r\n{{").as_bytes()).await.unwrap();
        slow
    };
    let mut slow = hold_back().await;
    while !exchange(served.address, &get("/api/v1/me")).await.contains("overloaded") {
        let was_refused = slow.try_read(&mut [0; 1]).is_ok();
        if was_refused {
            slow = hold_back().await;
        }
    }
    let answer = exchange(served.address, &get("/readyz")).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop((waiting, slow));
    served.stop.send(()).unwrap();
    served.ended.await.unwrap().unwrap();
}
