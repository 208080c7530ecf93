//! Raw AV1 streams built by hand.

use bytes::Bytes;

use super::*;

/// Temporal delimiter, sequence header of four bytes, frame of three bytes; all with a size.
const FIRST_UNIT: &[u8] = &[0x12, 0, 0x0A, 4, 1, 2, 3, 4, 0x32, 3, 7, 8, 9];
/// Temporal delimiter and a frame of two bytes.
const SECOND_UNIT: &[u8] = &[0x12, 0, 0x32, 2, 5, 6];

/// The same two units by Annex B: `temporal_unit_size`, `frame_unit_size`, then `obu_length` and an
/// OBU without a size, for each OBU.
const BY_LENGTHS: &[u8] = &[
    14, 13, 1, 0x10, 5, 0x08, 1, 2, 3, 4, 4, 0x30, 7, 8, 9, //
    7, 6, 1, 0x10, 3, 0x30, 5, 6,
];

fn opened(bytes: Vec<u8>) -> Movie {
    let source: Arc<dyn ByteSource> = Arc::new(Bytes::from(bytes));
    open(&source).unwrap()
}

fn loaded(movie: &Movie) -> Vec<Bytes> {
    let track = &movie.tracks[0];
    let ids = track.samples.shown().iter();
    ids.map(|id| {
        track
            .samples
            .get(*id)
            .unwrap()
            .data
            .load(&*track.source)
            .unwrap()
    })
    .collect()
}

#[test]
fn low_overhead_streams_are_cut_at_temporal_delimiters() {
    let stream = [FIRST_UNIT, SECOND_UNIT].concat();
    assert_eq!(probe(&stream, ""), 85);
    assert_eq!(loaded(&opened(stream)), [FIRST_UNIT, SECOND_UNIT]);
}

#[test]
fn length_delimited_streams_are_given_in_the_low_overhead_format() {
    assert_eq!(probe(BY_LENGTHS, "x.obu"), 90);
    assert_eq!(
        loaded(&opened(BY_LENGTHS.to_vec())),
        [FIRST_UNIT, SECOND_UNIT]
    );
}

#[test]
fn a_cut_off_stream_gives_what_is_there() {
    let movie = opened([FIRST_UNIT, &SECOND_UNIT[..5]].concat());
    assert_eq!(loaded(&movie), [FIRST_UNIT, &SECOND_UNIT[..5]]);
    assert_eq!(movie.warnings, ["its last temporal unit is cut off"]);
}

#[test]
fn other_bytes_are_no_av1() {
    assert_eq!(probe(b"plain text, no video", "x.obu"), 0);
    assert_eq!(probe(&[0; 64], "x.obu"), 0);
    assert_eq!(probe(&[0x12], "x.obu"), 0);
}
