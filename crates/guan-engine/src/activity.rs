//! The activity rule: does this overlay act on this request now? One pure function, asked by every
//! path. Anything unknown, failing or unverifiable means that it does not.

use crate::lineup::Lineup;
use crate::model::{Closing, Moment, OrganizationId, Overlay, OverlayEffect, OverlayId, Span};
use serde::Serialize;

/// Whether the row of an overlay is the one that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seal {
    /// Its signature verifies with the installation's key.
    Verified,
    /// It does not, or there is none, or the key is not at hand.
    Broken,
}

/// Whether what an overlay relaxes can be recorded durably at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Journal {
    /// Yes.
    Durable,
    /// No, or not known.
    Unavailable,
}

/// An overlay as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverlayRow {
    /// Its id; never used again.
    pub id: OverlayId,
    /// What was opened.
    pub overlay: Overlay,
    /// Whether the row verifies.
    pub seal: Seal,
    /// How it ended, once that is written.
    pub closing: Option<Closing>,
    /// Whether another overlay took its place.
    pub superseded: bool,
}

/// What this node knows of time and of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeFacts {
    /// The organization of the policy.
    pub organization: OrganizationId,
    /// Wall clock now.
    pub wall: Moment,
    /// Boot-time clock now, in milliseconds since boot; `None` when it cannot be read.
    pub boot_clock: Option<Span>,
    /// The kernel's boot id; `None` when it cannot be read.
    pub boot_id: Option<String>,
    /// The latest wall clock that this installation has ever recorded.
    pub high_water: Moment,
    /// How long ago the refresh of the overlays was *sent*.
    pub view_age: Span,
    /// How old the view of the overlays may be.
    pub lease: Span,
    /// How much clocks may disagree.
    pub tolerance: Span,
    /// The installation's incarnation number, kept outside the database.
    pub incarnation: u64,
    /// Whether would-denies can be recorded.
    pub journal: Journal,
}

/// Overlays with the facts that decide whether they act.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// The overlays, in the order of their ids.
    pub rows: &'a [OverlayRow],
    /// The facts.
    pub node: &'a NodeFacts,
    /// The same overlays by the people to whom they can matter.
    pub(crate) lineup: Option<&'a Lineup>,
}

impl<'a> Standing<'a> {
    /// Overlays that are all looked at, one by one.
    pub const fn of(rows: &'a [OverlayRow], node: &'a NodeFacts) -> Self {
        Self { rows, node, lineup: None }
    }

    /// The same, of which only those are looked at that can matter to whoever asks. `lineup` is of these very overlays;
    /// absent, all of them are looked at.
    #[must_use]
    pub const fn sorted_out(self, lineup: Option<&'a Lineup>) -> Self {
        Self { lineup, ..self }
    }
}

/// Why an overlay does not act, whatever the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Dormant {
    /// The row does not verify.
    #[error("its row does not verify")]
    BrokenSeal,
    /// It belongs to another organization.
    #[error("it belongs to another organization")]
    OtherOrganization,
    /// The installation was restored or rebuilt since.
    #[error("it was opened in another incarnation of this installation")]
    OtherIncarnation,
    /// It was closed.
    #[error("it is closed")]
    Closed,
    /// Another overlay took its place.
    #[error("another overlay took its place")]
    Superseded,
    /// The wall clock is behind what was recorded before.
    #[error("the wall clock was set back")]
    ClockSetBack,
    /// Its start has not come.
    #[error("it has not started")]
    NotStarted,
    /// Its end has passed.
    #[error("its end has passed")]
    Ended,
    /// The boot clock or boot id cannot be read.
    #[error("the boot clock cannot be read")]
    NoBootClock,
    /// The machine was started anew.
    #[error("the machine was started anew")]
    Rebooted,
    /// By the boot clock the granted length is used up.
    #[error("by the boot clock its length is used up")]
    LengthUsedUp,
    /// The two clocks did not move alike.
    #[error("the clocks disagree")]
    ClocksDisagree,
    /// The view of the overlays is too old.
    #[error("this node's view is older than its lease")]
    StaleView,
    /// What it relaxes could not be recorded.
    #[error("the journal cannot be written")]
    NoJournal,
}

impl Dormant {
    /// Whether clocks, lease or journal leave open if the overlay has ended; nothing else says that it has not.
    pub const fn is_doubt(self) -> bool {
        matches!(
            self,
            Self::NoBootClock
                | Self::ClockSetBack
                | Self::ClocksDisagree
                | Self::StaleView
                | Self::NoJournal
        )
    }

