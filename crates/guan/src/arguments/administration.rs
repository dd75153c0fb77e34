//! The options of everything that keeps an installation.

use clap::{Args, Subcommand, ValueEnum};
use clap_complete::Shell;
use guan_engine::administration::Post;
use std::path::PathBuf;

/// A new installation or organization.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Example:\n  guan init --name \"Lanhai Instruments\"")]
pub(crate) struct InitArguments {
    /// The name that people see
    #[arg(long, default_value = "")]
    pub(crate) name: String,
    /// Keeps everything in this empty `PostgreSQL` database instead of a file: `postgres://USER:PASSWORD@HOST/NAME`
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
}

/// A further node.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Example:\n  guan join copied/installation.toml")]
pub(crate) struct JoinArguments {
    /// A copy of `installation.toml` of a node that is there already; it holds the key, so bring it over a safe way
    pub(crate) copied: PathBuf,
    /// Where this node reaches the database, if not as the copy says
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
}

/// From which CRM.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum From {
    /// Metadata in source, mdapi or decomposed layout, a folder or a zip
    #[command(
        after_help = "Examples:\n  guan import salesforce examples/lanhai --rows examples/lanhai/rows --dry-run\n  guan import salesforce examples/lanhai --rows examples/lanhai/rows --yes"
    )]
    Salesforce(SalesforceArguments),
}

/// What to import.
#[derive(Clone, Debug, Args)]
pub(crate) struct SalesforceArguments {
    /// The project: a folder or a zip
    pub(crate) path: PathBuf,
    /// Data rows: a folder or zip of CSV files with the vendor's column names
    #[arg(long, value_name = "DIR")]
    pub(crate) rows: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) import: ImportArguments,
}

/// How to import.
#[derive(Clone, Debug, Args)]
pub(crate) struct ImportArguments {
    /// Reads, reports and compares, and changes nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Replaces %%%NAME%%% in paths and contents
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) token: Vec<String>,
    /// The organization's zone, for login hours: +08:00
    #[arg(long, value_name = "±HH:MM", allow_hyphen_values = true)]
    pub(crate) utc_offset: Option<String>,
    /// Replaces a policy without asking; needed where nobody can be asked
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Lists every loss, not only the first of each kind
    #[arg(long)]
    pub(crate) all_losses: bool,
}

/// A backup.
#[derive(Clone, Debug, Args)]
pub(crate) struct BackupArguments {
    /// Why
    #[arg(long, default_value = "by hand")]
    pub(crate) reason: String,
}

/// Which backup to put back.
#[derive(Clone, Debug, Args)]
pub(crate) struct RestoreArguments {
    /// The backup's folder or name
    #[arg(required_unless_present = "list")]
    pub(crate) backup: Option<PathBuf>,
    /// Lists the backups, each checked
    #[arg(long, conflicts_with = "backup")]
    pub(crate) list: bool,
    /// Into an empty folder: keeps everything in this `PostgreSQL` database instead of a file
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
    /// Why
    #[arg(long, default_value = "by hand")]
    pub(crate) reason: String,
    /// Puts it back without asking; needed where nobody can be asked
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// The ledger.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Verifies every row of the log, or an exported file without the installation
    #[command(
        after_help = "Examples:\n  guan ledger verify\n  guan ledger verify --file lanhai.jsonl"
    )]
    Verify(VerifyArguments),
    /// Writes the log as JSON lines that can be verified anywhere
    #[command(after_help = "Example:\n  guan ledger export --to lanhai.jsonl")]
    Export(ExportArguments),
}

/// What to verify.
#[derive(Clone, Debug, Args)]
pub(crate) struct VerifyArguments {
    /// An exported file; needs no installation
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

/// Where to export to.
#[derive(Clone, Debug, Args)]
pub(crate) struct ExportArguments {
    /// The file, which must not exist; standard output without it
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
    /// The log of the installation itself instead of the organization's
    #[arg(long)]
    pub(crate) installation: bool,
}

/// The users.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// All users
    #[command(after_help = "Example:\n  guan user list")]
    List,
    /// One user: places, groups, sets
    #[command(after_help = "Example:\n  guan user show li.wei")]
    Show(super::SubjectArguments),
    /// The users whose name or id is near
    #[command(after_help = "Example:\n  guan user nearest liwei")]
    Nearest(super::SubjectArguments),
    /// Gives a user a password for one time, shown once; every session of theirs ends
    #[command(after_help = "Example:\n  guan user password li.wei")]
    Password(super::SubjectArguments),
    /// Makes a user an administrator, also where nobody is left who could; needs this machine alone
    #[command(after_help = "Example:\n  guan user administrator li.wei")]
    Administrator(AdministratorArguments),
}

/// Whom to put into office.
#[derive(Clone, Debug, Args)]
pub(crate) struct AdministratorArguments {
    /// The user: id, or a part of the name that only they have
    pub(crate) user: String,
    /// The powers of one post alone; needed where the organization keeps posts apart
    #[arg(long, value_enum)]
    pub(crate) post: Option<PostName>,
    /// Why, for the ledger
    #[arg(long, default_value = "put into office at the machine")]
    pub(crate) reason: String,
}

/// A post.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum PostName {
    /// Users, structure, objects, backups
    System,
    /// Who may do what
    Security,
    /// Watches both
    Audit,
}

impl PostName {
    pub(crate) const fn post(self) -> Post {
        match self {
            Self::System => Post::System,
            Self::Security => Post::Security,
            Self::Audit => Post::Audit,
        }
    }
}

/// What to look at, and what to confirm.
#[derive(Clone, Debug, Args)]
pub(crate) struct DoctorArguments {
    /// Ends safe mode after a restore: says what was found out
    #[arg(long, value_name = "REASON")]
    pub(crate) acknowledge: Option<String>,
    /// Takes the wall clock as right although it is behind: says how it was checked
    #[arg(long, value_name = "REASON")]
    pub(crate) confirm_clock: Option<String>,
}

/// A measurement.
#[derive(Clone, Debug, Args)]
pub(crate) struct BenchArguments {
    /// How long each question is repeated
    #[arg(long, default_value_t = 1)]
    pub(crate) seconds: u64,
}

/// A shell.
#[derive(Clone, Debug, Args)]
pub(crate) struct CompletionArguments {
    /// Which
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}
