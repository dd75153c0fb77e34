//! Up to a thousand questions in one request: grouped, judged by numbers; only what is refused is looked at closer.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use axum::extract::{Request as HttpRequest, State};
use guan_engine::answer::{Decision, Refusal, Stage};
use guan_engine::ask::{Extent, Request, Session, Target};
use guan_engine::model::{Action, FieldId, OverlayId, RecordKey, UserId};
use guan_engine::view::RecordNumber;
use guan_store::{Change, ClockReading, DecisionRecord, Gate, View, refusal_code};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::asking::{Asker, Posed, Situation, Under};
use crate::caller::Caller;
use crate::extract;
use crate::problem::{Code, Problem};
use crate::state::Server;

/// Questions in one request.
const ITEMS_MAX: usize = 1_000;

/// Many questions.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ManyBody<'b> {
    /// Whom they are about, where an item names nobody else.
    session: Option<Situation>,
    /// The questions, 1 to 1000.
    #[serde(borrow)]
    items: Vec<Item<'b>>,
}

/// One of many questions.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Item<'b> {
    /// The user, in place of the one of the session.
    #[serde(borrow, default)]
    #[schema(value_type = Option<String>)]
    subject: Option<Cow<'b, str>>,
    /// What is to be done.
    #[serde(borrow)]
    #[schema(value_type = String)]
    action: Cow<'b, str>,
    /// To something of this object.
    #[serde(borrow)]
    #[schema(value_type = String)]
    object: Cow<'b, str>,
    /// To this record; absent to ask whether to any at all.
    #[serde(borrow, default)]
    #[schema(value_type = Option<String>)]
    record: Option<Cow<'b, str>>,
    /// Fields that it touches.
    #[serde(default)]
    fields: Vec<FieldId>,
    /// Whether it is done to many at once.
    #[serde(default)]
    bulk: bool,
}

/// The answers, in the order of the questions.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ManyAnswered {
    answers: Vec<Brief>,
}

/// A decision in short.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct Brief {
    /// `allow`, `relaxed` or `deny`.
    decision: &'static str,
    /// The stage that refused, also where an overlay relaxes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<Stage>,
    /// Why it refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
    /// The suspension that relaxes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    overlay: Option<OverlayId>,
    /// The row of the ledger, where it was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<u64>,
}

impl Brief {
    const ALLOWED: Self =
        Self { decision: "allow", stage: None, why: None, overlay: None, reference: None };

    fn of(decision: &Decision, reference: Option<u64>) -> Self {
        let (word, overlay) = match decision {
            Decision::Allow { .. } => return Self::ALLOWED,
            Decision::Relaxed { overlay, .. } => ("relaxed", Some(overlay.clone())),
            Decision::Deny { .. } => ("deny", None),
        };
        Self {
            decision: word,
            stage: decision.refusal().map(Refusal::stage),
            why: decision.refusal().map(refusal_code),
            overlay,
            reference,
        }
    }
}

/// Many questions at once, answered in their order. Relaxed answers are recorded before they are given.
#[utoipa::path(post, path = "/api/v1/check-many", tag = "questions", request_body = inline(ManyBody<'static>), responses((status = 200, body = ManyAnswered)))]
pub(super) async fn check_many(
    caller: Caller,
    State(server): State<Server>,
    request: HttpRequest,
) -> Result<Under<ManyAnswered>, Problem> {
    let clock = server.now();
    let bytes = extract::json_body(request, &server).await?;
    server
        .blocking(move |gate| {
            let body: ManyBody<'_> = extract::parse_of_structs(&bytes)?;
            if body.items.is_empty() || body.items.len() > ITEMS_MAX {
                let detail = format!("items may have 1 to {ITEMS_MAX} questions");
                return Err(Problem::new(Code::WrongShape).detail(detail));
            }
            let asker = Asker::of(gate, &caller, clock)?;
            let (from, at) =
                body.session.as_ref().map_or((None, None), |session| (session.from, session.at));
            let posed = asker.pose(body.session)?;
            if !posed.may_know {
                let subjects = body.items.iter().filter_map(|item| item.subject.as_deref());
                for subject in subjects.collect::<BTreeSet<&str>>() {
                    let subject = Some(UserId::from(subject));
                    asker.pose(Some(Situation { subject, from, at }))?;
                }
            }
            answer(gate, &posed, &body.items)
        })
        .await
}

