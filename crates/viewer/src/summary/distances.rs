//! How far apart samples are as a rule: a count of distances by their order of magnitude.

/// Steps that each doubling is divided into.
const STEPS: u32 = 8;
/// Counters: as many doublings as a distance can have.
const COUNTERS: usize = 64 * STEPS as usize;

/// Distances between samples, counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Distances {
    /// By magnitude; empty as long as there is none.
    counts: Vec<u32>,
    all: u64,
}

impl Distances {
    /// Counts one.
    pub(super) fn note(&mut self, distance: i64) {
        let Ok(distance) = u64::try_from(distance) else {
            return;
        };
        if self.counts.is_empty() {
            self.counts.resize(COUNTERS, 0);
        }
        if let Some(count) = self.counts.get_mut(magnitude(distance)) {
            *count = count.saturating_add(1);
            self.all += 1;
        }
    }

    /// Half of the distances are about this or shorter: no more than an eighth of a doubling off.
    pub(super) fn median(&self) -> Option<i64> {
        let mut left = self.all.div_ceil(2);
        for (at, count) in self.counts.iter().enumerate() {
            left = left.saturating_sub(u64::from(*count));
            if left == 0 && *count > 0 {
                return Some(least_of(at));
            }
        }
        None
    }
}

/// The counter of a distance.
fn magnitude(distance: u64) -> usize {
    let distance = distance.max(1);
    let doublings = distance.ilog2();
    // The bits below the highest one, as a share of a doubling.
    let rest = u128::from(distance - (1 << doublings)) * u128::from(STEPS);
    let step = (rest >> doublings) as usize;
    doublings as usize * STEPS as usize + step
}

/// The shortest distance of a counter.
fn least_of(counter: usize) -> i64 {
    let (doublings, step) = (counter / STEPS as usize, counter % STEPS as usize);
    let whole = 1_i128 << doublings;
    let least = whole + whole * step as i128 / i128::from(STEPS);
    i64::try_from(least).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_about_the_middle_one() {
        let mut distances = Distances::default();
        for distance in [40_000, 40_000, 40_100, 39_900, 5_000_000] {
            distances.note(distance);
        }
        let median = distances.median().unwrap_or_default();
        assert!((36_000..=40_100).contains(&median), "{median}");
    }

    #[test]
    fn one_tick_and_the_longest_of_all_have_their_counters() {
        for distance in [1, 2, 3, 7, 1_000, i64::MAX] {
            let mut distances = Distances::default();
            distances.note(distance);
            let median = distances.median().unwrap_or_default();
            assert!(
                median <= distance && median as f64 >= distance as f64 * 0.85,
                "{distance}: {median}"
            );
        }
        assert_eq!(Distances::default().median(), None);
    }
}
