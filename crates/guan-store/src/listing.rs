//! Lists and counts with their record: what only an overlay adds is shown after it was recorded, or left out.

use std::collections::BTreeMap;

use guan_engine::activity::{OverlayRow, Standing};
use guan_engine::answer::Refusal;
use guan_engine::ask::Session;
use guan_engine::model::{Action, ObjectId, OverlayEffect, OverlayId, Span};
use guan_engine::question::{ListFault, ListQuery, Page};
use guan_ledger::Hasher;

use crate::caller::{Caller, ClockReading};
use crate::change::{Change, RelaxedList};
use crate::live::{Live, LiveError};
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
    /// Why what an overlay added was left out, if so.
    pub unrecorded: Option<WriteError>,
}

impl Live {
    /// One page of a list under the overlays that act now. What suspensions add is recorded before the page is returned;
    /// when it cannot be, the page is what is shown without them.
    ///
    /// `session` says who and from where; its own standing is not looked at.
    pub fn list(
        &mut self,
        caller: &Caller,
        clock: &ClockReading,
        session: &Session<'_>,
        action: &Action,
        query: &ListQuery,
    ) -> Result<Listed, LiveError> {
        let (store, engine) = self.both(&session.organization)?;
        let node = store.node_facts(&session.organization, clock, Span(0))?;
        let rows = store.overlay_rows(&session.organization)?;
        store.close_alarmed(caller, clock, (&rows, &node));
        let list_under = |rows: &[_]| {
            let under = session.clone().under(Standing { rows, node: &node });
            engine.list(&under, action, query)
        };
        let page = list_under(&rows);
        let lists = match &page {
            Ok(page) => lists_of(page, session, action, &query.object),
            Err(_) => Vec::new(),
        };
        if lists.is_empty() {
            return Ok(Listed { page, unrecorded: None });
        }
        let organization = session.organization.clone();
        let change = Change::RecordRelaxedLists { organization, lists };
        Ok(match store.write(caller, clock, &change) {
            Ok(_) => Listed { page, unrecorded: None },
            Err(error) => {
                Listed { page: list_under(&without_suspensions(&rows)), unrecorded: Some(error) }
            }
        })
    }

    /// How many records a whole list has, under the overlays that act now; recorded as [`Live::list`] does.
    pub fn count(
        &mut self,
        caller: &Caller,
        clock: &ClockReading,
        session: &Session<'_>,
        action: &Action,
        object: &ObjectId,
    ) -> Result<Counted, LiveError> {
        let (store, engine) = self.both(&session.organization)?;
        let node = store.node_facts(&session.organization, clock, Span(0))?;
        let rows = store.overlay_rows(&session.organization)?;
        store.close_alarmed(caller, clock, (&rows, &node));
        let count_under = |rows: &[_]| {
            let under = session.clone().under(Standing { rows, node: &node });
            engine.count(&under, action, object)
        };
        let count = count_under(&rows);
        if count.is_err() {
            return Ok(Counted { count, unrecorded: None });
        }
        let mut with = without_suspensions(&rows);
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
        if lists.is_empty() {
            return Ok(Counted { count, unrecorded: None });
        }
        let organization = session.organization.clone();
        let change = Change::RecordRelaxedLists { organization, lists };
        Ok(match store.write(caller, clock, &change) {
            Ok(_) => Counted { count, unrecorded: None },
            Err(error) => Counted { count: without, unrecorded: Some(error) },
        })
    }
}

const fn is_suspension(row: &OverlayRow) -> bool {
    matches!(row.overlay.effect, OverlayEffect::Suspension { .. })
}

/// Elevations and disablements alone. Lock-outs are left out too, so this is for those who were not locked out.
fn without_suspensions(rows: &[OverlayRow]) -> Vec<OverlayRow> {
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
        rows,
        ids: None,
    }
}

/// What each overlay added to a page.
fn lists_of(
    page: &Page,
    session: &Session<'_>,
    action: &Action,
    object: &ObjectId,
) -> Vec<RelaxedList> {
    let mut by_overlay: BTreeMap<&OverlayId, (u64, Hasher)> = BTreeMap::new();
    for relaxed in &page.relaxed {
        let (rows, hasher) = by_overlay.entry(&relaxed.overlay).or_default();
        *rows += 1;
        hasher.update(relaxed.record.as_str().as_bytes());
        hasher.update(b"\n");
    }
    by_overlay
        .into_iter()
        .map(|(overlay, (rows, hasher))| RelaxedList {
            ids: Some(hasher.finish()),
            ..list(session, action, object, (overlay, rows))
        })
        .collect()
}