    /// Whether it never acts again, whatever clocks and nodes say later.
    pub const fn is_over(self) -> bool {
        self.is_alarm()
            || matches!(
                self,
                Self::OtherOrganization
                    | Self::Closed
                    | Self::Superseded
                    | Self::Ended
                    | Self::LengthUsedUp
            )
    }

    /// Whether this is an alarm that closes the overlay for safety, not an ordinary end.
    pub const fn is_alarm(self) -> bool {
        matches!(
            self,
            Self::BrokenSeal
                | Self::OtherIncarnation
                | Self::Rebooted
                | Self::ClockSetBack
                | Self::ClocksDisagree
        )
    }
}

/// Whether an overlay counts on this node now: a suspension or elevation while it acts, a disablement also while
/// that is in doubt. Of two answers the tighter one is given.
///
/// # Source
///
/// `docs/spec/off-switch.md` §2.
pub fn counts(row: &OverlayRow, node: &NodeFacts) -> bool {
    match is_acting(row, node) {
        Ok(()) => true,
        Err(why) => is_kept_in_doubt(row, why),
    }
}

/// Whether this is a disablement that stays in force because nobody can tell that it has ended.
pub const fn is_kept_in_doubt(row: &OverlayRow, why: Dormant) -> bool {
    matches!(row.overlay.effect, OverlayEffect::Disablement { .. }) && why.is_doubt()
}

/// Whether an overlay acts at all on this node now.
///
/// # Errors
///
/// The first condition that fails, in the order of [`Dormant`].
///
/// # Source
///
/// `docs/spec/off-switch.md`; every condition must hold, and what cannot be read fails.
pub fn is_acting(row: &OverlayRow, node: &NodeFacts) -> Result<(), Dormant> {
    let overlay = &row.overlay;
    if row.seal != Seal::Verified {
        return Err(Dormant::BrokenSeal);
    }
    if overlay.organization != node.organization {
        return Err(Dormant::OtherOrganization);
    }
    if overlay.opened.incarnation != node.incarnation {
        return Err(Dormant::OtherIncarnation);
    }
    if row.closing.is_some() {
        return Err(Dormant::Closed);
    }
    if row.superseded {
        return Err(Dormant::Superseded);
    }
    if is_set_back(overlay, node) {
        // Before the start is looked at: an alarm, not a window that is still to come.
        return Err(Dormant::ClockSetBack);
    }
    if node.wall < overlay.starts {
        return Err(Dormant::NotStarted);
    }
    if node.wall >= overlay.ends {
        return Err(Dormant::Ended);
    }
    clocks_agree(overlay, node)?;
    if node.view_age.0 < 0 || node.view_age >= node.lease {
        return Err(Dormant::StaleView);
    }
    if node.journal != Journal::Durable {
        return Err(Dormant::NoJournal);
    }
    Ok(())
}

/// Whether the wall clock is behind the opening, or behind what was recorded before.
fn is_set_back(overlay: &Overlay, node: &NodeFacts) -> bool {
    let latest = node.high_water.max(overlay.opened.wall);
    node.wall.plus(node.tolerance) < latest
}

fn clocks_agree(overlay: &Overlay, node: &NodeFacts) -> Result<(), Dormant> {
    let (Some(boot_clock), Some(boot_id)) = (node.boot_clock, node.boot_id.as_deref()) else {
        return Err(Dormant::NoBootClock);
    };
    if boot_id.is_empty() {
        return Err(Dormant::NoBootClock);
    }
    let opened = &overlay.opened;
    let same_boot = boot_id == opened.boot_id;
    if !same_boot && !overlay.survives_reboot {
        return Err(Dormant::Rebooted);
    }
    let boot_moved = Span(boot_clock.0.saturating_sub(opened.boot_clock.0));
    let granted = overlay.ends.since(opened.wall);
    if same_boot && boot_moved >= granted {
        return Err(Dormant::LengthUsedUp);
    }
    let wall_moved = node.wall.since(opened.wall);
    if !same_boot {
        // After a reboot the boot clock starts anew: only the wall clock and its high-water mark are left.
        return Ok(());
    }
    let apart = boot_moved.0.saturating_sub(wall_moved.0).saturating_abs();
    if apart > node.tolerance.0 {
        return Err(Dormant::ClocksDisagree);
    }
    Ok(())
}
