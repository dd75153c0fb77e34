//! A small deterministic source of randomness: the same seed makes the same world everywhere.

use std::collections::{BTreeMap, BTreeSet};

/// A generator of the splitmix64 family.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 when `end` is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    /// A number from `first` to `last`, both inside.
    pub(crate) fn between(&mut self, first: usize, last: usize) -> usize {
        first + self.below(last - first + 1)
    }

    /// Whether something of this probability happens.
    pub(crate) fn happens(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// Something with this probability.
    pub(crate) fn maybe<T>(
        &mut self,
        percent: usize,
        make: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        if self.happens(percent) { Some(make(self)) } else { None }
    }

    /// `first` or one of the others.
    pub(crate) fn one<T: Clone>(&mut self, first: T, others: &[T]) -> T {
        match self.below(others.len() + 1) {
            0 => first,
            at => others.get(at - 1).cloned().unwrap_or(first),
        }
    }

    /// One of a slice; none when it is empty.
    pub(crate) fn any<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        let at = self.below(from.len());
        from.get(at).cloned()
    }

    /// Some key of a map; none when it is empty.
    pub(crate) fn key<K: Clone, V>(&mut self, map: &BTreeMap<K, V>) -> Option<K> {
        let at = self.below(map.len());
        map.keys().nth(at).cloned()
    }

    /// Each key of a map with this probability.
    pub(crate) fn keys<K: Clone + Ord, V>(
        &mut self,
        map: &BTreeMap<K, V>,
        percent: usize,
    ) -> BTreeSet<K> {
        map.keys().filter(|_| self.happens(percent)).cloned().collect()
    }

    /// Each of a list with this probability.
    pub(crate) fn some<T: Clone + Ord>(&mut self, from: &[T], percent: usize) -> BTreeSet<T> {
        from.iter().filter(|_| self.happens(percent)).cloned().collect()
    }
}
