//! The life of a window through the gate: each step is admitted by the rule of the engine, with the facts of its own transaction.

mod gathering;
mod makers;
mod settling;
mod shown;

use guan_engine::administration::{Act as Deed, AdministrationRefusal};
use guan_engine::ask::Session;
use guan_engine::lifecycle::{
    Act, Actor, BackupEvidence, Discount, Duty, Event, Outcome, RequestId, Rule, State, Wanted,
    WindowRequest, draft, planned, step,
};
use guan_engine::model::{Closing, Moment, OrganizationId, OverlayId, UserId};
use guan_ledger::{Digest, Kind};
use thiserror::Error;

use super::{Acting, Gate, GateError};
use crate::backup::{BackupError, verify_backup};
use crate::caller::{Caller, ClockReading};
use crate::change::Change;
use crate::error::{ReadError, StorageError};
use crate::fault::Interrupted;
use crate::off::OffError;
use crate::overlay::{Opening, Sealed, SealedOpening};
use crate::preview::{PreviewMode, Progress, WindowPreview};
use crate::store::BACKUPS_FOLDER;
use crate::window::{Soundness, WindowDocument, WindowStep};
use crate::write::WriteError;
use crate::{canonical, random, side};

use gathering::{Acts, Gathered};
pub use settling::{
    FloorProof, Reality, SelfTested, StillAllowed, Suggestion, Unused, WindowReport,
};
pub use shown::{Duties, ShownRequest};

/// Who steps, and when.
#[derive(Debug, Clone)]
pub struct WindowCall {
    /// Who calls.
    pub caller: Caller,
    /// What the clocks said.
    pub clock: ClockReading,
    /// The organization.
    pub organization: OrganizationId,
    /// Which user acts, or the program itself.
    pub by: Actor,
    /// When the user last proved themselves anew, if they did for this.
    pub stepped_up: Option<Moment>,
}

impl WindowCall {
    fn acts(&self) -> Acts<'_> {
        let user = match &self.by {
            Actor::User(user) => Some(user),
            Actor::System => None,
        };
        Acts { user, stepped_up: self.stepped_up }
    }

    fn user(&self) -> Option<&UserId> {
        self.acts().user
    }
}

