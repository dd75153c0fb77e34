//! Passwords: Argon2id, one time, and the same time for users that there are not.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use guan_engine::model::UserId;

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

/// Words and rows of keys that passwords are made of first, in small letters.
const FIRST_GUESSES: &[&str] = &[
    "password",
    "passw0rd",
    "passwort",
    "administrator",
    "admin",
    "qwertyuiop",
    "qwerty",
    "asdfghjkl",
    "asdfgh",
    "zxcvbnm",
    "1qaz2wsx",
    "letmein",
    "welcome",
    "changeme",
    "iloveyou",
    "monkey",
    "dragon",
    "sunshine",
    "princess",
    "football",
    "secret",
    "login",
    "guest",
    "test",
    "user",
    "root",
    "guan",
    "mima",
    "woaini",
    "aini",
    "nihao",
    "abc",
    "xyz",
];
/// Letters that have to be left when the first guesses are taken out.
const LETTERS_LEFT_MIN: usize = 4;
/// The fewest different characters.
const DIFFERENT_MIN: usize = 5;

/// Refuses what is no password for a person: too short or too long, or what is guessed first.
pub fn check(password: &str, user: &UserId) -> Result<(), Problem> {
    if password.chars().count() < LENGTH_MIN || password.len() > BYTES_MAX {
        return Err(Problem::new(Code::Invalid).detail(format!(
            "a password has {LENGTH_MIN} characters or more, and at most {BYTES_MAX} bytes"
        )));
    }
    if is_guessed_first(password, user) {
        return Err(Problem::new(Code::Invalid).detail(
            "this password is guessed first: it repeats itself, is a row of characters, or is made of a usual word or the user's id",
        ));
    }
    Ok(())
}

fn is_guessed_first(password: &str, user: &UserId) -> bool {
    let small: Vec<char> = password.to_lowercase().chars().collect();
    let different: BTreeSet<char> = small.iter().copied().collect();
    let repeats =
        |length: usize| small.iter().skip(length).eq(small.iter().take(small.len() - length));
    let is_row = |step: i64| {
        let pairs = small.iter().zip(small.iter().skip(1));
        pairs.into_iter().all(|(one, next)| {
            let apart = i64::from(u32::from(*next)) - i64::from(u32::from(*one));
            // After the nine comes the nought.
            apart == step || (*one == '9' && *next == '0') || (*one == '0' && *next == '9')
        })
    };
    different.len() < DIFFERENT_MIN
        || (1..=small.len() / 2).any(repeats)
        || is_row(1)
        || is_row(-1)
        || is_made_of_words(&small.iter().collect::<String>(), user)
}

fn is_made_of_words(small: &str, user: &UserId) -> bool {
    let id = user.as_str().to_lowercase();
    let own = [id.as_str(), id.split('@').next().unwrap_or_default()];
    let own = own.into_iter().filter(|name| name.chars().count() > 2);
    let mut left = small.to_owned();
    for word in own.chain(FIRST_GUESSES.iter().copied()) {
        left = left.replace(word, " ");
    }
    left != small && left.chars().filter(|left| left.is_alphabetic()).count() < LETTERS_LEFT_MIN
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
        let user = "ada@example.com".into();
        let made = one_time().unwrap();
        assert_eq!(made.chars().filter(char::is_ascii_hexdigit).count(), 20, "80 random bits");
        assert!(check("short", &user).is_err());
    }

    #[test]
    fn what_is_guessed_first_is_no_password() {
        let user = "li.wei@lanhai.example".into();
        for weak in [
            "passwordpassword",
            "PasswordPassword1",
            "aaaaaaaaaaaa",
            "abababababab",
            "li.weili.weili",
            "li.wei@lanhai.example",
            "Li.Wei-20260131",
            "123456789012",
            "abcdefghijklmn",
            "987654321098",
            "password12345",
            "qwertyuiop123",
            "Admin1234567!",
        ] {
            assert!(check(weak, &user).is_err(), "{weak}");
        }
        for good in [
            "correct horse battery",
            "another long one",
            "我家的猫今年已经十二岁啦",
            "li.wei likes boats",
        ] {
            assert!(check(good, &user).is_ok(), "{good}");
        }
    }
}
