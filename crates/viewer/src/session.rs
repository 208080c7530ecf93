//! What is open and what of it is on screen: the store, a player for each stream, the decoded
//! frames. Owned by the UI thread; nothing in here draws.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use reelscope_decode::{DecodeEnv, HwAccel, Wake};
use reelscope_ingest::{Event, Ingest, IngestError, OpenedFile};
use reelscope_media::{ColorInfo, Frame, Pts, Track};
use reelscope_player::{FrameCache, Intent, Player, Shown, ShownState, TrackKey};
use reelscope_store::{LogTime, RecordingId, Store, StreamId};

use crate::steps::step_frames;
use crate::summary::Summary;

/// Playback waits for a picture that is further behind than this.
const TOLERATED_LAG: i64 = 250_000_000;
/// A wait shorter than this is not worth a sign.
const SILENT_WAIT: f64 = 0.2;

/// Everything that is open.
pub(crate) struct Session {
    pub(crate) store: Store,
    pub(crate) env: DecodeEnv,
    pub(crate) cache: FrameCache,
    views: BTreeMap<StreamId, View>,
    warnings: BTreeMap<RecordingId, Vec<String>>,
    ingest: Ingest,
    /// Files that were asked for and have not come yet.
    opening: usize,
    wake: Wake,
    /// Whether reduced frames are decoded in idle time.
    previews: bool,
}

/// What the person looks at, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gaze<'a> {
    /// The streams whose tiles are on screen.
    pub(crate) on_screen: &'a [StreamId],
    /// The one that is looked at before all others.
    pub(crate) focused: Option<StreamId>,
    /// Where the playhead is.
    pub(crate) time: LogTime,
    /// What moves it.
    pub(crate) intent: Intent,
}

/// What the viewer keeps for a stream.
pub(crate) struct View {
    player: Player,
    /// What is on screen.
    pub(crate) shown: Option<Shown>,
    /// Facts about the whole stream.
    pub(crate) summary: Summary,
    /// False if the person hid it.
    pub(crate) visible: bool,
    /// Since when, in seconds, the wanted frame has been awaited.
    pending_since: Option<f64>,
    /// The whole frame that was on screen last.
    whole: Option<Whole>,
    /// True while its tile is on screen.
    is_on_screen: bool,
}

/// What is remembered of a frame that was shown in full.
#[derive(Clone, Copy, Debug)]
struct Whole {
    pts: Pts,
    size: (u32, u32),
}

/// News from the loader.
pub(crate) enum News {
    /// A file is open; these are its streams.
    Opened(Vec<StreamId>),
    /// A file could not be opened.
    Failed(PathBuf, IngestError),
}

impl View {
    /// Why it is not decoded by the hardware that was asked for.
    pub(crate) fn engine_note(&self) -> Option<String> {
        self.player.engine_note()
    }

    /// What decodes, once known.
    pub(crate) fn engine(&self) -> Option<String> {
        self.player.engine()
    }

    /// True if the wanted frame is on its way for so long that it should be said.
    pub(crate) fn is_late(&self, now: f64) -> bool {
        self.pending_since
            .is_some_and(|since| now - since >= SILENT_WAIT)
    }

    /// True if the wanted frame is on its way.
    pub(crate) fn is_pending(&self) -> bool {
        self.pending_since.is_some()
    }

    /// True if the player has nothing more to say about the wanted frame.
    fn is_settled(&self) -> bool {
        self.shown
            .as_ref()
            .is_some_and(|shown| !matches!(shown.state, ShownState::Pending))
    }

    /// The cache's name of the stream.
    pub(crate) fn key(&self) -> TrackKey {
        self.player.key()
    }

    /// Width and height of the stream's pictures in pixels as decoded, whether the one on screen is
    /// whole or reduced. `None` if nobody knows yet.
    pub(crate) fn picture_size(&self, track: &Track) -> Option<(u32, u32)> {
        let facts = (track.facts.width, track.facts.height);
        let size = self.whole.map_or(facts, |whole| whole.size);
        (size.0 > 0 && size.1 > 0).then_some(size)
    }

    fn take(&mut self, shown: Shown, wall: f64) {
        if matches!(shown.state, ShownState::Pending) {
            self.pending_since.get_or_insert(wall);
        } else {
            self.pending_since = None;
        }
        if let Some(frame) = shown.frame.as_ref().filter(|frame| !frame.reduced) {
            self.whole = Some(Whole {
                pts: frame.pts,
                size: (frame.frame.width(), frame.frame.height()),
            });
        }
        self.shown = Some(shown);
    }

