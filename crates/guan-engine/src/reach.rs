//! Reach: the evidence paths from a subject to a record (`docs/spec/decision.md` §5), in dense form.

#![expect(clippy::indexing_slicing, reason = "indexes are numbers that the compilation gave out")]

mod implicit;
mod wide;

pub(crate) use wide::{Wide, covers_widely, level, unit_scope};

use crate::compile::{BaselinePlan, ObjectPlan, Standpoint, Who};
use crate::condition::Truth;
use crate::dense::{Bits, NONE, OnesOf};
use crate::index::{Attributes, Header, OwnerCode, RecordIndex, ShareEntry};
use crate::model::{Cover, LIMITS, Right, Rights, UserKind};
use crate::subject::{Subject, SubjectFacts};
use std::borrow::Cow;

/// Where a roll-up or an implicit child starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    Owner(OwnerCode),
    Share(Who),
    Team(u32),
    Rule(u32),
    Unit(u32),
    Dimension(u32),
}

/// One path, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Path {
    Owner(OwnerCode),
    Baseline,
    /// Relation and the parent's number.
    Parent(u32, u32),
    RollUp(u32, Cover, Origin),
    Rule(u32),
    Share(Who),
    Team,
    Dimension(u32),
    /// Child's object, relation and number.
    ImplicitParent(u32, u32, u32),
    /// Relation, parent's number and how the parent is reached.
    ImplicitChild(u32, u32, Origin),
    Pool(u32),
}

impl Path {
    /// Whether a walk that stops at the first path shows this one with everything it yields.
    pub(crate) const fn is_whole(self) -> bool {
        match self {
            Self::Owner(_)
            | Self::Baseline
            | Self::RollUp(_, Cover::Owned | Cover::Unit, _)
            | Self::Dimension(_)
            | Self::ImplicitChild(..)
            | Self::Pool(_) => true,
            Self::Parent(..)
            | Self::RollUp(..)
            | Self::Rule(_)
            | Self::Share(_)
            | Self::Team
            | Self::ImplicitParent(..) => false,
        }
    }
}

/// How far a walk goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Stop where the visitor says so; a rule is named without saying how it reaches the subject.
    Fact,
    /// Every path in full.
    Paths,
}

/// A walk over the evidence on records of one object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach<'s> {
    pub(crate) subject: &'s Subject<'s>,
    pub(crate) object: u32,
    pub(crate) plan: &'s ObjectPlan,
    pub(crate) index: &'s RecordIndex,
    pub(crate) wanted: Rights,
    pub(crate) detail: Detail,
    pub(crate) standpoint: Standpoint<'s>,
}

/// The records below the one in question, along which the question came up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trail<'t> {
    record: (u32, u32),
    below: Option<&'t Trail<'t>>,
}

impl Trail<'_> {
    fn passes(&self, record: (u32, u32)) -> bool {
        self.record == record || self.below.is_some_and(|below| below.passes(record))
    }
    fn length(&self) -> usize {
        1 + self.below.map_or(0, Trail::length)
    }
}

/// What a visitor says: go on, or enough.
pub(crate) type Enough = bool;

impl<'s> Reach<'s> {
    pub(crate) fn new(
        subject: &'s Subject<'s>,
        object: u32,
        wanted: Rights,
        detail: Detail,
    ) -> Self {
        let engine = subject.engine;
        Self {
            subject,
            object,
            plan: engine.compiled.object(object),
            index: engine.index(object),
            wanted,
            detail,
            standpoint: subject.standpoint(),
        }
    }

    /// What the baseline gives to the subject, if it is not controlled by a parent.
    pub(crate) fn baseline(&self) -> BaselinePlan {
        match self.subject.kind {
            UserKind::Internal | UserKind::Integration => self.plan.internal,
            UserKind::External => self.plan.external,
            UserKind::Guest => BaselinePlan::Rights(Rights::NONE),
        }
    }

    /// The union of the evidence, as far as it is wanted.
    pub(crate) fn rights(&self, position: u32, trail: Option<&Trail<'_>>) -> Rights {
        let mut rights = Rights::NONE;
        self.walk(position, trail, &mut |_, found| {
            rights |= found;
            rights & self.wanted == self.wanted
        });
        rights
    }

