//! Whether somebody or something is meant by what was typed, however the parts of a name are joined and ordered.

use pinyin::ToPinyin;

/// What was typed, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sought(Vec<String>);

impl Sought {
    /// Dots, dashes, underscores and spaces only part words.
    pub(crate) fn typed(text: &str) -> Self {
        let text: String = text.chars().flat_map(bare).collect();
        Self(text.split(is_joint).filter(|word| !word.is_empty()).map(str::to_owned).collect())
    }

    /// Whether each word stands in one of the texts, or in the Mandarin reading of one, spelled out or by its first letters.
    pub(crate) fn is_in(&self, texts: &[&str]) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let as_written: Vec<String> = texts.iter().map(|text| joined(text)).collect();
        let has = |all: &[String], word: &str| all.iter().any(|text| text.contains(word));
        let missing: Vec<&String> = self.0.iter().filter(|word| !has(&as_written, word)).collect();
        if missing.is_empty() {
            return true;
        }
        // Most texts have no reading, and most words stand as they are written.
        let readings: Vec<String> = as_written.iter().flat_map(|text| readings(text)).collect();
        missing.into_iter().all(|word| has(&readings, word))
    }
}

/// The character in small letters and of ordinary width.
fn bare(letter: char) -> impl Iterator<Item = char> {
    /// From a full-width character to the ordinary one.
    const WIDE: u32 = 0xFF00 - 0x20;
    let narrow = match letter {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(letter) - WIDE).unwrap_or(letter),
        other => other,
    };
    narrow.to_lowercase()
}

fn is_joint(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '.' | '_' | '-' | '·' | '・')
}

fn joined(text: &str) -> String {
    text.chars().flat_map(bare).filter(|letter| !is_joint(*letter)).collect()
}

/// The readings of a text with Chinese characters: whole, and the first letters.
fn readings(text: &str) -> Vec<String> {
    let (mut whole, mut letters, mut is_read) = (String::new(), String::new(), false);
    for letter in text.chars() {
        if let Some(read) = letter.to_pinyin() {
            is_read = true;
            whole.push_str(read.plain());
            letters.push_str(read.first_letter());
        } else {
            whole.push(letter);
            letters.push(letter);
        }
    }
    if is_read { vec![whole, letters] } else { Vec::new() }
}
