//! One FFmpeg process that encodes pictures of one shape. A thread writes them, one reads samples, one
//! messages. Whoever waits for the process sees to it that this is not for ever.

use std::collections::VecDeque;
use std::io::{BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use bytes::Bytes;
use reelscope_ffmpeg::{
    FfmpegError, FfmpegInstall, exit_status, kill, last_lines, quiet_command, reason, widen,
};

use crate::arguments::Setup;
use crate::reading::{Numbered, Reading};
use crate::{EncodeError, Picture};

/// Pictures that wait to be written: one to go on with, and one more.
const MOST_WAITING: usize = 2;
/// How long FFmpeg may take nothing and give nothing while there is something to do.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often whoever waits looks whether that is so.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Bytes read ahead.
const READ_AHEAD: usize = 64 << 10;

/// A sample, with what was given along with its picture.
#[derive(Clone, Debug)]
pub struct CodedSample<T> {
    /// What came with the picture.
    pub tag: T,
    /// Whether decoding can start here.
    pub is_keyframe: bool,
    /// The access unit, as the logging protocol wants it: H.264 and H.265 in the byte stream format of Annex
    /// B, AV1 in low-overhead OBUs.
    pub bytes: Bytes,
}

/// Where samples go. Called from the reading thread; may block, which holds the encoder back.
pub(crate) type Deliver<T> = Arc<dyn Fn(CodedSample<T>) + Send + Sync>;

/// A living process.
pub(crate) struct Process<T> {
    link: Arc<Link<T>>,
    threads: Vec<JoinHandle<()>>,
    /// The number of the next picture.
    next: u64,
}

struct Link<T> {
    engine: &'static str,
    deliver: Deliver<T>,
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    child: Child,
    /// Packed pictures to be written.
    waiting: VecDeque<Vec<u8>>,
    /// Memory of pictures that were.
    spare: Vec<Vec<u8>>,
    /// Pictures whose samples have not come.
    under_way: VecDeque<(u64, T)>,
    /// No more pictures will come.
    closed: bool,
    /// A sample is with whoever takes them: FFmpeg may have to wait.
    delivering: bool,
    /// There will be no more samples.
    ended: bool,
    failed: Option<EncodeError>,
    progress: Instant,
}

impl<T: Send + 'static> Process<T> {
    /// Starts FFmpeg.
    pub(crate) fn start(
        install: &FfmpegInstall,
        setup: &Setup,
        deliver: Deliver<T>,
    ) -> Result<Self, EncodeError> {
        let failed = |error: std::io::Error| FfmpegError::NotExecutable {
            path: install.path.clone(),
            reason: error.to_string(),
        };
        let mut child = quiet_command(&install.path)
            .args(setup.arguments())
            .env("AV_LOG_FORCE_NOCOLOR", "1")
            // SVT-AV1 would greet otherwise.
            .env("SVT_LOG", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            kill(&mut child);
            return Err(failed(std::io::ErrorKind::BrokenPipe.into()).into());
        };
        widen(&stdin);
        let link = Arc::new(Link {
            engine: setup.engine.name,
            deliver,
            state: Mutex::new(State {
                child,
                waiting: VecDeque::new(),
                spare: Vec::new(),
                under_way: VecDeque::new(),
                closed: false,
                delivering: false,
                ended: false,
                failed: None,
                progress: Instant::now(),
            }),
            changed: Condvar::new(),
        });
        let thread = |name: &str| std::thread::Builder::new().name(name.to_owned());
        let pace = setup.pace;
        let start = || {
            let lines = thread("encode messages").spawn(move || last_lines(stderr))?;
            let reading = Arc::clone(&link);
            let reader = thread("encode samples").spawn(move || {
                let _end = End(&reading);
                reading.read(stdout, pace, lines);
            })?;
            let writing = Arc::clone(&link);
            let writer = thread("encode pictures").spawn(move || writing.write(stdin))?;
            Ok(vec![reader, writer])
        };
        match start() {
            Ok(threads) => Ok(Self {
                link,
                threads,
                next: 0,
            }),
            Err(error) => {
                kill(&mut link.lock().child);
                Err(failed(error).into())
            }
        }
    }

    /// Gives it a picture. With no room for it, waits if `waits`, or returns false.
    ///
    /// # Errors
    /// If the process is gone, or hangs.
    pub(crate) fn push(
        &mut self,
        picture: &Picture<'_>,
        tag: T,
        waits: bool,
    ) -> Result<bool, EncodeError> {
        let link = &*self.link;
        let has_room = |state: &State<T>| state.waiting.len() < MOST_WAITING;
        let mut state = link.lock();
        if !waits && state.failed.is_none() && !has_room(&state) {
            return Ok(false);
        }
        state = link.wait_until(state, |state| has_room(state) || state.ended);
        if let Some(error) = link.failure(&state) {
            return Err(error);
        }
        let mut packed = state.spare.pop().unwrap_or_default();
        drop(state);
        packed.clear();
        picture.pack_into(&mut packed);
        let mut state = link.lock();
        if state.waiting.is_empty() && state.under_way.is_empty() {
            state.progress = Instant::now();
        }
        state.waiting.push_back(packed);
        state.under_way.push_back((self.next, tag));
        self.next += 1;
        drop(state);
        link.changed.notify_all();
        Ok(true)
    }

    /// Pictures whose samples have not come yet.
    pub(crate) fn under_way(&self) -> usize {
        self.link.lock().under_way.len()
    }

    /// Waits until all samples have come, and ends the process.
    ///
    /// # Errors
    /// If some did not come.
    pub(crate) fn finish(&mut self) -> Result<(), EncodeError> {
        let link = &*self.link;
        let mut state = link.lock();
        state.closed = true;
        state.progress = Instant::now();
        link.changed.notify_all();
        let state = link.wait_until(state, |state| state.ended);
        let failed = state.failed.clone();
        let missing = state.under_way.len();
        drop(state);
        for thread in self.threads.drain(..) {
            let _panicked = thread.join();
        }
        match failed {
            Some(error) => Err(error),
            None if missing > 0 => Err(link.stopped(&format!("{missing} pictures gave no sample"))),
            None => Ok(()),
        }
    }
}

