//! Which part of the time is seen: from times to positions and back, zooming, panning.

use egui::Rect;
use reelscope_store::LogTime;

/// The closest that can be looked at, in nanoseconds, where nobody says how long a frame is.
const CLOSEST: f64 = 1e6;
/// Space beside the extent when all is seen, as a share of it.
const SLACK: f64 = 0.01;

/// The part of the time that is seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Axis {
    extent: Option<(LogTime, LogTime)>,
    /// What is seen, in nanoseconds from the extent's start; `None` shows all.
    window: Option<(f64, f64)>,
    /// How long a frame is: no less can be looked at.
    closest: Option<f64>,
}

impl Axis {
    /// Says how much there is. What is seen stays unless all was seen.
    pub(crate) fn set_extent(&mut self, extent: Option<(LogTime, LogTime)>) {
        if let (Some((old, _)), Some((new, _)), Some((start, end))) =
            (self.extent, extent, self.window)
        {
            let moved = (old.0.saturating_sub(new.0)) as f64;
            self.window = Some((start + moved, end + moved));
        }
        if extent.is_none() {
            self.window = None;
        }
        self.extent = extent;
    }

    /// Says how long the shortest frames are: one of them may be as wide as the window.
    pub(crate) fn set_closest(&mut self, frame: Option<i64>) {
        self.closest = frame.map(|frame| frame.max(1) as f64);
    }

    /// The axis of a stream that is shown so much later than it was logged: its own times are where
    /// they are shown.
    pub(crate) fn shifted(&self, by: i64) -> Self {
        let earlier = |time: LogTime| LogTime(time.0.saturating_sub(by));
        Self {
            extent: self
                .extent
                .map(|(start, end)| (earlier(start), earlier(end))),
            ..self.clone()
        }
    }

    /// The same axis with all there is in sight.
    pub(crate) fn whole(&self) -> Self {
        Self {
            window: None,
            ..self.clone()
        }
    }

    /// True if all there is is in sight.
    pub(crate) fn is_whole(&self) -> bool {
        self.window.is_none()
    }

    /// Shows this part, or as little as can be shown.
    pub(crate) fn show(&mut self, from: LogTime, to: LogTime) {
        let start = from.0.saturating_sub(self.origin()) as f64;
        let length = to.0.saturating_sub(from.0) as f64;
        self.look_at(start, length);
    }

    fn origin(&self) -> i64 {
        self.extent.map_or(0, |(start, _)| start.0)
    }

    fn length(&self) -> f64 {
        self.extent
            .map_or(1e9, |(start, end)| end.0.saturating_sub(start.0) as f64)
            .max(1.0)
    }

    /// Start and length of what is seen, in nanoseconds from the extent's start.
    fn seen(&self) -> (f64, f64) {
        match self.window {
            Some((start, end)) => (start, (end - start).max(1.0)),
            None => {
                let slack = self.length() * SLACK;
                (-slack, self.length() + 2.0 * slack)
            }
        }
    }

    /// First and last time that are seen.
    pub(crate) fn range(&self) -> (LogTime, LogTime) {
        let (start, length) = self.seen();
        (self.time(start), self.time(start + length))
    }

    fn time(&self, offset: f64) -> LogTime {
        // Saturates where the offset is out of range.
        LogTime(self.origin().saturating_add(offset.round() as i64))
    }

    /// Nanoseconds per point.
    pub(crate) fn nanos_per_point(&self, rect: Rect) -> f64 {
        self.seen().1 / f64::from(rect.width().max(1.0))
    }

    /// Where a time is.
    pub(crate) fn x_of(&self, time: LogTime, rect: Rect) -> f32 {
        let (start, length) = self.seen();
        let offset = time.0.saturating_sub(self.origin()) as f64;
        rect.left() + ((offset - start) / length * f64::from(rect.width())) as f32
    }

    /// Which time is there.
    pub(crate) fn time_at(&self, x: f32, rect: Rect) -> LogTime {
        let (start, length) = self.seen();
        let share = f64::from(x - rect.left()) / f64::from(rect.width().max(1.0));
        self.time(start + share * length)
    }

    /// Shows all there is.
    pub(crate) fn fit(&mut self) {
        self.window = None;
    }

    /// Shows more or less; the time at `x` stays there.
    pub(crate) fn zoom_at(&mut self, x: f32, rect: Rect, factor: f32) {
        let (start, length) = self.seen();
        let share = f64::from(x - rect.left()) / f64::from(rect.width().max(1.0));
        let new = self.held(length / f64::from(factor.max(1e-3)));
        self.look_at(start + share * (length - new), new);
    }

    /// Moves what is seen by a distance in points.
    pub(crate) fn pan(&mut self, points: f32, rect: Rect) {
        if self.window.is_some() {
            let (start, length) = self.seen();
            self.look_at(
                start - f64::from(points) * self.nanos_per_point(rect),
                length,
            );
        }
    }

