//! What a measurement gives: its requests, its own figures, and what the bare decoder would have
//! had to decode for it.

use std::ops::Range;

use reelscope_media::{SampleId, Track};
use serde::Serialize;

use super::rig::Request;

/// The outcome of a measurement.
pub(super) struct Measured {
    pub(super) requests: Vec<Request>,
    /// Exact frames shown per second.
    pub(super) fps: Option<f64>,
    pub(super) figures: Figures,
    pub(super) decoded: Decoded,
}

impl Measured {
    /// Exact frames per second.
    pub(super) fn rate(requests: &[Request], seconds: f64) -> Option<f64> {
        let exact = requests.iter().filter(|request| request.ms.is_some());
        (seconds > 0.0).then(|| exact.count() as f64 / seconds)
    }
}

/// What only some measurements have. Field names are part of the command's interface.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Figures {
    None {},
    Drag {
        /// Ticks at which another frame was wanted than at the tick before.
        ticks: usize,
        fresh_share: Option<f64>,
        exact_after_rest_ms: Option<f64>,
        mean_error_ms: Option<f64>,
    },
    Reverse {
        frames_due: usize,
        dropped: usize,
        forward_dropped: usize,
        /// Only every so manieth frame was shown backwards.
        every: Option<usize>,
    },
    Live {
        samples: usize,
        late_share: Option<f64>,
    },
}

/// What the bare decoder has to decode for the same pictures.
#[derive(Clone, Debug)]
pub(super) enum Decoded {
    /// For each request by itself, from where decoding can start to its sample.
    EachRequest,
    /// All samples of a range of decode positions, for so many frames.
    Run {
        positions: Range<usize>,
        frames: usize,
    },
}

impl Decoded {
    /// All that it takes to decode some frames of a track.
    pub(super) fn run_of(track: &Track, frames: &[SampleId]) -> Self {
        let samples = &track.samples;
        let starts = frames.iter().filter_map(|id| samples.decode_start(*id));
        let ends = frames.iter().filter_map(|id| samples.decode_position(*id));
        let end = ends.max().map_or(0, |last| last + 1);
        Self::Run {
            positions: starts.min().unwrap_or(0)..end,
            frames: frames.len(),
        }
    }
}

/// The value below which a share of the values lie (nearest rank); `None` of none.
pub(super) fn percentile(values: impl IntoIterator<Item = f64>, share: f64) -> Option<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let rank = (share * values.len() as f64).ceil() as usize;
    values.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let of = |share| percentile([5.0, 1.0, 4.0, 2.0, 3.0], share);
        assert_eq!(
            [of(0.5), of(0.95), of(1.0)],
            [Some(3.0), Some(5.0), Some(5.0)]
        );
        assert_eq!(percentile([1.0, 2.0], 0.5), Some(1.0));
        assert_eq!(percentile([], 0.5), None);
    }
}
