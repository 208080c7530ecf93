//! One channel alone, of every layout, against the reference.

use reelscope_media::{
    BayerPattern, Chroma, ChromaSite, ColorInfo, Layout, Matrix, Packing, PixelFormat, Primaries,
    Range, Transfer,
};
use reelscope_render::{Channel, Look};

use crate::gpu::{render_frame, renderer};
use crate::picture::Picture;
use crate::reference;

const SIZE: (u32, u32) = (9, 7);

const LAYOUTS: [Layout; 7] = [
    Layout::Planar(Chroma::Mono),
    Layout::Planar(Chroma::Yuv420),
    Layout::SemiPlanarCrCb(Chroma::Yuv420),
    Layout::Packed(Packing::Yuyv),
    Layout::Gbr,
    Layout::Bgra,
    Layout::Bayer(BayerPattern::Grbg),
];

fn color(range: Range) -> ColorInfo {
    ColorInfo {
        range,
        matrix: Matrix::BT709,
        primaries: Primaries::BT709,
        transfer: Transfer::BT709,
        site: ChromaSite::Left,
    }
}

/// The shade, 0 to 1, of a channel at a pixel whose colour is `rgba`. Levels as in ITU-R BT.709
/// §5.4 and BT.2100 table 9.
fn shade(picture: &Picture, channel: Channel, range: Range, at: (u32, u32), rgba: [f64; 4]) -> f64 {
    let depth = i32::from(picture.format.depth);
    let (unit, most) = (2f64.powi(depth - 8), 2f64.powi(depth) - 1.0);
    let component =
        |index: usize| reference::components(picture, ChromaSite::Left, at.0, at.1)[index];
    let chroma = |code: f64| match range {
        Range::Full => (code - 128.0 * unit) / most + 0.5,
        _ => (code - 16.0 * unit) / (224.0 * unit),
    };
    match channel {
        Channel::All => unreachable!("all is no single channel"),
        Channel::Red => rgba[0],
        Channel::Green => rgba[1],
        Channel::Blue => rgba[2],
        Channel::Alpha => rgba[3],
        Channel::Luma if picture.format.is_single_channel() => rgba[0],
        Channel::Luma => match range {
            Range::Full => component(0) / most,
            _ => (component(0) - 16.0 * unit) / (219.0 * unit),
        },
        Channel::Cb => chroma(component(1)),
        Channel::Cr => chroma(component(2)),
    }
}

#[test]
fn each_channel_of_each_layout_is_shown_as_the_shade_that_its_value_is() {
    let mut renderer = renderer();
    for layout in LAYOUTS {
        for (depth, range) in [(10, Range::Limited), (12, Range::Full)] {
            let format = PixelFormat {
                layout,
                depth,
                high_bits: false,
            };
            let mut picture = Picture::noise(format, SIZE);
            if format.has_alpha() {
                // Colours beneath nothing are no colours.
                let alphas = picture.planes[0].iter_mut().skip(3).step_by(4);
                alphas.for_each(|alpha| *alpha = (*alpha).max(1 << (depth - 2)));
            }
            let pixels = reference::pixels(&picture, color(range));
            for channel in Channel::of(format).filter(|channel| *channel != Channel::All) {
                let look = Look {
                    channel,
                    ..Look::default()
                };
                let frame = picture.frame(0);
                let image = render_frame(&mut renderer, &frame, color(range), SIZE, &look);
                for (index, (pixel, rgba)) in image.pixels.chunks(4).zip(&pixels).enumerate() {
                    let at = (index as u32 % SIZE.0, index as u32 / SIZE.0);
                    let shade = shade(&picture, channel, range, at, *rgba);
                    let should = shade.clamp(0.0, 1.0) * 255.0;
                    let name = format.name();
                    assert!(
                        (f64::from(pixel[0]) - should).abs() <= 0.76,
                        "{channel:?} of {name} at {at:?}: {pixel:?} instead of {should}"
                    );
                    assert_eq!(pixel[..], [pixel[0], pixel[0], pixel[0], 255]);
                }
            }
        }
    }
}

#[test]
fn a_channel_that_a_picture_does_not_have_leaves_it_as_it_is() {
    let mut renderer = renderer();
    for (layout, missing) in [
        (Layout::Rgb, Channel::Alpha),
        (Layout::Rgb, Channel::Luma),
        (Layout::Planar(Chroma::Yuv420), Channel::Alpha),
        (Layout::Planar(Chroma::Mono), Channel::Cr),
    ] {
        let format = PixelFormat {
            layout,
            depth: 8,
            high_bits: false,
        };
        let frame = Picture::noise(format, SIZE).frame(0);
        let mut shown = |channel| {
            let look = Look {
                channel,
                ..Look::default()
            };
            render_frame(&mut renderer, &frame, color(Range::Full), SIZE, &look)
        };
        assert_eq!(shown(missing), shown(Channel::All), "{layout:?}");
    }
}
