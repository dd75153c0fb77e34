//! Lists and counts with their record: what only an overlay adds is shown after it was recorded, or left out.

use std::collections::BTreeMap;

use guan_engine::activity::OverlayRow;
use guan_engine::answer::Refusal;
use guan_engine::ask::Session;
use guan_engine::model::{Action, ObjectId, OverlayEffect, OverlayId, RecordId};
use guan_engine::question::{ListFault, Page};
use guan_ledger::Hasher;

use crate::change::RelaxedList;
use crate::write::WriteError;

/// A page that may leave the house.
#[derive(Debug)]
pub struct Listed {
    /// The page, or why there is none.
    pub page: Result<Page, ListFault>,
    /// Why what an overlay added was left out, if so.
    pub unrecorded: Option<WriteError>,
}

/// A count that may leave the house.
#[derive(Debug)]
pub struct Counted {
    /// The count, or why there is none.
    pub count: Result<u64, Refusal>,
    /// The overlays that added to it.
    pub relaxed_by: Vec<OverlayId>,
    /// Why what an overlay added was left out, if so.
    pub unrecorded: Option<WriteError>,
}

/// What a count is without suspensions, and what each of them adds to it.
pub(crate) fn added(
    rows: &[OverlayRow],
    count_under: impl Fn(&[OverlayRow]) -> Result<u64, Refusal>,
    (session, action, object): (&Session<'_>, &Action, &ObjectId),
) -> (Result<u64, Refusal>, Vec<RelaxedList>) {
    let mut with = without_suspensions(rows);
    let without = count_under(&with);
    let mut lists = Vec::new();
    for row in rows.iter().filter(|row| is_suspension(row)) {
        // Which of them adds what: each is asked alone, over everything else that acts.
        with.push(row.clone());
        if let Ok(counted) = count_under(&with) {
            let added = counted.saturating_sub(without.as_ref().copied().unwrap_or(0));
            // A count of nothing instead of a refusal is something added too.
            if added > 0 || without.is_err() {
                lists.push(list(session, action, object, (&row.id, added)));
            }
        }
        with.pop();
    }
    (without, lists)
}

/// Whether some overlay could add to a list.
pub(crate) fn has_suspension(rows: &[OverlayRow]) -> bool {
    rows.iter().any(is_suspension)
}

const fn is_suspension(row: &OverlayRow) -> bool {
    matches!(row.overlay.effect, OverlayEffect::Suspension { .. })
}

/// Elevations and disablements alone. Lock-outs are left out too, so this is for those who were not locked out.
pub(crate) fn without_suspensions(rows: &[OverlayRow]) -> Vec<OverlayRow> {
    rows.iter().filter(|row| !is_suspension(row)).cloned().collect()
}

fn list(
    session: &Session<'_>,
    action: &Action,
    object: &ObjectId,
    (overlay, rows): (&OverlayId, u64),
) -> RelaxedList {
    RelaxedList {
        subject: session.subject.clone(),
        address: session.address,
        action: action.clone(),
        object: object.clone(),
        overlay: overlay.clone(),
        record: None,
        rows,
        ids: None,
    }
}

/// What each overlay added to a page.
pub(crate) fn lists_of(
    page: &Page,
    session: &Session<'_>,
    action: &Action,
    object: &ObjectId,
) -> Vec<RelaxedList> {
    let mut by_overlay: BTreeMap<&OverlayId, (u64, Hasher, Option<RecordId>)> = BTreeMap::new();
    for relaxed in &page.relaxed {
        let (rows, hasher, record) = by_overlay.entry(&relaxed.overlay).or_default();
        *rows += 1;
        *record = (*rows == 1).then(|| relaxed.record.clone());
        hasher.update(relaxed.record.as_str().as_bytes());
        hasher.update(b"\n");
    }
    by_overlay
        .into_iter()
        .map(|(overlay, (rows, hasher, record))| RelaxedList {
            record,
            ids: Some(hasher.finish()),
            ..list(session, action, object, (overlay, rows))
        })
        .collect()
}
