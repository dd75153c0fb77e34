//! Sharing rules: records by owner, place or condition, given to others.

use super::{Moment, NodeId, ObjectId, Principal, Rights};
use crate::condition::Condition;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A sharing rule. A record is covered when every stated part matches: some `owned_by`, some
/// `in_units`, some `tagged`, and `when`; a part that is empty matches every record.
///
/// `owned_by` matches a user owner that the principal names, and a group owner when the principal is
/// that group or a group that contains it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SharingRule {
    /// The object.
    pub object: ObjectId,
    /// The name that people see.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// An inactive rule gives nothing.
    #[serde(default = "yes")]
    pub active: bool,
    /// Owners whose records it covers.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub owned_by: BTreeSet<Principal>,
    /// Units at or below which the record's unit lies (`UnitSource` of the object applies). Write
    /// an exact unit with `in_units_exactly`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub in_units: BTreeSet<NodeId>,
    /// Units that the record's unit must equal; an alternative to `in_units`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub in_units_exactly: BTreeSet<NodeId>,
    /// Dimension nodes at or below which the record is tagged.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tagged: BTreeSet<NodeId>,
    /// The condition on its fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Who gains.
    pub to: BTreeSet<Principal>,
    /// What they gain.
    pub rights: Rights,
    /// Whether what it gives also flows to the superiors of those who gain, along the roll-ups of
    /// the object (a group target needs its own flag too).
    #[serde(default = "yes")]
    pub include_superiors: bool,
    /// Levels on child records of other objects.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub child_levels: BTreeMap<ObjectId, Rights>,
    /// First instant; absent for always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<Moment>,
    /// End, exclusive; absent for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Moment>,
}

impl SharingRule {
    /// A rule on `object` that covers every record and gives nobody anything yet.
    pub fn new(object: impl Into<ObjectId>, rights: Rights) -> Self {
        Self {
            object: object.into(),
            name: String::new(),
            active: true,
            owned_by: BTreeSet::new(),
            in_units: BTreeSet::new(),
            in_units_exactly: BTreeSet::new(),
            tagged: BTreeSet::new(),
            when: None,
            to: BTreeSet::new(),
            rights,
            include_superiors: true,
            child_levels: BTreeMap::new(),
            starts: None,
            ends: None,
        }
    }
    /// Whether it gives anything at `at`.
    pub fn is_in_force(&self, at: Moment) -> bool {
        self.active
            && self.starts.is_none_or(|starts| starts <= at)
            && self.ends.is_none_or(|ends| at < ends)
    }
}

const fn yes() -> bool {
    true
}
