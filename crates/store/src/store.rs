//! The store itself: chunks go in, streams and what they show at a time come out.

use std::collections::{BTreeMap, HashMap};

use reelscope_media::{Track, TrackKind};

use crate::chunk::{Content, LoggedSample, Rows, StreamKind};
use crate::line::{ChunkKey, Line, Origin};
use crate::recording::{Recording, RecordingId};
use crate::stream::{Arrival, Moment, Stream, StreamId, StreamView};
use crate::target::{self, Hit, Nothing};
use crate::{Chunk, EntityPath, LogTime, LoggedRows, Timeline};

/// Everything that is open.
#[derive(Debug, Default)]
pub struct Store {
    recordings: BTreeMap<RecordingId, Recording>,
    /// Where each stream is: its recording, and its number there.
    places: HashMap<StreamId, (RecordingId, usize)>,
    next_recording: u64,
    next_stream: u64,
}

/// What a chunk changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// Streams that are new.
    pub new: Vec<StreamId>,
    /// Streams that were there and have more now.
    pub grown: Vec<StreamId>,
    /// Samples that found no room: a stream has changed its configuration too often.
    pub refused: usize,
}

impl Store {
    /// A store with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts a recording. `run` is the name that a logging program gave to it; empty for a video
    /// file.
    pub fn add_recording(
        &mut self,
        name: &str,
        origin: &str,
        kind: &str,
        run: &str,
    ) -> RecordingId {
        let id = RecordingId(self.next_recording);
        self.next_recording += 1;
        let recording = Recording::new(id, name, origin, kind, run);
        self.recordings.insert(id, recording);
        id
    }

    /// The recording of a logging program, if it is open. With an empty `name` (a program that does
    /// not say it each time) the run alone counts.
    pub fn find_recording(&self, name: &str, run: &str) -> Option<RecordingId> {
        let mut all = self.recordings.values();
        let found = all.find(|known| {
            known.run == run && (known.name == name || name.is_empty() || known.name.is_empty())
        });
        found.map(|recording| recording.id)
    }

    /// Names a recording whose name came after its rows.
    pub fn rename(&mut self, recording: RecordingId, name: &str) {
        if let Some(recording) = self.recordings.get_mut(&recording) {
            recording.name = name.to_owned();
        }
    }

    /// Adds a chunk to a recording. `now` is the time in nanoseconds since the Unix epoch.
    pub fn add_chunk(&mut self, id: RecordingId, chunk: Chunk, now: i64) -> Added {
        let mut added = Added::default();
        let Some(recording) = self.recordings.get_mut(&id) else {
            return added;
        };
        match chunk.rows {
            Rows::Track(timeline, track) => {
                if track.kind == TrackKind::Video {
                    let id = new_stream(&mut self.next_stream);
                    let mut stream = Stream::new(id, chunk.entity, None);
                    stream.lines.push(Line::of_track(timeline, track));
                    recording.add_stream(stream);
                    added.new.push(id);
                }
            }
            Rows::Logged(rows) => {
                let path = chunk.entity;
                let sent = rows.sent_at;
                let mut filling = Filling {
                    recording,
                    next_stream: &mut self.next_stream,
                    added: &mut added,
                };
                filling.fill(&path, rows);
                if let Some(sent) = sent {
                    let arrival = Arrival { sent, stored: now };
                    for id in added.new.iter().chain(&added.grown) {
                        if let Some(stream) = recording.stream_mut(*id) {
                            stream.arrival = Some(arrival);
                        }
                    }
                }
            }
        }
        for stream in &added.new {
            if let Some(number) = recording.number(*stream) {
                self.places.insert(*stream, (id, number));
            }
        }
        added
    }

