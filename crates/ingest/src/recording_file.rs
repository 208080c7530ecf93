//! Recording files (`.rrd`): read message by message on a thread of their own, and followed while
//! their writer is still at work.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reelscope_store::{EntityPath, RecordingId, Store};
use reelscope_wire::{Item, LogMessage, RecordingReader, recognise};

use crate::file::FileSource;
use crate::ingest::{IngestError, RunName, Source};
use crate::logged::Interpreter;
use crate::outlet::{Outlet, run_name};
use crate::{Event, taken};

/// How often a file that may grow is looked at again.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// How often the same end has to be missing until it is told: its writer may be in the middle of it.
const LOOKS: u32 = 10;
/// Damaged messages of a file that are told.
const MAX_TOLD: usize = 8;
/// First bytes by which a recording is recognised.
const HEAD: usize = 64;

/// True if a file is a recording by its first bytes, of this or an older kind.
pub(crate) fn is_recording(path: &Path) -> std::io::Result<bool> {
    use reelscope_media::ByteSource as _;
    let mut head = [0; HEAD];
    let read = FileSource::open(path)?.read_at(0, &mut head)?;
    Ok(recognise(head.get(..read).unwrap_or_default()).is_some())
}

/// Reads a recording on a thread of its own.
pub(crate) fn start(path: &Path, outlet: Outlet) -> Result<(), IngestError> {
    let reader = RecordingReader::open(File::open(path)?)?;
    let path = path.to_owned();
    let read = move || {
        Reading {
            reader,
            outlet,
            source: source(&path),
            path,
            runs: BTreeSet::new(),
            told: 0,
        }
        .run();
    };
    std::thread::Builder::new()
        .name("recording reader".into())
        .spawn(read)?;
    Ok(())
}

fn source(path: &Path) -> Source {
    Source {
        origin: path.display().to_string(),
        kind: "rrd",
        program: String::new(),
        sdk: None,
    }
}

struct Reading {
    reader: RecordingReader<File>,
    outlet: Outlet,
    source: Source,
    path: PathBuf,
    runs: BTreeSet<RunName>,
    told: usize,
}

impl Reading {
    fn run(mut self) {
        let mut read_once = false;
        let mut rest = Rest::default();
        loop {
            match self.reader.next() {
                Ok(Some(item)) => {
                    if !self.take(item) {
                        return;
                    }
                }
                Ok(None) => {
                    let grows = !self.reader.is_ended();
                    if !read_once && !self.finish(grows) {
                        return;
                    }
                    read_once = true;
                    if !grows {
                        return;
                    }
                    rest = rest.look(self.reader.position(), self.reader.missing());
                    if rest.looks == LOOKS && !self.tell_cut_off() {
                        return;
                    }
                    std::thread::sleep(LOOK_AGAIN);
                    if self.outlet.gate.is_closed() {
                        return;
                    }
                }
                Err(error) => {
                    let text = format!(
                        "{}: {error}; the {} before that are open",
                        self.path.display(),
                        crate::bytes_text(self.reader.position()),
                    );
                    let _ = self.outlet.send(Event::Warning { run: None, text });
                    self.finish(false);
                    return;
                }
            }
        }
    }

    fn take(&mut self, item: Item) -> bool {
        match item {
            Item::Message(message, _) => {
                match &message {
                    LogMessage::Store(info) => {
                        self.runs.insert(run_name(info));
                    }
                    LogMessage::Chunk(store, _) => {
                        self.runs.insert(RunName {
                            application: store.application_id.clone(),
                            run: store.recording_id.clone(),
                        });
                    }
                    LogMessage::Blueprint => {}
                }
                self.outlet.message(message, &self.source)
            }
            Item::Skipped(error) if self.told < MAX_TOLD => {
                self.told += 1;
                let text = format!("{}: {error}", self.path.display());
                self.outlet.send(Event::Warning { run: None, text })
            }
            Item::Skipped(_) | Item::End => true,
        }
    }

    /// Tells that the end is missing. False once nobody listens any more.
    fn tell_cut_off(&self) -> bool {
        let text = format!(
            "{}: the last message is cut off ({} of it are missing); everything before it is open, and \
             the rest will be if it comes",
            self.path.display(),
            crate::bytes_text(self.reader.missing()),
        );
        self.outlet.send(Event::Warning { run: None, text })
    }

    fn finish(&mut self, grows: bool) -> bool {
        let runs = std::mem::take(&mut self.runs);
        let finished = runs.iter().all(|run| self.outlet.finish(run));
        self.runs = runs;
        let path = self.path.clone();
        finished && self.outlet.send(Event::ReadRecording { path, grows })
    }
}

/// What is missing at the end of a file that may grow.
#[derive(Clone, Copy, Default)]
struct Rest {
    /// Where the message starts that is not whole, and what of it is missing.
    at: (u64, u64),
    /// How often it was found like that, one after the other.
    looks: u32,
}

