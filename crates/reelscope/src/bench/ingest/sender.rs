//! The sender: the same for every server.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use reelscope_ingest::now;
use reelscope_wire::{Client, LogMessage, PackedChunk, StoreId, StoreInfo};

use super::load::Load;
use super::report::Measured;
use super::server::{Server, Taken};
use super::{PACED, PATIENCE};
use crate::bench::random::Random;
use crate::bench::usage;

/// How often it is looked at what a server takes of the machine.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// A server that has not worked for so long has done all it had to.
const AT_REST: Duration = Duration::from_millis(500);
/// Processor time that counts as no work, in seconds.
const NO_WORK: f64 = 0.02;

/// What a server takes of the machine, while it works.
struct Watch {
    cpu_before: f64,
    cpu: f64,
    peak: u64,
    last_work: Instant,
    looked: Instant,
}

impl Watch {
    fn start() -> Option<Self> {
        let (cpu, resident) = usage::children()?;
        Some(Self {
            cpu_before: cpu,
            cpu,
            peak: resident,
            last_work: Instant::now(),
            looked: Instant::now(),
        })
    }

    fn look(&mut self) {
        if self.looked.elapsed() < LOOK_EVERY {
            return;
        }
        self.looked = Instant::now();
        if let Some((cpu, resident)) = usage::children() {
            self.peak = self.peak.max(resident);
            if cpu - self.cpu > NO_WORK {
                self.cpu = cpu;
                self.last_work = Instant::now();
            }
        }
    }
}

/// Sends the chunks again and again, each time to another recording, for so many seconds; and waits
/// until the server has done its work.
pub(super) fn measure(
    server: Server,
    load: Load,
    chunks: &[PackedChunk],
    seconds: u64,
) -> anyhow::Result<Measured> {
    let client = Client::connect(&server.addr)?;
    announce(&client, "start")?;
    client.flush(PATIENCE)?;
    std::thread::sleep(AT_REST);
    let mut watch = Watch::start();
    let start = Instant::now();
    let (mut messages, mut bytes) = (0_u64, 0_u64);
    let (mut round, mut heads) = (0_u32, 0);
    while round == 0 || start.elapsed() < Duration::from_secs(seconds) {
        let id = announce(&client, &format!("round {round}"))?;
        if let Some(head) = load.head()? {
            client.send(&LogMessage::Chunk(id.clone(), head))?;
            heads += 1;
        }
        for chunk in chunks {
            client.send_packed(&chunk.within(&id))?;
            messages += 1;
            bytes += chunk.size() as u64;
            if let Some(watch) = &mut watch {
                watch.look();
            }
        }
        round += 1;
    }
    client.close(PATIENCE)?;
    let mut end = Instant::now();
    if let Some(watch) = &mut watch {
        while end.elapsed() < PATIENCE && watch.last_work.max(end).elapsed() < AT_REST {
            std::thread::sleep(LOOK_EVERY);
            watch.look();
        }
        end = end.max(watch.last_work);
    }
    let took = end.duration_since(start);
    let taken = server.finish()?;
    if let Some(taken) = &taken {
        let sent = messages + heads;
        ensure!(taken.rows == sent, "{} of {sent} rows came", taken.rows);
    }
    Ok(Measured::new(
        messages,
        bytes,
        took.as_secs_f64(),
        watch.map(|watch| (watch.cpu - watch.cpu_before, watch.peak)),
    ))
}

/// Sends at an even pace and asks the server how long each row was on its way.
pub(super) fn latency(server: Server, load: Load) -> anyhow::Result<Taken> {
    let client = Client::connect(&server.addr)?;
    let id = announce(&client, "latency")?;
    if let Some(head) = load.head()? {
        client.send(&LogMessage::Chunk(id.clone(), head))?;
    }
    let mut random = Random::new(2);
    let interval = Duration::from_secs(1) / load.pace();
    // Made before its time: what counts is the way, not the making.
    let mut chunk = load.chunk(0, &mut random)?;
    let start = Instant::now();
    for number in 1_u32.. {
        let due = interval * number;
        if due > PACED {
            break;
        }
        std::thread::sleep(due.saturating_sub(start.elapsed()));
        chunk.encoded_at = Some(now());
        client.send(&LogMessage::Chunk(id.clone(), chunk))?;
        chunk = load.chunk(number, &mut random)?;
    }
    client.close(PATIENCE)?;
    std::thread::sleep(AT_REST);
    server.finish()?.context("there is no word of the latency")
}

fn announce(client: &Client, run: &str) -> anyhow::Result<StoreId> {
    let id = StoreId::recording("bench", run);
    client.send(&LogMessage::Store(StoreInfo {
        id: id.clone(),
        source: "Rust".to_owned(),
        sdk_version: None,
    }))?;
    Ok(id)
}
