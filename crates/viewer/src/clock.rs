//! The playhead and what moves it: wall time times speed, looping, stopping at the ends, dragging.
//! Knows no streams and no frames.

#[cfg(test)]
mod tests;

use std::fmt;

use reelscope_store::LogTime;

/// The fastest playback in either direction, in thousandths.
const FASTEST: i32 = 32_000;
/// The slowest.
const SLOWEST: i32 = 10;
/// Speeds that J and L go through.
const SHUTTLE: [i32; 4] = [1_000, 2_000, 4_000, 8_000];
/// Speeds that Shift with J and L goes through.
const SLOW_SHUTTLE: [i32; 2] = [500, 250];

/// Playback speed in thousandths of real time; negative plays backwards. Never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed(i32);

impl Speed {
    /// Real time.
    pub const NORMAL: Self = Self(1_000);

    /// A speed in thousandths, brought into the range that is offered.
    pub fn from_thousandths(thousandths: i32) -> Self {
        let size = thousandths.saturating_abs().clamp(SLOWEST, FASTEST);
        Self(if thousandths < 0 { -size } else { size })
    }

    /// The speed in thousandths of real time.
    pub fn thousandths(self) -> i32 {
        self.0
    }

    /// True if time runs backwards.
    pub fn is_reverse(self) -> bool {
        self.0 < 0
    }

    /// A tenth faster.
    fn faster(self) -> Self {
        Self::from_thousandths((self.0 * 11 + 5 * self.0.signum()) / 10)
    }

    /// A tenth slower: undoes [`Speed::faster`].
    fn slower(self) -> Self {
        Self::from_thousandths((self.0 * 10 + 5 * self.0.signum()) / 11)
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_reverse() { "−" } else { "" };
        let size = self.0.unsigned_abs();
        let (whole, hundredths) = (size / 1_000, size % 1_000 / 10);
        match hundredths {
            0 => write!(f, "{sign}{whole}×"),
            tenths if tenths % 10 == 0 => write!(f, "{sign}{whole}.{}×", tenths / 10),
            _ => write!(f, "{sign}{whole}.{hundredths:02}×"),
        }
    }
}

/// How wall time becomes time on an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// The axis counts nanoseconds.
    Nanoseconds,
    /// The axis counts frames or steps: so many per second.
    Steps(u32),
}

impl Pace {
    /// Units of the axis per nanosecond, as numerator and denominator.
    fn ratio(self) -> (i128, i128) {
        match self {
            Self::Nanoseconds => (1, 1),
            Self::Steps(per_second) => (i128::from(per_second.max(1)), 1_000_000_000),
        }
    }

    /// How far the axis goes in so many nanoseconds.
    pub(crate) fn units(self, nanos: i64) -> i64 {
        let (units, per) = self.ratio();
        let far = (i128::from(nanos) * units).div_euclid(per);
        i64::try_from(far).unwrap_or(if nanos < 0 { i64::MIN } else { i64::MAX })
    }
}

/// The playhead and its motion.
#[derive(Clone, Debug)]
pub struct Clock {
    now: LogTime,
    /// First time and end (exclusive) of what can be played.
    extent: Option<(LogTime, LogTime)>,
    playing: bool,
    speed: Speed,
    looping: bool,
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
            looping: false,
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

    /// True if playback starts over at the end.
    pub fn is_looping(&self) -> bool {
        self.looping
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
        let Some((start, _)) = self.extent else {
            return;
        };
        let last = self.last().unwrap_or(start);
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
        let size = self.speed.0.abs();
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

    /// Turns looping on or off.
    pub fn toggle_loop(&mut self) {
        self.looping = !self.looping;
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
        let (true, Some((start, end))) = (self.playing, self.extent) else {
            return;
        };
        if self.live {
            return;
        }
        let (units, nanos) = self.pace.ratio();
        let whole = 1_000 * nanos;
        let passed = i128::from(wall_nanos) * i128::from(self.speed.0) * units + self.remainder;
        self.remainder = passed.rem_euclid(whole);
        let to = i128::from(self.now.0) + passed.div_euclid(whole);
        let (start, end) = (
            i128::from(start.0),
            i128::from(end.0).max(i128::from(start.0) + 1),
        );
        let inside = (start..end).contains(&to);
        let to = if inside {
            to
        } else if self.looping {
            start + (to - start).rem_euclid(end - start)
        } else if self.grows && to >= end {
            self.go_live();
            return;
        } else {
            self.playing = false;
            to.clamp(start, end - 1)
        };
        self.now = LogTime(i64::try_from(to).unwrap_or(self.now.0));
    }

    /// Wall time in nanoseconds until the playhead is at `time`; `None` if it does not go there.
    pub fn wall_nanos_until(&self, time: LogTime) -> Option<u64> {
        let distance = i128::from(time.0) - i128::from(self.now.0);
        let speed = i128::from(self.speed.0);
        let (units, nanos) = self.pace.ratio();
        (self.playing && !self.live && distance.signum() == speed.signum())
            .then(|| u64::try_from(distance * 1_000 * nanos / (speed * units)).unwrap_or(u64::MAX))
    }
}
