//! Uncoded pictures of every layout and type, with bytes written out here.

use bytes::Bytes;
use reelscope_media::{Codec, CodecConfig, Framing};

use crate::pictures::{decoded, uncoded};

type Numbers = (Option<u8>, Option<u8>, Option<u8>);

const fn pixel_format(number: u8) -> Numbers {
    (Some(number), None, None)
}

const fn interleaved(model: u8, ty: u8) -> Numbers {
    (None, Some(model), Some(ty))
}

fn floats(values: &[f32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

/// Four values of a type.
struct Typed {
    /// The type's number.
    number: u8,
    /// Their bytes.
    bytes: [&'static [u8]; 4],
    /// The floats they stand for.
    values: [f32; 4],
    /// What the last one is as alpha.
    alpha: f32,
}

/// Types with values whose bytes follow from two's complement and from IEEE 754: in half precision
/// 0x3c00 is 1, 0xc100 is -2.5, 0x0001 is 2^-24.
#[rustfmt::skip]
static TYPED: &[Typed] = &[
    Typed {
        number: 7,
        bytes: [&[0x80], &[0xff], &[3], &[127]],
        values: [-128.0, -1.0, 3.0, 127.0],
        alpha: 1.0,
    },
    Typed {
        number: 9,
        bytes: [&[0, 0x80], &[0xfe, 0xff], &[0x2c, 1], &[0xff, 0x7f]],
        values: [-32768.0, -2.0, 300.0, 32767.0],
        alpha: 1.0,
    },
    Typed {
        number: 10,
        bytes: [&[0; 4], &[0, 0, 1, 0], &[7, 0, 0, 0], &[0xff; 4]],
        values: [0.0, 65536.0, 7.0, 4_294_967_295.0],
        alpha: 1.0,
    },
    Typed {
        number: 11,
        bytes: [&[0xff; 4], &[0, 0, 0, 0x80], &[9, 0, 0, 0], &[0xff, 0xff, 0xff, 0x7f]],
        values: [-1.0, -2_147_483_648.0, 9.0, 2_147_483_647.0],
        alpha: 1.0,
    },
    Typed {
        number: 12,
        bytes: [&[5, 0, 0, 0, 0, 0, 0, 0], &[0, 0, 0, 0, 1, 0, 0, 0], &[0; 8], &[0xff; 8]],
        values: [5.0, 4_294_967_296.0, 0.0, 18_446_744_073_709_551_615.0],
        alpha: 1.0,
    },
    Typed {
        number: 13,
        bytes: [&[0xff; 8], &[0, 0, 0, 0, 0, 0, 0, 0x80], &[0; 8], &[1, 0, 0, 0, 0, 0, 0, 0]],
        values: [-1.0, -9_223_372_036_854_775_808.0, 0.0, 1.0],
        alpha: 1.0 / 9_223_372_036_854_775_807.0,
    },
    Typed {
        number: 33,
        bytes: [&[0, 0x3c], &[0, 0xc1], &[1, 0], &[0, 0x38]],
        values: [1.0, -2.5, 5.960_464_5e-8, 0.5],
        alpha: 0.5,
    },
    Typed {
        number: 34,
        bytes: [&[0, 0, 0x80, 0x3f], &[0, 0, 0x20, 0xc0], &[0; 4], &[0, 0, 0, 0x3f]],
        values: [1.0, -2.5, 0.0, 0.5],
        alpha: 0.5,
    },
    Typed {
        number: 35,
        bytes: [
            &[0, 0, 0, 0, 0, 0, 0xf0, 0x3f],
            &[0, 0, 0, 0, 0, 0, 0x04, 0xc0],
            &[0; 8],
            &[0, 0, 0, 0, 0, 0, 0xe0, 0x3f],
        ],
        values: [1.0, -2.5, 0.0, 0.5],
        alpha: 0.5,
    },
];

#[test]
fn every_type_that_is_no_shade_of_8_or_16_bits_becomes_floats_of_the_same_value() {
    for typed in TYPED {
        let (ty, bytes, values, alpha) = (typed.number, typed.bytes, typed.values, typed.alpha);
        let grey = Bytes::from(bytes.concat());
        let (packed, name, range) = uncoded((2, 2), interleaved(1, ty), grey).planes();
        assert_eq!(name, "grayf32le", "{ty}");
        assert_eq!(packed, floats(&values), "{ty}");
        let low = values.iter().copied().fold(f32::INFINITY, f32::min);
        let high = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        assert_eq!(range, Some([low, high]), "{ty}");

        let three = Bytes::from(bytes[..3].concat());
        let (rgb, name, _) = uncoded((1, 1), interleaved(2, ty), three.clone()).planes();
        assert_eq!((name.as_str(), rgb), ("rgbf32le", floats(&values[..3])));
        let (bgr, name, _) = uncoded((1, 1), interleaved(4, ty), three).planes();
        assert_eq!((name.as_str(), bgr), ("bgrf32le", floats(&values[..3])));

        let four = Bytes::from(bytes.concat());
        let (rgba, name, _) = uncoded((1, 1), interleaved(3, ty), four.clone()).planes();
        let colors = [values[0], values[1], values[2], alpha];
        assert_eq!(
            (name.as_str(), rgba),
            ("rgbaf32le", floats(&colors)),
            "{ty}"
        );
        let (bgra, name, range) = uncoded((1, 1), interleaved(5, ty), four).planes();
        assert_eq!(
            (name.as_str(), bgra),
            ("bgraf32le", floats(&colors)),
            "{ty}"
        );
        let low = values[..3].iter().copied().fold(f32::INFINITY, f32::min);
        assert_eq!(range.unwrap()[0], low, "{ty}");
    }
}

#[test]
fn shades_of_8_and_16_bits_stay_what_they_are() {
    let words = Bytes::from_static(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
    for (model, ty, size, name, expected) in [
        (1, 6, (4, 4), "gray", &[1, 2, 3, 4][..]),
        (1, 8, (4, 2), "gray16le", &[1, 2, 3, 4]),
        (2, 6, (5, 1), "rgb24", &[1, 2, 3, 4]),
        (3, 6, (4, 1), "rgba", &[1, 2, 3, 4]),
        (4, 6, (5, 1), "bgr24", &[1, 2, 3, 4]),
        (5, 6, (4, 1), "bgra", &[1, 2, 3, 4]),
        (2, 8, (2, 1), "rgb48le", &[1, 2, 3, 4, 5, 6, 7, 8]),
        (3, 8, (2, 1), "rgba64le", &[1, 2, 3, 4, 5, 6, 7, 8]),
        (4, 8, (2, 1), "bgr48le", &[1, 2, 3, 4, 5, 6, 7, 8]),
        (5, 8, (2, 1), "bgra64le", &[1, 2, 3, 4, 5, 6, 7, 8]),
    ] {
        let (packed, found, range) = uncoded(size, interleaved(model, ty), words.clone()).planes();
        assert_eq!(found, name);
        assert_eq!(&packed[..expected.len()], expected, "{name}");
        assert_eq!(range.is_some(), model == 1, "{name}");
    }
}

#[test]
fn planes_of_odd_sizes_follow_each_other() {
    // 3 × 3: luma from 1, Cb from 50, Cr from 80.
    let luma: Vec<u8> = (1..10).collect();
    let planes = |chroma: u8| -> Vec<u8> {
        let planes = [
            luma.clone(),
            (50..50 + chroma).collect(),
            (80..80 + chroma).collect(),
        ];
        planes.concat()
    };
    for (number, name, bytes) in [
        (20, "yuv420p", planes(4)),
        (44, "yuv420p", planes(4)),
        (49, "yuv422p", planes(6)),
        (50, "yuv422p", planes(6)),
        (39, "yuv444p", planes(9)),
        (40, "yuv444p", planes(9)),
        (
            26,
            "nv12",
            [&luma[..], &[50, 80, 51, 81, 52, 82, 53, 83]].concat(),
        ),
        (30, "gray", luma.clone()),
        (41, "gray", luma.clone()),
        (128, "bayer_rggb8", luma.clone()),
        (129, "bayer_bggr8", luma.clone()),
        (130, "bayer_gbrg8", luma.clone()),
        (131, "bayer_grbg8", luma.clone()),
    ] {
        let picture = Bytes::from(bytes.clone());
        let (packed, found, _) = uncoded((3, 3), pixel_format(number), picture).planes();
        assert_eq!((found.as_str(), packed), (name, bytes), "{number}");
    }
    // Two rows of Y Cb Y Cr, Y Cb (padding) Cr.
    let yuy2 = [1, 50, 2, 80, 3, 51, 99, 81, 4, 52, 5, 82, 6, 53, 99, 83];
    let (packed, name, _) =
        uncoded((3, 2), pixel_format(27), Bytes::copy_from_slice(&yuy2)).planes();
    assert_eq!((name.as_str(), &packed[..]), ("yuyv422", &yuy2[..]));
}

#[test]
fn planes_are_shared_and_not_copied() {
    for numbers in [
        pixel_format(20),
        pixel_format(26),
        pixel_format(27),
        interleaved(2, 8),
        interleaved(4, 6),
        interleaved(5, 6),
        interleaved(1, 34),
    ] {
        let bytes = Bytes::from(vec![7; 4 * 4 * 6]);
        let frame = uncoded((4, 4), numbers, bytes.clone()).frame.unwrap();
        assert_eq!(
            frame.planes()[0].data.as_ptr(),
            bytes.as_ptr(),
            "{numbers:?}"
        );
    }
}

#[test]
fn a_picture_that_is_too_short_is_damaged_and_says_by_how_much() {
    let outcome = uncoded((4, 4), interleaved(2, 8), Bytes::from(vec![0; 95]));
    assert!(outcome.frame.is_none());
    let error = outcome.error.unwrap();
    assert!(
        error.contains("95 bytes") && error.contains("needs 96"),
        "{error}"
    );
    // What is behind a picture is not looked at.
    let outcome = uncoded((4, 4), interleaved(2, 8), Bytes::from(vec![0; 97]));
    assert!(outcome.frame.is_some());
}

#[test]
fn a_picture_that_is_too_large_or_has_no_format_is_refused() {
    for size in [(20_000, 1), (16_384, 16_384)] {
        let outcome = uncoded(size, interleaved(3, 35), Bytes::from_static(&[0; 64]));
        assert!(outcome.error.unwrap().contains(&size.0.to_string()));
    }
    let config = CodecConfig {
        codec: Codec::Raw,
        framing: Framing::Whole,
        record: Bytes::from_static(b"abc"),
    };
    assert!(decoded(config, Bytes::new()).error.is_some());
}
