//! What flows up a tree to the subject (specification §5, roll-up).

use super::case::Case;
use super::evidence::principal;
use super::naming::{distance, members, nodes_of_user, tree_of};
use super::reach::units_of;
use guan_engine::answer::{Evidence, Source};
use guan_engine::model::{
    Cover, Disabled, NodeId, Object, Owner, PlacedAs, Principal, Record, Rights, RollUp, RollUpWho,
    TreeId,
};
use std::collections::BTreeSet;

/// A source with the nodes where its holders stand and what they hold.
struct Holding {
    source: Source,
    nodes: Vec<NodeId>,
    rights: Rights,
}

impl Case<'_> {
    /// One path for each roll-up, cover and source.
    pub(super) fn rolled_up(&self, record: &Record, object: &Object) -> Vec<Evidence> {
        let mut paths = Vec::new();
        for id in &object.roll_ups {
            let Some(roll_up) = self.policy.roll_ups.get(id) else { continue };
            for cover in &roll_up.covers {
                for holding in self.holdings(*cover, &roll_up.tree, record) {
                    let rights = self.lifted(roll_up, &holding.nodes, holding.rights);
                    let (roll_up, source) = (id.clone(), holding.source);
                    paths.push(Evidence::RollUp { roll_up, cover: *cover, source, rights });
                }
            }
        }
        paths
    }

    /// One path for each roll-up that carries what is owned, for a record to be made.
    pub(super) fn rolled_up_from_owners(
        &self,
        object: &Object,
        owners: &BTreeSet<Owner>,
    ) -> Vec<Evidence> {
        let mut paths = Vec::new();
        for id in &object.roll_ups {
            let Some(roll_up) = self.policy.roll_ups.get(id) else { continue };
            if roll_up.covers.contains(&Cover::Owned) {
                for Holding { source, nodes, rights } in self.owned(&roll_up.tree, owners) {
                    let rights = self.lifted(roll_up, &nodes, rights);
                    let roll_up = id.clone();
                    paths.push(Evidence::RollUp { roll_up, cover: Cover::Owned, source, rights });
                }
            }
        }
        paths
    }

    /// What the subject gets of the rights of holders who stand at `nodes`.
    fn lifted(&self, roll_up: &RollUp, nodes: &[NodeId], held: Rights) -> Rights {
        let mut lifted = Rights::NONE;
        for at in &self.placements {
            let gains = match roll_up.who {
                RollUpWho::Placed => true,
                RollUpWho::Members => at.placed_as == PlacedAs::Member,
                RollUpWho::Heads => at.placed_as == PlacedAs::Head,
            };
            if gains && tree_of(self.policy, &at.node) == Some(&roll_up.tree) {
                for node in nodes {
                    if let Some(levels) = distance(self.policy, node, &at.node) {
                        lifted |= held & roll_up.cut(levels);
                    }
                }
            }
        }
        lifted
    }

    fn holdings(&self, cover: Cover, tree: &TreeId, record: &Record) -> Vec<Holding> {
        match cover {
            Cover::Owned => self.owned(tree, &record.owners),
            Cover::Shared => self
                .share_targets(record)
                .into_iter()
                .map(|to| Holding {
                    nodes: self.nodes_of_target(&to, tree),
                    rights: self.rights_of_shares(record, &to),
                    source: Source::Share(to),
                })
                .collect(),
            Cover::Team => record
                .team
                .iter()
                .map(|member| Holding {
                    nodes: self.nodes_of_target(&Principal::User(member.user.clone()), tree),
                    rights: self.rights_in_team(record, &member.user),
                    source: Source::Team(member.user.clone()),
                })
                .collect(),
            Cover::Ruled => self
                .policy
                .rules
                .iter()
                .filter(|(id, rule)| {
                    rule.include_superiors
                        && self.covers(rule, &Disabled::Rule((*id).clone()), record)
                })
                .map(|(id, rule)| Holding {
                    nodes: rule.to.iter().flat_map(|to| self.nodes_of_target(to, tree)).collect(),
                    rights: rule.rights,
                    source: Source::Rule(id.clone()),
                })
                .collect(),
            Cover::Unit => {
                units_of(self.policy, &record.object, &record.owners, record.unit.as_ref())
                    .into_iter()
                    .filter(|unit| tree_of(self.policy, unit) == Some(tree))
                    .map(|unit| Holding {
                        nodes: vec![unit.clone()],
                        rights: Rights::FULL,
                        source: Source::Unit(unit),
                    })
                    .collect()
            }
        }
    }

    fn owned(&self, tree: &TreeId, owners: &BTreeSet<Owner>) -> Vec<Holding> {
        owners
            .iter()
            .map(|owner| Holding {
                nodes: self.nodes_of_target(&principal(owner), tree),
                rights: Rights::FULL,
                source: Source::Owner(owner.clone()),
            })
            .collect()
    }

    /// Where those stand from whom something flows upwards.
    fn nodes_of_target(&self, to: &Principal, tree: &TreeId) -> Vec<NodeId> {
        match to {
            Principal::User(user) if user == self.subject => Vec::new(),
            Principal::User(user) => nodes_of_user(self.policy, user, tree),
            Principal::Group(id) => {
                if !self.policy.groups.get(id).is_some_and(|group| group.include_superiors) {
                    return Vec::new();
                }
                let members = members(self.policy, id);
                members.iter().flat_map(|user| nodes_of_user(self.policy, user, tree)).collect()
            }
            Principal::Node(node) if tree_of(self.policy, node) == Some(tree) => vec![node.clone()],
            Principal::NodeAndBelow(node) if tree_of(self.policy, node) == Some(tree) => {
                let nodes = self.policy.nodes.keys();
                nodes.filter(|at| distance(self.policy, at, node).is_some()).cloned().collect()
            }
            Principal::Node(_)
            | Principal::NodeAndBelow(_)
            | Principal::Above(_)
            | Principal::Placed(_)
            | Principal::Population(_) => Vec::new(),
        }
    }
}
