//! A record in parts, so that one field can be undone without the others.

use std::collections::BTreeMap;

use guan_engine::model::{
    FieldId, NodeId, Owner, PoolId, Principal, Record, RecordId, RelationId, Share, TeamMember,
    UserId, Value,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A part of a record that changes on its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// That the record is there at all.
    Whole,
    /// Its owners.
    Owners,
    /// Its unit.
    Unit,
    /// Its pool.
    Pool,
    /// Whether it is locked.
    Locked,
    /// One tag.
    Tag(NodeId),
    /// One parent.
    Parent(RelationId),
    /// One field.
    Field(FieldId),
    /// The shares with somebody for one cause.
    Share {
        /// With whom.
        to: Principal,
        /// Why they exist.
        cause: String,
    },
    /// One member of its team.
    Member(UserId),
}

/// The value of a part. A part without value is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartValue {
    /// The whole record.
    Whole(Box<Record>),
    /// Owners.
    Owners(BTreeSet<Owner>),
    /// A unit.
    Unit(NodeId),
    /// A pool.
    Pool(PoolId),
    /// The record is locked.
    Locked,
    /// The record has the tag.
    Tagged,
    /// A parent.
    Parent(RecordId),
    /// The value of a field.
    Field(Value),
    /// Shares.
    Shares(Vec<Share>),
    /// A member, as often as they are listed.
    Member(Vec<TeamMember>),
}

/// A record in its parts, without [`Part::Whole`]. Taken apart and put together again it is the same
/// but for the order of shares and team.
pub(crate) fn parts(record: &Record) -> BTreeMap<Part, PartValue> {
    let mut parts = BTreeMap::new();
    if !record.owners.is_empty() {
        parts.insert(Part::Owners, PartValue::Owners(record.owners.clone()));
    }
    if let Some(unit) = &record.unit {
        parts.insert(Part::Unit, PartValue::Unit(unit.clone()));
    }
    if let Some(pool) = &record.pool {
        parts.insert(Part::Pool, PartValue::Pool(pool.clone()));
    }
    if record.locked {
        parts.insert(Part::Locked, PartValue::Locked);
    }
    parts.extend(record.tags.iter().map(|tag| (Part::Tag(tag.clone()), PartValue::Tagged)));
    parts.extend(record.parents.iter().map(|(relation, parent)| {
        (Part::Parent(relation.clone()), PartValue::Parent(parent.clone()))
    }));
    parts.extend(
        record
            .fields
            .iter()
            .map(|(field, value)| (Part::Field(field.clone()), PartValue::Field(value.clone()))),
    );
    for share in &record.shares {
        let part = Part::Share { to: share.to.clone(), cause: share.cause.clone() };
        let value = parts.entry(part).or_insert_with(|| PartValue::Shares(Vec::new()));
        if let PartValue::Shares(shares) = value {
            shares.push(share.clone());
            shares.sort();
        }
    }
    for member in &record.team {
        let part = Part::Member(member.user.clone());
        let value = parts.entry(part).or_insert_with(|| PartValue::Member(Vec::new()));
        if let PartValue::Member(members) = value {
            members.push(member.clone());
            members.sort();
        }
    }
    parts
}

/// Gives a part of a record another value, or takes it away.
pub(super) fn set(record: &mut Record, part: &Part, value: Option<&PartValue>) {
    match part {
        Part::Whole => {}
        Part::Owners => {
            record.owners = match value {
                Some(PartValue::Owners(owners)) => owners.clone(),
                _ => BTreeSet::new(),
            };
        }
        Part::Unit => {
            record.unit = match value {
                Some(PartValue::Unit(unit)) => Some(unit.clone()),
                _ => None,
            };
        }
        Part::Pool => {
            record.pool = match value {
                Some(PartValue::Pool(pool)) => Some(pool.clone()),
                _ => None,
            };
        }
        Part::Locked => record.locked = value == Some(&PartValue::Locked),
        Part::Tag(tag) => {
            record.tags.remove(tag);
            if value.is_some() {
                record.tags.insert(tag.clone());
            }
        }
        Part::Parent(relation) => {
            record.parents.remove(relation);
            if let Some(PartValue::Parent(parent)) = value {
                record.parents.insert(relation.clone(), parent.clone());
            }
        }
        Part::Field(field) => {
            record.fields.remove(field);
            if let Some(PartValue::Field(value)) = value {
                record.fields.insert(field.clone(), value.clone());
            }
        }
        Part::Share { to, cause } => {
            record.shares.retain(|share| share.to != *to || share.cause != *cause);
            if let Some(PartValue::Shares(shares)) = value {
                record.shares.extend(shares.iter().cloned());
            }
        }
        Part::Member(user) => {
            record.team.retain(|member| member.user != *user);
            if let Some(PartValue::Member(members)) = value {
                record.team.extend(members.iter().cloned());
            }
        }
    }
}

/// The parts in which two records differ.
pub(crate) fn changed_parts(before: &Record, after: &Record) -> Vec<Part> {
    let (before, after) = (parts(before), parts(after));
    let keys: BTreeSet<&Part> = before.keys().chain(after.keys()).collect();
    keys.into_iter().filter(|part| before.get(part) != after.get(part)).cloned().collect()
}
