//! Enlarged and shrunk pictures.

use reelscope_media::{Chroma, ChromaSite, ColorInfo, Layout, PixelFormat, Range};
use reelscope_render::{Look, Placement};
use wgpu::{Color, TextureFormat};

use crate::gpu::{paint, render, renderer, renderer_for};
use crate::picture::Picture;

const RGB: PixelFormat = PixelFormat {
    layout: Layout::Rgb,
    depth: 8,
    high_bits: false,
};
const MONO: PixelFormat = PixelFormat::planar(Chroma::Mono, 8);
const FULL: ColorInfo = ColorInfo {
    range: Range::Full,
    matrix: reelscope_media::Matrix::BT709,
    primaries: reelscope_media::Primaries::BT709,
    transfer: reelscope_media::Transfer::BT709,
    site: ChromaSite::Left,
};

#[test]
fn pixels_enlarged_beyond_twice_are_exact_blocks() {
    let picture = Picture::noise(RGB, (5, 3));
    let image = render(&mut renderer(), &picture, FULL, (5 * 7, 3 * 7));
    for (index, pixel) in image.pixels.chunks(4).enumerate() {
        let (x, y) = (index as u32 % 35 / 7, index as u32 / 35 / 7);
        let expected = [0, 1, 2].map(|channel| picture.at(0, x, y, channel) as u8);
        assert_eq!(pixel[..3], expected, "at {index}");
    }
}

#[test]
fn blocks_of_subsampled_pictures_have_the_colours_of_the_picture_at_its_own_size() {
    let picture = Picture::noise(PixelFormat::YUV420P, (7, 5));
    let mut renderer = renderer();
    let plain = render(&mut renderer, &picture, FULL, (7, 5));
    let large = render(&mut renderer, &picture, FULL, (7 * 6, 5 * 6));
    for (index, pixel) in large.pixels.chunks(4).enumerate() {
        let (x, y) = (index % 42 / 6, index / 42 / 6);
        assert_eq!(pixel, &plain.pixels[(y * 7 + x) * 4..][..4], "at {index}");
    }
}

#[test]
fn pictures_enlarged_to_twice_are_interpolated() {
    let picture = Picture::new(MONO, (3, 1), |_, x, _| [40, 120, 80][x as usize]);
    let image = render(&mut renderer(), &picture, FULL, (6, 2));
    let row: Vec<u8> = image.pixels[..24].chunks(4).map(|pixel| pixel[0]).collect();
    assert_eq!(row, [40, 60, 100, 110, 90, 80]);
}

#[test]
fn a_much_enlarged_picture_shows_blocks_unless_it_is_to_be_smooth() {
    let picture = Picture::new(MONO, (2, 1), |_, x, _| [0, 200][x as usize]);
    let mut renderer = renderer_for(TextureFormat::Rgba8Unorm);
    let texture = renderer.upload(None, &picture.frame(0), FULL).unwrap();
    // Centres of the eight pixels lie 1/8, 3/8, … of the way across two samples, whose own centres
    // lie at 2/8 and 6/8.
    for (smooth, expected) in [
        (false, [0, 0, 0, 0, 200, 200, 200, 200]),
        (true, [0, 0, 25, 75, 125, 175, 200, 200]),
    ] {
        let placement = Placement {
            smooth,
            ..Placement::filling(8, 4)
        };
        let draw = renderer
            .prepare(&texture, &placement, &Look::default())
            .unwrap();
        let row = paint(&draw, TextureFormat::Rgba8Unorm, (8, 4), Color::BLACK);
        let greys: Vec<u8> = row[..8].iter().map(|pixel| pixel[0]).collect();
        assert_eq!(greys, expected, "smooth: {smooth}");
    }
}

#[test]
fn a_picture_between_target_pixels_is_interpolated_and_one_on_them_is_not() {
    let picture = Picture::new(MONO, (4, 1), |_, x, _| [0, 200, 0, 200][x as usize]);
    let mut renderer = renderer_for(TextureFormat::Rgba8Unorm);
    let texture = renderer.upload(None, &picture.frame(0), FULL).unwrap();
    for (left, expected) in [(1.0, [0, 200, 0, 200]), (1.25, [0, 150, 50, 150])] {
        let placement = Placement {
            viewport: [left, 0.0, 4.0, 1.0],
            ..Placement::filling(6, 1)
        };
        let draw = renderer
            .prepare(&texture, &placement, &Look::default())
            .unwrap();
        let row = paint(&draw, TextureFormat::Rgba8Unorm, (6, 1), Color::BLACK);
        let greys: Vec<u8> = row[1..5].iter().map(|pixel| pixel[0]).collect();
        assert_eq!(greys, expected, "at {left}");
    }
}

#[test]
fn a_fine_checkerboard_shrunk_is_grey_instead_of_a_pattern() {
    let mut renderer = renderer();
    for factor in [2, 4, 16, 100] {
        let size = 4 * factor;
        let picture = Picture::new(MONO, (size, size), |_, x, y| (x + y) % 2 * 255);
        let image = render(&mut renderer, &picture, FULL, (4, 4));
        for pixel in image.pixels.chunks(4) {
            assert!(
                (127..=128).contains(&pixel[0]),
                "shrunk {factor} times: {pixel:?}"
            );
        }
    }
}

#[test]
fn shrinking_averages_exactly_what_each_pixel_covers() {
    let (width, height) = (23u32, 17u32);
    let (columns, rows) = (9u32, 5u32);
    let picture = Picture::noise(MONO, (width, height));
    let image = render(&mut renderer(), &picture, FULL, (columns, rows));
    let share = |sample: u32, pixel: u32, samples: u32, pixels: u32| {
        let step = f64::from(samples) / f64::from(pixels);
        let (from, to) = (f64::from(pixel) * step, f64::from(pixel + 1) * step);
        (to.min(f64::from(sample + 1)) - from.max(f64::from(sample))).max(0.0) / step
    };
    for (index, pixel) in image.pixels.chunks(4).enumerate() {
        let (column, row) = (index as u32 % columns, index as u32 / columns);
        let mut mean = 0.0;
        for y in 0..height {
            for x in 0..width {
                mean += picture.at(0, x, y, 0)
                    * share(x, column, width, columns)
                    * share(y, row, height, rows);
            }
        }
        assert!(
            (f64::from(pixel[0]) - mean).abs() <= 0.51,
            "{column}, {row}: {mean} {pixel:?}"
        );
    }
}

#[test]
fn transparent_pixels_do_not_colour_their_neighbours_when_shrunk() {
    let rgba = PixelFormat {
        layout: Layout::Rgba,
        depth: 8,
        high_bits: false,
    };
    let invisible_green = [0, 255, 0, 0];
    let red = [255, 0, 0, 255];
    let picture = Picture::new(rgba, (2, 1), |_, x, _| {
        let pixel = if x < 4 { invisible_green } else { red };
        pixel[x as usize % 4]
    });
    let image = render(&mut renderer(), &picture, FULL, (1, 1));
    assert_eq!(image.pixels[..3], [255, 0, 0]);
    assert!((127..=128).contains(&image.pixels[3]));
}

#[test]
fn a_picture_shrunk_to_one_pixel_is_its_mean_even_where_not_every_sample_is_read() {
    let picture = Picture::new(MONO, (4000, 3), |_, x, _| if x < 1000 { 200 } else { 100 });
    let image = render(&mut renderer(), &picture, FULL, (1, 1));
    assert_eq!(image.pixels[0], 125);
}
