//! The line that says how far a recording is: in place on a terminal, now and then elsewhere.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use super::sink::State;
use crate::memory::bytes_text;

/// Between two lines on a terminal, where each replaces the one before.
const OFTEN: Duration = Duration::from_millis(500);
/// Between two lines elsewhere.
const SELDOM: Duration = Duration::from_secs(5);

/// Shows how far a recording is.
pub(super) struct Progress {
    is_terminal: bool,
    shown: Instant,
    received: u64,
    line: String,
}

impl Progress {
    pub(super) fn start() -> Self {
        Self {
            is_terminal: std::io::stderr().is_terminal(),
            shown: Instant::now(),
            received: 0,
            line: String::new(),
        }
    }

    /// Says how far it is, if it is time to say something new.
    pub(super) fn show(&mut self, state: &State, connected: usize) {
        let pause = if self.is_terminal { OFTEN } else { SELDOM };
        let elapsed = self.shown.elapsed();
        if elapsed < pause {
            return;
        }
        let rate = state.received.saturating_sub(self.received) as f64 / elapsed.as_secs_f64();
        self.received = state.received;
        self.shown = Instant::now();
        let line = format!(
            "{} rows, {}, {:.1} MB/s, {connected} connected",
            state.rows,
            bytes_text(state.bytes),
            rate / 1e6
        );
        if line == self.line {
            return;
        }
        // Whoever reads it may have gone: no reason to stop recording.
        let mut out = std::io::stderr().lock();
        let _ = if self.is_terminal {
            let width = self.line.len();
            write!(out, "\r{line:<width$}").and_then(|()| out.flush())
        } else {
            writeln!(out, "{line}")
        };
        self.line = line;
    }

    /// Leaves the line as it is.
    pub(super) fn end(&self) {
        if self.is_terminal && !self.line.is_empty() {
            super::say("");
        }
    }
}
