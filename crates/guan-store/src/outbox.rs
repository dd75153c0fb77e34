//! Notices of windows for administrators: put into the transaction of what happened, handed out in order to each receiver.

use guan_engine::activity::is_acting;
use guan_engine::lifecycle::{NoticeKind, Opened, reminders};
use guan_engine::model::{
    Closing, Moment, OrganizationId, Overlay, OverlayEffect, OverlayId, Span, UserId,
};
use serde::Serialize;

use crate::caller::ClockReading;
use crate::database::{Database, Mode, Row, values};
use crate::error::{ReadError, StorageError};
use crate::gate::Gate;
use crate::overlay::Which;
use crate::sql;
use crate::store::Store;
use crate::write::{WriteError, Writing};

/// How long one sending may take before another is begun, here or on another node.
const SENDING: Span = Span::minutes(1);
/// How long a receiver that fails is left alone at first; twice as long after each further failure.
const PAUSE: Span = Span::seconds(5);
/// The longest pause.
const PAUSE_MAX: Span = Span::minutes(15);
/// How often what another transaction was before is begun again.
const TRIES: usize = 5;
/// The most bytes of an error that are kept.
const ERROR_MAX: usize = 300;

/// Something that administrators are to hear. No data of a record is in it, and no words of people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutboxNotice {
    /// Whose.
    pub organization: OrganizationId,
    /// Its place in the order, from 1; the same notice may come twice, and has the same number then.
    pub number: u64,
    /// What happened, as [`NoticeKind`] names it.
    pub kind: String,
    /// The overlay.
    pub overlay: OverlayId,
    /// `suspension`, `elevation` or `disablement`.
    pub effect: String,
    /// When it happened.
    pub at: Moment,
    /// The start of the overlay.
    pub starts: Moment,
    /// Its end at the latest.
    pub ends: Moment,
    /// Of a closing: `deadline`, `by_hand`, `safety` or `idle`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}

/// How far a receiver is with the notices of an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReceiverLag {
    /// Its name in the settings.
    pub receiver: String,
    /// The last notice that it took; 0 for none.
    pub taken: u64,
    /// Notices that it has not taken.
    pub waiting: u64,
    /// When the oldest of these happened.
    pub oldest: Option<Moment>,
    /// Failures since the last success.
    pub failures: u64,
    /// When it is tried again; absent where it is not paused.
    pub next: Option<Moment>,
    /// What went wrong last; empty after a success.
    pub error: String,
}

impl OutboxNotice {
    fn of(row: &Row<'_>) -> Result<Self, StorageError> {
        let cause: String = row.get(8)?;
        Ok(Self {
            organization: row.get::<String>(0)?.into(),
            number: row.get(1)?,
            kind: row.get(2)?,
            overlay: row.get::<String>(3)?.into(),
            effect: row.get(4)?,
            at: Moment(row.get(5)?),
            starts: Moment(row.get(6)?),
            ends: Moment(row.get(7)?),
            cause: (!cause.is_empty()).then_some(cause),
        })
    }
}

/// The name of a kind in the outbox; the same as in JSON.
const fn kind_name(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::ApprovalWanted => "approval_wanted",
        NoticeKind::Approved => "approved",
        NoticeKind::Refused => "refused",
        NoticeKind::Expired => "expired",
        NoticeKind::Opened => "opened",
        NoticeKind::EmergencyOpened => "emergency_opened",
        NoticeKind::HalfTime => "half_time",
        NoticeKind::FiveMinutesLeft => "five_minutes_left",
        NoticeKind::Closed => "closed",
        NoticeKind::ReviewWanted => "review_wanted",
    }
}

/// The name of an effect.
const fn effect_name(effect: &OverlayEffect) -> &'static str {
    match effect {
        OverlayEffect::Suspension { .. } => "suspension",
        OverlayEffect::Elevation { .. } => "elevation",
        OverlayEffect::Disablement { .. } => "disablement",
    }
}

