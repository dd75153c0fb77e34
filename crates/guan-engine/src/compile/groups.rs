//! Groups flattened to their members, and the superiors whom they let gain.

use super::{Directory, People, Placed, RollUpPlan, Standpoint, Trees, Who};
use crate::dense::Bits;
use crate::model::{Policy, Rights, UserKind};
use std::collections::BTreeMap;

/// All groups of the organization.
#[derive(Clone, Debug)]
pub(crate) struct Groups {
    /// The principals of each group through nested groups, groups themselves left out.
    pub(crate) principals: Vec<Vec<Who>>,
    /// The groups inside each group, itself included.
    pub(crate) nested: Vec<Vec<u32>>,
    pub(crate) include_superiors: Vec<bool>,
    pub(crate) unit: Vec<u32>,
    pub(crate) members: Vec<Bits>,
    /// How many members stand at each node, for groups that include superiors.
    pub(crate) placed: Vec<BTreeMap<u32, u32>>,
    /// For each roll-up and group: what who is placed at a node gains, sorted by node.
    pub(crate) superiors: Vec<Vec<Vec<(u32, Rights)>>>,
}

impl Groups {
    pub(super) fn of(
        policy: &Policy,
        directory: &Directory,
        trees: &Trees,
        people: &People,
    ) -> Self {
        let direct: Vec<Vec<Who>> = policy
            .groups
            .values()
            .map(|group| Who::all(&group.members, directory, trees))
            .collect();
        let mut all = Self {
            principals: Vec::new(),
            nested: Vec::new(),
            include_superiors: policy
                .groups
                .values()
                .map(|group| group.include_superiors)
                .collect(),
            unit: policy
                .groups
                .values()
                .map(|group| {
                    group.unit.as_ref().map_or(crate::dense::NONE, |unit| trees.nodes.known(unit))
                })
                .collect(),
            members: Vec::new(),
            placed: vec![BTreeMap::new(); direct.len()],
            superiors: Vec::new(),
        };
        for group in 0..crate::dense::to_u32(direct.len()) {
            let (nested, principals) = flatten(group, &direct);
            let mut members = Bits::new(people.kind.len());
            for who in &principals {
                people.mark(*who, trees, &mut members);
            }
            all.principals.push(principals);
            all.nested.push(nested);
            all.members.push(members);
        }
        all
    }

    /// Groups that a standpoint belongs to, worked out from their principals; `groups` of the
    /// standpoint is not looked at.
    pub(crate) fn joined(
        &self,
        user: u32,
        kind: UserKind,
        placed: &[Placed],
        trees: &Trees,
    ) -> Vec<u32> {
        let standpoint = Standpoint { user, kind, placed, groups: &[] };
        (0u32..)
            .zip(&self.principals)
            .filter(|(_, principals)| standpoint.is_named_by_any(principals, trees))
            .map(|(group, _)| group)
            .collect()
    }

    pub(super) fn find_superiors(
        &mut self,
        policy: &Policy,
        roll_ups: &[RollUpPlan],
        trees: &Trees,
        people: &People,
    ) {
        for (group, model) in policy.groups.values().enumerate() {
            if model.include_superiors {
                for user in self.members[group].iter() {
                    for placed in &people.placed[user as usize] {
                        *self.placed[group].entry(placed.node).or_default() += 1;
                    }
                }
            }
        }
        self.superiors = roll_ups
            .iter()
            .map(|roll_up| {
                self.placed.iter().map(|at| roll_up.gains_above(at.keys(), trees)).collect()
            })
            .collect();
    }

    /// What who is placed at `node` gains by a roll-up from the members of a group.
    pub(crate) fn gain(&self, roll_up: usize, group: u32, node: u32) -> Rights {
        let gains = &self.superiors[roll_up][group as usize];
        match gains.binary_search_by_key(&node, |(node, _)| *node) {
            Ok(at) => gains[at].1,
            Err(_) => Rights::NONE,
        }
    }
}

fn flatten(group: u32, direct: &[Vec<Who>]) -> (Vec<u32>, Vec<Who>) {
    let (mut nested, mut principals) = (vec![group], Vec::new());
    let mut at = 0;
    while let Some(next) = nested.get(at).copied() {
        at += 1;
        for who in &direct[next as usize] {
            if who.kind() != Who::GROUP {
                principals.push(*who);
            } else if !nested.contains(&who.number()) {
                nested.push(who.number());
            }
        }
    }
    nested.sort_unstable();
    principals.sort_unstable();
    principals.dedup();
    (nested, principals)
}
