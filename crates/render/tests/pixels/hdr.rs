//! PQ and HLG on a display of standard range: tone curve, system gamma, gamut, exposure.

use reelscope_media::{
    Chroma, ChromaSite, ColorInfo, ContentLight, HdrFacts, MasteringDisplay, Matrix, PixelFormat,
    Primaries, Range, Transfer,
};
use reelscope_render::{Look, Renderer, probe};

use crate::gpu::{render_exactly, renderer, renderers};
use crate::picture::Picture;
use crate::reference::{self, difference, light};

/// The largest difference that is allowed, ΔE2000.
const LARGEST_DIFFERENCE: f64 = 2.0;

const MATRICES: [Matrix; 3] = [Matrix::BT2020_NCL, Matrix::ICTCP, Matrix::BT709];

fn bt2100(matrix: Matrix, transfer: Transfer, range: Range) -> ColorInfo {
    ColorInfo {
        range,
        matrix,
        primaries: Primaries::BT2020,
        transfer,
        site: ChromaSite::TopLeft,
    }
}

fn mastered_at(nits: u32) -> HdrFacts {
    HdrFacts {
        mastering: Some(MasteringDisplay {
            primaries: [[35400, 14600], [8500, 39850], [6550, 2300]],
            white: [15635, 16450],
            max_luminance: nits * 10_000,
            min_luminance: 50,
        }),
        content_light: None,
    }
}

fn look(hdr: HdrFacts, exposure: f32) -> Look {
    Look {
        hdr,
        exposure,
        ..Look::default()
    }
}

/// A ramp of greys, ramps of mild and strong colours, and noise.
fn ramps_and_noise(chroma: Chroma, depth: u8) -> Picture {
    let format = PixelFormat::planar(chroma, depth);
    let noise = Picture::noise(format, (64, 32));
    let middle = 1 << (depth - 1);
    Picture::new(format, (64, 32), |plane, x, y| {
        let columns = format.plane_size(plane, 64, 32).0;
        let rows = format.plane_size(plane, 64, 32).1;
        match (plane, y * 8 / rows) {
            (0, 0..6) => x * ((1 << depth) - 1) / 63,
            (1 | 2, 0) => middle,
            (1 | 2, block @ 1..6) => {
                let reach = middle * block / 12;
                let sign = (block as usize + plane).is_multiple_of(2);
                let shift = reach * x / columns;
                if sign { middle + shift } else { middle - shift }
            }
            _ => noise.at(plane, x, y, 0) as u32,
        }
    })
}

/// Holds a rendered picture and what is read of it against the reference; gives the largest ΔE2000.
fn check(renderer: &mut Renderer, picture: &Picture, color: ColorInfo, look: &Look) -> f64 {
    let pixels = render_exactly(renderer, picture, color, look);
    let frame = picture.frame(0);
    let mut largest = 0.0;
    for (index, (pixel, expected)) in pixels
        .iter()
        .zip(reference::shown(picture, color, look))
        .enumerate()
    {
        let (x, y) = (index as u32 % picture.width, index as u32 / picture.width);
        let should = [expected[0], expected[1], expected[2]];
        let is = [pixel[0], pixel[1], pixel[2]].map(|v| f64::from(v) / 255.0);
        let read = probe(&frame, color, look, x, y).unwrap().rgb.map(f64::from);
        let apart = difference::of_srgb(is, should);
        assert!(
            apart <= LARGEST_DIFFERENCE && difference::of_srgb(read, should) < 0.05,
            "{} {color:?} {look:?}: {is:?}, read {read:?}, at {x}, {y} instead of {should:?}",
            picture.format.name(),
        );
        largest = apart.max(largest);
    }
    largest
}

#[test]
fn pq_and_hlg_follow_bt2390_for_every_matrix_range_depth_and_layout() {
    let mut largest = 0.0f64;
    for mut renderer in renderers() {
        for chroma in [Chroma::Yuv420, Chroma::Yuv444] {
            for depth in [10, 12, 16] {
                let picture = ramps_and_noise(chroma, depth);
                for matrix in MATRICES {
                    for transfer in [Transfer::PQ, Transfer::HLG] {
                        for range in [Range::Limited, Range::Full] {
                            let color = bt2100(matrix, transfer, range);
                            let apart = check(&mut renderer, &picture, color, &Look::default());
                            largest = largest.max(apart);
                        }
                    }
                }
            }
        }
    }
    eprintln!("largest ΔE2000: {largest:.2}");
}

#[test]
fn stated_peaks_and_exposure_move_the_tone_curve() {
    let picture = ramps_and_noise(Chroma::Yuv444, 10);
    let dim = HdrFacts {
        content_light: Some(ContentLight {
            max_content: 400,
            max_frame_average: 100,
        }),
        ..mastered_at(1000)
    };
    for mut renderer in renderers() {
        for hdr in [
            mastered_at(600),
            mastered_at(4000),
            mastered_at(10_000),
            dim,
        ] {
            for transfer in [Transfer::PQ, Transfer::HLG] {
                let color = bt2100(Matrix::BT2020_NCL, transfer, Range::Limited);
                check(&mut renderer, &picture, color, &look(hdr, 0.0));
            }
        }
        for exposure in [-2.0, 1.5] {
            for transfer in [Transfer::PQ, Transfer::HLG] {
                let color = bt2100(Matrix::ICTCP, transfer, Range::Full);
                let look = look(HdrFacts::default(), exposure);
                check(&mut renderer, &picture, color, &look);
            }
        }
    }
}

