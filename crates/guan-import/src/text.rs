//! Bytes to text: byte order marks, UTF-16, and a message for every other encoding.

/// Bytes that are not text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not UTF-8 text: {why}; save the file as UTF-8")]
pub(crate) struct NotText {
    /// The line of the first wrong byte, from 1.
    pub(crate) line: u64,
    why: String,
}

/// Whether a character steers the display instead of being shown; ids must not hold any.
pub(crate) fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Text on one line, without characters that steer the display.
pub(crate) fn tidy(text: &str) -> String {
    text.replace(is_control, " ").trim().to_owned()
}

/// Decodes UTF-8, with or without a byte order mark, and UTF-16 with one.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, NotText> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Result<String, NotText> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| {
        let at = error.valid_up_to();
        let line = lines_before(bytes, at);
        NotText {
            line,
            why: format!("the byte at offset {at} fits no character (GBK or UTF-16 without mark?)"),
        }
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, NotText> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    for unit in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let Ok(character) = unit else {
            let line = text.matches('\n').count() as u64 + 1;
            return Err(NotText { line, why: "half a character in UTF-16".to_owned() });
        };
        text.push(character);
    }
    if rest.is_empty() {
        return Ok(text);
    }
    let line = text.matches('\n').count() as u64 + 1;
    Err(NotText { line, why: "an odd number of bytes in UTF-16".to_owned() })
}

fn lines_before(bytes: &[u8], at: usize) -> u64 {
    bytes.iter().take(at).filter(|byte| **byte == b'\n').count() as u64 + 1
}
