//! One decision with its record: what only an overlay allows is answered after it was recorded, or refused.

use guan_engine::activity::{Dormant, NodeFacts, OverlayRow, Standing, is_acting};
use guan_engine::answer::Decision;
use guan_engine::ask::Request;
use guan_engine::model::Span;

use crate::caller::{Caller, ClockReading};
use crate::change::{Change, DecisionRecord};
use crate::error::ReadError;
use crate::store::Store;
use crate::write::WriteError;

/// Which decisions are recorded. Would-denies always are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Recording {
    /// Would-denies alone.
    #[default]
    WouldDenies,
    /// Refusals too.
    Denials,
}

/// A decision that may leave the house.
#[derive(Debug)]
pub struct Answer {
    /// The decision. A would-deny that could not be recorded is here as the refusal that it was without the overlay.
    pub decision: Decision,
    /// Its ledger row, if it has one.
    pub sequence: Option<u64>,
    /// Why it was not recorded although it was to be.
    pub unrecorded: Option<WriteError>,
}

impl Store {
    /// Decides under the overlays that act now, and records what has to be recorded before it answers.
    ///
    /// `ask` is the engine: it gets the request with the overlays and the facts about this node.
    ///
    /// Cost: one read of the open overlays; a recorded decision costs a commit.
    ///
    /// Errors: the overlays cannot be read; decide by the policy alone then.
    pub fn decide(
        &mut self,
        caller: &Caller,
        clock: &ClockReading,
        request: &Request<'_>,
        recording: Recording,
        ask: impl FnOnce(&Request<'_>) -> Decision,
    ) -> Result<Answer, ReadError> {
        let organization = &request.session.organization;
        let node = self.node_facts(organization, clock, Span(0))?;
        let rows = self.overlay_rows(organization)?;
        self.close_alarmed(caller, clock, (&rows, &node));
        let standing = Standing { rows: &rows, node: &node };
        let asked = Request {
            session: request.session.clone().under(standing),
            action: request.action.clone(),
            on: request.on.clone(),
            fields: request.fields.clone(),
            extent: request.extent,
        };
        let decision = ask(&asked);
        let organization = organization.clone();
        let record = DecisionRecord::new(request, decision.clone());
        let change = match (&decision, recording) {
            (Decision::Relaxed { .. }, _) => {
                Change::RecordWouldDenies { organization, decisions: vec![record] }
            }
            // A refusal because the organization is another one has no log to stand in.
            (Decision::Deny { .. }, Recording::Denials) => {
                Change::RecordDenial { organization, decision: record }
            }
            _ => return Ok(Answer { decision, sequence: None, unrecorded: None }),
        };
        Ok(match self.write(caller, clock, &change) {
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

    /// Closes for safety what an alarm has ended, so that it does not act again when the alarm is over.
    ///
    /// What is decided does not depend on it: such an overlay does not act, written or not.
    pub(crate) fn close_alarmed(
        &mut self,
        caller: &Caller,
        clock: &ClockReading,
        (rows, node): (&[OverlayRow], &NodeFacts),
    ) {
        let is_alarmed = rows
            .iter()
            .any(|row| row.closing.is_none() && is_acting(row, node).is_err_and(Dormant::is_alarm));
        if is_alarmed {
            self.sweep_if_possible(caller, clock);
        }
    }
}
