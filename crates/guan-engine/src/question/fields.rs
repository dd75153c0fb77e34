//! Stage 5: what a subject may see and change of the fields of an object or record.

use super::relax::{self, Relaxation, Touched};
use crate::answer::{Decision, Refusal};
use crate::ask::{Extent, Request, Session, Target};
use crate::compile::number;
use crate::engine::Engine;
use crate::lens;
use crate::model::{Action, FieldAccess, FieldId};
use crate::subject::Subject;
use std::collections::BTreeMap;

impl Engine {
    /// What the subject may see and change of each field of the target: nothing when it may not
    /// read it, nothing changeable when it may not edit it. On [`Target::New`]: what it may set.
    ///
    /// # Errors
    ///
    /// The refusal of the session gate, and unknown objects.
    pub fn fields(
        &self,
        session: &Session<'_>,
        on: &Target,
    ) -> Result<BTreeMap<FieldId, FieldAccess>, Refusal> {
        let subject = Subject::enter(self, session)?;
        let Some(object) = self.compiled.directory.objects.find(on.object()) else {
            return Err(Refusal::UnknownObject);
        };
        let touched =
            Touched { object: on.object(), action: &Action::Read, extent: Extent::Single };
        let (sees, edits) = match on {
            Target::New { .. } => (Action::Create, Action::Create),
            Target::Object(_) | Target::Record(_) => (Action::Read, Action::Edit),
        };
        if let Some(refusal) = subject.locked_out(Touched { action: &sees, ..touched }) {
            return Err(refusal);
        }
        let record = match on {
            Target::Record(key) => self.find(key).map(|(_, position)| position),
            Target::Object(_) | Target::New { .. } => None,
        };
        let ask = |action: &Action, fields: Vec<FieldId>| Request {
            fields,
            ..Request::new(session.clone(), action.clone(), on.clone())
        };
        let allows = |request: Request<'_>| self.check_as(&subject, &request).is_allowed();
        let reads = allows(ask(&sees, Vec::new()));
        let relaxed = subject.relaxing().next().is_some();
        let writes = !relaxed && allows(ask(&edits, Vec::new()));
        let plan = self.compiled.object(object);
        let accesses = plan.fields.iter().map(|(field, id)| {
            let by_policy = access(&subject, object, record, field, None);
            let access = if !reads {
                FieldAccess::HIDDEN
            } else if !relaxed {
                if writes { by_policy } else { by_policy.read_only() }
            } else {
                let asked = ask(&sees, vec![id.clone()]);
                let sight = self.sight(&subject, &asked, by_policy, (object, field));
                let edit = if allows(ask(&edits, vec![id.clone()])) {
                    FieldAccess::ONLY_EDIT
                } else {
                    FieldAccess::HIDDEN
                };
                sight | edit
            };
            (id.clone(), access)
        });
        Ok(accesses.collect())
    }

    /// How a field is seen when suspensions act: in clear only when the one that relaxes the
    /// question opens it, so that no value is shown whose would-deny is not recorded.
    fn sight(
        &self,
        subject: &Subject<'_>,
        request: &Request<'_>,
        by_policy: FieldAccess,
        (object, field): (u32, u32),
    ) -> FieldAccess {
        match self.check_as(subject, request) {
            Decision::Allow { .. } => by_policy.read_only(),
            Decision::Relaxed { overlay, .. } => {
                let opens = subject.relaxing().filter(|row| row.id == overlay).any(|row| {
                    relax::relaxation(row, subject, Touched::of(request), object)
                        .is_some_and(|relaxation| relaxation.opens(field))
                });
                if opens { FieldAccess::READ } else { by_policy.read_only() }
            }
            // To make a record is to edit: what may be seen and not set is refused there.
            Decision::Deny { .. } if request.action == Action::Create => by_policy.read_only(),
            Decision::Deny { .. } => FieldAccess::HIDDEN,
        }
    }
}

/// Whether a restriction on fields hides them from the subject on records that do not pass it.
pub(crate) fn hides(subject: &Subject<'_>, object: u32, restriction: u32) -> bool {
    let plan = &subject.engine.compiled.restrictions[restriction as usize];
    let exempt = plan.exempt_all && subject.row(object).all & 1 << number::READ != 0;
    !exempt && lens::names(plan, subject)
}

/// The access to one field before any verdict on the record.
pub(crate) fn access(
    subject: &Subject<'_>,
    object: u32,
    record: Option<u32>,
    field: u32,
    relaxation: Option<&Relaxation<'_>>,
) -> FieldAccess {
    let row = subject.row(object);
    let compiled = &subject.engine.compiled;
    if let Some(relaxation) = relaxation {
        if relaxation.closes(field) {
            return FieldAccess::HIDDEN;
        }
        if relaxation.opens(field) {
            let fixed = compiled.object(object).read_only.has(field);
            return if fixed { FieldAccess::READ } else { FieldAccess::EDIT };
        }
    }
    for restriction in &compiled.object(object).field_restrictions {
        let plan = &compiled.restrictions[*restriction as usize];
        if !plan.fields.contains(&field) || !hides(subject, object, *restriction) {
            continue;
        }
        let passes =
            record.is_some_and(|position| lens::passes(subject, *restriction, object, position));
        if !passes {
            return FieldAccess::HIDDEN;
        }
    }
    row.fields[field as usize]
}

/// The access to one field of every record alike; none where it depends on the record.
pub(super) fn steady(
    subject: &Subject<'_>,
    object: u32,
    field: u32,
    relaxation: Option<&Relaxation<'_>>,
) -> Option<FieldAccess> {
    let compiled = &subject.engine.compiled;
    let opened =
        relaxation.is_some_and(|relaxation| relaxation.closes(field) || relaxation.opens(field));
    let varies = !opened
        && compiled.object(object).field_restrictions.iter().any(|restriction| {
            let plan = &compiled.restrictions[*restriction as usize];
            plan.fields.contains(&field) && hides(subject, object, *restriction)
        });
    (!varies).then(|| access(subject, object, None, field, relaxation))
}

/// Stage 5 for the fields that a request names.
pub(crate) fn gate(
    subject: &Subject<'_>,
    object: u32,
    record: Option<u32>,
    request: &Request<'_>,
    relaxation: Option<&Relaxation<'_>>,
) -> Result<(), Refusal> {
    let plan = subject.engine.compiled.object(object);
    let reads = matches!(request.action, Action::Read | Action::Export);
    let refusals = request.fields.iter().filter_map(|id| {
        let field = id.clone();
        let Some(number) = plan.field(id) else { return Some(Refusal::UnknownField { field }) };
        let access = access(subject, object, record, number, relaxation);
        let allowed = if reads { access.is_visible() } else { access.is_editable() };
        if allowed {
            None
        } else if access.is_visible() {
            Some(Refusal::FieldReadOnly { field })
        } else {
            Some(Refusal::FieldHidden { field })
        }
    });
    refusals.min().map_or(Ok(()), Err)
}
