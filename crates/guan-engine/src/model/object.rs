//! Objects, their fields, relations and default access.

use super::{FieldId, Mask, ObjectId, RelationId, Rights, RollUpId, SetId, TreeId, Value};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Default access to records of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// Nothing.
    #[default]
    Private,
    /// Everybody reads.
    Read,
    /// Everybody reads and edits.
    Edit,
    /// As `edit`, and everybody may change the owner.
    EditAssign,
    /// Everything.
    Full,
    /// The level that the subject has on the parent record through this relation.
    ControlledByParent(RelationId),
}

/// Default access for internal and for external users. Guests have none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Baselines {
    /// For internal users and integrations.
    #[serde(default)]
    pub internal: Baseline,
    /// For external users.
    #[serde(default)]
    pub external: Baseline,
}

/// Where the unit of a record is read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UnitSource {
    /// The record's own unit.
    #[default]
    Record,
    /// The units where its owners are placed (a group: its own unit).
    Owners,
}

/// How unlisted fields are treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldMode {
    /// A field that a set does not list is hidden by that set.
    #[default]
    Closed,
    /// A field that a set does not list is visible and editable with the object.
    Open,
}

/// The type of a field's values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// Text.
    #[default]
    Text,
    /// Decimal number.
    Number,
    /// True or false.
    Boolean,
    /// Calendar day, `2026-01-31`.
    Date,
    /// Instant, `2026-01-31T08:00:00Z`.
    DateTime,
    /// One of a list.
    Choice,
    /// Several of a list.
    MultiChoice,
    /// The id of another record or user.
    Reference,
}

/// Characters of one text: as many as the longest text of the systems that are imported has.
const TEXT_LENGTH_MAX: usize = 131_072;
/// Characters of one choice.
const CHOICE_LENGTH_MAX: usize = 1_024;
/// Characters of the id of another record.
const REFERENCE_LENGTH_MAX: usize = 255;

impl FieldType {
    /// The most characters of one value, or of each of several.
    pub const fn length_max(self) -> usize {
        match self {
            Self::Text => TEXT_LENGTH_MAX,
            Self::Choice | Self::MultiChoice => CHOICE_LENGTH_MAX,
            Self::Reference => REFERENCE_LENGTH_MAX,
            // Longer texts are no such values.
            Self::Number | Self::Boolean | Self::Date | Self::DateTime => 64,
        }
    }
}

/// How sensitive a field is. A suspension leaves protected classes closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldClass {
    /// About a person 个人信息.
    Personal,
    /// Sensitive personal information 敏感个人信息; protected.
    Sensitive,
    /// Money 财务.
    Financial,
    /// Protected for another reason; named in the organization's own words elsewhere.
    Protected,
}

impl FieldClass {
    /// Whether suspensions leave fields of the class closed unless they list the class.
    pub const fn is_protected(self) -> bool {
        matches!(self, Self::Sensitive | Self::Protected)
    }
}

/// A field of an object.
#[expect(clippy::struct_excessive_bools, reason = "each is a member of its own in the model")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The name that people see.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The type of its values.
    #[serde(default, rename = "type")]
    pub field_type: FieldType,
    /// `true`: hidden unless a set lists it, whatever the object's mode. `false`: visible with the
    /// object always. Absent: the object's mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secured: Option<bool>,
    /// How sensitive it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<FieldClass>,
    /// How a masked value is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mask: Option<Mask>,
    /// Whether those who see it masked may find records by its exact value. Who sees it clear may
    /// always search by it, who does not see it never.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub searchable: bool,
    /// Whether nobody may set it, whatever they are granted: numbers that are counted up, formulas,
    /// moments of creation and change.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub read_only: bool,
    /// Whether a record is made only with a value in it, and no change may leave it without one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// What a new record has in it where nothing else is said. It counts for those too who may not set the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// Whether the engine keeps its order, so that lists can be sorted by it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub indexed: bool,
}

/// A link from records of this object to parent records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// The object of the parents.
    pub parent: ObjectId,
    /// Whether reach on a child, by sharing, gives read on its parent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub implicit_parent: bool,
    /// Whether reach on a parent gives the configured levels on its children.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub implicit_child: bool,
}

/// A dimension along which records of the object are tagged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// The tree of the tags.
    pub tree: TreeId,
    /// What users placed at the tagged node or above hold, unless the node says otherwise.
    pub rights: Rights,
}

/// What a change of owner does to the shares of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnerChange {
    /// Whether shares given by hand are dropped.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub drops_manual_shares: bool,
    /// What the previous owner keeps as a share.
    #[serde(default, skip_serializing_if = "Rights::is_none_ref")]
    pub previous_owner_keeps: Rights,
}

/// A kind of record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// The name that people see.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Default access.
    #[serde(default)]
    pub baseline: Baselines,
    /// The roll-ups that act on it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub roll_ups: BTreeSet<RollUpId>,
    /// Where the unit of its records is read from.
    #[serde(default)]
    pub unit_source: UnitSource,
    /// How unlisted fields are treated.
    #[serde(default)]
    pub field_mode: FieldMode,
    /// Its fields.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<FieldId, Field>,
    /// Its parents.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub relations: BTreeMap<RelationId, Relation>,
    /// Its dimensions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dimensions: Vec<Dimension>,
    /// Sets whose holders may change locked records.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub lock_exempt: BTreeSet<SetId>,
    /// What a change of owner does.
    #[serde(default, skip_serializing_if = "OwnerChange::is_default")]
    pub owner_change: OwnerChange,
}

impl OwnerChange {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde calls")]
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
impl Rights {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde calls")]
    pub(crate) fn is_none_ref(&self) -> bool {
        self.is_none()
    }
}
