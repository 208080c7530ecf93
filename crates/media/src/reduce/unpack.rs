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
        let (luma, cb, cr) = packing.places();
        let (width, height) = (self.width(), self.height());
        let mut packed = Vec::with_capacity(format.packed_size(width, height));
        let chroma = format.chroma_size(width, height).0;
        self.take(&[luma, luma + 2], width, &mut packed);
        self.take(&[cb], chroma, &mut packed);
        self.take(&[cr], chroma, &mut packed);
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
