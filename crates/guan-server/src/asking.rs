//! Whom a question is about and what its asker may be told: oneself freely, others with the power or the scope for it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use guan_engine::administration::{Domain, Power};
use guan_engine::answer::{Decision, Evidence, Explanation, Refusal, Remedy, Stage};
use guan_engine::ask::{Extent, Request, Session, Target};
use guan_engine::model::{
    Action, FieldAccess, FieldId, Moment, ObjectId, OverlayId, RecordId, RecordKey, UserId,
};
use guan_store::{
    Change, ClockReading, DecisionRecord, Gate, GateError, Recording, View, WriteError,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::Json;
use crate::problem::{Code, Problem};

/// The header that names the overlays without which the answer would be another.
const OVERLAY_HEADER: HeaderName = HeaderName::from_static("guan-overlay");

/// Whom a question is about. About anybody else than the caller, from elsewhere or at another time, it takes the power
/// `guan.ask_about_others`.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Situation {
    /// The user; the caller when absent.
    pub(crate) subject: Option<UserId>,
    /// The address that the session comes from; absent the caller's own, or an unknown one for somebody else.
    #[schema(value_type = Option<String>)]
    pub(crate) from: Option<IpAddr>,
    /// The instant; absent now. At another time the policy answers alone and nothing is recorded.
    pub(crate) at: Option<Moment>,
}

/// A record that is to be made.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRecord {
    /// Its intended owners.
    #[serde(default)]
    owners: BTreeSet<guan_engine::model::Owner>,
    /// Its intended unit.
    unit: Option<guan_engine::model::NodeId>,
}

/// What a question is asked on.
///
/// Errors: a record that is there and a new one at once.
pub(crate) fn target(
    object: ObjectId,
    record: Option<RecordId>,
    new: Option<NewRecord>,
) -> Result<Target, Problem> {
    match (record, new) {
        (None, None) => Ok(Target::Object(object)),
        (Some(id), None) => Ok(Target::Record(RecordKey { object, id })),
        (None, Some(NewRecord { owners, unit })) => Ok(Target::New { object, owners, unit }),
        (Some(_), Some(_)) => {
            Err(Problem::new(Code::WrongShape).detail("name a record or a new one, not both"))
        }
    }
}

/// Who asks, with what they may know.
#[derive(Debug, Clone)]
pub(crate) struct Asker<'g> {
    gate: &'g Gate,
    caller: Caller,
    clock: ClockReading,
    /// Whom they may ask about beside themself.
    others: Domain,
    /// Whether they may ask about everybody, and so may know of every record.
    pub(crate) may_know: bool,
}

impl<'g> Asker<'g> {
    /// Finds out what a caller may know.
    pub(crate) fn of(
        gate: &'g Gate,
        caller: &Caller,
        clock: ClockReading,
    ) -> Result<Self, GateError> {
        let others = domain(gate, caller, &clock, Power::AskAboutOthers)?;
        let may_know = others == Domain::Everything;
        Ok(Self { gate, caller: caller.clone(), clock, others, may_know })
    }

    /// For questions about everybody at once.
    ///
    /// Errors: the caller may ask about themself, or about a part of the users, alone.
    pub(crate) fn must_know(&self) -> Result<(), Problem> {
        if self.may_know { Ok(()) } else { Err(may_not_ask()) }
    }

    /// Whether the caller may ask about somebody who is there.
    pub(crate) fn may_ask_about(&self, user: &UserId) -> Result<bool, GateError> {
        let view = self.gate.view(self.caller.organization())?;
        let policy = view.engine().policy();
        Ok(policy.users.get(user).is_some_and(|user| self.others.has(policy, user)))
    }

