//! What is told about a whole stream (bytes, how frames are spaced, how long GOPs are), found little by
//! little so that no repaint walks all samples.

mod gops;
mod levels;
mod spacing;
#[cfg(test)]
mod tests;

use std::ops::Range;

use reelscope_media::Track;
use reelscope_store::{StreamView, Timeline};

pub(crate) use gops::Gops;
pub(crate) use levels::Block;
use levels::{Levels, UNSETTLED};
pub(crate) use spacing::Spacing;

/// What the samples of a stream add up to, on the timeline that is looked at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Summary {
    /// The timeline that it was found for.
    timeline: Option<Timeline>,
    levels: Levels,
    gops: Gops,
    /// Shown samples that were looked at for good, counted from the very first one.
    settled: usize,
    /// How those are spaced.
    of_settled: Spacing,
    /// How they and the newest ones are spaced.
    spacing: Spacing,
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
        if *budget == 0 {
            // It is the others' turn.
            return false;
        }
        let taken = self.levels.advance(samples, *budget);
        let all_spaced = self.space(stream.track, *budget);
        *budget = budget.saturating_sub(taken.max(1));
        let all_gops = self.gops.advance(stream.track);
        let is_complete = self.levels.is_complete(samples) && all_spaced && all_gops;
        if is_complete {
            self.seen = now;
        }
        self.total = self.levels.total(samples);
        let median = self.spacing.gaps().map(|[_, median, _]| median.max(1));
        self.usual = median;
        is_complete
    }

    /// Looks at how some more samples are spaced. Returns true once all were looked at.
    fn space(&mut self, track: &Track, budget: usize) -> bool {
        let (shown, dropped) = (track.samples.shown(), track.samples.dropped());
        let add = |spacing: &mut Spacing, at: usize| {
            let id = shown.get(at);
            if let Some(sample) = id.and_then(|id| track.samples.get(*id)) {
                let nanos = track.nanos(sample.pts);
                spacing.add(sample.pts.0, nanos, sample.data.len() as u64);
            }
        };
        let from = self.settled.saturating_sub(dropped);
        // Others may still come between the newest ones.
        let all = shown.len().saturating_sub(UNSETTLED).max(from);
        let until = all.min(from.saturating_add(budget));
        for at in from..until {
            add(&mut self.of_settled, at);
        }
        self.settled = dropped + until;
        self.spacing = self.of_settled.clone();
        if until == all {
            for at in until..shown.len() {
                add(&mut self.spacing, at);
            }
        }
        until == all
    }

    /// Bytes of the samples looked at so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.total.bytes
    }

    /// Samples looked at so far.
    pub(crate) fn samples(&self) -> u64 {
        self.total.samples
    }

    /// How the frames looked at so far are spaced.
    pub(crate) fn spacing(&self) -> &Spacing {
        &self.spacing
    }

    /// The GOPs looked at so far.
    pub(crate) fn gops(&self) -> &Gops {
        &self.gops
    }

    /// The usual distance between two samples in ticks: the median. `None` with fewer than two.
    pub(crate) fn usual_distance(&self) -> Option<i64> {
        self.usual
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
