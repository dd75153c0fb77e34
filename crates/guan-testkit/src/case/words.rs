//! Evidence paths and refusals in the words that case files use.

use guan_engine::answer::{Evidence, Refusal, Source, Stage};
use guan_engine::model::{Cover, Rights};
use std::fmt;

/// An expected evidence path: the first words of its text form, and its rights where they matter.
///
/// `share` is any share, `share group:north` a share with that group, and
/// `share group:north = read` one that yields just read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedPath {
    words: Vec<String>,
    rights: Option<Rights>,
}

/// An expected refusal: its stage, its name and the id in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedRefusal {
    stage: String,
    why: String,
}

/// Name, stage, and whether an id follows the name.
const REFUSALS: [(&str, &str, bool); 18] = [
    ("wrong_organization", "session", false),
    ("unknown_subject", "session", false),
    ("inactive", "session", false),
    ("access_disabled", "session", true),
    ("network", "session", true),
    ("hours", "session", true),
    ("locked_out", "session", true),
    ("unknown_object", "verb", false),
    ("unknown_action", "verb", false),
    ("no_grant", "verb", false),
    ("unknown_record", "reach", false),
    ("out_of_reach", "reach", false),
    ("locked", "restriction", false),
    ("claim_first", "restriction", true),
    ("restricted", "restriction", true),
    ("unknown_field", "field", true),
    ("field_hidden", "field", true),
    ("field_read_only", "field", true),
];

impl StatedPath {
    /// The names of all paths.
    pub const NAMES: [&'static str; 13] = [
        "scope",
        "unassigned",
        "owner",
        "baseline",
        "parent",
        "roll_up",
        "rule",
        "share",
        "team",
        "dimension",
        "implicit_parent",
        "implicit_child",
        "pool",
    ];

    /// The name of the path: its first word.
    pub fn name(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// Reads a path as a case file states it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (path, rights) = match text.split_once(" = ") {
            Some((path, rights)) => (path, Some(rights.trim().parse()?)),
            None => (text, None),
        };
        let words: Vec<String> = path.split_whitespace().map(str::to_owned).collect();
        match words.first() {
            Some(first) if Self::NAMES.contains(&first.as_str()) => Ok(Self { words, rights }),
            Some(_) | None => Err(format!(
                "`{text}` is not an evidence path; begin with {}",
                Self::NAMES.join(", ")
            )),
        }
    }

    /// Whether `evidence` is of this path.
    pub fn matches(&self, evidence: &Evidence) -> bool {
        evidence_words(evidence).starts_with(&self.words)
            && self.rights.is_none_or(|rights| evidence.rights() == rights)
    }
}

impl fmt::Display for StatedPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words.join(" "))?;
        self.rights.map_or(Ok(()), |rights| write!(f, " = {rights}"))
    }
}

impl StatedRefusal {
    /// The names of all refusals, in the order of the stages.
    pub fn names() -> impl Iterator<Item = &'static str> {
        REFUSALS.into_iter().map(|(name, _, _)| name)
    }

    /// The name of the refusal, without its id.
    pub fn name(&self) -> &str {
        self.why.split_whitespace().next().unwrap_or_default()
    }

    /// Reads a refusal as a case file states it.
    pub(super) fn parse(stage: &str, why: &str) -> Result<Self, String> {
        let name = why.split_whitespace().next().unwrap_or_default();
        let Some((_, its_stage, has_id)) = REFUSALS.iter().find(|(known, _, _)| *known == name)
        else {
            let known: Vec<&str> = REFUSALS.iter().map(|(name, _, _)| *name).collect();
            return Err(format!("`{name}` is not a refusal; use one of {}", known.join(", ")));
        };
        if stage != *its_stage {
            return Err(format!("`{name}` is a refusal of stage `{its_stage}`, not `{stage}`"));
        }
        match why.split_whitespace().count() {
            2 if *has_id => {}
            1 if !*has_id => {}
            _ if *has_id => return Err(format!("write the id after `{name}`")),
            _ => return Err(format!("nothing may follow `{name}`")),
        }
        Ok(Self { stage: stage.to_owned(), why: why.to_owned() })
    }

    /// Whether `refusal` is this one.
    pub fn matches(&self, refusal: &Refusal) -> bool {
        refusal_text(refusal) == self.why && stage_name(refusal.stage()) == self.stage
    }
}

impl fmt::Display for StatedRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.stage, self.why)
    }
}

