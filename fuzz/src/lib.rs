//! What each fuzz target does with its bytes: parse them, and where they parse, hold the parser to its promises.
//!
//! A target never panics on bytes that do not parse; a panic is a finding.

use guan_engine::condition::Condition;
use guan_engine::model::{
    Action, AddressRange, Assigned, FieldAccess, Grant, Moment, Number, Owner, Policy, Principal,
    Rights,
};
use guan_import::salesforce::{self, Options};
use guan_import::{Files, Limits};
use guan_ledger::{Entry, ExportReader, verify_export};
use std::fmt::{Debug, Display};
use std::str::FromStr;

/// A condition has a canonical text, which parses to itself.
pub fn condition(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let Ok(condition) = Condition::parse(text) else { return };
    let again = Condition::parse(condition.as_str());
    assert_eq!(again.as_ref(), Ok(&condition), "the canonical text of `{text}`");
    let again = again.map(|again| again.as_str().to_owned());
    assert_eq!(again.as_deref(), Ok(condition.as_str()), "the canonical text is not stable");
}

/// Every text form of the model reads what it writes.
pub fn words(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    reads_what_it_writes::<Action>(text);
    reads_what_it_writes::<AddressRange>(text);
    reads_what_it_writes::<Assigned>(text);
    reads_what_it_writes::<FieldAccess>(text);
    reads_what_it_writes::<Grant>(text);
    reads_what_it_writes::<Moment>(text);
    reads_what_it_writes::<Number>(text);
    reads_what_it_writes::<Owner>(text);
    reads_what_it_writes::<Principal>(text);
    reads_what_it_writes::<Rights>(text);
}

fn reads_what_it_writes<T: FromStr + Display + PartialEq + Debug>(text: &str) {
    let Ok(value) = text.parse::<T>() else { return };
    let written = value.to_string();
    let again = written.parse::<T>().ok();
    assert_eq!(again.as_ref(), Some(&value), "`{text}` is written as `{written}`");
}

/// A policy that parses can be validated, and its canonical form is stable.
pub fn policy(bytes: &[u8]) {
    let Ok(policy) = serde_json::from_slice::<Policy>(bytes) else { return };
    let _problems = policy.validate();
    let Ok(written) = serde_json::to_vec(&policy) else { return };
    let again = serde_json::from_slice::<Policy>(&written).ok();
    assert_eq!(again.as_ref(), Some(&policy), "the canonical form is another policy");
}

/// A record of the ledger has one spelling.
pub fn ledger_entry(bytes: &[u8]) {
    let Ok(entry) = Entry::from_bytes(bytes) else { return };
    assert_eq!(entry.to_bytes().ok().as_deref(), Some(bytes), "a second spelling");
}

/// An exported ledger is verified or refused.
pub fn ledger_export(bytes: &[u8]) {
    let Ok(reader) = ExportReader::new(bytes) else { return };
    let _verdict = verify_export(reader, None);
}

/// Metadata in any bytes gives a policy that may be kept, or a report that says why not. The first line is the path of
/// the file.
pub fn salesforce_metadata(bytes: &[u8]) {
    let Some(files) = one_file(bytes) else { return };
    import(&files, None);
}

/// Data rows in any bytes, beside metadata of one object. The first line is the path of the file.
pub fn salesforce_rows(bytes: &[u8]) {
    let Some(rows) = one_file(bytes) else { return };
    let object = "<CustomObject><sharingModel>Private</sharingModel></CustomObject>";
    let files = Files::from_iter([("objects/Account/Account.object-meta.xml", object)]);
    import(&files, Some(&rows));
}

fn one_file(bytes: &[u8]) -> Option<Files> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let path = str::from_utf8(bytes.get(..end)?).ok()?;
    Some(Files::from_iter([(path, bytes.get(end + 1..)?)]))
}

fn import(files: &Files, rows: Option<&Files>) {
    let Ok(imported) = salesforce::import(files, rows, &Options::default()) else { return };
    let problems = imported.policy.validate();
    let is_reported = imported.report.entries.iter().any(|loss| loss.element == "policy");
    assert!(problems.is_empty() || is_reported, "{problems:?}");
    let again = salesforce::import(files, rows, &Options::default()).ok();
    assert_eq!(again.as_ref(), Some(&imported), "the same bytes give another policy");
}

/// The two small languages inside the files: conditions of restriction rules, orders of numbered criteria.
pub fn salesforce_words(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let _formula = salesforce::parse_formula(text);
    let _filter = salesforce::parse_filter(text, 4);
}

/// A zip is unpacked within its limits or refused.
pub fn import_zip(bytes: &[u8]) {
    let limits = Limits { total_bytes_max: 1 << 20, entry_bytes_max: 1 << 18, ..Limits::default() };
    let Ok(files) = Files::from_zip_within(bytes, limits) else { return };
    let size: usize = files.iter().map(|(_, content)| content.len()).sum();
    assert!(size <= 1 << 20, "{size} bytes came out");
    for (path, _) in files.iter() {
        assert!(
            !path.starts_with('/') && !path.split('/').any(|part| part == ".."),
            "`{path}` climbs"
        );
    }
}

#[cfg(test)]
mod tests {
    //! The seeds, cut and changed byte by byte: a poor fuzzer for machines without a nightly toolchain.

    use std::path::Path;

    const CHANGES: &[u8] = b"\0\x01 \"',()[]{}$-09Zz\x7f\x80\xff";

    fn try_around(target: fn(&[u8]), seeds: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(seeds);
        let mut count = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let seed = std::fs::read(entry.unwrap().path()).unwrap();
            target(&seed);
            count += 1;
            let step = seed.len() / 200 + 1;
            for at in (0..seed.len()).step_by(step) {
                target(&seed[..at]);
                let mut changed = seed.clone();
                for byte in CHANGES {
                    changed[at] = *byte;
                    target(&changed);
                }
            }
        }
        assert!(count > 0, "no seeds in `{seeds}`");
    }

    #[test]
    fn conditions_hold_around_their_seeds() {
        try_around(super::condition, "condition");
    }

    #[test]
    fn words_hold_around_their_seeds() {
        try_around(super::words, "words");
    }

    #[test]
    fn policies_hold_around_their_seeds() {
        try_around(super::policy, "policy");
    }

    #[test]
    fn ledger_entries_hold_around_their_seeds() {
        try_around(super::ledger_entry, "ledger_entry");
    }

    #[test]
    fn ledger_exports_hold_around_their_seeds() {
        try_around(super::ledger_export, "ledger_export");
    }

    #[test]
    fn metadata_holds_around_its_seeds() {
        try_around(super::salesforce_metadata, "salesforce_metadata");
    }

    #[test]
    fn rows_hold_around_their_seeds() {
        try_around(super::salesforce_rows, "salesforce_rows");
    }

    #[test]
    fn small_languages_hold_around_their_seeds() {
        try_around(super::salesforce_words, "salesforce_words");
    }

    #[test]
    fn zips_hold_around_their_seeds() {
        try_around(super::import_zip, "import_zip");
    }
}