    /// Removes a recording with all its streams.
    pub fn remove(&mut self, recording: RecordingId) -> Option<Recording> {
        self.places.retain(|_, (of, _)| *of != recording);
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

    /// A recording by its name, to choose its timeline.
    pub fn recording_mut(&mut self, id: RecordingId) -> Option<&mut Recording> {
        self.recordings.get_mut(&id)
    }

    /// All streams of a recording, as they are on the timeline that is looked at.
    pub fn streams_of<'a>(&self, recording: &'a Recording) -> impl Iterator<Item = StreamView<'a>> {
        let streams = recording.streams.iter();
        streams.map(|stream| StreamView::of(recording, stream))
    }

    /// All streams of all recordings.
    pub fn streams(&self) -> impl Iterator<Item = StreamView<'_>> {
        self.recordings
            .values()
            .flat_map(|recording| self.streams_of(recording))
    }

    /// A stream by its name, with its recording.
    pub fn stream(&self, id: StreamId) -> Option<(&Recording, StreamView<'_>)> {
        let (recording, number) = self.places.get(&id)?;
        let recording = self.recordings.get(recording)?;
        let stream = recording.streams.get(*number)?;
        Some((recording, StreamView::of(recording, stream)))
    }

    /// What a stream shows at a time: its latest sample at or before it, or its first one if the
    /// time lies before that.
    ///
    /// # Errors
    /// If there is nothing to show then.
    pub fn hit<'a>(
        &self,
        recording: &'a Recording,
        stream: &StreamView<'a>,
        time: LogTime,
    ) -> Result<Hit<'a>, Nothing> {
        target::hit(recording, stream, time)
    }

    /// The frame that was logged at a moment of a stream.
    ///
    /// # Errors
    /// If there is nothing to show of it.
    pub fn frame_of<'a>(
        &self,
        recording: &'a Recording,
        stream: &StreamView<'a>,
        moment: Moment,
    ) -> Result<Hit<'a>, Nothing> {
        target::frame_of(recording, stream, moment)
    }

    /// Bytes of memory that all that was logged takes.
    pub fn bytes(&self) -> usize {
        self.recordings.values().map(Recording::bytes).sum()
    }
}

fn new_stream(next: &mut u64) -> StreamId {
    let id = StreamId(*next);
    *next += 1;
    id
}

/// Rows on their way into a recording.
struct Filling<'a> {
    recording: &'a mut Recording,
    next_stream: &'a mut u64,
    added: &'a mut Added,
}

