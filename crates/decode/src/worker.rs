//! The thread that owns a decoder: takes what is to be decoded from a bounded queue, loads it, and
//! reports frames and troubles. Which samples to feed is the player's business.

mod run;
mod shared;

use std::sync::Arc;
use std::thread::JoinHandle;

use reelscope_media::{Codec, SampleSource};

use crate::{DecodeEnv, DecodeEvent, Feed, PREVIEW_WIDTH, Role, Wake};

pub use shared::FrameSender;
use shared::Shared;
pub(crate) use shared::Stop;

/// Owns the thread that a decoder runs on.
///
/// Dropping it returns at once: the decoder is told to stop, and the thread is joined elsewhere.
pub struct DecodeWorker {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl DecodeWorker {
    /// Starts a worker. The decoder itself is set up on the worker's thread, when the first sample
    /// is fed. If no thread can be started, the worker reports that as [`DecodeEvent::Failed`].
    pub fn start(
        name: &str,
        codec: Codec,
        env: DecodeEnv,
        source: Arc<dyn SampleSource>,
        wake: Wake,
    ) -> Self {
        let width = (env.role == Role::Idle).then_some(PREVIEW_WIDTH);
        let shared = Arc::new(Shared::new(wake, width));
        let work = run::Run::new(codec, env, source, Arc::clone(&shared));
        let thread = std::thread::Builder::new()
            .name(format!("decode {name}"))
            .spawn(move || work.until_closed())
            .map_err(|error| shared.fail_for_good(&error))
            .ok();
        Self { shared, thread }
    }

    /// Makes all that was fed before stale and starts the next generation: what is fed from now on
    /// starts at a sample at which decoding can start. Returns the new generation.
    ///
    /// Frames of older generations that wait to be fetched can still be fetched; no more are added.
    pub fn raise_generation(&mut self) -> u64 {
        self.shared.raise_generation()
    }

    /// Stops before the next sample, or goes on.
    pub fn pause(&self, pause: bool) {
        self.shared.pause(pause);
    }

    /// Hands over what to decode next.
    ///
    /// # Errors
    /// Gives it back if the queue is full: come again after the next wake-up.
    pub fn try_feed(&self, feed: Feed) -> Result<(), Feed> {
        self.shared.try_feed(feed)
    }

    /// The next thing that happened, if any.
    pub fn try_event(&self) -> Option<DecodeEvent> {
        self.shared.try_event()
    }

    /// What people should know about how it decodes, once known.
    pub fn note(&self) -> Option<String> {
        self.shared.note()
    }

    /// What decodes, once known.
    pub fn engine(&self) -> Option<String> {
        self.shared.engine()
    }
}

impl Drop for DecodeWorker {
    fn drop(&mut self) {
        self.shared.close();
        let Some(thread) = self.thread.take() else {
            return;
        };
        let shared = Arc::clone(&self.shared);
        // Without a reaper the thread ends by itself all the same, only nobody waits for it.
        let _reaper = std::thread::Builder::new()
            .name("decode reaper".to_owned())
            .spawn(move || {
                shared.stop_engines();
                let _panicked = thread.join();
            });
    }
}
