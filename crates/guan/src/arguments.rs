//! The command line as types, and the only place that reads the environment.

mod administration;
mod credential;
mod question;
mod server;
mod window;

pub(crate) use administration::{
    AdministratorArguments, BackupArguments, BenchArguments, CompletionArguments, ExportArguments,
    From, InitArguments, JoinArguments, LedgerCommand, PostName, RestoreArguments,
    SalesforceArguments, UserCommand, VerifyArguments,
};
pub(crate) use credential::{TokenArguments, TokenCommand};
pub(crate) use question::{
    AskArguments, CompareArguments, ListArguments, MatrixArguments, RecordsArguments,
    SimulateArguments, SubjectArguments, TargetArguments, WhoArguments,
};
pub(crate) use server::{DemoArguments, Log, ServeArguments};
pub(crate) use window::{
    ApproveArguments, ClassChoice, LayerChoice, OffArguments, OnArguments, OpenArguments,
    OthersChoice, ReportArguments, ReviewArguments, SwitchArguments, UndoArguments,
    WindowsArguments,
};

use crate::language::Language;
use crate::serving;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use guan_engine::model::Moment;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;

/// Decides who may see and change what in a CRM, and can be switched off and on again safely.
#[derive(Debug, Parser)]
#[command(
    name = "guan",
    version,
    about,
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 allowed or done · 1 failed · 2 wrong usage · 3 denied · 4 done with losses\n\nStart with:\n  guan demo"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "For all commands")]
pub(crate) struct Global {
    /// Folder of the installation (environment: `GUAN_DATA`) [default: guan-data]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Organization, when there are several (environment: `GUAN_ORG`)
    #[arg(long, global = true, value_name = "ID")]
    pub(crate) org: Option<String>,
    /// The user who is asked about: an id, or a part of the name that fits one user only
    #[arg(long = "as", global = true, value_name = "USER")]
    pub(crate) subject: Option<String>,
    /// The address that the session comes from
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub(crate) from: Option<IpAddr>,
    /// Asks what the policy says at another moment, such as 2026-01-31T08:00:00Z; windows are left out
    #[arg(long, global = true, value_name = "INSTANT")]
    pub(crate) at: Option<Moment>,
    /// Form of the output [default: text]
    #[arg(long, global = true, value_enum)]
    pub(crate) format: Option<Format>,
    /// Language of the output (environment: `GUAN_LANG`, else the locale)
    #[arg(long, global = true, value_enum)]
    pub(crate) lang: Option<Language>,
    /// Leaves out remarks on the error stream
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

/// A form of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For spreadsheets.
    Csv,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Makes an installation with one organization, or adds an organization
    Init(InitArguments),
    /// Makes this folder a further node of an installation whose database is on a server
    Join(JoinArguments),
    /// Serves the HTTP interface until Ctrl-C or SIGTERM; makes the installation when there is none
    Serve(ServeArguments),
    /// Serves a sample organization with three accounts to sign in with; `--story` tells it in the terminal
    Demo(DemoArguments),
    /// Imports permissions, and records if wanted, from files of a CRM
    #[command(subcommand)]
    Import(From),
    /// May the user do this? Exits with 0 for yes and 3 for no
    #[command(
        after_help = "Examples:\n  guan check --as li.wei read Account 0015g000000CaRhAAK\n  guan check --as li.wei edit Account 0015g000000CaRhAAK --fields Credit_Limit__c"
    )]
    Check(AskArguments),
    /// May the user do this, and why: every path, or what would be enough
    #[command(after_help = "Example:\n  guan explain --as li.wei read Account 0015g000000CaSIAA0")]
    Explain(AskArguments),
    /// The records that the user may read, or do something else with
    #[command(
        after_help = "Examples:\n  guan list --as li.wei Account --limit 5\n  guan list --as li.wei Account --action edit --all --format csv"
    )]
    List(ListArguments),
    /// How many records the user may read, or do something else with
    #[command(after_help = "Example:\n  guan count --as li.wei Account")]
    Count(RecordsArguments),
    /// The users who may do something with a record, and how they reach it
    #[command(after_help = "Example:\n  guan who edit Lead 00Q5g000000CaRhEAK")]
    Who(WhoArguments),
    /// What the user may do with a record or an object, field by field
    #[command(after_help = "Example:\n  guan what --as li.wei Account 0015g000000CaRhAAK")]
    What(TargetArguments),
    /// Every object and action with its scope, every field with its access
    #[command(
        after_help = "Examples:\n  guan matrix --subject li.wei --objects Account,Contact\n  guan matrix --set Finance_Review --format csv"
    )]
    Matrix(MatrixArguments),
    /// What two users, two revisions or two sets differ in
    #[command(
        after_help = "Examples:\n  guan compare li.wei chen.jie --objects Account\n  guan compare --revisions 1 2"
    )]
    Compare(CompareArguments),
    /// Who would gain and lose what if the policy were changed so
    #[command(after_help = "Example:\n  guan simulate --assign Finance_Review --to li.wei")]
    Simulate(SimulateArguments),
    /// Switches permission management off: for these users, for a while, with a reason
    #[command(
        after_help = "Examples:\n  guan off --objects Account --layers record --for li.wei --length 10m --reason \"merge duplicates\" --yes\n  guan off --elevate Finance_Review --for li.wei --reason \"stand-in\" --yes\n  guan off --disable rule:Account/criteria/Strategic_Accounts_to_Finance --reason \"clean-up\" --yes"
    )]
    Off(Box<OffArguments>),
    /// Switches it on again: closes one window, or all
    #[command(after_help = "Example:\n  guan on --all")]
    On(OnArguments),
    /// Says yes, or no, to a window that somebody else asked for
    #[command(after_help = "Example:\n  guan approve --by wang.fang")]
    Approve(ApproveArguments),
    /// Opens a window that enough people approved
    #[command(after_help = "Example:\n  guan open --by shi.yu")]
    Open(OpenArguments),
    /// Signs the report of a closed window off
    #[command(after_help = "Example:\n  guan review --by wang.fang")]
    Review(ReviewArguments),
    /// The windows that were asked for, newest first, with what is missing
    #[command(after_help = "Example:\n  guan windows")]
    Windows(WindowsArguments),
    /// Who approves windows and how long everything may take
    #[command(after_help = "Examples:\n  guan switch\n  guan switch --usual 1 --everything 2")]
    Switch(SwitchArguments),
    /// Takes back what was written under a closed window
    #[command(after_help = "Example:\n  guan undo --dry-run")]
    Undo(UndoArguments),
    /// Which windows are open, how long still, and what keeps others from acting
    #[command(after_help = "Example:\n  guan status")]
    Status,
    /// What a window was, what it let through, how it ended, and the proof
    #[command(after_help = "Example:\n  guan report")]
    Report(ReportArguments),
    /// Takes a backup and checks it
    #[command(after_help = "Example:\n  guan backup --reason \"before the migration\"")]
    Backup(BackupArguments),
    /// Puts a backup back; every window ends with it
    #[command(after_help = "Example:\n  guan restore --list")]
    Restore(RestoreArguments),
    /// The append-only record of everything that happened
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// The users of the organization
    #[command(subcommand)]
    User(UserCommand),
    /// Secrets by which programs call the HTTP interface
    #[command(subcommand)]
    Token(TokenCommand),
    /// Looks whether everything is in order, and says what to do
    #[command(after_help = "Example:\n  guan doctor")]
    Doctor(DoctorArguments),
    /// Measures this machine on the records of the installation or of the sample
    #[command(after_help = "Example:\n  guan bench --seconds 0")]
    Bench(BenchArguments),
    /// Prints the completion script of a shell
    #[command(after_help = "Example:\n  guan completion bash")]
    Completion(CompletionArguments),
}

