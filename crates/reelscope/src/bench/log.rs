//! `reelscope bench log`: how fast a program logs with our SDK, and with another one, to the same server.

mod logger;

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, ensure};
use clap::Args;
use serde::Serialize;

use super::ingest::Server;
use crate::memory::MemoryLimit;
use logger::Took;

/// What to measure, and against what.
#[derive(Args, Debug)]
pub(in crate::bench) struct LogArgs {
    /// Print one JSON object instead of text.
    #[arg(long)]
    json: bool,

    /// The Python program with another package to compare with.
    #[arg(long, value_name = "PYTHON")]
    peer: Option<PathBuf>,

    /// That package.
    #[arg(
        long,
        value_name = "MODULE",
        default_value = "rerun",
        requires = "peer"
    )]
    module: String,

    /// The Python program with our package, to measure that as well.
    #[arg(long, value_name = "PYTHON")]
    python: Option<PathBuf>,

    /// Memory that the server may keep of what it gets.
    #[arg(long, default_value = "1GiB", value_name = "SIZE")]
    memory_limit: MemoryLimit,

    /// Log only this.
    #[arg(long, value_enum)]
    load: Option<Load>,

    /// Be the program that logs, to this address.
    #[arg(long, hide = true, requires = "load")]
    to: Option<String>,
}

/// What is logged, a row with each call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Load {
    /// Samples of 2 KiB of a video stream.
    Samples,
    /// 1080p RGB pictures of noise.
    Pictures,
}

impl Load {
    const ALL: [Self; 2] = [Self::Samples, Self::Pictures];

    fn name(self) -> &'static str {
        match self {
            Self::Samples => "samples",
            Self::Pictures => "pictures",
        }
    }

    fn calls(self) -> u32 {
        match self {
            Self::Samples => 50_000,
            Self::Pictures => 100,
        }
    }

    /// Bytes of a row's value.
    fn bytes(self) -> usize {
        match self {
            Self::Samples => 2 << 10,
            Self::Pictures => 1920 * 1080 * 3,
        }
    }
}

/// The JSON object (docs/bench.md).
#[derive(Debug, Serialize)]
struct Report {
    reelscope: &'static str,
    build: &'static str,
    cores: usize,
    module: Option<String>,
    loads: Vec<LoadReport>,
}

#[derive(Debug, Serialize)]
struct LoadReport {
    load: &'static str,
    calls: u32,
    row_bytes: usize,
    ours: Measured,
    ours_python: Option<Measured>,
    peer: Option<Measured>,
    /// Ours by the peer's.
    calls_ratio: Option<f64>,
    mb_per_s_ratio: Option<f64>,
    /// Ours in Python by the peer's.
    python_calls_ratio: Option<f64>,
    python_mb_per_s_ratio: Option<f64>,
}

/// What one logger did.
#[derive(Clone, Copy, Debug, Serialize)]
struct Measured {
    calls_per_s: f64,
    mb_per_s: f64,
}

impl Measured {
    fn new(load: Load, took: Took) -> Self {
        let calls = f64::from(load.calls());
        Self {
            calls_per_s: calls / took.call_s.max(1e-6),
            mb_per_s: calls * load.bytes() as f64 / 1e6 / took.all_s.max(1e-6),
        }
    }
}

/// Runs the command.
pub(super) fn run(args: &LogArgs) -> anyhow::Result<()> {
    if let (Some(addr), Some(load)) = (&args.to, args.load) {
        return logger::log(load, addr);
    }
    let loads = Load::ALL
        .into_iter()
        .filter(|load| args.load.is_none_or(|only| only == *load));
    let loads: anyhow::Result<Vec<_>> = loads.map(|load| measure(args, load)).collect();
    let report = Report {
        reelscope: env!("CARGO_PKG_VERSION"),
        build: if cfg!(debug_assertions) {
            "debug"
        } else {
            "release"
        },
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        module: args.peer.as_ref().map(|_| args.module.clone()),
        loads: loads?,
    };
    print(&report, args.json)
}

fn measure(args: &LogArgs, load: Load) -> anyhow::Result<LoadReport> {
    let with = |log: &dyn Fn(&str) -> anyhow::Result<Took>| {
        let server = Server::ours(args.memory_limit.bytes())?;
        let took = log(&server.addr)?;
        let rows = server.finish()?.map_or(0, |taken| taken.rows);
        let logged = u64::from(load.calls());
        ensure!(rows >= logged, "{rows} of {logged} rows came");
        Ok(Measured::new(load, took))
    };
    let ours = with(&|addr| logger::ours(load, addr)).context("our SDK")?;
    let in_python = |python: &Option<PathBuf>, module: &str| {
        let measured = python.as_ref().map(|python| {
            with(&|addr| logger::python(python, module, load, addr))
                .with_context(|| module.to_owned())
        });
        measured.transpose()
    };
    let ours_python = in_python(&args.python, "reelscope")?;
    let peer = in_python(&args.peer, &args.module)?;
    let calls = |it: Measured| peer.map(|peer| it.calls_per_s / peer.calls_per_s);
    let mb = |it: Measured| peer.map(|peer| it.mb_per_s / peer.mb_per_s);
    Ok(LoadReport {
        load: load.name(),
        calls: load.calls(),
        row_bytes: load.bytes(),
        calls_ratio: calls(ours),
        mb_per_s_ratio: mb(ours),
        python_calls_ratio: ours_python.and_then(calls),
        python_mb_per_s_ratio: ours_python.and_then(mb),
        ours,
        ours_python,
        peer,
    })
}

fn print(report: &Report, json: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        serde_json::to_writer(&mut out, report)?;
        writeln!(out)?;
        return Ok(());
    }
    for load in &report.loads {
        writeln!(
            out,
            "{} × {} ({} bytes each)",
            load.calls, load.load, load.row_bytes
        )?;
        let module = report.module.as_deref().unwrap_or_default();
        let rows = [
            ("Rust, reelscope".to_owned(), Some(load.ours)),
            ("Python, reelscope".to_owned(), load.ours_python),
            (format!("Python, {module}"), load.peer),
        ];
        for (name, it) in rows.iter().filter_map(|(name, it)| Some((name, (*it)?))) {
            writeln!(
                out,
                "  {name:<17} {:.0} calls/s, {:.0} MB/s until all was received",
                it.calls_per_s, it.mb_per_s
            )?;
        }
    }
    Ok(())
}
