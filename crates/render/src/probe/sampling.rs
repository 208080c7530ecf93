//! Code values at places of a frame's planes, and between them.

use reelscope_media::{BayerPattern, ChromaSite, Frame, Layout};

use crate::ChromaFilter;
use crate::siting::Siting;

/// The value of a channel of a plane's sample, `None` if there is no such sample.
pub(super) fn code(frame: &Frame, plane: usize, x: u32, y: u32, channel: usize) -> Option<f64> {
    let format = frame.format();
    let (width, height) = format.plane_size(plane, frame.width(), frame.height());
    if x >= width || y >= height || channel >= format.values_per_pixel(plane) {
        return None;
    }
    let rows = frame.planes().get(plane)?;
    let bytes = format.bytes_per_value();
    let column = x as usize * format.values_per_pixel(plane) + channel;
    let start = y as usize * rows.stride + column * bytes;
    let value = rows.data.get(start..start + bytes)?;
    Some(match *value {
        [byte] => byte.into(),
        [low, high] => {
            let unused = if format.high_bits {
                16 - format.depth
            } else {
                0
            };
            (u16::from_le_bytes([low, high]) >> unused).into()
        }
        [a, b, c, d] => f32::from_le_bytes([a, b, c, d]).into(),
        _ => return None,
    })
}

/// Y' of a pixel.
pub(super) fn luma_code(frame: &Frame, x: u32, y: u32) -> Option<f64> {
    match frame.format().layout {
        Layout::Packed(packing) => {
            let (left, _, _) = packing.places();
            code(frame, 0, x / 2, y, left + 2 * (x % 2) as usize)
        }
        _ => code(frame, 0, x, y, 0),
    }
}

/// Cb (0) or Cr (1) of a chroma sample.
pub(super) fn chroma_code(frame: &Frame, which: usize, x: u32, y: u32) -> Option<f64> {
    match frame.format().layout {
        Layout::SemiPlanar(_) => code(frame, 1, x, y, which),
        Layout::SemiPlanarCrCb(_) => code(frame, 1, x, y, 1 - which),
        Layout::Packed(packing) => {
            let (_, cb, cr) = packing.places();
            code(frame, 0, x, y, if which == 0 { cb } else { cr })
        }
        _ => code(frame, 1 + which, x, y, 0),
    }
}

/// Cb and Cr at the centre of a pixel, interpolated.
pub(super) fn chroma(
    frame: &Frame,
    site: ChromaSite,
    filter: ChromaFilter,
    x: u32,
    y: u32,
) -> Option<[f64; 2]> {
    let format = frame.format();
    let Siting { scale, offset } = Siting::new(format, site);
    let (width, height) = format.chroma_size(frame.width(), frame.height());
    let columns = Taps::new(filter, x, scale[0], offset[0], width);
    let rows = Taps::new(filter, y, scale[1], offset[1], height);
    let filtered = |which: usize| {
        let mut sum = 0.0;
        for (y, height) in rows.each() {
            for (x, width) in columns.each() {
                sum += width * height * chroma_code(frame, which, x, y)?;
            }
        }
        Some(sum)
    };
    Some([filtered(0)?, filtered(1)?])
}

/// The samples of a row or column that count at a position, and how much; the outermost samples go
/// on beyond the edge.
struct Taps {
    first: i64,
    weights: Vec<f64>,
    count: u32,
}

impl Taps {
    fn new(filter: ChromaFilter, pixel: u32, scale: f64, offset: f64, count: u32) -> Self {
        let centre = (f64::from(pixel) + 0.5) * scale;
        if filter == ChromaFilter::Nearest || scale == 1.0 {
            return Self {
                first: centre.floor() as i64,
                weights: vec![1.0],
                count,
            };
        }
        let place = centre + offset - 0.5;
        let reach: i64 = match filter {
            ChromaFilter::Bilinear | ChromaFilter::Nearest => 1,
            ChromaFilter::Bicubic => 2,
            ChromaFilter::Lanczos => 3,
        };
        let first = place.floor() as i64 + 1 - reach;
        let mut weights: Vec<f64> = (first..first + 2 * reach)
            .map(|sample| weight(filter, place - sample as f64))
            .collect();
        let total: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight /= total);
        Self {
            first,
            weights,
            count,
        }
    }

    fn each(&self) -> impl Iterator<Item = (u32, f64)> {
        let last = i64::from(self.count) - 1;
        (self.first..)
            .zip(&self.weights)
            .map(move |(at, weight)| (at.clamp(0, last.max(0)) as u32, *weight))
    }
}

/// How much a sample counts at a distance.
fn weight(filter: ChromaFilter, distance: f64) -> f64 {
    let d = distance.abs();
    match filter {
        ChromaFilter::Bilinear | ChromaFilter::Nearest => (1.0 - d).max(0.0),
        // R. Keys, "Cubic Convolution Interpolation for Digital Image Processing", 1981, a = −1/2.
        ChromaFilter::Bicubic if d < 1.0 => (1.5 * d - 2.5) * d * d + 1.0,
        ChromaFilter::Bicubic if d < 2.0 => ((2.5 - 0.5 * d) * d - 4.0) * d + 2.0,
        ChromaFilter::Bicubic => 0.0,
        ChromaFilter::Lanczos if d < 3.0 => sinc(d) * sinc(d / 3.0),
        ChromaFilter::Lanczos => 0.0,
    }
}

fn sinc(x: f64) -> f64 {
    let angle = x * std::f64::consts::PI;
    if angle < 1e-9 {
        1.0
    } else {
        angle.sin() / angle
    }
}

/// R, G, B at a pixel of a mosaic: what was not measured there is the mean of the nearest values that
/// were. Beyond the edge the mosaic is mirrored.
pub(super) fn demosaiced(frame: &Frame, pattern: BayerPattern, x: u32, y: u32) -> Option<[f64; 3]> {
    let (red_x, red_y) = pattern.red();
    // 0 red, 1 green, 2 blue.
    let color_at = |x: u32, y: u32| match ((x & 1) == red_x, (y & 1) == red_y) {
        (true, true) => 0,
        (false, false) => 2,
        _ => 1,
    };
    let mean = |color: u32| {
        if color_at(x, y) == color {
            return code(frame, 0, x, y, 0);
        }
        let mut values = Vec::new();
        for down in -1..=1 {
            for right in -1..=1 {
                let (x, y) = (
                    mirrored(x, right, frame.width()),
                    mirrored(y, down, frame.height()),
                );
                if color_at(x, y) == color {
                    values.push(code(frame, 0, x, y, 0)?);
                }
            }
        }
        // Pictures one pixel wide or high lack a colour.
        let count = values.len().max(1) as f64;
        Some(values.iter().sum::<f64>() / count)
    };
    Some([mean(0)?, mean(1)?, mean(2)?])
}

fn mirrored(place: u32, step: i64, count: u32) -> u32 {
    let last = i64::from(count) - 1;
    let at = (i64::from(place) + step).abs();
    let at = if at > last { 2 * last - at } else { at };
    at.clamp(0, last.max(0)) as u32
}
