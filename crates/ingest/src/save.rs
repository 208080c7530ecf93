//! Files that leave the program: each is written on a thread of its own, and takes its name only when
//! it is whole.

mod recording;
mod video;

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::JoinHandle;

use bytes::Bytes;
use reelscope_container::{MuxError, MuxOptions};
use reelscope_media::Track;
use reelscope_store::Recording;
use reelscope_wire::WireError;

pub use video::{SavedVideo, save_video};

/// Bytes that are passed on to the file at once.
const WRITE_AT_ONCE: usize = 1 << 20;

/// Why something was not saved. What was there before under that name is still there.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The file could not be written.
    #[error("the file could not be written: {0}")]
    Io(#[from] std::io::Error),
    /// There is something at the path that is no file.
    #[error("what is at this path is a device, a pipe or a folder; choose the path of a file")]
    NotAFile,
    /// A chunk could not be written.
    #[error("a part of the recording could not be written: {0}")]
    Wire(#[from] WireError),
    /// The video does not go into the file.
    #[error(transparent)]
    Video(MuxError),
    /// The person stopped it.
    #[error("saving was stopped")]
    Cancelled,
    /// What was asked for has gone.
    #[error("it is not there any more")]
    NotThere,
    /// There is nothing that could be saved.
    #[error("nothing was logged in it by a program; the video file itself is what there is")]
    NotLogged,
}

impl From<MuxError> for SaveError {
    fn from(error: MuxError) -> Self {
        match error {
            MuxError::Cancelled => Self::Cancelled,
            MuxError::Io(error) => Self::Io(error),
            other => Self::Video(other),
        }
    }
}

/// Something that is being saved.
pub struct Saver {
    path: PathBuf,
    state: Arc<State>,
    thread: Option<JoinHandle<Result<(), SaveError>>>,
}

/// What the thread and its owner both know.
struct State {
    /// How much is written, in parts of [`WHOLE`].
    written: AtomicU32,
    cancelled: AtomicBool,
    wake: Arc<dyn Fn() + Send + Sync>,
}

/// Parts in which progress is told.
const WHOLE: u32 = 1_000;

impl State {
    /// Notes that so much of all is written, and says whether to go on.
    fn tell(&self, written: usize, all: usize) -> ControlFlow<()> {
        let parts = (written as u64 * u64::from(WHOLE)) / (all.max(1) as u64);
        let parts = u32::try_from(parts).unwrap_or(WHOLE);
        if self.written.swap(parts, Ordering::Relaxed) != parts {
            (self.wake)();
        }
        if self.cancelled.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

impl Saver {
    /// Starts to save all that was logged in a recording up to now. `wake` is called now and then,
    /// and at the end.
    ///
    /// # Errors
    /// If there is nothing to save, or the operating system gives no thread.
    pub fn recording(
        recording: &Recording,
        path: &Path,
        wake: Arc<dyn Fn() + Send + Sync>,
    ) -> Result<Self, SaveError> {
        let logged = recording::Logged::new(recording).ok_or(SaveError::NotLogged)?;
        Self::start(path, wake, move |file, state| logged.write(file, state))
    }

    /// Starts to save a track as an MP4 file, without encoding it anew. `wake` as above.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub fn video(
        track: Track,
        options: MuxOptions,
        path: &Path,
        wake: Arc<dyn Fn() + Send + Sync>,
    ) -> Result<Self, SaveError> {
        Self::start(path, wake, move |file, state| {
            let mut tell = |written, all| state.tell(written, all);
            video::write(&track, &options, file, &mut tell).map(|_| ())
        })
    }

    /// Starts to write bytes down as they are. `wake` as above.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub fn bytes(
        bytes: Bytes,
        path: &Path,
        wake: Arc<dyn Fn() + Send + Sync>,
    ) -> Result<Self, SaveError> {
        Self::start(path, wake, move |file, state| {
            let mut written = 0;
            for part in bytes.chunks(WRITE_AT_ONCE) {
                file.write_all(part)?;
                written += part.len();
                if state.tell(written, bytes.len()).is_break() {
                    return Err(SaveError::Cancelled);
                }
            }
            Ok(())
        })
    }

    fn start(
        path: &Path,
        wake: Arc<dyn Fn() + Send + Sync>,
        write: impl FnOnce(&mut BufWriter<File>, &State) -> Result<(), SaveError> + Send + 'static,
    ) -> Result<Self, SaveError> {
        let state = Arc::new(State {
            written: AtomicU32::new(0),
            cancelled: AtomicBool::new(false),
            wake,
        });
        let (to, shared) = (path.to_owned(), state.clone());
        let thread = std::thread::Builder::new()
            .name("saver".into())
            .spawn(move || {
                let result = when_whole(&to, |file| write(file, &shared));
                (shared.wake)();
                result
            })?;
        Ok(Self {
            path: path.to_owned(),
            state,
            thread: Some(thread),
        })
    }

    /// Where it is saved.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How much is written, from 0 to 1.
    pub fn progress(&self) -> f32 {
        self.state.written.load(Ordering::Relaxed) as f32 / WHOLE as f32
    }

    /// Stops it. The file is not made.
    pub fn cancel(&self) {
        self.state.cancelled.store(true, Ordering::Relaxed);
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

/// Writes a file that has to be one: not a device, a pipe or a folder.
fn when_whole<T>(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<T, SaveError>,
) -> Result<T, SaveError> {
    if is_no_file(path) {
        return Err(SaveError::NotAFile);
    }
    write_whole(path, write)
}

fn is_no_file(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|there| !there.is_file())
}

/// Writes a file under another name until it is whole: a full disk must not cost the file that was
/// there. What is no file, a pipe say, is written as it is.
///
/// # Errors
/// Those of `write`, and of the system.
pub fn write_whole<T, E: From<std::io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<T, E>,
) -> Result<T, E> {
    if is_no_file(path) {
        let mut file = BufWriter::new(File::options().write(true).open(path)?);
        let result = write(&mut file)?;
        file.flush()?;
        return Ok(result);
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let written = || {
        let mut file = BufWriter::with_capacity(WRITE_AT_ONCE, File::create(&part)?);
        let result = write(&mut file)?;
        file.flush()?;
        file.get_ref().sync_all()?;
        drop(file);
        std::fs::rename(&part, path)?;
        Ok(result)
    };
    let result = written();
    if result.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    result
}
