//! Delegations: administration of one part of a tree, by somebody who is no administrator elsewhere.

use super::{Assigned, NodeId, Power, Principal};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Powers over the users, nodes and assignments of a subtree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Delegation {
    /// The name that people see.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Who administers.
    pub to: Principal,
    /// The top of the subtree: users placed at it or below, and the nodes below it.
    pub node: NodeId,
    /// What they may do there; see [`Power::is_delegable`].
    pub powers: BTreeSet<Power>,
    /// The sets and groups of sets that they may assign and take back there.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub sets: BTreeSet<Assigned>,
}
