//! What programs log, live or from recording files: their rows go into the store, within the memory
//! limit.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use super::{News, Session, View, file_name};
use crate::command::Active;
use crate::timecode::time_of_day;
use crate::view_id::ViewId;
use reelscope_ingest::{
    Allowance, Event, ListenOptions, Listener, RunName, SaveError, Saver, Source, WireError,
};
use reelscope_store::{
    Chunk, Dropped, EntityPath, Found, LogTime, Recording, RecordingId, Rows, StreamId, Timeline,
    TimelineKind, TrackName,
};

/// The path under which logging libraries warn.
const WARNINGS: &str = "__warnings";
/// The component that holds the words.
const TEXT: &str = "TextLog:text";
/// How often the rate at which bytes come is measured anew.
const RATE_PERIOD: f64 = 1.0;
/// Streams of a run that get a tile by themselves.
const MOST_TILES: usize = 36;

/// What is known of the runs that are open.
#[derive(Default)]
pub(super) struct Runs {
    facts: BTreeMap<RecordingId, RunFacts>,
    dropped: Dropped,
    /// Bytes that came since the rate was measured last, and when that was.
    bytes: u64,
    measured_at: f64,
    bytes_per_second: f64,
    /// Bytes in the store when room was made last.
    checked: usize,
}

/// What is known of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct RunFacts {
    /// Where it comes from.
    pub(crate) source: Option<Source>,
    /// The connections that said to log it.
    peers: BTreeSet<String>,
    /// When something came last, in seconds.
    pub(crate) grown_at: Option<f64>,
    /// True once it was shown by itself: from then on it is the person who chooses.
    is_introduced: bool,
}

/// What the top bar says of loggers.
#[derive(Clone, Debug, Default)]
pub(crate) struct LiveStatus {
    /// Where loggers may connect.
    pub(crate) addrs: Vec<String>,
    pub(crate) port: Option<u16>,
    /// True if other computers can.
    pub(crate) is_open: bool,
    /// Where those that are connected come from.
    pub(crate) peers: Vec<String>,
    /// What comes in.
    pub(crate) bytes_per_second: f64,
    /// What had to go for the memory limit.
    pub(crate) dropped: Dropped,
    /// What the store takes.
    pub(crate) bytes: usize,
    pub(crate) limit: usize,
}

impl Runs {
    pub(super) fn forget(&mut self, recording: RecordingId) {
        self.facts.remove(&recording);
    }
}

impl Session {
    /// Lets loggers connect.
    ///
    /// # Errors
    /// If the address is taken or cannot be used.
    pub(crate) fn listen(&mut self, options: &ListenOptions) -> Result<(), WireError> {
        self.ingest.listen(options, self.allowance.limit())
    }

    /// Lets no loggers connect any more; those that are connected are cut off.
    pub(crate) fn stop_listening(&mut self) {
        self.ingest.stop_listening();
    }

    /// What the program took when it was last looked at, where that is known.
    pub(crate) fn resident(&self) -> Option<usize> {
        self.allowance.taken()
    }

    /// The logged recording that is looked at, if one is.
    pub(crate) fn active_run(&self) -> Option<&Recording> {
        match self.active {
            Active::Run(id) => self.store.recording(id),
            Active::Files => None,
        }
    }

    /// What is known of a run.
    pub(crate) fn run_facts(&self, recording: RecordingId) -> Option<&RunFacts> {
        self.runs.facts.get(&recording)
    }

    /// What the top bar says of loggers.
    pub(crate) fn live_status(&self) -> LiveStatus {
        let listener = self.ingest.listener();
        LiveStatus {
            addrs: listener
                .map(|it| it.addrs().iter().map(ToString::to_string).collect())
                .unwrap_or_default(),
            port: self.listening_port(),
            is_open: listener.is_some_and(|it| it.is_open()),
            peers: self.peers(),
            bytes_per_second: self.runs.bytes_per_second,
            dropped: self.runs.dropped,
            bytes: self.store.bytes(),
            limit: self.allowance.limit(),
        }
    }

