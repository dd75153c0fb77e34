//! Small projects for tests: files by path, rows by table.

use guan_import::salesforce::{Imported, Options, import};
use guan_import::{Files, Loss, Rating};

/// Files from paths and texts.
pub(crate) fn files(entries: &[(&str, &str)]) -> Files {
    entries.iter().map(|(path, text)| (*path, *text)).collect()
}

/// Imports metadata alone.
pub(crate) fn take(entries: &[(&str, &str)]) -> Imported {
    import(&files(entries), None, &Options::default()).unwrap()
}

/// Imports metadata and rows; tables are named without `.csv`.
pub(crate) fn take_rows(entries: &[(&str, &str)], rows: &[(&str, &str)]) -> Imported {
    let rows: Files = rows.iter().map(|(name, text)| (format!("{name}.csv"), *text)).collect();
    let imported = import(&files(entries), Some(&rows), &Options::default()).unwrap();
    assert_eq!(imported.policy.validate(), [], "every import may be kept");
    imported
}

/// The entries of one kind of element.
pub(crate) fn rated<'i>(imported: &'i Imported, element: &str) -> Vec<&'i Loss> {
    imported.report.entries.iter().filter(|loss| loss.element == element).collect()
}

/// The single entry of one kind of element.
pub(crate) fn only<'i>(imported: &'i Imported, element: &str) -> &'i Loss {
    let found = rated(imported, element);
    assert_eq!(found.len(), 1, "{element}: {:#?}", imported.report.entries);
    found[0]
}

pub(crate) fn is_lost(loss: &Loss) -> bool {
    matches!(loss.rating, Rating::NotSupported { .. })
}

/// A permission set with this content.
pub(crate) fn set(content: &str) -> String {
    format!("<PermissionSet>{content}</PermissionSet>")
}
