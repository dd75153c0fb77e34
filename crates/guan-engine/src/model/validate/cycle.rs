//! Who leads back to themselves: the strongly connected components of a graph of names.

use std::collections::{BTreeMap, BTreeSet};

/// The components of `graph`, each in the order of its names; what a component leads to comes
/// before it. Edges to names that the graph does not hold are passed over. Without recursion, so
/// that a long chain cannot exhaust the stack; time is linear apart from look-ups.
pub(super) fn components<'n, N: Ord>(graph: &BTreeMap<&'n N, Vec<&'n N>>) -> Vec<BTreeSet<&'n N>> {
    // Tarjan 1972, "Depth-first search and linear graph algorithms".
    let mut search = Search { order: BTreeMap::new(), open: Vec::new(), components: Vec::new() };
    for root in graph.keys().copied() {
        if !search.order.contains_key(&root) {
            search.from(root, graph);
        }
    }
    search.components
}

/// The place of a name in the order of discovery, and whether its component is complete.
#[derive(Clone, Copy)]
struct Found {
    index: usize,
    done: bool,
}

struct Search<'n, N> {
    order: BTreeMap<&'n N, Found>,
    open: Vec<&'n N>,
    components: Vec<BTreeSet<&'n N>>,
}

impl<'n, N: Ord> Search<'n, N> {
    fn from(&mut self, root: &'n N, graph: &BTreeMap<&'n N, Vec<&'n N>>) {
        let mut path = vec![self.enter(root, graph)];
        while let Some(step) = path.last_mut() {
            if let Some(next) = step.ahead.next() {
                match self.order.get(&next).copied() {
                    None if graph.contains_key(&next) => path.push(self.enter(next, graph)),
                    Some(found) if !found.done => step.lowest = step.lowest.min(found.index),
                    None | Some(_) => {}
                }
            } else {
                let (name, index, lowest) = (step.name, step.index, step.lowest);
                path.pop();
                if lowest == index {
                    self.close(name);
                }
                if let Some(below) = path.last_mut() {
                    below.lowest = below.lowest.min(lowest);
                }
            }
        }
    }

    fn enter<'g>(
        &mut self,
        name: &'n N,
        graph: &'g BTreeMap<&'n N, Vec<&'n N>>,
    ) -> Step<'g, 'n, N> {
        let index = self.order.len();
        self.order.insert(name, Found { index, done: false });
        self.open.push(name);
        let ahead = graph.get(&name).map_or(&[][..], Vec::as_slice).iter().copied();
        Step { name, index, lowest: index, ahead }
    }

    fn close(&mut self, first: &'n N) {
        let mut component = BTreeSet::new();
        while let Some(name) = self.open.pop() {
            if let Some(found) = self.order.get_mut(&name) {
                found.done = true;
            }
            component.insert(name);
            if name == first {
                break;
            }
        }
        self.components.push(component);
    }
}

struct Step<'g, 'n, N> {
    name: &'n N,
    index: usize,
    lowest: usize,
    ahead: std::iter::Copied<std::slice::Iter<'g, &'n N>>,
}