impl Rest {
    fn look(self, position: u64, missing: u64) -> Self {
        let at = (position, missing);
        match missing {
            0 => Self::default(),
            _ if self.at == at => Self {
                looks: self.looks.saturating_add(1),
                ..self
            },
            _ => Self { at, looks: 1 },
        }
    }
}

/// What was read of a recording file.
#[derive(Debug, Default)]
pub struct ReadRecording {
    /// The recordings in it.
    pub recordings: Vec<RecordingId>,
    /// Where each came from.
    pub sources: Vec<(RecordingId, Source)>,
    /// What was wrong with it but could be worked around.
    pub warnings: Vec<RecordingWarning>,
}

/// Something that is wrong with a recording file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordingWarning {
    /// The entity that it is about; `None` if it is about the file.
    pub entity: Option<EntityPath>,
    /// In words for a person.
    pub text: String,
}

impl RecordingWarning {
    fn of_file(text: String) -> Self {
        Self { entity: None, text }
    }
}

impl fmt::Display for RecordingWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Reads a whole recording file into a store, on the calling thread. A file without an end is read
/// as far as it goes.
///
/// # Errors
/// If it cannot be read, or is no recording.
pub fn read_recording(path: &Path, store: &mut Store) -> Result<ReadRecording, IngestError> {
    let mut reader = RecordingReader::open(File::open(path)?)?;
    let source = source(path);
    let mut read = ReadRecording::default();
    let mut interpreter = Interpreter::default();
    let mut told = 0;
    loop {
        let (run, interpreted) = match reader.next() {
            Ok(Some(Item::Message(LogMessage::Store(info), _))) => {
                let facts = Source {
                    program: info.source.clone(),
                    sdk: info.sdk_version.as_ref().map(ToString::to_string),
                    ..source.clone()
                };
                let id = taken::recording(store, &run_name(&info), &facts);
                if !read.recordings.contains(&id) {
                    read.recordings.push(id);
                    read.sources.push((id, facts));
                }
                continue;
            }
            Ok(Some(Item::Message(LogMessage::Chunk(id, chunk), _))) => {
                let run = RunName {
                    application: id.application_id.clone(),
                    run: id.recording_id.clone(),
                };
                let interpreted = interpreter.take(&run.run, chunk);
                (run, interpreted)
            }
            Ok(Some(Item::Skipped(error))) => {
                told += 1;
                if told <= MAX_TOLD {
                    let warning = RecordingWarning::of_file(error.to_string());
                    read.warnings.push(warning);
                }
                continue;
            }
            Ok(Some(Item::Message(LogMessage::Blueprint, _) | Item::End)) => continue,
            Ok(None) => break,
            Err(error) => {
                let at = crate::bytes_text(reader.position());
                let text = format!("{error}; read up to {at}");
                read.warnings.push(RecordingWarning::of_file(text));
                break;
            }
        };
        put(store, &mut read, &run, &source, interpreted);
    }
    for id in read.recordings.clone() {
        let Some(recording) = store.recording(id) else {
            continue;
        };
        let run = RunName {
            application: recording.name.as_str().into(),
            run: recording.run.as_str().into(),
        };
        let interpreted = interpreter.finish(&run.run);
        put(store, &mut read, &run, &source, interpreted);
    }
    if reader.missing() > 0 {
        let missing = crate::bytes_text(reader.missing());
        let text = format!("the last message is cut off: {missing} of it are missing");
        read.warnings.push(RecordingWarning::of_file(text));
    }
    Ok(read)
}

fn put(
    store: &mut Store,
    read: &mut ReadRecording,
    run: &RunName,
    source: &Source,
    interpreted: crate::logged::Interpreted,
) {
    let told = interpreted.warnings.into_iter();
    read.warnings.extend(told.map(|told| RecordingWarning {
        entity: Some(EntityPath::new(&told.entity)),
        text: told.to_string(),
    }));
    let id = taken::recording(store, run, source);
    if !read.recordings.contains(&id) {
        read.recordings.push(id);
        read.sources.push((id, source.clone()));
    }
    for chunk in interpreted.chunks {
        store.add_chunk(id, chunk, taken::now());
    }
}

/// True if a file is a recording, by its content. A recording of an older kind counts: reading it
/// says why it cannot be read.
pub fn is_recording_file(path: &Path) -> bool {
    is_recording(path).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_missing_only_once_nothing_has_come_for_a_while() {
        let grows = (0..100).fold(Rest::default(), |rest, at| rest.look(at, 7));
        assert_eq!(grows.looks, 1);
        let waits = (0..LOOKS).fold(Rest::default(), |rest, _| rest.look(40, 7));
        assert_eq!(waits.looks, LOOKS);
        let comes = waits.look(47, 0);
        assert_eq!((comes.looks, comes.look(47, 3).looks), (0, 1));
    }
}
