//! Rights: what evidence yields on one record.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{BitAnd, BitOr, BitOrAssign};
use std::str::FromStr;

/// One right on a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Right {
    /// See the record.
    Read = 0,
    /// Change its fields.
    Edit = 1,
    /// Remove it.
    Delete = 2,
    /// Give it another owner.
    Assign = 3,
    /// Share it with others.
    Share = 4,
    /// Attach it to another record.
    Append = 5,
    /// Have other records attached to it.
    AppendTo = 6,
    /// Take it from a pool.
    Claim = 7,
}

impl Right {
    /// Every right, in the order of its bit.
    pub const ALL: [Self; 8] = [
        Self::Read,
        Self::Edit,
        Self::Delete,
        Self::Assign,
        Self::Share,
        Self::Append,
        Self::AppendTo,
        Self::Claim,
    ];

    /// The name used in files and output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Edit => "edit",
            Self::Delete => "delete",
            Self::Assign => "assign",
            Self::Share => "share",
            Self::Append => "append",
            Self::AppendTo => "append_to",
            Self::Claim => "claim",
        }
    }
}

/// A set of [`Right`]s, as a bit set. In text: `none`, a preset (`read`, `edit`, `full`) or names
/// joined by `+`, for instance `read+append_to`.
///
/// `edit` is the preset read+edit; to name the single right write `only_edit`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct Rights(u8);

impl Rights {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Preset: read.
    pub const READ: Self = Self(0b0000_0001);
    /// Preset: read and edit.
    pub const EDIT: Self = Self(0b0000_0011);
    /// Preset: everything but claim, which only a pool gives.
    pub const FULL: Self = Self(0b0111_1111);

    /// The set of just `right`.
    pub const fn of(right: Right) -> Self {
        Self(1 << right as u8)
    }
    /// From the bit form of [`Rights::bits`].
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }
    /// One bit per [`Right`].
    pub const fn bits(self) -> u8 {
        self.0
    }
    /// Whether `right` is in the set.
    pub const fn has(self, right: Right) -> bool {
        self.0 & (1 << right as u8) != 0
    }
    /// Whether the set is empty.
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }
    /// Adds one right.
    #[must_use]
    pub const fn with(self, right: Right) -> Self {
        Self(self.0 | 1 << right as u8)
    }
    /// The rights in the set, in bit order.
    pub fn iter(self) -> impl Iterator<Item = Right> {
        Right::ALL.into_iter().filter(move |right| self.has(*right))
    }
}

impl BitOr for Rights {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
impl BitOrAssign for Rights {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}
impl BitAnd for Rights {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl fmt::Display for Rights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NONE => return f.write_str("none"),
            Self::READ => return f.write_str("read"),
            Self::EDIT => return f.write_str("edit"),
            Self::FULL => return f.write_str("full"),
            _ => {}
        }
        let mut first = true;
        for right in self.iter() {
            if !first {
                f.write_str("+")?;
            }
            first = false;
            f.write_str(if right == Right::Edit { "only_edit" } else { right.name() })?;
        }
        Ok(())
    }
}

impl FromStr for Rights {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let mut rights = Self::NONE;
        for part in text.split('+') {
            rights |= match part.trim() {
                "none" => Self::NONE,
                "edit" => Self::EDIT,
                "only_edit" => Self::of(Right::Edit),
                "full" => Self::FULL,
                name => match Right::ALL.into_iter().find(|right| right.name() == name) {
                    Some(right) => Self::of(right),
                    None => {
                        return Err(format!(
                            "`{name}` is not a right; use none, read, edit, full, only_edit, delete, assign, share, append, append_to or claim, joined by +"
                        ));
                    }
                },
            };
        }
        Ok(rights)
    }
}
impl TryFrom<String> for Rights {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}
impl From<Rights> for String {
    fn from(rights: Rights) -> Self {
        rights.to_string()
    }
}
