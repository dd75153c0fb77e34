//! Passwords: Argon2id, one time, and the same time for users that there are not.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use crate::problem::{Code, Problem};
use crate::secret;

/// The fewest characters of a password.
pub const LENGTH_MIN: usize = 12;
/// The most bytes of a password.
pub const BYTES_MAX: usize = 256;

/// The hash that is compared with where there is no account, so that the answer takes as long.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| hash("a password that nobody has").unwrap_or_default());

/// Hashes a password with a salt of its own.
///
/// Cost: 19 MiB and about 25 ms; blocking.
///
/// Errors: the system gives no random bytes.
pub fn hash(password: &str) -> Result<String, Problem> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|_| Problem::bug("a password could not be hashed"))
}

/// Whether it is the password of the hash; without a hash it never is, and takes as long.
///
/// Cost: as [`hash`].
pub fn is_right(password: &str, hash: Option<&str>) -> bool {
    let known = hash.unwrap_or(&NOBODY);
    let is_same = PasswordHash::new(known).is_ok_and(|parsed| {
        Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok()
    });
    is_same && hash.is_some()
}

/// Refuses what is no password for a person.
pub fn check(password: &str) -> Result<(), Problem> {
    if password.chars().count() < LENGTH_MIN || password.len() > BYTES_MAX {
        return Err(Problem::new(Code::Invalid).detail(format!(
            "a password has {LENGTH_MIN} characters or more, and at most {BYTES_MAX} bytes"
        )));
    }
    Ok(())
}

/// A password for one time, to be shown once.
///
/// Errors: the system gives no random bytes.
pub fn one_time() -> Result<String, Problem> {
    let hex = secret::random_hex::<10>()?;
    let groups: Vec<&str> =
        hex.as_bytes().chunks(5).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    Ok(groups.join("-"))
}

#[cfg(test)]
mod tests {
    use super::{check, hash, is_right, one_time};

    #[test]
    fn a_password_is_right_for_its_own_hash_alone() {
        let kept = hash("correct horse battery").unwrap();
        assert!(kept.starts_with("$argon2id$"), "{kept}");
        assert!(is_right("correct horse battery", Some(&kept)));
        assert!(!is_right("correct horse", Some(&kept)));
        assert!(!is_right("a password that nobody has", None));
        assert_ne!(kept, hash("correct horse battery").unwrap());
    }

    #[test]
    fn a_one_time_password_is_long_enough() {
        assert!(check(&one_time().unwrap()).is_ok());
        assert!(check("short").is_err());
    }
}
