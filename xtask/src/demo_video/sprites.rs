//! What stands and drives along the road: trees, lamps and cars.

use super::canvas::{Canvas, Color, add, blend, scale};
use super::noise::{fractal, hash, step, value};
use super::road::{Camera, LAMP, LAMP_LIGHT, LAMP_POST, LANE, LOOP, fog, haze};

/// A conifer.
pub(crate) fn tree(canvas: &mut Canvas, camera: &Camera, ahead: f32, number: i32) {
    let side = if number % 2 == 0 { 1.0 } else { -1.0 };
    let across = side * (8.0 + 26.0 * hash(number, 1).powf(1.4));
    let height = 5.5 + 6.5 * hash(number, 2);
    let (x, foot) = camera.project(ahead, across, 0.0);
    let unit = camera.pixels_per_metre(ahead);
    let (tall, half) = (
        height * unit,
        height * unit * (0.17 + 0.06 * hash(number, 3)),
    );
    if x + half < 0.0 || x - half > canvas.width as f32 || tall < 2.0 {
        return;
    }
    let azimuth = (x - camera.center) / camera.focal + camera.heading();
    let warm = scale([0.05, 0.018, 0.012], (-(azimuth - 0.16).abs() * 2.0).exp());
    let beam = 0.9 * (-ahead / 16.0).exp() * (-((across - LANE) / 12.0).powi(2)).exp();
    let fog = 0.62 * fog(ahead);
    let behind = haze(azimuth);
    let tiers = 6.0 + (4.0 * hash(number, 4)).floor();
    canvas.paint([x - half, foot - tall, x + half, foot], |px, py, old| {
        let up = ((foot - py) / tall).clamp(0.0, 1.0);
        let sideways = (px - x) / half;
        // Boughs: each tier is wide below and narrow above, with ragged tips.
        let tier = (up * tiers).fract();
        let (right, high) = ((px - x) / unit + number as f32 * 31.0, (foot - py) / unit);
        let ragged = fractal(right * 5.0, high * 8.0, 4) - 0.5;
        let boughs = (1.0 - up).powf(0.85) * (0.98 - 0.40 * tier + 0.62 * ragged);
        let width = (boughs * step(0.035, 0.15, up)).max(if up < 0.2 { 0.055 } else { 0.0 });
        let cover = step(1.0, -1.0, (sideways.abs() - width) * half);
        let texture = 0.45 + 1.1 * fractal(right * 4.0, high * 9.0, 4);
        let body = add([0.0060, 0.0120, 0.0185], warm, 0.35 + 0.65 * up);
        let body = add(
            body,
            [0.055, 0.075, 0.032],
            beam * texture * (1.0 - 0.8 * up),
        );
        let body = scale(body, 0.7 + 0.3 * texture);
        blend(old, blend(body, behind, fog), cover)
    });
}

/// A street lamp with its post and its halo.
pub(crate) fn lamp(canvas: &mut Canvas, camera: &Camera, ahead: f32, side: f32) {
    const HEIGHT: f32 = 7.2;
    if ahead < 1.5 {
        return;
    }
    let unit = camera.pixels_per_metre(ahead);
    let (foot_x, foot_y) = camera.project(ahead, side * LAMP_POST, 0.0);
    let (top_x, top_y) = camera.project(ahead, side * LAMP_POST, HEIGHT);
    let (light_x, light_y) = camera.project(ahead, side * LAMP_LIGHT, HEIGHT + 0.25);
    let azimuth = (foot_x - camera.center) / camera.focal + camera.heading();
    let body = blend([0.012, 0.012, 0.018], haze(azimuth), fog(ahead));
    line(canvas, (foot_x, foot_y), (top_x, top_y), 0.085 * unit, body);
    line(
        canvas,
        (top_x, top_y),
        (light_x, light_y),
        0.055 * unit,
        body,
    );
    line(
        canvas,
        (light_x - 0.30 * unit, light_y),
        (light_x + 0.30 * unit, light_y),
        0.055 * unit,
        scale([1.0, 0.80, 0.52], 7.0 * (1.0 - 0.6 * fog(ahead))),
    );
    let strength = 1.0 - 0.75 * fog(ahead);
    canvas.glow(
        light_x,
        light_y,
        (0.20 * unit).max(1.2),
        scale(LAMP, 4.5 * strength),
    );
    canvas.glow(
        light_x,
        light_y,
        (1.1 * unit).clamp(6.0, 190.0),
        scale(LAMP, 0.24 * strength),
    );
    reflection(
        canvas,
        camera,
        ahead,
        side * LAMP_LIGHT,
        HEIGHT,
        scale(LAMP, 0.16 * strength),
        0.55,
    );
}