#[test]
fn other_primaries_of_pq_are_converted_too() {
    let picture = ramps_and_noise(Chroma::Yuv444, 12);
    for primaries in [Primaries::SMPTE432, Primaries::BT709] {
        let color = ColorInfo {
            primaries,
            ..bt2100(Matrix::BT709, Transfer::PQ, Range::Full)
        };
        check(&mut renderer(), &picture, color, &Look::default());
    }
}

#[test]
fn dark_pictures_are_shown_as_bright_as_they_were_made() {
    // 20 cd/m² lies below the knee: on a display whose white is 203 cd/m² it is 20/203 of that.
    let format = PixelFormat::planar(Chroma::Yuv444, 16);
    let code = (0..65536)
        .find(|code| light::pq_to_nits(f64::from(*code) / 65535.0) >= 20.0)
        .unwrap();
    let picture = Picture::new(format, (1, 1), |plane, _, _| [code, 32768, 32768][plane]);
    let color = bt2100(Matrix::BT2020_NCL, Transfer::PQ, Range::Full);
    let pixel = render_exactly(&mut renderer(), &picture, color, &Look::default())[0];
    let expected = 255.0 * (1.055 * (20.0f64 / 203.0).powf(1.0 / 2.4) - 0.055);
    for channel in 0..3 {
        assert!(
            (f64::from(pixel[channel]) - expected).abs() <= 1.0,
            "{pixel:?} {expected}"
        );
    }
}

#[test]
fn the_nits_that_are_read_are_those_of_the_picture() {
    let picture = ramps_and_noise(Chroma::Yuv444, 12);
    let frame = picture.frame(0);
    for (transfer, hdr) in [
        (Transfer::PQ, HdrFacts::default()),
        (Transfer::HLG, HdrFacts::default()),
        (Transfer::HLG, mastered_at(4000)),
    ] {
        for matrix in MATRICES {
            let color = bt2100(matrix, transfer, Range::Full);
            // Neither tone curve nor exposure count.
            let look = look(hdr, 2.0);
            for (index, [r, g, b, _]) in reference::pixels(&picture, color).into_iter().enumerate()
            {
                let (x, y) = (index as u32 % picture.width, index as u32 / picture.width);
                let [r, g, b] = light::nits([r, g, b], color, &look);
                let should = (0.2627 * r + 0.6780 * g + 0.0593 * b).max(0.0);
                let is = f64::from(probe(&frame, color, &look, x, y).unwrap().nits.unwrap());
                // The weights are rounded; colours far outside the gamut add that up.
                let all = r.abs() + g.abs() + b.abs();
                assert!(
                    (is - should).abs() <= 1e-3 + 1e-4 * all,
                    "{color:?}: {is}, {should}"
                );
            }
        }
    }
}

#[test]
fn colours_outside_the_gamut_keep_their_hue() {
    // BT.2020's own green at 100 cd/m²; mixed with grey it stays on the line through white.
    let format = PixelFormat {
        layout: reelscope_media::Layout::Gbr,
        depth: 16,
        high_bits: false,
    };
    let code = (0..65536)
        .find(|code| light::pq_to_nits(f64::from(*code) / 65535.0) >= 80.0)
        .unwrap();
    let picture = Picture::new(
        format,
        (1, 1),
        |plane, _, _| if plane == 0 { code } else { 0 },
    );
    let color = ColorInfo {
        matrix: Matrix::IDENTITY,
        ..bt2100(Matrix::IDENTITY, Transfer::PQ, Range::Full)
    };
    let shown = probe(&picture.frame(0), color, &Look::default(), 0, 0).unwrap();
    let linear = shown.rgb.map(|v| {
        let v = f64::from(v);
        if v > 0.04045 {
            ((v + 0.055) / 1.055).powf(2.4)
        } else {
            v / 12.92
        }
    });
    let to_xyz = light::rgb_to_xyz(Primaries::BT709);
    let xyz = to_xyz.map(|row| row[0] * linear[0] + row[1] * linear[1] + row[2] * linear[2]);
    let sum: f64 = xyz.iter().sum();
    let (x, y) = (xyz[0] / sum - 0.3127, xyz[1] / sum - 0.3290);
    let (green_x, green_y) = (0.170 - 0.3127, 0.797 - 0.3290);
    assert!(
        (x * green_y - y * green_x).abs() < 1e-3 && y > 0.1,
        "{x} {y}"
    );
    // And its luminance, 0.678 of 80 cd/m².
    assert!((xyz[1] * 203.0 - 0.678 * 80.0).abs() < 0.5, "{xyz:?}");
}
