//! Recording files, and the chunks of each recording in them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use reelscope_wire::{Chunk, Item, LogMessage, RecordingReader, StoreId, TimeKind, WireError};

use crate::QueryError;

/// What is known of a recording as a whole; asked for by name only.
const PROPERTIES: &str = "/__properties";

/// Damages of a file that are told.
const MOST_WARNINGS: usize = 20;

/// All recordings of a file.
#[derive(Debug)]
pub struct Recordings {
    all: Vec<Recording>,
    /// True if the file ends in the middle of a message.
    is_cut_off: bool,
    warnings: Vec<String>,
}

/// One recording: what was logged in one run of a program.
#[derive(Clone, Debug)]
pub struct Recording {
    id: StoreId,
    pub(crate) chunks: Arc<Vec<Chunk>>,
}

impl Recordings {
    /// Reads a recording file. One that is cut off gives what is there.
    ///
    /// # Errors
    /// [`QueryError::File`], [`QueryError::Recording`].
    pub fn open(path: &Path) -> Result<Self, QueryError> {
        let file = File::open(path).map_err(|source| QueryError::File {
            path: path.to_owned(),
            source,
        })?;
        let failed = |source: WireError| QueryError::Recording {
            path: path.to_owned(),
            source,
        };
        let mut reader = RecordingReader::open(BufReader::new(file)).map_err(failed)?;
        let mut all: BTreeMap<StoreId, Vec<Chunk>> = BTreeMap::new();
        // What is sent again has the same id.
        let mut seen = BTreeSet::new();
        let mut warnings = Vec::new();
        let mut is_cut_off = false;
        loop {
            let item = match reader.next() {
                Ok(Some(item)) => item,
                Ok(None) => break,
                Err(WireError::Io { source }) => return Err(failed(source.into())),
                Err(error) => {
                    // From here on it makes no sense.
                    is_cut_off = true;
                    warnings.push(error.to_string());
                    break;
                }
            };
            match item {
                Item::Skipped(error) if warnings.len() < MOST_WARNINGS => {
                    warnings.push(format!("rows are missing: {error}"));
                }
                Item::Message(LogMessage::Store(info), _) => drop(all.entry(info.id).or_default()),
                Item::Message(LogMessage::Chunk(id, chunk), _)
                    if seen.insert((id.clone(), chunk.id)) =>
                {
                    all.entry(id).or_default().push(chunk);
                }
                _ => {}
            }
        }
        let all = all.into_iter().map(|(id, chunks)| Recording {
            id,
            chunks: Arc::new(chunks),
        });
        Ok(Self {
            all: all.collect(),
            is_cut_off: is_cut_off || !reader.is_ended(),
            warnings,
        })
    }

    /// All of them.
    pub fn all(&self) -> &[Recording] {
        &self.all
    }

    /// True if the file ends in the middle, because its program was killed or still writes.
    pub fn is_cut_off(&self) -> bool {
        self.is_cut_off
    }

    /// What is damaged in the file, in words: rows of it are missing.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// The only one.
    ///
    /// # Errors
    /// [`QueryError::WhichRecording`] if there are several, or none.
    pub fn only(&self) -> Result<&Recording, QueryError> {
        match self.all.as_slice() {
            [only] => Ok(only),
            _ => Err(self.which(None)),
        }
    }

    /// The one of an id, which may be that of the program as well.
    ///
    /// # Errors
    /// [`QueryError::WhichRecording`] if there is none.
    pub fn named(&self, id: &str) -> Result<&Recording, QueryError> {
        let by_run = self.all.iter().find(|it| it.recording_id() == id);
        let mut of_program = self.all.iter().filter(|it| it.application_id() == id);
        let by_program = of_program.next().filter(|_| of_program.next().is_none());
        by_run.or(by_program).ok_or_else(|| self.which(Some(id)))
    }

    fn which(&self, wanted: Option<&str>) -> QueryError {
        let there = self.all.iter().map(|it| it.recording_id().to_owned());
        QueryError::WhichRecording {
            wanted: wanted.map(str::to_owned),
            there: there.collect(),
        }
    }
}

impl Recording {
    /// The name of the program.
    pub fn application_id(&self) -> &str {
        &self.id.application_id
    }

    /// The name of the run.
    pub fn recording_id(&self) -> &str {
        &self.id.recording_id
    }

    /// Whether any entity has a component.
    pub(crate) fn has_component(&self, name: &str) -> bool {
        let mut columns = self.chunks.iter().flat_map(|chunk| &chunk.columns);
        columns.any(|column| *column.name == *name)
    }

    /// The timelines, by name, and what their numbers count.
    pub fn timelines(&self) -> BTreeMap<String, TimeKind> {
        let times = self.chunks.iter().flat_map(|chunk| &chunk.times);
        times
            .map(|times| (times.name.to_string(), times.kind))
            .collect()
    }

    /// All times at which something was logged along a timeline, rising, each once.
    pub fn times(&self, timeline: &str) -> Vec<i64> {
        let times = self.chunks.iter().filter_map(|chunk| chunk.time(timeline));
        let times = times.flat_map(|times| (0..times.len()).filter_map(|row| times.get(row)));
        let times: BTreeSet<i64> = times.collect();
        times.into_iter().collect()
    }

    /// The paths of the entities that something was logged to, without those that the SDK keeps for
    /// itself.
    pub fn entities(&self) -> BTreeSet<String> {
        let entities = self.chunks.iter().map(|chunk| &*chunk.entity);
        let logged = entities.filter(|entity| !is_property(entity));
        logged.map(str::to_owned).collect()
    }
}

/// True if it says something of the recording as a whole.
pub(crate) fn is_property(entity: &str) -> bool {
    entity.starts_with(PROPERTIES)
}
