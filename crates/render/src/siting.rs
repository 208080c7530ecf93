//! Where chroma samples lie among luma samples, ITU-T H.273 §8.7.

use reelscope_media::{ChromaSite, PixelFormat};

/// Position in a subsampled plane from position in the picture, per axis `[x, y]`, where a sample's
/// centre is at half units on both sides: `plane = picture × scale + offset`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Siting {
    pub(crate) scale: [f64; 2],
    pub(crate) offset: [f64; 2],
}

/// The place of a chroma sample among the luma samples that share it, along one axis.
#[derive(Clone, Copy)]
enum Place {
    /// On the first one.
    First,
    /// In the middle of all.
    Middle,
    /// On the last one.
    Last,
}

impl Siting {
    /// The siting of a format's second and third planes. H.273 states places for 4:2:0; along the
    /// one axis that 4:2:2, 4:1:1 and 4:4:0 subsample, the same is meant by the same name.
    pub(crate) fn new(format: PixelFormat, site: ChromaSite) -> Self {
        let (across, down) = match site {
            ChromaSite::Unspecified | ChromaSite::Left => (Place::First, Place::Middle),
            ChromaSite::Center => (Place::Middle, Place::Middle),
            ChromaSite::TopLeft => (Place::First, Place::First),
            ChromaSite::Top => (Place::Middle, Place::First),
            ChromaSite::BottomLeft => (Place::First, Place::Last),
            ChromaSite::Bottom => (Place::Middle, Place::Last),
        };
        let (h, v) = format.chroma().map_or((0, 0), |chroma| chroma.shifts());
        let axis = |shift: u32, place: Place| {
            let scale = 1.0 / f64::from(1 << shift);
            let offset = match place {
                Place::First => 0.5 - 0.5 * scale,
                Place::Middle => 0.0,
                Place::Last => 0.5 * scale - 0.5,
            };
            (scale, offset)
        };
        let ((x_scale, x_offset), (y_scale, y_offset)) = (axis(h, across), axis(v, down));
        Self {
            scale: [x_scale, y_scale],
            offset: [x_offset, y_offset],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_sited_chroma_lies_on_even_columns_and_between_rows() {
        let siting = Siting::new(PixelFormat::YUV420P, ChromaSite::Left);
        let at = |x: f64, y: f64| {
            [
                x * siting.scale[0] + siting.offset[0],
                y * siting.scale[1] + siting.offset[1],
            ]
        };
        // The centre of luma column 4 is the centre of chroma column 2; the edge between luma rows
        // 2 and 3 is the centre of chroma row 1.
        assert_eq!(at(4.5, 3.0), [2.5, 1.5]);
    }
}
