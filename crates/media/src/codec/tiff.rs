//! TIFF (revision 6.0, and BigTIFF): what the first image file directory says.

use super::still::Stills;
use super::{Codec, CodecEntry, InspectError, StreamFacts};
use crate::{
    Chroma, ColorInfo, Layout, Matrix, Orientation, PixelFormat, Primaries, Range, Transfer,
};

pub(super) const ENTRY: CodecEntry = CodecEntry {
    codec: Codec::Tiff,
    name: "tiff",
    title: "TIFF",
    intra_only: true,
    inspector: |_| Box::new(Stills::new(read)),
};

/// Tags, §8.
const IMAGE_WIDTH: u32 = 256;
const IMAGE_LENGTH: u32 = 257;
const BITS_PER_SAMPLE: u32 = 258;
const PHOTOMETRIC_INTERPRETATION: u32 = 262;
const ORIENTATION: u32 = 274;
const SAMPLES_PER_PIXEL: u32 = 277;
const SAMPLE_FORMAT: u32 = 339;

/// Values of `PhotometricInterpretation` up to this one are grey.
const BLACK_IS_ZERO: u64 = 1;
/// Value of `SampleFormat`.
const UNSIGNED: u64 = 1;

/// A field's type, §2.
const SHORT: u32 = 3;
const LONG: u32 = 4;
const LONG8: u32 = 16;

/// Fields of the first directory that are looked at; they are sorted by tag.
const MAX_FIELDS: usize = 1 << 10;

fn read(sample: &[u8]) -> Result<StreamFacts, InspectError> {
    let file = File::new(sample)?;
    let (mut width, mut height, mut depth, mut channels) = (0, 0, 1, 1);
    let (mut photometric, mut sample_format) = (BLACK_IS_ZERO, UNSIGNED);
    let mut orientation = Orientation::default();
    for field in 0..file.fields()?.min(MAX_FIELDS) {
        let Some((tag, value)) = file.field(field)? else {
            continue;
        };
        match tag {
            IMAGE_WIDTH => width = value,
            IMAGE_LENGTH => height = value,
            BITS_PER_SAMPLE => depth = value,
            PHOTOMETRIC_INTERPRETATION => photometric = value,
            ORIENTATION => orientation = oriented(value),
            SAMPLES_PER_PIXEL => channels = value,
            SAMPLE_FORMAT => sample_format = value,
            _ => {}
        }
    }
    let side = |side: u64| u32::try_from(side).ok().filter(|side| *side > 0);
    let (Some(width), Some(height)) = (side(width), side(height)) else {
        return Err(InspectError::Forbidden { field: "ImageWidth" });
    };
    let layout = match (photometric, channels) {
        (..=BLACK_IS_ZERO, _) => Layout::Planar(Chroma::Mono),
        (_, 4) if photometric == 2 => Layout::Rgba,
        _ => Layout::Rgb,
    };
    let depth = match (depth, sample_format) {
        (..=8, UNSIGNED) => 8,
        (9..=16, UNSIGNED) => 16,
        _ => PixelFormat::FLOAT_DEPTH,
    };
    Ok(StreamFacts {
        width,
        height,
        format: Some(PixelFormat { layout, depth, high_bits: false }),
        color: ColorInfo {
            range: Range::Full,
            matrix: match layout {
                Layout::Planar(_) => Matrix::UNSPECIFIED,
                _ => Matrix::IDENTITY,
            },
            primaries: Primaries::BT709,
            transfer: Transfer::SRGB,
            ..ColorInfo::default()
        },
        orientation,
        ..StreamFacts::default()
    })
}

