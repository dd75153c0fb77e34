//! Stages 4 and 5: restrictions, locks and fields (specification §6, §7).

use super::case::Case;
use guan_engine::answer::Refusal;
use guan_engine::condition::Truth;
use guan_engine::model::{
    Action, FieldAccess, FieldId, FieldMode, Grant, ObjectId, Record, Restriction, RestrictionId,
    Scope,
};
use std::collections::BTreeSet;

impl Case<'_> {
    /// Stage 4, where the restrictions `lifted` do not refuse.
    pub(super) fn restricted(
        &self,
        record: &Record,
        action: &Action,
        lifted: &BTreeSet<RestrictionId>,
    ) -> Option<Refusal> {
        let object = self.policy.objects.get(&record.object)?;
        let is_exempt = object.lock_exempt.iter().any(|set| self.holds(set));
        if record.locked && self.changes(action) && !is_exempt {
            return Some(Refusal::Locked);
        }
        if *action == Action::Assign
            && record.owners.is_empty()
            && let Some(id) = &record.pool
            && self.policy.pools.get(id).is_some_and(|pool| pool.claim_before_assign)
        {
            return Some(Refusal::ClaimFirst { pool: id.clone() });
        }
        for (id, restriction) in &self.policy.restrictions {
            if restriction.object == record.object
                && restriction.fields.is_empty()
                && (restriction.actions.is_empty() || restriction.actions.contains(action))
                && self.is_restricted_by(restriction, action)
                && !self.passes(restriction, record)
                && !lifted.contains(id)
            {
                return Some(Refusal::Restricted { restriction: id.clone() });
            }
        }
        None
    }

    fn changes(&self, action: &Action) -> bool {
        match action {
            Action::Custom(name) => self.policy.actions.get(name).is_none_or(|own| own.changes),
            _ => action.standard_changes(),
        }
    }

    /// Whether the restriction names the subject and does not exempt them for the action.
    fn is_restricted_by(&self, restriction: &Restriction, action: &Action) -> bool {
        let by_principal = restriction.who.is_empty()
            || restriction.who.iter().any(|who| self.names_subject_as_stated(who));
        let by_condition = restriction
            .whose
            .as_ref()
            .is_none_or(|whose| self.given(&restriction.object, None).judge(whose) != Truth::False);
        let is_exempt = restriction.exempt_all
            && self.greatest_grant(&restriction.object, action).scope == Scope::All;
        restriction.active && by_principal && by_condition && !is_exempt
    }

    fn passes(&self, restriction: &Restriction, record: &Record) -> bool {
        self.given(&record.object, Some(record)).judge(&restriction.only) == Truth::True
    }

    /// The union of the grants for the action, whatever they cover.
    pub(super) fn greatest_grant(&self, object: &ObjectId, action: &Action) -> Grant {
        let grants = self.bundles.iter().map(|bundle| bundle.grant(self.policy, object, action));
        grants.fold(Grant::default(), Grant::or)
    }

    /// Stage 5, where the fields `opened` are editable whatever the policy says.
    pub(super) fn refused_field(
        &self,
        object: &ObjectId,
        record: Option<&Record>,
        action: &Action,
        fields: &[FieldId],
        opened: &BTreeSet<FieldId>,
    ) -> Option<Refusal> {
        let mut refusals = Vec::new();
        for field in fields {
            let Some(access) = self.field(object, record, field) else {
                refusals.push(Refusal::UnknownField { field: field.clone() });
                continue;
            };
            let is_sight = matches!(action, Action::Read | Action::Export);
            if opened.contains(field) {
                if !is_sight && self.is_read_only(object, field) {
                    refusals.push(Refusal::FieldReadOnly { field: field.clone() });
                }
                continue;
            }
            if is_sight && !access.is_visible() || !access.is_visible() && !access.is_editable() {
                refusals.push(Refusal::FieldHidden { field: field.clone() });
            } else if !is_sight && !access.is_editable() {
                refusals.push(Refusal::FieldReadOnly { field: field.clone() });
            }
        }
        refusals.into_iter().min()
    }

    /// What the policy gives on a field; none when there is no such field.
    pub(super) fn field(
        &self,
        object_id: &ObjectId,
        record: Option<&Record>,
        id: &FieldId,
    ) -> Option<FieldAccess> {
        let object = self.policy.objects.get(object_id)?;
        let field = object.fields.get(id)?;
        let is_open = !field.secured.unwrap_or(object.field_mode == FieldMode::Closed);
        let mut access = FieldAccess::HIDDEN;
        for bundle in &self.bundles {
            access |= bundle.field(self.policy, object_id, id, is_open);
        }
        let passes_verb_gate =
            self.bundles.iter().any(|bundle| !bundle.grants(self.policy, object_id).is_empty());
        if field.secured == Some(false) && passes_verb_gate {
            access |= FieldAccess::EDIT;
        }
        let is_hidden = self.policy.restrictions.values().any(|restriction| {
            restriction.object == *object_id
                && restriction.fields.contains(id)
                && self.is_restricted_by(restriction, &Action::Read)
                && !record.is_some_and(|record| self.passes(restriction, record))
        });
        if is_hidden {
            return Some(FieldAccess::HIDDEN);
        }
        Some(if field.read_only { access.read_only() } else { access })
    }

    /// Whether nobody may set the field.
    fn is_read_only(&self, object: &ObjectId, field: &FieldId) -> bool {
        let object = self.policy.objects.get(object);
        object.and_then(|object| object.fields.get(field)).is_some_and(|field| field.read_only)
    }
}
