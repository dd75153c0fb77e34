//! Notices of windows for administrators: put into the transaction of what happened, handed out in order to each receiver.

use std::collections::BTreeSet;

use guan_engine::activity::is_acting;
use guan_engine::lifecycle::{NoticeKind, Opened, reminders};
use guan_engine::model::{Moment, OrganizationId, Overlay, OverlayEffect, OverlayId, Span, UserId};
use guan_ledger::{ChangeKind, Kind};
use serde::Serialize;

use crate::caller::{Caller, ClockReading};
use crate::change::Change;
use crate::database::{Database, Mode, Row, values};
use crate::error::{ReadError, StorageError};
use crate::gate::Gate;
use crate::log::Draft;
use crate::overlay::{self, Which};
use crate::sql;
use crate::store::Store;
use crate::waiting::{EditState, KeptEdit};
use crate::window::WindowStep;
use crate::write::{Effect, WriteError, Writing};

/// How long one sending may take before another is begun, here or on another node.
const SENDING: Span = Span::minutes(1);
/// How long a receiver that fails is left alone at first; twice as long after each further failure.
const PAUSE: Span = Span::seconds(5);
/// The longest pause.
const PAUSE_MAX: Span = Span::minutes(15);
/// How often what another transaction was before is begun again.
const TRIES: usize = 5;
/// So long a notice is kept that every receiver has taken; the ledger has what it told.
const KEPT: Span = Span::minutes(90 * 24 * 60);
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
    /// The start of the overlay; absent before it opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts: Option<Moment>,
    /// Its end at the latest; absent before it opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<Moment>,
    /// Of a closing: `deadline`, `by_hand`, `safety` or `idle`. Of an emergency: `notices_behind` where it opened although
    /// a receiver was not reached for a day. Of a refusal: `withdrawn` where it was the author's own.
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
        let opened = |moment: i64| (moment != 0).then_some(Moment(moment));
        Ok(Self {
            organization: row.get::<String>(0)?.into(),
            number: row.get(1)?,
            kind: row.get(2)?,
            overlay: row.get::<String>(3)?.into(),
            effect: row.get(4)?,
            at: Moment(row.get(5)?),
            starts: opened(row.get(6)?),
            ends: opened(row.get(7)?),
            cause: (!cause.is_empty()).then_some(cause),
        })
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

/// A notice on its way into the outbox.
struct Told<'a> {
    kind: NoticeKind,
    at: Moment,
    organization: &'a OrganizationId,
    overlay: &'a OverlayId,
    effect: &'static str,
    /// Start and end, where it has opened.
    span: Option<(Moment, Moment)>,
    cause: &'a str,
    /// What comes once in the life of a window has 0, everything else the ledger row that tells of it.
    occasion: u64,
}

impl<'a> Told<'a> {
    /// What comes once in the life of a window that has opened.
    fn once(
        (kind, at): (NoticeKind, Moment),
        (id, overlay): (&'a OverlayId, &'a Overlay),
        cause: &'a str,
    ) -> Self {
        Self {
            kind,
            at,
            organization: &overlay.organization,
            overlay: id,
            effect: effect_name(&overlay.effect),
            span: Some((overlay.starts, overlay.ends)),
            cause,
            occasion: 0,
        }
    }

    fn put(&self, database: &Database) -> Result<(), StorageError> {
        let (org, id) = (self.organization.as_str(), self.overlay.as_str());
        let (starts, ends) = self.span.unwrap_or((Moment(0), Moment(0)));
        database.run(
            sql::OUTBOX_PUT,
            values![
                org,
                self.kind.name(),
                id,
                self.effect,
                self.at.0,
                starts.0,
                ends.0,
                self.cause,
                self.occasion
            ],
        )?;
        Ok(())
    }
}

