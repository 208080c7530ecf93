//! A range of code values spread from black to white, of pictures whose values make colours together.

use reelscope_media::{
    BayerPattern, Chroma, ChromaSite, ColorInfo, Layout, Matrix, PixelFormat, Primaries, Range,
    Transfer,
};
use reelscope_render::{Channel, Look, ValueColors, ValueMap};

use crate::gpu::{render_frame, renderer};
use crate::picture::Picture;
use crate::reference;

const SIZE: (u32, u32) = (9, 7);

const COLOR: ColorInfo = ColorInfo {
    range: Range::Limited,
    matrix: Matrix::BT709,
    primaries: Primaries::BT709,
    transfer: Transfer::BT709,
    site: ChromaSite::Left,
};

fn stretched(low: f32, high: f32) -> Look {
    Look {
        values: Some(ValueMap {
            low,
            high,
            colors: ValueColors::Grey,
        }),
        dither: false,
        ..Look::default()
    }
}

#[test]
fn the_range_becomes_black_to_white_and_colours_keep_their_proportions() {
    let mut renderer = renderer();
    for layout in [
        Layout::Planar(Chroma::Yuv420),
        Layout::SemiPlanar(Chroma::Yuv444),
        Layout::Gbr,
        Layout::Bayer(BayerPattern::Rggb),
    ] {
        let format = PixelFormat {
            layout,
            depth: 10,
            high_bits: false,
        };
        let picture = Picture::noise(format, SIZE);
        // A quarter and three quarters of the way from black (64) to white (940).
        for (low, high) in [(283.0, 721.0), (721.0, 283.0)] {
            let look = stretched(low, high);
            let image = render_frame(&mut renderer, &picture.frame(0), COLOR, SIZE, &look);
            let expected = reference::pixels(&picture, COLOR);
            for (pixel, expected) in image.pixels.chunks(4).zip(expected) {
                for channel in 0..3 {
                    let upwards = (expected[channel] - 0.25) / 0.5;
                    let should = if low < high { upwards } else { 1.0 - upwards };
                    let should = should.clamp(0.0, 1.0) * 255.0;
                    let apart = (f64::from(pixel[channel]) - should).abs();
                    assert!(apart <= 0.76, "{}: {pixel:?}, {should}", format.name());
                }
            }
        }
    }
}

#[test]
fn the_range_that_holds_most_of_a_dark_picture_makes_it_bright() {
    let format = PixelFormat::planar(Chroma::Yuv420, 10);
    // A hundred and one shades of near black.
    let picture = Picture::new(format, (101, 2), |plane, x, _| [100 + x, 512, 512][plane]);
    let frame = picture.frame(0);
    let [low, high] = frame.percentiles(0.0, 100.0).unwrap();
    assert_eq!([low, high], [100.0, 200.0]);
    let look = stretched(low, high);
    let image = render_frame(&mut renderer(), &frame, COLOR, (101, 2), &look);
    for (x, pixel) in image.pixels.chunks(4).take(101).enumerate() {
        assert!(
            (f64::from(pixel[0]) - 2.55 * x as f64).abs() <= 0.76,
            "{x}: {pixel:?}"
        );
    }
}

#[test]
fn luma_alone_is_stretched_and_chroma_is_not() {
    let format = PixelFormat::planar(Chroma::Yuv444, 8);
    let picture = Picture::new(format, (1, 1), |plane, _, _| [51, 150, 90][plane]);
    let mut renderer = renderer();
    // Black 16, white 86, so that 51 is half-way.
    for (channel, shade) in [
        (Channel::Luma, 127.5),
        (Channel::Cb, 255.0 * (150.0 - 16.0) / 224.0),
        (Channel::Cr, 255.0 * (90.0 - 16.0) / 224.0),
    ] {
        let look = Look {
            channel,
            ..stretched(16.0, 86.0)
        };
        let image = render_frame(&mut renderer, &picture.frame(0), COLOR, (1, 1), &look);
        let apart = (f64::from(image.pixels[0]) - shade).abs();
        assert!(apart <= 0.76, "{channel:?}: {:?}", image.pixels);
    }
}

#[test]
fn a_range_of_one_value_is_middle_grey() {
    let picture = Picture::noise(PixelFormat::YUV420P, SIZE);
    let look = stretched(80.0, 80.0);
    let image = render_frame(&mut renderer(), &picture.frame(0), COLOR, SIZE, &look);
    assert!(
        image
            .pixels
            .chunks(4)
            .all(|pixel| (127..=128).contains(&pixel[0]))
    );
}
