//! Collects what is wrong with each of many files and holds it against the list of what is known
//! to be: an unknown difference fails, and so does a known one that is gone.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;

/// The differences found by one check, by file.
#[derive(Debug, Default)]
pub struct Findings(BTreeMap<String, String>);

impl Findings {
    /// Fails unless the differences are exactly those listed for `check` in `list`: a file of
    /// `tests/golden` with lines `CHECK FILE: REASON`, where `#` starts a comment.
    ///
    /// # Panics
    /// If there is an unlisted difference, or a listed one is gone, or the list cannot be read.
    pub fn assert_known(&self, list: &str, check: &str) {
        let wrong = self.unexpected(list, check);
        assert!(
            wrong.is_empty(),
            "{} wrong:\n{}",
            wrong.len(),
            wrong.join("\n")
        );
    }

    /// What [`Findings::assert_known`] would fail for, a line each.
    ///
    /// # Panics
    /// If the list cannot be read.
    pub fn unexpected(&self, list: &str, check: &str) -> Vec<String> {
        let path = crate::root().join("tests/golden").join(list);
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let known: BTreeMap<&str, &str> = text
            .lines()
            .filter_map(|line| line.split_once(' ').filter(|(test, _)| *test == check))
            .filter_map(|(_, known)| known.split_once(": "))
            .collect();
        let new = self
            .0
            .iter()
            .filter(|(file, _)| !known.contains_key(file.as_str()));
        let gone = known
            .iter()
            .filter(|(file, _)| !self.0.contains_key(**file));
        new.map(|(file, problem)| format!("{check} {file}: {problem}"))
            .chain(gone.map(|(file, reason)| {
                format!("{check} {file}: is right now, take it off {list} ({reason})")
            }))
            .collect()
    }
}

/// Runs `check` for each of `items`, a few at a time, and collects the errors under their names.
pub fn for_each<T: Sync>(
    items: &[T],
    name: impl Fn(&T) -> String + Sync,
    check: impl Fn(&T) -> Result<()> + Sync,
) -> Findings {
    // If there is nothing to test, that is better said once and here.
    crate::binary();
    let (next, findings) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(error) = check(item) {
                        let problem = format!("{error:#}").replace('\n', " | ");
                        let mut findings = findings
                            .lock()
                            .unwrap_or_else(std::sync::PoisonError::into_inner);
                        findings.insert(name(item), problem);
                    }
                }
            });
        }
    });
    Findings(
        findings
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner),
    )
}
