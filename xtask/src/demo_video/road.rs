//! The camera, the course of the road, and the ground under both. Lengths are in metres: `along`
//! the road from a fixed point, `ahead` of the camera, `across` the road to the right of its middle.

use std::f32::consts::TAU;

use super::canvas::{Color, add, blend, scale};
use super::noise::{fractal, step, value};
use super::sky;

/// The world repeats after this many metres.
pub(crate) const LOOP: f32 = 176.0;
/// The middle of our lane.
pub(crate) const LANE: f32 = 1.8;
/// From the middle of the road to its edge line.
const EDGE: f32 = 3.5;
/// From the middle of the road to the grass.
const SHOULDER: f32 = 4.3;
/// Lamps stand this far apart, on alternating sides.
pub(crate) const LAMP_SPACING: f32 = 22.0;
/// Lamp posts stand this far from the middle, their light hangs further in.
pub(crate) const LAMP_POST: f32 = 5.6;
pub(crate) const LAMP_LIGHT: f32 = 3.6;
/// Colour of lamp light.
pub(crate) const LAMP: Color = [1.0, 0.55, 0.20];

/// A camera on the road.
#[derive(Clone, Copy)]
pub(crate) struct Camera {
    /// Metres driven.
    pub(crate) along: f32,
    /// Focal length in pixels.
    pub(crate) focal: f32,
    /// Row of the horizon, column of the road's direction.
    pub(crate) horizon: f32,
    pub(crate) center: f32,
    /// Metres above the road.
    pub(crate) height: f32,
}

/// How far the road has swung to the right of a straight line.
fn course(along: f32) -> f32 {
    let turn = along / LOOP * TAU;
    3.6 * turn.sin() + 1.1 * (2.0 * turn + 1.0).sin()
}

fn heading_at(along: f32) -> f32 {
    let turn = along / LOOP * TAU;
    (3.6 * turn.cos() + 2.2 * (2.0 * turn + 1.0).cos()) * TAU / LOOP
}

impl Camera {
    /// The direction we look in, in radians to the right of the road's mean direction.
    pub(crate) fn heading(&self) -> f32 {
        heading_at(self.along)
    }

    /// Where the middle of the road is, to the right of the line of sight.
    fn middle(&self, ahead: f32) -> f32 {
        let bend = course(self.along + ahead) - course(self.along) - self.heading() * ahead;
        bend - LANE
    }

    /// The pixel that shows a point `across` the road and `up` above it.
    pub(crate) fn project(&self, ahead: f32, across: f32, up: f32) -> (f32, f32) {
        let scale = self.focal / ahead;
        (
            self.center + (self.middle(ahead) + across) * scale,
            self.horizon + (self.height - up) * scale,
        )
    }

    /// Pixels per metre.
    pub(crate) fn pixels_per_metre(&self, ahead: f32) -> f32 {
        self.focal / ahead
    }

    /// What is seen through a pixel when nothing stands in the way.
    pub(crate) fn shade(&self, x: f32, y: f32) -> Color {
        let azimuth = (x - self.center) / self.focal + self.heading();
        let below = y - self.horizon;
        let elevation = -below / self.focal;
        if below < 0.4 {
            return sky::backdrop(azimuth, elevation, 1.0 / self.focal);
        }
        let ahead = self.height * self.focal / below;
        let across = (x - self.center) * ahead / self.focal - self.middle(ahead);
        let ground = self.ground(ahead, across, azimuth, -elevation);
        blend(ground, haze(azimuth), fog(ahead))
    }

