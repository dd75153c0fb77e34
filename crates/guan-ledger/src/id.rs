//! Record ids that sort by time, made from values, so that the crate needs neither a clock nor randomness.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::hex;

const HYPHENS: [usize; 4] = [8, 13, 18, 23];

/// The id of a record: a UUID of version 7 (RFC 9562 §5.7), which sorts by the millisecond of its making.
///
/// Shape: text and JSON are the usual 36 characters in lower case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId([u8; 16]);

impl EntryId {
    /// Makes an id from the moment and 10 random bytes, 74 bits of which are used.
    ///
    /// Units: `unix_ms` is milliseconds since 1970 in UTC; only its lower 48 bits are kept, enough until the year 10889.
    pub fn new(unix_ms: u64, random: [u8; 10]) -> Self {
        let [_, _, time @ ..] = unix_ms.to_be_bytes();
        let [t0, t1, t2, t3, t4, t5] = time;
        let [r0, r1, r2, rest @ ..] = random;
        let [r3, r4, r5, r6, r7, r8, r9] = rest;
        Self([
            t0,
            t1,
            t2,
            t3,
            t4,
            t5,
            0x70 | (r0 & 0x0f),
            r1,
            0x80 | (r2 & 0x3f),
            r3,
            r4,
            r5,
            r6,
            r7,
            r8,
            r9,
        ])
    }

    /// The 16 bytes, as a database column keeps them.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    fn is_version_7(&self) -> bool {
        let [_, _, _, _, _, _, version, _, variant, ..] = self.0;
        version >> 4 == 7 && variant >> 6 == 0b10
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = hex::encode(&self.0);
        for position in HYPHENS {
            text.insert(position, '-');
        }
        formatter.write_str(&text)
    }
}

impl fmt::Debug for EntryId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Why a text is not a record id.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{text}` is not a record id: write a version 7 UUID in lower case, as `0190163d-8694-739b-aea5-966c26f8ad91`"
)]
pub struct NotAnEntryId {
    /// What was read.
    pub text: String,
}

impl FromStr for EntryId {
    type Err = NotAnEntryId;

    fn from_str(text: &str) -> Result<Self, NotAnEntryId> {
        let digits: String = text.chars().filter(|character| *character != '-').collect();
        hex::decode(&digits)
            .map(Self)
            .filter(|id| id.is_version_7() && id.to_string() == text)
            .ok_or_else(|| NotAnEntryId { text: text.to_owned() })
    }
}

impl Serialize for EntryId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EntryId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