    /// Gives back what decoding takes once the tile has left the screen.
    fn leave_screen(&mut self) {
        if std::mem::take(&mut self.is_on_screen) {
            self.player.release();
            self.pending_since = None;
        }
    }
}

impl Session {
    /// Starts with nothing open. `wake` asks for a repaint.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub(crate) fn new(env: DecodeEnv, cache_bytes: usize, wake: Wake) -> std::io::Result<Self> {
        env.ffmpeg.watch(wake.clone())?;
        Ok(Self {
            store: Store::new(),
            env,
            cache: FrameCache::new(cache_bytes),
            views: BTreeMap::new(),
            warnings: BTreeMap::new(),
            ingest: Ingest::start(wake.clone())?,
            opening: 0,
            wake,
            previews: true,
        })
    }

    /// Asks for a file. Gives the path back if too many are waiting.
    pub(crate) fn open(&mut self, path: PathBuf) -> Result<(), PathBuf> {
        self.ingest.open(path)?;
        self.opening += 1;
        Ok(())
    }

    /// Files that were asked for and have not come yet.
    pub(crate) fn opening(&self) -> usize {
        self.opening
    }

    /// The next thing the loader says, if any.
    pub(crate) fn try_news(&mut self) -> Option<News> {
        let event = self.ingest.try_event()?;
        self.opening = self.opening.saturating_sub(1);
        Some(match event {
            Event::Opened(file) => News::Opened(self.add(file)),
            Event::Failed { path, error } => News::Failed(path, error),
        })
    }

    fn add(&mut self, file: OpenedFile) -> Vec<StreamId> {
        let name = file_name(&file.path);
        let origin = file.path.display().to_string();
        let recording = self.store.add_recording(&name, &origin, file.container);
        if !file.warnings.is_empty() {
            self.warnings.insert(recording, file.warnings);
        }
        let mut added = Vec::new();
        for chunk in file.chunks {
            let Some(stream) = self.store.add_chunk(recording, chunk) else {
                continue;
            };
            let player = self.player(TrackKey(stream.0));
            self.views.insert(
                stream,
                View {
                    player,
                    shown: None,
                    summary: Summary::default(),
                    visible: true,
                    pending_since: None,
                    whole: None,
                    is_on_screen: false,
                },
            );
            added.push(stream);
        }
        added
    }

    /// Closes a recording. Returns the streams that are gone.
    pub(crate) fn close(&mut self, recording: RecordingId) -> Vec<StreamId> {
        let Some(removed) = self.store.remove(recording) else {
            return Vec::new();
        };
        self.warnings.remove(&recording);
        let gone: Vec<StreamId> = removed.streams.iter().map(|stream| stream.id).collect();
        for stream in &gone {
            if let Some(view) = self.views.remove(stream) {
                self.cache.forget(view.key());
            }
        }
        gone
    }

    /// What was wrong with a recording but could be worked around.
    pub(crate) fn warnings(&self, recording: RecordingId) -> &[String] {
        self.warnings
            .get(&recording)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// What the viewer keeps for a stream.
    pub(crate) fn view(&self, stream: StreamId) -> Option<&View> {
        self.views.get(&stream)
    }

    /// Shows or hides a stream.
    pub(crate) fn set_visible(&mut self, stream: StreamId, visible: bool) {
        if let Some(view) = self.views.get_mut(&stream) {
            view.visible = visible;
        }
    }

    /// Tries to decode a stream again.
    pub(crate) fn retry(&mut self, stream: StreamId) {
        if let Some(view) = self.views.get_mut(&stream) {
            view.player.retry();
        }
    }

    fn player(&self, key: TrackKey) -> Player {
        let mut player = Player::new(key, self.env.clone(), self.wake.clone());
        player.preview(self.previews);
        player
    }

    /// Decodes in other hardware, or in none. Frames at hand stay.
    pub(crate) fn set_hwaccel(&mut self, hwaccel: HwAccel) {
        if self.env.hwaccel == hwaccel {
            return;
        }
        self.env.hwaccel = hwaccel;
        let keys: Vec<(StreamId, TrackKey)> = self
            .views
            .iter()
            .map(|(id, view)| (*id, view.key()))
            .collect();
        for (id, key) in keys {
            let player = self.player(key);
            if let Some(view) = self.views.get_mut(&id) {
                view.player = player;
            }
        }
    }

    /// Decodes reduced frames in idle time from now on, or does not.
    pub(crate) fn set_previews(&mut self, previews: bool) {
        self.previews = previews;
        for view in self.views.values_mut() {
            view.player.preview(previews);
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
        for id in gaze.on_screen {
            let Some((_, stream)) = self.store.stream(*id) else {
                continue;
            };
            let Some(view) = self.views.get_mut(id) else {
                continue;
            };
            view.is_on_screen = true;
            view.player.set_intent(gaze.intent);
            view.player
                .set_focused(focused.is_none_or(|focused| focused == *id));
            if let Some(hit) = self.store.latest_at(stream, gaze.time) {
                view.player.want(hit.pts);
            }
            let shown = view.player.update(&stream.track, &mut self.cache);
            view.take(shown, wall);
        }
    }

    /// True if a stream on screen still has something to decode in idle time. It may have to wait
    /// its turn, and nobody wakes the window when that comes.
    pub(crate) fn is_preparing(&self) -> bool {
        self.views.iter().any(|(id, view)| {
            let state = view.shown.as_ref().map(|shown| &shown.state);
            let stream = self.store.stream(*id);
            // A still image has nothing beside what is on screen.
            let moves = stream.is_some_and(|(_, stream)| stream.track.samples.shown().len() > 1);
            view.is_on_screen
                && moves
                && matches!(state, Some(ShownState::Exact))
                && !view.player.is_idle()
        })
    }

    /// Looks at some more samples of the streams that are not known in full. Returns true once all
    /// are.
    pub(crate) fn summarise(&mut self) -> bool {
        let mut complete = true;
        for (id, view) in &mut self.views {
            if let Some((_, stream)) = self.store.stream(*id) {
                complete &= view.summary.advance(&stream.track);
            }
        }
        complete
    }

    /// True if each of the given streams shows what is wanted, or why it cannot.
    pub(crate) fn is_settled(&self, on_screen: &[StreamId]) -> bool {
        self.opening == 0
            && on_screen
                .iter()
                .all(|id| self.views.get(id).is_some_and(View::is_settled))
    }

    /// True if one of the given streams is so far behind the playhead, in wall time at this speed,
    /// that playback should wait for it.
    pub(crate) fn lags(&self, on_screen: &[StreamId], speed_thousandths: i32) -> bool {
        on_screen.iter().any(|id| {
            let lag = self.lag_nanos(*id).unwrap_or(0);
            let signed = lag.saturating_mul(i64::from(speed_thousandths.signum()));
            let wall = signed.saturating_mul(1_000) / i64::from(speed_thousandths.abs().max(1));
            wall > TOLERATED_LAG
        })
    }

    /// Distance from the last whole picture on screen to the wanted one, in nanoseconds; far if there
    /// was none yet.
    fn lag_nanos(&self, id: StreamId) -> Option<i64> {
        let (_, stream) = self.store.stream(id)?;
        let shown = self.views.get(&id)?.shown.as_ref()?;
        if !matches!(shown.state, ShownState::Pending) {
            return None;
        }
        let wanted = stream.track.samples.get(shown.wanted?)?;
        // A reduced frame is no reason to run away from the whole ones.
        let Some(whole) = self.views.get(&id)?.whole else {
            return Some(i64::MAX / 2_000);
        };
        let track = &stream.track;
        Some(
            track
                .nanos(wanted.pts)
                .saturating_sub(track.nanos(whole.pts))
                // Beyond any tolerance, and small enough to calculate with.
                .clamp(-TOLERATED_LAG * 1_000, TOLERATED_LAG * 1_000),
        )
    }

    /// The time at which the first of the given streams changes its picture after (or before)
    /// `time`.
    pub(crate) fn next_change(
        &self,
        on_screen: &[StreamId],
        time: LogTime,
        reverse: bool,
    ) -> Option<LogTime> {
        let changes = on_screen.iter().filter_map(|id| {
            let (_, stream) = self.store.stream(*id)?;
            step_frames(stream, time, if reverse { -1 } else { 1 })
        });
        if reverse {
            changes.max()
        } else {
            changes.min()
        }
    }
}

/// A codec's name for people: the container's own where the codec table has none.
pub(crate) fn codec_title(track: &Track) -> &str {
    match track.codec.entry() {
        Some(entry) => entry.title,
        None => &track.codec_string,
    }
}

/// The colours that are stated for a frame: the container's word goes before the bitstream's.
pub(crate) fn stated_color(track: &Track, frame: &Frame) -> ColorInfo {
    track.color.or(frame.color.or(track.facts.color))
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
