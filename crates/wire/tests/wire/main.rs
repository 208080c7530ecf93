//! What loggers send and recordings hold comes out as it went in, and nothing that they do wrong
//! harms anybody else.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod chunks;
mod damage;
mod packed;
mod recordings;
mod resend;
mod robustness;
mod server;
mod stock;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use reelscope_wire::{
    Chunk, ChunkBuilder, Column, LogMessage, RecordingWriter, Server, ServerEvent, ServerOptions,
    StoreId, StoreInfo, TimeKind, component,
};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

fn store_id() -> StoreId {
    StoreId::recording("rig", "run-1")
}

fn store_info() -> StoreInfo {
    StoreInfo {
        id: store_id(),
        source: "Python 3.11.7".to_owned(),
        sdk_version: None,
    }
}

/// Samples of a camera at frames 0, 1, …
fn samples(samples: &[&[u8]]) -> Chunk {
    ChunkBuilder::new("/camera")
        .times(
            "frame",
            TimeKind::Sequence,
            (0..samples.len() as i64).collect(),
        )
        .column(Column::new(
            component::VIDEO_STREAM_SAMPLE,
            samples.iter().copied(),
        ))
        .build()
        .unwrap()
}

/// A recording with one announcement, some chunks and a manifest.
fn recording(chunks: &[Chunk]) -> Vec<u8> {
    let mut writer = RecordingWriter::new(Vec::new()).unwrap();
    writer.store(&store_info()).unwrap();
    for chunk in chunks {
        writer.chunk(&store_id(), chunk).unwrap();
    }
    writer.finish().unwrap()
}

/// A server on a free port, whose events arrive in a channel.
fn server() -> (Server, Receiver<ServerEvent>) {
    let (sender, events) = channel();
    let options = ServerOptions {
        addrs: vec!["127.0.0.1:0".parse().unwrap(), "[::1]:0".parse().unwrap()],
        ..ServerOptions::default()
    };
    let handler = move |event| {
        let _ = sender.send(event);
    };
    (Server::start(&options, Arc::new(handler)).unwrap(), events)
}

/// The next chunk that arrives.
fn next_chunk(events: &Receiver<ServerEvent>) -> (StoreId, Chunk) {
    loop {
        if let ServerEvent::Message(_, LogMessage::Chunk(store, chunk), _) =
            events.recv_timeout(PATIENCE).unwrap()
        {
            return (store, chunk);
        }
    }
}
