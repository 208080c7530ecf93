//! `reelscope bench`: how fast the player of the window shows what is wanted, without a window, and
//! how fast the bare decoder is on the same samples; how fast logged rows are taken in, and how
//! fast they are logged. What it prints is described in docs/bench.md.

mod args;
mod drag;
mod ingest;
mod limit;
mod live;
mod log;
mod measured;
mod modes;
mod play;
mod random;
mod report;
mod rig;
mod trace;
mod usage;

use std::time::Instant;

use anyhow::{Context, bail};
use reelscope_media::Track;
use reelscope_player::Intent;

pub(crate) use args::BenchArgs;
use args::{FrameBenchArgs, OtherBench};
use measured::Measured;
use report::{Machine, Report, Stream};
use rig::{Request, Rig, Wish};
use usage::Watch;

use crate::memory::default_cache_bytes;
use crate::videos::{load, pick};
use reelscope_read::Engines;

/// What is measured.
enum Mode {
    Seeks(Vec<i64>),
    RandomSeeks(usize),
    Sequential(usize),
    StepBack(usize),
    Reverse(std::time::Duration),
    Drag(Vec<trace::Point>),
    Live(f64),
}

/// Runs the command.
pub(crate) fn run(args: &BenchArgs, engines: Engines) -> anyhow::Result<()> {
    match (&args.other, &args.frames) {
        (Some(OtherBench::Ingest(args)), _) => ingest::run(args),
        (Some(OtherBench::Log(args)), _) => log::run(args),
        (None, Some(args)) => frames(args, engines),
        (None, None) => bail!("nothing to measure was named"),
    }
}

fn frames(args: &FrameBenchArgs, engines: Engines) -> anyhow::Result<()> {
    let path = || args.file.display().to_string();
    let loaded = load(&args.file)?;
    let track = pick(loaded, &args.file, args.track)?;
    if let Some(reason) = &track.unplayable {
        bail!("{}: {reason}", path());
    }
    if track.samples.shown().is_empty() {
        bail!("{}: the track has no frames", path());
    }
    let mode = Mode::of(args, &track)?;
    let report = measure(args, &mode, track, engines).with_context(path)?;
    report::print(&report, args.json)
}

fn measure(
    args: &FrameBenchArgs,
    mode: &Mode,
    track: Track,
    engines: Engines,
) -> anyhow::Result<Report> {
    let cache_bytes = args.cache_mb.map_or_else(default_cache_bytes, |megabytes| {
        usize::try_from(u64::from(megabytes) * 1_000_000).unwrap_or(usize::MAX)
    });
    let stream = Stream::from(&track);
    let mut rig = Rig::new(track, engines, cache_bytes);
    let locator = rig.headless.ffmpeg();
    // As the window does when it opens. Where FFmpeg is missing, the player will say so.
    let _known = locator.probe_blocking();
    let watch = Watch::start();
    let open_ms = if mode.opens_first() {
        Some(open(&mut rig, args)?)
    } else {
        None
    };
    let mut measured = mode.measure(&mut rig, args)?;
    let works = |request: &Request| request.ms.is_some() || request.failure.is_none();
    if let Some(first) = measured.requests.first()
        && let Some(failure) = first.failure.clone()
        && !measured.requests.iter().any(works)
    {
        return Err(failure.into());
    }
    let engine = rig.headless.player().engine();
    let (cpu, peak_rss) = watch.finish();
    // Gone, so that it does not disturb the decoder that is to be compared with.
    let Rig {
        track, headless, ..
    } = rig;
    drop(headless);
    let [p50_ms, p95_ms, max_ms] = report::times(&measured.requests);
    let limit = limit::measure(&track, &locator, &mut measured.requests, &measured.decoded);
    Ok(Report {
        reelscope: env!("CARGO_PKG_VERSION"),
        build: if cfg!(debug_assertions) {
            "debug"
        } else {
            "release"
        },
        machine: Machine {
            cores: std::thread::available_parallelism().map_or(1, usize::from),
        },
        file: args.file.display().to_string(),
        track: args.track,
        stream,
        engine,
        mode: mode.name(),
        cache_bytes,
        settle_s: open_ms.map(|_| args.settle.as_secs_f64()),
        open_ms,
        p50_ms,
        p95_ms,
        max_ms,
        fps: measured.fps,
        figures: measured.figures,
        cpu,
        peak_rss,
        limit,
        requests: measured.requests,
    })
}

/// Shows the first frame, and leaves the player its time to prepare. Returns the milliseconds that
/// the frame took.
fn open(rig: &mut Rig, args: &FrameBenchArgs) -> anyhow::Result<f64> {
    let first = rig.track.samples.shown().first().copied();
    let first = first.context("the track has no frames")?;
    rig.headless.player().set_intent(Intent::Look);
    let begun = Instant::now();
    let request = rig.request(Wish::At(rig.pts(first)));
    let open_ms = rig::millis(begun.elapsed());
    if let Some(failure) = request.failure {
        return Err(failure.into());
    }
    rig.work_until(Instant::now() + args.settle);
    Ok(open_ms)
}

impl Mode {
    fn of(args: &FrameBenchArgs, track: &Track) -> anyhow::Result<Self> {
        Ok(if let Some(times) = &args.seeks {
            Self::Seeks(times.clone())
        } else if let Some(count) = args.random_seeks {
            Self::RandomSeeks(count)
        } else if let Some(count) = args.sequential {
            Self::Sequential(count)
        } else if let Some(count) = args.step_back {
            Self::StepBack(count)
        } else if let Some(span) = args.reverse {
            Self::Reverse(span)
        } else if let Some(fps) = args.live {
            Self::Live(fps)
        } else {
            let of = args.drag.as_ref().context("nothing to measure was named")?;
            Self::Drag(trace::points(of, track, args.seed)?)
        })
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Seeks(_) => "seeks",
            Self::RandomSeeks(_) => "random-seeks",
            Self::Sequential(_) => "sequential",
            Self::StepBack(_) => "step-back",
            Self::Reverse(_) => "reverse",
            Self::Drag(_) => "drag",
            Self::Live(_) => "live",
        }
    }

    /// True if the first frame is shown before the measurement begins, as in a window.
    fn opens_first(&self) -> bool {
        !matches!(self, Self::Sequential(_) | Self::Live(_))
    }

    fn measure(&self, rig: &mut Rig, args: &FrameBenchArgs) -> anyhow::Result<Measured> {
        Ok(match self {
            Self::Seeks(times) => modes::seeks(rig, times, args.no_cache),
            Self::RandomSeeks(count) => {
                let times = modes::random_times(rig, *count, args.seed);
                modes::seeks(rig, &times, args.no_cache)
            }
            Self::Sequential(count) => modes::sequential(rig, *count),
            Self::StepBack(count) => modes::step_back(rig, *count)?,
            Self::Reverse(span) => play::reverse(rig, *span)?,
            Self::Drag(points) => drag::drag(rig, points),
            Self::Live(fps) => live::live(rig, *fps)?,
        })
    }
}
