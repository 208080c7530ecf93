//! Between which values most of a frame lies, for stretching what is dark or flat over all shades.

use crate::{Frame, Layout, PixelFormat};

/// Values that are looked at, at least this many where there are so many: enough for tenths of a
/// percent, few enough to look at within a repaint.
const LOOKED_AT: usize = 1 << 17;

impl Frame {
    /// The values below which `low` and `high` percent of a frame's values lie (0 to 100 each), by
    /// the nearest rank; `high` may be below `low`. They are code values, or the values themselves of
    /// floats. Of Y'CbCr, Y' has a say; of RGB and of mosaics, all colours alike. Alpha and what is
    /// not finite have none.
    ///
    /// Looks at evenly spread pixels, some 10⁵ values, so that it takes a few milliseconds whatever
    /// the size; 0 and 100 are therefore not exactly the extremes of large frames (see
    /// [`Frame::measure_values`] for those).
    ///
    /// `None` if a percentage is none, or no value is finite.
    pub fn percentiles(&self, low: f32, high: f32) -> Option<[f32; 2]> {
        let is_percentage = |share: &f32| (0.0..=100.0).contains(share);
        if ![low, high].iter().all(is_percentage) {
            return None;
        }
        let mut values = self.spread_values();
        let last = values.len().checked_sub(1)?;
        let mut at = |share: f32| {
            let rank = (last as f64 * f64::from(share) / 100.0).round() as usize;
            let (_, value, _) = values.select_nth_unstable_by(rank.min(last), f32::total_cmp);
            *value
        };
        Some([at(low), at(high)])
    }

    /// Finite values of evenly spread pixels.
    fn spread_values(&self) -> Vec<f32> {
        let format = self.format();
        let (planes, counted) = brightness(format);
        let size = format.bytes_per_value();
        let mut values = Vec::new();
        for plane in 0..planes {
            let (columns, rows) = format.plane_size(plane, self.width(), self.height());
            let step = step(columns, rows, planes * counted.len());
            let position = format.values_per_pixel(plane) * size;
            for row in self.rows(plane).step_by(step) {
                for pixel in row.chunks_exact(position).step_by(step) {
                    let bytes = counted
                        .iter()
                        .filter_map(|index| pixel.get(index * size..(index + 1) * size));
                    values.extend(bytes.filter_map(|bytes| value(format, bytes)));
                }
            }
        }
        values
    }
}

/// How many planes have a say, and which values of each of their pixel positions.
fn brightness(format: PixelFormat) -> (usize, &'static [usize]) {
    match format.layout {
        Layout::Gbr => (3, &[0]),
        Layout::Rgb | Layout::Rgba | Layout::Bgr | Layout::Bgra => (1, &[0, 1, 2]),
        Layout::Packed(packing) if packing.chroma_first() => (1, &[1, 3]),
        Layout::Packed(_) => (1, &[0, 2]),
        Layout::Planar(_)
        | Layout::SemiPlanar(_)
        | Layout::SemiPlanarCrCb(_)
        | Layout::Bayer(_) => (1, &[0]),
    }
}

/// Every how many columns and rows one is looked at. Odd, so that all places of a mosaic's cells
/// have their turn.
fn step(columns: u32, rows: u32, values_each: usize) -> usize {
    let all = f64::from(columns) * f64::from(rows) * values_each as f64;
    let step = (all / LOOKED_AT as f64).sqrt() as usize;
    step.max(1) | 1
}

