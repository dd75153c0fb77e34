//! How a window ends: what the activity rule and the last use say, and what ends with it.

use super::request::{ClosedBy, Opened};
use super::settings::SwitchSettings;
use crate::activity::{Dormant, NodeFacts};
use crate::model::{Closing, Moment, Overlay, OverlayEffect, OverlayId};
use std::collections::BTreeSet;

/// An end that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// From when it does not count.
    pub at: Moment,
    /// What ended it.
    pub cause: ClosedBy,
    /// In words; empty where the cause says it all.
    pub words: String,
}

impl End {
    /// The closing record that says the same.
    pub fn closing(&self) -> Closing {
        let why = match (self.cause.name(), self.words.as_str()) {
            (cause, "") => cause.to_owned(),
            (cause, words) => format!("{cause}: {words}"),
        };
        Closing { at: self.at, why }
    }
}

/// How an overlay without closing record has ended; `None` while it goes on, or where it cannot be
/// told yet. `verdict` is what the activity rule says, `last_use` the last decision that it relaxed.
///
/// Only a suspension ends for want of use: of the others no use is recorded. What was opened counts
/// as a use.
pub fn ending(
    overlay: &Overlay,
    verdict: Result<(), Dormant>,
    node: &NodeFacts,
    settings: &SwitchSettings,
    last_use: Option<Moment>,
) -> Option<End> {
    match verdict {
        Ok(()) => idle(overlay, node, settings, last_use),
        Err(Dormant::Ended) if ended_early(overlay, node) => Some(End {
            at: overlay.ends,
            cause: ClosedBy::Safety,
            words: "ended by a change of the clock, before its length was used up".to_owned(),
        }),
        Err(Dormant::Ended) => {
            Some(End { at: overlay.ends, cause: ClosedBy::Deadline, words: String::new() })
        }
        Err(Dormant::LengthUsedUp) => Some(End {
            at: node.wall,
            cause: ClosedBy::Deadline,
            words: Dormant::LengthUsedUp.to_string(),
        }),
        Err(alarm) if alarm.is_alarm() || alarm == Dormant::OtherOrganization => {
            Some(End { at: node.wall, cause: ClosedBy::Safety, words: alarm.to_string() })
        }
        Err(_) => None,
    }
}

/// Whether the wall clock reached the end while the boot clock says that the length is not used up.
fn ended_early(overlay: &Overlay, node: &NodeFacts) -> bool {
    let opened = &overlay.opened;
    let same_boot = node.boot_id.as_deref() == Some(opened.boot_id.as_str());
    let granted = overlay.ends.since(opened.wall).0;
    let moved = node.boot_clock.map(|now| now.0.saturating_sub(opened.boot_clock.0));
    same_boot && moved.is_some_and(|moved| moved.saturating_add(node.tolerance.0) < granted)
}

fn idle(
    overlay: &Overlay,
    node: &NodeFacts,
    settings: &SwitchSettings,
    last_use: Option<Moment>,
) -> Option<End> {
    if !matches!(overlay.effect, OverlayEffect::Suspension { .. }) {
        return None;
    }
    let used = last_use.map_or(overlay.starts, |last| last.max(overlay.starts));
    (node.wall.since(used) >= settings.idle?).then(|| End {
        at: node.wall,
        cause: ClosedBy::Idle,
        words: format!("not used since {used}"),
    })
}

/// The open windows that a closing by hand or for safety takes along: those that carry the closed one
/// on, one after the other. Each of `windows` comes with the overlay that it extends.
pub fn closed_together<'a>(
    closed: &'a OverlayId,
    windows: &'a [(Opened, Option<OverlayId>)],
) -> BTreeSet<&'a OverlayId> {
    let mut together = BTreeSet::from([closed]);
    loop {
        let more: Vec<&OverlayId> = windows
            .iter()
            .filter(|(opened, extends)| {
                !together.contains(&opened.overlay)
                    && extends.as_ref().is_some_and(|id| together.contains(id))
            })
            .map(|(opened, _)| &opened.overlay)
            .collect();
        if more.is_empty() {
            break;
        }
        together.extend(more);
    }
    together.remove(closed);
    together
}
