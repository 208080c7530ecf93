//! From ticks of a track to places in a lane, without a conversion of times for each sample.

use std::ops::Range;

use egui::Rect;
use reelscope_media::Track;
use reelscope_store::LogTime;

use super::super::Axis;

/// Where the ticks of a track are in a lane.
#[derive(Clone, Copy, Debug)]
pub(in crate::timeline) struct Scale {
    /// A tick near the left edge.
    origin: i64,
    /// Where that is.
    left: f64,
    points_per_tick: f64,
    /// Ticks in sight.
    first: i64,
    last: i64,
}

impl Scale {
    /// The scale of a track.
    pub(in crate::timeline) fn of(track: &Track, axis: &Axis, rect: Rect) -> Self {
        let (first, last) = axis.range();
        let ticks = |time: LogTime| track.timescale.from_nanos(time.0);
        let origin = ticks(first);
        let nanos_per_tick = 1e9 / track.timescale.ticks_per_second() as f64;
        Self {
            origin,
            left: f64::from(axis.x_of(LogTime(track.timescale.to_nanos(origin)), rect)),
            points_per_tick: nanos_per_tick / axis.nanos_per_point(rect),
            first: origin,
            last: ticks(last).saturating_add(1),
        }
    }

    /// The ticks in sight.
    pub(in crate::timeline) fn seen(&self) -> Range<i64> {
        self.first..self.last
    }

    /// Where a tick is.
    pub(in crate::timeline) fn x(&self, ticks: i64) -> f32 {
        let away = ticks.saturating_sub(self.origin) as f64;
        // Far outside, all places are alike.
        (self.left + away * self.points_per_tick).clamp(-1e6, 1e6) as f32
    }

    /// How many points so many ticks take.
    pub(in crate::timeline) fn points(&self, ticks: i64) -> f32 {
        (ticks as f64 * self.points_per_tick).min(1e6) as f32
    }

    /// How many ticks a number of points takes.
    pub(in crate::timeline) fn ticks(&self, points: f32) -> i64 {
        // Saturates where it is out of range.
        (f64::from(points) / self.points_per_tick) as i64
    }
}
