//! What happens at the ends of what is played, and the range between the loop's handles.

use reelscope_store::LogTime;

use super::Clock;

/// What playback does when it reaches the end of what is played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoopMode {
    /// It stops.
    #[default]
    Once,
    /// It starts over.
    Loop,
    /// It turns round.
    PingPong,
}

impl LoopMode {
    /// All of them, in the order in which a key goes through them.
    pub const ALL: [Self; 3] = [Self::Once, Self::Loop, Self::PingPong];

    /// The one after it.
    pub fn next(self) -> Self {
        match self {
            Self::Once => Self::Loop,
            Self::Loop => Self::PingPong,
            Self::PingPong => Self::Once,
        }
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Once => "Once",
            Self::Loop => "Loop",
            Self::PingPong => "Ping-pong",
        }
    }
}

/// Where time that passed leads to.
pub(super) struct Landing {
    pub(super) at: i128,
    /// True if playback goes the other way from now on.
    pub(super) turned: bool,
    /// True if playback is over.
    pub(super) ended: bool,
}

/// Brings a time back between the bounds (the end exclusive).
pub(super) fn land(mode: LoopMode, (start, end): (LogTime, LogTime), to: i128) -> Landing {
    let start = i128::from(start.0);
    let end = i128::from(end.0).max(start + 1);
    let length = end - start;
    let inside = (start..end).contains(&to);
    let (at, turned) = match mode {
        _ if inside => (to, false),
        LoopMode::Once => (to.clamp(start, end - 1), false),
        LoopMode::Loop => (start + (to - start).rem_euclid(length), false),
        LoopMode::PingPong => {
            let legs = (to - start).div_euclid(length);
            let rest = (to - start).rem_euclid(length);
            match legs.rem_euclid(2) {
                0 => (start + rest, false),
                _ => (end - 1 - rest, true),
            }
        }
    };
    Landing {
        at,
        turned,
        ended: !inside && mode == LoopMode::Once,
    }
}

impl Clock {
    /// What playback does at the end.
    pub fn loop_mode(&self) -> LoopMode {
        self.loop_mode
    }

    /// Says what playback does at the end.
    pub fn set_loop_mode(&mut self, mode: LoopMode) {
        self.loop_mode = mode;
    }

    /// First time and end (exclusive) of the range that is played again and again, if there is one.
    pub fn loop_range(&self) -> Option<(LogTime, LogTime)> {
        self.loop_range
    }

    /// Sets the range that is played again and again, or takes it away. One that is empty is none.
    pub fn set_loop_range(&mut self, range: Option<(LogTime, LogTime)>) {
        self.loop_range = range.filter(|(start, end)| start < end);
    }

    /// Starts the range at the playhead. An end before it becomes that of all there is.
    pub fn loop_from_here(&mut self) {
        let Some((_, end)) = self.extent else {
            return;
        };
        let old = self.loop_range.map(|(_, end)| end);
        let end = old.filter(|old| *old > self.now).unwrap_or(end);
        self.set_loop_range(Some((self.now, end)));
    }

    /// Ends the range after what is shown at the playhead, which lasts until `after`. A start after
    /// it becomes that of all there is.
    pub fn loop_until(&mut self, after: LogTime) {
        let Some((start, _)) = self.extent else {
            return;
        };
        let old = self.loop_range.map(|(start, _)| start);
        let start = old.filter(|old| *old < after).unwrap_or(start);
        self.set_loop_range(Some((start, after)));
    }

    /// What is played: the range if the playhead is in it, else all there is. Whoever goes elsewhere
    /// by hand wants to look there.
    pub(super) fn bounds(&self) -> Option<(LogTime, LogTime)> {
        let all = self.extent?;
        let range = self
            .loop_range
            .map(|(start, end)| (start.max(all.0), end.min(all.1)));
        let inside = |(start, end): &(LogTime, LogTime)| (*start..*end).contains(&self.now);
        Some(range.filter(inside).unwrap_or(all))
    }
}