    /// The question's session.
    ///
    /// Errors: the caller may ask about themself alone.
    pub(crate) fn pose(&self, situation: Option<Situation>) -> Result<Posed, Problem> {
        let Situation { subject, from, at } = situation.unwrap_or_default();
        let me = self.caller.user();
        let is_me = subject.as_ref().is_none_or(|subject| subject == me);
        let is_plain = is_me && from.is_none() && at.is_none();
        if !self.may_know && !is_plain && !self.may_ask_about(subject.as_ref().unwrap_or(me))? {
            return Err(may_not_ask());
        }
        let mut session = self.caller.session(at.unwrap_or(self.clock.wall));
        session.address = from.or(session.address.filter(|_| is_me));
        session.subject = subject.unwrap_or_else(|| me.clone());
        Ok(Posed {
            session,
            caller: self.caller.clone(),
            clock: self.clock.clone(),
            is_at_another_time: at.is_some(),
            may_know: self.may_know,
        })
    }
}

/// Lets a caller see as a user: they may ask about them, and the user could sign in now.
///
/// Errors: what is not to be known is told as not there.
pub(crate) fn may_see_as(
    gate: &Gate,
    caller: &Caller,
    (clock, user): (&ClockReading, &UserId),
) -> Result<(), Problem> {
    if !Asker::of(gate, caller, clock.clone())?.may_ask_about(user)? {
        return Err(Problem::not_found());
    }
    let view = gate.view(caller.organization())?;
    let facts = view.facts(clock);
    let session = Session::new(caller.organization().clone(), user.clone(), clock.wall);
    let entered = view.engine().enter(&session.under(view.standing(&facts))).is_ok();
    let refused = || Problem::new(Code::NotInAView).detail("they could not sign in now");
    if entered { Ok(()) } else { Err(refused()) }
}

fn may_not_ask() -> Problem {
    let name = Power::AskAboutOthers.name();
    Problem::new(Code::PowerMissing)
        .detail(format!("to ask about others, from elsewhere or at another time takes `{name}`"))
}

/// Whom a caller administers with a power; nobody when the session gate refuses.
pub(crate) fn domain(
    gate: &Gate,
    caller: &Caller,
    clock: &ClockReading,
    power: Power,
) -> Result<Domain, GateError> {
    let view = gate.view(caller.organization())?;
    let facts = view.facts(clock);
    let session = caller.session(clock.wall).under(view.standing(&facts));
    let domain = view.engine().domain(&session, power);
    Ok(domain.unwrap_or_else(|_| Domain::Subtrees([].into())))
}

/// A question's session with all that its answer depends on.
#[derive(Debug, Clone)]
pub(crate) struct Posed {
    pub(crate) session: Session<'static>,
    pub(crate) caller: Caller,
    pub(crate) clock: ClockReading,
    /// Then no overlay counts, since nobody knows which act then.
    pub(crate) is_at_another_time: bool,
    /// Whether the asker may know of every record.
    pub(crate) may_know: bool,
}

