//! Memory for pictures, used again once nobody holds the picture: fresh memory costs the kernel
//! more time than reading the picture from the pipe does.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use bytes::Bytes;

/// Blocks that lie idle at most: as many as the frame cache lets go at once, and one more.
const IDLE_BLOCKS: usize = 6;
/// Bytes of a page of memory, at least.
const PAGE: usize = 4 << 10;

/// Memory blocks between two uses.
#[derive(Debug, Default)]
pub(super) struct Pool {
    idle: Mutex<Vec<Vec<u8>>>,
}

impl Pool {
    /// A block of `size` bytes, with anything in it.
    pub(super) fn take(&self, size: usize) -> Vec<u8> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        // One that fits without holding twice the memory that is needed.
        let fits = |block: &Vec<u8>| block.capacity() >= size && block.capacity() / 2 <= size;
        if let Some(at) = idle.iter().position(fits) {
            let mut block = idle.swap_remove(at);
            block.resize(size, 0);
            return block;
        }
        idle.clear();
        drop(idle);
        let mut block = vec![0; size];
        // The system gives memory page by page when it is first written to. That is better done here
        // than while a pipe is read: FFmpeg would wait for it.
        for byte in block.iter_mut().step_by(PAGE) {
            *byte = std::hint::black_box(0);
        }
        block
    }

    /// Makes bytes of a block that come back here when the last of them is dropped.
    pub(super) fn share(self: &Arc<Self>, block: Vec<u8>) -> Bytes {
        Bytes::from_owner(Lent {
            block,
            home: Arc::downgrade(self),
        })
    }
}

struct Lent {
    block: Vec<u8>,
    home: Weak<Pool>,
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.block
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(home) = self.home.upgrade() else {
            return;
        };
        let mut idle = home.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_BLOCKS {
            idle.push(std::mem::take(&mut self.block));
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
}