/// Puts a notice into the outbox, once.
fn put(
    database: &Database,
    (kind, at): (NoticeKind, Moment),
    (id, overlay): (&OverlayId, &Overlay),
    cause: &str,
) -> Result<(), StorageError> {
    let (organization, effect) = (overlay.organization.as_str(), effect_name(&overlay.effect));
    let (starts, ends) = (overlay.starts.0, overlay.ends.0);
    let row =
        values![organization, kind_name(kind), id.as_str(), effect, at.0, starts, ends, cause];
    database.run(sql::OUTBOX_PUT, row)?;
    Ok(())
}

impl Writing<'_> {
    /// Tells of an overlay in the transaction in which it opened or closed.
    pub(crate) fn notice(
        &self,
        kind: NoticeKind,
        (id, overlay): (&OverlayId, &Overlay),
        closing: Option<&Closing>,
    ) -> Result<(), WriteError> {
        let at = closing.map_or(self.clock.wall, |closing| closing.at.max(overlay.starts));
        // The first word; what people wrote is behind it.
        let why = closing.map_or("", |closing| closing.why.as_str());
        let cause = why.split(':').next().unwrap_or_default().trim();
        Ok(put(self.tx, (kind, at), (id, overlay), cause)?)
    }
}

impl Store {
    /// How far every receiver is with the notices of an organization.
    pub fn notice_lag(&self, organization: &OrganizationId) -> Result<Vec<ReceiverLag>, ReadError> {
        let lag = |row: &Row<'_>| {
            let next: i64 = row.get(5)?;
            Ok(ReceiverLag {
                receiver: row.get(0)?,
                taken: row.get(1)?,
                waiting: row.get(2)?,
                oldest: row.get::<Option<i64>>(3)?.map(Moment),
                failures: row.get(4)?,
                next: (next > 0).then_some(Moment(next)),
                error: row.get(6)?,
            })
        };
        Ok(self.database.rows(sql::OUTBOX_LAG, values![organization.as_str()], lag)?)
    }

    /// The notices of an organization after a number, the first first.
    pub fn notices(
        &self,
        organization: &OrganizationId,
        after: u64,
    ) -> Result<Vec<OutboxNotice>, ReadError> {
        let key = values![organization.as_str(), after];
        Ok(self.database.rows(sql::OUTBOX_AFTER, key, OutboxNotice::of)?)
    }

    /// The reminders that are due of what acts now, with what they are about.
    fn due(
        &self,
        organization: &OrganizationId,
        clock: &ClockReading,
    ) -> Result<Vec<(NoticeKind, Moment, OverlayId, Overlay)>, ReadError> {
        let node = self.node_facts(organization, clock, Span(0))?;
        let mut due = Vec::new();
        for stored in self.overlays(organization, Which::Unclosed)? {
            if is_acting(&stored.row(), &node).is_err() {
                continue;
            }
            let overlay = stored.sealed.overlay;
            let opened = Opened {
                overlay: stored.id.clone(),
                by: UserId::new(stored.sealed.requested_by),
                starts: overlay.starts,
                ends: overlay.ends,
                approved_by: Vec::new(),
            };
            let reminders = reminders(&opened).into_iter().filter(|one| one.at <= clock.wall);
            due.extend(reminders.map(|one| (one.kind, one.at, stored.id.clone(), overlay.clone())));
        }
        Ok(due)
    }
}

impl Gate {
    /// Puts the reminders that are due into the outbox, each once; how many there are is no matter, and none is needed
    /// for anything but hearing of it.
    pub fn remind(&self, clock: &ClockReading) -> Result<(), ReadError> {
        let store = self.writer.lock();
        for organization in store.organizations()? {
            let mut due = store.due(&organization, clock)?;
            let known = store.notices(&organization, 0)?;
            due.retain(|(kind, _, id, _)| {
                !known.iter().any(|one| one.overlay == *id && one.kind == kind_name(*kind))
            });
            if due.is_empty() {
                continue;
            }
            again(&store, |database| {
                due.iter().try_for_each(|(kind, at, id, overlay)| {
                    put(database, (*kind, *at), (id, overlay), "")
                })
            })?;
        }
        Ok(())
    }

