//! The sinks of a recording, which may be chosen after the first rows were logged: until then those wait.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use reelscope_wire::{Chunk, PackedChunk, StoreId, StoreInfo};

use crate::SdkError;
use crate::error::first_error;
use crate::sink::Sink;

/// So many bytes wait for a sink; then the oldest go.
const MOST_WAITING: usize = 256 << 20;

/// Where chunks go.
pub(crate) struct Outlets {
    info: StoreInfo,
    sinks: RwLock<Vec<Box<dyn Sink>>>,
    waiting: Mutex<Waiting>,
}

/// Chunks that were logged before anybody said where to.
#[derive(Default)]
struct Waiting {
    chunks: VecDeque<(Chunk, PackedChunk)>,
    bytes: usize,
    dropped: u64,
}

impl Waiting {
    /// Takes a chunk. If there is no room, the oldest go that hold at one time.
    fn push(&mut self, chunk: Chunk, packed: PackedChunk) {
        self.bytes += memory(&chunk, &packed);
        self.chunks.push_back((chunk, packed));
        while self.bytes > MOST_WAITING && self.chunks.len() > 1 {
            let oldest = self.chunks.iter().position(|(chunk, _)| !chunk.is_static());
            let Some((chunk, packed)) = self.chunks.remove(oldest.unwrap_or(0)) else {
                break;
            };
            self.bytes = self.bytes.saturating_sub(memory(&chunk, &packed));
            if self.dropped == 0 {
                eprintln!(
                    "reelscope: more than 256 MiB were logged before it was said where to (connect, save, \
                     spawn): from now on the oldest rows are lost"
                );
            }
            self.dropped += chunk.rows.len() as u64;
        }
    }
}

/// Bytes that a chunk takes, with what it is packed into.
fn memory(chunk: &Chunk, packed: &PackedChunk) -> usize {
    chunk.byte_size + packed.size()
}

impl Outlets {
    pub(crate) fn new(info: StoreInfo) -> Self {
        Self {
            info,
            sinks: RwLock::default(),
            waiting: Mutex::default(),
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self) -> RwLockReadGuard<'_, Vec<Box<dyn Sink>>> {
        self.sinks.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts these in place of those there are, which are finished. They get what waited.
    pub(crate) fn set(
        &self,
        sinks: Vec<Box<dyn Sink>>,
        patience: Duration,
    ) -> Result<(), SdkError> {
        for sink in &sinks {
            sink.store(&self.info)?;
        }
        let mut there = self.sinks.write().unwrap_or_else(PoisonError::into_inner);
        let old = std::mem::replace(&mut *there, sinks);
        let mut waiting = self.waiting();
        let mut result = Ok(());
        waiting.bytes = 0;
        for (chunk, packed) in std::mem::take(&mut waiting.chunks) {
            result = result.and(hand_to(&there, &self.info.id, &chunk, &packed));
        }
        drop(waiting);
        drop(there);
        for sink in old {
            result = result.and(sink.finish(patience));
        }
        result
    }

    /// Packs a chunk and hands it on.
    pub(crate) fn chunk(&self, chunk: Chunk) -> Result<(), SdkError> {
        let packed = PackedChunk::new(&self.info.id, &chunk)?;
        let sinks = self.read();
        if !sinks.is_empty() {
            return hand_to(&sinks, &self.info.id, &chunk, &packed);
        }
        self.waiting().push(chunk, packed);
        Ok(())
    }

    pub(crate) fn flush(&self, timeout: Duration) -> Result<(), SdkError> {
        let sinks = self.read();
        first_error(sinks.iter().map(|sink| sink.flush(timeout)))
    }

    /// Lets go whoever waits for room in a sink.
    pub(crate) fn refuse_more(&self) {
        self.read().iter().for_each(|sink| sink.refuse_more());
    }

    pub(crate) fn dropped(&self) -> u64 {
        let sinks = self.read();
        self.waiting().dropped + sinks.iter().map(|sink| sink.dropped()).sum::<u64>()
    }

    pub(crate) fn trouble(&self) -> Option<String> {
        self.read().iter().find_map(|sink| sink.trouble())
    }
}

/// Hands a chunk to all sinks. One that fails does not keep the others from getting it.
fn hand_to(
    sinks: &[Box<dyn Sink>],
    id: &StoreId,
    chunk: &Chunk,
    packed: &PackedChunk,
) -> Result<(), SdkError> {
    first_error(sinks.iter().map(|sink| sink.chunk(id, chunk, packed)))
}
