//! The second evaluator: the rules of `docs/spec/decision.md` written down the slow, obvious way.
//!
//! Linear scans, nothing kept between two questions, nothing shared with the engine but the types,
//! the evaluation of conditions and the activity rule.

mod administration;
mod answers;
mod bundles;
mod case;
mod evidence;
mod facts;
mod later;
mod naming;
mod reach;
mod relaxation;
mod roll_up;

use case::Case;
use guan_engine::answer::{Decision, Evidence, Explanation, Refusal, Stage};
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{
    Action, FieldAccess, FieldId, ObjectId, Policy, Record, RecordId, RecordKey, UserId,
};
use guan_engine::question::FilterUse;
use relaxation::{Opened, openings};
use std::collections::BTreeMap;

/// The reference evaluator of one organization.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'a> {
    policy: &'a Policy,
    records: &'a [Record],
}

/// What a run through the stages found: the refusal, if any, and the evidence of stage 3.
type Verdict = (Option<Refusal>, Vec<Evidence>);

impl<'a> Reference<'a> {
    /// Decides by this policy on these records.
    pub const fn new(policy: &'a Policy, records: &'a [Record]) -> Self {
        Self { policy, records }
    }

    /// The decision. Of an allow the evidence is the first in order.
    pub fn decide(&self, request: &Request<'_>) -> Decision {
        self.explain(request).decision
    }

    /// The decision with every path that counts for it. Remedies are left empty.
    pub fn explain(&self, request: &Request<'_>) -> Explanation {
        let (object, action) = (request.on.object(), &request.action);
        let admitted = Case::admit(self.policy, self.records, &request.session)
            .and_then(|case| case.locked_out(object, action).map(|()| case));
        let case = match admitted {
            Ok(case) => case,
            Err(refusal) => return explanation(Decision::Deny { refusal }, Vec::new()),
        };
        let (refusal, evidence) = judge(&case, request, &Opened::default());
        let Some(refusal) = refusal else {
            let first = evidence.first().cloned();
            return explanation(Decision::Allow { evidence: first }, evidence);
        };
        if refusal.may_be_relaxed() {
            for (row, opened) in openings(&case, request) {
                if judge(&case, request, &opened).0.is_none() {
                    let overlay = row.id.clone();
                    return explanation(Decision::Relaxed { overlay, refusal }, evidence);
                }
            }
        }
        explanation(Decision::Deny { refusal }, evidence)
    }

    /// The access to every field: nothing where `read` is not allowed on the target, and no edit
    /// where `edit` is not. What a suspension opens counts as open. On [`Target::New`] both are
    /// `create`.
    ///
    /// # Errors
    ///
    /// The refusal of stage 1, or that there is no such object.
    pub fn fields(
        &self,
        session: &Session<'_>,
        on: &Target,
    ) -> Result<BTreeMap<FieldId, FieldAccess>, Refusal> {
        let (sees, edits) = match on {
            Target::New { .. } => (Action::Create, Action::Create),
            Target::Object(_) | Target::Record(_) => (Action::Read, Action::Edit),
        };
        let ask = |action: &Action, fields: Vec<FieldId>| {
            let mut request = Request::new(session.clone(), action.clone(), on.clone());
            request.fields = fields;
            request
        };
        let read = self.decide(&ask(&sees, Vec::new()));
        if let Some(refusal) = read.refusal()
            && (refusal.stage() == Stage::Session || *refusal == Refusal::UnknownObject)
        {
            return Err(refusal.clone());
        }
        let Some(object) = self.policy.objects.get(on.object()) else {
            return Err(Refusal::UnknownObject);
        };
        let mut accesses = BTreeMap::new();
        for field in object.fields.keys() {
            let mut access = FieldAccess::HIDDEN;
            if read.is_allowed() {
                access |= self.sight(&ask(&sees, vec![field.clone()]), field);
                if self.decide(&ask(&edits, vec![field.clone()])).is_allowed() {
                    access |= FieldAccess::ONLY_EDIT;
                }
            }
            accesses.insert(field.clone(), access);
        }
        Ok(accesses)
    }

    /// How the field is seen when the question to read it is decided.
    fn sight(&self, request: &Request<'_>, field: &FieldId) -> FieldAccess {
        let Ok(case) = Case::admit(self.policy, self.records, &request.session) else {
            return FieldAccess::HIDDEN;
        };
        let record = match &request.on {
            Target::Record(key) => find(self.records, key),
            Target::Object(_) | Target::New { .. } => None,
        };
        let by_policy = case
            .field(request.on.object(), record, field)
            .map_or(FieldAccess::HIDDEN, FieldAccess::read_only);
        match self.decide(request) {
            Decision::Allow { .. } => by_policy,
            Decision::Relaxed { overlay, .. } => {
                let is_opened = openings(&case, request)
                    .iter()
                    .any(|(row, opened)| row.id == overlay && opened.fields.contains(field));
                if is_opened { FieldAccess::READ } else { by_policy }
            }
            // To make a record is to edit: what may be seen and not set is refused there.
            Decision::Deny { .. } if request.action == Action::Create => by_policy,
            Decision::Deny { .. } => FieldAccess::HIDDEN,
        }
    }

