//! One question at a time: may they, why, and everything they may do with a thing.

use std::collections::BTreeMap;

use axum::extract::State;
use guan_engine::answer::{Decision, Explanation, Refusal, Stage};
use guan_engine::ask::{Extent, Request, Target};
use guan_engine::model::{Action, FieldAccess, FieldId, ObjectId, RecordId};
use guan_engine::question::Abilities;
use guan_store::{Gate, Recording, View};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::asking::{Asker, NewRecord, Posed, Situation, Under, target};
use crate::caller::Caller;
use crate::extract::{Json, JsonOfStructs};
use crate::problem::Problem;
use crate::state::Server;

/// A question of the form "may the subject do this?".
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckBody {
    /// Whom it is about.
    session: Option<Situation>,
    /// What is to be done.
    action: Action,
    /// To something of this object.
    object: ObjectId,
    /// To this record; absent to ask whether to any at all.
    record: Option<RecordId>,
    /// To a record that is to be made.
    new: Option<NewRecord>,
    /// Fields that it touches.
    #[serde(default)]
    fields: Vec<FieldId>,
    /// Whether it is done to many at once.
    #[serde(default)]
    bulk: bool,
    /// Whether a refusal is recorded too: for an application that refuses by the answer.
    #[serde(default)]
    record_refusal: bool,
}

/// A question about everything that may be done with one thing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ThingBody {
    /// Whom it is about.
    session: Option<Situation>,
    /// The object.
    object: ObjectId,
    /// The record; absent for the object as such.
    record: Option<RecordId>,
    /// A record that is to be made.
    new: Option<NewRecord>,
}

/// A decision.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Answered {
    #[serde(flatten)]
    decision: Decision,
    /// The stage that refused, also where an overlay relaxes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<Stage>,
    /// The row of the ledger, where it was recorded; see `explain_reference`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<u64>,
}

/// A decision with everything that speaks for it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Explained {
    #[serde(flatten)]
    explanation: Explanation,
    /// The stage that refused, also where an overlay relaxes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<Stage>,
    /// The row of the ledger, where it was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<u64>,
}

/// What may be seen and changed of fields.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FieldsShown {
    /// The access to each field.
    #[schema(value_type = BTreeMap<String, String>)]
    fields: BTreeMap<FieldId, FieldAccess>,
}

impl CheckBody {
    fn pose(self, asker: &Asker<'_>) -> Result<(Posed, Request<'static>, Recording), Problem> {
        let recording =
            if self.record_refusal { Recording::Denials } else { Recording::WouldDenies };
        let posed = asker.pose(self.session)?;
        let mut request = posed.request(self.action, target(self.object, self.record, self.new)?);
        request.fields = self.fields;
        request.extent = if self.bulk { Extent::Bulk } else { Extent::Single };
        Ok((posed, request, recording))
    }
}

/// May they do this? A relaxed answer is recorded before it is given.
#[utoipa::path(post, path = "/api/v1/check", tag = "questions", request_body = CheckBody, responses((status = 200, body = Answered)))]
pub(super) async fn check(
    caller: Caller,
    State(server): State<Server>,
    JsonOfStructs(body): JsonOfStructs<CheckBody>,
) -> Result<Under<Answered>, Problem> {
    let gate = server.gate();
    let (posed, request, recording) = body.pose(&Asker::of(gate, &caller, server.now())?)?;
    let ask = |view: &View, asked: &Request<'_>| view.engine().check(asked);
    if let Some(decision) = posed.decide_in_memory(gate, &request, recording, ask) {
        return answered(gate, (&posed, &request), (decision, None));
    }
    server
        .blocking(move |gate| {
            let decided = posed.decide(gate, &request, recording, ask)?;
            answered(gate, (&posed, &request), decided)
        })
        .await
}