    /// How many bytes logged rows may take.
    pub(crate) fn memory_limit(&self) -> usize {
        self.allowance.limit()
    }

    /// Changes how many bytes logged rows may take.
    pub(crate) fn set_memory_limit(&mut self, bytes: usize) {
        self.allowance = Allowance::new(bytes);
        self.runs.checked = 0;
    }

    /// True if what is looked at has grown lately.
    pub(crate) fn is_live(&self, wall: f64) -> bool {
        let Active::Run(id) = self.active else {
            return false;
        };
        let grown_at = self.runs.facts.get(&id).and_then(|facts| facts.grown_at);
        grown_at.is_some_and(|at| wall - at < super::LIVE_FOR)
    }

    /// Where the loggers that are connected come from.
    /// Where loggers may connect.
    pub(crate) fn listening_port(&self) -> Option<u16> {
        self.ingest.listener().map(Listener::port)
    }

    fn peers(&self) -> Vec<String> {
        let connections = self.ingest.listener().map(Listener::connections);
        let connections = connections.unwrap_or_default();
        connections.iter().map(|it| it.peer.to_string()).collect()
    }

    /// What kind of thing a recording came from: `"live"` as long as a logger of it is connected.
    pub(crate) fn kind_of<'a>(&self, recording: &'a Recording) -> &'a str {
        let facts = self.runs.facts.get(&recording.id);
        let Some(facts) = facts.filter(|_| recording.kind == "live") else {
            return &recording.kind;
        };
        let is_connected = if facts.peers.is_empty() {
            // It never said who it is.
            self.has_loggers()
        } else {
            let connected = self.peers();
            facts.peers.iter().any(|peer| connected.contains(peer))
        };
        if is_connected { "live" } else { "ended" }
    }

    /// The name of a recording in the list: its program's and the one that the program gave it, told apart
    /// from other runs of the same program by when it started.
    pub(crate) fn name_of(&self, recording: &Recording) -> String {
        /// Of a run that does not say when it started.
        const DIGITS: usize = 6;
        let mut others = self.store.recordings();
        let is_only = !others.any(|it| it.name == recording.name && it.id != recording.id);
        if !recording.is_logged() {
            return recording.name.clone();
        }
        let which = || match started_at(recording) {
            Some(start) => format!("{} UTC", time_of_day(start)),
            None => recording.run.chars().take(DIGITS).collect(),
        };
        let parts = [
            Some(recording.name.clone()),
            given_name(recording),
            (!is_only).then(which),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        parts.join(" · ")
    }

    /// True if a logger is connected.
    pub(crate) fn has_loggers(&self) -> bool {
        let listener = self.ingest.listener();
        listener.is_some_and(|listener| !listener.connections().is_empty())
    }

    /// True if more has come than was taken in one go.
    pub(crate) fn has_news(&self) -> bool {
        self.ingest.has_events()
    }

    /// What the times of the timeline mean that is looked at.
    pub(crate) fn timeline_kind(&self) -> TimelineKind {
        self.timeline()
            .map_or(TimelineKind::Duration, |timeline| timeline.kind)
    }

    /// Measures what comes in. `wall` is in seconds.
    pub(crate) fn measure(&mut self, wall: f64) {
        let passed = wall - self.runs.measured_at;
        if passed >= RATE_PERIOD {
            self.runs.bytes_per_second = self.runs.bytes as f64 / passed;
            self.runs.bytes = 0;
            self.runs.measured_at = wall;
        }
    }

    /// Takes what a logger or a recording file brought.
    pub(super) fn take_logged(&mut self, event: Event, wall: f64) -> News {
        match event {
            Event::Run(run, source) => {
                let known = self.store.find_recording(&run.application, &run.run);
                let id = reelscope_ingest::recording(&mut self.store, &run, &source);
                // A file was asked for; a logger that says only its name takes no view away.
                let asked_for = source.kind != "live";
                if !asked_for {
                    let connected = self.peers();
                    let peers = &mut self.runs.facts.entry(id).or_default().peers;
                    peers.retain(|peer| connected.contains(peer));
                    peers.insert(source.origin.clone());
                }
                self.runs.facts.entry(id).or_default().source = Some(source);
                if known.is_some() {
                    return News::Nothing;
                }
                if asked_for {
                    self.introduce(id);
                } else if !self.has_video() {
                    self.active = Active::Run(id);
                }
                News::Run(id)
            }
            Event::Rows { run, chunk, permit } => {
                let news = self.rows(&run, chunk, wall);
                drop(permit);
                news
            }
            Event::Warning { run, text } => {
                let id = run.and_then(|run| self.store.find_recording(&run.application, &run.run));
                match id {
                    Some(id) => {
                        self.warn(id, text);
                        News::Nothing
                    }
                    None => News::Notice("Something is wrong with what came in", text),
                }
            }
            Event::ReadRecording { .. } => {
                self.opening = self.opening.saturating_sub(1);
                News::Nothing
            }
            Event::Opened(_)
            | Event::Failed { .. }
            | Event::Session { .. }
            | Event::HandedOver(_) => News::Nothing,
        }
    }

    fn rows(&mut self, run: &RunName, chunk: Chunk, wall: f64) -> News {
        let known = self.store.find_recording(&run.application, &run.run);
        let id = known.unwrap_or_else(|| {
            let source = Source {
                origin: "a logger".to_owned(),
                kind: "live",
                program: String::new(),
                sdk: None,
            };
            reelscope_ingest::recording(&mut self.store, run, &source)
        });
        let facts = self.runs.facts.entry(id).or_default();
        let is_live = facts.source.as_ref().is_none_or(|it| it.kind == "live");
        if is_live {
            facts.grown_at = Some(wall);
        }
        let notice = warning(&chunk);
        if let Rows::Logged(rows) = &chunk.rows {
            self.runs.bytes += rows.byte_size as u64;
        }
        let added = self.store.add_chunk(id, chunk, reelscope_ingest::now());
        self.add_views(&added.new);
        if added.refused > 0 {
            let text = "a stream has changed its format too often: its samples are left out";
            self.warn(id, text.to_owned());
        }
        if is_live {
            for stream in added.new.iter().chain(&added.grown) {
                for id in self.views_of(*stream) {
                    if let Some(view) = self.views.get_mut(&id) {
                        view.grown_at = Some(wall);
                    }
                }
            }
        }
        if let Some(text) = notice {
            return News::Notice("The logging program warns", text);
        }
        if added.new.is_empty() {
            return News::Nothing;
        }
        self.introduce(id);
        let many = self.views.len() > MOST_TILES;
        for stream in &added.new {
            if let Some(view) = self.views.get_mut(&(*stream).into()) {
                view.visible = !many;
            }
        }
        News::Streams(added.new)
    }

    /// Looks at a run for the first time; later it is the person who chooses.
    fn introduce(&mut self, id: RecordingId) {
        let facts = self.runs.facts.entry(id).or_default();
        if !std::mem::replace(&mut facts.is_introduced, true) {
            self.active = Active::Run(id);
        }
    }

    /// Why nothing is on screen although something is open.
    pub(crate) fn why_empty(&self) -> &'static str {
        if self.streams().next().is_some() {
            "All tiles are hidden. The eyes in the stream list show them again."
        } else if self.has_video() {
            "No video was logged on this timeline. The bar below has the others."
        } else {
            "Nothing that is video has been logged yet."
        }
    }

    /// True if there is video in what is looked at, on any timeline.
    pub(crate) fn has_video(&self) -> bool {
        let looked_at = |recording: &&Recording| self.set_of(recording) == self.active;
        let mut recordings = self.store.recordings().filter(looked_at);
        recordings.any(|recording| !recording.streams.is_empty())
    }

    /// Drops the oldest of what was logged if it takes more than the limit. What is on screen stays.
    pub(crate) fn make_room(&mut self, on_screen: &[ViewId], time: LogTime) -> Option<Dropped> {
        let bytes = self.store.bytes();
        let limit = self.allowance.for_rows(bytes, self.ingest.waiting_bytes());
        if bytes <= limit || bytes == self.runs.checked {
            return None;
        }
        let in_view: Vec<(StreamId, LogTime)> = on_screen
            .iter()
            .map(|id| (id.stream, self.time_in(*id, time)))
            .collect();
        let dropped = self.store.keep_within(limit, &in_view);
        self.runs.checked = self.store.bytes();
        let total = &mut self.runs.dropped;
        let is_first = *total == Dropped::default() && dropped != Dropped::default();
        total.gops += dropped.gops;
        total.chunks += dropped.chunks;
        total.bytes += dropped.bytes;
        is_first.then_some(dropped)
    }

    /// Starts to save what is looked at.
    ///
    /// # Errors
    /// If there is nothing to save.
    pub(crate) fn save(&self, path: &Path) -> Result<Saver, SaveError> {
        let Active::Run(id) = self.active else {
            return Err(SaveError::NotLogged);
        };
        let recording = self.store.recording(id).ok_or(SaveError::NotLogged)?;
        Saver::recording(recording, path, self.wake.clone())
    }

    /// A name to save what is looked at under.
    pub(crate) fn name_to_save(&self) -> Option<String> {
        let Active::Run(id) = self.active else {
            return None;
        };
        let recording = self.store.recording(id)?;
        let name = file_name(Path::new(&recording.name));
        let name = if name.is_empty() { "recording" } else { &name };
        Some(format!("{name}.rrd"))
    }

    /// How far behind the logging program a stream's newest picture is, as measured when it came.
    pub(crate) fn delay(&self) -> Option<Duration> {
        let newest = self
            .streams()
            .filter_map(|stream| stream.arrival)
            .max_by_key(|arrival| arrival.stored)?;
        let nanos = newest.stored.saturating_sub(newest.sent).max(0);
        Some(Duration::from_nanos(nanos.unsigned_abs()))
    }

    pub(super) fn add_views(&mut self, streams: &[StreamId]) {
        for id in streams {
            if let Some((_, stream)) = self.store.stream(*id) {
                let name = stream.track_names().next();
                // Until there is a track, one that none has.
                let name = name.unwrap_or(TrackName(u64::MAX));
                let id = ViewId::from(*id);
                self.views.insert(id, View::new(id, name));
            }
        }
    }
}

