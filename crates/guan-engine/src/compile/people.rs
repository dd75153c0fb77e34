//! Users: where they stand, which groups they belong to, which sets and rules name them.

use super::{Directory, Groups, Placed, Standpoint, Trees, Who};
use crate::dense::{Bits, FastMap, Interned, NONE, Names, to_u32};
use crate::model::{Policy, Rights, TreeKind, UserId, UserKind};

/// What the rules give one standpoint: for each right a row of bits over the organization's rules.
pub(crate) type RuleRow = [Bits; 8];

/// All that decides what rules say of somebody whom none names alone.
type Stand = (UserKind, Box<[Placed]>, Box<[u32]>);

/// All users, numbered so that users below a node of the main tree follow each other.
#[derive(Clone, Debug)]
pub(crate) struct People {
    pub(crate) kind: Vec<UserKind>,
    pub(crate) active: Vec<bool>,
    pub(crate) placed: Vec<Box<[Placed]>>,
    /// The same, in one line of memory, for who stands at one place only.
    seats: Vec<Seat>,
    pub(crate) groups: Vec<Box<[u32]>>,
    /// Users placed at each node.
    pub(crate) at_node: Vec<Vec<u32>>,
    /// Assignments that name the user, sorted.
    pub(crate) assignments: Vec<Box<[u32]>>,
    /// Grants by number in the grant table; [`NONE`] where they depend on time or session.
    pub(crate) grants: Vec<u32>,
    /// What the rules give the user, as a number in `rule_rows`.
    pub(crate) rule_row: Vec<u32>,
    pub(crate) rule_rows: Interned<RuleRow>,
    /// Rules that cover what the user owns, as a number in `owner_rows`: by owner, by unit.
    pub(crate) owner_row: Vec<u32>,
    pub(crate) group_owner_row: Vec<u32>,
    pub(crate) owner_rows: Interned<(Bits, Bits)>,
}

/// Node and depth of a user with exactly one place; the node is [`NONE`] for everybody else.
#[derive(Clone, Copy, Debug)]
struct Seat {
    node: u32,
    depth: u8,
}

impl Seat {
    const fn of(placed: &[Placed]) -> Self {
        match placed {
            [only] => Self { node: only.node, depth: only.depth },
            _ => Self { node: NONE, depth: 0 },
        }
    }
}

/// Numbers the users: by the node where they stand in the first role tree (else the first tree),
/// then by id, so that a subtree is few ranges.
pub(super) fn order(policy: &Policy, trees: &Trees) -> Names<UserId> {
    let main = trees.kinds.iter().position(|kind| *kind == TreeKind::Role).unwrap_or(0);
    let mut users: Vec<(u32, &UserId)> = policy
        .users
        .iter()
        .map(|(id, user)| {
            let node = user
                .placements
                .iter()
                .filter_map(|placement| trees.nodes.find(&placement.node))
                .find(|node| usize::from(trees.tree[*node as usize]) == main);
            (node.unwrap_or(NONE), id)
        })
        .collect();
    users.sort_unstable();
    Names::of(users.iter().map(|(_, id)| *id))
}

impl People {
    pub(super) fn placed(policy: &Policy, directory: &Directory, trees: &Trees) -> Self {
        let length = directory.users.len();
        let mut all = Self {
            kind: Vec::with_capacity(length),
            active: Vec::with_capacity(length),
            placed: Vec::with_capacity(length),
            seats: Vec::with_capacity(length),
            groups: vec![Box::default(); length],
            at_node: vec![Vec::new(); trees.nodes.len()],
            assignments: vec![Box::default(); length],
            grants: vec![NONE; length],
            rule_row: vec![0; length],
            rule_rows: Interned::new(),
            owner_row: vec![0; length],
            group_owner_row: Vec::new(),
            owner_rows: Interned::new(),
        };
        for (number, id) in directory.users.iter() {
            let Some(user) = policy.users.get(id) else { continue };
            let placed = places(user, trees);
            for place in &placed {
                all.at_node[place.node as usize].push(number);
            }
            all.kind.push(user.kind);
            all.active.push(user.active);
            all.seats.push(Seat::of(&placed));
            all.placed.push(placed);
        }
        all
    }

