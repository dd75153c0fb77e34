//! What an object asks of its records: a relation and the field of its id say the same, and required fields have a value.

use guan_engine::answer::Decision;
use guan_engine::ask::Request;
use guan_engine::model::{FieldId, Object, Problem, Record, RecordId, Value};

use super::RecordFault;
use super::change::{Denied, Known, RecordPatch, Stopped};
use super::value;
use crate::gate::Acting;

/// Sets a relation with the field of its id, whichever of both is written. Gives the fields that come in so.
pub(super) fn join(
    model: Option<&Object>,
    patch: &mut RecordPatch,
) -> Result<Vec<FieldId>, RecordFault> {
    let (mut joined, mut problems) = (Vec::new(), Vec::new());
    let linked = model.into_iter().flat_map(|object| {
        object.relations.keys().filter(|id| object.fields.contains_key(id.as_str()))
    });
    for relation in linked {
        let field = FieldId::from(relation.as_str());
        let place = || format!("fields.{field}");
        match (patch.fields.get(&field), patch.parents.get(relation)) {
            (None, None) => {}
            (Some(value), None) => match value.as_ref().map(id_of) {
                None => {
                    patch.parents.insert(relation.clone(), None);
                }
                Some(Some(parent)) => {
                    patch.parents.insert(relation.clone(), Some(parent));
                }
                Some(None) => {
                    let what = "the value is no id of a record".to_owned();
                    problems.push(Problem { place: place(), what });
                }
            },
            (None, Some(parent)) => {
                let value = parent.as_ref().map(|id| Value::Text(id.to_string()));
                patch.fields.insert(field.clone(), value);
                joined.push(field);
            }
            (Some(value), Some(parent)) => {
                if value.as_ref().and_then(id_of) != *parent {
                    let what =
                        format!("the parent through `{relation}` is another; write one of both");
                    problems.push(Problem { place: place(), what });
                }
            }
        }
    }
    if problems.is_empty() { Ok(joined) } else { Err(RecordFault::Problems(problems)) }
}

/// The id that a value of a reference is.
fn id_of(value: &Value) -> Option<RecordId> {
    match value {
        Value::Text(id) => Some(id.as_str().into()),
        Value::Number(id) => Some(id.to_string().into()),
        Value::Bool(_) | Value::List(_) => None,
    }
}

/// What is not said of a new record is what the object says, whoever makes it.
pub(super) fn fill(model: Option<&Object>, record: &mut Record) {
    for (id, field) in model.iter().flat_map(|object| &object.fields) {
        let Some(default) = &field.default else { continue };
        if is_blank(record.fields.get(id)) {
            let value = value::fitted(model, id, default.clone());
            record.fields.insert(id.clone(), value);
        }
    }
}

/// Whether a new record has a value in every required field. `request` is the one that was decided on.
///
/// One who may set the field is told which it is. One who sees it and may not set it is refused by the field gate. Of one
/// that is hidden the name is told to nobody, and is not in the ledger either, whose row the subject may have explained.
pub(super) fn complete(
    acting: &Acting<'_>,
    request: &Request<'_>,
    record: &Record,
) -> Result<(), Stopped> {
    let objects = &acting.engine().policy().objects;
    let fields = objects.get(&record.object).into_iter().flat_map(|object| &object.fields);
    let missing = fields.filter(|(id, field)| field.required && is_blank(record.fields.get(*id)));
    let (mut problems, mut refused) = (Vec::new(), None);
    for (id, _) in missing {
        let asked = Request { fields: vec![id.clone()], ..request.clone() };
        match acting.engine().check(&asked) {
            Decision::Allow { .. } | Decision::Relaxed { .. } => problems.push(needed(id)),
            Decision::Deny { refusal } => {
                refused.get_or_insert(refusal);
            }
        }
    }
    match refused {
        _ if !problems.is_empty() => Err(RecordFault::Problems(problems).into()),
        Some(refusal) => Err(Stopped::Denied(Box::new(Denied {
            action: request.action.clone(),
            on: request.on.clone(),
            fields: request.fields.clone(),
            refusal,
            known: Known::ByPolicy,
        }))),
        None => Ok(()),
    }
}

/// Whether a patch leaves every required field that it names with a value. A record that has none yet stays as it is.
pub(super) fn keeps(model: Option<&Object>, patch: &RecordPatch) -> Result<(), RecordFault> {
    let is_required = |id: &FieldId| {
        model.and_then(|object| object.fields.get(id)).is_some_and(|field| field.required)
    };
    let taken =
        patch.fields.iter().filter(|(id, value)| is_required(id) && is_blank(value.as_ref()));
    let problems: Vec<Problem> = taken.map(|(id, _)| needed(id)).collect();
    if problems.is_empty() { Ok(()) } else { Err(RecordFault::Problems(problems)) }
}

fn needed(field: &FieldId) -> Problem {
    let what = "the field is required: give it a value".to_owned();
    Problem { place: format!("fields.{field}"), what }
}

fn is_blank(value: Option<&Value>) -> bool {
    match value {
        None => true,
        Some(Value::Text(text)) => text.trim().is_empty(),
        Some(Value::List(texts)) => texts.is_empty(),
        Some(Value::Bool(_) | Value::Number(_)) => false,
    }
}
