//! Times in session files: `"12.3s"`, `"2026-09-21T14:13:20Z"`, or the bare number of a timeline that
//! counts.

use reelscope_store::{LogTime, TimelineKind};
use serde::{Deserialize, Serialize, Serializer};

use crate::place::{Place, seconds_text};

/// A time on a timeline of some kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) enum Stamp {
    /// On one that counts.
    Count(i64),
    /// Nanoseconds from the start.
    Duration(i64),
    /// Nanoseconds since 1970.
    Moment(i64),
}

impl Stamp {
    /// A time on a timeline.
    pub(crate) fn of(kind: TimelineKind, time: LogTime) -> Self {
        match kind {
            TimelineKind::Sequence => Self::Count(time.0),
            TimelineKind::Duration => Self::Duration(time.0),
            TimelineKind::Timestamp => Self::Moment(time.0),
        }
    }

    /// The time.
    pub(crate) fn time(self) -> LogTime {
        let (Self::Count(time) | Self::Duration(time) | Self::Moment(time)) = self;
        LogTime(time)
    }
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Count(number) => to.serialize_i64(number),
            Self::Duration(nanos) => to.collect_str(&format_args!("{}s", seconds_text(nanos))),
            Self::Moment(nanos) => to.collect_str(&Place::Moment(nanos)),
        }
    }
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "a time is a number, \"12.3s\" or \"2026-09-21T14:13:20Z\""
)]
enum Written {
    Count(i64),
    Text(String),
}

impl TryFrom<Written> for Stamp {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let text = match written {
            Written::Count(number) => return Ok(Self::Count(number)),
            Written::Text(text) => text,
        };
        match text.parse() {
            Ok(Place::Time(nanos) | Place::Clock(nanos) | Place::NanosFromHere(nanos)) => {
                Ok(Self::Duration(nanos))
            }
            Ok(Place::Moment(nanos)) => Ok(Self::Moment(nanos)),
            _ => Err(format!(
                "“{}” is no time: write 12.3s, 2026-09-21T14:13:20Z or a number",
                crate::widgets::elided(&text, 40)
            )),
        }
    }
}
