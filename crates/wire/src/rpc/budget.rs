//! How many bytes may wait between the sockets and the decoders. All connections share a budget;
//! each has a small reserve beside it, so that one that floods does not stop the others.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// What each connection may hold in any case: more than a raw 1080p picture.
const RESERVE: usize = 8 << 20;

/// The bytes that all connections may hold together, beside their reserves.
#[derive(Debug)]
pub(super) struct Budget {
    limit: usize,
    state: Mutex<State>,
    freed: Notify,
    waiting: AtomicUsize,
}

#[derive(Debug, Default)]
struct State {
    /// Bytes held beyond the reserves.
    used: usize,
    /// A connection in the middle of a message that alone does not fit. One at a time.
    exempt: Option<u64>,
}

/// One connection's part of the budget.
#[derive(Debug)]
pub(super) struct Share {
    budget: Arc<Budget>,
    connection: u64,
    held: AtomicUsize,
}

impl Budget {
    pub(super) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self {
            limit,
            state: Mutex::default(),
            freed: Notify::new(),
            waiting: AtomicUsize::new(0),
        })
    }

    /// A new connection's part.
    pub(super) fn share(self: &Arc<Self>, connection: u64) -> Share {
        Share {
            budget: self.clone(),
            connection,
            held: AtomicUsize::new(0),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Share {
    /// Bytes that are held.
    pub(super) fn held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }

    /// Whether others wait that could go on if this held less.
    pub(super) fn is_in_the_way(&self) -> bool {
        self.held() > RESERVE && self.budget.waiting.load(Ordering::Relaxed) > 0
    }

    /// Notes bytes that arrived.
    pub(super) fn take(&self, bytes: usize) {
        let mut state = self.budget.lock();
        let held = self.held.fetch_add(bytes, Ordering::Relaxed);
        state.used += beyond(held + bytes) - beyond(held);
    }

    /// Notes bytes that were decoded.
    pub(super) fn give(&self, bytes: usize) {
        let mut state = self.budget.lock();
        let held = self.held();
        let rest = held.saturating_sub(bytes);
        self.held.store(rest, Ordering::Relaxed);
        state.used = state.used.saturating_sub(beyond(held) - beyond(rest));
        drop(state);
        self.budget.freed.notify_waiters();
    }

    /// A whole message is there: no need to go beyond the budget any more.
    pub(super) fn end_exemption(&self) {
        let mut state = self.budget.lock();
        if state.exempt == Some(self.connection) {
            state.exempt = None;
            drop(state);
            self.budget.freed.notify_waiters();
        }
    }

    /// Waits until more may be read. `partial` of the bytes held are of a message that is not whole.
    pub(super) async fn room(&self, partial: usize) {
        if self.has_room(partial) {
            return;
        }
        let _waiting = Waiting::new(&self.budget.waiting);
        loop {
            let mut freed = std::pin::pin!(self.budget.freed.notified());
            freed.as_mut().enable();
            if self.has_room(partial) {
                return;
            }
            freed.await;
        }
    }

    fn has_room(&self, partial: usize) -> bool {
        let mut state = self.budget.lock();
        let held = self.held();
        if held < RESERVE || state.used < self.budget.limit || state.exempt == Some(self.connection)
        {
            return true;
        }
        // Nothing can be freed before this message is whole.
        let stuck = partial > 0 && partial >= held;
        if stuck && state.exempt.is_none() {
            state.exempt = Some(self.connection);
            return true;
        }
        false
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.give(self.held());
        self.end_exemption();
    }
}

fn beyond(held: usize) -> usize {
    held.saturating_sub(RESERVE)
}

/// Counts those who wait, also those who give up.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_leaves_the_others_their_reserve() {
        let budget = Budget::new(1000);
        let flood = budget.share(1);
        flood.take(RESERVE + 1000);
        assert!(!flood.has_room(0));
        let other = budget.share(2);
        assert!(other.has_room(0));
        other.take(RESERVE);
        assert!(!other.has_room(0));
        flood.give(500);
        assert!(other.has_room(0) && flood.has_room(0));
        drop(flood);
        assert_eq!(budget.lock().used, 0);
    }

    #[test]
    fn one_message_larger_than_the_budget_can_be_completed_and_not_two() {
        let budget = Budget::new(1000);
        let (first, second) = (budget.share(1), budget.share(2));
        first.take(RESERVE + 1000);
        second.take(RESERVE + 1000);
        assert!(first.has_room(RESERVE + 1000));
        assert!(!second.has_room(RESERVE + 1000));
        first.end_exemption();
        assert!(second.has_room(RESERVE + 1000));
    }
}
