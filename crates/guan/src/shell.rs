//! From the words of a command line to its end.

use crate::arguments::{Arguments, Format, Global, environment};
use crate::clock::Clock;
use crate::command;
use crate::exit::{Exit, Usage};
use crate::language::Language;
use crate::printer::{Notes, Printer};
use clap::Parser;
use guan_store::{Faults, WindowFault};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;

/// What the program finds around it.
#[derive(Debug)]
pub struct Shell {
    /// Where the time comes from.
    pub clock: Clock,
    /// The environment variables that Guan reads.
    pub environment: BTreeMap<String, String>,
    /// Where tests stop a change; nowhere in a shipped program.
    pub faults: Faults,
    /// Where output goes.
    pub printer: Printer,
}

impl Shell {
    /// The machine's own clocks, environment and terminal.
    pub fn of_this_machine() -> Self {
        Self {
            clock: Clock::Machine,
            environment: environment(),
            faults: Faults::default(),
            printer: Printer::standard(),
        }
    }
}

/// One command under way.
pub(crate) struct Call<'s> {
    pub(crate) shell: &'s mut Shell,
    pub(crate) global: Global,
    pub(crate) language: Language,
    pub(crate) format: Format,
}

impl Call<'_> {
    /// The printer.
    pub(crate) const fn printer(&mut self) -> &mut Printer {
        &mut self.shell.printer
    }
    /// The text in the language of the call.
    pub(crate) const fn say<'t>(&self, english: &'t str, chinese: &'t str) -> &'t str {
        self.language.pick(english, chinese)
    }
}

/// Runs one command line, whose first word is the program's name.
pub fn run<I>(arguments: I, shell: &mut Shell) -> Exit
where
    I: IntoIterator,
    I::Item: Into<OsString> + Clone,
{
    let exit = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => start(arguments, shell),
        Err(error) => say_usage(&error, shell),
    };
    match shell.printer.flush() {
        Ok(()) => exit,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => exit,
        Err(_) => Exit::Failed,
    }
}

fn say_usage(error: &clap::Error, shell: &mut Shell) -> Exit {
    let text = error.render().to_string();
    let is_help = !error.use_stderr();
    let said = if is_help { shell.printer.line(text) } else { shell.printer.warn(text) };
    match (said, is_help) {
        (Ok(()), true) => Exit::Done,
        (Ok(()), false) => Exit::Usage,
        (Err(_), _) => Exit::Failed,
    }
}

/// Runs a command that was parsed already.
pub(crate) fn start(arguments: Arguments, shell: &mut Shell) -> Exit {
    let Arguments { mut global, command } = arguments;
    global.fill(&shell.environment);
    shell.printer.set(if global.quiet { Notes::Quiet } else { Notes::Shown });
    let language = global.lang.unwrap_or_default();
    let format = global.format.unwrap_or_default();
    let mut call = Call { shell, global, language, format };
    match command::run(&mut call, command) {
        Ok(exit) => exit,
        Err(error) => fail(&mut call, &error),
    }
}

/// Says an error once, with everything that led to it.
fn fail(call: &mut Call<'_>, error: &anyhow::Error) -> Exit {
    let io = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>());
    if io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
        // Nobody reads any more. Never 0: a script must not take it for "allowed".
        return Exit::Failed;
    }
    let fault = error.chain().find_map(|cause| cause.downcast_ref::<WindowFault>());
    let rule = fault.and_then(WindowFault::rule);
    let asks_wrongly = error.is::<Usage>() || fault.is_some_and(WindowFault::is_about_content);
    let exit = if asks_wrongly { Exit::Usage } else { Exit::Failed };
    let mut causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    causes.dedup();
    let text = causes.join(": ");
    let said = match call.format {
        Format::Json => {
            let mut value = serde_json::json!({ "error": text, "exit": exit.code() });
            if let (Some(rule), Some(members)) = (rule, value.as_object_mut()) {
                members.insert("rule".to_owned(), rule.into());
            }
            call.printer().warn(value.to_string())
        }
        Format::Text | Format::Csv => {
            let head = call.say("guan: ", "guan：");
            let name = rule.map(|rule| format!(" ({rule})")).unwrap_or_default();
            call.printer().warn(format!("{head}{text}{name}"))
        }
    };
    if said.is_ok() { exit } else { Exit::Failed }
}
