//! Permission sets of every kind, groups of sets and muting.

use super::{Action, FieldId, ObjectId, SetId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::{BitOr, BitOrAssign};
use std::str::FromStr;

/// How far an object permission reaches; each covers the ones before it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Not at all.
    #[default]
    None,
    /// Records that evidence reaches (`model` §3).
    Reachable,
    /// Also records of the context unit.
    Unit,
    /// Also records of units below it.
    UnitAndBelow,
    /// Every record.
    All,
}

impl Scope {
    /// Every scope, the smallest first.
    pub const ALL: [Self; 5] =
        [Self::None, Self::Reachable, Self::Unit, Self::UnitAndBelow, Self::All];
    /// The name used in files and output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Reachable => "reachable",
            Self::Unit => "unit",
            Self::UnitAndBelow => "unit_and_below",
            Self::All => "all",
        }
    }
}

/// A scope with the flag for records that nobody owns. In text `unit` or `unit+unassigned`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Grant {
    /// How far.
    pub scope: Scope,
    /// Whether records without owner are covered too.
    pub unassigned: bool,
}

impl Grant {
    /// Records that evidence reaches.
    pub const REACHABLE: Self = Self { scope: Scope::Reachable, unassigned: false };
    /// Every record.
    pub const ALL: Self = Self { scope: Scope::All, unassigned: false };
    /// Just this scope.
    pub const fn of(scope: Scope) -> Self {
        Self { scope, unassigned: false }
    }
    /// Whether it grants anything.
    pub const fn is_none(self) -> bool {
        matches!(self.scope, Scope::None) && !self.unassigned
    }
    /// The union of two grants.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { scope: self.scope.max(other.scope), unassigned: self.unassigned || other.unassigned }
    }
}
impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.scope.name())?;
        if self.unassigned { f.write_str("+unassigned") } else { Ok(()) }
    }
}
impl FromStr for Grant {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (name, unassigned) = match text.split_once('+') {
            Some((name, "unassigned")) => (name, true),
            Some(_) => {
                return Err(format!(
                    "`{text}` is not a grant; only +unassigned may follow the scope"
                ));
            }
            None => (text, false),
        };
        Scope::ALL
            .into_iter()
            .find(|scope| scope.name() == name)
            .map(|scope| Self { scope, unassigned })
            .ok_or_else(|| {
                format!("`{name}` is not a scope; use none, reachable, unit, unit_and_below or all")
            })
    }
}
impl TryFrom<String> for Grant {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}
impl From<Grant> for String {
    fn from(grant: Grant) -> Self {
        grant.to_string()
    }
}

/// What a set gives on a field. In text `hidden`, `masked`, `read`, `edit` (which reads),
/// `masked+edit` or `only_edit`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct FieldAccess(u8);

