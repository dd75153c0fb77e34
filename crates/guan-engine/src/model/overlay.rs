//! Overlays: suspension, elevation and disablement as rows beside the policy, never edits of it.

use super::{
    Action, AddressRange, AssignmentId, FieldClass, FieldId, Moment, NodeId, ObjectId, Principal,
    RestrictionId, RuleId, SetGroupId, SetId, Span, UserId,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A layer of the decision that a suspension may relax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// The verb gate (stage 2).
    Object,
    /// The reach and restriction gates (stages 3 and 4).
    Record,
    /// The field gate (stage 5).
    Field,
}

/// What a suspension relaxes. Every stated part narrows it; a part that is empty does not. With all
/// parts empty it is *everything*.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SuspensionScope {
    /// Only these objects.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub objects: BTreeSet<ObjectId>,
    /// Only these fields; the field layer of their objects alone.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<ObjectId, BTreeSet<FieldId>>,
    /// Only these layers.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub layers: BTreeSet<Layer>,
    /// Only refusals by these restrictions.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub restrictions: BTreeSet<RestrictionId>,
    /// Only subjects who hold one of these sets.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub sets: BTreeSet<SetId>,
    /// Only these users.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub users: BTreeSet<Principal>,
    /// Only these actions.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub actions: BTreeSet<Action>,
    /// Protected field classes that it opens too; without this they stay closed.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub protected_classes: BTreeSet<FieldClass>,
    /// Bulk actions (`export`, `delete` in bulk) that it opens too; without this they stay closed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bulk: bool,
}

impl SuspensionScope {
    /// Whether it relaxes everything there is to relax.
    pub fn is_everything(&self) -> bool {
        self.objects.is_empty()
            && self.fields.is_empty()
            && self.layers.is_empty()
            && self.restrictions.is_empty()
            && self.sets.is_empty()
            && self.users.is_empty()
            && self.actions.is_empty()
    }
}

/// What happens, while a suspension lasts, to requests inside its scope from outside its audience.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Others {
    /// The policy as always.
    #[default]
    Enforced,
    /// Refused.
    LockedOut,
}

/// What a disablement takes out of force.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Disabled {
    /// Every assignment of a set; inside groups of sets too.
    Set(SetId),
    /// Every assignment of a group of sets.
    SetGroup(SetGroupId),
    /// One assignment. Its session limits stay.
    Assignment(AssignmentId),
    /// A sharing rule.
    Rule(RuleId),
    /// What a user gains by standing at a node, as a subject.
    Placement {
        /// The user.
        user: UserId,
        /// The node.
        node: NodeId,
    },
    /// All access of a user.
    User(UserId),
}

/// The effect of an overlay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum OverlayEffect {
    /// Stages 2–5 do not refuse inside the scope; what they would have answered is recorded.
    Suspension {
        /// What it relaxes.
        scope: SuspensionScope,
        /// What happens to the others.
        others: Others,
    },
    /// The audience holds a set or group of sets.
    Elevation {
        /// What they hold.
        set: super::Assigned,
    },
    /// Something does not count.
    Disablement {
        /// What.
        what: Disabled,
    },
}

/// Whom an overlay concerns: users *and* networks where both are stated. A suspension needs at least
/// one of the two, an elevation needs users; a disablement without audience concerns everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// Users; empty for any.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub users: BTreeSet<Principal>,
    /// Networks that the request must come from; empty for any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<AddressRange>,
}

/// What stays closed beside the built-in floor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Floor {
    /// Objects.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub objects: BTreeSet<ObjectId>,
    /// Fields.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<ObjectId, BTreeSet<FieldId>>,
    /// Actions.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub actions: BTreeSet<Action>,
}

/// How an overlay ended before its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// From when it does not count any more.
    pub at: Moment,
    /// Why: `deadline`, `by_hand`, `safety` or `idle`, with words.
    pub why: String,
}

/// What the clocks said when an overlay opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// Wall clock.
    pub wall: Moment,
    /// Boot-time clock, which also runs in sleep, in milliseconds since boot.
    pub boot_clock: Span,
    /// The kernel's boot id.
    pub boot_id: String,
    /// The installation's incarnation number, which lives outside the database.
    pub incarnation: u64,
}

/// A suspension, elevation or disablement: an append-only row beside the policy revisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Overlay {
    /// The organization.
    pub organization: super::OrganizationId,
    /// What it does.
    pub effect: OverlayEffect,
    /// Whom it concerns.
    pub audience: Audience,
    /// First instant, wall clock.
    pub starts: Moment,
    /// End, exclusive, wall clock.
    pub ends: Moment,
    /// Why.
    pub reason: String,
    /// Ticket, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// Legal basis, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<String>,
    /// Whether it goes on after the machine was started anew.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub survives_reboot: bool,
    /// What stays closed beside the built-in floor.
    #[serde(default)]
    pub floor: Floor,
    /// What the clocks said when it opened.
    pub opened: Opening,
}

impl Overlay {
    /// Whether it is a suspension that refuses everybody outside its audience while it lasts.
    pub const fn locks_out(&self) -> bool {
        matches!(self.effect, OverlayEffect::Suspension { others: Others::LockedOut, .. })
    }
}
