//! Random organizations: small and dense, every concept of the model in a few of them.

mod administration;
mod organization;
mod overlays;
mod permissions;
mod random;
mod records;
mod requests;
mod words;

pub use administration::Deed;

use crate::reference::Reference;
use guan_engine::activity::{NodeFacts, OverlayRow};
use guan_engine::model::{NodeId, Policy, Record, Share, TreeKind, User, UserId};
use random::Random;

/// A random organization with its records and overlays. The same seed makes the same world.
#[derive(Clone, Debug)]
pub struct World {
    /// What it was made from.
    pub seed: u64,
    /// The policy.
    pub policy: Policy,
    /// The records, each key once.
    pub records: Vec<Record>,
    /// Overlays in every state, in the order of their ids.
    pub overlays: Vec<OverlayRow>,
    /// Facts of nodes; the first one is well, the others miss something.
    pub nodes: Vec<NodeFacts>,
}

impl World {
    /// The world of a seed.
    pub fn random(seed: u64) -> Self {
        let random = &mut Random::new(seed);
        let mut policy = Policy::default();
        organization::organization(random, &mut policy);
        permissions::permissions(random, &mut policy);
        let records = records::records(random, &policy);
        let mut overlays = overlays::overlays(random, &policy);
        let own = &mut Random::new(!seed);
        administration::administration(own, &mut policy);
        // Where posts are kept apart, powers are not lent.
        overlays.retain(|row| row.overlay.validate(&policy).is_empty());
        let nodes = overlays::nodes(&policy);
        Self { seed, policy, records, overlays, nodes }
    }

    /// The reference evaluator of this world.
    pub const fn reference(&self) -> Reference<'_> {
        Reference::new(&self.policy, self.records.as_slice())
    }

    /// Other contents for some records, and shares to give: changes to make in place.
    pub fn changes(&self, seed: u64) -> Changes {
        let random = &mut Random::new(self.seed ^ seed.rotate_left(48));
        let fresh = records::records(random, &self.policy);
        let records = fresh.into_iter().filter(|_| random.happens(30)).collect();
        let removed = random.any(&self.records);
        let share = records::share(random, &self.policy);
        let shared = random.any(&self.records);
        Changes { records, removed, share: shared.zip(share), user: self.moved_user(random) }
    }

    /// A user with the places and attributes of another, beside their own place in reporting lines.
    fn moved_user(&self, random: &mut Random) -> Option<(UserId, User)> {
        let (id, other) = (random.key(&self.policy.users)?, random.key(&self.policy.users)?);
        let is_line = |node: &NodeId| {
            let tree =
                self.policy.nodes.get(node).and_then(|node| self.policy.trees.get(&node.tree));
            tree.is_some_and(|tree| tree.kind == TreeKind::Manager)
        };
        let (own, other) = (self.policy.users.get(&id)?, self.policy.users.get(&other)?);
        let mut user = other.clone();
        user.placements.retain(|placement| !is_line(&placement.node));
        user.placements.extend(own.placements.iter().filter(|at| is_line(&at.node)).cloned());
        Some((id, user))
    }
}

/// Changes to the records of a world.
#[derive(Clone, Debug)]
pub struct Changes {
    /// Records to put in the place of those with the same keys.
    pub records: Vec<Record>,
    /// A record to remove.
    pub removed: Option<Record>,
    /// A record and a share to add to it.
    pub share: Option<(Record, Share)>,
    /// A user to put in the place of the one with that id.
    pub user: Option<(UserId, User)>,
}
