//! Seals: a row that was not written by this installation, or was edited since, does not count.

use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;

use crate::canonical;
use crate::error::StorageError;
use crate::side::Side;

/// The text that is stored of a value, and its seal.
pub(crate) fn seal<T: Serialize>(
    side: &Side,
    value: &T,
) -> Result<(String, Vec<u8>), StorageError> {
    let text = canonical::text(value).map_err(StorageError::unreadable)?;
    let mac = mac(side, &text)
        .ok_or_else(|| StorageError::unreadable("the key of the installation"))?
        .finalize();
    Ok((text, mac.into_bytes().to_vec()))
}

/// Whether a stored text is the one that was sealed with this installation's key.
pub(crate) fn holds(side: &Side, text: &str, seal: &[u8]) -> bool {
    // `verify_slice` takes the same time wherever the first difference lies.
    mac(side, text).is_some_and(|mac| mac.verify_slice(seal).is_ok())
}

fn mac(side: &Side, text: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&side.key_bytes()?).ok()?;
    mac.update(text.as_bytes());
    Some(mac)
}