    /// Puts a user at other places; returns those from before.
    pub(super) fn place(&mut self, user: u32, placed: Box<[Placed]>) -> Box<[Placed]> {
        self.seats[user as usize] = Seat::of(&placed);
        std::mem::replace(&mut self.placed[user as usize], placed)
    }

    /// Something of what a check reads of an owner, to have it near when it is read again.
    #[inline]
    pub(crate) fn touch(&self, user: u32) -> u32 {
        let (seat, row) = (self.seats.get(user as usize), self.owner_row.get(user as usize));
        seat.map_or(0, |seat| seat.node) ^ row.copied().unwrap_or(0)
    }

    /// Adds everybody whom a principal other than a group names.
    pub(crate) fn mark(&self, who: Who, trees: &Trees, users: &mut Bits) {
        let number = who.number();
        let mut at = |node: u32| {
            for user in &self.at_node[node as usize] {
                users.set(*user);
            }
        };
        match who.kind() {
            Who::USER => users.set(number),
            Who::NODE => at(number),
            Who::BELOW => (number..trees.end[number as usize]).for_each(at),
            Who::ABOVE => trees.up(number).skip(1).for_each(at),
            Who::PLACED => {
                (0u32..)
                    .zip(&trees.tree)
                    .filter(|(_, tree)| u32::from(**tree) == number)
                    .for_each(|(node, _)| at(node));
            }
            _ => {
                for user in 0..to_u32(self.kind.len()) {
                    let standpoint = Standpoint {
                        user,
                        kind: self.kind[user as usize],
                        placed: &[],
                        groups: &[],
                    };
                    if standpoint.is_named_by(who, trees) {
                        users.set(user);
                    }
                }
            }
        }
    }

    /// Fills the groups of every user from the members of every group.
    pub(super) fn join(&mut self, groups: &Groups) {
        let mut joined: Vec<Vec<u32>> = vec![Vec::new(); self.kind.len()];
        for (group, members) in (0u32..).zip(&groups.members) {
            for user in members.iter() {
                joined[user as usize].push(group);
            }
        }
        self.groups = joined.into_iter().map(Vec::into_boxed_slice).collect();
    }

    pub(crate) fn standpoint(&self, user: u32) -> Standpoint<'_> {
        Standpoint {
            user,
            kind: self.kind[user as usize],
            placed: &self.placed[user as usize],
            groups: &self.groups[user as usize],
        }
    }
}

/// The places of a user, sorted by node.
pub(crate) fn places(user: &crate::model::User, trees: &Trees) -> Box<[Placed]> {
    let mut placed: Vec<Placed> = user
        .placements
        .iter()
        .filter_map(|placement| {
            Some(trees.place(trees.nodes.find(&placement.node)?, placement.placed_as))
        })
        .collect();
    placed.sort_unstable();
    placed.into_boxed_slice()
}

impl super::Compiled {
    /// Which assignments name whom, and what follows from it for everybody.
    pub(super) fn assign_everybody(&mut self, policy: &Policy) {
        let mut named: Vec<Vec<u32>> = vec![Vec::new(); self.directory.users.len()];
        for (number, assignment) in (0u32..).zip(policy.assignments.values()) {
            let Some(who) = self.who(&assignment.to) else { continue };
            if who.kind() == Who::USER {
                named[who.number() as usize].push(number);
                continue;
            }
            self.shared_assignments.push((number, who));
            for user in self.users_of(who).iter() {
                named[user as usize].push(number);
            }
        }
        self.people.assignments = named.into_iter().map(Vec::into_boxed_slice).collect();
        let mut rule_rows: FastMap<Stand, u32> = FastMap::default();
        let named_users = self.users_named_by_rules();
        self.people.rule_rows.add(std::array::from_fn(|_| Bits::default()));
        for user in 0..to_u32(self.directory.users.len()) {
            self.people.grants[user as usize] = self.settle_grants(policy, user);
            let standpoint = self.people.standpoint(user);
            let key = (standpoint.kind, Box::from(standpoint.placed), Box::from(standpoint.groups));
            let known = rule_rows.get(&key).filter(|_| !named_users.has(user));
            let row = if let Some(row) = known {
                *row
            } else {
                let row = self.rule_row_of(&standpoint);
                let row = self.people.rule_rows.add(row);
                if !named_users.has(user) {
                    rule_rows.insert(key, row);
                }
                row
            };
            self.people.rule_row[user as usize] = row;
        }
        self.settle_owner_rows();
        self.settle_users();
    }

