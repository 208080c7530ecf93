//! What a logging program says, made into chunks for the store: each archetype that is video has a
//! file and a line in the table; everything else is kept as it is.

mod asset_video;
mod cells;
mod clear;
mod encoded_image;
mod frame_reference;
mod image;
mod repeats;
#[cfg(test)]
mod tests;
mod unexpected;
mod video_stream;

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use reelscope_store::{
    Chunk, Column, Component, Content, EntityPath, LogTime, LoggedRows, RowId, Rows, TimeColumn,
    Timeline, TimelineKind,
};
use reelscope_wire as wire;

/// Bytes of one entity that may wait for what tells how to read them.
const MAX_WAITING: usize = 256 << 20;
/// Bytes of all entities together that may wait.
const MAX_WAITING_OF_ALL: usize = 512 << 20;
/// Things wrong with one entity that are told.
const MAX_TOLD: usize = 8;

/// Makes rows of an archetype into what they mean as video.
struct Archetype {
    /// True if the rows cannot be read yet: what tells how has not come.
    waits: fn(&Entity, &wire::Chunk) -> bool,
    /// What they mean, if they are of the archetype.
    read: fn(&mut Entity, &wire::Chunk, &mut Vec<Content>),
}

/// Every archetype that is video.
const ARCHETYPES: &[Archetype] = &[
    video_stream::ARCHETYPE,
    asset_video::ARCHETYPE,
    frame_reference::ARCHETYPE,
    encoded_image::ARCHETYPE,
    image::ARCHETYPE,
    clear::ARCHETYPE,
];

/// Understands the rows of any number of recordings.
#[derive(Default)]
pub(crate) struct Interpreter {
    entities: HashMap<(Arc<str>, Arc<str>), Entity>,
    /// Bytes of chunks that cannot be read yet.
    waiting_bytes: usize,
    repeats: repeats::Repeats,
}

/// What is known of an entity from the rows before.
#[derive(Default)]
pub(crate) struct Entity {
    path: Arc<str>,
    video: video_stream::State,
    encoded: encoded_image::State,
    images: image::State,
    /// Chunks that cannot be read yet, and their bytes.
    waiting: Vec<wire::Chunk>,
    waiting_bytes: usize,
    told: Vec<String>,
    untold: Vec<Told>,
}

/// Something that is wrong with what was logged to an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// The entity's path, as the logger writes it.
    pub(crate) entity: Arc<str>,
    /// In words.
    pub(crate) problem: String,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.entity, self.problem)
    }
}

impl Entity {
    /// Notes that something is wrong, once.
    fn tell(&mut self, problem: String) {
        if self.told.len() < MAX_TOLD && !self.told.contains(&problem) {
            self.told.push(problem.clone());
            self.untold.push(Told {
                entity: self.path.clone(),
                problem,
            });
        }
    }
}

/// What came of a chunk.
#[derive(Debug, Default)]
pub(crate) struct Interpreted {
    /// Chunks for the store. None while what tells how to read them has not come.
    pub(crate) chunks: Vec<Chunk>,
    /// What was wrong with them.
    pub(crate) warnings: Vec<Told>,
}

impl Interpreter {
    /// Takes a chunk of a run.
    pub(crate) fn take(&mut self, run: &Arc<str>, chunk: wire::Chunk) -> Interpreted {
        if self.repeats.note(run, chunk.id) {
            return Interpreted::default();
        }
        let key = (run.clone(), chunk.entity.clone());
        let entity = self.entities.entry(key.clone()).or_insert_with(|| Entity {
            path: chunk.entity.clone(),
            ..Entity::default()
        });
        let mut chunks = Vec::new();
        let waits = |entity: &Entity, chunk: &wire::Chunk| {
            let mut archetypes = ARCHETYPES.iter();
            archetypes.any(|archetype| (archetype.waits)(entity, chunk))
        };
        let room = entity.waiting_bytes.saturating_add(chunk.byte_size) <= MAX_WAITING
            && self.waiting_bytes.saturating_add(chunk.byte_size) <= MAX_WAITING_OF_ALL;
        if room && waits(entity, &chunk) {
            entity.waiting_bytes += chunk.byte_size;
            self.waiting_bytes += chunk.byte_size;
            entity.waiting.push(chunk);
        } else {
            chunks.push(entity.read(chunk));
            let waiting = &entity.waiting;
            if waiting.first().is_some_and(|first| !waits(entity, first)) {
                self.waiting_bytes = self.waiting_bytes.saturating_sub(entity.waiting_bytes);
                chunks.extend(entity.read_waiting());
            }
        }
        let warnings = std::mem::take(&mut entity.untold);
        if entity.is_blank() {
            // Nothing was learnt: so many paths as a program can think of cost no memory.
            self.entities.remove(&key);
        }
        Interpreted { chunks, warnings }
    }

