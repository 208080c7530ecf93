//! Transport streams built by hand.

use bytes::Bytes;
use reelscope_media::{Pts, Sample, SampleId};

use super::*;

const VIDEO_PID: u16 = 0x100;

/// A packet with a payload of at most 184 bytes, filled up by an adaptation field.
fn packet(pid: u16, starts_unit: bool, payload: &[u8]) -> Vec<u8> {
    let [p0, p1] = pid.to_be_bytes();
    let mut packet = vec![0x47, p0 | u8::from(starts_unit) << 6, p1];
    match 184 - payload.len() {
        0 => packet.push(0x10),
        1 => packet.extend([0x30, 0]),
        room => {
            packet.extend([0x30, u8::try_from(room - 1).unwrap(), 0]);
            packet.resize(188 - payload.len(), 0xFF);
        }
    }
    packet.extend(payload);
    packet
}

/// A section behind its pointer; nobody looks at the check sum.
fn section(pid: u16, table: u8, inside: &[u8]) -> Vec<u8> {
    let len = u8::try_from(5 + inside.len() + 4).unwrap();
    packet(
        pid,
        true,
        &[&[0, table, 0xB0, len, 0, 1, 0xC1, 0, 0], inside, &[0; 4]].concat(),
    )
}

/// One program with one stream of this type.
fn tables(stream_type: u8) -> Vec<u8> {
    let association = section(0, 0, &[0, 1, 0xF0, 0x00]);
    let map = section(
        0x1000,
        2,
        &[0xE1, 0, 0xF0, 0, stream_type, 0xE1, 0, 0xF0, 0],
    );
    [association, map].concat()
}

/// A PES packet with a presentation time, spread over as many packets as it needs, with a packet of
/// another stream between any two.
fn pes(pts: u64, inside: &[u8]) -> Vec<u8> {
    let [_, _, _, high, b, c, d, e] = pts.to_be_bytes();
    let bits = u64::from_be_bytes([0, 0, 0, high, b, c, d, e]);
    let byte = |shift: u32, mask: u64| u8::try_from(bits >> shift & mask).unwrap();
    let header = [
        0,
        0,
        1,
        0xE0,
        0,
        0,
        0x80,
        0x80,
        5,
        0x21 | byte(30, 7) << 1,
        byte(22, 0xFF),
        byte(15, 0x7F) << 1 | 1,
        byte(7, 0xFF),
        byte(0, 0x7F) << 1 | 1,
    ];
    let whole = [&header, inside].concat();
    let pieces = whole.chunks(184).enumerate();
    let other = packet(0x1FFF, false, &[0; 184]);
    pieces
        .flat_map(|(at, piece)| [packet(VIDEO_PID, at == 0, piece), other.clone()].concat())
        .collect()
}

/// An access unit of H.264: a delimiter, and a slice of a parameter set that never came.
fn unit(len: usize, filler: u8) -> Vec<u8> {
    let mut unit = vec![0, 0, 0, 1, 9, 0x10, 0, 0, 1, 0x65, 0x88];
    unit.resize(len, filler);
    unit
}

fn opened(bytes: &[u8]) -> Movie {
    assert!(probe(bytes, "") > 0);
    let source: Arc<dyn ByteSource> = Arc::new(Bytes::copy_from_slice(bytes));
    open(&source).unwrap()
}

fn sample(track: &Track, number: u32) -> (&Sample, Bytes) {
    let sample = track.samples.get(SampleId(number)).unwrap();
    (sample, sample.data.load(&*track.source).unwrap())
}

#[test]
fn access_units_are_gathered_from_their_packets() {
    let units = [unit(1000, 0xAA), unit(20, 0xBB), unit(400, 0xCC)];
    let stream = [
        tables(0x1B),
        pes(90_000, &units[0]),
        pes(93_600, &[&units[1][..], &units[2]].concat()),
    ];
    let movie = opened(&stream.concat());
    let track = &movie.tracks[0];
    assert_eq!(
        (track.id, track.codec, track.samples.len()),
        (0x100, Codec::H264, 3)
    );
    for (number, unit) in (0..).zip(&units) {
        assert_eq!(sample(track, number).1, unit);
    }
    // The third one has no time of its own, and follows at 25 frames per second.
    let times = [0, 1, 2].map(|number| sample(track, number).0.pts);
    assert_eq!(times, [Pts(90_000), Pts(93_600), Pts(97_200)]);
}

#[test]
fn a_part_of_a_sample_can_be_had() {
    let stream = [
        tables(0x1B),
        pes(0, &unit(1000, 0xAA)),
        pes(3_600, &unit(300, 0xBB)),
    ]
    .concat();
    let track = &opened(&stream).tracks[0];
    let part = track.source.load(1_000, 100).unwrap();
    assert_eq!(part, unit(300, 0xBB)[..100]);
    assert_eq!(track.source.load(1_200, 100).unwrap(), [0xBB; 100][..]);
    assert!(track.source.load(1_290, 100).is_err());
}

#[test]
fn packets_with_time_stamps_in_front_and_lost_bytes_between_are_found() {
    let plain = [
        tables(0x1B),
        pes(0, &unit(3_000, 0xAA)),
        pes(3_600, &unit(300, 0xBB)),
    ]
    .concat();
    let stamped: Vec<u8> = plain
        .chunks(188)
        .flat_map(|packet| [&[1, 2, 3, 4], packet].concat())
        .collect();
    assert_eq!(opened(&stamped).tracks[0].samples.len(), 2);
    let damaged = [&plain[..188 * 36], &[0; 77], &plain[188 * 36..]].concat();
    let movie = opened(&damaged);
    assert_eq!(sample(&movie.tracks[0], 1).1, unit(300, 0xBB));
}

#[test]
fn a_video_codec_that_is_not_known_is_named() {
    let movie = opened(&[tables(0x02), pes(0, &[0; 99])].concat());
    let reason = movie.tracks[0].unplayable.as_deref();
    assert_eq!(reason, Some("its codec MPEG-2 video is not known"));
}

#[test]
fn sound_alone_is_no_video() {
    let stream = Bytes::from([tables(0x0F), pes(0, &[0; 99])].concat());
    let source: Arc<dyn ByteSource> = Arc::new(stream);
    let opened = open(&source);
    assert!(matches!(opened, Err(ContainerError::NoVideo { found, .. }) if found == "aac"));
}

#[test]
fn a_stream_that_no_program_lists_is_found_by_its_bytes() {
    let stream = [pes(0, &unit(1000, 0xAA)), pes(3_600, &unit(300, 0xBB))].concat();
    let movie = opened(&stream);
    assert_eq!(movie.tracks[0].codec, Codec::H264);
    assert_eq!(sample(&movie.tracks[0], 1).1, unit(300, 0xBB));
}
