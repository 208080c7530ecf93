//! Loader threads: a path in, an event out; and the connections of loggers, which bring events too.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded};
use reelscope_container::ContainerError;
use reelscope_media::{ByteSource, TrackKind};
use reelscope_store::{Chunk, EntityPath, Rows, Timeline};
use reelscope_wire::WireError;

use crate::FileSource;
use crate::gate::{Gate, Permit};
use crate::handover::{HandedOver, Reception};
use crate::listener::{ListenOptions, Listener};
use crate::logged::Interpreter;
use crate::outlet::Outlet;
use crate::recording_file;
use crate::session_file;

/// Files that wait to be opened, and answers that wait to be taken.
const QUEUE: usize = 256;
/// Events that wait to be taken.
const EVENTS: usize = 4_096;
/// The most bytes of rows that wait to be taken; those that were received and not looked at yet come on top.
const ROW_BYTES: usize = 64 << 20;

/// What other threads tell the owner of the store.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "rows are what nearly all events are; a box for each costs more than the queue's room"
)]
pub enum Event {
    /// A file was opened.
    Opened(OpenedFile),
    /// A file could not be opened.
    Failed {
        /// Which one.
        path: PathBuf,
        /// Why.
        error: IngestError,
    },
    /// Somebody logs a run, or a file has one. Comes any number of times, or never.
    Run(RunName, Source),
    /// Rows of a run.
    Rows {
        /// Which run.
        run: RunName,
        /// The rows.
        chunk: Chunk,
        /// To be kept until the rows are in the store.
        permit: Permit,
    },
    /// Something is wrong with a run or a file, and the rest goes on.
    Warning {
        /// Which run, if one.
        run: Option<RunName>,
        /// What, in words for a person.
        text: String,
    },
    /// A recording file was read to its end.
    ReadRecording {
        /// Which one.
        path: PathBuf,
        /// Whether its writer may still be at work: then more may come.
        grows: bool,
    },
    /// A session file was read.
    Session {
        /// Which one.
        path: PathBuf,
        /// Its content.
        text: String,
    },
    /// Another launch hands over what it was asked for.
    HandedOver(HandedOver),
}

/// Names what one run of a program logs, whoever brings it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunName {
    /// The program; empty if nobody says.
    pub application: Arc<str>,
    /// The run of it.
    pub run: Arc<str>,
}

/// Where a run comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// A path or an address.
    pub origin: String,
    /// `"live"` or `"rrd"`.
    pub kind: &'static str,
    /// What wrote it: `"Python 3.11.7"`. Empty if nobody says.
    pub program: String,
    /// The version of the logging library.
    pub sdk: Option<String>,
}

/// A file whose structure is known.
#[derive(Debug)]
pub struct OpenedFile {
    /// The file.
    pub path: PathBuf,
    /// Its container: `"mp4"`.
    pub container: &'static str,
    /// One chunk for each video track, in file order.
    pub chunks: Vec<Chunk>,
    /// What was wrong with it but could be worked around.
    pub warnings: Vec<String>,
}

/// Why a file could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// There is no such file.
    #[error("there is no file at this path")]
    NotFound,
    /// It is a directory.
    #[error("this is a directory; open the video files in it instead")]
    Directory,
    /// We may not read it.
    #[error("no permission to read this file")]
    PermissionDenied,
    /// The operating system refused otherwise.
    #[error("the file could not be opened: {reason}")]
    Io {
        /// What it said.
        reason: String,
    },
    /// It has a session's name and is none.
    #[error("this is no session file: {reason}")]
    NotASession {
        /// Why not.
        reason: &'static str,
    },
    /// Its content could not be read.
    #[error(transparent)]
    Container(#[from] ContainerError),
    /// The recording could not be read.
    #[error(transparent)]
    Recording(#[from] WireError),
}

impl From<std::io::Error> for IngestError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::NotFound => Self::NotFound,
            std::io::ErrorKind::IsADirectory => Self::Directory,
            std::io::ErrorKind::PermissionDenied => Self::PermissionDenied,
            _ => Self::Io {
                reason: error.to_string(),
            },
        }
    }
}

/// Opens a file and reads its structure, on the calling thread.
///
/// # Errors
/// If it cannot be opened, or holds no video that we can read.
pub fn load_file(path: &Path) -> Result<OpenedFile, IngestError> {
    let source: Arc<dyn ByteSource> = Arc::new(FileSource::open(path)?);
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let movie = reelscope_container::open(source, &name)?;
    let videos = movie
        .tracks
        .iter()
        .filter(|track| track.kind == TrackKind::Video)
        .count();
    if videos == 0 {
        let found = if movie.tracks.is_empty() {
            "no tracks at all"
        } else {
            "other tracks only"
        };
        let found = found.to_owned();
        return Err(ContainerError::NoVideo {
            container: movie.container,
            found,
        }
        .into());
    }
    let chunks = movie
        .tracks
        .into_iter()
        .filter(|track| track.kind == TrackKind::Video)
        .enumerate()
        .map(|(number, track)| Chunk {
            entity: match number {
                0 if videos == 1 => EntityPath::new(&name),
                _ => EntityPath::new(&format!("{name}/video {}", number + 1)),
            },
            rows: Rows::Track(Timeline::video_time(), track),
        })
        .collect();
    Ok(OpenedFile {
        path: path.to_owned(),
        container: movie.container,
        chunks,
        warnings: movie.warnings,
    })
}

