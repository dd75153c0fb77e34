//! What a step in the life of a window does to the rows, inside the transaction of the write method.

use guan_engine::lifecycle::{Closed, ClosedBy, State, Urgency, closed};
use guan_engine::model::{Closing, OrganizationId, OverlayId};
use guan_ledger::{ChangeKind, Digest};

use super::{Sealed, Soundness, WindowStep, one};
use crate::apply::suspension;
use crate::database::values;
use crate::log::Draft;
use crate::write::{Effect, WriteError, Writing};
use crate::{revision, seal, sql};

impl Writing<'_> {
    /// Keeps a step that opens nothing, with its own row.
    pub(crate) fn step_window(&self, step: &WindowStep) -> Result<Effect, WriteError> {
        let request = &step.request;
        let digest = self.keep_step(step)?;
        let change = if step.from == 0 { ChangeKind::Created } else { ChangeKind::Updated };
        let mut draft = Draft::new(step.kind, step.operation)
            .because(&step.words)
            .changed(change, 1)
            .imprints(None, Some(digest));
        draft.suspension = Some(suspension(&request.overlay(), &request.wanted.effect));
        draft.on_behalf_of = step.on_behalf_of(self.caller);
        Ok(Effect::one(request.organization.as_str(), draft))
    }

    /// Writes a request as a step leaves it, and gives the digest of its text.
    pub(crate) fn keep_step(&self, step: &WindowStep) -> Result<Digest, WriteError> {
        let request = &step.request;
        let (org, id) = (request.organization.as_str(), request.id.as_str());
        // Also that there is such an organization.
        revision::current(self.tx, &request.organization)?;
        let sealed = Sealed { instance: self.side.instance.clone(), request: request.clone() };
        let (text, signed) = seal::seal(self.side, &sealed)?;
        let digest = Digest::of(text.as_bytes());
        let state = request.state.name();
        if step.from == 0 {
            let emergency = i64::from(request.wanted.urgency == Urgency::Emergency);
            let (version, drafted) = (request.version, request.drafted.0);
            let row = values![org, id, version, state, emergency, drafted, text, signed];
            self.tx.run(sql::WINDOW_CREATE, row)?;
        } else {
            let row = values![org, id, step.from, request.version, state, text, signed];
            if self.tx.run(sql::WINDOW_CHANGE, row)? == 0 {
                let found = one(self.tx, &request.organization, self.side, id)?;
                let found = found.map_or(0, |stored| stored.request.version);
                return Err(WriteError::Conflict { expected: step.from, found });
            }
        }
        self.notices_of(step)?;
        if let Some((kind, document)) = &step.document {
            self.tx.run(sql::WINDOW_DOCUMENT_PUT, values![org, id, kind.name(), document])?;
        }
        Ok(digest)
    }

    /// The end of an overlay is the end of its request. One that is not whole stays as it is: sealing it anew would make
    /// it look right.
    pub(crate) fn close_request(
        &self,
        organization: &OrganizationId,
        overlay: &OverlayId,
        closing: &Closing,
    ) -> Result<(), WriteError> {
        let found = one(self.tx, organization, self.side, overlay.as_str())?;
        let Some(found) = found.filter(|found| found.soundness == Soundness::Whole) else {
            return Ok(());
        };
        let (cause, words) = ClosedBy::read(&closing.why);
        let by = (cause == ClosedBy::Hand).then(|| self.caller.id.as_str().into());
        let end = Closed {
            at: closing.at,
            recorded: self.clock.wall,
            cause,
            words: words.to_owned(),
            by,
        };
        let Some(next) = closed(&found.request, end) else { return Ok(()) };
        debug_assert_eq!(next.state, State::Closed);
        let sealed = Sealed { instance: self.side.instance.clone(), request: next };
        let (text, signed) = seal::seal(self.side, &sealed)?;
        let next = &sealed.request;
        let (org, id, state) = (organization.as_str(), overlay.as_str(), next.state.name());
        let row = values![org, id, found.request.version, next.version, state, text, signed];
        self.tx.run(sql::WINDOW_CHANGE, row)?;
        Ok(())
    }
}
