//! Every example in `--help` runs as it stands there.

use crate::world::{World, examples};
use clap::Command;
use guan::Exit;

/// Commands that lead to others and do nothing themselves.
fn leaves(command: &Command, path: &str, found: &mut Vec<(String, Vec<String>)>) {
    let subcommands: Vec<&Command> = command.get_subcommands().collect();
    if subcommands.is_empty() {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let lines = help.lines().filter_map(|line| line.strip_prefix("  ")).map(str::to_owned);
        found.push((path.to_owned(), lines.filter(|line| line.starts_with("guan ")).collect()));
    }
    for subcommand in subcommands {
        leaves(subcommand, &format!("{path} {}", subcommand.get_name()), found);
    }
}

fn every_command() -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    leaves(&guan::definition(), "guan", &mut found);
    found
}

#[test]
fn every_command_has_an_example_of_itself() {
    for (command, lines) in every_command() {
        assert!(!lines.is_empty(), "`{command} --help` has no example");
        for line in lines {
            assert!(line.starts_with(&command), "`{line}` is no example of `{command}`");
        }
    }
}

#[test]
fn every_example_runs_and_ends_well() {
    let export = "guan ledger export --to lanhai.jsonl";
    for (command, lines) in every_command() {
        for line in lines {
            // What serves without an end has tests of its own; a node to join needs a server.
            let is_endless = command == "guan serve" && !line.contains("--for");
            // Steps that others take have tests of their own.
            let is_of_others = ["guan approve", "guan open", "guan review"].contains(&&*command);
            if is_endless || is_of_others || command == "guan demo" || command == "guan join" {
                continue;
            }
            let mut world = if command == "guan init" { World::empty() } else { World::sample() };
            let file = world.folder.path().join("lanhai.jsonl").display().to_string();
            let here = |line: &str| {
                let sample = examples().display().to_string();
                line.replace("examples/lanhai", &sample).replace("lanhai.jsonl", &file)
            };
            if line.contains("--file") {
                world.run(&here(export)).expect(Exit::Done);
            }
            if command == "guan undo" {
                world.run("guan off --everything --for li.wei --reason x --yes").expect(Exit::Done);
                world.run("guan on").expect(Exit::Done);
            }
            if command == "guan report" {
                world.run("guan off --everything --for li.wei --reason x --yes").expect(Exit::Done);
            }
            let mut line = here(&line);
            if command == "guan token revoke" {
                let made = world.run("guan token create li.wei --name x --format json");
                let made: serde_json::Value =
                    serde_json::from_str(&made.expect(Exit::Done)).unwrap();
                line = line.replace("TOKEN", made["id"].as_str().unwrap());
            }
            let ran = world.run(&line);
            let is_well = matches!(ran.exit, Exit::Done | Exit::Denied | Exit::Losses);
            assert!(is_well, "`{line}` ended with {:?}: {}{}", ran.exit, ran.out, ran.err);
        }
    }
}

#[test]
fn the_definition_of_the_command_line_holds_together() {
    guan::definition().debug_assert();
}

#[test]
fn wrong_usage_ends_with_two_and_help_with_zero() {
    let mut world = World::empty();
    assert!(world.run("guan chek").complains(Exit::Usage).contains("check"));
    assert!(world.run("guan --help").expect(Exit::Done).contains("Exit codes"));
    assert!(world.run("guan --version").expect(Exit::Done).starts_with("guan "));
}
