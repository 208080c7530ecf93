//! What is open and what of it is on screen: the store, a player for each stream, the decoded
//! frames. Owned by the UI thread; nothing in here draws.

mod copies;
mod looks;
mod progress;
mod runs;
mod view;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use reelscope_decode::{DecodeEnv, HwAccel, Wake};
use reelscope_ingest::{Allowance, Event, Ingest, IngestError, OpenedFile};
use reelscope_media::Track;
use reelscope_player::{FrameCache, Intent, ShownState};
use reelscope_render::ChromaFilter;
use reelscope_store::{LogTime, Recording, RecordingId, Store, StreamId, StreamView, Timeline};

use crate::command::Active;
use crate::view_id::ViewId;

pub(crate) use runs::LiveStatus;
pub(crate) use view::View;
use view::{Looking, Maker};

/// A stream to which nothing was added for so long, in seconds, is not live.
const LIVE_FOR: f64 = 10.0;
/// Samples that one repaint looks at for the summaries of all streams.
const SUMMED_AT_ONCE: usize = 40_000;
/// Warnings about a recording that are kept.
const MAX_WARNINGS: usize = 200;

/// Everything that is open.
pub(crate) struct Session {
    pub(crate) store: Store,
    pub(crate) env: DecodeEnv,
    pub(crate) cache: FrameCache,
    views: BTreeMap<ViewId, View>,
    warnings: BTreeMap<RecordingId, Vec<String>>,
    ingest: Ingest,
    failed: usize,
    runs: runs::Runs,
    /// What is looked at: one logged recording, or all opened files together.
    active: Active,
    /// Files that were asked for and have not come yet.
    opening: usize,
    wake: Wake,
    /// Whether reduced frames are decoded in idle time.
    previews: bool,
    /// What logged rows may take.
    allowance: Allowance,
    /// How chroma is interpolated.
    chroma_filter: ChromaFilter,
}

/// What the person looks at, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gaze<'a> {
    /// The views whose tiles are on screen.
    pub(crate) on_screen: &'a [ViewId],
    /// The one that is looked at before all others.
    pub(crate) focused: Option<ViewId>,
    /// Where the playhead is.
    pub(crate) time: LogTime,
    /// What moves it.
    pub(crate) intent: Intent,
}

/// News from loaders and loggers.
pub(crate) enum News {
    /// There are new streams.
    Streams(Vec<StreamId>),
    /// A recording is new.
    Run(RecordingId),
    /// A file could not be opened.
    Failed(PathBuf, IngestError),
    /// A session file was read.
    Session(PathBuf, String),
    /// Another launch asks for something.
    Asked(String),
    /// Something a person should know.
    Notice(&'static str, String),
    /// Nothing that changes what is drawn.
    Nothing,
}

impl Session {
    /// Starts with nothing open. `wake` asks for a repaint.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub(crate) fn new(
        env: DecodeEnv,
        cache_bytes: usize,
        memory_limit: usize,
        wake: Wake,
    ) -> std::io::Result<Self> {
        env.ffmpeg.watch(wake.clone())?;
        Ok(Self {
            store: Store::new(),
            env,
            cache: FrameCache::new(cache_bytes),
            views: BTreeMap::new(),
            warnings: BTreeMap::new(),
            ingest: Ingest::start(wake.clone())?,
            runs: runs::Runs::default(),
            active: Active::default(),
            opening: 0,
            failed: 0,
            wake,
            previews: true,
            allowance: Allowance::new(memory_limit),
            chroma_filter: ChromaFilter::default(),
        })
    }

    /// Asks for a file. Gives the path back if too many are waiting.
    pub(crate) fn open(&mut self, path: PathBuf) -> Result<(), PathBuf> {
        self.ingest.open(path)?;
        self.opening += 1;
        Ok(())
    }

    /// Takes what other launches hand over.
    pub(crate) fn receive(&mut self, address: &Path) -> std::io::Result<()> {
        self.ingest.receive(address)
    }

    /// Files that were asked for and have not come yet.
    pub(crate) fn opening(&self) -> usize {
        self.opening
    }

    /// How many files could not be opened.
    pub(crate) fn failed(&self) -> usize {
        self.failed
    }

    /// The next thing that loaders and loggers say, if any. `wall` is in seconds.
    pub(crate) fn try_news(&mut self, wall: f64) -> Option<News> {
        let event = self.ingest.try_event()?;
        Some(match event {
            Event::Opened(file) => {
                self.opening = self.opening.saturating_sub(1);
                News::Streams(self.add(file))
            }
            Event::Failed { path, error } => {
                self.opening = self.opening.saturating_sub(1);
                self.failed += 1;
                News::Failed(path, error)
            }
            Event::Session { path, text } => {
                self.opening = self.opening.saturating_sub(1);
                News::Session(path, text)
            }
            Event::HandedOver(message) => message.take().map_or(News::Nothing, News::Asked),
            logged => self.take_logged(logged, wall),
        })
    }

