//! Mail and webhooks that tell administrators of windows: taken from the outbox in order, tried again until they are taken.

mod receiver;
#[cfg(test)]
mod tests;

use guan_engine::lifecycle::NoticeKind;
use guan_server::state::Server;
use guan_store::{Caller, ClockReading, Gate, OutboxNotice, ReadError};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::MissedTickBehavior;

pub(crate) use receiver::{Notices, Receiver, WrittenNotices};

/// How often the outbox is looked at.
const INTERVAL: Duration = Duration::from_secs(5);
/// How many notices a receiver gets in one turn.
const ROUNDS: usize = 100;

/// Sends what there is to every receiver, each in its own time, until it is aborted.
pub(crate) async fn run(server: Server, notices: Notices) {
    let names: Arc<[String]> =
        notices.receivers.iter().map(|receiver| receiver.name.clone()).collect();
    let turns = notices.receivers.into_iter().map(|receiver| {
        tokio::spawn(turns(server.clone(), Arc::new(receiver), Arc::clone(&names)))
    });
    let _turns = Turns(turns.collect());
    forget(&server, names).await;
    std::future::pending::<()>().await;
}

/// Forgets the receivers of earlier settings, once: what is not in the settings of this start is nobody's any more.
async fn forget(server: &Server, names: Arc<[String]>) {
    let server = server.clone();
    let forgotten = tokio::task::spawn_blocking(move || {
        server.gate().forget_receivers((&Caller::system(), &server.now()), &names)
    });
    if let Ok(Err(error)) = forgotten.await {
        tracing::warn!(name: "notice.not_forgotten", error = %error, "receivers of earlier settings are still waited for");
    }
}

/// The tasks of all receivers, which end with this.
struct Turns(Vec<tokio::task::JoinHandle<()>>);

impl Drop for Turns {
    fn drop(&mut self) {
        self.0.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

async fn turns(server: Server, receiver: Arc<Receiver>, names: Arc<[String]>) {
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let (server, receiver, names) = (server.clone(), Arc::clone(&receiver), Arc::clone(&names));
        let turn = move || {
            let now = || server.now();
            let known = server.gate().keep_receivers(&now(), &names);
            if let Err(error) = known.and_then(|()| deliver(server.gate(), &now, &receiver)) {
                tracing::warn!(name: "notice.failed", error = %error, "the outbox cannot be used");
            }
        };
        if tokio::task::spawn_blocking(turn).await.is_err() {
            tracing::error!(name: "notice.stopped", "sending a notice was stopped by a bug");
        }
    }
}

/// Sends one receiver what it has not taken, the oldest first, until it fails.
pub(crate) fn deliver(
    gate: &Gate,
    now: &dyn Fn() -> ClockReading,
    receiver: &Receiver,
) -> Result<(), ReadError> {
    for _ in 0..ROUNDS {
        let Some(notice) = gate.next_notice(&now(), &receiver.name)? else { return Ok(()) };
        let sent = receiver.send(&notice);
        let failure = sent.as_ref().err().map(String::as_str);
        gate.note_notice(&now(), (&receiver.name, &notice), failure)?;
        if let Some(error) = failure {
            let (receiver, number) = (receiver.name.as_str(), notice.number);
            tracing::warn!(name: "notice.not_taken", receiver, number, error, "a notice was not taken");
            return Ok(());
        }
        if notice.kind == NoticeKind::ApprovalWanted.name() && receiver.is_mail() {
            tell_approvers(gate, now, (receiver, &notice));
        }
    }
    Ok(())
}

/// Mails those who may approve too. What does not reach one of them holds nobody up: the receivers of the settings have it.
fn tell_approvers(
    gate: &Gate,
    now: &dyn Fn() -> ClockReading,
    (receiver, notice): (&Receiver, &OutboxNotice),
) {
    let found = gate.mail_of_approvers(&now(), &notice.organization, &notice.overlay);
    let addresses = match found {
        Ok(addresses) => addresses,
        Err(error) => {
            tracing::warn!(name: "notice.no_approvers", error = %error, "who may approve cannot be told");
            return;
        }
    };
    for address in addresses {
        if let Err(error) = receiver.send_also(notice, &address) {
            let number = notice.number;
            tracing::warn!(name: "notice.not_taken", receiver = "approver", number, error, "a notice was not taken");
        }
    }
}
