//! Rules on documents: links lead somewhere, both READMEs give the same two commands, decisions are numbered.

use crate::tree::{none_of, paths, root, text, texts};

/// The two commands that work on a machine with only Rust and a C toolchain.
const TWO_COMMANDS: &[&str] = &["cargo run --release -- demo", "cargo test --workspace"];

#[test]
fn every_link_leads_to_a_file_of_the_repository() {
    let mut problems = Vec::new();
    for (path, text) in texts(".md") {
        let folder = root().join(&path).parent().unwrap().to_owned();
        for (number, target) in links(&text) {
            let file = target.split('#').next().unwrap();
            let is_outside = target.contains("://") || target.starts_with("mailto:");
            if !is_outside && !file.is_empty() && !folder.join(file).exists() {
                problems.push(format!("{path}:{number}: `{target}` does not exist"));
            }
        }
    }
    none_of(&problems);
}

/// The targets of inline links with the numbers of their lines, blocks of code left out.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut is_code = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        if is_code {
            continue;
        }
        let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        found.extend(targets.map(|target| (number + 1, target.to_owned())));
    }
    found
}

/// The lines of the first block of shell commands.
fn first_commands(path: &str) -> Vec<String> {
    let text = text(path).unwrap();
    let block =
        text.split("```sh\n").nth(1).unwrap_or_else(|| panic!("{path} has no block of commands"));
    block.split("```").next().unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn both_readmes_begin_with_the_same_two_commands() {
    for path in ["README.md", "README.zh-CN.md"] {
        assert_eq!(first_commands(path), TWO_COMMANDS, "{path}: the first block of commands");
    }
}

#[test]
fn both_readmes_show_the_same_blocks_of_commands() {
    let blocks = |path: &str| -> Vec<String> {
        let text = text(path).unwrap();
        let blocks = text.split("```sh\n").skip(1);
        blocks.map(|block| block.split("```").next().unwrap().to_owned()).collect()
    };
    assert_eq!(blocks("README.md"), blocks("README.zh-CN.md"));
}

#[test]
fn decisions_are_numbered_without_a_gap_and_listed() {
    let files: Vec<String> =
        paths().into_iter().filter(|path| path.starts_with("docs/adr/0")).collect();
    let list = text("docs/adr/README.md").unwrap();
    for (index, path) in files.iter().enumerate() {
        let name = path.trim_start_matches("docs/adr/");
        assert!(
            name.starts_with(&format!("{:04}-", index + 1)),
            "{path}: expected number {}",
            index + 1
        );
        assert!(list.contains(&format!("]({name})")), "{path} is not in docs/adr/README.md");
    }
}
