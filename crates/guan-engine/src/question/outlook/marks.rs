//! Sets of positions that are filled for one person after the other: emptied in proportion to what was in them.

#![expect(
    clippy::indexing_slicing,
    reason = "positions lie inside the room that was made for them"
)]

use crate::dense::{Bits, OnesOf, to_u32};
use crate::index::{Posting, RecordIndex};
use crate::question::source::Sink;
use std::sync::Arc;

/// A set of positions of one object's index, filled in layers of which the upper ones can be taken off again.
#[derive(Debug, Default)]
pub(super) struct Marks {
    words: Vec<u64>,
    /// Words that are not zero, each once.
    touched: Vec<u32>,
    count: u64,
    /// What words were before they changed, since the first layer ended.
    log: Vec<(u32, u64)>,
    layers: Vec<Layer>,
    /// Positions that are never marked.
    barred: Arc<Bits>,
}

/// How things stood when a layer ended.
#[derive(Clone, Copy, Debug)]
struct Layer {
    log: usize,
    touched: usize,
    count: u64,
}

impl Marks {
    /// Empties it and makes room for an index.
    pub(super) fn start(&mut self, index: &RecordIndex) {
        self.start_without(index, Arc::default());
    }
    /// The same; some positions are never marked.
    pub(super) fn start_without(&mut self, index: &RecordIndex, barred: Arc<Bits>) {
        for word in self.touched.drain(..) {
            self.words[word as usize] = 0;
        }
        self.count = 0;
        self.log.clear();
        self.layers.clear();
        self.barred = barred;
        let length = (index.positions() as usize).div_ceil(64);
        if self.words.len() < length {
            self.words = vec![0; length];
        }
    }
    /// Ends a layer: what is marked from here on can be taken off by itself.
    pub(super) fn end_layer(&mut self) {
        let (log, touched) = (self.log.len(), self.touched.len());
        self.layers.push(Layer { log, touched, count: self.count });
    }
    /// Takes off what was marked since so many layers had ended.
    pub(super) fn back_to(&mut self, layers: usize) {
        let Some(layer) = layers.checked_sub(1).and_then(|at| self.layers.get(at)).copied() else {
            return;
        };
        for (at, before) in self.log.drain(layer.log..).rev() {
            self.words[at as usize] = before;
        }
        self.touched.truncate(layer.touched);
        self.count = layer.count;
        self.layers.truncate(layers);
    }
    pub(super) const fn count(&self) -> u64 {
        self.count
    }
    pub(super) fn has(&self, position: u32) -> bool {
        self.words.get(position as usize / 64).is_some_and(|word| word >> (position % 64) & 1 != 0)
    }
    pub(super) fn mark(&mut self, position: u32) {
        self.mark_word(position / 64, 1 << (position % 64));
    }
    #[inline]
    fn mark_word(&mut self, at: u32, bits: u64) {
        let word = &mut self.words[at as usize];
        let barred = self.barred.words().get(at as usize).copied().unwrap_or(0);
        let new = bits & !barred & !*word;
        if new == 0 {
            return;
        }
        if *word == 0 {
            self.touched.push(at);
        }
        if !self.layers.is_empty() {
            self.log.push((at, *word));
        }
        *word |= new;
        self.count += if new.is_power_of_two() { 1 } else { u64::from(new.count_ones()) };
    }
    /// Marks many positions, without a branch that depends on what is marked: so the words come from memory at the same
    /// time instead of one after the other.
    fn mark_list(&mut self, positions: &[u32]) {
        let Self { words, touched, count, log, layers, barred } = self;
        let barred = barred.words();
        let keeps_log = !layers.is_empty();
        let (mut touched_at, mut log_at) = (touched.len(), log.len());
        touched.resize(touched_at + positions.len(), 0);
        if keeps_log {
            log.resize(log_at + positions.len(), (0, 0));
        }
        for position in positions {
            let at = position / 64;
            let word = &mut words[at as usize];
            let mut new = 1 << (position % 64) & !*word;
            if !barred.is_empty() {
                new &= !barred.get(at as usize).copied().unwrap_or(0);
            }
            let is_new = usize::from(new != 0);
            touched[touched_at] = at;
            touched_at += is_new & usize::from(*word == 0);
            if keeps_log {
                log[log_at] = (at, *word);
                log_at += is_new;
            }
            *word |= new;
            *count += is_new as u64;
        }
        touched.truncate(touched_at);
        log.truncate(log_at);
    }
    fn mark_range(&mut self, from: u32, to: u32) {
        if from >= to {
            return;
        }
        let (first, last) = (from / 64, (to - 1) / 64);
        let (low, high) = (u64::MAX << (from % 64), u64::MAX >> (63 - (to - 1) % 64));
        if first == last {
            return self.mark_word(first, low & high);
        }
        self.mark_word(first, low);
        (first + 1..last).for_each(|word| self.mark_word(word, u64::MAX));
        self.mark_word(last, high);
    }
    /// How many of these the other set lacks.
    pub(super) fn beyond(&self, other: &Self) -> u64 {
        let rest = |at: &u32| {
            let word = self.words[*at as usize];
            word & !other.words.get(*at as usize).copied().unwrap_or(0)
        };
        self.touched.iter().map(|at| u64::from(rest(at).count_ones())).sum()
    }
    /// The positions, in no order that matters.
    pub(super) fn each(&self) -> impl Iterator<Item = u32> + '_ {
        self.touched
            .iter()
            .flat_map(|at| OnesOf(self.words[*at as usize]).map(move |bit| at * 64 + bit))
    }
}

