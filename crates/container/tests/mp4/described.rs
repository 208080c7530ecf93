//! What sample entries and track headers say: codecs, configurations, placement, colour.

use std::sync::Arc;

use bytes::Bytes;
use reelscope_container::{ContainerError, open};
use reelscope_media::{
    Codec, ContentLight, FieldOrder, Framing, HdrFacts, Matrix, Orientation, Primaries, Range,
    Ratio, Transfer,
};

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

/// A movie with one sample entry of this kind.
fn described(kind: &[u8; 4], inside: &[Vec<u8>]) -> reelscope_container::Movie {
    let entries = vec![entry(kind, &inside.concat())];
    movie(
        Plain {
            entries,
            ..Plain::default()
        }
        .file(),
    )
}

fn halves(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|it| it.to_be_bytes()).collect()
}

#[test]
fn brightness_is_read_from_the_boxes_of_both_kinds() {
    // The same display twice: BT.2020 and D65, 0.005 to 1000 cd/m². ISO/IEC 14496-12 has it as green,
    // blue, red in steps of 0.00002 and 0.0001, the VP9 binding as red, green, blue in 0.16, 24.8 and
    // 18.14 fixed point.
    let steps = [8500, 39850, 6550, 2300, 35400, 14600, 15635, 16450];
    let mdcv = [halves(&steps), words(&[10_000_000, 50])].concat();
    let fractions = [0.708, 0.292, 0.170, 0.797, 0.131, 0.046, 0.3127, 0.3290];
    let fractions = fractions.map(|value: f64| (value * 65_536.0).round() as u16);
    let smdm = [halves(&fractions), words(&[1000 << 8, 82])].concat();
    let light = halves(&[1000, 400]);
    let iso = [boxed(b"mdcv", &mdcv), boxed(b"clli", &light)];
    let vpx = [full(b"SmDm", 0, 0, &smdm), full(b"CoLL", 0, 0, &light)];
    for inside in [iso, vpx] {
        let hdr = video(&described(b"jpeg", &inside)).hdr;
        let display = hdr.mastering.unwrap();
        assert_eq!(
            display.primaries,
            [[35400, 14600], [8500, 39850], [6550, 2300]]
        );
        assert_eq!(display.white, [15635, 16450]);
        assert_eq!(
            (display.max_luminance, display.min_luminance),
            (10_000_000, 50)
        );
        let stated = ContentLight {
            max_content: 1000,
            max_frame_average: 400,
        };
        assert_eq!(hdr.content_light, Some(stated));
    }
    let cut = [
        boxed(b"mdcv", &mdcv[..23]),
        boxed(b"clli", &[0]),
        boxed(b"fiel", &[2]),
        boxed(b"colr", b"ncl"),
    ];
    assert_eq!(video(&described(b"jpeg", &cut)).hdr, HdrFacts::default());
}

#[test]
fn the_first_field_is_that_of_the_box() {
    // QuickTime File Format, "fiel": 1 and 14 show the top field first, 6 and 9 the bottom field.
    for (detail, order) in [
        (1, Some(FieldOrder::TopFirst)),
        (6, Some(FieldOrder::BottomFirst)),
        (9, Some(FieldOrder::BottomFirst)),
        (14, Some(FieldOrder::TopFirst)),
        (0, None),
    ] {
        let movie = described(b"jpeg", &[boxed(b"fiel", &[2, detail])]);
        let facts = &video(&movie).facts;
        assert_eq!((facts.interlaced, facts.field_order), (true, order));
    }
    let movie = described(b"jpeg", &[boxed(b"fiel", &[1, 0])]);
    assert!(!video(&movie).facts.interlaced);
}

#[test]
fn what_is_not_applied_is_told() {
    let profile = described(b"jpeg", &[boxed(b"colr", b"prof....")]);
    let remark = video(&profile).remark.as_deref();
    assert_eq!(remark, Some("its colour profile (ICC) is not applied"));
    // Version 1.0, profile 8 of level 6, metadata and base layer, compatible with HDR10.
    let dvvc = boxed(b"dvvC", &[1, 0, 8 << 1, 6 << 3 | 5, 1 << 4]);
    let movie = described(b"hvc1", &[dvvc]);
    let remark = video(&movie).remark.as_deref();
    assert_eq!(
        remark,
        Some("Dolby Vision profile 8.1: its HDR10 base layer is shown")
    );
    assert_eq!(video(&movie).unplayable, None);
    let dvcc = boxed(b"dvcC", &[1, 0, 5 << 1, 6 << 3 | 5, 0]);
    let movie = described(b"dvh1", &[dvcc]);
    let reason = video(&movie).unplayable.clone().unwrap();
    assert!(reason.contains("Dolby Vision profile 5"), "{reason}");
}

#[test]
fn colours_of_quicktime_and_vp9_are_read() {
    let nclc = boxed(b"colr", &[&b"nclc"[..], &[0, 6, 0, 1, 0, 6]].concat());
    let color = video(&described(b"jpeg", &[nclc])).color;
    assert_eq!(
        (color.primaries, color.matrix),
        (Primaries::SMPTE170M, Matrix::SMPTE170M)
    );
    assert_eq!(color.range, Range::Unspecified);
    // Profile 2, level 1, 10 bit 4:2:0 in full range, BT.2020, PQ.
    let vpcc = full(b"vpcC", 1, 0, &[2, 10, 0xA3, 9, 16, 9, 0, 0]);
    let movie = described(b"vp09", &[vpcc]);
    let color = video(&movie).color;
    assert_eq!(
        (color.primaries, color.transfer, color.matrix),
        (Primaries::BT2020, Transfer::PQ, Matrix::BT2020_NCL)
    );
    assert_eq!(video(&movie).color().range, Range::Full);
}
