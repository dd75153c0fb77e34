//! What a server does by itself, from time to time: ends of windows and their reports, returns to pools, the bin.

use guan_engine::model::OrganizationId;
use guan_server::state::Server;
use guan_store::{Caller, ReadError, RecordFault};
use std::time::Duration;
use tokio::time::MissedTickBehavior;

/// How often a job goes on in one turn while there is more to do, so that the others have their turn too.
const ROUNDS: usize = 20;

/// Runs all jobs every `interval`, the first time at once, until it is aborted.
pub(crate) async fn run(server: Server, interval: Duration) {
    let mut ticks = tokio::time::interval(interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let server = server.clone();
        if tokio::task::spawn_blocking(move || turn(&server)).await.is_err() {
            tracing::error!(name: "job.stopped", "a job was stopped by a bug");
        }
    }
}

/// One turn of every job. What fails now is tried again in the next turn.
fn turn(server: &Server) {
    let (gate, system) = (server.gate(), Caller::system());
    if let Err(error) = gate.sweep(&system, &server.now()) {
        tracing::warn!(name: "job.failed", job = "sweep", error = %error, "a job failed");
    }
    if let Err(error) = gate.remind(&server.now()) {
        tracing::warn!(name: "job.failed", job = "remind", error = %error, "a job failed");
    }
    let organizations = match gate.read(|reader| reader.organizations()) {
        Ok(organizations) => organizations,
        Err(error) => {
            let error: ReadError = error;
            tracing::warn!(name: "job.failed", job = "organizations", error = %error, "a job failed");
            return;
        }
    };
    for organization in &organizations {
        if let Err(error) = gate.settle_windows(&system, &server.now(), organization) {
            let organization = organization.as_str();
            tracing::warn!(name: "job.failed", job = "settle_windows", organization, error = %error, "a job failed");
        }
        repeat("return_by_rule", organization, || {
            gate.return_by_rule(&system, &server.now(), organization)
        });
        repeat("purge_due", organization, || gate.purge_due(&system, &server.now(), organization));
    }
}

fn repeat(
    job: &'static str,
    organization: &OrganizationId,
    step: impl Fn() -> Result<u64, RecordFault>,
) {
    let mut done = 0;
    for _ in 0..ROUNDS {
        match step() {
            Ok(0) => break,
            Ok(count) => done += count,
            Err(error) => {
                let organization = organization.as_str();
                tracing::warn!(name: "job.failed", job, organization, error = %error, "a job failed");
                break;
            }
        }
    }
    if done > 0 {
        let organization = organization.as_str();
        tracing::info!(name: "job.done", job, organization, records = done, "a job was done");
    }
}
