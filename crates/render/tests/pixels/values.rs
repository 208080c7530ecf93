//! Values to colours: ranges, ramps, classes, what is no number, opacity.

use reelscope_media::{Chroma, ColorInfo, Frame, Layout, PixelFormat, Presentation};
use reelscope_render::{Look, ValueColors, ValueMap};

use crate::gpu::{render_frame, renderer};
use crate::picture::Picture;

const GREY: Layout = Layout::Planar(Chroma::Mono);
const MAGENTA: [u8; 4] = [255, 0, 255, 255];
const DEPTH: Presentation = Presentation::Depth {
    meter: Some(1000.0),
};

fn shown(frame: &Frame, size: (u32, u32), look: Look) -> Vec<[u8; 4]> {
    let color = ColorInfo::default();
    let image = render_frame(&mut renderer(), frame, color, size, &look);
    image.pixels.as_chunks().0.to_vec()
}

/// A frame at 1:1, its values measured as decoders do.
fn measured(picture: &Picture, look: Look) -> Vec<[u8; 4]> {
    let mut frame = picture.frame(0);
    frame.measure_values();
    shown(&frame, (picture.width, picture.height), look)
}

fn chosen(low: f32, high: f32, colors: ValueColors) -> Look {
    Look {
        values: Some(ValueMap { low, high, colors }),
        ..Look::default()
    }
}

fn grey_integers(depth: u8, values: &[u32]) -> Picture {
    let format = PixelFormat::planar(Chroma::Mono, depth);
    let size = (u32::try_from(values.len()).unwrap(), 1);
    Picture::new(format, size, |_, x, _| values[x as usize])
}

fn grey_floats(values: &[f32]) -> Picture {
    Picture::floats(GREY, (u32::try_from(values.len()).unwrap(), 1), values)
}

/// The 8-bit shade of a value in a range.
fn shade(value: f64, low: f64, high: f64) -> f64 {
    255.0 * ((value - low) / (high - low)).clamp(0.0, 1.0)
}

#[track_caller]
fn assert_near(is: [u8; 4], should: [f64; 4], tolerance: f64) {
    let apart = is
        .iter()
        .zip(should)
        .map(|(is, should)| (f64::from(*is) - should).abs());
    assert!(
        apart.fold(0.0, f64::max) <= tolerance,
        "{is:?} instead of {should:?}"
    );
}

#[test]
fn floats_are_spread_over_their_own_range_and_what_is_no_number_is_magenta() {
    let values = [
        -2.5,
        0.0,
        1e-3,
        17.25,
        3.0,
        f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
    ];
    let pixels = measured(&grey_floats(&values), Look::default());
    for (pixel, value) in pixels.iter().zip(values) {
        if value.is_nan() {
            assert_eq!(*pixel, MAGENTA);
        } else {
            let grey = shade(f64::from(value), -2.5, 17.25);
            assert_near(*pixel, [grey, grey, grey, 255.0], 0.6);
        }
    }
}

#[test]
fn ranges_as_wide_and_as_narrow_as_floats_allow_are_spread_too() {
    let wide = [f32::MIN, 0.0, f32::MAX];
    let narrow = [1e6, 1e6 + 0.5, 1e6 + 1.0];
    for values in [wide, narrow] {
        let greys: Vec<u8> = measured(&grey_floats(&values), Look::default())
            .iter()
            .map(|pixel| pixel[0])
            .collect();
        assert_eq!((greys[0], greys[2]), (0, 255), "{values:?}");
        assert!(greys[1].abs_diff(128) <= 1, "{values:?}: {}", greys[1]);
    }
    let constant = measured(&grey_floats(&[7.0, 7.0]), Look::default());
    assert!(constant[0][0].abs_diff(128) <= 1);
    // Nothing is finite: 0 to 1.
    let nothing = measured(&grey_floats(&[f32::INFINITY, f32::NAN]), Look::default());
    assert_eq!(nothing, [[255; 4], MAGENTA]);
}

#[test]
fn the_channels_of_float_colours_share_one_range_and_alpha_is_apart() {
    let rgb = Picture::floats(Layout::Rgb, (2, 1), &[0.0, 1.0, 4.0, 2.0, f32::NAN, 3.0]);
    let pixels = measured(&rgb, Look::default());
    assert_near(pixels[0], [0.0, 63.75, 255.0, 255.0], 0.6);
    assert_eq!(pixels[1], MAGENTA);
    let rgba = Picture::floats(
        Layout::Rgba,
        (2, 1),
        &[0.0, 1.0, 4.0, 0.5, 2.0, 3.0, 1.0, 1.0],
    );
    let pixels = measured(&rgba, Look::default());
    assert_near(pixels[0], [0.0, 63.75, 255.0, 127.5], 1.1);
    assert_near(pixels[1], [127.5, 191.25, 63.75, 255.0], 0.6);
}