    /// The inverse tables: users by rule, and users with wide grants by object.
    fn settle_users(&mut self) {
        let length = self.directory.users.len();
        self.rule_users = vec![Bits::new(length); self.rules.len()];
        for user in 0..to_u32(length) {
            let row = self.people.rule_rows.row(self.people.rule_row[user as usize]);
            for right in row {
                for rule in right.iter() {
                    self.rule_users[rule as usize].set(user);
                }
            }
        }
        let read = 1 << super::number::READ;
        self.wide_readers =
            (0..to_u32(self.objects.len())).map(|object| self.wide_users(object, read)).collect();
    }

    /// Users for whom a grant of one of the actions may cover records whoever owns them.
    pub(crate) fn wide_users(&self, object: u32, actions: u64) -> Bits {
        let mut users = Bits::new(self.directory.users.len());
        for (user, grants) in (0u32..).zip(&self.people.grants) {
            if *grants == NONE || self.is_wide(*grants, object, actions) {
                users.set(user);
            }
        }
        users
    }

    pub(super) fn gives_wide_read(&self, user: u32, object: u32) -> bool {
        let grants = self.people.grants[user as usize];
        grants == NONE || self.is_wide(grants, object, 1 << super::number::READ)
    }

    fn is_wide(&self, grants: u32, object: u32, actions: u64) -> bool {
        let row = self.grants.row(self.grants.grants(grants).objects[object as usize]);
        (row.all | row.any_unit | row.unassigned) & actions != 0
    }

    /// Everybody whom a principal names.
    pub(crate) fn users_of(&self, who: Who) -> Bits {
        if who.kind() == Who::GROUP {
            return self.groups.members[who.number() as usize].clone();
        }
        let mut users = Bits::new(self.directory.users.len());
        self.people.mark(who, &self.trees, &mut users);
        users
    }

    fn users_named_by_rules(&self) -> Bits {
        let mut users = Bits::new(self.directory.users.len());
        for who in self.rules.iter().flat_map(|rule| &rule.to) {
            if who.kind() == Who::USER {
                users.set(who.number());
            }
        }
        users
    }

    /// What the rules give a standpoint, directly and by roll-ups, whatever the instant.
    pub(crate) fn rule_row_of(&self, standpoint: &Standpoint<'_>) -> RuleRow {
        let mut row: RuleRow = std::array::from_fn(|_| Bits::new(self.rules.len()));
        for (number, rule) in (0u32..).zip(&self.rules) {
            for right in self.rule_rights(rule, standpoint).iter() {
                row[right as usize].set(number);
            }
        }
        row
    }

    /// What one rule gives a standpoint, directly and by roll-ups.
    pub(super) fn rule_rights(
        &self,
        rule: &super::RulePlan,
        standpoint: &Standpoint<'_>,
    ) -> Rights {
        let mut rights = Rights::NONE;
        if standpoint.is_named_by_any(&rule.to, &self.trees) {
            rights |= rule.rights;
        }
        if rule.include_superiors {
            for roll_up in &self.object(rule.object).roll_ups {
                rights |= self.rule_gain(*roll_up, rule, standpoint) & rule.rights;
            }
        }
        rights
    }

    /// The cut that a roll-up applies to a rule on its way to a standpoint.
    pub(crate) fn rule_gain(
        &self,
        roll_up: u32,
        rule: &super::RulePlan,
        standpoint: &Standpoint<'_>,
    ) -> Rights {
        let plan = &self.roll_ups[roll_up as usize];
        if !plan.covers(crate::model::Cover::Ruled) {
            return Rights::NONE;
        }
        let mut rights = Rights::NONE;
        for who in &rule.to {
            rights |= self.gain_from(roll_up, *who, standpoint);
        }
        rights
    }

