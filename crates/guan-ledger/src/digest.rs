//! One kind of digest for leaves, chains, policies and dumps, so that any two can be compared by eye and by machine.

use std::fmt;
use std::io;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::canonical::{self, Uncanonical};
use crate::hex;

const PREFIX: &str = "sha256:";

/// The SHA-256 of some bytes.
///
/// Shape: text and JSON are `sha256:` and 64 lower-case hexadecimal digits; in a database column, the 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Digests `bytes` in one step; [`Hasher`] does it in many.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Takes 32 bytes that already are a digest.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes, as a database column keeps them.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 64 digits without the prefix, for file names and narrow tables.
    pub fn hex(&self) -> String {
        hex::encode(&self.0)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{PREFIX}{}", self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Why a text or a column is not a digest.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotADigest {
    /// The text has another form.
    #[error("`{text}` is not a digest: write `sha256:` and 64 lower-case hexadecimal digits")]
    Text {
        /// What was read.
        text: String,
    },
    /// The column has another length.
    #[error("a digest has 32 bytes, not {length_bytes}")]
    Length {
        /// How many bytes there were.
        length_bytes: usize,
    },
}

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        text.strip_prefix(PREFIX)
            .and_then(hex::decode)
            .map(Self)
            .ok_or_else(|| NotADigest::Text { text: text.to_owned() })
    }
}

impl TryFrom<&[u8]> for Digest {
    type Error = NotADigest;

    fn try_from(bytes: &[u8]) -> Result<Self, NotADigest> {
        let array =
            bytes.try_into().map_err(|_| NotADigest::Length { length_bytes: bytes.len() })?;
        Ok(Self(array))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Digests a dump piece by piece, in constant memory.
///
/// Pieces are joined without a mark between them: `ab` + `c` equals `a` + `bc`.
/// Where the boundary matters, feed whole values with [`Hasher::line`].
///
/// ```
/// use guan_ledger::{Digest, Hasher};
///
/// let mut hasher = Hasher::new();
/// hasher.line(&serde_json::json!({"set": "sales", "action": "read"}))?;
/// assert_eq!(hasher.finish(), Digest::of(b"{\"action\":\"read\",\"set\":\"sales\"}\n"));
/// # Ok::<(), guan_ledger::Uncanonical>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Starts with nothing fed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Feeds bytes as they are.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Feeds the canonical bytes of `value` and a line feed, which canonical bytes never contain.
    ///
    /// Errors: as [`canonical::bytes`]; nothing was fed then.
    pub fn line(&mut self, value: &Value) -> Result<(), Uncanonical> {
        let bytes = canonical::bytes(value)?;
        self.0.update(&bytes);
        self.0.update(b"\n");
        Ok(())
    }

    /// The digest of everything fed.
    pub fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

impl io::Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