/// How pictures are to be turned by the EXIF block of a file of another format (CIPA DC-008 §4.5),
/// which is a TIFF file without a picture. A damaged one says nothing.
pub(super) fn exif_orientation(exif: &[u8]) -> Orientation {
    let read = || {
        let file = File::new(exif)?;
        for field in 0..file.fields()?.min(MAX_FIELDS) {
            if let Some((ORIENTATION, value)) = file.field(field)? {
                return Ok::<_, InspectError>(oriented(value));
            }
        }
        Ok(Orientation::default())
    };
    read().unwrap_or_default()
}

/// The value of `Orientation`: what the first row and the first column of the file are on screen.
fn oriented(value: u64) -> Orientation {
    let (quarter_turns, mirrored) = match value {
        2 => (0, true),
        3 => (2, false),
        4 => (2, true),
        5 => (3, true),
        6 => (1, false),
        7 => (1, true),
        8 => (3, false),
        _ => (0, false),
    };
    Orientation { quarter_turns, mirrored }
}

/// A file and where its first directory is.
struct File<'a> {
    bytes: &'a [u8],
    big_endian: bool,
    /// Bytes of an offset, which is 4, or 8 in BigTIFF; the rest follows from it.
    offset_len: usize,
    directory: usize,
}

impl<'a> File<'a> {
    fn new(bytes: &'a [u8]) -> Result<Self, InspectError> {
        let (big_endian, offset_len) = match bytes.first_chunk() {
            Some(b"II*\0") => (false, 4),
            Some(b"MM\0*") => (true, 4),
            Some(b"II+\0") => (false, 8),
            Some(b"MM\0+") => (true, 8),
            _ => return Err(InspectError::NotThisCodec { codec: "TIFF" }),
        };
        let mut file = Self { bytes, big_endian, offset_len, directory: 0 };
        let directory = file.number(offset_len, offset_len)?;
        file.directory = usize::try_from(directory).map_err(|_| InspectError::Truncated)?;
        Ok(file)
    }

    fn is_big(&self) -> bool {
        self.offset_len == 8
    }

    /// Fields of the directory.
    fn fields(&self) -> Result<usize, InspectError> {
        let count = self.number(self.directory, self.count_len())?;
        usize::try_from(count).map_err(|_| InspectError::Truncated)
    }

    /// Bytes of the number of fields.
    fn count_len(&self) -> usize {
        if self.is_big() { 8 } else { 2 }
    }

    /// Tag and first value of a field, `None` if it is no whole number.
    fn field(&self, index: usize) -> Result<Option<(u32, u64)>, InspectError> {
        // Tag, type, how many values, and the values or where they are.
        let len = 2 + 2 + 2 * self.offset_len;
        let at = self.directory.saturating_add(self.count_len() + index * len);
        let tag = self.number(at, 2)? as u32;
        let kind = self.number(at.saturating_add(2), 2)? as u32;
        let count = self.number(at.saturating_add(4), self.offset_len)?;
        let value_len = match kind {
            SHORT => 2,
            LONG => 4,
            LONG8 => 8,
            _ => return Ok(None),
        };
        let inline = at.saturating_add(4 + self.offset_len);
        let fits = count.saturating_mul(value_len as u64) <= self.offset_len as u64;
        let place = if fits {
            inline
        } else {
            let place = self.number(inline, self.offset_len)?;
            usize::try_from(place).map_err(|_| InspectError::Truncated)?
        };
        Ok(Some((tag, self.number(place, value_len)?)))
    }

