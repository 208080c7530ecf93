//! Code values to R'G'B', for every matrix, range, depth and layout.

use reelscope_media::{
    BayerPattern, Chroma, ChromaSite, ColorInfo, Layout, Matrix, Packing, PixelFormat, Primaries,
    Range, Transfer,
};
use reelscope_render::Renderer;

use crate::gpu::{render, renderer};
use crate::picture::Picture;
use crate::reference;

const DEPTHS: [u8; 6] = [8, 9, 10, 12, 14, 16];
const RANGES: [Range; 2] = [Range::Limited, Range::Full];
const ODD_SIZE: (u32, u32) = (9, 7);

/// Half a step of 8 bits for rounding, and a thousandth of white for single precision.
const TOLERANCE: f64 = 0.5 / 255.0 + 0.001;

/// Holds the rendered picture at 1:1 against the reference.
fn check(renderer: &mut Renderer, format: PixelFormat, color: ColorInfo) {
    let picture = Picture::noise(format, ODD_SIZE);
    let image = render(renderer, &picture, color, ODD_SIZE);
    let expected = reference::pixels(&picture, color);
    for (index, (pixel, expected)) in image.pixels.chunks(4).zip(&expected).enumerate() {
        // What is wholly transparent has no colour.
        let first = if expected[3] == 0.0 { 3 } else { 0 };
        for channel in first..4 {
            let (is, should) = (
                f64::from(pixel[channel]) / 255.0,
                expected[channel].clamp(0.0, 1.0),
            );
            assert!(
                (is - should).abs() <= TOLERANCE,
                "{} with {color:?}: channel {channel} of pixel {index} is {} instead of {}",
                format.name(),
                is * 255.0,
                should * 255.0,
            );
        }
    }
}

fn color(matrix: Matrix, range: Range) -> ColorInfo {
    ColorInfo {
        range,
        matrix,
        primaries: Primaries::SMPTE432,
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
    let mut renderer = renderer();
    let matrices = [
        Matrix::BT709,
        Matrix::FCC,
        Matrix::BT470BG,
        Matrix::SMPTE170M,
        Matrix::SMPTE240M,
        Matrix::YCGCO,
        Matrix::BT2020_NCL,
        Matrix::CHROMA_NCL,
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
    for format in layouts.into_iter().flat_map(formats) {
        for matrix in matrices {
            for range in RANGES {
                check(&mut renderer, format, color(matrix, range));
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
        let image = render(
            &mut renderer,
            &picture,
            color(matrix, Range::Limited),
            (1, 1),
        );
        for (is, should) in image.pixels.iter().zip(rgb) {
            // The printed code values are rounded.
            assert!(
                is.abs_diff(should) <= 1,
                "{matrix:?} {codes:?}: {:?}",
                image.pixels
            );
        }
    }
}

#[test]
fn whiter_than_white_is_white_and_blacker_than_black_is_black() {
    let format = PixelFormat::planar(Chroma::Mono, 10);
    let picture = Picture::new(format, (4, 1), |_, x, _| [0, 64, 940, 1023][x as usize]);
    let image = render(
        &mut renderer(),
        &picture,
        color(Matrix::BT709, Range::Limited),
        (4, 1),
    );
    let greys: Vec<u8> = image.pixels.chunks(4).map(|pixel| pixel[0]).collect();
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
