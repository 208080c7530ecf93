//! The programs that log: this one with our SDK, and a Python one with another. Each is a process of its own.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, ensure};
use reelscope_sdk::{Image, RecordingStream, VideoCodec, VideoStream};
use serde::{Deserialize, Serialize};

use super::Load;
use crate::bench::random::Random;

/// The Python program, for any package with the stock SDK's API.
const PYTHON: &str = include_str!("throughput.py");
/// Size of the pictures.
const SIZE: (u32, u32) = (1920, 1080);

/// What a logger says at its end.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Took {
    /// Seconds of all calls.
    pub(super) call_s: f64,
    /// Seconds until the end of the connection, too.
    pub(super) all_s: f64,
}

/// Logs here, and prints how long it took.
pub(super) fn log(load: Load, addr: &str) -> anyhow::Result<()> {
    let recording = RecordingStream::new("bench").connect(addr)?;
    let mut random = Random::new(1);
    let words = std::iter::repeat_with(|| random.next().to_le_bytes());
    let bytes: Vec<u8> = words.flatten().take(load.bytes()).collect();
    if load == Load::Samples {
        recording.log_static("camera", &VideoStream::codec(VideoCodec::H264))?;
    }
    let start = Instant::now();
    for number in 0..load.calls() {
        recording.set_time_sequence("frame", i64::from(number));
        // Whoever logs has pixels of its own, which are copied.
        match load {
            Load::Pictures => {
                let picture = Image::from_rgb24(bytes.clone(), SIZE.0, SIZE.1)?;
                recording.log("camera", &picture)?;
            }
            Load::Samples => recording.log("camera", &VideoStream::sample(bytes.clone()))?,
        }
    }
    let call_s = start.elapsed().as_secs_f64();
    recording.finish()?;
    let all_s = start.elapsed().as_secs_f64();
    println!("{}", serde_json::to_string(&Took { call_s, all_s })?);
    Ok(())
}

/// Runs this program as the logger.
pub(super) fn ours(load: Load, addr: &str) -> anyhow::Result<Took> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["bench", "log", "--to", addr, "--load", load.name()]);
    run(&mut command)
}

/// Runs a Python program that logs with `module`.
pub(super) fn python(python: &Path, module: &str, load: Load, addr: &str) -> anyhow::Result<Took> {
    let mut command = Command::new(python);
    command.args(["-c", PYTHON, module, load.name(), addr]);
    command.args([load.calls().to_string(), load.bytes().to_string()]);
    run(&mut command)
}

fn run(command: &mut Command) -> anyhow::Result<Took> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("the logger could not be started")?;
    ensure!(
        output.status.success(),
        "the logger failed: {}",
        output.status
    );
    serde_json::from_slice(&output.stdout).context("the logger did not say how long it took")
}
