//! What a worker's thread, its engine's threads and its owner share: the feed queue, the event
//! queue, and which generation is the current one. All locks are held for moments only.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use reelscope_media::{Frame, SampleId};

use crate::{DecodeError, DecodeEvent, Feed, Wake};

/// Feeds that wait. Enough to keep a frame-threaded decoder busy between two repaints.
const FEED_LIMIT: usize = 32;
/// Frames that wait to be fetched: at least the lower number, and up to the upper one while they
/// are small.
const FRAME_LIMITS: (usize, usize) = (2, 8);
/// Small frames that wait to be fetched.
const SMALL_FRAMES: usize = 48;
/// Feeds that wait for a decoder of idle time when its owner is called for more.
const LOW: usize = 8;
/// Bytes of waiting frames above which no more than the lower number wait.
const FRAME_BYTES_LIMIT: usize = 256 << 20;
/// Events of any kind that wait. An owner that fetches none stops the worker here.
const EVENT_LIMIT: usize = 512;

/// What an engine wants done when the worker is closed while a call into the engine blocks.
pub(crate) type Stop = dyn Fn() + Send + Sync;

pub(super) struct Shared {
    wake: Wake,
    /// Width in pixels to which frames are reduced.
    width: Option<u32>,
    /// What is fed now belongs to this generation; everything of an older one is stale.
    generation: AtomicU64,
    queues: Mutex<Queues>,
    changed: Condvar,
}

#[derive(Default)]
struct Queues {
    closed: bool,
    feeds: VecDeque<(u64, Feed)>,
    events: VecDeque<DecodeEvent>,
    frames: usize,
    frame_bytes: usize,
    /// The generation in which the worker's thread feeds the engine.
    feeding: u64,
    /// The last generation that was lost.
    failed: Option<u64>,
    engine: Option<String>,
    note: Option<String>,
    paused: bool,
    stops: Vec<Weak<Stop>>,
}

/// What the worker's thread is to do next.
pub(super) enum Next {
    Feed(u64, Feed),
    Idle,
    Closed,
}

