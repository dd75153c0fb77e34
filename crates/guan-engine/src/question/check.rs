//! `check`: may the subject do this?

use super::fields;
use super::relax::{self, Relaxation, Touched};
use crate::answer::{Decision, Refusal};
use crate::ask::{Request, Session, Target};
use crate::compile::number;
use crate::engine::Engine;
use crate::index::OwnerCode;
use crate::lens::{Cause, Lens, Relax};
use crate::model::{Action, Cover, OverlayId, Owner, RecordKey, Right, Rights};
use crate::reach::{self, Detail, Reach};
use crate::subject::Subject;

/// A decision before it is put into names.
enum Verdict {
    Allowed(Option<Cause>),
    Relaxed(OverlayId, Refusal),
    Refused(Refusal),
}

impl Engine {
    /// Decides one request.
    ///
    /// # Cost
    ///
    /// Some hundred nanoseconds, most of them for the names in question and answer. To ask about
    /// many records use [`Engine::check_many`], [`Engine::list`] or [`Engine::count`].
    ///
    /// # Source
    ///
    /// `docs/spec/decision.md`.
    pub fn check(&self, request: &Request<'_>) -> Decision {
        let subject = match Subject::enter(self, &request.session) {
            Ok(subject) => subject,
            Err(refusal) => return Decision::Deny { refusal },
        };
        self.check_as(&subject, request)
    }

    pub(crate) fn check_as(&self, subject: &Subject<'_>, request: &Request<'_>) -> Decision {
        if let Some(refusal) = subject.locked_out(Touched::of(request)) {
            return Decision::Deny { refusal };
        }
        match self.decide(subject, request) {
            Verdict::Allowed(cause) => {
                Decision::Allow { evidence: self.evidence_of(subject, request, cause) }
            }
            Verdict::Relaxed(overlay, refusal) => Decision::Relaxed { overlay, refusal },
            Verdict::Refused(refusal) => Decision::Deny { refusal },
        }
    }

    /// Decides one action on many records of one session, in the order of `records`.
    ///
    /// # Cost
    ///
    /// The session is worked out once; then some tens of nanoseconds a record beside the look-up of
    /// its id.
    pub fn check_many(
        &self,
        session: &Session<'_>,
        action: &Action,
        records: &[RecordKey],
    ) -> Vec<Decision> {
        let subject = match Subject::enter(self, session) {
            Ok(subject) => subject,
            Err(refusal) => return vec![Decision::Deny { refusal }; records.len()],
        };
        records
            .iter()
            .map(|record| {
                let on = Target::Record(record.clone());
                self.check_as(&subject, &Request::new(session.clone(), action.clone(), on))
            })
            .collect()
    }

    /// What the policy says after stage 1 and, when it refuses, what suspensions make of it.
    fn decide(&self, subject: &Subject<'_>, request: &Request<'_>) -> Verdict {
        let refusal = match self.judge(subject, request, None) {
            Ok(cause) => return Verdict::Allowed(cause),
            Err(refusal) => refusal,
        };
        if refusal.may_be_relaxed() {
            for row in subject.relaxing() {
                let Some(relaxation) = relax::relaxation(row, subject, Touched::of(request)) else {
                    continue;
                };
                if self.judge(subject, request, Some(&relaxation)).is_ok() {
                    return Verdict::Relaxed(row.id.clone(), refusal);
                }
            }
        }
        Verdict::Refused(refusal)
    }

