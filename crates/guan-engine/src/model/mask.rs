//! Masks: how a value is shown to those who may see it masked only.

use serde::{Deserialize, Serialize};

/// A mask. Counting is in characters, not bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Mask {
    /// Six stars, whatever the value: not even its length is shown.
    Full,
    /// The first and last characters stay, the rest becomes stars. A value that is not longer than
    /// the two parts together is shown as stars only.
    Keep {
        /// Characters at the front.
        #[serde(default)]
        first: u8,
        /// Characters at the end.
        #[serde(default)]
        last: u8,
    },
    /// First character and domain of a mail address.
    Mail,
}

impl Mask {
    /// The masked form of `value`.
    pub fn apply(self, value: &str) -> String {
        match self {
            Self::Full => "******".to_owned(),
            Self::Keep { first, last } => {
                let (first, last) = (usize::from(first), usize::from(last));
                let length = value.chars().count();
                if length <= first + last {
                    return "*".repeat(length);
                }
                value
                    .chars()
                    .enumerate()
                    .map(
                        |(at, character)| {
                            if at < first || at >= length - last { character } else { '*' }
                        },
                    )
                    .collect()
            }
            // The last one: a quoted name may hold others.
            Self::Mail => match value.rsplit_once('@') {
                Some((name, domain)) => {
                    format!(
                        "{}***@{domain}",
                        name.chars().next().map_or(String::new(), String::from)
                    )
                }
                None => "******".to_owned(),
            },
        }
    }
}
