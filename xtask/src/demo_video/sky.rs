//! Everything far away: the evening sky, clouds, stars and mountains, by direction only.

use super::canvas::{Color, add, blend, scale};
use super::noise::{fractal, hash, step};

/// Where the sun has gone down, in radians to the right of the road's mean direction.
const SUN: f32 = 0.16;

/// Colour of the haze above the ground.
pub(crate) const HAZE: Color = [0.150, 0.085, 0.135];

/// The sky without clouds: `azimuth` to the right and `elevation` upwards, in radians.
pub(crate) fn clear(azimuth: f32, elevation: f32) -> Color {
    const STOPS: [(f32, Color); 6] = [
        (0.00, [0.95, 0.40, 0.16]),
        (0.05, [0.80, 0.27, 0.17]),
        (0.12, [0.40, 0.145, 0.21]),
        (0.21, [0.105, 0.064, 0.17]),
        (0.31, [0.024, 0.030, 0.092]),
        (0.46, [0.006, 0.010, 0.036]),
    ];
    let elevation = elevation.max(0.0);
    let away = (azimuth - SUN).abs();
    let mut color = STOPS[5].1;
    for pair in STOPS.windows(2) {
        let [(low, below), (high, above)] = [pair[0], pair[1]];
        if elevation < high {
            color = blend(
                below,
                above,
                ((elevation - low) / (high - low)).clamp(0.0, 1.0),
            );
            break;
        }
    }
    // Away from the sun the warm part sinks and cools.
    let cool = step(0.0, 0.75, away) * step(0.4, 0.0, elevation);
    color = blend(color, [0.13, 0.085, 0.19], cool * 0.62);
    let near = (-(away * away * 16.0 + elevation * elevation * 90.0)).exp();
    add(color, [1.5, 0.72, 0.22], near * 1.15)
}

/// The sky with clouds and stars.
pub(crate) fn whole(azimuth: f32, elevation: f32) -> Color {
    let mut color = clear(azimuth, elevation);
    color = add(color, [0.85, 0.90, 1.0], stars(azimuth, elevation));
    let warp = fractal(azimuth * 5.0 + 3.0, elevation * 16.0, 3) * 0.5;
    let bank = fractal(azimuth * 3.2 + warp, elevation * 24.0 + warp * 2.0, 5);
    let cover = step(0.44, 0.74, bank) * step(0.015, 0.07, elevation) * step(0.42, 0.18, elevation);
    // Lit from below: the thicker and the higher, the darker.
    let away = (azimuth - SUN).abs();
    let glow = (-away * 2.2).exp() * step(0.36, 0.04, elevation);
    let lit = blend([0.075, 0.055, 0.105], [1.45, 0.42, 0.20], glow);
    let body = blend(lit, scale(lit, 0.45), step(0.62, 0.9, bank));
    let color = blend(color, body, cover * 0.85);
    add(
        color,
        [0.95, 0.90, 0.80],
        moon(azimuth, elevation) * (1.0 - 0.8 * cover),
    )
}

/// A young moon, its lit side towards the sun below.
fn moon(azimuth: f32, elevation: f32) -> f32 {
    const RADIUS: f32 = 0.0105;
    let (x, y) = ((azimuth + 0.30) / RADIUS, (elevation - 0.285) / RADIUS);
    let disc = |x: f32, y: f32| step(1.05, 0.95, (x * x + y * y).sqrt());
    let crescent = disc(x, y) * (1.0 - disc(x + 0.42, y - 0.28));
    let halo = 0.05 / (1.0 + (x * x + y * y) * 0.12).powi(2);
    1.6 * crescent + 0.02 * disc(x, y) + halo
}

fn stars(azimuth: f32, elevation: f32) -> f32 {
    const CELL: f32 = 0.0115;
    let (x, y) = (azimuth / CELL, elevation / CELL);
    let (ix, iy) = (x.floor() as i32, y.floor() as i32);
    if hash(ix, iy) < 0.80 {
        return 0.0;
    }
    let (sx, sy) = (
        hash(ix, iy + 900) * 0.7 + 0.15,
        hash(ix + 900, iy) * 0.7 + 0.15,
    );
    let distance = ((x - ix as f32 - sx).powi(2) + (y - iy as f32 - sy).powi(2)) * 130.0;
    let brightness = hash(ix + 77, iy + 31).powi(3) * 0.75 + 0.02;
    brightness * (-distance).exp() * step(0.19, 0.38, elevation)
}

/// A ridge in front of the sky.
struct Ridge {
    base: f32,
    rise: f32,
    scale: f32,
    seed: f32,
    color: Color,
    /// Lifts the foot of the ridge out of the haze.
    mist: f32,
}

const RIDGES: [Ridge; 4] = [
    Ridge {
        base: 0.040,
        rise: 0.120,
        scale: 3.1,
        seed: 4.0,
        color: [0.150, 0.085, 0.155],
        mist: 0.75,
    },
    Ridge {
        base: 0.026,
        rise: 0.085,
        scale: 4.6,
        seed: 21.0,
        color: [0.078, 0.055, 0.112],
        mist: 0.60,
    },
    Ridge {
        base: 0.014,
        rise: 0.056,
        scale: 7.0,
        seed: 47.0,
        color: [0.036, 0.035, 0.070],
        mist: 0.45,
    },
    Ridge {
        base: 0.006,
        rise: 0.030,
        scale: 12.0,
        seed: 83.0,
        color: [0.014, 0.019, 0.034],
        mist: 0.25,
    },
];

/// The sky with the mountains before it; `pixel` is the angle of one pixel, for smooth edges.
pub(crate) fn backdrop(azimuth: f32, elevation: f32, pixel: f32) -> Color {
    let highest = RIDGES[0].base + RIDGES[0].rise;
    let mut color = whole(azimuth, elevation);
    if elevation > highest {
        return color;
    }
    for ridge in &RIDGES {
        let crest = fractal(azimuth * ridge.scale + ridge.seed, ridge.seed, 6);
        let top = ridge.base + ridge.rise * (crest - 0.25).max(0.0) * 1.5;
        let cover = step(pixel * 0.8, -pixel * 0.8, elevation - top);
        if cover > 0.0 {
            let glow = (-(azimuth - SUN).abs() * 3.0).exp();
            let haze = add(HAZE, [0.55, 0.20, 0.05], glow);
            let depth = step(0.0, 1.0, elevation / top.max(0.001));
            let body = blend(
                blend(ridge.color, haze, ridge.mist * 0.8),
                ridge.color,
                depth,
            );
            let body = add(body, haze, 0.07 * ridge.mist);
            color = blend(color, body, cover);
        }
    }
    color
}
