//! Positions of records by the principal they are shared with.

use super::{GONE, Given, RecordIndex};
use crate::compile::Who;
use crate::model::{Moment, Right};
use std::collections::BTreeMap;

/// One list for each principal; users and team members by number, the few others by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Targets {
    users: Vec<Vec<u32>>,
    team: Vec<Vec<u32>>,
    others: BTreeMap<Who, Vec<u32>>,
}

impl Targets {
    /// The list of a principal.
    #[inline]
    pub(crate) fn list(&self, who: Who) -> &[u32] {
        let list = match who.kind() {
            Who::USER => self.users.get(who.number() as usize),
            Who::TEAM => self.team.get(who.number() as usize),
            _ => self.others.get(&who),
        };
        list.map_or(&[], Vec::as_slice)
    }
    /// The list of a principal, to be changed.
    pub(super) fn list_mut(&mut self, who: Who) -> &mut Vec<u32> {
        let number = who.number() as usize;
        let lists = match who.kind() {
            Who::USER => &mut self.users,
            Who::TEAM => &mut self.team,
            _ => return self.others.entry(who).or_default(),
        };
        if lists.len() <= number {
            lists.resize_with(number + 1, Vec::new);
        }
        &mut lists[number]
    }
    pub(super) fn each_mut(&mut self) -> impl Iterator<Item = &mut Vec<u32>> {
        self.users.iter_mut().chain(&mut self.team).chain(self.others.values_mut())
    }
    /// Principals of the kinds from `first` up to but not including `end` that have a list.
    pub(crate) fn others(&self, first: u32, end: u32) -> impl Iterator<Item = Who> + '_ {
        self.others.range(Who::new(first, 0)..Who::new(end, 0)).map(|(who, _)| *who)
    }
    pub(super) fn bytes(&self) -> usize {
        let lists = self.users.iter().chain(&self.team).chain(self.others.values());
        lists.map(|list| list.capacity() * 4 + size_of::<Vec<u32>>()).sum()
    }
}

impl RecordIndex {
    /// Records shared with each principal, those alone whose share gives a right at an instant; in no order that matters.
    ///
    /// Cost: a look at every share.
    pub(crate) fn narrowed(&self, right: Right, at: Moment) -> Targets {
        let mut narrowed = Targets::default();
        let gives = |given: &Given| given.ends > at.0 && given.rights.has(right);
        if !self.given.rows().iter().any(gives) {
            return narrowed;
        }
        for (position, header) in (0u32..).zip(&self.headers) {
            if header.flags & GONE != 0 {
                continue;
            }
            for entry in self.shares_of(position, header) {
                if gives(self.given.row(entry.given)) {
                    narrowed.list_mut(entry.who).push(position);
                }
            }
        }
        narrowed
    }
}
