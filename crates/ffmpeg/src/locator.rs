//! Remembers which FFmpeg there is, and notices when that changes: one is installed, replaced, or
//! chosen in the settings.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use crate::Wake;
use crate::install::{Candidate, FfmpegError, FfmpegInstall, Places};

/// How often to look whether the program is still the same.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Finds FFmpeg: the path of the settings, else the one in the environment variable
/// `REELSCOPE_FFMPEG`, else the one in `PATH`.
pub struct FfmpegLocator {
    shared: Arc<Shared>,
    watch: Mutex<Option<Watch>>,
}

struct Shared {
    setting: Mutex<Option<PathBuf>>,
    found: Mutex<Found>,
    /// Held while the program is run, so that it is run once.
    probing: Mutex<()>,
    revision: AtomicU64,
    closed: AtomicBool,
}

type Outcome = Result<FfmpegInstall, FfmpegError>;

/// What the last look gave, and what it looked at.
#[derive(Default)]
struct Found {
    candidate: Option<Result<Candidate, FfmpegError>>,
    outcome: Option<Outcome>,
}

struct Watch {
    /// Dropped to end the thread, used to make it look at once.
    nudge: Sender<()>,
    thread: JoinHandle<()>,
}

impl FfmpegLocator {
    /// A locator with the path of the settings, if there is one. Runs nothing yet.
    pub fn new(setting: Option<PathBuf>) -> Self {
        let shared = Shared {
            setting: Mutex::new(setting),
            found: Mutex::default(),
            probing: Mutex::default(),
            revision: AtomicU64::new(0),
            closed: AtomicBool::new(false),
        };
        Self {
            shared: Arc::new(shared),
            watch: Mutex::new(None),
        }
    }

    /// Takes another path from the settings, `None` for the environment's. Returns at once: the
    /// result changes when the watching thread, or the next [`FfmpegLocator::probe_blocking`], has
    /// tried it.
    pub fn set_path(&self, setting: Option<PathBuf>) {
        *lock(&self.shared.setting) = setting;
        if let Some(watch) = lock(&self.watch).as_ref() {
            // A full channel means that the thread is about to look anyway.
            let _full = watch.nudge.try_send(());
        }
    }

    /// The result as it is known, `None` as long as nobody has looked. Never blocks on a process.
    pub fn known(&self) -> Option<Result<FfmpegInstall, FfmpegError>> {
        lock(&self.shared.found).outcome.clone()
    }

    /// The result as it is known. Looks for FFmpeg, and runs it, only if nobody has looked yet.
    ///
    /// # Errors
    /// If there is no FFmpeg that can be used.
    pub fn current(&self) -> Result<FfmpegInstall, FfmpegError> {
        self.known().unwrap_or_else(|| self.probe_blocking())
    }

    /// Looks for FFmpeg, and runs it if it is another than before.
    ///
    /// # Errors
    /// If there is no FFmpeg that can be used.
    pub fn probe_blocking(&self) -> Result<FfmpegInstall, FfmpegError> {
        self.shared.look();
        self.known().unwrap_or_else(|| {
            Err(FfmpegError::NotFound {
                searched: String::new(),
            })
        })
    }

    /// Changes whenever the result does.
    pub fn revision(&self) -> u64 {
        self.shared.revision.load(Ordering::Acquire)
    }

    /// Starts the thread that keeps the result true and calls `wake` when it changes. The first
    /// look is made at once. A second call replaces nothing.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub fn watch(&self, wake: Wake) -> std::io::Result<()> {
        let mut watch = lock(&self.watch);
        if watch.is_some() {
            return Ok(());
        }
        let (nudge, nudged) = bounded(1);
        let shared = Arc::clone(&self.shared);
        let thread = std::thread::Builder::new()
            .name("ffmpeg watch".to_owned())
            .spawn(move || shared.keep_looking(&nudged, &wake))?;
        *watch = Some(Watch { nudge, thread });
        Ok(())
    }
}

impl Drop for FfmpegLocator {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::Release);
        if let Some(Watch { nudge, thread }) = lock(&self.watch).take() {
            drop(nudge);
            let _panicked = thread.join();
        }
    }
}

impl Shared {
    fn keep_looking(&self, nudged: &Receiver<()>, wake: &Wake) {
        loop {
            let before = self.revision.load(Ordering::Acquire);
            self.look();
            if self.revision.load(Ordering::Acquire) != before {
                wake();
            }
            match nudged.recv_timeout(LOOK_EVERY) {
                Ok(()) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Brings the result up to date.
    fn look(&self) {
        let _alone = lock(&self.probing);
        let setting = lock(&self.setting).clone();
        let candidate = Places::of_environment(setting).candidate();
        {
            let found = lock(&self.found);
            // One that hung may have had a bad moment: it is asked again.
            let hung = matches!(found.outcome, Some(Err(FfmpegError::Hung { .. })));
            if !hung && found.candidate.as_ref() == Some(&candidate) {
                return;
            }
        }
        let outcome = match &candidate {
            Ok(program) => program.probe(&|| self.closed.load(Ordering::Acquire)),
            Err(error) => Err(error.clone()),
        };
        let mut found = lock(&self.found);
        found.candidate = Some(candidate);
        if found.outcome.as_ref() != Some(&outcome) {
            found.outcome = Some(outcome);
            self.revision.fetch_add(1, Ordering::AcqRel);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
