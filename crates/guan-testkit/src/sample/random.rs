//! A generator of numbers whose sequence is fixed by its seed on every machine.

/// `SplitMix64`: one word of state, no tables, no platform differences.
#[derive(Debug)]
pub(super) struct Random {
    state: u64,
}

impl Random {
    /// Starts a sequence for `seed`; `stream` keeps the tables independent of each other.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut random = Self { state: seed ^ stream.wrapping_mul(0xA24B_AED4_963E_E407) };
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.state;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }

    /// A number in `0..bound`; zero for a bound of zero.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        let scaled = (u128::from(self.next()) * u128::from(bound)) >> 64;
        u32::try_from(scaled).unwrap_or(0)
    }

    /// A number in `low..=high`.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in `percent` of a hundred cases.
    pub(super) fn happens(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of `items`; the empty default when there is none.
    pub(super) fn choose<T: Copy + Default>(&mut self, items: &[T]) -> T {
        let bound = u32::try_from(items.len()).unwrap_or(0);
        let at = usize::try_from(self.below(bound)).unwrap_or(0);
        items.get(at).copied().unwrap_or_default()
    }

    /// A day `YYYY-MM-DD` of the given year, never later than the 28th of a month.
    pub(super) fn day(&mut self, year: u32) -> String {
        let month = self.between(1, 12);
        let day = self.between(1, 28);
        format!("{year}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn a_sequence_is_fixed_by_seed_and_stream() {
        let take = |seed, stream| {
            let mut random = Random::new(seed, stream);
            [random.below(1000), random.below(1000), random.below(1000)]
        };
        assert_eq!(take(1, 2), take(1, 2));
        assert_ne!(take(1, 2), take(2, 2));
        assert_ne!(take(1, 2), take(1, 3));
    }

    #[test]
    fn numbers_stay_inside_their_bounds() {
        let mut random = Random::new(7, 7);
        for _ in 0..1_000 {
            assert!((3..=5).contains(&random.between(3, 5)));
        }
        assert_eq!(random.below(0), 0);
        assert_eq!(random.choose::<&str>(&[]), "");
    }
}
