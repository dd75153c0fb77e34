//! Where records that a subject may reach are to be found: blocks, lists and postings that together
//! hold every record which [`crate::lens::Lens::passes`].

use crate::compile::Who;
use crate::dense::{Bits, NONE, OnesOf, to_u32};
use crate::index::{OwnerCode, Posting, RecordIndex, Targets};
use crate::lens::Lens;
use crate::model::{Cover, Right, Rights};
use crate::reach::Reach;

/// Takes sources; `sure` ones hold only records that pass stage 3.
pub(super) trait Sink<'i> {
    /// Positions of one owner, in the main order; positions in the holes of the index do not count.
    fn block(&mut self, from: u32, to: u32, sure: bool);
    /// Single positions, in the main order.
    fn list(&mut self, positions: &'i [u32], sure: bool);
    /// Positions by attributes.
    fn posting(&mut self, posting: &'i Posting, sure: bool);
}

/// Whether sources can hold everything, or every record has to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bounded {
    Yes,
    No,
}

/// Shows `sink` sources that together hold every record that passes stage 3 of the lens.
pub(super) fn sources<'s>(lens: &Lens<'s>, sink: &mut impl Sink<'s>) -> Bounded {
    let index = lens.reach.index;
    let finder = Finder::new(lens, index.shared(), index.shares_are_plain(lens.right));
    if finder.bounded() == Bounded::Yes {
        finder.by_place(sink);
        finder.by_rules(sink);
        finder.by_name(sink);
    }
    finder.bounded()
}

/// Finds the sources of one lens, in three parts that together are all of them.
pub(super) struct Finder<'f, 's> {
    lens: &'f Lens<'s>,
    reach: &'f Reach<'s>,
    index: &'s RecordIndex,
    /// Records by the principals with whom they are shared.
    targets: &'s Targets,
    /// Whether everything in them gives the right at the instant.
    plain: bool,
}

impl<'f, 's> Finder<'f, 's> {
    pub(super) const fn new(lens: &'f Lens<'s>, targets: &'s Targets, plain: bool) -> Self {
        Self { lens, reach: &lens.reach, index: lens.reach.index, targets, plain }
    }

    pub(super) fn bounded(&self) -> Bounded {
        if self.lens.covers_all_at_reach() || self.is_unbounded() {
            Bounded::No
        } else {
            Bounded::Yes
        }
    }

    fn asks_for_evidence(&self) -> bool {
        self.lens.asks_reach() || self.lens.group_only().next().is_some()
    }

    /// What follows from where the subject stands and from grants that ask for no evidence: the same for everybody of
    /// one kind who stands at the same places and has the same such grants.
    pub(super) fn by_place(&self, sink: &mut impl Sink<'s>) {
        self.wide(sink);
        if self.asks_for_evidence() {
            let sure = self.lens.asks_reach();
            self.rolled_up(sink, sure);
            self.shared_with_places(sink, sure);
            self.attributed(sink);
        }
    }

    /// What rules show.
    pub(super) fn by_rules(&self, sink: &mut impl Sink<'s>) {
        if self.asks_for_evidence() {
            self.ruled(sink, self.lens.asks_reach());
        }
    }

    /// What the subject, and their groups, own and were given.
    pub(super) fn by_name(&self, sink: &mut impl Sink<'s>) {
        if self.asks_for_evidence() {
            let sure = self.lens.asks_reach();
            self.owned(sink, sure);
            self.shared_with_names(sink, sure);
        }
    }

    /// Paths over other records are not enumerated from here.
    fn is_unbounded(&self) -> bool {
        let plan = self.reach.plan;
        let by_parent = matches!(self.reach.baseline(), crate::compile::BaselinePlan::Parent(_));
        by_parent
            || self.lens.right == Right::Read && !plan.opened_by.is_empty()
            || plan.relations.iter().any(|relation| relation.implicit_child)
    }

    fn right_in(&self, rights: Rights) -> bool {
        rights.has(self.lens.right)
    }

    fn own_everything(&self, owner: OwnerCode, sink: &mut impl Sink<'s>, sure: bool) {
        let ((from, to), loose) = self.index.owned_by(owner);
        sink.block(from, to, sure);
        sink.list(loose, sure);
    }

