//! One subject, one object, one action: stages 2 to 4 worked out once and asked of many records.

#![expect(clippy::indexing_slicing, reason = "indexes are numbers that the compilation gave out")]

use crate::answer::Refusal;
use crate::compile::{BaselinePlan, Compiled, ObjectRow, RestrictionPlan, number};
use crate::condition::Truth;
use crate::dense::NONE;
use crate::index::{LOCKED, OwnerCode};
use crate::model::{Cover, Right, Rights, Scope};
use crate::reach::{self, Detail, Origin, Path, Reach, Wide};
use crate::subject::{Subject, SubjectFacts};

/// What a suspension relaxes for one request.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Relax<'r> {
    pub(crate) verb: bool,
    pub(crate) record: bool,
    /// Restrictions that do not refuse.
    pub(crate) restrictions: &'r [u32],
}

impl Relax<'_> {
    /// Whether stages 2 to 4 refuse nothing, so that no lens has to be asked.
    pub(crate) const fn opens_every_record(&self) -> bool {
        self.verb && self.record
    }
}

/// Whether an action is one asked of records.
pub(crate) fn is_of_records(compiled: &Compiled, action: u8) -> bool {
    compiled.action(action).right.is_some() && action != number::CREATE
}

/// Why a record is covered at stage 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    Wide(Wide),
    Path(Path, Rights),
    /// The gate was not asked: a suspension relaxes it.
    Relaxed,
}

/// Stages 2 to 4 for one subject, object and action.
#[derive(Debug)]
pub(crate) struct Lens<'s> {
    pub(crate) subject: &'s Subject<'s>,
    pub(crate) object: u32,
    pub(crate) action: u8,
    bit: u64,
    pub(crate) right: Right,
    row: &'s ObjectRow,
    pub(crate) reach: Reach<'s>,
    relax: Relax<'s>,
    /// Restrictions of records that name the subject for the action.
    pub(crate) restrictions: Vec<u32>,
    changes: bool,
    by_reach: bool,
    /// For `export`: what may not be read may not be taken out either.
    reads: Option<Box<Self>>,
}

impl<'s> Lens<'s> {
    /// Passes stage 2 or refuses there. The action is one asked of records.
    pub(crate) fn new(
        subject: &'s Subject<'s>,
        object: u32,
        action: u8,
        relax: Relax<'s>,
    ) -> Result<Self, Refusal> {
        let compiled = &subject.engine.compiled;
        let plan = compiled.action(action);
        let Some(right) = plan.right.filter(|_| is_of_records(compiled, action)) else {
            return Err(Refusal::UnknownAction);
        };
        let row = subject.row(object);
        let bit = 1u64 << action;
        let granted = row.granted & bit != 0;
        if !granted && !relax.verb {
            return Err(Refusal::NoGrant);
        }
        let reach = Reach::new(subject, object, Rights::of(right), Detail::Fact);
        let mut lens = Self {
            subject,
            object,
            action,
            bit,
            right,
            row,
            reach,
            relax,
            restrictions: Vec::new(),
            changes: plan.changes,
            by_reach: row.reach & bit != 0 || !granted,
            reads: None,
        };
        if action == number::EXPORT {
            lens.reads = Some(Box::new(Self::new(subject, object, number::READ, relax)?));
        }
        lens.find_restrictions();
        Ok(lens)
    }

    fn find_restrictions(&mut self) {
        if self.relax.record {
            return;
        }
        for number in &self.reach.plan.restrictions {
            let plan = &self.subject.engine.compiled.restrictions[*number as usize];
            if plan.actions & self.bit != 0
                && !self.relax.restrictions.contains(number)
                && names(plan, self.subject)
                && !(plan.exempt_all && self.row.all & self.bit != 0)
            {
                self.restrictions.push(*number);
            }
        }
    }

