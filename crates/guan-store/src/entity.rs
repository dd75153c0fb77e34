//! A policy as rows: one entity each, in one spelling, so that revisions can be stored, compared and digested.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use guan_engine::model::Policy;
use guan_ledger::{Digest, Hasher};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::canonical;

/// The key of an entity within an organization.
pub type EntityKey = (EntityKind, String);

/// The entities of a revision with their canonical bodies, in the order of the dump.
pub type Entities = BTreeMap<EntityKey, String>;

/// A body that is not what its kind says, or that has no JSON.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{kind} `{id}` cannot be read: {problem}")]
pub struct BadEntity {
    /// The kind.
    pub kind: EntityKind,
    /// The id.
    pub id: String,
    /// What the parser said.
    pub problem: String,
}

/// Text that names no kind of entity.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a kind of entity")]
pub struct NotAKind(String);

macro_rules! kinds {
    ($($variant:ident $name:literal $part:ident,)+) => {
        /// The kinds of entity.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum EntityKind {
            /// The organization itself; its entity has the empty id.
            Organization,
            $(#[doc = concat!("One of [`Policy::", stringify!($part), "`].")] $variant,)+
        }

        impl EntityKind {
            /// Every kind.
            pub const ALL: &[Self] = &[Self::Organization, $(Self::$variant,)+];

            /// The name in the database, in dumps and in differences.
            pub const fn name(self) -> &'static str {
                match self {
                    Self::Organization => "organization",
                    $(Self::$variant => $name,)+
                }
            }
        }

        /// The entities of a policy.
        ///
        /// Errors: a value without JSON, which no policy read from JSON contains.
        pub fn entities(policy: &Policy) -> Result<Entities, BadEntity> {
            let mut entities = Entities::new();
            put(&mut entities, EntityKind::Organization, "", &policy.organization)?;
            $(for (id, body) in &policy.$part {
                put(&mut entities, EntityKind::$variant, id.as_str(), body)?;
            })+
            Ok(entities)
        }

        /// The policy that the entities make.
        ///
        /// Errors: the first body that is not what its kind says.
        pub fn assemble<'a>(
            entities: impl IntoIterator<Item = (EntityKind, &'a str, &'a str)>,
        ) -> Result<Policy, BadEntity> {
            let mut policy = Policy::default();
            for (kind, id, body) in entities {
                let bad = |error: serde_json::Error| BadEntity {
                    kind,
                    id: id.to_owned(),
                    problem: error.to_string(),
                };
                match kind {
                    EntityKind::Organization => {
                        policy.organization = serde_json::from_str(body).map_err(bad)?;
                    }
                    $(EntityKind::$variant => {
                        policy.$part.insert(id.into(), serde_json::from_str(body).map_err(bad)?);
                    })+
                }
            }
            Ok(policy)
        }
    };
}

kinds! {
    Action "action" actions,
    Assignment "assignment" assignments,
    Delegation "delegation" delegations,
    Group "group" groups,
    Node "node" nodes,
    Object "object" objects,
    Pool "pool" pools,
    Restriction "restriction" restrictions,
    RollUp "roll_up" roll_ups,
    Rule "rule" rules,
    Set "set" sets,
    SetGroup "set_group" set_groups,
    Tree "tree" trees,
    User "user" users,
}

impl fmt::Display for EntityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
impl FromStr for EntityKind {
    type Err = NotAKind;
    fn from_str(text: &str) -> Result<Self, NotAKind> {
        let mut kinds = Self::ALL.iter();
        kinds.find(|kind| kind.name() == text).copied().ok_or_else(|| NotAKind(text.to_owned()))
    }
}

/// One entity to be put into a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Its kind.
    pub kind: EntityKind,
    /// Its id; empty for the organization.
    pub id: String,
    /// Its JSON, in any spelling; it is brought into the canonical one.
    pub body: String,
}

impl Entity {
    /// An entity from a value of the model: `Entity::new(EntityKind::User, "u-1", &user)`.
    ///
    /// Errors: a value without JSON.
    pub fn new<T: Serialize>(
        kind: EntityKind,
        id: impl Into<String>,
        value: &T,
    ) -> Result<Self, BadEntity> {
        let id = id.into();
        match canonical::text(value) {
            Ok(body) => Ok(Self { kind, id, body }),
            Err(error) => Err(BadEntity { kind, id, problem: error.to_string() }),
        }
    }
}

/// The digest of a policy: equal digests decide alike.
///
/// *rule:* SHA-256 over one line for each entity, ordered by the bytes of kind and id; the line is the JSON array
/// `["kind","id",body]` without white space, members of the body in the byte order of their names, and a line feed.
/// No revision number, author or moment is in it.
///
/// Errors: as [`entities`].
pub fn policy_digest(policy: &Policy) -> Result<Digest, BadEntity> {
    Ok(digest(&entities(policy)?))
}

/// The digest of entities; see [`policy_digest`].
pub fn digest(entities: &Entities) -> Digest {
    let mut hasher = Hasher::new();
    for line in dump(entities) {
        hasher.update(line.as_bytes());
    }
    hasher.finish()
}

/// The lines whose digest [`digest`] is, each with its line feed.
pub fn dump(entities: &Entities) -> impl Iterator<Item = String> + '_ {
    let mut sorted: Vec<_> = entities.iter().collect();
    sorted.sort_by_key(|((kind, id), _)| (kind.name(), id.as_str()));
    sorted.into_iter().map(|((kind, id), body)| {
        format!("[\"{kind}\",{},{body}]\n", serde_json::Value::from(id.as_str()))
    })
}

/// What differs between two revisions for one entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The kind.
    pub kind: EntityKind,
    /// The id.
    pub id: String,
    /// The JSON before; `None` when it was not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The JSON after; `None` when it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Every entity that differs, in the order of the keys.
pub fn differences(before: &Entities, after: &Entities) -> Vec<Difference> {
    let mut keys: Vec<&EntityKey> = before.keys().chain(after.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.into_iter()
        .filter(|key| before.get(*key) != after.get(*key))
        .map(|key| Difference {
            kind: key.0,
            id: key.1.clone(),
            before: before.get(key).cloned(),
            after: after.get(key).cloned(),
        })
        .collect()
}

fn put<T: Serialize>(
    entities: &mut Entities,
    kind: EntityKind,
    id: &str,
    value: &T,
) -> Result<(), BadEntity> {
    let entity = Entity::new(kind, id, value)?;
    entities.insert((kind, entity.id), entity.body);
    Ok(())
}
