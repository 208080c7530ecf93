//! Values of any type as single-precision floats.

use half::f16;
use reelscope_media::ValueType;

/// Little-endian values as little-endian floats: the same values, rounded to the nearest float
/// where integers of more than 24 bits or doubles are between two. With `alpha`, every fourth value
/// is scaled such that the largest one of an integer type becomes 1.
pub(super) fn to_floats(values: &[u8], ty: ValueType, alpha: bool) -> Vec<u8> {
    match ty {
        ValueType::U8 => convert(values, alpha, 255.0, |[byte]| f32::from(byte)),
        ValueType::I8 => convert(values, alpha, f32::from(i8::MAX), |bytes| {
            f32::from(i8::from_le_bytes(bytes))
        }),
        ValueType::U16 => convert(values, alpha, f32::from(u16::MAX), |bytes| {
            f32::from(u16::from_le_bytes(bytes))
        }),
        ValueType::I16 => convert(values, alpha, f32::from(i16::MAX), |bytes| {
            f32::from(i16::from_le_bytes(bytes))
        }),
        ValueType::U32 => convert(values, alpha, u32::MAX as f32, |bytes| {
            u32::from_le_bytes(bytes) as f32
        }),
        ValueType::I32 => convert(values, alpha, i32::MAX as f32, |bytes| {
            i32::from_le_bytes(bytes) as f32
        }),
        ValueType::U64 => convert(values, alpha, u64::MAX as f32, |bytes| {
            u64::from_le_bytes(bytes) as f32
        }),
        ValueType::I64 => convert(values, alpha, i64::MAX as f32, |bytes| {
            i64::from_le_bytes(bytes) as f32
        }),
        ValueType::F16 => convert(values, alpha, 1.0, |bytes| {
            f16::from_le_bytes(bytes).to_f32()
        }),
        ValueType::F32 => convert(values, alpha, 1.0, f32::from_le_bytes),
        ValueType::F64 => convert(values, alpha, 1.0, |bytes| f64::from_le_bytes(bytes) as f32),
    }
}

fn convert<const BYTES: usize>(
    values: &[u8],
    alpha: bool,
    opaque: f32,
    value: impl Fn([u8; BYTES]) -> f32,
) -> Vec<u8> {
    let values = values.as_chunks::<BYTES>().0;
    let mut floats = Vec::with_capacity(values.len() * size_of::<f32>());
    if alpha {
        for pixel in values.as_chunks::<4>().0 {
            let [red, green, blue, alpha] = pixel.map(&value);
            for float in [red, green, blue, alpha / opaque] {
                floats.extend_from_slice(&float.to_le_bytes());
            }
        }
    } else {
        for bytes in values {
            floats.extend_from_slice(&value(*bytes).to_le_bytes());
        }
    }
    floats
}
