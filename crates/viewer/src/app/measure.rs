//! What is measured while the window is used, for the HUD and the count of dropped frames.

use std::time::Instant;

use crate::view_id::ViewId;
use reelscope_player::ShownState;
use reelscope_store::LogTime;

use super::App;
use crate::hud::{Figures, Memory, Rate};
use crate::meter::{Meter, Motion, Wish};

/// The span over which the frames of a stream are counted, half of it before the playhead and half
/// after it, in nanoseconds.
const SPAN: i64 = 1_000_000_000;

/// The meter, and what it needs to know of the playhead.
pub(super) struct Measure {
    meter: Meter,
    epoch: Instant,
    /// Where the playhead was when wishes were noted last.
    at: Option<LogTime>,
    /// Where passing time has brought it since.
    glided_to: Option<LogTime>,
    was_playing: bool,
}

impl Default for Measure {
    fn default() -> Self {
        Self {
            meter: Meter::default(),
            epoch: Instant::now(),
            at: None,
            glided_to: None,
            was_playing: false,
        }
    }
}

impl Measure {
    fn now(&self) -> f64 {
        self.epoch.elapsed().as_secs_f64()
    }

    /// Notes that passing time has brought the playhead from one place to another.
    pub(super) fn note_glide(&mut self, from: LogTime, to: LogTime) {
        // From elsewhere: it was put there meanwhile.
        self.glided_to = (self.at == Some(from) && from != to).then_some(to);
    }

    /// Frames that were dropped since playback started.
    pub(super) fn dropped(&self) -> usize {
        self.meter.dropped()
    }
}

impl App {
    /// Notes what the players were just asked for.
    pub(super) fn note_wishes(&mut self) {
        let playing = self.clock.is_playing();
        if playing && !self.measure.was_playing {
            self.measure.meter.restart();
        }
        self.measure.was_playing = playing;
        let now = self.clock.now();
        let reverse = self.clock.speed().is_reverse();
        let glides = self.measure.glided_to == Some(now) || self.clock.is_live();
        let motion = if glides {
            Motion::Glide { reverse }
        } else {
            Motion::Seek
        };
        self.measure.at = Some(now);
        let on_screen = self.tiles.on_screen();
        self.measure.meter.keep_only(&on_screen);
        let at = self.measure.now();
        for id in on_screen {
            if let Some((number, at_hand)) = self.wanted(id) {
                let wish = Wish {
                    number,
                    motion,
                    at_hand,
                };
                self.measure.meter.wish(id, wish, at);
            }
        }
    }

    /// Notes which of it is on screen.
    pub(super) fn note_shown(&mut self) {
        let at = self.measure.now();
        for id in self.tiles.on_screen() {
            if self.wanted(id).is_some_and(|(_, is_there)| is_there) {
                self.measure.meter.shown(id, at);
            }
        }
    }

    /// The number of a stream's frame for the playhead, and whether it is there.
    fn wanted(&self, id: ViewId) -> Option<(usize, bool)> {
        let (_, stream) = self.session.store.stream(id.stream)?;
        let shown = self.session.view(id)?.shown.as_ref()?;
        let number = stream.moment_at(self.session.time_in(id, self.clock.now()))?;
        let is_exact = matches!(shown.state, ShownState::Exact);
        // Where only every so manieth frame is decoded, another one may have been asked for.
        let meant = shown.every.is_none() || shown.wanted == stream.moment(number)?.sample;
        Some((number, is_exact && meant))
    }

    /// What the HUD shows.
    pub(super) fn figures(&self) -> Figures {
        let on_screen = self.tiles.on_screen();
        let looked_at = self.tiles.focused().or(on_screen.first().copied());
        let meter = &self.measure.meter;
        let rate = looked_at
            .filter(|_| self.clock.is_playing())
            .map(|id| Rate {
                shown: meter.shown_per_second(id, self.measure.now()),
                due: self.frames_due(id),
            });
        let cache = &self.session.cache;
        Figures {
            rate,
            dropped: meter.dropped(),
            seeks: meter.seek_times(),
            queued: self.session.queued(&on_screen),
            hit_rate: meter.hit_rate(),
            memory: Memory {
                frames: cache.used().saturating_sub(cache.reduced_used()),
                previews: cache.reduced_used(),
                rows: self.session.store.bytes(),
                textures: self.paint.bytes(),
                program: self.session.resident(),
            },
        }
    }

    /// Frames of a stream that the playhead passes in a second of wall time, around where it is.
    fn frames_due(&self, id: ViewId) -> Option<f64> {
        let (_, stream) = self.session.store.stream(id.stream)?;
        let (start, end) = self.clock.extent()?;
        let now = self.clock.now().0;
        let speed = f64::from(self.clock.speed().thousandths().unsigned_abs()) / 1_000.0;
        let second = self.clock.pace().units(SPAN) as f64 * speed;
        // Rounding is of no matter here.
        let half = (second / 2.0).max(1.0) as i64;
        let from = now.saturating_sub(half).max(start.0);
        let to = now.saturating_add(half).min(end.0.saturating_sub(1));
        let number = |time| stream.moment_at(LogTime(time)).map_or(0, |at| at + 1);
        let frames = number(to).saturating_sub(number(from));
        let span = (to - from) as f64;
        (span > 0.0 && second > 0.0).then(|| frames as f64 * second / span)
    }
}
