//! Saving a recording: what the store keeps of it is written down on a thread of its own.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

use reelscope_store::Recording;
use reelscope_wire as wire;
use wire::{RecordingWriter, StoreId, StoreInfo, WireError};

/// Why a recording was not saved. What was there before under that name is still there.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The file could not be written.
    #[error("the file could not be written: {0}")]
    Io(#[from] std::io::Error),
    /// A chunk could not be written.
    #[error("a part of the recording could not be written: {0}")]
    Wire(#[from] WireError),
    /// The person stopped it.
    #[error("saving was stopped")]
    Cancelled,
    /// There is nothing that could be saved.
    #[error("nothing was logged in it by a program; the video file itself is what there is")]
    NotLogged,
}

/// A recording that is being saved.
pub struct Saver {
    path: PathBuf,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<Result<(), SaveError>>>,
}

struct Shared {
    chunks: usize,
    written: AtomicUsize,
    cancelled: AtomicBool,
}

impl Saver {
    /// Starts to save all that was logged in a recording up to now. `wake` is called now and then,
    /// and at the end.
    ///
    /// # Errors
    /// If there is nothing to save, or the operating system gives no thread.
    pub fn start(
        recording: &Recording,
        path: &Path,
        wake: Arc<dyn Fn() + Send + Sync>,
    ) -> Result<Self, SaveError> {
        let chunks: Vec<Arc<wire::Chunk>> = recording
            .logged()
            .filter_map(|(_, rows)| rows.origin.clone()?.downcast().ok())
            .collect();
        if chunks.is_empty() {
            return Err(SaveError::NotLogged);
        }
        let shared = Arc::new(Shared {
            chunks: chunks.len(),
            written: AtomicUsize::new(0),
            cancelled: AtomicBool::new(false),
        });
        let id = StoreId::recording(&recording.name, &recording.run);
        let work = Work {
            id,
            chunks,
            path: path.to_owned(),
            shared: shared.clone(),
            wake,
        };
        let thread = std::thread::Builder::new()
            .name("saver".into())
            .spawn(move || work.run())?;
        Ok(Self {
            path: path.to_owned(),
            shared,
            thread: Some(thread),
        })
    }

    /// Where it is saved.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How much is written, from 0 to 1.
    pub fn progress(&self) -> f32 {
        self.shared.written.load(Ordering::Relaxed) as f32 / self.shared.chunks.max(1) as f32
    }

    /// Stops it. The file is not made.
    pub fn cancel(&self) {
        self.shared.cancelled.store(true, Ordering::Relaxed);
    }

    /// How it ended, once it has.
    pub fn try_result(&mut self) -> Option<Result<(), SaveError>> {
        if !self.thread.as_ref()?.is_finished() {
            return None;
        }
        let joined = self.thread.take()?.join();
        Some(joined.unwrap_or(Err(SaveError::Cancelled)))
    }
}

impl Drop for Saver {
    fn drop(&mut self) {
        if let Some(thread) = self.thread.take() {
            self.cancel();
            let _ = thread.join();
        }
    }
}

struct Work {
    id: StoreId,
    chunks: Vec<Arc<wire::Chunk>>,
    path: PathBuf,
    shared: Arc<Shared>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Work {
    fn run(self) -> Result<(), SaveError> {
        // Under another name until it is whole: a full disk must not cost the file that was there.
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let part = self.path.with_file_name(name);
        let written = self.write(&part);
        let result = written.and_then(|()| Ok(std::fs::rename(&part, &self.path)?));
        if result.is_err() {
            let _ = std::fs::remove_file(&part);
        }
        (self.wake)();
        result
    }

    fn write(&self, part: &Path) -> Result<(), SaveError> {
        /// Chunks between two looks at the progress.
        const STEP: usize = 64;
        let file = BufWriter::with_capacity(1 << 20, File::create(part)?);
        let mut writer = RecordingWriter::new(file)?;
        writer.store(&StoreInfo {
            id: self.id.clone(),
            source: String::new(),
            sdk_version: None,
        })?;
        for (number, chunk) in self.chunks.iter().enumerate() {
            if self.shared.cancelled.load(Ordering::Relaxed) {
                return Err(SaveError::Cancelled);
            }
            writer.chunk(&self.id, chunk)?;
            self.shared.written.store(number + 1, Ordering::Relaxed);
            if number % STEP == 0 {
                (self.wake)();
            }
        }
        let mut file = writer.finish()?;
        file.flush()?;
        Ok(file.get_ref().sync_all()?)
    }
}