    /// How a field may be used to choose, order and sum up the records that may be read.
    pub fn may_filter(
        &self,
        session: &Session<'_>,
        object: &ObjectId,
        field: &FieldId,
    ) -> FilterUse {
        let on = Target::Object(object.clone());
        let read = Request::new(session.clone(), Action::Read, on);
        let Ok(case) = Case::admit(self.policy, self.records, session) else {
            return FilterUse::No;
        };
        let model = self.policy.objects.get(object).and_then(|object| object.fields.get(field));
        let (true, Some(model)) = (self.decide(&read).is_allowed(), model) else {
            return FilterUse::No;
        };
        match case.field(object, None, field) {
            Some(access) if access.is_readable() => FilterUse::Any,
            Some(access) if access.is_visible() && model.searchable => FilterUse::EqualityOnly,
            Some(_) | None => FilterUse::No,
        }
    }

    /// The records of the object on which the action is allowed, by id.
    pub fn list(&self, session: &Session<'_>, action: &Action, object: &ObjectId) -> Vec<RecordId> {
        let mut found: Vec<_> = self
            .records
            .iter()
            .filter(|record| record.object == *object)
            .filter(|record| {
                let on = Target::Record(record.key());
                self.decide(&Request::new(session.clone(), action.clone(), on)).is_allowed()
            })
            .map(|record| record.id.clone())
            .collect();
        found.sort();
        found
    }

    /// The users who may do the action on the record in such a session, by id.
    pub fn who(&self, session: &Session<'_>, action: &Action, record: &RecordKey) -> Vec<UserId> {
        self.policy
            .users
            .keys()
            .filter(|user| {
                let session = session.of_subject((*user).clone());
                let on = Target::Record(record.clone());
                self.decide(&Request::new(session, action.clone(), on)).is_allowed()
            })
            .cloned()
            .collect()
    }
}

fn explanation(decision: Decision, evidence: Vec<Evidence>) -> Explanation {
    Explanation { decision, evidence, remedies: Vec::new() }
}

fn find<'a>(records: &'a [Record], key: &RecordKey) -> Option<&'a Record> {
    records.iter().find(|record| record.object == key.object && record.id == key.id)
}

/// Stages 2 to 5, where what is opened does not refuse.
fn judge(case: &Case<'_>, request: &Request<'_>, opened: &Opened) -> Verdict {
    let (object, action) = (request.on.object(), &request.action);
    if !case.policy.objects.contains_key(object) {
        return (Some(Refusal::UnknownObject), Vec::new());
    }
    if !is_askable(case.policy, action, &request.on) {
        return (Some(Refusal::UnknownAction), Vec::new());
    }
    let grants = |action| !case.greatest_grant(object, action).is_none();
    let is_export = *action == Action::Export;
    let is_granted = grants(action) && (!is_export || grants(&Action::Read));
    if !is_granted && !opened.verb {
        return (Some(Refusal::NoGrant), Vec::new());
    }
    let mut record = None;
    let mut evidence = Vec::new();
    match &request.on {
        Target::Object(_) => {}
        Target::Record(key) => {
            let Some(found) = find(case.records, key) else {
                return (Some(Refusal::UnknownRecord), Vec::new());
            };
            record = Some(found);
            evidence = if is_granted {
                case.covering(found, action)
            } else {
                case.reaching(found, action)
            };
            if evidence.is_empty() && !opened.record {
                return (Some(Refusal::OutOfReach), evidence);
            }
            let restricted = case.restricted(found, action, &opened.restrictions);
            if restricted.is_some() && !opened.record {
                return (restricted, evidence);
            }
        }
        Target::New { object, owners, unit } => {
            if !case.is_known(owners, unit.as_ref()) {
                return (Some(Refusal::UnknownRecord), Vec::new());
            }
            evidence = if is_granted {
                case.covering_new(object, owners, unit.as_ref())
            } else {
                case.paths_to_new(object, owners)
            };
            if evidence.is_empty() && !opened.record {
                return (Some(Refusal::OutOfReach), evidence);
            }
        }
    }
    if is_export {
        // What may not be read may not be taken out either.
        let mut read = Request::new(request.session.clone(), Action::Read, request.on.clone());
        read.extent = request.extent;
        if let (Some(refusal), _) = judge(case, &read, opened) {
            return (Some(refusal), evidence);
        }
    }
    if let Some(field) = request.fields.iter().find(|field| opened.closed.contains(*field)) {
        return (Some(Refusal::FieldHidden { field: field.clone() }), evidence);
    }
    let refused = case.refused_field(object, record, action, &request.fields, &opened.fields);
    (refused, evidence)
}

/// Whether the organization knows the action and it can be asked of the target.
fn is_askable(policy: &Policy, action: &Action, on: &Target) -> bool {
    match (action, on) {
        (Action::Create, Target::New { .. } | Target::Object(_)) => true,
        (Action::Create | Action::Import, Target::Record(_)) | (_, Target::New { .. }) => false,
        (Action::Custom(name), _) => policy.actions.contains_key(name),
        _ => true,
    }
}
