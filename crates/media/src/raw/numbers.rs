//! The numbers that loggers give to formats, and the record that is made of them.

use super::{ColorModel, RawFormat, RawFormatError, RawLayout, ValueType};
use crate::{BayerPattern, Chroma, Range};

const LAYOUTS: &[(u8, RawLayout)] = &[
    (20, RawLayout::Planar(Chroma::Yuv420, Range::Limited)),
    (26, RawLayout::Nv12),
    (27, RawLayout::Yuy2),
    (30, RawLayout::Planar(Chroma::Mono, Range::Full)),
    (39, RawLayout::Planar(Chroma::Yuv444, Range::Limited)),
    (40, RawLayout::Planar(Chroma::Yuv444, Range::Full)),
    (41, RawLayout::Planar(Chroma::Mono, Range::Limited)),
    (44, RawLayout::Planar(Chroma::Yuv420, Range::Full)),
    (49, RawLayout::Planar(Chroma::Yuv422, Range::Limited)),
    (50, RawLayout::Planar(Chroma::Yuv422, Range::Full)),
    (128, RawLayout::Bayer(BayerPattern::Rggb)),
    (129, RawLayout::Bayer(BayerPattern::Bggr)),
    (130, RawLayout::Bayer(BayerPattern::Gbrg)),
    (131, RawLayout::Bayer(BayerPattern::Grbg)),
];

const COLOR_MODELS: &[(u8, ColorModel)] = &[
    (1, ColorModel::L),
    (2, ColorModel::Rgb),
    (3, ColorModel::Rgba),
    (4, ColorModel::Bgr),
    (5, ColorModel::Bgra),
];

const VALUE_TYPES: &[(u8, ValueType)] = &[
    (6, ValueType::U8),
    (7, ValueType::I8),
    (8, ValueType::U16),
    (9, ValueType::I16),
    (10, ValueType::U32),
    (11, ValueType::I32),
    (12, ValueType::U64),
    (13, ValueType::I64),
    (33, ValueType::F16),
    (34, ValueType::F32),
    (35, ValueType::F64),
];

/// Stands in a record for a number that is not there.
const ABSENT: u8 = 0;

/// Width, height, then the three numbers.
const RECORD_LEN: usize = 4 + 4 + 3;

fn named<T: Copy>(table: &[(u8, T)], number: u8) -> Option<T> {
    let row = table.iter().find(|(other, _)| *other == number);
    row.map(|(_, named)| *named)
}

fn number<T: PartialEq>(table: &[(u8, T)], named: &T) -> u8 {
    let row = table.iter().find(|(_, other)| other == named);
    row.map_or(ABSENT, |(number, _)| *number)
}

pub(super) fn layout(number: u8) -> Result<RawLayout, RawFormatError> {
    named(LAYOUTS, number).ok_or(RawFormatError::PixelFormat { number })
}

pub(super) fn color_model(number: u8) -> Result<ColorModel, RawFormatError> {
    named(COLOR_MODELS, number).ok_or(RawFormatError::ColorModel { number })
}

pub(super) fn value_type(number: u8) -> Result<ValueType, RawFormatError> {
    named(VALUE_TYPES, number).ok_or(RawFormatError::ValueType { number })
}

pub(super) fn record(format: RawFormat) -> [u8; RECORD_LEN] {
    let [w0, w1, w2, w3] = format.width.to_le_bytes();
    let [h0, h1, h2, h3] = format.height.to_le_bytes();
    let [pixel_format, model, ty] = match format.layout {
        RawLayout::Interleaved(model, ty) => [
            ABSENT,
            number(COLOR_MODELS, &model),
            number(VALUE_TYPES, &ty),
        ],
        layout => [number(LAYOUTS, &layout), ABSENT, ABSENT],
    };
    [w0, w1, w2, w3, h0, h1, h2, h3, pixel_format, model, ty]
}

pub(super) fn from_record(record: &[u8]) -> Result<RawFormat, RawFormatError> {
    let Ok(&[w0, w1, w2, w3, h0, h1, h2, h3, pixel_format, model, ty]) =
        <&[u8; RECORD_LEN]>::try_from(record)
    else {
        return Err(RawFormatError::Record {
            len: record.len(),
            needed: RECORD_LEN,
        });
    };
    let present = |number| (number != ABSENT).then_some(number);
    RawFormat::from_numbers(
        u32::from_le_bytes([w0, w1, w2, w3]),
        u32::from_le_bytes([h0, h1, h2, h3]),
        present(pixel_format),
        present(model),
        present(ty),
    )
}
