//! Turned, mirrored, cropped and stretched pictures, and rows with padding.

use reelscope_media::{
    Chroma, ChromaSite, ColorInfo, Geometry, Layout, Matrix, Orientation, Packing, PixelFormat,
    Primaries, Range, Ratio, Transfer,
};
use reelscope_render::{Look, RgbaImage};

use crate::gpu::{render, renderer};
use crate::picture::Picture;
use crate::reference;

const RGB: PixelFormat = PixelFormat {
    layout: Layout::Rgb,
    depth: 8,
    high_bits: false,
};
const NOTHING: fn() -> ColorInfo = ColorInfo::default;

type Rows = Vec<Vec<[u8; 3]>>;

fn rows(picture: &Picture) -> Rows {
    let pixel = |x, y| [0, 1, 2].map(|channel| picture.at(0, x, y, channel) as u8);
    (0..picture.height)
        .map(|y| (0..picture.width).map(|x| pixel(x, y)).collect())
        .collect()
}

fn mirrored(rows: &Rows) -> Rows {
    rows.iter()
        .map(|row| row.iter().rev().copied().collect())
        .collect()
}

/// A quarter turn clockwise: the first column, read upwards, becomes the first row.
fn turned<T: Copy>(rows: &[Vec<T>]) -> Vec<Vec<T>> {
    (0..rows[0].len())
        .map(|x| rows.iter().rev().map(|row| row[x]).collect())
        .collect()
}

fn rendered(picture: &Picture, geometry: &Geometry) -> Rows {
    let image = renderer()
        .render_image(
            &picture.frame(0),
            NOTHING(),
            geometry,
            None,
            None,
            &Look::default(),
        )
        .unwrap();
    rows_of(&image)
}

fn rows_of(image: &RgbaImage) -> Rows {
    let pixels: Vec<_> = image
        .pixels
        .chunks(4)
        .map(|pixel| [pixel[0], pixel[1], pixel[2]])
        .collect();
    pixels
        .chunks(image.width as usize)
        .map(<[_]>::to_vec)
        .collect()
}

#[test]
fn pictures_are_mirrored_and_then_turned_clockwise() {
    let picture = Picture::noise(RGB, (5, 3));
    for is_mirrored in [false, true] {
        let mut expected = rows(&picture);
        if is_mirrored {
            expected = mirrored(&expected);
        }
        for quarter_turns in 0..4 {
            let orientation = Orientation {
                quarter_turns,
                mirrored: is_mirrored,
            };
            let geometry = Geometry {
                orientation,
                ..Geometry::default()
            };
            assert_eq!(rendered(&picture, &geometry), expected, "{orientation:?}");
            expected = turned(&expected);
        }
    }
}

/// Holds each pixel against the reference, half a step of 8 bits apart for rounding.
fn assert_near(shown: &Rows, expected: &[Vec<[f64; 3]>], what: &str) {
    assert_eq!(shown.len(), expected.len(), "{what}");
    for (row, expected) in shown.iter().zip(expected) {
        assert_eq!(row.len(), expected.len(), "{what}");
        for (pixel, expected) in row.iter().zip(expected) {
            for (is, should) in pixel.iter().zip(expected) {
                let should = should.clamp(0.0, 1.0) * 255.0;
                let apart = (f64::from(*is) - should).abs();
                assert!(apart <= 0.76, "{what}: {pixel:?} instead of {expected:?}");
            }
        }
    }
}