/// Why a step is not taken. Nothing has changed then.
#[derive(Debug, Error)]
pub enum WindowFault {
    /// A rule refuses it.
    #[error(transparent)]
    Rule(#[from] Rule),
    /// The user may not give what the window gives.
    #[error(transparent)]
    Administration(#[from] AdministrationRefusal),
    /// The request is not the one that the program wrote last.
    #[error("the request `{request}` was changed from outside: write a new one")]
    NotWhole {
        /// Which.
        request: RequestId,
    },
    /// No verified backup.
    #[error("no window opens without a verified backup")]
    Backup(#[from] BackupError),
    /// It could not be closed.
    #[error(transparent)]
    Off(#[from] OffError),
    /// The installation cannot answer.
    #[error(transparent)]
    Gate(#[from] GateError),
    /// The system gave no random bytes.
    #[error("the system gives no random bytes")]
    Random(#[source] std::io::Error),
    /// A test stopped it.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
}

impl WindowFault {
    /// The name of the rule that refuses; absent where something else is in the way.
    pub const fn rule(&self) -> Option<&'static str> {
        match self {
            Self::Rule(rule) => Some(rule.code()),
            Self::NotWhole { .. } => Some("not_whole"),
            Self::Backup(BackupError::Damaged { .. } | BackupError::Log(_)) => {
                Some(Rule::BackupNotVerified.code())
            }
            Self::Administration(_)
            | Self::Backup(_)
            | Self::Off(_)
            | Self::Gate(_)
            | Self::Random(_)
            | Self::Interrupted(_) => None,
        }
    }

    /// Whether it refuses what is asked for itself, so that asking again in the same words never helps.
    pub const fn is_about_content(&self) -> bool {
        matches!(self, Self::Rule(rule) if rule.is_about_content())
    }
}

impl From<ReadError> for WindowFault {
    fn from(error: ReadError) -> Self {
        Self::Gate(error.into())
    }
}
impl From<StorageError> for WindowFault {
    fn from(error: StorageError) -> Self {
        ReadError::from(error).into()
    }
}
impl From<WriteError> for WindowFault {
    fn from(error: WriteError) -> Self {
        Self::Gate(error.into())
    }
}

/// What goes with a step beside its event.
#[derive(Debug, Default)]
struct With {
    document: Option<(WindowDocument, String)>,
    /// The backup by which the request is armed first, in the same step.
    arming: Option<BackupEvidence>,
}

impl Gate {
    /// Writes a request down.
    ///
    /// Errors: the rule that refuses it.
    pub fn draft_window(
        &self,
        call: &WindowCall,
        wanted: Wanted,
    ) -> Result<WindowRequest, WindowFault> {
        let Some(by) = call.user() else { return Err(Rule::NeedsPerson { act: "written" }.into()) };
        let id = RequestId::new(new_id()?);
        self.act(&call.caller, &call.clock, &call.organization, |acting| {
            let gathered = gathered(acting, call, None)?;
            let policy = acting.engine().policy();
            let facts = gathered.facts(policy);
            let request = draft(id, by, wanted, &facts)?;
            may_give(acting, call, &request, &facts)?;
            let kept = WindowStep {
                from: 0,
                operation: "draft_window",
                kind: Kind::OverlayRequested,
                words: request.wanted.reason.clone(),
                by: Some(by.clone()),
                document: None,
                notices: Vec::new(),
                request: request.clone(),
            };
            acting.apply(Change::StepWindow(Box::new(kept)))?;
            Ok(request)
        })
    }

    /// Takes a step that needs nothing beside its event: edit, approve, take back, refuse, withdraw, review, expire.
    ///
    /// `expected` is the version that was seen.
    ///
    /// Errors: the rule that refuses it.
    pub fn step_window(
        &self,
        call: &WindowCall,
        (id, expected): (&RequestId, u64),
        event: Event,
    ) -> Result<WindowRequest, WindowFault> {
        self.step_with(call, (id, expected), event, With::default())
    }

    /// Keeps what the window would change, as it is shown from here on.
    ///
    /// Errors: the rule that refuses it.
    pub fn keep_preview(
        &self,
        call: &WindowCall,
        (id, expected): (&RequestId, u64),
        preview: &WindowPreview,
    ) -> Result<WindowRequest, WindowFault> {
        let document = canonical::text(preview).map_err(StorageError::unreadable)?;
        let evidence = preview.evidence().map_err(StorageError::unreadable)?;
        let with = With { document: Some((WindowDocument::Preview, document)), ..With::default() };
        self.step_with(call, (id, expected), Event::Preview(evidence), with)
    }

    /// Works out what the window of a request would change, and keeps it with the request.
    ///
    /// Cost: see [`Gate::preview_window`].
    ///
    /// Errors: the rule that refuses it.
    pub fn preview_request(
        &self,
        call: &WindowCall,
        (id, expected): (&RequestId, u64),
        mode: PreviewMode,
        progress: &dyn Fn(Progress),
    ) -> Result<WindowRequest, WindowFault> {
        let stored = self.read(|reader| reader.window_request(&call.organization, id))?;
        let wanted = &stored.request.wanted;
        let place = (&call.clock, &call.organization);
        let preview = self.preview_window(place.0, place.1, wanted, mode, progress)?;
        self.keep_preview(call, (id, expected), &preview)
    }

    /// Takes and verifies a backup for a request. Writers wait meanwhile, readers do not.
    ///
    /// Errors: the rule that refuses it, asked before and after; no backup.
    pub fn back_up_window(
        &self,
        call: &WindowCall,
        (id, expected): (&RequestId, u64),
    ) -> Result<WindowRequest, WindowFault> {
        let stored = self.read(|reader| reader.window_request(&call.organization, id))?;
        let request = &stored.request;
        let policy = request.preview.as_ref().map(|preview| preview.policy.clone());
        let tried = BackupEvidence {
            name: String::new(),
            manifest: String::new(),
            policy: policy.unwrap_or_default(),
            verified: call.clock.wall,
        };
        self.rehearse(call, (request, expected), Event::BackUp(tried))?;
        let reason = format!("before the window {id}: {}", request.wanted.reason);
        let backup =
            self.alone(&call.clock, |store| store.take_backup(&call.caller, &call.clock, &reason))?;
        let mut inside = backup.manifest.content.organizations.iter();
        let inside = inside.find(|content| content.id == call.organization).ok_or_else(|| {
            ReadError::UnknownOrganization { organization: call.organization.to_string() }
        })?;
        let evidence = BackupEvidence {
            name: backup.manifest.name.clone(),
            manifest: backup.digest.to_string(),
            policy: inside.digest.to_string(),
            verified: call.clock.wall,
        };
        self.step_with(call, (id, expected), Event::BackUp(evidence), With::default())
    }

    /// Reads the backup of an approved request again and checks everything as at the opening.
    ///
    /// Errors: the rule that refuses it; the backup does not hold any more.
    pub fn arm_window(
        &self,
        call: &WindowCall,
        (id, expected): (&RequestId, u64),
    ) -> Result<WindowRequest, WindowFault> {
        let stored = self.read(|reader| reader.window_request(&call.organization, id))?;
        let evidence = self.verified_anew(call, stored.request.backup)?;
        self.step_with(call, (id, expected), Event::Arm(evidence), With::default())
    }

    /// Opens a window. One that is approved is armed by the same step: its backup is read again, and both rules are asked
    /// with the facts of one moment. From the commit on it acts.
    ///
    /// Errors: the rule that refuses it; nothing is relaxed then.
    pub fn open_window(
        &self,
        call: &WindowCall,
        (id, expected): (&RequestId, u64),
    ) -> Result<WindowRequest, WindowFault> {
        let stored = self.read(|reader| reader.window_request(&call.organization, id))?;
        let overlay = stored.request.overlay();
        let arming = match stored.request.state {
            State::Approved => Some(self.verified_anew(call, stored.request.backup)?),
            _ => None,
        };
        let with = With { arming, ..With::default() };
        self.step_with(call, (id, expected), Event::Open { overlay }, with)
    }

    /// The backup of a request, read again and found whole.
    fn verified_anew(
        &self,
        call: &WindowCall,
        backup: Option<BackupEvidence>,
    ) -> Result<BackupEvidence, WindowFault> {
        let backup = backup.ok_or(Rule::BackupNotVerified)?;
        let place = self.folder.join(BACKUPS_FOLDER).join(&backup.name);
        let found = match verify_backup(&place) {
            // Each node has those in its folder that it took itself.
            Err(BackupError::Missing(_)) => {
                return Err(Rule::BackupElsewhere { backup: backup.name }.into());
            }
            other => other?,
        };
        if found.digest.to_string() != backup.manifest {
            return Err(Rule::BackupNotVerified.into());
        }
        Ok(BackupEvidence { verified: call.clock.wall, ..backup })
    }

    /// Closes the window of a request by hand, with those that carry it on. Who may is asked of the rule; where the request
    /// itself was tampered with, whoever calls may.
    ///
    /// Errors: the user may not; it is closed already.
    pub fn close_window(
        &self,
        call: &WindowCall,
        id: &RequestId,
        words: &str,
    ) -> Result<Closing, WindowFault> {
        let stored = self.read(|reader| reader.window_request(&call.organization, id))?;
        if stored.soundness == Soundness::Whole && call.user().is_some() {
            let event = Event::Close { words: words.to_owned() };
            self.rehearse(call, (&stored.request, stored.request.version), event)?;
        } else {
            // Who took part in it cannot be believed then.
            self.must_have_duty(call, Duty::Close)?;
        }
        let overlay = stored.request.overlay();
        let place = (&call.organization, &overlay);
        Ok(self.close_overlay(&call.caller, &call.clock, place, words)?)
    }

    /// Refuses somebody who has no such duty towards all requests; who calls as nobody in the policy has every one.
    fn must_have_duty(&self, call: &WindowCall, duty: Duty) -> Result<(), WindowFault> {
        let Some(user) = call.user() else { return Ok(()) };
        let view = self.view(&call.organization)?;
        let node = view.facts(&call.clock);
        let gathered =
            self.read(|reader| Gathered::of(reader, view.engine(), node, call.acts(), None))?;
        let facts = gathered.facts(view.engine().policy());
        let account = facts.accounts.get(user).filter(|account| account.active);
        if account.is_some_and(|account| account.duties.contains(&duty)) {
            return Ok(());
        }
        Err(Rule::MayNot { act: "closed", why: Discount::NotEntitled }.into())
    }

    /// What a step would give, without taking it.
    fn rehearse(
        &self,
        call: &WindowCall,
        (request, expected): (&WindowRequest, u64),
        event: Event,
    ) -> Result<Outcome, WindowFault> {
        let view = self.view(&call.organization)?;
        let node = view.facts(&call.clock);
        let gathered = self
            .read(|reader| Gathered::of(reader, view.engine(), node, call.acts(), Some(request)))?;
        let act = Act { by: call.by.clone(), expected, event };
        Ok(step(request, &act, &gathered.facts(view.engine().policy()))?)
    }

    fn step_with(
        &self,
        call: &WindowCall,
        (id, expected): (&RequestId, u64),
        event: Event,
        with: With,
    ) -> Result<WindowRequest, WindowFault> {
        self.act(&call.caller, &call.clock, &call.organization, |acting| {
            let stored = acting.read().window_request(&call.organization, id)?;
            if stored.soundness != Soundness::Whole {
                return Err(WindowFault::NotWhole { request: id.clone() });
            }
            let before = stored.request;
            let gathered = gathered(acting, call, Some(&before))?;
            let facts = gathered.facts(acting.engine().policy());
            let (kind, operation) = told(&event);
            let words = words_of(&event, &before);
            let gives = matches!(event, Event::Edit(_) | Event::Open { .. });
            let mut from = (before.clone(), expected);
            if let Some(evidence) = with.arming {
                let event = Event::Arm(evidence);
                let act = Act { by: call.by.clone(), expected, event };
                let armed = step(&before, &act, &facts)?.request;
                from = (armed.clone(), armed.version);
            }
            let act = Act { by: call.by.clone(), expected: from.1, event };
            let Outcome { mut request, overlay, notices } = step(&from.0, &act, &facts)?;
            // One step, one row, one version.
            request.version = before.version.saturating_add(1);
            if gives {
                may_give(acting, call, &request, &facts)?;
            }
            let by = call.user().cloned();
            let document = with.document;
            let from = before.version;
            let kept = WindowStep { request, from, operation, kind, words, by, document, notices };
            let request = kept.request.clone();
            let change = match overlay {
                None => Change::StepWindow(Box::new(kept)),
                Some(overlay) => {
                    let opening = opening(acting, call, (&request, overlay))?;
                    Change::OpenOverlay(Box::new(SealedOpening {
                        sealed: opening,
                        step: Some(kept),
                    }))
                }
            };
            acting.apply(change)?;
            Ok(request)
        })
    }
}

/// What the seal of a window signs, from a request that may be opened.
fn opening(
    acting: &Acting<'_>,
    call: &WindowCall,
    (request, overlay): (&WindowRequest, guan_engine::model::Overlay),
) -> Result<Sealed, WindowFault> {
    let backup = request.backup.as_ref().ok_or(Rule::BackupNotVerified)?;
    let digest = |text: &str| text.parse::<Digest>().map_err(|_| Rule::BackupNotVerified);
    let opening = Opening {
        id: request.overlay(),
        overlay,
        requested_by: call.user().map_or_else(|| call.caller.id.clone(), ToString::to_string),
        backup: backup.name.clone(),
        manifest: digest(&backup.manifest)?,
        revision: acting.revision(),
        policy: digest(&backup.policy)?,
    };
    Ok(Sealed::new(acting.read().instance()?, opening))
}

fn gathered(
    acting: &Acting<'_>,
    call: &WindowCall,
    request: Option<&WindowRequest>,
) -> Result<Gathered, WindowFault> {
    let node = acting.standing().node.clone();
    let reader = acting.read();
    Ok(Gathered::of(&reader, acting.engine(), node, call.acts(), request)?)
}

/// Whether the user may give what the window gives: an elevation hands out nothing that they could not.
fn may_give(
    acting: &Acting<'_>,
    call: &WindowCall,
    request: &WindowRequest,
    facts: &guan_engine::lifecycle::Facts<'_>,
) -> Result<(), WindowFault> {
    let Some(user) = call.user() else { return Ok(()) };
    let mut session = Session::new(call.organization.clone(), user.clone(), call.clock.wall);
    session.address = call.caller.address;
    acting.engine().may_administer(&session, Deed::Open(&planned(request, facts)))?;
    Ok(())
}

/// How a step stands in the log.
const fn told(event: &Event) -> (Kind, &'static str) {
    match event {
        Event::Edit(_) => (Kind::OverlayRequested, "edit_window"),
        Event::Preview(_) => (Kind::OverlayRequested, "preview_window"),
        Event::BackUp(_) => (Kind::OverlayRequested, "back_up_window"),
        Event::Approve { .. } => (Kind::OverlayApproved, "approve_window"),
        Event::TakeBack => (Kind::OverlayRequested, "take_back_approval"),
        Event::Refuse { .. } => (Kind::OverlayRefused, "refuse_window"),
        Event::Withdraw { .. } => (Kind::OverlayRefused, "withdraw_window"),
        Event::Arm(_) => (Kind::OverlayRequested, "arm_window"),
        Event::Open { .. } => (Kind::OverlayOpened, "open_window"),
        Event::Close { .. } | Event::End(_) => (Kind::OverlayClosed, "close_window"),
        Event::Report(_) => (Kind::SelfTestDone, "report_window"),
        Event::Review { .. } => (Kind::OverlayReviewed, "review_window"),
        Event::Expire => (Kind::OverlayRefused, "expire_window"),
    }
}

fn words_of(event: &Event, before: &WindowRequest) -> String {
    match event {
        Event::Edit(wanted) => wanted.reason.clone(),
        Event::Refuse { words } | Event::Withdraw { words } | Event::Close { words } => {
            words.clone()
        }
        Event::Review { verdict, words } => match words.trim() {
            "" => format!("{verdict:?}").to_lowercase(),
            words => words.to_owned(),
        },
        Event::Report(evidence) => format!(
            "{} of {} would-denies that were asked again are refused",
            evidence.self_test.refused, evidence.self_test.asked
        ),
        Event::Expire => "a timer ran out".to_owned(),
        _ => before.wanted.reason.clone(),
    }
}

fn new_id() -> Result<String, WindowFault> {
    let random = random::bytes::<5>().map_err(WindowFault::Random)?;
    Ok(format!("w-{}", side::hex(&random)))
}

/// The overlay of a request, for what is kept of it.
pub(super) fn overlay_of(id: &RequestId) -> OverlayId {
    OverlayId::new(id.as_str())
}
