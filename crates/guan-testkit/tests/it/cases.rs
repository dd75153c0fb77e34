//! The case corpus is complete, readable, and answered as it expects.

use guan_testkit::case::{
    CaseError, CaseFile, Expect, Outcome, StatedPath, StatedRefusal, check, compare_grid, load_dir,
};
use guan_testkit::reference::Reference;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const VENDORS: [&str; 5] = ["salesforce", "dynamics", "zoho", "hubspot", "fxiaoke"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases")
}

fn corpus() -> Vec<CaseFile> {
    load_dir(&folder()).map_err(|error| error.to_string()).unwrap()
}

fn load_text(text: &str) -> Result<CaseFile, CaseError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.toml");
    std::fs::write(&path, text).unwrap();
    CaseFile::load(&path)
}

/// The message without the folder.
fn message(text: &str) -> String {
    let message = load_text(text).unwrap_err().to_string();
    let at = message.find("a.toml").unwrap_or_default();
    message.split_at(at).1.to_owned()
}

#[test]
fn every_vendor_has_at_least_twenty_five_cases_and_a_grid() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut grids = BTreeSet::new();
    for file in corpus() {
        let vendor = file.path.parent().and_then(Path::file_name).unwrap();
        let vendor = vendor.to_str().unwrap().to_owned();
        *counts.entry(vendor.clone()).or_default() += file.cases.len();
        if file.has_grid {
            grids.insert(vendor);
        }
    }
    assert!(counts.get("guan").copied().unwrap_or_default() >= 20, "guan: {counts:?}");
    for vendor in VENDORS {
        assert!(counts.get(vendor).copied().unwrap_or_default() >= 25, "{vendor}: {counts:?}");
        assert!(grids.contains(vendor), "{vendor} has no grid");
    }
}

#[test]
fn every_case_has_a_name_of_its_own_and_every_file_names_its_source() {
    for file in corpus() {
        assert!(!file.title.is_empty() && !file.source.is_empty(), "{}", file.path.display());
        let names: BTreeSet<&str> = file.cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(
            names.len(),
            file.cases.len(),
            "{}: two cases share a name",
            file.path.display()
        );
    }
}

#[test]
fn every_field_that_a_case_expects_to_see_exists() {
    for file in corpus() {
        for case in &file.cases {
            let Expect::Sees { on, fields, .. } = &case.expect else { continue };
            let object = &file.policy.objects[on.object()];
            for field in fields.keys() {
                let place = format!("{}:{}", file.path.display(), case.line);
                assert!(object.fields.contains_key(field), "{place}: no field `{field}`");
            }
        }
    }
}

#[test]
fn every_path_and_every_refusal_is_shown_by_some_case() {
    let mut shown = BTreeSet::new();
    for case in corpus().iter().flat_map(|file| &file.cases) {
        let Expect::Decision { outcome, .. } = &case.expect else { continue };
        let (paths, refusal) = match outcome {
            Outcome::Allow(paths) => (paths.as_deref().unwrap_or_default(), None),
            Outcome::Relaxed(_, refusal) => (&[][..], Some(refusal)),
            Outcome::Deny(refusal, paths) => (paths.as_deref().unwrap_or_default(), Some(refusal)),
        };
        shown.extend(paths.iter().map(|path| path.name().to_owned()));
        shown.extend(refusal.map(|refusal| refusal.name().to_owned()));
    }
    let all = StatedPath::NAMES.into_iter().chain(StatedRefusal::names());
    let missing: Vec<&str> = all.filter(|name| !shown.contains(*name)).collect();
    assert!(missing.is_empty(), "no case shows {missing:?}");
}

#[test]
fn a_wrong_file_is_refused_with_its_line() {
    let head = "title = \"t\"\nsource = \"s\"\n";
    for (rest, expected) in [
        ("titel = 1\n", "a.toml:3: unknown field `titel`"),
        ("[policy.users.mei]\nactiv = true\n", "a.toml:4: unknown field `activ`"),
        ("[[case]]\nname = \"a\"\nsubjct = \"x\"\n", "a.toml:5: unknown field `subjct`"),
        (
            "[[case]]\nname = \"a\"\nsubject = \"x\"\non = \"A\"\n",
            "a.toml:4: state one of `expect`, `sees`, `list`, `count` or `who`",
        ),
        (
            "[[case]]\nname = \"a\"\nsubject = \"x\"\naction = \"read\"\non = \"A/1\"\nexpect = \"allow\"\n",
            "a.toml:4: `allow` on a record needs `because`",
        ),
        (
            "[[case]]\nname = \"a\"\nsubject = \"x\"\naction = \"read\"\non = \"A/1\"\nexpect = \"deny\"\nstage = \"verb\"\nwhy = \"locked\"\n",
            "a.toml:4: `locked` is a refusal of stage `restriction`, not `verb`",
        ),
        (
            "[[case]]\nname = \"a\"\nsubject = \"x\"\naction = \"read\"\non = \"A/1\"\nexpect = \"deny\"\nstage = \"restriction\"\nwhy = \"restricted\"\n",
            "a.toml:4: write the id after `restricted`",
        ),
        ("[[records]]\nobject = \"A\"\nid = \"1\"\n", "a.toml: record `A/1`: "),
    ] {
        let found = message(&format!("{head}{rest}"));
        assert!(found.starts_with(expected), "expected `{expected}`, found `{found}`");
    }
}

#[test]
fn a_record_without_id_is_named_as_such() {
    let text = "title = \"t\"\nsource = \"s\"\n[[case]]\nname = \"a\"\nsubject = \"x\"\naction = \"read\"\non = \"A/\"\nexpect = \"deny\"\nstage = \"reach\"\nwhy = \"unknown_record\"\n";
    assert_eq!(message(text), "a.toml:4: `A/` names no record; write Object/id");
}

#[test]
fn the_grids_are_as_they_were_kept() {
    for file in corpus().iter().filter(|file| file.has_grid) {
        let reference = Reference::new(&file.policy, &file.records);
        let difference = compare_grid(&reference, file).map_err(|error| error.to_string()).unwrap();
        assert!(difference.is_none(), "{}", difference.unwrap_or_default());
    }
}

#[test]
fn a_mismatch_names_file_case_expectation_and_answer() {
    let text = r#"
title = "t"
source = "s"
[policy.users.mei]
[policy.objects.Account]
[policy.sets.Reader.objects.Account.actions]
read = "reachable"
[policy.assignments.reader]
what = "set:Reader"
to = "user:mei"
[[records]]
object = "Account"
id = "acme"
owners = ["user:mei"]
[[case]]
name = "Mei reads by a share"
subject = "mei"
action = "read"
on = "Account/acme"
expect = "allow"
because = "share user:mei"
"#;
    let file = load_text(text).unwrap();
    let mismatches = check(&Reference::new(&file.policy, &file.records), &file);
    let told = mismatches.first().map(ToString::to_string).unwrap_or_default();
    let place = told.find("a.toml").unwrap_or_default();
    assert_eq!(
        told.split_at(place).1,
        "a.toml:16: Mei reads by a share\n    expected allow because of [share user:mei]\n    found    allow because of [owner user:mei]"
    );
    assert_eq!(mismatches.len(), 1);
}