    /// Whether every record of the object passes stages 3 and 4.
    pub(crate) fn covers_all(&self) -> bool {
        self.covers_all_at_reach() && !self.has_restriction_gate()
    }
    /// Whether every record passes stage 3.
    pub(crate) fn covers_all_at_reach(&self) -> bool {
        self.own_covers_all() && self.reads.as_ref().is_none_or(|reads| reads.own_covers_all())
    }
    fn own_covers_all(&self) -> bool {
        self.relax.record
            || self.row.all & self.bit != 0
            || self.by_reach
                && matches!(self.reach.baseline(), BaselinePlan::Rights(rights) if rights.has(self.right))
    }
    /// Whether stage 4 may refuse some record.
    pub(crate) fn has_restriction_gate(&self) -> bool {
        self.reads.as_ref().is_some_and(|reads| reads.has_restriction_gate())
            || self.has_own_restriction_gate()
    }
    fn has_own_restriction_gate(&self) -> bool {
        !self.relax.record
            && (!self.restrictions.is_empty()
                || self.changes && !self.row.lock_exempt
                || self.action == number::ASSIGN && !self.reach.plan.pools.is_empty())
    }
    /// Whether stages 3 and 4 are those of the policy.
    pub(crate) const fn is_of_policy(&self) -> bool {
        !self.relax.verb && !self.relax.record && self.relax.restrictions.is_empty()
    }
    /// Whether locks take records away, if nothing else does at stage 4; none where something else may.
    pub(crate) fn minds_locks_alone(&self) -> Option<bool> {
        if self.relax.record {
            return Some(false);
        }
        let by_pool = self.action == number::ASSIGN && !self.reach.plan.pools.is_empty();
        let settled = self.reads.is_none() && self.restrictions.is_empty() && !by_pool;
        settled.then_some(self.changes && !self.row.lock_exempt)
    }
    /// Whether another action has to pass as well, so that no source of records is sure.
    pub(crate) const fn asks_more(&self) -> bool {
        self.reads.is_some()
    }
    pub(crate) fn row(&self) -> &'s ObjectRow {
        self.row
    }
    pub(crate) const fn bit(&self) -> u64 {
        self.bit
    }
    pub(crate) const fn asks_reach(&self) -> bool {
        self.by_reach
    }
    pub(crate) fn group_only(&self) -> impl Iterator<Item = u32> + '_ {
        self.row.only.iter().filter(|(_, actions)| actions & self.bit != 0).map(|(group, _)| *group)
    }

    /// Stages 3 and 4: may the subject do the action to the record?
    #[inline]
    pub(crate) fn decide(&self, position: u32) -> Result<Cause, Refusal> {
        let Some(cause) = self.cause(position) else { return Err(Refusal::OutOfReach) };
        match self.restricted(position) {
            Some(refusal) => Err(refusal),
            None => match &self.reads {
                Some(reads) => reads.decide(position).map(|_| cause),
                None => Ok(cause),
            },
        }
    }

    /// As [`Lens::decide`], without saying why.
    #[inline]
    pub(crate) fn passes(&self, position: u32) -> bool {
        self.cause(position).is_some()
            && (!self.has_own_restriction_gate() || self.restricted(position).is_none())
            && self.reads.as_ref().is_none_or(|reads| reads.passes(position))
    }

    /// Stage 3.
    #[inline]
    pub(crate) fn cause(&self, position: u32) -> Option<Cause> {
        if self.relax.record {
            return Some(Cause::Relaxed);
        }
        if let Some(wide) = reach::covers_widely(&self.reach, self.row, self.bit, position) {
            return Some(Cause::Wide(wide));
        }
        if self.by_reach {
            let mut found = None;
            self.reach.walk(position, None, &mut |path, rights| {
                if rights.has(self.right) {
                    found = Some(Cause::Path(path, rights));
                }
                found.is_some()
            });
            if found.is_some() {
                return found;
            }
        }
        self.group_only().find_map(|group| self.cause_through(group, position))
    }

    /// Stage 3 for a bundle that is group-only and came through `group`.
    fn cause_through(&self, group: u32, position: u32) -> Option<Cause> {
        let mut found = None;
        self.reach.walk(position, None, &mut |path, rights| {
            if rights.has(self.right) && counts_through(path, group) {
                found = Some(Cause::Path(path, rights));
            }
            found.is_some()
        });
        found
    }

    /// Stage 4.
    pub(crate) fn restricted(&self, position: u32) -> Option<Refusal> {
        if self.relax.record {
            return None;
        }
        let index = self.reach.index;
        let header = index.header(position);
        if self.changes && header.flags & LOCKED != 0 && !self.row.lock_exempt {
            return Some(Refusal::Locked);
        }
        let compiled = &self.subject.engine.compiled;
        if self.action == number::ASSIGN && header.owner == OwnerCode::NOBODY {
            let pool = index.attributes_of(header).pool;
            if pool != NONE && compiled.pools[pool as usize].claim_before_assign {
                let pool = compiled.directory.pools.name(pool).clone();
                return Some(Refusal::ClaimFirst { pool });
            }
        }
        self.restrictions
            .iter()
            .find(|restriction| !passes(self.subject, **restriction, self.object, position))
            .map(|restriction| Refusal::Restricted {
                restriction: compiled.directory.restrictions.name(*restriction).clone(),
            })
    }

    /// Every path that yields the right, each once with everything it yields.
    pub(crate) fn paths(&self, position: u32) -> Vec<(Path, Rights)> {
        let mut found: Vec<(Path, Rights)> = Vec::new();
        let groups: Vec<u32> = if self.by_reach { Vec::new() } else { self.group_only().collect() };
        if !self.by_reach && groups.is_empty() {
            return found;
        }
        let everything = Rights::from_bits(u8::MAX);
        let reach = Reach::new(self.subject, self.object, everything, Detail::Paths);
        reach.walk(position, None, &mut |path, rights| {
            if self.by_reach || groups.iter().any(|group| counts_through(path, *group)) {
                match found.iter_mut().find(|(known, _)| *known == path) {
                    Some((_, known)) => *known |= rights,
                    None => found.push((path, rights)),
                }
            }
            false
        });
        found.retain(|(_, rights)| rights.has(self.right));
        found
    }

    /// Whether `unassigned` covers the record, beside what [`Lens::paths`] says.
    pub(crate) fn covers_unassigned(&self, position: u32) -> bool {
        self.row.unassigned & self.bit != 0
            && self.reach.index.header(position).owner == OwnerCode::NOBODY
    }

    /// The greatest scope that covers the record whoever owns it.
    pub(crate) fn wide_scope(&self, position: u32) -> Option<Scope> {
        if self.row.all & self.bit != 0 {
            return Some(Scope::All);
        }
        let header = self.reach.index.header(position);
        let owners = self.reach.index.owners(position, header);
        let units = self.reach.units(self.reach.index.attributes_of(header), owners);
        reach::unit_scope(&self.reach, self.row, self.bit, &units)
    }
}

