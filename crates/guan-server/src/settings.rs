//! What an operator may set: address, limits, TLS in front.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use guan_engine::model::Span;

/// How the server behaves; the default is for one machine, reachable from it alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// What stands between browser and server.
    pub front: Front,
    /// Addresses of proxies whose `X-Forwarded-For` counts.
    pub proxies: Vec<IpAddr>,
    /// Whether questions of access that were answered leave a line in the log, as all other requests do.
    pub log_questions: bool,
    /// The most bytes of a body.
    pub body_bytes_max: usize,
    /// The most bytes of a body that brings a file.
    pub upload_bytes_max: usize,
    /// How long a request may take from its first byte to the last of the answer's head.
    pub request_time: Duration,
    /// How long the head of a request may take to arrive.
    pub head_time: Duration,
    /// How long a client may take nothing of an answer that waits for it.
    pub send_time: Duration,
    /// Connections that are held at once, half of them by one address at most; more wait until one ends. Each is an open
    /// file of the process.
    pub connections_max: usize,
    /// Requests that are worked on at once, half of them of one address at most; more are refused.
    pub requests_at_once: usize,
    /// Requests per second of one caller; not of a token with the scope `decide` whose user may ask about everybody.
    pub caller_rate: u32,
    /// Requests per second of one address.
    pub address_rate: u32,
    /// How long a session lives without use.
    pub session_idle: Span,
    /// How long a session lives at all.
    pub session_length: Span,
    /// How long running requests may take when the server stops.
    pub stop_time: Duration,
}

/// What stands between browser and server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Front {
    /// Nothing: cookies go over plain HTTP, for one machine or a trusted network.
    Plain,
    /// Something that ends TLS: cookies are for TLS alone.
    Tls,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8321),
            front: Front::Plain,
            proxies: Vec::new(),
            log_questions: false,
            body_bytes_max: 1 << 20,
            upload_bytes_max: 64 << 20,
            request_time: Duration::from_secs(30),
            head_time: Duration::from_secs(10),
            send_time: Duration::from_secs(30),
            connections_max: 4_096,
            requests_at_once: 512,
            caller_rate: 1_000,
            address_rate: 20_000,
            session_idle: Span::minutes(30),
            session_length: Span::minutes(12 * 60),
            stop_time: Duration::from_secs(20),
        }
    }
}