    /// Adds a file that was opened. Returns its streams.
    pub(crate) fn add(&mut self, file: OpenedFile) -> Vec<StreamId> {
        let name = file_name(&file.path);
        let origin = file.path.display().to_string();
        let recording = self.store.add_recording(&name, &origin, file.container, "");
        for warning in file.warnings {
            self.warn(recording, warning);
        }
        let mut added = Vec::new();
        for chunk in file.chunks {
            added.extend(self.store.add_chunk(recording, chunk, 0).new);
        }
        self.add_views(&added);
        self.active = Active::Files;
        added
    }

    fn warn(&mut self, recording: RecordingId, text: String) {
        let warnings = self.warnings.entry(recording).or_default();
        if warnings.len() < MAX_WARNINGS {
            warnings.push(text);
        }
    }

    /// Closes a recording. Returns the streams that are gone.
    pub(crate) fn close(&mut self, recording: RecordingId) -> Vec<StreamId> {
        let Some(removed) = self.store.remove(recording) else {
            return Vec::new();
        };
        if removed.is_logged() {
            self.ingest.forget(&removed.run);
            self.runs.forget(recording);
        }
        if self.active == Active::Run(recording) {
            let next = self.store.recordings().find(|other| other.is_logged());
            let files = self.store.recordings().any(|other| !other.is_logged());
            self.active = match next {
                Some(next) if !files => Active::Run(next.id),
                _ => Active::Files,
            };
        }
        self.warnings.remove(&recording);
        let gone: Vec<StreamId> = removed.streams.iter().map(|stream| stream.id).collect();
        let views: Vec<ViewId> = self.views.keys().copied().collect();
        for id in views.iter().filter(|id| gone.contains(&id.stream)) {
            self.close_view(*id);
        }
        gone
    }

    /// What is looked at.
    pub(crate) fn active(&self) -> Active {
        self.active
    }

    /// Looks at something else.
    pub(crate) fn activate(&mut self, active: Active) {
        self.active = active;
    }

    /// The set that a recording belongs to.
    pub(crate) fn set_of(&self, recording: &Recording) -> Active {
        if recording.is_logged() {
            Active::Run(recording.id)
        } else {
            Active::Files
        }
    }

