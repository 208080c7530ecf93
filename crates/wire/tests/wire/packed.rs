//! Chunks pass from a logger into a file as they were sent.

use std::io::Cursor;
use std::sync::Arc;
use std::sync::mpsc::channel;

use reelscope_wire::{
    Client, Item, LogMessage, PackedChunk, RecordingReader, RecordingWriter, Server, ServerEvent,
    ServerOptions, StoreId,
};

use crate::{PATIENCE, samples, server::any_port, store_id, store_info};

/// The compressed bytes that stand somewhere in a message or a file.
fn payload(chunk: &reelscope_wire::Chunk) -> Vec<u8> {
    lz4_flex::block::compress(&chunk.encode().unwrap())
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_received_chunk_is_written_with_the_very_bytes_that_came() {
    let (sender, events) = channel();
    let options = ServerOptions {
        keep_packed: true,
        ..any_port()
    };
    let handler = move |event| {
        let _ = sender.send(event);
    };
    let server = Server::start(&options, Arc::new(handler)).unwrap();
    let client = Client::connect(&server.local_addrs()[0].to_string()).unwrap();
    let sent = samples(&[b"first", b"second"]);
    client.send(&LogMessage::Store(store_info())).unwrap();
    client
        .send(&LogMessage::Chunk(store_id(), sent.clone()))
        .unwrap();
    // The same rows for another recording, without encoding them again.
    let other = StoreId::recording("rig", "run-2");
    let packed = PackedChunk::new(&store_id(), &sent).unwrap();
    client.send_packed(&packed.within(&other)).unwrap();
    client.close(PATIENCE).unwrap();

    let mut writer = RecordingWriter::new(Vec::new()).unwrap();
    let mut stores = Vec::new();
    loop {
        match events.recv_timeout(PATIENCE).unwrap() {
            ServerEvent::Packed(_, store, chunk, packed, _) => {
                writer.packed(&store, &chunk, packed).unwrap();
                stores.push(store);
            }
            ServerEvent::Ended(..) => break,
            ServerEvent::Message(_, LogMessage::Store(info), _) => writer.store(&info).unwrap(),
            ServerEvent::Connected(..) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(stores, [store_id(), other]);
    let file = writer.finish().unwrap();
    assert!(contains(&file, &payload(&sent)));
    let mut reader = RecordingReader::open(Cursor::new(file)).unwrap();
    let manifest = reader.manifest().unwrap();
    assert_eq!(manifest.chunks.len(), 2);
    for entry in &manifest.chunks {
        let (_, chunk) = reader.read_chunk_at(entry.offset, entry.size).unwrap();
        assert_eq!((&chunk.rows, &chunk.columns), (&sent.rows, &sent.columns));
    }
    let mut found = 0;
    while let Some(item) = reader.next().unwrap() {
        found += usize::from(matches!(item, Item::Message(LogMessage::Chunk(..), _)));
    }
    assert_eq!(found, 2);
}