/// The name of a stage in files and output.
pub(super) const fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Session => "session",
        Stage::Verb => "verb",
        Stage::Reach => "reach",
        Stage::Restriction => "restriction",
        Stage::Field => "field",
    }
}

/// The name of a refusal, followed by its id where it has one.
pub(super) fn refusal_text(refusal: &Refusal) -> String {
    match refusal {
        Refusal::WrongOrganization => "wrong_organization".to_owned(),
        Refusal::UnknownSubject => "unknown_subject".to_owned(),
        Refusal::Inactive => "inactive".to_owned(),
        Refusal::AccessDisabled { overlay } => format!("access_disabled {overlay}"),
        Refusal::Network { assignment } => format!("network {assignment}"),
        Refusal::Hours { assignment } => format!("hours {assignment}"),
        Refusal::LockedOut { overlay } => format!("locked_out {overlay}"),
        Refusal::UnknownObject => "unknown_object".to_owned(),
        Refusal::UnknownAction => "unknown_action".to_owned(),
        Refusal::NoGrant => "no_grant".to_owned(),
        Refusal::UnknownRecord => "unknown_record".to_owned(),
        Refusal::OutOfReach => "out_of_reach".to_owned(),
        Refusal::Locked => "locked".to_owned(),
        Refusal::ClaimFirst { pool } => format!("claim_first {pool}"),
        Refusal::Restricted { restriction } => format!("restricted {restriction}"),
        Refusal::UnknownField { field } => format!("unknown_field {field}"),
        Refusal::FieldHidden { field } => format!("field_hidden {field}"),
        Refusal::FieldReadOnly { field } => format!("field_read_only {field}"),
    }
}

/// The words of a path, the most telling first.
fn evidence_words(evidence: &Evidence) -> Vec<String> {
    let words: Vec<String> = match evidence {
        Evidence::Scope { scope } => vec!["scope".to_owned(), scope.name().to_owned()],
        Evidence::Unassigned => vec!["unassigned".to_owned()],
        Evidence::Owner { owner } => vec!["owner".to_owned(), owner.to_string()],
        Evidence::Baseline { .. } => vec!["baseline".to_owned()],
        Evidence::Parent { relation, parent, .. } => {
            vec!["parent".to_owned(), relation.to_string(), parent.to_string()]
        }
        Evidence::RollUp { roll_up, cover, source, .. } => vec![
            "roll_up".to_owned(),
            roll_up.to_string(),
            cover_name(*cover).to_owned(),
            source_text(source),
        ],
        Evidence::Rule { rule, .. } => vec!["rule".to_owned(), rule.to_string()],
        Evidence::Share { to, .. } => vec!["share".to_owned(), to.to_string()],
        Evidence::Team { .. } => vec!["team".to_owned()],
        Evidence::Dimension { node, .. } => vec!["dimension".to_owned(), node.to_string()],
        Evidence::ImplicitParent { relation, child } => {
            vec!["implicit_parent".to_owned(), relation.to_string(), child.to_string()]
        }
        Evidence::ImplicitChild { relation, parent, source, .. } => vec![
            "implicit_child".to_owned(),
            relation.to_string(),
            parent.to_string(),
            source_name(source).to_owned(),
            source_text(source),
        ],
        Evidence::Pool { pool, .. } => vec!["pool".to_owned(), pool.to_string()],
    };
    words
}

/// A path with what it yields, as a mismatch shows it.
pub(super) fn evidence_text(evidence: &Evidence) -> String {
    let words = evidence_words(evidence).join(" ");
    match evidence {
        Evidence::Scope { .. } | Evidence::Unassigned | Evidence::Owner { .. } => words,
        _ => format!("{words} = {}", evidence.rights()),
    }
}

const fn cover_name(cover: Cover) -> &'static str {
    match cover {
        Cover::Owned => "owned",
        Cover::Shared => "shared",
        Cover::Team => "team",
        Cover::Ruled => "ruled",
        Cover::Unit => "unit",
    }
}

const fn source_name(source: &Source) -> &'static str {
    match source {
        Source::Owner(_) => "owner",
        Source::Share(_) => "share",
        Source::Team(_) => "team",
        Source::Rule(_) => "rule",
        Source::Unit(_) => "unit",
        Source::Dimension(_) => "dimension",
    }
}

fn source_text(source: &Source) -> String {
    match source {
        Source::Owner(owner) => owner.to_string(),
        Source::Share(to) => to.to_string(),
        Source::Team(user) => user.to_string(),
        Source::Rule(rule) => rule.to_string(),
        Source::Unit(node) | Source::Dimension(node) => node.to_string(),
    }
}
