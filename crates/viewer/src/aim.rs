//! Where a place that a person named lies on the timeline that is looked at.

use reelscope_store::{LogTime, StreamView, TimelineKind};

use crate::clock::Clock;
use crate::place::Place;
use crate::session::Session;
use crate::steps::{dropped, step_frames, time_of_frame};
use crate::timecode::{HOUR, day_text, grouped, time_text};
use crate::view_id::ViewId;

/// What a place is seen from.
#[derive(Clone, Copy)]
pub(crate) struct Aim<'a> {
    pub(crate) session: &'a Session,
    pub(crate) clock: &'a Clock,
    pub(crate) focused: Option<ViewId>,
}

impl<'a> Aim<'a> {
    /// The time of a place.
    ///
    /// # Errors
    /// Why there is no such place, as the end of a sentence.
    pub(crate) fn time(&self, place: Place) -> Result<LogTime, &'static str> {
        let now = self.clock.now();
        let kind = self.session.timeline_kind();
        match place {
            Place::Frame(number) => {
                let time = time_of_frame(&self.stream()?, number).ok_or("there is no frame")?;
                Ok(self.playhead_for(time))
            }
            Place::FramesFromHere(0) => Ok(now),
            Place::FramesFromHere(frames) => {
                let here = self.time_in(now);
                let time = step_frames(&self.stream()?, here, frames);
                Ok(self.playhead_for(time.ok_or("there is no frame that way")?))
            }
            Place::NanosFromHere(nanos) => {
                let units = self.clock.pace().units(nanos);
                Ok(LogTime(now.0.saturating_add(units)))
            }
            Place::Time(nanos) if kind == TimelineKind::Timestamp => Ok(self.since_start(nanos)),
            Place::Clock(nanos) if kind == TimelineKind::Timestamp => Ok(self
                .time_of_day(nanos)
                .unwrap_or_else(|| self.since_start(nanos))),
            Place::Time(nanos) | Place::Clock(nanos) => Ok(LogTime(self.clock.pace().units(nanos))),
            Place::Moment(nanos) if kind == TimelineKind::Timestamp => Ok(LogTime(nanos)),
            Place::Moment(_) => Err("this timeline has no days"),
        }
    }

    /// Where a place is, in words.
    ///
    /// # Errors
    /// Why there is no such place, as the end of a sentence.
    pub(crate) fn words(&self, place: Place) -> Result<String, &'static str> {
        let mut clock = self.clock.clone();
        clock.seek(self.time(place)?);
        let (kind, time) = (self.session.timeline_kind(), clock.now());
        let mut text = time_text(kind, time);
        if let Some(day) = day_text(kind, time) {
            text = format!("{day}, {text}");
        }
        if let Ok(stream) = self.stream()
            && let Some(number) = stream.moment_at(self.time_in(time))
        {
            let number = number.saturating_add(dropped(&stream));
            let number = grouped(i64::try_from(number).unwrap_or(i64::MAX));
            text = format!("{text}, frame #{number}");
        }
        Ok(text)
    }

    /// The time of the stream in focus when the playhead is there.
    fn time_in(&self, time: LogTime) -> LogTime {
        self.focused
            .map_or(time, |view| self.session.time_in(view, time))
    }

    /// The reverse.
    fn playhead_for(&self, time: LogTime) -> LogTime {
        self.focused
            .map_or(time, |view| self.session.playhead_for(view, time))
    }

    fn stream(&self) -> Result<StreamView<'a>, &'static str> {
        let stream = self
            .focused
            .and_then(|id| self.session.store.stream(id.stream));
        stream
            .map(|(_, stream)| stream)
            .ok_or("no picture has the focus")
    }

    /// Nobody writes down all the seconds since 1970: what is so early counts from the start of what
    /// was logged.
    fn since_start(&self, nanos: i64) -> LogTime {
        let start = self.clock.extent().map_or(0, |(start, _)| start.0);
        let offset = if nanos < start { start } else { 0 };
        LogTime(nanos.saturating_add(offset))
    }

    /// The time of day (UTC) on the day of the playhead, or a day before or after, where that was
    /// logged.
    fn time_of_day(&self, nanos: i64) -> Option<LogTime> {
        let (start, end) = self.clock.extent()?;
        let day = 24 * HOUR;
        let midnight = self.clock.now().0.div_euclid(day).checked_mul(day)?;
        [0, -day, day].into_iter().find_map(|other| {
            let time = LogTime(midnight.checked_add(other)?.checked_add(nanos)?);
            (start <= time && time < end).then_some(time)
        })
    }
}
