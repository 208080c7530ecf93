//! A program that logs: samples at a steady pace to an address, and at its end a line about its memory. The
//! two-process tests start it.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use reelscope_sdk::{RecordingStream, VideoCodec, VideoStream};

/// Bytes that may wait for a viewer, and that are kept for one that comes in its place.
const MEMORY: (usize, usize) = (32 << 20, 8 << 20);
/// Samples between two looks at the clock.
const TOGETHER: i64 = 100;

/// `logger ADDR SAMPLES PER_SECOND BYTES`
fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [addr, samples, per_second, bytes] = &args[..] else {
        anyhow::bail!("usage: logger ADDR SAMPLES PER_SECOND BYTES");
    };
    let (samples, per_second): (i64, f64) = (samples.parse()?, per_second.parse()?);
    let sample = vec![0x55; bytes.parse()?];
    let recording = RecordingStream::new("logger")
        .memory(MEMORY.0, MEMORY.1)
        .connect(addr)?;
    recording.log_static("camera", &VideoStream::codec(VideoCodec::H264))?;
    let start = Instant::now();
    let mut early = 0;
    for number in 0..samples {
        if number % TOGETHER == 0 {
            let due = Duration::from_secs_f64(number as f64 / per_second);
            std::thread::sleep(due.saturating_sub(start.elapsed()));
        }
        if number == samples / 4 {
            early = memory().unwrap_or(0);
        }
        recording.set_time_sequence("frame", number);
        recording.log("camera", &VideoStream::sample(sample.clone()))?;
    }
    let late = memory().unwrap_or(0);
    let dropped = recording.dropped();
    recording.finish().context("at the end")?;
    println!(
        "{early} {late} {dropped} {:.3}",
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Bytes that this process has in memory, where the system tells (Linux).
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}
