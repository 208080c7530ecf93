//! AVI files built by hand.

use bytes::Bytes;

use super::*;

fn chunk(id: &[u8; 4], inside: &[u8]) -> Vec<u8> {
    let mut bytes = id.to_vec();
    bytes.extend(u32::try_from(inside.len()).unwrap().to_le_bytes());
    bytes.extend(inside);
    bytes.resize(bytes.len() + inside.len() % 2, 0);
    bytes
}

fn list(id: &[u8; 4], kind: &[u8; 4], inside: &[Vec<u8>]) -> Vec<u8> {
    chunk(id, &[&kind[..], &inside.concat()].concat())
}

/// A video stream of 30000/1001 frames per second.
fn stream(fourcc: &[u8; 4]) -> Vec<u8> {
    let mut header = b"vids".to_vec();
    header.extend(fourcc);
    header.resize(20, 0);
    header.extend(1_001_u32.to_le_bytes());
    header.extend(30_000_u32.to_le_bytes());
    header.resize(56, 0);
    let mut format = 40_u32.to_le_bytes().to_vec();
    format.extend(64_u32.to_le_bytes());
    format.extend((-48_i32).to_le_bytes());
    format.resize(16, 0);
    format.extend(fourcc);
    format.resize(40, 0);
    list(
        b"LIST",
        b"strl",
        &[chunk(b"strh", &header), chunk(b"strf", &format)],
    )
}

fn opened(fourcc: &[u8; 4], chunks: &[Vec<u8>]) -> Movie {
    let headers = list(b"LIST", b"hdrl", &[stream(fourcc)]);
    let movi = list(b"LIST", b"movi", chunks);
    let bytes = list(b"RIFF", b"AVI ", &[headers, movi]);
    assert_eq!(probe(&bytes, ""), 100);
    let source: Arc<dyn ByteSource> = Arc::new(Bytes::from(bytes));
    open(&source).unwrap()
}

#[test]
fn pictures_are_timed_by_their_number_and_dropped_ones_leave_a_gap() {
    let chunks = [
        chunk(b"00dc", &[1, 2, 3]),
        chunk(b"01wb", &[9; 7]),
        chunk(b"00dc", &[]),
        list(b"LIST", b"rec ", &[chunk(b"00dc", &[4, 5])]),
    ];
    let movie = opened(b"QQQQ", &chunks);
    let track = &movie.tracks[0];
    let samples = track
        .samples
        .shown()
        .iter()
        .map(|id| track.samples.get(*id).unwrap());
    let found: Vec<_> = samples
        .map(|sample| (sample.pts.0, sample.data.load(&*track.source).unwrap()))
        .collect();
    let expected = [
        (0, Bytes::from_static(&[1, 2, 3])),
        (2_002, Bytes::from_static(&[4, 5])),
    ];
    assert_eq!(found, expected);
    assert_eq!(track.timescale.ticks_per_second(), 30_000);
    assert_eq!((track.facts.width, track.facts.height), (64, 48));
    assert_eq!(
        track.unplayable.as_deref(),
        Some("its codec QQQQ is not known")
    );
}

#[test]
fn every_picture_of_motion_jpeg_is_a_key_frame() {
    let movie = opened(
        b"MJPG",
        &[chunk(b"00dc", &[0xFF, 0xD8]), chunk(b"00db", &[0xFF, 0xD8])],
    );
    assert_eq!(movie.tracks[0].samples.sync_samples().count(), 2);
}
