//! The first records of a page from many sources that are each in the main order.

use super::list::{Order, Views};
use super::source::{Sink, sources};
use crate::index::{Posting, RecordIndex};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A source and how far it was read; `at` counts from its start or, descending, from its end.
#[derive(Clone, Copy)]
enum Run<'i> {
    Block { from: u32, to: u32 },
    List { positions: &'i [u32] },
}

/// Takes sources as runs; what is not in order is gathered apart.
struct Runs<'i> {
    index: &'i RecordIndex,
    all: Vec<Run<'i>>,
    sorted: Vec<Vec<u32>>,
}

impl<'i> Sink<'i> for Runs<'i> {
    fn block(&mut self, from: u32, to: u32, _: bool) {
        if from < to {
            self.all.push(Run::Block { from, to });
        }
    }
    fn list(&mut self, positions: &'i [u32], _: bool) {
        if !positions.is_empty() {
            self.all.push(Run::List { positions });
        }
    }
    fn posting(&mut self, posting: &'i Posting, _: bool) {
        match posting {
            Posting::Sparse(positions) => self.list(positions, false),
            Posting::Dense(bits, _) => {
                let mut positions: Vec<u32> = bits.iter().collect();
                positions.sort_unstable_by(|a, b| self.index.order(*a, *b));
                self.sorted.push(positions);
            }
        }
    }
}

impl Run<'_> {
    const fn len(&self) -> u32 {
        match self {
            Self::Block { from, to } => *to - *from,
            #[expect(clippy::cast_possible_truncation, reason = "positions are u32")]
            Self::List { positions } => positions.len() as u32,
        }
    }
    fn position(&self, at: u32) -> u32 {
        match self {
            Self::Block { from, .. } => from + at,
            Self::List { positions } => positions[at as usize],
        }
    }
    const fn has_holes(&self) -> bool {
        matches!(self, Self::Block { .. })
    }
}

/// A run with its next position.
struct Head<'o, 'i> {
    order: &'o Order<'o>,
    position: u32,
    run: Run<'i>,
    /// Records of the run behind this one, as the page goes.
    at: u32,
}

impl PartialEq for Head<'_, '_> {
    fn eq(&self, other: &Self) -> bool {
        self.position == other.position
    }
}
impl Eq for Head<'_, '_> {}
impl PartialOrd for Head<'_, '_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Head<'_, '_> {
    fn cmp(&self, other: &Self) -> Ordering {
        // The heap gives the greatest first; the page wants the first.
        self.order.compare(other.position, self.position)
    }
}

/// The first `limit` records that the views show, in the main order.
pub(super) fn merged(views: &Views<'_>, order: &Order<'_>, limit: usize) -> Vec<u32> {
    let mut taken = Runs { index: order.index, all: Vec::new(), sorted: Vec::new() };
    for lens in views.each() {
        sources(lens, &mut taken);
    }
    let runs = taken
        .all
        .iter()
        .copied()
        .chain(taken.sorted.iter().map(|positions| Run::List { positions }));
    let mut heads: BinaryHeap<Head<'_, '_>> = runs.filter_map(|run| start(order, run)).collect();
    let mut found = Vec::with_capacity(limit.min(256));
    let mut last = None;
    while let Some(mut head) = heads.peek_mut() {
        let position = head.position;
        if last != Some(position) {
            last = Some(position);
            if views.shows(position) {
                found.push(position);
            }
        }
        if found.len() == limit {
            break;
        }
        match next(order, &head.run, head.at + 1) {
            Some(at) => {
                head.at = at;
                head.position = position_at(order, &head.run, at);
            }
            None => {
                std::collections::binary_heap::PeekMut::pop(head);
            }
        }
    }
    found
}

/// The position of a run at a distance from where the page begins.
fn position_at(order: &Order<'_>, run: &Run<'_>, at: u32) -> u32 {
    if order.descending { run.position(run.len() - 1 - at) } else { run.position(at) }
}

/// The first distance from `at` on whose position is not a hole: what once stood there has moved
/// away and may be anywhere in the order.
fn next(order: &Order<'_>, run: &Run<'_>, at: u32) -> Option<u32> {
    let holes = order.index.holes();
    (at..run.len()).find(|at| {
        !run.has_holes() || holes.is_empty() || !holes.contains(&position_at(order, run, *at))
    })
}

/// The head of a run behind the cursor; none when nothing of it is.
fn start<'o, 'i>(order: &'o Order<'o>, run: Run<'i>) -> Option<Head<'o, 'i>> {
    let is_behind = |at: u32| order.is_behind(position_at(order, &run, at));
    let in_order = match run {
        Run::Block { from, to } => order.index.holes().range(from..to).next().is_none(),
        Run::List { .. } => true,
    };
    let at = if order.after.is_none() {
        next(order, &run, 0)?
    } else if in_order {
        let (mut low, mut high) = (0, run.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if is_behind(middle) { high = middle } else { low = middle + 1 }
        }
        (low < run.len()).then_some(low)?
    } else {
        let mut at = next(order, &run, 0)?;
        while !is_behind(at) {
            at = next(order, &run, at + 1)?;
        }
        at
    };
    Some(Head { order, position: position_at(order, &run, at), run, at })
}
