//! Stub.

use std::sync::Arc;

use reelscope_media::{Codec, Frame, SampleId, SampleSource};

use crate::{DecodeEnv, DecodeEvent, Feed, Wake};

/// Where engines leave frames.
#[derive(Clone)]
pub struct FrameSender;

impl FrameSender {
    /// Sends a frame. Blocks while the receiver has too many, unless the generation went stale.
    pub fn send(&self, _generation: u64, _sample: SampleId, _frame: Frame) {}
}

/// Owns the thread that a decoder runs on.
pub struct DecodeWorker;

impl DecodeWorker {
    /// Starts a worker. The decoder itself is set up on the worker's thread.
    pub fn start(_name: &str, _codec: Codec, _env: DecodeEnv, _source: Arc<dyn SampleSource>, _wake: Wake) -> Self {
        Self
    }

    /// Makes all that was fed before stale and starts the next generation: what is fed from now on
    /// starts at a sample at which decoding can start. Returns the new generation.
    pub fn raise_generation(&mut self) -> u64 {
        0
    }

    /// Hands over what to decode next.
    ///
    /// # Errors
    /// Gives it back if the queue is full: come again after the next wake-up.
    pub fn try_feed(&self, feed: Feed) -> Result<(), Feed> {
        Err(feed)
    }

    /// The next thing that happened, if any.
    pub fn try_event(&self) -> Option<DecodeEvent> {
        None
    }

    /// What decodes, once known.
    pub fn engine(&self) -> Option<String> {
        None
    }
}
