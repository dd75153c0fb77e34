//! Servers on threads of their own in this process, with the time that those threads ran on a processor.

use crate::clock::MachineClock;
use axum::Router;
use guan_server::server;
use guan_server::settings::Settings;
use guan_server::state::{Clock, Parts, Server};
use guan_server::stored::StoredIdentities;
use guan_store::{ClockReading, Gate};
use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// What the threads of a server are called.
const THREADS: &str = "served";

impl Clock for MachineClock {
    fn read(&self) -> ClockReading {
        Self::read(self)
    }
}

/// A server that runs until this is dropped.
pub struct Served {
    /// Where it listens.
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // Whatever it ended with, its figures are taken.
            let _ended = thread.join();
        }
    }
}

impl Served {
    /// Guan over a gate, as `guan serve` runs it, with limits on the rate out of the way.
    pub fn guan(gate: &Arc<Gate>) -> Result<Self, String> {
        let settings = Settings {
            caller_rate: u32::MAX,
            address_rate: u32::MAX,
            requests_at_once: 4_096,
            stop_time: Duration::from_secs(2),
            ..Settings::default()
        };
        let identities = StoredIdentities::new(Arc::clone(gate), settings.session_idle);
        let server = Server::new(Parts {
            gate: Arc::clone(gate),
            clock: Arc::new(MachineClock::new()),
            identities: Arc::new(identities),
            settings,
        });
        Self::start(move |listener, stop| async move {
            server::serve(server, listener, async { drop(stop.await) }).await
        })
    }

    /// A router of nothing but axum.
    pub fn bare(router: Router) -> Result<Self, String> {
        Self::start(move |listener, stop| async move {
            axum::serve(listener, router).with_graceful_shutdown(async { drop(stop.await) }).await
        })
    }

    fn start<F>(
        serve: impl FnOnce(TcpListener, oneshot::Receiver<()>) -> F + Send + 'static,
    ) -> Result<Self, String>
    where
        F: Future<Output = std::io::Result<()>>,
    {
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let thread = std::thread::Builder::new().name(THREADS.to_owned()).spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .thread_name(THREADS)
                .thread_keep_alive(Duration::from_secs(3_600))
                .enable_all()
                .build();
            let Ok(runtime) = runtime else { return };
            let ended = runtime.block_on(async {
                let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
                // Nobody who waits for it is no reason to go on.
                let _told = tell.send(listener.local_addr()?);
                serve(listener, stopped).await
            });
            if let Err(error) = ended {
                eprintln!("a server ended: {error}");
            }
            runtime.shutdown_timeout(Duration::from_secs(1));
        });
        let thread = thread.map_err(|error| error.to_string())?;
        let address = told.recv().map_err(|_| "a server does not start".to_owned())?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }
}

/// The time that the threads of servers in this process ran on processors so far, in nanoseconds.
pub fn busy() -> f64 {
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    threads
        .filter(|thread| {
            let name = fs::read_to_string(thread.path().join("comm")).unwrap_or_default();
            name.trim() == THREADS
        })
        .filter_map(|thread| fs::read_to_string(thread.path().join("schedstat")).ok())
        .filter_map(|text| text.split(' ').next()?.parse::<f64>().ok())
        .sum()
}
