//! Decisions, lists and counts that may leave the house: what only an overlay allows is recorded first, or left out.

use std::sync::atomic::Ordering;

use guan_engine::activity::{NodeFacts, OverlayRow, Standing, is_acting, is_kept_in_doubt};
use guan_engine::answer::Decision;
use guan_engine::ask::{Request, Session};
use guan_engine::model::{Action, ObjectId};
use guan_engine::question::ListQuery;

use super::{Gate, GateError, View};
use crate::caller::{Caller, ClockReading};
use crate::change::{Change, DecisionRecord};
use crate::decide::{Answer, Recording};
use crate::listing::{self, Counted, Listed};

impl Gate {
    /// Decides under the overlays that act now, and records what has to be recorded before it answers.
    ///
    /// `ask` is the question to the engine; it gets the request with the overlays and the facts about this node.
    ///
    /// Cost: memory alone; a recorded decision waits for a commit that others share.
    ///
    /// Errors: the organization cannot be loaded.
    pub fn decide(
        &self,
        caller: &Caller,
        clock: &ClockReading,
        request: &Request<'_>,
        recording: Recording,
        ask: impl FnOnce(&View, &Request<'_>) -> Decision,
    ) -> Result<Answer, GateError> {
        let (view, facts) = self.facing((caller, clock), &request.session)?;
        let decision = ask_under((&view, &facts), request, ask);
        // Nobody waits for this question while it waits for the writer.
        drop(view);
        self.observe(request, clock);
        let organization = request.session.organization.clone();
        let record = |decision: &Decision| DecisionRecord::new(request, decision.clone());
        let change = match (&decision, recording) {
            (Decision::Relaxed { .. }, _) => {
                let decisions = vec![record(&decision)];
                Change::RecordWouldDenies { organization, decisions }
            }
            (Decision::Deny { .. }, Recording::Denials) => {
                Change::RecordDenial { organization, decision: record(&decision) }
            }
            _ => return Ok(Answer { decision, sequence: None, unrecorded: None }),
        };
        Ok(match self.write(caller, clock, change) {
            Ok(written) => Answer { decision, sequence: Some(written.sequence), unrecorded: None },
            Err(error) => {
                let decision = match decision {
                    Decision::Relaxed { refusal, .. } => Decision::Deny { refusal },
                    other => other,
                };
                Answer { decision, sequence: None, unrecorded: Some(error) }
            }
        })
    }

    /// Decides as [`Gate::decide`] does, where memory alone is enough for it: it never waits for the database.
    ///
    /// `None` where the organization is not loaded, an alarm has to be met first, or the decision has to be recorded
    /// before it is answered; then ask [`Gate::decide`].
    pub fn decide_in_memory(
        &self,
        clock: &ClockReading,
        request: &Request<'_>,
        recording: Recording,
        ask: impl FnOnce(&View, &Request<'_>) -> Decision,
    ) -> Option<Decision> {
        let view = self.view_in_memory(&request.session.organization)?;
        let facts = view.facts(clock);
        if is_alarmed(&view, &facts, clock) && !view.alarm_met().load(Ordering::Acquire) {
            // Whoever meets the alarm looks again.
            view.look_again();
            return None;
        }
        let decision = ask_under((&view, &facts), request, ask);
        drop(view);
        match (&decision, recording) {
            (Decision::Relaxed { .. }, _) | (Decision::Deny { .. }, Recording::Denials) => None,
            (Decision::Allow { .. }, _) | (Decision::Deny { .. }, Recording::WouldDenies) => {
                self.observe(request, clock);
                Some(decision)
            }
        }
    }

    /// One page of a list under the overlays that act now. What suspensions add is recorded before the page is returned;
    /// when it cannot be, the page is what is shown without them.
    ///
    /// `session` says who and from where; its own standing is not looked at.
    pub fn list(
        &self,
        caller: &Caller,
        clock: &ClockReading,
        session: &Session<'_>,
        action: &Action,
        query: &ListQuery,
    ) -> Result<Listed, GateError> {
        let (view, facts) = self.facing((caller, clock), session)?;
        let list_under = |standing: Standing<'_>| {
            view.engine().list(&session.clone().under(standing), action, query)
        };
        let page = list_under(view.standing(&facts));
        let lists = match &page {
            Ok(page) => listing::lists_of(page, session, action, &query.object),
            Err(_) => Vec::new(),
        };
        let shown = page.iter().flat_map(|page| page.records.iter().cloned());
        self.shadows.observe_page(session, (action, &query.object), (shown, Some(query)), clock);
        if lists.is_empty() {
            return Ok(Listed { page, unrecorded: None });
        }
        let organization = session.organization.clone();
        Ok(match self.write(caller, clock, Change::RecordRelaxedLists { organization, lists }) {
            Ok(_) => Listed { page, unrecorded: None },
            Err(error) => {
                let rows = view.overlays_for(&session.subject);
                let without = listing::without_suspensions(rows);
                let page = list_under(Standing::of(&without, &facts));
                Listed { page, unrecorded: Some(error) }
            }
        })
    }

    /// How many records a whole list has, under the overlays that act now; recorded as [`Gate::list`] does.
    pub fn count(
        &self,
        caller: &Caller,
        clock: &ClockReading,
        session: &Session<'_>,
        action: &Action,
        object: &ObjectId,
    ) -> Result<Counted, GateError> {
        let (view, facts) = self.facing((caller, clock), session)?;
        let count_under = |rows: &[OverlayRow]| {
            let under = session.clone().under(Standing::of(rows, &facts));
            view.engine().count(&under, action, object)
        };
        let rows = view.overlays_for(&session.subject);
        let count = count_under(rows);
        if count.is_err() || !listing::has_suspension(rows) {
            return Ok(Counted { count, relaxed_by: Vec::new(), unrecorded: None });
        }
        let (without, lists) = listing::added(rows, count_under, (session, action, object));
        if lists.is_empty() {
            return Ok(Counted { count, relaxed_by: Vec::new(), unrecorded: None });
        }
        let relaxed_by = lists.iter().map(|list| list.overlay.clone()).collect();
        let organization = session.organization.clone();
        Ok(match self.write(caller, clock, Change::RecordRelaxedLists { organization, lists }) {
            Ok(_) => Counted { count, relaxed_by, unrecorded: None },
            Err(error) => {
                Counted { count: without, relaxed_by: Vec::new(), unrecorded: Some(error) }
            }
        })
    }

    /// The view for a question, after what an alarm has ended was closed for good.
    ///
    /// What is decided does not depend on it: such an overlay does not act, written or not.
    pub(super) fn facing(
        &self,
        (caller, clock): (&Caller, &ClockReading),
        session: &Session<'_>,
    ) -> Result<(View, NodeFacts), GateError> {
        let view = self.view(&session.organization)?;
        let facts = view.facts(clock);
        if !is_alarmed(&view, &facts, clock) || view.alarm_met().swap(true, Ordering::AcqRel) {
            return Ok((view, facts));
        }
        // What cannot be written now is left to who comes next.
        let _swept = self.sweep(caller, clock);
        let view = self.view(&session.organization)?;
        let facts = view.facts(clock);
        Ok((view, facts))
    }
}

/// Asks in the session of a request under the overlays of a view.
fn ask_under(
    (view, facts): (&View, &NodeFacts),
    request: &Request<'_>,
    ask: impl FnOnce(&View, &Request<'_>) -> Decision,
) -> Decision {
    let asked = Request {
        session: request.session.clone().under(view.standing(facts)),
        action: request.action.clone(),
        on: request.on.clone(),
        fields: request.fields.clone(),
        extent: request.extent,
    };
    ask(view, &asked)
}

/// Whether an overlay of the view was ended by an alarm, and its end is not written; looked for once at the same clocks.
fn is_alarmed(view: &View, facts: &NodeFacts, clock: &ClockReading) -> bool {
    let is_alarming = |row: &OverlayRow| {
        row.closing.is_none()
            && is_acting(row, facts).is_err_and(|why| why.is_alarm() && !is_kept_in_doubt(row, why))
    };
    view.is_first_look(clock) && view.overlays().iter().any(is_alarming)
}
