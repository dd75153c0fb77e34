//! What a token may be used for: never more than its user, often less.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::operation::{Effect, Operation};
use guan_engine::administration::Power;

/// One scope of a token.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// `all`: whatever the user may.
    All,
    /// `read`: every operation that changes nothing.
    Read,
    /// `decide`: every question of access, about whomever the user may ask; for an application that asks Guan.
    Decide,
    /// `guan.manage_users`: the operations that need this power.
    Power(Power),
    /// `operation:list_users`: this operation.
    Operation(String),
}

/// The scopes of a token; none allows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scopes(BTreeSet<Scope>);

/// Text that is no scope.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{0}` is no scope: use `all`, `read`, `decide`, a power such as `guan.manage_users`, or `operation:` with an operation id"
)]
pub struct NotAScope(String);

impl Scopes {
    /// Whether a token with these scopes may be used for the operation.
    pub fn admit(&self, operation: Operation) -> bool {
        self.0.iter().any(|scope| match scope {
            Scope::All => true,
            Scope::Read => !operation.changes(),
            Scope::Decide => operation.effect == Effect::Answers,
            Scope::Power(power) => operation.powers().contains(power),
            Scope::Operation(id) => id == operation.id,
        })
    }

    /// Whether it is for questions of access.
    pub fn may_decide(&self) -> bool {
        self.0.contains(&Scope::Decide)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As text, in order.
    pub fn names(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }

    /// Reads scopes.
    ///
    /// Errors: the first text that is none.
    pub fn parse<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Result<Self, NotAScope> {
        texts.into_iter().map(|text| text.as_ref().parse()).collect::<Result<_, _>>().map(Self)
    }
}

impl FromStr for Scope {
    type Err = NotAScope;

    fn from_str(text: &str) -> Result<Self, NotAScope> {
        let is_id = |id: &str| {
            !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        };
        match text {
            "all" => Ok(Self::All),
            "read" => Ok(Self::Read),
            "decide" => Ok(Self::Decide),
            _ => match text.strip_prefix("operation:") {
                Some(id) if is_id(id) => Ok(Self::Operation(id.to_owned())),
                Some(_) => Err(NotAScope(text.to_owned())),
                None => Power::ALL
                    .iter()
                    .find(|power| power.name() == text)
                    .map(|power| Self::Power(*power))
                    .ok_or_else(|| NotAScope(text.to_owned())),
            },
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => formatter.write_str("all"),
            Self::Read => formatter.write_str("read"),
            Self::Decide => formatter.write_str("decide"),
            Self::Power(power) => formatter.write_str(power.name()),
            Self::Operation(id) => write!(formatter, "operation:{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Scopes;
    use crate::operation::Operation;
    use guan_engine::administration::Power;

    const LIST: Operation = Operation::needs("list_users", Power::ManageUsers);
    const CREATE: Operation = LIST.changing();

    #[test]
    fn no_scope_admits_nothing() {
        assert!(!Scopes::default().admit(LIST));
    }

    #[test]
    fn reading_does_not_admit_changes() {
        let read = Scopes::parse(["read"]).unwrap();
        assert!(read.admit(LIST));
        assert!(!read.admit(CREATE));
    }

    #[test]
    fn a_scope_reads_as_it_is_written() {
        let texts = ["all", "read", "decide", "guan.manage_users", "operation:list_users"];
        assert_eq!(Scopes::parse(texts).unwrap().names().len(), 5);
        for wrong in ["", "everything", "guan.manage", "operation:", "operation:Ä"] {
            assert!(Scopes::parse([wrong]).is_err(), "{wrong}");
        }
    }
}