/// The car ahead of us, from behind.
pub(crate) fn car(canvas: &mut Canvas, camera: &Camera, ahead: f32, braking: f32) {
    let unit = camera.pixels_per_metre(ahead);
    let (x, ground) = camera.project(ahead, LANE - 0.05, 0.0);
    let behind = haze((x - camera.center) / camera.focal + camera.heading());
    let red = [1.0, 0.045, 0.022];
    let at = |right: f32, up: f32| (x + right * unit, ground - up * unit);

    // Shadow, then tyres, body and glass: half widths at heights above the road.
    canvas.paint(
        around(at(0.0, 0.05), 1.25 * unit, 0.22 * unit),
        |px, py, old| {
            let (dx, dy) = (
                (px - x) / (1.15 * unit),
                (py - ground + 0.02 * unit) / (0.16 * unit),
            );
            scale(old, 1.0 - 0.85 * (1.0 - (dx * dx + dy * dy).min(1.0)))
        },
    );
    const BODY: &[(f32, f32)] = &[
        (0.20, 0.80),
        (0.28, 0.88),
        (0.50, 0.925),
        (0.78, 0.92),
        (0.90, 0.875),
        (0.97, 0.80),
        (1.20, 0.675),
        (1.38, 0.575),
        (1.45, 0.44),
        (1.465, 0.30),
    ];
    const GLASS: &[(f32, f32)] = &[
        (0.985, 0.62),
        (1.02, 0.665),
        (1.20, 0.585),
        (1.34, 0.51),
        (1.375, 0.44),
    ];
    let veil = |color: Color| blend(color, behind, fog(ahead) * 0.8);
    for side in [-1.0, 1.0] {
        let tyre = (0.14 * unit, 0.20 * unit);
        rounded(
            canvas,
            at(side * 0.70, 0.19),
            tyre,
            0.05 * unit,
            veil([0.003; 3]),
        );
    }
    profile(canvas, (x, ground), unit, BODY, |up, right| {
        // The shoulders catch the sky, the flanks fall into shadow.
        let sky = step(0.80, 0.96, up) * step(1.30, 0.96, up) * 0.6 + step(1.36, 1.46, up);
        let sill = step(0.62, 0.24, up);
        let color = add([0.014, 0.016, 0.026], [0.085, 0.058, 0.095], sky);
        veil(scale(
            color,
            (1.0 - 0.75 * sill) * (1.0 - 0.35 * right * right),
        ))
    });
    profile(canvas, (x, ground), unit, GLASS, |up, right| {
        let sheen = step(0.9, 1.4, up + 0.16 * right);
        veil(blend(
            [0.010, 0.009, 0.014],
            [0.20, 0.105, 0.15],
            sheen * 0.75,
        ))
    });
    rounded(
        canvas,
        at(0.0, 0.55),
        (0.26 * unit, 0.058 * unit),
        0.02 * unit,
        veil([0.20, 0.19, 0.17]),
    );
    rounded(
        canvas,
        at(0.0, 0.27),
        (0.72 * unit, 0.055 * unit),
        0.04 * unit,
        veil([0.005; 3]),
    );

    let strength = 2.2 + 3.0 * braking;
    for side in [-1.0, 1.0] {
        let lens = at(side * 0.69, 0.78);
        let half = (0.19 * unit, 0.042 * unit);
        rounded(canvas, lens, half, 0.03 * unit, scale(red, strength * 1.9));
        canvas.glow(lens.0, lens.1, 0.16 * unit, scale(red, strength * 0.32));
        canvas.glow(lens.0, lens.1, 0.75 * unit, scale(red, strength * 0.022));
        let color = scale(red, 0.10 * strength);
        reflection(
            canvas,
            camera,
            ahead,
            LANE - 0.05 + side * 0.70,
            0.78,
            color,
            0.20,
        );
    }
    let bar = at(0.0, 0.79);
    rounded(
        canvas,
        bar,
        (0.60 * unit, 0.014 * unit),
        0.012 * unit,
        scale(red, 1.6 + braking),
    );
}

/// A car that comes towards us: two headlights and a dark shape.
pub(crate) fn oncoming(canvas: &mut Canvas, camera: &Camera, ahead: f32) {
    let unit = camera.pixels_per_metre(ahead);
    let (x, ground) = camera.project(ahead, -LANE, 0.0);
    let behind = haze((x - camera.center) / camera.focal + camera.heading());
    let dark = blend([0.010, 0.010, 0.014], behind, fog(ahead));
    rounded(
        canvas,
        (x, ground - 1.1 * unit),
        (0.66 * unit, 0.38 * unit),
        0.25 * unit,
        dark,
    );
    rounded(
        canvas,
        (x, ground - 0.62 * unit),
        (0.90 * unit, 0.42 * unit),
        0.16 * unit,
        dark,
    );
    let color = [1.0, 0.93, 0.80];
    let strength = 1.0 - 0.5 * fog(ahead);
    for side in [-0.66, 0.66] {
        let (lx, ly) = (x + side * unit, ground - 0.68 * unit);
        rounded(
            canvas,
            (lx, ly),
            (0.13 * unit, 0.075 * unit),
            0.07 * unit,
            scale(color, 9.0),
        );
        canvas.glow(lx, ly, (0.20 * unit).max(1.4), scale(color, 3.0 * strength));
        canvas.glow(
            lx,
            ly,
            (0.9 * unit).clamp(6.0, 120.0),
            scale(color, 0.20 * strength),
        );
        reflection(
            canvas,
            camera,
            ahead,
            -LANE + side,
            0.68,
            scale(color, 0.34 * strength),
            0.22,
        );
    }
}