    /// Unit scopes and records without owner.
    fn wide(&self, sink: &mut impl Sink<'s>) {
        let row = self.lens.row();
        let bit = self.lens.bit();
        if row.unassigned & bit != 0 {
            self.own_everything(OwnerCode::NOBODY, sink, true);
        }
        if row.any_unit & bit == 0 {
            return;
        }
        let compiled = &self.lens.subject.engine.compiled;
        if self.reach.plan.owner_units {
            for grant in row.units.iter().filter(|grant| grant.actions & bit != 0) {
                let end = if grant.below {
                    compiled.trees.end[grant.node as usize]
                } else {
                    grant.node + 1
                };
                for node in grant.node..end {
                    for user in &compiled.people.at_node[node as usize] {
                        self.own_everything(OwnerCode::user(*user), sink, true);
                    }
                }
            }
            for (group, unit) in (0u32..).zip(&compiled.groups.unit) {
                let held = crate::reach::unit_scope(self.reach, row, bit, &[*unit]).is_some();
                if *unit != NONE && held {
                    self.own_everything(OwnerCode::group(group), sink, true);
                }
            }
            return;
        }
        for (attributes, posting) in
            self.index.attributes.rows().iter().zip(&self.index.by_attributes)
        {
            let units = [attributes.unit];
            if attributes.unit != NONE
                && crate::reach::unit_scope(self.reach, row, bit, &units).is_some()
            {
                sink.posting(posting, true);
            }
        }
    }

    fn owned(&self, sink: &mut impl Sink<'s>, sure: bool) {
        let subject = self.lens.subject;
        if !self.right_in(Rights::FULL) {
            return;
        }
        self.own_everything(OwnerCode::user(subject.user), sink, sure);
        for group in subject.groups.iter() {
            self.own_everything(OwnerCode::group(*group), sink, sure);
        }
    }

    /// What those own from whom it flows up to the subject.
    fn rolled_up(&self, sink: &mut impl Sink<'s>, sure: bool) {
        let subject = self.lens.subject;
        let compiled = &subject.engine.compiled;
        if !self.right_in(Rights::FULL) {
            return;
        }
        for roll_up in &self.reach.plan.roll_ups {
            let plan = &compiled.roll_ups[*roll_up as usize];
            if !plan.covers(Cover::Owned) {
                continue;
            }
            for placed in subject.placed.iter().filter(|placed| plan.lifts(placed)) {
                for node in placed.node..placed.end {
                    let depth = compiled.trees.depth[node as usize];
                    if !self.right_in(plan.gain(placed, node, depth)) {
                        continue;
                    }
                    for user in &compiled.people.at_node[node as usize] {
                        self.own_everything(OwnerCode::user(*user), sink, sure);
                    }
                }
                for group in 0..to_u32(compiled.groups.unit.len()) {
                    if self.right_in(compiled.groups.gain(*roll_up as usize, group, placed.node)) {
                        self.own_everything(OwnerCode::group(group), sink, sure);
                    }
                }
            }
        }
    }

    /// Lists of the subject and their groups. Unless all of them are plain they are not sure: a share may have ended or
    /// give another right.
    fn shared_with_names(&self, sink: &mut impl Sink<'s>, sure: bool) {
        let subject = self.lens.subject;
        let sure = sure && self.plain;
        let mut show = |who: Who| sink.list(self.targets.list(who), sure);
        show(Who::new(Who::USER, subject.user));
        show(Who::new(Who::TEAM, subject.user));
        for group in subject.groups.iter() {
            show(Who::new(Who::GROUP, *group));
        }
    }

    /// Lists of principals that name the subject by place or kind, and of those whose holdings flow to it.
    fn shared_with_places(&self, sink: &mut impl Sink<'s>, sure: bool) {
        let subject = self.lens.subject;
        let compiled = &subject.engine.compiled;
        let sure = sure && self.plain;
        let standpoint = subject.standpoint();
        let mut show = |who: Who| sink.list(self.targets.list(who), sure);
        for placed in subject.placed.iter() {
            show(Who::new(Who::NODE, placed.node));
            for above in compiled.trees.up(placed.node) {
                show(Who::new(Who::BELOW, above));
            }
        }
        for who in self.targets.others(Who::ABOVE, Who::TEAM) {
            if standpoint.is_named_by(who, &compiled.trees) {
                show(who);
            }
        }
        for roll_up in &self.reach.plan.roll_ups {
            self.shared_below(*roll_up, sink, sure);
        }
    }

