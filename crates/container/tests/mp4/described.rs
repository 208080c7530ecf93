//! What sample entries and track headers say: codecs, configurations, placement, colour.

use std::sync::Arc;

use bytes::Bytes;
use reelscope_container::{ContainerError, open};
use reelscope_media::{Codec, Framing, Matrix, Orientation, Primaries, Range, Ratio, Transfer};

use super::build::{Plain, UPRIGHT, boxed, entry, full, words};
use super::{hundreds, movie, shown, video};

#[test]
fn sound_alone_is_no_video() {
    let plain = Plain {
        handler: b"soun",
        entries: vec![entry(b"mp4a", &[])],
        ..Plain::default()
    };
    let error = open(Arc::new(Bytes::from(plain.file())), "a.m4a").unwrap_err();
    assert!(matches!(error, ContainerError::NoVideo { .. }), "{error}");
}

#[test]
fn encrypted_and_foreign_codecs_are_named() {
    let sinf = boxed(
        b"sinf",
        &[
            boxed(b"frma", b"avc1"),
            full(b"schm", 0, 0, b"cbcs\0\x01\0\0"),
        ]
        .concat(),
    );
    let named = |kind, inside: &[u8]| {
        let movie = movie(
            Plain {
                entries: vec![entry(kind, inside)],
                ..Plain::default()
            }
            .file(),
        );
        let track = video(&movie);
        (
            track.codec,
            track.codec_string.clone(),
            track.unplayable.clone().unwrap_or_default(),
        )
    };
    let (codec, _, reason) = named(b"encv", &sinf);
    assert_eq!(
        (codec, reason.as_str()),
        (Codec::H264, "it is encrypted (cbcs)")
    );
    let (codec, string, reason) = named(b"apch", &[]);
    assert_eq!((codec, string.as_str()), (Codec::Unknown, "apch"));
    assert_eq!(reason, "Apple ProRes (apch) is not supported");
    // objectTypeIndication 0x6C is JPEG (ISO/IEC 14496-1, table of object types).
    let esds = full(b"esds", 0, 0, &[3, 19, 0, 1, 0, 4, 13, 0x6C, 0x11, 0, 0, 0]);
    assert_eq!(named(b"mp4v", &esds).0, Codec::Jpeg);
    assert_eq!(
        named(b"mp4v", &[]).2,
        "MPEG-4 Part 2 (mp4v) is not supported"
    );
}

#[test]
fn samples_know_which_description_they_are_coded_with() {
    let record = |profile: u8| boxed(b"avcC", &[1, profile, 0, 30, 0xFD, 0xE0, 0]);
    let entries = vec![entry(b"avc1", &record(66)), entry(b"avc1", &record(100))];
    let chunks = vec![[1, 6, 1], [2, 4, 2]];
    let movie = movie(
        Plain {
            entries,
            chunks,
            sync: Some(vec![[1]]),
            ..Plain::default()
        }
        .file(),
    );
    let track = video(&movie);
    let configs: Vec<u8> = track
        .configs
        .iter()
        .map(|config| config.record[1])
        .collect();
    assert_eq!(configs, [66, 100]);
    let of = |number: usize| {
        track
            .samples
            .get(track.samples.shown()[number])
            .unwrap()
            .config
    };
    assert_eq!([of(5), of(6)], [0, 1]);
    assert_eq!(track.configs[0].framing, Framing::Lengths(2));
}

#[test]
fn of_several_codecs_in_one_track_the_first_is_played() {
    let entries = vec![entry(b"vp08", &[]), entry(b"vp09", &[])];
    let chunks = vec![[1, 6, 1], [2, 4, 2]];
    let plain = Plain {
        entries,
        chunks,
        sync: Some(vec![[1]]),
        ..Plain::default()
    };
    assert_eq!(shown(plain.file()), hundreds(0..6));
}

#[test]
fn a_matrix_turns_and_mirrors() {
    // What a point (x, y) becomes, y down, by ISO/IEC 14496-12 §6.2.2: (ax + cy, bx + dy).
    let oriented = |[a, b, c, d]: [i64; 4]| {
        let mut matrix = UPRIGHT;
        (matrix[0], matrix[1], matrix[3], matrix[4]) = (a << 16, b << 16, c << 16, d << 16);
        video(&movie(
            Plain {
                matrix,
                ..Plain::default()
            }
            .file(),
        ))
        .geometry
        .orientation
    };
    let is = |quarter_turns, mirrored| Orientation {
        quarter_turns,
        mirrored,
    };
    assert_eq!(oriented([1, 0, 0, 1]), is(0, false));
    assert_eq!(oriented([0, 1, -1, 0]), is(1, false));
    assert_eq!(oriented([-1, 0, 0, -1]), is(2, false));
    assert_eq!(oriented([0, -1, 1, 0]), is(3, false));
    assert_eq!(oriented([-1, 0, 0, 1]), is(0, true));
    assert_eq!(oriented([1, 0, 0, -1]), is(2, true));
    // Transposed: the left column becomes the top row.
    assert_eq!(oriented([0, 1, 1, 0]), is(3, true));
    assert_eq!(oriented([0, -1, -1, 0]), is(1, true));
}

#[test]
fn pixel_shape_aperture_and_colour_are_those_of_the_boxes() {
    let inside = [
        boxed(b"pasp", &words(&[8, 9])),
        // 60 × 40 pixels, one to the right of the centre, two above it.
        boxed(b"clap", &words(&[60, 1, 40, 1, 1, 1, -2, 1])),
        boxed(
            b"colr",
            &[&b"nclx"[..], &[0, 9, 0, 16, 0, 9, 0x80]].concat(),
        ),
    ];
    let entries = vec![entry(b"jpeg", &inside.concat())];
    let movie = movie(
        Plain {
            entries,
            ..Plain::default()
        }
        .file(),
    );
    let track = video(&movie);
    assert_eq!(track.geometry.pixel_aspect, Ratio::new(8, 9));
    assert_eq!(track.geometry.clean_aperture, Some([3, 2, 60, 40]));
    assert_eq!(track.color.range, Range::Full);
    assert_eq!(track.color.matrix, Matrix::BT2020_NCL);
    assert_eq!(track.color.primaries, Primaries::BT2020);
    assert_eq!(track.color.transfer, Transfer::PQ);
    assert_eq!((track.facts.width, track.facts.height), (64, 48));
}
