//! When a server stops: Ctrl-C, SIGTERM, or the end of its time.

use std::future::pending;
use std::io;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that ask a process to end.
#[derive(Debug)]
pub(crate) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// From here on they do not end the process by themselves.
    ///
    /// Errors: the system does not tell of signals.
    pub(crate) fn listen() -> io::Result<Self> {
        let (interrupt, terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(Self { interrupt, terminate })
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    /// Waits for the next one, at most so long; without an end for as long as it takes.
    pub(crate) async fn next_within(&mut self, length: Option<Duration>) {
        let end = async {
            match length {
                Some(length) => tokio::time::sleep(length).await,
                None => pending().await,
            }
        };
        tokio::select! {
            () = self.next() => {}
            () = end => {}
        }
    }
}
