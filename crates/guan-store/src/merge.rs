//! Policy edits that waited for a window to end, merged three ways with what the policy has become.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::entity::{BadEntity, Entities, Entity, EntityKey, EntityKind};

/// An edit that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingEdit {
    /// The entities that it touches as its author saw them; one that was not there is absent.
    pub base: Entities,
    /// New or changed entities.
    pub put: Vec<Entity>,
    /// Entities to be taken out.
    pub remove: Vec<EntityKey>,
}

/// Two people changed the same thing in different ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeConflict {
    /// The kind of entity.
    pub kind: EntityKind,
    /// Its id.
    pub id: String,
    /// The members that lead to it; empty for the entity itself.
    pub member: Vec<String>,
    /// As it was; absent when it was not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<Value>,
    /// As the waiting edit wants it; absent to take it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Value>,
    /// As it is; absent when it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<Value>,
}

/// What a person decided of one conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeDecision {
    /// The kind of entity.
    pub kind: EntityKind,
    /// Its id.
    pub id: String,
    /// The members that lead to the place, as in the conflict.
    pub member: Vec<String>,
    /// Whether the waiting edit wins there; what is there now stays otherwise.
    pub wins: bool,
}

/// What becomes of an edit that waited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Merged {
    /// It can be applied: this is what is to be put and taken out now. The result is to be validated
    /// like every edit.
    Applies {
        /// New or changed entities.
        put: Vec<Entity>,
        /// Entities to be taken out.
        remove: Vec<EntityKey>,
    },
    /// Everything that it wants is so already.
    Nothing,
    /// A person has to decide. Nothing of the edit is applied until then.
    Conflicts(Vec<MergeConflict>),
}

/// Merges an edit with the policy as it is now: entity by entity, member by member.
///
/// What only one side changed is taken from that side, what both changed alike is taken once. Lists
/// are merged element by element where both sides only added and removed elements and nobody moved
/// one. Everything else that both changed is a conflict, and so is a change of what the other side
/// took out.
///
/// # Errors
///
/// The first body that is not JSON.
pub fn merge(current: &Entities, edit: &WaitingEdit) -> Result<Merged, BadEntity> {
    let (mut put, mut remove, mut conflicts) = (Vec::new(), Vec::new(), Vec::new());
    let removed: BTreeSet<&EntityKey> = edit.remove.iter().collect();
    let wanted = edit
        .put
        .iter()
        .map(|entity| ((entity.kind, entity.id.clone()), Some(entity.body.as_str())))
        .filter(|(key, _)| !removed.contains(key))
        .chain(edit.remove.iter().map(|key| (key.clone(), None)));
    for (key, body) in wanted {
        let read = |body: &str| parse(&key, body);
        let base = edit.base.get(&key).map(|body| read(body)).transpose()?;
        let waiting = body.map(read).transpose()?;
        let now = current.get(&key).map(|body| read(body)).transpose()?;
        let mut found = Vec::new();
        let merged = three_ways(
            Sides { base: base.as_ref(), waiting: waiting.as_ref(), current: now.as_ref() },
            &mut Vec::new(),
            &mut found,
        );
        if found.is_empty() {
            match merged {
                merged if merged == now => {}
                Some(value) => {
                    put.push(Entity { kind: key.0, id: key.1, body: value.to_string() });
                }
                None => remove.push(key),
            }
        } else {
            conflicts.extend(found.into_iter().map(|found| found.of(&key)));
        }
    }
    Ok(if !conflicts.is_empty() {
        Merged::Conflicts(conflicts)
    } else if put.is_empty() && remove.is_empty() {
        Merged::Nothing
    } else {
        Merged::Applies { put, remove }
    })
}

/// Merges edits in the order in which they were made; each sees what those before it have become. An
/// edit with a conflict is left out, and those behind it are merged without it.
///
/// # Errors
///
/// The first body that is not JSON.
pub fn merge_in_order(current: &Entities, edits: &[WaitingEdit]) -> Result<Vec<Merged>, BadEntity> {
    let mut entities = current.clone();
    let mut merged = Vec::new();
    for edit in edits {
        let next = merge(&entities, edit)?;
        if let Merged::Applies { put, remove } = &next {
            for entity in put {
                entities.insert((entity.kind, entity.id.clone()), entity.body.clone());
            }
            for key in remove {
                entities.remove(key);
            }
        }
        merged.push(next);
    }
    Ok(merged)
}