/// What is known of a recording as a whole.
fn property<'a>(recording: &'a Recording, component: &str) -> Option<Found<'a>> {
    let path = EntityPath::new("__properties");
    // It holds at all times, on any timeline.
    recording.latest_at(&path, component, &Timeline::video_time(), LogTime(0))
}

/// The name that the program gave this run.
fn given_name(recording: &Recording) -> Option<String> {
    let found = property(recording, "RecordingInfo:name")?;
    let name = found.column.cells.text(found.row)?;
    (!name.is_empty()).then(|| name.to_string())
}

/// When the program started, if it says so.
fn started_at(recording: &Recording) -> Option<LogTime> {
    let found = property(recording, "RecordingInfo:start_time")?;
    let nanos = found.column.cells.number(found.row)?;
    // Saturates where it is out of range.
    Some(LogTime(nanos as i64))
}

/// What a logging library warns of, if that is what was logged.
fn warning(chunk: &Chunk) -> Option<String> {
    if !chunk.entity.as_str().starts_with(WARNINGS) {
        return None;
    }
    let Rows::Logged(rows) = &chunk.rows else {
        return None;
    };
    let column = rows
        .columns
        .iter()
        .find(|column| &*column.component.name == TEXT)?;
    let text = (0..rows.ids.len()).find_map(|row| column.cells.text(row))?;
    Some(text)
}
