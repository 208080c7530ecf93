//! RVL depth pictures (A. D. Wilson, "Fast Lossless Depth Image Compression", 2017) behind the header
//! that ROS puts before them (`compressed_depth_image_transport`): what that header says.

use super::still::Stills;
use super::{Codec, CodecEntry, InspectError, StreamFacts};
use crate::{Chroma, ColorInfo, Layout, PixelFormat, Primaries, Range, Transfer};

pub(super) const ENTRY: CodecEntry = CodecEntry {
    codec: Codec::Rvl,
    name: "rvl",
    title: "RVL",
    intra_only: true,
    inspector: |_| Box::new(Stills::new(read)),
};

/// What stands before the words of an RVL picture, 20 little-endian bytes: a format that says
/// nothing here, two numbers, columns, rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RvlHeader {
    /// Width in pixels, at least 1.
    pub width: u32,
    /// Height in pixels, at least 1.
    pub height: u32,
    /// `a` and `b` where a coded value `v` above zero stands for the distance `a / (v - b)`; `None`
    /// where coded values are the 16-bit distances themselves.
    pub inverse: Option<[f32; 2]>,
}

impl RvlHeader {
    /// The header, and the coded words behind it.
    ///
    /// # Errors
    /// If the bytes end within the header, or there are no pixels.
    pub fn read(bytes: &[u8]) -> Result<(Self, &[u8]), InspectError> {
        let (header, words) = bytes.split_first_chunk::<20>().ok_or(InspectError::Truncated)?;
        let [_, a, b, width, height] = match header.as_chunks::<4>().0 {
            [format, a, b, width, height] => [format, a, b, width, height],
            _ => return Err(InspectError::Truncated),
        };
        let (width, height) = (u32::from_le_bytes(*width), u32::from_le_bytes(*height));
        if width == 0 || height == 0 {
            return Err(InspectError::Forbidden { field: "cols" });
        }
        let [a, b] = [a, b].map(|bytes| f32::from_le_bytes(*bytes));
        let inverse = (a > 0.0).then_some([a, b]);
        Ok((Self { width, height, inverse }, words))
    }

    /// The format of the decoded frames.
    pub fn frame_format(&self) -> PixelFormat {
        match self.inverse {
            Some(_) => PixelFormat::float(Layout::Planar(Chroma::Mono)),
            None => PixelFormat::planar(Chroma::Mono, 16),
        }
    }

    /// What the values mean, as far as shown as a picture.
    pub fn color(&self) -> ColorInfo {
        ColorInfo {
            range: Range::Full,
            primaries: Primaries::BT709,
            transfer: Transfer::SRGB,
            ..ColorInfo::default()
        }
    }
}

fn read(sample: &[u8]) -> Result<StreamFacts, InspectError> {
    let (header, _) = RvlHeader::read(sample)?;
    Ok(StreamFacts {
        width: header.width,
        height: header.height,
        format: Some(header.frame_format()),
        color: header.color(),
        ..StreamFacts::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_tells_the_size_and_whether_values_are_inverse() {
        let header = |a: f32| {
            let numbers = [a.to_le_bytes(), 2f32.to_le_bytes(), [65, 0, 0, 0], [49, 0, 0, 0]];
            [&[0; 4], numbers.as_flattened()].concat()
        };
        for (a, name) in [(0.0, "gray16le"), (3.5, "grayf32le"), (f32::NAN, "gray16le")] {
            let facts = read(&header(a)).unwrap();
            assert_eq!((facts.width, facts.height), (65, 49));
            assert_eq!(facts.format.unwrap().name(), name);
        }
        assert_eq!(read(&header(0.0)[..19]), Err(InspectError::Truncated));
    }
}
