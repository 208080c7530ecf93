//! Words of 16 bits: into textures of either kind, and out of images.

use reelscope_media::{
    Chroma, ChromaSite, ColorInfo, Geometry, Layout, Matrix, PixelFormat, Primaries, Range,
    Transfer,
};
use reelscope_render::{Look, Renderer, RgbaImage};

use crate::gpu::{render, renderer, renderer_with};
use crate::picture::Picture;
use crate::reference;

fn color(matrix: Matrix, range: Range) -> ColorInfo {
    ColorInfo {
        range,
        matrix,
        primaries: Primaries::BT709,
        transfer: Transfer::SRGB,
        site: ChromaSite::Left,
    }
}

fn words(renderer: &mut Renderer, picture: &Picture, color: ColorInfo) -> RgbaImage<u16> {
    let (frame, geometry) = (picture.frame(0), Geometry::default());
    let image = renderer.render_image_16(&frame, color, &geometry, None, None, &Look::default());
    image.unwrap()
}

fn integers(layout: Layout, depth: u8) -> PixelFormat {
    PixelFormat {
        layout,
        depth,
        high_bits: false,
    }
}

#[test]
fn normalised_textures_and_integer_ones_show_the_same() {
    let mut normalised = renderer_with(None, true);
    let mut integer = renderer_with(None, false);
    for layout in [
        Layout::Planar(Chroma::Yuv420),
        Layout::SemiPlanar(Chroma::Yuv420),
        Layout::Rgb,
        Layout::Rgba,
    ] {
        for depth in [9, 10, 12, 16] {
            let picture = Picture::noise(integers(layout, depth), (31, 17));
            let color = color(Matrix::BT709, Range::Limited);
            let size = (31, 17);
            let one = render(&mut normalised, &picture, color, size);
            let other = render(&mut integer, &picture, color, size);
            assert_eq!(one, other, "{}", picture.format.name());
        }
    }
}

#[test]
fn each_of_65536_shades_comes_out_as_it_went_in() {
    let rgb48 = integers(Layout::Rgb, 16);
    let picture = Picture::new(rgb48, (256, 256), |_, x, y| y * 256 + x / 3);
    for normalised in [false, true] {
        let mut renderer = renderer_with(None, normalised);
        let image = words(
            &mut renderer,
            &picture,
            color(Matrix::IDENTITY, Range::Full),
        );
        for (shade, pixel) in (0..=u16::MAX).zip(image.pixels.chunks(4)) {
            assert_eq!(pixel, [shade, shade, shade, u16::MAX]);
        }
    }
}

#[test]
fn an_image_of_16_bits_keeps_what_8_bits_would_round_away() {
    // All 1024 code values of 10 bits, of which 64 to 940 are told apart from black and white.
    let format = PixelFormat::planar(Chroma::Mono, 10);
    let ramp = Picture::new(format, (1024, 1), |_, x, _| x);
    let image = words(&mut renderer(), &ramp, color(Matrix::BT709, Range::Limited));
    let mut shades: Vec<u16> = image.pixels.chunks(4).map(|pixel| pixel[0]).collect();
    assert!(shades.is_sorted());
    shades.dedup();
    assert_eq!(shades.len(), 940 - 64 + 1);
}

#[test]
fn images_of_16_bits_follow_h273_as_closely_as_single_precision_goes() {
    let mut renderer = renderer();
    for (chroma, depth) in [
        (Chroma::Yuv444, 8),
        (Chroma::Yuv420, 10),
        (Chroma::Yuv422, 12),
    ] {
        let color = color(Matrix::BT709, Range::Limited);
        let picture = Picture::noise(PixelFormat::planar(chroma, depth), (19, 13));
        let image = words(&mut renderer, &picture, color);
        let expected = reference::pixels(&picture, color);
        for (pixel, expected) in image.pixels.chunks(4).zip(expected) {
            for channel in 0..4 {
                let should = expected[channel].clamp(0.0, 1.0) * 65535.0;
                let apart = (f64::from(pixel[channel]) - should).abs();
                assert!(apart <= 1.0, "{} instead of {should}", pixel[channel]);
            }
        }
    }
}
