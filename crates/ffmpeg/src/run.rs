//! Running FFmpeg once, with all of its input and output in memory, and never for long.

use std::io::{Read, Write};
use std::process::Stdio;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::install::{self, FfmpegInstall};

/// How long one run may take: a driver may need seconds to wake a GPU.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often to look whether it has exited after its last output.
const GLANCE: Duration = Duration::from_millis(2);
/// Bytes of output that are read: the pictures of a sample take a tenth of it.
const LONGEST_OUTPUT: u64 = 4 << 20;
const LONGEST_MESSAGES: u64 = 64 << 10;
/// Characters of its last words that are repeated.
const LONGEST_REASON: usize = 200;

/// Why a run of FFmpeg gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// It could not be run.
    #[error("FFmpeg cannot be run ({reason})")]
    NotExecutable {
        /// What the operating system said.
        reason: String,
    },
    /// It did not end in time.
    #[error("FFmpeg took longer than {seconds} seconds")]
    Hung {
        /// How long it was given.
        seconds: u64,
    },
    /// It gave up.
    #[error("{message}")]
    Failed {
        /// Its own first words where it had any.
        message: String,
    },
}

/// Gives FFmpeg `input` and returns what it wrote to its standard output. Blocks for up to ten seconds.
///
/// # Errors
/// If it cannot be started, takes too long, or exits with an error.
pub fn run(
    install: &FfmpegInstall,
    arguments: &[&str],
    input: impl AsRef<[u8]> + Send + 'static,
) -> Result<Vec<u8>, RunError> {
    let unusable = |error: std::io::Error| RunError::NotExecutable {
        reason: error.to_string(),
    };
    let mut child = install::quiet_command(&install.path)
        .args(arguments)
        .env("AV_LOG_FORCE_NOCOLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(unusable)?;
    let deadline = Instant::now() + PATIENCE;
    let stdin = child.stdin.take();
    // The threads end with the process; none is waited for beyond the deadline.
    let writer = std::thread::Builder::new()
        .name("ffmpeg sample".to_owned())
        .spawn(move || stdin.map(|mut stdin| stdin.write_all(input.as_ref())));
    let output = read(child.stdout.take(), LONGEST_OUTPUT);
    let messages = read(child.stderr.take(), LONGEST_MESSAGES);
    let result = match (writer, output, messages) {
        (Ok(_), Ok(output), Ok(messages)) => {
            let exit = || loop {
                match child.try_wait() {
                    Ok(None) if Instant::now() < deadline => std::thread::sleep(GLANCE),
                    Ok(status) => return status,
                    Err(_) => return None,
                }
            };
            collect(&output, &messages, deadline, exit)
        }
        (Err(error), _, _) | (_, Err(error), _) | (_, _, Err(error)) => Err(unusable(error)),
    };
    install::kill(&mut child);
    result
}

/// Reads a pipe to its end on a thread of its own.
fn read(
    pipe: Option<impl Read + Send + 'static>,
    limit: u64,
) -> std::io::Result<Receiver<Vec<u8>>> {
    let (sender, receiver) = channel();
    std::thread::Builder::new()
        .name("ffmpeg output".to_owned())
        .spawn(move || {
            let mut bytes = Vec::new();
            if let Some(pipe) = pipe {
                let _what_came_so_far_counts = pipe.take(limit).read_to_end(&mut bytes);
            }
            let _nobody_waits_any_more = sender.send(bytes);
        })?;
    Ok(receiver)
}

fn collect(
    output: &Receiver<Vec<u8>>,
    messages: &Receiver<Vec<u8>>,
    deadline: Instant,
    exit: impl FnOnce() -> Option<std::process::ExitStatus>,
) -> Result<Vec<u8>, RunError> {
    let hung = RunError::Hung {
        seconds: PATIENCE.as_secs(),
    };
    let left = || deadline.saturating_duration_since(Instant::now());
    let Ok(output) = output.recv_timeout(left()) else {
        return Err(hung);
    };
    let Ok(messages) = messages.recv_timeout(left()) else {
        return Err(hung);
    };
    let Some(status) = exit() else {
        return Err(hung);
    };
    if status.success() {
        return Ok(output);
    }
    Err(RunError::Failed {
        message: reason(&String::from_utf8_lossy(&messages), &status.to_string()),
    })
}

/// The first thing that FFmpeg complained of: what follows from it comes after it.
fn reason(messages: &str, status: &str) -> String {
    let Some(line) = messages.lines().find(|line| !line.trim().is_empty()) else {
        return format!("FFmpeg failed ({status})");
    };
    // Messages open with the part of FFmpeg that they are from: "[AVHWDeviceContext @ 0x5616] ".
    let words = match line.split_once("] ") {
        Some((part, words)) if part.starts_with('[') => words,
        _ => line,
    };
    let words = words.trim().trim_end_matches([' ', '.']);
    words.chars().take(LONGEST_REASON).collect()
}
