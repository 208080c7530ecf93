//! From R'G'B' to what an SDR display shows: H.273 Tables 2 and 3, ITU-R BT.1886, BT.2100, BT.2390.

use reelscope_media::{ColorInfo, Primaries};
use reelscope_render::Look;

use super::{apply, invert};

type Matrix3 = [[f64; 3]; 3];

/// R', G', B' of the display from 0 to 1. All of `color` is stated.
pub(crate) fn shown(coded: [f64; 3], color: ColorInfo, look: &Look) -> [f64; 3] {
    let to_display = to_bt709(color.primaries);
    match color.transfer.0 {
        16 | 18 => high_dynamic_range(coded, color, look),
        transfer => {
            let made_for_such_displays = matches!(transfer, 1 | 6 | 7 | 11 | 12 | 13 | 14 | 15);
            let unchanged = color.primaries == Primaries::BT709 && look.exposure == 0.0;
            if made_for_such_displays && unchanged {
                return coded.map(|v| v.clamp(0.0, 1.0));
            }
            let light = coded.map(|v| 2f64.powf(look.exposure.into()) * display_light(transfer, v));
            apply(to_display, light).map(|light| {
                if made_for_such_displays && transfer != 13 {
                    light.max(0.0).powf(1.0 / 2.4).min(1.0)
                } else {
                    srgb(light.clamp(0.0, 1.0))
                }
            })
        }
    }
}

/// Light of an SDR display for a coded value.
fn display_light(transfer: u8, v: f64) -> f64 {
    let sign = v.signum();
    let v_abs = v.abs();
    match transfer {
        4 => sign * v_abs.powf(2.2),
        5 => sign * v_abs.powf(2.8),
        8 => v,
        9 if v > 0.0 => 100f64.powf(v - 1.0),
        // 10^2.5, the ratio that its name rounds to 316.
        10 if v > 0.0 => (v - 1.0).mul_add(2.5 * 10f64.ln(), 0.0).exp(),
        9 | 10 => 0.0,
        13 if v_abs > 0.04045 => sign * ((v_abs + 0.055) / 1.055).powf(2.4),
        13 => v / 12.92,
        17 => sign * v_abs.powf(2.6) * 52.37 / 48.0,
        _ => sign * v_abs.powf(2.4),
    }
}

fn srgb(light: f64) -> f64 {
    if light > 0.003_130_8 {
        1.055 * light.powf(1.0 / 2.4) - 0.055
    } else {
        12.92 * light
    }
}

/// cd/m² of a PQ value: ST 2084 as BT.2100 Table 4 has it.
pub(crate) fn pq_to_nits(v: f64) -> f64 {
    let (m1, m2) = (0.159_301_757_812_5, 78.84375);
    let (c1, c2, c3) = (0.8359375, 18.8515625, 18.6875);
    let p = v.clamp(0.0, 1.0).powf(1.0 / m2);
    10_000.0 * ((p - c1).max(0.0) / (c2 - c3 * p)).powf(1.0 / m1)
}

fn nits_to_pq(nits: f64) -> f64 {
    let (m1, m2) = (0.159_301_757_812_5, 78.84375);
    let (c1, c2, c3) = (0.8359375, 18.8515625, 18.6875);
    let y = (nits.max(0.0) / 10_000.0).powf(m1);
    ((c1 + c2 * y) / (1.0 + c3 * y)).powf(m2)
}

/// Scene light of an HLG value, BT.2100 Table 5, below zero as a mirror image.
fn hlg_to_scene(v: f64) -> f64 {
    let (a, b, c) = (0.17883277, 0.28466892, 0.55991073);
    let size = v.abs();
    let light = if size > 0.5 {
        (((size - c) / a).exp() + b) / 12.0
    } else {
        size.powi(2) / 3.0
    };
    light * v.signum()
}

/// Peaks in cd/m²: that of the pictures and, for HLG, of the display that they were made on.
fn peaks(look: &Look) -> (f64, f64) {
    let content = look
        .hdr
        .content_light
        .map(|light| f64::from(light.max_content));
    let display = look
        .hdr
        .mastering
        .map(|display| f64::from(display.max_luminance) / 10_000.0);
    (
        content.or(display).unwrap_or(1000.0),
        display.unwrap_or(1000.0),
    )
}

/// cd/m² of R, G, B that the display shows before it is mapped: for HLG with the system gamma.
pub(crate) fn nits(coded: [f64; 3], color: ColorInfo, look: &Look) -> [f64; 3] {
    let hlg = color.transfer.0 == 18;
    let light = coded.map(|v| if hlg { hlg_to_scene(v) } else { pq_to_nits(v) });
    let light = if color.matrix.0 == 14 {
        // BT.2100 Table 7.
        let lms = [
            [1688.0, 2146.0, 262.0],
            [683.0, 2951.0, 462.0],
            [99.0, 309.0, 3688.0],
        ];
        apply(invert(lms.map(|row| row.map(|v: f64| v / 4096.0))), light)
    } else {
        light
    };
    if !hlg {
        return light;
    }
    let peak = peaks(look).1;
    let gamma = if (400.0..=2000.0).contains(&peak) {
        1.2 + 0.42 * (peak / 1000.0).log10()
    } else {
        1.2 * 1.111f64.powf((peak / 1000.0).log2())
    };
    let weights = rgb_to_xyz(color.primaries)[1];
    let scene = weights[0] * light[0] + weights[1] * light[1] + weights[2] * light[2];
    light.map(|v| peak * scene.max(0.0).powf(gamma - 1.0) * v)
}