impl Shared {
    pub(super) fn new(wake: Wake, width: Option<u32>) -> Self {
        Self {
            wake,
            width,
            generation: AtomicU64::new(0),
            queues: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn current(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    pub(super) fn raise_generation(&self) -> u64 {
        let mut queues = self.lock();
        queues.feeds.clear();
        let generation = self.generation.fetch_add(1, Ordering::AcqRel) + 1;
        drop(queues);
        self.changed.notify_all();
        generation
    }

    pub(super) fn try_feed(&self, feed: Feed) -> Result<(), Feed> {
        let mut queues = self.lock();
        if queues.closed || queues.feeds.len() >= FEED_LIMIT {
            return Err(feed);
        }
        let generation = self.current();
        queues.feeds.push_back((generation, feed));
        drop(queues);
        self.changed.notify_all();
        Ok(())
    }

    pub(super) fn try_event(&self) -> Option<DecodeEvent> {
        let mut queues = self.lock();
        let event = queues.events.pop_front()?;
        if let DecodeEvent::Frame { frame, .. } = &event {
            queues.frames = queues.frames.saturating_sub(1);
            queues.frame_bytes = queues.frame_bytes.saturating_sub(frame.byte_size());
        }
        drop(queues);
        self.changed.notify_all();
        Some(event)
    }

    pub(super) fn pause(&self, pause: bool) {
        let mut queues = self.lock();
        if queues.paused != pause {
            queues.paused = pause;
            drop(queues);
            self.changed.notify_all();
        }
    }

    pub(super) fn engine(&self) -> Option<String> {
        self.lock().engine.clone()
    }

    pub(super) fn note(&self) -> Option<String> {
        self.lock().note.clone()
    }

    pub(super) fn set_engine(&self, engine: String, note: Option<String>) {
        let mut queues = self.lock();
        queues.engine = Some(engine);
        queues.note = note;
    }

    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// Ends calls into engines that block. May take a moment.
    pub(super) fn stop_engines(&self) {
        let stops = std::mem::take(&mut self.lock().stops);
        for stop in stops.iter().filter_map(Weak::upgrade) {
            stop();
        }
    }

    /// What to do next: waits for it up to `patience`, if one is given.
    pub(super) fn next(&self, patience: Option<Duration>) -> Next {
        let mut queues = self.lock();
        loop {
            if queues.closed {
                return Next::Closed;
            }
            if !queues.paused
                && let Some((generation, feed)) = queues.feeds.pop_front()
            {
                // The owner may have waited for room in the queue.
                let is_due = self.width.is_none() || queues.feeds.len() <= LOW;
                drop(queues);
                if is_due {
                    (self.wake)();
                }
                return Next::Feed(generation, feed);
            }
            queues = match patience {
                None => self
                    .changed
                    .wait(queues)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(patience) => {
                    let (queues, waited) = self
                        .changed
                        .wait_timeout(queues, patience)
                        .unwrap_or_else(PoisonError::into_inner);
                    let nothing_to_do = queues.feeds.is_empty() || queues.paused;
                    if waited.timed_out() && nothing_to_do && !queues.closed {
                        return Next::Idle;
                    }
                    queues
                }
            };
        }
    }

    /// Marks the generation that the engine is fed in from here on.
    pub(super) fn start_feeding(&self, generation: u64) {
        self.lock().feeding = generation;
    }

    pub(super) fn is_stale(&self, generation: u64) -> bool {
        generation < self.current()
    }

    pub(super) fn has_failed(&self, generation: u64) -> bool {
        self.lock().failed == Some(generation)
    }

    /// Reports something that is no frame. Waits while far too many reports wait already.
    pub(super) fn report(&self, generation: u64, event: DecodeEvent) {
        let mut queues = self.lock();
        while queues.events.len() >= EVENT_LIMIT {
            if queues.closed || self.is_stale(generation) {
                return;
            }
            queues = self
                .changed
                .wait(queues)
                .unwrap_or_else(PoisonError::into_inner);
        }
        if queues.closed {
            return;
        }
        let is_due = self.width.is_none()
            || !matches!(
                event,
                DecodeEvent::Taken { .. } | DecodeEvent::LeftOut { .. }
            );
        queues.events.push_back(event);
        drop(queues);
        if is_due {
            (self.wake)();
        }
    }

    /// Reports that everything fed in a generation is lost; only once for each, and not after the
    /// same was said of a later one.
    pub(super) fn fail(&self, generation: u64, error: DecodeError) {
        let mut queues = self.lock();
        if queues.failed >= Some(generation) {
            return;
        }
        queues.failed = Some(generation);
        drop(queues);
        self.report(generation, DecodeEvent::Failed { generation, error });
    }

    pub(super) fn fail_for_good(&self, error: &std::io::Error) {
        let error = DecodeError::Stopped {
            engine: "the decoder's thread",
            reason: error.to_string(),
        };
        self.fail(self.current(), error);
    }

    fn send(&self, generation: u64, sample: SampleId, mut frame: Frame) {
        if let Some(width) = self.width.filter(|_| !self.is_stale(generation)) {
            frame = frame.reduced(width).unwrap_or(frame);
        }
        let bytes = frame.byte_size();
        let mut queues = self.lock();
        let most = match self.width {
            Some(_) => SMALL_FRAMES,
            None => FRAME_LIMITS.1,
        };
        while queues.frames >= most
            || (queues.frames >= FRAME_LIMITS.0
                && queues.frame_bytes.saturating_add(bytes) > FRAME_BYTES_LIMIT)
            || queues.events.len() >= EVENT_LIMIT
        {
            if queues.closed || self.is_stale(generation) {
                return;
            }
            queues = self
                .changed
                .wait(queues)
                .unwrap_or_else(PoisonError::into_inner);
        }
        if queues.closed || self.is_stale(generation) {
            return;
        }
        queues.frames += 1;
        queues.frame_bytes = queues.frame_bytes.saturating_add(bytes);
        queues.events.push_back(DecodeEvent::Frame {
            generation,
            sample,
            frame,
        });
        // Each call may mean a repaint: frames that nobody waits for are not worth one each, as long
        // as there are more to come.
        let is_due = self.width.is_none() || queues.feeds.is_empty() || queues.frames >= most / 2;
        drop(queues);
        if is_due {
            (self.wake)();
        }
    }
}

/// Where engines leave frames. An engine notes [`FrameSender::generation`] with each sample that it
/// is given, and hands it back with the sample's frame.
#[derive(Clone)]
pub struct FrameSender {
    shared: Arc<Shared>,
}

impl FrameSender {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// The generation that the sample being pushed belongs to. For calls from inside of
    /// [`crate::Decoder::push`] and [`crate::Decoder::flush`].
    pub fn generation(&self) -> u64 {
        self.shared.lock().feeding
    }

    /// True if nobody waits for frames of this generation any more.
    pub fn is_stale(&self, generation: u64) -> bool {
        self.shared.is_stale(generation)
    }

    /// Sends a frame. Blocks while the receiver has too many, unless the generation went stale.
    pub fn send(&self, generation: u64, sample: SampleId, frame: Frame) {
        self.shared.send(generation, sample, frame);
    }

    /// Reports that one sample has no frame. For engines that learn it after
    /// [`crate::Decoder::push`] has returned.
    pub fn damaged(&self, generation: u64, sample: SampleId, error: DecodeError) {
        if !self.is_stale(generation) {
            self.shared.report(
                generation,
                DecodeEvent::Damaged {
                    generation,
                    sample,
                    error,
                },
            );
        }
    }

    /// Reports that the engine is gone, with all that was fed in this generation. For engines that
    /// learn it between two calls.
    pub fn fail(&self, generation: u64, error: DecodeError) {
        self.shared.fail(generation, error);
    }

    /// Has `stop` called when the worker is closed, on another thread, so that a call into the
    /// engine that blocks can end. Forgotten once `stop` is dropped elsewhere.
    pub(crate) fn when_closed(&self, stop: Weak<Stop>) {
        let mut queues = self.shared.lock();
        queues.stops.retain(|stop| stop.strong_count() > 0);
        queues.stops.push(stop);
    }

    /// True if the worker is being dropped.
    pub(crate) fn is_closed(&self) -> bool {
        self.shared.lock().closed
    }
}
