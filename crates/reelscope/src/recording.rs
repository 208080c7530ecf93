//! Recording files without a window: read into a store, and one stream of them picked by its entity
//! and timeline.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use reelscope_ingest::{
    ReadRecording, RecordingWarning, Source, is_recording_file, read_recording,
};
use reelscope_store::{EntityPath, Recording, RecordingId, Store, StreamId, StreamKind, Timeline};

/// A recording file that was read.
pub(crate) struct Loaded {
    pub(crate) store: Store,
    pub(crate) recordings: Vec<RecordingId>,
    pub(crate) sources: Vec<(RecordingId, Source)>,
    pub(crate) warnings: Vec<RecordingWarning>,
}

/// Reads a recording file as far as it goes.
pub(crate) fn load(path: &Path) -> anyhow::Result<Loaded> {
    let mut store = Store::new();
    let read = read_recording(path, &mut store).with_context(|| path.display().to_string())?;
    let ReadRecording {
        recordings,
        sources,
        warnings,
    } = read;
    Ok(Loaded {
        store,
        recordings,
        sources,
        warnings,
    })
}

/// One video of a file.
#[derive(Args, Debug)]
pub(crate) struct VideoArgs {
    /// The file: a video or a recording (.rrd).
    pub(crate) file: PathBuf,

    /// Which video track of a video file, counted from 0.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) track: usize,

    /// Which entity of a recording; needed where several have video.
    #[arg(long, value_name = "/PATH")]
    pub(crate) entity: Option<String>,

    /// The timeline of a recording that the frames' times are on.
    #[arg(long, value_name = "NAME")]
    timeline: Option<String>,

    /// Which recording of a file that has several, by its id.
    #[arg(long, value_name = "ID")]
    recording: Option<String>,
}

impl VideoArgs {
    /// Whether the file is a recording.
    ///
    /// # Errors
    /// If it is none and something was asked that only recordings have.
    pub(crate) fn is_recording(&self) -> anyhow::Result<bool> {
        if is_recording_file(&self.file) {
            return Ok(true);
        }
        let asked = [
            (&self.entity, "--entity"),
            (&self.timeline, "--timeline"),
            (&self.recording, "--recording"),
        ];
        if let Some((_, option)) = asked.iter().find(|(value, _)| value.is_some()) {
            let path = self.file.display();
            bail!("{path}: this is no recording; {option} makes no sense with it");
        }
        Ok(false)
    }

    /// Which stream of a recording is meant.
    pub(crate) fn wish(&self) -> Wish<'_> {
        Wish {
            recording: self.recording.as_deref(),
            entity: self.entity.as_deref(),
            timeline: self.timeline.as_deref(),
        }
    }
}

/// Which stream is meant.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wish<'a> {
    /// The recording's name; `None` for the one that has the entity.
    pub(crate) recording: Option<&'a str>,
    /// The entity's path; `None` for the only one with a stream.
    pub(crate) entity: Option<&'a str>,
    /// The timeline's name; `None` for the one that suits.
    pub(crate) timeline: Option<&'a str>,
}

impl Loaded {
    /// Finds a stream and has its recording looked at on the timeline.
    pub(crate) fn pick(&mut self, wish: &Wish<'_>) -> anyhow::Result<StreamId> {
        let wanted = wish.entity.map(EntityPath::new);
        let known = |recording: &Recording| {
            wish.recording.is_none_or(|run| recording.run == run)
                && self.recordings.contains(&recording.id)
        };
        let recordings: Vec<&Recording> = self.store.recordings().filter(|it| known(it)).collect();
        if let (true, Some(run)) = (recordings.is_empty(), wish.recording) {
            let runs = self.store.recordings().map(|it| it.run.clone());
            bail!("there is no recording {run}, only {}", listed(runs));
        }
        let streams = |recording: &Recording| -> Vec<(StreamId, EntityPath, Option<StreamKind>)> {
            let streams = recording.streams.iter();
            let found = streams.filter(|it| wanted.as_ref().is_none_or(|path| it.entity == *path));
            found
                .map(|it| (it.id, it.entity.clone(), it.kind))
                .collect()
        };
        let mut found = Vec::new();
        for recording in &recordings {
            let mut here = streams(recording);
            // What refers to a video of its own entity is how that is shown.
            here.sort_by_key(|(_, path, kind)| (path.clone(), referring_first(*kind)));
            here.dedup_by_key(|(_, path, _)| path.clone());
            found.extend(
                here.into_iter()
                    .map(|(id, path, _)| (recording.id, id, path)),
            );
        }
        let (recording, stream) = match (found.as_slice(), &wanted) {
            ([(recording, stream, _)], _) => (*recording, *stream),
            ([], Some(path)) => {
                let paths = recordings.iter().flat_map(|it| &it.streams);
                bail!(
                    "{} {}; there is video at {}",
                    escaped(path),
                    if recordings.iter().any(|it| it.entity(path).is_some()) {
                        "is not video"
                    } else {
                        "is not in the recording"
                    },
                    listed(paths.map(|stream| escaped(&stream.entity)))
                )
            }
            ([], None) => bail!("there is no video in the recording"),
            (_, None) if recordings.len() == 1 => bail!(
                "there is video at {}; choose with --entity",
                listed(found.iter().map(|(_, _, path)| escaped(path)))
            ),
            _ => bail!(
                "there are several recordings with such video: {}; choose with --recording \
                 (and --entity)",
                listed(recordings.iter().map(|it| it.run.clone()))
            ),
        };
        self.look_at(recording, stream, wish.timeline)?;
        Ok(stream)
    }

