//! The walls between the crates: who may know whom, and what a pure crate must not touch.

use crate::tree::{none_of, texts};
use toml::Table;

/// A crate and the crates of this workspace that it may use. A new arrow is a change of its own, with its own reason.
const ARROWS: &[(&str, &[&str])] = &[
    ("guan-engine", &[]),
    ("guan-ledger", &[]),
    ("guan-console", &[]),
    ("guan-import", &["guan-engine"]),
    ("guan-store", &["guan-engine", "guan-ledger"]),
    ("guan-server", &["guan-engine", "guan-ledger", "guan-console", "guan-import", "guan-store"]),
    ("guan-testkit", &["guan-engine"]),
    ("guan", &["guan-engine", "guan-ledger", "guan-import", "guan-store", "guan-server"]),
];

/// What tests, benches and examples may use beside their arrows; and a crate itself, with features for tests on.
const FOR_TESTS: &str = "guan-testkit";

/// What the sources of the pure crates must not name, with the way out.
const IMPURE: &[(&str, &str)] = &[
    ("std::fs", "bytes arrive as values"),
    ("std::net::Tcp", "no network"),
    ("std::net::Udp", "no network"),
    ("std::env", "no environment"),
    ("std::process", "no processes"),
    ("std::thread", "one call, one answer"),
    ("SystemTime", "the moment arrives in the request"),
    ("time::Instant", "the engine measures nothing"),
    ("Timestamp::now", "the moment arrives in the request"),
    ("Zoned::now", "the moment arrives in the request"),
    ("tokio", "no async"),
    ("async fn", "no async"),
    ("rand", "no randomness: ids and salts arrive as values"),
    ("getrandom", "no randomness: ids and salts arrive as values"),
];

fn manifests() -> Vec<(String, Table)> {
    let all = texts("/Cargo.toml").into_iter().filter(|(path, _)| path.starts_with("crates/"));
    all.map(|(path, text)| (path, text.parse().unwrap())).collect()
}

/// The names under every table called `kind`, also the ones for one target only.
fn dependencies(manifest: &Table, kind: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (key, value) in manifest {
        let Some(table) = value.as_table() else { continue };
        if key == kind {
            found.extend(table.keys().cloned());
        } else if key == "target" {
            let targets = table.values().filter_map(toml::Value::as_table);
            found.extend(targets.flat_map(|target| dependencies(target, kind)));
        }
    }
    found
}

#[test]
fn crates_use_each_other_only_along_the_arrows() {
    let mut problems = Vec::new();
    for (path, manifest) in manifests() {
        let name = manifest["package"]["name"].as_str().unwrap();
        let Some((_, allowed)) = ARROWS.iter().find(|(from, _)| *from == name) else {
            problems.push(format!("{path}: `{name}` has no row in ARROWS"));
            continue;
        };
        for kind in ["dependencies", "build-dependencies", "dev-dependencies"] {
            for to in dependencies(&manifest, kind) {
                let is_ours = to == "guan" || to.starts_with("guan-");
                let is_for_tests = kind == "dev-dependencies" && (to == FOR_TESTS || to == name);
                if is_ours && !is_for_tests && !allowed.contains(&to.as_str()) {
                    problems.push(format!("{path}: {kind}: `{name}` must not know `{to}`"));
                }
            }
        }
    }
    none_of(&problems);
}

#[test]
fn every_row_of_the_arrows_is_a_crate_in_the_folder_of_its_name() {
    let mut found: Vec<String> = manifests().into_iter().map(|(path, _)| path).collect();
    let mut expected: Vec<String> =
        ARROWS.iter().map(|(name, _)| format!("crates/{name}/Cargo.toml")).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn every_crate_says_what_it_is_for_and_keeps_the_lints_of_the_workspace() {
    let mut problems = Vec::new();
    for (path, manifest) in manifests() {
        let description = manifest["package"].get("description").and_then(toml::Value::as_str);
        if description.is_none_or(str::is_empty) {
            problems.push(format!("{path}: no description"));
        }
        let lints = manifest.get("lints").and_then(|lints| lints.get("workspace"));
        if lints.and_then(toml::Value::as_bool) != Some(true) {
            problems.push(format!("{path}: `lints.workspace = true` is missing"));
        }
    }
    none_of(&problems);
}

#[test]
fn the_pure_crates_touch_no_file_clock_network_or_chance() {
    let mut problems = Vec::new();
    for (path, text) in texts(".rs") {
        let is_pure = ["crates/guan-engine/src/", "crates/guan-ledger/src/"];
        if !is_pure.iter().any(|folder| path.starts_with(folder)) {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap();
            for (word, way_out) in IMPURE {
                if has_word(code, word) {
                    problems.push(format!("{path}:{}: `{word}`: {way_out}", number + 1));
                }
            }
        }
    }
    none_of(&problems);
}

/// Whether `word` stands in `code`, not as a part of a longer name.
pub(crate) fn has_word(code: &str, word: &str) -> bool {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    code.match_indices(word).any(|(at, found)| {
        let before = code.get(..at).and_then(|text| text.chars().next_back());
        let after = code.get(at + found.len()..).and_then(|text| text.chars().next());
        let ends_open = found.ends_with("Tcp") || found.ends_with("Udp");
        !before.is_some_and(is_name) && (ends_open || !after.is_some_and(is_name))
    })
}

#[test]
fn a_word_is_found_whole_and_not_inside_a_name() {
    assert!(has_word("use std::fs;", "std::fs"));
    assert!(has_word("let x = rand::random();", "rand"));
    assert!(has_word("std::net::TcpStream", "std::net::Tcp"));
    assert!(!has_word("operand::new()", "rand"));
    assert!(!has_word("std::fsx", "std::fs"));
}
