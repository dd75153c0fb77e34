//! Commitments let a record prove which personal value it speaks of without containing the value.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::digest::{Digest, Hasher, NotADigest};
use crate::hex;

const PREFIX: &str = "salted-sha256:";
const COMMITMENT_MARK: u8 = 0x04;

/// A salted digest of a value that must not stand in the log.
///
/// *rule:* names, phone numbers, addresses and every other value of a record stay out of the log; where the log must be able to
/// prove a value later, it holds `SHA-256(0x04 ‖ salt ‖ value)`.
/// The salt is 32 random bytes, fresh for each value, kept outside the log and destroyed when the value is erased:
/// from then on the commitment says nothing about anybody, and the log still verifies.
/// A digest of a guessable value *without* a salt is still personal data, since trying all phone numbers takes minutes.
///
/// Shape: text and JSON are `salted-sha256:` and 64 lower-case hexadecimal digits.
///
/// ```
/// use guan_ledger::Commitment;
///
/// let salt = [7; 32]; // random bytes of the caller
/// let commitment = Commitment::new(&salt, "赵敏".as_bytes());
/// assert!(commitment.opens_with(&salt, "赵敏".as_bytes()));
/// assert!(!commitment.opens_with(&[8; 32], "赵敏".as_bytes()));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Commitment(Digest);

impl Commitment {
    /// Commits to `value` under `salt`.
    pub fn new(salt: &[u8; 32], value: &[u8]) -> Self {
        let mut hasher = Hasher::new();
        hasher.update(&[COMMITMENT_MARK]);
        hasher.update(salt);
        hasher.update(value);
        Self(hasher.finish())
    }

    /// Whether this commitment was made from exactly this salt and value.
    pub fn opens_with(&self, salt: &[u8; 32], value: &[u8]) -> bool {
        *self == Self::new(salt, value)
    }
}

impl fmt::Display for Commitment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{PREFIX}{}", self.0.hex())
    }
}

impl fmt::Debug for Commitment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Why a text is not a commitment.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{text}` is not a commitment: write `salted-sha256:` and 64 lower-case hexadecimal digits"
)]
pub struct NotACommitment {
    /// What was read.
    pub text: String,
}

impl FromStr for Commitment {
    type Err = NotACommitment;

    fn from_str(text: &str) -> Result<Self, NotACommitment> {
        text.strip_prefix(PREFIX)
            .and_then(hex::decode)
            .map(|bytes| Self(Digest::from_bytes(bytes)))
            .ok_or_else(|| NotACommitment { text: text.to_owned() })
    }
}

impl Serialize for Commitment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Commitment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// What a record says about content it does not contain: a plain digest for public or high-entropy content
/// (a policy dump, a backup file, a set of ids), a commitment for anything that holds personal values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Imprint {
    /// Anybody who has the content can check it.
    Digest(Digest),
    /// Only somebody who has the content and the salt can check it.
    Commitment(Commitment),
}

impl From<Digest> for Imprint {
    fn from(digest: Digest) -> Self {
        Self::Digest(digest)
    }
}

impl From<Commitment> for Imprint {
    fn from(commitment: Commitment) -> Self {
        Self::Commitment(commitment)
    }
}

impl fmt::Display for Imprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digest(digest) => digest.fmt(formatter),
            Self::Commitment(commitment) => commitment.fmt(formatter),
        }
    }
}

impl FromStr for Imprint {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        match text.parse() {
            Ok(commitment) => Ok(Self::Commitment(commitment)),
            Err(NotACommitment { .. }) => text.parse().map(Self::Digest),
        }
    }
}

impl Serialize for Imprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Imprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
