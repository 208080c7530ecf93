//! Small pictures averaged by hand.

use bytes::Bytes;

use crate::{BayerPattern, Chroma, ColorInfo, Frame, Layout, Matrix, Packing, PixelFormat, Plane};

fn packed(format: PixelFormat, width: u32, height: u32, bytes: &[u8]) -> Frame {
    let bytes = Bytes::copy_from_slice(bytes);
    Frame::from_packed(format, width, height, bytes, ColorInfo::default()).unwrap()
}

fn plane(frame: &Frame, plane: usize) -> Vec<u8> {
    frame.rows(plane).flatten().copied().collect()
}

fn words(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|word| word.to_le_bytes()).collect()
}

#[test]
fn odd_420_picture_averages_what_its_edge_blocks_have() {
    #[rustfmt::skip]
    let frame = packed(PixelFormat::YUV420P, 5, 3, &[
        10, 20, 30, 40, 50,
        30, 40, 50, 61, 70,
         1,  2,  3,  3, 99,
        // Cb, 3 × 2
        100, 102, 7,
        104, 107, 9,
        // Cr, 3 × 2
        200, 201, 0,
        200, 201, 1,
    ]);
    let half = frame.reduced(3).unwrap();
    assert_eq!((half.width(), half.height()), (3, 2));
    // 181 / 4 = 45.25; 3 / 2 = 1.5 rounds up.
    assert_eq!(plane(&half, 0), [25, 45, 60, 2, 3, 99]);
    // 413 / 4 = 103.25; 802 / 4 = 200.5 rounds up.
    assert_eq!(plane(&half, 1), [103, 8]);
    assert_eq!(plane(&half, 2), [201, 1]);
    assert_eq!(half.byte_size(), 6 + 2 + 2);
}

#[test]
fn the_factor_is_the_smallest_whole_one_that_fits() {
    let wide = packed(
        PixelFormat::planar(Chroma::Mono, 8),
        7,
        1,
        &[1, 2, 3, 4, 5, 6, 7],
    );
    assert_eq!(plane(&wide.reduced(6).unwrap(), 0), [2, 4, 6, 7]);
    assert_eq!(plane(&wide.reduced(3).unwrap(), 0), [2, 5, 7]);
    assert_eq!(plane(&wide.reduced(1).unwrap(), 0), [4]);
}

#[test]
fn nothing_is_made_of_a_picture_that_fits_or_for_no_width() {
    let frame = packed(PixelFormat::planar(Chroma::Mono, 8), 4, 1, &[1, 2, 3, 4]);
    assert!(frame.reduced(4).is_none());
    assert!(frame.reduced(400).is_none());
    assert!(frame.reduced(0).is_none());
}

#[test]
fn a_reduced_picture_can_be_reduced_again() {
    let frame = packed(
        PixelFormat::planar(Chroma::Mono, 8),
        4,
        2,
        &[0, 0, 8, 8, 0, 0, 8, 16],
    );
    let half = frame.reduced(2).unwrap();
    assert_eq!(plane(&half, 0), [0, 10]);
    assert_eq!(plane(&half.reduced(1).unwrap(), 0), [5]);
}

#[test]
fn ten_bit_values_keep_their_words() {
    let format = PixelFormat::planar(Chroma::Mono, 10);
    let frame = packed(format, 3, 2, &words(&[1023, 1021, 5, 1023, 1023, 6]));
    let half = frame.reduced(2).unwrap();
    // 4090 / 4 = 1022.5 and 11 / 2 = 5.5 round up.
    assert_eq!(plane(&half, 0), words(&[1023, 6]));
    assert_eq!(half.format(), format);
}

#[test]
fn p010_values_stay_in_the_upper_bits() {
    let format = PixelFormat {
        layout: Layout::SemiPlanar(Chroma::Yuv420),
        depth: 10,
        high_bits: true,
    };
    let luma = [100, 101, 102, 1023].map(|value: u16| value << 6);
    let chroma = [512, 300, 513, 1000].map(|value: u16| value << 6);
    let frame = packed(format, 4, 1, &words(&[luma, chroma].concat()));
    let half = frame.reduced(2).unwrap();
    assert_eq!(plane(&half, 0), words(&[101 << 6, 563 << 6]));
    assert_eq!(plane(&half, 1), words(&[513 << 6, 650 << 6]));
}

