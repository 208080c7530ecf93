//! The difference of two pictures, and images that nobody waits for.

use reelscope_media::{ColorInfo, Layout, PixelFormat};
use reelscope_render::{Look, Placement, Side, VideoTexture};
use wgpu::TextureFormat;

use crate::gpu::{paint, renderer_for};
use crate::picture::Picture;

const SIZE: (u32, u32) = (4, 2);
const ONE: [u8; 3] = [200, 100, 50];
const OTHER: [u8; 3] = [190, 104, 50];

/// R'G'B' of one colour all over.
fn flat([r, g, b]: [u8; 3]) -> Picture {
    let format = PixelFormat {
        layout: Layout::Rgb,
        ..PixelFormat::YUV420P
    };
    Picture::new(format, SIZE, |_, x, _| {
        let color = [r, g, b].map(u32::from);
        color[x as usize % 3]
    })
}

fn difference(format: TextureFormat, gain: f32, placement: Placement) -> Vec<[u8; 4]> {
    let mut renderer = renderer_for(format);
    let textures: Vec<VideoTexture> = [ONE, OTHER]
        .iter()
        .map(|color| {
            let frame = flat(*color).frame(0);
            renderer.upload(None, &frame, ColorInfo::default()).unwrap()
        })
        .collect();
    let look = Look::default();
    let side = |index: usize| Side {
        texture: &textures[index],
        placement: &placement,
        look: &look,
    };
    let draw = renderer.prepare_difference(side(0), side(1), gain).unwrap();
    let target = (placement.target[0], placement.target[1]);
    paint(&draw, format, target, wgpu::Color::GREEN)
}

/// |A − B| × gain of 8-bit values, cut at white.
fn expected(gain: u32) -> [u8; 3] {
    [0, 1, 2].map(|at| {
        let distance = u32::from(ONE[at].abs_diff(OTHER[at])) * gain;
        u8::try_from(distance).unwrap_or(u8::MAX)
    })
}

fn assert_near(pixel: [u8; 4], expected: [u8; 3]) {
    let mut pairs = pixel.iter().zip(expected);
    let is_near = pairs.all(|(one, other)| one.abs_diff(other) <= 1);
    assert!(is_near, "{pixel:?} is not {expected:?}");
}

#[test]
fn a_difference_is_that_of_the_encoded_values_times_the_gain() {
    for gain in [1, 8, 64] {
        for format in [TextureFormat::Rgba8Unorm, TextureFormat::Rgba8UnormSrgb] {
            let pixels = difference(format, gain as f32, Placement::filling(4, 2));
            for pixel in pixels {
                assert_near(pixel, expected(gain));
            }
        }
    }
}

#[test]
fn a_difference_covers_the_pictures_and_nothing_else() {
    let placement = Placement {
        target: [8, 6],
        viewport: [2.0, 3.0, 4.0, 2.0],
        clip: [0, 0, 5, 6],
        ..Placement::filling(8, 6)
    };
    let pixels = difference(TextureFormat::Rgba8Unorm, 8.0, placement);
    for (at, pixel) in pixels.iter().enumerate() {
        let (x, y) = (at % 8, at / 8);
        if (2..5).contains(&x) && (3..5).contains(&y) {
            assert_near(*pixel, expected(8));
        } else {
            assert_eq!(*pixel, [0, 255, 0, 255], "at {x}, {y}");
        }
    }
}
