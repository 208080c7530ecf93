//! One recording: what was logged to which entity, and the questions that can be asked about it.

mod entity;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::chunk::{Column, Content, LoggedRows, Presence, StreamKind};
use crate::line::ChunkKey;
use crate::order::{Key, Ordered};
use crate::stream::{Stream, StreamId};
use crate::{EntityPath, LogTime, RowId, Timeline};

pub use entity::Entity;

/// Names a recording for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordingId(pub u64);

/// Bytes of the indices that a row of a component costs on each timeline, about.
const ENTRY_BYTES: usize = 40;

/// One file, or all that a program logged under one name.
#[derive(Debug)]
pub struct Recording {
    /// Its name in the store.
    pub id: RecordingId,
    /// What people call it: a file name or an application id.
    pub name: String,
    /// Where it came from, in full: a path or an address.
    pub origin: String,
    /// What kind of thing it came from: `"mp4"`, `"rrd"`, `"live"`.
    pub kind: String,
    /// The name that the logging program gave to this one run; empty for files.
    pub run: String,
    /// Its streams, in the order in which they were logged.
    pub streams: Vec<Stream>,
    /// Where the streams of each entity are among them.
    numbers: HashMap<EntityPath, Vec<usize>>,
    /// True if a stream of it refers to videos.
    refers: bool,
    entities: BTreeMap<EntityPath, Entity>,
    timelines: BTreeMap<Timeline, TimelineFacts>,
    /// The timeline that was chosen.
    chosen: Option<Timeline>,
    /// The name of one that is to be looked at once it is there.
    preferred: Option<String>,
    chunks: BTreeMap<ChunkKey, Stored>,
    next_chunk: ChunkKey,
    bytes: usize,
    /// Chunks without samples, by their first row: what can go by itself.
    pub(crate) plain: BTreeMap<(RowId, ChunkKey), ()>,
}

/// What is known of a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimelineFacts {
    /// The earliest and the latest time.
    pub extent: (LogTime, LogTime),
    /// Rows that have a time on it.
    pub rows: u64,
    /// Rows of streams that have a time on it.
    pub video_rows: u64,
}

/// Where a value is.
#[derive(Clone, Copy, Debug)]
struct Place {
    chunk: ChunkKey,
    row: u32,
}

/// A chunk that is kept.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) entity: EntityPath,
    pub(crate) rows: LoggedRows,
    /// Samples of it that are still in a track.
    pub(crate) live: usize,
}

/// A value that was found.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    /// When it was logged; `None` if it holds at all times.
    pub time: Option<LogTime>,
    /// Its row.
    pub row_id: RowId,
    /// The column that it is in.
    pub column: &'a Column,
    /// The row of the column.
    pub row: usize,
}

impl Recording {
    pub(crate) fn new(id: RecordingId, name: &str, origin: &str, kind: &str, run: &str) -> Self {
        Self {
            id,
            name: name.to_owned(),
            origin: origin.to_owned(),
            kind: kind.to_owned(),
            run: run.to_owned(),
            streams: Vec::new(),
            numbers: HashMap::new(),
            refers: false,
            entities: BTreeMap::new(),
            timelines: BTreeMap::new(),
            chosen: None,
            preferred: None,
            chunks: BTreeMap::new(),
            next_chunk: 0,
            bytes: 0,
            plain: BTreeMap::new(),
        }
    }

    /// True if it was logged row by row; false for an opened video file.
    pub fn is_logged(&self) -> bool {
        !self.run.is_empty()
    }

    /// Bytes of memory that its rows take.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// All entities with their paths.
    pub fn entities(&self) -> impl Iterator<Item = (&EntityPath, &Entity)> {
        self.entities.iter()
    }

    /// An entity.
    pub fn entity(&self, path: &EntityPath) -> Option<&Entity> {
        self.entities.get(path)
    }

    /// Everything that was logged, in the order in which it came, for writing it down again.
    pub fn logged(&self) -> impl Iterator<Item = (&EntityPath, &LoggedRows)> {
        self.chunks
            .values()
            .map(|stored| (&stored.entity, &stored.rows))
    }

    /// Its timelines.
    pub fn timelines(&self) -> impl Iterator<Item = (&Timeline, &TimelineFacts)> {
        self.timelines.iter()
    }

