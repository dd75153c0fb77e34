//! Trees, their nodes and roll-ups.

use super::Check;
use crate::model::{Cover, LIMITS, Node, NodeId, TreeKind};
use std::collections::{BTreeMap, BTreeSet};

impl Check<'_> {
    pub(super) fn trees(&mut self) {
        let policy = self.policy;
        self.at_most(format_args!("trees"), "trees", policy.trees.len(), LIMITS.trees_max);
        for id in policy.trees.keys() {
            self.id(format_args!("trees.{id}"), id.as_str());
        }
        for (id, node) in &policy.nodes {
            let place = format_args!("nodes.{id}");
            self.id(place, id.as_str());
            self.tree_id(format_args!("{place}.tree"), &node.tree);
            self.levels(format_args!("{place}.levels"), &node.levels);
            let Some(parent) = &node.parent else { continue };
            let place = format_args!("{place}.parent");
            if let Some(above) = self.node(place, parent)
                && above.tree != node.tree
            {
                let (here, there) = (&node.tree, &above.tree);
                self.add(
                    place,
                    format_args!("the parent `{parent}` stands in the tree `{there}`, the node in `{here}`; name a parent in the same tree"),
                );
            }
        }
        self.depths();
    }

    /// Every node once: its depth, or that its parents go in a circle.
    fn depths(&mut self) {
        let nodes = &self.policy.nodes;
        // A root has depth 1; `None` stands for a node without root above it.
        let mut depths: BTreeMap<&NodeId, Option<usize>> = BTreeMap::new();
        for start in nodes.keys() {
            let (path, end) = way_up(start, nodes, &depths);
            let mut depth = match end {
                Above::Nothing => Some(0),
                Above::Known(depth) => depth,
                Above::Circle(first) => {
                    self.circle(&path, first);
                    None
                }
            };
            for node in path.into_iter().rev() {
                depth = depth.map(|depth| depth + 1);
                if depth == Some(LIMITS.depth_max + 1) {
                    self.add(
                        format_args!("nodes.{node}.parent"),
                        format_args!(
                            "the node stands deeper than {} levels; move it further up",
                            LIMITS.depth_max
                        ),
                    );
                }
                depths.insert(node, depth);
            }
        }
    }

    fn circle(&mut self, path: &[&NodeId], first: &NodeId) {
        let circle: Vec<String> = path
            .iter()
            .skip_while(|node| **node != first)
            .map(|node| format!("`{node}`"))
            .collect();
        self.add(
            format_args!("nodes.{first}.parent"),
            format_args!(
                "the parents go in a circle: {}, `{first}`; give one of them another parent",
                circle.join(", ")
            ),
        );
    }

    pub(super) fn roll_ups(&mut self) {
        for (id, roll_up) in &self.policy.roll_ups {
            let place = format_args!("roll_ups.{id}");
            self.id(place, id.as_str());
            let tree = self.tree_id(format_args!("{place}.tree"), &roll_up.tree);
            if roll_up.covers.contains(&Cover::Unit)
                && tree.is_some_and(|tree| tree.kind != TreeKind::Unit)
            {
                let tree = &roll_up.tree;
                self.add(
                    format_args!("{place}.covers"),
                    format_args!("the cover `unit` needs a tree of kind unit, and `{tree}` is none; take it out or name a tree of units"),
                );
            }
            if roll_up.rights.is_empty() {
                self.add(
                    format_args!("{place}.rights"),
                    format_args!("no rights are stated; name those of the first distance at least"),
                );
            }
        }
    }
}

/// What a walk towards the root ended at.
enum Above<'p> {
    Nothing,
    Known(Option<usize>),
    Circle(&'p NodeId),
}

/// The nodes from `start` upwards whose depth is not known yet.
fn way_up<'p>(
    start: &'p NodeId,
    nodes: &'p BTreeMap<NodeId, Node>,
    depths: &BTreeMap<&'p NodeId, Option<usize>>,
) -> (Vec<&'p NodeId>, Above<'p>) {
    let (mut path, mut seen) = (Vec::new(), BTreeSet::new());
    let mut here = start;
    loop {
        if let Some(depth) = depths.get(here) {
            return (path, Above::Known(*depth));
        }
        if !seen.insert(here) {
            return (path, Above::Circle(here));
        }
        path.push(here);
        match nodes.get(here).and_then(|node| node.parent.as_ref()) {
            Some(parent) if nodes.contains_key(parent) => here = parent,
            Some(_) | None => return (path, Above::Nothing),
        }
    }
}
