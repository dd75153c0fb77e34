//! Words for search: how a text is cut into what is looked up, Chinese included.

use std::collections::BTreeSet;

use guan_engine::model::{FieldId, FieldType, Object, Record, Value};

/// Characters of one value that are looked at.
const VALUE_MAX: usize = 4_096;
/// Characters of one word.
const WORD_MAX: usize = 48;
/// Words of one record.
const WORDS_MAX: usize = 1_024;
/// Words that one search may name.
const ASKED_MAX: usize = 12;

/// A word that is looked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Asked {
    /// A word that begins so.
    Beginning(String),
    /// Exactly this piece of a text without spaces.
    Piece(String),
}

/// Cuts a text: words of letters and digits in lower case; of scripts that are written without
/// spaces every two neighbouring characters, and each last one alone.
pub(crate) fn words(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    each_run(text, |run, is_dense| {
        if !is_dense {
            found.insert(run.iter().take(WORD_MAX).collect());
            return;
        }
        for pair in run.windows(2) {
            found.insert(pair.iter().collect::<String>());
        }
        if let Some(last) = run.last() {
            found.insert(last.to_string());
        }
    });
    found
}

/// What a search asks for; every one of them has to be found.
pub(crate) fn asked(text: &str) -> BTreeSet<Asked> {
    let mut found = BTreeSet::new();
    each_run(text, |run, is_dense| match run {
        [only] if is_dense => {
            found.insert(Asked::Beginning(only.to_string()));
        }
        run if is_dense => {
            found.extend(run.windows(2).map(|pair| Asked::Piece(pair.iter().collect())));
        }
        run => {
            found.insert(Asked::Beginning(run.iter().take(WORD_MAX).collect()));
        }
    });
    found.into_iter().take(ASKED_MAX).collect()
}

/// All words of a record, each with its field before it, joined by spaces: what is kept of it for search.
pub(crate) fn of_record(object: &Object, record: &Record) -> String {
    let mut found = BTreeSet::new();
    for (field, value) in &record.fields {
        if !object.fields.get(field).is_some_and(|field| is_searched(field.field_type)) {
            continue;
        }
        let before = prefix(field);
        let mut add = |text: &str| {
            for word in words(text) {
                found.insert(format!("{before}{word}"));
            }
        };
        match value {
            Value::Text(text) => add(text),
            Value::List(values) => values.iter().for_each(|value| add(value)),
            Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let kept: Vec<String> = found.into_iter().take(WORDS_MAX).collect();
    kept.join(" ")
}

/// Whether values of the type are searched in.
pub(crate) const fn is_searched(field_type: FieldType) -> bool {
    matches!(field_type, FieldType::Text | FieldType::Choice | FieldType::MultiChoice)
}

/// What stands before the words of a field: its id without anything that a tokenizer would cut, then `__`.
/// Different ids have different prefixes, and none is the beginning of another.
pub(crate) fn prefix(field: &FieldId) -> String {
    let mut prefix = String::new();
    for character in field.as_str().chars() {
        match character {
            'a'..='z' | '0'..='9' => prefix.push(character),
            'A'..='Z' => prefix.extend(['_', character.to_ascii_lowercase()]),
            other => {
                let code = format!("_{:07}", u32::from(other));
                prefix.push_str(&code);
            }
        }
    }
    prefix.push_str("__");
    prefix
}

/// The search as a full-text query of `SQLite`: every word, in any of the fields.
pub(crate) fn match_of_sqlite(asked: &BTreeSet<Asked>, fields: &[FieldId]) -> String {
    join(
        asked,
        fields,
        |prefix, word| match word {
            Asked::Beginning(word) => format!("\"{prefix}{word}\" *"),
            Asked::Piece(word) => format!("\"{prefix}{word}\""),
        },
        ("AND", "OR"),
    )
}

/// The search as a `tsquery` of `PostgreSQL`.
pub(crate) fn match_of_postgres(asked: &BTreeSet<Asked>, fields: &[FieldId]) -> String {
    join(
        asked,
        fields,
        |prefix, word| match word {
            Asked::Beginning(word) => format!("'{prefix}{word}':*"),
            Asked::Piece(word) => format!("'{prefix}{word}'"),
        },
        ("&", "|"),
    )
}

fn join(
    asked: &BTreeSet<Asked>,
    fields: &[FieldId],
    term: impl Fn(&str, &Asked) -> String,
    (and, or): (&str, &str),
) -> String {
    let prefixes: Vec<String> = fields.iter().map(prefix).collect();
    let parts: Vec<String> = asked
        .iter()
        .map(|word| {
            let terms: Vec<String> = prefixes.iter().map(|prefix| term(prefix, word)).collect();
            format!("({})", terms.join(&format!(" {or} ")))
        })
        .collect();
    parts.join(&format!(" {and} "))
}

/// Hands every run of letters and digits of one kind of script to `take`, in lower case.
fn each_run(text: &str, mut take: impl FnMut(&[char], bool)) {
    let mut run: Vec<char> = Vec::new();
    let mut was_dense = false;
    let mut end = |run: &mut Vec<char>, is_dense: bool| {
        if !run.is_empty() {
            take(run, is_dense);
            run.clear();
        }
    };
    for character in
        text.chars().take(VALUE_MAX).flat_map(|character| half_width(character).to_lowercase())
    {
        let is_dense = is_without_spaces(character);
        if !character.is_alphanumeric() {
            end(&mut run, was_dense);
            continue;
        }
        if is_dense != was_dense {
            end(&mut run, was_dense);
        }
        was_dense = is_dense;
        run.push(character);
    }
    end(&mut run, was_dense);
}

/// Full-width letters and digits are the same word as the ordinary ones.
fn half_width(character: char) -> char {
    match u32::from(character) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(character),
        _ => character,
    }
}

const fn is_without_spaces(character: char) -> bool {
    matches!(character,
        '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::{Asked, asked, prefix, words};

    fn cut(text: &str) -> Vec<String> {
        words(text).into_iter().collect()
    }

    #[test]
    fn chinese_is_cut_into_pairs_and_latin_into_words() {
        assert_eq!(cut("蓝海 Ltd. 科技"), ["ltd", "技", "海", "科技", "蓝海"]);
        assert_eq!(cut("Li-Wei 138 0013"), ["0013", "138", "li", "wei"]);
        assert_eq!(cut("ＡＢＣ公司"), ["abc", "公司", "司"]);
        assert!(cut(" -- ").is_empty());
    }

    #[test]
    fn one_character_is_found_in_any_place_and_more_as_their_pairs() {
        let beginning = |word: &str| Asked::Beginning(word.to_owned());
        assert_eq!(asked("海").into_iter().collect::<Vec<_>>(), [beginning("海")]);
        let pairs: Vec<Asked> = asked("蓝海科").into_iter().collect();
        assert_eq!(pairs, [Asked::Piece("海科".into()), Asked::Piece("蓝海".into())]);
        assert_eq!(asked("Acm").into_iter().collect::<Vec<_>>(), [beginning("acm")]);
    }

    #[test]
    fn no_two_fields_have_one_prefix() {
        let ids = ["Name", "name", "na_me", "n__ame", "_name", "Name__c", "姓名", "a b", "a-b"];
        let prefixes: Vec<String> = ids.iter().map(|id| prefix(&(*id).into())).collect();
        for (at, one) in prefixes.iter().enumerate() {
            for (other_at, other) in prefixes.iter().enumerate() {
                assert!(at == other_at || !other.starts_with(one.as_str()), "{one} {other}");
            }
        }
    }
}
