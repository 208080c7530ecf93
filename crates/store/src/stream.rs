//! Streams: what can be looked at, on whichever timeline.

use reelscope_media::{Pts, SampleId, Track};

use crate::chunk::{LoggedRows, StreamKind};
use crate::line::{Line, NO_TRACK};
use crate::{EntityPath, LogTime, Recording, RowId, Timeline};

/// Names a stream for good, unique in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(pub u64);

/// Names a track for good, unique in the store: a stream on one of its timelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrackName(pub u64);

/// Video at one place in a recording.
#[derive(Clone, Debug)]
pub struct Stream {
    /// Its name in the store.
    pub id: StreamId,
    /// Where it was logged.
    pub entity: EntityPath,
    /// Which archetype it was logged as; `None` for a track of an opened file.
    pub kind: Option<StreamKind>,
    /// When its latest sample was sent and when it came, in nanoseconds since the Unix epoch.
    pub arrival: Option<Arrival>,
    pub(crate) lines: Vec<Line>,
    /// Why a video that was logged as a whole cannot be read.
    pub(crate) problem: Option<String>,
}

/// How long a sample was on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// When the logging program sent it, in nanoseconds since the Unix epoch.
    pub sent: i64,
    /// When it was put into the store, by the same clock.
    pub stored: i64,
}

/// A stream as it is on the timeline that is looked at.
#[derive(Clone, Copy, Debug)]
pub struct StreamView<'a> {
    stream: &'a Stream,
    line: Option<&'a Line>,
    /// Its samples; of a stream of references, those of the video that the latest one refers to.
    pub track: &'a Track,
    /// The timeline.
    pub timeline: Option<&'a Timeline>,
}

impl std::ops::Deref for StreamView<'_> {
    type Target = Stream;

    fn deref(&self) -> &Stream {
        self.stream
    }
}

/// A time at which a stream shows something new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub time: LogTime,
    /// What it shows, in [`StreamView::track`].
    pub sample: Option<SampleId>,
}

impl Stream {
    pub(crate) fn new(id: StreamId, entity: EntityPath, kind: Option<StreamKind>) -> Self {
        Self {
            id,
            entity,
            kind,
            arrival: None,
            lines: Vec::new(),
            problem: None,
        }
    }

    /// Why nothing of it can be shown at all, in words for a person.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// The video, if it was logged as a whole: it has times of its own.
    pub fn whole_video(&self) -> Option<&Track> {
        let line = self.lines.first()?;
        (self.kind == Some(StreamKind::AssetVideo)).then_some(&line.track)
    }

    /// The line on a timeline; one that holds at all times is on each.
    pub(crate) fn line_on(&self, timeline: Option<&Timeline>) -> Option<(usize, &Line)> {
        let mut lines = self.lines.iter().enumerate();
        lines
            .clone()
            .find(|(_, line)| line.is_static)
            .or_else(|| lines.find(|(_, line)| Some(&line.timeline) == timeline))
    }

    pub(crate) fn line_mut(&mut self, timeline: &Timeline) -> &mut Line {
        let known = self
            .lines
            .iter()
            .position(|line| line.timeline == *timeline);
        let at = known.unwrap_or_else(|| {
            self.lines.push(Line::new(timeline.clone()));
            self.lines.len() - 1
        });
        &mut self.lines[at]
    }

    pub(crate) fn track_name(&self, line: usize) -> TrackName {
        /// More timelines than any program has.
        const LINES: u64 = 1 << 12;
        TrackName(self.id.0.wrapping_mul(LINES).wrapping_add(line as u64))
    }

    /// The names that its tracks may have.
    pub fn track_names(&self) -> impl Iterator<Item = TrackName> + '_ {
        (0..self.lines.len()).map(|line| self.track_name(line))
    }

    /// Forgets references and ends that came with rows.
    pub(crate) fn forget(&mut self, rows: &LoggedRows) {
        for times in &rows.times {
            let mut lines = self.lines.iter_mut();
            let Some(line) = lines.find(|line| line.timeline == times.timeline) else {
                continue;
            };
            for (id, time) in rows.ids.iter().zip(&times.times) {
                if let Some(time) = time {
                    line.references.remove((*time, *id));
                    line.ends.remove((*time, *id));
                }
            }
        }
    }
}