impl<T> Drop for Process<T> {
    fn drop(&mut self) {
        // Whoever did not finish it does not want what is left.
        let mut state = self.link.lock();
        if !self.threads.is_empty() {
            state.closed = true;
            kill(&mut state.child);
        }
        drop(state);
        self.link.changed.notify_all();
        for thread in self.threads.drain(..) {
            let _panicked = thread.join();
        }
    }
}

impl<T> Link<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stopped(&self, reason: &str) -> EncodeError {
        EncodeError::Stopped {
            engine: self.engine,
            reason: reason.to_owned(),
        }
    }

    /// Why it takes no more pictures.
    fn failure(&self, state: &State<T>) -> Option<EncodeError> {
        let ended = || state.ended.then(|| self.stopped("it has ended"));
        state.failed.clone().or_else(ended)
    }

    /// Waits, and ends the process if it hangs.
    fn wait_until<'a>(
        &'a self,
        mut state: MutexGuard<'a, State<T>>,
        done: impl Fn(&State<T>) -> bool,
    ) -> MutexGuard<'a, State<T>> {
        while !done(&state) {
            if state.failed.is_none() && !state.delivering && state.progress.elapsed() > PATIENCE {
                state.failed = Some(EncodeError::Hung {
                    engine: self.engine,
                    seconds: PATIENCE.as_secs(),
                });
                kill(&mut state.child);
            }
            let waited = self.changed.wait_timeout(state, LOOK_EVERY);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        state
    }

    /// Writes pictures until there will be no more of them.
    fn write(&self, mut stdin: ChildStdin) {
        loop {
            let mut state = self.lock();
            let packed = loop {
                if state.ended {
                    return;
                }
                if let Some(packed) = state.waiting.pop_front() {
                    break packed;
                }
                if state.closed {
                    return;
                }
                state = self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
            };
            drop(state);
            self.changed.notify_all();
            // The reading thread finds out why FFmpeg takes no more.
            let written = stdin.write_all(&packed);
            let mut state = self.lock();
            state.progress = Instant::now();
            if state.spare.len() < MOST_WAITING {
                state.spare.push(packed);
            }
            if written.is_err() {
                return;
            }
        }
    }

    /// Reads samples until FFmpeg ends, and finds out how it did.
    fn read(&self, stdout: ChildStdout, pace: u32, lines: JoinHandle<VecDeque<String>>) {
        let mut reading = Reading::new(BufReader::with_capacity(READ_AHEAD, stdout), pace);
        let wrong = loop {
            let sample = match reading.next() {
                Ok(Some(sample)) => sample,
                Ok(None) => break None,
                Err(error) => break Some(format!("its output cannot be read ({error})")),
            };
            if !self.deliver(sample) {
                break Some("it gave a sample of no picture".to_owned());
            }
        };
        let mut state = self.lock();
        let status = match wrong {
            Some(_) => None,
            None => exit_status(&mut state.child),
        };
        // Nothing that it started may keep its pipes open.
        kill(&mut state.child);
        drop(state);
        let lines = lines.join().unwrap_or_default();
        let mut state = self.lock();
        let is_good = state.closed && status.is_some_and(|status| status.success());
        if state.failed.is_none() && !is_good {
            let why = wrong.unwrap_or_else(|| reason(status, &lines));
            state.failed = Some(self.stopped(&why));
        }
    }

    /// Hands a sample on with the tag of its picture. False if there is no such picture.
    fn deliver(&self, sample: Numbered) -> bool {
        let mut state = self.lock();
        let under_way = &mut state.under_way;
        let place = under_way
            .iter()
            .position(|(number, _)| Some(*number) == sample.number);
        let Some((_, tag)) = place.and_then(|place| under_way.remove(place)) else {
            return false;
        };
        state.delivering = true;
        drop(state);
        (self.deliver)(CodedSample {
            tag,
            is_keyframe: sample.is_keyframe,
            bytes: sample.bytes,
        });
        let mut state = self.lock();
        state.delivering = false;
        state.progress = Instant::now();
        true
    }
}

/// Says that the reading thread is at its end, however it came to that.
struct End<'a, T>(&'a Link<T>);

impl<T> Drop for End<'_, T> {
    fn drop(&mut self) {
        self.0.lock().ended = true;
        self.0.changed.notify_all();
    }
}
