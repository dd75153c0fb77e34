//! The options of what serves.

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;

/// A server.
#[derive(Clone, Debug, Default, Args)]
#[command(
    after_help = "Settings come from guan.toml in the installation folder, then from GUAN_… variables, then from here.\n\nExamples:\n  guan serve\n  guan serve --listen 127.0.0.1:0 --log json --for 1"
)]
pub(crate) struct ServeArguments {
    /// Where to listen; port 0 takes a free one (environment: `GUAN_LISTEN`) [default: 127.0.0.1:8321]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
    /// File of settings [default: guan.toml in the installation folder, when it is there]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Form of the log on the error stream (environment: `GUAN_LOG`) [default: text]
    #[arg(long, value_enum)]
    pub(crate) log: Option<Log>,
    /// Stops by itself after so many seconds, as if asked to
    #[arg(long = "for", value_name = "SECONDS")]
    pub(crate) seconds: Option<u64>,
}

/// The demo.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:\n  guan demo\n  guan demo --story --no-pause")]
pub(crate) struct DemoArguments {
    /// Where to listen; port 0 takes a free one (environment: `GUAN_LISTEN`) [default: 127.0.0.1:8321]
    #[arg(long, value_name = "ADDRESS:PORT", conflicts_with = "story")]
    pub(crate) listen: Option<SocketAddr>,
    /// Form of the log on the error stream [default: off]
    #[arg(long, value_enum, conflicts_with = "story")]
    pub(crate) log: Option<Log>,
    /// Stops by itself after so many seconds, as if asked to
    #[arg(long = "for", value_name = "SECONDS", conflicts_with = "story")]
    pub(crate) seconds: Option<u64>,
    /// Tells the whole story in the terminal instead: import, questions, off, on, proof
    #[arg(long)]
    pub(crate) story: bool,
    /// Does not wait for the enter key between the steps of the story
    #[arg(long, requires = "story")]
    pub(crate) no_pause: bool,
}

/// A form of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Log {
    /// A line for people.
    #[default]
    Text,
    /// An object for programs.
    Json,
    /// No log.
    Off,
}
