//! The thread that puts rows together, compresses them and hands them on, so that whoever logs does not
//! wait for it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::SdkError;
use crate::batch::Batch;
use crate::error::first_error;
use crate::options::BatchOptions;
use crate::outlets::Outlets;

/// Rows on their way to the sinks.
pub(crate) struct Batcher {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    options: BatchOptions,
    /// Whether rows for which there is no room are dropped.
    drops: bool,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    batch: Batch,
    /// When its first row came.
    since: Option<Instant>,
    /// How often flushing was asked for, and how often it was done.
    wanted: u64,
    done: u64,
    is_closed: bool,
    dropped: u64,
    /// What went wrong and was not told yet.
    error: Option<SdkError>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_full(&self, state: &State) -> bool {
        state.batch.bytes() > self.options.most_bytes && !state.is_closed
    }
}

impl Batcher {
    pub(crate) fn start(
        outlets: Arc<Outlets>,
        options: BatchOptions,
        drops: bool,
    ) -> Result<Self, SdkError> {
        let shared = Arc::new(Shared {
            options,
            drops,
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let thread = std::thread::Builder::new()
            .name("sdk-batcher".to_owned())
            .spawn({
                let shared = shared.clone();
                move || run(&shared, &outlets)
            })
            .map_err(|source| SdkError::Thread { source })?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Adds rows. Waits while there is no room for them, or drops them, as was chosen.
    ///
    /// # Errors
    /// [`SdkError::Finished`], or what went wrong with rows before.
    pub(crate) fn push(&self, add: impl FnOnce(&mut Batch)) -> Result<(), SdkError> {
        let mut state = self.shared.lock();
        while self.shared.is_full(&state) {
            if self.shared.drops {
                state.dropped += 1;
                return Ok(());
            }
            state = self
                .shared
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        if state.is_closed {
            return Err(SdkError::Finished);
        }
        let was_empty = state.batch.is_empty();
        add(&mut state.batch);
        if was_empty {
            state.since = Some(Instant::now());
        }
        let is_due = was_empty || state.batch.bytes() >= self.shared.options.bytes;
        let error = state.error.take();
        drop(state);
        if is_due {
            self.shared.changed.notify_all();
        }
        error.map_or(Ok(()), Err)
    }

    /// Waits until a push would not wait, and says whether it is so.
    pub(crate) fn wait_for_room(&self, timeout: Duration) -> bool {
        let is_full = |state: &mut State| !self.shared.drops && self.shared.is_full(state);
        let state = self.shared.lock();
        let waited = self
            .shared
            .changed
            .wait_timeout_while(state, timeout, is_full);
        let (_state, outcome) = waited.unwrap_or_else(PoisonError::into_inner);
        !outcome.timed_out()
    }

    /// Waits until all rows are handed to the sinks.
    ///
    /// # Errors
    /// What went wrong with rows before.
    pub(crate) fn flush(&self, timeout: Duration) -> Result<(), SdkError> {
        if self.thread.is_none() {
            // All was handed on when it was closed.
            return Ok(());
        }
        let start = Instant::now();
        let mut state = self.shared.lock();
        state.wanted += 1;
        let wanted = state.wanted;
        self.shared.changed.notify_all();
        while state.done < wanted {
            let Some(left) = timeout.checked_sub(start.elapsed()) else {
                let bytes = state.batch.bytes();
                let seconds = timeout.as_secs();
                return Err(reelscope_wire::WireError::Timeout { seconds, bytes }.into());
            };
            let waited = self.shared.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        state.error.take().map_or(Ok(()), Err)
    }

    /// Rows that were dropped.
    pub(crate) fn dropped(&self) -> u64 {
        self.shared.lock().dropped
    }

    /// Hands on what is there, and ends.
    pub(crate) fn close(&mut self) -> Result<(), SdkError> {
        self.shared.lock().is_closed = true;
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        self.shared.lock().error.take().map_or(Ok(()), Err)
    }
}

impl Drop for Batcher {
    fn drop(&mut self) {
        let _ = self.close();
    }
}

fn run(shared: &Shared, outlets: &Outlets) {
    loop {
        let mut state = shared.lock();
        let (batch, wanted, is_last) = loop {
            let is_due = state.wanted > state.done
                || state.is_closed
                || state.batch.bytes() >= shared.options.bytes;
            let age = state.since.map(|since| since.elapsed());
            let left = age.map(|age| shared.options.interval.saturating_sub(age));
            if is_due || left == Some(Duration::ZERO) {
                state.since = None;
                let batch = std::mem::take(&mut state.batch);
                break (batch, state.wanted, state.is_closed);
            }
            state = match left {
                Some(left) => {
                    let waited = shared.changed.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => shared
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
            };
        };
        drop(state);
        // Whoever waits for room has it now.
        shared.changed.notify_all();
        let result = hand_on(batch, outlets);
        let mut state = shared.lock();
        state.done = state.done.max(wanted);
        if let Err(error) = result {
            state.error.get_or_insert(error);
        }
        drop(state);
        shared.changed.notify_all();
        if is_last {
            return;
        }
    }
}

fn hand_on(batch: Batch, outlets: &Outlets) -> Result<(), SdkError> {
    let chunks = batch.chunks()?.into_iter();
    first_error(chunks.map(|chunk| outlets.chunk(chunk)))
}
