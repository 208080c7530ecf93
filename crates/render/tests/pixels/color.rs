//! Code values to R'G'B', for every matrix, range, depth and layout, on both kinds of adapters.

use reelscope_media::{
    BayerPattern, Chroma, ChromaSite, ColorInfo, Layout, Matrix, Packing, PixelFormat, Primaries,
    Range, Transfer,
};
use reelscope_render::{Look, Renderer, probe};

use crate::gpu::{render_exactly, renderer, renderers};
use crate::picture::Picture;
use crate::reference;

const DEPTHS: [u8; 6] = [8, 9, 10, 12, 14, 16];
const RANGES: [Range; 2] = [Range::Limited, Range::Full];
const ODD_SIZE: (u32, u32) = (9, 7);

/// Half a step of 8 bits for rounding, and a thousandth of white for single precision.
const TOLERANCE: f64 = 0.5 / 255.0 + 0.001;

/// BT.2020 prints the factors of constant luminance with four digits.
const READ_TOLERANCE: f64 = 1e-3;

/// Holds the rendered picture at 1:1, and single pixels that are read, against the reference.
fn check(renderer: &mut Renderer, format: PixelFormat, color: ColorInfo) {
    check_picture(renderer, &Picture::noise(format, ODD_SIZE), color);
}

fn check_picture(renderer: &mut Renderer, picture: &Picture, color: ColorInfo) {
    let look = Look::default();
    let pixels = render_exactly(renderer, picture, color, &look);
    let expected = reference::shown(picture, color, &look);
    let frame = picture.frame(0);
    let places = (0..picture.height).flat_map(|y| (0..picture.width).map(move |x| (x, y)));
    for ((pixel, expected), (x, y)) in pixels.iter().zip(&expected).zip(places) {
        let read = probe(&frame, color, &look, x, y).unwrap();
        // What is wholly transparent has no colour.
        let first = if expected[3] == 0.0 { 3 } else { 0 };
        for channel in first..4 {
            let (is, should) = (f64::from(pixel[channel]) / 255.0, expected[channel]);
            assert!(
                (is - should).abs() <= TOLERANCE,
                "{} with {color:?}: channel {channel} at {x}, {y} is {} instead of {}",
                picture.format.name(),
                is * 255.0,
                should * 255.0,
            );
            let read = f64::from(*read.rgb.get(channel).unwrap_or(&(should as f32)));
            assert!(
                (read - should).abs() <= READ_TOLERANCE,
                "{} with {color:?}: {read} is read at {x}, {y} instead of {should}",
                picture.format.name(),
            );
        }
    }
}

fn color(matrix: Matrix, range: Range) -> ColorInfo {
    ColorInfo {
        range,
        matrix,
        primaries: Primaries::BT709,
        transfer: Transfer::BT709,
        site: ChromaSite::Left,
    }
}

fn formats(layout: Layout) -> impl Iterator<Item = PixelFormat> {
    DEPTHS.into_iter().flat_map(move |depth| {
        let words_filled_from_above =
            matches!(layout, Layout::SemiPlanar(_) | Layout::Packed(_)) && depth > 8;
        [false, true]
            .into_iter()
            .filter(move |high_bits| !high_bits || words_filled_from_above)
            .map(move |high_bits| PixelFormat {
                layout,
                depth,
                high_bits,
            })
    })
}

#[test]
fn every_matrix_range_depth_and_chroma_layout_follows_h273() {
    let matrices = [
        Matrix::BT709,
        Matrix::FCC,
        Matrix::BT470BG,
        Matrix::SMPTE170M,
        Matrix::SMPTE240M,
        Matrix::YCGCO,
        Matrix::BT2020_NCL,
        Matrix::BT2020_CL,
        Matrix::SMPTE2085,
        Matrix::CHROMA_NCL,
        Matrix::CHROMA_CL,
    ];
    let layouts = [
        Layout::Planar(Chroma::Mono),
        Layout::Planar(Chroma::Yuv420),
        Layout::Planar(Chroma::Yuv422),
        Layout::Planar(Chroma::Yuv440),
        Layout::Planar(Chroma::Yuv411),
        Layout::Planar(Chroma::Yuv444),
        Layout::SemiPlanar(Chroma::Yuv420),
        Layout::SemiPlanar(Chroma::Yuv422),
        Layout::SemiPlanar(Chroma::Yuv444),
        Layout::SemiPlanarCrCb(Chroma::Yuv420),
        Layout::SemiPlanarCrCb(Chroma::Yuv444),
        Layout::Packed(Packing::Yuyv),
        Layout::Packed(Packing::Yvyu),
        Layout::Packed(Packing::Uyvy),
    ];
    for mut renderer in renderers() {
        for format in layouts.into_iter().flat_map(formats) {
            for matrix in matrices {
                for range in RANGES {
                    check(&mut renderer, format, color(matrix, range));
                }
            }
        }
    }
}