fn high_dynamic_range(coded: [f64; 3], color: ColorInfo, look: &Look) -> [f64; 3] {
    let light = nits(coded, color, look).map(|v| v * 2f64.powf(look.exposure.into()));
    let largest = light[0].max(light[1]).max(light[2]);
    if largest <= 0.0 {
        return [0.0; 3];
    }
    let mapped = tone_curve(largest, peaks(look).0);
    let light = light.map(|v| v / largest * mapped / 203.0);
    let [r, g, b] = apply(to_bt709(color.primaries), light);
    // On the way from the colour to its grey, the first place inside the cube.
    let [kr, kg, kb] = rgb_to_xyz(Primaries::BT709)[1];
    let grey = (kr * r + kg * g + kb * b).clamp(0.0, 1.0);
    let mut kept = 1.0f64;
    for channel in [r, g, b] {
        if channel > 1.0 {
            kept = kept.min((1.0 - grey) / (channel - grey));
        } else if channel < 0.0 {
            kept = kept.min(grey / (grey - channel));
        }
    }
    [r, g, b].map(|v| srgb((grey + kept * (v - grey)).clamp(0.0, 1.0)))
}

/// BT.2390-8 §5.4.1 with both blacks at no light, for a display of 203 cd/m².
fn tone_curve(nits: f64, peak: f64) -> f64 {
    if peak <= 203.0 {
        return nits.min(203.0);
    }
    let e1 = (nits_to_pq(nits) / nits_to_pq(peak)).min(1.0);
    let max_lum = nits_to_pq(203.0) / nits_to_pq(peak);
    let ks = 1.5 * max_lum - 0.5;
    let e2 = if e1 < ks {
        e1
    } else {
        let t = (e1 - ks) / (1.0 - ks);
        (2.0 * t.powi(3) - 3.0 * t.powi(2) + 1.0) * ks
            + (t.powi(3) - 2.0 * t.powi(2) + t) * (1.0 - ks)
            + (-2.0 * t.powi(3) + 3.0 * t.powi(2)) * max_lum
    };
    pq_to_nits(e2 * nits_to_pq(peak))
}

/// X, Y, Z of R, G, B whose white has Y = 1.
pub(crate) fn rgb_to_xyz(primaries: Primaries) -> Matrix3 {
    let [r, g, b, w] = chromaticities(primaries);
    let xyz = |[x, y]: [f64; 2]| [x, y, 1.0 - x - y];
    let (r, g, b) = (xyz(r), xyz(g), xyz(b));
    let columns = [[r[0], g[0], b[0]], [r[1], g[1], b[1]], [r[2], g[2], b[2]]];
    let amounts = apply(invert(columns), xyz(w).map(|v| v / w[1]));
    columns.map(|row| [0, 1, 2].map(|i| row[i] * amounts[i]))
}

/// Red, green, blue, white: H.273 Table 2.
fn chromaticities(primaries: Primaries) -> [[f64; 2]; 4] {
    let d65 = [0.3127, 0.3290];
    let c = [0.310, 0.316];
    match primaries.0 {
        1 => [[0.640, 0.330], [0.300, 0.600], [0.150, 0.060], d65],
        4 => [[0.67, 0.33], [0.21, 0.71], [0.14, 0.08], c],
        5 => [[0.64, 0.33], [0.29, 0.60], [0.15, 0.06], d65],
        6 | 7 => [[0.630, 0.340], [0.310, 0.595], [0.155, 0.070], d65],
        8 => [[0.681, 0.319], [0.243, 0.692], [0.145, 0.049], c],
        9 => [[0.708, 0.292], [0.170, 0.797], [0.131, 0.046], d65],
        11 => [
            [0.680, 0.320],
            [0.265, 0.690],
            [0.150, 0.060],
            [0.314, 0.351],
        ],
        12 => [[0.680, 0.320], [0.265, 0.690], [0.150, 0.060], d65],
        22 => [[0.630, 0.340], [0.295, 0.605], [0.155, 0.077], d65],
        other => panic!("no chromaticities for primaries {other}"),
    }
}

fn to_bt709(primaries: Primaries) -> Matrix3 {
    let from_xyz = invert(rgb_to_xyz(Primaries::BT709));
    if primaries.0 == 10 {
        return from_xyz;
    }
    // Bradford, ICC.1:2022 Annex E: the cone responses of one white become those of the other.
    let cones = [
        [0.8951, 0.2664, -0.1614],
        [-0.7502, 1.7135, 0.0367],
        [0.0389, -0.0685, 1.0296],
    ];
    let columns = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(|unit| {
        let responses = apply(cones, apply(rgb_to_xyz(primaries), unit));
        let white = apply(cones, apply(rgb_to_xyz(primaries), [1.0; 3]));
        let d65 = apply(cones, apply(rgb_to_xyz(Primaries::BT709), [1.0; 3]));
        let adapted = [0, 1, 2].map(|i| responses[i] * d65[i] / white[i]);
        apply(from_xyz, apply(invert(cones), adapted))
    });
    [0, 1, 2].map(|row| [columns[0][row], columns[1][row], columns[2][row]])
}
