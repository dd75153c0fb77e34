//! A list of positions: sorted numbers while it is short, bits when it is long.

use crate::dense::Bits;
use std::cmp::Ordering;

/// A set of positions.
#[derive(Clone, Debug)]
pub(crate) enum Posting {
    Sparse(Vec<u32>),
    Dense(Bits, u32),
}

impl Default for Posting {
    fn default() -> Self {
        Self::Sparse(Vec::new())
    }
}

impl Posting {
    /// From positions in any order.
    pub(crate) fn of(
        mut positions: Vec<u32>,
        room: u32,
        order: impl Fn(u32, u32) -> Ordering,
    ) -> Self {
        if positions.len() > 4_096 && positions.len() * 8 > room as usize {
            let mut bits = Bits::new(room as usize);
            bits.set_all(&positions);
            return Self::Dense(bits, crate::dense::to_u32(positions.len()));
        }
        positions.sort_unstable_by(|a, b| order(*a, *b));
        positions.shrink_to_fit();
        Self::Sparse(positions)
    }
    pub(crate) const fn len(&self) -> u32 {
        match self {
            #[expect(clippy::cast_possible_truncation, reason = "positions are u32")]
            Self::Sparse(positions) => positions.len() as u32,
            Self::Dense(_, length) => *length,
        }
    }
    /// Adds a position; `room` is the number of positions of the index, `order` the order of lists.
    pub(crate) fn add(&mut self, position: u32, room: u32, order: &impl Fn(u32, u32) -> Ordering) {
        match self {
            Self::Sparse(positions) => {
                insert(positions, position, order);
                if positions.len() > 4_096 && positions.len() * 8 > room as usize {
                    let mut bits = Bits::new(room as usize);
                    bits.set_all(positions);
                    *self = Self::Dense(bits, self.len());
                }
            }
            Self::Dense(bits, length) => {
                *length += u32::from(!bits.has(position));
                bits.set(position);
            }
        }
    }
    pub(crate) fn remove(&mut self, position: u32, order: &impl Fn(u32, u32) -> Ordering) {
        match self {
            Self::Sparse(positions) => {
                remove(positions, position, order);
            }
            Self::Dense(bits, length) => {
                *length -= u32::from(bits.has(position));
                bits.clear(position);
            }
        }
    }
    /// Adds all to `bits`.
    pub(crate) fn mark(&self, bits: &mut Bits) {
        match self {
            Self::Sparse(positions) => bits.set_all(positions),
            Self::Dense(mine, _) => bits.or(mine),
        }
    }
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Sparse(positions) => positions.capacity() * 4,
            Self::Dense(bits, _) => bits.words().len() * 8,
        }
    }
}

/// Adds a position to a list that is kept in `order`.
pub(crate) fn insert(list: &mut Vec<u32>, position: u32, order: &impl Fn(u32, u32) -> Ordering) {
    if list.last().is_none_or(|last| order(*last, position).is_lt()) {
        list.push(position);
    } else if let Err(at) = list.binary_search_by(|known| order(*known, position)) {
        list.insert(at, position);
    }
}

/// Takes a position out of a list that is kept in `order`; whether it was there.
pub(crate) fn remove(
    list: &mut Vec<u32>,
    position: u32,
    order: &impl Fn(u32, u32) -> Ordering,
) -> bool {
    match list.binary_search_by(|known| order(*known, position)) {
        Ok(at) => {
            list.remove(at);
            true
        }
        Err(_) => false,
    }
}