/// The edit once it is decided what becomes of its conflicts: where it is to win, what is there now counts as its base;
/// where it is not, it wants what is there now. Merged again it has no conflict in these places.
///
/// # Errors
///
/// The first body that is not JSON.
pub fn decided(
    current: &Entities,
    edit: &WaitingEdit,
    decisions: &[MergeDecision],
) -> Result<WaitingEdit, BadEntity> {
    let mut decided = edit.clone();
    for MergeDecision { kind, id, member, wins } in decisions {
        let key = (*kind, id.clone());
        let read = |body: Option<&String>| body.map(|body| parse(&key, body)).transpose();
        let now = read(current.get(&key))?;
        let place = now.as_ref().and_then(|now| at(now, member)).cloned();
        if *wins {
            let base = read(decided.base.get(&key))?;
            match with(base, member, place) {
                Some(base) => decided.base.insert(key, base.to_string()),
                None => decided.base.remove(&key),
            };
            continue;
        }
        let put = decided.put.iter().position(|entity| entity.kind == key.0 && entity.id == key.1);
        let wanted = read(put.and_then(|put| decided.put.get(put)).map(|entity| &entity.body))?;
        decided.put.retain(|entity| entity.kind != key.0 || entity.id != key.1);
        decided.remove.retain(|removed| *removed != key);
        match with(wanted, member, place) {
            Some(body) => {
                decided.put.push(Entity { kind: key.0, id: key.1, body: body.to_string() });
            }
            // It is gone, and stays so.
            None if now.is_none() && decided.base.contains_key(&key) => decided.remove.push(key),
            None => {}
        }
    }
    Ok(decided)
}

/// What stands at a place.
fn at<'v>(whole: &'v Value, member: &[String]) -> Option<&'v Value> {
    member.iter().try_fold(whole, |whole, name| whole.get(name))
}

/// The whole with something else at a place; the empty place is the whole itself.
fn with(whole: Option<Value>, member: &[String], value: Option<Value>) -> Option<Value> {
    let Some((name, rest)) = member.split_first() else { return value };
    let mut whole = whole.unwrap_or_else(|| Value::Object(Map::new()));
    if let Some(members) = whole.as_object_mut() {
        match with(members.get(name).cloned(), rest, value) {
            Some(inner) => members.insert(name.clone(), inner),
            None => members.remove(name),
        };
    }
    Some(whole)
}

fn parse(key: &EntityKey, body: &str) -> Result<Value, BadEntity> {
    serde_json::from_str(body).map_err(|error| BadEntity {
        kind: key.0,
        id: key.1.clone(),
        problem: error.to_string(),
    })
}

/// A conflict before it is known of which entity it is.
struct Found {
    member: Vec<String>,
    base: Option<Value>,
    waiting: Option<Value>,
    current: Option<Value>,
}

impl Found {
    fn of(self, key: &EntityKey) -> MergeConflict {
        let Self { member, base, waiting, current } = self;
        MergeConflict { kind: key.0, id: key.1.clone(), member, base, waiting, current }
    }
}

/// The three values of one place.
#[derive(Clone, Copy)]
struct Sides<'a> {
    base: Option<&'a Value>,
    waiting: Option<&'a Value>,
    current: Option<&'a Value>,
}

fn three_ways(sides: Sides<'_>, member: &mut Vec<String>, found: &mut Vec<Found>) -> Option<Value> {
    let Sides { base, waiting, current } = sides;
    if waiting == current || waiting == base {
        return current.cloned();
    }
    if current == base {
        return waiting.cloned();
    }
    match (base, waiting, current) {
        (Some(Value::Object(base)), Some(Value::Object(waiting)), Some(Value::Object(current))) => {
            Some(members([base, waiting, current], member, found))
        }
        (Some(Value::Array(base)), Some(Value::Array(waiting)), Some(Value::Array(current))) => {
            let merged = elements(base, waiting, current);
            if merged.is_none() {
                found.push(conflict(sides, member));
            }
            merged
        }
        _ => {
            found.push(conflict(sides, member));
            None
        }
    }
}

fn conflict(sides: Sides<'_>, member: &[String]) -> Found {
    Found {
        member: member.to_vec(),
        base: sides.base.cloned(),
        waiting: sides.waiting.cloned(),
        current: sides.current.cloned(),
    }
}

// Recursion is bounded: the parser stops at 128 levels.
fn members(
    [base, waiting, current]: [&Map<String, Value>; 3],
    member: &mut Vec<String>,
    found: &mut Vec<Found>,
) -> Value {
    let names: BTreeSet<&String> =
        base.keys().chain(waiting.keys()).chain(current.keys()).collect();
    let mut merged = Map::new();
    for name in names {
        let sides =
            Sides { base: base.get(name), waiting: waiting.get(name), current: current.get(name) };
        member.push(name.clone());
        if let Some(value) = three_ways(sides, member, found) {
            merged.insert(name.clone(), value);
        }
        member.pop();
    }
    Value::Object(merged)
}

/// Lists of which both sides only added and removed elements; `None` for any other.
fn elements(base: &[Value], waiting: &[Value], current: &[Value]) -> Option<Value> {
    let are_simple = [base, waiting, current].into_iter().all(|list| {
        let plain = list.iter().all(|element| !element.is_object() && !element.is_array());
        let once = list
            .iter()
            .enumerate()
            .all(|(at, one)| list.iter().skip(at + 1).all(|other| other != one));
        plain && once
    });
    let in_order = |changed: &[Value]| {
        let kept = base.iter().filter(|element| changed.contains(element));
        kept.eq(changed.iter().filter(|element| base.contains(element)))
    };
    if !are_simple || !in_order(waiting) || !in_order(current) {
        return None;
    }
    let stays = |element: &&Value| waiting.contains(element) || !base.contains(element);
    let added =
        waiting.iter().filter(|element| !base.contains(element) && !current.contains(element));
    Some(current.iter().filter(stays).chain(added).cloned().collect())
}
