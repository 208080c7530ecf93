//! What an FFmpeg process says before it ends, and why it ended.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, ExitStatus};
use std::time::{Duration, Instant};

/// How long it may take to exit after its last output.
const EXIT_PATIENCE: Duration = Duration::from_secs(2);
/// How often to look whether it has exited.
const GLANCE: Duration = Duration::from_millis(2);
/// Messages kept, and bytes kept of each.
const KEPT_LINES: usize = 8;
const KEPT_LINE: usize = 400;

/// How a process exited that has closed its output; `None` if it does not exit within two seconds.
pub fn exit_status(child: &mut Child) -> Option<ExitStatus> {
    let started = Instant::now();
    while started.elapsed() < EXIT_PATIENCE {
        match child.try_wait() {
            Ok(None) => std::thread::sleep(GLANCE),
            Ok(status) => return status,
            Err(_) => return None,
        }
    }
    None
}

/// Why FFmpeg ended, in the best words to be had.
pub fn reason(status: Option<ExitStatus>, lines: &VecDeque<String>) -> String {
    let status = match status {
        Some(status) => status.to_string(),
        None => "it closed its output".to_owned(),
    };
    // What ended it comes with the highest level; else the last message tells most.
    let line = lines
        .iter()
        .rev()
        .find(|line| line.contains("[fatal]") || line.contains("[panic]"));
    match line.or(lines.back()) {
        Some(line) => format!("{line} ({status})"),
        None => status,
    }
}

/// Reads FFmpeg's messages to their end and keeps the last ones.
pub fn last_lines(stderr: ChildStderr) -> VecDeque<String> {
    let mut input = BufReader::new(stderr);
    let mut lines = VecDeque::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        let limit = KEPT_LINE as u64;
        match (&mut input).take(limit).read_until(b'\n', &mut line) {
            Ok(1..) => {}
            Ok(0) | Err(_) => return lines,
        }
        let text = String::from_utf8_lossy(&line).trim().to_owned();
        if !text.is_empty() {
            if lines.len() >= KEPT_LINES {
                lines.pop_front();
            }
            lines.push_back(text);
        }
    }
}
