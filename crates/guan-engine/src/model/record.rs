//! Records as far as a decision needs them: owners, place, fields, shares, team.

use super::{
    FieldId, GroupId, Moment, NodeId, ObjectId, PoolId, Principal, RecordId, RelationId, Rights,
    UserId, Value,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

/// The owner of a record. In text `user:ID` or `group:ID`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Owner {
    /// A user.
    User(UserId),
    /// A group, queue or team: its members hold the ownership.
    Group(GroupId),
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user:{id}"),
            Self::Group(id) => write!(f, "group:{id}"),
        }
    }
}
impl FromStr for Owner {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("user", id)) if !id.is_empty() => Ok(Self::User(id.into())),
            Some(("group", id)) if !id.is_empty() => Ok(Self::Group(id.into())),
            _ => Err(format!("`{text}` names no owner; write user:ID or group:ID")),
        }
    }
}
impl TryFrom<String> for Owner {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}
impl From<Owner> for String {
    fn from(owner: Owner) -> Self {
        owner.to_string()
    }
}

/// A record, named from outside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordKey {
    /// Its object.
    pub object: ObjectId,
    /// Its id within the object.
    pub id: RecordId,
}

impl RecordKey {
    /// A key from its parts.
    pub fn new(object: impl Into<ObjectId>, id: impl Into<RecordId>) -> Self {
        Self { object: object.into(), id: id.into() }
    }
}
impl fmt::Display for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.object, self.id)
    }
}

/// A record shared with somebody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// With whom.
    pub to: Principal,
    /// The right mask.
    pub rights: Rights,
    /// End, exclusive; absent for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Moment>,
    /// Why it exists: `manual`, or the name of what made it.
    #[serde(default = "manual", skip_serializing_if = "is_manual")]
    pub cause: String,
    /// Who shared it by hand; absent where nobody did or it is not known. It decides nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
    /// Levels on child records of other objects.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub child_levels: BTreeMap<ObjectId, Rights>,
}

impl Share {
    /// A manual share without end.
    pub fn manual(to: Principal, rights: Rights) -> Self {
        Self { to, rights, ends: None, cause: manual(), by: None, child_levels: BTreeMap::new() }
    }
}

/// A member of a record's team.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TeamMember {
    /// Who.
    pub user: UserId,
    /// As what.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub role: String,
    /// The right mask.
    pub rights: Rights,
    /// End, exclusive; absent for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Moment>,
    /// Who put them there by hand; absent where it is not known. It decides nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
    /// Levels on child records of other objects.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub child_levels: BTreeMap<ObjectId, Rights>,
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Its object.
    pub object: ObjectId,
    /// Its id within the object.
    pub id: RecordId,
    /// Who owns it; several are allowed, none is a record without owner.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub owners: BTreeSet<Owner>,
    /// The unit that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<NodeId>,
    /// The dimension nodes that it is tagged with.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tags: BTreeSet<NodeId>,
    /// Its parents by relation of the object.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parents: BTreeMap<RelationId, RecordId>,
    /// The pool that it waits in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<PoolId>,
    /// Whether it is locked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub locked: bool,
    /// Its values; a field without value is absent.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<FieldId, Value>,
    /// With whom it is shared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Share>,
    /// Its team.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub team: Vec<TeamMember>,
}

impl Record {
    /// A record that nobody owns.
    pub fn new(object: impl Into<ObjectId>, id: impl Into<RecordId>) -> Self {
        Self {
            object: object.into(),
            id: id.into(),
            owners: BTreeSet::new(),
            unit: None,
            tags: BTreeSet::new(),
            parents: BTreeMap::new(),
            pool: None,
            locked: false,
            fields: BTreeMap::new(),
            shares: Vec::new(),
            team: Vec::new(),
        }
    }
    /// Its key.
    pub fn key(&self) -> RecordKey {
        RecordKey { object: self.object.clone(), id: self.id.clone() }
    }
    /// Gives it other owners, with what the object says of shares at a change of owner.
    pub fn change_owners(&mut self, owners: BTreeSet<Owner>, rule: super::OwnerChange) {
        if owners == self.owners {
            return;
        }
        if rule.drops_manual_shares {
            self.shares.retain(|share| share.cause != "manual");
        }
        if !rule.previous_owner_keeps.is_none() {
            for previous in self.owners.difference(&owners) {
                let to = match previous {
                    Owner::User(id) => Principal::User(id.clone()),
                    Owner::Group(id) => Principal::Group(id.clone()),
                };
                self.shares.push(Share::manual(to, rule.previous_owner_keeps));
            }
        }
        self.owners = owners;
    }
}

fn manual() -> String {
    "manual".to_owned()
}
fn is_manual(cause: &str) -> bool {
    cause == "manual"
}
