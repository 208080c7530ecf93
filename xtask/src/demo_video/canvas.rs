//! A picture in linear light, and how it becomes code values.

use super::noise::{self, mix};

/// Linear red, green, blue; 1 is white paper.
pub(crate) type Color = [f32; 3];

/// `a` where `t` is 0, `b` where it is 1.
pub(crate) fn blend(a: Color, b: Color, t: f32) -> Color {
    std::array::from_fn(|i| mix(a[i], b[i], t))
}

/// `a + b * t`.
pub(crate) fn add(a: Color, b: Color, t: f32) -> Color {
    std::array::from_fn(|i| a[i] + b[i] * t)
}

/// `a * t`.
pub(crate) fn scale(a: Color, t: f32) -> Color {
    a.map(|value| value * t)
}

/// Brightness of the whole picture.
const EXPOSURE: f32 = 0.74;

/// A picture in linear light.
pub(crate) struct Canvas {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pixels: Vec<Color>,
}

impl Canvas {
    /// A picture whose pixels `shade` gives for the centre of each, on all cores.
    pub(crate) fn shade(
        (width, height): (usize, usize),
        shade: impl Fn(f32, f32) -> Color + Sync,
    ) -> Self {
        let mut pixels = vec![[0.0; 3]; width * height];
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let rows = height.div_ceil(threads);
        std::thread::scope(|scope| {
            for (part, band) in pixels.chunks_mut(rows * width).enumerate() {
                let shade = &shade;
                scope.spawn(move || {
                    for (place, pixel) in band.iter_mut().enumerate() {
                        let (x, y) = (place % width, part * rows + place / width);
                        *pixel = shade(x as f32 + 0.5, y as f32 + 0.5);
                    }
                });
            }
        });
        Self {
            width,
            height,
            pixels,
        }
    }

    /// Changes the pixels within a box: `paint` gets the centre of each and its colour.
    pub(crate) fn paint(
        &mut self,
        [left, top, right, bottom]: [f32; 4],
        mut paint: impl FnMut(f32, f32, Color) -> Color,
    ) {
        let clip = |edge: f32, limit: usize| edge.clamp(0.0, limit as f32) as usize;
        let columns = clip(left.floor(), self.width)..clip(right.ceil(), self.width);
        for y in clip(top.floor(), self.height)..clip(bottom.ceil(), self.height) {
            let row = &mut self.pixels[y * self.width..][..self.width];
            for x in columns.clone() {
                row[x] = paint(x as f32 + 0.5, y as f32 + 0.5, row[x]);
            }
        }
    }

    /// Adds light around a point that falls off over `radius` pixels.
    pub(crate) fn glow(&mut self, x: f32, y: f32, radius: f32, color: Color) {
        let reach = radius * 5.0;
        self.paint(
            [x - reach, y - reach, x + reach, y + reach],
            |px, py, old| {
                let distance = ((px - x).powi(2) + (py - y).powi(2)) / (radius * radius);
                let fade = (1.0 - distance / 25.0).max(0.0);
                add(old, color, fade * fade / (1.0 + distance * 2.0))
            },
        );
    }

    /// The picture as 16-bit R, G, B in little-endian bytes: tone curve, gamma, vignette, and a
    /// trace of noise, different in each frame, against banding.
    pub(crate) fn encode(&self, frame: u32) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.pixels.len() * 6);
        for (place, pixel) in self.pixels.iter().enumerate() {
            let (x, y) = (place % self.width, place / self.width);
            let dx = x as f32 / self.width as f32 - 0.5;
            let dy = y as f32 / self.height as f32 - 0.5;
            let vignette = 1.0 - 0.8 * (dx * dx + dy * dy);
            let grain = noise::hash(x as i32, (y as i32) * 733 + frame as i32 * 9_973) - 0.5;
            for value in pixel {
                let code = gamma(tone(value * vignette * EXPOSURE)) + grain / 512.0;
                bytes.extend(((code.clamp(0.0, 1.0) * 65535.0) as u16).to_le_bytes());
            }
        }
        bytes
    }
}

/// Compresses highlights: a rational approximation of a film curve.
fn tone(x: f32) -> f32 {
    (x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14)
}

fn gamma(x: f32) -> f32 {
    x.max(0.0).powf(1.0 / 2.2)
}