    /// Stages 2 to 5.
    pub(crate) fn judge(
        &self,
        subject: &Subject<'_>,
        request: &Request<'_>,
        relaxation: Option<&Relaxation<'_>>,
    ) -> Result<Option<Cause>, Refusal> {
        let directory = &self.compiled.directory;
        let Some(object) = directory.objects.find(request.on.object()) else {
            return Err(Refusal::UnknownObject);
        };
        let Some(action) = directory.action(&request.action) else {
            return Err(Refusal::UnknownAction);
        };
        let relax = relaxation.map_or(Relax::default(), Relaxation::relax);
        let (cause, record) = match &request.on {
            Target::Object(_) => {
                let mut needed = 1u64 << action;
                if action == number::EXPORT {
                    needed |= 1 << number::READ;
                }
                let granted = subject.row(object).granted & needed == needed;
                if !granted && !relax.verb {
                    return Err(Refusal::NoGrant);
                }
                (None, None)
            }
            Target::Record(key) => {
                let lens = Lens::new(subject, object, action, relax)?;
                let Some((_, position)) = self.find(key) else {
                    return Err(Refusal::UnknownRecord);
                };
                (Some(lens.decide(position)?), Some(position))
            }
            Target::New { owners, unit, .. } => {
                if action != number::CREATE {
                    return Err(Refusal::UnknownAction);
                }
                let unit = unit.as_ref().map(|unit| self.compiled.trees.nodes.known(unit));
                create(subject, object, relax, owners, unit)?;
                (None, None)
            }
        };
        fields::gate(subject, object, record, request, relaxation)?;
        Ok(cause)
    }
}

/// Stages 2 and 3 for a record that is to be made.
fn create(
    subject: &Subject<'_>,
    object: u32,
    relax: Relax<'_>,
    owners: &std::collections::BTreeSet<Owner>,
    unit: Option<u32>,
) -> Result<(), Refusal> {
    let row = subject.row(object);
    let bit = 1u64 << number::CREATE;
    let granted = row.granted & bit != 0;
    if !granted && !relax.verb {
        return Err(Refusal::NoGrant);
    }
    let compiled = &subject.engine.compiled;
    let codes: Vec<OwnerCode> = owners
        .iter()
        .filter_map(|owner| match owner {
            Owner::User(id) => compiled.directory.users.find(id).map(OwnerCode::user),
            Owner::Group(id) => compiled.directory.groups.find(id).map(OwnerCode::group),
        })
        .collect();
    if codes.len() != owners.len() || unit == Some(crate::dense::NONE) {
        return Err(Refusal::UnknownRecord);
    }
    if relax.record || row.all & bit != 0 || row.unassigned & bit != 0 && owners.is_empty() {
        return Ok(());
    }
    let reach = Reach::new(subject, object, Rights::of(Right::Edit), Detail::Fact);
    let units = if reach.plan.owner_units {
        reach.units_of_owners(&codes)
    } else {
        unit.and_then(crate::compile::some).into_iter().collect()
    };
    if reach::unit_scope(&reach, row, bit, &units).is_some() {
        return Ok(());
    }
    let by_reach = row.reach & bit != 0 || !granted;
    let standpoint = subject.standpoint();
    let reached = codes.iter().any(|owner| {
        let mine = if owner.is_user() {
            owner.number() == subject.user
        } else {
            standpoint.is_in(owner.number())
        };
        let rolled = || {
            reach.plan.roll_ups.iter().any(|roll_up| {
                compiled.roll_ups[*roll_up as usize].covers(Cover::Owned)
                    && compiled.gain_from(*roll_up, owner.who(), &standpoint).has(Right::Edit)
            })
        };
        let through = row
            .only
            .iter()
            .any(|(group, actions)| actions & bit != 0 && *owner == OwnerCode::group(*group));
        (by_reach || through) && (mine || rolled())
    });
    if reached { Ok(()) } else { Err(Refusal::OutOfReach) }
}

impl Subject<'_> {
    /// The lock-out of a suspension whose scope covers the request, if any.
    pub(crate) fn locked_out(&self, touched: Touched<'_>) -> Option<Refusal> {
        self.lock_outs()
            .find(|row| {
                // A disabled placement lets nobody escape a lock-out.
                let everywhere = self.engine.compiled.people.standpoint(self.user);
                relax::is_in_scope(row, self, &everywhere, touched)
                    || relax::is_in_scope(row, self, &self.standpoint(), touched)
            })
            .map(|row| Refusal::LockedOut { overlay: row.id.clone() })
    }

    /// The same by numbers.
    pub(crate) fn locked_out_of(&self, object: u32, action: u8) -> Option<Refusal> {
        self.lock_outs().next()?;
        let directory = &self.engine.compiled.directory;
        self.locked_out(Touched {
            object: directory.objects.name(object),
            action: directory.actions.name(action.into()),
            extent: crate::ask::Extent::Single,
        })
    }
}