/// The streak that a light draws on the damp road below it.
fn reflection(
    canvas: &mut Canvas,
    camera: &Camera,
    ahead: f32,
    across: f32,
    up: f32,
    color: Color,
    half_width: f32,
) {
    let unit = camera.pixels_per_metre(ahead);
    let (x, top) = camera.project(ahead, across, 0.0);
    let (_, middle) = camera.project(ahead, across, -up);
    let length = (middle - top).max(6.0) * 1.5;
    let half = half_width * unit;
    let reach = half * 4.0;
    canvas.paint(
        [x - reach, top, x + reach, top + length * 2.0],
        |px, py, old| {
            let down = (py - top) / length;
            // Rough asphalt breaks the streak up.
            let rough =
                0.55 + 0.9 * value(px * 0.11, py * 0.33 + camera.along.rem_euclid(LOOP) * 2.0);
            let sideways = (px - x) / (half * (1.0 + 0.8 * down));
            let along = step(0.0, 0.10, down) * (1.0 - down / 2.0).max(0.0).powi(2);
            add(old, color, (-sideways * sideways).exp() * along * rough)
        },
    );
}

/// A symmetric shape given by half widths at heights, in metres; `shade` gets the height and the
/// place between the middle (0) and the right edge (1) or left edge (-1).
fn profile(
    canvas: &mut Canvas,
    (x, ground): (f32, f32),
    unit: f32,
    outline: &[(f32, f32)],
    shade: impl Fn(f32, f32) -> Color,
) {
    let (Some((low, _)), Some((high, _))) = (outline.first(), outline.last()) else {
        return;
    };
    let widest = outline
        .iter()
        .fold(0.0_f32, |widest, (_, half)| widest.max(*half))
        * unit
        + 1.0;
    let edges = [
        x - widest,
        ground - high * unit - 1.0,
        x + widest,
        ground - low * unit + 1.0,
    ];
    canvas.paint(edges, |px, py, old| {
        let up = (ground - py) / unit;
        let inside = outline
            .windows(2)
            .find(|pair| up < pair[1].0)
            .unwrap_or(&outline[outline.len() - 2..]);
        let t = ((up - inside[0].0) / (inside[1].0 - inside[0].0)).clamp(0.0, 1.0);
        let half = inside[0].1 + (inside[1].1 - inside[0].1) * t;
        let beyond = ((px - x).abs() - half * unit)
            .max((low - up) * unit)
            .max((up - high) * unit);
        blend(
            old,
            shade(up, (px - x) / (half * unit)),
            step(0.7, -0.7, beyond),
        )
    });
}

fn around((x, y): (f32, f32), half_width: f32, half_height: f32) -> [f32; 4] {
    [
        x - half_width,
        y - half_height,
        x + half_width,
        y + half_height,
    ]
}

/// A box with round corners, smooth at its edge.
pub(crate) fn rounded(
    canvas: &mut Canvas,
    (x, y): (f32, f32),
    (half_width, half_height): (f32, f32),
    radius: f32,
    color: Color,
) {
    let radius = radius.min(half_width).min(half_height);
    canvas.paint(
        around((x, y), half_width + 1.0, half_height + 1.0),
        |px, py, old| {
            let dx = ((px - x).abs() - half_width + radius).max(0.0);
            let dy = ((py - y).abs() - half_height + radius).max(0.0);
            let inside = (px - x).abs() < half_width + 1.0 && (py - y).abs() < half_height + 1.0;
            let distance = (dx * dx + dy * dy).sqrt() - radius;
            blend(
                old,
                color,
                if inside {
                    step(0.7, -0.7, distance)
                } else {
                    0.0
                },
            )
        },
    );
}

/// A line with round ends, smooth at its edge; `half` is half its width, at least half a pixel.
pub(crate) fn line(canvas: &mut Canvas, a: (f32, f32), b: (f32, f32), half: f32, color: Color) {
    let share = (half / 0.5).min(1.0);
    let half = half.max(0.5);
    let reach = half + 1.0;
    let edges = [
        a.0.min(b.0) - reach,
        a.1.min(b.1) - reach,
        a.0.max(b.0) + reach,
        a.1.max(b.1) + reach,
    ];
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length = (dx * dx + dy * dy).max(1e-6);
    canvas.paint(edges, |px, py, old| {
        let t = (((px - a.0) * dx + (py - a.1) * dy) / length).clamp(0.0, 1.0);
        let distance = ((px - a.0 - t * dx).powi(2) + (py - a.1 - t * dy).powi(2)).sqrt() - half;
        blend(old, color, step(0.6, -0.6, distance) * share)
    });
}
