//! The playhead and what moves it: wall time times speed, looping, stopping at the ends, dragging.
//! Knows no streams and no frames.

mod repeat;
mod speed;
#[cfg(test)]
mod tests;

use reelscope_store::LogTime;

pub use repeat::LoopMode;
pub use speed::{Pace, Speed, SpeedError};
use speed::{SHUTTLE, SLOW_SHUTTLE};

/// The playhead and its motion.
#[derive(Clone, Debug)]
pub struct Clock {
    now: LogTime,
    /// First time and end (exclusive) of what can be played.
    extent: Option<(LogTime, LogTime)>,
    playing: bool,
    speed: Speed,
    loop_mode: LoopMode,
    /// What is played again and again: first time and end (exclusive).
    loop_range: Option<(LogTime, LogTime)>,
    /// While the playhead is dragged: whether it played before.
    drag: Option<bool>,
    /// What was not played yet, in parts of a unit of the axis.
    remainder: i128,
    pace: Pace,
    /// True while the playhead stays at the end of what keeps growing.
    live: bool,
    /// True if there is something to stay at the end of.
    grows: bool,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            now: LogTime(0),
            extent: None,
            playing: false,
            speed: Speed::NORMAL,
            loop_mode: LoopMode::Once,
            loop_range: None,
            drag: None,
            remainder: 0,
            pace: Pace::Nanoseconds,
            live: false,
            grows: false,
        }
    }
}

impl Clock {
    /// Where the playhead is.
    pub fn now(&self) -> LogTime {
        self.now
    }

    /// First time and end (exclusive) of what can be played.
    pub fn extent(&self) -> Option<(LogTime, LogTime)> {
        self.extent
    }

    /// True while time passes.
    pub fn is_playing(&self) -> bool {
        self.playing
    }

    /// True while the playhead stays at the end of what keeps growing.
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// Goes to the end and stays there, whatever comes.
    pub fn go_live(&mut self) {
        self.speed = Speed::NORMAL;
        self.live = true;
        self.playing = true;
        self.drag = None;
        if let Some(last) = self.last() {
            self.place(last);
        }
    }

    /// Says whether what is looked at keeps growing. What has stopped growing is not followed any
    /// more.
    pub fn set_grows(&mut self, grows: bool) {
        self.grows = grows;
        if self.live && !grows {
            self.live = false;
            self.playing = false;
        }
    }

    /// True if there is something to stay at the end of.
    pub(crate) fn can_follow(&self) -> bool {
        self.grows
    }

    /// Says what the axis counts.
    pub fn set_pace(&mut self, pace: Pace) {
        self.pace = pace;
    }

    /// What the axis counts.
    pub fn pace(&self) -> Pace {
        self.pace
    }

    /// True while the person holds the playhead.
    pub fn is_dragged(&self) -> bool {
        self.drag.is_some()
    }

    /// The speed that is played at.
    pub fn speed(&self) -> Speed {
        self.speed
    }

    /// Says what can be played. The first extent puts the playhead at its start.
    pub fn set_extent(&mut self, extent: Option<(LogTime, LogTime)>) {
        if self.extent == extent {
            return;
        }
        let first = self.extent.is_none();
        self.extent = extent;
        match extent {
            Some(_) if self.live => {
                if let Some(last) = self.last() {
                    self.place(last);
                }
            }
            Some((start, _)) if first => self.now = start,
            Some(_) => self.place(self.now),
            None => {
                self.playing = false;
                self.live = false;
                self.drag = None;
            }
        }
    }

    /// The last time that can be shown.
    fn last(&self) -> Option<LogTime> {
        let (start, end) = self.extent?;
        Some(LogTime(end.0.saturating_sub(1).max(start.0)))
    }

    /// Puts the playhead somewhere, within the extent. It does not follow the end any more.
    pub fn seek(&mut self, time: LogTime) {
        if std::mem::take(&mut self.live) {
            self.playing = false;
        }
        self.place(time);
    }

    fn place(&mut self, time: LogTime) {
        self.remainder = 0;
        self.now = match (self.extent, self.last()) {
            (Some((start, _)), Some(last)) => time.clamp(start, last),
            _ => time,
        };
    }

    /// Puts the playhead at the start.
    pub fn seek_start(&mut self) {
        if let Some((start, _)) = self.extent {
            self.seek(start);
        }
    }

