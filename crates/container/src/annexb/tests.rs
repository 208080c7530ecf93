//! Raw byte streams built by hand.

use bytes::Bytes;

use super::*;

fn heads(stream: &[u8]) -> Vec<(u64, Vec<u8>)> {
    let source = Bytes::copy_from_slice(stream);
    let mut window = Window::new(&source, WINDOW);
    let mut heads = Vec::new();
    each_nal(&mut window, |start, nal| {
        heads.push((start, nal.to_vec()));
        true
    })
    .unwrap();
    heads
}

#[test]
fn nal_units_are_found_behind_short_and_long_start_codes() {
    let stream = [
        0, 0, 0, 1, 0x67, 1, 2, 0, 0, 1, 0x68, 3, 0, 0, 0, 1, 0x65, 4,
    ];
    let expected = [
        (0, vec![0x67, 1, 2]),
        (7, vec![0x68, 3, 0]),
        (12, vec![0x65, 4]),
    ];
    assert_eq!(heads(&stream), expected);
}

#[test]
fn nal_units_at_every_place_around_the_end_of_the_window_are_found_once() {
    for shift in 0..12 {
        let mut stream = vec![0, 0, 1, 0x65];
        stream.resize(WINDOW - 8 + shift, 0xAA);
        let second = stream.len() as u64;
        stream.extend([0, 0, 1, 0x41, 9, 9]);
        let places: Vec<u64> = heads(&stream).iter().map(|(start, _)| *start).collect();
        assert_eq!(places, [0, second], "shifted by {shift}");
        assert_eq!(heads(&stream)[1].1, [0x41, 9, 9]);
    }
}

#[test]
fn a_stream_of_start_codes_alone_is_walked_once() {
    let stream = crate::access_units::START_CODE.repeat(2 * WINDOW / 3);
    assert_eq!(heads(&stream).len(), 2 * WINDOW / 3);
}

#[test]
fn the_two_codecs_are_told_apart() {
    let h264 = [
        0, 0, 1, 0x67, 66, 0, 30, 0, 0, 1, 0x68, 1, 2, 0, 0, 1, 0x65, 0x88, 1, 2,
    ];
    let h265 = [
        0, 0, 1, 0x40, 1, 9, 0, 0, 1, 0x42, 1, 9, 0, 0, 1, 0x44, 1, 9, 0, 0, 1, 0x26, 1, 0x80,
    ];
    assert_eq!(
        (probe_h264(&h264, "a.h264"), probe_h265(&h264, "a.h264")),
        (90, 0)
    );
    assert_eq!(
        (probe_h264(&h265, "a.h264"), probe_h265(&h265, "a.h264")),
        (0, 80)
    );
}

#[test]
fn mpeg_program_streams_and_zeros_are_neither() {
    let pack = [
        0, 0, 1, 0xBA, 0x44, 0, 4, 0, 0, 1, 0xBB, 0, 0, 0, 1, 0xE0, 1, 1,
    ];
    assert_eq!(
        (probe_h264(&pack, "a.264"), probe_h265(&pack, "a.265")),
        (0, 0)
    );
    assert_eq!(
        (probe_h264(&[0; 99], "a.264"), probe_h265(&[0; 99], "a.265")),
        (0, 0)
    );
}
