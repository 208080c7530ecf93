//! What `reelscope bench` prints: a JSON object whose field names are part of the command's
//! interface (docs/bench.md), or a few lines of text.

use std::io::Write;

use reelscope_media::Track;
use serde::Serialize;

use super::limit::Limit;
use super::measured::{Figures, percentile};
use super::rig::Request;
use super::usage::{Cpu, PeakMemory};

/// The JSON object.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) reelscope: &'static str,
    pub(super) build: &'static str,
    pub(super) machine: Machine,
    pub(super) file: String,
    pub(super) track: usize,
    #[serde(flatten)]
    pub(super) stream: Stream,
    pub(super) engine: Option<String>,
    pub(super) mode: &'static str,
    pub(super) cache_bytes: usize,
    pub(super) open_ms: Option<f64>,
    pub(super) settle_s: Option<f64>,
    pub(super) p50_ms: Option<f64>,
    pub(super) p95_ms: Option<f64>,
    pub(super) max_ms: Option<f64>,
    pub(super) fps: Option<f64>,
    #[serde(flatten)]
    pub(super) figures: Figures,
    pub(super) cpu: Option<Cpu>,
    pub(super) peak_rss: Option<PeakMemory>,
    pub(super) limit: Limit,
    pub(super) requests: Vec<Request>,
}

/// The machine.
#[derive(Debug, Serialize)]
pub(super) struct Machine {
    pub(super) cores: usize,
}

/// The track.
#[derive(Debug, Serialize)]
pub(super) struct Stream {
    codec: &'static str,
    width: u32,
    height: u32,
    stream_fps: Option<f64>,
    frames: usize,
}

impl From<&Track> for Stream {
    fn from(track: &Track) -> Self {
        let samples = &track.samples;
        let shown = samples.shown();
        let nanos = |id| samples.get(id).map(|sample| track.nanos(sample.pts));
        let first = shown.first().copied().and_then(nanos);
        let last = shown.last().copied().and_then(nanos);
        let span = first.zip(last).map(|(first, last)| last.abs_diff(first));
        let rate = |span: u64| shown.len().saturating_sub(1) as f64 * 1e9 / span as f64;
        Self {
            codec: track.codec.name(),
            width: track.facts.width,
            height: track.facts.height,
            stream_fps: span.filter(|span| *span > 0).map(rate),
            frames: shown.len(),
        }
    }
}

/// Median, 95th percentile and maximum of the requests' times.
pub(super) fn times(requests: &[Request]) -> [Option<f64>; 3] {
    let times = || requests.iter().filter_map(|request| request.ms);
    [0.5, 0.95, 1.0].map(|share| percentile(times(), share))
}

/// Prints the report.
pub(super) fn print(report: &Report, json: bool) -> anyhow::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if json {
        serde_json::to_writer(&mut out, report)?;
        writeln!(out)?;
    } else {
        write_text(&mut out, report)?;
    }
    out.flush()?;
    Ok(())
}

fn write_text(out: &mut impl Write, report: &Report) -> std::io::Result<()> {
    let stream = &report.stream;
    let value = |value: Option<f64>, unit: &str| {
        value.map_or_else(|| "unknown".to_owned(), |value| format!("{value:.2}{unit}"))
    };
    let ms = |time| value(time, " ms");
    let engine = report.engine.as_deref().unwrap_or("nothing");
    writeln!(
        out,
        "{}: {} {}×{}, {} frames, decoded by {engine} on {} cores ({} build)",
        report.file,
        stream.codec,
        stream.width,
        stream.height,
        stream.frames,
        report.machine.cores,
        report.build,
    )?;
    let exact = report
        .requests
        .iter()
        .filter(|request| request.ms.is_some());
    writeln!(
        out,
        "{}: {} of {} shown exactly; median {}, 95 % within {}, at most {}; {} frames per second",
        report.mode,
        exact.count(),
        report.requests.len(),
        ms(report.p50_ms),
        ms(report.p95_ms),
        ms(report.max_ms),
        value(report.fps, ""),
    )?;
    if let Some(reason) = report.requests.iter().find_map(|it| it.state.as_deref()) {
        writeln!(out, "not exact, first: {reason}")?;
    }
    write_figures(out, &report.figures)?;
    let limit = &report.limit;
    match (&limit.decoder, &limit.error) {
        (Some(decoder), None) => writeln!(
            out,
            "limit: {decoder} alone: median {} ({} to start), {} frames per second; ratio {}",
            ms(limit.ms_p50),
            ms(limit.startup_ms),
            value(limit.fps, ""),
            value(limit.ratio_p50, ""),
        )?,
        (_, error) => writeln!(
            out,
            "limit: not measured: {}",
            error.as_deref().unwrap_or("unknown")
        )?,
    }
    if let Some(Cpu { own_s, children_s }) = report.cpu {
        writeln!(
            out,
            "processor: {own_s:.2} s here, {children_s:.2} s in children"
        )?;
    }
    if let Some(peak) = report.peak_rss {
        let mib = |bytes: u64| bytes >> 20;
        writeln!(
            out,
            "memory: at most {} MiB here, {} MiB with children",
            mib(peak.own_bytes),
            mib(peak.with_children_bytes)
        )?;
    }
    Ok(())
}

fn write_figures(out: &mut impl Write, figures: &Figures) -> std::io::Result<()> {
    let number = |value: Option<f64>| value.map_or_else(|| "?".to_owned(), |it| format!("{it:.3}"));
    match figures {
        Figures::None {} => Ok(()),
        Figures::Drag {
            ticks,
            fresh_share,
            exact_after_rest_ms,
            mean_error_ms,
        } => writeln!(
            out,
            "of {ticks} moves {} fresh, {} ms off on average; exact {} ms after the rest",
            number(*fresh_share),
            number(*mean_error_ms),
            number(*exact_after_rest_ms)
        ),
        Figures::Reverse {
            frames_due,
            dropped,
            forward_dropped,
            every: _,
        } => writeln!(
            out,
            "of {frames_due} frames {dropped} dropped backwards, {forward_dropped} forward"
        ),
        Figures::Live {
            samples,
            late_share,
        } => writeln!(out, "of {samples} samples {} late", number(*late_share)),
    }
}
