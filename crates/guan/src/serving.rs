//! A server from its start to its stop: runtime, log, listener, jobs, signals.

mod configuration;
mod jobs;
mod notices;
mod stop;

use crate::arguments::Log;
use crate::printer::log_stream;
use crate::shell::Call;
use anyhow::Context as _;
use guan_server::server;
use guan_server::state::{Parts, Server};
use guan_server::stored::StoredIdentities;
use guan_store::{Access, Gate, Store};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

pub(crate) use configuration::{Configuration, NAMES, variable};
use stop::Signals;

/// Open files that are not connections: the database, the log, the program itself.
const OTHER_FILES: u64 = 256;
/// How long what runs on threads of its own may take to end after the last request.
const LAST_WORK: Duration = Duration::from_secs(5);

/// Serves an installation until it is asked to stop, or until the time is over.
///
/// `ready` is called once, when requests are answered from here on.
///
/// Cost: loads every organization before it listens.
///
/// Errors: the installation can only be read, an organization cannot be loaded, nobody may listen there.
pub(crate) fn run(
    call: &mut Call<'_>,
    store: Store,
    configuration: Configuration,
    ready: impl FnOnce(&mut Call<'_>, SocketAddr) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    start_log(configuration.log);
    if store.access() == Access::ReadOnly {
        let text = call.say(
            "the installation can only be read here, and a server has to record: check who owns the folder",
            "此处只能读取安装，而服务需要记录：请检查文件夹的所有者",
        );
        anyhow::bail!("{text}");
    }
    let gate = preload(call, store)?;
    let mut settings = configuration.settings.clone();
    settings.connections_max = with_files_for(settings.connections_max);
    let identities = StoredIdentities::new(Arc::clone(&gate), settings.session_idle);
    let clock = Arc::new(call.shell.clock.clone());
    let server = Server::new(Parts { gate, clock, identities: Arc::new(identities), settings });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(serve(call, server, configuration, ready));
    runtime.shutdown_timeout(LAST_WORK);
    served
}

/// Asks the system for an open file for each connection and for those of the database; how many connections there can be.
fn with_files_for(connections: usize) -> usize {
    let wanted = u64::try_from(connections).unwrap_or(u64::MAX).saturating_add(OTHER_FILES);
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < wanted) {
        let more = limit.maximum.map_or(wanted, |most| most.min(wanted));
        let raised = Rlimit { current: Some(more), maximum: limit.maximum };
        if setrlimit(Resource::Nofile, raised).is_ok() {
            limit = raised;
        }
    }
    let given = limit.current.unwrap_or(u64::MAX);
    if given >= wanted {
        return connections;
    }
    let fewer = usize::try_from(given.saturating_sub(OTHER_FILES)).unwrap_or(connections).max(1);
    tracing::warn!(
        name: "server.few_files",
        open_files = given, connections = fewer,
        "the system gives this process few open files, so there are fewer connections at once"
    );
    fewer
}

/// A gate that has every organization in memory, so that no request waits for one.
fn preload(call: &mut Call<'_>, store: Store) -> anyhow::Result<Arc<Gate>> {
    let words = call.say("loading the policies and their records", "正在载入策略与记录");
    let bar = call.shell.printer.working(words);
    let organizations = store.organizations()?;
    let gate = Gate::over(store, &call.shell.clock.read());
    for organization in &organizations {
        gate.view(organization)?;
    }
    bar.finish_and_clear();
    tracing::info!(name: "server.loaded", organizations = organizations.len(), "loaded");
    Ok(gate)
}

async fn serve(
    call: &mut Call<'_>,
    server: Server,
    configuration: Configuration,
    ready: impl FnOnce(&mut Call<'_>, SocketAddr) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let listen = server.settings().listen;
    let listener =
        TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let address = listener.local_addr()?;
    let mut signals = Signals::listen()?;
    let jobs = tokio::spawn(jobs::run(server.clone(), configuration.jobs));
    let notices = tokio::spawn(notices::run(server.clone(), configuration.notices));
    ready(call, address)?;
    tracing::info!(name: "server.listening", address = %address, "listening");
    let (asked, stop) = tokio::sync::oneshot::channel();
    let length = configuration.length;
    let second = async move {
        signals.next_within(length).await;
        tracing::info!(name: "server.stopping", "stopping: running requests come to their end");
        let _nobody_waits = asked.send(());
        signals.next().await;
    };
    let stop = async move {
        let _asked_or_gone = stop.await;
    };
    tokio::select! {
        served = server::serve(server, listener, stop) => served?,
        () = second => tracing::warn!(name: "server.cut_off", "asked to stop a second time"),
    }
    jobs.abort();
    notices.abort();
    tracing::info!(name: "server.stopped", "stopped");
    Ok(())
}

/// From here on the log of this process goes to the error stream; in a process that logs already it stays as it is.
fn start_log(form: Log) {
    let targets = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("guan", LevelFilter::INFO)
        .with_target("guan_server", LevelFilter::INFO)
        .with_target("guan_store", LevelFilter::INFO);
    let lines = tracing_subscriber::fmt::layer().with_writer(log_stream);
    let lines = match form {
        Log::Text => lines.with_ansi(false).boxed(),
        Log::Json => lines.json().flatten_event(true).boxed(),
        Log::Off => return,
    };
    let _is_first = tracing_subscriber::registry().with(lines.with_filter(targets)).try_init();
}
