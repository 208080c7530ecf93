//! Chunks that were sent twice: a logger that does not know what arrived sends it again.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

/// So many of the newest chunks are remembered.
const MOST: usize = 1 << 16;

/// Remembers which chunks have come.
#[derive(Default)]
pub(super) struct Repeats {
    seen: HashSet<(Arc<str>, [u8; 16])>,
    order: VecDeque<(Arc<str>, [u8; 16])>,
}

impl Repeats {
    /// True if a run's chunk of this id has come before.
    pub(super) fn note(&mut self, run: &Arc<str>, id: [u8; 16]) -> bool {
        let chunk = (run.clone(), id);
        if !self.seen.insert(chunk.clone()) {
            return true;
        }
        self.order.push_back(chunk);
        if self.order.len() > MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.seen.remove(&oldest);
        }
        false
    }

    /// Forgets a run that was closed: it may be opened again.
    pub(super) fn forget(&mut self, run: &str) {
        self.seen.retain(|(of, _)| &**of != run);
        self.order.retain(|(of, _)| &**of != run);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_known_again_until_its_run_is_closed() {
        let mut repeats = Repeats::default();
        let runs: [Arc<str>; 2] = ["one".into(), "two".into()];
        assert!(!repeats.note(&runs[0], [1; 16]));
        assert!(!repeats.note(&runs[1], [1; 16]));
        assert!(repeats.note(&runs[0], [1; 16]));
        repeats.forget("one");
        assert!(!repeats.note(&runs[0], [1; 16]));
        assert!(repeats.note(&runs[1], [1; 16]));
    }

    #[test]
    fn no_more_than_a_bound_is_remembered() {
        let mut repeats = Repeats::default();
        let run: Arc<str> = "run".into();
        for number in 0..=MOST as u128 {
            assert!(!repeats.note(&run, number.to_be_bytes()));
        }
        assert_eq!(repeats.seen.len(), MOST);
        assert!(!repeats.note(&run, [0; 16]), "the oldest is forgotten");
    }
}
