//! Rows as loggers send them, and the content that is read from them.

use std::sync::Arc;

use reelscope_media::{Codec, Framing, SyncKind, Visibility};
use reelscope_store::{Chunk, Content, LoggedSample, Rows, StreamKind};
use reelscope_wire as wire;
use wire::component::{VIDEO_STREAM_CODEC, VIDEO_STREAM_SAMPLE};
use wire::{ChunkBuilder, Column, TimeKind};

use super::Interpreter;

const H264: u32 = u32::from_be_bytes(*b"avc1");

fn run() -> Arc<str> {
    "run".into()
}

/// Samples, a row each, from a row number on.
fn samples(from: i64, samples: &[&[u8]]) -> wire::Chunk {
    let times = (from..).take(samples.len()).collect();
    let blobs = samples.iter().copied();
    ChunkBuilder::new("/cam")
        .times("frame", TimeKind::Sequence, times)
        .column(Column::new(VIDEO_STREAM_SAMPLE, blobs))
        .build()
        .unwrap()
}

fn codec(code: u32) -> wire::Chunk {
    ChunkBuilder::new("/cam")
        .column(Column::new(VIDEO_STREAM_CODEC, [code]))
        .build()
        .unwrap()
}

fn content(chunks: &[Chunk]) -> Vec<LoggedSample> {
    let mut all = Vec::new();
    for chunk in chunks {
        let Rows::Logged(rows) = &chunk.rows else {
            panic!("no rows");
        };
        for content in &rows.content {
            if let Content::Samples(StreamKind::VideoStream, samples) = content {
                all.extend(samples.iter().cloned());
            }
        }
    }
    all
}

/// The access units of a clip of the tests, from its bytes.
fn clip(name: &str) -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/clips/");
    std::fs::read(format!("{path}{name}")).unwrap()
}

#[test]
fn samples_wait_for_their_codec_and_are_read_then_in_row_order() {
    let mut interpreter = Interpreter::default();
    let stream = clip("h264.h264");
    let taken = interpreter.take(&run(), samples(0, &[&stream]));
    assert!(taken.chunks.is_empty());
    let taken = interpreter.take(&run(), codec(H264));
    assert_eq!(taken.chunks.len(), 2);
    let read = content(&taken.chunks);
    assert!(read.len() > 10, "one sample held {} pictures", read.len());
    assert_eq!(read[0].sync, SyncKind::Closed);
    assert_eq!(read[0].config.framing, Framing::AnnexB);
    let total: usize = read.iter().map(|sample| sample.data.len()).sum();
    assert_eq!(total, stream.len(), "no byte is lost");
}

#[test]
fn a_chunk_that_is_sent_again_counts_once() {
    let mut interpreter = Interpreter::default();
    let chunk = codec(H264);
    assert_eq!(interpreter.take(&run(), chunk.clone()).chunks.len(), 1);
    assert!(interpreter.take(&run(), chunk.clone()).chunks.is_empty());
    interpreter.forget(&run());
    assert_eq!(interpreter.take(&run(), chunk).chunks.len(), 1);
}

#[test]
fn what_never_gets_a_codec_is_kept_without_pictures() {
    let mut interpreter = Interpreter::default();
    interpreter.take(&run(), samples(0, &[b"\0\0\0\x01\x65"]));
    let taken = interpreter.finish(&run());
    assert_eq!(taken.chunks.len(), 1);
    assert!(content(&taken.chunks).is_empty());
    assert_eq!(taken.warnings.len(), 1);
    assert!(taken.warnings[0].problem.contains("codec"));
}

#[test]
fn an_unknown_codec_is_told_once_and_nothing_waits_for_it() {
    let mut interpreter = Interpreter::default();
    let told = interpreter.take(&run(), codec(u32::from_be_bytes(*b"mp4v")));
    assert_eq!(told.warnings.len(), 1);
    assert!(
        told.warnings[0].problem.contains("mp4v"),
        "{:?}",
        told.warnings
    );
    let taken = interpreter.take(&run(), samples(0, &[b"abc"]));
    assert_eq!((taken.chunks.len(), taken.warnings.len()), (1, 0));
}

