//! Recording files: written and read, finished or not, alone or one behind the other, growing.

use std::io::Cursor;

use reelscope_wire::{
    Chunk, Item, LogMessage, RecordingReader, RecordingWriter, StoreId, WireError, component,
};

use crate::{recording, samples, store_id, store_info};

/// What is left of a recording in a file.
pub(crate) struct Contents {
    pub(crate) stores: usize,
    pub(crate) chunks: Vec<(StoreId, Chunk)>,
    pub(crate) skipped: Vec<WireError>,
    pub(crate) ends: usize,
}

/// Reads what is there.
pub(crate) fn contents(reader: &mut RecordingReader<Cursor<Vec<u8>>>) -> Contents {
    let mut contents = Contents {
        stores: 0,
        chunks: Vec::new(),
        skipped: Vec::new(),
        ends: 0,
    };
    while let Ok(Some(item)) = reader.next() {
        match item {
            Item::Message(LogMessage::Store(_), _) => contents.stores += 1,
            Item::Message(LogMessage::Chunk(store, chunk), _) => {
                contents.chunks.push((store, chunk));
            }
            Item::Message(LogMessage::Blueprint, _) => {}
            Item::Skipped(error) => contents.skipped.push(error),
            Item::End => contents.ends += 1,
        }
    }
    contents
}

pub(crate) fn open(bytes: Vec<u8>) -> RecordingReader<Cursor<Vec<u8>>> {
    RecordingReader::open(Cursor::new(bytes)).unwrap()
}

fn first_sample(chunk: &Chunk) -> Vec<u8> {
    let column = chunk.column(component::VIDEO_STREAM_SAMPLE).unwrap();
    column.blob(0).unwrap().to_vec()
}

#[test]
fn what_was_written_is_read() {
    let chunks = [samples(&[b"one", b"two"]), samples(&[b"three"])];
    let mut reader = open(recording(&chunks));
    let read = contents(&mut reader);
    assert_eq!((read.stores, read.ends, read.skipped.len()), (1, 1, 0));
    for ((store, read), written) in read.chunks.iter().zip(&chunks) {
        assert_eq!(*store, store_id());
        assert_eq!((read.id, &read.rows), (written.id, &written.rows));
        assert_eq!(
            (&read.times, &read.columns),
            (&written.times, &written.columns)
        );
    }
    assert_eq!(read.chunks.len(), 2);
    assert!(reader.is_ended());
    assert_eq!(reader.missing(), 0);
}

#[test]
fn a_recording_that_was_not_finished_is_whole_as_far_as_it_goes() {
    let mut file = Vec::new();
    let mut writer = RecordingWriter::new(&mut file).unwrap();
    writer.chunk(&store_id(), &samples(&[b"one"])).unwrap();
    drop(writer);
    let mut reader = open(file);
    assert!(reader.manifest().is_none());
    let read = contents(&mut reader);
    assert_eq!((read.stores, read.chunks.len()), (1, 1));
    assert!(!reader.is_ended());
    assert_eq!(reader.missing(), 0);
}

#[test]
fn the_manifest_says_where_each_chunk_is() {
    let chunks = [samples(&[b"one", b"two"]), samples(&[b"three"])];
    let mut reader = open(recording(&chunks));
    let manifest = reader.manifest().unwrap();
    assert_eq!(manifest.chunks.len(), 2);
    for (entry, chunk) in manifest.chunks.iter().zip(&chunks) {
        assert_eq!((entry.id, entry.rows), (chunk.id, chunk.rows.len() as u64));
        assert_eq!((&*entry.entity, entry.is_static), ("/camera", false));
        let (store, read) = reader.read_chunk_at(entry.offset, entry.size).unwrap();
        assert_eq!((&store, read.id), (&entry.store, chunk.id));
        assert_eq!(first_sample(&read), first_sample(chunk));
    }
    // Reading by the manifest does not disturb reading in order.
    assert_eq!(contents(&mut reader).chunks.len(), 2);
}

#[test]
fn recordings_may_follow_each_other_in_a_file() {
    let (first, second) = (
        recording(&[samples(&[b"one"])]),
        recording(&[samples(&[b"two"])]),
    );
    let mut unfinished = Vec::new();
    let mut writer = RecordingWriter::new(&mut unfinished).unwrap();
    writer.chunk(&store_id(), &samples(&[b"three"])).unwrap();
    drop(writer);

    let mut reader = open([&first[..], &second].concat());
    let manifest = reader.manifest().unwrap();
    let by_manifest: Vec<Vec<u8>> = manifest
        .chunks
        .iter()
        .map(|entry| first_sample(&reader.read_chunk_at(entry.offset, entry.size).unwrap().1))
        .collect();
    assert_eq!(by_manifest, [b"one", b"two"]);
    assert_eq!(contents(&mut reader).ends, 2);

    let mut reader = open([&unfinished[..], &first, &unfinished].concat());
    assert!(reader.manifest().is_none());
    let read = contents(&mut reader);
    let read: Vec<Vec<u8>> = read
        .chunks
        .iter()
        .map(|(_, chunk)| first_sample(chunk))
        .collect();
    assert_eq!(read, [&b"three"[..], b"one", b"three"]);
}

#[test]
fn a_growing_file_is_read_as_far_as_it_has_come() {
    let whole = recording(&[samples(&[b"one"]), samples(&[b"two"])]);
    let growing = tempfile::NamedTempFile::new().unwrap();
    let mut reader = RecordingReader::open(growing.reopen().unwrap()).unwrap();
    let (mut messages, mut end) = (0, false);
    for byte in &whole {
        std::io::Write::write_all(&mut growing.as_file(), &[*byte]).unwrap();
        while let Some(item) = reader.next().unwrap() {
            match item {
                Item::Message(..) => messages += 1,
                Item::End => end = true,
                Item::Skipped(error) => panic!("{error}"),
            }
        }
    }
    assert_eq!(messages, 3);
    assert!(end && reader.is_ended());
}

#[test]
fn a_damaged_manifest_is_none() {
    let file = recording(&[samples(&[b"one"])]);
    let footer = file.len() - 32;
    for at in footer - 100..file.len() {
        let mut damaged = file.clone();
        damaged[at] ^= 0x10;
        let mut reader = open(damaged);
        assert!(reader.manifest().is_none(), "byte {at}");
        assert_eq!(contents(&mut reader).chunks.len(), 1);
    }
}

#[test]
fn older_recordings_are_refused_in_words() {
    let refused = |bytes: &[u8]| {
        let opened = RecordingReader::open(Cursor::new(bytes.to_vec()));
        opened.unwrap_err().to_string()
    };
    assert!(refused(b"RRF2\x00\x16\x00\x00\x01\x02\0\0").contains("version 0.22.0"));
    assert!(refused(b"RRF1\0\0\0\0\0\0\0\0").contains("before 0.23"));
    assert!(refused(b"\0\0\0\x20ftypisom").contains("not a recording"));
    assert!(refused(b"GIF").contains("not a recording"));
}

#[test]
fn an_empty_file_is_a_recording_that_has_not_begun() {
    let mut reader = open(Vec::new());
    assert!(reader.next().unwrap().is_none());
    assert!(!reader.is_ended());
}

#[test]
fn the_writer_announces_a_recording_that_was_not() {
    let mut writer = RecordingWriter::new(Vec::new()).unwrap();
    writer.chunk(&store_id(), &samples(&[b"one"])).unwrap();
    writer.store(&store_info()).unwrap();
    let read = contents(&mut open(writer.finish().unwrap()));
    assert_eq!((read.stores, read.chunks.len()), (2, 1));
}
