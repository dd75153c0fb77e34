//! The sample organization Lanhai Instruments 岚海仪器, generated from a seed.
//!
//! It is a project as an administrator would export it: metadata in the vendor's source layout and rows in CSV files
//! with the vendor's own column names. All of it is invented. Telephone numbers, addresses and domains come from
//! blocks that are reserved or that nobody has.
//!
//! Invariants:
//! - the same seed gives the same bytes on every machine;
//! - ids, people and everything in [`story`] are the same for every seed; only the crowd around them differs;
//! - nothing random is attached to the accounts and opportunities of the story.

mod bundles;
mod customers;
mod deals;
mod directory;
mod grants;
mod id;
mod names;
mod objects;
mod people;
mod random;
mod rules;
mod shares;
mod sharing;
pub mod story;
mod table;
mod territories;
mod xml;

use std::collections::BTreeMap;

use table::Table;
use xml::Element;

/// The seed of the folder that is kept under `examples/lanhai`.
pub const SEED: u64 = 20_260_115;

/// The files of a sample, by path relative to its folder.
#[derive(Debug, Default)]
struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    /// Adds a metadata file; `path` is folder, name and suffix without the ending of the source layout.
    fn metadata(&mut self, path: &str, file: &Element) {
        let path = format!("force-app/main/default/{path}-meta.xml");
        self.0.insert(path, file.document());
    }

    /// Adds the rows of an object.
    fn rows(&mut self, object: &str, table: Table) {
        let path = format!("rows/{object}.csv");
        self.0.insert(path, table.into_bytes());
    }

    fn text(&mut self, path: &str, text: &str) {
        self.0.insert(path.to_owned(), text.as_bytes().to_vec());
    }
}

/// All files of the sample organization: relative path with `/`, and bytes.
///
/// Shape: about 100 metadata files, 23 row files, 2 000 accounts, less than 2 MB in all.
///
/// ```
/// let files = guan_testkit::sample::generate(guan_testkit::sample::SEED);
/// assert!(files.contains_key("rows/Account.csv"));
/// ```
pub fn generate(seed: u64) -> BTreeMap<String, Vec<u8>> {
    let mut files = Files::default();
    objects::write(&mut files);
    grants::write(&mut files);
    sharing::write(&mut files);
    rules::write(&mut files);
    directory::write(&mut files);
    let accounts = customers::accounts(seed);
    customers::write(&mut files, &accounts, seed);
    let deals = deals::opportunities(seed, &accounts);
    deals::write(&mut files, &accounts, &deals, seed);
    shares::write(&mut files, &accounts, &deals, seed);
    territories::write(&mut files, &accounts);
    files.text("README.md", &readme());
    files.text("sfdx-project.json", PROJECT);
    // Without this a checkout could change line ends, and the folder would differ from what is generated.
    files.text(".gitattributes", "* -text\n");
    files.0
}

const PROJECT: &str = r#"{
  "packageDirectories": [
    {
      "path": "force-app",
      "default": true
    }
  ],
  "name": "lanhai",
  "namespace": "",
  "sourceApiVersion": "63.0"
}
"#;

/// The description of the sample, with the ids of the story in the place of their names.
fn readme() -> String {
    let ids = [
        ("SHENZHEN_ACCOUNT", story::SHENZHEN_ACCOUNT),
        ("MUNICH_ACCOUNT", story::MUNICH_ACCOUNT),
        ("STRATEGIC_ACCOUNT", story::STRATEGIC_ACCOUNT),
        ("BOARD_ACCOUNT", story::BOARD_ACCOUNT),
        ("PORTAL_ACCOUNT", story::PORTAL_ACCOUNT),
        ("MANUAL_SHARE_ACCOUNT", story::MANUAL_SHARE_ACCOUNT),
        ("TEAM_ACCOUNT", story::TEAM_ACCOUNT),
        ("REFERENCE_ACCOUNT", story::REFERENCE_ACCOUNT),
        ("TERRITORY_ACCOUNT", story::TERRITORY_ACCOUNT),
        ("ORPHANED_ACCOUNT", story::ORPHANED_ACCOUNT),
        ("SHENZHEN_CONTACT", story::SHENZHEN_CONTACT),
        ("PORTAL_CONTACT", story::PORTAL_CONTACT),
        ("SHENZHEN_OPPORTUNITY", story::SHENZHEN_OPPORTUNITY),
        ("COLLEAGUE_OPPORTUNITY", story::COLLEAGUE_OPPORTUNITY),
        ("LARGE_OPPORTUNITY", story::LARGE_OPPORTUNITY),
        ("QUEUE_LEAD", story::QUEUE_LEAD),
        ("OPEN_REVIEW", story::OPEN_REVIEW),
        ("CONFIDENTIAL_REVIEW", story::CONFIDENTIAL_REVIEW),
    ];
    ids.iter().fold(include_str!("sample/readme.md").to_owned(), |text, (name, id)| {
        text.replace(&format!("{{{name}}}"), id)
    })
}

#[cfg(test)]
mod tests {
    use super::{id::id, story};

    #[test]
    fn the_ids_of_the_story_are_those_of_the_first_records() {
        let accounts = [
            story::SHENZHEN_ACCOUNT,
            story::MUNICH_ACCOUNT,
            story::STRATEGIC_ACCOUNT,
            story::BOARD_ACCOUNT,
            story::PORTAL_ACCOUNT,
            story::MANUAL_SHARE_ACCOUNT,
            story::TEAM_ACCOUNT,
            story::REFERENCE_ACCOUNT,
            story::TERRITORY_ACCOUNT,
            story::ORPHANED_ACCOUNT,
        ];
        for (number, account) in (1..).zip(accounts) {
            assert_eq!(account, id("001", number));
        }
        for (known, prefix, number) in [
            (story::SHENZHEN_CONTACT, "003", 1),
            (story::PORTAL_CONTACT, "003", 5),
            (story::SHENZHEN_OPPORTUNITY, "006", 1),
            (story::COLLEAGUE_OPPORTUNITY, "006", 2),
            (story::LARGE_OPPORTUNITY, "006", 3),
            (story::QUEUE_LEAD, "00Q", 1),
            (story::OPEN_REVIEW, "a01", 1),
            (story::CONFIDENTIAL_REVIEW, "a01", 2),
        ] {
            assert_eq!(known, id(prefix, number));
        }
    }
}
