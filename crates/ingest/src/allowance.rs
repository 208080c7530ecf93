//! How many bytes of rows the store may hold, so that the whole program stays within a limit.

use std::time::{Duration, Instant};

/// How often it is asked what the program takes.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Rows get at least this part of the limit, whatever else there is: otherwise there would be nothing
/// to look at.
const LEAST_SHARE: usize = 8;

/// The memory limit, and what beside the rows is within it.
#[derive(Debug)]
pub struct Allowance {
    limit: usize,
    /// Bytes that the program takes beside rows: itself, decoded frames, what waits, what the heap
    /// has not given back.
    beside: usize,
    /// What the program took in all when it was last asked, where that is known.
    taken: Option<usize>,
    looked: Option<Instant>,
}

impl Allowance {
    /// An allowance for a program that may take `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            beside: 0,
            taken: None,
            looked: None,
        }
    }

    /// How many bytes the program may take.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// How many bytes the program took when [`Allowance::for_rows`] was last asked, where the system
    /// says that.
    pub fn taken(&self) -> Option<usize> {
        self.taken
    }

    /// How many bytes rows may take now: `rows` bytes are in the store, and so many were `received`
    /// that are not.
    pub fn for_rows(&mut self, rows: usize, received: usize) -> usize {
        if self.looked.is_none_or(|at| at.elapsed() >= LOOK_EVERY) {
            self.looked = Some(Instant::now());
            self.taken = resident();
            let taken = self.taken.unwrap_or(0);
            self.beside = taken.saturating_sub(rows).saturating_sub(received);
        }
        remaining(self.limit, self.beside.saturating_add(received))
    }
}

/// What is left of a limit for rows.
fn remaining(limit: usize, beside: usize) -> usize {
    limit.saturating_sub(beside).max(limit / LEAST_SHARE)
}

/// Bytes of the program that are in memory (proc(5), `VmRSS`).
#[cfg(target_os = "linux")]
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"))?;
    let kib: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

/// Elsewhere rows and what was received count alone.
#[cfg(not(target_os = "linux"))]
fn resident() -> Option<usize> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_get_what_the_rest_of_the_program_leaves() {
        assert_eq!(remaining(1000, 0), 1000);
        assert_eq!(remaining(1000, 300), 700);
        assert_eq!(remaining(1000, 5000), 125);
    }

    #[test]
    fn what_was_received_counts_at_once() {
        let mut allowance = Allowance::new(1 << 40);
        let all = allowance.for_rows(0, 0);
        assert_eq!(allowance.for_rows(0, 1 << 20), all - (1 << 20));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn memory_that_is_in_use_is_taken_off() {
        let held = vec![1_u8; 64 << 20];
        let mut allowance = Allowance::new(1 << 40);
        let left = allowance.for_rows(0, 0);
        assert!(left < (1 << 40) - held.len(), "{left} are left");
        assert_eq!(held.iter().filter(|byte| **byte == 1).count(), held.len());
    }
}
