//! The range of a frame's values, for pictures whose values have no black and white of their own.

use crate::Frame;

impl Frame {
    /// Looks at every value and notes the smallest and the largest finite one in
    /// [`Frame::value_range`], where the frame holds floats or has a single channel; elsewhere does
    /// nothing. Alpha does not count. Takes as long as reading the frame once: for the decoder's
    /// thread.
    pub fn measure_values(&mut self) {
        let format = self.format();
        if format.is_float() {
            self.value_range = self.float_range();
        } else if format.is_single_channel() {
            self.value_range = self.integer_range();
        }
    }

    fn float_range(&self) -> Option<[f32; 2]> {
        let format = self.format();
        let mut range = [f32::INFINITY, f32::NEG_INFINITY];
        for plane in 0..format.plane_count() {
            let values = format.values_per_pixel(plane);
            let counted = if format.has_alpha() { 3 } else { values };
            for row in self.rows(plane) {
                let pixels = row.as_chunks::<4>().0.chunks(values);
                let colors = pixels.flat_map(|pixel| pixel.iter().take(counted));
                range = colors
                    .map(|bytes| f32::from_le_bytes(*bytes))
                    .filter(|value| value.is_finite())
                    .fold(range, |[low, high], value| {
                        [low.min(value), high.max(value)]
                    });
            }
        }
        (range[0] <= range[1]).then_some(range)
    }

    fn integer_range(&self) -> Option<[f32; 2]> {
        let shift = self.format().low_bits();
        let mut range = [u16::MAX, 0];
        for row in self.rows(0) {
            range = if self.format().bytes_per_value() == 1 {
                extremes(range, row.iter().map(|value| u16::from(*value)))
            } else {
                let words = row.as_chunks::<2>().0.iter();
                extremes(range, words.map(|word| u16::from_le_bytes(*word) >> shift))
            };
        }
        (range[0] <= range[1]).then(|| range.map(f32::from))
    }
}

fn extremes(range: [u16; 2], values: impl Iterator<Item = u16>) -> [u16; 2] {
    values.fold(range, |[low, high], value| {
        [low.min(value), high.max(value)]
    })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use crate::{Chroma, ColorInfo, Frame, Layout, PixelFormat};

    fn measured(format: PixelFormat, width: u32, bytes: Vec<u8>) -> Option<[f32; 2]> {
        let bytes = Bytes::from(bytes);
        let mut frame = Frame::from_packed(format, width, 1, bytes, ColorInfo::default()).unwrap();
        frame.measure_values();
        frame.value_range
    }

    fn floats(values: &[f32]) -> Vec<u8> {
        values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect()
    }

    #[test]
    fn what_is_not_finite_has_no_say() {
        let values = floats(&[f32::NAN, 2.5, f32::INFINITY, -1.0, f32::NEG_INFINITY]);
        let grey = PixelFormat::float(Layout::Planar(Chroma::Mono));
        assert_eq!(measured(grey, 5, values), Some([-1.0, 2.5]));
        assert_eq!(measured(grey, 2, floats(&[f32::NAN, f32::INFINITY])), None);
    }

    #[test]
    fn alpha_has_no_say() {
        let values = floats(&[3.0, 4.0, 5.0, 1.0, 6.0, 7.0, 8.0, 0.0]);
        let rgba = PixelFormat::float(Layout::Rgba);
        assert_eq!(measured(rgba, 2, values), Some([3.0, 8.0]));
    }

    #[test]
    fn integers_of_one_channel_are_measured_and_colours_are_not() {
        let words = [300u16, 65535, 40]
            .iter()
            .flat_map(|word| word.to_le_bytes());
        let grey16 = PixelFormat::planar(Chroma::Mono, 16);
        assert_eq!(measured(grey16, 3, words.collect()), Some([40.0, 65535.0]));
        let grey = PixelFormat::planar(Chroma::Mono, 8);
        assert_eq!(measured(grey, 3, vec![7, 9, 8]), Some([7.0, 9.0]));
        let rgb = PixelFormat {
            layout: Layout::Rgb,
            depth: 8,
            high_bits: false,
        };
        assert_eq!(measured(rgb, 1, vec![7, 9, 8]), None);
    }
}