/// A decision as the asker may be told it.
fn answered(
    gate: &Gate,
    (posed, request): (&Posed, &Request<'_>),
    (decision, reference): (Decision, Option<u64>),
) -> Result<Under<Answered>, Problem> {
    let decision = posed.tell(gate, request, decision)?;
    let stage = decision.refusal().map(Refusal::stage);
    let under = Under::of(&decision, ());
    Ok(under.with(Answered { decision, stage, reference }))
}

/// Why may they, or not? Every path, and what would turn a refusal.
#[utoipa::path(post, path = "/api/v1/explain", tag = "questions", request_body = CheckBody, responses((status = 200, body = Explained)))]
pub(super) async fn explain(
    caller: Caller,
    State(server): State<Server>,
    Json(body): Json<CheckBody>,
) -> Result<Under<Explained>, Problem> {
    let clock = server.now();
    server
        .blocking(move |gate| {
            let asker = Asker::of(gate, &caller, clock)?;
            let (posed, request, recording) = body.pose(&asker)?;
            let mut found = None;
            let (decision, reference) =
                posed.decide(gate, &request, recording, |view, asked| {
                    let explanation = view.engine().explain(asked);
                    let decision = explanation.decision.clone();
                    found = Some(explanation);
                    decision
                })?;
            let mut explanation = found.unwrap_or_else(|| Explanation {
                decision: decision.clone(),
                evidence: Vec::new(),
                remedies: Vec::new(),
            });
            explanation.decision = decision;
            let explanation = posed.tell_all(gate, &request, explanation)?;
            let stage = explanation.decision.refusal().map(Refusal::stage);
            Ok::<_, Problem>(Under::of(
                &explanation.decision.clone(),
                Explained { explanation, stage, reference },
            ))
        })
        .await
}

/// Everything they may do with a thing: each action, each field, and their system permissions.
#[utoipa::path(post, path = "/api/v1/abilities", tag = "questions", request_body = ThingBody, responses((status = 200, body = Abilities)))]
pub(super) async fn show_abilities(
    caller: Caller,
    State(server): State<Server>,
    Json(body): Json<ThingBody>,
) -> Result<Json<Abilities>, Problem> {
    let clock = server.now();
    server
        .blocking(move |gate| {
            let (posed, on) = body.pose(gate, &caller, clock)?;
            let abilities = posed.look(gate, |view, session| view.engine().what(session, &on))?;
            abilities
                .map(|abilities| {
                    let fields = posed.told_fields(abilities.fields);
                    Json(Abilities { fields, ..abilities })
                })
                .map_err(|refusal| posed.refuse(gate, (&Action::Read, &on), &refusal))
        })
        .await
}

/// What they may see and change of the fields of a thing.
#[utoipa::path(post, path = "/api/v1/field-access", tag = "questions", request_body = ThingBody, responses((status = 200, body = FieldsShown)))]
pub(super) async fn show_field_access(
    caller: Caller,
    State(server): State<Server>,
    Json(body): Json<ThingBody>,
) -> Result<Json<FieldsShown>, Problem> {
    let clock = server.now();
    server
        .blocking(move |gate| {
            let (posed, on) = body.pose(gate, &caller, clock)?;
            let fields = posed.look(gate, |view, session| view.engine().fields(session, &on))?;
            let shown =
                fields.map(|fields| Json(FieldsShown { fields: posed.told_fields(fields) }));
            shown.map_err(|refusal| posed.refuse(gate, (&Action::Read, &on), &refusal))
        })
        .await
}

impl ThingBody {
    /// The session and the target, when the asker may know that it exists.
    ///
    /// Errors: the refusal of reading it, recorded; an overlay that alone allows it is recorded as well.
    fn pose(
        self,
        gate: &Gate,
        caller: &Caller,
        clock: guan_store::ClockReading,
    ) -> Result<(Posed, Target), Problem> {
        let posed = Asker::of(gate, caller, clock)?.pose(self.session)?;
        let on = target(self.object, self.record, self.new)?;
        if !posed.may_know && matches!(on, Target::Record(_)) {
            let reading = posed.request(Action::Read, on.clone());
            let recording = Recording::Denials;
            let (decision, reference) =
                posed
                    .decide(gate, &reading, recording, |view, asked| view.engine().check(asked))?;
            if !decision.is_allowed() {
                return Err(Problem::not_found().reference(reference));
            }
        }
        Ok((posed, on))
    }
}

#[cfg(test)]
mod tests {
    use super::CheckBody;
    use crate::extract::parse_of_structs;
    use crate::problem::Code;

    #[test]
    fn a_question_in_which_a_member_comes_twice_is_no_question() {
        let code = |text: &str| parse_of_structs::<CheckBody>(text.as_bytes()).unwrap_err().code();
        for twice in [
            r#"{"action":"read","action":"edit","object":"Account"}"#,
            r#"{"action":"read","object":"Account","record":"1","record":"2"}"#,
            r#"{"action":"read","object":"A","session":{"subject":"bo","subject":"eve"}}"#,
            r#"{"action":"read","object":"A","new":{"unit":"north","unit":"south"}}"#,
            r#"{"action":"read","object":"A","other":{"a":1,"a":2}}"#,
        ] {
            assert_eq!(code(twice), Code::MalformedJson, "{twice}");
        }
        assert_eq!(code(r#"{"action":"read","object":"A","other":1}"#), Code::WrongShape);
        assert_eq!(code(r#"{"action":"read","object":"A"} {"#), Code::MalformedJson);
        assert_eq!(code(r#"{"action":"read","object":"A\u0000"}"#), Code::NulCharacter);
    }
}
