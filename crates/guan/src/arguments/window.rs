//! The options of off, on and report.

use clap::{Args, ValueEnum};
use guan_engine::model::{AddressRange, Span};

/// What is to be off, for whom, how long and why.
#[derive(Clone, Debug, Args)]
pub(crate) struct OffArguments {
    #[command(flatten)]
    pub(crate) scope: ScopeArguments,
    /// Gives the users of --for this set for a while, instead of switching anything off
    #[arg(long, value_name = "SET", conflicts_with_all = ["disable", "scope"])]
    pub(crate) elevate: Option<String>,
    /// Takes something out of force for a while: rule:ID, set:ID, assignment:ID, user:ID, placement:USER@NODE
    #[arg(long, value_name = "KIND:ID", conflicts_with = "scope")]
    pub(crate) disable: Option<String>,
    /// For whom: users by id or name, group:ID, node:ID …
    #[arg(long = "for", value_delimiter = ',', num_args = 1.., value_name = "USER", help_heading = "Audience")]
    pub(crate) audience: Vec<String>,
    /// Only from these networks
    #[arg(long, value_delimiter = ',', num_args = 1.., value_name = "CIDR", help_heading = "Audience")]
    pub(crate) networks: Vec<AddressRange>,
    /// Everybody else: enforced as always, or locked out of the scope while it lasts
    #[arg(long, value_enum, default_value = "enforced", help_heading = "Audience")]
    pub(crate) others: OthersChoice,
    /// How long: 10m, 2h, 90s; at most 4h
    #[arg(long, default_value = "30m", value_parser = length)]
    pub(crate) length: Span,
    /// Why; somebody reads it in a year
    #[arg(long)]
    pub(crate) reason: String,
    /// The ticket that asks for it
    #[arg(long)]
    pub(crate) ticket: Option<String>,
    /// Goes on after the machine was started anew
    #[arg(long)]
    pub(crate) survives_reboot: bool,
    /// Opens without asking; needed where nobody can be asked
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// What is to be off; each option narrows it.
#[derive(Clone, Debug, Args)]
#[group(id = "scope", multiple = true)]
#[command(next_help_heading = "Scope")]
pub(crate) struct ScopeArguments {
    /// Only these objects
    #[arg(long, value_delimiter = ',', value_name = "OBJECT")]
    pub(crate) objects: Vec<String>,
    /// Only these fields: Account.Phone
    #[arg(long, value_delimiter = ',', value_name = "OBJECT.FIELD")]
    pub(crate) fields: Vec<String>,
    /// Only these layers
    #[arg(long, value_delimiter = ',', value_enum)]
    pub(crate) layers: Vec<LayerChoice>,
    /// Only these actions
    #[arg(long, value_delimiter = ',', value_name = "ACTION")]
    pub(crate) actions: Vec<String>,
    /// Only for these users, beside the audience
    #[arg(long, value_delimiter = ',', value_name = "USER")]
    pub(crate) users: Vec<String>,
    /// Only for holders of these sets
    #[arg(long, value_delimiter = ',', value_name = "SET")]
    pub(crate) sets: Vec<String>,
    /// Only refusals by these restrictions
    #[arg(long, value_delimiter = ',', value_name = "ID")]
    pub(crate) restrictions: Vec<String>,
    /// Everything there is; must be said
    #[arg(long, conflicts_with_all = ["objects", "fields", "layers", "actions", "users", "sets", "restrictions"])]
    pub(crate) everything: bool,
}

/// A layer of the decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LayerChoice {
    /// May the user do this to any record of the object?
    Object,
    /// Which records?
    Record,
    /// Which fields?
    Field,
}

/// What happens to everybody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OthersChoice {
    /// As always.
    Enforced,
    /// Refused inside the scope while it lasts.
    LockedOut,
}

/// Which windows to close.
#[derive(Clone, Debug, Args)]
pub(crate) struct OnArguments {
    /// The window; not needed when only one is open
    pub(crate) id: Option<String>,
    /// Every open window
    #[arg(long, conflicts_with = "id")]
    pub(crate) all: bool,
    /// Why now
    #[arg(long, default_value = "")]
    pub(crate) reason: String,
}

/// Which window to report on.
#[derive(Clone, Debug, Args)]
pub(crate) struct ReportArguments {
    /// The window; the latest when none is named
    pub(crate) id: Option<String>,
}

/// A length such as `10m`, `2h` or `90s`.
fn length(text: &str) -> Result<Span, String> {
    let wrong = || format!("`{text}` is not a length; write 10m, 2h or 90s");
    let number = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = text.get(number.len()..).unwrap_or_default();
    let number: i64 = number.parse().map_err(|_| wrong())?;
    let seconds = match unit {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3_600,
        _ => return Err(wrong()),
    };
    Ok(Span::seconds(number.saturating_mul(seconds)))
}

#[cfg(test)]
mod tests {
    use super::length;
    use guan_engine::model::Span;

    #[test]
    fn a_length_needs_a_number_and_a_unit() {
        assert_eq!(length("10m"), Ok(Span::minutes(10)));
        assert_eq!(length("2h"), Ok(Span::minutes(120)));
        assert_eq!(length("90s"), Ok(Span::seconds(90)));
        for wrong in ["", "10", "m", "10 m", "10d", "ten"] {
            assert!(length(wrong).is_err(), "{wrong}");
        }
    }
}
