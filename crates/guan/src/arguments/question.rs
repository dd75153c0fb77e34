//! The options of questions.

use clap::Args;

/// What is asked of `check` and `explain`.
#[derive(Clone, Debug, Args)]
pub(crate) struct AskArguments {
    /// The action: read, create, edit, delete, assign, share, export … or one of the organization's own
    pub(crate) action: String,
    /// The object, such as Account
    pub(crate) object: String,
    /// The record's id; without it the question is about the object as such
    pub(crate) record: Option<String>,
    /// Fields that are read or changed
    #[arg(long, value_delimiter = ',', value_name = "FIELD")]
    pub(crate) fields: Vec<String>,
    /// Many records at once
    #[arg(long)]
    pub(crate) bulk: bool,
    /// For create: intended owners, user:ID or group:ID
    #[arg(long, value_delimiter = ',', value_name = "OWNER")]
    pub(crate) owner: Vec<String>,
    /// For create: the intended unit
    #[arg(long, value_name = "NODE")]
    pub(crate) unit: Option<String>,
}

/// An object or a record.
#[derive(Clone, Debug, Args)]
pub(crate) struct TargetArguments {
    /// The object, such as Account
    pub(crate) object: String,
    /// The record's id; without it the question is about the object as such
    pub(crate) record: Option<String>,
}

/// The records of an object with an action.
#[derive(Clone, Debug, Args)]
pub(crate) struct RecordsArguments {
    /// The object, such as Account
    pub(crate) object: String,
    /// What the user is to do with them
    #[arg(long, default_value = "read")]
    pub(crate) action: String,
}

/// A list.
#[derive(Clone, Debug, Args)]
pub(crate) struct ListArguments {
    #[command(flatten)]
    pub(crate) records: RecordsArguments,
    /// The field to sort by; -FIELD for the greatest first
    #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
    pub(crate) sort: Option<String>,
    /// Records on one page
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: usize,
    /// Goes on behind the cursor that the page before ended with
    #[arg(long, value_name = "CURSOR")]
    pub(crate) after: Option<String>,
    /// Every page
    #[arg(long, conflicts_with = "after")]
    pub(crate) all: bool,
}

/// Who may?
#[derive(Clone, Debug, Args)]
pub(crate) struct WhoArguments {
    /// The action, such as read
    pub(crate) action: String,
    /// The object, such as Account
    pub(crate) object: String,
    /// The record's id
    pub(crate) record: String,
}

/// A user, by id or an unambiguous part of the name.
#[derive(Clone, Debug, Args)]
pub(crate) struct SubjectArguments {
    /// Id, or a part of the name
    pub(crate) user: String,
}

/// The matrix of a user, of a set, or of every set.
#[derive(Clone, Debug, Args)]
pub(crate) struct MatrixArguments {
    /// What everything together gives this user
    #[arg(long, value_name = "USER", conflicts_with = "set")]
    pub(crate) subject: Option<String>,
    /// What this set alone gives; without both: each set
    #[arg(long, value_name = "SET")]
    pub(crate) set: Option<String>,
    /// Only these objects
    #[arg(long, value_delimiter = ',', value_name = "OBJECT")]
    pub(crate) objects: Vec<String>,
}

/// Two users, or two revisions.
#[derive(Clone, Debug, Args)]
pub(crate) struct CompareArguments {
    /// The first user
    #[arg(required_unless_present = "revisions")]
    pub(crate) left: Option<String>,
    /// The second user
    #[arg(required_unless_present = "revisions")]
    pub(crate) right: Option<String>,
    /// Two revisions of the policy instead
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"], conflicts_with_all = ["left", "right"])]
    pub(crate) revisions: Vec<u64>,
    /// Only these objects
    #[arg(long, value_delimiter = ',', value_name = "OBJECT")]
    pub(crate) objects: Vec<String>,
}

/// A change to be tried.
#[derive(Clone, Debug, Args)]
pub(crate) struct SimulateArguments {
    /// Assigns this set …
    #[arg(long, value_name = "SET", requires = "to")]
    pub(crate) assign: Option<String>,
    /// … to this user, group:ID or node:ID
    #[arg(long, value_name = "USER")]
    pub(crate) to: Option<String>,
    /// Takes something away: assignment:ID, rule:ID, set:ID, restriction:ID
    #[arg(long, value_name = "KIND:ID")]
    pub(crate) remove: Vec<String>,
    /// Moves a user: USER@NODE
    #[arg(long, value_name = "USER@NODE")]
    pub(crate) r#move: Vec<String>,
    /// Uses this policy instead, a JSON file
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<std::path::PathBuf>,
    /// Only these objects
    #[arg(long, value_delimiter = ',', value_name = "OBJECT")]
    pub(crate) objects: Vec<String>,
}