#[test]
fn grey_of_16_bits_is_spread_over_what_was_measured_and_else_over_all_codes() {
    let values = [1000, 1500, 3000];
    let picture = grey_integers(16, &values);
    for (pixel, value) in measured(&picture, Look::default()).iter().zip(values) {
        let grey = shade(f64::from(value), 1000.0, 3000.0);
        assert_near(*pixel, [grey, grey, grey, 255.0], 0.6);
    }
    let full_range = ColorInfo {
        range: reelscope_media::Range::Full,
        ..ColorInfo::default()
    };
    let frame = picture.frame(0);
    let look = Look {
        dither: false,
        ..Look::default()
    };
    let image = render_frame(&mut renderer(), &frame, full_range, (3, 1), &look);
    for (pixel, value) in image.pixels.as_chunks().0.iter().zip(values) {
        let grey = shade(f64::from(value), 0.0, 65535.0);
        assert_near(*pixel, [grey, grey, grey, 255.0], 0.6);
    }
}

#[test]
fn a_chosen_range_goes_before_and_may_be_turned_round() {
    let values = [0, 100, 120, 150, 255];
    for (low, high) in [(100.0, 150.0), (150.0, 100.0)] {
        let look = chosen(low, high, ValueColors::Grey);
        for (pixel, value) in measured(&grey_integers(8, &values), look)
            .iter()
            .zip(values)
        {
            let grey = shade(f64::from(value), f64::from(low), f64::from(high));
            assert_near(*pixel, [grey, grey, grey, 255.0], 0.6);
        }
    }
    let format = PixelFormat {
        layout: Layout::Rgb,
        depth: 16,
        high_bits: false,
    };
    let rgb = Picture::new(format, (1, 1), |_, x, _| [0, 500, 1000][x as usize]);
    let pixels = measured(&rgb, chosen(0.0, 1000.0, ValueColors::Turbo));
    assert_near(pixels[0], [0.0, 127.5, 255.0, 255.0], 0.6);
}

#[test]
fn ramps_have_the_published_colours() {
    // Entries of the tables of 256 colours in matplotlib 3.
    let turbo = [
        (0, [48, 18, 59]),
        (17, [65, 67, 167]),
        (51, [62, 155, 254]),
        (94, [44, 240, 158]),
        (128, [164, 252, 60]),
        (170, [250, 186, 57]),
        (213, [228, 69, 10]),
        (240, [169, 22, 1]),
        (255, [122, 4, 3]),
    ];
    let viridis = [
        (0, [68, 1, 84]),
        (17, [72, 26, 108]),
        (51, [65, 68, 135]),
        (94, [45, 113, 142]),
        (128, [33, 145, 140]),
        (170, [53, 183, 121]),
        (213, [144, 215, 67]),
        (240, [216, 226, 25]),
        (255, [253, 231, 37]),
    ];
    for (colors, entries) in [(ValueColors::Turbo, turbo), (ValueColors::Viridis, viridis)] {
        let values: Vec<u32> = entries.iter().map(|(value, _)| *value).collect();
        let pixels = measured(&grey_integers(8, &values), chosen(0.0, 255.0, colors));
        for (pixel, (value, color)) in pixels.iter().zip(entries) {
            let apart = pixel
                .iter()
                .zip(color)
                .map(|(is, should)| is.abs_diff(should));
            assert!(apart.max() <= Some(2), "{colors:?} {value}: {pixel:?}");
        }
    }
}

#[test]
fn depth_is_shown_in_turbo_and_black_where_nothing_was_measured() {
    for picture in [
        grey_integers(16, &[0, 500, 1000, 4000]),
        grey_floats(&[0.0, 0.5, 1.0, 4.0]),
    ] {
        let pixels = measured(&picture, Look::of(DEPTH));
        assert_eq!(pixels[0], [0, 0, 0, 255]);
        // The ends of the published table, and nothing grey in between.
        assert_near(pixels[3], [122.0, 4.0, 3.0, 255.0], 2.0);
        let [red, green, blue, _] = pixels[1];
        assert!(blue > green && green > red, "{:?}", pixels[1]);
    }
}

#[test]
fn holes_in_depth_stay_black_where_pixels_are_blended() {
    // Nearest and farthest side by side: one pixel for both is the mean of their colours, none of
    // the middle of the range. The other two are a hole.
    let picture = grey_integers(16, &[1, 4000, 0, 0]);
    let mut frame = picture.frame(0);
    frame.measure_values();
    let pixels = shown(&frame, (2, 1), Look::of(DEPTH));
    let [near, far] = [[48.0, 18.0, 59.0], [122.0, 4.0, 3.0]];
    let [r, g, b] = [0, 1, 2].map(|channel| (near[channel] + far[channel]) / 2.0);
    assert_near(pixels[0], [r, g, b, 255.0], 2.0);
    assert_eq!(pixels[1], [0, 0, 0, 255]);
}

