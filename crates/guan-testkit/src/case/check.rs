//! Asks the cases of a file and tells what answers otherwise than expected.

use super::words::{evidence_text, refusal_text, stage_name};
use super::{Ask, Case, CaseFile, Expect, Outcome, StatedPath};
use guan_engine::answer::{Decision, Evidence, Explanation, Refusal};
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{Action, FieldAccess, FieldId, ObjectId, RecordId, RecordKey, UserId};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Whoever answers questions about the organization of one file.
pub trait Answers {
    /// The decision.
    fn decide(&self, request: &Request<'_>) -> Decision;
    /// The decision with everything that speaks for it.
    fn explain(&self, request: &Request<'_>) -> Explanation;
    /// What the subject may do with each field there; fields that are left out are hidden.
    fn fields(&self, session: &Session<'_>, on: &Target) -> BTreeMap<FieldId, FieldAccess>;
    /// The records of the object on which the subject may do the action, in any order.
    fn list(&self, session: &Session<'_>, action: &Action, object: &ObjectId) -> Vec<RecordId>;
    /// How many records [`Answers::list`] has.
    fn count(&self, session: &Session<'_>, action: &Action, object: &ObjectId) -> usize;
    /// The users who may do the action on the record, whoever the subject of the session is.
    fn who(&self, session: &Session<'_>, action: &Action, record: &RecordKey) -> Vec<UserId>;
}

/// A case that was answered otherwise than it expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The file.
    pub path: PathBuf,
    /// The line of the case.
    pub line: usize,
    /// The name of the case.
    pub case: String,
    /// What it expects.
    pub expected: String,
    /// What was answered.
    pub found: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}:{}: {}", self.path.display(), self.line, self.case)?;
        writeln!(f, "    expected {}", self.expected)?;
        write!(f, "    found    {}", self.found)
    }
}

/// Asks every case of `file` and returns those that are answered otherwise.
pub fn check(answers: &impl Answers, file: &CaseFile) -> Vec<Mismatch> {
    let mut mismatches = Vec::new();
    for case in &file.cases {
        for (expected, found) in check_case(answers, case) {
            mismatches.push(Mismatch {
                path: file.path.clone(),
                line: case.line,
                case: case.name.clone(),
                expected,
                found,
            });
        }
    }
    mismatches
}

type Difference = (String, String);

fn check_case(answers: &impl Answers, case: &Case) -> Vec<Difference> {
    match &case.expect {
        Expect::Decision { ask, outcome } => check_decision(answers, case, ask, outcome),
        Expect::Sees { subject, on, fields } => {
            let found = answers.fields(&case.session(subject), on);
            fields
                .iter()
                .filter_map(|(field, expected)| {
                    let access = found.get(field).copied().unwrap_or_default();
                    (access != *expected)
                        .then(|| (format!("{field} {expected}"), format!("{field} {access}")))
                })
                .collect()
        }
        Expect::List { subject, action, object, records } => {
            let session = case.session(subject);
            let found = answers.list(&session, action, object);
            let mut differences = sets_differ(records, &found);
            let count = answers.count(&session, action, object);
            if count != found.len() {
                differences.push((format!("a count of {}", found.len()), count.to_string()));
            }
            differences
        }
        Expect::Count { subject, action, object, count } => {
            let found = answers.count(&case.session(subject), action, object);
            if found == *count {
                return Vec::new();
            }
            vec![(format!("a count of {count}"), found.to_string())]
        }
        Expect::Who { action, record, users } => {
            let session = case.session(&UserId::new(""));
            sets_differ(users, &answers.who(&session, action, record))
        }
    }
}

fn sets_differ<T: Ord + Clone + fmt::Display>(
    expected: &BTreeSet<T>,
    found: &[T],
) -> Vec<Difference> {
    let distinct: BTreeSet<T> = found.iter().cloned().collect();
    if distinct == *expected && distinct.len() == found.len() {
        return Vec::new();
    }
    vec![(in_brackets(expected.iter()), in_brackets(found.iter()))]
}

fn in_brackets<T: fmt::Display>(items: impl Iterator<Item = T>) -> String {
    let items: Vec<String> = items.map(|item| item.to_string()).collect();
    format!("[{}]", items.join(", "))
}

fn check_decision(
    answers: &impl Answers,
    case: &Case,
    ask: &Ask,
    outcome: &Outcome,
) -> Vec<Difference> {
    let request = case.request(ask);
    let decision = answers.decide(&request);
    let explanation = answers.explain(&request);
    let mut differences = Vec::new();
    if !is_as_expected(&decision, &explanation, outcome) {
        differences.push((outcome_text(outcome), decision_text(&decision, &explanation.evidence)));
    }
    if !tell_the_same(&explanation.decision, &decision) {
        differences.push((
            format!("an explanation that says: {}", decision_text(&decision, &[])),
            decision_text(&explanation.decision, &[]),
        ));
    }
    if let Decision::Allow { evidence: Some(evidence) } = &decision
        && !explanation.evidence.contains(evidence)
    {
        differences.push((
            format!("an explanation that lists {}", evidence_text(evidence)),
            in_brackets(explanation.evidence.iter().map(evidence_text)),
        ));
    }
    differences
}

/// Which of several sufficient paths a decision names is left to the evaluator.
fn tell_the_same(left: &Decision, right: &Decision) -> bool {
    match (left, right) {
        (Decision::Allow { .. }, Decision::Allow { .. }) => true,
        (left, right) => left == right,
    }
}

fn is_as_expected(decision: &Decision, explanation: &Explanation, outcome: &Outcome) -> bool {
    match (decision, outcome) {
        (Decision::Allow { .. }, Outcome::Allow(paths)) => {
            paths.as_ref().is_none_or(|paths| are_exactly(paths, &explanation.evidence))
        }
        (Decision::Relaxed { overlay, refusal }, Outcome::Relaxed(expected, stated)) => {
            overlay == expected && stated.matches(refusal)
        }
        (Decision::Deny { refusal }, Outcome::Deny(stated, paths)) => {
            stated.matches(refusal)
                && paths.as_ref().is_none_or(|paths| are_exactly(paths, &explanation.evidence))
        }
        _ => false,
    }
}

fn are_exactly(paths: &[StatedPath], evidence: &[Evidence]) -> bool {
    paths.iter().all(|path| evidence.iter().any(|found| path.matches(found)))
        && evidence.iter().all(|found| paths.iter().any(|path| path.matches(found)))
}

fn outcome_text(outcome: &Outcome) -> String {
    let because = |paths: &[StatedPath]| match paths {
        [] => String::new(),
        paths => format!(" because of {}", in_brackets(paths.iter())),
    };
    match outcome {
        Outcome::Allow(paths) => {
            format!("allow{}", because(paths.as_deref().unwrap_or_default()))
        }
        Outcome::Relaxed(overlay, refusal) => format!("relaxed by {overlay}, else {refusal}"),
        Outcome::Deny(refusal, paths) => {
            format!("deny, {refusal}{}", because(paths.as_deref().unwrap_or_default()))
        }
    }
}

fn decision_text(decision: &Decision, evidence: &[Evidence]) -> String {
    let told =
        |refusal: &Refusal| format!("{}: {}", stage_name(refusal.stage()), refusal_text(refusal));
    let mut text = match decision {
        Decision::Allow { .. } => "allow".to_owned(),
        Decision::Relaxed { overlay, refusal } => {
            format!("relaxed by {overlay}, else {}", told(refusal))
        }
        Decision::Deny { refusal } => format!("deny, {}", told(refusal)),
    };
    if !evidence.is_empty() {
        let paths = in_brackets(evidence.iter().map(evidence_text));
        // Writing into a string cannot fail.
        write!(text, " because of {paths}").unwrap_or_default();
    }
    text
}
