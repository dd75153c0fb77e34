//! Users and where they stand in the trees.

use super::{NodeId, PlacedAs, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What sort of user this is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UserKind {
    /// A person of the organization.
    #[default]
    Internal,
    /// A program; counts as internal.
    Integration,
    /// A partner or customer; the external baseline applies.
    External,
    /// Somebody who did not sign in: no baseline applies, only what is shared expressly.
    Guest,
}

/// A person or integration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The name that people see.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What sort of user.
    #[serde(default)]
    pub kind: UserKind,
    /// An inactive user is refused everything; what they own keeps its place.
    #[serde(default = "yes")]
    pub active: bool,
    /// Where they stand; at most one entry for each node.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub placements: Vec<Placement>,
    /// Attributes for conditions, such as `department`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Value>,
}

/// A user's place at a node.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Placement {
    /// The node.
    pub node: NodeId,
    /// Member or head.
    #[serde(default, rename = "as")]
    pub placed_as: PlacedAs,
    /// Whether it is an additional place beside the main one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub additional: bool,
}

impl Placement {
    /// A member's main place at `node`.
    pub fn member(node: impl Into<NodeId>) -> Self {
        Self { node: node.into(), placed_as: PlacedAs::Member, additional: false }
    }
    /// A head's main place at `node`.
    pub fn head(node: impl Into<NodeId>) -> Self {
        Self { node: node.into(), placed_as: PlacedAs::Head, additional: false }
    }
}

const fn yes() -> bool {
    true
}
