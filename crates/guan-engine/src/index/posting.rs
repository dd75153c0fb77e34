//! A list of positions: sorted numbers while it is short, bits when it is long.

use crate::dense::Bits;

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
    pub(crate) const fn len(&self) -> u32 {
        match self {
            #[expect(clippy::cast_possible_truncation, reason = "positions are u32")]
            Self::Sparse(positions) => positions.len() as u32,
            Self::Dense(_, length) => *length,
        }
    }
    /// Adds a position; `room` is the number of positions of the index.
    pub(crate) fn add(&mut self, position: u32, room: u32) {
        match self {
            Self::Sparse(positions) => {
                if positions.last().is_none_or(|last| *last < position) {
                    positions.push(position);
                } else if let Err(at) = positions.binary_search(&position) {
                    positions.insert(at, position);
                }
                if positions.len() > 4_096 && positions.len() * 32 > room as usize {
                    let mut bits = Bits::new(room as usize);
                    positions.iter().for_each(|position| bits.set(*position));
                    *self = Self::Dense(bits, self.len());
                }
            }
            Self::Dense(bits, length) => {
                *length += u32::from(!bits.has(position));
                bits.set(position);
            }
        }
    }
    pub(crate) fn remove(&mut self, position: u32) {
        match self {
            Self::Sparse(positions) => {
                if let Ok(at) = positions.binary_search(&position) {
                    positions.remove(at);
                }
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
            Self::Sparse(positions) => positions.iter().for_each(|position| bits.set(*position)),
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
