//! Packed 4:2:2 taken apart, so that its planes can be averaged.

use bytes::Bytes;

use crate::{Chroma, Frame, Layout, Packing, PixelFormat};

impl Frame {
    /// A copy of a packed picture with planes Y, Cb, Cr.
    pub(super) fn planar(&self, packing: Packing) -> Option<Self> {
        let format = PixelFormat {
            layout: Layout::Planar(Chroma::Yuv422),
            ..self.format()
        };
        let (first, cb) = match (packing.chroma_first(), packing.cr_first()) {
            (false, false) => (0, 1),
            (false, true) => (0, 3),
            (true, false) => (1, 0),
            (true, true) => (1, 2),
        };
        let (width, height) = (self.width(), self.height());
        let mut packed = Vec::with_capacity(format.packed_size(width, height));
        let chroma = format.chroma_size(width, height).0;
        self.take(&[first, first + 2], width, &mut packed);
        self.take(&[cb], chroma, &mut packed);
        self.take(&[(cb + 2) % 4], chroma, &mut packed);
        Self::from_packed(format, width, height, Bytes::from(packed), self.color).ok()
    }

    /// Adds values of each pair of pixels, `count` to a row.
    fn take(&self, indices: &[usize], count: u32, packed: &mut Vec<u8>) {
        let size = self.format().bytes_per_value();
        for row in self.rows(0) {
            let values = row.chunks_exact(4 * size).flat_map(|pair| {
                let each = indices.iter();
                each.filter_map(move |index| pair.get(index * size..(index + 1) * size))
            });
            packed.extend(values.take(count as usize).flatten());
        }
    }
}
