//! Actions: what a subject asks to do, and which right each needs on the record.

use super::{ActionName, Right};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// An action on an object or record. In text its name; any other name is a custom action.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Action {
    /// See a record.
    Read,
    /// Make a new record.
    Create,
    /// Change fields of a record.
    Edit,
    /// Remove a record.
    Delete,
    /// Give a record another owner.
    Assign,
    /// Share a record.
    Share,
    /// Attach a record to another.
    Append,
    /// Have other records attached.
    AppendTo,
    /// Take records out in bulk.
    Export,
    /// Bring records in in bulk.
    Import,
    /// Take a record from a pool.
    Claim,
    /// A button that the organization defines; see [`CustomAction`].
    Custom(ActionName),
}

/// The actions that exist in every organization, in the order of their numbers.
pub const STANDARD_ACTIONS: [Action; 11] = [
    Action::Read,
    Action::Create,
    Action::Edit,
    Action::Delete,
    Action::Assign,
    Action::Share,
    Action::Append,
    Action::AppendTo,
    Action::Export,
    Action::Import,
    Action::Claim,
];

impl Action {
    /// The name used in files and output.
    pub fn name(&self) -> &str {
        match self {
            Self::Read => "read",
            Self::Create => "create",
            Self::Edit => "edit",
            Self::Delete => "delete",
            Self::Assign => "assign",
            Self::Share => "share",
            Self::Append => "append",
            Self::AppendTo => "append_to",
            Self::Export => "export",
            Self::Import => "import",
            Self::Claim => "claim",
            Self::Custom(name) => name.as_str(),
        }
    }

    /// The right that a standard action needs on the record; `None` for `import`, which is asked of
    /// the object alone, and for custom actions, which name theirs in [`CustomAction::needs`].
    ///
    /// `create` needs `edit` on the intended record, `export` needs `read`.
    pub const fn standard_right(&self) -> Option<Right> {
        match self {
            Self::Read | Self::Export => Some(Right::Read),
            Self::Create | Self::Edit => Some(Right::Edit),
            Self::Delete => Some(Right::Delete),
            Self::Assign => Some(Right::Assign),
            Self::Share => Some(Right::Share),
            Self::Append => Some(Right::Append),
            Self::AppendTo => Some(Right::AppendTo),
            Self::Claim => Some(Right::Claim),
            Self::Import | Self::Custom(_) => None,
        }
    }

    /// Whether a standard action changes the record, so that a lock refuses it.
    /// Custom actions state it in [`CustomAction::changes`].
    pub const fn standard_changes(&self) -> bool {
        !matches!(self, Self::Read | Self::Export | Self::Import | Self::Create)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
impl From<String> for Action {
    fn from(name: String) -> Self {
        STANDARD_ACTIONS
            .iter()
            .find(|action| action.name() == name)
            .cloned()
            .unwrap_or_else(|| Self::Custom(ActionName::new(name)))
    }
}
impl FromStr for Action {
    type Err = Infallible;
    fn from_str(name: &str) -> Result<Self, Infallible> {
        Ok(Self::from(name.to_owned()))
    }
}
impl From<Action> for String {
    fn from(action: Action) -> Self {
        action.name().to_owned()
    }
}

/// What a custom action of the organization needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CustomAction {
    /// The right that it needs on the record.
    pub needs: RightName,
    /// Whether it changes the record, so that a lock refuses it.
    #[serde(default)]
    pub changes: bool,
    /// Actions that a grant of this one grants as well, at the same scope.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub implies: BTreeSet<Action>,
}

/// A single right by name, as files write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RightName(pub Right);

impl TryFrom<String> for RightName {
    type Error = String;
    fn try_from(name: String) -> Result<Self, String> {
        Right::ALL
            .into_iter()
            .find(|right| right.name() == name)
            .map(Self)
            .ok_or_else(|| format!("`{name}` is not a right"))
    }
}
impl From<RightName> for String {
    fn from(right: RightName) -> Self {
        right.0.name().to_owned()
    }
}
