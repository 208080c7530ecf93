//! The store itself: chunks go in, the stream and its presentation time on screen come out.

use std::collections::BTreeMap;

use reelscope_media::{Pts, Track, TrackKind};

use crate::{EntityPath, LogTime, Timeline};

/// Names a recording for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordingId(pub u64);

/// Names a stream for good, unique in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(pub u64);

/// A batch of rows logged to one entity.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// Where.
    pub entity: EntityPath,
    /// On which axis.
    pub timeline: Timeline,
    /// What.
    pub rows: Rows,
}

/// The rows of a chunk.
#[derive(Clone, Debug)]
pub enum Rows {
    /// A whole track, logged so that its presentation time in nanoseconds is the log time.
    Track(Track),
}

/// A video track in a recording.
#[derive(Clone, Debug)]
pub struct Stream {
    /// Its name in the store.
    pub id: StreamId,
    /// Where it was logged.
    pub entity: EntityPath,
    /// The axis it was logged on.
    pub timeline: Timeline,
    /// Its samples.
    pub track: Track,
}

impl Stream {
    /// First and last log time at which it shows anything, the end exclusive.
    pub fn extent(&self) -> Option<(LogTime, LogTime)> {
        let (first, end) = (
            self.track.samples.first_pts()?,
            self.track.samples.end_pts()?,
        );
        Some((
            LogTime(self.track.nanos(first)),
            LogTime(self.track.nanos(end)),
        ))
    }
}

/// What is on screen of a stream at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Presentation time to show, in the track's ticks.
    pub pts: Pts,
    /// True if the time lies before the first sample.
    pub before_start: bool,
}

/// One file, or all that one program logged.
#[derive(Clone, Debug)]
pub struct Recording {
    /// Its name in the store.
    pub id: RecordingId,
    /// What people call it: a file name or an application id.
    pub name: String,
    /// Where it came from, in full: a path or an address.
    pub origin: String,
    /// What kind of thing it came from: `"mp4"`.
    pub kind: String,
    /// Its streams, in the order in which they were logged.
    pub streams: Vec<Stream>,
}

/// Everything that is open.
#[derive(Debug, Default)]
pub struct Store {
    recordings: BTreeMap<RecordingId, Recording>,
    next_recording: u64,
    next_stream: u64,
}

impl Store {
    /// A store with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts a recording.
    pub fn add_recording(&mut self, name: &str, origin: &str, kind: &str) -> RecordingId {
        let id = RecordingId(self.next_recording);
        self.next_recording += 1;
        let recording = Recording {
            id,
            name: name.to_owned(),
            origin: origin.to_owned(),
            kind: kind.to_owned(),
            streams: Vec::new(),
        };
        self.recordings.insert(id, recording);
        id
    }

    /// Adds a chunk to a recording. Returns the stream it made or went to, `None` if there is no
    /// such recording or the chunk holds no pictures.
    pub fn add_chunk(&mut self, recording: RecordingId, chunk: Chunk) -> Option<StreamId> {
        let recording = self.recordings.get_mut(&recording)?;
        match chunk.rows {
            Rows::Track(track) => {
                if track.kind != TrackKind::Video {
                    return None;
                }
                let id = StreamId(self.next_stream);
                self.next_stream += 1;
                recording.streams.push(Stream {
                    id,
                    entity: chunk.entity,
                    timeline: chunk.timeline,
                    track,
                });
                Some(id)
            }
        }
    }

    /// Removes a recording with all its streams.
    pub fn remove(&mut self, recording: RecordingId) -> Option<Recording> {
        self.recordings.remove(&recording)
    }

    /// All recordings, the oldest first.
    pub fn recordings(&self) -> impl Iterator<Item = &Recording> {
        self.recordings.values()
    }

    /// A recording by its name.
    pub fn recording(&self, id: RecordingId) -> Option<&Recording> {
        self.recordings.get(&id)
    }

    /// All streams of all recordings.
    pub fn streams(&self) -> impl Iterator<Item = &Stream> {
        self.recordings
            .values()
            .flat_map(|recording| &recording.streams)
    }

    /// A stream by its name, with its recording.
    pub fn stream(&self, id: StreamId) -> Option<(&Recording, &Stream)> {
        self.recordings.values().find_map(|recording| {
            recording
                .streams
                .iter()
                .find(|stream| stream.id == id)
                .map(|stream| (recording, stream))
        })
    }

    /// What a stream shows at a time: its latest sample at or before it, or its first one if the
    /// time lies before that. `None` if it has no samples.
    pub fn latest_at(&self, stream: &Stream, time: LogTime) -> Option<Hit> {
        let samples = &stream.track.samples;
        let at = Pts(stream.track.timescale.from_nanos(time.0));
        match samples.latest_at(at).and_then(|id| samples.get(id)) {
            Some(sample) => Some(Hit {
                pts: sample.pts,
                before_start: false,
            }),
            None => samples.first_pts().map(|pts| Hit {
                pts,
                before_start: true,
            }),
        }
    }

    /// First and last log time of all streams together, the end exclusive.
    pub fn extent(&self) -> Option<(LogTime, LogTime)> {
        self.streams()
            .filter_map(Stream::extent)
            .reduce(|all, one| (all.0.min(one.0), all.1.max(one.1)))
    }
}
