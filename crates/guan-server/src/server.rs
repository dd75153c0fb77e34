//! Listening: slow clients are cut off, and a stop lets running requests come to their end.

use std::future::Future;
use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use crate::places::Places;
use crate::state::Server;
use crate::steady::Steady;
use crate::{app, jobs};

/// How often other nodes are followed.
const TAIL: Duration = Duration::from_millis(20);
/// How often decisions are evaluated on drafts.
const SHADOWS: Duration = Duration::from_secs(1);
/// How long to wait when the system gives no more connections.
const BREATH: Duration = Duration::from_millis(50);

/// Serves until `stop` comes, then lets running requests end, at most as long as the settings say.
///
/// Errors: no thread for following other nodes.
pub async fn serve(
    server: Server,
    listener: TcpListener,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let follower = server.clone();
    let tail = server.gate().tail(TAIL, move || follower.now())?;
    let shadower = server.clone();
    let shadows = server.gate().watch_shadows(SHADOWS, move || shadower.now())?;
    if let Err(problem) = jobs::resume(&server).await {
        let why = problem.code().name();
        tracing::warn!(name: "server.jobs_wait", why, "jobs could not be taken up");
    }
    let router = app::router(server.clone());
    let settings = server.settings().clone();
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(settings.head_time);
    let running = GracefulShutdown::new();
    let places = Places::new(settings.connections_max);
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            let place = places.wait().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(name: "server.no_connection", error = %error, "no connection was given");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        let nearest = peer.ip().to_canonical();
        let address = (!settings.proxies.contains(&nearest)).then_some(nearest);
        let Some(place) = place.ok().and_then(|place| places.give(place, address)) else {
            tracing::debug!(name: "server.share_taken", "an address has its share of connections");
            continue;
        };
        let router = router.clone();
        let service = tower::service_fn(move |request: Request<hyper::body::Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().oneshot(request)
        });
        let stream = TokioIo::new(Steady::new(stream, settings.send_time));
        let connection = builder.serve_connection(stream, TowerToHyperService::new(service));
        let connection = running.watch(connection);
        tokio::spawn(async move {
            // A client that went away is no matter for the log.
            let _ended = connection.await;
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(settings.stop_time, running.shutdown()).await.is_err() {
        tracing::warn!(name: "server.cut_off", "requests were cut off by the stop");
    }
    drop(shadows);
    drop(tail);
    Ok(())
}