    fn ground(&self, ahead: f32, across: f32, azimuth: f32, below: f32) -> Color {
        let along = self.along + ahead;
        // How many metres one pixel covers, across and along.
        let (fine, coarse) = (
            ahead / self.focal,
            ahead * ahead / (self.focal * self.height),
        );
        let light = self.light(ahead, across);
        let on_road = step(
            SHOULDER + fine,
            SHOULDER - fine,
            across.abs() + edge_noise(along) * 0.2,
        );

        let grain = fractal(across * 14.0, along.rem_euclid(LOOP) * 14.0, 3) - 0.5;
        let grain = grain * step(0.30, 0.01, coarse);
        let tracks = (-((across.abs() - LANE).abs() - 0.75).powi(2) * 6.0).exp();
        let asphalt = scale([0.060, 0.062, 0.070], 1.0 + 0.9 * grain - 0.28 * tracks);
        let paint = self.paint(along, across, fine, coarse);
        let mut road = blend(asphalt, [0.62, 0.60, 0.55], paint);
        road = std::array::from_fn(|i| road[i] * light[i]);
        // The damp road mirrors the sky where it is seen at a flat angle.
        let flat = (1.0 - below / (below * below + 1.0).sqrt()).powi(5);
        let sheen = (0.02 + 0.66 * flat) * (0.66 + 0.6 * tracks + 0.8 * grain);
        let ripple = fractal(across * 1.4, along.rem_euclid(LOOP) * 0.35, 3) * 0.05;
        road = add(
            road,
            sky::clear(azimuth, below * 1.5 + 0.012 + ripple),
            sheen * 0.55,
        );

        let tufts = fractal(across * 3.0, along.rem_euclid(LOOP) * 3.0, 6);
        let tufts = 0.05 + 1.9 * (tufts * step(1.2, 0.05, coarse) + 0.5 * step(0.05, 1.2, coarse));
        let grass: Color =
            std::array::from_fn(|i| [0.030, 0.042, 0.022][i] * tufts * light[i] * 1.2);
        blend(grass, road, on_road)
    }

    /// Coverage of the road markings, between 0 and 1.
    fn paint(&self, along: f32, across: f32, fine: f32, coarse: f32) -> f32 {
        let line = |middle: f32, half: f32| {
            let distance = (across - middle).abs() - half;
            // A line thinner than a pixel keeps its share of the pixel.
            step(fine, -fine, distance) * (2.0 * half / fine).min(1.0)
        };
        let dash = along.rem_euclid(11.0);
        let dashed = step(-coarse, coarse, dash - 1.0) * step(coarse, -coarse, dash - 5.0);
        let dashed = blend([dashed; 3], [4.0 / 11.0; 3], step(2.0, 6.0, coarse))[0];
        let wear = 0.78 + 0.22 * value(across * 14.0, along.rem_euclid(LOOP) * 6.0);
        (line(-EDGE, 0.07) + line(EDGE, 0.07) + line(0.0, 0.07) * dashed).min(1.0) * wear
    }

    /// Light that falls on the ground.
    fn light(&self, ahead: f32, across: f32) -> Color {
        let evening = [0.20, 0.18, 0.34];
        let beam_width = 1.6 + ahead * 0.16;
        let off = (across - LANE + 0.012 * ahead) / beam_width;
        let beam = 4.6 * (-off * off).exp() * (-ahead / 17.0).exp() * step(2.0, 8.0, ahead);
        let mut light = add(evening, [1.0, 0.95, 0.85], beam);
        for (lamp_ahead, side) in self.lamps() {
            let distance = (lamp_ahead - ahead).powi(2) + (side * LAMP_LIGHT - across).powi(2);
            light = add(light, LAMP, 4.6 / (1.0 + distance / 26.0).powi(2));
        }
        light
    }

    /// The lamps in sight: how far ahead, and on which side.
    pub(crate) fn lamps(&self) -> impl Iterator<Item = (f32, f32)> + use<> {
        let along = self.along;
        let first = (along / LAMP_SPACING).floor() as i32;
        (first..first + 16).map(move |number| {
            let side = if number.rem_euclid(2) == 0 { 1.0 } else { -1.0 };
            (number as f32 * LAMP_SPACING + 6.0 - along, side)
        })
    }
}

fn edge_noise(along: f32) -> f32 {
    let place = along.rem_euclid(LOOP);
    fractal(place * 2.6, 5.0, 5)
}

/// Colour of the haze in a direction.
pub(crate) fn haze(azimuth: f32) -> Color {
    blend(sky::HAZE, sky::clear(azimuth, 0.03), 0.22)
}

/// How much of a thing is hidden by haze.
pub(crate) fn fog(ahead: f32) -> f32 {
    1.0 - (-ahead / 300.0).exp()
}
