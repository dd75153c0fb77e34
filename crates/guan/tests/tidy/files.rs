//! Rules on files: an opening line, a length, a name, and words that must not stay.

use crate::tree::{none_of, paths, text, texts};
use crate::walls::has_word;
use std::collections::BTreeMap;

/// Above this a file is two files.
const LINES_MAX: usize = 600;

/// Below this an opening line says nothing.
const REASON_BYTES_MIN: usize = 20;

/// Names that say nothing.
const EMPTY_NAMES: &[&str] = &[
    "common", "helper", "helpers", "impl", "impls", "manager", "misc", "service", "services",
    "stuff", "types", "util", "utils",
];

/// Folders on one machine. Where the outside test data is found is the affair of the CI script alone.
const MACHINE_PATHS: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("../", "shared")];
const KNOWS_OUTSIDE_DATA: &str = ".ci/run";

/// Words of unfinished work and of how the work was done.
const UNFINISHED: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
const NOT_ABOUT_GUAN: &[&str] = &[concat!("helper", " session")];

#[test]
fn every_rust_file_opens_with_the_reason_why_it_exists() {
    let mut problems = Vec::new();
    for (path, text) in texts(".rs") {
        let first = text.lines().next().unwrap_or_default();
        match first.strip_prefix("//! ") {
            None => problems.push(format!("{path}: the first line is no `//!`")),
            Some(reason) if reason.len() < REASON_BYTES_MIN => {
                problems.push(format!("{path}: `{reason}` is no reason"));
            }
            Some(_) => {}
        }
    }
    none_of(&problems);
}

#[test]
fn no_rust_file_is_too_long_and_the_exceptions_only_shrink() {
    let list = include_str!("long-files.txt");
    let rows = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut exceptions: BTreeMap<&str, usize> = rows
        .map(|row| row.split_once(' ').map(|(path, lines)| (path, lines.parse().unwrap())).unwrap())
        .collect();
    let mut problems = Vec::new();
    for (path, text) in texts(".rs") {
        let lines = text.lines().count();
        match exceptions.remove(path.as_str()) {
            None if lines > LINES_MAX => {
                problems
                    .push(format!("{path}: {lines} lines, at most {LINES_MAX}: cut it by subject"));
            }
            Some(_) if lines <= LINES_MAX => {
                problems.push(format!("{path}: short enough now, take it out of long-files.txt"));
            }
            Some(known) if lines != known => {
                problems.push(format!(
                    "{path}: {lines} lines, long-files.txt says {known}; it may only shrink"
                ));
            }
            _ => {}
        }
    }
    problems.extend(
        exceptions.keys().map(|path| format!("{path}: gone, take it out of long-files.txt")),
    );
    none_of(&problems);
}

#[test]
fn no_rust_file_or_folder_has_a_name_that_says_nothing() {
    let empty = texts(".rs").into_iter().filter(|(path, _)| {
        let mut parts = path.trim_end_matches(".rs").split('/');
        parts.any(|part| EMPTY_NAMES.contains(&part))
    });
    none_of(
        &empty.map(|(path, _)| format!("{path}: name it after what it holds")).collect::<Vec<_>>(),
    );
}

#[test]
fn nothing_unfinished_and_no_machine_is_named() {
    let mut problems = Vec::new();
    for path in paths() {
        let Some(text) = text(&path) else { continue };
        for (number, line) in text.lines().enumerate() {
            let place = format!("{path}:{}", number + 1);
            let unfinished = UNFINISHED.iter().filter(|word| has_word(line, word));
            problems
                .extend(unfinished.map(|word| format!("{place}: `{word}`: do it now or drop it")));
            if path != KNOWS_OUTSIDE_DATA {
                let named = MACHINE_PATHS.iter().filter(|word| line.contains(**word));
                problems.extend(
                    named.map(|word| format!("{place}: `{word}` is a folder of one machine")),
                );
            }
            let foreign = NOT_ABOUT_GUAN.iter().filter(|word| line.to_lowercase().contains(**word));
            problems.extend(
                foreign.map(|word| format!("{place}: `{word}`: the project speaks only of itself")),
            );
        }
    }
    none_of(&problems);
}