/// Opens files on threads of their own, takes what loggers send, and reports events.
pub struct Ingest {
    paths: Option<Sender<PathBuf>>,
    events: Receiver<Event>,
    thread: Option<JoinHandle<()>>,
    outlet: Outlet,
    listener: Option<Listener>,
    reception: Option<Reception>,
}

impl Ingest {
    /// Starts the loader. `wake` is called after each event, from the thread that made it.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub fn start(wake: Arc<dyn Fn() + Send + Sync>) -> std::io::Result<Self> {
        let (paths, jobs) = bounded::<PathBuf>(QUEUE);
        let (out, events) = bounded(EVENTS);
        let outlet = Outlet {
            events: out,
            wake,
            gate: Gate::new(ROW_BYTES),
            interpreter: Arc::new(Mutex::new(Interpreter::default())),
        };
        let sink = outlet.clone();
        let thread = std::thread::Builder::new()
            .name("loader".into())
            .spawn(move || {
                for path in jobs {
                    if !load(path, &sink) {
                        return;
                    }
                }
            })?;
        Ok(Self {
            paths: Some(paths),
            events,
            thread: Some(thread),
            outlet,
            listener: None,
            reception: None,
        })
    }

    /// Lets loggers connect, in place of whatever was listened to before. The program may take
    /// `memory` bytes in all: no message may take more than half of it.
    ///
    /// # Errors
    /// If the address is taken or cannot be used.
    pub fn listen(&mut self, options: &ListenOptions, memory: usize) -> Result<(), WireError> {
        self.listener = None;
        self.outlet.gate.set_limit(ROW_BYTES.min(memory / 8));
        self.listener = Some(Listener::start(options, memory, self.outlet.clone())?);
        Ok(())
    }

    /// Takes what other launches hand over at an address, in place of whoever did before.
    ///
    /// # Errors
    /// If there can be no socket.
    pub fn receive(&mut self, address: &Path) -> std::io::Result<()> {
        self.reception = None;
        let outlet = self.outlet.clone();
        let deliver = move |message| outlet.try_send(Event::HandedOver(message));
        self.reception = Some(Reception::start(address, Arc::new(deliver))?);
        Ok(())
    }

    /// Lets no loggers connect any more. Those that are connected are cut off.
    pub fn stop_listening(&mut self) {
        self.listener = None;
    }

    /// What loggers connect to, while they can.
    pub fn listener(&self) -> Option<&Listener> {
        self.listener.as_ref()
    }

    /// Forgets what was learnt from the rows of a run that was closed.
    pub fn forget(&self, run: &str) {
        let interpreter = self.outlet.interpreter.lock();
        interpreter
            .unwrap_or_else(PoisonError::into_inner)
            .forget(run);
    }

    /// Asks for a file to be opened. Gives the path back if too many are waiting already.
    ///
    /// # Errors
    /// If the queue is full.
    pub fn open(&self, path: PathBuf) -> Result<(), PathBuf> {
        match &self.paths {
            Some(paths) => paths
                .try_send(path)
                .map_err(crossbeam_channel::TrySendError::into_inner),
            None => Err(path),
        }
    }

    /// Bytes that were received and are not in the store yet.
    pub fn waiting_bytes(&self) -> usize {
        let queued = self.listener.as_ref().map_or(0, Listener::queued_bytes);
        self.outlet.gate.used().saturating_add(queued)
    }

    /// True if there is an event to take.
    pub fn has_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// The next event, if any.
    pub fn try_event(&self) -> Option<Event> {
        self.events.try_recv().ok()
    }
}

/// Loads a file. False once nobody listens any more.
fn load(path: PathBuf, outlet: &Outlet) -> bool {
    if session_file::is_session(&path) {
        return outlet.send(match session_file::read(&path) {
            Ok(text) => Event::Session { path, text },
            Err(error) => Event::Failed { path, error },
        });
    }
    let event = match recording_file::is_recording(&path) {
        Ok(true) => match recording_file::start(&path, outlet.clone()) {
            Ok(()) => return true,
            Err(error) => Event::Failed { path, error },
        },
        _ => match load_file(&path) {
            Ok(opened) => Event::Opened(opened),
            Err(error) => Event::Failed { path, error },
        },
    };
    outlet.send(event)
}

impl Drop for Ingest {
    fn drop(&mut self) {
        self.paths = None;
        // Whoever waits for room goes; whoever sends finds nobody.
        self.outlet.gate.close();
        let (_, nothing) = bounded(0);
        drop(std::mem::replace(&mut self.events, nothing));
        self.listener = None;
        self.reception = None;
        // A loader inside a slow file system must not hold up the window's closing: it ends by
        // itself once its file is read and the channels are gone.
        if let Some(thread) = self.thread.take()
            && thread.is_finished()
        {
            let _ = thread.join();
        }
    }
}