    /// Shows every path that yields something wanted to `see`, until it has enough.
    #[inline]
    pub(crate) fn walk(
        &self,
        position: u32,
        trail: Option<&Trail<'_>>,
        see: &mut impl FnMut(Path, Rights) -> Enough,
    ) -> Enough {
        if let BaselinePlan::Rights(rights) = self.baseline()
            && self.wants(rights)
            && see(Path::Baseline, rights)
        {
            return true;
        }
        let header = self.index.header(position);
        self.direct(position, header, see)
            || self.pool(header, see)
            || self.parent(position, trail, see)
            || (!self.plan.relations.is_empty() && self.implicit_child(position, see))
            || (!self.plan.opened_by.is_empty() && self.implicit_parent(position, see))
    }

    #[inline]
    fn wants(&self, rights: Rights) -> bool {
        !(rights & self.wanted).is_none()
    }

    /// Owner, roll-up, rule, share, team and dimension.
    #[inline]
    fn direct(
        &self,
        position: u32,
        header: &Header,
        see: &mut impl FnMut(Path, Rights) -> Enough,
    ) -> Enough {
        let owners = self.index.owners(position, header);
        if self.owned(owners, see) {
            return true;
        }
        let attributes = self.index.attributes_of(header);
        if self.ruled(position, attributes, owners, see) {
            return true;
        }
        for entry in self.index.shares_of(position, header) {
            if self.shared(*entry, see) {
                return true;
            }
        }
        self.tagged(attributes, see) || self.unit_rolled(attributes, owners, see)
    }

    #[inline]
    fn owned(&self, owners: &[OwnerCode], see: &mut impl FnMut(Path, Rights) -> Enough) -> Enough {
        for owner in owners {
            let mine = if owner.is_user() {
                owner.0 == self.standpoint.user
            } else {
                self.standpoint.is_in(owner.number())
            };
            if mine && self.wants(Rights::FULL) && see(Path::Owner(*owner), Rights::FULL) {
                return true;
            }
        }
        if self.plan.roll_ups.is_empty() || self.standpoint.placed.is_empty() {
            return false;
        }
        let compiled = &self.subject.engine.compiled;
        for owner in owners {
            for roll_up in &self.plan.roll_ups {
                if !compiled.roll_ups[*roll_up as usize].covers(Cover::Owned) {
                    continue;
                }
                let rights =
                    compiled.gain_from(*roll_up, owner.who(), &self.standpoint) & Rights::FULL;
                if self.wants(rights)
                    && see(Path::RollUp(*roll_up, Cover::Owned, Origin::Owner(*owner)), rights)
                {
                    return true;
                }
            }
        }
        false
    }

    /// Whether a rule's time has come and its live condition holds on the record.
    fn holds_live(&self, rule: u32, position: u32) -> bool {
        let plan = &self.subject.engine.compiled.rules[rule as usize];
        if self.plan.timed.has(rule) && !plan.is_in_force(self.subject.at.0) {
            return false;
        }
        if !self.plan.live.has(rule) {
            return true;
        }
        let facts = SubjectFacts { subject: self.subject, record: Some((self.object, position)) };
        plan.when.as_ref().is_some_and(|when| when.evaluate(&facts) == Truth::True)
    }

    /// Shows each rule that covers the record, is in force and may give the subject something wanted.
    #[inline]
    fn each_rule(
        &self,
        position: u32,
        attributes: &Attributes,
        owners: &[OwnerCode],
        found: &mut impl FnMut(u32) -> Enough,
    ) -> Enough {
        if self.plan.rules.is_empty() {
            return false;
        }
        let word = |words: &[u64], at: usize| words.get(at).copied().unwrap_or(0);
        let rows = &self.subject.rules;
        let wanted = self.wanted.bits();
        let single = wanted.is_power_of_two().then(|| &rows[wanted.trailing_zeros() as usize]);
        // The owner's row is looked up only where some rule could matter.
        let mut owner_row = None;
        for (at, covered) in attributes.rules.words().iter().enumerate() {
            let mine = match single {
                Some(row) => word(row.words(), at),
                None => self
                    .wanted
                    .iter()
                    .fold(0, |mine, right| mine | word(rows[right as usize].words(), at)),
            };
            let mut hits = covered & mine;
            if hits == 0 {
                continue;
            }
            let (by_owner, by_unit) = &**owner_row.get_or_insert_with(|| self.owner_row(owners));
            hits &= word(self.plan.any_owner.words(), at) | word(by_owner.words(), at);
            hits &= !word(self.plan.unit_by_owner.words(), at) | word(by_unit.words(), at);
            if let Some(disabled) = &self.subject.disabled_rules {
                hits &= !word(disabled.words(), at);
            }
            for bit in OnesOf(hits) {
                let rule = crate::dense::to_u32(at) * 64 + bit;
                if self.holds_live(rule, position) && found(rule) {
                    return true;
                }
            }
        }
        false
    }