    /// Turns the page when the playhead leaves what is seen.
    pub(crate) fn follow(&mut self, now: LogTime) {
        let (start, length) = self.seen();
        let at = now.0.saturating_sub(self.origin()) as f64;
        if self.window.is_some() && !(start..=start + length).contains(&at) {
            self.look_at(at - 0.05 * length, length);
        }
    }

    /// A length that can be looked at.
    fn held(&self, length: f64) -> f64 {
        let closest = self.closest.unwrap_or(CLOSEST);
        length.max(closest.min(self.all()))
    }

    /// The length of what is seen when all is seen.
    fn all(&self) -> f64 {
        self.length() * (1.0 + 2.0 * SLACK)
    }

    fn look_at(&mut self, start: f64, length: f64) {
        let length = self.held(length);
        if length >= self.all() {
            self.fit();
            return;
        }
        let slack = length * SLACK;
        let most = (self.length() + slack - length).max(-slack);
        let start = start.clamp(-slack, most);
        self.window = Some((start, start + length));
    }
}

#[cfg(test)]
mod tests {
    use egui::{pos2, vec2};

    use super::*;

    const SECOND: i64 = 1_000_000_000;

    fn rect() -> Rect {
        Rect::from_min_size(pos2(100.0, 0.0), vec2(1_000.0, 20.0))
    }

    fn axis() -> Axis {
        let mut axis = Axis::default();
        axis.set_extent(Some((LogTime(5 * SECOND), LogTime(105 * SECOND))));
        axis
    }

    #[test]
    fn all_is_seen_at_first() {
        let (first, last) = axis().range();
        assert_eq!((first.0, last.0), (4 * SECOND, 106 * SECOND));
    }

    #[test]
    fn positions_and_times_are_inverse() {
        let axis = axis();
        for seconds in [5, 30, 105] {
            let time = LogTime(seconds * SECOND);
            let back = axis.time_at(axis.x_of(time, rect()), rect());
            assert!((back.0 - time.0).abs() < SECOND / 1_000, "{seconds}");
        }
    }

    #[test]
    fn the_time_under_the_pointer_stays_when_zooming() {
        let mut axis = axis();
        let before = axis.time_at(400.0, rect());
        axis.zoom_at(400.0, rect(), 8.0);
        let after = axis.time_at(400.0, rect());
        assert!((before.0 - after.0).abs() < SECOND / 1_000);
        let (first, last) = axis.range();
        assert!((last.0 - first.0 - 12_750_000_000).abs() < SECOND / 1_000);
    }

    #[test]
    fn one_cannot_pan_away_from_everything() {
        let mut axis = axis();
        axis.zoom_at(400.0, rect(), 8.0);
        axis.pan(1e9, rect());
        assert!(axis.range().0.0 > 4 * SECOND);
        axis.pan(-1e9, rect());
        assert!(axis.range().1.0 < 106 * SECOND);
    }

    #[test]
    fn zooming_out_far_enough_shows_all() {
        let mut axis = axis();
        axis.zoom_at(400.0, rect(), 8.0);
        axis.zoom_at(400.0, rect(), 0.01);
        assert_eq!(axis.range(), self::axis().range());
    }

    #[test]
    fn one_frame_can_be_as_wide_as_the_window() {
        let mut axis = axis();
        // A hundredth of a second; and the closest of a timeline that counts.
        for frame in [10_000_000, 1] {
            axis.set_closest(Some(frame));
            axis.zoom_at(400.0, rect(), 1e9);
            let (first, last) = axis.range();
            assert!((last.0 - first.0 - frame).abs() <= 1, "{frame}");
        }
        axis.show(LogTime(20 * SECOND), LogTime(30 * SECOND));
        assert_eq!(axis.range(), (LogTime(20 * SECOND), LogTime(30 * SECOND)));
        axis.show(LogTime(0), LogTime(300 * SECOND));
        assert!(axis.is_whole());
    }

    #[test]
    fn a_shifted_stream_lies_later() {
        let mut axis = axis();
        axis.zoom_at(400.0, rect(), 8.0);
        let shifted = axis.shifted(3 * SECOND);
        let (shown, own) = (LogTime(40 * SECOND), LogTime(37 * SECOND));
        assert_eq!(shifted.x_of(own, rect()), axis.x_of(shown, rect()));
    }

    #[test]
    fn another_file_leaves_what_is_seen_where_it_was() {
        let mut axis = axis();
        axis.zoom_at(400.0, rect(), 8.0);
        let before = axis.range();
        axis.set_extent(Some((LogTime(0), LogTime(500 * SECOND))));
        assert_eq!(axis.range(), before);
    }
}