/// NAL units with lengths in place of start codes.
fn with_lengths(stream: &[u8]) -> Vec<Vec<u8>> {
    let nals = reelscope_media::codec::nal_units(stream, Framing::AnnexB);
    let nals = nals.map(|nal| [&(nal.bytes.len() as u32).to_be_bytes()[..], nal.bytes].concat());
    nals.collect()
}

#[test]
fn lengths_in_place_of_start_codes_are_recognised() {
    let mut interpreter = Interpreter::default();
    interpreter.take(&run(), codec(H264));
    let nals = with_lengths(&clip("h264.h264"));
    let taken = interpreter.take(&run(), samples(0, &[&nals.concat()]));
    let read = content(&taken.chunks);
    assert!(read.len() > 10);
    assert!(
        read.iter()
            .all(|it| it.config.framing == Framing::Lengths(4))
    );
    assert_eq!(read[0].sync, SyncKind::Closed);
}

#[test]
fn parameter_sets_that_came_by_themselves_go_before_the_next_keyframe() {
    let mut interpreter = Interpreter::default();
    interpreter.take(&run(), codec(H264));
    let nals = with_lengths(&clip("h264.h264"));
    let is_set = |nal: &&Vec<u8>| matches!(nal[4] & 0x1f, 7 | 8);
    let is_idr = |nal: &&Vec<u8>| nal[4] & 0x1f == 5;
    let sets: Vec<u8> = nals
        .iter()
        .take(8)
        .filter(is_set)
        .flatten()
        .copied()
        .collect();
    let idr = nals.iter().find(is_idr).unwrap();
    let taken = interpreter.take(&run(), samples(0, &[&sets, idr, idr]));
    let read = content(&taken.chunks);
    assert_eq!(read.len(), 3);
    assert_eq!(read[0].visibility, Visibility::NoPicture);
    for sample in &read[1..] {
        assert_eq!(sample.sync, SyncKind::Closed);
        assert_eq!(sample.data, [&sets[..], idr].concat());
    }
}

#[test]
fn a_stream_may_change_over_to_another_codec() {
    let mut interpreter = Interpreter::default();
    interpreter.take(&run(), codec(H264));
    let first = interpreter.take(&run(), samples(0, &[&clip("h264.h264")]));
    interpreter.take(&run(), codec(u32::from_be_bytes(*b"hev1")));
    let second = interpreter.take(&run(), samples(100, &[&clip("h265.h265")]));
    let codec_of = |chunks: &[Chunk]| content(chunks)[0].config.codec;
    assert_eq!(codec_of(&first.chunks), Codec::H264);
    assert_eq!(codec_of(&second.chunks), Codec::H265);
    assert_eq!(content(&second.chunks)[0].sync, SyncKind::Closed);
}

#[test]
fn noise_is_no_reason_to_stop() {
    let mut interpreter = Interpreter::default();
    interpreter.take(&run(), codec(H264));
    let noise: Vec<u8> = (0..3_000_u32)
        .map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    let taken = interpreter.take(
        &run(),
        samples(0, &[&noise, b"", b"\0", &clip("h264.h264")]),
    );
    let synced = content(&taken.chunks)
        .iter()
        .filter(|it| it.sync == SyncKind::Closed)
        .count();
    assert!(synced > 0);
}

#[test]
fn pictures_are_known_by_their_bytes_and_formats_may_come_before() {
    let mut interpreter = Interpreter::default();
    let format = wire::ImageFormat {
        width: 2,
        height: 1,
        pixel_format: None,
        color_model: Some(2),
        channel_datatype: Some(6),
    };
    let buffer = ChunkBuilder::new("/raw")
        .times("frame", TimeKind::Sequence, vec![0])
        .column(Column::new(wire::component::IMAGE_BUFFER, [&b"rgbRGB"[..]]))
        .build()
        .unwrap();
    assert!(interpreter.take(&run(), buffer).chunks.is_empty());
    let format = ChunkBuilder::new("/raw")
        .column(Column::new(wire::component::IMAGE_FORMAT, [format]))
        .build()
        .unwrap();
    let taken = interpreter.take(&run(), format);
    let raw = taken.chunks.iter().find_map(|chunk| match &chunk.rows {
        Rows::Logged(rows) => rows.content.iter().find_map(|content| match content {
            Content::Samples(StreamKind::Image, samples) => samples.first().cloned(),
            _ => None,
        }),
        Rows::Track(..) => None,
    });
    let raw = raw.unwrap();
    assert_eq!(
        (raw.config.codec, &raw.data[..]),
        (Codec::Raw, &b"rgbRGB"[..])
    );
    assert_eq!(
        raw.facts.map(|facts| (facts.width, facts.height)),
        Some((2, 1))
    );
}

