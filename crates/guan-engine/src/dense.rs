//! Small dense structures: numbered names, bit sets and maps whose order is never looked at.

use std::borrow::Borrow;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// No user, node, record …
pub(crate) const NONE: u32 = u32::MAX;

/// A fast hasher for keys whose values the program gives out itself, so that nobody can choose some that collide: dense
/// numbers and interned rows.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            let mut last = [0u8; 8];
            for (to, from) in last.iter_mut().zip(rest) {
                *to = *from;
            }
            self.write_u64(u64::from_le_bytes(last));
        }
    }
    fn write_u8(&mut self, value: u8) {
        self.write_u64(value.into());
    }
    fn write_u32(&mut self, value: u32) {
        self.write_u64(value.into());
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }
    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 29
    }
}

/// A hash map that is only ever looked up, never walked.
#[expect(clippy::disallowed_types, reason = "looked up by key only; its order never shows")]
pub(crate) type FastMap<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Mix>>;

/// A hash map by texts that come from outside, such as ids of records. Its hashes begin with chance, so that nobody can
/// send texts that all fall into one place. Only ever looked up, never walked.
#[expect(clippy::disallowed_types, reason = "looked up by key only; its order never shows")]
pub(crate) type TextMap<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;

/// Names numbered from 0 in the order in which they were added.
#[derive(Clone, Debug)]
pub(crate) struct Names<N> {
    names: Vec<N>,
    numbers: TextMap<N, u32>,
}

impl<N: Clone + Eq + Hash> Names<N> {
    pub(crate) fn new() -> Self {
        Self { names: Vec::new(), numbers: TextMap::default() }
    }
    pub(crate) fn of<'n>(names: impl IntoIterator<Item = &'n N>) -> Self
    where
        N: 'n,
    {
        let mut all = Self::new();
        for name in names {
            all.add(name);
        }
        all
    }
    /// The number of `name`, added if it is new.
    pub(crate) fn add(&mut self, name: &N) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = to_u32(self.names.len());
        self.names.push(name.clone());
        self.numbers.insert(name.clone(), number);
        number
    }
    pub(crate) fn find<Q: Eq + Hash + ?Sized>(&self, name: &Q) -> Option<u32>
    where
        N: Borrow<Q>,
    {
        self.numbers.get(name).copied()
    }
    /// The number of a name that validation has found to exist; [`NONE`] otherwise.
    pub(crate) fn known<Q: Eq + Hash + ?Sized>(&self, name: &Q) -> u32
    where
        N: Borrow<Q>,
    {
        self.find(name).unwrap_or(NONE)
    }
    #[expect(clippy::indexing_slicing, reason = "numbers are given out by this table alone")]
    pub(crate) fn name(&self, number: u32) -> &N {
        &self.names[number as usize]
    }
    pub(crate) const fn len(&self) -> usize {
        self.names.len()
    }
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &N)> {
        (0..).zip(&self.names)
    }
}

/// A length as a dense number. Lengths are bounded by `LIMITS` long before.
pub(crate) fn to_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(NONE)
}

/// Rows numbered by content: equal rows get the same number.
#[derive(Clone, Debug)]
pub(crate) struct Interned<R> {
    rows: Vec<R>,
    numbers: FastMap<R, u32>,
}

impl<R: Clone + Eq + Hash> Interned<R> {
    pub(crate) fn new() -> Self {
        Self { rows: Vec::new(), numbers: FastMap::default() }
    }
    pub(crate) fn add(&mut self, row: R) -> u32 {
        if let Some(number) = self.numbers.get(&row) {
            return *number;
        }
        let number = to_u32(self.rows.len());
        self.rows.push(row.clone());
        self.numbers.insert(row, number);
        number
    }
    #[expect(clippy::indexing_slicing, reason = "numbers are given out by this table alone")]
    pub(crate) fn row(&self, number: u32) -> &R {
        &self.rows[number as usize]
    }
    pub(crate) const fn len(&self) -> usize {
        self.rows.len()
    }
    pub(crate) fn rows(&self) -> &[R] {
        &self.rows
    }
}

/// A list that seldom has more than one item, and needs no memory of its own until it has two.
#[derive(Clone, Debug)]
pub(crate) struct Few<T> {
    first: Option<T>,
    rest: Vec<T>,
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self { first: None, rest: Vec::new() }
    }
}

impl<T> Few<T> {
    pub(crate) fn push(&mut self, item: T) {
        if self.first.is_none() {
            self.first = Some(item);
        } else {
            self.rest.push(item);
        }
    }
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.first.iter().chain(&self.rest)
    }
}

/// A set of small numbers as bits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    /// Room for the numbers below `length`.
    pub(crate) fn new(length: usize) -> Self {
        Self(vec![0; length.div_ceil(64)])
    }
    pub(crate) fn words(&self) -> &[u64] {
        &self.0
    }
    pub(crate) fn has(&self, number: u32) -> bool {
        self.0.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 != 0)
    }
    pub(crate) fn set(&mut self, number: u32) {
        let at = number as usize / 64;
        if at >= self.0.len() {
            self.0.resize(at + 1, 0);
        }
        if let Some(word) = self.0.get_mut(at) {
            *word |= 1 << (number % 64);
        }
    }
    pub(crate) fn set_all(&mut self, numbers: &[u32]) {
        for number in numbers {
            self.set(*number);
        }
    }
    pub(crate) fn clear(&mut self, number: u32) {
        if let Some(word) = self.0.get_mut(number as usize / 64) {
            *word &= !(1 << (number % 64));
        }
    }
    pub(crate) fn put(&mut self, number: u32, held: bool) {
        if held { self.set(number) } else { self.clear(number) }
    }
    /// Sets `from..to`, which must lie inside the room.
    pub(crate) fn set_range(&mut self, from: u32, to: u32) {
        if from >= to {
            return;
        }
        let (first, last) = (from as usize / 64, (to as usize - 1) / 64);
        let (low, high) = (u64::MAX << (from % 64), u64::MAX >> (63 - (to - 1) % 64));
        let Some(words) = self.0.get_mut(first..=last) else { return };
        match words {
            [only] => *only |= low & high,
            [start, middle @ .., end] => {
                *start |= low;
                middle.fill(u64::MAX);
                *end |= high;
            }
            [] => {}
        }
    }
    pub(crate) fn reset(&mut self, length: usize) {
        self.0.clear();
        self.0.resize(length.div_ceil(64), 0);
    }
    pub(crate) fn or(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }
    /// Whether some number is in both.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(one, other)| one & other != 0)
    }
    pub(crate) fn and_not(&mut self, other: &Self) {
        for (word, less) in self.0.iter_mut().zip(&other.0) {
            *word &= !less;
        }
    }
    pub(crate) fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        ones(&self.0)
    }
}

/// The numbers of the set bits in `words`.
pub(crate) fn ones(words: &[u64]) -> impl Iterator<Item = u32> + '_ {
    (0u32..).zip(words).flat_map(|(at, word)| OnesOf(*word).map(move |bit| at * 64 + bit))
}

/// The set bits of one word.
pub(crate) struct OnesOf(pub(crate) u64);

impl Iterator for OnesOf {
    type Item = u32;
    fn next(&mut self) -> Option<u32> {
        if self.0 == 0 {
            return None;
        }
        let bit = self.0.trailing_zeros();
        self.0 &= self.0 - 1;
        Some(bit)
    }
}
