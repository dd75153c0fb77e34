//! The commands, one file each.

mod approve;
mod ask;
mod backup;
mod bench;
mod compare;
mod completion;
mod demo;
mod difference;
mod doctor;
mod import;
mod init;
mod join;
mod ledger;
mod list;
mod matrix;
mod off;
mod on;
mod preview;
mod report;
mod restore;
mod scope;
mod sections;
mod serve;
mod simulate;
mod status;
mod switch;
mod token;
mod undo;
mod user;
mod what;
mod who;
mod window;
mod windows;

use crate::arguments::{Command, From, LedgerCommand};
use crate::exit::Exit;
use crate::shell::Call;

/// Runs one command.
pub(crate) fn run(call: &mut Call<'_>, command: Command) -> anyhow::Result<Exit> {
    match command {
        Command::Init(arguments) => init::run(call, &arguments),
        Command::Join(arguments) => join::run(call, &arguments),
        Command::Serve(arguments) => serve::run(call, &arguments),
        Command::Demo(arguments) => demo::run(call, &arguments),
        Command::Import(From::Salesforce(arguments)) => import::run(call, &arguments),
        Command::Check(arguments) => ask::run(call, &arguments, ask::Depth::Check),
        Command::Explain(arguments) => ask::run(call, &arguments, ask::Depth::Explain),
        Command::List(arguments) => list::run(call, &arguments),
        Command::Count(arguments) => list::count(call, &arguments),
        Command::Who(arguments) => who::run(call, &arguments),
        Command::What(arguments) => what::run(call, &arguments),
        Command::Matrix(arguments) => matrix::run(call, &arguments),
        Command::Compare(arguments) => compare::run(call, &arguments),
        Command::Simulate(arguments) => simulate::run(call, &arguments),
        Command::Off(arguments) => off::run(call, &arguments),
        Command::On(arguments) => on::run(call, &arguments),
        Command::Approve(arguments) => approve::approve(call, &arguments),
        Command::Open(arguments) => approve::open(call, &arguments),
        Command::Review(arguments) => approve::review(call, &arguments),
        Command::Windows(arguments) => windows::run(call, &arguments),
        Command::Switch(arguments) => switch::run(call, &arguments),
        Command::Undo(arguments) => undo::run(call, &arguments),
        Command::Status => status::run(call),
        Command::Report(arguments) => report::run(call, &arguments),
        Command::Backup(arguments) => backup::run(call, &arguments),
        Command::Restore(arguments) => restore::run(call, &arguments),
        Command::Ledger(LedgerCommand::Verify(arguments)) => ledger::verify(call, &arguments),
        Command::Ledger(LedgerCommand::Export(arguments)) => ledger::export(call, &arguments),
        Command::User(command) => user::run(call, &command),
        Command::Token(command) => token::run(call, &command),
        Command::Doctor(arguments) => doctor::run(call, &arguments),
        Command::Bench(arguments) => bench::run(call, &arguments),
        Command::Completion(arguments) => completion::run(call, &arguments),
    }
}