#[test]
fn odd_sizes_of_each_subsampling_are_turned_with_their_chroma() {
    let color = ColorInfo {
        range: Range::Limited,
        matrix: Matrix::BT709,
        primaries: Primaries::BT709,
        transfer: Transfer::BT709,
        site: ChromaSite::Left,
    };
    let mut renderer = renderer();
    for layout in [
        Layout::Planar(Chroma::Yuv420),
        Layout::Planar(Chroma::Yuv422),
        Layout::Planar(Chroma::Yuv440),
        Layout::Planar(Chroma::Yuv411),
        Layout::SemiPlanar(Chroma::Yuv420),
        Layout::Packed(Packing::Yuyv),
    ] {
        let format = PixelFormat {
            layout,
            depth: 8,
            high_bits: false,
        };
        for (width, height) in [(7, 9), (13, 3), (1, 5), (5, 1)] {
            let picture = Picture::noise(format, (width, height));
            let upright: Vec<Vec<[f64; 3]>> = reference::pixels(&picture, color)
                .chunks(width as usize)
                .map(|row| row.iter().map(|[r, g, b, _]| [*r, *g, *b]).collect())
                .collect();
            for is_mirrored in [false, true] {
                let mut expected = upright.clone();
                if is_mirrored {
                    expected.iter_mut().for_each(|row| row.reverse());
                }
                for quarter_turns in 0..4 {
                    let orientation = Orientation {
                        quarter_turns,
                        mirrored: is_mirrored,
                    };
                    let geometry = Geometry {
                        orientation,
                        ..Geometry::default()
                    };
                    let (frame, look) = (picture.frame(0), Look::default());
                    let image = renderer
                        .render_image(&frame, color, &geometry, None, None, &look)
                        .unwrap();
                    let what = format!("{layout:?} {width}×{height} {orientation:?}");
                    assert_near(&rows_of(&image), &expected, &what);
                    expected = turned(&expected);
                }
            }
        }
    }
}

#[test]
fn the_clean_aperture_is_cut_out_before_the_turn() {
    let picture = Picture::noise(RGB, (9, 8));
    let geometry = Geometry {
        orientation: Orientation {
            quarter_turns: 1,
            mirrored: false,
        },
        clean_aperture: Some([2, 1, 5, 4]),
        ..Geometry::default()
    };
    let cut: Rows = rows(&picture)[1..5]
        .iter()
        .map(|row| row[2..7].to_vec())
        .collect();
    assert_eq!(rendered(&picture, &geometry), turned(&cut));
}

#[test]
fn nothing_from_outside_the_clean_aperture_seeps_in() {
    // White inside the aperture, black around it, shrunk and enlarged.
    let picture = Picture::new(RGB, (12, 12), |_, x, y| {
        if (4..8).contains(&(x / 3)) && (4..8).contains(&y) {
            255
        } else {
            0
        }
    });
    let geometry = Geometry {
        clean_aperture: Some([4, 4, 4, 4]),
        ..Geometry::default()
    };
    let mut renderer = renderer();
    for size in [(3, 3), (4, 4), (7, 7), (30, 30)] {
        let frame = picture.frame(0);
        let image = renderer
            .render_image(
                &frame,
                NOTHING(),
                &geometry,
                None,
                Some(size),
                &Look::default(),
            )
            .unwrap();
        assert!(image.pixels.iter().all(|value| *value == 255), "{size:?}");
    }
}

#[test]
fn wide_pixels_make_a_wide_image() {
    let picture = Picture::new(RGB, (2, 2), |_, x, _| if x < 3 { 10 } else { 200 });
    let geometry = Geometry {
        pixel_aspect: Ratio::new(3, 1),
        ..Geometry::default()
    };
    let rows = rendered(&picture, &geometry);
    assert_eq!((rows.len(), rows[0].len()), (2, 6));
    assert_eq!((rows[0][0], rows[1][5]), ([10; 3], [200; 3]));
}

#[test]
fn the_bytes_between_rows_are_never_shown() {
    let layouts = [
        Layout::Planar(Chroma::Yuv420),
        Layout::SemiPlanar(Chroma::Yuv420),
        Layout::Gbr,
        Layout::Rgb,
        Layout::Rgba,
    ];
    let mut renderer = renderer();
    for layout in layouts {
        for depth in [8, 10] {
            let format = PixelFormat {
                layout,
                depth,
                high_bits: false,
            };
            let picture = Picture::noise(format, (13, 5));
            let plain = render(&mut renderer, &picture, NOTHING(), (13, 5));
            // Odd strides too, even of 16-bit values.
            for padding in [1, 3, 16, 51, 243] {
                let frame = picture.frame(padding);
                let padded = renderer.render_image(
                    &frame,
                    NOTHING(),
                    &Geometry::default(),
                    None,
                    None,
                    &Look::default(),
                );
                assert_eq!(padded.unwrap(), plain, "{} + {padding}", format.name());
            }
        }
    }
}
