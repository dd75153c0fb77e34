//! What a window would change, as a document: worked out before anybody approves, kept by its digest.

mod denials;
mod work;

use std::collections::BTreeSet;

use guan_engine::lifecycle::{PreviewEvidence, Wanted};
use guan_engine::model::{
    Action, FieldId, Moment, NodeId, ObjectId, OrganizationId, OverlayId, RecordId, UserId,
};
use guan_engine::question::{ClosedField, Estimate, Shift};
use guan_ledger::Digest;
use serde::{Deserialize, Serialize};

use crate::canonical;

pub(crate) use work::{Counting, Material, work_out};

/// So many days back recorded denials are asked again, unless stated otherwise.
pub const DENIAL_DAYS: u32 = 30;

/// How a preview is worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PreviewMode {
    /// Every person is counted.
    Exact,
    /// Pairs of a person and a record are drawn, and every number states its error.
    Estimate,
}

/// How far a preview is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// People counted.
    pub done: u64,
    /// People to be counted.
    pub total: u64,
}

/// Gained and lost; exact where no error is stated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// With the window only.
    pub gained: u64,
    /// Without it only.
    pub lost: u64,
    /// In 95 of 100 cases the truth of `gained` is no further away; absent for an exact count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gained_error: Option<u64>,
    /// The same of `lost`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost_error: Option<u64>,
}

impl From<Shift> for Amount {
    fn from(shift: Shift) -> Self {
        Self { gained: shift.gained, lost: shift.lost, gained_error: None, lost_error: None }
    }
}
impl From<(Estimate, Estimate)> for Amount {
    fn from((gained, lost): (Estimate, Estimate)) -> Self {
        Self {
            gained: rounded(gained.about),
            lost: rounded(lost.about),
            gained_error: Some(rounded(gained.error.ceil())),
            lost_error: Some(rounded(lost.error.ceil())),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts are never negative and far below 2^52"
)]
fn rounded(number: f64) -> u64 {
    number.max(0.0).round() as u64
}

/// Records that can be reached by one action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ActionPreview {
    /// The action.
    pub action: Action,
    /// Pairs of a person and a record.
    pub records: Amount,
}

/// What the window changes of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ObjectPreview {
    /// The object.
    pub object: ObjectId,
    /// How many records it has.
    pub records: u64,
    /// By action.
    pub actions: Vec<ActionPreview>,
    /// Readable fields: triples of a person, a record and a field.
    pub readable: Amount,
    /// Changeable fields: triples of a person, a record and a field.
    pub changeable: Amount,
    /// People who may make records of it; absent in an estimate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creators: Option<Amount>,
}

/// What the people at one node gain and lose. Who stands at several nodes is counted at each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UnitPreview {
    /// The node.
    pub node: NodeId,
    /// How many of its people gain or lose something; absent in an estimate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<u64>,
    /// Pairs of a person and a record that can be read.
    pub records: Amount,
    /// Readable fields; absent in an estimate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readable: Option<Amount>,
    /// Changeable fields; absent in an estimate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changeable: Option<Amount>,
}

/// What one person gains and loses by one action, with a few records by id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PersonAction {
    /// The action.
    pub action: Action,
    /// Records.
    pub records: Amount,
    /// Some of the gained ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gained_samples: Vec<RecordId>,
    /// Some of the lost ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost_samples: Vec<RecordId>,
}

/// What one person gains and loses of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PersonObject {
    /// The object.
    pub object: ObjectId,
    /// By action.
    pub actions: Vec<PersonAction>,
    /// Readable fields of records.
    pub readable: Amount,
    /// Changeable fields of records.
    pub changeable: Amount,
    /// Whether they may make records of it: gained or lost; absent when it stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_create: Option<bool>,
}

/// What one person gains and loses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PersonPreview {
    /// Who.
    pub user: UserId,
    /// Whether the audience takes them in; others can only lose, by a lock-out.
    pub concerned: bool,
    /// By object.
    pub objects: Vec<PersonObject>,
}

