//! Smooth randomness that is the same on every run.

/// A hash of two integers as a number between 0 and 1.
pub(crate) fn hash(x: i32, y: i32) -> f32 {
    let mut h = (x as u32).wrapping_mul(0x9E37_79B1) ^ (y as u32).wrapping_mul(0x85EB_CA77);
    h = (h ^ (h >> 15)).wrapping_mul(0x2C1B_3C6D);
    h = (h ^ (h >> 12)).wrapping_mul(0x297A_2D39);
    (h ^ (h >> 15)) as f32 / u32::MAX as f32
}

/// Value noise between 0 and 1, one lattice point per unit.
pub(crate) fn value(x: f32, y: f32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let (fx, fy) = (ease(x - left), ease(y - top));
    let (ix, iy) = (left as i32, top as i32);
    let upper = mix(hash(ix, iy), hash(ix + 1, iy), fx);
    let lower = mix(hash(ix, iy + 1), hash(ix + 1, iy + 1), fx);
    mix(upper, lower, fy)
}

/// Several octaves of [`value`], between 0 and 1.
pub(crate) fn fractal(mut x: f32, mut y: f32, octaves: u32) -> f32 {
    let (mut sum, mut weight, mut total) = (0.0, 0.5, 0.0);
    for _ in 0..octaves {
        sum += weight * value(x, y);
        total += weight;
        // The shift keeps the lattices of the octaves apart.
        (x, y) = (x * 2.03 + 17.1, y * 2.03 + 9.2);
        weight *= 0.5;
    }
    sum / total
}

/// Linear interpolation.
pub(crate) fn mix(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

/// 0 below `from`, 1 above `to`, smooth between.
pub(crate) fn step(from: f32, to: f32, x: f32) -> f32 {
    ease(((x - from) / (to - from)).clamp(0.0, 1.0))
}

fn ease(t: f32) -> f32 {
    t * t * (3.0 - 2.0 * t)
}