/// The indexes of the questions that have subject, action and object in common.
type Groups<'b> = Vec<((Option<&'b str>, &'b str, &'b str), Vec<usize>)>;

fn groups<'b>(items: &'b [Item<'b>]) -> Groups<'b> {
    let mut groups: Groups<'b> = Vec::new();
    let mut places: HashMap<(Option<&str>, &str, &str), usize> = HashMap::new();
    let mut last = None;
    for (index, item) in items.iter().enumerate() {
        let key = (item.subject.as_deref(), item.action.as_ref(), item.object.as_ref());
        let place = match last {
            Some((before, place)) if before == key => place,
            _ => *places.entry(key).or_insert_with(|| {
                groups.push((key, Vec::new()));
                groups.len().saturating_sub(1)
            }),
        };
        last = Some((key, place));
        if let Some((_, indexes)) = groups.get_mut(place) {
            indexes.push(index);
        }
    }
    groups
}

fn answer(gate: &Gate, posed: &Posed, items: &[Item<'_>]) -> Result<Under<ManyAnswered>, Problem> {
    let mut answers = vec![Brief::ALLOWED; items.len()];
    let closer: Vec<(usize, Request<'static>, Decision)> = posed.look(gate, |view, session| {
        let mut closer = Vec::new();
        for ((subject, action, object), indexes) in groups(items) {
            let session = match subject {
                Some(subject) => session.of_subject(subject.into()),
                None => session.clone(),
            };
            let Ok(action) = action.parse::<Action>();
            let asked = Group { view, session, action, object };
            if !posed.is_at_another_time {
                asked.observe(gate, items, &indexes, &posed.clock);
            }
            asked.judge(items, &indexes, &mut closer);
        }
        closer
    })?;
    let mut overlays = Vec::new();
    let sequences = record(gate, posed, &closer);
    for ((index, request, decision), sequence) in closer.into_iter().zip(sequences) {
        let decision = match (decision, sequence) {
            (Decision::Relaxed { refusal, .. }, None) if !posed.is_at_another_time => {
                Decision::Deny { refusal }
            }
            (decision, _) => decision,
        };
        if let Decision::Relaxed { overlay, .. } = &decision {
            overlays.push(overlay.clone());
        }
        let decision = posed.tell(gate, &request, decision)?;
        if let Some(answer) = answers.get_mut(index) {
            *answer = Brief::of(&decision, sequence);
        }
    }
    Ok(Under(overlays, ManyAnswered { answers }))
}

/// Questions that have subject, action and object in common.
struct Group<'v, 's> {
    view: &'v View,
    session: Session<'s>,
    action: Action,
    object: &'v str,
}

impl Group<'_, '_> {
    /// Finds those that are not plainly allowed, with their decisions.
    fn judge(
        &self,
        items: &[Item<'_>],
        indexes: &[usize],
        closer: &mut Vec<(usize, Request<'static>, Decision)>,
    ) {
        let engine = self.view.engine();
        let (mut numbers, mut numbered): (Vec<RecordNumber>, Vec<usize>) = (Vec::new(), Vec::new());
        let mut others: Vec<usize> = Vec::new();
        let mut key = RecordKey { object: self.object.into(), id: "".into() };
        for index in indexes {
            let Some(item) = items.get(*index) else { continue };
            let plain = item.record.as_deref().filter(|_| item.fields.is_empty() && !item.bulk);
            let number = plain.and_then(|record| {
                key.id = record.into();
                engine.record_number(&key)
            });
            match number {
                Some(number) => {
                    numbers.push(number);
                    numbered.push(*index);
                }
                None => others.push(*index),
            }
        }
        let mut allowed = Vec::new();
        let is_seen = engine.enter(&self.session).is_ok_and(|seat| {
            let aim = engine.aim(&key.object, &self.action);
            aim.and_then(|aim| seat.view(aim).ok())
                .map(|view| view.may_many(&numbers, &mut allowed))
                .is_some()
        });
        let is_allowed = |place: usize| {
            let word = allowed.get(place / 64).copied().unwrap_or(0);
            is_seen && word >> (place % 64) & 1 == 1
        };
        let refused = numbered.iter().enumerate().filter(|(place, _)| !is_allowed(*place));
        others.extend(refused.map(|(_, index)| *index));
        for index in others {
            let Some(item) = items.get(index) else { continue };
            let request = self.request(item);
            let under = Request { session: self.session.clone(), ..request.clone() };
            let decision = engine.check(&under);
            if !matches!(decision, Decision::Allow { .. }) {
                closer.push((index, request, decision));
            }
        }
    }

    /// Hands the questions over to shadows, where some are on.
    fn observe(&self, gate: &Gate, items: &[Item<'_>], indexes: &[usize], clock: &ClockReading) {
        if gate.is_shadowed(&self.session.organization) {
            for item in indexes.iter().filter_map(|index| items.get(*index)) {
                gate.observe(&self.request(item), clock);
            }
        }
    }

    fn request(&self, item: &Item<'_>) -> Request<'static> {
        let object = self.object.into();
        let on = match &item.record {
            Some(record) => Target::Record(RecordKey { object, id: record.as_ref().into() }),
            None => Target::Object(object),
        };
        let Session { organization, subject, address, at, .. } = self.session.clone();
        let mut session = Session::new(organization, subject, at);
        session.address = address;
        let mut request = Request::new(session, self.action.clone(), on);
        request.fields.clone_from(&item.fields);
        request.extent = if item.bulk { Extent::Bulk } else { Extent::Single };
        request
    }
}

/// Records what only overlays allow, all together; gives the row of each, none for what is not recorded.
fn record(
    gate: &Gate,
    posed: &Posed,
    closer: &[(usize, Request<'static>, Decision)],
) -> Vec<Option<u64>> {
    let is_relaxed = |decision: &Decision| matches!(decision, Decision::Relaxed { .. });
    let decisions: Vec<DecisionRecord> = closer
        .iter()
        .filter(|(_, _, decision)| is_relaxed(decision))
        .map(|(_, request, decision)| DecisionRecord::new(request, decision.clone()))
        .collect();
    if decisions.is_empty() || posed.is_at_another_time {
        return vec![None; closer.len()];
    }
    let organization = posed.session.organization.clone();
    let change = Change::RecordWouldDenies { organization, decisions };
    let mut next = match gate.write(&posed.caller.who(), &posed.clock, change) {
        Ok(written) => Some(written.sequence),
        Err(error) => {
            tracing::warn!(name: "decision.unrecorded", %error, "decisions could not be recorded");
            None
        }
    };
    let row = |(_, _, decision): &(usize, Request<'static>, Decision)| {
        let row = next.filter(|_| is_relaxed(decision));
        if row.is_some() {
            next = next.and_then(|row| row.checked_add(1));
        }
        row
    };
    closer.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::{ManyBody, groups};
    use crate::extract;
    use crate::problem::Code;

    #[test]
    fn questions_in_which_a_member_comes_twice_are_no_questions() {
        for twice in [
            &br#"{"items":[],"items":[]}"#[..],
            br#"{"items":[{"action":"read","object":"A","record":"1","record":"2"}]}"#,
            br#"{"session":{"from":null,"from":"::1"},"items":[]}"#,
        ] {
            let problem = extract::parse_of_structs::<ManyBody<'_>>(twice).unwrap_err();
            assert_eq!(problem.code(), Code::MalformedJson);
        }
    }

    #[test]
    fn questions_with_much_in_common_are_judged_together() {
        let body = br#"{"items":[
            {"action":"read","object":"Account","record":"1"},
            {"action":"edit","object":"Account","record":"1"},
            {"action":"read","object":"Account","record":"2"},
            {"subject":"bo","action":"read","object":"Account","record":"2"}]}"#;
        let body: ManyBody<'_> = extract::parse(body).unwrap();
        let groups = groups(&body.items);
        let indexes: Vec<_> = groups.into_iter().map(|(_, indexes)| indexes).collect();
        assert_eq!(indexes, [vec![0, 2], vec![1], vec![3]]);
    }
}
