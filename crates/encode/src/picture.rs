//! What is to be encoded: pixels in rows, as cameras and arrays have them.

use crate::EncodeError;

/// Pixels that a side may have: as many as H.264 can say.
const MOST_PIXELS: u32 = 16_384;

/// How a pixel's values lie. Those of 16 bits are little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PictureLayout {
    /// Lightness, 8 bits.
    L8,
    /// Red, green, blue, 8 bits each.
    Rgb8,
    /// Red, green, blue, and alpha that is left out; 8 bits each.
    Rgba8,
    /// Blue, green, red, 8 bits each.
    Bgr8,
    /// Blue, green, red, and alpha that is left out; 8 bits each.
    Bgra8,
    /// Lightness, 16 bits.
    L16,
    /// Red, green, blue, 16 bits each.
    Rgb16,
}

impl PictureLayout {
    /// Bytes of a pixel.
    pub fn bytes(self) -> usize {
        match self {
            Self::L8 => 1,
            Self::L16 => 2,
            Self::Rgb8 | Self::Bgr8 => 3,
            Self::Rgba8 | Self::Bgra8 => 4,
            Self::Rgb16 => 6,
        }
    }

    /// FFmpeg's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::L8 => "gray",
            Self::Rgb8 => "rgb24",
            Self::Rgba8 => "rgba",
            Self::Bgr8 => "bgr24",
            Self::Bgra8 => "bgra",
            Self::L16 => "gray16le",
            Self::Rgb16 => "rgb48le",
        }
    }
}

/// Size and layout: what an encoder is started for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Shape {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) layout: PictureLayout,
}

/// A picture to be encoded: rows from the top, each with the same number of bytes.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    shape: Shape,
    rows: &'a [u8],
    stride: usize,
}

impl<'a> Picture<'a> {
    /// A picture whose rows follow each other without a gap.
    ///
    /// # Errors
    /// [`EncodeError::Picture`] unless there are `width * height` pixels.
    pub fn new(
        rows: &'a [u8],
        width: u32,
        height: u32,
        layout: PictureLayout,
    ) -> Result<Self, EncodeError> {
        let row = width as usize * layout.bytes();
        Self::with_stride(rows, width, height, layout, row)
    }

    /// A picture whose rows begin `stride` bytes after each other; what lies between them does not matter.
    ///
    /// # Errors
    /// [`EncodeError::Size`], [`EncodeError::Picture`].
    pub fn with_stride(
        rows: &'a [u8],
        width: u32,
        height: u32,
        layout: PictureLayout,
        stride: usize,
    ) -> Result<Self, EncodeError> {
        let fits = |side: u32| (1..=MOST_PIXELS).contains(&side);
        if !fits(width) || !fits(height) {
            return Err(EncodeError::Size {
                width,
                height,
                most: MOST_PIXELS,
            });
        }
        let row = width as usize * layout.bytes();
        // The last row needs no gap after it.
        let gaps = stride.checked_mul(height as usize - 1);
        let expected = gaps.and_then(|gaps| gaps.checked_add(row));
        let is_whole = match expected {
            Some(expected) if stride == row => rows.len() == expected,
            Some(expected) => stride > row && rows.len() >= expected,
            None => false,
        };
        if !is_whole {
            return Err(EncodeError::Picture {
                width,
                height,
                layout,
                stride,
                expected: expected.unwrap_or(usize::MAX),
                bytes: rows.len(),
            });
        }
        let shape = Shape {
            width,
            height,
            layout,
        };
        Ok(Self {
            shape,
            rows,
            stride,
        })
    }

    pub(crate) fn shape(&self) -> Shape {
        self.shape
    }

    /// Appends the rows without gaps.
    pub(crate) fn pack_into(&self, packed: &mut Vec<u8>) {
        let row = self.shape.width as usize * self.shape.layout.bytes();
        if self.stride == row {
            packed.extend_from_slice(self.rows);
            return;
        }
        let rows = self.rows.chunks(self.stride);
        for row in rows
            .take(self.shape.height as usize)
            .filter_map(|bytes| bytes.get(..row))
        {
            packed.extend_from_slice(row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_between_rows_are_left_out() {
        let rows = [1, 2, 3, 0, 4, 5, 6];
        let picture = Picture::with_stride(&rows, 1, 2, PictureLayout::Rgb8, 4).unwrap();
        let mut packed = Vec::new();
        picture.pack_into(&mut packed);
        assert_eq!(packed, [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_picture_that_is_not_whole_is_refused_in_words() {
        let error = Picture::new(&[0; 10], 2, 2, PictureLayout::Rgb8).unwrap_err();
        assert!(error.to_string().contains("12 bytes, not 10"), "{error}");
        let narrow = Picture::with_stride(&[0; 64], 4, 2, PictureLayout::Rgb8, 8);
        assert!(matches!(narrow, Err(EncodeError::Picture { .. })));
        let none = Picture::new(&[], 0, 2, PictureLayout::L8);
        assert!(matches!(none, Err(EncodeError::Size { .. })));
    }
}
