//! One FFmpeg process that decodes one stream: samples are written to it from the worker's thread,
//! a thread reads its frames, one its messages, and one watches that it lives and works.

use std::collections::VecDeque;
use std::io::Write;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use reelscope_ffmpeg::{
    FfmpegError, FfmpegInstall, exit_status, kill, last_lines, quiet_command, reason,
};
use reelscope_media::CodecConfig;

use super::arguments::{Setup, arguments};
use super::reader::Reader;
use super::tokens::Tokens;
use super::{NAME, matroska_out};
use crate::worker::Stop;
use crate::{DecodeError, FrameSender, Role};

/// How long FFmpeg may take nothing and give nothing while it has all it needs.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often the watching thread looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often it looks whether FFmpeg has taken what it was given.
const MOMENT: Duration = Duration::from_millis(1);
/// Unix priority of a process whose frames may come when they will.
#[cfg(unix)]
const LOW_PRIORITY: i32 = 15;

/// A living process. Dropping it ends the process without waiting for that.
pub(super) struct Process {
    stdin: Option<ChildStdin>,
    link: Arc<Link>,
    threads: Vec<JoinHandle<()>>,
    message: Vec<u8>,
    /// Kept alive as long as the process: the worker calls it when it is closed.
    _stop: Arc<Stop>,
}

/// What the threads of a process share.
pub(super) struct Link {
    pub(super) frames: FrameSender,
    pub(super) role: Role,
    pub(super) tokens: Mutex<Tokens>,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    /// It shall end, and nobody is interested in why it does.
    stopped: bool,
    /// All samples were given: it shall end by itself.
    finishing: bool,
    /// It has closed its output.
    ended: bool,
    /// It is gone; if that was not to be, why.
    gone: Option<Option<DecodeError>>,
    writing: bool,
    /// The reading thread waits for room, so FFmpeg waits for us.
    sending: bool,
    progress: Instant,
    /// The generation of the last sample given.
    generation: u64,
}

impl Process {
    /// Starts FFmpeg for a stream.
    pub(super) fn start(
        install: &FfmpegInstall,
        config: &CodecConfig,
        setup: Setup,
        hardware: Option<&str>,
        frames: &FrameSender,
    ) -> Result<Self, DecodeError> {
        let unsupported = || DecodeError::UnsupportedCodec {
            codec: config.codec.title().to_owned(),
        };
        let header = matroska_out::header(config).ok_or_else(unsupported)?;
        let failed = |error: std::io::Error| FfmpegError::NotExecutable {
            path: install.path.clone(),
            reason: error.to_string(),
        };
        let mut child = quiet_command(&install.path)
            .args(arguments(setup, hardware))
            .env("AV_LOG_FORCE_NOCOLOR", "1")
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
        #[cfg(unix)]
        if setup.role == Role::Idle
            && let Some(pid) = reelscope_ffmpeg::pid(&child)
        {
            // If the system refuses, it only costs others some time.
            let _refused = rustix::process::setpriority_process(Some(pid), LOW_PRIORITY);
        }
        reelscope_ffmpeg::widen(&stdout);
        let link = Arc::new(Link {
            frames: frames.clone(),
            role: setup.role,
            tokens: Mutex::new(Tokens::new()),
            state: Mutex::new(State {
                stopped: false,
                finishing: false,
                ended: false,
                gone: None,
                writing: false,
                sending: false,
                progress: Instant::now(),
                generation: frames.generation(),
            }),
            changed: Condvar::new(),
        });
        let threads = start_threads(&link, child, stdout, stderr).map_err(failed)?;
        let stopping = Arc::clone(&link);
        let stop: Arc<Stop> = Arc::new(move || stopping.stop());
        frames.when_closed(Arc::downgrade(&stop));
        let mut process = Self {
            stdin: Some(stdin),
            link,
            threads,
            message: Vec::new(),
            _stop: stop,
        };
        if frames.is_closed() {
            process.link.stop();
        }
        process.write(&header)?;
        Ok(process)
    }

