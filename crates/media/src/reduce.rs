//! Smaller copies of a frame, for thumbnails and for pictures shown while a drag goes on.
//! Averages code values as they are, or picks some of them; nothing is converted.

mod pick;
mod unpack;

use bytes::Bytes;

use crate::{Frame, Layout, PixelFormat};

/// Blocks with at least this many rows are averaged over every second row.
const SPARSE_FROM: usize = 6;

/// Most rows of a block that are read, so that sums of 16-bit values fit an accumulator of 32 bits.
const MAX_ROWS_READ: usize = 128;

impl Frame {
    /// A copy that is at most `max_width` pixels wide, smaller by a whole factor
    /// `n = ceil(width / max_width)`: `ceil(width / n)` × `ceil(height / n)` pixels in the same
    /// pixel format and colours, its planes tightly packed in one allocation.
    ///
    /// Every value is the rounded mean of `n` × `n` values of its own plane; blocks at the right
    /// and bottom edge average what is there. Where `n` is 6 or more, every second row of a block
    /// is read (fewer for `n` above 256). Code values are averaged as they stand, without regard to
    /// transfer function or alpha: good for small previews, not for measuring.
    ///
    /// Where the mean of values would mean something else than they do, one pixel is picked from
    /// each block instead: of floats and of frames with a [`Frame::value_range`] (distances, classes).
    /// Mosaics become packed RGB, packed 4:2:2 becomes planar.
    ///
    /// `None` if the frame is no wider than `max_width`, or `max_width` is 0.
    pub fn reduced(&self, max_width: u32) -> Option<Frame> {
        if max_width == 0 || self.width() <= max_width {
            return None;
        }
        let factor = self.width().div_ceil(max_width);
        let format = self.format();
        if matches!(format.layout, Layout::Bayer(_))
            || format.is_float()
            || self.value_range.is_some()
        {
            return self.picked(factor as usize);
        }
        if let Layout::Packed(packing) = format.layout {
            return self.planar(packing)?.reduced(max_width);
        }
        let (width, height) = reduced_size((self.width(), self.height()), max_width);
        let mut packed = vec![0; format.packed_size(width, height)];
        let mut rest = packed.as_mut_slice();
        for plane in 0..format.plane_count() {
            // ceil(ceil(w / s) / n) = ceil(ceil(w / n) / s): the planes' own blocks fit exactly.
            let row_bytes = format.row_bytes(plane, width);
            let rows = format.plane_size(plane, width, height).1 as usize;
            let (target, after) = rest.split_at_mut_checked(row_bytes.checked_mul(rows)?)?;
            rest = after;
            let blocks = Blocks::new(format, plane, factor as usize);
            blocks.average(self, target.chunks_exact_mut(row_bytes));
        }
        Frame::from_packed(format, width, height, Bytes::from(packed), self.color).ok()
    }
}

/// The width and height of a picture that [`Frame::reduced`] makes of one of this size; the size
/// itself if it fits.
pub fn reduced_size((width, height): (u32, u32), max_width: u32) -> (u32, u32) {
    let factor = width.div_ceil(max_width.max(1)).max(1);
    (width.div_ceil(factor), height.div_ceil(factor))
}

/// How one plane is cut into blocks.
struct Blocks {
    plane: usize,
    /// Rows and pixel positions of a block.
    factor: usize,
    /// Every how many rows one is read.
    row_step: usize,
    /// Interleaved values at a pixel position.
    values: usize,
    /// Bytes of a value: 1 or 2.
    bytes: usize,
    /// Meaningless bits below the significant ones of a word.
    low_bits: u32,
}

impl Blocks {
    fn new(format: PixelFormat, plane: usize, factor: usize) -> Self {
        let sparse = if factor >= SPARSE_FROM { 2 } else { 1 };
        Self {
            plane,
            factor,
            row_step: factor.div_ceil(MAX_ROWS_READ).max(sparse),
            values: format.values_per_pixel(plane),
            bytes: format.bytes_per_value(),
            low_bits: format.low_bits(),
        }
    }

    /// Fills `targets`, the rows of the smaller plane.
    fn average<'a>(&self, frame: &Frame, targets: impl Iterator<Item = &'a mut [u8]>) {
        let mut rows = frame.rows(self.plane);
        let mut sums = vec![0u32; frame.format().row_bytes(self.plane, frame.width()) / self.bytes];
        for target in targets {
            sums.fill(0);
            let mut rows_read = 0;
            for row in rows.by_ref().take(self.factor).step_by(self.row_step) {
                self.add(&mut sums, row);
                rows_read += 1;
            }
            self.divide(&sums, rows_read, target);
        }
    }

    /// Adds the values of `row` to the columns' sums.
    fn add(&self, sums: &mut [u32], row: &[u8]) {
        if self.bytes == 1 {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += u32::from(*value);
            }
        } else {
            for (sum, word) in sums.iter_mut().zip(row.as_chunks::<2>().0) {
                *sum += u32::from(u16::from_le_bytes(*word) >> self.low_bits);
            }
        }
    }

    /// Writes one row of means from the columns' sums over `rows_read` rows.
    fn divide(&self, sums: &[u32], rows_read: usize, target: &mut [u8]) {
        let blocks = sums.chunks(self.factor * self.values);
        let pixels = target.chunks_exact_mut(self.values * self.bytes);
        for (block, pixel) in blocks.zip(pixels) {
            let count = (block.len() / self.values * rows_read).max(1) as u64;
            for (index, value) in pixel.chunks_exact_mut(self.bytes).enumerate() {
                let mut sum = count / 2;
                let mut at = index;
                while let Some(column) = block.get(at) {
                    sum += u64::from(*column);
                    at += self.values;
                }
                let mean = (sum / count) << self.low_bits;
                match value {
                    [byte] => *byte = mean as u8,
                    word => word.copy_from_slice(&(mean as u16).to_le_bytes()),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