    /// Puts the playhead on the last thing that is shown; if more keeps coming, it stays at the end.
    pub fn seek_end(&mut self) {
        if self.grows {
            self.go_live();
        } else if let Some(last) = self.last() {
            self.seek(last);
        }
    }

    /// Starts or pauses playback. Starting at the end starts over.
    pub fn toggle(&mut self) {
        if self.playing {
            self.pause();
        } else {
            self.play();
        }
    }

    /// Starts playback.
    pub fn play(&mut self) {
        let Some((start, end)) = self.bounds() else {
            return;
        };
        let last = LogTime(end.0.saturating_sub(1).max(start.0));
        if self.speed.is_reverse() && self.now <= start {
            self.seek(last);
        } else if !self.speed.is_reverse() && self.now >= last {
            self.seek(start);
        }
        self.playing = true;
    }

    /// Pauses playback.
    pub fn pause(&mut self) {
        self.playing = false;
        self.live = false;
        self.drag = self.drag.map(|_| false);
    }

    /// Pauses, and forgets a shuttle speed: the next start is at real time, forwards.
    pub fn stop(&mut self) {
        self.pause();
        self.speed = Speed::NORMAL;
    }

    /// Sets the speed.
    pub fn set_speed(&mut self, speed: Speed) {
        self.speed = speed;
    }

    /// A tenth faster.
    pub fn speed_up(&mut self) {
        self.speed = self.speed.faster();
    }

    /// A tenth slower.
    pub fn slow_down(&mut self) {
        self.speed = self.speed.slower();
    }

    /// Plays one way, and each time it is called again faster (or with `slow`, slower).
    pub fn shuttle(&mut self, reverse: bool, slow: bool) {
        let ladder: &[i32] = if slow { &SLOW_SHUTTLE } else { &SHUTTLE };
        let same_way = self.playing && self.speed.is_reverse() == reverse;
        let size = self.speed.thousandths().abs();
        let next = if same_way {
            ladder
                .iter()
                .position(|step| *step == size)
                .and_then(|at| ladder.get(at + 1).or(ladder.last()))
        } else {
            None
        };
        let size = next.or(ladder.first()).copied().unwrap_or(size);
        self.speed = Speed::from_thousandths(if reverse { -size } else { size });
        self.play();
    }

    /// The person takes hold of the playhead: playback pauses until they let go.
    pub fn begin_drag(&mut self) {
        if self.drag.is_none() {
            self.drag = Some(self.playing && !self.live);
            self.playing = false;
            self.live = false;
        }
    }

    /// The person lets go: what played before goes on.
    pub fn end_drag(&mut self) {
        if self.drag.take() == Some(true) {
            self.playing = true;
        }
    }

    /// Lets wall time pass. Does nothing while paused.
    pub fn advance(&mut self, wall_nanos: i64) {
        let (true, Some(bounds)) = (self.playing, self.bounds()) else {
            return;
        };
        if self.live {
            return;
        }
        let (units, nanos) = self.pace.ratio();
        let whole = 1_000 * nanos;
        let passed =
            i128::from(wall_nanos) * i128::from(self.speed.thousandths()) * units + self.remainder;
        self.remainder = passed.rem_euclid(whole);
        let to = i128::from(self.now.0) + passed.div_euclid(whole);
        let grows_on = self.grows && self.extent.is_some_and(|(_, end)| bounds.1 == end);
        if grows_on && self.loop_mode == LoopMode::Once && to >= i128::from(bounds.1.0) {
            self.go_live();
            return;
        }
        let landing = repeat::land(self.loop_mode, bounds, to);
        if landing.turned {
            self.speed = self.speed.reversed();
        }
        self.playing = !landing.ended;
        let to = landing.at;
        self.now = LogTime(i64::try_from(to).unwrap_or(self.now.0));
    }

    /// Wall time in nanoseconds until the playhead is at `time`; `None` if it does not go there.
    pub fn wall_nanos_until(&self, time: LogTime) -> Option<u64> {
        let distance = i128::from(time.0) - i128::from(self.now.0);
        let speed = i128::from(self.speed.thousandths());
        let (units, nanos) = self.pace.ratio();
        (self.playing && !self.live && distance.signum() == speed.signum())
            .then(|| u64::try_from(distance * 1_000 * nanos / (speed * units)).unwrap_or(u64::MAX))
    }
}
