//! The files of the repository, without what is built or left behind by tools.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold nothing a person wrote.
const SKIPPED: &[&str] = &[
    ".git",
    ".hypothesis",
    "target",
    "node_modules",
    "guan-data",
    "corpus",
    "artifacts",
    "mutants.out",
];

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The paths of all files, relative to the root, in order, with `/` between their parts.
pub(crate) fn paths() -> Vec<String> {
    let root = root();
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !SKIPPED.contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if name != ".git" {
                let relative = path.strip_prefix(&root).unwrap();
                found.push(relative.to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

/// The text of a file; none when it is not text.
pub(crate) fn text(path: &str) -> Option<String> {
    String::from_utf8(fs::read(root().join(path)).unwrap()).ok()
}

/// The files that end in `ending`, each with its text.
pub(crate) fn texts(ending: &str) -> Vec<(String, String)> {
    let named = paths().into_iter().filter(|path| path.ends_with(ending));
    named.filter_map(|path| text(&path).map(|text| (path, text))).collect()
}

/// Fails with all problems, one on a line.
#[track_caller]
pub(crate) fn none_of(problems: &[String]) {
    assert!(problems.is_empty(), "{} to mend:\n{}", problems.len(), problems.join("\n"));
}
