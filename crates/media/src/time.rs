//! Integer media time: ticks on a track's own scale. Floats never hold a time.

use std::num::NonZeroU32;

/// A presentation time in track ticks: when the frame of a sample is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pts(pub i64);

/// A decode time in track ticks: the order in which samples are given to a decoder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dts(pub i64);

/// Ticks per second of a track, never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timescale(NonZeroU32);

const NANOS: i128 = 1_000_000_000;

impl Timescale {
    /// Nanosecond ticks: what timelines use.
    pub const NANOS: Self = Self(NonZeroU32::new(1_000_000_000).unwrap());
    /// Millisecond ticks: the default of Matroska and FLV.
    pub const MILLIS: Self = Self(NonZeroU32::new(1_000).unwrap());
    /// 90 kHz ticks: MPEG transport streams and RTP.
    pub const MPEG: Self = Self(NonZeroU32::new(90_000).unwrap());

    /// The scale with this many ticks per second, or `None` for zero.
    pub const fn new(ticks_per_second: u32) -> Option<Self> {
        match NonZeroU32::new(ticks_per_second) {
            Some(n) => Some(Self(n)),
            None => None,
        }
    }

    /// Ticks per second.
    pub const fn ticks_per_second(self) -> u32 {
        self.0.get()
    }

    /// Ticks as nanoseconds, to the nearest, halves up. Saturates at the ends of `i64`.
    pub fn to_nanos(self, ticks: i64) -> i64 {
        let scale = i128::from(self.0.get());
        clamp((2 * i128::from(ticks) * NANOS + scale).div_euclid(2 * scale))
    }

    /// The last tick at or before a time in nanoseconds, where a tick is at the nanosecond that
    /// [`Timescale::to_nanos`] gives for it. So `from_nanos(to_nanos(t)) == t` for any scale up to
    /// one tick per nanosecond.
    pub fn from_nanos(self, nanos: i64) -> i64 {
        let scale = i128::from(self.0.get());
        // Largest t with round_half_up(t * 1e9 / scale) <= nanos, i.e. 2*t*1e9 + scale < 2*scale*(nanos + 1).
        let bound = 2 * scale * (i128::from(nanos) + 1) - scale;
        clamp((bound - 1).div_euclid(2 * NANOS))
    }

    /// Converts ticks of this scale to ticks of another, to the nearest, halves up.
    pub fn rescale(self, ticks: i64, to: Self) -> i64 {
        let from = i128::from(self.0.get());
        let to = i128::from(to.0.get());
        clamp((2 * i128::from(ticks) * to + from).div_euclid(2 * from))
    }
}

fn clamp(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nanoseconds_round_to_the_nearest_with_halves_up() {
        let scale = Timescale::new(30_000).unwrap();
        assert_eq!(scale.to_nanos(1_001), 33_366_667);
        assert_eq!(scale.to_nanos(-1_001), -33_366_667);
        assert_eq!(Timescale::new(2_000_000_000).unwrap().to_nanos(1), 1);
        assert_eq!(Timescale::new(2_000_000_000).unwrap().to_nanos(-1), 0);
    }

    #[test]
    fn a_tick_survives_the_way_to_nanoseconds_and_back() {
        for scale in [
            1,
            7,
            24,
            600,
            12_800,
            30_000,
            90_000,
            1_200_000,
            1_000_000_000,
        ] {
            let scale = Timescale::new(scale).unwrap();
            for tick in (-2_000..2_000).chain([i64::from(u32::MAX), -i64::from(u32::MAX)]) {
                assert_eq!(scale.from_nanos(scale.to_nanos(tick)), tick, "{scale:?}");
            }
        }
    }

    #[test]
    fn a_time_between_ticks_belongs_to_the_tick_before() {
        let scale = Timescale::new(25).unwrap();
        assert_eq!(scale.from_nanos(39_999_999), 0);
        assert_eq!(scale.from_nanos(40_000_000), 1);
        assert_eq!(scale.from_nanos(-1), -1);
    }

    #[test]
    fn extreme_times_saturate_instead_of_wrapping() {
        let scale = Timescale::new(1).unwrap();
        assert_eq!(scale.to_nanos(i64::MAX), i64::MAX);
        assert_eq!(scale.to_nanos(i64::MIN), i64::MIN);
    }
}
