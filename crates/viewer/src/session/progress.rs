//! How far the pictures on screen are: whether they are there, how late they are, when they change next.

use reelscope_player::ShownState;
use reelscope_store::LogTime;

use super::{Session, View};
use crate::steps::step_frames;
use crate::view_id::ViewId;

/// Playback waits for a picture that is further behind than this.
const TOLERATED_LAG: i64 = 250_000_000;

impl Session {
    /// True if each of the given views shows what is wanted, or why it cannot.
    pub(crate) fn is_settled(&self, on_screen: &[ViewId]) -> bool {
        self.opening == 0
            && on_screen
                .iter()
                .all(|id| self.views.get(id).is_some_and(View::is_settled))
    }

    /// True if one of the given views is so far behind the playhead, in wall time at this speed,
    /// that playback should wait for it.
    pub(crate) fn lags(&self, on_screen: &[ViewId], speed_thousandths: i32) -> bool {
        on_screen.iter().any(|id| {
            let lag = self.lag_nanos(*id).unwrap_or(0);
            let signed = lag.saturating_mul(i64::from(speed_thousandths.signum()));
            let wall = signed.saturating_mul(1_000) / i64::from(speed_thousandths.abs().max(1));
            wall > TOLERATED_LAG
        })
    }

    /// Distance from the last whole picture on screen to the wanted one, in nanoseconds; far if there
    /// was none yet.
    fn lag_nanos(&self, id: ViewId) -> Option<i64> {
        let (_, stream) = self.store.stream(id.stream)?;
        let shown = self.views.get(&id)?.shown.as_ref()?;
        if !matches!(shown.state, ShownState::Pending) {
            return None;
        }
        let wanted = stream.track.samples.get(shown.wanted?)?;
        // A reduced frame is no reason to run away from the whole ones.
        let Some(whole) = self.views.get(&id)?.whole else {
            return Some(i64::MAX / 2_000);
        };
        let track = &stream.track;
        Some(
            track
                .nanos(wanted.pts)
                .saturating_sub(track.nanos(whole.pts))
                // Beyond any tolerance, and small enough to calculate with.
                .clamp(-TOLERATED_LAG * 1_000, TOLERATED_LAG * 1_000),
        )
    }

    /// Samples that the decoders of these views hold, about.
    pub(crate) fn queued(&self, on_screen: &[ViewId]) -> usize {
        let queued = |id: &ViewId| Some(self.views.get(id)?.queued());
        on_screen.iter().filter_map(queued).sum()
    }

    /// The time at which the first of the given views changes its picture after (or before)
    /// `time`.
    pub(crate) fn next_change(
        &self,
        on_screen: &[ViewId],
        time: LogTime,
        reverse: bool,
    ) -> Option<LogTime> {
        let changes = on_screen.iter().filter_map(|id| {
            let (_, stream) = self.store.stream(id.stream)?;
            let there = self.time_in(*id, time);
            let next = step_frames(&stream, there, if reverse { -1 } else { 1 })?;
            Some(self.playhead_for(*id, next))
        });
        nearest(changes, reverse)
    }

    /// The next (or the previous) time at which anything was logged to the given streams: a frame, or
    /// a row of another component beside it.
    pub(crate) fn next_event(
        &self,
        on_screen: &[ViewId],
        time: LogTime,
        forward: bool,
    ) -> Option<LogTime> {
        let timeline = self.timeline()?;
        let rows = on_screen.iter().filter_map(|id| {
            let (recording, stream) = self.store.stream(id.stream)?;
            recording.next_row(&stream.entity, &timeline, time, forward)
        });
        let frames = self.next_change(on_screen, time, !forward);
        nearest(rows.chain(frames), !forward)
    }
}

/// The one of some times that is reached first.
fn nearest(times: impl Iterator<Item = LogTime>, reverse: bool) -> Option<LogTime> {
    if reverse { times.max() } else { times.min() }
}
