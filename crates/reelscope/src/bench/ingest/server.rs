//! The servers that are measured, each in a process of its own: ours, with the threads and the store
//! that the window has, and another program.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use crossbeam_channel::{Receiver, bounded};
use reelscope_ingest::{Allowance, Event, Ingest, ListenOptions, Source, now, recording};
use reelscope_store::{Rows, Store};
use serde::{Deserialize, Serialize};

use crate::bench::measured::percentile;
use crate::bench::usage;

/// How long a server may take to listen.
const STARTS: Duration = Duration::from_secs(30);
/// A wake-up that gets lost costs no more than this.
const POLL: Duration = Duration::from_millis(50);

/// What our server says of what it got.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::bench) struct Taken {
    pub(in crate::bench) rows: u64,
    /// From the sending of a row to the moment at which it can be looked up, in milliseconds.
    pub(super) latency_p50_ms: Option<f64>,
    pub(super) latency_p95_ms: Option<f64>,
}

/// A server that runs.
pub(in crate::bench) struct Server {
    child: Child,
    pub(in crate::bench) addr: String,
    /// What it prints, if it is ours.
    output: Option<BufReader<std::process::ChildStdout>>,
}

impl Server {
    /// This program as the server.
    pub(in crate::bench) fn ours(limit: usize) -> anyhow::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["bench", "ingest", "--serve", "--memory-limit"])
            .arg(format!("{limit}B"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the server could not be started")?;
        let mut output = child.stdout.take().map(BufReader::new);
        let mut addr = String::new();
        if let Some(output) = &mut output {
            output.read_line(&mut addr)?;
        }
        let server = Self {
            child,
            addr: addr.trim_end().to_owned(),
            output,
        };
        if server.addr.is_empty() {
            bail!("the server does not listen");
        }
        Ok(server)
    }

    /// Another program as the server.
    pub(super) fn peer(program: &Path, args: &str, limit: usize) -> anyhow::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let limit = format!("{}MB", (limit / 1_000_000).max(1));
        let child = Command::new(program)
            .args(args.split_whitespace())
            .args(["--port", &port.to_string()])
            .args(["--memory-limit", &limit])
            .args(["--server-memory-limit", &limit])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{} could not be started", program.display()))?;
        let server = Self {
            child,
            addr: format!("127.0.0.1:{port}"),
            output: None,
        };
        let start = Instant::now();
        while std::net::TcpStream::connect(&server.addr).is_err() {
            if start.elapsed() > STARTS {
                bail!("{} does not listen", program.display());
            }
            std::thread::sleep(POLL);
        }
        Ok(server)
    }

    /// Ends it; what it says of what it got, if it is ours.
    pub(in crate::bench) fn finish(mut self) -> anyhow::Result<Option<Taken>> {
        drop(self.child.stdin.take());
        let Some(mut output) = self.output.take() else {
            return Ok(None);
        };
        let mut line = String::new();
        output.read_line(&mut line)?;
        let taken = serde_json::from_str(&line).context("the server said nothing at its end")?;
        Ok(Some(taken))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // A program that is a script may have started another one.
        if self.output.is_none() {
            usage::end_children();
        }
        let start = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if start.elapsed() > Duration::from_secs(3) {
                let _gone = self.child.kill();
                let _status = self.child.wait();
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Runs our server: takes what comes as the window does, until stdin ends.
pub(super) fn serve(limit: usize) -> anyhow::Result<()> {
    let (ring, bell) = bounded(1);
    let wake = Arc::new(move || {
        let _rings = ring.try_send(());
    });
    let mut ingest = Ingest::start(wake)?;
    let any = ListenOptions {
        port: 0,
        bind: None,
    };
    ingest.listen(&any, limit)?;
    let addr = ingest.listener().and_then(|it| it.addrs().first().copied());
    println!("{}", addr.context("there is no address")?);
    let over = stdin_end()?;
    let mut taking = Taking {
        store: Store::new(),
        allowance: Allowance::new(limit),
        rows: 0,
        latencies: Vec::new(),
    };
    let mut is_over = false;
    loop {
        let rung = bell.recv_timeout(POLL).is_ok();
        while let Some(event) = ingest.try_event() {
            taking.take(event, ingest.waiting_bytes());
        }
        // What was received is taken first.
        is_over |= over.try_recv().is_ok();
        if is_over && !rung && ingest.waiting_bytes() == 0 {
            break;
        }
    }
    let latencies = || taking.latencies.iter().copied();
    let taken = Taken {
        rows: taking.rows,
        latency_p50_ms: percentile(latencies(), 0.5),
        latency_p95_ms: percentile(latencies(), 0.95),
    };
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, &taken)?;
    writeln!(out)?;
    Ok(())
}

/// Brings word when stdin ends.
fn stdin_end() -> anyhow::Result<Receiver<()>> {
    let (end, ended) = bounded(1);
    std::thread::Builder::new()
        .name("stdin".to_owned())
        .spawn(move || {
            let _read = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
            let _told = end.send(());
        })?;
    Ok(ended)
}

struct Taking {
    store: Store,
    allowance: Allowance,
    rows: u64,
    latencies: Vec<f64>,
}

impl Taking {
    fn take(&mut self, event: Event, waiting: usize) {
        /// Latencies that are noted: more say nothing new.
        const MOST: usize = 1_000_000;
        let live = Source {
            origin: String::new(),
            kind: "live",
            program: String::new(),
            sdk: None,
        };
        match event {
            Event::Rows { run, chunk, permit } => {
                let (rows, sent) = match &chunk.rows {
                    Rows::Logged(rows) => (rows.ids.len(), rows.sent_at),
                    Rows::Track(..) => (0, None),
                };
                let id = recording(&mut self.store, &run, &live);
                self.store.add_chunk(id, chunk, now());
                drop(permit);
                let limit = self.allowance.for_rows(self.store.bytes(), waiting);
                self.store.keep_within(limit, &[]);
                self.rows += rows as u64;
                if let (Some(sent), true) = (sent, self.latencies.len() < MOST) {
                    self.latencies.push(now().saturating_sub(sent) as f64 / 1e6);
                }
            }
            Event::Run(run, source) => {
                recording(&mut self.store, &run, &source);
            }
            Event::Opened(_)
            | Event::Failed { .. }
            | Event::Warning { .. }
            | Event::ReadRecording { .. }
            | Event::Session { .. }
            | Event::HandedOver(_) => {}
        }
    }
}
