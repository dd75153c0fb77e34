//! A request as it is shown: what is missing, when it expires, and what whoever looks may do with it.

use std::collections::BTreeSet;

use guan_engine::activity::is_acting;
use guan_engine::lifecycle::{
    Act, Actor, BackupEvidence, Duty, Event, Facts, PreviewEvidence, RequestId, State, Tally,
    Timer, Verdict, Weight, WindowRequest, expired, step, tally, weights,
};
use guan_engine::model::{Moment, OrganizationId, OverlayId, UserId};
use serde::Serialize;

use super::gathering::{Acts, approvers};
use super::{Gathered, WindowCall, WindowFault, overlay_of};
use crate::caller::ClockReading;
use crate::gate::{Gate, View};
use crate::people::mail_of;
use crate::window::{Soundness, StoredRequest};

/// What somebody may do with requests in general.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Duties {
    /// Their duties.
    pub duties: BTreeSet<Duty>,
    /// How many requests wait for their approval or review.
    pub waiting: u64,
}

/// A request as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownRequest {
    /// The request.
    pub request: WindowRequest,
    /// Whether it can be relied on.
    pub soundness: Soundness,
    /// What makes it heavy.
    pub weights: BTreeSet<Weight>,
    /// Whose approvals count.
    pub tally: Tally,
    /// Whether enough people approved.
    pub approved: bool,
    /// Which timer runs until it is opened, and when it is over.
    pub expires: Option<(Timer, Moment)>,
    /// Whether its overlay acts at this moment.
    pub acting: bool,
    /// What whoever looks may do now.
    pub may: Vec<&'static str>,
}

impl Gate {
    /// One request as it is shown to who calls.
    ///
    /// Errors: there is none.
    pub fn show_window(
        &self,
        call: &WindowCall,
        id: &RequestId,
    ) -> Result<ShownRequest, WindowFault> {
        let stored = self.read(|reader| reader.window_request(&call.organization, id))?;
        self.shown_window(call, &self.view(&call.organization)?, stored)
    }

    /// Requests as they are shown to who calls, newest first, after the last one of the page before.
    pub fn list_windows(
        &self,
        call: &WindowCall,
        after: Option<(Moment, &RequestId)>,
        limit: u64,
    ) -> Result<Vec<ShownRequest>, WindowFault> {
        let found = self.read(|reader| reader.window_requests(&call.organization, after, limit))?;
        let view = self.view(&call.organization)?;
        found.into_iter().map(|stored| self.shown_window(call, &view, stored)).collect()
    }

    /// The requests in one state as they are shown to who calls, newest first.
    pub fn list_windows_in(
        &self,
        call: &WindowCall,
        state: State,
    ) -> Result<Vec<ShownRequest>, WindowFault> {
        let found = self.read(|reader| reader.window_requests_in(&call.organization, state))?;
        let view = self.view(&call.organization)?;
        found.into_iter().map(|stored| self.shown_window(call, &view, stored)).collect()
    }

    /// What somebody may do with requests, and how many wait for them.
    pub fn window_duties(&self, call: &WindowCall) -> Result<Duties, WindowFault> {
        let view = self.view(&call.organization)?;
        let node = view.facts(&call.clock);
        let gathered =
            self.read(|reader| Gathered::of(reader, view.engine(), node, call.acts(), None))?;
        let facts = gathered.facts(view.engine().policy());
        let account = call.user().and_then(|user| facts.accounts.get(user));
        let duties = account.map(|account| account.duties.clone()).unwrap_or_default();
        let mut waiting = 0;
        for (duty, state, act) in
            [(Duty::Approve, State::BackedUp, "approve"), (Duty::Review, State::Reported, "review")]
        {
            if duties.contains(&duty) {
                let shown = self.list_windows_in(call, state)?;
                waiting += shown.iter().filter(|one| one.may.contains(&act)).count() as u64;
            }
        }
        Ok(Duties { duties, waiting })
    }

    /// The mail addresses of those whose approval of a request would count now; users without one are left out.
    ///
    /// Cost: the users of the policy.
    ///
    /// Errors: there is no such request.
    pub fn mail_of_approvers(
        &self,
        clock: &ClockReading,
        organization: &OrganizationId,
        overlay: &OverlayId,
    ) -> Result<BTreeSet<String>, WindowFault> {
        let Some(stored) = self.request_of(organization, overlay)? else {
            return Ok(BTreeSet::new());
        };
        let (request, view) = (stored.request, self.view(organization)?);
        let (engine, node) = (view.engine(), view.facts(clock));
        let approvers = approvers(engine, &node);
        let acts = Acts { user: None, stepped_up: None };
        let gathered = self.read(|reader| {
            Gathered::with(reader, engine, node, (acts, &approvers), Some(&request))
        })?;
        let facts = gathered.facts(engine.policy());
        let counts = |user: &&UserId| {
            let event = Event::Approve { edition: request.edition, key: "asked".to_owned() };
            let by = Actor::User((*user).clone());
            step(&request, &Act { by, expected: request.version, event }, &facts).is_ok()
        };
        let users = approvers.iter().filter(counts);
        let mail = users.filter_map(|id| mail_of(id, engine.policy().users.get(id)?));
        Ok(mail.map(str::to_owned).collect())
    }

