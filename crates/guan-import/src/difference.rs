//! The difference of two policies, entity by entity, in readable text.

use guan_engine::model::Policy;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fmt;

/// What happened to an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Only in the new policy.
    Added,
    /// Only in the old policy.
    Removed,
    /// In both, not alike.
    Changed,
}

/// One difference between two policies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What happened.
    pub kind: ChangeKind,
    /// The collection: `sets`, `rules`, `users` …
    pub entity: String,
    /// The id within the collection.
    pub id: String,
    /// The place inside the entity, such as `objects.Account.actions.read`; empty for the whole.
    pub path: String,
    /// What was there; `null` when nothing was.
    pub before: Value,
    /// What is there now; `null` when nothing is.
    pub after: Value,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entity, id, path, before, after, .. } = self;
        match self.kind {
            ChangeKind::Added => write!(f, "+ {entity} `{id}`"),
            ChangeKind::Removed => write!(f, "- {entity} `{id}`"),
            ChangeKind::Changed => {
                write!(f, "~ {entity} `{id}` {path}: {} → {}", plain(before), plain(after))
            }
        }
    }
}

/// A value for people: text without quotes, nothing as `nothing`.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The differences from `old` to `new`, in the order of collection, id and place.
///
/// # Errors
///
/// When a policy has no JSON form, which a valid one has.
pub fn diff(old: &Policy, new: &Policy) -> Result<Vec<Change>, serde_json::Error> {
    let (old, new) = (serde_json::to_value(old)?, serde_json::to_value(new)?);
    let mut changes = Vec::new();
    for entity in keys(&old, &new) {
        let (old, new) = (old.get(entity), new.get(entity));
        if entity == "organization" {
            compare(&mut changes, entity, entity, old, new);
            continue;
        }
        let (old, new) = (object(old), object(new));
        let ids: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for id in ids {
            compare(&mut changes, entity, id, old.get(id), new.get(id));
        }
    }
    Ok(changes)
}

fn keys<'v>(old: &'v Value, new: &'v Value) -> BTreeSet<&'v str> {
    [old, new]
        .iter()
        .filter_map(|value| value.as_object())
        .flat_map(Map::keys)
        .map(String::as_str)
        .collect()
}

fn object(value: Option<&Value>) -> Map<String, Value> {
    value.and_then(Value::as_object).cloned().unwrap_or_default()
}

fn compare(
    changes: &mut Vec<Change>,
    entity: &str,
    id: &str,
    old: Option<&Value>,
    new: Option<&Value>,
) {
    let kind = match (old, new) {
        (None, None) => return,
        (None, Some(_)) => ChangeKind::Added,
        (Some(_), None) => ChangeKind::Removed,
        (Some(old), Some(new)) if old == new => return,
        (Some(_), Some(_)) => ChangeKind::Changed,
    };
    let mut push = |path: String, before: Option<&Value>, after: Option<&Value>| {
        changes.push(Change {
            kind,
            entity: entity.to_owned(),
            id: id.to_owned(),
            path,
            before: before.cloned().unwrap_or_default(),
            after: after.cloned().unwrap_or_default(),
        });
    };
    if kind != ChangeKind::Changed {
        return push(String::new(), old, new);
    }
    // The depth of a policy's JSON is bounded by its types, so a list of open places suffices.
    let mut open = vec![(String::new(), old, new)];
    while let Some((path, old, new)) = open.pop() {
        match (old, new) {
            (Some(Value::Object(before)), Some(Value::Object(after))) => {
                let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
                for name in names.into_iter().rev() {
                    let path =
                        if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    open.push((path, before.get(name), after.get(name)));
                }
            }
            (old, new) if old == new => {}
            (old, new) => push(path, old, new),
        }
    }
}
