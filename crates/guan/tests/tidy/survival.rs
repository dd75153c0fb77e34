//! The table of what the off switch survives names tests that exist.

use crate::tree::{none_of, text};

/// How many failures there are at least; the list may only grow.
const FAILURES: usize = 30;

#[test]
fn every_test_in_the_table_of_failures_exists() {
    let table = text("docs/survival.md").unwrap();
    let mut problems = Vec::new();
    let mut rows = 0;
    for row in table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| Failure"))
    {
        rows += 1;
        let named: Vec<&str> =
            row.split('`').skip(1).step_by(2).filter(|name| name.contains("::")).collect();
        if named.is_empty() {
            problems.push(format!("no test in `{row}`"));
        }
        problems.extend(
            named
                .into_iter()
                .filter(|name| !exists(name))
                .map(|name| format!("docs/survival.md: there is no test `{name}`")),
        );
    }
    assert!(rows >= FAILURES, "only {rows} failures in docs/survival.md");
    none_of(&problems);
}

/// Whether the sources have a test of this name: `package/target::module::test`.
fn exists(name: &str) -> bool {
    let parts: Vec<&str> = name.split("::").collect();
    let [place, module, test] = parts.as_slice() else { return false };
    let Some((package, target)) = place.split_once('/') else { return false };
    let source = text(&format!("crates/{package}/tests/{target}/{module}.rs"));
    source.is_some_and(|source| source.contains(&format!("#[test]\nfn {test}()")))
}
