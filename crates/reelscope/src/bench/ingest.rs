//! `reelscope bench ingest`: how fast logged rows are taken in over the network, by the very threads
//! and the store that the window has, and by another program fed by the same sender.

mod load;
mod report;
mod sender;
mod server;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::Args;

use crate::memory::MemoryLimit;
use load::Load;
use report::{LoadReport, Report};
pub(super) use server::Server;

/// How long one load may take beyond its seconds.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long the latency of each load is measured.
const PACED: Duration = Duration::from_secs(2);

/// What to measure, and against what.
#[derive(Args, Debug)]
pub(in crate::bench) struct IngestArgs {
    /// Print one JSON object instead of text.
    #[arg(long)]
    json: bool,

    /// Another server of the logging protocol to compare with: the `rerun` program of its Python
    /// package.
    #[arg(long, value_name = "PROGRAM")]
    peer: Option<PathBuf>,

    /// What the other server is started with, beside its port and its memory: `--serve-grpc` for a
    /// server that only passes messages on, in place of the viewer with its store.
    #[arg(
        long,
        value_name = "ARGS",
        default_value = "--headless",
        requires = "peer",
        allow_hyphen_values = true
    )]
    peer_args: String,

    /// How long each load is sent, about.
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,

    /// Memory that each server may keep of what it gets.
    #[arg(long, default_value = "1GiB", value_name = "SIZE")]
    memory_limit: MemoryLimit,

    /// Send only this.
    #[arg(long, value_enum)]
    load: Option<Load>,

    /// Be the server that is measured.
    #[arg(long, hide = true)]
    serve: bool,
}

/// Runs the command.
pub(super) fn run(args: &IngestArgs) -> anyhow::Result<()> {
    let limit = args.memory_limit.bytes();
    if args.serve {
        return server::serve(limit);
    }
    let mut loads = Vec::new();
    for load in Load::ALL {
        if args.load.is_some_and(|only| only != load) {
            continue;
        }
        let chunks = load.chunks()?;
        let measure = |server: Server| sender::measure(server, load, &chunks, args.seconds);
        let ours = measure(Server::ours(limit)?).context("our server")?;
        let peer = match &args.peer {
            Some(program) => {
                let server = Server::peer(program, &args.peer_args, limit)?;
                // That it does not keep up is a result as well.
                Some(measure(server).map_err(|error| format!("{error:#}")))
            }
            None => None,
        };
        let latency = sender::latency(Server::ours(limit)?, load).context("our server")?;
        loads.push(LoadReport::new(load, &chunks, ours, peer, latency));
    }
    report::print(&Report::new(args.seconds, limit, loads), args.json)
}
