//! Chroma upsampling: each siting of each subsampling, and the edges.

use reelscope_media::{
    Chroma, ChromaSite, ColorInfo, Matrix, PixelFormat, Primaries, Range, Transfer,
};

use crate::gpu::{render, renderer};
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
