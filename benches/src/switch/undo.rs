//! What was written under a window is taken back.

use super::Sizes;
use super::window::House;
use crate::clock::now;
use crate::house;
use crate::table::{Table, time};
use crate::timing::busy;
use guan_engine::model::OverlayId;
use guan_store::{UndoOrder, UndoPlace};
use std::time::Instant;

/// For ten thousand writes, in nanoseconds.
const UNDO_MAX: f64 = 5e9;

/// Closes the window and undoes everything.
pub fn measure(
    house: &House<'_>,
    (window, sizes): (&OverlayId, Sizes),
    table: &mut Table,
) -> Result<(), String> {
    let (caller, organization) = (house::caller(), house::organization());
    let closed = house.gate.close_overlay(&caller, &now(), (&organization, window), "benchmark");
    closed.map_err(house::told)?;
    let place = UndoPlace { organization, overlay: window.clone(), run: None };
    let (begun, before) = (Instant::now(), busy());
    let who = (&caller, &now());
    let outcome = house.gate.undo(who, &place, &UndoOrder::everything(), "benchmark");
    let outcome = outcome.map_err(house::told)?;
    let (taken, spent) = (begun.elapsed().as_nanos() as f64, busy() - before);
    if outcome.writes as usize != sizes.writes {
        return Err(format!(
            "{} of {} writes were undone: {outcome:?}",
            outcome.writes, sizes.writes
        ));
    }
    let name = format!("undo of {} writes", sizes.writes);
    let notes = format!(
        "by the clock, {} on the processor; {} acts, SQLite, synced",
        time(spent),
        outcome.references.len()
    );
    table.figure(&name, taken, Some(UNDO_MAX), &notes);
    Ok(())
}
