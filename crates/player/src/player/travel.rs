//! How the playhead moves: which way, in what steps, how fast.

use std::time::{Duration, Instant};

use reelscope_media::{Pts, SampleId, SampleIndex};

use crate::shown::Intent;

/// Frames to step back from one to the next: what lies between is kept on the way.
const SMALL_STEP: usize = 3;
/// A pointer that did not move for so long has stopped.
const STILL: Duration = Duration::from_millis(60);
/// Frames per second above which decoding whole frames cannot be hoped to keep up with a pointer.
const FAST: f64 = 150.0;

/// The last moves of the playhead.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Travel {
    last: Option<Pts>,
    pub(super) backwards: bool,
    /// True if the last move was a small one back.
    pub(super) steps_back: bool,
    /// When the last move was.
    at: Option<Instant>,
    /// Frames that the playhead passes in a second.
    speed: f64,
}

impl Travel {
    /// True if a pointer moves on faster than whole frames can be decoded.
    pub(super) fn is_fast(&self, intent: Intent) -> bool {
        let moves = self.at.is_some_and(|at| at.elapsed() < STILL);
        intent == Intent::Drag && moves && self.speed > FAST
    }

    /// Notes where the playhead is now.
    pub(super) fn note(&mut self, samples: &SampleIndex, id: SampleId, pts: Pts) {
        let Some(last) = self.last.replace(pts).filter(|last| *last != pts) else {
            return;
        };
        self.backwards = pts < last;
        let number = |id| samples.frame_number(id);
        let before = samples.latest_at(last).and_then(number);
        let steps = number(id).zip(before).map(|(now, then)| now.abs_diff(then));
        let now = Instant::now();
        let since = self.at.replace(now).map(|at| now - at);
        let speed = since
            .filter(|since| *since < STILL * 4)
            .map_or(0.0, |since| {
                steps.unwrap_or(0) as f64 / since.as_secs_f64().max(1e-3)
            });
        // Pointers move in jerks.
        self.speed = (self.speed * 3.0 + speed) / 4.0;
        self.steps_back = self.backwards && steps.is_some_and(|steps| steps <= SMALL_STEP);
    }
}
