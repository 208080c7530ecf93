//! How many bytes may be on their way to the store: whoever brings more waits.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Lets only so many bytes through at a time.
#[derive(Clone)]
pub(crate) struct Gate {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    freed: Condvar,
    limit: AtomicUsize,
}

#[derive(Default)]
struct State {
    used: usize,
    is_closed: bool,
}

/// Bytes on their way. They count until this is dropped.
pub struct Permit {
    gate: Gate,
    bytes: usize,
}

impl std::fmt::Debug for Permit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.bytes)
    }
}

impl Gate {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            shared: Arc::new(Shared {
                state: Mutex::default(),
                freed: Condvar::new(),
                limit: AtomicUsize::new(limit),
            }),
        }
    }

    /// Waits until there is room for so many bytes. One that is larger than the limit waits until
    /// it is alone. `None` once the gate is closed.
    pub(crate) fn enter(&self, bytes: usize) -> Option<Permit> {
        let mut state = self.lock();
        while !state.is_closed
            && state.used > 0
            && state.used.saturating_add(bytes) > self.shared.limit.load(Ordering::Relaxed)
        {
            let wait = self
                .shared
                .freed
                .wait_timeout(state, Duration::from_secs(1));
            state = wait.unwrap_or_else(PoisonError::into_inner).0;
        }
        if state.is_closed {
            return None;
        }
        state.used = state.used.saturating_add(bytes);
        Some(Permit {
            gate: self.clone(),
            bytes,
        })
    }

    /// Lets another number of bytes through from now on.
    pub(crate) fn set_limit(&self, limit: usize) {
        self.shared.limit.store(limit, Ordering::Relaxed);
        self.shared.freed.notify_all();
    }

    /// Bytes that are on their way.
    pub(crate) fn used(&self) -> usize {
        self.lock().used
    }

    /// Lets nobody through any more, and those that wait go.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
        self.shared.freed.notify_all();
    }

    /// True once it is closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.lock().is_closed
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        let state = self.shared.state.lock();
        state.unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut state = self.gate.lock();
        state.used = state.used.saturating_sub(self.bytes);
        drop(state);
        self.gate.shared.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_brings_too_much_waits_until_there_is_room() {
        let gate = Gate::new(100);
        let first = gate.enter(80);
        let waiting = {
            let gate = gate.clone();
            std::thread::spawn(move || gate.enter(50).is_some())
        };
        std::thread::sleep(Duration::from_millis(50));
        assert!(!waiting.is_finished());
        drop(first);
        assert!(waiting.join().unwrap());
        assert!(gate.enter(10_000).is_some(), "alone, anything may pass");
    }

    #[test]
    fn a_closed_gate_holds_nobody_up() {
        let gate = Gate::new(10);
        let _inside = gate.enter(10);
        let waiting = {
            let gate = gate.clone();
            std::thread::spawn(move || gate.enter(10).is_none())
        };
        gate.close();
        assert!(waiting.join().unwrap());
        assert!(gate.is_closed());
    }
}
