//! Restrictions: they subtract records or fields, and never add.

use super::{Action, FieldId, ObjectId, Principal};
use crate::condition::Condition;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A restriction on an object. It names a subject when `who` is empty or names them, and `whose`
/// is absent or matches them (an *unknown* match names them: nobody escapes by a missing attribute).
/// A record passes when `only` matches it; unknown does not pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Restriction {
    /// The object.
    pub object: ObjectId,
    /// The name that people see.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// An inactive one restricts nobody.
    #[serde(default = "yes")]
    pub active: bool,
    /// Subjects by principal; empty for everybody.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub who: BTreeSet<Principal>,
    /// Subjects by a condition on `$user` attributes only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whose: Option<Condition>,
    /// Actions that it restricts; empty for all but `create` and `import`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub actions: BTreeSet<Action>,
    /// Records that pass.
    pub only: Condition,
    /// When not empty it hides just these fields of records that do not pass, in place of the record.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub fields: BTreeSet<FieldId>,
    /// Whether subjects whose scope for the action is `all` are exempt.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exempt_all: bool,
}

const fn yes() -> bool {
    true
}
