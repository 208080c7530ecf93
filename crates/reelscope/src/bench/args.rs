//! The arguments of `reelscope bench`, and which kind of measurement they ask for.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{ArgGroup, Args, Subcommand};

use super::ingest::IngestArgs;
use super::log::LogArgs;

/// Seconds that a file may be measured for in real time.
const LONGEST_SECONDS: f64 = 3_600.0;
/// Frames that a measurement may want: each is listed in the report.
const MOST_FRAMES: usize = 1_000_000;
/// Samples per second that a stream may have.
const FASTEST_FPS: f64 = 1_000.0;

/// What to measure.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct BenchArgs {
    #[command(subcommand)]
    pub(super) other: Option<OtherBench>,

    #[command(flatten)]
    pub(super) frames: Option<FrameBenchArgs>,
}

/// What is not measured on a file.
#[derive(Debug, Subcommand)]
pub(super) enum OtherBench {
    /// Measure how fast rows that are logged over the network are taken in.
    Ingest(IngestArgs),
    /// Measure how fast a program logs, with our SDK and with another one.
    Log(LogArgs),
}

/// What to measure, and on which file.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("mode").required(true))]
pub(super) struct FrameBenchArgs {
    /// The file.
    pub(super) file: PathBuf,

    /// Which video track, counted from 0.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(super) track: usize,

    /// Print one JSON object instead of text.
    #[arg(long)]
    pub(super) json: bool,

    /// Seek to these times in nanoseconds, one after the other.
    #[arg(
        long,
        group = "mode",
        value_name = "NS,NS,…",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    pub(super) seeks: Option<Vec<i64>>,

    /// Seek to so many frames chosen at random.
    #[arg(long, group = "mode", value_name = "N", value_parser = count)]
    pub(super) random_seeks: Option<usize>,

    /// Show the first frames in order, as fast as possible.
    #[arg(long, group = "mode", value_name = "N", value_parser = count)]
    pub(super) sequential: Option<usize>,

    /// Step back so many frames, from the middle of the file.
    #[arg(long, group = "mode", value_name = "N", value_parser = count)]
    pub(super) step_back: Option<usize>,

    /// Play backwards in real time from the end, for so long; then the same forward, to compare.
    #[arg(long, group = "mode", value_name = "SECONDS", value_parser = seconds)]
    pub(super) reverse: Option<Duration>,

    /// Replay a drag in real time: a file of lines "T_MS PTS_NS", or one of the two built in.
    #[arg(long, group = "mode", value_name = "TRACE|sweep|jitter")]
    pub(super) drag: Option<DragOf>,

    /// Append the samples in real time at this rate, as a live stream would.
    #[arg(long, group = "mode", value_name = "FPS", value_parser = rate)]
    pub(super) live: Option<f64>,

    /// What random choices start from.
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub(super) seed: u64,

    /// Forget all decoded frames before each seek.
    #[arg(long, conflicts_with_all = ["sequential", "step_back", "reverse", "drag", "live"])]
    pub(super) no_cache: bool,

    /// After opening the file, leave the player so much time to prepare, as a window would.
    #[arg(long, default_value = "2", value_name = "SECONDS", value_parser = seconds)]
    pub(super) settle: Duration,

    /// Megabytes of decoded frames to keep [default: a quarter of the memory, at most 4 GiB].
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u32).range(..=1_048_576))]
    pub(super) cache_mb: Option<u32>,
}

/// Where a drag comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DragOf {
    /// Over the whole clip and back.
    Sweep,
    /// To and fro around the middle.
    Jitter,
    /// Recorded in a file.
    File(PathBuf),
}

impl FromStr for DragOf {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "sweep" => Self::Sweep,
            "jitter" => Self::Jitter,
            path => Self::File(path.into()),
        })
    }
}

fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("there is nothing to measure in 0 frames".to_owned()),
        Ok(count) if count > MOST_FRAMES => Err(format!("at most {MOST_FRAMES} frames")),
        Ok(count) => Ok(count),
        Err(_) => Err("a whole number of frames is needed".to_owned()),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .filter(|seconds| (0.0..=LONGEST_SECONDS).contains(seconds))
        .map(Duration::from_secs_f64)
        .ok_or_else(|| format!("a number of seconds from 0 to {LONGEST_SECONDS} is needed"))
}

fn rate(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|rate: &f64| *rate >= 0.1 && *rate <= FASTEST_FPS)
        .ok_or_else(|| format!("a number of frames per second from 0.1 to {FASTEST_FPS} is needed"))
}
