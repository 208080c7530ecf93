//! Damaged input: cut off, with flipped bits, lying about sizes. Never a panic, and whatever is whole
//! is kept.

use bytes::Bytes;
use proptest::prelude::*;
use reelscope_wire::{Chunk, RecordingReader};

use crate::recordings::{contents, open};
use crate::{recording, samples};

fn small_recording() -> Vec<u8> {
    recording(&[samples(&[b"one"]), samples(&[b"two", b"three"])])
}

/// Where each message ends, by the format's description.
fn message_ends(file: &[u8]) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut at = 12;
    loop {
        let number = |at: usize| u64::from_le_bytes(file[at..at + 8].try_into().unwrap());
        let kind = number(at);
        at += 16 + number(at + 8) as usize;
        if kind == 0 {
            return ends;
        }
        ends.push(at);
    }
}

#[test]
fn all_whole_messages_are_kept_wherever_a_file_is_cut() {
    let file = small_recording();
    let ends = message_ends(&file);
    assert_eq!(ends.len(), 3);
    for length in 0..file.len() {
        let mut reader = open(file[..length].to_vec());
        let read = contents(&mut reader);
        let whole = ends.iter().filter(|end| **end <= length).count();
        assert_eq!(read.stores + read.chunks.len(), whole, "cut at {length}");
        assert!(read.skipped.is_empty());
        let cut = ends.iter().find(|end| **end > length);
        if let Some(end) = cut {
            assert!(reader.missing() <= (end - length) as u64);
            assert!(!reader.is_ended());
        }
        // From here on it goes on.
        assert!(reader.manifest().is_none() || reader.is_ended());
    }
}

#[test]
fn a_chunk_that_is_not_readable_does_not_hide_the_next() {
    let file = small_recording();
    let ends = message_ends(&file);
    let mut damaged = file.clone();
    // In the compressed table of the first chunk.
    damaged[ends[0] + 16 + 80..ends[1] - 60].fill(0xff);
    let read = contents(&mut open(damaged));
    assert_eq!(
        (read.skipped.len(), read.chunks.len(), read.ends),
        (1, 1, 1)
    );
}

#[test]
fn a_message_of_an_unknown_kind_is_skipped() {
    let mut file = small_recording();
    let ends = message_ends(&file);
    file[ends[0]] = 9;
    let read = contents(&mut open(file));
    assert_eq!(
        (read.skipped.len(), read.chunks.len(), read.ends),
        (1, 1, 1)
    );
}

#[test]
fn zeros_that_a_power_failure_left_cost_one_message_however_many_there_are() {
    let whole = small_recording();
    let ends = message_ends(&whole);
    // The file was cut off and filled up; later, somebody logged to it again.
    let zeros = vec![0; 64 << 20];
    let file = [&whole[..ends[1]], &zeros, &whole].concat();
    let length = file.len() as u64;
    let mut reader = open(file);
    let read = contents(&mut reader);
    assert_eq!((read.stores, read.chunks.len(), read.ends), (2, 3, 2));
    let [error] = read.skipped.as_slice() else {
        panic!("{:?}", read.skipped);
    };
    assert!(error.to_string().contains("zero bytes"), "{error}");
    assert_eq!(reader.position(), length);
    assert!(reader.is_ended());
}

#[test]
fn a_message_that_claims_to_be_huge_is_waited_for_and_not_allocated() {
    let mut file = small_recording();
    let ends = message_ends(&file);
    for length in [1_u64 << 33, 1 << 50, u64::MAX] {
        file[ends[0] + 8..ends[0] + 16].copy_from_slice(&length.to_le_bytes());
        let mut reader = open(file.clone());
        let read = contents(&mut reader);
        assert_eq!((read.stores, read.chunks.len()), (1, 0));
        assert!(reader.missing() > 1 << 32);
    }
}

#[test]
fn a_chunk_that_is_not_there_is_an_error() {
    let mut reader = open(small_recording());
    for (offset, size) in [(0, u64::MAX), (u64::MAX, 1), (1 << 40, 100), (12, 10)] {
        assert!(reader.read_chunk_at(offset, size).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_recording_with_flipped_bytes_never_panics(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)
    ) {
        let mut file = small_recording();
        for (at, value) in flips {
            let at = at.index(file.len());
            file[at] = value;
        }
        if let Ok(mut reader) = RecordingReader::open(std::io::Cursor::new(file)) {
            let _ = reader.manifest();
            let read = contents(&mut reader);
            prop_assert!(read.chunks.len() <= 2);
            touch(read.chunks.iter().map(|(_, chunk)| chunk));
        }
    }

    #[test]
    fn a_chunk_with_flipped_bytes_never_panics(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)
    ) {
        let mut ipc = samples(&[b"one", b"two"]).encode().unwrap();
        for (at, value) in flips {
            let at = at.index(ipc.len());
            ipc[at] = value;
        }
        touch(Chunk::decode(ipc.into()).iter());
    }

    #[test]
    fn any_bytes_at_all_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Chunk::decode(Bytes::from(bytes.clone()));
        let _ = RecordingReader::open(std::io::Cursor::new(bytes)).map(|mut reader| contents(&mut reader));
    }
}

/// Reads everything that a chunk says.
fn touch<'a>(chunks: impl Iterator<Item = &'a Chunk>) {
    for chunk in chunks {
        for times in &chunk.times {
            let _ = (times.range(), times.is_sorted());
        }
        for (column, row) in chunk
            .columns
            .iter()
            .flat_map(|column| (0..column.len()).map(move |row| (column, row)))
        {
            let _ = (column.presence(row), column.blob(row), column.text(row));
            let _ = (
                column.u32(row),
                column.i64(row),
                column.bool(row),
                column.image_format(row),
            );
        }
        let _ = chunk.encode();
    }
}