/// Takes sources: what is surely seen, and what has to be looked at one by one.
pub(super) struct Marking<'m> {
    pub(super) index: &'m RecordIndex,
    pub(super) sure: &'m mut Marks,
    pub(super) maybe: &'m mut Marks,
    /// Whether sources that are sure of stage 3 are sure altogether.
    pub(super) settled: bool,
}

impl Marking<'_> {
    const fn to(&mut self, sure: bool) -> &mut Marks {
        if sure && self.settled { self.sure } else { self.maybe }
    }
}

impl Sink<'_> for Marking<'_> {
    fn block(&mut self, from: u32, to: u32, sure: bool) {
        let index = self.index;
        let mut start = from;
        if from < to {
            for hole in index.holes().range(from..to) {
                self.to(sure).mark_range(start, *hole);
                start = *hole + 1;
            }
        }
        self.to(sure).mark_range(start, to);
    }
    fn list(&mut self, positions: &[u32], sure: bool) {
        self.to(sure).mark_list(positions);
    }
    fn posting(&mut self, posting: &Posting, sure: bool) {
        match posting {
            Posting::Sparse(positions) => self.list(positions, sure),
            Posting::Dense(bits, _) => {
                let marks = self.to(sure);
                for (at, word) in bits.words().iter().enumerate().filter(|(_, word)| **word != 0) {
                    marks.mark_word(to_u32(at), *word);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Arc, Bits, Marks};

    fn of(positions: &[u32]) -> Marks {
        let mut marks = Marks { words: vec![0; 8], ..Marks::default() };
        for position in positions {
            marks.mark(*position);
        }
        marks
    }

    #[test]
    fn ranges_are_counted_once_wherever_they_begin_and_end() {
        for (from, to) in [(0, 0), (0, 64), (3, 5), (63, 65), (10, 300), (128, 512)] {
            let mut marks = of(&[4, 64, 299]);
            let inside = [4, 64, 299].iter().filter(|one| (from..to).contains(*one)).count() as u64;
            marks.mark_range(from, to);
            assert_eq!(marks.count(), u64::from(to - from) + 3 - inside, "{from}..{to}");
            assert_eq!(marks.each().count() as u64, marks.count());
            assert!((from..to).all(|position| marks.has(position)));
        }
    }

    #[test]
    fn upper_layers_come_off_and_leave_what_is_below() {
        let mut marks = of(&[1, 70]);
        marks.end_layer();
        marks.mark_range(60, 130);
        marks.end_layer();
        marks.mark_list(&[2, 70, 500, 2, 501]);
        let held = |marks: &Marks| marks.each().collect::<std::collections::BTreeSet<u32>>();
        assert_eq!(marks.count(), held(&marks).len() as u64);
        marks.back_to(2);
        assert_eq!(held(&marks), (60..130).chain([1]).collect());
        assert_eq!(marks.count(), 71);
        marks.mark(500);
        marks.back_to(1);
        assert_eq!((marks.count(), held(&marks)), (2, [1, 70].into()));
    }

    #[test]
    fn barred_positions_are_never_marked() {
        let mut barred = Bits::default();
        barred.set_all(&[3, 64, 65]);
        let mut marks = Marks { words: vec![0; 8], barred: Arc::new(barred), ..Marks::default() };
        marks.mark_range(0, 70);
        marks.mark(65);
        marks.mark_list(&[3, 65, 66]);
        assert_eq!(marks.count(), 67);
        assert!(marks.has(2) && !marks.has(3) && !marks.has(64) && !marks.has(65));
    }

    #[test]
    fn what_one_set_has_beyond_another_is_counted() {
        let (one, other) = (of(&[1, 70, 200]), of(&[70, 201]));
        assert_eq!((one.beyond(&other), other.beyond(&one)), (2, 1));
        assert_eq!(one.beyond(&one), 0);
    }
}
