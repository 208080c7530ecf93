//! Smaller copies made of single pixels, where averages would mean something else.

use bytes::Bytes;

use super::reduced_size;
use crate::{BayerPattern, Frame, Layout, PixelFormat};

impl Frame {
    /// A copy of the pixels in the middle of blocks of `factor` × `factor`; of a mosaic, of the red,
    /// green and blue values there.
    pub(super) fn picked(&self, factor: usize) -> Option<Self> {
        let format = match self.format().layout {
            Layout::Bayer(_) => PixelFormat {
                layout: Layout::Rgb,
                ..self.format()
            },
            _ => self.format(),
        };
        let side = self.width().div_ceil(u32::try_from(factor).ok()?);
        let (width, height) = reduced_size((self.width(), self.height()), side);
        let mut packed = Vec::with_capacity(format.packed_size(width, height));
        for plane in 0..self.format().plane_count() {
            let pixel = self.format().values_per_pixel(plane) * format.bytes_per_value();
            let rows: Vec<&[u8]> = self.rows(plane).collect();
            for y in middles(rows.len(), factor) {
                for x in middles(self.width() as usize, factor) {
                    if let Layout::Bayer(pattern) = self.format().layout {
                        colors(&rows, pattern, (x, y), pixel, &mut packed)?;
                    } else {
                        let row = rows.get(y)?;
                        packed.extend_from_slice(row.get(x * pixel..(x + 1) * pixel)?);
                    }
                }
            }
        }
        let packed = Bytes::from(packed);
        let mut copy = Self::from_packed(format, width, height, packed, self.color).ok()?;
        copy.value_range = self.value_range;
        Some(copy)
    }
}

/// Adds red, green (beside red) and blue of the mosaic's cell at a place, values of `bytes` bytes.
fn colors(
    rows: &[&[u8]],
    pattern: BayerPattern,
    (x, y): (usize, usize),
    bytes: usize,
    packed: &mut Vec<u8>,
) -> Option<()> {
    let (red_x, red_y) = pattern.red();
    let (red_x, red_y) = (red_x as usize, red_y as usize);
    for (column, row) in [(red_x, red_y), (1 - red_x, red_y), (1 - red_x, 1 - red_y)] {
        let row = rows.get(within((y & !1) + row, rows.len()))?;
        let column = within((x & !1) + column, row.len() / bytes);
        packed.extend_from_slice(row.get(column * bytes..(column + 1) * bytes)?);
    }
    Some(())
}

/// A place of a mosaic, or where that is beyond the edge, the one of the cell before.
fn within(place: usize, count: usize) -> usize {
    if place < count {
        place
    } else {
        place.saturating_sub(2).min(count.saturating_sub(1))
    }
}

/// The middle of each block along a side.
fn middles(count: usize, factor: usize) -> impl Iterator<Item = usize> {
    (0..count)
        .step_by(factor.max(1))
        .map(move |start| (start + factor / 2).min(count - 1))
}
