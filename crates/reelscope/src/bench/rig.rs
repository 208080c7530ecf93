//! The player on the test bench: requests that wait for their exact frame, and what they took.

use std::time::{Duration, Instant};

use reelscope_media::{Pts, SampleId, Track};
use reelscope_player::{Absence, PlayerError, Shown, ShownState};
use serde::Serialize;

use reelscope_read::Engines;
use reelscope_read::Headless;

/// How long a frame is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// One wish, and how it went. Field names are part of the command's interface.
#[derive(Debug, Serialize)]
pub(super) struct Request {
    /// The wanted frame's sample.
    #[serde(skip)]
    pub(super) sample: Option<SampleId>,
    /// What keeps the player from decoding anything at all.
    #[serde(skip)]
    pub(super) failure: Option<PlayerError>,
    pub(super) wanted_ns: i64,
    /// The time of the exact frame.
    pub(super) shown_ns: Option<i64>,
    /// From the wish to the exact frame.
    pub(super) ms: Option<f64>,
    /// From the wish to the first picture nearer than the one on screen before.
    pub(super) preview_ms: Option<f64>,
    /// Why there is no exact frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) state: Option<String>,
    /// What the bare decoder needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) limit_ms: Option<f64>,
}

/// What is wanted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wish {
    /// The frame on screen at a time.
    At(Pts),
    /// The frame of a sample, where several have the same time.
    Sample(SampleId),
}

/// A player, its track, and what is on screen.
pub(super) struct Rig {
    pub(super) headless: Headless,
    pub(super) track: Track,
    on_screen: Option<(SampleId, Pts)>,
}

impl Rig {
    /// A player that has not begun yet.
    pub(super) fn new(track: Track, engines: Engines, cache_bytes: usize) -> Self {
        let mut headless = Headless::with_cache(engines, cache_bytes);
        // As in a window.
        headless.player().preview(true);
        Self {
            headless,
            track,
            on_screen: None,
        }
    }

    /// The presentation time of a sample.
    pub(super) fn pts(&self, id: SampleId) -> Pts {
        self.track
            .samples
            .get(id)
            .map_or(Pts(0), |sample| sample.pts)
    }

    /// The presentation time of a sample in nanoseconds.
    pub(super) fn nanos(&self, id: SampleId) -> i64 {
        self.track.nanos(self.pts(id))
    }

    /// The sample on screen at a time: before the first one the first.
    pub(super) fn at(&self, nanos: i64) -> Option<SampleId> {
        let samples = &self.track.samples;
        samples
            .latest_at(Pts(self.track.timescale.from_nanos(nanos)))
            .or_else(|| samples.shown().first().copied())
    }

    /// The sample of the picture on screen.
    pub(super) fn on_screen(&self) -> Option<(SampleId, Pts)> {
        self.on_screen
    }

    /// What a window would paint now.
    pub(super) fn tick(&mut self) -> Shown {
        let shown = self.headless.tick(&self.track);
        if let Some(frame) = &shown.frame {
            self.on_screen = Some((frame.sample, frame.pts));
        }
        shown
    }

    /// Says what is wanted, without waiting for it.
    pub(super) fn wish(&mut self, wish: Wish) {
        match wish {
            Wish::At(pts) => self.headless.player().want(pts),
            Wish::Sample(id) => self.headless.player().want_sample(id),
        }
    }

    /// Wishes for the frame at a time in nanoseconds, and waits for it.
    pub(super) fn seek(&mut self, nanos: i64) -> Request {
        let pts = Pts(self.track.timescale.from_nanos(nanos));
        let mut request = self.request(Wish::At(pts));
        request.wanted_ns = nanos;
        request
    }

    /// Wishes for a frame, and waits until it is there, or it is certain that it will not come.
    pub(super) fn request(&mut self, wish: Wish) -> Request {
        let target = match wish {
            Wish::At(pts) => pts,
            Wish::Sample(id) => self.pts(id),
        };
        let far = |pts: Pts| pts.0.abs_diff(target.0);
        let before = self.on_screen.map(|(_, pts)| far(pts));
        let mut preview_ms = None;
        let begun = Instant::now();
        self.wish(wish);
        loop {
            let shown = self.tick();
            let elapsed = begun.elapsed();
            if let Some(frame) = &shown.frame
                && preview_ms.is_none()
                && before.is_none_or(|before| far(frame.pts) < before)
            {
                preview_ms = Some(millis(elapsed));
            }
            let state = why_not_exact(&shown);
            let over = !matches!(shown.state, ShownState::Pending) || elapsed > PATIENCE;
            if over {
                return Request {
                    sample: shown.wanted,
                    failure: match &shown.state {
                        ShownState::Failed(error) => Some(error.clone()),
                        _ => None,
                    },
                    wanted_ns: self.track.nanos(target),
                    shown_ns: exact(&shown).map(|id| self.nanos(id)),
                    ms: state.is_none().then(|| millis(elapsed)),
                    preview_ms,
                    state,
                    limit_ms: None,
                };
            }
            self.headless.wait(PATIENCE);
        }
    }

    /// Lets the player work until a point in time.
    pub(super) fn work_until(&mut self, end: Instant) {
        loop {
            self.tick();
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            self.headless.wait(left);
        }
    }

    /// Lets the player work until it has nothing to prepare any more, at most so long.
    pub(super) fn rest(&mut self, at_most: Duration) {
        let begun = Instant::now();
        loop {
            self.tick();
            let left = at_most.saturating_sub(begun.elapsed());
            if self.headless.player().is_rested() || left.is_zero() {
                return;
            }
            self.headless.wait(left);
        }
    }
}

/// The sample of the exact frame, if that is what is shown.
pub(super) fn exact(shown: &Shown) -> Option<SampleId> {
    let frame = shown.frame.as_ref()?;
    matches!(shown.state, ShownState::Exact).then_some(frame.sample)
}

/// Why what is shown is not the exact frame, in words; `None` if it is.
fn why_not_exact(shown: &Shown) -> Option<String> {
    match &shown.state {
        ShownState::Exact if shown.frame.is_some() => None,
        ShownState::Exact => Some("exact without a frame".to_owned()),
        ShownState::Pending => Some("timed out".to_owned()),
        ShownState::Absent(Absence::NoPicture) => Some("no picture".to_owned()),
        ShownState::Absent(Absence::Damaged(error)) => Some(error.to_string()),
        ShownState::Failed(error) => Some(error.to_string()),
        ShownState::Empty => Some("no samples".to_owned()),
    }
}

/// A span in milliseconds, to the microsecond.
pub(super) fn millis(span: Duration) -> f64 {
    (span.as_secs_f64() * 1e6).round() / 1e3
}
