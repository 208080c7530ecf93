//! Memory for pictures, used again once nobody holds the picture: fresh memory costs the kernel
//! more time than reading the picture from the pipe does.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use bytes::Bytes;
use memmap2::MmapMut;

/// Blocks that lie idle at most: as many as the frame cache lets go at once, and one more.
const IDLE_BLOCKS: usize = 6;
/// Bytes of a block from which on it is mapped for itself. The system gets it back when it is not
/// needed any more, and may give it in huge pages.
const MAPPED_FROM: usize = 512 << 10;
/// Bytes of a page of memory, at least.
const PAGE: usize = 4 << 10;

/// Memory blocks between two uses.
#[derive(Debug, Default)]
pub(super) struct Pool {
    idle: Mutex<Vec<Block>>,
}

/// Memory for one picture.
#[derive(Debug)]
pub(super) struct Block {
    memory: Memory,
    /// Bytes of it that are in use.
    len: usize,
}

#[derive(Debug)]
enum Memory {
    Heap(Vec<u8>),
    Mapped(MmapMut),
}

impl Block {
    fn new(len: usize) -> Self {
        let mapped = (len >= MAPPED_FROM).then(|| MmapMut::map_anon(len).ok());
        let Some(map) = mapped.flatten() else {
            let memory = Memory::Heap(vec![0; len]);
            return Self { memory, len };
        };
        #[cfg(target_os = "linux")]
        {
            // A system that has none gives small ones.
            let _refused = map.advise(memmap2::Advice::HugePage);
        }
        let memory = Memory::Mapped(map);
        let mut block = Self { memory, len };
        // The system gives memory page by page when it is first written to. That is better done here
        // than while a pipe is read: FFmpeg would wait for it.
        for byte in block.iter_mut().step_by(PAGE) {
            *byte = std::hint::black_box(0);
        }
        block
    }

    fn capacity(&self) -> usize {
        match &self.memory {
            Memory::Heap(bytes) => bytes.len(),
            Memory::Mapped(map) => map.len(),
        }
    }
}

impl Deref for Block {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        let all: &[u8] = match &self.memory {
            Memory::Heap(bytes) => bytes,
            Memory::Mapped(map) => map,
        };
        all.get(..self.len).unwrap_or(all)
    }
}

impl DerefMut for Block {
    fn deref_mut(&mut self) -> &mut [u8] {
        let all: &mut [u8] = match &mut self.memory {
            Memory::Heap(bytes) => bytes,
            Memory::Mapped(map) => map,
        };
        let len = self.len.min(all.len());
        &mut all[..len]
    }
}

impl Pool {
    /// A block of `size` bytes, with anything in it.
    pub(super) fn take(&self, size: usize) -> Block {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        // One that fits without holding twice the memory that is needed.
        let fits = |block: &Block| block.capacity() >= size && block.capacity() / 2 <= size;
        if let Some(at) = idle.iter().position(fits) {
            let mut block = idle.swap_remove(at);
            block.len = size;
            return block;
        }
        idle.clear();
        drop(idle);
        Block::new(size)
    }

    /// Makes bytes of a block that come back here when the last of them is dropped.
    pub(super) fn share(self: &Arc<Self>, block: Block) -> Bytes {
        Bytes::from_owner(Lent {
            block: Some(block),
            home: Arc::downgrade(self),
        })
    }
}

struct Lent {
    block: Option<Block>,
    home: Weak<Pool>,
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        self.block.as_deref().unwrap_or_default()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(home) = self.home.upgrade() else {
            return;
        };
        let mut idle = home.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_BLOCKS {
            idle.extend(self.block.take());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_comes_back_when_its_last_user_is_gone() {
        let pool = Arc::new(Pool::default());
        let block = pool.take(1_000);
        let place = block.as_ptr();
        let bytes = pool.share(block);
        let clone = bytes.slice(0..1);
        drop(bytes);
        let other = pool.take(1_000);
        assert_ne!(other.as_ptr(), place);
        drop(clone);
        let again = pool.take(1_000);
        assert_eq!((again.as_ptr(), again.len()), (place, 1_000));
    }

    #[test]
    fn large_blocks_are_whole_too() {
        let pool = Arc::new(Pool::default());
        let size = 2 * MAPPED_FROM + 5;
        let mut block = pool.take(size);
        block.fill(7);
        let bytes = pool.share(block);
        assert_eq!(bytes.len(), size);
        assert!(bytes.iter().all(|byte| *byte == 7));
        drop(bytes);
        assert_eq!(pool.take(size - 1).len(), size - 1);
    }
}