    /// The cut that a roll-up applies to what `who` holds on its way to a standpoint.
    #[inline]
    pub(crate) fn gain_from(&self, roll_up: u32, who: Who, standpoint: &Standpoint<'_>) -> Rights {
        let plan = &self.roll_ups[roll_up as usize];
        let number = who.number();
        let mut rights = Rights::NONE;
        for placed in standpoint.placed.iter().filter(|placed| plan.lifts(placed)) {
            match who.kind() {
                Who::USER | Who::TEAM if number != standpoint.user => {
                    let seat = self.people.seats[number as usize];
                    if seat.node != NONE {
                        rights |= plan.gain(placed, seat.node, seat.depth);
                        continue;
                    }
                    for below in &self.people.placed[number as usize] {
                        rights |= plan.gain(placed, below.node, below.depth);
                    }
                }
                Who::GROUP => rights |= self.groups.gain(roll_up as usize, number, placed.node),
                Who::NODE => {
                    rights |= plan.gain(placed, number, self.trees.depth[number as usize]);
                }
                Who::BELOW => rights |= plan.gain_from_subtree(placed, number, &self.trees),
                _ => {}
            }
        }
        rights
    }

    fn settle_owner_rows(&mut self) {
        self.settle_rule_owners();
        self.people.group_owner_row = vec![0; self.directory.groups.len()];
        for group in 0..to_u32(self.directory.groups.len()) {
            let row = self.group_owner_row_of(group);
            self.people.group_owner_row[group as usize] = self.people.owner_rows.add(row);
        }
        let mut rows: FastMap<Stand, u32> = FastMap::default();
        let named: Bits = {
            let mut named = Bits::new(self.directory.users.len());
            for who in self.rules.iter().flat_map(|rule| &rule.owned_by) {
                if who.kind() == Who::USER {
                    named.set(who.number());
                }
            }
            named
        };
        for user in 0..to_u32(self.directory.users.len()) {
            let standpoint = self.people.standpoint(user);
            let key = (standpoint.kind, Box::from(standpoint.placed), Box::from(standpoint.groups));
            let known = rows.get(&key).filter(|_| !named.has(user));
            let row = if let Some(row) = known {
                *row
            } else {
                let row = self.owner_row_of(&standpoint);
                let row = self.people.owner_rows.add(row);
                if !named.has(user) {
                    rows.insert(key, row);
                }
                row
            };
            self.people.owner_row[user as usize] = row;
        }
    }

    fn settle_rule_owners(&mut self) {
        self.rule_owners = self.rules.iter().map(|rule| self.owners_of(rule)).collect();
    }

    /// Users and groups whose records `owned_by` of a rule matches.
    pub(crate) fn owners_of(&self, rule: &super::RulePlan) -> (Bits, Vec<u32>) {
        let mut users = Bits::new(self.directory.users.len());
        let mut groups = Vec::new();
        for who in &rule.owned_by {
            users.or(&self.users_of(*who));
            if who.kind() == Who::GROUP {
                groups.extend_from_slice(&self.groups.nested[who.number() as usize]);
            }
        }
        groups.sort_unstable();
        groups.dedup();
        (users, groups)
    }

    /// Rules whose `owned_by` matches records of this user, and rules whose units hold them where
    /// the unit comes from the owners.
    pub(crate) fn owner_row_of(&self, standpoint: &Standpoint<'_>) -> (Bits, Bits) {
        let (mut owned, mut in_unit) = (Bits::new(self.rules.len()), Bits::new(self.rules.len()));
        for (number, rule) in (0u32..).zip(&self.rules) {
            if standpoint.is_named_by_any(&rule.owned_by, &self.trees) {
                owned.set(number);
            }
            if standpoint.placed.iter().any(|placed| rule.holds_unit(placed.node, &self.trees)) {
                in_unit.set(number);
            }
        }
        (owned, in_unit)
    }

    fn group_owner_row_of(&self, group: u32) -> (Bits, Bits) {
        let (mut owned, mut in_unit) = (Bits::new(self.rules.len()), Bits::new(self.rules.len()));
        for (number, rule) in (0u32..).zip(&self.rules) {
            let holds = |who: &Who| {
                who.kind() == Who::GROUP
                    && self.groups.nested[who.number() as usize].contains(&group)
            };
            if rule.owned_by.iter().any(holds) {
                owned.set(number);
            }
            let unit = self.groups.unit[group as usize];
            if unit != NONE && rule.holds_unit(unit, &self.trees) {
                in_unit.set(number);
            }
        }
        (owned, in_unit)
    }
}