    /// The timeline that is looked at: the chosen one, else the one with most rows of video; of
    /// equal ones, one that the program made itself.
    pub fn timeline(&self) -> Option<&Timeline> {
        if let Some(chosen) = &self.chosen
            && let Some((chosen, _)) = self.timelines.get_key_value(chosen)
        {
            return Some(chosen);
        }
        let mut known = self.timelines.keys();
        let preferred = self.preferred.as_deref();
        if let Some(found) = known.find(|known| Some(&*known.name) == preferred) {
            return Some(found);
        }
        let best = self.timelines.iter().max_by_key(|(timeline, facts)| {
            // A few rows more, logged before the program set a time, are no reason.
            let of_files = **timeline == Timeline::video_time();
            let video = facts.video_rows.checked_ilog2();
            // Videos that are referred to are looked at through the references.
            let video = video.filter(|_| !(of_files && self.refers));
            let own = !timeline.is_built_in() && !of_files;
            (video, own, facts.video_rows, std::cmp::Reverse(*timeline))
        });
        best.map(|(timeline, _)| timeline)
    }

    /// Prefers a timeline of this name, as soon as there is one.
    pub fn prefer_timeline(&mut self, name: &str) {
        self.preferred = Some(name.to_owned());
    }

    /// Chooses the timeline that is looked at. False if there is none of this name.
    pub fn choose_timeline(&mut self, name: &str) -> bool {
        let found = self.timelines.keys().find(|known| &*known.name == name);
        if let Some(found) = found {
            self.chosen = Some(found.clone());
        }
        self.chosen
            .as_ref()
            .is_some_and(|chosen| &*chosen.name == name)
    }

    pub(crate) fn note_time(
        &mut self,
        timeline: &Timeline,
        from: LogTime,
        to: LogTime,
        rows: u64,
        video_rows: u64,
    ) {
        let facts = self
            .timelines
            .entry(timeline.clone())
            .or_insert(TimelineFacts {
                extent: (from, to),
                rows: 0,
                video_rows: 0,
            });
        facts.extent = (facts.extent.0.min(from), facts.extent.1.max(to));
        facts.rows += rows;
        facts.video_rows += video_rows;
    }

    pub(crate) fn chunk_mut(&mut self, key: ChunkKey) -> Option<&mut Stored> {
        self.chunks.get_mut(&key)
    }

    /// Keeps rows and makes them to be found.
    pub(crate) fn index(&mut self, path: &EntityPath, rows: LoggedRows) -> ChunkKey {
        let key = self.next_chunk;
        self.next_chunk += 1;
        let entity = self.entities.entry(path.clone()).or_default();
        entity.chunks += 1;
        let count = rows.ids.len() as u64;
        if rows.times.is_empty() {
            entity.static_rows += count;
            entity.static_chunks.push(key);
        } else {
            entity.rows += count;
        }
        for column in &rows.columns {
            entity.index(key, column, &rows);
        }
        for content in &rows.content {
            if let Content::Clear(clears) = content {
                entity.note_clears(key, clears, &rows);
            }
        }
        let video = rows
            .content
            .iter()
            .any(|content| !matches!(content, Content::Clear(_)));
        for column in &rows.times {
            let times = column.times.iter().flatten();
            let (from, to) = (times.clone().min(), times.clone().max());
            if let (Some(from), Some(to)) = (from, to) {
                let rows = times.count() as u64;
                let video_rows = if video { rows } else { 0 };
                self.note_time(&column.timeline, *from, *to, rows, video_rows);
            }
        }
        self.bytes += cost(&rows);
        let stored = Stored {
            entity: path.clone(),
            rows,
            live: 0,
        };
        self.chunks.insert(key, stored);
        key
    }

    /// Forgets a chunk. Gives the bytes that it took.
    pub(crate) fn remove_chunk(&mut self, key: ChunkKey) -> usize {
        let Some(stored) = self.chunks.remove(&key) else {
            return 0;
        };
        if let Some(entity) = self.entities.get_mut(&stored.entity) {
            entity.forget(key, &stored.rows);
            entity.chunks = entity.chunks.saturating_sub(1);
            if entity.chunks == 0 && !self.numbers.contains_key(&stored.entity) {
                self.entities.remove(&stored.entity);
            }
        }
        for number in self.numbers.get(&stored.entity).into_iter().flatten() {
            if let Some(stream) = self.streams.get_mut(*number) {
                stream.forget(&stored.rows);
            }
        }
        let bytes = cost(&stored.rows);
        self.bytes = self.bytes.saturating_sub(bytes);
        bytes
    }

