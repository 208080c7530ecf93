//! Streams without times: the place in presentation order and the nominal frame rate stand in.

use reelscope_media::{
    StreamFacts, SyncKind, Timescale, Track, Visibility,
    codec::{Inspector, SampleFacts},
};

use crate::assemble::{DEFAULT_RATE, MAX_SAMPLES, greatest_common_divisor, range_sample};

/// A sample of which only the place in the file and the bits are known.
pub(crate) struct RawSample {
    pub(crate) offset: u64,
    pub(crate) len: u32,
    pub(crate) sync: SyncKind,
    pub(crate) shown: bool,
    order: Option<i64>,
    restarts_order: bool,
}

impl RawSample {
    /// The sample at a byte range.
    pub(crate) fn new(offset: u64, len: u32, facts: &SampleFacts) -> Self {
        let SampleFacts {
            sync,
            shown,
            order,
            restarts_order,
            ..
        } = *facts;
        Self {
            offset,
            len,
            sync,
            shown,
            order,
            restarts_order,
        }
    }
}

/// What a sample's bits say. A damaged sample, and one that nobody can look into, counts as shown.
pub(crate) fn look_into(inspector: Option<&mut Box<dyn Inspector>>, bytes: &[u8]) -> SampleFacts {
    let unknown = SampleFacts {
        shown: true,
        ..SampleFacts::default()
    };
    inspector
        .and_then(|inspector| inspector.inspect(bytes).ok())
        .unwrap_or(unknown)
}

/// The frame rate that a stream states, or FFmpeg's 25 per second where it states none that is
/// believable.
pub(crate) fn nominal_rate(facts: Option<&StreamFacts>) -> [u32; 2] {
    /// No camera or screen is faster; a stream that claims more has a damaged header.
    const FASTEST: u32 = 10_000;
    let stated = facts.and_then(|facts| facts.frame_rate);
    let believable = |rate: &[u32; 2]| {
        let [num, den] = *rate;
        num > 0 && den > 0 && num / den <= FASTEST
    };
    let [num, den] = stated.filter(believable).unwrap_or(DEFAULT_RATE);
    let divisor = greatest_common_divisor(num, den).max(1);
    [num / divisor, den / divisor]
}

/// Appends samples to a track, timed by their place in presentation order at a frame rate.
/// A sample that is not shown gets the time of the shown one that follows it.
pub(crate) fn append_timed(track: &mut Track, samples: &[RawSample], rate: [u32; 2]) {
    let [num, den] = rate;
    track.timescale = Timescale::new(num).unwrap_or(Timescale::MPEG);
    let places = presentation_places(samples);
    for (arrival, (sample, place)) in (0_i64..).zip(samples.iter().zip(places)).take(MAX_SAMPLES) {
        let ticks = |place: i64| place.saturating_mul(i64::from(den));
        let RawSample {
            offset,
            len,
            sync,
            shown,
            ..
        } = *sample;
        let mut sample = range_sample(ticks(place), ticks(arrival), sync, offset, len);
        sample.duration = if shown { den } else { 0 };
        sample.visibility = Visibility::of_picture(shown);
        track.samples.push(sample);
    }
}

/// For each sample, in decode order, how many shown samples are presented before it.
pub(crate) fn presentation_places(samples: &[RawSample]) -> Vec<i64> {
    let mut places = vec![0; samples.len()];
    let mut before = 0;
    let mut from = 0;
    while from < samples.len() {
        let rest = samples.get(from + 1..).unwrap_or_default();
        let len = 1 + rest
            .iter()
            .take_while(|sample| !sample.restarts_order)
            .count();
        let group = samples.get(from..from + len).unwrap_or_default();
        for (index, shown) in presentation_order(group) {
            if let Some(place) = places.get_mut(from + index) {
                *place = before;
            }
            before += i64::from(shown);
        }
        from += len;
    }
    places
}

/// The samples of a group by picture order, each with whether it is shown. One whose order is not
/// known stays behind the one before it in decode order.
fn presentation_order(group: &[RawSample]) -> Vec<(usize, bool)> {
    let mut last = i64::MIN;
    let mut keyed: Vec<(i64, usize, bool)> = Vec::with_capacity(group.len());
    for (index, sample) in group.iter().enumerate() {
        last = sample.order.unwrap_or(last);
        keyed.push((last, index, sample.shown));
    }
    keyed.sort_unstable();
    keyed
        .into_iter()
        .map(|(_, index, shown)| (index, shown))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(order: Option<i64>, restarts_order: bool, shown: bool) -> RawSample {
        RawSample::new(
            0,
            1,
            &SampleFacts {
                order,
                restarts_order,
                shown,
                ..SampleFacts::default()
            },
        )
    }

    #[test]
    fn samples_are_presented_by_picture_order_within_each_group() {
        let group = [Some(0), Some(6), Some(2), Some(4)];
        let samples: Vec<RawSample> = [group, group]
            .iter()
            .flat_map(|group| {
                group
                    .iter()
                    .map(|order| raw(*order, *order == Some(0), true))
            })
            .collect();
        assert_eq!(presentation_places(&samples), [0, 3, 1, 2, 4, 7, 5, 6]);
    }

    #[test]
    fn samples_without_picture_order_are_presented_as_they_come() {
        let samples: Vec<RawSample> = (0..4).map(|_| raw(None, false, true)).collect();
        assert_eq!(presentation_places(&samples), [0, 1, 2, 3]);
    }

    #[test]
    fn a_sample_that_is_not_shown_takes_no_time() {
        let samples = [true, false, true].map(|shown| raw(None, false, shown));
        assert_eq!(presentation_places(&samples), [0, 1, 1]);
    }

    #[test]
    fn an_unbelievable_frame_rate_is_passed_over() {
        let stating = |rate| StreamFacts {
            frame_rate: Some(rate),
            ..StreamFacts::default()
        };
        assert_eq!(
            nominal_rate(Some(&stating([30_000, 1_001]))),
            [30_000, 1_001]
        );
        assert_eq!(nominal_rate(Some(&stating([u32::MAX, 1]))), [25, 1]);
        assert_eq!(nominal_rate(Some(&stating([0, 1]))), [25, 1]);
        assert_eq!(nominal_rate(None), [25, 1]);
    }
}
