//! Decisions as ledger rows: who was answered what and why, by names and ids.

use guan_engine::answer::{Decision as Answer, Refusal};
use guan_engine::ask::Target;
use guan_ledger::{Decision, Digest, Kind, OverlayMode, Status, Suspension, Verdict};

use crate::change::{DecisionRecord, RelaxedList};
use crate::log::{Draft, completion};
use crate::write::WriteError;

/// The stable code of a refusal, as in the JSON of a decision: `out_of_reach`.
pub fn refusal_code(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::WrongOrganization => "wrong_organization",
        Refusal::UnknownSubject => "unknown_subject",
        Refusal::Inactive => "inactive",
        Refusal::AccessDisabled { .. } => "access_disabled",
        Refusal::Network { .. } => "network",
        Refusal::Hours { .. } => "hours",
        Refusal::LockedOut { .. } => "locked_out",
        Refusal::UnknownObject => "unknown_object",
        Refusal::UnknownAction => "unknown_action",
        Refusal::NoGrant => "no_grant",
        Refusal::UnknownRecord => "unknown_record",
        Refusal::OutOfReach => "out_of_reach",
        Refusal::Locked => "locked",
        Refusal::ClaimFirst { .. } => "claim_first",
        Refusal::Restricted { .. } => "restricted",
        Refusal::UnknownField { .. } => "unknown_field",
        Refusal::FieldHidden { .. } => "field_hidden",
        Refusal::FieldReadOnly { .. } => "field_read_only",
    }
}

/// What refused, by id.
pub(crate) fn rule(refusal: &Refusal) -> Option<String> {
    match refusal {
        Refusal::AccessDisabled { overlay } | Refusal::LockedOut { overlay } => {
            Some(overlay.to_string())
        }
        Refusal::Network { assignment } | Refusal::Hours { assignment } => {
            Some(assignment.to_string())
        }
        Refusal::ClaimFirst { pool } => Some(pool.to_string()),
        Refusal::Restricted { restriction } => Some(restriction.to_string()),
        Refusal::WrongOrganization
        | Refusal::UnknownSubject
        | Refusal::Inactive
        | Refusal::UnknownObject
        | Refusal::UnknownAction
        | Refusal::NoGrant
        | Refusal::UnknownRecord
        | Refusal::OutOfReach
        | Refusal::Locked
        | Refusal::UnknownField { .. }
        | Refusal::FieldHidden { .. }
        | Refusal::FieldReadOnly { .. } => None,
    }
}

const fn stage(refusal: &Refusal) -> &'static str {
    use guan_engine::answer::Stage;
    match refusal.stage() {
        Stage::Session => "session",
        Stage::Verb => "verb",
        Stage::Reach => "reach",
        Stage::Restriction => "restriction",
        Stage::Field => "field",
    }
}

/// The row of a decision under the policy of this digest.
///
/// Errors: a decision of another kind.
pub(crate) fn draft(
    made: &DecisionRecord,
    kind: Kind,
    policy: Digest,
) -> Result<Draft, WriteError> {
    let (refusal, outcome, overlay) = match (&made.decision, kind) {
        (Answer::Relaxed { overlay, refusal }, Kind::WouldDeny) => {
            (refusal, Verdict::Allow, Some(overlay))
        }
        (Answer::Deny { refusal }, Kind::DecisionDenied) => (refusal, Verdict::Deny, None),
        _ => return Err(WriteError::OtherDecision),
    };
    let object = made.on.object();
    let mut draft = Draft::new(kind, made.action.name());
    draft.on_behalf_of = Some(made.subject.to_string());
    draft.source_address = made.address;
    draft.what.object = Some(object.to_string());
    if let Target::Record(key) = &made.on {
        draft.what.record = Some(key.id.to_string());
    }
    draft.what.fields = made.fields.iter().map(ToString::to_string).collect();
    draft.decision = Some(Decision {
        outcome,
        normal_outcome: Verdict::Deny,
        stage: Some(stage(refusal).to_owned()),
        rules: rule(refusal).into_iter().collect(),
        policy: Some(policy),
        sets: [].into(),
        obligation: None,
    });
    let scope_match = match refusal {
        Refusal::FieldHidden { field }
        | Refusal::FieldReadOnly { field }
        | Refusal::UnknownField { field } => format!("field:{object}.{field}"),
        _ => format!("object:{object}"),
    };
    draft.suspension = overlay.map(|overlay| Suspension {
        overlay: overlay.to_string(),
        mode: OverlayMode::Suspension,
        scope_match: Some(scope_match),
        audience_match: None,
        floor_hit: None,
    });
    let status = if outcome == Verdict::Allow { Status::Done } else { Status::Refused };
    let mut result = completion(status, Some(refusal_code(refusal).to_owned()));
    if let Some((rows, ids)) = made.many {
        (result.rows, result.ids) = (Some(rows), Some(ids));
    }
    draft.result = Some(result);
    Ok(draft)
}

/// The row of what an overlay added to a list.
pub(crate) fn list_draft(list: &RelaxedList) -> Draft {
    let mut draft = Draft::new(Kind::ListRelaxed, list.action.name());
    draft.on_behalf_of = Some(list.subject.to_string());
    draft.source_address = list.address;
    draft.what.object = Some(list.object.to_string());
    draft.what.record = list.record.as_ref().map(ToString::to_string);
    draft.suspension = Some(Suspension {
        overlay: list.overlay.to_string(),
        mode: OverlayMode::Suspension,
        scope_match: Some(format!("object:{}", list.object)),
        audience_match: None,
        floor_hit: None,
    });
    if let Some(result) = &mut draft.result {
        result.rows = Some(list.rows);
        result.ids = list.ids;
    }
    draft
}
