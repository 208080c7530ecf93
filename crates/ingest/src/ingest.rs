//! Loader threads: a path in, an event out.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded};
use reelscope_container::ContainerError;
use reelscope_media::{ByteSource, TrackKind};
use reelscope_store::{Chunk, EntityPath, Rows, Timeline};

use crate::FileSource;

/// Files that wait to be opened, and answers that wait to be taken.
const QUEUE: usize = 256;

/// What other threads tell the owner of the store.
#[derive(Debug)]
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
#[derive(Clone, Debug, thiserror::Error)]
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
    /// Its content could not be read.
    #[error(transparent)]
    Container(#[from] ContainerError),
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

/// Opens files on a thread of its own and reports events.
pub struct Ingest {
    paths: Option<Sender<PathBuf>>,
    events: Receiver<Event>,
    thread: Option<JoinHandle<()>>,
}

impl Ingest {
    /// Starts the loader. `wake` is called after each event, from the loader's thread.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub fn start(wake: Arc<dyn Fn() + Send + Sync>) -> std::io::Result<Self> {
        let (paths, jobs) = bounded::<PathBuf>(QUEUE);
        let (out, events) = bounded(QUEUE);
        let thread = std::thread::Builder::new()
            .name("loader".into())
            .spawn(move || {
                for path in jobs {
                    let event = match load_file(&path) {
                        Ok(opened) => Event::Opened(opened),
                        Err(error) => Event::Failed { path, error },
                    };
                    if out.send(event).is_err() {
                        return;
                    }
                    wake();
                }
            })?;
        Ok(Self {
            paths: Some(paths),
            events,
            thread: Some(thread),
        })
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

    /// The next event, if any.
    pub fn try_event(&self) -> Option<Event> {
        self.events.try_recv().ok()
    }
}

impl Drop for Ingest {
    fn drop(&mut self) {
        self.paths = None;
        while self.events.try_recv().is_ok() {}
        // A loader inside a slow file system must not hold up the window's closing: it ends by
        // itself once its file is read and the channels are gone.
        if let Some(thread) = self.thread.take()
            && thread.is_finished()
        {
            let _ = thread.join();
        }
    }
}
