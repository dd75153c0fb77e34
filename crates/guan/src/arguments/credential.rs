//! The options of tokens.

use clap::{Args, Subcommand};

/// The tokens.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Makes a token, and shows its secret this one time
    #[command(
        after_help = "Scopes: all · read · a power such as guan.manage_users · operation:NAME\n\nExamples:\n  guan token create li.wei --name reports\n  guan token create li.wei --name sync --scope operation:list_records --network 10.0.0.0/8 --days 30"
    )]
    Create(TokenArguments),
    /// All tokens, without their secrets
    #[command(after_help = "Example:\n  guan token list")]
    List,
    /// Ends a token before its time
    #[command(after_help = "Example:\n  guan token revoke TOKEN")]
    Revoke(RevokeArguments),
}

/// A new token.
#[derive(Clone, Debug, Args)]
pub(crate) struct TokenArguments {
    /// Who is called by it: an id, or a part of the name that fits one user only
    pub(crate) user: String,
    /// What it is for, as people will read it
    #[arg(long)]
    pub(crate) name: String,
    /// What it may be used for, never more than its user may; may be said several times
    #[arg(long = "scope", value_name = "SCOPE", default_values = ["read"])]
    pub(crate) scopes: Vec<String>,
    /// From where it may be used; may be said several times, everywhere without it
    #[arg(long = "network", value_name = "NETWORK")]
    pub(crate) networks: Vec<String>,
    /// In how many days it ends
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=366))]
    pub(crate) days: u32,
}

/// Which token.
#[derive(Clone, Debug, Args)]
pub(crate) struct RevokeArguments {
    /// Its id, as `guan token list` shows it
    pub(crate) token: String,
}