    /// Makes receivers known. A new one hears what happens from now on; one that is not named any more is forgotten.
    pub fn keep_receivers(&self, clock: &ClockReading, all: &[String]) -> Result<(), ReadError> {
        let store = self.writer.lock();
        let organizations = store.organizations()?;
        let named = serde_json::to_string(all).unwrap_or_default();
        again(&store, |database| {
            database.run(sql::OUTBOX_RECEIVERS_DROP, values![&named])?;
            for organization in &organizations {
                for receiver in all {
                    let row = values![organization.as_str(), receiver, clock.wall.0];
                    database.run(sql::OUTBOX_RECEIVER_PUT, row)?;
                }
            }
            Ok(())
        })
    }

    /// The next notice for a receiver, if there is one and the receiver is not paused. For a minute nobody else is given it;
    /// whoever is told of no success by then gives it out again.
    pub fn next_notice(
        &self,
        clock: &ClockReading,
        receiver: &str,
    ) -> Result<Option<OutboxNotice>, ReadError> {
        let store = self.writer.lock();
        let (now, until) = (clock.wall.0, clock.wall.plus(SENDING).0);
        // Without a transaction, which nearly always nothing is to be done in.
        let due = values![receiver, now];
        if store.database.one(sql::OUTBOX_NEXT, due, OutboxNotice::of)?.is_none() {
            return Ok(None);
        }
        again(&store, |database| {
            let next = database.one(sql::OUTBOX_NEXT, due, OutboxNotice::of)?;
            if let Some(notice) = &next {
                let row = values![notice.organization.as_str(), receiver, until];
                database.run(sql::OUTBOX_RECEIVER_PAUSE, row)?;
            }
            Ok(next)
        })
    }

    /// Notes whether a receiver took a notice. After a failure it is paused, longer each time, and tried again with the same
    /// notice, so that the order stays.
    pub fn note_notice(
        &self,
        clock: &ClockReading,
        (receiver, notice): (&str, &OutboxNotice),
        failure: Option<&str>,
    ) -> Result<(), ReadError> {
        let store = self.writer.lock();
        let (org, now) = (notice.organization.as_str(), clock.wall);
        again(&store, |database| {
            let Some(error) = failure else {
                let row = values![org, receiver, notice.number, now.0];
                database.run(sql::OUTBOX_TAKEN, row)?;
                return Ok(());
            };
            let key = values![org, receiver];
            let before: Option<u64> = database.one(sql::OUTBOX_FAILURES, key, |row| row.get(0))?;
            let failures = before.unwrap_or(0).saturating_add(1);
            let longer = PAUSE.0.saturating_mul(1 << failures.saturating_sub(1).min(20));
            let next = now.plus(Span(longer.min(PAUSE_MAX.0)));
            let mut error = error.to_owned();
            error.truncate(error.floor_char_boundary(ERROR_MAX));
            let row = values![org, receiver, failures, next.0, error, now.0];
            database.run(sql::OUTBOX_FAILED, row)?;
            Ok(())
        })
    }
}

/// Writes without a row in the ledger: who was told of what is no change of anything.
fn again<T>(
    store: &Store,
    mut work: impl FnMut(&Database) -> Result<T, StorageError>,
) -> Result<T, ReadError> {
    let mut once = || {
        let tx = store.database.begin(Mode::Write)?;
        let value = work(&tx)?;
        tx.commit()?;
        Ok(value)
    };
    let mut tries = TRIES;
    loop {
        match once() {
            Err(StorageError::Again) if tries > 0 => tries -= 1,
            other => return other.map_err(ReadError::from),
        }
    }
}
