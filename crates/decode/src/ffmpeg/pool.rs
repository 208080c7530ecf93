//! Memory for pictures, used again once nobody holds the picture: fresh memory costs the kernel
//! more time than reading the picture from the pipe does.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use bytes::Bytes;

/// Blocks that lie idle at most.
const IDLE_BLOCKS: usize = 4;

/// Memory blocks between two uses.
#[derive(Debug, Default)]
pub(super) struct Pool {
    idle: Mutex<Vec<Vec<u8>>>,
}

impl Pool {
    /// An empty block with room for `size` bytes.
    pub(super) fn take(&self, size: usize) -> Vec<u8> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        // One that fits without holding twice the memory that is needed.
        let fits = |block: &Vec<u8>| block.capacity() >= size && block.capacity() / 2 <= size;
        match idle.iter().position(fits) {
            Some(at) => idle.swap_remove(at),
            None => {
                idle.clear();
                Vec::with_capacity(size)
            }
        }
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
            let mut block = std::mem::take(&mut self.block);
            block.clear();
            idle.push(block);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_comes_back_when_its_last_user_is_gone() {
        let pool = Arc::new(Pool::default());
        let mut block = pool.take(1_000);
        block.push(7);
        let place = block.as_ptr();
        let bytes = pool.share(block);
        let clone = bytes.slice(0..1);
        drop(bytes);
        let other = pool.take(1_000);
        assert_ne!(other.as_ptr(), place);
        drop(clone);
        let again = pool.take(1_000);
        assert_eq!((again.as_ptr(), again.len()), (place, 0));
    }
}