    /// The streams that are looked at, as far as they are on the timeline that is looked at.
    pub(crate) fn streams(&self) -> impl Iterator<Item = StreamView<'_>> {
        self.store
            .recordings()
            .filter(|recording| self.set_of(recording) == self.active)
            .flat_map(|recording| self.sorted(recording))
            .filter(StreamView::is_there)
    }

    /// The streams of a recording: of a file as they are in it, of a run by path. What comes first of
    /// those is a matter of chance.
    pub(crate) fn sorted<'a>(&self, recording: &'a Recording) -> Vec<StreamView<'a>> {
        let mut streams: Vec<StreamView<'a>> = self.store.streams_of(recording).collect();
        if recording.is_logged() {
            streams.sort_by(|a, b| (&a.entity, a.kind).cmp(&(&b.entity, b.kind)));
        }
        streams
    }

    /// All streams in the order in which they are listed.
    pub(crate) fn order(&self) -> Vec<StreamId> {
        let all = self.store.recordings();
        all.flat_map(|recording| self.sorted(recording))
            .map(|stream| stream.id)
            .collect()
    }

    /// Has the window drawn again, from any thread.
    pub(crate) fn wake(&self) -> Wake {
        self.wake.clone()
    }

    /// The timeline that is looked at.
    pub(crate) fn timeline(&self) -> Option<Timeline> {
        match self.active {
            Active::Files => Some(Timeline::video_time()),
            Active::Run(id) => self.store.recording(id)?.timeline().cloned(),
        }
    }

    /// First and last time of what is looked at, the end exclusive.
    pub(crate) fn extent(&self) -> Option<(LogTime, LogTime)> {
        let streams = self
            .streams()
            .filter_map(|stream| self.extent_of(&stream))
            .reduce(|all, one| (all.0.min(one.0), all.1.max(one.1)));
        // A recording of still pictures has no extent; a moment is enough to show them.
        streams.or_else(|| {
            let any = self.streams().next().is_some();
            any.then_some((LogTime(0), LogTime(1)))
        })
    }

    /// What was wrong with a recording but could be worked around.
    pub(crate) fn warnings(&self, recording: RecordingId) -> &[String] {
        self.warnings
            .get(&recording)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// Takes a view away, and what was decoded for it.
    pub(crate) fn close_view(&mut self, id: ViewId) {
        if let Some(view) = self.views.remove(&id) {
            for key in view.keys() {
                self.cache.forget(key);
            }
        }
    }

    /// What the viewer keeps for a view; of a stream, for its own.
    pub(crate) fn view(&self, id: impl Into<ViewId>) -> Option<&View> {
        self.views.get(&id.into())
    }

    /// The names of all views of a stream.
    pub(crate) fn views_of(&self, stream: StreamId) -> Vec<ViewId> {
        let all = ViewId::from(stream)..=ViewId {
            stream,
            copy: u32::MAX,
        };
        self.views.range(all).map(|(id, _)| *id).collect()
    }

    /// The track that a stream shows at a time.
    pub(crate) fn track_of<'a>(
        &'a self,
        stream: &StreamView<'a>,
        time: LogTime,
    ) -> Option<&'a Track> {
        let (recording, _) = self.store.stream(stream.id)?;
        let hit = self.store.hit(recording, stream, time).ok()?;
        Some(hit.track)
    }

    /// All views of what is looked at that the person did not hide, in the order of the streams.
    pub(crate) fn visible_views(&self) -> Vec<ViewId> {
        let ids = self.streams().flat_map(|stream| self.views_of(stream.id));
        ids.filter(|id| self.view(*id).is_some_and(|view| view.visible))
            .collect()
    }

    /// Shows or hides a stream's own view.
    pub(crate) fn set_visible(&mut self, stream: StreamId, visible: bool) {
        if let Some(view) = self.views.get_mut(&stream.into()) {
            view.visible = visible;
        }
    }

    /// Tries to decode again what a view shows.
    pub(crate) fn retry(&mut self, id: ViewId) {
        if let Some(view) = self.views.get_mut(&id) {
            view.retry();
        }
    }

    /// Decodes in other hardware, or in none. Frames at hand stay.
    pub(crate) fn set_hwaccel(&mut self, hwaccel: HwAccel) {
        if self.env.hwaccel == hwaccel {
            return;
        }
        self.env.hwaccel = hwaccel;
        for view in self.views.values_mut() {
            view.restart();
        }
    }

    /// Decodes reduced frames in idle time from now on, or does not.
    pub(crate) fn set_previews(&mut self, previews: bool) {
        self.previews = previews;
        for view in self.views.values_mut() {
            view.preview(previews);
        }
    }

    /// Brings what is looked at up to date. `wall` is in seconds.
    pub(crate) fn update(&mut self, gaze: &Gaze<'_>, wall: f64) {
        // If the focused one is hidden, all the others are looked at alike.
        let focused = gaze.focused.filter(|id| gaze.on_screen.contains(id));
        for (id, view) in &mut self.views {
            if !gaze.on_screen.contains(id) {
                view.leave_screen();
            }
        }
        let maker = Maker {
            env: &self.env,
            wake: &self.wake,
            previews: self.previews,
        };
        for id in gaze.on_screen {
            let Some((recording, stream)) = self.store.stream(id.stream) else {
                continue;
            };
            let Some(view) = self.views.get_mut(id) else {
                continue;
            };
            let how = Looking {
                intent: gaze.intent,
                focused: focused.is_none_or(|focused| focused == *id),
                live: view.grown_at.is_some_and(|at| wall - at < LIVE_FOR),
                wall,
            };
            let time = LogTime(gaze.time.0.saturating_sub(view.offset));
            match self.store.hit(recording, &stream, time) {
                Ok(hit) => view.look(&hit, &maker, &how, &mut self.cache),
                Err(nothing) => view.show_nothing(nothing),
            }
        }
    }

    /// True if a view on screen still has something to decode in idle time. It may have to wait
    /// its turn, and nobody wakes the window when that comes.
    pub(crate) fn is_preparing(&self) -> bool {
        self.views.iter().any(|(id, view)| {
            let state = view.shown.as_ref().map(|shown| &shown.state);
            let stream = self.store.stream(id.stream);
            // A still image has nothing beside what is on screen.
            let moves = stream.is_some_and(|(_, stream)| stream.track.samples.shown().len() > 1);
            view.is_on_screen
                && moves
                && matches!(state, Some(ShownState::Exact))
                && !view.is_idle()
        })
    }

    /// Looks at some more samples of the streams that are not known in full. Returns true once all
    /// are.
    pub(crate) fn summarise(&mut self) -> bool {
        let mut complete = true;
        let mut budget = SUMMED_AT_ONCE;
        for (id, view) in &mut self.views {
            if let Some((_, stream)) = self.store.stream(id.stream) {
                complete &= view.summary.advance(&stream, &mut budget);
            }
        }
        complete
    }
}

/// A codec's name for people: the container's own where the codec table has none.
pub(crate) fn codec_title(track: &Track) -> &str {
    match track.codec.entry() {
        Some(entry) => entry.title,
        None => &track.codec_string,
    }
}

/// The last part of a path.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// An environment for decoders with a locator that starts from the settings' path.
pub(crate) fn decode_env(
    ffmpeg_path: Option<PathBuf>,
    threads: usize,
    hwaccel: HwAccel,
) -> DecodeEnv {
    let locator = reelscope_decode::FfmpegLocator::new(ffmpeg_path);
    DecodeEnv {
        hwaccel,
        ..DecodeEnv::new(Arc::new(locator), threads)
    }
}