/// Whether a path counts for a bundle that carries only what the group itself owns.
fn counts_through(path: Path, group: u32) -> bool {
    match path {
        Path::Owner(owner) | Path::RollUp(_, Cover::Owned, Origin::Owner(owner)) => {
            owner == OwnerCode::group(group)
        }
        Path::Baseline
        | Path::Parent(..)
        | Path::RollUp(..)
        | Path::Rule(_)
        | Path::Share(_)
        | Path::Team
        | Path::Dimension(_)
        | Path::ImplicitParent(..)
        | Path::ImplicitChild(..)
        | Path::Pool(_) => true,
    }
}

/// Whether a restriction is active and names the subject; unknown names them, and a disabled
/// placement does not let them escape.
pub(crate) fn names(plan: &RestrictionPlan, subject: &Subject<'_>) -> bool {
    let trees = &subject.engine.compiled.trees;
    let everywhere = subject.engine.compiled.people.standpoint(subject.user);
    let named = plan.who.is_empty()
        || everywhere.is_named_by_any(&plan.who, trees)
        || subject.is_named_by_any(&plan.who);
    if !plan.active || !named {
        return false;
    }
    let facts = SubjectFacts { subject, record: None };
    plan.whose.as_ref().is_none_or(|whose| whose.evaluate(&facts) != Truth::False)
}

/// Whether a record passes a restriction.
pub(crate) fn passes(subject: &Subject<'_>, restriction: u32, object: u32, position: u32) -> bool {
    let plan = &subject.engine.compiled.restrictions[restriction as usize];
    let index = subject.engine.index(object);
    if plan.is_static {
        return index.attributes_of(index.header(position)).passes.has(restriction);
    }
    let facts = SubjectFacts { subject, record: Some((object, position)) };
    plan.only.evaluate(&facts) == Truth::True
}
