//! How long a scope was off within a day, so that short windows in a row are no long one.

use super::facts::Window;
use super::overlap::overlap;
use crate::model::{Audience, Moment, OverlayEffect, Span};

const DAY: Span = Span::minutes(24 * 60);

/// The longest time, within any 24 hours, that overlays which meet this one are in force when it is
/// in force from `starts` to `ends`. Time that two of them share counts once.
///
/// Costs n² for n windows that meet it.
pub fn off_time(
    what: (&OverlayEffect, &Audience),
    (starts, ends): (Moment, Moment),
    windows: &[Window],
) -> Span {
    let meeting = windows
        .iter()
        .filter(|window| overlap(what, (&window.effect, &window.audience)))
        .map(|window| (window.starts, window.ends));
    let spells = joined(meeting.chain([(starts, ends)]).collect());
    // The most lies in a day that stops where a spell stops.
    let days = spells.iter().map(|(_, stop)| (stop.plus(Span(-DAY.0)), *stop));
    let off = days.map(|(from, to)| {
        let within =
            spells.iter().map(|(start, stop)| (*stop).min(to).since((*start).max(from)).0.max(0));
        within.fold(0_i64, i64::saturating_add)
    });
    Span(off.max().unwrap_or(0))
}

/// Spells in order that neither touch nor overlap.
fn joined(mut spells: Vec<(Moment, Moment)>) -> Vec<(Moment, Moment)> {
    spells.retain(|(start, stop)| start < stop);
    spells.sort_unstable();
    let mut joined: Vec<(Moment, Moment)> = Vec::new();
    for (start, stop) in spells {
        match joined.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(stop),
            Some(_) | None => joined.push((start, stop)),
        }
    }
    joined
}
