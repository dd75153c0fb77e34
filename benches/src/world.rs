//! The generated organization: roles, users, groups, sets, rules, and its records as plain rows.

mod people;
mod permissions;
mod rows;
mod sharing;

use crate::random::Random;
use crate::scale::Scale;
use guan_engine::model::{GroupId, NodeId, Policy, Principal, UserId};

pub use permissions::{OBJECT, SORTED_BY};
pub use rows::{Kinds, Rows, To};

/// An organization with its records. The same scale makes the same world.
#[derive(Debug)]
pub struct World {
    /// Its size.
    pub scale: Scale,
    /// Its policy.
    pub policy: Policy,
    /// Where everybody stands.
    pub people: People,
    /// Its records.
    pub rows: Rows,
}

/// Roles and users by number, as the generator counts them.
#[derive(Debug, Default)]
pub struct People {
    /// The role above each role; the root's is itself.
    pub parent: Vec<usize>,
    /// The level of each role; the root's is 0.
    pub level: Vec<usize>,
    /// The first role of each level, and the end.
    pub starts: Vec<usize>,
    /// The role of each user.
    pub role: Vec<usize>,
    /// Users by the role on level 2, and on level 3, at or above theirs.
    pub branches: [Vec<Vec<usize>>; 2],
}

/// The id of a user.
pub fn user(number: usize) -> UserId {
    format!("u{number:06}").into()
}
/// The id of a role.
pub fn role(number: usize) -> NodeId {
    format!("r{number:04}").into()
}
/// The id of a group.
pub fn group(number: usize) -> GroupId {
    format!("g{number:03}").into()
}

impl World {
    /// The world of a scale.
    pub fn of(scale: Scale) -> Self {
        let random = &mut Random::new(0x5eed_0000 ^ scale.records as u64);
        let mut policy = Policy::default();
        let people = people::people(random, scale, &mut policy);
        people::groups(random, scale, &people, &mut policy);
        permissions::objects(&mut policy);
        permissions::sets(random, &mut policy);
        permissions::assignments(random, scale, &mut policy);
        sharing::rules(random, scale, &people, &mut policy);
        let rows = rows::rows(random, scale, &people);
        Self { scale, policy, people, rows }
    }
    /// Users on levels 1 to 3 of the role tree.
    pub fn superiors(&self) -> Vec<usize> {
        let level = |user: &usize| self.people.level[self.people.role[*user]];
        (0..self.scale.users).filter(|user| (1..=3).contains(&level(user))).collect()
    }
}

impl People {
    /// The role at or above `role` that stands on `level`, or `role` itself when it is higher.
    pub fn on_level(&self, mut role: usize, level: usize) -> usize {
        while self.level[role] > level {
            role = self.parent[role];
        }
        role
    }
    /// Some role of a level.
    pub fn some_role(&self, random: &mut Random, level: usize) -> usize {
        self.starts[level] + random.below(self.starts[level + 1] - self.starts[level])
    }
    /// Somebody of the branch of `user` on level 2 or 3.
    pub fn neighbour(&self, random: &mut Random, user: usize, level: usize) -> usize {
        let branch = &self.branches[level - 2][self.on_level(self.role[user], level)];
        if branch.is_empty() { random.below(self.role.len()) } else { *random.one(branch) }
    }
}

/// Some role, group or user, as rules and shares name them.
pub fn role_principal(number: usize, below: bool) -> Principal {
    if below { Principal::NodeAndBelow(role(number)) } else { Principal::Node(role(number)) }
}