    /// The samples under way.
    pub(super) fn tokens(&self) -> MutexGuard<'_, Tokens> {
        lock(&self.link.tokens)
    }

    /// True as long as it can be given samples.
    pub(super) fn is_usable(&self) -> bool {
        let state = lock(&self.link.state);
        self.stdin.is_some() && !state.ended && !state.stopped && state.gone.is_none()
    }

    /// Why it cannot be given samples any more. Waits until that is known.
    pub(super) fn why_gone(&self) -> DecodeError {
        let gone = self.link.wait_gone();
        gone.unwrap_or_else(|| stopped("its input is closed"))
    }

    /// Gives it a sample under a token. Blocks while it is busy.
    pub(super) fn give(
        &mut self,
        token: u64,
        is_sync: bool,
        parts: &[&[u8]],
    ) -> Result<(), DecodeError> {
        let mut message = std::mem::take(&mut self.message);
        message.clear();
        matroska_out::sample(&mut message, token, is_sync, parts);
        lock(&self.link.state).generation = self.link.frames.generation();
        let result = self.write(&message);
        self.message = message;
        result
    }

    /// Waits until it has few enough samples, this last one included, or has taken all that it was
    /// given. Returns false if meanwhile nobody wants the sample any more.
    pub(super) fn wait_for_room(&self, window: usize) -> bool {
        let generation = self.link.frames.generation();
        self.link.writing(true);
        let wanted = loop {
            if self.link.frames.is_stale(generation) {
                break false;
            }
            let has_room = self.tokens().on_their_way() <= window
                || self.stdin.as_ref().is_none_or(has_taken_all);
            if has_room || !self.is_usable() {
                break true;
            }
            self.link.wait_a_moment();
        };
        self.link.writing(false);
        wanted
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), DecodeError> {
        let Some(stdin) = &mut self.stdin else {
            return Err(stopped("its input is closed"));
        };
        self.link.writing(true);
        let written = stdin.write_all(bytes);
        self.link.writing(false);
        match written {
            Ok(()) => Ok(()),
            Err(error) => {
                self.stdin = None;
                Err(self
                    .link
                    .wait_gone()
                    .unwrap_or_else(|| stopped(&error.to_string())))
            }
        }
    }

    /// Closes its input and waits until all its frames were sent.
    pub(super) fn finish(&mut self) -> Result<(), DecodeError> {
        {
            let mut state = lock(&self.link.state);
            state.finishing = true;
            state.progress = Instant::now();
        }
        self.stdin = None;
        self.link.wait_gone().map_or(Ok(()), Err)
    }

    /// Ends it without waiting for that.
    pub(super) fn stop(&mut self) {
        self.link.stop();
        self.stdin = None;
    }

    /// True once nothing of it is left to wait for.
    pub(super) fn is_over(&self) -> bool {
        self.threads.iter().all(JoinHandle::is_finished)
    }

    /// Ends it and waits for that.
    pub(super) fn join(mut self) {
        self.stop();
        for thread in self.threads.drain(..) {
            let _panicked = thread.join();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Link {
    fn stop(&self) {
        lock(&self.state).stopped = true;
        self.changed.notify_all();
    }

    /// Notes whether FFmpeg is expected to take samples.
    fn writing(&self, writing: bool) {
        let mut state = lock(&self.state);
        state.writing = writing;
        state.progress = Instant::now();
    }

    /// Notes that frames come.
    pub(super) fn progress(&self) {
        lock(&self.state).progress = Instant::now();
        self.changed.notify_all();
    }

    /// Waits until something happens, but not for long.
    fn wait_a_moment(&self) {
        let state = lock(&self.state);
        let _state = self
            .changed
            .wait_timeout(state, MOMENT)
            .unwrap_or_else(PoisonError::into_inner);
    }

    /// Notes whether the reading thread waits for room.
    pub(super) fn sending(&self, sending: bool) {
        let mut state = lock(&self.state);
        state.sending = sending;
        state.progress = Instant::now();
    }

    fn end(&self) {
        lock(&self.state).ended = true;
        self.changed.notify_all();
    }

    /// Waits until the process is gone, and says why if that was not to be. The watching thread
    /// sees to it that this does not take for ever.
    fn wait_gone(&self) -> Option<DecodeError> {
        let mut state = lock(&self.state);
        loop {
            if let Some(gone) = &state.gone {
                return gone.clone();
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Watches the process until it is gone.
    fn watch(&self, mut child: Child, lines: JoinHandle<VecDeque<String>>) {
        let hangs = self.wait_end();
        let status = if hangs || lock(&self.state).stopped {
            kill(&mut child);
            None
        } else {
            exit_status(&mut child)
        };
        // Nothing that it started may keep its pipes open.
        kill(&mut child);
        let lines = lines.join().unwrap_or_default();
        let mut state = lock(&self.state);
        let expected = state.stopped
            || (state.finishing && status.is_some_and(|status| status.code().is_some()));
        let error = (!expected).then(|| match hangs {
            true => DecodeError::Hung {
                engine: NAME,
                seconds: PATIENCE.as_secs(),
            },
            false => stopped(&reason(status, &lines)),
        });
        state.gone = Some(error.clone());
        let generation = state.generation;
        drop(state);
        self.changed.notify_all();
        if let Some(error) = error {
            self.frames.fail(generation, error);
        }
    }

    /// Waits until the process has closed its output or shall be ended. True if it hangs.
    fn wait_end(&self) -> bool {
        let mut state = lock(&self.state);
        loop {
            if state.stopped || state.ended {
                return false;
            }
            let works = (state.writing || state.finishing) && !state.sending;
            if works && state.progress.elapsed() > PATIENCE {
                return true;
            }
            state = self
                .changed
                .wait_timeout(state, LOOK_EVERY)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}

/// Starts the three threads of a process. The child is ended if that fails.
fn start_threads(
    link: &Arc<Link>,
    child: Child,
    stdout: ChildStdout,
    stderr: ChildStderr,
) -> std::io::Result<Vec<JoinHandle<()>>> {
    let thread = |name: &str| std::thread::Builder::new().name(name.to_owned());
    let lines = thread("ffmpeg messages").spawn(move || last_lines(stderr))?;
    let reading = Arc::clone(link);
    let reader = thread("ffmpeg frames").spawn(move || {
        Reader::new(stdout, &reading).until_end();
        reading.end();
    })?;
    let watching = Arc::clone(link);
    let watch = thread("ffmpeg watch").spawn(move || watching.watch(child, lines))?;
    Ok(vec![reader, watch])
}

/// True if FFmpeg has read everything that was written.
#[cfg(unix)]
fn has_taken_all(stdin: &ChildStdin) -> bool {
    // Where the system cannot tell, the pipe itself is the limit.
    rustix::io::ioctl_fionread(stdin).is_ok_and(|unread| unread == 0)
}

/// Not to be known here: the pipe itself is the limit.
#[cfg(not(unix))]
fn has_taken_all(_stdin: &ChildStdin) -> bool {
    true
}

fn stopped(reason: &str) -> DecodeError {
    DecodeError::Stopped {
        engine: NAME,
        reason: reason.to_owned(),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