#[test]
fn each_class_has_its_own_colour_at_any_size() {
    let classes = [0, 1, 2, 3, 8, 13, 21, 255];
    let look = Look::of(Presentation::Segmentation);
    let pixels = measured(&grey_integers(8, &classes), look);
    assert_eq!(pixels[0], [0, 0, 0, 128]);
    for (pixel, class) in pixels.iter().zip(classes).skip(1) {
        let [r, g, b] = class_color(class).map(|channel| 255.0 * channel);
        assert_near(*pixel, [r, g, b, 255.0], 0.6);
    }
    for (one, first) in pixels.iter().enumerate() {
        for other in &pixels[one + 1..] {
            let apart: u32 = first
                .iter()
                .zip(other)
                .map(|(a, b)| u32::from(a.abs_diff(*b)))
                .sum();
            assert!(apart > 30, "{first:?} and {other:?}");
        }
    }
    // The same classes as floats and as 16 bits.
    let floats: Vec<f32> = classes.iter().map(|class| *class as f32).collect();
    assert_eq!(measured(&grey_floats(&floats), look), pixels);
    assert_eq!(measured(&grey_integers(16, &classes), look), pixels);
    // Whatever the size, no colour that is none of theirs.
    let frame = grey_integers(8, &classes).frame(0);
    for width in [3, 11, 13, 100] {
        for pixel in shown(&frame, (width, 2), look) {
            assert!(pixels.contains(&pixel), "{pixel:?} at {width}");
        }
    }
}

/// Hue, saturation and brightness to R', G', B' (A. R. Smith, "Color Gamut Transform Pairs", 1978).
fn class_color(class: u32) -> [f64; 3] {
    let hue = f64::from(class * 40503 % 65536) / 65536.0;
    let saturation = if class % 2 == 1 { 0.85 } else { 0.55 };
    let brightness = [1.0, 0.8, 0.6][class as usize % 3];
    let sector = (hue * 6.0).floor();
    let within = hue * 6.0 - sector;
    let least = brightness * (1.0 - saturation);
    let falling = brightness * (1.0 - saturation * within);
    let rising = brightness * (1.0 - saturation * (1.0 - within));
    match sector as u32 {
        0 => [brightness, rising, least],
        1 => [falling, brightness, least],
        2 => [least, brightness, rising],
        3 => [least, falling, brightness],
        4 => [rising, least, brightness],
        _ => [brightness, least, falling],
    }
}

#[test]
fn opacity_is_alpha() {
    let picture = grey_integers(8, &[200]);
    for (opacity, alpha) in [
        (1.0, 255.0),
        (0.25, 63.75),
        (0.0, 0.0),
        (-1.0, 0.0),
        (f32::NAN, 255.0),
    ] {
        let look = Look {
            opacity,
            ..chosen(0.0, 255.0, ValueColors::Grey)
        };
        let [pixel] = measured(&picture, look)[..] else {
            panic!("one pixel");
        };
        assert!(
            (f64::from(pixel[3]) - alpha).abs() <= 0.6,
            "{opacity}: {pixel:?}"
        );
    }
}

#[test]
fn the_texture_tells_which_values_are_shown() {
    let mut frame = grey_floats(&[0.4, 17.3]).frame(0);
    frame.measure_values();
    let texture = renderer()
        .upload(None, &frame, ColorInfo::default())
        .unwrap();
    let shown = texture.shown_values(&Look::default()).unwrap();
    assert_eq!(shown.to_string(), "0.4 … 17.3, automatic");
    let shown = texture
        .shown_values(&chosen(1.0, 2.0, ValueColors::Viridis))
        .unwrap();
    assert_eq!(shown.to_string(), "1 … 2");
    // A texture used again has the values of its new frame.
    frame.value_range = Some([5.0, 6.0]);
    let texture = renderer()
        .upload(Some(texture), &frame, ColorInfo::default())
        .unwrap();
    assert_eq!(texture.shown_values(&Look::default()).unwrap().map.low, 5.0);
}

#[test]
fn a_legend_has_the_colours_of_the_pictures() {
    let bytes = |stop: u32| stop.to_be_bytes().map(f64::from);
    let classes = ValueColors::Classes.legend();
    let numbers: Vec<u32> = (0..).take(classes.len()).collect();
    let look = Look::of(Presentation::Segmentation);
    let pixels = measured(&grey_integers(8, &numbers), look);
    for (pixel, stop) in pixels.iter().zip(classes).skip(1) {
        let [_, r, g, b] = bytes(stop);
        assert_near(*pixel, [r, g, b, 255.0], 1.0);
    }
    for colors in [ValueColors::Grey, ValueColors::Turbo, ValueColors::Viridis] {
        let stops = colors.legend();
        let last = stops.len() as f32 - 1.0;
        let values: Vec<f32> = (0..stops.len()).map(|at| at as f32 / last).collect();
        let pixels = measured(&grey_floats(&values), chosen(0.0, 1.0, colors));
        for (pixel, stop) in pixels.iter().zip(stops) {
            let [_, r, g, b] = bytes(stop);
            assert_near(*pixel, [r, g, b, 255.0], 1.0);
        }
    }
}
