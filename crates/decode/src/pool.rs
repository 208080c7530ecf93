//! What decoders of all tracks have in common: how many may work ahead of need at once, and whether
//! somebody waits for a frame right now.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Shared by everything that decodes in a program.
#[derive(Debug)]
pub struct DecodePool {
    idle: AtomicUsize,
    idle_limit: usize,
    waiting: AtomicUsize,
}

/// The right to decode in idle time. Given back when dropped.
#[derive(Debug)]
pub struct IdleSlot(Arc<DecodePool>);

/// Says that somebody waits for a frame, as long as it lives.
#[derive(Debug)]
pub struct Waiting(Arc<DecodePool>);

impl DecodePool {
    /// A pool for a machine with this many cores: half of them, rounded down, may work ahead of
    /// need, and at least one.
    pub fn new(cores: usize) -> Self {
        Self {
            idle: AtomicUsize::new(0),
            idle_limit: (cores / 2).max(1),
            waiting: AtomicUsize::new(0),
        }
    }

    /// The right to run one more decoder in idle time; `None` while enough do.
    pub fn idle_slot(self: &Arc<Self>) -> Option<IdleSlot> {
        let taken = self
            .idle
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |idle| {
                (idle < self.idle_limit).then_some(idle + 1)
            });
        taken.ok().map(|_| IdleSlot(Arc::clone(self)))
    }

    /// Announces that somebody waits for a frame.
    pub fn wait(self: &Arc<Self>) -> Waiting {
        self.waiting.fetch_add(1, Ordering::AcqRel);
        Waiting(Arc::clone(self))
    }

    /// True if somebody waits for a frame.
    pub fn is_waited_for(&self) -> bool {
        self.waiting.load(Ordering::Acquire) > 0
    }
}

impl Drop for IdleSlot {
    fn drop(&mut self) {
        self.0.idle.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_cores_may_work_ahead_of_need() {
        let pool = Arc::new(DecodePool::new(5));
        let first = pool.idle_slot();
        let second = pool.idle_slot();
        assert!(first.is_some() && second.is_some() && pool.idle_slot().is_none());
        drop(first);
        assert!(pool.idle_slot().is_some());
        assert!(Arc::new(DecodePool::new(1)).idle_slot().is_some());
    }

    #[test]
    fn who_waits_is_known_until_it_is_served() {
        let pool = Arc::new(DecodePool::new(2));
        assert!(!pool.is_waited_for());
        let waiting = pool.wait();
        assert!(pool.is_waited_for());
        drop(waiting);
        assert!(!pool.is_waited_for());
    }
}
