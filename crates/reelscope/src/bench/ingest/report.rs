//! What `reelscope bench ingest` prints. Field names are part of the command's interface
//! (docs/bench.md).

use std::io::Write;

use reelscope_wire::PackedChunk;
use serde::Serialize;

use super::load::Load;
use super::server::Taken;
use crate::memory::bytes_text;

/// The JSON object.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    reelscope: &'static str,
    build: &'static str,
    cores: usize,
    seconds: u64,
    memory_limit: usize,
    loads: Vec<LoadReport>,
}

/// One load.
#[derive(Debug, Serialize)]
pub(super) struct LoadReport {
    load: &'static str,
    message_bytes: u64,
    ours: Measured,
    latency_p50_ms: Option<f64>,
    latency_p95_ms: Option<f64>,
    peer: Option<Measured>,
    /// Why the peer could not be measured.
    peer_error: Option<String>,
    /// Ours by the peer's.
    mb_per_s_ratio: Option<f64>,
    cpu_per_message_ratio: Option<f64>,
}

/// What one server did.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Measured {
    messages: u64,
    seconds: f64,
    mb_per_s: f64,
    messages_per_s: f64,
    cpu_s: Option<f64>,
    cpu_ms_per_message: Option<f64>,
    peak_rss: Option<u64>,
}

impl Measured {
    pub(super) fn new(messages: u64, bytes: u64, seconds: f64, used: Option<(f64, u64)>) -> Self {
        let count = messages as f64;
        let seconds = seconds.max(1e-3);
        Self {
            messages,
            seconds,
            mb_per_s: bytes as f64 / 1e6 / seconds,
            messages_per_s: count / seconds,
            cpu_s: used.map(|(cpu, _)| cpu),
            cpu_ms_per_message: used.map(|(cpu, _)| cpu * 1e3 / count),
            peak_rss: used.map(|(_, peak)| peak),
        }
    }
}

impl LoadReport {
    pub(super) fn new(
        load: Load,
        chunks: &[PackedChunk],
        ours: Measured,
        peer: Option<Result<Measured, String>>,
        latency: Taken,
    ) -> Self {
        let (peer, peer_error) = match peer {
            Some(Ok(peer)) => (Some(peer), None),
            Some(Err(error)) => (None, Some(error)),
            None => (None, None),
        };
        let bytes: u64 = chunks.iter().map(|chunk| chunk.size() as u64).sum();
        let cpu = |of: &Measured| of.cpu_ms_per_message.filter(|cpu| *cpu > 0.0);
        let ratio = |peer: &Measured| Some(cpu(&ours)? / cpu(peer)?);
        Self {
            load: load.name(),
            message_bytes: bytes / (chunks.len() as u64).max(1),
            mb_per_s_ratio: peer.as_ref().map(|peer| ours.mb_per_s / peer.mb_per_s),
            cpu_per_message_ratio: peer.as_ref().and_then(ratio),
            latency_p50_ms: latency.latency_p50_ms,
            latency_p95_ms: latency.latency_p95_ms,
            ours,
            peer,
            peer_error,
        }
    }
}

impl Report {
    pub(super) fn new(seconds: u64, memory_limit: usize, loads: Vec<LoadReport>) -> Self {
        Self {
            reelscope: env!("CARGO_PKG_VERSION"),
            build: if cfg!(debug_assertions) {
                "debug"
            } else {
                "release"
            },
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            seconds,
            memory_limit,
            loads,
        }
    }
}

/// Prints it.
pub(super) fn print(report: &Report, json: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        serde_json::to_writer(&mut out, report)?;
        writeln!(out)?;
        return Ok(());
    }
    for load in &report.loads {
        writeln!(out, "{} ({})", load.load, bytes_text(load.message_bytes))?;
        write_measured(&mut out, "reelscope", &load.ours)?;
        let ms = |value: Option<f64>| value.map_or_else(|| "?".to_owned(), |it| format!("{it:.1}"));
        writeln!(
            out,
            "  latency    median {} ms, 95 % within {} ms",
            ms(load.latency_p50_ms),
            ms(load.latency_p95_ms)
        )?;
        if let Some(peer) = &load.peer {
            write_measured(&mut out, "peer", peer)?;
            let ratio =
                |value: Option<f64>| value.map_or_else(|| "?".to_owned(), |it| format!("{it:.2}"));
            writeln!(
                out,
                "  ratio      {} of its MB/s, {} of its processor time per message",
                ratio(load.mb_per_s_ratio),
                ratio(load.cpu_per_message_ratio)
            )?;
        }
        if let Some(error) = &load.peer_error {
            writeln!(out, "  peer       {error}")?;
        }
    }
    Ok(())
}

fn write_measured(out: &mut impl Write, name: &str, it: &Measured) -> std::io::Result<()> {
    let cpu = it.cpu_ms_per_message;
    let cpu = cpu.map_or_else(|| "?".to_owned(), |cpu| format!("{cpu:.3}"));
    writeln!(
        out,
        "  {name:<10} {:.0} MB/s, {:.0} messages/s, {cpu} ms processor time each, {} at most",
        it.mb_per_s,
        it.messages_per_s,
        it.peak_rss.map_or_else(|| "?".to_owned(), bytes_text),
    )
}
