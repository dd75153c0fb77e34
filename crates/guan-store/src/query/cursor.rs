//! Where a page ended, sealed and unreadable: a place that was not given out is refused, so that nobody can ask where an unseen
//! record would stand, and none tells how many records stand before it.

use std::fmt;

use guan_engine::model::Value;
use guan_engine::question::Cursor;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Bytes of a seal.
const SEAL: usize = 16;

/// Where a page of a list ended, as text. It is good for the same list, asked by the same user, for as long as the installation lives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageCursor(String);

impl PageCursor {
    /// From the text that an answer gave.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for PageCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a page ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Place {
    /// In the order that the engine keeps, with the record's number in the database.
    #[serde(rename = "e")]
    Kept(Cursor, i64),
    /// In the order of a value, then of the number.
    #[serde(rename = "v")]
    Valued(Option<Value>, i64),
}

#[derive(Serialize, Deserialize)]
struct Body {
    /// Which list it belongs to.
    list: String,
    place: Place,
}

/// Seals places of one list.
#[derive(Debug)]
pub(crate) struct Sealer<'k> {
    key: &'k [u8],
    list: String,
}

impl<'k> Sealer<'k> {
    /// `parts` name the list: organization, subject, object, filter, search, sort.
    pub(crate) fn new(key: &'k [u8], parts: &[&str]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
        let list = hex(hasher.finalize().iter().copied().take(SEAL));
        Self { key, list }
    }

    pub(crate) fn seal(&self, place: Place) -> Option<PageCursor> {
        let mut body = serde_json::to_vec(&Body { list: self.list.clone(), place }).ok()?;
        let mut seal = self.mac(DOMAIN, &[&body])?;
        seal.truncate(SEAL);
        self.veil(&seal, &mut body)?;
        Some(PageCursor(hex(seal.into_iter().chain(body))))
    }

    /// The place, if this list gave it out.
    pub(crate) fn open(&self, cursor: &PageCursor) -> Option<Place> {
        let bytes = unhex(&cursor.0)?;
        let (seal, body) = bytes.split_at_checked(SEAL)?;
        let mut body = body.to_vec();
        self.veil(seal, &mut body)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key).ok()?;
        mac.update(DOMAIN);
        mac.update(&body);
        mac.verify_truncated_left(seal).ok()?;
        let body: Body = serde_json::from_slice(&body).ok()?;
        (body.list == self.list).then_some(body.place)
    }

    /// Makes a body unreadable under its seal, or readable again: the number of a record tells how many came before it,
    /// seen or not.
    fn veil(&self, seal: &[u8], body: &mut [u8]) -> Option<()> {
        for (block, part) in (0_u64..).zip(body.chunks_mut(BLOCK)) {
            let stream = self.mac(VEIL, &[seal, &block.to_be_bytes()])?;
            for (byte, with) in part.iter_mut().zip(stream) {
                *byte ^= with;
            }
        }
        Some(())
    }

    fn mac(&self, domain: &[u8], parts: &[&[u8]]) -> Option<Vec<u8>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key).ok()?;
        mac.update(domain);
        for part in parts {
            mac.update(part);
        }
        Some(mac.finalize().into_bytes().to_vec())
    }
}

/// Bytes that one veil covers.
const BLOCK: usize = 32;
/// Keeps these seals apart from those of overlays, which have the same key.
const DOMAIN: &[u8] = b"guan page cursor\n";
/// Keeps what hides a body apart from what seals it.
const VEIL: &[u8] = b"guan page cursor veil\n";

fn hex(bytes: impl Iterator<Item = u8>) -> String {
    bytes.fold(String::new(), |mut text, byte| {
        text.extend(
            [byte >> 4, byte & 15].map(|half| char::from_digit(half.into(), 16).unwrap_or('0')),
        );
        text
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || text.len() > 65_536 {
        return None;
    }
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{PageCursor, Place, Sealer};

    #[test]
    fn a_cursor_tells_nothing_of_the_place() {
        let sealer = Sealer::new(b"key", &["acme", "bo", "Account"]);
        let sealed = |number| sealer.seal(Place::Valued(Some("Acme".into()), number)).unwrap();
        let (one, other) =
            (super::unhex(&sealed(7).0).unwrap(), super::unhex(&sealed(8).0).unwrap());
        for bytes in [&one, &other] {
            let text = String::from_utf8_lossy(bytes).into_owned();
            assert!(!text.contains("list") && !text.contains("Acme"), "{text}");
        }
        // Of two places that differ in one digit nothing is alike.
        let alike = one.iter().zip(&other).filter(|(one, other)| one == other).count();
        assert!(alike < one.len() / 8, "{alike} of {} bytes are alike", one.len());
        assert_eq!(sealer.seal(Place::Valued(Some("Acme".into()), 7)), Some(sealed(7)));
    }

    #[test]
    fn a_cursor_opens_only_the_list_that_gave_it() {
        let sealer = Sealer::new(b"key", &["acme", "bo", "Account"]);
        let place = Place::Valued(Some("x".into()), 7);
        let cursor = sealer.seal(place.clone()).unwrap();
        assert_eq!(sealer.open(&cursor), Some(place));
        assert_eq!(Sealer::new(b"key", &["acme", "boAccount", ""]).open(&cursor), None);
        assert_eq!(Sealer::new(b"other", &["acme", "bo", "Account"]).open(&cursor), None);
        for text in ["", "0", "zz", "00", &"0".repeat(80)] {
            assert_eq!(sealer.open(&PageCursor::new(text)), None, "{text}");
        }
        let mut changed = cursor.as_str().to_owned();
        changed.replace_range(40..41, if changed.as_bytes()[40] == b'0' { "1" } else { "0" });
        assert_eq!(sealer.open(&PageCursor::new(changed)), None);
    }
}
