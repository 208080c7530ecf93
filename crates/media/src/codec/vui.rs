//! The part of the video usability information that H.264 (§E.1.1) and H.265 (§E.2.1) share: pixel
//! shape and colour description.

use super::InspectError;
use super::bits::BitReader;
use crate::{ChromaSite, ColorInfo, Matrix, Primaries, Range, Ratio, Transfer};

/// `aspect_ratio_idc` 1 to 16 (H.264 Table E-1).
const PIXEL_ASPECTS: [(u32, u32); 16] = [
    (1, 1),
    (12, 11),
    (10, 11),
    (16, 11),
    (40, 33),
    (24, 11),
    (20, 11),
    (32, 11),
    (80, 33),
    (18, 11),
    (15, 11),
    (64, 33),
    (160, 99),
    (4, 3),
    (3, 2),
    (2, 1),
];

/// `aspect_ratio_idc` for a ratio that is spelt out.
const EXTENDED_SAR: u32 = 255;

/// What the shared part says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Appearance {
    pub(crate) pixel_aspect: Option<Ratio>,
    pub(crate) color: ColorInfo,
}

impl Appearance {
    /// Reads from `aspect_ratio_info_present_flag` to the chroma sample location. What was read
    /// before an error is kept.
    pub(crate) fn read(&mut self, reader: &mut BitReader<'_>) -> Result<(), InspectError> {
        if reader.flag()? {
            self.pixel_aspect = match reader.bits(8)? {
                EXTENDED_SAR => Ratio::new(reader.bits(16)?, reader.bits(16)?),
                idc => (idc as usize)
                    .checked_sub(1)
                    .and_then(|index| PIXEL_ASPECTS.get(index))
                    .and_then(|(num, den)| Ratio::new(*num, *den)),
            };
        }
        // overscan_info_present_flag, overscan_appropriate_flag
        if reader.flag()? {
            reader.skip(1)?;
        }
        if reader.flag()? {
            self.read_video_signal(reader)?;
        }
        if reader.flag()? {
            self.color.site = chroma_site(reader.ue()?);
            reader.ue()?; // chroma_sample_loc_type_bottom_field
        }
        Ok(())
    }

    fn read_video_signal(&mut self, reader: &mut BitReader<'_>) -> Result<(), InspectError> {
        reader.skip(3)?; // video_format
        self.color.range = full_range(reader.flag()?);
        if reader.flag()? {
            self.color.primaries = Primaries(reader.byte(8)?);
            self.color.transfer = Transfer(reader.byte(8)?);
            self.color.matrix = Matrix(reader.byte(8)?);
        }
        Ok(())
    }
}

/// Pictures per second in lowest terms, from ticks per second and ticks per picture.
pub(crate) fn frame_rate(scale: u32, ticks: u32) -> Option<[u32; 2]> {
    Ratio::new(scale, ticks).map(|rate| [rate.num, rate.den])
}

/// The range that a `video_full_range_flag` states.
pub(crate) fn full_range(flag: bool) -> Range {
    if flag { Range::Full } else { Range::Limited }
}

/// H.273 §8.7.
fn chroma_site(loc_type: u32) -> ChromaSite {
    match loc_type {
        0 => ChromaSite::Left,
        1 => ChromaSite::Center,
        2 => ChromaSite::TopLeft,
        3 => ChromaSite::Top,
        4 => ChromaSite::BottomLeft,
        5 => ChromaSite::Bottom,
        _ => ChromaSite::Unspecified,
    }
}