impl Filling<'_> {
    fn fill(&mut self, path: &EntityPath, mut rows: LoggedRows) {
        let contents = std::mem::take(&mut rows.content);
        let first = rows.ids.first().copied().unwrap_or_default();
        let is_static = rows.times.is_empty();
        let times: Vec<(Timeline, Vec<Option<LogTime>>)> = rows
            .times
            .iter()
            .map(|column| (column.timeline.clone(), column.times.clone()))
            .collect();
        let ids = rows.ids.clone();
        // Kept for the facts that the index draws from them, without the samples' bytes.
        rows.content = contents.iter().map(outline).collect();
        let chunk = self.recording.index(path, rows);
        let mut live = 0;
        let place = |row: u32| {
            let row = row as usize;
            let origin = Origin {
                row: *ids.get(row)?,
                chunk,
            };
            Some((row, origin))
        };
        for content in contents {
            match content {
                Content::Samples(kind, samples) => {
                    let placed = samples.iter().filter_map(|sample| {
                        let (row, origin) = place(sample.row)?;
                        Some((row, origin, sample))
                    });
                    live += self.add_samples(path, kind, placed, &times, is_static);
                }
                Content::Asset(row, track) => {
                    if place(row).is_some() {
                        self.add_asset(path, track);
                        // It belongs to no GOP that could go.
                        live += 1;
                    }
                }
                Content::References(references) => {
                    for (row, nanos) in references {
                        if let Some((row, origin)) = place(row) {
                            self.add_reference(path, nanos, row, origin, &times, is_static);
                        }
                    }
                }
                Content::Ends(kind, ends) => {
                    for (row, origin) in ends.into_iter().filter_map(place) {
                        if let Some(stream) = self.recording.stream_of(path, kind) {
                            for (timeline, times) in &times {
                                if let Some(Some(time)) = times.get(row) {
                                    let line = stream.line_mut(timeline);
                                    line.ends.insert((*time, origin.row), ());
                                }
                            }
                        }
                    }
                }
                Content::Clear(_) => {}
            }
        }
        if let Some(stored) = self.recording.chunk_mut(chunk) {
            stored.live = live;
        }
        if live == 0 && !is_static {
            self.recording.plain.insert((first, chunk), ());
        } else if is_static {
            self.recording.drop_shadowed(path);
        }
    }

    fn stream(&mut self, path: &EntityPath, kind: StreamKind) -> &mut Stream {
        let at = match self.recording.number_of(path, kind) {
            Some(at) => at,
            None => {
                let id = new_stream(self.next_stream);
                let stream = Stream::new(id, path.clone(), Some(kind));
                self.recording.add_stream(stream);
                self.added.new.push(id);
                self.recording.streams.len() - 1
            }
        };
        let stream = &mut self.recording.streams[at];
        let is_noted = self.added.new.contains(&stream.id) || self.added.grown.contains(&stream.id);
        if !is_noted {
            self.added.grown.push(stream.id);
        }
        stream
    }

    /// Adds samples to the stream's lines. Gives how many tracks' samples the chunk has.
    fn add_samples<'s>(
        &mut self,
        path: &EntityPath,
        kind: StreamKind,
        samples: impl Iterator<Item = (usize, Origin, &'s LoggedSample)>,
        times: &[(Timeline, Vec<Option<LogTime>>)],
        is_static: bool,
    ) -> usize {
        let mut live = 0;
        let mut refused = 0;
        let mut gone = Vec::new();
        let stream = self.stream(path, kind);
        let mut samples_chunk = None;
        for (row, origin, sample) in samples {
            samples_chunk = Some(origin.chunk);
            if is_static {
                let line = stream.line_mut(&Timeline::video_time());
                line.is_static = true;
                live += usize::from(line.add(sample, origin, LogTime(0)));
                // Of what holds at all times only the last counts.
                while line.track.samples.len() > 1 {
                    gone.extend(line.remove_first_gop());
                }
            }
            for (timeline, times) in times {
                if let Some(Some(time)) = times.get(row) {
                    if stream.line_mut(timeline).add(sample, origin, *time) {
                        live += 1;
                    } else {
                        refused += 1;
                    }
                }
            }
        }
        self.added.refused += refused;
        for (chunk, _) in gone {
            if samples_chunk == Some(chunk) {
                live = live.saturating_sub(1);
            } else {
                release(self.recording, chunk);
            }
        }
        live
    }

    fn add_asset(&mut self, path: &EntityPath, track: Result<Box<Track>, String>) {
        let timeline = Timeline::video_time();
        let stream = self.stream(path, StreamKind::AssetVideo);
        match track {
            Ok(mut track) => {
                // 0 is for tracks that were logged sample by sample.
                track.id = track.id.max(1);
                stream.problem = None;
                stream.lines = vec![Line::of_track(timeline, *track)];
            }
            Err(problem) => stream.problem = Some(problem),
        }
        self.note_video_time(path);
    }

    /// A video that nothing refers to plays on a timeline of its own.
    fn note_video_time(&mut self, path: &EntityPath) {
        let references = StreamKind::VideoFrameReference;
        if self.recording.number_of(path, references).is_some() {
            return;
        }
        let asset = self.recording.find_stream(path, StreamKind::AssetVideo);
        let extent = asset.and_then(|stream| {
            let track = &stream.lines.first()?.track;
            let (first, end) = (track.samples.first_pts()?, track.samples.end_pts()?);
            let frames = track.samples.shown().len() as u64;
            Some((
                LogTime(track.nanos(first)),
                LogTime(track.nanos(end)),
                frames,
            ))
        });
        if let Some((first, end, frames)) = extent {
            let timeline = Timeline::video_time();
            self.recording
                .note_time(&timeline, first, end, frames, frames);
        }
    }

    fn add_reference(
        &mut self,
        path: &EntityPath,
        nanos: i64,
        row: usize,
        origin: Origin,
        times: &[(Timeline, Vec<Option<LogTime>>)],
        is_static: bool,
    ) {
        let stream = self.stream(path, StreamKind::VideoFrameReference);
        let mut add = |timeline: &Timeline, time: LogTime| {
            let line = stream.line_mut(timeline);
            line.is_static |= is_static;
            line.references
                .insert((time, origin.row), (nanos, origin.chunk));
        };
        if is_static {
            add(&Timeline::video_time(), LogTime(0));
        }
        for (timeline, times) in times {
            if let Some(Some(time)) = times.get(row) {
                add(timeline, *time);
            }
        }
    }
}

/// What content is, without what tracks keep of it.
fn outline(content: &Content) -> Content {
    match content {
        Content::Clear(clears) => Content::Clear(clears.clone()),
        Content::Samples(kind, _) => Content::Samples(*kind, Vec::new()),
        Content::Asset(row, _) => Content::Asset(*row, Err(String::new())),
        Content::References(_) => Content::References(Vec::new()),
        Content::Ends(kind, _) => Content::Ends(*kind, Vec::new()),
    }
}

/// The chunk that a sample came from.
pub(crate) fn release(recording: &mut Recording, chunk: ChunkKey) -> usize {
    let Some(stored) = recording.chunk_mut(chunk) else {
        return 0;
    };
    stored.live = stored.live.saturating_sub(1);
    if stored.live == 0 {
        recording.remove_chunk(chunk)
    } else {
        0
    }
}
