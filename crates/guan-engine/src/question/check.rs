//! `check`: may the subject do this?

use super::door::Door;
use super::fields;
use super::relax::{self, Relaxation, Touched};
use crate::answer::{Decision, Refusal};
use crate::ask::{Extent, Request, Session, Target};
use crate::compile::number;
use crate::engine::Engine;
use crate::index::OwnerCode;
use crate::lens::{self, Cause, Lens, Relax};
use crate::model::{Action, Cover, OverlayId, Owner, RecordKey, Right, Rights};
use crate::reach::{self, Detail, Reach};
use crate::subject::Subject;
use std::cell::OnceCell;

/// A request in numbers.
struct Asked<'r> {
    request: &'r Request<'r>,
    object: u32,
    action: u8,
    /// The position of its record, looked up when it is first needed; none for an unknown record.
    position: OnceCell<Option<u32>>,
}

impl<'r> Asked<'r> {
    fn of(engine: &Engine, request: &'r Request<'r>) -> Result<Self, Refusal> {
        let directory = &engine.compiled.directory;
        let object = directory.objects.find(request.on.object()).ok_or(Refusal::UnknownObject)?;
        let action = directory.action(&request.action).ok_or(Refusal::UnknownAction)?;
        Ok(Self { request, object, action, position: OnceCell::new() })
    }
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
        let asked = match Asked::of(self, request) {
            Ok(asked) => asked,
            Err(refusal) => return Decision::Deny { refusal },
        };
        let refusal = match self.judge(subject, &asked, None) {
            Ok(found) => {
                let evidence = found.and_then(|(cause, position)| {
                    self.evidence_of(subject, (asked.object, asked.action, position), cause)
                });
                return Decision::Allow { evidence };
            }
            Err(refusal) => refusal,
        };
        match self.relaxed_by(subject, &asked, &refusal) {
            Some(overlay) => Decision::Relaxed { overlay, refusal },
            None => Decision::Deny { refusal },
        }
    }

    /// The first suspension that makes good what the policy refuses.
    fn relaxed_by(
        &self,
        subject: &Subject<'_>,
        asked: &Asked<'_>,
        refusal: &Refusal,
    ) -> Option<OverlayId> {
        if !refusal.may_be_relaxed() {
            return None;
        }
        let touched = Touched::of(asked.request);
        let row = subject.relaxing().find(|row| {
            relax::relaxation(row, subject, touched, asked.object)
                .is_some_and(|relaxation| self.judge(subject, asked, Some(&relaxation)).is_ok())
        })?;
        Some(row.id.clone())
    }

    /// Decides one action on many records of one session, in the order of `records`.
    ///
    /// # Cost
    ///
    /// The session, and for records of one object in a row everything but the record, are worked out once; then some
    /// tens of nanoseconds a record beside the look-up of its id.
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
        let mut decisions = Vec::with_capacity(records.len());
        for alike in records.chunk_by(|one, other| one.object == other.object) {
            if let Err(refusal) = self.check_alike(&subject, action, alike, &mut decisions) {
                decisions.extend(alike.iter().map(|_| Decision::Deny { refusal: refusal.clone() }));
            }
        }
        decisions
    }

    /// Decides one action on records of one object.
    ///
    /// Errors: what refuses it on all of them; then nothing is decided yet.
    fn check_alike(
        &self,
        subject: &Subject<'_>,
        action: &Action,
        records: &[RecordKey],
        decisions: &mut Vec<Decision>,
    ) -> Result<(), Refusal> {
        let Some(RecordKey { object, .. }) = records.first() else { return Ok(()) };
        let touched = Touched { object, action, extent: Extent::Single };
        if let Some(refusal) = subject.locked_out(touched) {
            return Err(refusal);
        }
        let directory = &self.compiled.directory;
        let number = directory.objects.find(object).ok_or(Refusal::UnknownObject)?;
        let code = directory.action(action).ok_or(Refusal::UnknownAction)?;
        let relaxations = Self::relaxations(subject, object, action, Extent::Single);
        let door = Door::open(subject, number, code, &relaxations)?;
        decisions.extend(records.iter().map(|record| {
            let position = door.index.find(&record.id);
            let refusal = match (&door.policy, position) {
                (Ok(lens), Some(position)) => match lens.decide(position) {
                    Ok(cause) => {
                        let at = (number, code, position);
                        return Decision::Allow { evidence: self.evidence_of(subject, at, cause) };
                    }
                    Err(refusal) => refusal,
                },
                (Ok(_), None) => Refusal::UnknownRecord,
                (Err(refusal), _) => refusal.clone(),
            };
            match position.and_then(|position| door.relaxing(&refusal, position)) {
                Some(overlay) => Decision::Relaxed { overlay: overlay.clone(), refusal },
                None => Decision::Deny { refusal },
            }
        }));
        Ok(())
    }

    /// Stages 2 to 5; what covers the record, and its position.
    fn judge(
        &self,
        subject: &Subject<'_>,
        asked: &Asked<'_>,
        relaxation: Option<&Relaxation<'_>>,
    ) -> Result<Option<(Cause, u32)>, Refusal> {
        let Asked { request, object, action, .. } = *asked;
        let relax = relaxation.map_or(Relax::default(), Relaxation::relax);
        let (found, record) = match &request.on {
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
                let find = || self.index(object).find(&key.id);
                let known = || asked.position.get_or_init(find).ok_or(Refusal::UnknownRecord);
                if relax.opens_every_record() && lens::is_of_records(&self.compiled, action) {
                    let position = known()?;
                    (Some((Cause::Relaxed, position)), Some(position))
                } else {
                    let lens = Lens::new(subject, object, action, relax)?;
                    let position = known()?;
                    (Some((lens.decide(position)?, position)), Some(position))
                }
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
        Ok(found)
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
            extent: Extent::Single,
        })
    }
}