    /// Forgets chunks that held at all times and of which every value was logged anew.
    pub(crate) fn drop_shadowed(&mut self, path: &EntityPath) {
        let Some(entity) = self.entities.get_mut(path) else {
            return;
        };
        let statics = entity
            .components
            .values()
            .filter_map(|indexed| indexed.statics);
        let used: BTreeSet<ChunkKey> = statics.map(|(_, place)| place.chunk).collect();
        let chunks = std::mem::take(&mut entity.static_chunks);
        let (kept, gone): (Vec<_>, Vec<_>) = chunks.into_iter().partition(|chunk| {
            let live = self.chunks.get(chunk).is_some_and(|stored| stored.live > 0);
            live || used.contains(chunk)
        });
        if let Some(entity) = self.entities.get_mut(path) {
            entity.static_chunks = kept;
        }
        for chunk in gone {
            self.remove_chunk(chunk);
        }
    }

    /// The value of a component that holds at a time: the latest one at or before it, unless a static
    /// one shadows it or it was cleared. An empty cell counts as none.
    pub fn latest_at(
        &self,
        path: &EntityPath,
        component: &str,
        timeline: &Timeline,
        time: LogTime,
    ) -> Option<Found<'_>> {
        let indexed = self.entities.get(path)?.components.get(component)?;
        let key = (time, RowId::LAST);
        if let Some((row_id, place)) = indexed.statics {
            let cleared = self.static_clear(path).is_some_and(|clear| clear > row_id);
            return if cleared {
                None
            } else {
                self.found(component, place, row_id, None)
            };
        }
        let (at, place) = indexed.lines.get(timeline)?.latest_at(key)?;
        if self.is_cleared(path, timeline, at, key) {
            return None;
        }
        self.found(component, *place, at.1, Some(at.0))
    }

    /// The nearest time after (or before) `time` at which anything was logged to an entity.
    pub fn next_row(
        &self,
        path: &EntityPath,
        timeline: &Timeline,
        time: LogTime,
        forward: bool,
    ) -> Option<LogTime> {
        self.entities.get(path)?.next_row(timeline, time, forward)
    }

    /// All values of a component between two times, both included, in order of (time, row). A static
    /// one shadows them all.
    pub fn range(
        &self,
        path: &EntityPath,
        component: &str,
        timeline: &Timeline,
        from: LogTime,
        to: LogTime,
    ) -> impl Iterator<Item = Found<'_>> + use<'_> {
        let indexed = self
            .entities
            .get(path)
            .and_then(|entity| entity.components.get(component));
        let fixed = indexed.and_then(|indexed| indexed.statics);
        let line = indexed
            .filter(|indexed| indexed.statics.is_none())
            .and_then(|indexed| indexed.lines.get(timeline));
        let from = (from, RowId::default());
        let to = (to, RowId::LAST);
        let name = indexed.map(|indexed| &*indexed.component.name);
        let moving = line.into_iter().flat_map(move |line| line.range(from, to));
        let moving = moving.map(|(at, place)| (*place, at.1, Some(at.0)));
        let fixed = fixed.into_iter().map(|(row, place)| (place, row, None));
        fixed
            .chain(moving)
            .filter_map(move |(place, row, time)| self.found(name?, place, row, time))
    }

    fn found(
        &self,
        component: &str,
        place: Place,
        row_id: RowId,
        time: Option<LogTime>,
    ) -> Option<Found<'_>> {
        let rows = &self.chunks.get(&place.chunk)?.rows;
        let mut columns = rows.columns.iter();
        let column = columns.find(|column| &*column.component.name == component)?;
        let row = place.row as usize;
        matches!(column.cells.presence(row), Presence::Values(_)).then_some(Found {
            time,
            row_id,
            column,
            row,
        })
    }

    /// True if something that was logged at `at` was cleared by `now`.
    pub(crate) fn is_cleared(
        &self,
        path: &EntityPath,
        timeline: &Timeline,
        at: Key,
        now: Key,
    ) -> bool {
        if self.static_clear(path).is_some() {
            return true;
        }
        let after = |clears: &BTreeMap<Timeline, Ordered<ChunkKey>>| {
            let latest = clears
                .get(timeline)
                .and_then(|clears| clears.latest_at(now));
            latest.is_some_and(|(clear, _)| clear > at)
        };
        let own = self.entities.get(path);
        own.is_some_and(|entity| after(&entity.clears))
            || self
                .upwards(path)
                .any(|entity| after(&entity.recursive_clears))
    }

    /// The latest clear of an entity that holds at all times.
    fn static_clear(&self, path: &EntityPath) -> Option<RowId> {
        let own = self
            .entities
            .get(path)
            .and_then(|entity| entity.static_clear);
        let above = self
            .upwards(path)
            .filter_map(|entity| entity.static_recursive_clear);
        above.chain(own).max()
    }

    /// True if what holds at all times was cleared for all times.
    pub(crate) fn is_static_cleared(&self, path: &EntityPath, row: RowId) -> bool {
        self.static_clear(path).is_some_and(|clear| clear > row)
    }

    /// The entity and those above it.
    fn upwards(&self, path: &EntityPath) -> impl Iterator<Item = &Entity> {
        std::iter::successors(Some(path.clone()), EntityPath::parent)
            .filter_map(|path| self.entities.get(&path))
    }

    /// Adds a stream, named later than all that are there.
    pub(crate) fn add_stream(&mut self, stream: Stream) {
        let numbers = self.numbers.entry(stream.entity.clone()).or_default();
        numbers.push(self.streams.len());
        self.refers |= stream.kind == Some(StreamKind::VideoFrameReference);
        self.streams.push(stream);
    }

    /// The number of an entity's stream.
    pub(crate) fn number_of(&self, path: &EntityPath, kind: StreamKind) -> Option<usize> {
        let mut numbers = self.numbers.get(path)?.iter().copied();
        numbers.find(|number| {
            let stream = self.streams.get(*number);
            stream.is_some_and(|stream| stream.kind == Some(kind))
        })
    }

    pub(crate) fn stream_of(&mut self, path: &EntityPath, kind: StreamKind) -> Option<&mut Stream> {
        let number = self.number_of(path, kind)?;
        self.streams.get_mut(number)
    }

    pub(crate) fn find_stream(&self, path: &EntityPath, kind: StreamKind) -> Option<&Stream> {
        self.streams.get(self.number_of(path, kind)?)
    }

    /// A stream by its name.
    pub fn stream(&self, id: StreamId) -> Option<&Stream> {
        self.streams.get(self.number(id)?)
    }

    pub(crate) fn stream_mut(&mut self, id: StreamId) -> Option<&mut Stream> {
        let number = self.number(id)?;
        self.streams.get_mut(number)
    }

    /// The number of a stream.
    pub(crate) fn number(&self, id: StreamId) -> Option<usize> {
        self.streams
            .binary_search_by_key(&id, |stream| stream.id)
            .ok()
    }
}

/// Bytes that rows take, with the indices.
fn cost(rows: &LoggedRows) -> usize {
    let entries = rows.ids.len() * rows.columns.len() * rows.times.len().max(1);
    let samples = rows.content.iter().map(|content| match content {
        Content::Samples(_, samples) => samples.len(),
        _ => 0,
    });
    /// Of a sample's entries in a track and in the chunk.
    const SAMPLE_BYTES: usize = 220;
    /// Of the chunk itself, and of each of its columns: names, types, what describes them.
    const CHUNK_BYTES: usize = 2_000;
    const COLUMN_BYTES: usize = 1_200;
    let samples = samples.sum::<usize>() * SAMPLE_BYTES * rows.times.len().max(1);
    let columns = (rows.columns.len() + rows.times.len()) * COLUMN_BYTES;
    rows.byte_size + entries * ENTRY_BYTES + samples + columns + CHUNK_BYTES
}

impl RowId {
    /// After all others.
    pub(crate) const LAST: Self = Self {
        time: u64::MAX,
        counter: u64::MAX,
    };
}
