//! Marks on what the display cannot show.

use reelscope_media::{
    Chroma, ChromaSite, ColorInfo, Layout, Matrix, PixelFormat, Primaries, Range, Transfer,
};
use reelscope_render::{Clipped, Look, probe};

use crate::gpu::{render_exactly, renderers};
use crate::picture::Picture;

const SIDE: u32 = 16;
const BLUE: [u8; 4] = [0, 0, 255, 255];
const RED: [u8; 4] = [255, 0, 0, 255];
const GREEN: [u8; 4] = [0, 255, 0, 255];

/// Shares of a flat picture's pixels that are marked blue, red and green, as single pixels tell too.
fn marked(layout: Layout, codes: [u32; 3], color: ColorInfo, exposure: f32) -> [f64; 3] {
    let format = PixelFormat {
        layout,
        depth: 10,
        high_bits: false,
    };
    let picture = Picture::new(format, (SIDE, SIDE), |plane, _, _| codes[plane]);
    let look = Look {
        marks_clipping: true,
        exposure,
        ..Look::default()
    };
    let [first, second] = renderers().map(|mut renderer| {
        let pixels = render_exactly(&mut renderer, &picture, color, &look);
        [BLUE, RED, GREEN].map(|mark| {
            let marked = pixels.iter().filter(|pixel| **pixel == mark).count();
            marked as f64 / pixels.len() as f64
        })
    });
    assert_eq!(first, second, "the adapters differ");
    let read = probe(&picture.frame(0), color, &look, 0, 0)
        .unwrap()
        .clipped;
    let share = |clipped| if read == Some(clipped) { 0.5 } else { 0.0 };
    assert_eq!(
        first,
        [Clipped::Dark, Clipped::Bright, Clipped::Gamut].map(share)
    );
    first
}

fn color(matrix: Matrix, primaries: Primaries, transfer: Transfer) -> ColorInfo {
    ColorInfo {
        range: Range::Limited,
        matrix,
        primaries,
        transfer,
        site: ChromaSite::Left,
    }
}

#[test]
fn half_of_the_pixels_that_are_too_dark_too_bright_or_too_colourful_are_marked() {
    let bt709 = color(Matrix::BT709, Primaries::BT709, Transfer::BT709);
    let yuv = Layout::Planar(Chroma::Yuv444);
    let cases = [
        ([20, 512, 512], [0.5, 0.0, 0.0]),
        ([1000, 512, 512], [0.0, 0.5, 0.0]),
        // As much red as no R'G'B' has at this brightness.
        ([180, 512, 900], [0.0, 0.0, 0.5]),
        ([64, 512, 512], [0.0; 3]),
        ([940, 512, 512], [0.0; 3]),
        ([500, 500, 540], [0.0; 3]),
    ];
    for (codes, expected) in cases {
        assert_eq!(marked(yuv, codes, bt709, 0.0), expected, "{codes:?}");
    }
    // Grey of 50 % is beyond white two stops on.
    assert_eq!(marked(yuv, [700, 512, 512], bt709, 2.0), [0.0, 0.5, 0.0]);
}

#[test]
fn wide_colours_and_light_beyond_the_stated_peak_are_marked() {
    let sdr = color(Matrix::IDENTITY, Primaries::BT2020, Transfer::BT2020_10);
    let pq = color(Matrix::IDENTITY, Primaries::BT2020, Transfer::PQ);
    // Pure green of BT.2020 (planes are G, B, R), and a grey green that BT.709 has too.
    for color in [sdr, pq] {
        let shares = marked(Layout::Gbr, [500, 64, 64], color, 0.0);
        assert_eq!(shares, [0.0, 0.0, 0.5], "{color:?}");
        let shares = marked(Layout::Gbr, [500, 480, 480], color, 0.0);
        assert_eq!(shares, [0.0; 3], "{color:?}");
    }
    // Where nothing is stated, pictures go up to 1000 cd/m², 75 % of PQ: 723 in limited range.
    assert_eq!(marked(Layout::Gbr, [715; 3], pq, 0.0), [0.0; 3]);
    assert_eq!(marked(Layout::Gbr, [800; 3], pq, 0.0), [0.0, 0.5, 0.0]);
}
