//! What is told about a whole stream (bytes, frame rate, whether frames are evenly spaced), found
//! little by little so that no repaint walks all samples.

mod distances;
mod levels;
#[cfg(test)]
mod tests;

use std::ops::Range;

use reelscope_media::Track;
use reelscope_store::{StreamView, Timeline};

use distances::Distances;
pub(crate) use levels::Block;
use levels::Levels;

/// What the samples of a stream add up to, on the timeline that is looked at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Summary {
    /// The timeline that it was found for.
    timeline: Option<Timeline>,
    levels: Levels,
    distances: Distances,
    total: Block,
    /// The usual distance between two samples.
    usual: Option<i64>,
    /// How many samples there were, and how many of them were gone, when all was added up.
    seen: Option<(usize, usize)>,
}

impl Summary {
    /// Looks at some more samples, no more than `budget` of them, and takes them off it. Returns true
    /// once all were looked at.
    pub(crate) fn advance(&mut self, stream: &StreamView<'_>, budget: &mut usize) -> bool {
        if self.timeline.as_ref() != stream.timeline {
            *self = Self {
                timeline: stream.timeline.cloned(),
                ..Self::default()
            };
        }
        let samples = &stream.track.samples;
        let now = Some((samples.shown().len(), samples.dropped()));
        if self.seen == now {
            return true;
        }
        let distances = &mut self.distances;
        let taken = self
            .levels
            .advance(samples, *budget, |distance| distances.note(distance));
        *budget = budget.saturating_sub(taken);
        let is_complete = self.levels.is_complete(samples);
        if is_complete {
            self.seen = now;
        } else if taken == 0 {
            // It is the others' turn.
            return false;
        }
        self.total = self.levels.total(samples);
        self.usual = self.find_usual();
        is_complete
    }

    /// Bytes of the samples looked at so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.total.bytes
    }

    /// Samples looked at so far.
    pub(crate) fn samples(&self) -> u64 {
        self.total.samples
    }

    /// True if the distances between frames differ by more than the rounding to ticks explains.
    pub(crate) fn is_variable(&self) -> bool {
        self.total.samples > 2 && self.total.most.saturating_sub(self.total.least) > 1
    }

    /// The usual distance between two samples in ticks: the median, about. `None` with fewer than two.
    pub(crate) fn usual_distance(&self) -> Option<i64> {
        self.usual
    }

    fn find_usual(&self) -> Option<i64> {
        // Few samples are in no block yet.
        let mean = || {
            let samples = i64::try_from(self.total.samples).ok()?;
            self.total.length().checked_div(samples)
        };
        let usual = self.distances.median().or_else(mean)?;
        (self.total.samples > 1).then_some(usual.max(1))
    }

    /// Visits the samples of a time in ticks, in order of presentation: one by one, or, where that is
    /// shorter than `grain` ticks, several at once.
    pub(crate) fn walk(
        &self,
        track: &Track,
        time: Range<i64>,
        grain: i64,
        visit: impl FnMut(&Block),
    ) {
        self.levels.walk(&track.samples, time, grain, visit);
    }
}

/// Mean frame rate of a track in thousandths of a hertz; `None` with fewer than two frames.
pub(crate) fn frame_rate_millihertz(track: &Track) -> Option<u64> {
    let shown = track.samples.shown();
    let pts = |id| track.samples.get(id).map(|sample| sample.pts);
    let (first, last) = (pts(*shown.first()?)?, pts(*shown.last()?)?);
    let ticks = u128::try_from(last.0.checked_sub(first.0)?).ok()?;
    let frames = (shown.len() as u128).checked_sub(1)?;
    let scale = u128::from(track.timescale.ticks_per_second());
    let rate = (frames * scale * 1_000 + ticks / 2).checked_div(ticks)?;
    u64::try_from(rate).ok().filter(|rate| *rate > 0)
}

/// A frame rate as people write it: `"25 fps"`, `"29.97 fps"`.
pub(crate) fn frame_rate_text(millihertz: u64) -> String {
    let hundredths = (millihertz + 5) / 10;
    let (whole, fraction) = (hundredths / 100, hundredths % 100);
    if fraction == 0 {
        format!("{whole} fps")
    } else if fraction % 10 == 0 {
        format!("{whole}.{} fps", fraction / 10)
    } else {
        format!("{whole}.{fraction:02} fps")
    }
}
