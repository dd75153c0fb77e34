//! A user changed in place: what follows from new places, groups or kind, without a new compilation.

use super::people::{RuleRow, places};
use super::{Compiled, Who};
use crate::model::Policy;
use std::collections::BTreeSet;

impl Compiled {
    /// Takes over a user as `policy` now has it. The user was there before.
    pub(crate) fn change_user(&mut self, policy: &Policy, user: u32) {
        let Some(model) = policy.users.get(self.directory.users.name(user)) else { return };
        let at = user as usize;
        let placed = places(model, &self.trees);
        let before = self.people.place(user, placed);
        self.people.kind[at] = model.kind;
        self.people.active[at] = model.active;
        for place in &before {
            self.people.at_node[place.node as usize].retain(|other| *other != user);
        }
        for place in self.people.placed[at].clone() {
            let users = &mut self.people.at_node[place.node as usize];
            if let Err(place) = users.binary_search(&user) {
                users.insert(place, user);
            }
        }
        let touched_groups = self.change_groups(user, &before);
        self.change_assignments(policy, user);
        self.people.grants[at] = self.settle_grants(policy, user);
        let wide: Vec<bool> = (0..crate::dense::to_u32(self.objects.len()))
            .map(|object| self.gives_wide_read(user, object))
            .collect();
        for (readers, wide) in self.wide_readers.iter_mut().zip(wide) {
            readers.put(user, wide);
        }
        self.change_owned(user);
        let mut nodes: BTreeSet<u32> = BTreeSet::new();
        for place in before.iter().chain(&self.people.placed[at]) {
            nodes.extend(self.trees.up(place.node));
        }
        self.change_rules(user, &touched_groups, &nodes);
    }

    /// Membership in groups; returns the groups with superiors whose members' places changed.
    fn change_groups(&mut self, user: u32, before: &[super::Placed]) -> Vec<u32> {
        let at = user as usize;
        let kind = self.people.kind[at];
        let joined = self.groups.joined(user, kind, &self.people.placed[at], &self.trees);
        let left =
            std::mem::replace(&mut self.people.groups[at], joined.clone().into_boxed_slice());
        let mut touched: BTreeSet<u32> = BTreeSet::new();
        for (groups, placed, joins) in
            [(left.as_ref(), before, false), (joined.as_slice(), &*self.people.placed[at], true)]
        {
            for group in groups {
                self.groups.members[*group as usize].put(user, joins);
                if !self.groups.include_superiors[*group as usize] {
                    continue;
                }
                let counts = &mut self.groups.placed[*group as usize];
                for place in placed {
                    let count = counts.entry(place.node).or_default();
                    *count = if joins { *count + 1 } else { count.saturating_sub(1) };
                    if *count == 0 {
                        counts.remove(&place.node);
                    }
                    touched.insert(*group);
                }
            }
        }
        for (plan, superiors) in self.roll_ups.iter().zip(&mut self.groups.superiors) {
            for group in &touched {
                let nodes = self.groups.placed[*group as usize].keys();
                superiors[*group as usize] = plan.gains_above(nodes, &self.trees);
            }
        }
        touched.into_iter().collect()
    }

    fn change_assignments(&mut self, policy: &Policy, user: u32) {
        let standpoint = self.people.standpoint(user);
        let mine = self.people.assignments[user as usize].iter().copied().filter(|number| {
            let to =
                self.assignment(policy, *number).and_then(|assignment| self.who(&assignment.to));
            to == Some(Who::new(Who::USER, user))
        });
        let shared = self.shared_assignments.iter().filter_map(|(number, who)| {
            standpoint.is_named_by(*who, &self.trees).then_some(*number)
        });
        let mut all: Vec<u32> = mine.chain(shared).collect();
        all.sort_unstable();
        self.people.assignments[user as usize] = all.into_boxed_slice();
    }

    fn change_owned(&mut self, user: u32) {
        let standpoint = self.people.standpoint(user);
        let row = self.owner_row_of(&standpoint);
        let named: Vec<bool> = self
            .rules
            .iter()
            .map(|rule| standpoint.is_named_by_any(&rule.owned_by, &self.trees))
            .collect();
        for ((users, _), named) in self.rule_owners.iter_mut().zip(named) {
            users.put(user, named);
        }
        self.people.owner_row[user as usize] = self.people.owner_rows.add(row);
    }

    /// What rules give the user, and those above old and new places whom its moves concern.
    fn change_rules(&mut self, user: u32, groups: &[u32], nodes: &BTreeSet<u32>) {
        let row = self.rule_row_of(&self.people.standpoint(user));
        self.put_rule_row(user, row);
        let concerned: Vec<u32> = (0u32..)
            .zip(&self.rules)
            .filter(|(_, rule)| {
                rule.include_superiors
                    && rule.to.iter().any(|who| match who.kind() {
                        Who::USER => who.number() == user,
                        Who::GROUP => groups.contains(&who.number()),
                        _ => false,
                    })
            })
            .map(|(number, _)| number)
            .collect();
        if concerned.is_empty() {
            return;
        }
        let others: BTreeSet<u32> = nodes
            .iter()
            .flat_map(|node| self.people.at_node[*node as usize].iter().copied())
            .filter(|other| *other != user)
            .collect();
        for other in others {
            let standpoint = self.people.standpoint(other);
            let known = self.people.rule_rows.row(self.people.rule_row[other as usize]);
            let mut changed: Option<RuleRow> = None;
            for rule in &concerned {
                let rights = self.rule_rights(&self.rules[*rule as usize], &standpoint);
                for right in crate::model::Right::ALL {
                    if known[right as usize].has(*rule) != rights.has(right) {
                        let row = changed.get_or_insert_with(|| known.clone());
                        row[right as usize].put(*rule, rights.has(right));
                    }
                }
            }
            if let Some(row) = changed {
                self.put_rule_row(other, row);
            }
        }
    }

    fn put_rule_row(&mut self, user: u32, row: RuleRow) {
        let before = self.people.rule_rows.row(self.people.rule_row[user as usize]).clone();
        for (before, after) in before.iter().zip(&row) {
            for rule in before.iter().chain(after.iter()) {
                let any = row.iter().any(|right| right.has(rule));
                self.rule_users[rule as usize].put(user, any);
            }
        }
        self.people.rule_row[user as usize] = self.people.rule_rows.add(row);
    }
}
