//! Whether somebody is left who can repair a policy: no edit may lock an organization out of itself.

use super::stated::{Stated, names};
use crate::model::{Assignment, Moment, Policy, Power, User, UserId, UserKind};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

/// The powers by which everything else can be given back.
pub const REPAIR: [Power; 4] =
    [Power::ManageUsers, Power::ManageSets, Power::ManageAssignments, Power::ManageDelegations];

/// How surely a power is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hold {
    /// At any time and from anywhere, without an end.
    Lasting,
    /// At this moment, with whatever limits.
    Now,
}

/// What an edit would take from everybody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nobody would be left who can repair the policy: no active user would hold {}{}; give that to somebody first", listed(powers), hold.told())]
pub struct Orphaned {
    /// The powers of repair that nobody would hold.
    pub powers: BTreeSet<Power>,
    /// How surely they are held before.
    pub hold: Hold,
}

impl Hold {
    const fn told(self) -> &'static str {
        match self {
            Self::Lasting => {
                " by an assignment without end, and without networks and hours at any of theirs"
            }
            Self::Now => " by an assignment in force",
        }
    }
}

fn listed(powers: &BTreeSet<Power>) -> impl fmt::Display {
    let names: Vec<String> = powers.iter().map(|power| format!("`{power}`")).collect();
    names.join(", ")
}

/// What an edit would take from everybody, although users, alone or together, hold all of [`REPAIR`] before it.
///
/// Cost: users × assignments that give powers; `before` is asked for only where something is missing after.
///
/// Errors: those of `before`.
///
/// Source: `docs/spec/administration.md` §6.
pub fn orphaned<'p, E>(
    before: impl FnOnce() -> Result<Cow<'p, Policy>, E>,
    after: &Policy,
    at: Moment,
) -> Result<Option<Orphaned>, E> {
    let missing = unheld(after, Hold::Lasting, at);
    if missing.is_empty() {
        return Ok(None);
    }
    let before = before()?;
    for (hold, powers) in [(Hold::Lasting, missing), (Hold::Now, unheld(after, Hold::Now, at))] {
        if !powers.is_empty() && unheld(&before, hold, at).is_empty() {
            return Ok(Some(Orphaned { powers, hold }));
        }
    }
    Ok(None)
}

/// The powers of repair that nobody holds so surely.
fn unheld(policy: &Policy, hold: Hold, at: Moment) -> BTreeSet<Power> {
    let stated = Stated::of(policy);
    let mut missing: BTreeSet<Power> = REPAIR.into();
    for assignment in policy.assignments.values() {
        if !counts(assignment, hold, at) {
            continue;
        }
        let mut given = stated.powers_of(&assignment.what);
        given.retain(|power| missing.contains(power));
        let holds = |(id, user): (&UserId, &User)| {
            user.active
                && user.kind != UserKind::Guest
                && names(policy, &assignment.to, id, user)
                && (hold == Hold::Now || !is_limited(policy, (id, user), at))
        };
        if !given.is_empty() && policy.users.iter().any(holds) {
            missing.retain(|power| !given.contains(power));
        }
    }
    missing
}

fn counts(assignment: &Assignment, hold: Hold, at: Moment) -> bool {
    assignment.is_in_force(at) && (hold == Hold::Now || assignment.ends.is_none())
}

/// Whether some assignment, now or later, lets sessions of the user in only from somewhere or at some hours.
fn is_limited(policy: &Policy, (id, user): (&UserId, &User), at: Moment) -> bool {
    policy.assignments.values().any(|assignment| {
        let limits = !assignment.networks.is_empty() || assignment.hours.is_some();
        limits
            && assignment.ends.is_none_or(|ends| at < ends)
            && names(policy, &assignment.to, id, user)
    })
}
