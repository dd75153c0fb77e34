//! A grid of all decisions of a file: users and actions down, records across, for people to read.

use super::{Answers, CaseError, CaseFile};
use guan_engine::activity::Standing;
use guan_engine::answer::{Decision, Refusal};
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{Action, ObjectId, STANDARD_ACTIONS, UserId};
use std::fmt::Write as _;

/// Renders who may do what in `file`, one block for each object: `✓` allowed, `✗` refused, `·`
/// cannot be asked, `~` refused by the policy and relaxed by a suspension. The first column is the object as such.
/// Rows in which nothing is allowed on any record are left out.
pub fn grid(answers: &impl Answers, file: &CaseFile) -> String {
    let mut text = format!(
        "{}\n\n✓ allowed, ✗ refused, · cannot be asked, ~ relaxed by a suspension\nWhere a user or an action has no row, nothing is allowed on any of these records.\n",
        file.title
    );
    for object in file.policy.objects.keys() {
        text.push('\n');
        block(answers, file, object, &mut text);
    }
    text
}

fn block(answers: &impl Answers, file: &CaseFile, object: &ObjectId, text: &mut String) {
    let mut columns = vec![("(object)".to_owned(), Target::Object(object.clone()))];
    let records = file.records.iter().filter(|record| record.object == *object);
    columns.extend(records.map(|record| (record.id.to_string(), Target::Record(record.key()))));
    let rows = rows(answers, file, &columns);
    let first = rows.iter().map(|row| row.subject.as_str()).chain([object.as_str()]);
    let first = first.map(width).max().unwrap_or(0);
    let second = rows.iter().map(|row| width(row.action.name())).max().unwrap_or(0);
    let mut head = padded(object.as_str(), first + 2 + second);
    for (name, _) in &columns {
        head.push_str("  ");
        head.push_str(name);
    }
    text.push_str(&head);
    text.push('\n');
    let mut previous = None;
    for row in &rows {
        let is_same = previous == Some(&row.subject);
        let subject = if is_same { "" } else { row.subject.as_str() };
        previous = Some(&row.subject);
        let mut line = format!("{}  {}", padded(subject, first), padded(row.action.name(), second));
        for (mark, (name, _)) in row.marks.iter().zip(&columns) {
            // Writing into a string cannot fail.
            write!(line, "  {}", padded(&mark.to_string(), width(name))).unwrap_or_default();
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

struct Row<'f> {
    subject: &'f UserId,
    action: Action,
    marks: Vec<char>,
}

impl Row<'_> {
    /// Whether something is allowed on a record, or on the object where records cannot be asked.
    fn tells_something(&self) -> bool {
        let is_open = |mark: &char| matches!(mark, '✓' | '~');
        match self.marks.split_first() {
            Some((object, records)) => {
                records.iter().any(is_open)
                    || (is_open(object) && records.iter().all(|mark| *mark == '·'))
            }
            None => false,
        }
    }
}

fn rows<'f>(
    answers: &impl Answers,
    file: &'f CaseFile,
    columns: &[(String, Target)],
) -> Vec<Row<'f>> {
    let custom = file.policy.actions.keys().cloned().map(Action::Custom);
    let actions: Vec<Action> = STANDARD_ACTIONS.into_iter().chain(custom).collect();
    let mut rows = Vec::new();
    for subject in file.policy.users.keys() {
        for action in &actions {
            let marks = columns.iter().map(|(_, on)| mark(answers, file, subject, action, on));
            rows.push(Row { subject, action: action.clone(), marks: marks.collect() });
        }
    }
    rows.retain(Row::tells_something);
    rows
}

fn mark(
    answers: &impl Answers,
    file: &CaseFile,
    subject: &UserId,
    action: &Action,
    on: &Target,
) -> char {
    let organization = file.policy.organization.id.clone();
    let mut session = Session::new(organization, subject.clone(), file.at());
    session.address = file.address;
    if !file.overlays.is_empty() {
        session = session.under(Standing::of(&file.overlays, &file.node));
    }
    match answers.decide(&Request::new(session, action.clone(), on.clone())) {
        Decision::Allow { .. } => '✓',
        Decision::Relaxed { .. } => '~',
        Decision::Deny { refusal: Refusal::UnknownAction } => '·',
        Decision::Deny { .. } => '✗',
    }
}

/// Columns on a screen; a Chinese character takes two.
fn width(text: &str) -> usize {
    text.chars().map(|c| if ('\u{2e80}'..'\u{ffff}').contains(&c) { 2 } else { 1 }).sum()
}

fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Compares the grid of `file` with the one kept beside it. With the environment variable
/// `GUAN_BLESS` set it is written anew instead, and nothing differs.
///
/// # Errors
///
/// When the kept grid cannot be read or written.
pub fn compare_grid(answers: &impl Answers, file: &CaseFile) -> Result<Option<String>, CaseError> {
    let path = file.grid_path();
    let wrong = |source| CaseError::File { path: path.clone(), source };
    let found = grid(answers, file);
    if std::env::var_os("GUAN_BLESS").is_some() {
        std::fs::write(&path, &found).map_err(wrong)?;
        return Ok(None);
    }
    let kept = std::fs::read_to_string(&path).map_err(wrong)?;
    if kept == found {
        return Ok(None);
    }
    let first = kept.lines().zip(found.lines()).find(|(kept, found)| kept != found);
    let (kept, found) = first.unwrap_or(("", "a grid of another length"));
    Ok(Some(format!(
        "{}: the grid differs; look at it, then write it anew with GUAN_BLESS=1\n    kept  {kept}\n    found {found}",
        path.display()
    )))
}