#[test]
fn nv12_averages_cb_and_cr_apart() {
    let format = PixelFormat {
        layout: Layout::SemiPlanar(Chroma::Yuv420),
        depth: 8,
        high_bits: false,
    };
    #[rustfmt::skip]
    let frame = packed(format, 5, 2, &[
        0, 4, 8, 12, 90,
        0, 4, 8, 12, 92,
        10, 110, 20, 120, 30, 130,
    ]);
    let half = frame.reduced(3).unwrap();
    assert_eq!(plane(&half, 0), [2, 10, 91]);
    assert_eq!(plane(&half, 1), [15, 115, 30, 130]);
}

#[test]
fn a_422_picture_halves_chroma_in_both_directions() {
    #[rustfmt::skip]
    let frame = packed(PixelFormat::planar(Chroma::Yuv422, 8), 4, 3, &[
        1, 1, 2, 2,
        1, 1, 2, 2,
        3, 3, 4, 4,
        // Cb, 2 × 3
        10, 20,
        30, 40,
        50, 60,
        // Cr, 2 × 3
        0, 0,
        0, 2,
        255, 255,
    ]);
    let half = frame.reduced(2).unwrap();
    assert_eq!(plane(&half, 0), [1, 2, 3, 4]);
    assert_eq!(plane(&half, 1), [25, 55]);
    assert_eq!(plane(&half, 2), [1, 255]);
}

#[test]
fn packed_rgb_averages_each_component() {
    let format = PixelFormat {
        layout: Layout::Rgb,
        depth: 8,
        high_bits: false,
    };
    let frame = packed(format, 3, 1, &[0, 100, 200, 10, 110, 220, 7, 8, 9]);
    assert_eq!(plane(&frame.reduced(2).unwrap(), 0), [5, 105, 210, 7, 8, 9]);
}

#[test]
fn padding_between_rows_is_not_averaged_and_colours_are_kept() {
    let color = ColorInfo {
        matrix: Matrix::BT709,
        ..ColorInfo::default()
    };
    let plane_of = Plane {
        data: Bytes::from_static(&[1, 3, 255, 255, 5, 7]),
        stride: 4,
    };
    let format = PixelFormat::planar(Chroma::Mono, 8);
    let frame = Frame::new(format, 2, 2, vec![plane_of], color).unwrap();
    let half = frame.reduced(1).unwrap();
    assert_eq!(plane(&half, 0), [4]);
    assert_eq!(half.color, color);
}

#[test]
fn large_blocks_read_every_second_row() {
    let rows = [
        [10; 6], [250; 6], [20; 6], [250; 6], [30; 6], [250; 6], [77; 6],
    ];
    let frame = packed(PixelFormat::planar(Chroma::Mono, 8), 6, 7, &rows.concat());
    assert_eq!(plane(&frame.reduced(1).unwrap(), 0), [20, 77]);
}

#[test]
fn sums_of_the_largest_blocks_do_not_overflow() {
    let format = PixelFormat::planar(Chroma::Mono, 16);
    let frame = packed(format, 700, 700, &[255; 700 * 700 * 2]);
    let one = frame.reduced(1).unwrap();
    assert_eq!((one.width(), one.height()), (1, 1));
    assert_eq!(plane(&one, 0), words(&[65_535]));
}

#[test]
fn every_format_and_odd_size_fills_its_planes_exactly() {
    let chromas = [
        Chroma::Mono,
        Chroma::Yuv420,
        Chroma::Yuv422,
        Chroma::Yuv440,
        Chroma::Yuv411,
        Chroma::Yuv444,
    ];
    for chroma in chromas {
        for (width, height) in [(1, 1), (2, 9), (7, 5), (13, 1), (17, 11), (31, 33)] {
            let format = PixelFormat::planar(chroma, 8);
            let frame = packed(
                format,
                width,
                height,
                &vec![9; format.packed_size(width, height)],
            );
            for max_width in 1..width {
                let small = frame.reduced(max_width).unwrap();
                assert!(small.width() <= max_width);
                for index in 0..format.plane_count() {
                    assert!(plane(&small, index).iter().all(|value| *value == 9));
                }
            }
        }
    }
}

