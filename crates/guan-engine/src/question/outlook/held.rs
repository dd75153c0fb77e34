//! What the policy shows one person after the other of one object and action: from one to the next only what differs is
//! marked anew.

use super::Outlook;
use super::marks::{Marking, Marks};
use crate::compile::{Placed, UnitGrant};
use crate::dense::Bits;
use crate::index::{LOCKED, RecordIndex};
use crate::lens::Lens;
use crate::model::UserKind;
use crate::question::source::{Bounded, Finder};
use std::sync::Arc;

/// Records that one side shows of one object and action by the policy.
///
/// The first layer of the marks follows from where somebody stands, the second from rules, the third is their own.
#[derive(Debug, Default)]
pub(super) struct Held {
    sure: Marks,
    /// What has to be looked at one by one.
    maybe: Marks,
    place: Option<Place>,
    rules: Option<Rules>,
    /// Whose third layer it is.
    user: Option<u32>,
}

/// All that the first layer depends on.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    kind: UserKind,
    placed: Box<[Placed]>,
    units: Vec<UnitGrant>,
    is_unassigned_granted: bool,
    asks_reach: bool,
    asks_groups: bool,
    /// Whether locks take records away; none where something else may, so that nothing is sure.
    locks: Option<bool>,
}

/// All that the second layer depends on beside.
#[derive(Debug, PartialEq, Eq)]
struct Rules {
    held: Bits,
    disabled: Option<Bits>,
}

impl Place {
    fn of(lens: &Lens<'_>) -> Self {
        let (subject, row, bit) = (lens.subject, lens.row(), lens.bit());
        let units = row.units.iter().filter(|grant| grant.actions & bit != 0);
        Self {
            kind: subject.kind,
            placed: subject.placed.as_ref().into(),
            units: units.map(|grant| UnitGrant { actions: bit, ..*grant }).collect(),
            is_unassigned_granted: row.unassigned & bit != 0,
            asks_reach: lens.asks_reach(),
            asks_groups: lens.group_only().next().is_some(),
            locks: lens.minds_locks_alone(),
        }
    }
}

impl Rules {
    fn of(lens: &Lens<'_>) -> Self {
        let subject = lens.subject;
        let held = subject.rules.get(lens.right as usize).cloned().unwrap_or_default();
        Self { held, disabled: subject.disabled_rules.clone() }
    }
}

impl Held {
    /// The records that the lens of the policy shows, which is not everything.
    pub(super) fn gather(&mut self, lens: &Lens<'_>, outlook: &Outlook<'_>) -> &Marks {
        let user = lens.subject.user;
        if self.user == Some(user) {
            return &self.sure;
        }
        self.user = Some(user);
        let index = lens.reach.index;
        let plain = index.shares_are_plain(lens.right);
        let targets =
            if plain { index.shared() } else { outlook.narrowed(lens.object, lens.right) };
        let finder = Finder::new(lens, targets, true);
        if finder.bounded() == Bounded::No {
            self.look_at_all(lens);
            return &self.sure;
        }
        let place = Place::of(lens);
        let settled = place.locks.is_some();
        if self.place.as_ref() != Some(&place) {
            let barred = if place.locks == Some(true) {
                outlook.locked(lens.object)
            } else {
                Arc::default()
            };
            self.sure.start_without(index, barred);
            self.maybe.start(index);
            finder.by_place(&mut self.marking(index, settled));
            self.end_layer();
            (self.place, self.rules) = (Some(place), None);
        }
        let rules = Rules::of(lens);
        if self.rules.as_ref() != Some(&rules) {
            self.back_to(1);
            finder.by_rules(&mut self.marking(index, settled));
            self.end_layer();
            self.rules = Some(rules);
        }
        self.back_to(2);
        finder.by_name(&mut self.marking(index, settled));
        for position in self.maybe.each() {
            if !self.sure.has(position) && lens.passes(position) {
                self.sure.mark(position);
            }
        }
        &self.sure
    }

    /// Where paths over other records decide, or locks alone take something from all.
    fn look_at_all(&mut self, lens: &Lens<'_>) {
        let index = lens.reach.index;
        (self.place, self.rules) = (None, None);
        self.sure.start(index);
        let has_all = lens.covers_all_at_reach() && lens.minds_locks_alone().is_some();
        let is_unlocked = |position: &u32| index.header(*position).flags & LOCKED == 0;
        let shows = |position: &u32| {
            if has_all { is_unlocked(position) } else { lens.passes(*position) }
        };
        let alive = (0..index.positions()).filter(|position| index.is_alive(*position));
        alive.filter(shows).for_each(|position| self.sure.mark(position));
    }

    const fn marking<'m>(&'m mut self, index: &'m RecordIndex, settled: bool) -> Marking<'m> {
        Marking { index, sure: &mut self.sure, maybe: &mut self.maybe, settled }
    }
    fn end_layer(&mut self) {
        self.sure.end_layer();
        self.maybe.end_layer();
    }
    fn back_to(&mut self, layers: usize) {
        self.sure.back_to(layers);
        self.maybe.back_to(layers);
    }
}
