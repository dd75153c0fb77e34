//! Groups, queues and teams.

use super::{NodeId, Principal};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What sort of group this is; the engine treats all alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// Public group 公用小组.
    #[default]
    Group,
    /// Queue 队列.
    Queue,
    /// Team 团队.
    Team,
}

/// Named users. A group may own records and may hold permission sets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The name that people see.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What sort.
    #[serde(default)]
    pub kind: GroupKind,
    /// Who belongs to it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub members: BTreeSet<Principal>,
    /// Whether what the group holds on records also flows to the superiors of its members, along
    /// the roll-ups of the object. It never hands out the group's permission sets.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub include_superiors: bool,
    /// The unit that it belongs to: the context unit of sets assigned through it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<NodeId>,
}
