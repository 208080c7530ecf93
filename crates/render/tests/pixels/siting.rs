//! Chroma upsampling: each siting of each subsampling, and the edges.

use reelscope_media::{
    Chroma, ChromaSite, ColorInfo, Matrix, PixelFormat, Primaries, Range, Transfer,
};

use reelscope_render::{ChromaFilter, Look, probe};

use crate::gpu::{render, render_exactly, renderer, renderers};
use crate::picture::Picture;
use crate::reference;

const SITES: [ChromaSite; 6] = [
    ChromaSite::Left,
    ChromaSite::Center,
    ChromaSite::TopLeft,
    ChromaSite::Top,
    ChromaSite::BottomLeft,
    ChromaSite::Bottom,
];

fn color(site: ChromaSite) -> ColorInfo {
    ColorInfo {
        range: Range::Full,
        matrix: Matrix::BT709,
        primaries: Primaries::BT709,
        transfer: Transfer::BT709,
        site,
    }
}

/// Grey luma and chroma noise mild enough that nothing clips.
fn coloured_noise(chroma: Chroma, size: (u32, u32)) -> Picture {
    let noise = Picture::noise(PixelFormat::planar(chroma, 8), size);
    let mut picture = noise.clone();
    picture.planes[0].fill(128);
    for plane in [1, 2] {
        picture.planes[plane] = noise.planes[plane]
            .iter()
            .map(|value| 96 + value / 4)
            .collect();
    }
    picture
}

#[test]
fn chroma_is_interpolated_from_where_its_samples_lie() {
    let mut renderer = renderer();
    for chroma in [
        Chroma::Yuv420,
        Chroma::Yuv422,
        Chroma::Yuv440,
        Chroma::Yuv411,
    ] {
        for size in [(11, 9), (8, 6), (1, 1), (3, 2)] {
            let picture = coloured_noise(chroma, size);
            for site in SITES {
                let image = render(&mut renderer, &picture, color(site), size);
                let expected = reference::pixels(&picture, color(site));
                for (index, (pixel, expected)) in image.pixels.chunks(4).zip(expected).enumerate() {
                    for channel in 0..3 {
                        let difference = f64::from(pixel[channel]) - expected[channel] * 255.0;
                        assert!(
                            difference.abs() <= 0.51,
                            "{chroma:?} {site:?} {size:?}: pixel {index} is off by {difference}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn left_sited_chroma_does_not_shift_an_edge() {
    // A red-to-grey edge that lies on an even luma column: that column has the new colour alone,
    // the one before it half of each.
    let format = PixelFormat::planar(Chroma::Yuv422, 8);
    let picture = Picture::new(format, (8, 1), |plane, x, _| match plane {
        0 => 128,
        1 => 128,
        _ => {
            if x < 2 {
                168
            } else {
                128
            }
        }
    });
    let image = render(&mut renderer(), &picture, color(ChromaSite::Left), (8, 1));
    let reds: Vec<u8> = image.pixels.chunks(4).map(|pixel| pixel[0]).collect();
    // 128 + 1.5748 × 40 = 191, 128 + 1.5748 × 20 = 159.5
    assert!((159..=160).contains(&reds[3]), "{reds:?}");
    assert_eq!(
        [reds[0], reds[1], reds[2], reds[4], reds[7]],
        [191, 191, 191, 128, 128]
    );
}

/// Cb along a row of 4:2:2 at luma column `x`, from first principles: each sample counts by a kernel
/// of its distance in chroma samples.
fn interpolated(samples: &[f64], x: u32, reach: i64, kernel: fn(f64) -> f64) -> f64 {
    // Left-sited: sample n lies on luma column 2n.
    let place = f64::from(x) / 2.0;
    let nearest = place.floor() as i64;
    let (mut sum, mut total) = (0.0, 0.0);
    for sample in nearest - reach..=nearest + reach + 1 {
        let weight = kernel((place - sample as f64).abs());
        let last = samples.len() as i64 - 1;
        sum += weight * samples[sample.clamp(0, last) as usize];
        total += weight;
    }
    sum / total
}

/// Catmull–Rom: the cubic that goes through its samples with the slope between their neighbours.
fn cubic(d: f64) -> f64 {
    if d < 1.0 {
        1.5 * d.powi(3) - 2.5 * d.powi(2) + 1.0
    } else if d < 2.0 {
        -0.5 * d.powi(3) + 2.5 * d.powi(2) - 4.0 * d + 2.0
    } else {
        0.0
    }
}

fn lanczos(d: f64) -> f64 {
    let sinc = |x: f64| if x == 0.0 { 1.0 } else { x.sin() / x };
    if d < 3.0 {
        sinc(d * std::f64::consts::PI) * sinc(d * std::f64::consts::PI / 3.0)
    } else {
        0.0
    }
}

#[test]
fn chroma_is_interpolated_by_the_filter_of_choice() {
    let picture = coloured_noise(Chroma::Yuv422, (24, 1));
    let cr: Vec<f64> = picture.planes[2].iter().map(|v| f64::from(*v)).collect();
    for mut renderer in renderers() {
        for filter in [
            ChromaFilter::Bicubic,
            ChromaFilter::Lanczos,
            ChromaFilter::Nearest,
        ] {
            let look = Look {
                chroma_filter: filter,
                ..Look::default()
            };
            let pixels = render_exactly(&mut renderer, &picture, color(ChromaSite::Left), &look);
            for (x, pixel) in (0..).zip(pixels) {
                let cr = match filter {
                    ChromaFilter::Bicubic => interpolated(&cr, x, 2, cubic),
                    ChromaFilter::Lanczos => interpolated(&cr, x, 3, lanczos),
                    _ => cr[x as usize / 2],
                };
                let red = (128.0 + 1.5748 * (cr - 128.0)).clamp(0.0, 255.0);
                let read = probe(&picture.frame(0), color(ChromaSite::Left), &look, x, 0).unwrap();
                assert!(
                    (f64::from(pixel[0]) - red).abs() <= 0.51
                        && (f64::from(read.rgb[0]) * 255.0 - red).abs() <= 0.01,
                    "{filter:?} at {x}: {}, read {}, instead of {red}",
                    pixel[0],
                    read.rgb[0] * 255.0,
                );
            }
        }
    }
}
