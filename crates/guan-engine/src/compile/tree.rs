//! Trees as intervals: nodes of all trees are numbered in pre-order, so that "at or below" is two
//! comparisons and a node's number is its label.

use crate::dense::{NONE, Names, to_u32};
use crate::model::{LIMITS, NodeId, ObjectId, PlacedAs, Policy, Rights, TreeId, TreeKind};
use std::collections::BTreeMap;

/// A place of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Placed {
    pub(crate) node: u32,
    /// First number behind the subtree.
    pub(crate) end: u32,
    pub(crate) depth: u8,
    pub(crate) tree: u8,
    pub(crate) head: bool,
}

/// All trees of the organization.
#[derive(Clone, Debug)]
pub(crate) struct Trees {
    pub(crate) names: Names<TreeId>,
    pub(crate) kinds: Vec<TreeKind>,
    pub(crate) nodes: Names<NodeId>,
    pub(crate) end: Vec<u32>,
    pub(crate) parent: Vec<u32>,
    pub(crate) depth: Vec<u8>,
    /// Levels below the node.
    pub(crate) height: Vec<u8>,
    pub(crate) tree: Vec<u8>,
    levels: BTreeMap<u32, BTreeMap<ObjectId, Rights>>,
}

impl Trees {
    pub(super) fn of(policy: &Policy) -> Self {
        let mut all = Self {
            names: Names::of(policy.trees.keys()),
            kinds: policy.trees.values().map(|tree| tree.kind).collect(),
            nodes: Names::new(),
            end: Vec::new(),
            parent: Vec::new(),
            depth: Vec::new(),
            height: Vec::new(),
            tree: Vec::new(),
            levels: BTreeMap::new(),
        };
        let mut children: BTreeMap<&NodeId, Vec<&NodeId>> = BTreeMap::new();
        let mut roots: BTreeMap<&TreeId, Vec<&NodeId>> = BTreeMap::new();
        for (id, node) in &policy.nodes {
            match &node.parent {
                Some(parent) => children.entry(parent).or_default().push(id),
                None => roots.entry(&node.tree).or_default().push(id),
            }
        }
        for (tree, (id, _)) in (0u8..).zip(&policy.trees) {
            for root in roots.get(id).into_iter().flatten() {
                all.number(root, (NONE, 0, tree), &children);
            }
        }
        for (id, node) in &policy.nodes {
            if !node.levels.is_empty() {
                all.levels.insert(all.nodes.known(id), node.levels.clone());
            }
        }
        all
    }

    fn number(
        &mut self,
        id: &NodeId,
        (parent, depth, tree): (u32, u8, u8),
        children: &BTreeMap<&NodeId, Vec<&NodeId>>,
    ) -> u8 {
        let number = self.nodes.add(id);
        self.end.push(number + 1);
        self.parent.push(parent);
        self.depth.push(depth);
        self.height.push(0);
        self.tree.push(tree);
        let mut height = 0;
        if usize::from(depth) < LIMITS.depth_max {
            for child in children.get(id).into_iter().flatten() {
                height = height.max(1 + self.number(child, (number, depth + 1, tree), children));
            }
        }
        self.end[number as usize] = to_u32(self.nodes.len());
        self.height[number as usize] = height;
        height
    }

    pub(crate) fn place(&self, node: u32, placed_as: PlacedAs) -> Placed {
        Placed {
            node,
            end: self.end[node as usize],
            depth: self.depth[node as usize],
            tree: self.tree[node as usize],
            head: placed_as == PlacedAs::Head,
        }
    }
    /// Whether `node` is `above` or lies below it.
    pub(crate) fn is_at_or_below(&self, node: u32, above: u32) -> bool {
        above <= node && self.end.get(above as usize).is_some_and(|end| node < *end)
    }
    /// The node and its ancestors, from below.
    pub(crate) fn up(&self, node: u32) -> impl Iterator<Item = u32> + '_ {
        std::iter::successors(super::some(node), |node| super::some(self.parent[*node as usize]))
    }
    pub(crate) fn kind_of(&self, node: u32) -> TreeKind {
        self.kinds[usize::from(self.tree[node as usize])]
    }
    /// The level that the node states for an object.
    pub(crate) fn level(&self, node: u32, object: &ObjectId) -> Option<Rights> {
        self.levels.get(&node)?.get(object).copied()
    }
}