#[test]
fn measured_values_are_picked_and_keep_their_range() {
    let mut classes = packed(
        PixelFormat::planar(Chroma::Mono, 8),
        5,
        2,
        &[
            1, 1, 9, 9, 4, //
            1, 7, 9, 8, 5,
        ],
    );
    classes.measure_values();
    let half = classes.reduced(3).unwrap();
    assert_eq!(plane(&half, 0), [7, 8, 5]);
    assert_eq!(half.value_range, Some([1.0, 9.0]));
}

#[test]
fn floats_are_picked_pixel_by_pixel() {
    let floats = |values: &[f32]| -> Vec<u8> {
        values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect()
    };
    let rgb = PixelFormat::float(Layout::Rgb);
    let frame = packed(rgb, 2, 1, &floats(&[1.0, 2.0, 3.0, 4.0, f32::NAN, 6.0]));
    let half = frame.reduced(1).unwrap();
    assert_eq!(plane(&half, 0), floats(&[4.0, f32::NAN, 6.0]));
}

#[test]
fn a_mosaic_becomes_rgb_of_the_cell_in_the_middle_of_each_block() {
    let bayer = |pattern| PixelFormat {
        layout: Layout::Bayer(pattern),
        depth: 8,
        high_bits: false,
    };
    #[rustfmt::skip]
    let values = [
        10, 20, 11, 21, 12,
        30, 40, 31, 41, 32,
        13, 22, 14, 23, 15,
    ];
    let half = packed(bayer(BayerPattern::Rggb), 5, 3, &values)
        .reduced(3)
        .unwrap();
    assert_eq!((half.width(), half.height()), (3, 2));
    assert_eq!(half.format().name(), "rgb24");
    #[rustfmt::skip]
    let expected = [
        // At the right edge green and blue are of the cell before, at the lower edge blue is.
        10, 20, 40,  11, 21, 41,  12, 21, 41,
        13, 22, 40,  14, 23, 41,  15, 23, 41,
    ];
    assert_eq!(plane(&half, 0), expected);
    let half = packed(bayer(BayerPattern::Gbrg), 2, 2, &[1, 2, 3, 4])
        .reduced(1)
        .unwrap();
    // Red below green, blue right of it.
    assert_eq!(plane(&half, 0), [3, 4, 2]);
}

#[test]
fn packed_pictures_are_averaged_plane_by_plane() {
    // Two rows of five pixels: Y 0 10 20 30 40 and 4 14 24 34 44, Cb 50 60 70, Cr 80 90 100.
    let rows: [[u8; 12]; 2] = [
        [0, 50, 10, 80, 20, 60, 30, 90, 40, 70, 255, 100],
        [4, 50, 14, 80, 24, 60, 34, 90, 44, 70, 255, 100],
    ];
    let orders = [
        (Packing::Yuyv, [0, 1, 2, 3]),
        (Packing::Yvyu, [0, 3, 2, 1]),
        (Packing::Uyvy, [1, 0, 3, 2]),
    ];
    for (packing, order) in orders {
        let pairs = rows.as_flattened().as_chunks::<4>().0;
        let packed: Vec<u8> = pairs
            .iter()
            .flat_map(|pair| order.map(|at| pair[at]))
            .collect();
        let format = PixelFormat {
            layout: Layout::Packed(packing),
            depth: 8,
            high_bits: false,
        };
        let frame =
            Frame::from_packed(format, 5, 2, Bytes::from(packed), ColorInfo::default()).unwrap();
        let small = frame.reduced(3).unwrap();
        assert_eq!(small.format().name(), "yuv422p");
        let planes: Vec<Vec<u8>> = (0..3)
            .map(|plane| small.rows(plane).flatten().copied().collect())
            .collect();
        assert_eq!(planes, [vec![7, 27, 42], vec![55, 70], vec![85, 100]]);
    }
}
