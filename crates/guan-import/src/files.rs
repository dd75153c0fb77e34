//! The files of an import, in memory: paths and bytes.

use std::collections::BTreeMap;

/// Files by path. Paths use `/`, are relative, and never climb.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    entries: BTreeMap<String, Vec<u8>>,
    skipped: BTreeMap<String, String>,
}

impl Files {
    /// Adds a file; a second one of the same path replaces the first.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.entries.insert(path.into(), bytes.into());
    }
    /// Notes a path that was left out on purpose, and why; reports list it.
    pub fn skip(&mut self, path: impl Into<String>, why: impl Into<String>) {
        self.skipped.insert(path.into(), why.into());
    }
    /// Paths and bytes in the order of paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.entries.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }
    /// Paths that were left out, and why.
    pub fn skipped(&self) -> impl Iterator<Item = (&str, &str)> {
        self.skipped.iter().map(|(path, why)| (path.as_str(), why.as_str()))
    }
    /// The bytes at `path`.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.entries.get(path).map(Vec::as_slice)
    }
    /// How many files.
    pub fn len(&self) -> usize {
        self.entries.len()
    }
    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
    /// The files whose path lies in `folder`, with paths from there on.
    #[must_use]
    pub fn within(&self, folder: &str) -> Self {
        let prefix = format!("{}/", folder.trim_end_matches('/'));
        let inside = |path: &String| path.strip_prefix(&prefix).map(str::to_owned);
        Self {
            entries: self
                .entries
                .iter()
                .filter_map(|(path, bytes)| Some((inside(path)?, bytes.clone())))
                .collect(),
            skipped: self
                .skipped
                .iter()
                .filter_map(|(path, why)| Some((inside(path)?, why.clone())))
                .collect(),
        }
    }
}

impl<P: Into<String>, B: Into<Vec<u8>>> FromIterator<(P, B)> for Files {
    fn from_iter<I: IntoIterator<Item = (P, B)>>(files: I) -> Self {
        let mut all = Self::default();
        for (path, bytes) in files {
            all.insert(path, bytes);
        }
        all
    }
}
