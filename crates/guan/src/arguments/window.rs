//! The options of off, on and report.

use clap::{Args, ValueEnum};
use guan_engine::model::{Moment, Span};
use guan_store::Choice;

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
    pub(crate) networks: Vec<String>,
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
    /// From when, such as 2026-01-31T08:00:00Z; at once when nothing is said
    #[arg(long, value_name = "INSTANT")]
    pub(crate) starts: Option<Moment>,
    /// Carries an open window on; it ends with that one
    #[arg(long, value_name = "WINDOW", conflicts_with = "emergency")]
    pub(crate) extends: Option<String>,
    /// Without approval: 15 minutes at most, named objects and users, reviewed afterwards
    #[arg(long)]
    pub(crate) emergency: bool,
    /// On whose behalf; not needed where one user alone may ask
    #[arg(long, value_name = "USER")]
    pub(crate) by: Option<String>,
    /// Goes on without asking; needed where nobody can be asked
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
    /// Protected field classes that are opened too; two others have to agree
    #[arg(long, value_delimiter = ',', value_enum)]
    pub(crate) protected: Vec<ClassChoice>,
    /// Export, import and bulk actions too; two others have to agree
    #[arg(long)]
    pub(crate) bulk: bool,
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

/// A class of fields that suspensions leave closed unless they name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClassChoice {
    /// Sensitive personal information.
    Sensitive,
    /// What the organization protects for another reason.
    Protected,
}

/// What happens to everybody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OthersChoice {
    /// As always.
    Enforced,
    /// Refused inside the scope while it lasts.
    LockedOut,
}

/// A yes, or a no, to a window.
#[derive(Clone, Debug, Args)]
pub(crate) struct ApproveArguments {
    /// The request; not needed when only one waits
    pub(crate) id: Option<String>,
    /// Who approves; their password is asked for
    #[arg(long, value_name = "USER")]
    pub(crate) by: Option<String>,
    /// Says no instead, and why: the request is over
    #[arg(long, value_name = "WHY", conflicts_with = "take_back")]
    pub(crate) refuse: Option<String>,
    /// Takes one's own approval back
    #[arg(long)]
    pub(crate) take_back: bool,
}

/// An approved window that is to be opened.
#[derive(Clone, Debug, Args)]
pub(crate) struct OpenArguments {
    /// The request; not needed when only one is approved
    pub(crate) id: Option<String>,
    /// On whose behalf; not needed where one user alone may
    #[arg(long, value_name = "USER")]
    pub(crate) by: Option<String>,
}

/// The sign-off of a report.
#[derive(Clone, Debug, Args)]
pub(crate) struct ReviewArguments {
    /// The request; not needed when only one waits
    pub(crate) id: Option<String>,
    /// Who signs; their password is asked for
    #[arg(long, value_name = "USER")]
    pub(crate) by: Option<String>,
    /// What has to be followed up
    #[arg(long, value_name = "WHAT")]
    pub(crate) findings: Option<String>,
    /// A remark
    #[arg(long, default_value = "")]
    pub(crate) reason: String,
}

/// Which requests to list.
#[derive(Clone, Debug, Args)]
pub(crate) struct WindowsArguments {
    /// The last 200 instead of the last 20
    #[arg(long)]
    pub(crate) all: bool,
}

/// Settings of the switch; shown when nothing is changed.
#[derive(Clone, Debug, Args)]
pub(crate) struct SwitchArguments {
    /// So many others have to agree to a window; 0 for nobody
    #[arg(long, value_name = "PEOPLE")]
    pub(crate) usual: Option<usize>,
    /// So many others have to agree when everything is to be off
    #[arg(long = "everything", value_name = "PEOPLE")]
    pub(crate) for_everything: Option<usize>,
    /// So many others have to agree to protected fields and bulk actions; 2 at least
    #[arg(long, value_name = "PEOPLE")]
    pub(crate) protected: Option<usize>,
    /// The length of a window when nothing is said
    #[arg(long, value_parser = length)]
    pub(crate) length: Option<Span>,
    /// The longest window; 4h at most
    #[arg(long, value_parser = length)]
    pub(crate) longest: Option<Span>,
    /// How long a scope may be off in 24 hours; 12h at most
    #[arg(long, value_parser = length)]
    pub(crate) daily: Option<Span>,
    /// After how long without use a window is closed
    #[arg(long, value_parser = length)]
    pub(crate) idle: Option<Span>,
    /// Why
    #[arg(long, default_value = "changed at the command line")]
    pub(crate) reason: String,
}

/// What is to be taken back.
#[derive(Clone, Debug, Args)]
pub(crate) struct UndoArguments {
    /// The window; the latest when none is named
    pub(crate) id: Option<String>,
    /// The undo that is to be undone in turn
    #[arg(long)]
    pub(crate) run: Option<String>,
    /// Only what this user wrote
    #[arg(long, conflicts_with_all = ["record", "field"])]
    pub(crate) user: Option<String>,
    /// Only this record
    #[arg(long, value_name = "OBJECT/ID")]
    pub(crate) record: Option<String>,
    /// Only this field of the record
    #[arg(long, requires = "record")]
    pub(crate) field: Option<String>,
    /// What becomes of values that somebody changed later; left to be decided when nothing is said
    #[arg(long, value_enum)]
    pub(crate) conflicts: Option<ConflictChoice>,
    /// Only shows what would be written
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Why
    #[arg(long, default_value = "undone at the command line")]
    pub(crate) reason: String,
    /// Goes on without asking
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// One decision for every conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConflictChoice {
    /// What is there stays.
    Keep,
    /// What was there before the window comes back.
    Restore,
}

impl From<ConflictChoice> for Choice {
    fn from(choice: ConflictChoice) -> Self {
        match choice {
            ConflictChoice::Keep => Self::Keep,
            ConflictChoice::Restore => Self::Restore,
        }
    }
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
