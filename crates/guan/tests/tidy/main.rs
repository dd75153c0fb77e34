//! The rules of the repository that no compiler checks: walls between crates, files, words, documents, licences.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod documents;
mod files;
mod licences;
mod survival;
mod tree;
mod walls;