fn value(format: PixelFormat, bytes: &[u8]) -> Option<f32> {
    match *bytes {
        [byte] => Some(f32::from(byte)),
        [low, high] => {
            let word = u16::from_le_bytes([low, high]);
            Some(f32::from(word >> format.low_bits()))
        }
        [a, b, c, d] => {
            let value = f32::from_le_bytes([a, b, c, d]);
            value.is_finite().then_some(value)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use crate::{BayerPattern, Chroma, ColorInfo, Frame, Layout, Packing, PixelFormat};

    fn frame(format: PixelFormat, (width, height): (u32, u32), bytes: Vec<u8>) -> Frame {
        let bytes = Bytes::from(bytes);
        Frame::from_packed(format, width, height, bytes, ColorInfo::default()).unwrap()
    }

    fn integers(layout: Layout, depth: u8, high_bits: bool) -> PixelFormat {
        PixelFormat {
            layout,
            depth,
            high_bits,
        }
    }

    fn words(values: impl IntoIterator<Item = u16>) -> Vec<u8> {
        values.into_iter().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn of_a_hundred_and_one_values_each_is_one_percent_above_the_one_before() {
        // In an order in which no value is where it belongs.
        let shuffled = words((0..101).map(|at| at * 37 % 101 + 500));
        let grey = frame(PixelFormat::planar(Chroma::Mono, 16), (101, 1), shuffled);
        assert_eq!(grey.percentiles(1.0, 99.0), Some([501.0, 599.0]));
        assert_eq!(grey.percentiles(0.0, 100.0), Some([500.0, 600.0]));
        assert_eq!(grey.percentiles(100.0, 50.0), Some([600.0, 550.0]));
    }

    #[test]
    fn only_brightness_has_a_say() {
        let planar = frame(
            PixelFormat::planar(Chroma::Yuv444, 10),
            (2, 1),
            words([300, 400, 1, 1, 1000, 1000]),
        );
        let p010 = frame(
            integers(Layout::SemiPlanar(Chroma::Yuv420), 10, true),
            (2, 1),
            words([300 << 6, 400 << 6, 1 << 6, 1000 << 6]),
        );
        let yuyv = frame(
            integers(Layout::Packed(Packing::Yuyv), 16, false),
            (2, 1),
            words([300, 1, 400, 1000]),
        );
        let uyvy = frame(
            integers(Layout::Packed(Packing::Uyvy), 16, false),
            (2, 1),
            words([1, 300, 1000, 400]),
        );
        let bgra = frame(
            integers(Layout::Bgra, 16, false),
            (1, 1),
            words([300, 350, 400, 65535]),
        );
        let gbr = frame(
            integers(Layout::Gbr, 12, false),
            (1, 1),
            words([300, 350, 400]),
        );
        for frame in [planar, p010, yuyv, uyvy, bgra, gbr] {
            let name = frame.format().name();
            assert_eq!(
                frame.percentiles(0.0, 100.0),
                Some([300.0, 400.0]),
                "{name}"
            );
        }
    }

    #[test]
    fn every_colour_of_a_large_mosaic_has_a_say() {
        // Red 100, green 200 and 300, blue 400.
        let (width, height) = (1024, 1024);
        let cell = |x: u16, y: u16| 100 + 100 * (x % 2) + 200 * (y % 2);
        let values = (0..height).flat_map(|y| (0..width).map(move |x| cell(x, y)));
        let format = integers(Layout::Bayer(BayerPattern::Rggb), 12, false);
        let frame = frame(format, (width.into(), height.into()), words(values));
        assert_eq!(frame.percentiles(10.0, 90.0), Some([100.0, 400.0]));
        assert_eq!(frame.percentiles(40.0, 60.0), Some([200.0, 300.0]));
    }

    #[test]
    fn what_is_not_finite_and_what_is_no_percentage_has_no_answer() {
        let floats = |values: &[f32]| {
            let bytes = values.iter().flat_map(|value| value.to_le_bytes());
            let format = PixelFormat::float(Layout::Planar(Chroma::Mono));
            frame(format, (values.len() as u32, 1), bytes.collect())
        };
        let some = floats(&[f32::NAN, -2.0, f32::INFINITY, 5.0]);
        assert_eq!(some.percentiles(0.0, 100.0), Some([-2.0, 5.0]));
        assert_eq!(floats(&[f32::NAN]).percentiles(0.0, 100.0), None);
        for share in [-1.0, 100.5, f32::NAN] {
            assert_eq!(some.percentiles(share, 99.0), None);
        }
    }
}