    /// Chooses the timeline of a recording on which a stream is.
    fn look_at(
        &mut self,
        id: RecordingId,
        stream: StreamId,
        wanted: Option<&str>,
    ) -> anyhow::Result<()> {
        let here = self.timelines_of(id, stream);
        let is_asset = self.store.stream(stream).is_some_and(|(_, view)| {
            // Its times are its own, whatever it was logged at.
            view.kind == Some(StreamKind::AssetVideo)
        });
        let path = self
            .store
            .stream(stream)
            .map(|(_, view)| view.entity.clone());
        let recording = self.store.recording_mut(id);
        let recording = recording.context("the recording has gone")?;
        let is_known = |name: &str| recording.timelines().any(|(known, _)| *known.name == *name);
        let name = match wanted {
            Some(name) if !is_known(name) => {
                let names = recording
                    .timelines()
                    .map(|(known, _)| known.name.to_string());
                bail!("there is no timeline {name}, only {}", listed(names))
            }
            Some(name) if !is_asset => {
                if !here.is_empty() && !here.iter().any(|(known, _)| *known.name == *name) {
                    let names = here.iter().map(|(known, _)| known.name.to_string());
                    bail!(
                        "nothing was logged to {} on {name}, only on {}",
                        path.as_ref().map_or_else(|| "it".to_owned(), escaped),
                        listed(names)
                    )
                }
                Some(name.to_owned())
            }
            _ => {
                // The one that is looked at by itself, if the stream is there.
                let usual = recording.timeline().cloned();
                let has = |timeline: &Timeline| here.iter().any(|(known, _)| known == timeline);
                let most = here.iter().max_by_key(|(_, moments)| *moments);
                match usual.filter(|usual| has(usual)) {
                    Some(usual) => Some(usual.name.to_string()),
                    None => most.map(|(timeline, _)| timeline.name.to_string()),
                }
            }
        };
        if let Some(name) = name {
            recording.choose_timeline(&name);
        }
        Ok(())
    }

    /// The timelines that a stream is on, with the number of moments on each.
    pub(crate) fn timelines_of(
        &mut self,
        id: RecordingId,
        stream: StreamId,
    ) -> Vec<(Timeline, usize)> {
        reelscope_read::timelines_of(&mut self.store, id, stream)
    }
}

fn referring_first(kind: Option<StreamKind>) -> bool {
    kind != Some(StreamKind::VideoFrameReference)
}

/// A path as loggers write it.
pub(crate) fn escaped(path: &EntityPath) -> String {
    format!("/{}", path.as_str())
}

/// Names for people. Of very many only the first.
fn listed(names: impl Iterator<Item = String>) -> String {
    const MOST: usize = 20;
    let mut names: Vec<String> = names.collect();
    names.sort();
    names.dedup();
    let more = names.len().saturating_sub(MOST);
    names.truncate(MOST);
    let text = names.join(", ");
    match (text.is_empty(), more) {
        (true, _) => "none".to_owned(),
        (_, 0) => text,
        (_, more) => format!("{text} and {more} more"),
    }
}
