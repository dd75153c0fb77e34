//! Trees, their nodes, and roll-ups: reach that flows up a tree.

use super::{NodeId, ObjectId, Rights, TreeId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a tree stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TreeKind {
    /// Role hierarchy 角色层级.
    Role,
    /// Business units, departments, teams 业务单元. Records and groups may carry a unit; the scopes
    /// `unit` and `unit_and_below` look at these trees only.
    Unit,
    /// Reporting line 汇报线: one node for each user, who is its member.
    Manager,
    /// Territories 区域 and other dimensions that records are tagged with.
    Dimension,
}

/// A named tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Tree {
    /// The name that people see.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What it stands for.
    pub kind: TreeKind,
}

/// A node of a tree. A tree may have several roots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// The tree it stands in.
    pub tree: TreeId,
    /// The node above; none for a root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<NodeId>,
    /// The name that people see.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Rights by object. For a node that records are tagged with: what the dimension yields on a
    /// record of that object, in place of the dimension's own rights. On another object: the level
    /// that reaching a *parent* record through this node gives on child records of that object. For
    /// a node where an owner is placed: the level that the owner of a parent gets on its children.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub levels: BTreeMap<ObjectId, Rights>,
}

/// How a user stands at a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlacedAs {
    /// Belongs to it.
    #[default]
    Member,
    /// Leads it.
    Head,
}

/// Who at the upper node gains by a roll-up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RollUpWho {
    /// Members and heads.
    #[default]
    Placed,
    /// Members only.
    Members,
    /// Heads only.
    Heads,
}

/// Which nodes' holdings a roll-up reaches, seen from the node of the one who gains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RollUpSpan {
    /// The same node: peers.
    Same,
    /// Nodes strictly below.
    #[default]
    Below,
    /// The same node and those below.
    SameOrBelow,
}

/// What a roll-up carries upwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Cover {
    /// What users placed below own (by a group: see [`super::Group::include_superiors`]).
    Owned,
    /// What was shared with users and nodes below.
    Shared,
    /// What users below have as members of a record's team.
    Team,
    /// What sharing rules give to those below (see [`super::SharingRule::include_superiors`]).
    Ruled,
    /// Records whose own unit is the node; only for trees of kind `unit`.
    Unit,
}

/// Reach that flows up a tree: who is placed above holds what those below hold.
///
/// For a *holder* (an owner, the target of a share or rule, a team member) placed at node `b` and a
/// subject placed at `a`, with `b` in the subtree of `a` at distance `d`, the subject holds the
/// holder's rights cut to `rights[d']`, where `d'` counts from the first distance of the span (0 for
/// `same` and `same_or_below`, 1 for `below`) and the last entry serves all greater distances.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RollUp {
    /// The tree it goes up.
    pub tree: TreeId,
    /// Who at the upper node gains.
    #[serde(default)]
    pub who: RollUpWho,
    /// Which nodes it reaches.
    #[serde(default)]
    pub span: RollUpSpan,
    /// What it carries.
    pub covers: BTreeSet<Cover>,
    /// The greatest distance; none for the whole depth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depth_max: Option<u8>,
    /// The right set for each distance; never empty.
    pub rights: Vec<Rights>,
}

impl RollUp {
    /// The cut at `distance` levels below, `NONE` where the roll-up does not reach.
    pub fn cut(&self, distance: usize) -> Rights {
        let first = match self.span {
            RollUpSpan::Same if distance > 0 => return Rights::NONE,
            RollUpSpan::Below if distance == 0 => return Rights::NONE,
            RollUpSpan::Same | RollUpSpan::SameOrBelow => 0,
            RollUpSpan::Below => 1,
        };
        if self.depth_max.is_some_and(|depth_max| distance > usize::from(depth_max)) {
            return Rights::NONE;
        }
        self.rights.get(distance - first).or(self.rights.last()).copied().unwrap_or(Rights::NONE)
    }
}
