//! What waits to be sent, what was sent and not confirmed, and what is kept for another server.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::{Duration, Instant};

use super::{ClientOptions, WhenFull};
use crate::WireError;
use crate::parts::Parts;

/// A call is ended, so that the server confirms what it has, after this many bytes…
const CALL_BYTES: usize = 32 << 20;
/// … or after this time.
const CALL_TIME: Duration = Duration::from_millis(1_000);
/// Whoever waits for room for so long is told why.
const LONG_WAIT: Duration = Duration::from_secs(5);
/// So many chunks that hold at all times are kept for another server, the newest of them.
const MOST_LASTING: usize = 4_096;

/// What is to become of a message once a server has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It announces a recording: each call starts with it.
    Store,
    /// It holds at all times: every server needs it.
    Lasting,
    /// It is kept for a while.
    Passing,
}

/// A call to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Call(u64);

/// What a call sends next.
pub(super) enum Next {
    Message(Parts),
    End,
    Wait,
}

#[derive(Clone, Debug)]
struct Message {
    parts: Parts,
    kind: Kind,
}

#[derive(Debug)]
pub(super) struct Outbox {
    state: Mutex<State>,
    changed: Condvar,
    given_up: tokio::sync::Notify,
    /// Says that there may be something to send.
    filled: tokio::sync::Notify,
    options: ClientOptions,
}

#[derive(Debug, Default)]
struct State {
    /// To be sent.
    queue: VecDeque<Message>,
    /// Sent in this call.
    sent: VecDeque<Message>,
    sent_bytes: usize,
    /// Of both.
    bytes: usize,
    /// Confirmed, and kept for a server that takes the place of this one.
    kept: VecDeque<Parts>,
    kept_bytes: usize,
    /// Confirmed, and kept for good.
    lasting: VecDeque<Parts>,
    stores: Vec<Parts>,
    /// What a new call says first.
    introduction: VecDeque<Parts>,
    call: u64,
    began: Option<Instant>,
    /// True once the call has said that it sends no more.
    is_ended: bool,
    waker: Option<Waker>,
    /// How many connections were made.
    connections: u64,
    /// Messages that go out one by one, since the server refused one of them.
    suspects: usize,
    /// True while somebody waits for the server's word.
    is_flushed: bool,
    is_closed: bool,
    is_done: bool,
    dropped: u64,
    /// True once somebody was told that the server keeps a logger waiting.
    has_told: bool,
    /// What went wrong last and was not told yet, and in words until all is well again.
    error: Option<WireError>,
    trouble: Option<String>,
}