    fn shared_below(&self, roll_up: u32, sink: &mut impl Sink<'s>, sure: bool) {
        let subject = self.lens.subject;
        let compiled = &subject.engine.compiled;
        let plan = &compiled.roll_ups[roll_up as usize];
        let (shares, team) = (plan.covers(Cover::Shared), plan.covers(Cover::Team));
        if !shares && !team {
            return;
        }
        for placed in subject.placed.iter().filter(|placed| plan.lifts(placed)) {
            for node in placed.node..placed.end {
                let depth = compiled.trees.depth[node as usize];
                let from_subtree = plan.gain_from_subtree(placed, node, &compiled.trees);
                if shares && self.right_in(from_subtree) {
                    sink.list(self.targets.list(Who::new(Who::BELOW, node)), sure);
                }
                if !self.right_in(plan.gain(placed, node, depth)) {
                    continue;
                }
                if shares {
                    sink.list(self.targets.list(Who::new(Who::NODE, node)), sure);
                }
                for user in &compiled.people.at_node[node as usize] {
                    if shares {
                        sink.list(self.targets.list(Who::new(Who::USER, *user)), sure);
                    }
                    if team {
                        sink.list(self.targets.list(Who::new(Who::TEAM, *user)), sure);
                    }
                }
            }
            if !shares {
                continue;
            }
            for above in compiled.trees.up(placed.node) {
                if self.right_in(plan.gain_from_subtree(placed, above, &compiled.trees)) {
                    sink.list(self.targets.list(Who::new(Who::BELOW, above)), sure);
                }
            }
            for group in 0..to_u32(compiled.groups.unit.len()) {
                if self.right_in(compiled.groups.gain(roll_up as usize, group, placed.node)) {
                    sink.list(self.targets.list(Who::new(Who::GROUP, group)), sure);
                }
            }
        }
    }

    fn ruled(&self, sink: &mut impl Sink<'s>, sure: bool) {
        let subject = self.lens.subject;
        let compiled = &subject.engine.compiled;
        let plan = self.reach.plan;
        let mine = &subject.rules[self.lens.right as usize];
        let mut by_attributes = Bits::new(compiled.rules.len());
        let mut settled = Bits::new(compiled.rules.len());
        for rule in plan.rules.iter().filter(|rule| mine.has(**rule)) {
            let model = &compiled.rules[*rule as usize];
            if subject.disabled_rules.as_ref().is_some_and(|disabled| disabled.has(*rule)) {
                continue;
            }
            let exact = sure && !plan.timed.has(*rule) && !plan.live.has(*rule);
            if model.any_owner && !plan.unit_by_owner.has(*rule) {
                by_attributes.set(*rule);
                settled.put(*rule, exact);
                continue;
            }
            let exact = exact && model.is_by_owner_alone();
            let owners =
                if model.any_owner { None } else { Some(&compiled.rule_owners[*rule as usize]) };
            match owners {
                Some((users, groups)) => {
                    for user in users.iter() {
                        self.own_everything(OwnerCode::user(user), sink, exact);
                    }
                    for group in groups {
                        self.own_everything(OwnerCode::group(*group), sink, exact);
                    }
                }
                // Units come from the owners: look at everything that the rule's other parts hold.
                None => by_attributes.set(*rule),
            }
        }
        if by_attributes.count() == 0 {
            return;
        }
        for (attributes, posting) in
            self.index.attributes.rows().iter().zip(&self.index.by_attributes)
        {
            let (mut hit, mut certain) = (false, false);
            for (at, word) in attributes.rules.words().iter().enumerate() {
                for bit in OnesOf(word & by_attributes.words().get(at).copied().unwrap_or(0)) {
                    hit = true;
                    certain |= settled.has(to_u32(at) * 64 + bit);
                }
            }
            if hit && posting.len() > 0 {
                sink.posting(posting, certain);
            }
        }
    }

    /// Dimensions, pools and unit roll-ups: by attributes, one check decides.
    fn attributed(&self, sink: &mut impl Sink<'s>) {
        let plan = self.reach.plan;
        let compiled = &self.lens.subject.engine.compiled;
        let unit_roll_up = plan
            .roll_ups
            .iter()
            .any(|roll_up| compiled.roll_ups[*roll_up as usize].covers(Cover::Unit));
        if plan.owner_units && unit_roll_up {
            for roll_up in &plan.roll_ups {
                let roll_up = &compiled.roll_ups[*roll_up as usize];
                for placed in self.lens.subject.placed.iter().filter(|placed| roll_up.lifts(placed))
                {
                    for node in placed.node..placed.end {
                        for user in &compiled.people.at_node[node as usize] {
                            self.own_everything(OwnerCode::user(*user), sink, false);
                        }
                    }
                }
            }
            for group in 0..to_u32(compiled.groups.unit.len()) {
                self.own_everything(OwnerCode::group(group), sink, false);
            }
        }
        if plan.dimensions.is_empty() && plan.pools.is_empty() && !unit_roll_up {
            return;
        }
        for (attributes, posting) in
            self.index.attributes.rows().iter().zip(&self.index.by_attributes)
        {
            let tagged = !attributes.tags.is_empty() && !plan.dimensions.is_empty();
            let in_unit = attributes.unit != NONE && unit_roll_up;
            if tagged || in_unit || attributes.pool != NONE {
                sink.posting(posting, false);
            }
        }
    }
}
