//! The load generator: connections that stay open, requests made beforehand, answers taken apart no further than needed.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer.
#[derive(Debug)]
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub body: Vec<u8>,
}

/// One connection.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(1 << 16) })
    }

    /// Sends a request and reads its answer to the end.
    pub async fn call(&mut self, request: &[u8]) -> io::Result<Reply> {
        self.stream.write_all(request).await?;
        self.read.clear();
        let head = loop {
            if let Some(at) = find(&self.read, b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await?;
        };
        let text = String::from_utf8_lossy(&self.read[..head]).to_ascii_lowercase();
        let status = text.get(9..12).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| io::Error::other("no status"))?;
        let header = |name: &str| {
            let lines = text.lines().skip(1).filter_map(|line| line.split_once(':'));
            lines.filter(|(key, _)| *key == name).map(|(_, value)| value.trim()).next()
        };
        let body = if header("transfer-encoding") == Some("chunked") {
            self.chunks(head).await?
        } else {
            let length = header("content-length").and_then(|length| length.parse().ok());
            let end = head + length.unwrap_or(0);
            while self.read.len() < end {
                self.more().await?;
            }
            self.read[head..end].to_vec()
        };
        Ok(Reply { status, body })
    }

    async fn chunks(&mut self, mut at: usize) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = loop {
                if let Some(length) = find(&self.read[at..], b"\r\n") {
                    break length;
                }
                self.more().await?;
            };
            let size = String::from_utf8_lossy(&self.read[at..at + line]);
            let size = usize::from_str_radix(size.trim(), 16).map_err(io::Error::other)?;
            let begin = at + line + 2;
            while self.read.len() < begin + size + 2 {
                self.more().await?;
            }
            if size == 0 {
                return Ok(body);
            }
            body.extend_from_slice(&self.read[begin..begin + size]);
            at = begin + size + 2;
        }
    }

    async fn more(&mut self) -> io::Result<()> {
        if self.stream.read_buf(&mut self.read).await? == 0 {
            return Err(io::Error::other("the server closed the connection"));
        }
        Ok(())
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// A request as it goes over the wire.
pub fn request(method: &str, path: &str, token: Option<&str>, body: Option<&str>) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n");
    if let Some(token) = token {
        text.push_str(&format!("authorization: Bearer {token}\r\n"));
    }
    if method == "PATCH" {
        text.push_str("if-match: *\r\n");
    }
    if let Some(body) = body {
        let length = body.len();
        text.push_str(&format!("content-type: application/json\r\ncontent-length: {length}\r\n"));
    }
    text.push_str("\r\n");
    text.push_str(body.unwrap_or_default());
    text.into_bytes()
}

/// A value for a query string.
pub fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// What a load came to.
#[derive(Debug, Default)]
pub struct Load {
    /// How long each request took, in nanoseconds.
    pub taken: Vec<f64>,
    /// How long all of it took, in seconds.
    pub seconds: f64,
    /// Answers that are no success.
    pub refused: usize,
}

impl Load {
    /// Requests per second.
    pub fn rate(&self) -> f64 {
        self.taken.len() as f64 / self.seconds.max(1e-9)
    }
}

/// How requests come.
#[derive(Clone, Copy, Debug)]
pub enum Pressure {
    /// Each connection sends the next one as soon as it has its answer.
    Peak,
    /// So many per second come whatever the server does; a request that has to wait for a connection
    /// counts from when it was due.
    Rate(f64),
}

/// Sends the requests in turn over so many connections for so long.
pub fn load(
    address: SocketAddr,
    requests: &[Vec<u8>],
    (connections, pressure, length): (usize, Pressure, Duration),
) -> Result<Load, String> {
    alone(async {
        let begun = Instant::now();
        let tasks: Vec<_> = (0..connections)
            .map(|number| {
                let own: Vec<Vec<u8>> =
                    requests.iter().skip(number).step_by(connections).cloned().collect();
                tokio::spawn(one(address, own, (number, connections), pressure, (begun, length)))
            })
            .collect();
        let mut all = Load::default();
        for task in tasks {
            let one = task.await.map_err(io::Error::other)??;
            all.taken.extend(one.taken);
            all.refused += one.refused;
        }
        all.seconds = begun.elapsed().as_secs_f64();
        Ok(all)
    })
}

async fn one(
    address: SocketAddr,
    requests: Vec<Vec<u8>>,
    (number, connections): (usize, usize),
    pressure: Pressure,
    (begun, length): (Instant, Duration),
) -> io::Result<Load> {
    let mut connection = Connection::open(address).await?;
    let mut load = Load::default();
    for (turn, request) in requests.iter().cycle().enumerate() {
        let mut from = Instant::now();
        if let Pressure::Rate(rate) = pressure {
            let place = (turn * connections + number) as f64;
            let due = begun + Duration::from_secs_f64(place / rate);
            if due > from {
                tokio::time::sleep_until(due.into()).await;
                from = Instant::now();
            } else {
                from = due;
            }
        }
        if from.duration_since(begun) >= length {
            break;
        }
        let reply = connection.call(request).await?;
        load.taken.push(from.elapsed().as_nanos() as f64);
        load.refused += usize::from(reply.status >= 300);
    }
    Ok(load)
}

/// Runs on this thread alone.
pub fn alone<T>(work: impl Future<Output = io::Result<T>>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.and_then(|runtime| runtime.block_on(work)).map_err(|error| error.to_string())
}
