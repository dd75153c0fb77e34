//! What an import understood and what it lost, element by element.

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};

/// How well an element was taken over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case", tag = "rating")]
pub enum Rating {
    /// It decides as it did.
    Exact,
    /// It decides nearly as it did.
    Approximated {
        /// What differs.
        how: String,
    },
    /// It bears permissions and was not taken.
    NotSupported {
        /// Why not.
        why: String,
    },
    /// It bears no permission on records, or is computed anew.
    Ignored {
        /// Why it does not matter.
        why: String,
    },
}

impl Rating {
    /// Taken nearly.
    pub fn approximated(how: impl Into<String>) -> Self {
        Self::Approximated { how: how.into() }
    }
    /// Not taken.
    pub fn not_supported(why: impl Into<String>) -> Self {
        Self::NotSupported { why: why.into() }
    }
    /// Not permission-bearing.
    pub fn ignored(why: impl Into<String>) -> Self {
        Self::Ignored { why: why.into() }
    }
    /// The word used in output.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Approximated { .. } => "approximated",
            Self::NotSupported { .. } => "not supported",
            Self::Ignored { .. } => "ignored",
        }
    }
    /// The explanation; empty for exact ones.
    pub fn reason(&self) -> &str {
        match self {
            Self::Exact => "",
            Self::Approximated { how } => how,
            Self::NotSupported { why } | Self::Ignored { why } => why,
        }
    }
}

/// One rated element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// The vendor's word for the kind of element.
    pub element: String,
    /// Which one.
    pub name: String,
    /// How well it was taken over.
    #[serde(flatten)]
    pub rating: Rating,
    /// Whether the difference may give somebody more than the vendor does.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub widens: bool,
    /// The file.
    pub file: String,
    /// The line, from 1; 0 for the file as a whole.
    pub line: u64,
    /// How many alike this entry stands for.
    pub count: u64,
}

/// Counts of one kind of element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Taken exactly.
    pub exact: u64,
    /// Taken nearly.
    pub approximated: u64,
    /// Not taken.
    pub not_supported: u64,
    /// Not permission-bearing.
    pub ignored: u64,
    /// Of the exact ones, those that grant nothing, such as field rows of false and false.
    pub no_op: u64,
}

/// The report of one import.
///
/// Each element of a permission file has one entry. Data rows that were taken exactly are counted
/// only; every other row has an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LossReport {
    /// The rated elements, in the order of file and line.
    pub entries: Vec<Loss>,
    /// What was assumed where the files are silent.
    pub assumptions: BTreeSet<String>,
    /// Counts by kind of element.
    pub counts: BTreeMap<String, Tally>,
}

impl LossReport {
    /// Adds a rated element.
    pub fn add(&mut self, loss: Loss) {
        self.count(&loss.element, &loss.rating, loss.count);
        self.entries.push(loss);
    }
    /// Counts elements without an entry of their own.
    pub fn count(&mut self, element: &str, rating: &Rating, count: u64) {
        let tally = self.counts.entry(element.to_owned()).or_default();
        *match rating {
            Rating::Exact => &mut tally.exact,
            Rating::Approximated { .. } => &mut tally.approximated,
            Rating::NotSupported { .. } => &mut tally.not_supported,
            Rating::Ignored { .. } => &mut tally.ignored,
        } += count;
    }
    /// Notes that an exact element grants nothing.
    pub fn count_no_op(&mut self, element: &str) {
        self.counts.entry(element.to_owned()).or_default().no_op += 1;
    }
    /// Notes an assumption.
    pub fn assume(&mut self, what: impl Into<String>) {
        self.assumptions.insert(what.into());
    }
    /// Permission-bearing elements that were understood, and all permission-bearing elements.
    pub fn coverage(&self) -> (u64, u64) {
        self.counts.values().fold((0, 0), |(understood, bearing), tally| {
            let taken = tally.exact + tally.approximated;
            (understood + taken, bearing + taken + tally.not_supported)
        })
    }
    /// The entries that are not exact, those that may widen access first.
    pub fn losses(&self) -> Vec<&Loss> {
        let mut losses: Vec<&Loss> = self
            .entries
            .iter()
            .filter(|loss| {
                matches!(loss.rating, Rating::Approximated { .. } | Rating::NotSupported { .. })
            })
            .collect();
        losses
            .sort_by_key(|loss| (!loss.widens, matches!(loss.rating, Rating::Approximated { .. })));
        losses
    }
    /// Whether something permission-bearing was lost or bent.
    pub fn has_losses(&self) -> bool {
        self.counts.values().any(|tally| tally.approximated + tally.not_supported > 0)
    }
    /// Puts the entries in the order of file, line, element and name.
    pub fn sort(&mut self) {
        self.entries.sort_by(|left, right| {
            left.file
                .cmp(&right.file)
                .then(left.line.cmp(&right.line))
                .then_with(|| left.element.cmp(&right.element))
                .then_with(|| left.name.cmp(&right.name))
        });
    }
    /// The report as JSON.
    pub fn to_json(&self) -> serde_json::Value {
        let (understood, permission_bearing) = self.coverage();
        serde_json::json!({
            "coverage": { "understood": understood, "permission_bearing": permission_bearing },
            "counts": self.counts,
            "assumptions": self.assumptions,
            "entries": self.entries,
        })
    }
    /// The report as CSV, one line for each entry: `rating,widens,element,name,reason,file,line,count`.
    pub fn to_csv(&self) -> String {
        let mut text = "rating,widens,element,name,reason,file,line,count\n".to_owned();
        for loss in &self.entries {
            let cells = [
                loss.rating.name(),
                if loss.widens { "true" } else { "false" },
                &loss.element,
                &loss.name,
                loss.rating.reason(),
                &loss.file,
                &loss.line.to_string(),
                &loss.count.to_string(),
            ]
            .map(csv_cell);
            text.push_str(&cells.join(","));
            text.push('\n');
        }
        text
    }
}

/// A cell in quotes where it needs them. A leading sign that spreadsheets run is defused.
fn csv_cell(text: &str) -> String {
    let defused = if text.starts_with(['=', '+', '-', '@', '\t']) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if defused.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", defused.replace('"', "\"\""));
    }
    defused
}

impl fmt::Display for LossReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (understood, bearing) = self.coverage();
        let share = (understood * 1000).checked_div(bearing).unwrap_or(1000);
        writeln!(
            f,
            "coverage: {understood} of {bearing} permission-bearing elements ({}.{} %)",
            share / 10,
            share % 10
        )?;
        for (element, tally) in &self.counts {
            let mut parts = String::new();
            for (count, word) in [
                (tally.exact, "exact"),
                (tally.approximated, "approximated"),
                (tally.not_supported, "not supported"),
                (tally.ignored, "ignored"),
                (tally.no_op, "without effect"),
            ] {
                if count > 0 {
                    write!(parts, " {count} {word},")?;
                }
            }
            writeln!(f, "  {element}:{}", parts.trim_end_matches(','))?;
        }
        for loss in self.losses() {
            let sign = if loss.widens { "WIDENS ACCESS " } else { "" };
            writeln!(
                f,
                "{sign}{}: {} `{}`: {} ({}:{})",
                loss.rating.name(),
                loss.element,
                loss.name,
                loss.rating.reason(),
                loss.file,
                loss.line
            )?;
        }
        for assumption in &self.assumptions {
            writeln!(f, "assumed: {assumption}")?;
        }
        Ok(())
    }
}
