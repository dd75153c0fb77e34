//! `guan demo --story`: the whole story on the sample organization, told by the commands themselves.

use super::story::{self, STEPS, Step};
use crate::arguments::{Arguments, Command, DemoArguments, From};
use crate::command::import;
use crate::exit::Exit;
use crate::sample;
use crate::shell::{Call, start};
use clap::Parser as _;

pub(super) fn run(
    call: &mut Call<'_>,
    arguments: &DemoArguments,
    is_kept: bool,
) -> anyhow::Result<Exit> {
    let intro = story::introduction(call.language);
    call.printer().lines(intro)?;
    for (number, step) in STEPS.iter().enumerate() {
        let title = format!("{}. {}", number + 1, call.say(step.title.0, step.title.1));
        let told = call.say(step.told.0, step.told.1);
        call.printer().lines(["", &"━".repeat(72), &title, told])?;
        for command in step.commands {
            if !one(call, command, step)? {
                return Ok(Exit::Failed);
            }
        }
        if !arguments.no_pause {
            let words = call.say("  (enter) ", "（回车继续）");
            call.printer().pause(words)?;
        }
    }
    let end = story::ending(call.language, is_kept.then(|| call.folder()).as_deref());
    call.printer().lines(end)?;
    Ok(Exit::Done)
}

/// Runs one command line of a step; whether it ended as the story says.
fn one(call: &mut Call<'_>, line: &str, step: &Step) -> anyhow::Result<bool> {
    call.printer().lines(["", &format!("$ {line}")])?;
    let mut parsed = Arguments::try_parse_from(words(line))?;
    parsed.global.data.clone_from(&call.global.data);
    parsed.global.lang = Some(call.language);
    parsed.global.quiet = true;
    let exit = match parsed.command {
        // The files come from inside the program, so that the demo needs nothing else.
        Command::Import(From::Salesforce(arguments)) => {
            let files = sample::files();
            let rows = files.within("rows");
            let mut inner = Call {
                shell: &mut *call.shell,
                global: parsed.global,
                language: call.language,
                format: call.format,
            };
            import::from_files(&mut inner, &arguments, (&files, Some(&rows)), "examples/lanhai")?
        }
        _ => start(parsed, call.shell),
    };
    let is_expected = step.exits.contains(&exit);
    if !is_expected {
        let text = call.say("the story goes another way than told", "结果与讲述不符");
        call.printer().warn(format!("{text}: exit {}", exit.code()))?;
    }
    Ok(is_expected)
}

/// The words of a command line; double quotes keep words together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            _ => {
                if let Some(word) = words.last_mut() {
                    word.push(letter);
                }
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn quotes_keep_words_together() {
        assert_eq!(
            words("guan off --reason \"merge them\" --yes"),
            ["guan", "off", "--reason", "merge them", "--yes"]
        );
    }
}
