//! The policy of one organization: everything that decides, apart from records and overlays.

use super::{
    ActionName, Assignment, AssignmentId, CustomAction, Delegation, DelegationId, Group, GroupId,
    Node, NodeId, Object, ObjectId, OrganizationId, PermissionSet, PermissionSetGroup, Pool,
    PoolId, Restriction, RestrictionId, RollUp, RollUpId, RuleId, SetGroupId, SetId, SharingRule,
    Tree, TreeId, User, UserId,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The bounds of one organization. Past one there is a clear error and nothing is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Actions, standard ones included.
    pub actions_max: usize,
    /// Trees.
    pub trees_max: usize,
    /// Depth of a tree, of nested groups and of chains of parents.
    pub depth_max: usize,
    /// Fields of one object.
    pub fields_max: usize,
    /// Permission sets.
    pub sets_max: usize,
    /// Records of an organization.
    pub records_max: u32,
}

/// The bounds in force.
pub const LIMITS: Limits = Limits {
    actions_max: 64,
    trees_max: 32,
    depth_max: 64,
    fields_max: 4_096,
    sets_max: 65_535,
    records_max: u32::MAX - 1,
};

/// The organization itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// The name that people see.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Minutes east of UTC, for `today()` in conditions.
    #[serde(default)]
    pub utc_offset_minutes: i32,
    /// Whether the posts of system, security and audit administrators are kept apart: no user holds
    /// powers of two of them, and nobody changes what they hold themselves.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub separate_posts: bool,
    /// How many masked values one user has revealed at most.
    #[serde(default, skip_serializing_if = "RevealLimits::is_default")]
    pub reveals: RevealLimits,
}

/// How many masked values one user has revealed at most, so that nobody gathers them one by one. It binds those who
/// show values; no decision depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct RevealLimits {
    /// Within any 60 minutes; 0 for none at all.
    pub an_hour_max: u32,
    /// Within any 24 hours; 0 for none at all.
    pub a_day_max: u32,
}

impl RevealLimits {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde calls")]
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for RevealLimits {
    fn default() -> Self {
        Self { an_hour_max: 20, a_day_max: 100 }
    }
}

impl Default for Organization {
    fn default() -> Self {
        Self {
            id: OrganizationId::new("main"),
            name: String::new(),
            utc_offset_minutes: 0,
            separate_posts: false,
            reveals: RevealLimits::default(),
        }
    }
}

/// Everything that decides for one organization. Immutable once it is a revision; its canonical form
/// is its JSON, with maps in the order of their keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// The organization.
    pub organization: Organization,
    /// Custom actions.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub actions: BTreeMap<ActionName, CustomAction>,
    /// Trees.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub trees: BTreeMap<TreeId, Tree>,
    /// Nodes of all trees.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub nodes: BTreeMap<NodeId, Node>,
    /// Roll-ups.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub roll_ups: BTreeMap<RollUpId, RollUp>,
    /// Users.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub users: BTreeMap<UserId, User>,
    /// Groups.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<GroupId, Group>,
    /// Objects.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub objects: BTreeMap<ObjectId, Object>,
    /// Permission sets of every kind.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub sets: BTreeMap<SetId, PermissionSet>,
    /// Groups of sets.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub set_groups: BTreeMap<SetGroupId, PermissionSetGroup>,
    /// Assignments.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub assignments: BTreeMap<AssignmentId, Assignment>,
    /// Sharing rules.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: BTreeMap<RuleId, SharingRule>,
    /// Restrictions.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub restrictions: BTreeMap<RestrictionId, Restriction>,
    /// Pools.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub pools: BTreeMap<PoolId, Pool>,
    /// Delegations of administration.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub delegations: BTreeMap<DelegationId, Delegation>,
}
