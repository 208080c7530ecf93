//! A decoded picture in the decoder's own format: planes of untouched code values.

mod percentiles;
mod values;

use bytes::Bytes;

use crate::{ColorInfo, PixelFormat};

/// One plane of a frame. Rows start every `stride` bytes; the bytes between a row's end and the
/// next row mean nothing.
#[derive(Clone, Debug)]
pub struct Plane {
    /// The rows.
    pub data: Bytes,
    /// Bytes from the start of one row to the next.
    pub stride: usize,
}

/// A decoded picture. Cloning shares the planes.
#[derive(Clone, Debug)]
pub struct Frame {
    format: PixelFormat,
    width: u32,
    height: u32,
    planes: Vec<Plane>,
    /// What the bitstream says of this picture's colours.
    pub color: ColorInfo,
    /// Smallest and largest finite value, where values are measurements rather than shades: see
    /// [`Frame::measure_values`]. `None` where nobody has looked, or no value is finite.
    pub value_range: Option<[f32; 2]>,
}

/// Planes that do not fit the picture they are said to be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "plane {plane} of a {width}×{height} {format} picture holds {len} bytes at stride {stride}, needs {needed}"
)]
pub struct FrameShapeError {
    /// Index of the plane.
    pub plane: usize,
    /// Picture width in pixels.
    pub width: u32,
    /// Picture height in pixels.
    pub height: u32,
    /// The format's name.
    pub format: String,
    /// Bytes that are there.
    pub len: usize,
    /// The stride given.
    pub stride: usize,
    /// Bytes that are needed (0 if the number of planes is wrong).
    pub needed: usize,
}

impl Frame {
    /// A frame from its planes.
    ///
    /// # Errors
    /// If there are too few or too many planes, or one is too short for its rows.
    pub fn new(
        format: PixelFormat,
        width: u32,
        height: u32,
        planes: Vec<Plane>,
        color: ColorInfo,
    ) -> Result<Self, FrameShapeError> {
        let error = |plane: usize, len, stride, needed| FrameShapeError {
            plane,
            width,
            height,
            format: format.name(),
            len,
            stride,
            needed,
        };
        if planes.len() != format.plane_count() || width == 0 || height == 0 {
            return Err(error(planes.len(), 0, 0, 0));
        }
        for (index, plane) in planes.iter().enumerate() {
            let row = format.row_bytes(index, width);
            let rows = format.plane_size(index, width, height).1 as usize;
            let needed = plane.stride.saturating_mul(rows - 1).saturating_add(row);
            if plane.stride < row || plane.data.len() < needed {
                return Err(error(
                    index,
                    plane.data.len(),
                    plane.stride,
                    needed.max(row),
                ));
            }
        }
        Ok(Self {
            format,
            width,
            height,
            planes,
            color,
            value_range: None,
        })
    }

    /// A frame from one block of tightly packed planes, as FFmpeg's `rawvideo` writes them.
    ///
    /// # Errors
    /// If the block is shorter than the picture.
    pub fn from_packed(
        format: PixelFormat,
        width: u32,
        height: u32,
        packed: Bytes,
        color: ColorInfo,
    ) -> Result<Self, FrameShapeError> {
        let mut planes = Vec::with_capacity(format.plane_count());
        let mut offset = 0;
        for plane in 0..format.plane_count() {
            let stride = format.row_bytes(plane, width);
            let end = offset + stride * format.plane_size(plane, width, height).1 as usize;
            let data = packed.slice(offset.min(packed.len())..end.min(packed.len()));
            planes.push(Plane { data, stride });
            offset = end;
        }
        Self::new(format, width, height, planes, color)
    }

    /// The pixel format.
    pub fn format(&self) -> PixelFormat {
        self.format
    }

    /// Width in pixels, after the bitstream's own cropping.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels, after the bitstream's own cropping.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The planes, as many as the format has.
    pub fn planes(&self) -> &[Plane] {
        &self.planes
    }

    /// The rows of a plane without their padding: `row_bytes(plane, width)` bytes each.
    pub fn rows(&self, plane: usize) -> impl Iterator<Item = &[u8]> {
        let row = self.format.row_bytes(plane, self.width);
        let rows = self.format.plane_size(plane, self.width, self.height).1 as usize;
        let (data, stride) = match self.planes.get(plane) {
            Some(plane) => (plane.data.as_ref(), plane.stride.max(1)),
            None => (&[][..], 1),
        };
        data.chunks(stride)
            .take(rows)
            .filter_map(move |chunk| chunk.get(..row))
    }

    /// Bytes of memory that the planes keep alive.
    pub fn byte_size(&self) -> usize {
        self.planes.iter().map(|plane| plane.data.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_leave_the_padding_out() {
        let plane = |bytes: &'static [u8], stride| Plane {
            data: Bytes::from_static(bytes),
            stride,
        };
        let frame = Frame::new(
            PixelFormat::YUV420P,
            3,
            3,
            vec![
                plane(b"abcXdefXghi", 4),
                plane(b"jk..lm", 4),
                plane(b"nopq", 2),
            ],
            ColorInfo::default(),
        )
        .unwrap();
        let luma: Vec<&[u8]> = frame.rows(0).collect();
        assert_eq!(luma, [b"abc", b"def", b"ghi"]);
        let blue: Vec<&[u8]> = frame.rows(1).collect();
        assert_eq!(blue, [b"jk", b"lm"]);
    }

    #[test]
    fn a_plane_that_is_too_short_is_refused() {
        let packed = Bytes::from(vec![0; 4_834]);
        let error = Frame::from_packed(PixelFormat::YUV420P, 65, 49, packed, ColorInfo::default())
            .unwrap_err();
        assert_eq!((error.plane, error.len, error.needed), (2, 824, 825));
    }
}
