//! Public pools 公海: records that wait for somebody to claim them.

use super::{ObjectId, Principal, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A public pool. Admins hold every right on its records, claim too. While nobody owns a
/// record, members hold read on it when `members_view`, and claim when `members_claim`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// The object of its records.
    pub object: ObjectId,
    /// The name that people see.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Who runs it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub admins: BTreeSet<Principal>,
    /// Who takes from it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub members: BTreeSet<Principal>,
    /// Whether members see its records.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub members_view: bool,
    /// Whether members may claim.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub members_claim: bool,
    /// Whether nobody, not even an admin or by scope `all`, may assign a record that nobody owns:
    /// it must be claimed first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub claim_before_assign: bool,
    /// How claims are limited and when records come back; limits bind those who store records, no
    /// decision depends on them.
    #[serde(default, skip_serializing_if = "PoolRules::is_default")]
    pub rules: PoolRules,
}

/// Limits of a pool. An absent limit limits nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PoolRules {
    /// How many of its records one user may hold at a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_max: Option<u32>,
    /// How many one user may claim on one day of the organization's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims_a_day_max: Option<u32>,
    /// How long who held a record last waits before they may claim it again, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_owner_pause: Option<Span>,
    /// How long a claimed record may go without a change before it comes back by itself, in
    /// milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returns_after: Option<Span>,
}

impl PoolRules {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