    /// A number of at most 8 bytes.
    fn number(&self, at: usize, len: usize) -> Result<u64, InspectError> {
        let end = at.checked_add(len).ok_or(InspectError::Truncated)?;
        let bytes = self.bytes.get(at..end).ok_or(InspectError::Truncated)?;
        let append = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        Ok(if self.big_endian {
            bytes.iter().fold(0, append)
        } else {
            bytes.iter().rev().fold(0, append)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A little-endian file of one directory with these fields: tag, type, count, value.
    fn tiff(fields: &[(u16, u16, u32, u32)], rest: &[u8]) -> Vec<u8> {
        let mut bytes = b"II*\0\x08\0\0\0".to_vec();
        bytes.extend((fields.len() as u16).to_le_bytes());
        for (tag, kind, count, value) in fields {
            bytes.extend(tag.to_le_bytes());
            bytes.extend(kind.to_le_bytes());
            bytes.extend(count.to_le_bytes());
            bytes.extend(value.to_le_bytes());
        }
        bytes.extend([0; 4]);
        bytes.extend(rest);
        bytes
    }

    #[test]
    fn bits_samples_and_interpretation_give_the_format() {
        for (depth, photometric, channels, kind, name) in [
            (1, 0, 1, 1, "gray"),
            (16, 1, 1, 1, "gray16le"),
            (16, 1, 1, 2, "grayf32le"),
            (32, 1, 1, 3, "grayf32le"),
            (8, 2, 3, 1, "rgb24"),
            (16, 2, 4, 1, "rgba64le"),
            (64, 2, 3, 3, "rgbf32le"),
        ] {
            let whole = tiff(
                &[
                    (256, 3, 1, 65),
                    (257, 4, 1, 49),
                    (258, 3, 1, depth),
                    (262, 3, 1, photometric),
                    (277, 3, 1, channels),
                    (339, 3, 1, kind),
                ],
                &[],
            );
            let facts = read(&whole).unwrap();
            assert_eq!((facts.width, facts.height), (65, 49));
            assert_eq!(facts.format.unwrap().name(), name);
            // Behind the last value there are its padding and where the next directory is.
            for end in 0..whole.len() - 2 - 4 {
                assert!(read(&whole[..end]).is_err(), "{end}");
            }
        }
    }

    #[test]
    fn values_that_do_not_fit_into_the_field_are_followed() {
        let fields = [(256, 3, 1, 65), (257, 3, 1, 49), (258, 3, 3, 50), (262, 3, 1, 2)];
        let at = 8 + 2 + 12 * 4 + 4;
        assert_eq!(at, 62);
        let mut whole = tiff(&fields, &[16, 0, 16, 0, 16, 0]);
        whole[8 + 2 + 12 * 2 + 8] = at as u8;
        assert_eq!(read(&whole).unwrap().format.unwrap().name(), "rgb48le");
    }

    #[test]
    fn an_orientation_says_where_the_first_row_and_column_are() {
        // EXIF's words: which side of the screen the first row and the first column are on.
        for (value, row, column) in [
            (1, "top", "left"),
            (2, "top", "right"),
            (3, "bottom", "right"),
            (4, "bottom", "left"),
            (5, "left", "top"),
            (6, "right", "top"),
            (7, "right", "bottom"),
            (8, "left", "bottom"),
        ] {
            let exif = tiff(&[(274, 3, 1, value)], &[]);
            let Orientation { quarter_turns, mirrored } = exif_orientation(&exif);
            // The middles of the first row and column, from the centre of the screen, y down.
            let placed = |(x, y): (i32, i32)| {
                let start = if mirrored { (-x, y) } else { (x, y) };
                (0..quarter_turns).fold(start, |(x, y), _| (-y, x))
            };
            let side = |name| match name {
                "top" => (0, -1),
                "bottom" => (0, 1),
                "left" => (-1, 0),
                _ => (1, 0),
            };
            assert_eq!(placed((0, -1)), side(row), "{value}");
            assert_eq!(placed((-1, 0)), side(column), "{value}");
        }
        assert_eq!(exif_orientation(b"II*\0\xff\xff\xff\xff"), Orientation::default());
        assert_eq!(exif_orientation(&[]), Orientation::default());
    }

    #[test]
    fn a_directory_beyond_the_end_is_an_error() {
        assert!(read(b"II*\0\xff\xff\xff\xff").is_err());
        assert!(read(b"MM\0+\0\x08\0\0\xff\xff\xff\xff\xff\xff\xff\xff").is_err());
    }
}