    /// Gives up waiting for what tells how to read rows of a run.
    pub(crate) fn finish(&mut self, run: &Arc<str>) -> Interpreted {
        let mut interpreted = Interpreted::default();
        for ((of, _), entity) in &mut self.entities {
            if of == run && !entity.waiting.is_empty() {
                self.waiting_bytes = self.waiting_bytes.saturating_sub(entity.waiting_bytes);
                interpreted.chunks.extend(entity.read_waiting());
                interpreted.warnings.append(&mut entity.untold);
            }
        }
        interpreted
    }

    /// Forgets a run that was closed.
    pub(crate) fn forget(&mut self, run: &str) {
        self.repeats.forget(run);
        self.entities.retain(|(of, _), _| &**of != run);
        self.waiting_bytes = self.entities.values().map(|it| it.waiting_bytes).sum();
    }
}

impl Entity {
    /// True if nothing was learnt that later rows need.
    fn is_blank(&self) -> bool {
        self.waiting.is_empty()
            && self.told.is_empty()
            && self.video.is_blank()
            && self.encoded.is_blank()
            && self.images.is_blank()
    }

    fn read_waiting(&mut self) -> Vec<Chunk> {
        self.waiting_bytes = 0;
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.sort_by_key(|chunk| chunk.rows.first().copied());
        waiting.into_iter().map(|chunk| self.read(chunk)).collect()
    }

    fn read(&mut self, chunk: wire::Chunk) -> Chunk {
        let mut content = Vec::new();
        unexpected::tell(self, &chunk);
        for archetype in ARCHETYPES {
            (archetype.read)(self, &chunk, &mut content);
        }
        Chunk {
            entity: EntityPath::new(&chunk.entity),
            rows: Rows::Logged(rows(chunk, content)),
        }
    }
}

fn rows(chunk: wire::Chunk, content: Vec<Content>) -> LoggedRows {
    let times = chunk.times.iter().map(|column| TimeColumn {
        timeline: Timeline {
            name: column.name.clone(),
            kind: match column.kind {
                wire::TimeKind::Sequence => TimelineKind::Sequence,
                wire::TimeKind::Duration => TimelineKind::Duration,
                wire::TimeKind::Timestamp => TimelineKind::Timestamp,
            },
        },
        times: (0..chunk.rows.len())
            .map(|row| column.get(row).map(LogTime))
            .collect(),
    });
    let columns = chunk.columns.iter().map(|column| Column {
        component: Component {
            name: column.name.clone(),
            archetype: column.archetype.clone(),
            component_type: column.component_type.clone(),
            data_type: column.data_type_name().into(),
        },
        cells: Arc::new(cells::WireCells(column.clone())),
    });
    LoggedRows {
        ids: chunk.rows.iter().copied().map(row_id).collect(),
        times: times.collect(),
        columns: columns.collect(),
        content,
        byte_size: chunk.byte_size,
        sent_at: chunk.encoded_at,
        origin: Some(Arc::new(chunk) as Arc<dyn Any + Send + Sync>),
    }
}

fn row_id(id: wire::RowId) -> RowId {
    RowId {
        time: id.time_ns,
        counter: id.counter,
    }
}

/// The rows of a chunk with their numbers.
fn numbered(chunk: &wire::Chunk) -> impl Iterator<Item = (usize, u32)> + use<> {
    (0..chunk.rows.len()).zip(0..u32::MAX)
}

/// The rows at which a component was logged to have no value.
fn emptied(column: &wire::Column, chunk: &wire::Chunk) -> Vec<u32> {
    numbered(chunk)
        .filter(|(row, _)| column.presence(*row) == wire::Presence::Empty)
        .map(|(_, number)| number)
        .collect()
}