pub(crate) use administration::DoctorArguments;

/// The definition of the command line, with everything that `--help` shows.
pub fn definition() -> clap::Command {
    Arguments::command()
}

/// The environment variables that Guan reads beside those of the server's settings.
const VARIABLES: [&str; 8] =
    ["GUAN_DATA", "GUAN_ORG", "GUAN_PASSWORD", "GUAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "TZ"];

/// The environment of this process, as far as Guan reads it; empty variables count as absent.
pub(crate) fn environment() -> BTreeMap<String, String> {
    let of_server = serving::NAMES.into_iter().map(serving::variable);
    let names = VARIABLES.into_iter().map(str::to_owned).chain(of_server);
    let known = names.filter_map(|name| {
        #[expect(clippy::disallowed_methods, reason = "this is the place that reads it")]
        let value = std::env::var(&name).ok().filter(|value| !value.is_empty());
        Some((name, value?))
    });
    known.collect()
}

impl Global {
    /// Takes what was not said from the environment.
    pub(crate) fn fill(&mut self, environment: &BTreeMap<String, String>) {
        let variable = |name: &str| environment.get(name).cloned();
        self.data = self.data.take().or_else(|| variable("GUAN_DATA").map(PathBuf::from));
        self.org = self.org.take().or_else(|| variable("GUAN_ORG"));
        let locale = ["GUAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variable);
        self.lang = self.lang.or_else(|| locale.map(|locale| Language::of_locale(&locale)));
    }
}
