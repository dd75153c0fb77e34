//! Stage 5: what a subject may see and change of the fields of an object or record.

use super::relax::Relaxation;
use crate::answer::Refusal;
use crate::ask::{Request, Session, Target};
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
        let ask = |action: Action| Request::new(session.clone(), action, on.clone());
        if let Some(refusal) = subject.locked_out(super::relax::Touched::of(&ask(Action::Read))) {
            return Err(refusal);
        }
        let may = |action: Action| self.decide(&subject, &ask(action));
        let writes = if matches!(on, Target::New { .. }) { Action::Create } else { Action::Edit };
        let read = if matches!(on, Target::New { .. }) {
            may(Action::Create).0
        } else {
            may(Action::Read).0
        };
        let write = may(writes).0;
        let record = match on {
            Target::Record(key) => self.find(key).map(|(_, position)| position),
            Target::Object(_) | Target::New { .. } => None,
        };
        let plan = self.compiled.object(object);
        let accesses = plan.fields.iter().map(|(field, id)| {
            let access = if read.is_ok() {
                let open = subject.relaxing().filter_map(|row| {
                    super::relax::relaxation(
                        row,
                        &subject,
                        super::relax::Touched::of(&ask(Action::Read)),
                    )
                });
                let mut access = access(&subject, object, record, field, None);
                for relaxation in open {
                    if relaxation.fields.has(field) {
                        access |= FieldAccess::EDIT;
                    }
                }
                access
            } else {
                FieldAccess::HIDDEN
            };
            (id.clone(), if write.is_ok() { access } else { access.read_only() })
        });
        Ok(accesses.collect())
    }
}

/// The access to one field before any verdict on the record.
pub(crate) fn access(
    subject: &Subject<'_>,
    object: u32,
    record: Option<u32>,
    field: u32,
    relaxation: Option<&Relaxation>,
) -> FieldAccess {
    if relaxation.is_some_and(|relaxation| relaxation.fields.has(field)) {
        return FieldAccess::EDIT;
    }
    let row = subject.row(object);
    let compiled = &subject.engine.compiled;
    for restriction in &compiled.object(object).field_restrictions {
        let plan = &compiled.restrictions[*restriction as usize];
        let exempt = plan.exempt_all && row.all & 1 << number::READ != 0;
        if !plan.fields.contains(&field) || exempt || !lens::names(plan, subject) {
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

/// Stage 5 for the fields that a request names.
pub(crate) fn gate(
    subject: &Subject<'_>,
    object: u32,
    record: Option<u32>,
    request: &Request<'_>,
    relaxation: Option<&Relaxation>,
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
