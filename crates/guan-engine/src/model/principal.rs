//! Principals: the ways to name users as the target of a rule, share, group or restriction.

use super::{GroupId, NodeId, TreeId, UserId};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A population of the whole organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Population {
    /// Internal and external users; guests are not among them.
    Everyone,
    /// Internal users.
    Internal,
    /// External users: partners, customers of a portal.
    External,
    /// Guests who did not sign in.
    Guests,
}

/// Some users. In text `user:ID`, `group:ID`, `node:ID` (placed exactly there),
/// `node_and_below:ID`, `above:ID` (placed at a strict ancestor), `placed:TREE` (placed anywhere in
/// the tree), `everyone`, `internal`, `external` or `guests`.
///
/// Members and heads of a node both count as placed there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Principal {
    /// One user.
    User(UserId),
    /// The members of a group, through nested groups too.
    Group(GroupId),
    /// Users placed exactly at the node.
    Node(NodeId),
    /// Users placed at the node or anywhere below it.
    NodeAndBelow(NodeId),
    /// Users placed at a node strictly above.
    Above(NodeId),
    /// Users placed anywhere in the tree.
    Placed(TreeId),
    /// A population of the organization.
    Population(Population),
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user:{id}"),
            Self::Group(id) => write!(f, "group:{id}"),
            Self::Node(id) => write!(f, "node:{id}"),
            Self::NodeAndBelow(id) => write!(f, "node_and_below:{id}"),
            Self::Above(id) => write!(f, "above:{id}"),
            Self::Placed(id) => write!(f, "placed:{id}"),
            Self::Population(Population::Everyone) => f.write_str("everyone"),
            Self::Population(Population::Internal) => f.write_str("internal"),
            Self::Population(Population::External) => f.write_str("external"),
            Self::Population(Population::Guests) => f.write_str("guests"),
        }
    }
}
impl FromStr for Principal {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "everyone" => return Ok(Self::Population(Population::Everyone)),
            "internal" => return Ok(Self::Population(Population::Internal)),
            "external" => return Ok(Self::Population(Population::External)),
            "guests" => return Ok(Self::Population(Population::Guests)),
            _ => {}
        }
        match text.split_once(':') {
            Some((_, "")) => Err(format!("`{text}` names nobody; write the id after the colon")),
            Some(("user", id)) => Ok(Self::User(id.into())),
            Some(("group", id)) => Ok(Self::Group(id.into())),
            Some(("node", id)) => Ok(Self::Node(id.into())),
            Some(("node_and_below", id)) => Ok(Self::NodeAndBelow(id.into())),
            Some(("above", id)) => Ok(Self::Above(id.into())),
            Some(("placed", id)) => Ok(Self::Placed(id.into())),
            Some(_) | None => Err(format!(
                "`{text}` names nobody; write user:ID, group:ID, node:ID, node_and_below:ID, above:ID, placed:TREE, everyone, internal, external or guests"
            )),
        }
    }
}
impl TryFrom<String> for Principal {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}
impl From<Principal> for String {
    fn from(principal: Principal) -> Self {
        principal.to_string()
    }
}