/// The most that one person gains of one object by one action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LargestGain {
    /// Who.
    pub user: UserId,
    /// Of which object.
    pub object: ObjectId,
    /// By which action.
    pub action: Action,
    /// How many records.
    pub records: u64,
    /// The error, where it was estimated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<u64>,
}

/// A window that stands already in the same scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OverlappingWindow {
    /// Its id.
    pub id: OverlayId,
    /// Its end.
    pub ends: Moment,
    /// Why it was opened.
    pub reason: String,
}

/// How often something comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NameCount {
    /// What: a user, an object or an action.
    pub name: String,
    /// How often.
    pub count: u64,
}

/// A recorded denial that the window would have allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeniedSample {
    /// Its row in the ledger.
    pub sequence: u64,
    /// When it was refused.
    pub at: Moment,
    /// Who asked.
    pub user: UserId,
    /// For what.
    pub action: Action,
    /// Of which object.
    pub object: ObjectId,
    /// Of which record; absent for the object as such.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordId>,
    /// With which fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldId>,
}

/// Recorded denials, asked again with the window.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DenialsPreview {
    /// So many days back.
    pub days: u32,
    /// How many were asked again, the latest first.
    pub looked_at: u64,
    /// Whether there are older ones in that time that were not.
    pub cut_short: bool,
    /// How many the window would have allowed.
    pub allowed: u64,
    /// How many are allowed by now without it.
    pub allowed_anyway: u64,
    /// By user, most often first.
    pub by_user: Vec<NameCount>,
    /// By object, most often first.
    pub by_object: Vec<NameCount>,
    /// By action, most often first.
    pub by_action: Vec<NameCount>,
    /// Some of them, the latest first.
    pub samples: Vec<DeniedSample>,
}

/// What a window would change. Where its audience names networks, everything is told of people who come from one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WindowPreview {
    /// The organization.
    pub organization: OrganizationId,
    /// When it was worked out.
    pub at: Moment,
    /// From when the window would count.
    pub starts: Moment,
    /// Until when.
    pub ends: Moment,
    /// The policy revision that it was worked out on.
    pub revision: u64,
    /// The digest of that revision.
    pub policy: String,
    /// Whether people were counted or pairs drawn.
    pub mode: PreviewMode,
    /// What is asked for.
    pub wanted: Wanted,
    /// How many active users the audience takes in.
    pub concerned: u64,
    /// How many people were counted, or pairs of a person and a record drawn.
    pub looked_at: u64,
    /// How many people gain something; absent in an estimate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gaining: Option<u64>,
    /// How many people lose something; absent in an estimate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub losing: Option<u64>,
    /// By object; only those with a difference.
    pub objects: Vec<ObjectPreview>,
    /// By node; those with the greatest differences.
    pub units: Vec<UnitPreview>,
    /// How many nodes with a difference are not among them.
    pub units_left_off: u64,
    /// By person; those with the greatest differences. In an estimate some people, evenly taken from all.
    pub people: Vec<PersonPreview>,
    /// How many people with a difference are not among them; absent in an estimate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people_left_off: Option<u64>,
    /// The largest single gain; in an estimate among the people who are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub largest: Option<LargestGain>,
    /// Fields inside the scope that stay closed.
    pub closed_fields: BTreeSet<ClosedField>,
    /// Windows in the same scope that have not ended.
    pub overlapping: Vec<OverlappingWindow>,
    /// Recorded denials.
    pub denials: DenialsPreview,
}

impl WindowPreview {
    /// The digest of its canonical JSON.
    ///
    /// # Errors
    ///
    /// Only when it cannot be written as JSON, which a document of these types always can.
    pub fn digest(&self) -> Result<Digest, serde_json::Error> {
        Ok(Digest::of(canonical::text(self)?.as_bytes()))
    }

    /// What the life cycle of a request keeps of it.
    ///
    /// # Errors
    ///
    /// As [`WindowPreview::digest`].
    pub fn evidence(&self) -> Result<PreviewEvidence, serde_json::Error> {
        Ok(PreviewEvidence {
            at: self.at,
            revision: self.revision,
            policy: self.policy.clone(),
            document: self.digest()?.to_string(),
            overlapping: self.overlapping.iter().map(|window| window.id.clone()).collect(),
        })
    }
}