    /// Rules that cover records of these owners: by owner, by unit.
    fn owner_row(&self, owners: &[OwnerCode]) -> Cow<'s, (Bits, Bits)> {
        let people = &self.subject.engine.compiled.people;
        match owners {
            [owner] if owner.is_user() => {
                Cow::Borrowed(people.owner_rows.row(people.owner_row[owner.0 as usize]))
            }
            [group] => {
                let row = people.group_owner_row[group.number() as usize];
                Cow::Borrowed(people.owner_rows.row(row))
            }
            several => Cow::Owned(self.joined_rows(several)),
        }
    }

    fn joined_rows(&self, owners: &[OwnerCode]) -> (Bits, Bits) {
        let people = &self.subject.engine.compiled.people;
        let mut joined = (Bits::default(), Bits::default());
        for owner in owners {
            let row = people.owner_rows.row(if owner.is_user() {
                people.owner_row[owner.0 as usize]
            } else {
                people.group_owner_row[owner.number() as usize]
            });
            joined.0.or(&row.0);
            joined.1.or(&row.1);
        }
        joined
    }

    #[inline]
    fn ruled(
        &self,
        position: u32,
        attributes: &Attributes,
        owners: &[OwnerCode],
        see: &mut impl FnMut(Path, Rights) -> Enough,
    ) -> Enough {
        self.each_rule(position, attributes, owners, &mut |rule| {
            let plan = &self.subject.engine.compiled.rules[rule as usize];
            if self.detail == Detail::Fact {
                let mut rights = Rights::NONE;
                for right in self.wanted.iter() {
                    if self.subject.rules[right as usize].has(rule) {
                        rights = rights.with(right);
                    }
                }
                return see(Path::Rule(rule), rights);
            }
            let compiled = &self.subject.engine.compiled;
            if self.standpoint.is_named_by_any(&plan.to, &compiled.trees)
                && self.wants(plan.rights)
                && see(Path::Rule(rule), plan.rights)
            {
                return true;
            }
            plan.include_superiors
                && self.plan.roll_ups.iter().any(|roll_up| {
                    let rights = compiled.rule_gain(*roll_up, plan, &self.standpoint) & plan.rights;
                    self.wants(rights)
                        && see(Path::RollUp(*roll_up, Cover::Ruled, Origin::Rule(rule)), rights)
                })
        })
    }

    #[inline]
    fn shared(&self, entry: ShareEntry, see: &mut impl FnMut(Path, Rights) -> Enough) -> Enough {
        let given = self.index.given.row(entry.given);
        if given.ends <= self.subject.at.0 || !self.wants(given.rights) {
            return false;
        }
        let compiled = &self.subject.engine.compiled;
        let is_team = entry.who.kind() == Who::TEAM;
        if self.standpoint.is_named_by(entry.who, &compiled.trees) {
            let path = if is_team { Path::Team } else { Path::Share(entry.who) };
            if see(path, given.rights) {
                return true;
            }
        }
        let (cover, origin) = if is_team {
            (Cover::Team, Origin::Team(entry.who.number()))
        } else {
            (Cover::Shared, Origin::Share(entry.who))
        };
        for roll_up in &self.plan.roll_ups {
            if !compiled.roll_ups[*roll_up as usize].covers(cover) {
                continue;
            }
            let rights = compiled.gain_from(*roll_up, entry.who, &self.standpoint) & given.rights;
            if self.wants(rights) && see(Path::RollUp(*roll_up, cover, origin), rights) {
                return true;
            }
        }
        false
    }

    /// What a tag gives to somebody who stands at or above it.
    fn tag_rights(&self, tag: u32) -> Option<Rights> {
        let trees = &self.subject.engine.compiled.trees;
        let rights = self.plan.dimension(trees.tree[tag as usize])?;
        let above =
            self.standpoint.placed.iter().any(|placed| placed.node <= tag && tag < placed.end);
        above.then(|| trees.level(tag, &self.plan.id).unwrap_or(rights))
    }

    #[inline]
    fn tagged(
        &self,
        attributes: &Attributes,
        see: &mut impl FnMut(Path, Rights) -> Enough,
    ) -> Enough {
        attributes.tags.iter().any(|tag| match self.tag_rights(*tag) {
            Some(rights) => self.wants(rights) && see(Path::Dimension(*tag), rights),
            None => false,
        })
    }

    #[inline]
    fn unit_rolled(
        &self,
        attributes: &Attributes,
        owners: &[OwnerCode],
        see: &mut impl FnMut(Path, Rights) -> Enough,
    ) -> Enough {
        let compiled = &self.subject.engine.compiled;
        for roll_up in &self.plan.roll_ups {
            let plan = &compiled.roll_ups[*roll_up as usize];
            if !plan.covers(Cover::Unit) {
                continue;
            }
            for unit in self.units(attributes, owners) {
                let mut rights = Rights::NONE;
                for placed in self.standpoint.placed.iter().filter(|placed| plan.lifts(placed)) {
                    rights |= plan.gain(placed, unit, compiled.trees.depth[unit as usize]);
                }
                let rights = rights & Rights::FULL;
                if self.wants(rights)
                    && see(Path::RollUp(*roll_up, Cover::Unit, Origin::Unit(unit)), rights)
                {
                    return true;
                }
            }
        }
        false
    }

    /// The units of a record.
    pub(crate) fn units(&self, attributes: &Attributes, owners: &[OwnerCode]) -> Vec<u32> {
        if !self.plan.owner_units {
            return crate::compile::some(attributes.unit).into_iter().collect();
        }
        self.units_of_owners(owners)
    }

    /// The units where owners stand.
    pub(crate) fn units_of_owners(&self, owners: &[OwnerCode]) -> Vec<u32> {
        let compiled = &self.subject.engine.compiled;
        let mut units = Vec::new();
        for owner in owners {
            if owner.is_user() {
                units.extend(compiled.own_units(&compiled.people.placed[owner.0 as usize]));
            } else {
                units.extend(crate::compile::some(compiled.groups.unit[owner.number() as usize]));
            }
        }
        units.sort_unstable();
        units.dedup();
        units
    }

    fn pool(&self, header: &Header, see: &mut impl FnMut(Path, Rights) -> Enough) -> Enough {
        if self.plan.pools.is_empty() {
            return false;
        }
        let pool = self.index.attributes_of(header).pool;
        if pool == NONE {
            return false;
        }
        let plan = &self.subject.engine.compiled.pools[pool as usize];
        let mut rights = Rights::NONE;
        if self.subject.is_named_by_any(&plan.admins) {
            rights |= Rights::FULL.with(Right::Claim);
        }
        if header.owner == OwnerCode::NOBODY && self.subject.is_named_by_any(&plan.members) {
            rights |= plan.member_rights;
        }
        self.wants(rights) && see(Path::Pool(pool), rights)
    }

    fn parent(
        &self,
        position: u32,
        trail: Option<&Trail<'_>>,
        see: &mut impl FnMut(Path, Rights) -> Enough,
    ) -> Enough {
        let BaselinePlan::Parent(relation) = self.baseline() else { return false };
        let Some(link) = self.plan.relations.get(relation as usize) else { return false };
        let Some(parent) = self.index.parent(relation, position) else { return false };
        if link.parent == NONE {
            return false;
        }
        let Some(at) = self.subject.engine.index(link.parent).position(parent) else {
            return false;
        };
        let here = Trail { record: (self.object, position), below: trail };
        if here.passes((link.parent, at)) || here.length() > LIMITS.depth_max {
            return false;
        }
        let wanted =
            if self.detail == Detail::Paths { Rights::from_bits(u8::MAX) } else { self.wanted };
        let rights = level(self.subject, (link.parent, at), wanted, Some(&here));
        self.wants(rights) && see(Path::Parent(relation, parent), rights)
    }
}
