//! Record ids in the vendor's form: a key prefix, fifteen characters, three characters of case checksum.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECK: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/// The 18-character id of the `number`-th record behind a three-character key `prefix`.
///
/// It depends on nothing else, so the id of a record is the same for every seed.
pub(super) fn id(prefix: &str, number: u32) -> String {
    let mut rest = 3_000_000 + number * 37;
    let mut tail = [0_u8; 5];
    for place in tail.iter_mut().rev() {
        let digit = usize::try_from(rest % 62).unwrap_or(0);
        *place = DIGITS.get(digit).copied().unwrap_or(b'0');
        rest /= 62;
    }
    let mut text = format!("{prefix}5g00000");
    text.extend(tail.iter().map(|byte| char::from(*byte)));
    let checks: Vec<char> = text.as_bytes().chunks(5).map(check).collect();
    text.extend(checks);
    text
}

/// Bit `i` of the checksum character says that character `i` of the chunk is a capital letter.
fn check(chunk: &[u8]) -> char {
    let mut value = 0_usize;
    for (bit, byte) in chunk.iter().enumerate() {
        if byte.is_ascii_uppercase() {
            value |= 1 << bit;
        }
    }
    CHECK.get(value).map_or('A', |character| char::from(*character))
}

#[cfg(test)]
mod tests {
    use super::{check, id};

    #[test]
    fn an_id_has_eighteen_characters_and_its_prefix() {
        let first = id("001", 1);
        assert_eq!(first.len(), 18);
        assert!(first.starts_with("001"));
        assert_ne!(first, id("001", 2));
    }

    #[test]
    fn the_checksum_marks_the_capitals() {
        assert_eq!(check(b"abc12"), 'A');
        assert_eq!(check(b"Abc12"), 'B');
        assert_eq!(check(b"ABCDE"), '5');
    }
}
