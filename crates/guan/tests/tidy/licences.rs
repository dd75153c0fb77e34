//! What comes from outside: its licence, its source, and what must not come at all, as `deny.toml` says.
//!
//! `cargo deny` asks the same of the same file with more care; this is the part that needs no tool, so that nobody
//! learns of a forbidden dependency only from CI.

use crate::tree::{none_of, root, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use toml::Table;

/// What a pure crate must not stand on, however far down.
const IMPURE: &[&str] = &[
    "async-std",
    "chrono",
    "getrandom",
    "mio",
    "rand",
    "reqwest",
    "rusqlite",
    "smol",
    "socket2",
    "tempfile",
    "tokio",
];
const PURE: &[&str] = &["guan-engine", "guan-ledger"];

fn cargo(arguments: &[&str]) -> String {
    let run = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

/// What is built on this machine. Nothing is fetched.
fn metadata() -> Value {
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let text = cargo(&[
        "metadata",
        "--format-version=1",
        "--offline",
        "--locked",
        "--filter-platform",
        host,
    ]);
    serde_json::from_str(&text).unwrap()
}

fn texts_of(value: &toml::Value) -> BTreeSet<String> {
    value.as_array().unwrap().iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}

fn deny() -> Table {
    text("deny.toml").unwrap().parse().unwrap()
}

#[test]
fn every_dependency_has_a_licence_that_we_accept() {
    let allowed = texts_of(&deny()["licenses"]["allow"]);
    let metadata = metadata();
    let mut problems = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        match package["license"].as_str() {
            Some(licence) if is_accepted(licence, &allowed) => {}
            Some(licence) => problems.push(format!("{name}: `{licence}` is not in deny.toml")),
            None => problems.push(format!("{name}: states no licence")),
        }
    }
    none_of(&problems);
}

#[test]
fn every_dependency_comes_from_the_registry_and_none_is_banned() {
    let deny = deny();
    let bans = deny["bans"]["deny"].as_array().unwrap();
    let banned: BTreeMap<&str, &str> = bans
        .iter()
        .map(|ban| (ban["crate"].as_str().unwrap(), ban["reason"].as_str().unwrap()))
        .collect();
    let metadata = metadata();
    let mut problems = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        if let Some(reason) = banned.get(name) {
            problems.push(format!("{name}: {reason}"));
        }
        let source = package["source"].as_str();
        if source.is_some_and(|source| !source.starts_with("registry+")) {
            problems.push(format!("{name}: does not come from the registry"));
        }
    }
    none_of(&problems);
}

#[test]
fn the_pure_crates_stand_on_nothing_impure() {
    let metadata = metadata();
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let nodes: BTreeMap<&str, &Value> =
        nodes.iter().map(|node| (node["id"].as_str().unwrap(), node)).collect();
    let packages = metadata["packages"].as_array().unwrap();
    let names: BTreeMap<&str, &str> = packages
        .iter()
        .map(|package| (package["id"].as_str().unwrap(), package["name"].as_str().unwrap()))
        .collect();
    let mut problems = Vec::new();
    for pure in PURE {
        let mut reached = BTreeSet::new();
        let mut next: Vec<&str> =
            names.iter().filter(|(_, name)| *name == pure).map(|(id, _)| *id).collect();
        while let Some(id) = next.pop() {
            if reached.insert(id) {
                next.extend(shipped_dependencies(nodes[id]));
            }
        }
        let impure = reached.iter().map(|id| names[id]).filter(|name| IMPURE.contains(name));
        problems.extend(impure.map(|name| format!("`{pure}` stands on `{name}`")));
        assert!(reached.len() > 1, "`{pure}` was not found");
    }
    none_of(&problems);
}

/// The dependencies that are part of the built crate: not those of its tests, not those of its build.
fn shipped_dependencies(node: &Value) -> impl Iterator<Item = &str> {
    let dependencies = node["deps"].as_array().unwrap().iter();
    let shipped = dependencies.filter(|dependency| {
        dependency["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"].is_null())
    });
    shipped.map(|dependency| dependency["pkg"].as_str().unwrap())
}

/// Whether an SPDX expression can be met with the allowed licences: `OR` needs one side, `AND` both.
fn is_accepted(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any(&mut rest, allowed) && rest.is_empty()
}

fn any(words: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let mut is_met = all(words, allowed);
    while let [word, rest @ ..] = *words
        && word.eq_ignore_ascii_case("OR")
    {
        *words = rest;
        is_met |= all(words, allowed);
    }
    is_met
}

fn all(words: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let mut is_met = one(words, allowed);
    while let [word, rest @ ..] = *words
        && word.eq_ignore_ascii_case("AND")
    {
        *words = rest;
        is_met &= one(words, allowed);
    }
    is_met
}

fn one(words: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let [first, rest @ ..] = *words else { return false };
    *words = rest;
    if *first == "(" {
        let is_met = any(words, allowed);
        *words = words.get(1..).unwrap_or_default();
        return is_met;
    }
    let [with, exception, rest @ ..] = *words else { return allowed.contains(*first) };
    if *with != "WITH" {
        return allowed.contains(*first);
    }
    *words = rest;
    allowed.contains(*first) || allowed.contains(&format!("{first} WITH {exception}"))
}

#[test]
fn a_choice_of_licences_needs_one_and_a_sum_needs_all() {
    let allowed: BTreeSet<String> = ["MIT", "Apache-2.0"].map(str::to_owned).into();
    for expression in ["MIT", "MIT/Unlicense", "GPL-3.0 OR MIT", "(MIT OR GPL-3.0) AND Apache-2.0"]
    {
        assert!(is_accepted(expression, &allowed), "{expression}");
    }
    assert!(is_accepted("Apache-2.0 WITH LLVM-exception OR GPL-3.0", &allowed));
    for expression in
        ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR Apache-2.0) AND ISC", "MIT GPL-3.0"]
    {
        assert!(!is_accepted(expression, &allowed), "{expression}");
    }
}