#[test]
fn a_length_that_looks_like_a_start_code_is_a_length_still() {
    let mut interpreter = Interpreter::default();
    interpreter.take(&run(), codec(H264));
    let nals = with_lengths(&clip("h264.h264"));
    let sets: Vec<u8> = nals.iter().take(2).flatten().copied().collect();
    // 00 00 01 2c, and 300 bytes of a slice that cannot be read.
    let slice = [&[0, 0, 1, 0x2c, 0x41][..], &[0x9a; 299]].concat();
    let taken = interpreter.take(&run(), samples(0, &[&sets, &slice]));
    let framings = content(&taken.chunks)
        .into_iter()
        .map(|it| it.config.framing);
    assert_eq!(framings.collect::<Vec<_>>(), [Framing::Lengths(4); 2]);
}

/// What is told of a column, logged twice.
fn told_of(column: Column) -> Vec<String> {
    let mut interpreter = Interpreter::default();
    let mut told = Vec::new();
    for time in 0..2 {
        let chunk = ChunkBuilder::new("/cam")
            .times("frame", TimeKind::Sequence, vec![time])
            .column(Column::new(VIDEO_STREAM_CODEC, [H264]))
            .column(column.clone())
            .build()
            .unwrap();
        told.extend(interpreter.take(&run(), chunk).warnings);
    }
    told.iter().map(ToString::to_string).collect()
}

#[test]
fn values_of_another_type_than_their_component_has_are_told_once() {
    let text = told_of(Column::new(VIDEO_STREAM_SAMPLE, ["hello"]));
    assert_eq!(
        text,
        ["/cam: VideoStream:sample is Utf8, bytes are expected"]
    );
    let number = told_of(Column::new(wire::component::ENCODED_IMAGE_BLOB, [7_u32]));
    assert_eq!(
        number,
        ["/cam: EncodedImage:blob is UInt32, bytes are expected"]
    );
    let name = wire::component::VIDEO_FRAME_REFERENCE_VIDEO_REFERENCE;
    let reference = told_of(Column::new(name, [7_u32]));
    assert_eq!(reference.len(), 1, "{reference:?}");
    let good = told_of(Column::new(VIDEO_STREAM_SAMPLE, [&[0, 0, 0, 1, 9, 16][..]]));
    assert_eq!(good, [""; 0]);
}

#[test]
fn a_codec_that_is_no_number_is_told() {
    let mut interpreter = Interpreter::default();
    let chunk = ChunkBuilder::new("/cam")
        .column(Column::new(VIDEO_STREAM_CODEC, ["h264"]))
        .build()
        .unwrap();
    let told = interpreter.take(&run(), chunk).warnings;
    assert_eq!(told.len(), 1);
    assert!(told[0].problem.contains("UInt32"), "{told:?}");
}

#[test]
fn times_of_references_may_be_integers_of_any_size() {
    let name = wire::component::VIDEO_FRAME_REFERENCE_TIMESTAMP;
    let chunk = ChunkBuilder::new("/cam")
        .times("frame", TimeKind::Sequence, vec![0])
        .column(Column::new(name, [40_000_000_u32]))
        .build()
        .unwrap();
    let taken = Interpreter::default().take(&run(), chunk);
    assert_eq!(taken.warnings, []);
    let Rows::Logged(rows) = &taken.chunks[0].rows else {
        panic!("no rows");
    };
    let is_reference = |content: &Content| matches!(content, Content::References(all) if all[..] == [(0, 40_000_000)]);
    assert!(rows.content.iter().any(is_reference), "{:?}", rows.content);
}