    /// The request that an overlay comes from, if it has one.
    pub fn request_of(
        &self,
        organization: &OrganizationId,
        overlay: &OverlayId,
    ) -> Result<Option<StoredRequest>, WindowFault> {
        let id = RequestId::new(overlay.as_str());
        match self.read(|reader| reader.window_request(organization, &id)) {
            Ok(stored) => Ok(Some(stored)),
            Err(crate::error::ReadError::UnknownOverlay { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn shown_window(
        &self,
        call: &WindowCall,
        view: &View,
        stored: StoredRequest,
    ) -> Result<ShownRequest, WindowFault> {
        let StoredRequest { request, soundness } = stored;
        let acts = call.acts();
        let node = view.facts(&call.clock);
        let engine = view.engine();
        let gathered =
            self.read(|reader| Gathered::of(reader, engine, node, acts, Some(&request)))?;
        let facts = gathered.facts(engine.policy());
        let tally = tally(&request, &facts);
        let may =
            if soundness == Soundness::Whole { may(call, &request, &facts) } else { Vec::new() };
        Ok(ShownRequest {
            weights: weights(&request.wanted.effect, engine.policy()),
            approved: tally.is_met(),
            expires: runs_out(&request, &facts),
            acting: acts_now(view, &call.clock, &request),
            tally,
            may,
            soundness,
            request,
        })
    }
}

fn acts_now(view: &View, clock: &ClockReading, request: &WindowRequest) -> bool {
    let facts = view.facts(clock);
    let id = overlay_of(&request.id);
    view.overlays().iter().any(|row| row.id == id && is_acting(row, &facts).is_ok())
}

/// The timer that runs and the moment when it is over: the one that has run out at the end of time.
fn runs_out(request: &WindowRequest, facts: &Facts<'_>) -> Option<(Timer, Moment)> {
    expired(request, facts.settings, Moment(i64::MAX))
}

/// What whoever calls may do, found by trying each step: nothing is remembered, and nothing changes.
fn may(call: &WindowCall, request: &WindowRequest, facts: &Facts<'_>) -> Vec<&'static str> {
    let now = facts.node.wall;
    let tries = |request: &WindowRequest, event: Event| {
        let act = Act { by: call.by.clone(), expected: request.version, event };
        step(request, &act, facts).map(|outcome| outcome.request)
    };
    let preview = PreviewEvidence {
        at: now,
        revision: 0,
        policy: facts.policy_digest.to_owned(),
        document: String::new(),
        overlapping: facts.windows.iter().map(|window| window.overlay.clone()).collect(),
    };
    let backup = BackupEvidence {
        name: String::new(),
        manifest: String::new(),
        policy: request.preview.as_ref().map(|shown| shown.policy.clone()).unwrap_or_default(),
        verified: now,
    };
    let words = || "x".to_owned();
    let approval =
        Event::Approve { edition: request.edition, key: format!("?{}", request.version) };
    let open = Event::Open { overlay: request.overlay() };
    let opens = match request.state {
        State::Approved => tries(request, Event::Arm(backup.clone()))
            .is_ok_and(|armed| tries(&armed, open).is_ok()),
        _ => tries(request, open).is_ok(),
    };
    let edit = Event::Edit(Box::new(request.wanted.clone()));
    let review = Event::Review { verdict: Verdict::InOrder, words: words() };
    [
        ("edit", tries(request, edit).is_ok()),
        ("preview", tries(request, Event::Preview(preview)).is_ok()),
        ("back_up", tries(request, Event::BackUp(backup)).is_ok()),
        ("approve", tries(request, approval).is_ok()),
        ("take_back", tries(request, Event::TakeBack).is_ok() && has_approved(call, request)),
        ("refuse", tries(request, Event::Refuse { words: words() }).is_ok()),
        ("withdraw", tries(request, Event::Withdraw { words: words() }).is_ok()),
        ("open", opens),
        ("close", tries(request, Event::Close { words: words() }).is_ok()),
        ("review", tries(request, review).is_ok()),
    ]
    .into_iter()
    .filter_map(|(act, may)| may.then_some(act))
    .collect()
}

fn has_approved(call: &WindowCall, request: &WindowRequest) -> bool {
    request.approvals.iter().any(|approval| Some(&approval.by) == call.user())
}