impl Outbox {
    pub(super) fn new(options: ClientOptions) -> Self {
        Self {
            state: Mutex::default(),
            changed: Condvar::new(),
            given_up: tokio::sync::Notify::new(),
            filled: tokio::sync::Notify::new(),
            options,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn push(&self, parts: Parts, kind: Kind) -> Result<(), WireError> {
        let mut state = self.lock();
        let is_full = |state: &State| state.bytes > self.options.queue_bytes;
        if is_full(&state)
            && self.options.when_full == WhenFull::DropNewest
            && kind == Kind::Passing
        {
            state.dropped += 1;
            return Ok(());
        }
        let waited = Instant::now();
        while is_full(&state) && !state.is_closed {
            let waiting = self.changed.wait_timeout(state, LONG_WAIT);
            state = waiting.unwrap_or_else(PoisonError::into_inner).0;
            if waited.elapsed() >= LONG_WAIT && !state.has_told {
                state.has_told = true;
                let why = state
                    .trouble
                    .as_deref()
                    .unwrap_or("it takes what is sent slowly");
                eprintln!(
                    "reelscope: logging has waited for the viewer for {} s: {why}",
                    waited.elapsed().as_secs()
                );
            }
        }
        state.has_told &= state.trouble.is_some();
        if state.is_closed {
            return Err(WireError::Closed);
        }
        if kind == Kind::Store {
            state.stores.push(parts.clone());
        }
        state.bytes += parts.len();
        state.queue.push_back(Message { parts, kind });
        self.wake(state);
        Ok(())
    }

    fn wake(&self, mut state: MutexGuard<'_, State>) {
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
        self.filled.notify_one();
    }

    pub(super) fn flush(&self, timeout: Duration) -> Result<(), WireError> {
        let mut state = self.lock();
        state.is_flushed = true;
        self.wake(state);
        self.wait(timeout, |state| state.bytes == 0)
    }

    pub(super) fn close(&self, timeout: Duration) -> Result<(), WireError> {
        self.refuse_more();
        self.wait(timeout, |state| state.is_done)
    }

    pub(super) fn refuse_more(&self) {
        let mut state = self.lock();
        state.is_closed = true;
        self.wake(state);
        self.changed.notify_all();
    }

    /// Lets the thread end whatever is left.
    pub(super) fn give_up(&self) {
        self.given_up.notify_one();
    }

    pub(super) async fn given_up(&self) {
        self.given_up.notified().await;
    }

    pub(super) fn dropped(&self) -> u64 {
        self.lock().dropped
    }

    pub(super) fn trouble(&self) -> Option<String> {
        self.lock().trouble.clone()
    }

    /// Waits until `is_so`.
    fn wait(&self, timeout: Duration, is_so: impl Fn(&State) -> bool) -> Result<(), WireError> {
        let start = Instant::now();
        let mut state = self.lock();
        while !is_so(&state) {
            let Some(left) = timeout.checked_sub(start.elapsed()) else {
                let bytes = state.bytes;
                return Err(state.error.take().unwrap_or(WireError::Timeout {
                    seconds: timeout.as_secs(),
                    bytes,
                }));
            };
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        Ok(())
    }

    /// There is a new connection: whoever is there may be new as well.
    pub(super) fn connected(&self) {
        let mut state = self.lock();
        state.connections += 1;
        state.suspects = 0;
        if state.connections > 1 {
            state.say_again();
        }
    }

    /// Waits until there is something to send, or nothing will come.
    pub(super) async fn something_to_send(&self) {
        loop {
            let filled = self.filled.notified();
            {
                let mut state = self.lock();
                if !state.queue.is_empty() || state.is_closed {
                    return;
                }
                // Nothing is left to be confirmed.
                state.is_flushed = false;
            }
            filled.await;
        }
    }

    /// The queue is now another call's.
    pub(super) fn begin(&self) -> Call {
        let mut state = self.lock();
        state.call += 1;
        state.began = Some(Instant::now());
        state.is_ended = false;
        state.introduction = if state.call > 1 {
            state.stores.iter().cloned().collect()
        } else {
            VecDeque::new()
        };
        Call(state.call)
    }

    /// What the call sends next.
    pub(super) fn next(&self, call: Call, waker: &Waker) -> Next {
        let mut state = self.lock();
        if state.call != call.0 {
            return Next::End;
        }
        let next = state.next(waker);
        state.is_ended |= matches!(next, Next::End);
        next
    }

    /// Ends the call if what was sent waits for too long.
    pub(super) fn tick(&self) {
        let state = self.lock();
        if state.is_to_be_confirmed() {
            self.wake(state);
        }
    }

    /// The server answered. Returns false if it refused something.
    ///
    /// # Errors
    /// [`WireError::Status`] if it answered before all was sent: it is about to go.
    pub(super) fn answered(&self, status: u32) -> Result<bool, WireError> {
        let mut state = self.lock();
        match status {
            0 if state.is_ended => {
                state.confirm(self.options.replay_bytes);
                state.error = None;
                state.trouble = None;
                state.is_flushed &= state.bytes > 0;
            }
            0 => return Err(WireError::Status { status }),
            _ => {
                state.refused();
                state.note(WireError::Status { status });
            }
        }
        drop(state);
        self.changed.notify_all();
        Ok(status == 0)
    }

    pub(super) fn is_finished(&self) -> bool {
        let state = self.lock();
        state.is_closed && state.bytes == 0
    }

    pub(super) fn note(&self, error: WireError) {
        self.lock().note(error);
    }

    pub(super) fn set_done(&self) {
        self.lock().is_done = true;
        self.changed.notify_all();
    }
}

impl State {
    fn next(&mut self, waker: &Waker) -> Next {
        if let Some(parts) = self.introduction.pop_front() {
            return Next::Message(parts);
        }
        if self.is_to_be_confirmed() {
            return Next::End;
        }
        let Some(message) = self.queue.pop_front() else {
            if self.is_closed || (self.is_flushed && !self.sent.is_empty()) {
                return Next::End;
            }
            self.waker = Some(waker.clone());
            return Next::Wait;
        };
        let parts = message.parts.clone();
        self.sent_bytes += parts.len();
        self.sent.push_back(message);
        Next::Message(parts)
    }

    fn note(&mut self, error: WireError) {
        self.trouble = Some(error.to_string());
        self.error = Some(error);
    }

    /// True if the server is to confirm what was sent before more is.
    fn is_to_be_confirmed(&self) -> bool {
        if self.sent.is_empty() {
            return false;
        }
        let is_old = self.began.is_some_and(|began| began.elapsed() >= CALL_TIME);
        self.suspects > 0 || self.sent_bytes >= CALL_BYTES || is_old
    }

    /// The server has all that was sent in the call.
    fn confirm(&mut self, replay_bytes: usize) {
        self.suspects = self.suspects.saturating_sub(self.sent.len());
        self.bytes = self.bytes.saturating_sub(self.sent_bytes);
        self.sent_bytes = 0;
        for message in std::mem::take(&mut self.sent) {
            match message.kind {
                Kind::Store => {}
                Kind::Lasting => {
                    self.lasting.push_back(message.parts);
                    if self.lasting.len() > MOST_LASTING {
                        self.lasting.pop_front();
                    }
                }
                Kind::Passing => {
                    self.kept_bytes += message.parts.len();
                    self.kept.push_back(message.parts);
                }
            }
        }
        while self.kept_bytes > replay_bytes {
            let Some(oldest) = self.kept.pop_front() else {
                break;
            };
            self.kept_bytes -= oldest.len();
        }
    }

    /// The server does not want something of what was sent: what is sent again goes out one by one, and
    /// what is refused alone is dropped.
    fn refused(&mut self) {
        if self.suspects > 0 && self.sent.len() == 1 {
            if let Some(message) = self.sent.pop_front() {
                self.bytes = self.bytes.saturating_sub(message.parts.len());
                self.dropped += 1;
            }
            self.suspects -= 1;
        } else {
            self.suspects = self.sent.len();
        }
        self.sent_bytes = 0;
        while let Some(message) = self.sent.pop_back() {
            self.queue.push_front(message);
        }
    }

    /// Puts what a new server lacks before what is queued: what holds at all times, what was confirmed
    /// lately, what was not confirmed.
    fn say_again(&mut self) {
        while let Some(message) = self.sent.pop_back() {
            if message.kind == Kind::Store {
                // The call's introduction says it.
                self.bytes = self.bytes.saturating_sub(message.parts.len());
            } else {
                self.queue.push_front(message);
            }
        }
        self.sent_bytes = 0;
        let again = |parts: Parts, kind| Message { parts, kind };
        while let Some(parts) = self.kept.pop_back() {
            self.bytes += parts.len();
            self.queue.push_front(again(parts, Kind::Passing));
        }
        self.kept_bytes = 0;
        while let Some(parts) = self.lasting.pop_back() {
            self.bytes += parts.len();
            self.queue.push_front(again(parts, Kind::Lasting));
        }
    }
}
