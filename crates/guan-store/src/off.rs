//! The off switch: an overlay opens only after a verified backup, ends without anybody's help, and its end is written by whoever comes next.

use guan_engine::activity::{NodeFacts, is_acting, is_kept_in_doubt};
use guan_engine::lifecycle::{self, ClosedBy, State, SwitchSettings, closed_together};
use guan_engine::model::{
    Closing, Moment, OrganizationId, OverlayEffect, OverlayId, Problem, Span,
};
use guan_ledger::Entry;
use serde::Serialize;
use thiserror::Error;

use crate::backup::BackupError;
use crate::caller::{Caller, ClockReading};
use crate::change::Change;
use crate::database::values;
use crate::error::{FileError, ReadError};
use crate::fault::Interrupted;
use crate::overlay::{StoredOverlay, Which};
use crate::sql;
use crate::store::{Store, TOLERANCE};
use crate::write::WriteError;

/// How long an overlay lasts when nothing is said.
pub const LENGTH_DEFAULT: Span = Span::minutes(30);
/// The longest that an overlay may last.
pub const LENGTH_MAX: Span = Span::minutes(240);

/// Why an overlay cannot be opened or closed. Nothing is relaxed then.
#[derive(Debug, Error)]
pub enum OffError {
    /// The installation was restored or found changed, and nobody has acknowledged it.
    #[error("the installation is in safe mode: {why}; look into it and acknowledge it first")]
    SafeMode {
        /// What was found.
        why: String,
    },
    /// The boot clock or boot id cannot be read, so the end could not be kept.
    #[error("the boot clock of this machine cannot be read, so no window can be timed safely")]
    NoBootClock,
    /// The wall clock is behind what was recorded before.
    #[error(
        "the wall clock says {wall}, but {high_water} was recorded before: set the clock right, or confirm it"
    )]
    ClockSetBack {
        /// The clock.
        wall: Moment,
        /// The mark.
        high_water: Moment,
    },
    /// No length, or too long.
    #[error("a window lasts from 1 second to 4 hours, not {} s", length.0 / 1_000)]
    Length {
        /// As asked.
        length: Span,
    },
    /// Protected classes and bulk actions need two approvers.
    #[error(
        "{what} stay closed unless two approvers agree, and approvals are not kept here: leave them out"
    )]
    NeedsApproval {
        /// What was asked for.
        what: &'static str,
    },
    /// The request does not fit the policy.
    #[error("the request cannot be granted: {}", list(.0))]
    Problems(Vec<Problem>),
    /// The disk has no room for the records of a window.
    #[error("the disk has no room for the records of a window: free some space first")]
    NoReserve(#[source] FileError),
    /// No verified backup, so no window.
    #[error("no window opens without a verified backup")]
    Backup(#[source] BackupError),
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// It could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The system gave no random bytes.
    #[error("the system gives no random bytes")]
    Random(#[source] std::io::Error),
    /// A test stopped it.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// An overlay whose end was found and written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// The organization.
    pub organization: OrganizationId,
    /// The overlay.
    pub overlay: OverlayId,
    /// When and why it ended.
    pub closing: Closing,
}

impl Store {
    /// Closes an overlay by hand. One that had ended before gets its own end written instead.
    ///
    /// The other ends that are due are written after it; one that cannot be written is left to who comes next.
    ///
    /// Errors: there is no such overlay; it was closed before.
    pub fn close_overlay(
        &mut self,
        caller: &Caller,
        clock: &ClockReading,
        organization: &OrganizationId,
        overlay: &OverlayId,
        words: &str,
    ) -> Result<Closing, OffError> {
        let before = self.overlay(organization, overlay)?;
        if before.closing.is_some() {
            return Err(WriteError::AlreadyClosed { overlay: overlay.to_string() }.into());
        }
        let node = self.node_facts(organization, clock, Span(0))?;
        let settings = self.switch_settings(organization, clock.wall)?.settings;
        let last_use = self.last_use(organization, overlay)?;
        let ended = ending(&before, &node, &settings, last_use);
        let closing = ended.unwrap_or_else(|| {
            let why = match words.trim() {
                "" => "by_hand".to_owned(),
                words => format!("by_hand: {words}"),
            };
            Closing { at: clock.wall, why }
        });
        let change = Change::CloseOverlay {
            organization: organization.clone(),
            overlay: overlay.clone(),
            closing: closing.clone(),
        };
        self.write(caller, clock, &change)?;
        self.close_along(caller, clock, (organization, overlay), &closing);
        self.sweep_if_possible(caller, clock);
        Ok(closing)
    }

    /// Writes the end of every overlay that has ended, and a row when the wall clock was set back.
    ///
    /// Nothing depends on it: an overlay that has ended does not act, written or not.
    ///
    /// Errors: the first end that cannot be written; all the others were written then.
    pub fn sweep(
        &mut self,
        caller: &Caller,
        clock: &ClockReading,
    ) -> Result<Vec<Swept>, WriteError> {
        let (mut swept, mut first_error) = (Vec::new(), None);
        for organization in self.organizations()? {
            let ended = self.ended(&organization, clock);
            for ended in ended.unwrap_or_else(|error| {
                first_error.get_or_insert(error.into());
                Vec::new()
            }) {
                let change = Change::CloseOverlay {
                    organization: ended.organization.clone(),
                    overlay: ended.overlay.clone(),
                    closing: ended.closing.clone(),
                };
                match self.write(caller, clock, &change) {
                    Ok(_) => {
                        let place = (&ended.organization, &ended.overlay);
                        self.close_along(caller, clock, place, &ended.closing);
                        swept.push(ended);
                    }
                    // Somebody else was quicker.
                    Err(WriteError::AlreadyClosed { .. }) => {}
                    Err(error) => {
                        first_error.get_or_insert(error);
                    }
                }
            }
        }
        if let Err(error) = self.apply_waiting_edits(caller, clock) {
            first_error.get_or_insert(error);
        }
        self.watch_clock(caller, clock)?;
        first_error.map_or(Ok(swept), Err)
    }

    /// Writes the ends that are due where that is possible; what cannot be written now is left to who comes next.
    pub(crate) fn sweep_if_possible(&mut self, caller: &Caller, clock: &ClockReading) {
        let _swept = self.sweep(caller, clock);
    }

    /// Closes every window that is open, for a reason that concerns them all. The reserve is given free for it where the
    /// disk is full.
    ///
    /// Nothing depends on it that the caller could do: without the reserve they do not act any more.
    pub(crate) fn close_all_if_possible(
        &mut self,
        caller: &Caller,
        clock: &ClockReading,
        why: &str,
    ) {
        for organization in self.organizations().unwrap_or_default() {
            let open = self.overlays(&organization, Which::Unclosed).unwrap_or_default();
            for stored in open.into_iter().filter(|stored| stored.closing.is_none()) {
                if !matches!(stored.sealed.overlay.effect, OverlayEffect::Suspension { .. }) {
                    continue;
                }
                let closing = Closing { at: clock.wall, why: format!("safety: {why}") };
                let change = Change::CloseOverlay {
                    organization: organization.clone(),
                    overlay: stored.id,
                    closing,
                };
                let _closed = self.write(caller, clock, &change);
            }
        }
    }

    fn ended(
        &self,
        organization: &OrganizationId,
        clock: &ClockReading,
    ) -> Result<Vec<Swept>, ReadError> {
        let node = self.node_facts(organization, clock, Span(0))?;
        let mut ended = Vec::new();
        for stored in self.overlays(organization, Which::Unclosed)? {
            let settings = self.switch_settings(organization, clock.wall)?.settings;
            let last_use = self.last_use(organization, &stored.id)?;
            if let Some(closing) = ending(&stored, &node, &settings, last_use) {
                let organization = organization.clone();
                ended.push(Swept { organization, overlay: stored.id, closing });
            }
        }
        Ok(ended)
    }

    /// When an overlay last relaxed something.
    fn last_use(
        &self,
        organization: &OrganizationId,
        overlay: &OverlayId,
    ) -> Result<Option<Moment>, ReadError> {
        let key = values![organization.as_str(), overlay.as_str()];
        let bytes: Option<Vec<u8>> =
            self.database.one(sql::WINDOW_LAST_USE, key, |row| row.get(0))?;
        let entry = bytes.and_then(|bytes| Entry::from_bytes(&bytes).ok());
        Ok(entry.map(|entry| Moment(entry.time.wall_us.div_euclid(1_000))))
    }

    /// Closes the windows that carry on one that was closed by hand or for safety, as far as that is possible.
    fn close_along(
        &mut self,
        caller: &Caller,
        clock: &ClockReading,
        (organization, overlay): (&OrganizationId, &OverlayId),
        closing: &Closing,
    ) {
        let (cause, _) = ClosedBy::read(&closing.why);
        if !matches!(cause, ClosedBy::Hand | ClosedBy::Safety) {
            return;
        }
        let open = self.window_requests_in(organization, State::Open).unwrap_or_default();
        let windows: Vec<_> = open
            .into_iter()
            .filter_map(|stored| Some((stored.request.opened?, stored.request.wanted.extends)))
            .collect();
        for along in closed_together(overlay, &windows) {
            let why = format!("{}: together with {overlay}", cause.name());
            let change = Change::CloseOverlay {
                organization: organization.clone(),
                overlay: along.clone(),
                closing: Closing { at: closing.at, why },
            };
            // One that is closed already, or cannot be closed now, is found by the next sweep.
            let _closed = self.write(caller, clock, &change);
        }
    }

    fn watch_clock(&mut self, caller: &Caller, clock: &ClockReading) -> Result<(), WriteError> {
        let behind = self.high_water()?.since(clock.wall);
        let known: bool = self.database.only(sql::INSTALLATION, values![], |row| row.get(3))?;
        if behind > TOLERANCE && !known {
            self.write(caller, clock, &Change::ClockAlarm { behind_ms: behind.0 })?;
        }
        Ok(())
    }
}

/// How an overlay ended, if it has and that is not known yet.
fn ending(
    stored: &StoredOverlay,
    node: &NodeFacts,
    settings: &SwitchSettings,
    last_use: Option<Moment>,
) -> Option<Closing> {
    if stored.closing.is_some() {
        return None;
    }
    let row = stored.row();
    let verdict = is_acting(&row, node);
    if verdict.is_err_and(|dormant| is_kept_in_doubt(&row, dormant)) {
        return None;
    }
    let end = lifecycle::ending(&stored.sealed.overlay, verdict, node, settings, last_use);
    end.map(|end| end.closing())
}
