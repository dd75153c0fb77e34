//! Rows of the log: each carries the exact bytes, their leaf hash and a hash over everything before it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::canonical::Uncanonical;
use crate::digest::{Digest, Hasher};
use crate::entry::{Entry, Envelope};

// 0x00 and 0x01 are the leaf and node marks of RFC 6962; 0x04 marks commitments.
const LEAF_MARK: u8 = 0x00;
const CHAIN_MARK: u8 = 0x02;
const GENESIS_MARK: u8 = 0x03;

/// The largest record, in canonical bytes.
pub const RECORD_BYTES_MAX: usize = 1 << 20;

/// Whose log it is; every record of the log names the same two.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = LedgerOrigin))]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The organization.
    pub organization: String,
    /// The installation.
    pub instance: String,
}

impl Origin {
    /// Whether a record says it belongs to this log.
    pub fn is_of(&self, envelope: &Envelope) -> bool {
        self.organization == envelope.organization && self.instance == envelope.instance
    }
}

/// The end of a log: how many records it has and the hash over all of them.
///
/// Shape: as text `12@sha256:…`, short enough to be kept on paper or by somebody else, which is what detects a cut tail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = LedgerTip))]
#[serde(deny_unknown_fields)]
pub struct Tip {
    /// How many records; also the sequence of the next one.
    pub size: u64,
    /// The chain hash of the last record, or of the genesis.
    pub chain: Digest,
}

impl Tip {
    /// The end of an empty log.
    ///
    /// *rule:* `SHA-256(0x03 ‖ organization length ‖ organization ‖ instance length ‖ instance)`, lengths as 8 bytes, big end first;
    /// so no log can pass as the log of somebody else.
    pub fn genesis(origin: &Origin) -> Self {
        let mut hasher = Hasher::new();
        hasher.update(&[GENESIS_MARK]);
        for part in [&origin.organization, &origin.instance] {
            // A length fits 8 bytes on every machine that Rust knows.
            hasher.update(&(part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
        Self { size: 0, chain: hasher.finish() }
    }
}

impl fmt::Display for Tip {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}@{}", self.size, self.chain)
    }
}

/// Why a text is not the end of a log.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{text}` is not the end of a log: write its size, `@` and its chain hash, as `12@sha256:…`"
)]
pub struct NotATip {
    /// What was read.
    pub text: String,
}

impl FromStr for Tip {
    type Err = NotATip;

    fn from_str(text: &str) -> Result<Self, NotATip> {
        text.split_once('@')
            .and_then(|(size, chain)| {
                Some(Self { size: size.parse().ok()?, chain: chain.parse().ok()? })
            })
            .ok_or_else(|| NotATip { text: text.to_owned() })
    }
}

/// One row as stored and exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The position, from 0.
    pub sequence: u64,
    /// The exact bytes that were hashed; never written again from the parsed record.
    pub bytes: Vec<u8>,
    /// [`leaf_hash`] of the bytes.
    pub leaf: Digest,
    /// The chain hash of the row before, or of the genesis.
    pub previous: Digest,
    /// [`chain_hash`] of `previous` and `leaf`.
    pub chain: Digest,
}

impl Row {
    /// The end of the log when this row is its last.
    pub const fn tip(&self) -> Tip {
        Tip { size: self.sequence.saturating_add(1), chain: self.chain }
    }
}

/// The leaf hash of RFC 6962 §2.1: `SHA-256(0x00 ‖ bytes)`.
pub fn leaf_hash(bytes: &[u8]) -> Digest {
    let mut hasher = Hasher::new();
    hasher.update(&[LEAF_MARK]);
    hasher.update(bytes);
    hasher.finish()
}

/// The hash over a row and everything before it: `SHA-256(0x02 ‖ previous ‖ leaf)`.
pub fn chain_hash(previous: &Digest, leaf: &Digest) -> Digest {
    let mut hasher = Hasher::new();
    hasher.update(&[CHAIN_MARK]);
    hasher.update(previous.as_bytes());
    hasher.update(leaf.as_bytes());
    hasher.finish()
}

/// Why a record cannot be the next row.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unappendable {
    /// Another position than the next one.
    #[error("the record says sequence {found}, the next is {expected}")]
    Sequence {
        /// The next position.
        expected: u64,
        /// The record's.
        found: u64,
    },
    /// The first record of a log that belongs to somebody else.
    #[error("the log was not begun for organization `{organization}` at instance `{instance}`")]
    Origin {
        /// The record's organization.
        organization: String,
        /// The record's instance.
        instance: String,
    },
    /// Larger than [`RECORD_BYTES_MAX`].
    #[error(
        "the record has {size_bytes} bytes, at most {RECORD_BYTES_MAX} are kept: record digests of long lists"
    )]
    Size {
        /// How large it is.
        size_bytes: usize,
    },
    /// The record has no canonical bytes.
    #[error(transparent)]
    Uncanonical(#[from] Uncanonical),
}

/// Makes the row that follows `previous`; storing it is the caller's, in the transaction of what it records.
///
/// Cost: one serialisation and three hashes, some microseconds.
///
/// Errors: a sequence other than `previous.size`; a first record of another origin than the genesis; a record above
/// [`RECORD_BYTES_MAX`]; numbers out of range.
pub fn append(previous: &Tip, entry: &Entry) -> Result<Row, Unappendable> {
    let Envelope { sequence, organization, instance, .. } = &entry.envelope;
    if *sequence != previous.size {
        return Err(Unappendable::Sequence { expected: previous.size, found: *sequence });
    }
    if *sequence == 0 {
        let origin = Origin { organization: organization.clone(), instance: instance.clone() };
        if Tip::genesis(&origin) != *previous {
            let Origin { organization, instance } = origin;
            return Err(Unappendable::Origin { organization, instance });
        }
    }
    let bytes = entry.to_bytes()?;
    if bytes.len() > RECORD_BYTES_MAX {
        return Err(Unappendable::Size { size_bytes: bytes.len() });
    }
    let leaf = leaf_hash(&bytes);
    let chain = chain_hash(&previous.chain, &leaf);
    Ok(Row { sequence: *sequence, bytes, leaf, previous: previous.chain, chain })
}
