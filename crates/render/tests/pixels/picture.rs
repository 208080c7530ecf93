//! Pictures for tests: code values per plane, and frames made of them.

use bytes::Bytes;
use reelscope_media::{ColorInfo, Frame, Layout, PixelFormat, Plane};

/// Code values in the order of each plane's rows, interleaved where the format interleaves.
#[derive(Clone)]
pub(crate) struct Picture {
    pub(crate) format: PixelFormat,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) planes: Vec<Vec<u32>>,
}

impl Picture {
    /// Code values by plane, column (counting interleaved values) and row.
    pub(crate) fn new(
        format: PixelFormat,
        (width, height): (u32, u32),
        mut value: impl FnMut(usize, u32, u32) -> u32,
    ) -> Self {
        let planes = (0..format.plane_count())
            .map(|plane| {
                let (columns, rows) = format.plane_size(plane, width, height);
                let columns = columns * format.values_per_pixel(plane) as u32;
                let mut values = Vec::new();
                for y in 0..rows {
                    values.extend((0..columns).map(|x| value(plane, x, y)));
                }
                values
            })
            .collect();
        Self {
            format,
            width,
            height,
            planes,
        }
    }

    /// Floats in the order of the one plane's rows.
    pub(crate) fn floats(layout: Layout, size: (u32, u32), values: &[f32]) -> Self {
        let format = PixelFormat::float(layout);
        let mut values = values.iter();
        Self::new(format, size, |_, _, _| values.next().unwrap().to_bits())
    }

    /// Noise over all code values, with the largest and smallest ones among them.
    pub(crate) fn noise(format: PixelFormat, size: (u32, u32)) -> Self {
        let mut state = 0x2545_f491_4f6c_dd1d_u64 ^ (u64::from(format.depth) << 40);
        Self::new(format, size, |_, _, _| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let largest = (1u32 << format.depth) - 1;
            match state >> 60 {
                0 => 0,
                1 => largest,
                _ => (state >> 20) as u32 & largest,
            }
        })
    }

    /// The value of a channel of a plane's sample.
    pub(crate) fn at(&self, plane: usize, x: u32, y: u32, channel: u32) -> f64 {
        let channels = self.format.values_per_pixel(plane) as u32;
        let columns = self.format.plane_size(plane, self.width, self.height).0;
        f64::from(self.planes[plane][((y * columns + x) * channels + channel) as usize])
    }

    /// The frame, with `padding` bytes of rubbish after each row.
    pub(crate) fn frame(&self, padding: usize) -> Frame {
        let format = self.format;
        let shift = if format.high_bits {
            16 - format.depth
        } else {
            0
        };
        let planes = (0..format.plane_count())
            .map(|plane| {
                let row = format.row_bytes(plane, self.width) / format.bytes_per_value();
                let mut bytes = Vec::new();
                for values in self.planes[plane].chunks(row) {
                    for value in values {
                        let word = value << shift;
                        bytes.extend(&word.to_le_bytes()[..format.bytes_per_value()]);
                    }
                    bytes.extend(std::iter::repeat_n(0xa5, padding));
                }
                let stride = row * format.bytes_per_value() + padding;
                Plane {
                    data: Bytes::from(bytes),
                    stride,
                }
            })
            .collect();
        Frame::new(
            format,
            self.width,
            self.height,
            planes,
            ColorInfo::default(),
        )
        .unwrap()
    }
}
