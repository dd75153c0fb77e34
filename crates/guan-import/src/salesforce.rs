//! Salesforce: metadata in any of its three layouts, and data rows, into the model.
//!
//! Names of things in the policy: an object, field, permission set, group of sets, role and public
//! group is called by its API name; a profile `profile/NAME`, a muting set `muting/NAME`, a queue
//! `queue/NAME`, a territory `territory/NAME`, a place in the reporting line `manager/USERNAME`, a
//! rule `OBJECT/KIND/NAME`. A user is called by the user name, a record by its 18-character id.

mod criteria;
mod directory;
mod draft;
mod fields;
mod formula;
mod grants;
mod groups;
mod layout;
mod logins;
mod members;
mod objects;
mod people;
mod records;
mod restrictions;
mod roles;
mod sets;
mod settings;
mod shares;
mod sharing;
mod sharing_sets;
mod standard;
mod targets;

use crate::{Files, ImportError, LossReport};
use directory::Directory;
use draft::Draft;
use guan_engine::model::{Policy, Record};
use std::collections::BTreeMap;

/// What the files do not say.
#[derive(Clone, Debug)]
pub struct Options {
    /// The id of the organization in the policy.
    pub organization: String,
    /// Minutes east of UTC of the organization's zone; login hours are read in it.
    pub utc_offset_minutes: i32,
    /// Replacements of tokens such as `%%%NAMESPACE%%%`, in paths and contents.
    pub tokens: BTreeMap<String, String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { organization: "main".to_owned(), utc_offset_minutes: 0, tokens: BTreeMap::new() }
    }
}

/// What came out of an import.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The policy.
    pub policy: Policy,
    /// The records, in the order of object and id.
    pub records: Vec<Record>,
    /// What was understood and what was lost.
    pub report: LossReport,
}

/// Imports metadata, and data rows when there are any.
///
/// # Errors
///
/// None today: the bytes in [`Files`] were read already, and what cannot be understood in them is
/// in the report.
pub fn import(
    files: &Files,
    rows: Option<&Files>,
    options: &Options,
) -> Result<Imported, ImportError> {
    let mut draft = Draft::new(options);
    let documents = layout::documents(&mut draft, files);
    let mut directory = Directory::read(&mut draft, rows);
    objects::take(&mut draft, &documents);
    roles::take(&mut draft, &mut directory, &documents);
    groups::take(&mut draft, &mut directory, &documents);
    sets::take(&mut draft, &mut directory, &documents);
    people::take(&mut draft, &mut directory);
    members::take(&mut draft, &mut directory);
    sharing::take(&mut draft, &directory, &documents);
    sharing_sets::take(&mut draft, &directory, &documents);
    restrictions::take(&mut draft, &directory, &documents);
    settings::take(&mut draft, &documents);
    let records = records::take(&mut draft, &mut directory);
    layout::rate_the_rest(&mut draft, &documents);
    directory.rate_the_rest(&mut draft);
    let (policy, report) = draft.finish();
    Ok(Imported { policy, records, report })
}

/// The condition language of restriction rules, for tests that throw random text at it.
#[doc(hidden)]
pub fn parse_formula(text: &str) -> Result<String, String> {
    formula::parse(text, formula::Scope::Record).map(|parsed| format!("{parsed:?}"))
}

/// The order of numbered criteria, for tests that throw random text at it.
#[doc(hidden)]
pub fn parse_filter(text: &str, items: usize) -> Result<String, String> {
    criteria::filter(text, items).map(|parsed| format!("{parsed:?}"))
}
