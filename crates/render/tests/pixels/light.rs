//! SDR by way of light: primaries, transfer curves, exposure.

use reelscope_media::{
    Chroma, ChromaSite, ColorInfo, Layout, Matrix, PixelFormat, Primaries, Range, Transfer,
};
use reelscope_render::{Look, Renderer, probe};

use crate::gpu::{render_exactly, renderer, renderers};
use crate::picture::Picture;
use crate::reference;

const RGB10: PixelFormat = PixelFormat {
    layout: Layout::Gbr,
    depth: 10,
    high_bits: false,
};

/// The largest error that is allowed: a step of 8 bits.
const STEP: f64 = 1.0 / 255.0;

fn rgb(primaries: Primaries, transfer: Transfer) -> ColorInfo {
    ColorInfo {
        range: Range::Full,
        matrix: Matrix::IDENTITY,
        primaries,
        transfer,
        site: ChromaSite::Center,
    }
}

/// Ramps of grey, of each primary and of each mix of two, and noise below.
fn ramps_and_noise() -> Picture {
    let noise = Picture::noise(RGB10, (64, 16));
    // Planes are G, B, R.
    let mixes = [
        [1, 1, 1],
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
        [1, 1, 0],
        [1, 0, 1],
        [0, 1, 1],
        [2, 1, 2],
    ];
    Picture::new(RGB10, (64, 16), |plane, x, y| match mixes.get(y as usize) {
        Some(mix) => x * 1023 / 63 * mix[plane] / mix.iter().max().unwrap(),
        None => noise.at(plane, x, y, 0) as u32,
    })
}

/// Holds a rendered picture and the pixels that are read of it against the reference.
fn check(renderer: &mut Renderer, picture: &Picture, color: ColorInfo, look: &Look) {
    let pixels = render_exactly(renderer, picture, color, look);
    let frame = picture.frame(0);
    for (index, (pixel, expected)) in pixels
        .iter()
        .zip(reference::shown(picture, color, look))
        .enumerate()
    {
        let (x, y) = (index as u32 % picture.width, index as u32 / picture.width);
        let read = probe(&frame, color, look, x, y).unwrap().rgb;
        for channel in 0..3 {
            let should = expected[channel];
            let is = f64::from(pixel[channel]) / 255.0;
            assert!(
                (is - should).abs() <= STEP && (f64::from(read[channel]) - should).abs() <= 1e-4,
                "{color:?} {look:?}: channel {channel} at {x}, {y} is {is}, read {}, \
                 instead of {should}",
                read[channel],
            );
        }
    }
}

#[test]
fn every_transfer_is_shown_as_the_light_that_it_means() {
    let picture = ramps_and_noise();
    for mut renderer in renderers() {
        for transfer in [1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17].map(Transfer) {
            for primaries in [Primaries::BT709, Primaries::SMPTE432] {
                let color = rgb(primaries, transfer);
                check(&mut renderer, &picture, color, &Look::default());
            }
        }
    }
}

#[test]
fn every_set_of_primaries_becomes_that_of_the_display() {
    let picture = ramps_and_noise();
    for mut renderer in renderers() {
        for primaries in [1, 4, 5, 6, 7, 8, 9, 11, 12, 22].map(Primaries) {
            for transfer in [Transfer::BT709, Transfer::SRGB] {
                let color = rgb(primaries, transfer);
                check(&mut renderer, &picture, color, &Look::default());
            }
        }
    }
}

#[test]
fn xyz_of_daylight_is_white() {
    // D65 as X, Y, Z with Y = 1 in linear light, of a 16-bit range that ends at 1.25.
    let format = PixelFormat { depth: 16, ..RGB10 };
    let codes = [1.0, 1.0888, 0.9505].map(|v: f64| (v / 1.25 * 65535.0) as u32);
    let picture = Picture::new(format, (1, 1), |plane, _, _| codes[plane]);
    let look = Look {
        exposure: 1.25f32.log2(),
        ..Look::default()
    };
    let color = rgb(Primaries::SMPTE428, Transfer::LINEAR);
    let pixels = render_exactly(&mut renderer(), &picture, color, &look);
    assert!(pixels[0].iter().all(|v| *v >= 254), "{pixels:?}");
}

#[test]
fn exposure_multiplies_light() {
    let picture = ramps_and_noise();
    for mut renderer in renderers() {
        for exposure in [-3.0, -0.5, 1.0, 4.0] {
            let look = Look {
                exposure,
                ..Look::default()
            };
            for transfer in [Transfer::BT709, Transfer::SRGB, Transfer::GAMMA22] {
                check(
                    &mut renderer,
                    &picture,
                    rgb(Primaries::BT709, transfer),
                    &look,
                );
            }
        }
    }
}

#[test]
fn primaries_that_are_only_guessed_from_the_size_are_not_converted() {
    let format = PixelFormat::planar(Chroma::Yuv444, 8);
    let picture = Picture::new(format, (1, 1), |plane, _, _| [81, 90, 240][plane]);
    let stated = |primaries| ColorInfo {
        range: Range::Limited,
        matrix: Matrix::SMPTE170M,
        primaries,
        transfer: Transfer::SMPTE170M,
        site: ChromaSite::Left,
    };
    let mut renderer = renderer();
    let mut shown = |primaries| {
        let look = Look::default();
        render_exactly(&mut renderer, &picture, stated(primaries), &look)[0]
    };
    // Red of BT.601 code values is red, and the red of other primaries once those are stated.
    assert!(shown(Primaries::UNSPECIFIED)[0] >= 254);
    assert_eq!(shown(Primaries::UNSPECIFIED), shown(Primaries::BT709));
    assert_ne!(shown(Primaries::SMPTE170M), shown(Primaries::BT709));
}

#[test]
fn an_exposure_that_is_no_number_changes_nothing() {
    let picture = ramps_and_noise();
    let color = rgb(Primaries::BT709, Transfer::BT709);
    let mut renderer = renderer();
    let mut shown = |exposure| {
        let look = Look {
            exposure,
            ..Look::default()
        };
        render_exactly(&mut renderer, &picture, color, &look)
    };
    assert_eq!(shown(f32::NAN), shown(0.0));
    // And one beyond all bounds leaves black and white.
    let blinding = shown(f32::INFINITY);
    assert!(blinding.iter().flatten().all(|v| [0, 255].contains(v)));
}
