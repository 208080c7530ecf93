//! An opened file: a video or a recording, and the streams in it.

use std::path::{Path, PathBuf};

use reelscope_ingest::{IngestError, is_recording_file, load_file, now, read_recording};
use reelscope_store::{
    RecordingId, Store, StreamId, StreamKind, StreamView, Timeline, TimelineKind,
};

use crate::{Engines, Frames, ReadError};

/// A video or a recording.
#[derive(Debug)]
pub struct Opened {
    path: PathBuf,
    store: Store,
    is_recording: bool,
    warnings: Vec<String>,
}

/// A timeline that a stream is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineFacts {
    /// Its name.
    pub name: String,
    /// What it counts.
    pub kind: TimelineKind,
    /// At how many times the stream shows something new.
    pub moments: usize,
}

/// What is known of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamFacts {
    /// Its name in the file.
    pub id: StreamId,
    /// The name of the recording: of the program, or of the video file.
    pub application: String,
    /// The id of the recording; empty for a video file.
    pub recording: String,
    /// The entity's path as loggers write it; of a track of a video file its name.
    pub entity: String,
    /// The archetype (`VideoStream`); empty for a track of a video file.
    pub archetype: &'static str,
    /// The codec as RFC 6381 has it, as far as it is known.
    pub codec: String,
    /// Width in pixels as decoded; 0 if unknown.
    pub width: u32,
    /// Height in pixels as decoded; 0 if unknown.
    pub height: u32,
    /// The timelines that it is on. A video file has one of its own, in nanoseconds.
    pub timelines: Vec<TimelineFacts>,
}