impl Writing<'_> {
    /// Tells of an overlay in the transaction in which it opened or closed.
    pub(crate) fn notice(
        &self,
        kind: NoticeKind,
        overlay: (&OverlayId, &Overlay),
        (at, cause): (Moment, &str),
    ) -> Result<(), WriteError> {
        Ok(Told::once((kind, at), overlay, cause).put(self.tx)?)
    }

    /// Tells of a step that opens and closes nothing, in its transaction.
    pub(crate) fn notices_of(&self, step: &WindowStep) -> Result<(), WriteError> {
        let request = &step.request;
        let span = request.opened.as_ref().map(|opened| (opened.starts, opened.ends));
        let withdrawn =
            request.refused.as_ref().is_some_and(|refused| request.authors.contains(&refused.by));
        for kind in &step.notices {
            let cause = match kind {
                // The overlay's own row tells of these.
                NoticeKind::Opened | NoticeKind::EmergencyOpened | NoticeKind::Closed => continue,
                NoticeKind::Refused if withdrawn => "withdrawn",
                NoticeKind::Refused
                | NoticeKind::ApprovalWanted
                | NoticeKind::Approved
                | NoticeKind::Expired
                | NoticeKind::HalfTime
                | NoticeKind::FiveMinutesLeft
                | NoticeKind::ReviewWanted
                | NoticeKind::SelfTestFailed
                | NoticeKind::ConflictWaits => "",
            };
            let told = Told {
                kind: *kind,
                at: self.clock.wall,
                organization: &request.organization,
                overlay: &request.overlay(),
                effect: effect_name(&request.wanted.effect),
                span,
                cause,
                occasion: self.next_sequence(&request.organization)?,
            };
            told.put(self.tx)?;
        }
        Ok(())
    }

    /// Tells of an edit that a person has to look at, under the window that held it.
    pub(crate) fn notice_of_edit(
        &self,
        organization: &OrganizationId,
        edit: &KeptEdit,
        state: EditState,
    ) -> Result<(), WriteError> {
        let (EditState::Conflicted, Some(held_by)) = (state, edit.held_by.first()) else {
            return Ok(());
        };
        let stored = overlay::one(self.tx, organization, self.side, held_by)?;
        let overlay = &stored.sealed.overlay;
        let told = Told::once((NoticeKind::ConflictWaits, self.clock.wall), (held_by, overlay), "");
        let occasion = self.next_sequence(organization)?;
        Ok(Told { occasion, ..told }.put(self.tx)?)
    }

    /// The ledger row that is written next.
    fn next_sequence(&self, organization: &OrganizationId) -> Result<u64, StorageError> {
        let tip = self.ground.tip(self.tx, organization.as_str())?;
        Ok(tip.map_or(0, |tip| tip.size))
    }

    pub(crate) fn forget_receivers(
        &self,
        operation: &str,
        organization: &OrganizationId,
        receivers: &[String],
    ) -> Result<Effect, WriteError> {
        let mut told = Vec::new();
        for receiver in receivers {
            let key = values![organization.as_str(), receiver];
            let waiting: Option<u64> = self.tx.one(sql::OUTBOX_WAITING, key, |row| row.get(0))?;
            let Some(waiting) = waiting else { continue };
            self.tx.run(sql::OUTBOX_RECEIVER_DROP, key)?;
            told.push(format!("`{receiver}` with {waiting} notices that it had not taken"));
        }
        if told.is_empty() {
            return Err(WriteError::Nothing);
        }
        let words = format!("not in the settings any more: {}", told.join(", "));
        let draft = Draft::new(Kind::SettingChanged, operation)
            .because(&words)
            .changed(ChangeKind::Deleted, told.len() as u64);
        Ok(Effect::one(organization.as_str(), draft))
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
                in_spite_of: BTreeSet::new(),
            };
            let reminders = reminders(&opened).into_iter().filter(|one| one.at <= clock.wall);
            due.extend(reminders.map(|one| (one.kind, one.at, stored.id.clone(), overlay.clone())));
        }
        Ok(due)
    }
}

impl Gate {
    /// Puts the reminders that are due into the outbox, each once, and takes out what is old and was taken by everybody.
    /// Nothing but hearing of it depends on this.
    pub fn remind(&self, clock: &ClockReading) -> Result<(), ReadError> {
        let store = self.writer.lock();
        let before = clock.wall.plus(Span(-KEPT.0));
        for organization in store.organizations()? {
            let mut due = store.due(&organization, clock)?;
            let known = store.notices(&organization, 0)?;
            due.retain(|(kind, _, id, _)| {
                !known.iter().any(|one| one.overlay == *id && one.kind == kind.name())
            });
            // The last one stays, so that the numbers go on.
            let (_, but_last) = known.split_last().unzip();
            let is_old = but_last.unwrap_or_default().iter().any(|one| one.at < before);
            if due.is_empty() && !is_old {
                continue;
            }
            again(&store, |database| {
                for (kind, at, id, overlay) in &due {
                    Told::once((*kind, *at), (id, overlay), "").put(database)?;
                }
                database.run(sql::OUTBOX_PRUNE, values![organization.as_str(), before.0])?;
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Makes receivers known. A new one hears what happens from now on.
    pub fn keep_receivers(&self, clock: &ClockReading, all: &[String]) -> Result<(), ReadError> {
        let store = self.writer.lock();
        let organizations = store.organizations()?;
        again(&store, |database| {
            for organization in &organizations {
                for receiver in all {
                    let row = values![organization.as_str(), receiver, clock.wall.0];
                    database.run(sql::OUTBOX_RECEIVER_PUT, row)?;
                }
            }
            Ok(())
        })
    }

    /// Forgets receivers that are not among `all` any more. Each organization that told them anything has a row of it in its
    /// ledger, since from here on nothing waits for them.
    ///
    /// Errors: see [`WriteError`].
    pub fn forget_receivers(
        &self,
        (caller, clock): (&Caller, &ClockReading),
        all: &[String],
    ) -> Result<(), WriteError> {
        let organizations = self.read(|reader| reader.organizations())?;
        for organization in organizations {
            let known = self.read(|reader| reader.notice_lag(&organization))?;
            let gone = known.into_iter().map(|lag| lag.receiver).filter(|one| !all.contains(one));
            let receivers: Vec<String> = gone.collect();
            if !receivers.is_empty() {
                self.write(caller, clock, Change::ForgetReceivers { organization, receivers })?;
            }
        }
        Ok(())
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
