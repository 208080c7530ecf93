//! Pictures for the examples to log.

/// A ball that runs around on a shaded ground: `width * height` pixels of red, green and blue.
pub fn ball(width: u32, height: u32, frame: i64, colour: [u8; 3]) -> Vec<u8> {
    let (w, h) = (f64::from(width), f64::from(height));
    let turn = frame as f64 * 0.05;
    let middle = (w * (0.5 + 0.35 * turn.cos()), h * (0.5 + 0.35 * turn.sin()));
    let radius = h * 0.1;
    let pixel = |x: u32, y: u32| {
        let (dx, dy) = (f64::from(x) - middle.0, f64::from(y) - middle.1);
        if dx * dx + dy * dy < radius * radius {
            colour
        } else {
            let shade = |at: u32, side: f64| (40.0 + 60.0 * f64::from(at) / side) as u8;
            [shade(x, w), shade(y, h), 90]
        }
    };
    (0..height)
        .flat_map(|y| (0..width).flat_map(move |x| pixel(x, y)))
        .collect()
}

/// What a thermal camera could see: one value for each pixel, brightest where it is warm.
pub fn thermal(width: u32, height: u32, frame: i64) -> Vec<u8> {
    let middle = f64::from(width) * (0.5 + 0.3 * (frame as f64 * 0.04).sin());
    let pixel = |x: u32, y: u32| {
        let (dx, dy) = (
            f64::from(x) - middle,
            f64::from(y) - f64::from(height) / 2.0,
        );
        let near = (-(dx * dx + dy * dy) / 900.0).exp();
        (30.0 + 200.0 * near) as u8
    };
    (0..height)
        .flat_map(|y| (0..width).map(move |x| pixel(x, y)))
        .collect()
}