impl Opened {
    /// Opens a file. A recording that is cut off gives what is there.
    ///
    /// # Errors
    /// [`ReadError::Open`].
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let failed = |source: IngestError| ReadError::Open {
            path: path.to_owned(),
            source,
        };
        let mut store = Store::new();
        let is_recording = is_recording_file(path);
        let warnings: Vec<String> = if is_recording {
            let read = read_recording(path, &mut store).map_err(failed)?;
            read.warnings.iter().map(ToString::to_string).collect()
        } else {
            let file = load_file(path).map_err(failed)?;
            let name = path.file_name().unwrap_or(path.as_os_str());
            let origin = path.display().to_string();
            let id = store.add_recording(&name.to_string_lossy(), &origin, file.container, "");
            for chunk in file.chunks {
                store.add_chunk(id, chunk, now());
            }
            file.warnings
        };
        Ok(Self {
            path: path.to_owned(),
            store,
            is_recording,
            warnings,
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// True if it is a recording, not a video.
    pub fn is_recording(&self) -> bool {
        self.is_recording
    }

    /// What is wrong with the file but could be worked around, in words.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// The names of the program and of the run of each recording in it, with pictures or without.
    pub fn recordings(&self) -> Vec<(String, String)> {
        let recordings = self.store.recordings();
        recordings
            .map(|it| (it.name.clone(), it.run.clone()))
            .collect()
    }

    /// All streams with pictures.
    pub fn streams(&mut self) -> Vec<StreamFacts> {
        let ids: Vec<(RecordingId, StreamId)> = self
            .store
            .recordings()
            .flat_map(|recording| {
                let streams = self.store.streams_of(recording);
                streams.map(|stream| (recording.id, stream.id))
            })
            .collect();
        ids.into_iter()
            .filter_map(|(recording, stream)| self.facts(recording, stream))
            .collect()
    }

    fn facts(&mut self, recording: RecordingId, id: StreamId) -> Option<StreamFacts> {
        let timelines = timelines_of(&mut self.store, recording, id);
        let is_recording = self.is_recording;
        let (recording, view) = self.store.stream(id)?;
        let timelines = timelines.into_iter().map(|(timeline, moments)| {
            let name = timeline.name.to_string();
            TimelineFacts {
                name,
                kind: timeline.kind,
                moments,
            }
        });
        Some(StreamFacts {
            id,
            application: recording.name.clone(),
            recording: recording.run.clone(),
            entity: entity_text(&view, is_recording),
            archetype: view.kind.map_or("", StreamKind::name),
            codec: view.track.codec_string.clone(),
            width: view.track.facts.width,
            height: view.track.facts.height,
            timelines: timelines.collect(),
        })
    }

    /// The frames of a stream on a timeline; without a name on the one that its program set, of several on
    /// that on which it has most of them. They stay what they are, whatever becomes of this.
    ///
    /// # Errors
    /// [`ReadError::NoStream`], [`ReadError::NoTimeline`], [`ReadError::Nothing`].
    pub fn frames(
        &mut self,
        id: StreamId,
        timeline: Option<&str>,
        engines: Engines,
    ) -> Result<Frames, ReadError> {
        let (recording, view) = self.store.stream(id).ok_or(ReadError::NoStream)?;
        let (recording, entity) = (recording.id, entity_text(&view, self.is_recording));
        let is_static = view.is_static();
        let there = timelines_of(&mut self.store, recording, id);
        let most = usual(&there);
        let chosen = match timeline {
            Some(wanted) => there.iter().find(|(known, _)| *known.name == *wanted),
            None => most,
        };
        match (chosen, timeline) {
            (Some((timeline, _)), _) => {
                if let Some(recording) = self.store.recording_mut(recording) {
                    recording.choose_timeline(&timeline.name);
                }
            }
            (None, Some(wanted)) if !is_static => {
                return Err(ReadError::NoTimeline {
                    wanted: wanted.to_owned(),
                    entity,
                    there: there.iter().map(|(it, _)| it.name.to_string()).collect(),
                });
            }
            _ => {}
        }
        let (recording, view) = self.store.stream(id).ok_or(ReadError::NoStream)?;
        Frames::new(&self.store, recording, &view, (&self.path, entity), engines)
    }
}

fn entity_text(view: &StreamView<'_>, is_recording: bool) -> String {
    let path = view.entity.as_str();
    if is_recording {
        format!("/{path}")
    } else {
        path.to_owned()
    }
}

/// The timeline that is meant if nobody says. Those that the SDK sets by itself are on every row: one that the
/// program set goes first, unless most frames are not on it.
fn usual(there: &[(Timeline, usize)]) -> Option<&(Timeline, usize)> {
    let most = there.iter().map(|(_, moments)| *moments).max()?;
    let suits = |it: &&(Timeline, usize)| 2 * it.1 >= most && !it.0.is_built_in();
    // Of equal ones the first.
    let all = || there.iter().rev();
    let set = all().filter(suits).max_by_key(|(_, moments)| *moments);
    set.or_else(|| all().max_by_key(|(_, moments)| *moments))
}

/// The timelines that a stream is on, with the number of moments on each. Leaves the recording looked at
/// on the one that it was.
pub fn timelines_of(
    store: &mut Store,
    id: RecordingId,
    stream: StreamId,
) -> Vec<(Timeline, usize)> {
    let Some(recording) = store.recording(id) else {
        return Vec::new();
    };
    let before = recording.timeline().cloned();
    let all: Vec<Timeline> = recording.timelines().map(|(it, _)| it.clone()).collect();
    let mut here = Vec::new();
    for timeline in all {
        if let Some(recording) = store.recording_mut(id) {
            recording.choose_timeline(&timeline.name);
        }
        let view = store.stream(stream).map(|(_, view)| view);
        if let Some(view) = view.filter(StreamView::is_there) {
            here.push((timeline, view.moments()));
        }
    }
    if let (Some(before), Some(recording)) = (before, store.recording_mut(id)) {
        recording.choose_timeline(&before.name);
    }
    if let Some((recording, view)) = store.stream(stream)
        && !recording.is_logged()
        && here.is_empty()
    {
        // A video file has the one of its own.
        here.push((Timeline::video_time(), view.moments()));
    }
    here
}