impl FieldAccess {
    /// Nothing.
    pub const HIDDEN: Self = Self(0);
    /// See the masked value.
    pub const MASKED: Self = Self(1);
    /// See the value.
    pub const READ: Self = Self(3);
    /// See and change the value.
    pub const EDIT: Self = Self(7);
    /// See the masked value and write a new one.
    pub const MASKED_EDIT: Self = Self(5);
    /// Write without seeing.
    pub const ONLY_EDIT: Self = Self(4);
    const NAMES: [(Self, &'static str); 6] = [
        (Self::HIDDEN, "hidden"),
        (Self::MASKED, "masked"),
        (Self::READ, "read"),
        (Self::EDIT, "edit"),
        (Self::MASKED_EDIT, "masked+edit"),
        (Self::ONLY_EDIT, "only_edit"),
    ];

    /// Whether the clear value may be seen.
    pub const fn is_readable(self) -> bool {
        self.0 & 2 != 0
    }
    /// Whether the value may be seen at least masked.
    pub const fn is_visible(self) -> bool {
        self.0 & 3 != 0
    }
    /// Whether the value may be seen masked only.
    pub const fn is_masked(self) -> bool {
        self.0 & 3 == 1
    }
    /// Whether the value may be changed.
    pub const fn is_editable(self) -> bool {
        self.0 & 4 != 0
    }
    /// The bit form: 1 masked, 2 clear, 4 edit.
    pub const fn bits(self) -> u8 {
        self.0
    }
    /// From the bit form; clear implies masked.
    pub const fn from_bits(bits: u8) -> Self {
        Self(if bits & 2 != 0 { bits & 7 | 1 } else { bits & 7 })
    }
    /// What is left when a muting set switches `muted` on: what it names is taken, and losing the
    /// sight of a field takes its edit too.
    #[must_use]
    pub const fn without(self, muted: Self) -> Self {
        if muted.is_visible() {
            return Self::HIDDEN;
        }
        Self(self.0 & !muted.0)
    }
    /// Without the right to change.
    #[must_use]
    pub const fn read_only(self) -> Self {
        Self(self.0 & 3)
    }
}
impl BitOr for FieldAccess {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
impl BitOrAssign for FieldAccess {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}
impl fmt::Display for FieldAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::NAMES.iter().find(|(access, _)| access == self).map(|(_, name)| *name);
        f.write_str(name.unwrap_or("hidden"))
    }
}
impl FromStr for FieldAccess {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::NAMES.iter().find(|(_, name)| *name == text).map(|(access, _)| *access).ok_or_else(|| {
            format!("`{text}` is not a field access; use hidden, masked, read, edit, masked+edit or only_edit")
        })
    }
}
impl TryFrom<String> for FieldAccess {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}
impl From<FieldAccess> for String {
    fn from(access: FieldAccess) -> Self {
        access.to_string()
    }
}

/// What sort of set this is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SetKind {
    /// Profile 简档.
    Profile,
    /// Permission set 权限集.
    #[default]
    PermissionSet,
    /// Security role 安全角色: its actions are independent, none implies another.
    SecurityRole,
    /// Muting set 静默: what it switches on is taken away inside its group of sets.
    Muting,
}

/// How far a set that comes through a group carries at scope `reachable`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum GroupReach {
    /// As if it were the user's own.
    #[default]
    Member,
    /// Ownership counts only for records that the group itself owns.
    GroupOnly,
}

/// What a set gives on one object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ObjectPermission {
    /// Actions and how far each reaches.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub actions: BTreeMap<Action, Grant>,
    /// "View all": read at scope `all`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub view_all: bool,
    /// "Modify all": read, edit, delete, assign, share, append and `append_to` at scope `all`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub modify_all: bool,
    /// What it gives on every field, present and future, whatever is listed.
    #[serde(default, skip_serializing_if = "FieldAccess::is_hidden_ref")]
    pub all_fields: FieldAccess,
}

impl FieldAccess {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde calls")]
    fn is_hidden_ref(&self) -> bool {
        *self == Self::HIDDEN
    }
}

/// A bundle of object, field and system permissions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PermissionSet {
    /// The name that people see.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What sort.
    #[serde(default)]
    pub kind: SetKind,
    /// What it gives on single objects.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub objects: BTreeMap<ObjectId, ObjectPermission>,
    /// What it gives on every object, present and future.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub any_object: Option<ObjectPermission>,
    /// What it lists on fields.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<ObjectId, BTreeMap<FieldId, FieldAccess>>,
    /// System permissions by name.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub system: BTreeSet<String>,
    /// How far it carries when it comes through a group.
    #[serde(default, skip_serializing_if = "GroupReach::is_default")]
    pub group_reach: GroupReach,
    /// Whether an assignment alone does not bring it into force: it needs an elevation.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_activation: bool,
}

impl GroupReach {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde calls")]
    fn is_default(&self) -> bool {
        *self == Self::Member
    }
}

/// The union of its member sets, minus what its muting sets switch on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PermissionSetGroup {
    /// The name that people see.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Member sets.
    #[serde(default)]
    pub sets: BTreeSet<SetId>,
    /// Muting sets.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub muting: BTreeSet<SetId>,
    /// Whether an assignment alone does not bring it into force: it needs an elevation.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_activation: bool,
}