#[test]
fn matrices_that_are_derived_from_the_primaries_follow_them() {
    // Red, green, blue of half saturation and a ramp of greys, none outside BT.709.
    let format = PixelFormat::planar(Chroma::Yuv444, 10);
    let codes = [
        [400, 480, 560],
        [600, 490, 450],
        [300, 580, 500],
        [64, 512, 512],
        [940, 512, 512],
    ];
    let picture = Picture::new(format, (5, 1), |plane, x, _| codes[x as usize][plane]);
    for mut renderer in renderers() {
        for primaries in [Primaries::BT2020, Primaries::SMPTE432, Primaries::EBU3213] {
            for matrix in [Matrix::CHROMA_NCL, Matrix::CHROMA_CL] {
                let color = ColorInfo {
                    primaries,
                    ..color(matrix, Range::Limited)
                };
                check_picture(&mut renderer, &picture, color);
            }
        }
    }
}

#[test]
fn rgb_in_any_layout_is_only_scaled() {
    let mut renderer = renderer();
    let layouts = [
        Layout::Gbr,
        Layout::Rgb,
        Layout::Rgba,
        Layout::Bgr,
        Layout::Bgra,
    ];
    for format in layouts.into_iter().flat_map(formats) {
        for range in RANGES {
            check(&mut renderer, format, color(Matrix::IDENTITY, range));
            // A Y'CbCr matrix stated for RGB means nothing.
            check(&mut renderer, format, color(Matrix::BT709, range));
        }
    }
}

#[test]
fn full_resolution_planes_with_the_identity_matrix_are_green_blue_red() {
    let mut renderer = renderer();
    for layout in [
        Layout::Planar(Chroma::Yuv444),
        Layout::SemiPlanar(Chroma::Yuv444),
    ] {
        for format in formats(layout) {
            for range in RANGES {
                check(&mut renderer, format, color(Matrix::IDENTITY, range));
            }
        }
    }
}

#[test]
fn colour_bars_come_out_as_the_recommendations_print_them() {
    // 75 % bars in 8-bit limited range: BT.709 as in SMPTE RP 219, BT.601 as in SMPTE EG 1.
    let bars = [
        (Matrix::BT709, [180, 128, 128], [191, 191, 191]),
        (Matrix::BT709, [168, 44, 136], [191, 191, 0]),
        (Matrix::BT709, [51, 109, 212], [191, 0, 0]),
        (Matrix::SMPTE170M, [162, 44, 142], [191, 191, 0]),
        (Matrix::SMPTE170M, [65, 100, 212], [191, 0, 0]),
        (Matrix::SMPTE170M, [35, 212, 114], [0, 0, 191]),
    ];
    let mut renderer = renderer();
    for (matrix, codes, rgb) in bars {
        let format = PixelFormat::planar(Chroma::Yuv444, 8);
        let picture = Picture::new(format, (1, 1), |plane, _, _| codes[plane]);
        let color = color(matrix, Range::Limited);
        let pixels = render_exactly(&mut renderer, &picture, color, &Look::default());
        for (is, should) in pixels[0].iter().zip(rgb) {
            // The printed code values are rounded.
            assert!(is.abs_diff(should) <= 1, "{matrix:?} {codes:?}: {pixels:?}");
        }
    }
}

#[test]
fn whiter_than_white_is_white_and_blacker_than_black_is_black() {
    let format = PixelFormat::planar(Chroma::Mono, 10);
    let picture = Picture::new(format, (4, 1), |_, x, _| [0, 64, 940, 1023][x as usize]);
    let color = color(Matrix::BT709, Range::Limited);
    let pixels = render_exactly(&mut renderer(), &picture, color, &Look::default());
    let greys: Vec<u8> = pixels.iter().map(|pixel| pixel[0]).collect();
    assert_eq!(greys, [0, 0, 255, 255]);
}

#[test]
fn a_mosaic_is_demosaiced_linearly_from_the_values_around() {
    let mut renderer = renderer();
    for pattern in [
        BayerPattern::Rggb,
        BayerPattern::Bggr,
        BayerPattern::Gbrg,
        BayerPattern::Grbg,
    ] {
        for depth in [8, 12] {
            let format = PixelFormat {
                layout: Layout::Bayer(pattern),
                depth,
                high_bits: false,
            };
            check(&mut renderer, format, color(Matrix::IDENTITY, Range::Full));
        }
    }
}
