//! Checks of a policy, a record or an overlay before it is kept: every problem, each with its place.

mod access;
mod action;
mod administration;
mod cycle;
mod object;
mod organization;
mod overlay;
mod record;
mod reference;
mod sharing;
mod tree;

use super::{Overlay, Policy, Record};
use std::fmt;

/// Something that makes a policy, record or overlay unfit to be kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{place}: {what}")]
pub struct Problem {
    /// Where: the path of keys, for instance `rules.north.to[2]`. Control characters are escaped.
    /// Places in sets count in the order of the set, which is the order of the canonical form.
    pub place: String,
    /// What is wrong and what to do, in lower case.
    pub what: String,
}

impl Policy {
    /// Every problem of the policy, in the order of its fields; none when it is good.
    ///
    /// Checked are that everything named exists and is of the right kind, that trees and implied
    /// actions have no cycles, the bounds of [`super::LIMITS`], periods, hours, muting and the types
    /// of conditions. Cycles of groups are allowed: they add nothing. Costs time in proportion to
    /// the policy, apart from the look-ups.
    pub fn validate(&self) -> Vec<Problem> {
        let mut check = Check::new(self);
        check.organization();
        check.actions();
        check.trees();
        check.roll_ups();
        check.users();
        check.groups();
        check.objects();
        check.sets();
        check.set_groups();
        check.assignments();
        check.rules();
        check.restrictions();
        check.pools();
        check.delegations();
        check.problems
    }

    /// Every problem of `record` under this policy; none when it is good. Whether its parents exist
    /// is not asked: a missing parent gives nothing.
    pub fn validate_record(&self, record: &Record) -> Vec<Problem> {
        let mut check = Check::new(self);
        check.record(record);
        check.problems
    }

    /// The record, when nothing is wrong with it under this policy.
    ///
    /// # Errors
    ///
    /// As [`Policy::validate_record`] says.
    pub fn valid(&self, record: Record) -> Result<ValidRecord, Vec<Problem>> {
        let problems = self.validate_record(&record);
        if problems.is_empty() { Ok(ValidRecord(record)) } else { Err(problems) }
    }
}

/// A record with which nothing is wrong under the policy that was asked: see [`Policy::valid`].
#[derive(Clone, Debug)]
pub struct ValidRecord(Record);

impl ValidRecord {
    /// The record.
    pub const fn get(&self) -> &Record {
        &self.0
    }
}

impl Overlay {
    /// Every problem of the overlay over `policy`; none when it is good. How long it may last is
    /// not asked here, only that it lasts.
    pub fn validate(&self, policy: &Policy) -> Vec<Problem> {
        let mut check = Check::new(policy);
        check.overlay(self);
        check.problems
    }
}

/// A check on its way: what it looks names up in, and what it found.
struct Check<'p> {
    policy: &'p Policy,
    problems: Vec<Problem>,
}

impl<'p> Check<'p> {
    const fn new(policy: &'p Policy) -> Self {
        Self { policy, problems: Vec::new() }
    }

    fn add(&mut self, place: fmt::Arguments<'_>, what: fmt::Arguments<'_>) {
        self.problems
            .push(Problem { place: plain(&place.to_string()), what: plain(&what.to_string()) });
    }
}

/// Text with its control characters written out, so that it cannot garble the line it is shown in.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        if is_control(character) {
            plain.extend(character.escape_unicode());
        } else {
            plain.push(character);
        }
    }
    plain
}

/// Whether a character steers the display instead of being shown: control characters, line and
/// paragraph separators, and marks that turn the direction of writing.
fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
