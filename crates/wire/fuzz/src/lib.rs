//! What is tried with bytes from outside. Each function must return, whatever the bytes are.

use std::io::Cursor;

use reelscope_wire::{Chunk, Item, LogMessage, RecordingReader};

/// Lets a panic that is caught pass without a word: the Arrow library has some for wrong offsets, and
/// `wire` turns them into errors. One that is not caught still ends the process.
pub fn allow_caught_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| std::panic::set_hook(Box::new(|_| {})));
}

/// Opens a recording and reads all of it, in order and by its manifest.
pub fn recording_reader(bytes: &[u8]) {
    let Ok(mut reader) = RecordingReader::open(Cursor::new(bytes)) else {
        return;
    };
    let manifest = reader.manifest();
    for entry in manifest.iter().flat_map(|manifest| &manifest.chunks) {
        let _ = reader.read_chunk_at(entry.offset, entry.size);
    }
    while let Ok(Some(item)) = reader.next() {
        if let Item::Message(LogMessage::Chunk(_, chunk), _) = item {
            touch(&chunk);
        }
    }
}

/// Decodes a chunk, reads all of its cells, and encodes it again.
pub fn chunk(bytes: &[u8]) {
    if let Ok(chunk) = Chunk::decode(bytes.to_vec().into()) {
        touch(&chunk);
    }
}

fn touch(chunk: &Chunk) {
    for times in &chunk.times {
        let _ = (times.range(), times.is_sorted());
    }
    for column in &chunk.columns {
        for row in 0..column.len() {
            let _ = (column.presence(row), column.blob(row), column.text(row));
            let _ = (column.u32(row), column.i64(row), column.bool(row));
            let _ = column.image_format(row);
        }
    }
    if let Ok(encoded) = chunk.encode() {
        assert!(Chunk::decode(encoded.into()).is_ok(), "not readable again");
    }
}