impl<'a> StreamView<'a> {
    pub(crate) fn of(recording: &'a Recording, stream: &'a Stream) -> Self {
        let timeline = if recording.is_logged() {
            recording.timeline()
        } else {
            stream.lines.first().map(|line| &line.timeline)
        };
        let line = stream.line_on(timeline).map(|(_, line)| line);
        let track = match line {
            Some(line) if line.references.len() > 0 => {
                let last = line.references.last().map(|(key, _)| key);
                let target = last.map(|key| crate::target::target(recording, stream, key));
                target
                    .and_then(Result::ok)
                    .map_or(&*NO_TRACK, |target| target.track)
            }
            Some(line) => &line.track,
            None => &NO_TRACK,
        };
        Self {
            stream,
            line,
            track,
            timeline,
        }
    }

    /// The stream, for as long as the store is not changed.
    pub fn stream(&self) -> &'a Stream {
        self.stream
    }

    /// True if it has anything on the timeline that is looked at.
    pub fn is_there(&self) -> bool {
        self.line.is_some()
    }

    /// True if it shows the same at all times.
    pub fn is_static(&self) -> bool {
        self.line.is_some_and(|line| line.is_static)
    }

    /// True if it is made of references to frames of another track.
    pub fn refers(&self) -> bool {
        self.line.is_some_and(|line| line.references.len() > 0)
    }

    /// First and last log time at which it shows anything, the end exclusive. `None` if it shows
    /// nothing, or the same at all times.
    pub fn extent(&self) -> Option<(LogTime, LogTime)> {
        let line = self.line.filter(|line| !line.is_static)?;
        if let (Some((first, _)), Some((last, _))) =
            (line.references.first(), line.references.last())
        {
            let count = i64::try_from(line.references.len()).unwrap_or(i64::MAX);
            let span = last.0.0.saturating_sub(first.0.0);
            let mean = span.checked_div(count - 1).unwrap_or(1);
            return Some((first.0, LogTime(last.0.0.saturating_add(mean.max(1)))));
        }
        let samples = &self.track.samples;
        let (first, end) = (samples.first_pts()?, samples.end_pts()?);
        let first = self.track.nanos(first);
        let end = self.track.nanos(end).max(first.saturating_add(1));
        Some((LogTime(first), LogTime(end)))
    }

    /// Number of times at which it shows something new.
    pub fn moments(&self) -> usize {
        match self.line {
            Some(line) if line.references.len() > 0 => line.references.len(),
            _ => self.track.samples.shown().len(),
        }
    }

    /// The moment of a number, in order of time.
    pub fn moment(&self, number: usize) -> Option<Moment> {
        match self.line {
            Some(line) if line.references.len() > 0 => {
                let (key, (nanos, _)) = line.references.get(number)?;
                Some(Moment {
                    time: key.0,
                    sample: crate::target::closest(self.track, *nanos),
                })
            }
            _ => {
                let id = *self.track.samples.shown().get(number)?;
                let pts = self.track.samples.get(id)?.pts;
                Some(Moment {
                    time: LogTime(self.track.nanos(pts)),
                    sample: Some(id),
                })
            }
        }
    }

    /// The number of the moment that holds at a time; `None` before the first one.
    pub fn moment_at(&self, time: LogTime) -> Option<usize> {
        let count = match self.line {
            Some(line) if line.references.len() > 0 => {
                line.references.count_to((time, RowId::LAST))
            }
            _ => {
                let samples = &self.track.samples;
                let at = Pts(self.track.timescale.from_nanos(time.0));
                let pts = |id: &SampleId| samples.get(*id).map(|sample| sample.pts);
                samples.shown().partition_point(|id| pts(id) <= Some(at))
            }
        };
        count.checked_sub(1)
    }
}
