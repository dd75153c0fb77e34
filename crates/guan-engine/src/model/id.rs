//! Opaque identifiers: one type for each kind of thing, so that they cannot be swapped.

use serde::{Deserialize, Serialize};
use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        pub struct $name(String);

        views! { $name }
    )*};
}

/// What every identifier can do.
macro_rules! views {
    ($name:ident) => {
        impl $name {
            /// Takes any text; the engine gives it no meaning.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into().into())
            }
            /// The text as given.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.into())
            }
        }
        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id.into())
            }
        }
        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

/// A suspension, elevation or disablement. Every decision that one relaxes names it, so the copies share their text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(value_type = String))]
pub struct OverlayId(Arc<str>);

views! { OverlayId }

impl From<OverlayId> for String {
    fn from(id: OverlayId) -> Self {
        id.as_str().to_owned()
    }
}

ids! {
    /// The tenant; nothing crosses it.
    OrganizationId,
    /// A named tree of nodes: roles, units, reporting lines, territories.
    TreeId,
    /// A node; unique over all trees of the organization.
    NodeId,
    /// A person or an integration.
    UserId,
    /// A group, queue or team.
    GroupId,
    /// A kind of record: Account 客户, Contact 联系人 …
    ObjectId,
    /// A field of an object; unique within its object.
    FieldId,
    /// A parent relation of an object; unique within its object.
    RelationId,
    /// A record; unique within its object.
    RecordId,
    /// A permission set of any kind: profile, permission set, security role, muting set.
    SetId,
    /// A group of permission sets.
    SetGroupId,
    /// An assignment of a set or a group of sets.
    AssignmentId,
    /// A delegation of administration.
    DelegationId,
    /// A sharing rule.
    RuleId,
    /// A roll-up of reach along a tree.
    RollUpId,
    /// A restriction.
    RestrictionId,
    /// A public pool 公海.
    PoolId,
    /// The name of an action that the organization defines.
    ActionName,
}
