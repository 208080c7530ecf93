//! How frames are spaced in time and how their bytes are, found frame by frame in presentation order.

use std::collections::BTreeMap;

/// Distances that are told apart. Of streams with more of them, which no camera makes, the others
/// count with the nearest one known.
const MOST: usize = 4_096;
/// Nanoseconds of a second.
const SECOND: i64 = 1_000_000_000;

/// Distances between frames, in ticks, and bytes per second.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spacing {
    /// How often each distance occurs.
    gaps: BTreeMap<i64, u64>,
    count: u64,
    last: Option<i64>,
    /// The second that the last frame lies in, and its bytes so far.
    second: Option<(i64, u64)>,
    /// Bytes of the largest whole second.
    peak: Option<u64>,
}

impl Spacing {
    /// Takes in the next frame: its time in ticks and in nanoseconds, and its bytes.
    pub(super) fn add(&mut self, ticks: i64, nanos: i64, bytes: u64) {
        if let Some(last) = self.last {
            self.add_gap(ticks.saturating_sub(last));
        }
        self.last = Some(ticks);
        let second = nanos.div_euclid(SECOND);
        match &mut self.second {
            Some((current, sum)) if *current == second => *sum = sum.saturating_add(bytes),
            current => {
                let whole = current.map(|(_, sum)| sum);
                self.peak = self.peak.max(whole);
                *current = Some((second, bytes));
            }
        }
    }

    fn add_gap(&mut self, gap: i64) {
        self.count += 1;
        let known = if self.gaps.len() < MOST {
            gap
        } else {
            let above = self.gaps.range(gap..).next();
            let nearest = above.or_else(|| self.gaps.last_key_value());
            nearest.map_or(gap, |(known, _)| *known)
        };
        *self.gaps.entry(known).or_default() += 1;
    }

    /// Shortest, median and longest distance between two frames, in ticks.
    pub(crate) fn gaps(&self) -> Option<[i64; 3]> {
        let (least, _) = self.gaps.first_key_value()?;
        let (most, _) = self.gaps.last_key_value()?;
        Some([*least, median(&self.gaps, self.count)?, *most])
    }

    /// All distances with how often they occur, from the shortest.
    pub(crate) fn distribution(&self) -> impl Iterator<Item = (i64, u64)> {
        self.gaps.iter().map(|(gap, count)| (*gap, *count))
    }

    /// True if the distances between frames differ by more than the rounding to ticks explains.
    pub(crate) fn is_variable(&self) -> bool {
        self.gaps()
            .is_some_and(|[least, _, most]| most.saturating_sub(least) > 1)
    }

    /// Bytes of the largest second of the timeline that is over; `None` before there is one.
    pub(crate) fn peak(&self) -> Option<u64> {
        self.peak
    }
}

/// The value in the middle of counted ones, the lower of two.
pub(super) fn median<T: Copy + Ord>(counts: &BTreeMap<T, u64>, count: u64) -> Option<T> {
    let mut left = count.div_ceil(2);
    counts
        .iter()
        .find(|(_, times)| {
            left = left.saturating_sub(**times);
            left == 0
        })
        .map(|(value, _)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spacing(ticks: &[i64]) -> Spacing {
        let mut spacing = Spacing::default();
        for ticks in ticks {
            // A tick is a tenth of a second.
            spacing.add(*ticks, ticks * SECOND / 10, 100);
        }
        spacing
    }

    #[test]
    fn distances_have_a_least_a_middle_and_a_greatest() {
        let uneven = spacing(&[0, 1, 3, 4, 14]);
        assert_eq!(uneven.gaps(), Some([1, 1, 10]));
        assert!(uneven.is_variable());
        let all: Vec<_> = uneven.distribution().collect();
        assert_eq!(all, [(1, 2), (2, 1), (10, 1)]);
        assert_eq!(spacing(&[7]).gaps(), None);
    }

    #[test]
    fn rounding_to_ticks_does_not_make_a_rate_variable() {
        assert!(!spacing(&[0, 33, 67, 100, 133]).is_variable());
        assert!(spacing(&[0, 33, 66, 100, 140]).is_variable());
    }

    #[test]
    fn the_peak_is_that_of_whole_seconds() {
        let mut spacing = spacing(&[0, 5, 9, 10, 20]);
        assert_eq!(spacing.peak(), Some(300));
        spacing.add(21, 21 * SECOND / 10, 10_000);
        assert_eq!(spacing.peak(), Some(300), "the last second is not over");
        spacing.add(31, 31 * SECOND / 10, 1);
        assert_eq!(spacing.peak(), Some(10_100));
    }

    #[test]
    fn distances_without_end_do_not_fill_memory() {
        let mut ticks = 0;
        let times: Vec<i64> = (0..10_000)
            .map(|gap| {
                ticks += gap;
                ticks
            })
            .collect();
        let spacing = spacing(&times);
        assert!(spacing.distribution().count() <= MOST);
        let all: u64 = spacing.distribution().map(|(_, count)| count).sum();
        assert_eq!(all, 9_999);
    }
}
