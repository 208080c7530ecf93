//! TIFF (revision 6.0, and BigTIFF), first picture: grey and RGB(A) of every type of value.
//! Palettes, CMYK and colours in planes of their own are refused.

use std::io::Cursor;

use bytes::Bytes;
use reelscope_media::{ColorModel, Frame, RawFormat, RawLayout, ValueType};
use tiff::decoder::{Decoder, DecodingResult, Limits};

use super::damaged;
use crate::limits::{MAX_FRAME_BYTES, check_size};
use crate::{DecodeError, raw};

pub(super) fn decode(bytes: &[u8]) -> Result<Frame, DecodeError> {
    let mut limits = Limits::default();
    limits.decoding_buffer_size = MAX_FRAME_BYTES;
    limits.intermediate_buffer_size = MAX_FRAME_BYTES;
    let mut file = Decoder::new(Cursor::new(bytes))
        .map_err(damaged)?
        .with_limits(limits);
    let (width, height) = file.dimensions().map_err(damaged)?;
    check_size(width, height)?;
    let color = file.colortype().map_err(damaged)?;
    let mut values = DecodingResult::U8(Vec::new());
    let stored = file.read_image_to_buffer(&mut values).map_err(damaged)?;
    if stored.planes > 1 {
        return Err(damaged("its colours lie in planes of their own"));
    }
    let (packed, ty) = little_endian(values);
    let columns = width as usize;
    let (model, packed) = match color {
        tiff::ColorType::Gray(bits @ (1 | 2 | 4)) => {
            let largest = (1u8 << bits) - 1;
            let values = unpacked(&packed, bits, columns);
            (
                ColorModel::L,
                values.map(|value| value * (255 / largest)).collect(),
            )
        }
        tiff::ColorType::Gray(8 | 16 | 32 | 64) => (ColorModel::L, packed),
        tiff::ColorType::RGB(8 | 16 | 32 | 64) => (ColorModel::Rgb, packed),
        tiff::ColorType::RGBA(8 | 16 | 32 | 64) => (ColorModel::Rgba, packed),
        // Grey and what belongs to it, alpha mostly.
        tiff::ColorType::Multiband {
            bit_depth: 8 | 16 | 32 | 64,
            num_samples,
        } => {
            let bytes = ty.byte_size();
            let pixels = packed.chunks_exact(bytes * usize::from(num_samples.max(1)));
            let grey = pixels.flat_map(|pixel| pixel.iter().take(bytes));
            (ColorModel::L, grey.copied().collect())
        }
        other => return Err(damaged(format!("its pixels are {other:?}"))),
    };
    let format = RawFormat {
        width,
        height,
        layout: RawLayout::Interleaved(model, ty),
    };
    raw::frame(format, &Bytes::from(packed)).map_err(damaged)
}

/// The bytes of decoded values, and what they are.
fn little_endian(values: DecodingResult) -> (Vec<u8>, ValueType) {
    macro_rules! bytes {
        ($values:ident) => {
            $values
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect()
        };
    }
    match values {
        DecodingResult::U8(values) => (values, ValueType::U8),
        DecodingResult::I8(values) => (bytes!(values), ValueType::I8),
        DecodingResult::U16(values) => (bytes!(values), ValueType::U16),
        DecodingResult::I16(values) => (bytes!(values), ValueType::I16),
        DecodingResult::U32(values) => (bytes!(values), ValueType::U32),
        DecodingResult::I32(values) => (bytes!(values), ValueType::I32),
        DecodingResult::U64(values) => (bytes!(values), ValueType::U64),
        DecodingResult::I64(values) => (bytes!(values), ValueType::I64),
        DecodingResult::F16(values) => (bytes!(values), ValueType::F16),
        DecodingResult::F32(values) => (bytes!(values), ValueType::F32),
        DecodingResult::F64(values) => (bytes!(values), ValueType::F64),
    }
}

/// Values of 1, 2 or 4 bits, whose rows of `columns` start at whole bytes (§3 and §4).
fn unpacked(packed: &[u8], bits: u8, columns: usize) -> impl Iterator<Item = u8> {
    let per_byte = usize::from(8 / bits);
    let row_bytes = columns.div_ceil(per_byte).max(1);
    let mask = 0xff >> (8 - bits);
    packed.chunks(row_bytes).flat_map(move |row| {
        let values = row.iter().flat_map(move |byte| {
            (0..8 / bits)
                .rev()
                .map(move |place| byte >> (place * bits) & mask)
        });
        values.take(columns)
    })
}