impl Posed {
    /// A request in this session.
    pub(crate) fn request(&self, action: Action, on: Target) -> Request<'static> {
        Request::new(self.session.clone(), action, on)
    }

    /// Decides, and records what has to be recorded before it is answered; gives the row too, if there is one.
    pub(crate) fn decide(
        &self,
        gate: &Gate,
        request: &Request<'_>,
        recording: Recording,
        ask: impl FnOnce(&View, &Request<'_>) -> Decision,
    ) -> Result<(Decision, Option<u64>), GateError> {
        if self.is_at_another_time {
            let view = gate.view(&self.session.organization)?;
            return Ok((ask(&view, request), None));
        }
        let answer = gate.decide(&self.caller.who(), &self.clock, request, recording, ask)?;
        if let Some(error) = &answer.unrecorded {
            tracing::warn!(name: "decision.unrecorded", %error, "a decision could not be recorded");
        }
        Ok((answer.decision, answer.sequence))
    }

    /// Decides without waiting for anything; `None` where [`Posed::decide`] has to be asked on a thread that may block.
    pub(crate) fn decide_in_memory(
        &self,
        gate: &Gate,
        request: &Request<'_>,
        recording: Recording,
        ask: impl FnOnce(&View, &Request<'_>) -> Decision,
    ) -> Option<Decision> {
        if self.is_at_another_time {
            return None;
        }
        gate.decide_in_memory(&self.clock, request, recording, ask)
    }

    /// Asks the engine under the overlays that act now. Nothing is recorded: use it for what opens nothing.
    pub(crate) fn look<T>(
        &self,
        gate: &Gate,
        ask: impl FnOnce(&View, &Session<'_>) -> T,
    ) -> Result<T, GateError> {
        let view = gate.view(&self.session.organization)?;
        if self.is_at_another_time {
            return Ok(ask(&view, &self.session));
        }
        let facts = view.facts(&self.clock);
        let session = self.session.clone().under(view.standing(&facts));
        Ok(ask(&view, &session))
    }

    /// What the asker may be told of a decision: that a record exists only when they may read it.
    pub(crate) fn tell(
        &self,
        gate: &Gate,
        request: &Request<'_>,
        decision: Decision,
    ) -> Result<Decision, GateError> {
        if self.may_know {
            return Ok(decision);
        }
        let refusal = match decision {
            Decision::Deny { refusal } => refusal,
            Decision::Allow { evidence: Some(path) } => {
                let evidence = self.may_be_told(gate, request, &path)?.then_some(path);
                return Ok(Decision::Allow { evidence });
            }
            Decision::Allow { evidence: None } | Decision::Relaxed { .. } => return Ok(decision),
        };
        let refusal = match (&request.on, refusal) {
            (Target::Record(_), refusal) if refusal.stage() >= Stage::Reach => {
                if self.may_read(gate, request)? { refusal } else { Refusal::OutOfReach }
            }
            (_, refusal) => refusal,
        };
        let refusal = match refusal {
            Refusal::UnknownField { .. } | Refusal::FieldHidden { .. } => {
                self.first_closed(gate, request)?.unwrap_or(refusal)
            }
            other => other,
        };
        Ok(Decision::Deny { refusal: one_answer(refusal) })
    }

    /// The first of the fields of a request that is hidden or absent. Which of several the engine names depends on
    /// which of the two it is.
    fn first_closed(
        &self,
        gate: &Gate,
        request: &Request<'_>,
    ) -> Result<Option<Refusal>, GateError> {
        let fields: BTreeSet<&FieldId> = request.fields.iter().collect();
        if fields.len() < 2 {
            return Ok(None);
        }
        self.look(gate, |view, session| {
            fields.into_iter().find_map(|field| {
                let fields = vec![field.clone()];
                let alone = Request { session: session.clone(), fields, ..request.clone() };
                match view.engine().check(&alone) {
                    Decision::Deny {
                        refusal:
                            refusal @ (Refusal::UnknownField { .. } | Refusal::FieldHidden { .. }),
                    } => Some(refusal),
                    _ => None,
                }
            })
        })
    }

    /// The fields of which the asker may know.
    pub(crate) fn told_fields(
        &self,
        mut fields: BTreeMap<FieldId, FieldAccess>,
    ) -> BTreeMap<FieldId, FieldAccess> {
        fields.retain(|_, access| self.may_know || *access != FieldAccess::HIDDEN);
        fields
    }

    /// What the asker may be told of an explanation: of a record that they may read every path; remedies that name nothing.
    pub(crate) fn tell_all(
        &self,
        gate: &Gate,
        request: &Request<'_>,
        explanation: Explanation,
    ) -> Result<Explanation, GateError> {
        let Explanation { decision, mut evidence, mut remedies } = explanation;
        let decision = self.tell(gate, request, decision)?;
        if !self.may_know {
            let is_secret =
                decision.refusal().is_some_and(|refusal| refusal.stage() >= Stage::Reach)
                    && !self.may_read(gate, request)?;
            if is_secret {
                evidence.clear();
            }
            let mut told = Vec::with_capacity(evidence.len());
            for path in evidence {
                if self.may_be_told(gate, request, &path)? {
                    told.push(path);
                }
            }
            evidence = told;
            remedies.retain(|remedy| !is_secret && names_nothing(remedy));
        }
        Ok(Explanation { decision, evidence, remedies })
    }

    /// Whether a path leads over no other record, or over one that the policy lets the subject read.
    fn may_be_told(
        &self,
        gate: &Gate,
        request: &Request<'_>,
        path: &Evidence,
    ) -> Result<bool, GateError> {
        match self.look(gate, |view, _| view.engine().led_over(request.on.object(), path))? {
            Ok(None) => Ok(true),
            Ok(Some(other)) => self.may_read_target(gate, Target::Record(other)),
            Err(_) => Ok(false),
        }
    }

    /// Whether the policy lets the subject read the record of a request.
    pub(crate) fn may_read(&self, gate: &Gate, request: &Request<'_>) -> Result<bool, GateError> {
        self.may_read_target(gate, request.on.clone())
    }

    fn may_read_target(&self, gate: &Gate, on: Target) -> Result<bool, GateError> {
        self.look(gate, |view, session| {
            let reading = Request::new(session.clone(), Action::Read, on);
            matches!(view.engine().check(&reading), Decision::Allow { .. })
        })
    }

    /// A refusal that leaves as a problem: recorded first, so that its reference can be explained.
    pub(crate) fn refuse(
        &self,
        gate: &Gate,
        (action, on): (&Action, &Target),
        refusal: &Refusal,
    ) -> Problem {
        let organization = self.session.organization.clone();
        let request = Request {
            session: self.session.clone(),
            action: action.clone(),
            on: on.clone(),
            fields: Vec::new(),
            extent: Extent::Single,
        };
        let decision = Decision::Deny { refusal: refusal.clone() };
        let decision = DecisionRecord::new(&request, decision);
        let change = Change::RecordDenial { organization, decision };
        let written: Result<_, WriteError> = gate.write(&self.caller.who(), &self.clock, change);
        if let Err(error) = &written {
            tracing::warn!(name: "decision.unrecorded", %error, "a refusal could not be recorded");
        }
        let row = written.ok().map(|written| written.sequence);
        if self.may_know {
            return Problem::refused(refusal, row);
        }
        Problem::refused(&one_answer(refusal.clone()), row)
    }
}

/// A hidden field and one that is not there are one answer.
fn one_answer(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::UnknownField { field } => Refusal::FieldHidden { field },
        other => other,
    }
}

const fn names_nothing(remedy: &Remedy) -> bool {
    matches!(remedy, Remedy::ShareRecord { .. } | Remedy::Unlock | Remedy::Claim | Remedy::Activate)
}

/// A JSON answer that would be another without some overlays: the header `Guan-Overlay` names them.
#[derive(Debug)]
pub(crate) struct Under<T>(pub(crate) Vec<OverlayId>, pub(crate) T);

impl<T> Under<T> {
    /// The answer to a decision.
    pub(crate) fn of(decision: &Decision, body: T) -> Self {
        match decision {
            Decision::Relaxed { overlay, .. } => Self(vec![overlay.clone()], body),
            Decision::Allow { .. } | Decision::Deny { .. } => Self(Vec::new(), body),
        }
    }
}

impl Under<()> {
    /// Another body under the same overlays.
    pub(crate) fn with<T>(self, body: T) -> Under<T> {
        Under(self.0, body)
    }
}

impl<T: serde::Serialize> IntoResponse for Under<T> {
    fn into_response(self) -> Response {
        let Self(mut overlays, body) = self;
        let mut response = Json(body).into_response();
        overlays.sort_unstable();
        overlays.dedup();
        let names: Vec<&str> = overlays.iter().map(OverlayId::as_str).collect();
        if !names.is_empty()
            && let Ok(value) = HeaderValue::from_str(&names.join(", "))
        {
            response.headers_mut().insert(OVERLAY_HEADER, value);
        }
        response
    }
}
