//! Timelines: named axes that things are logged on.

use std::sync::Arc;

/// A time on a timeline: nanoseconds, or the number itself on a sequence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogTime(pub i64);

/// What the numbers of a timeline mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimelineKind {
    /// Counts: frame numbers, steps.
    Sequence,
    /// Nanoseconds since some start.
    Duration,
    /// Nanoseconds since the Unix epoch.
    Timestamp,
}

/// A named axis.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timeline {
    /// Its name.
    pub name: Arc<str>,
    /// What its numbers mean.
    pub kind: TimelineKind,
}

impl Timeline {
    /// The timeline of opened files, and of logged videos that nothing refers to: each one's own
    /// presentation time.
    pub fn video_time() -> Self {
        Self {
            name: "video time".into(),
            kind: TimelineKind::Duration,
        }
    }

    /// True for the timelines that logging libraries add by themselves: when, and as which message,
    /// something was logged.
    pub fn is_built_in(&self) -> bool {
        matches!(&*self.name, "log_time" | "log_tick")
    }
}
