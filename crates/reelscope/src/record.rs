//! `reelscope record`: writes what loggers send to a recording file, as they sent it, until it is
//! told to stop or they have gone.

mod progress;
mod sink;

use std::io::Write;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::Args;
use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
use reelscope_ingest::{ListenOptions, server_options};
use reelscope_wire::{Server, ServerOptions, WireError};

use crate::memory::{bytes_text, default_memory_limit};
use progress::Progress;
use sink::Sink;

/// How often what is written is passed on to the file, and the progress looked at.
const TICK: Duration = Duration::from_millis(200);
/// How long what has arrived may take to be written once nothing more is to come.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long after its last logger another one may come before `--until-disconnect` ends: programs
/// open a connection for each of their recordings, one after the other.
const GRACE: Duration = Duration::from_millis(500);

/// What to record, and where to.
#[derive(Args, Debug)]
pub(crate) struct RecordArgs {
    /// The recording file (.rrd) to write. One that is there is replaced; another file is not.
    #[arg(short, long, value_name = "OUT.rrd")]
    output: PathBuf,

    /// The port to listen at; 0 for any that is free.
    #[arg(long, default_value_t = ListenOptions::DEFAULT_PORT, value_name = "N")]
    port: u16,

    /// The address to listen at [default: this computer alone]. There is no authentication.
    #[arg(long, value_name = "ADDR")]
    bind: Option<IpAddr>,

    /// Finish once all loggers that were connected have gone.
    #[arg(long)]
    until_disconnect: bool,
}

/// Runs the command.
pub(crate) fn run(args: &RecordArgs) -> anyhow::Result<()> {
    let path = || args.output.display().to_string();
    sink::check(&args.output)?;
    let stopped = stop_signals()?;
    let sink = Arc::new(Sink::default());
    let listen = ListenOptions {
        port: args.port,
        bind: args.bind,
    };
    let options = ServerOptions {
        keep_packed: true,
        ..server_options(&listen, default_memory_limit())
    };
    // What comes before the file is open waits for it; a taken port leaves an older file as it is.
    let mut opening = sink.opening();
    let handler = sink.clone();
    let server = match Server::start(&options, Arc::new(move |event| handler.take(event))) {
        Ok(server) => server,
        Err(WireError::PortTaken { addr }) => bail!(
            "port {} is taken by another program; choose another one with --port, or 0 for any \
             that is free",
            addr.port()
        ),
        Err(error) => return Err(error.into()),
    };
    opening.open(&args.output).with_context(path)?;
    drop(opening);
    if let Some(addr) = server.local_addrs().first() {
        say(&format!("listening on {addr}"));
    }
    if args.bind.is_some_and(|bind| !bind.is_loopback()) {
        say(&format!("reelscope: {OPEN_TO_ALL}"));
    }
    wait(args, &stopped, &sink, &server);
    // A file that cannot be written any more needs no waiting.
    let patience = if sink.has_failed() {
        Duration::ZERO
    } else {
        PATIENCE
    };
    server.close(patience);
    let written = sink.finish().with_context(path)?;
    let recordings = match written.recordings {
        1 => "1 recording".to_owned(),
        many => format!("{many} recordings"),
    };
    say(&format!(
        "reelscope: {}: {} rows in {recordings}, {}",
        path(),
        written.rows,
        bytes_text(written.bytes),
    ));
    if written.rejected > 0 {
        let rejected = written.rejected;
        say(&format!(
            "reelscope: {rejected} messages were not readable and are not in the file"
        ));
    }
    Ok(())
}

/// Prints a line for people. A terminal that has gone is no reason to stop recording.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Said where other computers can connect.
pub(crate) const OPEN_TO_ALL: &str =
    "warning: other computers can connect and log here; there is no authentication";

/// Brings word when the program is to stop. Asked a second time, it stops at once.
fn stop_signals() -> anyhow::Result<Receiver<()>> {
    /// As shells count: 128 and the number of the signal.
    const INTERRUPTED: i32 = 130;
    let (stop, stopped) = bounded(1);
    let mut asked = false;
    ctrlc::set_handler(move || {
        if std::mem::replace(&mut asked, true) {
            std::process::exit(INTERRUPTED);
        }
        let _stopping = stop.try_send(());
    })
    .context("Ctrl-C cannot be caught")?;
    Ok(stopped)
}

/// Returns when the file is to be finished.
fn wait(args: &RecordArgs, stopped: &Receiver<()>, sink: &Sink, server: &Server) {
    let mut progress = Progress::start();
    let mut alone_since = None;
    while stopped.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        sink.flush();
        let state = sink.state();
        progress.show(&state, server.connections().len());
        let alone = state.came > 0 && state.came == state.gone;
        alone_since = alone.then(|| alone_since.unwrap_or_else(Instant::now));
        let is_over = args.until_disconnect
            && alone_since.is_some_and(|since: Instant| since.elapsed() >= GRACE);
        if is_over || sink.has_failed() {
            break;
        }
    }
    progress.end();
}
